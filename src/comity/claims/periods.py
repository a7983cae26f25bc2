"""Days, months, years and spans of years as prose writes them."""

import re
from datetime import date, timedelta
from typing import Final

from comity.claims.register import Period
from comity.claims.tokens import DATE
from comity.claims.words import MONTHS

_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_DAY: Final = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\b(?!\d)")
_ISO: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_SPAN: Final = re.compile(r"((?:19|20)\d\d)\s*[-–/]\s*((?:19|20)?\d\d)$")


def period_of(text: str) -> Period | None:
    """Read a day, a month, a year or a span of years as prose writes it; None where it is no date."""
    found = DATE.fullmatch(text.strip())
    if found is None:
        return None
    iso, span = _ISO.fullmatch(text), _SPAN.fullmatch(text)
    try:
        if iso:
            day = date(*(int(part) for part in iso.groups()))
            return Period(day, day)
        if span:
            first = int(span.group(1))
            last = int(span.group(2)) if len(span.group(2)) == len("2024") else first // 100 * 100 + int(span.group(2))
            return Period(date(first, 1, 1), date(last, 12, 31)) if first <= last else None
        return _in_words(text)
    except ValueError:
        return None


def _in_words(text: str) -> Period:
    year = int(_YEAR.findall(text)[-1])
    month = next((MONTHS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in MONTHS), 0)
    days = [int(one) for one in _DAY.findall(_YEAR.sub("", text))]
    if not month:
        return Period(date(year, 1, 1), date(year, 12, 31))
    if days:
        return Period(date(year, month, days[0]), date(year, month, days[-1]))
    following = date(year + month // 12, month % 12 + 1, 1)
    return Period(date(year, month, 1), following - timedelta(days=1))
