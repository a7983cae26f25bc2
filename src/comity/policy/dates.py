"""The arithmetic of dates in agreements: periods, month ends, working days, instants in a time zone.

Days are calendar days (`date`) where an agreement speaks of days and longer; instants (`datetime`, aware) where it
speaks of hours. Nothing here knows what day it is.
"""

import calendar
import enum
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from comity.policy.saying import sentence
from comity.policy.vocabulary import MonthEnd

LONGEST = 9_999
EARLIEST_DAY, LATEST_DAY = date(1900, 1, 1), date(2200, 12, 31)
MOST_YEARS = 100
ONE_DAY = timedelta(days=1)
FEBRUARY = 2
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Unit(enum.StrEnum):
    """The units of a period, as they are written in the plural."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class DateOutOfRangeError(ValueError):
    """A date beyond the calendar (before the year 1 or after the year 9999) was computed."""


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as an agreement writes it: `90 days`, `6 months`, `5 working days`."""

    count: int
    unit: Unit

    @classmethod
    def read(cls, text: str) -> Self:
        """Read `N UNIT`, N from 1 to 9999, the unit in singular or plural; raise ValueError with the mend."""
        match = _PERIOD.fullmatch(text.strip())
        if match is None or not 1 <= int(match[1]) <= LONGEST:
            raise ValueError(
                sentence(
                    "“{text}” is no period; write a number from 1 and a unit, such as “90 days” or “6 months”",
                    text=text,
                )
            )
        return cls(int(match[1]), Unit(match[2].removesuffix("s") + "s"))

    @property
    def text(self) -> str:
        """Give the period as it is written: `1 month`, `6 months`."""
        return f"{self.count} {self.unit.removesuffix('s') if self.count == 1 else self.unit}"

    @property
    def months(self) -> int | None:
        """Give the length in months when the unit is months or years, else None."""
        if self.unit is Unit.MONTHS:
            return self.count
        return 12 * self.count if self.unit is Unit.YEARS else None

    @property
    def days(self) -> int | None:
        """Give the length in days when the unit is days or weeks, else None."""
        if self.unit is Unit.DAYS:
            return self.count
        return 7 * self.count if self.unit is Unit.WEEKS else None

    @property
    def within_reach(self) -> bool:
        """Tell whether it is at most a hundred years, so that no agreement is led off the calendar by it."""
        return (self.months or 0) <= 12 * MOST_YEARS and (self.days or 0) <= 366 * MOST_YEARS


_PERIOD = re.compile(r"([0-9]{1,4}) (hours?|days?|working days?|weeks?|months?|years?)")


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """One side's days off: `holidays`, and `weekend` as weekday numbers from Monday = 0."""

    holidays: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({5, 6})

    def works(self, day: date) -> bool:
        """Tell whether `day` is a working day of this side."""
        return day.weekday() not in self.weekend and day not in self.holidays


USUAL_CALENDAR = WorkCalendar()


def month_length(year: int, month: int) -> int:
    """Give the number of days of a month."""
    return 29 if month == FEBRUARY and calendar.isleap(year) else _LENGTHS[month - 1]


def is_month_end(day: date) -> bool:
    """Tell whether `day` is the last of its month."""
    return day.day == month_length(day.year, day.month)


def add_months(day: date, months: int, rule: MonthEnd) -> date:
    """Move `day` by whole months, forwards or backwards; `rule` says what becomes of a day that is not there."""
    year, index = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= LONGEST:
        message = f"{day} and {months} months is beyond the calendar"
        raise DateOutOfRangeError(message)
    last = month_length(year, index + 1)
    if rule is MonthEnd.STAYS and is_month_end(day):
        return date(year, index + 1, last)
    if day.day <= last:
        return date(year, index + 1, day.day)
    ended = date(year, index + 1, last)
    return ended + ONE_DAY if rule is MonthEnd.NEXT_MONTH else ended


def shift(day: date, period: Period, rule: MonthEnd, times: int = 1) -> date:
    """Move `day` by `times` periods (backwards when negative), counted at once and not step by step.

    Counting from the anchor keeps 31 January at the month's end: its third month is 30 April, not 28 April.
    Raise ValueError for hours and working days, which are not counted in calendar days.
    """
    if period.months is not None:
        return add_months(day, period.months * times, rule)
    if period.days is None:
        message = f"{period.text} cannot be counted in calendar days"
        raise ValueError(message)
    try:
        return day + timedelta(days=period.days * times)
    except OverflowError as error:
        message = f"{day} and {times} times {period.text} is beyond the calendar"
        raise DateOutOfRangeError(message) from error


def last_day_after(event: date, period: Period, rule: MonthEnd, *, inside: bool) -> date:
    """Give the last day of a period that an event on `event` starts; that day itself is not counted.

    With `inside` the period runs to the end of the day on which it comes full; else only to its beginning.
    """
    full = shift(event, period, rule)
    return full if inside else full - ONE_DAY


def last_day_before(end: date, period: Period, rule: MonthEnd, *, inside: bool) -> date:
    """Give the last day on which something can be done “`period` before `end`”; with `inside` that day counts."""
    full = shift(end, period, rule, -1)
    return full if inside else full - ONE_DAY


def last_day_from(first: date, period: Period, rule: MonthEnd) -> date:
    """Give the last day of a term that begins with the start of `first`: the eve of its anniversary."""
    return shift(first, period, rule) - ONE_DAY


def add_working_days(day: date, count: int, calendars: Sequence[WorkCalendar]) -> date:
    """Give the `count`-th working day after `day`; a day counts when every one of `calendars` works on it.

    Raise DateOutOfRangeError when ten years bring no such day.
    """
    reached, left = day, count
    for _ in range(366 * 10 + 7 * count):
        if left == 0:
            return reached
        reached += ONE_DAY
        left -= all(side.works(reached) for side in calendars)
    if left == 0:
        return reached
    message = f"{count} working days after {day} are never reached: the holidays leave no working day"
    raise DateOutOfRangeError(message)


def local_day(instant: datetime, zone: str) -> date:
    """Give the day that `instant` (aware) falls on in the time zone named `zone`."""
    return instant.astimezone(ZoneInfo(zone)).date()


def at_local(wall: datetime, zone: str) -> datetime:
    """Place a wall-clock time in a time zone; of an hour that comes twice the earlier one, as PEP 495 has it."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0)


def add_hours(instant: datetime, hours: int, zone: str) -> datetime:
    """Give the instant `hours` of elapsed time later, told in `zone`: a day of 23 or 25 hours does not stretch it."""
    return (instant.astimezone(UTC) + timedelta(hours=hours)).astimezone(ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due: the last day, and the exact instant where the period was one of hours."""

    day: date
    instant: datetime | None = None


def deadline(
    start: datetime, period: Period, zone: str, rule: MonthEnd, calendars: Sequence[WorkCalendar], *, inside: bool
) -> Deadline:
    """Give when `period` after `start` (aware) runs out, as told in `zone`; working days by all of `calendars`."""
    if period.unit is Unit.HOURS:
        instant = add_hours(start, period.count, zone)
        return Deadline(instant.date(), instant)
    day = local_day(start, zone)
    if period.unit is Unit.WORKING_DAYS:
        last = add_working_days(day, period.count, calendars)
        return Deadline(last if inside else last - ONE_DAY)
    return Deadline(last_day_after(day, period, rule, inside=inside))


@dataclass(frozen=True, slots=True)
class Term:
    """One term of an agreement: its number from 1, its first and last day, and the last day to stop what follows."""

    number: int
    first_day: date
    last_day: date
    stop_by: date | None


@dataclass(frozen=True, slots=True)
class TermRule:
    """How terms follow each other: the first, each next one, and how long before its end one is stopped."""

    first: Period
    each: Period | None
    stop_notice: Period | None
    month_end: MonthEnd
    inside: bool

    def first_day(self, start: date, number: int) -> date:
        """Give the first day of term `number`, counted at once from `start`, so that no month end drifts."""
        if number == 1 or self.each is None:
            return start if number == 1 else shift(start, self.first, self.month_end)
        if self.first.months is not None and self.each.months is not None:
            return add_months(start, self.first.months + self.each.months * (number - 2), self.month_end)
        return shift(shift(start, self.first, self.month_end), self.each, self.month_end, number - 2)

    def term(self, start: date, number: int) -> Term:
        """Give term `number` of an agreement that entered into force on `start`."""
        last = self.first_day(start, number + 1) - ONE_DAY
        return Term(number, self.first_day(start, number), last, self._stop_by(last))

    def term_on(self, start: date, day: date) -> Term:
        """Give the term that `day` falls in (the first one for days before `start`)."""
        return self.term(start, self._first_number(lambda number: self.term(start, number).last_day >= day))

    def stopped_by(self, start: date, notice: date) -> Term:
        """Give the term with which the agreement ends when a notice against renewal counts from `notice`."""
        return self.term(
            start, self._first_number(lambda number: (self.term(start, number).stop_by or date.min) >= notice)
        )

    def _first_number(self, reached: Callable[[int], bool]) -> int:
        """Give the number of the first term that has reached something; 1 where no other term follows.

        Found by doubling and halving: terms may be short, and days far off.
        """
        if self.each is None:
            return 1
        beyond = 1
        while not reached(beyond):
            beyond *= 2
        return bisect_left(range(1, beyond + 1), True, key=reached) + 1  # noqa: FBT003 (False sorts before True)

    def _stop_by(self, last: date) -> date | None:
        if self.each is None:
            return None
        if self.stop_notice is None:
            return last
        return last_day_before(last, self.stop_notice, self.month_end, inside=self.inside)
