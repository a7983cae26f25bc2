"""Timestamps as STIX writes them (STIX 2.1 §2.16): RFC 3339, UTC, `Z`, any number of fraction digits."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

from comity.stix.faults import NONE, Faults, breach, kind_of

VERSIONLESS: Final = "1970-01-01T00:00:00.000Z"
"""The version of every object that has neither `modified` nor `created`: constant, and valid as a TAXII timestamp."""

_MILLISECOND_DIGITS: Final = 3
_MICROSECONDS: Final = 1_000_000
MICROSECOND: Final = timedelta(microseconds=1)
_MICROSECOND_LENGTH: Final = len("2026-01-01T00:00:00.000000Z")
_MILLISECOND_LENGTH: Final = len("2026-01-01T00:00:00.000Z")
_SECOND_LENGTH: Final = len("2026-01-01T00:00:00Z")
_BARE_FRACTION: Final = len("2026-01-01T00:00:00.Z")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH: Final = date(1970, 1, 1).toordinal()
_SURE_DAY: Final = "28"
_NO_HOUR: Final = "T24"
"""ISO 8601 knows it as the end of a day, RFC 3339 does not."""
_form: Final = re.compile(
    r"([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)(?:\.([0-9]+))?Z"
)
_match: Final = lru_cache(maxsize=4_096)(_form.fullmatch)
_FORM_WORDS: Final = "Write it as YYYY-MM-DDTHH:mm:ss.sssZ, in UTC."


def timestamp(value: object) -> Faults:
    """Check a timestamp of any precision (§2.16.1): the form, and that the day and second exist."""
    if type(value) is str and (found := _match(value)) is not None and _exists(found):
        return NONE
    if type(value) is not str:
        return breach("2.16", f"This is {kind_of(value)}, not a timestamp.", _FORM_WORDS)
    return breach("2.16.1", f"{value!r:.60} is not a UTC timestamp of a day and time that exist.", _FORM_WORDS)


def version_timestamp(value: object) -> Faults:
    """Check `created` or `modified`: a timestamp of millisecond precision or finer (§3.2)."""
    if type(value) is str and (found := _match(value)) is not None and _exists(found):
        if len(found[7] or "") >= _MILLISECOND_DIGITS:
            return NONE
        return breach("3.2", f"{value} is coarser than milliseconds.", "Write at least three digits after the second.")
    return timestamp(value)


def _exists(found: re.Match[str]) -> bool:
    """Say whether the day is in the calendar and a 60th second stands where leap seconds are put."""
    if found[6] == "60" and (found[4], found[5]) != ("23", "59"):
        return False
    return (found[3] <= _SURE_DAY and found[1] != "0000") or _in_calendar(found[1], found[2], found[3])


def _in_calendar(year: str, month: str, day: str) -> bool:
    """Ask the proleptic Gregorian calendar, years 1 to 9999."""
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def instant(version: str) -> int:
    """Return microseconds since the epoch, digits past the sixth cut off; ValueError when it is no timestamp."""
    found = _match(version)
    if found is None or not _exists(found):
        message = f"{version!r} is not a STIX timestamp"
        raise ValueError(message)
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    days = date(year, month, day).toordinal() - _EPOCH
    seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    return seconds * _MICROSECONDS + int((found[7] or "").ljust(6, "0")[:6])


def instant_of_checked(version: str) -> int:
    """Return what `instant` does of a timestamp that is known to be one, quickly."""
    if len(version) > _MICROSECOND_LENGTH or version[17:19] == "60":
        return instant(version)
    return (datetime.fromisoformat(version) - EPOCH) // MICROSECOND


def plain(texts: Sequence[str], least: int) -> list[datetime] | None:
    """Read timestamps of at least so many characters; None where one is none, or finer than microseconds.

    Nor is one read that has a 60th second. `timestamp` takes all that are read, and `instant` makes the same of them.
    """
    lengths = set(map(len, texts))
    for length in lengths:
        alike = texts if len(lengths) == 1 else [text for text in texts if len(text) == length]
        if not (least <= length <= _MICROSECOND_LENGTH and _has_signs("".join(alike), length)):
            return None
    try:
        return list(map(datetime.fromisoformat, texts))
    except ValueError:
        return None


def _has_signs(joined: str, length: int) -> bool:
    """Say whether there is between the numbers of timestamps of one length, joined, what is to be there."""
    count = len(joined) // length
    return (
        all(joined[place::length] == sign * count for place, sign in _signs(length))
        and _NO_HOUR not in joined
        and length != _BARE_FRACTION
    )


@lru_cache
def _signs(length: int) -> Sequence[tuple[int, str]]:
    """Return what stands between the numbers of a timestamp of some length, and where."""
    signs = "--T::." if length > _SECOND_LENGTH else "--T::Z"
    return [*zip(range(4, length, 3), signs, strict=False), (length - 1, "Z")]


def spelled(version: str) -> str:
    """Return what has to be kept of a version beside its instant: nothing where it is written in milliseconds.

    So almost all are. A 60th second has the instant of the next one, and finer fractions are more than microseconds
    can tell, so those are kept as they are written.
    """
    return "" if len(version) == _MILLISECOND_LENGTH and version[17:19] != "60" else version


def version_at(at: int, spelling: str) -> str:
    """Return the version with an instant (µs) of which `spelled` gave *spelling*."""
    return spelling or (EPOCH + at * MICROSECOND).isoformat(timespec="milliseconds")[:-6] + "Z"


def order(version: str) -> tuple[str, str]:
    """Return a key by which two timestamps compare exactly, whatever their number of fraction digits."""
    whole, _, fraction = version.removesuffix("Z").partition(".")
    return whole, fraction.rstrip("0")
