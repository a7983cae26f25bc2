"""The arithmetic of dates: vectors computed by hand, and properties against oracles that walk day by day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.policy.dates import (
    DateOutOfRangeError,
    Deadline,
    Period,
    TermRule,
    Unit,
    WorkCalendar,
    add_hours,
    add_months,
    add_working_days,
    at_local,
    deadline,
    is_month_end,
    last_day_after,
    last_day_before,
    last_day_from,
    local_day,
    shift,
)
from comity.policy.vocabulary import MonthEnd

LAST, NEXT, STAYS = MonthEnd.LAST_DAY, MonthEnd.NEXT_MONTH, MonthEnd.STAYS

# from, period, times, rule, expected
SHIFTS = [
    ("2026-01-15", "1 month", 1, LAST, "2026-02-15"),
    ("2026-01-31", "1 month", 1, LAST, "2026-02-28"),
    ("2028-01-31", "1 month", 1, LAST, "2028-02-29"),
    ("2026-01-31", "1 month", 2, LAST, "2026-03-31"),
    ("2026-01-31", "1 month", 3, LAST, "2026-04-30"),
    ("2027-08-31", "6 months", 1, LAST, "2028-02-29"),
    ("2028-08-31", "6 months", 1, LAST, "2029-02-28"),
    ("2026-03-31", "1 month", 1, LAST, "2026-04-30"),
    ("2026-02-28", "6 months", 1, LAST, "2026-08-28"),
    ("2026-12-31", "2 months", 1, LAST, "2027-02-28"),
    ("2026-10-30", "4 months", 1, LAST, "2027-02-28"),
    ("2028-02-29", "1 year", 1, LAST, "2029-02-28"),
    ("2028-02-29", "4 years", 1, LAST, "2032-02-29"),
    ("2096-02-29", "4 years", 1, LAST, "2100-02-28"),
    ("2000-02-29", "400 years", 1, LAST, "2400-02-29"),
    ("2026-03-31", "1 month", -1, LAST, "2026-02-28"),
    ("2026-05-31", "3 months", -1, LAST, "2026-02-28"),
    ("2028-03-30", "1 month", -1, LAST, "2028-02-29"),
    ("2026-01-15", "1 month", -1, LAST, "2025-12-15"),
    ("2026-01-31", "1 month", 1, NEXT, "2026-03-01"),
    ("2028-01-31", "1 month", 1, NEXT, "2028-03-01"),
    ("2026-01-30", "1 month", 1, NEXT, "2026-03-01"),
    ("2028-01-29", "1 month", 1, NEXT, "2028-02-29"),
    ("2026-08-31", "6 months", 1, NEXT, "2027-03-01"),
    ("2028-02-29", "1 year", 1, NEXT, "2029-03-01"),
    ("2026-03-31", "1 month", 1, NEXT, "2026-05-01"),
    ("2026-03-31", "1 month", -1, NEXT, "2026-03-01"),
    ("2026-11-30", "3 months", 1, NEXT, "2027-03-01"),
    ("2026-02-28", "6 months", 1, STAYS, "2026-08-31"),
    ("2026-04-30", "1 month", 1, STAYS, "2026-05-31"),
    ("2028-02-28", "1 month", 1, STAYS, "2028-03-28"),
    ("2028-02-29", "1 year", 1, STAYS, "2029-02-28"),
    ("2027-02-28", "1 year", 1, STAYS, "2028-02-29"),
    ("2026-01-30", "1 month", 1, STAYS, "2026-02-28"),
    ("2026-04-30", "2 months", -1, STAYS, "2026-02-28"),
    ("2026-02-27", "2 days", 1, LAST, "2026-03-01"),
    ("2028-02-27", "2 days", 1, LAST, "2028-02-29"),
    ("2026-12-28", "1 week", 1, LAST, "2027-01-04"),
    ("2026-01-01", "365 days", 1, LAST, "2027-01-01"),
    ("2028-01-01", "365 days", 1, LAST, "2028-12-31"),
    ("2026-03-08", "1 day", 1, NEXT, "2026-03-09"),
]

# event, notice, rule, is the last day inside, last day
NOTICES = [
    ("2028-08-31", "6 months", LAST, True, "2029-02-28"),
    ("2028-08-31", "6 months", LAST, False, "2029-02-27"),
    ("2028-08-31", "6 months", NEXT, True, "2029-03-01"),
    ("2028-02-29", "6 months", STAYS, True, "2028-08-31"),
    ("2026-06-15", "90 days", LAST, True, "2026-09-13"),
    ("2026-03-31", "90 days", NEXT, False, "2026-06-28"),
    ("2026-12-31", "2 months", LAST, True, "2027-02-28"),
    ("2026-06-15", "1 year", LAST, True, "2027-06-15"),
]

# end, notice, is the last day inside, last day on which it can be done
BEFORE = [
    ("2030-03-31", "90 days", True, "2029-12-31"),
    ("2032-03-31", "90 days", True, "2032-01-01"),
    ("2030-03-31", "90 days", False, "2029-12-30"),
    ("2029-03-31", "1 month", True, "2029-02-28"),
    ("2028-03-31", "1 month", True, "2028-02-29"),
    ("2026-12-31", "6 months", True, "2026-06-30"),
]

# first term, each, start, number, first day, last day
TERMS = [
    ("3 years", "2 years", "2027-04-01", 1, "2027-04-01", "2030-03-31"),
    ("3 years", "2 years", "2027-04-01", 2, "2030-04-01", "2032-03-31"),
    ("3 years", "2 years", "2027-04-01", 5, "2036-04-01", "2038-03-31"),
    ("1 month", "1 month", "2026-01-31", 1, "2026-01-31", "2026-02-27"),
    ("1 month", "1 month", "2026-01-31", 2, "2026-02-28", "2026-03-30"),
    ("1 month", "1 month", "2026-01-31", 3, "2026-03-31", "2026-04-29"),
    ("1 year", "1 year", "2028-02-29", 5, "2032-02-29", "2033-02-27"),
    ("90 days", "30 days", "2026-01-01", 2, "2026-04-01", "2026-04-30"),
    ("1 year", "30 days", "2026-01-01", 3, "2027-01-31", "2027-03-01"),
]

USUAL = WorkCalendar()
GULF = WorkCalendar(weekend=frozenset({4, 5}))


def off(*days: str) -> WorkCalendar:
    return WorkCalendar(frozenset(date.fromisoformat(day) for day in days))


# from, working days, calendars, expected
WORKING_DAYS = [
    ("2026-07-03", 5, [USUAL], "2026-07-10"),
    ("2026-07-03", 5, [off("2026-07-10")], "2026-07-13"),
    ("2027-07-09", 5, [off("2027-07-12")], "2027-07-19"),
    ("2026-12-24", 1, [off("2026-12-25", "2026-12-28")], "2026-12-29"),
    ("2026-08-01", 1, [USUAL], "2026-08-03"),
    ("2026-08-01", 1, [off("2026-08-03")], "2026-08-04"),
    ("2026-07-10", 1, [off("2026-07-11")], "2026-07-13"),
    ("2026-06-03", 2, [GULF], "2026-06-07"),
    ("2026-06-03", 2, [USUAL, GULF], "2026-06-08"),
    ("2026-06-01", 10, [USUAL, GULF], "2026-06-17"),
    ("2026-12-23", 1, [off("2026-12-24"), off("2026-12-25")], "2026-12-28"),
    ("2028-02-28", 1, [USUAL], "2028-02-29"),
]

# wall clock, zone, hours, wall clock then
HOURS = [
    ("2027-07-09T18:00", "America/Nassau", 24, "2027-07-10T18:00"),
    ("2026-03-07T18:00", "America/Nassau", 24, "2026-03-08T19:00"),
    ("2026-10-31T18:00", "America/Nassau", 24, "2026-11-01T17:00"),
    ("2026-12-29T09:00", "America/Nassau", 72, "2027-01-01T09:00"),
    ("2026-03-28T12:00", "Europe/Oslo", 24, "2026-03-29T13:00"),
    ("2026-10-24T12:00", "Europe/Oslo", 24, "2026-10-25T11:00"),
    ("2028-02-28T12:00", "Etc/UTC", 24, "2028-02-29T12:00"),
    ("2026-11-01T01:30", "America/Nassau", 1, "2026-11-01T01:30"),
]

# instant in UTC, zone, the day there
DAYS_THERE = [
    ("2026-06-02T03:30", "America/Nassau", "2026-06-01"),
    ("2026-06-02T03:30", "Asia/Tokyo", "2026-06-02"),
    ("2026-06-01T11:00", "Pacific/Kiritimati", "2026-06-02"),
    ("2026-01-01T04:59", "America/Nassau", "2025-12-31"),
    ("2026-01-01T05:00", "America/Nassau", "2026-01-01"),
]


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_there_are_more_than_sixty_vectors() -> None:
    tables: list[list[object]] = [
        [*table] for table in (SHIFTS, NOTICES, BEFORE, TERMS, WORKING_DAYS, HOURS, DAYS_THERE)
    ]
    assert sum(len(table) for table in tables) > 60


@pytest.mark.parametrize(("start", "period", "times", "rule", "expected"), SHIFTS)
def test_a_period_from_a_day(start: str, period: str, times: int, rule: MonthEnd, expected: str) -> None:
    assert shift(day(start), Period.read(period), rule, times) == day(expected)


@pytest.mark.parametrize(("event", "notice", "rule", "inside", "expected"), NOTICES)
def test_a_notice_runs_from_the_day_after_the_event(
    event: str, notice: str, rule: MonthEnd, inside: bool, expected: str
) -> None:
    assert last_day_after(day(event), Period.read(notice), rule, inside=inside) == day(expected)


@pytest.mark.parametrize(("end", "notice", "inside", "expected"), BEFORE)
def test_the_last_day_to_do_something_before_an_end(end: str, notice: str, inside: bool, expected: str) -> None:
    assert last_day_before(day(end), Period.read(notice), LAST, inside=inside) == day(expected)


@pytest.mark.parametrize(("first", "each", "start", "number", "first_day", "last_day"), TERMS)
def test_a_term_ends_on_the_eve_of_the_next(
    first: str, each: str, start: str, number: int, first_day: str, last_day: str
) -> None:
    rule = TermRule(Period.read(first), Period.read(each), None, LAST, inside=True)
    term = rule.term(day(start), number)
    assert (term.first_day, term.last_day) == (day(first_day), day(last_day))


@pytest.mark.parametrize(("start", "count", "calendars", "expected"), WORKING_DAYS)
def test_working_days_leave_out_weekends_and_holidays(
    start: str, count: int, calendars: list[WorkCalendar], expected: str
) -> None:
    assert add_working_days(day(start), count, calendars) == day(expected)


@pytest.mark.parametrize(("start", "zone", "hours", "expected"), HOURS)
def test_hours_are_elapsed_time_also_when_the_clock_is_changed(
    start: str, zone: str, hours: int, expected: str
) -> None:
    then = add_hours(at_local(datetime.fromisoformat(start), zone), hours, zone)
    assert then.replace(tzinfo=None, fold=0) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(("instant", "zone", "expected"), DAYS_THERE)
def test_the_day_of_an_instant_is_told_in_the_agreements_time_zone(instant: str, zone: str, expected: str) -> None:
    assert local_day(datetime.fromisoformat(instant).replace(tzinfo=UTC), zone) == day(expected)


def test_a_deadline_in_hours_is_an_instant_and_in_days_a_day() -> None:
    start = at_local(datetime.fromisoformat("2026-07-09T18:00"), "America/Nassau")

    def due(period: str, *, inside: bool = True) -> Deadline:
        return deadline(start, Period.read(period), "America/Nassau", LAST, [off("2026-07-10")], inside=inside)

    assert due("24 hours") == Deadline(day("2026-07-10"), start + timedelta(hours=24))
    assert due("1 working day") == Deadline(day("2026-07-13"))
    assert due("1 working day", inside=False) == Deadline(day("2026-07-12"))
    assert due("10 days") == Deadline(day("2026-07-19"))
    assert due("2 months") == Deadline(day("2026-09-09"))


def test_a_notice_against_renewal_that_comes_a_day_late_stops_the_next_term() -> None:
    rule = TermRule(Period.read("3 years"), Period.read("2 years"), Period.read("90 days"), LAST, inside=True)
    start = day("2027-04-01")
    assert rule.term(start, 1).stop_by == day("2029-12-31")
    assert rule.stopped_by(start, day("2029-12-31")).last_day == day("2030-03-31")
    assert rule.stopped_by(start, day("2030-01-01")).last_day == day("2032-03-31")
    assert rule.term_on(start, day("2030-03-31")).number == 1
    assert rule.term_on(start, day("2030-04-01")).number == 2


@pytest.mark.parametrize(
    "text", ["", "6", "months", "0 days", "-1 day", "1.5 years", "10000 days", "6  months", "six months"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no period"):
        Period.read(text)


@pytest.mark.parametrize("unit", Unit)
def test_a_period_reads_back_in_singular_and_plural(unit: Unit) -> None:
    for count in (1, 2, 90):
        period = Period(count, unit)
        assert Period.read(period.text) == period
    assert Period(1, unit).text == f"1 {unit.removesuffix('s')}"


def test_beyond_the_calendar_is_an_error_and_not_a_wrong_date() -> None:
    for period in ("9999 years", "9999 weeks"):
        with pytest.raises(DateOutOfRangeError):
            shift(day("9990-01-01"), Period.read(period), LAST)
    with pytest.raises(DateOutOfRangeError):
        add_months(day("0001-01-01"), -1, LAST)
    with pytest.raises(ValueError, match="cannot be counted in calendar days"):
        shift(day("2026-01-01"), Period(1, Unit.HOURS), LAST)
    with pytest.raises(DateOutOfRangeError, match="leave no working day"):
        add_working_days(day("2026-01-01"), 1, [WorkCalendar(weekend=frozenset(range(7)))])


DAYS = st.dates(date(1995, 1, 1), date(2105, 12, 31))
ONE = timedelta(days=1)


def walk_months(start: date, months: int, rule: MonthEnd) -> date:
    """Walk day by day until the month has changed often enough; then pick the day there by the rule."""
    step = ONE if months >= 0 else -ONE
    reached, changes = start, 0
    while changes < abs(months):
        before, reached = reached, reached + step
        changes += before.month != reached.month
    while reached.day != 1:
        reached -= ONE
    there = [reached + ONE * n for n in range(31) if (reached + ONE * n).month == reached.month]
    if rule is STAYS and (start + ONE).day == 1:
        return there[-1]
    same = [one for one in there if one.day == start.day]
    return same[0] if same else (there[-1] + ONE if rule is NEXT else there[-1])


@settings(max_examples=150)
@given(DAYS, st.integers(-40, 40), st.sampled_from(MonthEnd))
def test_months_agree_with_a_walk_day_by_day(start: date, months: int, rule: MonthEnd) -> None:
    assert add_months(start, months, rule) == walk_months(start, months, rule)


@settings(max_examples=150)
@given(
    DAYS,
    st.integers(0, 30),
    st.lists(
        st.builds(
            WorkCalendar,
            st.frozensets(DAYS, max_size=5),
            st.frozensets(st.integers(0, 6), max_size=3),
        ),
        max_size=2,
    ),
)
def test_working_days_agree_with_a_list_of_all_days(start: date, count: int, calendars: list[WorkCalendar]) -> None:
    following = [start + ONE * n for n in range(1, 500)]
    working = [
        one
        for one in following
        if all(one.weekday() not in side.weekend and one not in side.holidays for side in calendars)
    ]
    assert add_working_days(start, count, calendars) == (working[count - 1] if count else start)


PERIODS = st.builds(Period, st.integers(1, 48), st.sampled_from([Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS]))


@settings(max_examples=150)
@given(DAYS, PERIODS, PERIODS, st.sampled_from(MonthEnd))
def test_terms_follow_each_other_without_a_gap_and_every_day_is_in_one(
    start: date, first: Period, each: Period, rule: MonthEnd
) -> None:
    terms = TermRule(first, each, None, rule, inside=True)
    for number in range(1, 5):
        term = terms.term(start, number)
        assert term.first_day <= term.last_day
        assert terms.term(start, number + 1).first_day == term.last_day + ONE
        assert terms.term_on(start, term.first_day) == terms.term_on(start, term.last_day) == term


@settings(max_examples=150)
@given(DAYS, PERIODS, st.sampled_from(MonthEnd))
def test_a_term_is_one_day_shorter_than_a_notice_from_its_first_day(
    start: date, period: Period, rule: MonthEnd
) -> None:
    assert last_day_from(start, period, rule) == last_day_after(start, period, rule, inside=False)
    assert last_day_after(start, period, rule, inside=True) - last_day_from(start, period, rule) == ONE


@settings(max_examples=100)
@given(DAYS, st.integers(1, 30), st.integers(1, 30))
def test_month_ends_never_drift(start: date, every: int, times: int) -> None:
    period = Period(every, Unit.MONTHS)
    far = shift(start, period, STAYS, times)
    assert is_month_end(far) or not is_month_end(start)
    assert shift(start, period, LAST, times).day <= start.day


@settings(max_examples=100)
@given(
    st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2030-01-01")),
    st.integers(0, 500),
    st.sampled_from(["America/Nassau", "Europe/Oslo", "Asia/Kathmandu", "Australia/Lord_Howe"]),
)
def test_hours_are_the_same_everywhere(wall: datetime, hours: int, zone: str) -> None:
    start = wall.replace(tzinfo=UTC)
    assert add_hours(start, hours, zone) - start == timedelta(hours=hours)
