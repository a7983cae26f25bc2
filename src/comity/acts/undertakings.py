"""Undertakings: those of adopted agreements and those recorded here, side by side, and what is recorded of them."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import law, moments, sources, zones
from comity.acts.agreements import Rejected
from comity.models import EngagementLine, Instrument, Node, Party, Provision, UndertakingEntry
from comity.models import Undertaking as Row
from comity.policy import clause_duties
from comity.policy.dates import USUAL_CALENDAR, WorkCalendar, local_day
from comity.policy.participation import Status
from comity.policy.recurrence import DueRule, Reckoning
from comity.policy.release import Moment
from comity.policy.undertakings import (
    Asked,
    Entry,
    EntryKind,
    Item,
    State,
    Undertaking,
    items,
    objections,
)


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

    def items(self, asked: Asked, last: date) -> tuple[Item, ...]:
        """Give its times due by a day, and those without one."""
        return items(self.undertaking, self.entries, asked, last)


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
    for rule in (promised.rule, promised.report):
        try:
            _canonical(rule)
        except ValueError as error:
            yield f"{error}."
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
    entries = _entries(UndertakingEntry.objects.order_by("sequence", "id"))
    return [*_of_clauses(known, entries), *_of_rows(Row.objects.all(), known, entries)]


def find(key: str, known: datetime) -> Followed | None:
    """Return one undertaking by its key, None where none is known by that moment."""
    entries = _entries(UndertakingEntry.objects.filter(key=key).order_by("sequence", "id"))
    if key.startswith("clause:"):
        return next((one for one in _of_clauses(known, entries) if one.undertaking.key == key), None)
    try:
        uid = uuid.UUID(key)
    except ValueError:
        return None
    return next(_of_rows(Row.objects.filter(uid=uid), known, entries), None)


def _of_clauses(known: datetime, entries: dict[str, list[Entry]]) -> Iterator[Followed]:
    facts = law.facts()
    for adopted in (one.at(Moment(known)) for one in facts.adopted):
        for one in clause_duties.duties(adopted, facts.us, known):
            yield Followed(one, tuple(entries.get(one.key, ())), slug=adopted.slug)


def _of_rows(rows: Iterable[Row], known: datetime, entries: dict[str, list[Entry]]) -> Iterator[Followed]:
    at, calendars, us = moments.micros(known), our_calendars(), law.facts().us
    for row in rows:
        if row.recorded_at <= at and row.status == Status.CONFIRMED.value:
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


def _entries(rows: Iterable[UndertakingEntry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(
            Entry(row.pk, EntryKind(row.kind), row.effective_on, moments.moment(row.recorded_at), row.says, row.number,
                  row.source, row.recorded_by, row.supersedes_id)
        )  # fmt: skip
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


def due(asked: Asked, days: int, only: Iterable[Followed] | None = None) -> list[Due]:
    """Return what is overdue on a day or falls due by *days* after it, most overdue first."""
    last = asked.on + timedelta(days=days)
    found = [
        Due(item, one)
        for one in (followed(asked.known) if only is None else only)
        for item in one.items(asked, last)
        if item.state in SHOWN
    ]
    return sorted(found, key=lambda one: (one.day or date.max, one.of.undertaking.key))
