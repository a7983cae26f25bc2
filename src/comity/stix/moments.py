"""STIX timestamps: text that keeps its own precision, and how two of them are ordered (STIX 2.1 §2.16)."""

import re
from typing import Final

_SHAPE: Final = re.compile(
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?Z"
)
_is_shaped: Final = _SHAPE.fullmatch
_LONG_MONTHS: Final = frozenset({"01", "03", "05", "07", "08", "10", "12"})
_MILLISECONDS: Final = len("2016-01-20T12:31:12.123Z")


def is_timestamp(text: str) -> bool:
    """Tell whether the text is an RFC 3339 time in UTC with `Z`, on a day that exists."""
    return _is_shaped(text) is not None and (text[8:10] <= "28" or _day_exists(text))


def is_precise(text: str) -> bool:
    """Tell whether a timestamp has at least milliseconds, as `created` and `modified` need (STIX 2.1 §3.2)."""
    return len(text) >= _MILLISECONDS


def order(text: str) -> str:
    """Give a key that orders timestamps of any precision exactly: equal moments have equal keys."""
    whole, _, fraction = text[:-1].partition(".")
    return f"{whole}.{fraction.rstrip('0')}"


def instant(version: str) -> int:
    """Count the microseconds from 1970-01-01T00:00:00Z to a timestamp; finer digits are cut off.

    Two versions that differ only beyond the microsecond have one instant, though their texts stay distinct: use
    `order` where that matters. A leap second counts as the first second of the next minute.
    """
    days = _days(int(version[0:4]), int(version[5:7]), int(version[8:10]))
    seconds = days * 86_400 + int(version[11:13]) * 3_600 + int(version[14:16]) * 60 + int(version[17:19])
    return seconds * 1_000_000 + int(version[20:-1][:6].ljust(6, "0"))


def _day_exists(text: str) -> bool:
    day, month = text[8:10], text[5:7]
    if month == "02":
        return day == "29" and _is_leap(int(text[0:4]))
    return day != "31" or month in _LONG_MONTHS


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days(year: int, month: int, day: int) -> int:
    """Count the days from 1970-01-01 in the proleptic Gregorian calendar; the year starts in March."""
    year -= month <= 2
    century_year = year % 400
    month_shift = (month + 9) % 12
    day_of_year = (153 * month_shift + 2) // 5 + day - 1
    return year // 400 * 146_097 + century_year * 365 + century_year // 4 - century_year // 100 + day_of_year - 719_468
