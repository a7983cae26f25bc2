"""Checking blocks of objects on every processor; what keeps the standard is put by on disk until it is stored.

The processes that help know nothing of Django or the store. A block reaches them, and what they accept leaves them, by
files without a name: only places in those files go through a pipe, so that no one waits for the other.
"""

import os
import select
import struct
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Final, Self

import msgspec

from comity.acts import standby
from comity.acts.standby import Standby, nameless
from comity.policy.handling import order_of
from comity.stix.blocks import LARGEST, Block, Form, opened
from comity.stix.faults import Fault
from comity.stix.objects import Accepted, Refused, read_all

_AT_ONCE: Final = 4  # blocks that a process has before it
_TOGETHER: Final = 512  # objects that are read together
_PLACE: Final = struct.Struct("<QQ")  # offset and length
_ROOM: Final = 2 * LARGEST  # bytes of a block in its file, at most
_AT_HAND: Final = 16 << 20  # bytes of bodies that this process keeps in memory, and not on disk

_encode: Final = msgspec.msgpack.Encoder().encode
_read_block: Final = msgspec.msgpack.Decoder(Block).decode
_read_objects: Final = msgspec.msgpack.Decoder(list[Accepted]).decode


class ProcessLostError(Exception):
    """A process that checks has ended before its time."""


class Piece(msgspec.Struct, frozen=True, array_like=True):
    """Objects put by: all of one rank, `count` of them, at a place of a shelf."""

    rank: int
    count: int
    offset: int
    length: int


class Derivation(msgspec.Struct, frozen=True, array_like=True):
    """A `derived-from` relationship: its id and version, what derives, and what from."""

    id: str
    version: str
    source: str
    target: str


class Checked(msgspec.Struct, frozen=True, array_like=True):
    """What became of a block of `count` things: pieces put by, and (position, sentence) of what is refused."""

    count: int
    pieces: list[Piece]
    refused: list[tuple[int, str]]
    derivations: list[Derivation]
    file: int = 0  # put by by which process: 0 is this one


def in_words(refused: Refused) -> str:
    """Write an object's faults as one line."""
    faults = "; ".join(f"{fault.path}: {fault.says} {fault.mend} ({fault.rule})" for fault in refused.faults)
    return f"{refused.id or 'no id'}: {faults}"


def rank_of(accepted: Accepted) -> int:
    """Return when an object is to be stored: 0 where it needs no other, else the later the more it may need."""
    needs = accepted.requires or accepted.derived_from or accepted.derives
    return 1 + order_of(accepted.type) if needs else 0


class Shelf:
    """Where objects are put by until they are taken, each piece once: a few at hand, the others on disk."""

    def __init__(self, file: IO[bytes], room: int = 0) -> None:
        """Keep bodies of *room* bytes at hand."""
        self._file, self._room = file, room
        self._at_hand: dict[int, list[Accepted]] = {}

    def put(self, rank: int, objects: list[Accepted]) -> Piece:
        """Put objects by."""
        size = sum(len(one.body) for one in objects)
        if size <= self._room:
            self._room -= size
            offset = ~len(self._at_hand)
            self._at_hand[offset] = objects
            return Piece(rank, len(objects), offset, size)
        text = _encode(objects)
        offset = self._file.tell()
        self._file.write(text)
        self._file.flush()
        return Piece(rank, len(objects), offset, len(text))

    def take(self, piece: Piece) -> list[Accepted]:
        """Take objects off the shelf."""
        if piece.offset in self._at_hand:
            found, self._at_hand[piece.offset] = self._at_hand[piece.offset], []
            return found
        return _read_objects(os.pread(self._file.fileno(), piece.length, piece.offset))


def check(block: Block, shelf: Shelf) -> Checked:
    """Check the objects of a block, and put by those that keep the standard."""
    ranks: dict[int, list[Accepted]] = {}
    refused: list[tuple[int, str]] = []
    count = 0
    for count, found in enumerate(_judged(opened(block)), 1):
        if isinstance(found, Accepted):
            ranks.setdefault(rank_of(found), []).append(found)
        else:
            refused.append((count, in_words(found) if isinstance(found, Refused) else found))
    pieces = [shelf.put(rank, ranks[rank]) for rank in sorted(ranks)]
    derivations = [Derivation(one.id, one.version, *one.derives)
                   for found in ranks.values() for one in found if one.derives is not None]  # fmt: skip
    return Checked(count, pieces, refused, derivations)


def _judged(items: Iterator[bytes | Fault]) -> Iterator[Accepted | Refused | str]:
    """Yield what each object comes to, and the sentence of what is none, some hundreds at a time."""
    while some := list(islice(items, _TOGETHER)):
        found = iter(read_all([item for item in some if isinstance(item, bytes)]))
        for item in some:
            yield next(found) if isinstance(item, bytes) else f"{item.path}: {item.says} {item.mend}"


def serve() -> None:
    """Check what comes, in a process of its own, until there is no more: `serve` is its main function."""
    given, taken = (os.fdopen(int(number), mode) for number, mode in zip(sys.argv[1:], ("rb", "wb"), strict=True))
    asked, answer, shelf = sys.stdin.buffer, sys.stdout.buffer, Shelf(taken)
    while place := asked.read(_PLACE.size):
        offset, length = _PLACE.unpack(place)
        told = _encode(check(_read_block(os.pread(given.fileno(), length, offset)), shelf))
        answer.write(len(told).to_bytes(8, "little") + told)
        answer.flush()


class _Process:
    """A process that checks, what is before it, and the file in which it puts objects by."""

    def __init__(self, number: int, called: Standby) -> None:
        self.number, self.before = number, 0
        self.shelf = Shelf(called.put_by)
        self._called, self._sent = called, 0

    def give(self, block: Block) -> Self:
        """Hand over a block."""
        text = _encode(block)
        offset = self._sent % _AT_ONCE * _ROOM  # what stood there is checked by now
        os.pwrite(self._called.given.fileno(), text, offset)
        self._sent += 1
        self.before += 1
        self._called.asked.write(_PLACE.pack(offset, len(text)))
        self._called.asked.flush()
        return self

    def take(self) -> Checked:
        """Wait for what became of the first block before it."""
        self.before -= 1
        told = self._exactly(int.from_bytes(self._exactly(8), "little"))
        return msgspec.structs.replace(msgspec.msgpack.decode(told, type=Checked), file=self.number)

    def has_answered(self) -> bool:
        """Tell whether `take` need not wait."""
        return bool(select.select([self._called.answers], [], [], 0)[0])

    def _exactly(self, length: int) -> bytes:
        found = b""
        while len(found) < length:
            part = self._called.answers.read(length - len(found))
            if not part:
                raise ProcessLostError("a process that checks objects has ended; nothing was stored, so run it again")
            found += part
        return found


def _is_there(one: Checked | _Process) -> bool:
    return isinstance(one, Checked) or one.has_answered()


def _processes(called: Sequence[Standby]) -> list[_Process]:
    return [_Process(number, one) for number, one in enumerate(called, 1)]


class Checkers:
    """Whoever checks: this process, and as many more as there are processors when there is much to check."""

    def __init__(self, folder: Path, called: Sequence[Standby], stack: ExitStack) -> None:
        """Begin with this process and those *called*; *stack* ends others that prove to be of use, and closes files."""
        self._folder, self._stack = folder, stack
        self._others = _processes(called)
        self._own = Shelf(nameless(folder, stack), _AT_HAND)

    def run(self, blocks: Iterable[Block | Fault], busy: Callable[[], bool]) -> Iterator[Checked]:
        """Yield what became of each block, in their order; while this process is *busy* it leaves them to others."""
        pending: deque[Checked | _Process] = deque()
        for block in blocks:
            while pending and (_is_there(pending[0]) or (busy() and self._free() is None)):
                yield self._taken(pending.popleft())
            pending.append(self._handed(block))
        while pending:
            yield self._taken(pending.popleft())

    def _handed(self, block: Block | Fault) -> Checked | _Process:
        """Give a block to whoever is free; check it here where nobody is."""
        if isinstance(block, Fault):
            return Checked(1, [], [(1, f"{block.path}: {block.says} {block.mend}")], [])
        if block.form is not Form.WHOLE and not self._others:
            self._others = _processes(standby.call(self._folder, self._stack))
        free = self._free()
        return check(block, self._own) if free is None else free.give(block)

    def _free(self) -> _Process | None:
        """Return the process that has least before it; None where all have enough."""
        free = min(self._others, key=lambda other: other.before, default=None)
        return None if free is None or free.before >= _AT_ONCE else free

    @staticmethod
    def _taken(one: Checked | _Process) -> Checked:
        return one if isinstance(one, Checked) else one.take()

    def objects(self, file: int, piece: Piece) -> list[Accepted]:
        """Take objects that were put by, once."""
        return (self._own if not file else self._others[file - 1].shelf).take(piece)


@contextmanager
def checkers(folder: Path, called: Sequence[Standby] = ()) -> Iterator[Checkers]:
    """Have those who check, among them those *called*, and what they put by in *folder*, until all is stored."""
    with ExitStack() as stack:
        yield Checkers(folder, called, stack)
