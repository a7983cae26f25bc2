"""Points of contact: how old the last word of one is, and how soon it answered."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FRESH_FOR: Final = timedelta(days=180)
STALE_AFTER: Final = timedelta(days=365)
ANSWER_WITHIN: Final = timedelta(days=2)
"""How long a ping may be open before it counts as not answered."""


class Freshness(enum.StrEnum):
    """How far a contact can be relied on. `no answer` goes before all: it was tried, and nobody answered."""

    FRESH = "checked"
    AGEING = "to be checked"
    STALE = "stale"
    NEVER = "never checked"
    NO_ANSWER = "no answer"
    WRONG = "found wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: when it was asked, when it was answered (None: not yet), and whether what is recorded holds.

    A look at the source is asked and answered at one moment.
    """

    asked_at: datetime
    answered_at: datetime | None
    holds: bool = True

    @property
    def took(self) -> timedelta | None:
        """Give how long the answer took, None while there is none."""
        return None if self.answered_at is None else self.answered_at - self.asked_at


@dataclass(frozen=True, slots=True)
class Reliance:
    """How a contact stands at a moment: its freshness, and its last good word."""

    freshness: Freshness
    last_word: datetime | None


def reliance(checks: Iterable[Check], recorded_at: datetime, now: datetime) -> Reliance:
    """Judge a contact at a moment, from its checks by then and from when what is recorded of it was recorded.

    A check before the newest record speaks of what was recorded before: it counts as a word, not as a fault.
    """
    there = sorted((check for check in checks if check.asked_at <= now), key=lambda check: check.asked_at)
    words = [check.answered_at for check in there if check.answered_at and check.answered_at <= now and check.holds]
    last_word = max(words, default=None)
    since = [check for check in there if check.asked_at >= recorded_at]
    newest = since[-1] if since else None
    if newest is not None and not newest.holds:
        return Reliance(Freshness.WRONG, last_word)
    waits = newest is not None and (newest.answered_at is None or newest.answered_at > now)
    if newest is not None and waits and now - newest.asked_at > ANSWER_WITHIN:
        return Reliance(Freshness.NO_ANSWER, last_word)
    return Reliance(_by_age(last_word, now), last_word)


def _by_age(last_word: datetime | None, now: datetime) -> Freshness:
    if last_word is None:
        return Freshness.NEVER
    if now - last_word > STALE_AFTER:
        return Freshness.STALE
    return Freshness.AGEING if now - last_word > FRESH_FOR else Freshness.FRESH


def in_words(took: timedelta) -> str:
    """Write how long an answer took: `45 min`, `3 h 05 min`, `2 d 4 h`."""
    minutes = int(took.total_seconds() // 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{minutes // 1440} d {minutes % 1440 // 60} h"
