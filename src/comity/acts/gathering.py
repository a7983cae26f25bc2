"""Files of STIX objects read and checked in a thread of their own, while whoever will store them gets ready.

Nothing here knows of Django or the store, so that a verb can begin before it loads either.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from comity.acts import checking
from comity.acts.standby import Standby
from comity.stix import blocks
from comity.stix.objects import Accepted

Progress = Callable[[str, int, int | None], None]
"""Told what is done, how many objects so far, and of how many where that is known."""
File = tuple[str, Iterable[bytes]]
"""A file's name, and its content in pieces."""


def silent(_what: str, _done: int, _of: int | None) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Found:
    """What all files hold: pieces put by (by which file, which), what is refused, and what derives from what."""

    names: list[str] = field(default_factory=list)
    count: int = 0
    pieces: list[tuple[int, checking.Piece]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    derivations: list[checking.Derivation] = field(default_factory=list)

    def check(self, name: str, checked: Iterable[checking.Checked], progress: Progress) -> None:
        """Gather what became of one file's blocks."""
        self.names.append(name)
        before = 0
        for block in checked:
            self.refused += [f"{name}, object {before + number}: {why}" for number, why in block.refused]
            self.pieces += [(block.file, piece) for piece in block.pieces]
            self.derivations += block.derivations
            self.count += sum(piece.count for piece in block.pieces)
            before += block.count
            progress(f"Checking {name}", before, None)


class Gathering:
    """Files that are being read; `progress` is told how far that is, and may be told more by who goes on with it."""

    def __init__(self, checkers: checking.Checkers, coming: Future[Found], progress: Progress) -> None:
        """Take what is on its way."""
        self._checkers, self._coming, self.progress = checkers, coming, progress

    def found(self) -> Found:
        """Wait until all is checked; raise what kept it from that."""
        return self._coming.result()

    def steps(self, most: int, largest: int) -> Iterator[Sequence[Accepted]]:
        """Yield what was found, some *most* objects or *largest* bytes at a time: what others may need is first."""
        step: list[Accepted] = []
        size = 0
        for file, piece in sorted(self.found().pieces, key=lambda one: one[1].rank):
            step += self._checkers.objects(file, piece)
            size += piece.length
            if len(step) >= most or size >= largest:
                yield step
                step, size = [], 0
        if step:
            yield step


@contextmanager
def begun(files: Iterable[File], folder: Path, progress: Progress = silent,
          called: Sequence[Standby] = ()) -> Iterator[Gathering]:  # fmt: skip
    """Begin to read and check *files*; what is in them is put by in *folder* until the end.

    Who was *called* to help does; more are when there proves to be much to check.
    """
    ended = Event()
    with _few_collections_of_cycles(), checking.checkers(folder, called) as checkers, ThreadPoolExecutor(1) as thread:
        try:
            yield Gathering(checkers, thread.submit(_gather, files, checkers, progress, ended), progress)
        finally:
            ended.set()


def _gather(files: Iterable[File], checkers: checking.Checkers, progress: Progress, ended: Event) -> Found:
    found = Found()
    for name, content in files:
        found.check(name, checkers.run(blocks.blocks(name, _until(ended, content))), progress)
    return found


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
