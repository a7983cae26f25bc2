"""The duties that an agreement’s clauses make due, as undertakings: read from the agreement, kept nowhere else."""

from collections.abc import Iterator
from datetime import date, datetime

from comity.policy.agreements import Agreement, Clause
from comity.policy.course import course
from comity.policy.dates import EARLIEST_DAY, LATEST_DAY, ONE_DAY, USUAL_CALENDAR, local_day
from comity.policy.life_events import known
from comity.policy.recurrence import Reckoning
from comity.policy.release import Adopted
from comity.policy.standing import State, standing, turning_days
from comity.policy.undertakings import Undertaking

BOUND = frozenset({State.IN_FORCE, State.PROVISIONAL})


def key_of(slug: str, clause: str) -> str:
    """Give the key under which entries on a clause's duty are recorded."""
    return f"clause:{slug}:{clause}"


def duties(adopted: Adopted, party: str, known_at: datetime) -> Iterator[Undertaking]:
    """Give the duties of `party` that come back or that a request starts, as known at a moment.

    There are none before the agreement was adopted here.
    """
    agreement = adopted.agreement
    if adopted.adopted_at > known_at or agreement.party(party) is None:
        return
    start = course(agreement, known(adopted.events, known_at)).begins
    since = local_day(adopted.adopted_at, agreement.time_zone)
    calendars = tuple(one.calendar for one in agreement.parties if one.code == party) or (USUAL_CALENDAR,)
    reckoning = Reckoning(agreement.time_zone, agreement.settles.month_end_rule, agreement.settles.last_day_inside,
                          calendars)  # fmt: skip
    for clause in agreement.clauses:
        if clause.repeats is not None or clause.trigger is not None:
            yield Undertaking(
                key=key_of(adopted.slug, clause.id),
                what=clause.evidence or clause.says,
                since=since,
                reckoning=reckoning,
                agreement=agreement,
                clause=clause,
                in_force=start,
                unbound=tuple(unbound(adopted, clause, party, known_at)),
                evidence=clause.evidence or "",
                party=party,
            )


def unbound(adopted: Adopted, clause: Clause, party: str, known_at: datetime) -> Iterator[tuple[date, date]]:
    """Give the spans of days, both ends inside, on which a clause does not bind a party, by the calendar as known."""
    agreement: Agreement = adopted.agreement
    turns = sorted(turning_days(agreement, adopted.events, known_at))
    starts = [EARLIEST_DAY, *(day for day in turns if day > EARLIEST_DAY)]
    for first, after in zip(starts, [*starts[1:], LATEST_DAY + ONE_DAY], strict=True):
        there = standing(agreement, adopted.events, party, first, known_at)
        if there.state not in BOUND or clause.id in there.excluded:
            yield first, after - ONE_DAY
