"""Duties and the days on which they fall due."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.policy.agreements import Clause, DueStep, Recurrence
from comity.policy.dates import Deadline, Period, Unit, WorkCalendar, at_local
from comity.policy.duties import calendars, due_on_request, due_on_trigger, follow_up, occurrences
from comity.policy.vocabulary import Effect, MonthEnd, Trigger, Urgency, WhoseHolidays
from tests.policy.builders import BILATERAL, SETTLED

IN_FORCE = date(2026, 4, 1)
HELP = Clause(
    id="A5",
    says="A request is acknowledged in 24 hours and answered in 5 working days.",
    effect=Effect.MUST,
    trigger=Trigger.REQUEST,
    due=(
        DueStep(Urgency.NORMAL, "acknowledge", Period(24, Unit.HOURS)),
        DueStep(Urgency.NORMAL, "answer", Period(5, Unit.WORKING_DAYS)),
        DueStep(Urgency.EMERGENCY, "acknowledge", Period(2, Unit.HOURS)),
    ),
    if_missed="raise to policy contacts",
)
YEARLY = Clause(
    id="A6",
    says="They report by 31 March.",
    effect=Effect.MUST,
    repeats=Recurrence(Period(1, Unit.YEARS), by_month=3, by_day=31),
    evidence="annual report",
)
EXERCISE = Clause(
    id="A7",
    says="They exercise every 18 months.",
    effect=Effect.MUST,
    repeats=Recurrence(Period(18, Unit.MONTHS)),
    then=(("after-action report", Period(45, Unit.DAYS)),),
)
BS, XA = BILATERAL.parties
AGREEMENT = replace(
    BILATERAL,
    clauses=(HELP, YEARLY, EXERCISE),
    parties=(
        replace(BS, calendar=WorkCalendar(frozenset({date(2026, 7, 10)}))),
        replace(XA, calendar=WorkCalendar(frozenset({date(2026, 7, 13)}))),
    ),
)
FRIDAY_EVE = at_local(datetime.fromisoformat("2026-07-09T18:00"), "America/Nassau")


def days(clause: Clause, many: int = 3) -> list[date]:
    return [due.by.day for due in islice(occurrences(AGREEMENT, clause, IN_FORCE), many)]


def test_a_request_makes_its_steps_due_by_the_receivers_calendar() -> None:
    acknowledge, answer = due_on_request(AGREEMENT, FRIDAY_EVE, Urgency.NORMAL, "BS")
    assert (acknowledge.what, acknowledge.by.instant) == ("acknowledge", FRIDAY_EVE + timedelta(hours=24))
    assert (answer.what, answer.by.day, answer.if_missed) == ("answer", date(2026, 7, 17), "raise to policy contacts")
    (urgent,) = due_on_request(AGREEMENT, FRIDAY_EVE, Urgency.EMERGENCY, "BS")
    assert urgent.by == Deadline(date(2026, 7, 9), FRIDAY_EVE + timedelta(hours=2))


def test_whose_holidays_count_is_what_counsel_settled_unless_the_clause_says_otherwise() -> None:
    answers = {}
    for whose in WhoseHolidays:
        agreement = replace(AGREEMENT, settles=replace(SETTLED, whose_holidays_count=whose))
        answers[whose] = due_on_request(agreement, FRIDAY_EVE, Urgency.NORMAL, "BS", "XA")[1].by.day
    assert answers == {
        WhoseHolidays.RECEIVER: date(2026, 7, 17),
        WhoseHolidays.SENDER: date(2026, 7, 17),
        WhoseHolidays.BOTH: date(2026, 7, 20),
        WhoseHolidays.NEITHER: date(2026, 7, 16),
    }
    own = replace(AGREEMENT, clauses=(replace(HELP, clock_party=WhoseHolidays.BOTH),))
    assert due_on_request(own, FRIDAY_EVE, Urgency.NORMAL, "BS", "XA")[1].by.day == date(2026, 7, 20)


def test_without_a_sender_every_other_party_stands_for_the_other_side() -> None:
    assert calendars(AGREEMENT, WhoseHolidays.SENDER, "BS", None) == (AGREEMENT.parties[1].calendar,)
    assert calendars(AGREEMENT, WhoseHolidays.NEITHER, "BS", None) == (WorkCalendar(),)


def test_a_yearly_report_is_first_due_after_entry_into_force() -> None:
    assert days(YEARLY) == [date(2027, 3, 31), date(2028, 3, 31), date(2029, 3, 31)]


def test_a_duty_counted_from_entry_into_force_does_not_drift() -> None:
    assert days(EXERCISE) == [date(2027, 10, 1), date(2029, 4, 1), date(2030, 10, 1)]
    outside = replace(AGREEMENT, settles=replace(SETTLED, last_day_inside=False))
    assert next(occurrences(outside, EXERCISE, IN_FORCE)).by.day == date(2027, 9, 30)


def test_31_january_stays_the_months_end() -> None:
    monthly = replace(YEARLY, repeats=Recurrence(Period(1, Unit.MONTHS), date(2027, 1, 31)))
    assert days(monthly, 4) == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


def test_29_february_follows_the_month_end_rule_in_common_years() -> None:
    leap = replace(YEARLY, repeats=Recurrence(Period(1, Unit.YEARS), by_month=2, by_day=29))
    assert days(leap, 2) == [date(2027, 2, 28), date(2028, 2, 29)]
    next_month = replace(AGREEMENT, settles=replace(SETTLED, month_end_rule=MonthEnd.NEXT_MONTH))
    assert next(occurrences(next_month, leap, IN_FORCE)).by.day == date(2027, 3, 1)


def test_a_clause_that_has_ended_makes_nothing_due() -> None:
    assert days(replace(YEARLY, valid_until=date(2028, 12, 31))) == [date(2027, 3, 31), date(2028, 3, 31)]
    assert days(replace(YEARLY, valid_from=date(2028, 1, 1)), 1) == [date(2028, 3, 31)]
    ended = replace(AGREEMENT, clauses=(replace(HELP, valid_until=date(2026, 7, 8)),))
    assert due_on_request(ended, FRIDAY_EVE, Urgency.NORMAL, "BS") == ()


def test_what_was_done_makes_the_next_step_due() -> None:
    (report,) = follow_up(AGREEMENT, EXERCISE, date(2027, 9, 20))
    assert (report.what, report.by.day) == ("after-action report", date(2027, 11, 4))


def test_other_triggers_make_other_things_due() -> None:
    told = replace(HELP, trigger=Trigger.INCIDENT)
    agreement = replace(AGREEMENT, clauses=(told,))
    assert due_on_request(agreement, FRIDAY_EVE, Urgency.NORMAL, "BS") == ()
    assert len(due_on_trigger(agreement, Trigger.INCIDENT, FRIDAY_EVE, Urgency.NORMAL, "BS")) == 2


def test_a_series_ends_with_the_calendar_and_not_with_an_error() -> None:
    centuries = replace(YEARLY, repeats=Recurrence(Period(1000, Unit.YEARS)))
    assert len(list(occurrences(AGREEMENT, centuries, IN_FORCE))) == 7
    assert len(list(occurrences(AGREEMENT, YEARLY, date(9990, 4, 1)))) == 9


@settings(max_examples=100, deadline=None)
@given(
    st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    st.integers(1, 40),
    st.sampled_from([Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS]),
    st.sampled_from(MonthEnd),
)
def test_times_rise_are_numbered_from_one_and_never_before_entry_into_force(
    in_force: date, count: int, unit: Unit, rule: MonthEnd
) -> None:
    agreement = replace(AGREEMENT, settles=replace(SETTLED, month_end_rule=rule))
    clause = replace(EXERCISE, repeats=Recurrence(Period(count, unit)))
    found = list(islice(occurrences(agreement, clause, in_force), 6))
    assert [due.number for due in found] == [1, 2, 3, 4, 5, 6]
    assert all(first.by.day < then.by.day for first, then in pairwise(found))
    assert found[0].by.day > in_force
