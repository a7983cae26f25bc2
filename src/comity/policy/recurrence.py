"""When something falls due: on a day, so long before or after an event, or again and again from an anchor.

A rule is written as people say it and kept as that text:

    on 2026-12-31
    90 days after ratification
    5 working days before opening
    every 18 months from 2026-04-30
    every year from 2027-03-31 until 2036-12-31
    every 3 months on the last Friday from 2026-01-01

and may end in “at 09:00” (local time of the reckoning's zone) and in “or the next working day” or “or the working day
before”. A series is counted from its anchor at once and never from the date before, so 31 January stays the month's
end: 28 February, 31 March, 30 April. A number keeps its occurrence for ever, whatever is asked about other days.
"""

import enum
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Final, Self

from comity.policy.dates import (
    ONE_DAY,
    USUAL_CALENDAR,
    DateOutOfRangeError,
    Deadline,
    Period,
    Unit,
    WorkCalendar,
    add_months,
    add_working_days,
    at_local,
    last_day_after,
    last_day_before,
    month_length,
    shift,
)
from comity.policy.saying import sentence
from comity.policy.vocabulary import MonthEnd

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PLACES: Final = ("first", "second", "third", "fourth", "last")
LAST: Final = 5
MOST_OFF: Final = 3_660  # days in a row that may be days off before a calendar counts as having no working day
EXAMPLES: Final = "“on 2026-12-31”, “90 days after ratification” or “every 6 months from 2027-01-31”"


class Moved(enum.StrEnum):
    """What becomes of a due day that is no working day."""

    STAYS = ""
    NEXT = "or the next working day"
    BEFORE = "or the working day before"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How days are counted: the time zone's name, the month-end rule, whether the last day is inside, whose days off.

    A day works when every one of `calendars` works on it.
    """

    zone: str = "Etc/UTC"
    month_end: MonthEnd = MonthEnd.LAST_DAY
    inside: bool = True
    calendars: tuple[WorkCalendar, ...] = (USUAL_CALENDAR,)

    def works(self, day: date) -> bool:
        """Tell whether `day` is a working day of all."""
        return all(side.works(day) for side in self.calendars)


@dataclass(frozen=True, slots=True)
class OnDay:
    """Due once, on a day."""

    day: date

    @property
    def text(self) -> str:
        """Give the rule as it is written."""
        return f"on {self.day}"


@dataclass(frozen=True, slots=True)
class FromEvent:
    """Due once, a period after (or before) the day of an event that is named and may not have come yet."""

    period: Period
    before: bool
    event: str

    @property
    def text(self) -> str:
        """Give the rule as it is written."""
        return f"{self.period.text} {'before' if self.before else 'after'} {self.event}"

    def day(self, event: date, reckoning: Reckoning) -> date:
        """Give the last day, from the day of the event; working days count outwards from it."""
        if self.period.unit is Unit.WORKING_DAYS:
            return self._working_day(event, reckoning)
        count = last_day_before if self.before else last_day_after
        return count(event, self.period, reckoning.month_end, inside=reckoning.inside)

    def _working_day(self, event: date, reckoning: Reckoning) -> date:
        if self.before:
            return working_days_before(event, self.period.count, reckoning)
        last = add_working_days(event, self.period.count, reckoning.calendars)
        return last if reckoning.inside else last - ONE_DAY


@dataclass(frozen=True, slots=True)
class Series:
    """Due again and again, `every` period from `anchor`, which is the first time; to `until`, its last possible day.

    With `place` (1 to 4, or LAST) and `weekday` (Monday = 0) it falls on that weekday of the month that the count
    reaches, from the first such day that is not before the anchor; `every` is then in months or years.
    """

    every: Period
    anchor: date
    until: date | None = None
    place: int | None = None
    weekday: int = 0

    @property
    def text(self) -> str:
        """Give the rule as it is written."""
        every = self.every.text.removeprefix("1 ")
        on = f" on the {PLACES[self.place - 1]} {WEEKDAYS[self.weekday]}" if self.place else ""
        until = f" until {self.until}" if self.until else ""
        return f"every {every}{on} from {self.anchor}{until}"

    def day(self, number: int, month_end: MonthEnd) -> date:
        """Give the day of time `number`, from 1; raise DateOutOfRangeError beyond the calendar."""
        if self.place is None:
            return shift(self.anchor, self.every, month_end, number - 1)
        late = _weekday_of(self.anchor, self.place, self.weekday) < self.anchor
        return self._on_weekday(number if late else number - 1)

    def about(self, day: date) -> int:
        """Give the number of a time near a day, reckoned roughly: where to begin to look for it."""
        if self.every.months is not None:
            apart, step = 12 * (day.year - self.anchor.year) + day.month - self.anchor.month, self.every.months
        else:
            apart, step = (day - self.anchor).days, self.every.days or 1
        return max(1, apart // step)

    def _on_weekday(self, times: int) -> date:
        first = add_months(self.anchor.replace(day=1), (self.every.months or 0) * times, MonthEnd.LAST_DAY)
        return _weekday_of(first, self.place or 1, self.weekday)


def _weekday_of(month: date, place: int, weekday: int) -> date:
    """Give the first, second … or last `weekday` of the month of `month`."""
    if place == LAST:
        end = month.replace(day=month_length(month.year, month.month))
        return end - ONE_DAY * ((end.weekday() - weekday) % 7)
    start = month.replace(day=1)
    return start + ONE_DAY * ((weekday - start.weekday()) % 7 + 7 * (place - 1))


def working_days_before(day: date, count: int, reckoning: Reckoning) -> date:
    """Give the `count`-th working day before `day`; raise DateOutOfRangeError when ten years hold no such day."""
    reached, left = day, count
    for _ in range(MOST_OFF + 7 * count):
        if left == 0:
            return reached if reckoning.inside else reached - ONE_DAY
        reached -= ONE_DAY
        left -= reckoning.works(reached)
    message = f"{count} working days before {day} are never reached: the holidays leave no working day"
    raise DateOutOfRangeError(message)


@dataclass(frozen=True, slots=True)
class Fall:
    """One time that something falls due: its number from 1, the day, and the instant where the rule gives an hour."""

    number: int
    by: Deadline


@dataclass(frozen=True, slots=True)
class DueRule:
    """When something falls due, with the hour and with what becomes of a day off."""

    when: OnDay | FromEvent | Series
    at: time | None = None
    moved: Moved = Moved.STAYS

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a rule as it is written (see the module); raise ValueError with the mend."""
        return cls(*_read_rule(text))

    @property
    def text(self) -> str:
        """Give the rule as it is written; it reads as an equal rule."""
        hour = f" at {self.at:%H:%M}" if self.at is not None else ""
        return f"{self.when.text}{hour}{f' {self.moved}' if self.moved else ''}"

    @property
    def event(self) -> str | None:
        """Give the name of the event that it waits for, None when it waits for none."""
        return self.when.event if isinstance(self.when, FromEvent) else None

    @property
    def repeats(self) -> bool:
        """Tell whether it falls due more than once."""
        return isinstance(self.when, Series)

    def between(
        self, first: date, last: date, reckoning: Reckoning, events: Mapping[str, date] | None = None
    ) -> Iterator[Fall]:
        """Give each time that falls due from `first` to `last`, both inside, in order.

        `events` holds the day of each event that has come. A rule that waits for another one gives nothing.
        """
        if isinstance(self.when, Series):
            yield from self._of_series(self.when, first, last, reckoning)
            return
        day = self._once(reckoning, events or {})
        if day is not None and first <= day <= last:
            yield Fall(1, self._deadline(day, reckoning))

    def fall(self, number: int, reckoning: Reckoning, events: Mapping[str, date] | None = None) -> Fall | None:
        """Give time `number`; None when there is none: the series is over, or the event has not come."""
        if isinstance(self.when, Series):
            day = self._of_number(self.when, number, reckoning)
        else:
            day = self._once(reckoning, events or {}) if number == 1 else None
        return None if day is None else Fall(number, self._deadline(day, reckoning))

    def _once(self, reckoning: Reckoning, events: Mapping[str, date]) -> date | None:
        if isinstance(self.when, OnDay):
            return self._move(self.when.day, reckoning)
        if isinstance(self.when, FromEvent) and self.when.event in events:
            return self._move(self.when.day(events[self.when.event], reckoning), reckoning)
        return None

    def _of_number(self, series: Series, number: int, reckoning: Reckoning) -> date | None:
        try:
            day = series.day(number, reckoning.month_end)
            if series.until is not None and day > series.until:
                return None
            return self._move(day, reckoning)
        except DateOutOfRangeError:
            return None

    def _of_series(self, series: Series, first: date, last: date, reckoning: Reckoning) -> Iterator[Fall]:
        def reached(number: int) -> bool:
            day = self._of_number(series, number, reckoning)
            return day is None or day >= first

        number = _first_number(reached, series.about(first))
        while (day := self._of_number(series, number, reckoning)) is not None and day <= last:
            yield Fall(number, self._deadline(day, reckoning))
            number += 1

    def _move(self, day: date, reckoning: Reckoning) -> date:
        if self.moved is Moved.STAYS or reckoning.works(day):
            return day
        step = ONE_DAY if self.moved is Moved.NEXT else -ONE_DAY
        try:
            return next(there for n in range(1, MOST_OFF) if reckoning.works(there := day + n * step))
        except (StopIteration, OverflowError) as error:
            message = f"no working day is near {day}: the holidays leave none"
            raise DateOutOfRangeError(message) from error

    def _deadline(self, day: date, reckoning: Reckoning) -> Deadline:
        if self.at is None:
            return Deadline(day)
        return Deadline(day, at_local(datetime.combine(day, self.at), reckoning.zone).astimezone(UTC))


def _first_number(reached: Callable[[int], bool], near: int) -> int:
    """Give the first number that has reached something, by doubling and halving from a number near it."""
    before = 1 if near == 1 or reached(near) else near
    if before == 1 and near > 1 and not reached(near - 1):
        return near
    beyond, step = before, 1
    while not reached(beyond):
        beyond, step = beyond + step, step * 2
    return bisect_left(range(before, beyond + 1), True, key=reached) + before  # noqa: FBT003 (False sorts before True)


_DAY = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
_ONCE = re.compile(rf"(?:on |by )?{_DAY}")
_EVENT = re.compile(r"(.+?) (after|before) ([a-z0-9][a-z0-9 ,’'()./-]{0,79})", re.IGNORECASE)
_SERIES = re.compile(
    rf"every (?P<every>.+?)(?: on the (?P<place>{'|'.join(PLACES)}) (?P<weekday>{'|'.join(WEEKDAYS)}))?"
    rf" from (?P<anchor>{_DAY})(?: until (?P<until>{_DAY}))?",
    re.IGNORECASE,
)
_HOUR = re.compile(r"(.*) at ([0-9]{2}):([0-9]{2})")


@lru_cache(4096)
def _read_rule(text: str) -> tuple[OnDay | FromEvent | Series, time | None, Moved]:
    """Read the parts of a rule; the same text says the same each time, and a calendar reads hundreds."""
    rest, moved = _cut_moved(" ".join(text.split()))
    rest, at = _cut_hour(rest)
    return _read_when(rest, text), at, moved


def _cut_moved(text: str) -> tuple[str, Moved]:
    for moved in (Moved.NEXT, Moved.BEFORE):
        if text.lower().endswith(f" {moved}"):
            return text[: -len(moved) - 1].rstrip(", "), moved
    return text, Moved.STAYS


def _cut_hour(text: str) -> tuple[str, time | None]:
    match = _HOUR.fullmatch(text)
    if match is None:
        return text, None
    try:
        return match[1], time(int(match[2]), int(match[3]))
    except ValueError as error:
        raise ValueError(
            sentence("“{hour}” is no hour of the day; write it as 09:00", hour=f"{match[2]}:{match[3]}")
        ) from error


def _read_when(text: str, whole: str) -> OnDay | FromEvent | Series:
    if once := _ONCE.fullmatch(text):
        return OnDay(_day(once[1]))
    if series := _SERIES.fullmatch(text):
        return _read_series(series)
    if event := _EVENT.fullmatch(text):
        return _read_event(event)
    raise ValueError(
        sentence("“{whole}” does not say when it falls due; write it as {examples}", whole=whole, examples=EXAMPLES)
    )


def _read_event(match: re.Match[str]) -> FromEvent:
    period = Period.read(match[1])
    if period.unit is Unit.HOURS:
        raise ValueError(
            sentence("hours are counted from a request, not from an event’s day; write days or working days")
        )
    return FromEvent(period, match[2].lower() == "before", match[3].strip())


def _read_series(match: re.Match[str]) -> Series:
    said = match["every"]
    every = Period.read(said if said[:1].isdigit() else f"1 {said}")
    if not every.within_reach or every.unit in {Unit.HOURS, Unit.WORKING_DAYS}:
        raise ValueError(
            sentence("a series cannot come back every {period}; write days, weeks, months or years", period=every.text)
        )
    anchor, until = _day(match["anchor"]), _day(match["until"]) if match["until"] else None
    if until is not None and until < anchor:
        raise ValueError(
            sentence(
                "the series ends on {until}, before it begins on {anchor}; turn the two round",
                until=until,
                anchor=anchor,
            )
        )
    if match["place"] is None:
        return Series(every, anchor, until)
    if every.months is None:
        raise ValueError(
            sentence("a weekday of the month comes back every month or year, not every {period}", period=every.text)
        )
    place, weekday = PLACES.index(match["place"].lower()) + 1, WEEKDAYS.index(match["weekday"].capitalize())
    return Series(every, anchor, until, place, weekday)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(sentence("“{text}” is no day of the calendar; write it as 2026-12-31", text=text)) from error
