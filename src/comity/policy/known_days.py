"""Days as exactly as they are known: `2024-10-01`, `2024-10`, `2024`, or `by 2024-10-02`.

What is kept is the last day it can have been, and the precision.
"""

import re
from dataclasses import dataclass
from datetime import date

from comity.policy.dates import month_length
from comity.policy.participation import Precision

_DAY = re.compile(r"(by )?([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class Day:
    """A day as exactly as it is known."""

    day: date
    precision: Precision = Precision.DAY


def read_day(words: str) -> Day | None:
    """Read `2024-10-01`, `2024-10`, `2024` or `by 2024-10-02`; None where it is none of these, or no such day."""
    found = _DAY.fullmatch(words)
    if found is None:
        return None
    by, year, month, of_month = found[1], int(found[2]), int(found[3] or 12), int(found[4] or 0)
    try:
        last = date(year, month, of_month or month_length(year, month))
    except ValueError:
        return None
    exact = Precision.DAY if of_month else Precision.MONTH if found[3] else Precision.YEAR
    return Day(last, Precision.BY if by else exact)


def written_day(day: date | None, precision: Precision) -> str:
    """Write a day as `read_day` reads it; empty for none."""
    if day is None:
        return ""
    length = {Precision.YEAR: 4, Precision.MONTH: 7}.get(precision, 10)
    return f"{'by ' if precision is Precision.BY else ''}{day.isoformat()[:length]}"
