"""The bodies of what is stored, read as slices of segments: `sealing` writes them, class by class.

The newest places of a class stand loose, until there are enough of them for a segment.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection

from comity.acts import lookups, replicas
from comity.acts.lookups import Row
from comity.models import Entry, StoredVersion
from comity.models.compression import decompress
from comity.stix import segments
from comity.stix.references import mentioned_in
from comity.stix.segments import Placed, Segment
from comity.stix.timestamps import version_at

_CHUNK = 400
_KEPT = 10 * 1024 * 1024  # bytes of segments that a process keeps at hand
_LEAST_KEPT = 8
_SEGMENTS = ("SELECT id, first, count, key, careful, mentions FROM comity_segment WHERE collection_id = %s"
             " AND handling_id = %s AND first > %s AND first < %s ORDER BY first")  # fmt: skip
_CONTENT = "SELECT segment_id, bodies, labels, digests FROM comity_segmentbytes WHERE segment_id IN ({})"
_LOOSE = (
    "SELECT l.ordinal, l.body, v.stix_id, v.instant, v.spelling, v.digest FROM comity_loosebody l"
    " JOIN comity_storedversion v ON v.id = (SELECT e.version_id FROM comity_entry e"
    " WHERE e.collection_id = l.collection_id AND e.handling_id = l.handling_id AND e.ordinal = l.ordinal)"
    " WHERE l.collection_id = %s AND l.handling_id = %s AND l.ordinal >= %s AND l.ordinal < %s ORDER BY l.ordinal"
)  # a query in the join: PostgreSQL, new to the tables, would read the whole class again for each loose place
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Piece:
    """Objects *start* … *stop*-1 of a segment, the first of which stands at place *first* of its class.

    `careful`: some of them may have been taken back, or be one of several versions. `mentions`: the ids that the
    segment's objects could do without, None when they are many.
    """

    segment: Segment
    first: int
    start: int
    stop: int
    careful: bool
    mentions: tuple[str, ...] | None


class _Kept:
    """Segments at hand, those not asked for longest dropped first. By content, so that none can be out of date."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[bytes, Segment] = OrderedDict()
        self._size = 0

    def get(self, key: bytes) -> Segment | None:
        with self._lock:
            found = self._found.get(key)
            if found is not None:
                self._found.move_to_end(key)
            return found

    def put(self, segment: Segment) -> None:
        with self._lock:
            if segment.key in self._found:
                return
            self._found[segment.key] = segment
            self._size += segment.size
            while self._size > _KEPT and len(self._found) > _LEAST_KEPT:
                _, dropped = self._found.popitem(last=False)
                self._size -= dropped.size


_kept = _Kept()


def loose_size(collection: int, handling: int) -> tuple[int, int]:
    """Return how many places of a class stand loose, and the bytes of their bodies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*), COALESCE(SUM(LENGTH(body)), 0) FROM comity_loosebody"
                       " WHERE collection_id = %s AND handling_id = %s", [collection, handling])  # fmt: skip
        count, size = cursor.fetchone()
    return int(count), int(size)


def loose(collection: int, handling: int) -> list[Placed]:
    """Return the loose places of a class as they go into a segment."""
    rows = _loose_rows(collection, handling, 0, 1 << 62)
    return [Placed(stix_id, version, digest, body, mentioned_in(body)) for _, body, stix_id, version, digest in rows]


def _loose_rows(collection: int, handling: int, start: int, stop: int) -> list[tuple[int, bytes, str, str, bytes]]:
    """Return (place, body, id, version, digest) of the loose places from *start* to before *stop*."""
    found = lookups.rows(_LOOSE, [collection, handling, start, stop])
    return [(place, bytes(body), stix_id, version_at(at, spelling), bytes(digest))
            for place, body, stix_id, at, spelling, digest in found]  # fmt: skip


def pieces(collection: int, handling: int, start: int, stop: int) -> Iterator[Piece]:
    """Yield, in order, the pieces that hold places *start* … *stop*-1 of a class."""
    found = lookups.rows(_SEGMENTS, [collection, handling, start - segments.MOST, stop])
    rows = [row for row in found if row[1] + row[2] > start]
    at = start
    for segment, (_, first, count, _, careful, mentions) in zip(_read(rows), rows, strict=True):
        end = min(first + count, stop)
        yield Piece(segment, first, at - first, end - first, bool(careful),
                    None if mentions is None else tuple(mentions.split()))  # fmt: skip
        at = end
    if at < stop:
        yield from _loose_piece(collection, handling, at, stop)


def _loose_piece(collection: int, handling: int, start: int, stop: int) -> Iterator[Piece]:
    rows = _loose_rows(collection, handling, start, stop)
    if rows:
        made = segments.joined([Placed(*row[2:5], row[1]) for row in rows])
        yield Piece(made, rows[0][0], 0, made.count, careful=True, mentions=None)


def _read(rows: Sequence[Row]) -> list[Segment]:
    """Return the segments of rows, from memory where they are at hand."""
    keys = [bytes(row[3]) for row in rows]
    found = {key: segment for key in keys if (segment := _kept.get(key)) is not None}
    missing = [(row[0], key) for row, key in zip(rows, keys, strict=True) if key not in found]
    for part in _parts(missing):
        for segment in _fetch(dict(part)):
            found[segment.key] = segment
            _kept.put(segment)
    return [found[key] for key in keys]


def _fetch(wanted: Mapping[int, bytes]) -> Iterator[Segment]:
    """Yield the segments of rows by their keys: from a replica if it has them, else from the primary."""
    left = dict(wanted)
    for answered in (replicas.rows, lookups.rows):
        if left:
            marks = ", ".join(["%s"] * len(left))  # placeholders alone are written into the statement
            for pk, bodies, labels, digests in answered(_CONTENT.format(marks), list(left)):
                raw = bytes(digests)
                key = segments.key_of(raw)
                if left.get(pk) == key:
                    del left[pk]
                    yield _segment(key, bytes(bodies), bytes(labels), raw)


def _segment(key: bytes, content: bytes, labels: bytes, digests: bytes) -> Segment:
    if labels:
        return segments.read_apart(key, decompress(content), decompress(labels), digests)
    return segments.read(key, decompress(content), digests)


def bodies(versions: Sequence[int]) -> Mapping[int, bytes]:
    """Return the canonical JSON of stored versions, by their row's number."""
    found: dict[int, bytes] = {}
    for part in _parts(versions):
        waiting = StoredVersion.objects.filter(pk__in=part).values_list("id", "body")
        found.update((pk, bytes(body)) for pk, body in waiting if body)
        found.update(_placed_bodies([pk for pk in part if pk not in found]))
    return found


def _placed_bodies(versions: Sequence[int]) -> Mapping[int, bytes]:
    places: dict[tuple[int, int], dict[int, int]] = {}
    seen: set[int] = set()
    rows = Entry.objects.filter(version_id__in=versions).order_by("id")
    for pk, collection, handling, ordinal in rows.values_list("version_id", "collection_id", "handling_id", "ordinal"):
        if pk not in seen:  # a version may stand in several classes, each time with the same bytes
            seen.add(pk)
            places.setdefault((collection, handling), {})[ordinal] = pk
    return {pk: body for where, wanted in places.items() for pk, body in _bodies_at(*where, wanted)}


def _bodies_at(collection: int, handling: int, wanted: Mapping[int, int]) -> Iterator[tuple[int, bytes]]:
    """Yield (version row, body) of the places *wanted* (place to version row) of a class."""
    left = sorted(wanted, reverse=True)
    while left:
        piece = next(pieces(collection, handling, left[-1], left[-1] + 1))
        end = piece.first + piece.segment.count
        while left and left[-1] < end:
            place = left.pop()
            yield wanted[place], piece.segment.cut(place - piece.first, place - piece.first + 1)


def body(version: int) -> bytes:
    """Return the canonical JSON of one stored version."""
    return bodies([version])[version]


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
