"""Bodies on their way into segments: class by class, in the order of their places.

What fills a segment is sealed in one and never touched again; what does not stays in hand. When the act is done, what
it leaves is sealed as well where that fills the half of one by itself; less stands loose in the store.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from comity.acts import segments
from comity.acts.beside import Beside, Execute
from comity.models.compression import compress
from comity.stix.segments import Placeable, enough, full, joined, mentioned, written

_IN_HAND = 16 << 20  # bytes of bodies
_LOOSE = ("ordinal", "body")


@dataclass(slots=True)
class _Tail:
    """What of a class is in no segment: from place `first`, some that stand loose in the store, then those in hand."""

    first: int
    loose: int
    size: int
    objects: list[Placeable] = field(default_factory=list)


class Sealing:
    """Takes the bodies of one collection, inside the act's transaction."""

    def __init__(self, collection: int, beside: Beside, *, empty: bool) -> None:
        """Begin with nothing in hand; of a collection that is *empty* nothing stands loose."""
        self._collection, self._beside, self._empty = collection, beside, empty
        self._tails: dict[int, _Tail] = {}
        self._in_hand = 0
        self._to_do: list[Callable[[], None]] = []

    def add(self, handling: int, first: int, objects: Sequence[Placeable]) -> None:
        """Take the bodies of places *first*, *first*+1, … of a class: those that follow what was taken before.

        What is asked of the store for that is asked now; what is to be written waits for `seal`.
        """
        tail = self._tails.get(handling)
        if tail is None:
            loose, size = (0, 0) if self._empty else segments.loose_size(self._collection, handling)
            tail = self._tails[handling] = _Tail(first - loose, loose, size)
        size = sum(len(one.body) for one in objects)
        tail.objects += objects
        tail.size += size
        self._in_hand += size
        if full(tail.loose + len(tail.objects), tail.size):
            self._cut(handling, tail)

    def _cut(self, handling: int, tail: _Tail, *, ends: bool = False) -> None:
        """Seal what fills segments; keep the rest in hand, or seal it too where what is in hand *ends* so."""
        every = tail.objects
        if tail.loose:
            every = [*segments.loose(self._collection, handling), *tail.objects]
            self._to_do.append(partial(self._beside.do, partial(_let_loose_go, self._collection, handling)))
        place, rest = tail.first, list[Placeable]()
        for part, fills in _parts(every):
            if fills or ends:
                put = partial(_put_sealed, self._collection, handling, place)
                self._to_do.append(partial(self._beside.make, partial(_sealed, part), put))
                place += len(part)
            else:
                rest = part
        kept = sum(len(one.body) for one in rest)
        self._in_hand += kept - sum(len(one.body) for one in tail.objects)
        self._tails[handling] = _Tail(place, 0, kept, rest)

    def seal(self) -> None:
        """Write the segments that are full. The entries of all that was taken are written by now, or before it."""
        for job in self._to_do:
            job()
        self._to_do = []
        if self._in_hand > _IN_HAND:
            self._put_down()

    def settle(self) -> None:
        """Put down what is in hand too: until then nobody can read it."""
        for handling, tail in self._tails.items():
            if not tail.loose and enough(len(tail.objects), tail.size):
                self._cut(handling, tail, ends=True)
        self.seal()
        self._put_down()

    def _put_down(self) -> None:
        for handling, tail in self._tails.items():
            rows = [(place, one.body) for place, one in enumerate(tail.objects, tail.first + tail.loose)]
            alike = {"collection_id": self._collection, "handling_id": handling}
            self._beside.insert("comity_loosebody", alike, _LOOSE, rows)
        self._tails, self._in_hand, self._empty = {}, 0, False


def _parts(objects: list[Placeable]) -> Iterator[tuple[list[Placeable], bool]]:
    """Cut objects into segments; the last part is told to be none when it does not fill one."""
    start = size = 0
    for place, one in enumerate(objects):
        size += len(one.body)
        if full(place + 1 - start, size):
            yield objects[start : place + 1], True
            start, size = place + 1, 0
    if start < len(objects):
        yield objects[start:], False


def _let_loose_go(collection: int, handling: int, execute: Execute) -> None:
    execute("DELETE FROM comity_loosebody WHERE collection_id = %s AND handling_id = %s", [collection, handling])


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A segment as it is stored."""

    key: bytes
    count: int
    mentions: str | None
    content: bytes
    digests: bytes


def _sealed(objects: Sequence[Placeable]) -> _Sealed:
    made, mentions = joined(objects), mentioned(objects)
    content = compress(written(made))
    return _Sealed(made.key, made.count, None if mentions is None else " ".join(mentions), content, made.digests)


def _put_sealed(collection: int, handling: int, first: int, execute: Execute, made: _Sealed) -> None:
    """Store a segment: it is `careful` where any of its objects is one of several versions, or was taken back."""
    ((pk,),) = execute(
        "INSERT INTO comity_segment (collection_id, handling_id, first, count, key, careful, mentions)"
        " SELECT %s, %s, %s, %s, %s, EXISTS (SELECT 1 FROM comity_entry WHERE collection_id = %s"
        " AND handling_id = %s AND ordinal >= %s AND ordinal < %s AND (plural OR deleted_at IS NOT NULL)), %s"
        " RETURNING id",
        [collection, handling, first, made.count, made.key, collection, handling, first, first + made.count,
         made.mentions],
    )  # fmt: skip
    execute(
        "INSERT INTO comity_segmentbytes (segment_id, bodies, labels, digests) VALUES (%s, %s, %s, %s)",
        [pk, made.content, b"", made.digests],
    )
