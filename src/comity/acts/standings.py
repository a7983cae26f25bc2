"""Where every party stands to every instrument, kept so that any day as known at any moment is one look-up.

`models.Spell` holds what `policy.stands` works out. It is renewed for an instrument whenever something of it is
recorded, inside the same transaction; a row is never changed but for the moment until which it was known.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from django.db import connection
from django.db.models import QuerySet

from comity.acts import links, lookups, moments, recorded_law
from comity.acts.links import Statement
from comity.models import Action, Agreement, Instrument, Membership, Party, Spell, Terms
from comity.policy import stands
from comity.policy.course import course as agreement_course
from comity.policy.dates import LATEST_DAY, ONE_DAY
from comity.policy.entry_terms import read as read_terms
from comity.policy.life_events import EventKind, known
from comity.policy.participation import ActionKind, Bond, InstrumentKind, Stand, Status
from comity.policy.release import Adopted
from comity.policy.standing import State, state
from comity.policy.vocabulary import Force

FOREVER: Final = 2**63 - 1
_GROUND: Final = 60
_OPEN: Final = ("SELECT party_id, stand, effective_from, effective_until, ground, id, known_from FROM comity_spell"
                " WHERE instrument_id = %s AND known_until = %s")  # fmt: skip
_NEVER_KNOWN: Final = "DELETE FROM comity_spell WHERE id = %s"
_KNOWN_UNTIL: Final = "UPDATE comity_spell SET known_until = %s WHERE id = %s"
_SPELL: Final = ("INSERT INTO comity_spell (instrument_id, party_id, stand, effective_from, effective_until,"
                 " known_from, known_until, ground) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)")  # fmt: skip
_AS: Final = {State.PROVISIONAL: Stand.PROVISIONAL, State.IN_FORCE: Stand.PARTY, State.SUSPENDED: Stand.SUSPENDED,
              State.ENDED: Stand.LEFT}  # fmt: skip
_TOWARDS: Final = {EventKind.SIGNATURE: Stand.SIGNATORY, EventKind.RATIFICATION: Stand.CONTRACTING}


@dataclass(frozen=True, slots=True)
class AsOf:
    """A question's day, and the moment as known at which it is asked (microseconds since 1970 UTC)."""

    on: date
    known_at: int

    def of(self, spells: QuerySet[Spell]) -> QuerySet[Spell]:
        """Give those of the spells that hold on the day, as known then."""
        return spells.filter(effective_from__lte=self.on, effective_until__gt=self.on,
                             known_from__lte=self.known_at, known_until__gt=self.known_at)  # fmt: skip


def as_of(on: date | None, known: date | None, now: datetime) -> AsOf:
    """Give the question of a day (None: today), as known at the end of a day (None: now)."""
    at = moments.micros(now)
    if known is not None:
        at = min(at, moments.micros(datetime.combine(known + ONE_DAY, time(), now.tzinfo)) - 1)
    return AsOf(on or known or now.date(), at)


def register_of(instrument: Instrument) -> stands.Register:
    """Read all that is recorded of an instrument which is no agreement adopted here."""
    rules = [stands.Rule(row.pk, read_terms(row.body), Status(row.status), row.recorded_at, row.supersedes_id)
             for row in Terms.objects.filter(instrument=instrument)]  # fmt: skip
    groups = {rule.terms.covers.group for rule in rules if rule.terms.covers}
    groups |= {rule.terms.threshold.group for rule in rules if rule.terms.threshold and rule.terms.threshold.group}
    states = (Party.Kind.STATE, Party.Kind.TERRITORY)
    return stands.Register(
        Bond(instrument.bond),
        [_act(row) for row in Action.objects.filter(instrument=instrument).order_by("pk")],
        rules,
        [_member(row) for row in Membership.objects.filter(group__in=groups, capacity="member").order_by("pk")],
        frozenset(Party.objects.exclude(kind__in=states).values_list("code", flat=True)),
    )


def _act(row: Action) -> stands.Act:
    return stands.Act(row.pk, ActionKind(row.kind), Status(row.status), row.recorded_at, row.party_id or "",
                      row.effective_on, row.until, row.supersedes_id)  # fmt: skip


def _member(row: Membership) -> stands.Member:
    return stands.Member(row.pk, row.group_id, row.member_id, Status(row.status), row.recorded_at, row.effective_on,
                         row.until, row.supersedes_id)  # fmt: skip


def course_of(instrument: Instrument, known_at: int) -> stands.Course:
    """Lay out the life of an instrument which is no agreement adopted here, as known at a moment."""
    return stands.course(register_of(instrument), known_at)


Worked = dict[str, tuple[stands.Spell, ...]]


def work_out(instrument: Instrument, known_at: int) -> Worked:
    """Work out the spells of every party to an instrument as known at a moment."""
    if instrument.agreement is not None:
        return _of_agreement(recorded_law.adopted_of(instrument.agreement), known_at)
    course = course_of(instrument, known_at)
    return {party: course.spells(party) for party in sorted(course.parties())}


def _of_agreement(adopted: Adopted, known_at: int) -> Worked:
    """Work out an adopted agreement's spells from its own terms and events; known from its adoption on."""
    at = moments.moment(known_at)
    if at < adopted.adopted_at:
        return {}
    newest = adopted.on(LATEST_DAY, at).agreement  # an amended text names every party that an earlier one named
    counting = known(adopted.events, at)
    towards = [dated.event for dated in counting if dated.event.kind in _TOWARDS]
    days = sorted({*adopted.turning_days(at), *(event.effective_on for event in towards)})
    texts = {day: adopted.on(day, at).agreement for day in days}
    courses = {id(text): agreement_course(text, counting) for text in {id(one): one for one in texts.values()}.values()}

    def stand_on(party: str, day: date) -> tuple[Stand, str]:
        found, clause = state(courses[id(texts[day])], party, day)
        if found is not State.NOT_IN_FORCE:
            return _AS[found], clause
        done = [event for event in towards if event.effective_on <= day and event.party in (None, party)]
        return (_TOWARDS[done[-1].kind], done[-1].kind.value) if done else (Stand.NOTHING, "")

    return {party.code: tuple(_spells(days, lambda day, code=party.code: stand_on(code, day)))  # type: ignore[misc]
            for party in newest.parties}  # fmt: skip


StandOn = Callable[[date], tuple[Stand, str]]


def _spells(days: Sequence[date], stand_on: StandOn) -> Iterator[stands.Spell]:
    start, (stand, ground) = stands.FIRST_DAY, (Stand.NOTHING, "")
    for day in (*days, stands.NO_END):
        found, by = stand_on(day) if day is not stands.NO_END else (Stand.NOTHING, "")
        if found is stand:
            continue
        if stand is not Stand.NOTHING:
            yield stands.Spell(stand, start, day, ground)
        start, stand, ground = day, found, by
    if stand is not Stand.NOTHING:
        yield stands.Spell(stand, start, stands.NO_END, ground)


def renew(instruments: Iterable[Instrument], at: int) -> None:
    """Bring the spells of instruments up to what is recorded, known from the moment *at* on; in the caller's turn."""
    for instrument in instruments:
        _renew(instrument, work_out(instrument, at), at)


def _renew(instrument: Instrument, worked: Worked, at: int) -> None:
    fresh = {(party, spell.stand.value, spell.begins, spell.ends, spell.ground[:_GROUND])
             for party, spells in worked.items() for spell in spells}  # fmt: skip
    old = {(party, stand, lookups.day(begins), lookups.day(ends), ground): (pk, since)
           for party, stand, begins, ends, ground, pk, since in lookups.rows(_OPEN, [instrument.pk, FOREVER])}
    gone = [found for value, found in old.items() if value not in fresh]
    new = [(instrument.pk, party, stand, begins.isoformat(), ends.isoformat(), at, FOREVER, ground)
           for party, stand, begins, ends, ground in sorted(fresh - set(old))]  # fmt: skip
    with connection.cursor() as cursor:
        links.run(Statement(_NEVER_KNOWN, [(pk,) for pk, since in gone if since == at]), cursor)
        links.run(Statement(_KNOWN_UNTIL, [(at, pk) for pk, since in gone if since != at]), cursor)
        links.run(Statement(_SPELL, new), cursor)


def touched_by(groups: Iterable[str]) -> list[Instrument]:
    """Give the instruments whose standing turns on who belongs to any of these groups."""
    wanted = set(groups)
    bodies = Terms.objects.select_related("instrument")
    return list({row.instrument.pk: row.instrument for row in bodies if wanted & _groups(row)}.values())


def _groups(row: Terms) -> set[str]:
    terms = read_terms(row.body)
    return {one for one in (terms.covers and terms.covers.group, terms.threshold and terms.threshold.group) if one}


def enter_agreement(row: Agreement, at: int, adopted: Adopted | None = None) -> Instrument:
    """Make an adopted agreement an instrument of the register, or bring its spells up to its newest event.

    *adopted* is what is recorded of it, where the caller has it in hand.
    """
    agreement = recorded_law.read_adopted(row.text)
    binding = agreement.force is Force.BINDING
    instrument, made = Instrument.objects.get_or_create(agreement=row, defaults={
        "slug": row.slug, "title": row.title, "fictional": agreement.fictional, "recorded_at": row.adopted_at,
        "kind": (InstrumentKind.AGREEMENT if binding else InstrumentKind.MEMORANDUM).value,
        "bond": (Bond.TREATY if binding else Bond.ARRANGEMENT).value})  # fmt: skip
    if made:
        instrument.makers.set(Party.objects.filter(code__in=[party.code for party in agreement.parties]))
    _renew(instrument, _of_agreement(adopted or recorded_law.adopted_of(row), at), at)
    return instrument


def enter_missing(at: int) -> None:
    """Enter what was adopted before there was a register."""
    for row in Agreement.objects.filter(instrument=None):
        enter_agreement(row, at)
