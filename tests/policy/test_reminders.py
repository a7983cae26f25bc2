"""The ladder of reminders: which step is reached on which day, against a plain reading of the ladder."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from comity.policy.dates import Deadline
from comity.policy.reminders import LADDER, THEN_EVERY, Audience, reminders, step_on
from comity.policy.undertaking_words import Part, State
from comity.policy.undertakings import Item

DUE = date(2026, 12, 31)
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def sent(due: date, days: list[date]) -> list[int]:
    """Run a sender that remembers the names it has sent, on some days; give the steps in the order of sending."""
    log: dict[str, int] = {}
    for day in days:
        state = State.OVERDUE if due < day else State.AHEAD
        for reminder in reminders([Item("pledge", Part.DUTY, 1, "it", state, Deadline(due))], day):
            log.setdefault(reminder.name, reminder.step.days)
    return list(log.values())


def test_a_desk_that_looks_every_day_sends_every_step_once() -> None:
    days = [DUE + timedelta(days=n) for n in range(-60, 45)]
    assert sent(DUE, days) == [-30, -7, -1, 0, 1, 7, 14, 28, 42]


def test_a_desk_that_was_off_sends_one_reminder_and_not_all_that_were_missed() -> None:
    assert sent(DUE, [DUE - timedelta(days=40), DUE + timedelta(days=3)]) == [1]


def test_what_is_long_overdue_reaches_everyone() -> None:
    step = step_on(DUE, DUE + timedelta(days=400))
    assert step is not None
    assert step.audience is Audience.EVERYONE


@given(DAYS, DAYS)
def test_the_step_is_the_latest_that_a_walk_through_the_days_meets(due: date, today: date) -> None:
    met, later = None, {LADDER[-1].days + THEN_EVERY * n for n in range(1, 80)}
    for passed in range(-40, (today - due).days + 1):
        if passed in later or any(step.days == passed for step in LADDER):
            met = passed
    found = step_on(due, today)
    assert (found.days if found else None) == met


@given(st.sampled_from(State), DAYS, DAYS)
def test_nothing_is_sent_of_what_is_closed(state: State, due: date, today: date) -> None:
    found = list(reminders([Item("pledge", Part.DUTY, 1, "it", state, Deadline(due))], today))
    closed = {State.DONE, State.CANCELLED, State.NOT_BINDING, State.NOT_FOLLOWED, State.WAITS, State.UNDATED}
    assert not (found and state in closed)


def test_a_moved_day_is_reminded_of_anew() -> None:
    first = next(reminders([Item("k", Part.DUTY, 1, "it", State.AHEAD, Deadline(DUE))], DUE))
    moved = next(reminders([Item("k", Part.DUTY, 1, "it", State.AHEAD, Deadline(date(2027, 1, 7)))], date(2027, 1, 7)))
    assert first.name != moved.name
