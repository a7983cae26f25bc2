"""Files of STIX objects read and checked in a thread of their own, while whoever will store them gets ready.

Nothing here knows of Django or the store, so that a verb can begin before it loads either.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import Final

from comity.acts import checking
from comity.acts.standby import Standby
from comity.stix import blocks
from comity.stix.objects import Accepted

Progress = Callable[[str, int, int | None], None]
"""Told what is done, how many objects so far, and of how many where that is known."""
File = tuple[str, Iterable[bytes]]
"""A file's name, and its content in pieces."""
_MUCH: Final = 4  # pieces
PutBy = tuple[int, checking.Piece]
"""A piece that was put by, and by whom."""


def silent(_what: str, _done: int, _of: int | None) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Found:
    """What all files hold: pieces put by, what is refused, and what derives from what.

    Of what needs no other object the pieces go to `first` where there is such a queue, as soon as they are put by.
    """

    first: SimpleQueue[PutBy | None] | None = None
    names: list[str] = field(default_factory=list)
    count: int = 0
    pieces: list[PutBy] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    derivations: list[checking.Derivation] = field(default_factory=list)

    def waits(self) -> bool:
        """Tell whether much waits to be stored."""
        return self.first is not None and self.first.qsize() >= _MUCH

    def check(self, name: str, checked: Iterable[checking.Checked], progress: Progress) -> None:
        """Gather what became of one file's blocks."""
        self.names.append(name)
        before = 0
        for block in checked:
            self.refused += [f"{name}, object {before + number}: {why}" for number, why in block.refused]
            for piece in block.pieces:
                (self.pieces.append if piece.rank or self.first is None else self.first.put)((block.file, piece))
            self.derivations += block.derivations
            self.count += sum(piece.count for piece in block.pieces)
            before += block.count
            progress(f"Checking {name}", before, None)


class Gathering:
    """Files that are being read; `progress` is told how far that is, and may be told more by who goes on with it."""

    def __init__(self, checkers: checking.Checkers, found: Found, coming: Future[None], progress: Progress) -> None:
        """Take what is on its way."""
        self._checkers, self._found, self._coming, self.progress = checkers, found, coming, progress

    def found(self) -> Found:
        """Wait until all is checked; raise what kept it from that."""
        self._coming.result()
        return self._found

    def first(self, most: int, largest: int) -> Iterator[Sequence[Accepted]]:
        """Yield what needs no other object, as `steps` does, while the rest is still being checked.

        Nothing where files are not steady; that is told when all is checked, so that nobody holds the store meanwhile.
        """
        if self._found.first is None:
            self.found()
            return iter(())
        return self._steps(iter(self._found.first.get, None), most, largest)

    def steps(self, most: int, largest: int) -> Iterator[Sequence[Accepted]]:
        """Yield what was found, some *most* objects or *largest* bytes at a time: what others may need is first."""
        return self._steps(sorted(self.found().pieces, key=lambda one: one[1].rank), most, largest)

    def _steps(self, pieces: Iterable[PutBy], most: int, largest: int) -> Iterator[Sequence[Accepted]]:
        step: list[Accepted] = []
        size = 0
        for file, piece in pieces:
            step += self._checkers.objects(file, piece)
            size += piece.length
            if len(step) >= most or size >= largest:
                yield step
                step, size = [], 0
        if step:
            yield step


@contextmanager
def begun(files: Iterable[File], folder: Path, progress: Progress = silent, called: Sequence[Standby] = (),
          *, steady: bool = True) -> Iterator[Gathering]:  # fmt: skip
    """Begin to read and check *files*; what is in them is put by in *folder* until the end.

    Who was *called* to help does; more are when there proves to be much to check. Files are *steady* where nobody has
    to be waited for while they are read, as for what writes into a pipe.
    """
    ended, found = Event(), Found(SimpleQueue() if steady else None)
    with _few_collections_of_cycles(), checking.checkers(folder, called) as checkers, ThreadPoolExecutor(1) as thread:
        try:
            coming = thread.submit(_gather, files, checkers, progress, ended, found)
            yield Gathering(checkers, found, coming, progress)
        finally:
            ended.set()


def _gather(files: Iterable[File], checkers: checking.Checkers, progress: Progress, ended: Event,
            found: Found) -> None:  # fmt: skip
    try:
        for name, content in files:
            found.check(name, checkers.run(blocks.blocks(name, _until(ended, content)), found.waits), progress)
    finally:
        if found.first is not None:
            found.first.put(None)


def _until(ended: Event, content: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a file's content until nobody wants it any more."""
    for piece in content:
        if ended.is_set():
            return
        yield piece


@contextmanager
def _few_collections_of_cycles() -> Iterator[None]:
    """Keep the collector of cycles from walking all that is alive time and again; who stores collects by itself."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was:
            gc.enable()
