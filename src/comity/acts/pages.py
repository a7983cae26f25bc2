"""Pages: what a partner gets in answer to one question, as slices of segments in the order of its dates.

Where nothing has to be left out or taken out of a slice, no object in it is looked at. Which slices have to be looked
at is told by the segment and by the class, so the work follows what the partner gets and not what it may not have.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NamedTuple, TypeVar

from comity.acts import lookups, segments
from comity.acts.queries import Query, cursor, open_cursor
from comity.acts.segments import Piece
from comity.acts.sights import MOST_LOOKED_UP, Sight
from comity.policy import feed
from comity.policy.release import Release
from comity.stix.redaction import redact, selectors_marked
from comity.stix.references import mentioned_in
from comity.stix.segments import Placed, Segment, joined
from comity.stix.timestamps import instant

_CHUNK = 500
T = TypeVar("T")
_ROWS = (
    "SELECT e.ordinal, e.plural, e.trims, e.deleted_at, e.version_id, v.stix_id, v.instant FROM comity_entry e"
    " JOIN comity_storedversion v ON v.id = e.version_id"
    " WHERE e.collection_id = %s AND e.handling_id = %s AND e.ordinal >= %s AND e.ordinal < %s"
)
_STANDING = (
    "SELECT v.stix_id, v.instant, v.id, e.handling_id, e.ordinal FROM comity_storedversion v"
    " JOIN comity_entry e ON e.version_id = v.id"
    " WHERE v.collection_id = %s AND e.deleted_at IS NULL AND v.stix_id IN"
)
_WHOLE_ORDER = frozenset({"first", "last"})


@dataclass(frozen=True, slots=True)
class Slice:
    """Objects *start* … *stop*-1 of a segment: places *place*, … of class *handling*, dated *date*, … (µs).

    `altered`: one object, of which parts were taken out; its digest is of what is left.
    """

    date: int
    handling: int
    place: int
    segment: Segment
    start: int
    stop: int
    altered: bool = False

    @property
    def count(self) -> int:
        """How many objects this is."""
        return self.stop - self.start

    def shortened(self, count: int) -> "Slice":
        """Return the first *count* objects."""
        stop = self.start + count
        return Slice(self.date, self.handling, self.place, self.segment, self.start, stop, self.altered)


@dataclass(frozen=True, slots=True)
class Item:
    """One version as this partner gets it: `date` (µs) is when it was added as this partner sees it."""

    date: int
    handling: int
    place: int
    stix_id: str
    version: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """Slices in order; `more` and the cursor for the rest."""

    slices: tuple[Slice, ...] = ()
    more: bool = False
    next: str = ""

    @property
    def count(self) -> int:
        """How many objects the page holds."""
        return sum(one.count for one in self.slices)

    def bodies(self, before: bytes = b"", after: bytes = b"") -> bytes:
        """Return the objects' canonical JSON, joined by commas, between what goes before and after them."""
        parts: list[bytes | memoryview] = []
        for one in self.slices:
            parts += (b"," if parts else before, one.segment.view(one.start, one.stop))
        return b"".join([*(parts or [before]), after])

    def digests(self) -> bytes:
        """Return the digests of the objects as they go, joined."""
        return b"".join([one.segment.digests_of(one.start, one.stop) for one in self.slices])

    def lines(self) -> bytes:
        """Return the lines `id version` that a ledger entry's `names` hashes."""
        return b"".join([one.segment.lines_of(one.start, one.stop) for one in self.slices])

    def items(self) -> Iterator[Item]:
        """Yield the objects one by one."""
        for one in self.slices:
            for place in range(one.start, one.stop):
                further = place - one.start
                yield Item(one.date + further, one.handling, one.place + further, *one.segment.name(place),
                           one.segment.digests_of(place, place + 1))  # fmt: skip


class _Row(NamedTuple):
    """An entry that has to be looked at, with its version."""

    place: int
    plural: bool
    trims: bool
    deleted_at: int | None
    version_id: int
    stix_id: str
    instant: int


def page(sight: Sight, query: Query) -> Page:
    """Read one page: at most `limit` items, in the order and under the dates of this partner's view."""
    after = max(query.added_after, open_cursor(query, sight.where) if query.next else -1)
    if query.spec_versions and "2.1" not in query.spec_versions:
        return Page()
    reading = _Reading(sight, query)
    found: list[Slice] = []
    left = query.limit
    for one in reading.by_id(after) if query.ids else reading.by_run(after):
        if one.count > left:
            found += [one.shortened(left)] if left else []
            last = found[-1].date + found[-1].count - 1
            return Page(tuple(found), more=True, next=cursor(query, sight.where, last))
        found.append(one)
        left -= one.count
    return Page(tuple(found))


def has(sight: Sight, stix_id: str) -> bool:
    """Tell whether the partner may have any version of an object."""
    return bool(_visible(sight, {stix_id}))


class _Reading:
    """The reading of one page."""

    def __init__(self, sight: Sight, query: Query) -> None:
        self.sight, self.query = sight, query
        self.every = query.versions == ("all",)
        self.exact = {instant(text) for text in query.versions if text not in {"first", "last", "all"}}
        self.by_order = not _WHOLE_ORDER.isdisjoint(query.versions)
        self.held: dict[int, Piece] = {}  # the last piece of each class

    def by_run(self, after: int) -> Iterator[Slice]:
        """Walk the open runs in order of date, from the first item dated after *after*."""
        for runs in self._rows_of_runs(after):
            start, end = runs[0].first, runs[-1].first + runs[-1].count
            while start < end:
                stop = min(start + self.query.limit + 1, end)
                for piece in self._pieces(runs[0].handling, start, stop):
                    yield from self._slices(runs, piece)
                start = stop

    def _rows_of_runs(self, after: int) -> Iterator[list[feed.Run]]:
        """Yield the runs, those together that follow one another in their class, up to about a page of them."""
        row: list[feed.Run] = []
        for whole in self.sight.runs(after, self.query.types):
            skipped = max(after + 1 - whole.date, 0)
            run = feed.Run(whole.handling, whole.stretch, whole.first + skipped, whole.count - skipped,
                           whole.date + skipped) if skipped else whole  # fmt: skip
            follows = row and (row[-1].handling, row[-1].first + row[-1].count) == (run.handling, run.first)
            if row and not (follows and run.first - row[0].first <= self.query.limit):
                yield row
                row = []
            row.append(run)
        if row:
            yield row

    def _pieces(self, handling: int, start: int, stop: int) -> Iterator[Piece]:
        """Yield the pieces that hold places of a class; a segment that many short runs lie in is looked for once."""
        held = self.held.get(handling)
        if held is not None and held.first <= start < held.first + held.segment.count:
            end = min(stop, held.first + held.segment.count)
            yield replace(held, start=start - held.first, stop=end - held.first)
            start = end
        if start < stop:
            for piece in segments.pieces(self.sight.collection, handling, start, stop):
                self.held[handling] = piece
                yield piece

    def by_id(self, after: int) -> Iterator[Slice]:
        """Look up the versions of the objects asked for, in order of date."""
        found: list[tuple[int, int, int]] = []
        by_instant = not (self.every or self.by_order)
        self.every = self.every or by_instant  # of those that are taken up here
        for at, handling, place in _places(self.sight, self.query.ids):
            if by_instant and at not in self.exact:
                continue
            if self.query.types and self.sight.known[handling].type not in self.query.types:
                continue
            date = self.sight.date(handling, place)
            if date is not None and date > after:
                found.append((date, handling, place))
        for date, handling, place in sorted(found):
            run = feed.Run(handling, 0, place, 1, date)
            for piece in segments.pieces(self.sight.collection, handling, place, place + 1):
                yield from self._slices([run], piece)

    def _slices(self, runs: Sequence[feed.Run], piece: Piece) -> Iterator[Slice]:
        """Cut a piece along the runs that it holds, and around what is left out of it or goes altered."""
        changed = self._changed(runs[0].handling, piece)
        for run in runs:
            start = max(piece.start, run.first - piece.first)
            stop = min(piece.stop, run.first + run.count - piece.first)
            if start < stop:
                yield from _around(run, piece, start, stop, changed)

    def _changed(self, handling: int, piece: Piece) -> Mapping[int, Placed | None]:
        """Return the places of a piece that are left out (None) or go altered."""
        return self._altered(handling, piece) | self._elsewhere(handling, piece)

    def _elsewhere(self, handling: int, piece: Piece) -> dict[int, Placed | None]:
        """Return the places of what stands apart for this partner: it has that by another class, or not at all."""
        if not self.sight.apart or self.sight.known[handling].apart:
            return {}
        named = ((at, piece.segment.name(at)[0]) for at in range(piece.start, piece.stop))
        return {piece.first + at: None for at, stix_id in named if stix_id in self.sight.apart}

    def _altered(self, handling: int, piece: Piece) -> dict[int, Placed | None]:
        sight, mentions = self.sight, piece.mentions
        touched = handling in sight.touched
        trims = touched or mentions is None or (mentions and len(_there(sight, mentions)) < len(mentions))
        all_of_them = touched or (not self.by_order and not self.every)
        if not (piece.careful or trims or all_of_them):
            return {}
        rows = self._rows(handling, piece, careful=piece.careful, trims=bool(trims), every=all_of_them)
        wanted = {row.place for row in self._of_versions([row for row in rows if row.deleted_at is None])}
        changed: dict[int, Placed | None] = {row.place: None for row in rows if row.place not in wanted}
        if trims:
            kept = [row for row in rows if row.place in wanted and (touched or row.trims)]
            changed.update(self._trimmed(handling, piece, kept))
        return changed

    def _rows(self, handling: int, piece: Piece, *, careful: bool, trims: bool, every: bool) -> list[_Row]:
        which = [word for word, said in (("e.plural OR e.deleted_at IS NOT NULL", careful), ("e.trims", trims)) if said]
        narrowed = "" if every else f" AND ({' OR '.join(which)})"
        places = (piece.first + piece.start, piece.first + piece.stop)
        rows = lookups.rows(f"{_ROWS}{narrowed} ORDER BY e.ordinal", [self.sight.collection, handling, *places])
        return [_Row(*row) for row in rows]

    def _of_versions(self, rows: Sequence[_Row]) -> Sequence[_Row]:
        """Return the rows that the version filter asks for."""
        if self.every:
            return rows
        plural = {row.stix_id for row in rows if row.plural}
        if not plural and self.by_order:
            return rows  # each is the only version of its object, so the first and the last
        visible = _visible(self.sight, plural)
        return [row for row in rows if self._wants(row, sorted(visible.get(row.stix_id, ())))]

    def _wants(self, row: _Row, order: Sequence[tuple[int, int]]) -> bool:
        versions = self.query.versions
        return (
            row.instant in self.exact
            or ("last" in versions and (not order or order[-1][1] == row.version_id))
            or ("first" in versions and (not order or order[0][1] == row.version_id))
        )

    def _trimmed(self, handling: int, piece: Piece, rows: Sequence[_Row]) -> Iterator[tuple[int, Placed | None]]:
        """Yield the places whose objects lose parts, with what is left of them, None where nothing can be given."""
        ruling = self.sight.rulings[handling]
        barred = {tlp.label for tlp in ruling.redact_tlp} if isinstance(ruling, Release) else set()
        personal = isinstance(ruling, Release) and ruling.redact_personal
        bodies = {row.place: piece.segment.cut(row.place - piece.first, row.place - piece.first + 1) for row in rows}
        mentions = {place: mentioned_in(body) for place, body in bodies.items()}
        there = _there(self.sight, {one for found in mentions.values() for one in found})
        for row in rows:
            drop, body = mentions[row.place] - there, bodies[row.place]
            if not (drop or barred or personal):
                continue
            at = row.place - piece.first
            left = redact(body, drop, selectors_marked(body, barred) if barred else barred, personal)
            if left is None:
                yield row.place, None
            elif left != body:
                yield row.place, Placed(*piece.segment.name(at), sha256(left).digest(), left)


def _around(run: feed.Run, piece: Piece, start: int, stop: int,
            changed: Mapping[int, Placed | None]) -> Iterator[Slice]:  # fmt: skip
    """Cut objects *start* … *stop*-1 of a piece, all of one run, around what is left out or goes altered."""
    dated = run.date + piece.first - run.first
    for place in sorted(place for place in changed if start <= place - piece.first < stop) if changed else ():
        at, other = place - piece.first, changed[place]
        if at > start:
            yield Slice(dated + start, run.handling, piece.first + start, piece.segment, start, at)
        if other is not None:
            yield Slice(dated + at, run.handling, place, joined([other]), 0, 1, altered=True)
        start = at + 1
    if start < stop:
        yield Slice(dated + start, run.handling, piece.first + start, piece.segment, start, stop)


def _there(sight: Sight, ids: Iterable[str]) -> AbstractSet[str]:
    """Return those of *ids* of which the partner may have a version; each is looked up once."""
    known = {one: sight.there.get(one) for one in ids}
    unknown = [one for one, seen in known.items() if seen is None]
    if unknown:
        found = _visible(sight, unknown)
        if len(sight.there) > MOST_LOOKED_UP:
            sight.there.clear()
        looked_up = {one: one in found for one in unknown}
        sight.there.update(looked_up)
        known.update(looked_up)
    return {one for one, seen in known.items() if seen}


def _visible(sight: Sight, ids: Iterable[str]) -> Mapping[str, list[tuple[int, int]]]:
    """Return, of *ids*, those of which the partner may have a version: (instant, version row) of each."""
    found: dict[str, list[tuple[int, int]]] = {}
    for stix_id, at, version_id, handling, ordinal in _standing(sight, ids):
        if sight.view.has(handling, ordinal) and sight.sees(stix_id, handling):
            found.setdefault(stix_id, []).append((at, version_id))
    return found


def _places(sight: Sight, ids: Iterable[str]) -> Iterator[tuple[int, int, int]]:
    """Yield the instant, the class and the place of each version of *ids* that the partner may have."""
    for stix_id, at, _, handling, ordinal in _standing(sight, ids):
        if sight.view.has(handling, ordinal) and sight.sees(stix_id, handling):
            yield at, handling, ordinal


def _standing(sight: Sight, ids: Iterable[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield (id, instant, version row, class, place) of all that stands of *ids* in the collection."""
    for part in _parts(sorted(ids)):
        marks = ", ".join(["%s"] * len(part))
        yield from lookups.rows(f"{_STANDING} ({marks})", [sight.collection, *part])


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
