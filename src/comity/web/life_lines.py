"""The life of an agreement as a line in time: spans of days as shares of a width, for a picture and in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise

from comity.acts import names
from comity.acts.outlook import states_by_span
from comity.policy.release import Adopted
from comity.policy.standing import State
from comity.web import words

BEFORE, AFTER = timedelta(days=180), timedelta(days=720)
FEW_YEARS = 6  # labels that stand side by side on a telephone
LATE = 0.86  # of the width: from here on a year has no label, and today’s stands before its mark
NEAR = 365 * 12  # days: turns further off than this do not stretch the line


@dataclass(frozen=True, slots=True)
class Stretch:
    """A span of one state; `left` and `width` are percentages of the whole line."""

    first: date
    last: date
    state: Promise
    style: str
    left: str
    width: str
    open_end: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One party's line."""

    code: str
    name: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the axis: a year's beginning, or today."""

    left: str
    label: str
    late: bool


@dataclass(frozen=True, slots=True)
class LifeLine:
    """All parties' lines over one span of time."""

    lanes: tuple[Lane, ...]
    years: tuple[Mark, ...]
    today: Mark


def life_line(one: Adopted, now: datetime, today: date) -> LifeLine:
    """Lay out the life of an agreement around its turning days and today."""
    first, last = _span(sorted(one.turning_days(now)), today)
    total = (last - first).days + 1

    def share(days: int) -> str:
        return f"{100 * days / total:.2f}%"

    lanes = tuple(
        Lane(party.code, names.called(party.name), tuple(
            Stretch(start, end, words.STATES[state], words.state_class(state), share((start - first).days),
                    share((end - start).days + 1), end == last)
            for start, end, state in states_by_span(one, party.code, first, last, now)
            if state is not State.NOT_IN_FORCE))
        for party in one.agreement.parties
    )  # fmt: skip

    def mark(day: date, label: str) -> Mark:
        return Mark(share((day - first).days), label, (day - first).days > total * LATE)

    years = tuple(mark(day, str(day.year)) for day in _years(first, last))
    return LifeLine(lanes, years, mark(today, today.isoformat()))


def _span(turns: Sequence[date], today: date) -> tuple[date, date]:
    """Choose from when to when: the turning days and today, with room, and not more than a lifetime's worth."""
    near = [day for day in turns if abs((day - today).days) < NEAR]
    days = [*near, today]
    return min(days) - BEFORE, min(max(max(days) + BEFORE, today + BEFORE), max(today, min(days)) + 4 * AFTER)


def _years(first: date, last: date) -> Iterator[date]:
    step = max(1, -(-(last.year - first.year) // FEW_YEARS))
    for year in range(first.year + 1, last.year + 1, step):
        yield date(year, 1, 1)
