"""When things fall due: vectors by hand, and properties against oracles that walk the calendar day by day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.policy.dates import Period, TermRule, Unit, WorkCalendar
from comity.policy.recurrence import (
    LAST,
    PLACES,
    WEEKDAYS,
    DueRule,
    FromEvent,
    Moved,
    OnDay,
    Reckoning,
    Series,
)
from comity.policy.vocabulary import MonthEnd

NASSAU = Reckoning("America/Nassau")
CHRISTMAS = Reckoning(calendars=(WorkCalendar(frozenset({date(2026, 12, 25), date(2026, 12, 28)})),))
STAYS = Reckoning(month_end=MonthEnd.STAYS)
NEXT = Reckoning(month_end=MonthEnd.NEXT_MONTH)
OUTSIDE = Reckoning(inside=False)
EVENTS = {"ratification": date(2026, 11, 30), "opening": date(2027, 1, 4), "leap day": date(2028, 2, 29)}

# rule, reckoning, the first days from 2026-01-01 on
VECTORS = [
    ("on 2026-12-31", NASSAU, "2026-12-31"),
    ("2026-12-31", NASSAU, "2026-12-31"),
    ("every month from 2026-01-31", NASSAU, "2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30"),
    ("every month from 2028-01-31", NASSAU, "2028-01-31 2028-02-29 2028-03-31"),
    ("every month from 2026-01-30", NASSAU, "2026-01-30 2026-02-28 2026-03-30"),
    ("every month from 2026-04-30", NASSAU, "2026-04-30 2026-05-30 2026-06-30"),
    ("every month from 2026-04-30", STAYS, "2026-04-30 2026-05-31 2026-06-30 2026-07-31"),
    ("every month from 2026-01-31", NEXT, "2026-01-31 2026-03-01 2026-03-31 2026-05-01"),
    ("every year from 2028-02-29", NASSAU, "2028-02-29 2029-02-28 2030-02-28 2031-02-28 2032-02-29"),
    ("every year from 2028-02-29", NEXT, "2028-02-29 2029-03-01 2030-03-01 2031-03-01 2032-02-29"),
    ("every 4 years from 2096-02-29", NASSAU, "2096-02-29 2100-02-28 2104-02-29"),
    ("every 18 months from 2027-08-31", NASSAU, "2027-08-31 2029-02-28 2030-08-31"),
    ("every 60 days from 2026-12-01", NASSAU, "2026-12-01 2027-01-30 2027-03-31"),
    ("every 2 weeks from 2026-12-28", NASSAU, "2026-12-28 2027-01-11"),
    ("every year from 2026-03-31 until 2028-12-31", NASSAU, "2026-03-31 2027-03-31 2028-03-31"),
    ("every month on the second Tuesday from 2026-01-01", NASSAU, "2026-01-13 2026-02-10 2026-03-10"),
    ("every month on the second Tuesday from 2026-01-14", NASSAU, "2026-02-10 2026-03-10"),
    ("every 3 months on the last Friday from 2026-01-01", NASSAU, "2026-01-30 2026-04-24 2026-07-31"),
    ("every year on the first Monday from 2026-10-31", NASSAU, "2027-10-04 2028-10-02"),
    ("every month from 2026-10-31 or the working day before", NASSAU, "2026-10-30 2026-11-30 2026-12-31 2027-01-29"),
    ("every month from 2026-01-31, or the next working day", NASSAU, "2026-02-02 2026-03-02 2026-03-31"),
    ("on 2026-12-25 or the next working day", CHRISTMAS, "2026-12-29"),
    ("on 2026-12-28 or the working day before", CHRISTMAS, "2026-12-24"),
    ("90 days after ratification", NASSAU, "2027-02-28"),
    ("3 months after ratification", NASSAU, "2027-02-28"),
    ("3 months after ratification", STAYS, "2027-02-28"),
    ("3 months after ratification", NEXT, "2027-03-01"),
    ("3 months after ratification", OUTSIDE, "2027-02-27"),
    ("1 year after leap day", NASSAU, "2029-02-28"),
    ("2 weeks before opening", NASSAU, "2026-12-21"),
    ("5 working days before opening", NASSAU, "2026-12-28"),
    ("5 working days before opening", CHRISTMAS, "2026-12-24"),
    ("5 working days after ratification", NASSAU, "2026-12-07"),
    ("1 month before opening", NASSAU, "2026-12-04"),
]

WRONG = [
    ("soon", "does not say when"),
    ("every 5 working days from 2026-01-01", "write days, weeks, months or years"),
    ("every 2 weeks on the first Monday from 2026-01-01", "every month or year"),
    ("on 2026-02-29", "is no day of the calendar"),
    ("on 2026-12-31 at 25:00", "is no hour"),
    ("every month from 2026-05-01 until 2026-01-01", "before it begins"),
    ("24 hours after ratification", "counted from a request"),
    ("some days after ratification", "is no period"),
    ("every 300 years from 2026-01-01", "cannot come back"),
]


@pytest.mark.parametrize(("text", "reckoning", "expected"), VECTORS)
def test_a_rule_falls_due_on_the_days_counted_by_hand(text: str, reckoning: Reckoning, expected: str) -> None:
    days = expected.split()
    last = date.fromisoformat(days[-1])
    found = [str(fall.by.day) for fall in DueRule.read(text).between(date(2026, 1, 1), last, reckoning, EVENTS)]
    assert found == days


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_a_rule_that_cannot_be_read_is_told_with_its_mend(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        DueRule.read(text)


def test_an_event_that_has_not_come_makes_nothing_due() -> None:
    rule = DueRule.read("90 days after accession")
    assert rule.event == "accession"
    assert list(rule.between(date.min, date.max, NASSAU, EVENTS)) == []


def test_nine_in_nassau_stays_nine_in_nassau_when_the_clocks_change() -> None:
    falls = DueRule.read("every week from 2026-10-26 at 09:00").between(date(2026, 10, 1), date(2026, 11, 10), NASSAU)
    instants = [fall.by.instant for fall in falls]
    assert instants == [
        datetime(2026, 10, 26, 13, tzinfo=UTC),
        datetime(2026, 11, 2, 14, tzinfo=UTC),
        datetime(2026, 11, 9, 14, tzinfo=UTC),
    ]


def test_an_hour_that_the_clock_leaves_out_is_told_by_the_time_before() -> None:
    """RFC 5545, 3.3.5: an hour of the gap counts with the offset before it. 8 March 2026, 02:30 becomes 03:30."""
    fall = DueRule.read("on 2026-03-08 at 02:30").fall(1, NASSAU)
    assert fall is not None
    assert fall.by.instant == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_the_earlier_one() -> None:
    fall = DueRule.read("on 2026-11-01 at 01:30").fall(1, NASSAU)
    assert fall is not None
    assert fall.by.instant == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_a_contract_of_others_software_ends_and_is_stopped_when_its_users_say() -> None:
    """Where GLPI reckoned wrongly: its issues 505, 2596, 6004, 14703, 15893, 18954 and 23084, its request 17725."""
    tacit = TermRule(Period.read("36 months"), Period.read("12 months"), Period.read("3 months"), MonthEnd.LAST_DAY,
                     inside=True)  # fmt: skip
    first = tacit.term(date(2020, 8, 1), 1)  # 15893 and 14703: three years first, then a year at a time
    assert (first.last_day, first.stop_by) == (date(2023, 7, 31), date(2023, 4, 30))
    assert tacit.term_on(date(2020, 8, 1), date(2023, 10, 31)).last_day == date(2024, 7, 31)
    renewed = TermRule(Period.read("12 months"), Period.read("12 months"), Period.read("2 months"), MonthEnd.LAST_DAY,
                       inside=True).term_on(date(2024, 8, 29), date(2026, 2, 11))  # fmt: skip
    assert (renewed.last_day, renewed.stop_by) == (date(2026, 8, 28), date(2026, 6, 28))  # 23084: notice moves along
    longer = TermRule(Period.read("60 months"), Period.read("12 months"), None, MonthEnd.LAST_DAY, inside=True)
    assert longer.term(date(2019, 1, 1), 2).last_day == date(2024, 12, 31)  # 17725: 60 + 12 months, not 2 × 60
    month = TermRule(Period.read("1 month"), None, None, MonthEnd.LAST_DAY, inside=True)
    assert month.term(date(2016, 1, 1), 1).last_day == date(2016, 1, 31)  # 505
    notice = FromEvent(Period.read("3 months"), before=True, event="end")  # 6004: from the end of 36 months
    assert notice.day(date(2021, 9, 27), NASSAU) - timedelta(days=21) == date(2021, 6, 6)
    assert notice.day(date(2026, 2, 1), NASSAU) == date(2025, 11, 1)  # 18954: over the turn of a year
    assert first.last_day != date(2020, 8, 1)  # 2596: an end is no beginning


DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))
ENDS = st.sampled_from(MonthEnd)
PERIODS = st.builds(Period, st.integers(1, 40), st.sampled_from([Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS]))
WEEKLY = st.builds(
    Series,
    st.builds(Period, st.integers(1, 24), st.just(Unit.MONTHS)),
    DAYS,
    st.none(),
    st.integers(1, LAST),
    st.integers(0, 6),
)
SERIES = st.builds(Series, PERIODS, DAYS, st.none() | st.dates(date(2151, 1, 1), date(2160, 1, 1))) | WEEKLY
WHEN = SERIES | st.builds(OnDay, DAYS) | st.builds(
    FromEvent, PERIODS, st.booleans(), st.sampled_from(["ratification", "the opening, as announced", "after the fair"])
)
HOURS = st.none() | st.builds(time, st.integers(0, 23), st.integers(0, 59))
RULES = st.builds(DueRule, WHEN, HOURS, st.sampled_from(Moved))
HOLIDAYS = st.frozensets(st.dates(date(2026, 1, 1), date(2028, 12, 31)), max_size=40)


@given(RULES)
def test_what_is_written_reads_as_the_same_rule(rule: DueRule) -> None:
    assert DueRule.read(rule.text) == rule


def by_walking(series: Series, last: date, end: MonthEnd) -> list[date]:
    """Find a series day by day: each day is asked whether it is one, from its own month and day alone."""
    found, day, months = [], series.anchor, series.every.months
    while day <= last:
        passed = (day.year - series.anchor.year) * 12 + day.month - series.anchor.month
        if months is None:
            yes = (day - series.anchor).days % (series.every.days or 1) == 0
        elif series.place is None:
            yes = _lands(series.anchor, day, months, end)
        else:
            week = (day.day - 1) // 7 + 1
            placed = (day + timedelta(days=7)).month != day.month if series.place == LAST else week == series.place
            yes = day.weekday() == series.weekday and placed and passed % months == 0
        if yes:
            found.append(day)
        day += timedelta(days=1)
    return found


def _lands(anchor: date, day: date, months: int, end: MonthEnd) -> bool:
    """Tell whether `day` is a whole number of periods from the anchor, by the day of the month alone."""
    passed = (day.year - anchor.year) * 12 + day.month - anchor.month
    ends_month = (day + timedelta(days=1)).month != day.month
    anchored_end = (anchor + timedelta(days=1)).month != anchor.month
    if end is MonthEnd.NEXT_MONTH and day.day == 1 and anchor.day != 1:
        before = day - timedelta(days=1)
        return before.day < anchor.day and (passed - 1) % months == 0
    if passed % months:
        return False
    if end is MonthEnd.STAYS and anchored_end:
        return ends_month
    return day.day == anchor.day or (end is not MonthEnd.NEXT_MONTH and ends_month and day.day < anchor.day)


@given(SERIES, ENDS, st.integers(0, 1500))
def test_a_series_is_what_a_walk_through_the_calendar_finds(series: Series, end: MonthEnd, days: int) -> None:
    last = min(series.anchor + timedelta(days=days), series.until or date.max)
    falls = list(DueRule(series).between(series.anchor, last, Reckoning(month_end=end)))
    expected = [day for day in by_walking(series, last, end) if day >= series.anchor]
    assert [fall.by.day for fall in falls] == expected
    assert [fall.number for fall in falls] == list(range(1, len(falls) + 1))


@given(RULES, ENDS, st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.integers(0, 400), st.integers(0, 400), HOLIDAYS)
def test_a_question_about_fewer_days_gets_the_same_answer_for_them(
    rule: DueRule, end: MonthEnd, start: date, before: int, after: int, holidays: frozenset[date]
) -> None:
    """Numbers and days do not depend on what was asked: the feed's names of events rest on it."""
    reckoning = Reckoning("America/Nassau", end, calendars=(WorkCalendar(holidays),))
    events = {"ratification": date(2026, 5, 31)}
    wide = list(rule.between(start - timedelta(days=before), start + timedelta(days=after), reckoning, events))
    narrow = list(rule.between(start, start + timedelta(days=after // 2), reckoning, events))
    assert narrow == [fall for fall in wide if start <= fall.by.day <= start + timedelta(days=after // 2)]
    assert all(rule.fall(fall.number, reckoning, events) == fall for fall in wide)


@given(DAYS, HOLIDAYS, st.sampled_from([Moved.NEXT, Moved.BEFORE]))
def test_a_day_off_is_moved_to_the_nearest_working_day(day: date, holidays: frozenset[date], moved: Moved) -> None:
    calendar = WorkCalendar(holidays)
    fall = DueRule(OnDay(day), None, moved).fall(1, Reckoning(calendars=(calendar,)))
    assert fall is not None
    step = timedelta(days=1 if moved is Moved.NEXT else -1)
    assert calendar.works(fall.by.day)
    walked = day
    while walked != fall.by.day:
        assert not calendar.works(walked)
        walked += step


@given(DAYS, st.integers(1, 60), HOLIDAYS)
def test_working_days_before_an_event_leave_exactly_so_many_until_it(
    event: date, count: int, holidays: frozenset[date]
) -> None:
    calendar = WorkCalendar(holidays)
    rule = FromEvent(Period(count, Unit.WORKING_DAYS), before=True, event="it")
    day = rule.day(event, Reckoning(calendars=(calendar,)))
    between = [day + timedelta(days=n) for n in range((event - day).days)]
    assert sum(calendar.works(one) for one in between) == count
    assert calendar.works(day)


@given(st.sampled_from(["America/Nassau", "Europe/Oslo", "Asia/Tokyo", "Australia/Lord_Howe"]), DAYS, HOURS)
def test_the_hour_on_the_wall_is_the_hour_that_was_written(zone: str, day: date, hour: time | None) -> None:
    fall = DueRule(OnDay(day), hour).fall(1, Reckoning(zone))
    assert fall is not None
    assert fall.by.day == day
    if hour is None:
        assert fall.by.instant is None
        return
    assert fall.by.instant is not None
    local = fall.by.instant.astimezone(ZoneInfo(zone))
    wall = datetime.combine(day, hour)
    skipped = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert local.replace(tzinfo=None) == skipped


def test_the_words_of_a_rule_are_the_calendars_own() -> None:
    assert len(WEEKDAYS) == 7
    assert len(PLACES) == LAST
