"""The blind match: its terms, the limits that keep it from being used to guess, and how a value is written."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from comity.policy.saying import sentence

MOST_VALUES: Final = 20_000
FEWEST_VALUES: Final = 10
"""Fewer would let the count alone tell of one value."""
MOST_MATCHES: Final = 4
PERIOD: Final = timedelta(days=30)


class ValueKind(enum.StrEnum):
    """What can be matched: kinds of values that an indicator looks for."""

    DOMAIN = "domain-name"
    URL = "url"
    FILE_HASH = "file-hash"
    EMAIL = "email-addr"
    IPV6 = "ipv6-addr"
    IPV4 = "ipv4-addr"
    """There are so few that the other side could put all it wants to ask about into its set: agreed on by name only."""


WITHOUT_WORD: Final = frozenset({ValueKind.DOMAIN, ValueKind.URL, ValueKind.FILE_HASH, ValueKind.EMAIL, ValueKind.IPV6})
"""What a match is about where its kinds are not named."""


def value_of(path: str, operand: str) -> tuple[ValueKind, str] | None:
    """Give kind and normal writing of what a comparison looks for; None of what cannot be matched.

    *path* is an object path such as `domain-name:value` or `file:hashes.'SHA-256'`.
    """
    name, _, rest = path.partition(":")
    text = operand.strip()
    if name == "file" and rest.startswith("hashes."):
        return ValueKind.FILE_HASH, text.lower()
    if rest != "value" or not text:
        return None
    if name == "domain-name":
        return ValueKind.DOMAIN, text.lower().rstrip(".")
    if name == "url":
        return ValueKind.URL, text
    if name in {ValueKind.EMAIL, ValueKind.IPV4, ValueKind.IPV6}:
        return ValueKind(name), text.lower()
    return None


@dataclass(frozen=True, slots=True)
class Terms:
    """On what both sides agree: whether a count is told or which, and the kinds of values."""

    mode: str
    kinds: tuple[ValueKind, ...]


def objections(terms: Terms, size: int, before: Sequence[datetime], now: datetime) -> tuple[str, ...]:
    """Give what speaks against a match of *size* values of ours; *before* are the moments of those with this party."""
    return tuple(_objections(terms, size, before, now))


def _objections(terms: Terms, size: int, before: Sequence[datetime], now: datetime) -> Iterable[str]:
    if not terms.kinds:
        yield sentence("no kind of value is named: name at least one")
    if not FEWEST_VALUES <= size <= MOST_VALUES:
        yield sentence("there are {size} values of ours of these kinds; a match takes {fewest} to {most}, "
                       "for with fewer the count alone tells of one",
                       size=size, fewest=FEWEST_VALUES, most=MOST_VALUES)  # fmt: skip
    recent = [at for at in before if at > now - PERIOD]
    if len(recent) >= MOST_MATCHES:
        yield sentence("there were {count} matches with this party in {days} days; more would let it ask for "
                       "values one by one: wait until {until}",
                       count=len(recent), days=PERIOD.days, until=f"{min(recent) + PERIOD:%Y-%m-%d}")  # fmt: skip
