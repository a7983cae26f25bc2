"""Drawing up a partner's view of a collection to the present moment: the feed of `policy.feed` from stored facts."""

import hashlib
import json
import secrets
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from comity.acts import classes, epochs, extents, kept, law, links, lookups, moments
from comity.acts.links import Statement
from comity.models import BatchRun, Collection, Entry, PartnerView, ViewRun
from comity.policy import feed
from comity.policy.handling import Handling
from comity.policy.release import Facts, Moment, Release

_HAPPENED = (
    "SELECT adopted_at, sequence, 0, 0 FROM comity_agreement WHERE sequence > %s AND sequence <= %s UNION ALL"
    " SELECT recorded_at, sequence, 0, 0 FROM comity_agreementevent WHERE sequence > %s AND sequence <= %s UNION ALL"
    " SELECT recorded_at, sequence, 0, 0 FROM comity_consent WHERE sequence > %s AND sequence <= %s UNION ALL"
    " SELECT closed_at, closed_sequence, 0, 0 FROM comity_consentquestion WHERE closed_sequence > %s"
    " AND closed_sequence <= %s AND closed_at IS NOT NULL UNION ALL"
    " SELECT accepted_at, sequence, id, CASE WHEN urgent THEN 1 ELSE 0 END FROM comity_batch"
    " WHERE +collection_id = %s AND sequence > %s AND sequence <= %s"
)
"""What happened between two numbers, as (moment, number, batch, urgent); the last also of one collection."""
_COLUMNS = ("id", "sequence", "at", "last_date", "classes", "stretches", "mark", "open")
_VIEW = ("SELECT id, sequence, at, last_date, classes, stretches, mark, CAST(open AS text) FROM comity_partnerview"
         " WHERE party_id = %s AND collection_id = %s")  # fmt: skip
_GROWN = ("UPDATE comity_partnerview SET sequence = %s, at = %s, last_date = %s, classes = %s, stretches = %s,"
          " mark = %s, open = %s WHERE id = %s")  # fmt: skip
_RUN = "INSERT INTO comity_viewrun (view_id, handling, stretch, first, count, date) VALUES (%s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Happening:
    """A moment at which a view may grow: a batch arrives (`batch` its number), or the law turns (`batch` 0)."""

    at: int
    sequence: int
    batch: int = 0
    urgent: bool = False


def drawn_up(party: str, collection: Collection, now: datetime) -> tuple[PartnerView, feed.View]:
    """Bring a view up to *now* and return it. One transaction; does nothing when nothing has happened."""
    with transaction.atomic(savepoint=False):
        epoch = epochs.hold()
        ((sequence,),) = lookups.rows("SELECT sequence FROM comity_node")
        row = _row(party, collection)
        until = max(moments.micros(now), row.at, epoch.stamp)
        facts = law.facts()
        happenings = list(_happenings(facts, row, until, sequence))
        if not happenings and row.mark and row.classes == classes.newest():
            return row, view_of(row)
        return row, _Drawing(facts, row).through(happenings, until, sequence)


def _row(party: str, collection: Collection) -> PartnerView:
    """Return the stored view, locked for this transaction; made when it is the first time."""
    asked = f"{_VIEW} FOR UPDATE" if connection.vendor == "postgresql" else _VIEW
    found = lookups.row(asked, [party, collection.pk])
    if found is None:
        return PartnerView.objects.select_for_update().get_or_create(party_id=party, collection=collection)[0]
    return PartnerView(party_id=party, collection=collection,
                       **dict(zip(_COLUMNS, found, strict=True)) | {"open": json.loads(found[-1])})  # fmt: skip


def view_of(row: PartnerView) -> feed.View:
    """Return the stored state of a view as the policy room's value."""
    opened = {int(number): (stretch, first) for number, (stretch, first) in row.open.items()}
    return feed.View(row.last_date, opened, row.stretches)


def _happenings(facts: Facts, row: PartnerView, until: int, sequence: int) -> Iterator[Happening]:
    """Yield, in order, what has happened since the view was last drawn up."""
    span = [row.sequence, sequence]
    rows = lookups.rows(_HAPPENED, [*span, *span, *span, *span, row.collection_id, *span])
    found = [Happening(at, number, batch, bool(urgent)) for at, number, batch, urgent in rows]
    first = min((happening.at for happening in found), default=until)
    since = row.at or first
    found += [Happening(at, -1) for at in law.turns(facts, row.party_id, since, until)]
    yield from sorted(found, key=lambda happening: (happening.at, happening.sequence))


class _Drawing:
    """One drawing-up: the facts, the row, and the state as it grows."""

    def __init__(self, facts: Facts, row: PartnerView) -> None:
        self.facts, self.row = facts, row
        apart = row.collection.exercise  # a class of the other kind is in nobody's view here, wherever it came from
        self.known = {number: one for number, one in classes.known().items() if one.exercise is apart}
        self.view = view_of(row)
        self.runs: list[feed.Run] = []

    def through(self, happenings: list[Happening], until: int, sequence: int) -> feed.View:
        """Let each happening take effect, store the new runs and the view's new state."""
        if self.row.at and self.row.classes < classes.newest():
            self._meet_new_classes()
        for happening in happenings:
            self._arrive(happening) if happening.batch else self._turn(happening)
        row = self.row
        row.sequence, row.at, row.classes = sequence, until, classes.newest()
        row.last_date, row.stretches = self.view.last_date, self.view.stretches
        row.open = {str(number): list(found) for number, found in self.view.open.items()}
        row.mark = secrets.token_hex(16)
        self._store()
        return self.view

    def _store(self) -> None:
        row = self.row
        kept = [*(getattr(row, one) for one in _COLUMNS[1:-1]), json.dumps(row.open), row.pk]
        runs = [(row.pk, run.handling, run.stretch, run.first, run.count, run.date) for run in self.runs]
        with connection.cursor() as cursor:
            links.run(Statement(_RUN, runs), cursor)
            links.run(Statement(_GROWN, [kept]), cursor)

    def _meet_new_classes(self) -> None:
        """Judge classes that were interned since: they have no places yet, so they open without a run."""
        allowed = self._allowed(self.row.at)
        kept = {number: found[1] for number, found in self.view.open.items()}
        new = {number: 0 for number in allowed if number > self.row.classes}
        self.view, _ = feed.turn(self.view, self.row.at, {**kept, **new}, sorted(new), {})

    def _turn(self, happening: Happening) -> None:
        allowed = self._allowed(happening.at)
        fresh = [number for number in allowed if number not in self.view.open]
        totals, firsts = self._totals(happening, fresh), self._firsts(fresh, allowed)
        places = {number: firsts.get(number, 0) for number in allowed}  # of what is open already none is looked at
        self.view, runs = feed.turn(self.view, happening.at, places, self._ordered(fresh, allowed), totals)
        self.runs += runs

    def _arrive(self, happening: Happening) -> None:
        if not self.view.stretches:
            self._turn(happening)  # a collection's first batch before any law: judge what is there
            return
        rows = {r.handling_id: r for r in BatchRun.objects.filter(batch_id=happening.batch)}
        here = [number for number in rows if number in self.view.open]
        ordered = self._ordered(here, self.view.open)
        places = [feed.Place(n, rows[n].first, rows[n].count) for n in ordered]
        if happening.urgent:
            self._interrupt(happening, places)
            return
        self.view, runs = feed.arrive(self.view, happening.at, places)
        self.runs += runs

    def _interrupt(self, happening: Happening, places: Sequence[feed.Place]) -> None:
        """Put what is urgent before all that this partner has not been told of; where nothing is, all stays as it is.

        What it was told of stands in its log, which is written before anything leaves.
        """
        if not places:
            return
        read = kept.read_to(self.row.party_id, self.row.collection_id, self.row.last_date)
        self.runs = [*self._taken_back(read), *self.runs]
        ahead = frozenset(number for number, one in self.known.items() if one.addressed)
        self.view, runs = feed.interrupt(self.view, happening.at, read, self.runs, places, ahead)
        self.runs = list(runs)

    def _taken_back(self, read: int) -> list[feed.Run]:
        """Take the stored runs dated after *read* out of the store, a run that began before as from there."""
        stored = ViewRun.objects.filter(view=self.row)
        begun = stored.filter(date__lte=read).order_by("-date").first()
        unread: list[feed.Run] = []
        for row in [*([begun] if begun else []), *stored.filter(date__gt=read).order_by("date")]:
            told, rest = feed.split(feed.Run(row.handling, row.stretch, row.first, row.count, row.date), read)
            unread += [rest] if rest else []
            if told is None:
                row.delete()
            elif rest is not None:
                stored.filter(pk=row.pk).update(count=told.count)
        return unread

    def _ordered(self, numbers: Iterable[int], seen: Container[int]) -> list[int]:
        """Put classes in the order in which they reach this partner: by their content as far as it sees it."""
        content: dict[int, bytes] = {}
        whole: dict[int, bytes] = {}
        known = self.known
        return sorted(numbers, key=lambda n: (
            known[n].rank, _content(n, known, seen, content), _content(n, known, known, whole),
            sorted(_content(other, known, known, whole) for other in known[n].unless),
        ))  # fmt: skip

    def _totals(self, happening: Happening, wanted: Sequence[int]) -> dict[int, int]:
        """Count the places of classes at a moment of the past: those of all batches that had arrived by then."""
        here, later = self.row.collection_id, happening.sequence if happening.sequence >= 0 else None
        totals = extents.counts(here, wanted)
        for number, first in extents.first_after(here, wanted, self.row.sequence, happening.at, later).items():
            totals[number] = min(totals[number], first)
        return totals

    def _allowed(self, at: int) -> dict[int, Release]:
        moment = Moment(moments.moment(at))
        judged = law.judged(self.facts, self.row.party_id, moment, exercise=self.row.collection.exercise)
        return {number: found for number, found in judged.items() if isinstance(found, Release)}

    def _firsts(self, fresh: Iterable[int], allowed: Mapping[int, Release]) -> dict[int, int]:
        """Return the first open place of classes that open, unless it is 0.

        It is another where the agreement gives no backlog to a party that joined later.
        """
        late: dict[int, list[int]] = {}
        for number in fresh:
            since = self._backlog_since(allowed[number])
            if since is not None:
                late.setdefault(since, []).append(number)
        firsts: dict[int, int] = {}
        for since, numbers in late.items():
            firsts |= extents.counts(self.row.collection_id, numbers)
            firsts |= extents.first_after(self.row.collection_id, numbers, -1, since - 1, None)
        return firsts

    def _backlog_since(self, release: Release) -> int | None:
        """Return the moment (µs) from which on a release opens what came; None where it opens all."""
        if release.backlog_from is None:
            return None
        zone = ZoneInfo((release.grounds[0].agreement and self._zone(release.grounds[0].agreement)) or "UTC")
        return moments.micros(datetime.combine(release.backlog_from, time(), zone).astimezone(UTC))

    def _zone(self, name: str) -> str:
        return next((a.agreement.time_zone for a in self.facts.adopted if a.agreement.name == name), "UTC")


def _content(number: int, known: Mapping[int, Handling], seen: Container[int], found: dict[int, bytes]) -> bytes:
    """Return what orders two classes of one rank, from their content, never their numbers, which would tell of others.

    Of what an object refers to, only what the partner sees counts (*seen*): that there is more would tell as much.
    """
    if number not in found:
        own = known[number]
        groups = sorted(sorted(_content(n, known, seen, found) for n in group if n in seen) for group in own.needs)
        said = (
            own.information, own.purpose, own.tlp.label, own.personal_data, own.originator, str(own.received_under),
            str(sorted(own.recipients)), str(own.granular), str(groups), *sorted(own.named),
            *([] if own.within is None else [str(sorted(own.within))]),
        )  # fmt: skip
        found[number] = hashlib.sha256("\0".join(said).encode()).digest()
    return found[number]


def accepted_at(entry: Entry) -> int:
    """Return the moment (µs) at which an entry's batch was accepted."""
    run = BatchRun.objects.filter(
        batch__collection_id=entry.collection_id, handling_id=entry.handling_id, first__lte=entry.ordinal
    ).order_by("-first").select_related("batch").first()  # fmt: skip
    return run.batch.accepted_at if run is not None else 0
