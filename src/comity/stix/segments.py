"""A segment: consecutive places of one handling class as one piece of bytes, so that a page is a few slices.

The bodies stand joined by commas, as an envelope has them. Beside them stand what a manifest and a ledger entry need
of each object: its digest, and its line `id version`, which are the lines that a ledger entry's `names` hashes.
"""

import struct
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import accumulate, pairwise
from typing import Protocol

import msgspec

MOST = 256  # places in a segment, of those that are kept from before
FULL = 128  # places with which a segment is full: who wants one object reads and unpacks them all
LARGEST = 256 * 1024  # bytes of bodies after which a segment takes no more places
FEW = 64  # ids that a segment's objects mention, beyond which each object is looked at
_HASH = 32
_KEY = 16


class Placed(msgspec.Struct, frozen=True):
    """One object on its way into a segment; `mentions` are the ids it refers to and could do without."""

    id: str
    version: str
    digest: bytes
    body: bytes
    mentions: frozenset[str] = frozenset()


class Placeable(Protocol):
    """What goes into a segment, such as an object that was just accepted; `mentions` as in `Placed`."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def version(self) -> str:
        """Its version."""

    @property
    def digest(self) -> bytes:
        """The SHA-256 of its body."""

    @property
    def body(self) -> bytes:
        """Its canonical JSON."""

    @property
    def mentions(self) -> frozenset[str]:
        """The ids it refers to and could do without."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as it is read. The bodies begin at `base` of `content`, one comma between two; `sizes` are theirs.

    `key` is the digest of the digests: equal keys, equal content. Where one begins is worked out when it is asked for.
    """

    key: bytes
    content: bytes
    base: int
    sizes: Sequence[int]
    digests: bytes
    lines: bytes
    _ends: list[int] = field(default_factory=list, init=False, repr=False, compare=False)
    _line_ends: list[int] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def bodies(self) -> bytes:
        """All bodies, joined by commas."""
        return self.content[self.base :]

    @property
    def count(self) -> int:
        """How many objects stand here."""
        return len(self.sizes)

    @property
    def size(self) -> int:
        """About how many bytes of memory this takes."""
        return len(self.content) + len(self.digests) + len(self.lines) + 40 * len(self.sizes)

    def cut(self, start: int, stop: int) -> bytes:
        """Return the bodies of objects *start* … *stop*-1, joined by commas."""
        return bytes(self.view(start, stop))

    def view(self, start: int, stop: int) -> memoryview:
        """Return what `cut` returns, where it is."""
        return memoryview(self.content)[self._begin(start) : self._begin(stop) - 1]

    def _begin(self, place: int) -> int:
        if not place:
            return self.base
        if place == len(self.sizes):
            return len(self.content) + 1
        if not self._ends:
            self._ends[:] = list(accumulate(self.sizes))  # at once, for other threads read here too
        return self.base + self._ends[place - 1] + place

    def digests_of(self, start: int, stop: int) -> bytes:
        """Return the digests of objects *start* … *stop*-1, joined."""
        return self.digests[start * _HASH : stop * _HASH]

    def lines_of(self, start: int, stop: int) -> bytes:
        """Return the lines `id version` of objects *start* … *stop*-1."""
        return self.lines[self._line_end(start) : self._line_end(stop)]

    def _line_end(self, count: int) -> int:
        """Return where the first *count* lines end."""
        if not count:
            return 0
        if count == len(self.sizes):
            return len(self.lines)
        if not self._line_ends:
            self._line_ends[:] = list(_line_ends(self.lines, len(self.sizes)))  # at once, as above
        return self._line_ends[count - 1]

    def name(self, place: int) -> tuple[str, str]:
        """Return the id and the version of one object."""
        found, _, version = self.lines_of(place, place + 1)[:-1].decode().partition(" ")
        return found, version


def _line_ends(lines: bytes, count: int) -> Iterable[int]:
    """Return where each of so many lines ends; that all are of one length, as they mostly are, is seen at once."""
    length = len(lines) // count
    if lines[length - 1 :: length] == b"\n" * count:  # so these are all the ends that there are
        return range(length, len(lines) + 1, length)
    return accumulate(map(len, lines.splitlines(keepends=True)))


def joined(objects: Sequence[Placeable]) -> Segment:
    """Make one segment of objects, in their order."""
    lines = [f"{one.id} {one.version}\n".encode() for one in objects]
    digests = b"".join([one.digest for one in objects])
    sizes = array("I", [len(one.body) for one in objects])
    return Segment(key_of(digests), b",".join([one.body for one in objects]), 0, sizes, digests, b"".join(lines))


def key_of(digests: bytes) -> bytes:
    """Return the key of a segment with these digests."""
    return sha256(digests).digest()[:_KEY]


def written(segment: Segment) -> bytes:
    """Write a segment's content in one piece, to be compressed: lines and lengths first, then the bodies.

    The lines repeat what stands in the bodies, and lengths resemble one another, so that in one frame with the bodies
    they cost next to nothing.
    """
    head = struct.pack(f"<{segment.count + 1}I", len(segment.lines), *segment.sizes)
    return b"".join((head, segment.lines, segment.bodies))


def read(key: bytes, content: bytes, digests: bytes) -> Segment:
    """Read a segment from what `written` wrote, and its digests."""
    count = len(digests) // _HASH
    size, *sizes = struct.unpack_from(f"<{count + 1}I", content)
    first = 4 * (count + 1)
    return Segment(key, content, first + size, array("I", sizes), digests, content[first : first + size])


def read_apart(key: bytes, bodies: bytes, labels: bytes, digests: bytes) -> Segment:
    """Read a segment as it was kept before: in *labels* where bodies end, and the lines."""
    count = len(digests) // _HASH
    ends = struct.unpack_from(f"<{count}I", labels)
    sizes = array("I", [end - start - 1 for start, end in pairwise((-1, *ends))])
    return Segment(key, bodies, 0, sizes, digests, labels[4 * count :])


def mentioned(objects: Iterable[Placeable]) -> tuple[str, ...] | None:
    """Return the ids that objects mention; None when they are so many that each object has to be looked at."""
    found: set[str] = set()
    for one in objects:
        found |= one.mentions
        if len(found) > FEW:
            return None
    return tuple(sorted(found))


def full(count: int, size: int) -> bool:
    """Tell whether objects that number *count* and take *size* bytes fill a segment."""
    return count >= FULL or size >= LARGEST


def enough(count: int, size: int) -> bool:
    """Tell whether they fill the half of one: so many make one when no more come at once."""
    return full(2 * count, 2 * size)
