"""Duties with due dates: what a request makes due, what comes back every so often, and what follows from it.

A working day is judged by the holidays that counsel settled on (`settles.whose_holidays_count`, or the clause's own
`clock_party`): the receiver's, the sender's, those of both (a day off on either side does not count), or neither's
(then only the usual weekend is left out).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from comity.policy.agreements import Agreement, Clause, Recurrence
from comity.policy.dates import (
    ONE_DAY,
    USUAL_CALENDAR,
    DateOutOfRangeError,
    Deadline,
    WorkCalendar,
    add_months,
    deadline,
    last_day_after,
    local_day,
    shift,
)
from comity.policy.vocabulary import MonthEnd, Trigger, Urgency, WhoseHolidays

FEBRUARY = 2


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due: which clause says so, what it is, and when at the latest.

    `number` counts the times of a duty that comes back, from 1; `if_missed` says what follows when it is not done.
    """

    agreement: str
    clause: str
    what: str
    by: Deadline
    number: int | None = None
    if_missed: str | None = None


def calendars(
    agreement: Agreement, whose: WhoseHolidays, receiver: str, sender: str | None
) -> tuple[WorkCalendar, ...]:
    """Give the calendars by which working days count, for one request between two parties.

    Without a `sender` every party but the receiver stands for the other side.
    """
    others = [
        party for party in agreement.parties if party.code == sender or (sender is None and party.code != receiver)
    ]
    receivers = [party for party in agreement.parties if party.code == receiver]
    chosen = {
        WhoseHolidays.RECEIVER: receivers,
        WhoseHolidays.SENDER: others,
        WhoseHolidays.BOTH: receivers + others,
        WhoseHolidays.NEITHER: [],
    }[whose]
    return tuple(party.calendar for party in chosen) or (USUAL_CALENDAR,)


def due_on_request(
    agreement: Agreement, received: datetime, urgency: Urgency, receiver: str, sender: str | None = None
) -> tuple[Due, ...]:
    """Give what a request for help makes due, received at an instant (aware); every clause that speaks of it."""
    return due_on_trigger(agreement, Trigger.REQUEST, received, urgency, receiver, sender)


def due_on_trigger(
    agreement: Agreement, trigger: Trigger, at: datetime, urgency: Urgency, receiver: str, sender: str | None = None
) -> tuple[Due, ...]:
    """Give what a trigger makes due that came at an instant (aware), on the days on which its clauses count."""
    settles = agreement.settles
    found = []
    for clause in agreement.clauses:
        if clause.trigger is not trigger or not _counts(agreement, clause, at):
            continue
        sides = calendars(agreement, clause.clock_party or settles.whose_holidays_count, receiver, sender)
        steps = [(one.step, one.within) for one in clause.due if one.urgency is urgency]
        for step, within in (*steps, *clause.then):
            rule, inside = settles.month_end_rule, settles.last_day_inside
            by = deadline(at, within, agreement.time_zone, rule, sides, inside=inside)
            found.append(Due(agreement.name, clause.id, step, by, if_missed=clause.if_missed))
    return tuple(found)


def _counts(agreement: Agreement, clause: Clause, at: datetime) -> bool:
    day = local_day(at, agreement.time_zone)
    return (clause.valid_from or day) <= day <= (clause.valid_until or day)


def occurrences(agreement: Agreement, clause: Clause, in_force: date) -> Iterator[Due]:
    """Give each time that a clause falls due, from the first after entry into force on `in_force`, for ever.

    The series ends with the clause (`until`) or with the calendar. Each date is counted from the anchor at once.
    """
    if clause.repeats is None:
        return
    number = 0
    for step in count(0):
        try:
            day = _occurrence(agreement, clause.repeats, in_force, step)
        except DateOutOfRangeError:
            return
        if clause.valid_until is not None and day > clause.valid_until:
            return
        if day > in_force and day >= (clause.valid_from or day):
            number += 1
            what = clause.evidence or clause.says
            yield Due(agreement.name, clause.id, what, Deadline(day), number, clause.if_missed)


def _occurrence(agreement: Agreement, repeats: Recurrence, in_force: date, step: int) -> date:
    settles = agreement.settles
    if repeats.by_month is not None and repeats.by_day is not None:
        return _in_year(in_force.year + step, repeats.by_month, repeats.by_day, settles.month_end_rule)
    if repeats.anchor is not None:
        return shift(repeats.anchor, repeats.every, settles.month_end_rule, step)
    full = shift(in_force, repeats.every, settles.month_end_rule, step)
    return full if settles.last_day_inside or step == 0 else full - ONE_DAY


def _in_year(year: int, month: int, day: int, rule: MonthEnd) -> date:
    """Give a day of a year; 29 February in a common year by the month-end rule."""
    if month == FEBRUARY and day > 28:  # noqa: PLR2004 (the days that February always has)
        return add_months(date(2024, FEBRUARY, day), 12 * (year - 2024), rule)
    if year > date.max.year:
        message = f"the year {year} is beyond the calendar"
        raise DateOutOfRangeError(message)
    return date(year, month, day)


def follow_up(agreement: Agreement, clause: Clause, done_on: date) -> tuple[Due, ...]:
    """Give what follows when a clause's duty was done on a day: the after-action report, 45 days after the exercise."""
    rule, inside = agreement.settles.month_end_rule, agreement.settles.last_day_inside
    return tuple(
        Due(
            agreement.name,
            clause.id,
            what,
            Deadline(last_day_after(done_on, within, rule, inside=inside)),
            if_missed=clause.if_missed,
        )
        for what, within in clause.then
    )
