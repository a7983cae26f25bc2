"""Answering a partner: what it may have of a collection, recorded in its ledger before a byte leaves."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import msgspec
from django.conf import settings
from django.db import transaction

from comity.acts import classes, law, ledgers, moments, segments, views
from comity.ledger import entries
from comity.models import Collection, Credential, Entry, Node, Reference, ViewRun
from comity.policy import feed
from comity.policy.release import Judgement, Release
from comity.stix.redaction import redact, selectors_marked
from comity.stix.timestamps import instant

_CHUNK = 500


class CursorRefused(ValueError):
    """The `next` that was sent is not one that this server gave for this question."""


@dataclass(frozen=True, slots=True)
class Query:
    """A TAXII 2.1 question (§3.4). `versions` holds `first`, `last`, `all` or version texts."""

    added_after: int = -1
    limit: int = 1000
    next: str = ""
    ids: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    versions: tuple[str, ...] = ("last",)
    spec_versions: frozenset[str] = frozenset()

    def text(self) -> str:
        """Write the filters in one form: what a cursor is bound to and what the ledger records."""
        parts = [f"added_after={self.added_after}"] if self.added_after >= 0 else []
        for name, values in (("id", self.ids), ("type", self.types), ("spec_version", self.spec_versions)):
            parts += [f"match[{name}]={','.join(sorted(values))}"] if values else []
        parts.append(f"match[version]={','.join(sorted(self.versions))}")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Item:
    """One version as this partner gets it: `date` (µs) is when it was added as this partner sees it."""

    date: int
    version_id: int
    stix_id: str
    version: str
    body: bytes
    digest: bytes
    handling: int


@dataclass(frozen=True, slots=True)
class Page:
    """Items in order; `more` and the cursor for the rest."""

    items: tuple[Item, ...]
    more: bool
    next: str = ""


class Row(NamedTuple):
    """An entry with its version, as read: a plain row, because a page reads a thousand of them."""

    pk: int
    handling: int
    ordinal: int
    plural: bool
    trims: bool
    version_id: int
    stix_id: str
    version: str
    instant: int
    digest: bytes


_COLUMNS = ("id", "handling_id", "ordinal", "plural", "trims", "version_id", "version__stix_id", "version__version",
            "version__instant", "version__digest")  # fmt: skip


class Reading:
    """One partner's reading of one collection at one moment, inside one transaction.

    Holding the node's row keeps law and stock still: what is judged here is what is recorded and served.
    """

    def __init__(self, credential: Credential, collection: Collection, now: datetime) -> None:
        """Hold law and stock still, and draw the view up to *now*."""
        self.credential, self.collection, self.now = credential, collection, now
        self.party = credential.party_id
        self.where = f"{self.party} {collection.uuid}"  # what a cursor is bound to, beside its question
        Node.objects.select_for_update().get()
        self.row, self.view = views.drawn_up(self.party, collection.pk, now)
        self.rulings = law.rulings(self.party, now)
        self.known = classes.known()
        self.looked_up: dict[str, bool] = {}
        self.limited = frozenset(
            number for number, ruling in self.rulings.items()
            if isinstance(ruling, Release) and ruling.backlog_from is not None
        )  # fmt: skip

    def page(self, query: Query) -> Page:
        """Read one page: at most `limit` items, in the order and under the dates of this partner's view."""
        after = max(query.added_after, _open_cursor(query, self.where) if query.next else -1)
        if query.spec_versions and "2.1" not in query.spec_versions:
            return Page((), more=False)
        found: list[Item] = []
        for item in self._items(query, after):
            if len(found) == query.limit:
                return Page(tuple(found), more=True, next=_cursor(query, self.where, found[-1].date))
            found.append(item)
        return Page(tuple(found), more=False)

    def has(self, stix_id: str) -> bool:
        """Tell whether this partner may have any version of an object."""
        return bool(self._visible({stix_id}))

    def _items(self, query: Query, after: int) -> Iterator[Item]:
        rows = self._by_id(query, after) if query.ids else self._by_run(query, after)
        pending: list[tuple[int, Row]] = []
        for row in rows:
            pending.append(row)
            if len(pending) > query.limit:
                yield from self._rendered(pending, query)
                pending = []
        yield from self._rendered(pending, query)

    def _by_run(self, query: Query, after: int) -> Iterator[tuple[int, Row]]:
        """Walk the open runs in order of date, from the first item dated after *after*."""
        for run in self._runs(after):
            if query.types and self.known[run.handling].type not in query.types:
                continue
            skip = max(after + 1 - run.date, 0)
            start, end = run.first + skip, run.first + run.count
            while start < end:
                stop = min(start + query.limit + 1, end)
                for entry in self._entries(handling_id=run.handling, ordinal__gte=start, ordinal__lt=stop):
                    yield run.date + entry.ordinal - run.first, entry
                start = stop

    def _runs(self, after: int) -> Iterator[feed.Run]:
        rows = ViewRun.objects.filter(view=self.row).order_by("date")
        for row in rows.values_list("handling", "stretch", "first", "count", "date").iterator(_CHUNK):
            run = feed.Run(*row)
            if run.date + run.count > after + 1 and self.view.shows(run):
                yield run

    def _by_id(self, query: Query, after: int) -> Iterator[tuple[int, Row]]:
        found = self._entries(version__stix_id__in=sorted(query.ids))
        dated = [(self._date(entry.handling, entry.ordinal), entry) for entry in found]
        seen = [(date, entry) for date, entry in dated if date is not None and date > after]
        for date, entry in sorted(seen, key=lambda pair: pair[0]):
            if not query.types or self.known[entry.handling].type in query.types:
                yield date, entry

    def _entries(self, **places: object) -> Iterator[Row]:
        rows = Entry.objects.filter(collection=self.collection, deleted_at=None, **places).order_by("ordinal")
        return map(Row._make, rows.values_list(*_COLUMNS))

    def _date(self, handling: int, ordinal: int) -> int | None:
        """Return the date of a place in this view, None when it is not in it."""
        if not self.view.has(handling, ordinal):
            return None
        stretch = self.view.open[handling][0]
        run = ViewRun.objects.filter(
            view=self.row, handling=handling, stretch=stretch, first__lte=ordinal
        ).order_by("-first").values_list("first", "count", "date").first()  # fmt: skip
        if run is None or ordinal >= run[0] + run[1]:
            return None
        return run[2] + ordinal - run[0]

    def _rendered(self, rows: Sequence[tuple[int, Row]], query: Query) -> Iterator[Item]:
        """Apply the version filter and what must be taken out; what cannot be given whole or trimmed is left out."""
        wanted = self._of_versions(rows, query)
        trims = self._trims([entry for _, entry in wanted])
        bodies = segments.bodies([entry.version_id for _, entry in wanted])
        for date, entry in wanted:
            body, digest = bodies[entry.version_id], bytes(entry.digest)
            if entry.pk in trims:
                ids, labels, personal = trims[entry.pk]
                trimmed = redact(body, ids, selectors_marked(body, labels) if labels else labels, personal)
                if trimmed is None:
                    continue
                if trimmed != body:
                    body, digest = trimmed, hashlib.sha256(trimmed).digest()
            yield Item(date, entry.version_id, entry.stix_id, entry.version, body, digest, entry.handling)

    def _of_versions(self, rows: Sequence[tuple[int, Row]], query: Query) -> list[tuple[int, Row]]:
        if query.versions == ("all",):
            return list(rows)
        plural = {entry.stix_id for _, entry in rows if entry.plural}
        if not plural and not {"first", "last"}.isdisjoint(query.versions):
            return list(rows)  # each is the only version of its object, so the first and the last
        visible = self._visible(plural)
        exact = {instant(text) for text in query.versions if text not in {"first", "last"}}

        def wanted(entry: Row) -> bool:
            order = sorted(visible.get(entry.stix_id, [(entry.instant, entry.version_id)]))
            return (
                entry.instant in exact
                or ("last" in query.versions and order[-1][1] == entry.version_id)
                or ("first" in query.versions and order[0][1] == entry.version_id)
            )

        return [(date, entry) for date, entry in rows if wanted(entry)]

    def _visible(self, ids: Iterable[str]) -> dict[str, list[tuple[int, int]]]:
        """Return, of *ids*, those of which this partner may have a version: (instant, version row) of each."""
        found: dict[str, list[tuple[int, int]]] = {}
        ordered = sorted(ids)
        for start in range(0, len(ordered), _CHUNK):
            rows = Entry.objects.filter(
                collection=self.collection, deleted_at=None, version__stix_id__in=ordered[start : start + _CHUNK]
            ).values_list("version__stix_id", "version__instant", "version_id", "handling_id", "ordinal")  # fmt: skip
            for stix_id, at, version_id, handling, ordinal in rows:
                if self.view.has(handling, ordinal):
                    found.setdefault(stix_id, []).append((at, version_id))
        return found

    def _there(self, ids: set[str]) -> set[str]:
        """Return those of *ids* of which this partner may have a version; each is looked up once a reading."""
        unknown = ids - self.looked_up.keys()
        found = self._visible(unknown)
        self.looked_up.update((one, one in found) for one in unknown)
        return {one for one in ids if self.looked_up[one]}

    def _trims(self, rows: Sequence[Row]) -> dict[int, tuple[set[str], set[str], bool]]:
        """Return what must be taken out of each entry: ids, parts marked with these TLP labels, personal data."""
        touched = {n for n in {entry.handling for entry in rows} if self._is_limited(n) or self._redacts(n)}
        careful = [entry for entry in rows if entry.trims or entry.handling in touched]
        mentions: dict[int, set[str]] = {}
        pks = [entry.version_id for entry in careful]
        for start in range(0, len(pks), _CHUNK):
            part = pks[start : start + _CHUNK]
            for pk, target in Reference.objects.filter(version_id__in=part).values_list("version_id", "target"):
                mentions.setdefault(pk, set()).add(target)
        there = self._there({target for targets in mentions.values() for target in targets})
        found: dict[int, tuple[set[str], set[str], bool]] = {}
        for entry in careful:
            ruling = self.rulings[entry.handling]
            barred = {tlp.label for tlp in ruling.redact_tlp} if isinstance(ruling, Release) else set()
            personal = isinstance(ruling, Release) and ruling.redact_personal
            drop = mentions.get(entry.version_id, set()) - there
            if drop or barred or personal:
                found[entry.pk] = (drop, barred, personal)
        return found

    def _is_limited(self, handling: int) -> bool:
        return any(number in self.limited for group in self.known[handling].needs for number in group)

    def _redacts(self, handling: int) -> bool:
        ruling = self.rulings.get(handling)
        return isinstance(ruling, Release) and bool(ruling.redact_tlp or ruling.redact_personal)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it reached us: who asks, of which collection, when, and what for.

    `kind` is `delivery` (the objects themselves), `manifest` or `versions`.
    """

    credential: Credential
    collection: Collection
    now: datetime
    kind: str
    query: Query

    def text(self) -> str:
        """Write the question as the ledger records it."""
        return f"GET {self.kind} {self.query.text()}"


def deliver(asked: Asked, stix_id: str | None = None) -> Page | None:
    """Read a page and record it; when this returns, the ledger's row is durable and the page may be sent.

    With *stix_id* the page is of that object's versions, and None when for this partner there is no such object. An
    empty page records nothing: nothing was given.
    """
    with transaction.atomic():
        reading = Reading(asked.credential, asked.collection, asked.now)
        if stix_id is not None and not reading.has(stix_id):
            return None
        page = reading.page(asked.query)
        if page.items:
            _record(reading, page, asked)
    return page


_KINDS: Mapping[str, Callable[..., entries.Answer]] = {
    "delivery": entries.Delivery, "manifest": entries.Manifest, "versions": entries.Versions,
}  # fmt: skip


def _record(reading: Reading, page: Page, asked: Asked) -> None:
    places: dict[tuple[str, str], int] = {}
    by_class = {number: _ground(reading.rulings[number]) for number in {item.handling for item in page.items}}
    rows = []
    for item in page.items:
        place = places.setdefault(by_class[item.handling], len(places))
        rows.append(entries.ItemRow(item.stix_id, item.version, item_digest(asked.kind, item), place))
    grounds, by_item = entries.grounds_of(rows, list(places))
    log = ledgers.log_of(reading.party)
    packed = msgspec.msgpack.encode(
        {"versions": [item.version_id for item in page.items], "digests": b"".join(row.digest for row in rows)}
    )
    ledgers.append(log, lambda index: _KINDS[asked.kind](
        v=1, log=log.origin, index=index, at=entries.moment(reading.now), credential=reading.credential.username,
        request=asked.text(), collection=str(reading.collection.uuid), count=len(rows),
        items=entries.items_hash(row.digest for row in rows), grounds=grounds, by_item=by_item,
        names=entries.names_hash((row.id, row.version) for row in rows)), packed)  # fmt: skip


def item_digest(kind: str, item: Item) -> bytes:
    """Return the digest that a ledger entry of *kind* holds for an item."""
    if kind == "delivery":
        return item.digest
    if kind == "versions":
        return entries.item_digest(msgspec.json.encode(item.version))
    return entries.item_digest(manifest_record(item))


def manifest_record(item: Item) -> bytes:
    """Return a manifest record (TAXII 2.1 §5.3.1) as RFC 8785 JSON."""
    record = {
        "date_added": timestamp(item.date),
        "id": item.stix_id,
        "media_type": "application/stix+json;version=2.1",
        "version": item.version,
    }
    return msgspec.json.encode(record, order="sorted")


def timestamp(at: int) -> str:
    """Write microseconds since 1970 as a TAXII timestamp: UTC, always six digits of fraction (§2)."""
    return moments.moment(at).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _ground(ruling: Judgement) -> tuple[str, str]:
    if isinstance(ruling, Release):
        for ground in ruling.grounds:
            if ground.agreement is not None and ground.clause is not None:
                return ground.agreement, ground.clause
    return "", "public"


def _seal(query: Query, where: str, date: bytes) -> bytes:
    said = b"\0".join((where.encode(), query.text().encode(), date))
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).digest()[:16]


def _cursor(query: Query, where: str, date: int) -> str:
    raw = date.to_bytes(8, "big")
    return base64.urlsafe_b64encode(raw + _seal(query, where, raw)).decode().rstrip("=")


def _open_cursor(query: Query, where: str) -> int:
    """Return the date that a cursor holds; refuse one not given to this party for this very question (App. B)."""
    try:
        raw = base64.b64decode(query.next + "=" * (-len(query.next) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise CursorRefused("`next` is not one that this server gave") from error
    if len(raw) != 24 or not hmac.compare_digest(raw[8:], _seal(query, where, raw[:8])):  # noqa: PLR2004 - 8 + 16 bytes
        raise CursorRefused("`next` was not given for this collection with these filters")
    return int.from_bytes(raw[:8], "big")

