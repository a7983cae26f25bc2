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
from operator import add
from typing import Protocol

import msgspec

MOST = 256  # places in a segment
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
    """A segment as it is read. The bodies begin at `base` of `content`; `ends` are where each ends, without its comma.

    `key` is the digest of the digests: equal keys, equal content. Where lines end is worked out when one is asked for.
    """

    key: bytes
    content: bytes
    base: int
    ends: Sequence[int]
    digests: bytes
    lines: bytes
    _line_ends: list[int] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def bodies(self) -> bytes:
        """All bodies, joined by commas."""
        return self.content[self.base :]

    @property
    def count(self) -> int:
        """How many objects stand here."""
        return len(self.ends)

    @property
    def size(self) -> int:
        """About how many bytes of memory this takes."""
        return len(self.content) + len(self.digests) + len(self.lines) + 40 * len(self.ends)

    def cut(self, start: int, stop: int) -> bytes:
        """Return the bodies of objects *start* … *stop*-1, joined by commas."""
        return bytes(self.view(start, stop))

    def view(self, start: int, stop: int) -> memoryview:
        """Return what `cut` returns, where it is."""
        return memoryview(self.content)[self.ends[start - 1] + 1 if start else self.base : self.ends[stop - 1]]

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
        if count == len(self.ends):
            return len(self.lines)
        if not self._line_ends:
            ends = list(accumulate(map(len, self.lines.splitlines(keepends=True))))
            self._line_ends[:] = ends  # at once, for other threads read here too
        return self._line_ends[count - 1]

    def name(self, place: int) -> tuple[str, str]:
        """Return the id and the version of one object."""
        found, _, version = self.lines_of(place, place + 1)[:-1].decode().partition(" ")
        return found, version


def joined(objects: Sequence[Placeable]) -> Segment:
    """Make one segment of objects, in their order."""
    lines = [f"{one.id} {one.version}\n".encode() for one in objects]
    digests = b"".join([one.digest for one in objects])
    ends = array("I", accumulate(len(one.body) + 1 for one in objects))
    return Segment(
        key_of(digests),
        b",".join([one.body for one in objects]),
        0,
        array("I", [end - 1 for end in ends]),
        digests,
        b"".join(lines),
    )


def key_of(digests: bytes) -> bytes:
    """Return the key of a segment with these digests."""
    return sha256(digests).digest()[:_KEY]


def written(segment: Segment) -> bytes:
    """Write a segment's content in one piece, to be compressed: lines and lengths first, then the bodies.

    The lines repeat what stands in the bodies, and lengths resemble one another, so that in one frame with the bodies
    they cost next to nothing.
    """
    lengths = (end - start for start, end in pairwise((segment.base - 1, *segment.ends)))
    head = struct.pack(f"<{segment.count + 1}I", len(segment.lines), *(length - 1 for length in lengths))
    return b"".join((head, segment.lines, segment.bodies))


def read(key: bytes, content: bytes, digests: bytes) -> Segment:
    """Read a segment from what `written` wrote, and its digests."""
    count = len(digests) // _HASH
    size, *lengths = struct.unpack_from(f"<{count + 1}I", content)
    first = 4 * (count + 1)
    base = first + size
    ends = array("I", map(add, accumulate(lengths), range(base, base + count)))  # a comma before each but the first
    return Segment(key, content, base, ends, digests, content[first:base])


def read_apart(key: bytes, bodies: bytes, labels: bytes, digests: bytes) -> Segment:
    """Read a segment as it was kept before: in *labels* where bodies end, and the lines."""
    count = len(digests) // _HASH
    ends = struct.unpack_from(f"<{count}I", labels)
    return Segment(key, bodies, 0, array("I", ends), digests, labels[4 * count :])


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
    return count >= MOST or size >= LARGEST
