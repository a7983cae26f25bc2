"""Undertakings: what was promised, when it falls due, and how it stands on any day, as known at any time.

An undertaking is what it rests on (a clause of an agreement, or a record of its own) and entries that are only ever
added. Dates follow from all that is known; whether something is done, cancelled or overdue follows from what has
effect on the day that is asked about. A time that fell due before the undertaking was followed here is “not followed”,
never “overdue”: nobody looked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from comity.policy.agreements import Agreement, Clause
from comity.policy.dates import ONE_DAY, Deadline, at_local, local_day
from comity.policy.duties import due_on_trigger, follow_up, occurrences
from comity.policy.recurrence import DueRule, Fall, Reckoning
from comity.policy.saying import sentence
from comity.policy.undertaking_words import EntryKind, Part, Reply, State
from comity.policy.vocabulary import Urgency

DONE_EVENT: Final = "done"
"""A rule such as “30 days after done” waits for each time to be done."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, with both times. `number` names a time of a series; entries stand in the order of recording."""

    id: int
    kind: EntryKind
    effective_on: date
    recorded_at: datetime
    says: str = ""
    number: int | None = None
    source: str = ""
    recorded_by: str = ""
    supersedes: int | None = None


@dataclass(frozen=True, slots=True)
class Undertaking:
    """What was undertaken. It rests on `agreement` and `clause`, or on `rule`, the first rule, with `report` beside.

    `since` is the day from which it is followed here; `unbound` are spans of days (first, last) on which the
    agreement does not bind us, so that nothing falls due.
    """

    key: str
    what: str
    since: date
    reckoning: Reckoning = field(default_factory=Reckoning)
    rule: DueRule | None = None
    report: DueRule | None = None
    agreement: Agreement | None = None
    clause: Clause | None = None
    in_force: date | None = None
    unbound: tuple[tuple[date, date], ...] = ()
    evidence: str = ""
    party: str = ""
    """Whose duty a clause's is: of what a request starts, the receiver."""

    def binds(self, day: date) -> bool:
        """Tell whether it binds on a day."""
        return not any(first <= day <= last for first, last in self.unbound)


@dataclass(frozen=True, slots=True)
class Item:
    """One time of an undertaking as it stands: when it is due, its state, who has it, when it was done and by what."""

    key: str
    part: Part
    number: int
    what: str
    state: State
    by: Deadline | None = None
    owner: str = ""
    done_on: date | None = None
    evidence: tuple[str, ...] = ()
    waits_for: str = ""

    @property
    def late(self) -> bool:
        """Tell whether it was done after it was due."""
        return self.done_on is not None and self.by is not None and self.done_on > self.by.day

    def days_over(self, on: date) -> int:
        """Give how many days it is overdue on a day, 0 where it is not."""
        return (on - self.by.day).days if self.by is not None and self.state is State.OVERDUE else 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's two times: the day it speaks of, and the moment up to which records are counted in."""

    on: date
    known: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """The entries of one undertaking that count at a moment, corrected ones left out."""

    entries: tuple[Entry, ...]
    by_kind: Mapping[EntryKind, list[Entry]] = field(default_factory=dict, compare=False)
    by_number: Mapping[tuple[EntryKind, int | None], list[Entry]] = field(default_factory=dict, compare=False)

    def of(self, kind: EntryKind, number: int | None = None) -> list[Entry]:
        """Give the entries of a kind in the order of their days, then of recording; of one number where it is given."""
        if number is None:
            return self.by_kind.get(kind, [])
        own, every = self.by_number.get((kind, number), []), self.by_number.get((kind, None), [])
        return sorted([*own, *every], key=_order) if own and every else own or every

    def last(self, kinds: Iterable[EntryKind], number: int, on: date) -> Entry | None:
        """Give the entry of some kinds that counts for one time on a day."""
        found = [one for kind in kinds for one in self.of(kind, number) if one.effective_on <= on]
        return max(found, key=_order, default=None)

    @property
    def events(self) -> dict[str, date]:
        """Give the day of each event that is known; the newest entry of an event counts."""
        return {one.says: one.effective_on for one in self.entries if one.kind is EntryKind.HAPPENED}

    def owner(self, on: date) -> str:
        """Give who has it on a day."""
        return next((one.says for one in reversed(self.of(EntryKind.ASSIGNED)) if one.effective_on <= on), "")

    def reply(self, on: date) -> Reply | None:
        """Give the state's answer as it stands on a day."""
        found = (one for one in reversed(self.of(EntryKind.REPLY)) if one.effective_on <= on)
        return next((Reply(one.says) for one in found), None)


def record(entries: Iterable[Entry], known: datetime) -> Record:
    """Gather the entries that were recorded by a moment, and that no other one recorded by then corrects."""
    there = [one for one in entries if one.recorded_at <= known]
    corrected = {one.supersedes for one in there}
    counted = tuple(one for one in there if one.id not in corrected)
    by_kind: dict[EntryKind, list[Entry]] = {}
    by_number: dict[tuple[EntryKind, int | None], list[Entry]] = {}
    for one in sorted(counted, key=_order):
        by_kind.setdefault(one.kind, []).append(one)
        by_number.setdefault((one.kind, one.number), []).append(one)
    return Record(counted, by_kind, by_number)


def _order(one: Entry) -> tuple[date, datetime, int]:
    return (one.effective_on, one.recorded_at, one.id)


def items(
    one: Undertaking, entries: Iterable[Entry], asked: Asked, last: date, first: date = date.min
) -> tuple[Item, ...]:
    """Give every time of an undertaking that is due from `first` to `last`, or has no day, in the order of days."""
    told = record(entries, asked.known)
    if one.clause is not None and one.clause.trigger is not None:
        started = (item for item in _started(one, told, asked) if item.by is not None and first <= item.by.day <= last)
        return tuple(sorted(started, key=lambda item: item.number))
    found = [*_duties(one, told, asked, first, last), *_reports(one, told, asked, last)]
    found += _following(one, told, asked, last)
    found = [item for item in found if item.by is None or item.by.day >= first]
    return tuple(sorted(found, key=lambda item: (item.by.day if item.by else date.max, item.part, item.number)))


def _duties(one: Undertaking, told: Record, asked: Asked, first: date, last: date) -> Iterator[Item]:
    moved = {entry.number: DueRule.read(entry.says) for entry in told.of(EntryKind.DUE) if entry.number is not None}
    seen, furthest = False, max(moved, default=0)
    for fall in _falls(one, told, first if not moved else date.min):
        seen = True
        if fall.by.day > last and fall.number > furthest:
            break
        rule = moved.get(fall.number)
        there = rule.fall(1, one.reckoning, told.events) if rule is not None else None
        by = there.by if there is not None else fall.by
        if by.day <= last:
            yield _item(one, told, asked, Part.DUTY, Fall(fall.number, by))
    rule = _rules(one, told)[-1][1] if one.clause is None and not seen else None
    if not seen and one.clause is None and not (rule is not None and rule.fall(1, one.reckoning, told.events)):
        yield _item(one, told, asked, Part.DUTY, None, rule.event or "" if rule is not None else "")


def _rules(one: Undertaking, told: Record) -> list[tuple[date, DueRule | None]]:
    """Give the rules with the day from which each counts. A rule for one time takes the place of all before it."""
    rules: list[tuple[date, DueRule | None]] = [(date.min, one.rule)]
    for entry in told.of(EntryKind.DUE):
        if entry.number is None:
            new, before = DueRule.read(entry.says), rules[-1][1]
            series = new.repeats and before is not None and before.repeats
            rules = [*rules, (entry.effective_on, new)] if series else [(date.min, new)]
    return rules


def _falls(one: Undertaking, told: Record, begin: date) -> Iterator[Fall]:
    """Give the times that fall due, for ever; where one series follows another, the numbers go on.

    Those before `begin` are left out where that needs no counting.
    """
    if one.clause is not None:
        yield from _of_clause(one)
        return
    rules, count = _rules(one, told), 0
    if len(rules) == 1 and rules[0][1] is not None:
        yield from rules[0][1].between(begin, date.max, one.reckoning, told.events)
        return
    for place, (first, rule) in enumerate(rules):
        if rule is None:
            continue
        end = rules[place + 1][0] - ONE_DAY if place + 1 < len(rules) else date.max
        for fall in rule.between(first, end, one.reckoning, told.events):
            count += 1
            yield Fall(count, fall.by)


def _of_clause(one: Undertaking) -> Iterator[Fall]:
    if one.agreement is None or one.clause is None or one.in_force is None:
        return
    for due in occurrences(one.agreement, one.clause, one.in_force):
        yield Fall(due.number or 1, due.by)


STEPS: Final = 100
"""A step that a request makes due bears the request's number times this, and the step's own."""
_REQUEST: Final = re.compile(r"([a-z]+) ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})")


def _started(one: Undertaking, told: Record, asked: Asked) -> Iterator[Item]:
    """Give each step that each request made due, by the clause's own times."""
    if one.agreement is None or one.clause is None or one.clause.trigger is None:
        return
    for entry in told.of(EntryKind.HAPPENED):
        urgency, at = read_request(entry.says, one.reckoning.zone)
        dues = due_on_trigger(one.agreement, one.clause.trigger, at, urgency, one.party)
        for step, due in enumerate((due for due in dues if due.clause == one.clause.id), 1):
            number = (entry.number or 1) * STEPS + step
            yield _item(one, told, asked, Part.DUTY, Fall(number, due.by), what=due.what)


def read_request(says: str, zone: str) -> tuple[Urgency, datetime]:
    """Read how urgent a request is and when it came, by the clock of a zone; raise ValueError with the mend."""
    match = _REQUEST.fullmatch(says.strip())
    if match is None or match[1] not in list(Urgency):
        raise ValueError(sentence(
            "“{says}” does not say which request came: write how urgent it is ({urgencies}) and when it came, as "
            "“normal 2027-07-09T18:00”", says=says, urgencies=tuple(Urgency)))  # fmt: skip
    try:
        return Urgency(match[1]), at_local(datetime.fromisoformat(match[2]), zone)
    except ValueError as error:
        raise ValueError(
            sentence("“{text}” is no time of the calendar; write it as 2027-07-09T18:00", text=match[2])
        ) from error


def _reports(one: Undertaking, told: Record, asked: Asked, last: date) -> Iterator[Item]:
    rules = [DueRule.read(entry.says) for entry in told.of(EntryKind.REPORT)]
    rule = rules[-1] if rules else one.report
    if rule is None:
        return
    if rule.event != DONE_EVENT:
        for fall in rule.between(date.min, last, one.reckoning, told.events):
            yield _item(one, told, asked, Part.REPORT, fall)
        return
    for number, day in done_days(told, asked.on).items():
        found = rule.fall(1, one.reckoning, {DONE_EVENT: day})
        if found is not None and found.by.day <= last:
            yield _item(one, told, asked, Part.REPORT, Fall(number, found.by))


def _following(one: Undertaking, told: Record, asked: Asked, last: date) -> Iterator[Item]:
    """Give what a clause makes due once a time of it was done; it is closed by a report of the same number."""
    if one.agreement is None or one.clause is None:
        return
    for number, day in done_days(told, asked.on).items():
        for due in follow_up(one.agreement, one.clause, day):
            if due.by.day <= last:
                yield _item(one, told, asked, Part.FOLLOWS, Fall(number, due.by), what=due.what)


def done_days(told: Record, on: date) -> Mapping[int, date]:
    """Return the times that are done on a day, by number, each with the day on which it was."""
    numbers = {entry.number or 1 for entry in told.of(EntryKind.DONE)}
    found = ((number, told.last((EntryKind.DONE, EntryKind.REOPENED), number, on)) for number in sorted(numbers))
    return {number: entry.effective_on for number, entry in found if entry and entry.kind is EntryKind.DONE}


def _item(  # noqa: PLR0913, PLR0917 (all that makes one line of the register)
    one: Undertaking, told: Record, asked: Asked, part: Part, fall: Fall | None, waits_for: str = "", what: str = ""
) -> Item:
    number = fall.number if fall is not None else 1
    closing = EntryKind.DONE if part is Part.DUTY else EntryKind.REPORTED
    reopening = (EntryKind.REOPENED,) if part is Part.DUTY else ()
    closed = told.last((closing, *reopening), number, asked.on)
    done_on = closed.effective_on if closed is not None and closed.kind is closing else None
    by = fall.by if fall is not None else None
    state = State.DONE if done_on is not None else _open_state(one, told, asked, number, by)
    if state is State.UNDATED and waits_for:
        state = State.WAITS
    shown = [entry for entry in told.of(EntryKind.EVIDENCE, number) if entry.effective_on <= asked.on]
    says = tuple(entry.says for entry in shown) if part is Part.DUTY else ()
    return Item(one.key, part, number, what or one.what, state, by, told.owner(asked.on), done_on, says, waits_for)


def _open_state(one: Undertaking, told: Record, asked: Asked, number: int, by: Deadline | None) -> State:
    if _cancelled(one, told, asked, number, by):
        return State.CANCELLED
    if by is None:
        return State.UNDATED
    if not one.binds(by.day):
        return State.NOT_BINDING
    if by.day < one.since:
        return State.NOT_FOLLOWED
    if by.day < asked.on or _hour_passed(one, asked, by):
        return State.OVERDUE
    return State.DUE if by.day == asked.on else State.AHEAD


def _hour_passed(one: Undertaking, asked: Asked, by: Deadline) -> bool:
    """Tell whether the hour has passed; it is told only of the day on which the question is asked."""
    today = local_day(asked.known, one.reckoning.zone)
    return by.instant is not None and by.day == asked.on == today and by.instant < asked.known


def _cancelled(one: Undertaking, told: Record, asked: Asked, number: int, by: Deadline | None) -> bool:
    """Tell whether one time is cancelled: it is due on or after the day of effect, or named, or the only one."""
    order = [*told.of(EntryKind.CANCELLED, number), *told.of(EntryKind.RESUMED, number)]
    cancelled = False
    for entry in sorted(order, key=_order):
        reached = by is not None and by.day >= entry.effective_on
        named = entry.number == number or not repeats(one, told)
        if reached or (named and entry.effective_on <= asked.on):
            cancelled = entry.kind is EntryKind.CANCELLED
    return cancelled


def repeats(one: Undertaking, told: Record) -> bool:
    """Tell whether an undertaking falls due more than once."""
    if one.clause is not None:
        return one.clause.repeats is not None or one.clause.trigger is not None
    return any(rule is not None and rule.repeats for _, rule in _rules(one, told))
