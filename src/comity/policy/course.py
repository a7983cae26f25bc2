"""The course of an agreement's life, laid out from its terms and the events that count."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from comity.policy.agreements import Agreement, CountedFrom, NoticeBy, RenewalKind
from comity.policy.dates import ONE_DAY, last_day_after, last_day_from
from comity.policy.life_events import FROM_THE_FILE, Dated, EventKind, Order, of_kind

ALWAYS = (date.min, FROM_THE_FILE, -1)
FEWEST_PARTIES = 2


@dataclass(frozen=True, slots=True)
class Turn:
    """From the beginning of `day` the agreement binds (`opens`) or no longer does; `place` says where that stands."""

    order: Order
    opens: bool
    place: str

    @property
    def day(self) -> date:
        """Give the first day of what the turn brings."""
        return self.order[0]


@dataclass(frozen=True, slots=True)
class Spell:
    """Something that holds from one day to another (None: open), for one party or for all."""

    order: Order
    until: date | None
    party: str | None
    clauses: tuple[str, ...] | None = None

    def covers(self, party: str, on: date) -> bool:
        """Tell whether the spell holds for `party` on a day."""
        return self.party in {None, party} and self.order[0] <= on and (self.until is None or on <= self.until)

    def days(self) -> tuple[date, ...]:
        """Give the days on which it begins and on which it is over."""
        return (self.order[0],) if self.until is None else (self.order[0], self.until + ONE_DAY)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that runs: its last day in force, who gave it, and from when it is known to run."""

    order: Order
    last_day: date
    party: str
    place: str


@dataclass(frozen=True, slots=True)
class Course:
    """The turns of the agreement and of each party, and what lies over them."""

    agreement: Agreement
    events: tuple[Dated, ...]
    whole: tuple[Turn, ...]
    parties: tuple[tuple[str, tuple[Turn, ...]], ...]
    provisionals: tuple[Spell, ...]
    suspensions: tuple[Spell, ...]
    resumptions: tuple[Dated, ...]
    notices: tuple[Notice, ...]

    @property
    def begins(self) -> date | None:
        """Give the day on which the agreement enters into force as a whole, None while that is not known."""
        return _start(self.agreement, self.events)

    def decisive(self, party: str, on: date) -> Turn | None:
        """Give the turn that decides for `party` on a day: a closing one, or the later of two openings; None: not yet.

        A closing of the whole agreement goes before one of the party's own.
        """
        whole, own = _last(self.whole, on), _last(self._turns_of(party), on)
        if whole is not None and not whole.opens:
            return whole
        if own is not None and not own.opens:
            return own
        if whole is None or own is None:
            return None
        few = self._too_few(on)
        return few or max(whole, own, key=lambda turn: turn.order)

    def bound_from(self, party: str, on: date) -> date | None:
        """Give the first day on which `party` is bound or applies it provisionally, None when none is known.

        Of a party that left and joined again by `on` it is the day on which it joined again.
        """
        spells = (spell.order[0] for spell in self.provisionals if spell.party in {None, party})
        days = {turn.day for turn in (*self.whole, *self._turns_of(party)) if turn.opens}
        bound = (day for day in days if (turn := self.decisive(party, day)) is not None and turn.opens)
        found = sorted(chain(spells, bound))
        left = max((turn.day for turn in self._turns_of(party) if not turn.opens and turn.day <= on), default=date.min)
        return next((day for day in found if left <= day <= on), min(found, default=None))

    def provisional(self, party: str, on: date) -> Spell | None:
        """Give the provisional application that holds for `party` on a day."""
        return next((spell for spell in self.provisionals if spell.covers(party, on)), None)

    def suspended(self, party: str, on: date) -> Spell | None:
        """Give the suspension that holds for `party` on a day and was not ended by then."""
        resumed = {one: self._resumed(one, on) for one in (None, party)}
        return next(
            (spell for spell in self.suspensions if spell.covers(party, on) and spell.order >= resumed[spell.party]),
            None,
        )

    def reserved(self, party: str, on: date) -> frozenset[str]:
        """Give the clauses to which `party` has a reservation on a day."""
        clauses = {
            clause
            for one in self.agreement.reservations
            if one.party == party and (one.from_day is None or one.from_day <= on)
            for clause in one.clauses
        }
        acts = of_kind(self.events, EventKind.RESERVATION, EventKind.WITHDRAWAL_OF_RESERVATION)
        for event in (dated.event for dated in acts if dated.event.party == party and dated.event.effective_on <= on):
            if event.kind is EventKind.RESERVATION:
                clauses |= set(event.clauses) if event.until is None or on <= event.until else set()
            else:
                clauses -= set(event.clauses or clauses)
        return frozenset(clauses)

    def notice_until(self, party: str, on: date) -> date | None:
        """Give the last day for `party` under the notices that run on a day."""
        running = (
            notice.last_day
            for notice in self.notices
            if notice.order[0] <= on <= notice.last_day and (self.agreement.bilateral or notice.party == party)
        )
        return min(running, default=None)

    def notice_unreceived(self, party: str, on: date) -> bool:
        """Tell whether a notice waits for the record of its receipt before it can run."""
        return any(
            _counted(self.agreement, dated) is None
            for dated in of_kind(self.events, EventKind.NOTICE_OF_TERMINATION, EventKind.NOTICE_AGAINST_RENEWAL)
            if dated.event.effective_on <= on and (self.agreement.bilateral or dated.event.party == party)
        )

    def days(self) -> frozenset[date]:
        """Give every day on which a state, a reservation or a notice may begin or be over, by the calendar alone."""
        turns = chain(self.whole, *(turns for _, turns in self.parties))
        spells = chain(self.provisionals, self.suspensions)
        found = {turn.day for turn in turns if turn.order != ALWAYS}
        found |= set(chain.from_iterable(spell.days() for spell in spells))
        found |= {one.from_day for one in self.agreement.reservations if one.from_day is not None}
        found |= {dated.event.effective_on for dated in self.events}
        found |= {dated.event.until + ONE_DAY for dated in self.events if dated.event.until is not None}
        for notice in self.notices:
            found |= {notice.order[0], notice.last_day + ONE_DAY}
        for clause in self.agreement.clauses:
            found |= {clause.valid_from} if clause.valid_from else set()
            found |= {clause.valid_until + ONE_DAY} if clause.valid_until else set()
        return frozenset(found)

    def renewal_days(self, known_on: date) -> Iterator[date]:
        """Give the first days of the tacitly renewed terms, to the second one after `known_on`."""
        rule, start, renewal = self.agreement.terms(), _start(self.agreement, self.events), self.agreement.life.renewal
        if rule is None or start is None or renewal is None or renewal.kind is not RenewalKind.TACIT:
            return
        last = rule.term_on(start, known_on).number + FEWEST_PARTIES
        yield from (rule.term(start, number).first_day for number in range(1, last + 1))

    def _turns_of(self, party: str) -> tuple[Turn, ...]:
        return dict(self.parties).get(party, ())

    def _resumed(self, party: str | None, on: date) -> Order:
        """Give the last resumption by a day that ends a suspension for `party` (None: for all)."""
        ends = (
            dated.order
            for dated in reversed(self.resumptions)
            if dated.event.effective_on <= on and (dated.event.party in {None, party} or self.agreement.bilateral)
        )
        return next(ends, ALWAYS)

    def _too_few(self, on: date) -> Turn | None:
        own = [_last(turns, on) for _, turns in self.parties]
        if sum(turn is not None and turn.opens for turn in own) >= FEWEST_PARTIES:
            return None
        left = [turn.order for turn in own if turn is not None and not turn.opens]
        return Turn(max(left), opens=False, place="life.parties") if left else None


def course(agreement: Agreement, events: tuple[Dated, ...]) -> Course:
    """Lay out the course of an agreement from its terms and the events that count, in the order of their effect."""
    notices = tuple(_notices(agreement, events))
    return Course(
        agreement,
        events,
        _in_order(_whole_turns(agreement, events, notices)),
        tuple(
            (party.code, _in_order(_party_turns(agreement, events, notices, party.code))) for party in agreement.parties
        ),
        tuple(_provisionals(agreement, events)),
        tuple(_suspensions(agreement, events)),
        of_kind(events, EventKind.END_OF_SUSPENSION),
        notices,
    )


def _last(turns: Iterable[Turn], on: date) -> Turn | None:
    return max((turn for turn in turns if turn.day <= on), key=lambda turn: turn.order, default=None)


def _in_order(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    return tuple(sorted(turns, key=lambda turn: turn.order))


def _start(agreement: Agreement, events: tuple[Dated, ...]) -> date | None:
    entries = [d.event.effective_on for d in of_kind(events, EventKind.ENTRY_INTO_FORCE) if d.event.party is None]
    return min(entries, default=agreement.life.in_force)


def _whole_turns(agreement: Agreement, events: tuple[Dated, ...], notices: tuple[Notice, ...]) -> Iterator[Turn]:
    closings = [*_endings(agreement, events, notices)]
    entries = [d for d in of_kind(events, EventKind.ENTRY_INTO_FORCE) if d.event.party is None]
    start = agreement.life.in_force
    if not entries and start is not None and not any(turn.day <= start for turn in closings):
        yield Turn((start, FROM_THE_FILE, -1), opens=True, place="life.in_force")
    yield from (Turn(dated.order, opens=True, place="life.in_force") for dated in entries)
    yield from closings
    yield from _renewals(agreement, events)
    begun = _start(agreement, events)
    if begun is not None:
        yield from _term_end(agreement, begun)


def _endings(agreement: Agreement, events: tuple[Dated, ...], notices: tuple[Notice, ...]) -> Iterator[Turn]:
    for dated in of_kind(events, EventKind.TERMINATION, EventKind.EXPIRY):
        place = "life.expiry" if dated.event.kind is EventKind.EXPIRY else "life.termination"
        yield Turn(dated.order, opens=False, place=place)
    if agreement.bilateral:
        withdrawals = of_kind(events, EventKind.WITHDRAWAL)
        yield from (Turn(dated.order, opens=False, place="life.withdrawal") for dated in withdrawals)
        yield from (_after(notice) for notice in notices)


def _after(notice: Notice) -> Turn:
    return Turn((notice.last_day + ONE_DAY, *notice.order[1:]), opens=False, place=notice.place)


def _renewals(agreement: Agreement, events: tuple[Dated, ...]) -> Iterator[Turn]:
    renewal = agreement.life.renewal
    for dated in of_kind(events, EventKind.RENEWAL):
        yield Turn(dated.order, opens=True, place="life.renewal")
        first, last = dated.event.effective_on, dated.event.until
        if last is None and renewal is not None and renewal.kind is RenewalKind.EXPRESS:
            last = last_day_from(first, renewal.each, agreement.settles.month_end_rule)
        if last is not None:
            yield Turn((last + ONE_DAY, FROM_THE_FILE, dated.place), opens=False, place="life.expiry")


def _term_end(agreement: Agreement, start: date) -> Iterator[Turn]:
    rule, renewal = agreement.terms(), agreement.life.renewal
    if rule is not None and (renewal is None or renewal.kind is RenewalKind.EXPRESS):
        yield Turn((rule.term(start, 1).last_day + ONE_DAY, FROM_THE_FILE, -1), opens=False, place="life.expiry")


def _party_turns(
    agreement: Agreement, events: tuple[Dated, ...], notices: tuple[Notice, ...], code: str
) -> Iterator[Turn]:
    own = [dated for dated in events if dated.event.party == code]
    entries = of_kind(own, EventKind.ACCESSION, EventKind.ENTRY_INTO_FORCE)
    party = agreement.party(code)
    if party is not None and party.original and not of_kind(own, EventKind.ENTRY_INTO_FORCE):
        yield Turn(ALWAYS, opens=True, place="life.in_force")
    elif party is not None and party.joins is not None and not entries:
        yield Turn((party.joins, FROM_THE_FILE, -1), opens=True, place="life.accession")
    yield from (Turn(dated.order, opens=True, place="life.accession") for dated in entries)
    if not agreement.bilateral:
        withdrawals = of_kind(own, EventKind.WITHDRAWAL)
        yield from (Turn(dated.order, opens=False, place="life.withdrawal") for dated in withdrawals)
        yield from (_after(notice) for notice in notices if notice.party == code)


def _provisionals(agreement: Agreement, events: tuple[Dated, ...]) -> Iterator[Spell]:
    applied = agreement.life.provisional
    if applied is not None:
        yield Spell((applied.from_day, FROM_THE_FILE, -1), None, None, applied.clauses)
    for dated in of_kind(events, EventKind.PROVISIONAL_APPLICATION):
        yield Spell(dated.order, dated.event.until, dated.event.party, dated.event.clauses or None)


def _suspensions(agreement: Agreement, events: tuple[Dated, ...]) -> Iterator[Spell]:
    terms = agreement.life.suspension
    for dated in of_kind(events, EventKind.SUSPENSION):
        event = dated.event
        ends = [event.until] if event.until is not None else []
        if terms is not None and terms.longest is not None:
            ends.append(last_day_from(event.effective_on, terms.longest, agreement.settles.month_end_rule))
        yield Spell(dated.order, min(ends, default=None), None if agreement.bilateral else event.party)


def _notices(agreement: Agreement, events: tuple[Dated, ...]) -> Iterator[Notice]:
    for dated in of_kind(events, EventKind.NOTICE_OF_TERMINATION, EventKind.NOTICE_AGAINST_RENEWAL):
        last = _notice_last_day(agreement, events, dated)
        if last is not None and dated.event.party is not None and not _revoked(events, dated, last):
            ended = dated.event.kind is EventKind.NOTICE_AGAINST_RENEWAL
            leaves = "life.expiry" if ended else "life.termination"
            yield Notice(dated.order, last, dated.event.party, leaves if agreement.bilateral else "life.withdrawal")


def _revoked(events: tuple[Dated, ...], notice: Dated, last_day: date) -> bool:
    return any(
        dated.event.party == notice.event.party and notice.order < dated.order and dated.event.effective_on <= last_day
        for dated in of_kind(events, EventKind.REVOCATION_OF_NOTICE)
    )


def _counted(agreement: Agreement, dated: Dated) -> date | None:
    """Give the day from which a notice counts, None while the day of its receipt is not recorded."""
    life, renews = agreement.life, dated.event.kind is EventKind.NOTICE_AGAINST_RENEWAL
    terms = life.renewal if renews else life.termination
    counted_from = terms.counted_from if terms is not None else CountedFrom.RECEIPT
    return dated.event.effective_on if counted_from is CountedFrom.SENDING else dated.event.received_on


def _notice_last_day(agreement: Agreement, events: tuple[Dated, ...], dated: Dated) -> date | None:
    counted, settles = _counted(agreement, dated), agreement.settles
    if counted is None:
        return None
    if dated.event.kind is EventKind.NOTICE_OF_TERMINATION:
        terms = agreement.life.termination
        if terms is None or terms.by is NoticeBy.BOTH:
            return None
        return last_day_after(counted, terms.notice, settles.month_end_rule, inside=settles.last_day_inside)
    rule, start = agreement.terms(), _start(agreement, events)
    return None if rule is None or start is None else rule.stopped_by(start, counted).last_day
