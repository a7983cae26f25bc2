"""Undertakings: those of adopted agreements and those recorded here, side by side, and what is recorded of them."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo, available_timezones

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comity.acts import law, moments, records, sources, zones
from comity.acts.agreements import Rejected
from comity.acts.spoken import spoken
from comity.models import EngagementLine, Instrument, Node, Party, Provision, UndertakingEntry
from comity.models import Undertaking as Row
from comity.policy import clause_duties
from comity.policy.dates import USUAL_CALENDAR, WorkCalendar, local_day
from comity.policy.participation import Status
from comity.policy.recurrence import DueRule, Reckoning
from comity.policy.release import Moment
from comity.policy.saying import of_error, sentence
from comity.policy.undertaking_objections import objections
from comity.policy.undertaking_words import EntryKind, State
from comity.policy.undertakings import Asked, Entry, Item, Undertaking, items


@dataclass(frozen=True, slots=True)
class Promised:
    """What somebody undertook, as it is written down. `rule` and `report` are texts of `policy.recurrence`.

    `by` and `to` are codes of parties; an empty `to` means everybody, an empty `by` the state whose desk it is.
    """

    what: str
    source: str
    origin: str = Row.Origin.PLEDGE
    by: str = ""
    to: str = ""
    rule: str = ""
    report: str = ""
    evidence: str = ""
    instrument: str = ""
    provision: int | None = None
    outcome: int | None = None
    owner: str = ""
    public: bool = False
    since: date | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """One entry on an undertaking, as it is written down."""

    kind: EntryKind
    effective_on: date
    says: str = ""
    number: int | None = None
    source: str = ""
    supersedes: int | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """An undertaking with its entries: `row` where it was recorded here, `slug` where an agreement's clause says it."""

    undertaking: Undertaking
    entries: tuple[Entry, ...]
    row: Row | None = None
    slug: str = ""
    ours: bool = True
    """False: a partner undertook it, and we wait for it."""

    @property
    def zone(self) -> ZoneInfo:
        """Give the time zone in which its hours are told."""
        return ZoneInfo(self.undertaking.reckoning.zone)

    def is_known(self, known: datetime) -> bool:
        """Tell whether it was recorded by a moment; of a clause, which has no row, the law tells."""
        return self.row is None or self.row.recorded_at <= moments.micros(known)

    def items(self, asked: Asked, last: date, first: date = date.min) -> tuple[Item, ...]:
        """Give its times due in a span of days, both inside, and those without one."""
        return items(self.undertaking, self.entries, asked, last, first)


def undertake(promised: Promised, actor: str, now: datetime) -> Row:
    """Record an undertaking. Raises Rejected, with each reason, when something is missing or no rule can be read."""
    with transaction.atomic():
        taken = moments.take(now)
        us = Node.objects.values_list("party_id", flat=True).get()
        zone = promised.zone or zones.ours()
        reasons = [*_wrong(promised)]
        if reasons:
            raise Rejected(*reasons)
        row = Row.objects.create(
            uid=uuid.uuid4(), origin=promised.origin, by_id=promised.by or us, to_id=promised.to or None,
            what=promised.what.strip(), rule=_canonical(promised.rule), report=_canonical(promised.report), zone=zone,
            instrument=Instrument.objects.filter(slug=promised.instrument).first(), provision_id=promised.provision,
            outcome_id=promised.outcome, evidence=promised.evidence, public=promised.public,
            since=promised.since or local_day(now, zone), source=sources.named(promised.source, local_day(now, zone)),
            status=Status.CONFIRMED.value, recorded_at=taken.at, recorded_by=actor, sequence=taken.sequence,
        )  # fmt: skip
        if promised.owner:
            _write(str(row.uid), Noted(EntryKind.ASSIGNED, row.since, promised.owner), actor, taken)
        return row


def _canonical(rule: str) -> str:
    return DueRule.read(rule).text if rule.strip() else ""


def _wrong(promised: Promised) -> Iterator[str]:
    if not promised.what.strip():
        yield _("Say what is undertaken, in one sentence.")
    if not promised.source.strip():
        yield _("Name the source: the note, the minutes or the page in which it was undertaken.")
    yield from records.fits(Row, asdict(promised))
    if promised.zone and promised.zone not in available_timezones():
        yield _("There is no time zone “%(zone)s”; write it as America/Nassau.") % {"zone": promised.zone}
    if promised.origin not in Row.Origin.values:
        yield _("“%(word)s” is not known here; write one of: %(words)s.") % {
            "word": promised.origin, "words": ", ".join(Row.Origin.values)}  # fmt: skip
    for rule in (promised.rule, promised.report):
        try:
            _canonical(rule)
        except ValueError as error:
            yield spoken(sentence("{reason}.", reason=of_error(error)))
    yield from _unknown(promised)


def _unknown(promised: Promised) -> Iterator[str]:
    for code in filter(None, (promised.by, promised.to)):
        if not Party.objects.filter(pk=code).exists():
            yield _("There is no party “%(code)s” here.") % {"code": code}
    if promised.instrument and not Instrument.objects.filter(slug=promised.instrument).exists():
        yield _("There is no instrument “%(slug)s” here.") % {"slug": promised.instrument}
    provisions = Provision.objects.filter(pk=promised.provision or 0)
    if promised.origin == Row.Origin.PROVISION and not provisions.exists():
        yield _("Name the article, norm or measure that it comes from.")
    outcomes = EngagementLine.objects.filter(pk=promised.outcome or 0, kind=EngagementLine.Kind.OUTCOME)
    if promised.origin == Row.Origin.OUTCOME and not outcomes.exists():
        yield _("Name the outcome that it comes from.")


def note(key: str, noted: Noted, actor: str, now: datetime) -> UndertakingEntry:
    """Record one entry on an undertaking. Raises Rejected when there is none of that key, or it cannot be."""
    with transaction.atomic():
        taken = moments.take(now)
        at = moments.moment(taken.at)
        one = find(key, at)
        if one is None:
            raise Rejected(_("There is no undertaking “%(key)s” here.") % {"key": key})
        long = list(records.fits(UndertakingEntry, {"says": noted.says, "source": noted.source}))
        if long:
            raise Rejected(*long)
        new = Entry(0, noted.kind, noted.effective_on, at, noted.says.strip(), noted.number, noted.source, actor,
                    noted.supersedes)  # fmt: skip
        wrong = objections(one.undertaking, one.entries, new)
        if wrong:
            raise Rejected(*wrong)
        return _write(key, noted, actor, taken)


def _write(key: str, noted: Noted, actor: str, taken: moments.Taken) -> UndertakingEntry:
    says = _canonical(noted.says) if noted.kind in {EntryKind.DUE, EntryKind.REPORT} else noted.says.strip()
    return UndertakingEntry.objects.create(
        key=key, kind=noted.kind.value, effective_on=noted.effective_on, number=noted.number, says=says,
        source=noted.source.strip(), supersedes_id=noted.supersedes, recorded_at=taken.at, recorded_by=actor,
        sequence=taken.sequence,
    )  # fmt: skip


def followed(known: datetime) -> list[Followed]:
    """Return every undertaking known at a moment: first those of agreements' clauses, then those recorded here."""
    return _known(_gathered(), known)


def find(key: str, known: datetime) -> Followed | None:
    """Return one undertaking by its key, None where none is known by that moment."""
    entries = _entries(UndertakingEntry.objects.filter(key=key))
    if key.startswith("clause:"):
        return next((one for one in _of_clauses(known, entries) if one.undertaking.key == key), None)
    try:
        uid = uuid.UUID(key)
    except ValueError:
        return None
    return next((one for one in _of_rows(Row.objects.filter(uid=uid), entries) if one.is_known(known)), None)


def by_clauses_with(party: str, known: datetime) -> list[Followed]:
    """Return what clauses of adopted agreements to which *party* is party make due, what a request starts included."""
    there = ((one, one.undertaking.agreement) for one in _of_clauses(known, {}))
    return [one for one, agreement in there if agreement is not None and agreement.party(party) is not None]


def on_request(known: datetime) -> list[Followed]:
    """Return the clauses whose steps a request starts: nothing of them is due until one is recorded."""
    found = _of_clauses(known, {})
    return [one for one in found if one.undertaking.clause is not None and one.undertaking.clause.trigger is not None]


def _of_clauses(known: datetime, entries: dict[str, list[Entry]]) -> Iterator[Followed]:
    facts = law.facts()
    for adopted in (one.at(Moment(known)) for one in facts.adopted):
        for one in clause_duties.duties(adopted, facts.us, known):
            yield Followed(one, tuple(entries.get(one.key, ())), slug=adopted.slug)


def _of_rows(rows: Iterable[Row], entries: dict[str, list[Entry]]) -> Iterator[Followed]:
    calendars, us = our_calendars(), law.facts().us
    for row in rows:
        if row.status == Status.CONFIRMED.value:
            one = Undertaking(
                key=str(row.uid),
                what=row.what,
                since=row.since,
                reckoning=Reckoning(row.zone, calendars=calendars),
                rule=DueRule.read(row.rule) if row.rule else None,
                report=DueRule.read(row.report) if row.report else None,
                evidence=row.evidence,
            )
            yield Followed(one, tuple(entries.get(one.key, ())), row, ours=row.by_id == us)


_Gathered = tuple[list[Followed], dict[str, list[Entry]]]
"""All that is recorded here, whenever it came to be known, and the entries of every undertaking."""


def _gathered() -> _Gathered:
    entries = _entries(UndertakingEntry.objects.all())
    return list(_of_rows(Row.objects.all(), entries)), entries


def _known(gathered: _Gathered, known: datetime) -> list[Followed]:
    recorded, entries = gathered
    return [*_of_clauses(known, entries), *(one for one in recorded if one.is_known(known))]


def _entries(rows: QuerySet[UndertakingEntry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    columns = rows.order_by("sequence", "id").values_list(
        "key", "id", "kind", "effective_on", "recorded_at", "says", "number", "source", "recorded_by", "supersedes_id")
    for key, number, kind, day, at, says, time, source, by, corrects in columns:
        found.setdefault(key, []).append(
            Entry(number, EntryKind(kind), day, moments.moment(at), says, time, source, by, corrects))  # fmt: skip
    return found


def our_calendars() -> tuple[WorkCalendar, ...]:
    """Return our days off, as the adopted agreements hold them together; the usual weekend where none does."""
    facts = law.facts()
    ours = [party.calendar for one in facts.adopted for party in one.agreement.parties if party.code == facts.us]
    if not ours:
        return (USUAL_CALENDAR,)
    return (WorkCalendar(frozenset().union(*(one.holidays for one in ours)), ours[0].weekend),)


@dataclass(frozen=True, slots=True)
class Due:
    """One time of one undertaking that is due, for a list."""

    item: Item
    of: Followed

    @property
    def day(self) -> date | None:
        """Give the day on which it is due."""
        return self.item.by.day if self.item.by is not None else None


SHOWN = frozenset({State.OVERDUE, State.DUE, State.AHEAD})


def due(asked: Asked, days: int) -> list[Due]:
    """Return what is overdue on a day or falls due by *days* after it, most overdue first."""
    found = [one for one in standing(asked, None, asked.on + timedelta(days=days)) if one.item.state in SHOWN]
    return sorted(found, key=lambda one: (one.day or date.max, one.of.undertaking.key))


def standing(asked: Asked, first: date | None, last: date) -> list[Due]:
    """Return how each time from *first* to *last* stands; without *first*, from the day since which each is followed.

    What was found last is kept for as long as nothing is recorded, no hour strikes and the question is the same:
    undertakings are only added to, so the newest of each kind says whether anything is new.
    """
    with_store = _Store.read()
    if connection.in_atomic_block:
        return _standing(_gathered(), asked, first, last)
    gathered = _HELD.get(with_store)
    if gathered is None:
        gathered = _gathered()
        _HELD.clear()
        _HELD[with_store] = gathered
    if moments.micros(asked.known) < with_store.stamp:
        return _standing(gathered, asked, first, last)
    key = (with_store, asked.on, asked.known.date(), first, last)
    kept = _KEPT.get(key)
    if kept is None or not kept[1] <= asked.known < kept[2]:
        found = _standing(gathered, asked, first, last)
        hours = (one.item.by.instant for one in found if one.item.by is not None and one.item.by.instant is not None)
        strikes = min((hour for hour in hours if hour > asked.known), default=datetime.max.replace(tzinfo=UTC))
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        kept = _KEPT[key] = (found, asked.known, strikes)
    return kept[0]


def _standing(gathered: _Gathered, asked: Asked, first: date | None, last: date) -> list[Due]:
    return [
        Due(item, one)
        for one in _known(gathered, asked.known)
        for item in one.items(asked, last, one.undertaking.since if first is None else first)
    ]


@dataclass(frozen=True, slots=True)
class _Store:
    """What tells whether anything was recorded: the state of the law, and the newest row of each kind."""

    us: str
    law: int
    stamp: int
    row: int
    entry: int

    @classmethod
    def read(cls) -> Self:
        node = Node.objects.values_list("party_id", "law", "stamp").get()
        newest = [
            model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0 for model in (Row, UndertakingEntry)
        ]
        return cls(*node, *newest)


def forget() -> None:
    """Drop what was found last: for a process whose store was replaced under it."""
    _KEPT.clear()
    _HELD.clear()


MOST_KEPT = 8
_KEPT: dict[tuple[_Store, date, date, date | None, date], tuple[list[Due], datetime, datetime]] = {}
_HELD: dict[_Store, _Gathered] = {}
"""What is recorded in the store as it stands now, read once: whatever day is asked for, it begins with this."""
