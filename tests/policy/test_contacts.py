"""How far a contact can be relied on: by hand, and the rule that a later moment never makes an old word younger."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.policy.contacts import Check, Freshness, in_words, reliance

MADE = datetime(2026, 1, 1, tzinfo=UTC)


def after(days: float) -> datetime:
    return MADE + timedelta(days=days)


def ping(asked: float, answered: float | None, *, holds: bool = True) -> Check:
    return Check(after(asked), None if answered is None else after(answered), holds)


CASES = [
    ([], 10, Freshness.NEVER),
    ([ping(5, 5.1)], 10, Freshness.FRESH),
    ([ping(5, 5.1)], 185, Freshness.FRESH),
    ([ping(5, 5.1)], 190, Freshness.AGEING),
    ([ping(5, 5.1)], 371, Freshness.STALE),
    ([ping(5, None)], 6, Freshness.NEVER),
    ([ping(5, None)], 8, Freshness.NO_ANSWER),
    ([ping(5, 5.1), ping(100, None)], 101, Freshness.FRESH),
    ([ping(5, 5.1), ping(100, None)], 103, Freshness.NO_ANSWER),
    ([ping(5, 5.1), ping(100, None), ping(110, 110.5)], 111, Freshness.FRESH),
    ([ping(5, 5.1), ping(100, 100, holds=False)], 101, Freshness.WRONG),
    ([ping(-50, None)], 10, Freshness.NEVER),
    ([ping(-50, -49)], 10, Freshness.FRESH),
    ([ping(5, 20)], 10, Freshness.NO_ANSWER),
]


@pytest.mark.parametrize(("checks", "days", "expected"), CASES)
def test_a_contact_is_as_fresh_as_its_last_word(checks: list[Check], days: float, expected: Freshness) -> None:
    assert reliance(checks, MADE, after(days)).freshness is expected


CHECKS = st.lists(
    st.builds(ping, st.floats(0, 500), st.none() | st.floats(500, 900)), max_size=8
)


@given(CHECKS, st.floats(0, 900), st.floats(0, 900))
def test_the_last_word_is_the_latest_answer_that_had_come(checks: list[Check], days: float, more: float) -> None:
    now = after(days)
    came = [check.answered_at for check in checks if check.asked_at <= now and check.answered_at is not None]
    heard = [at for at in came if at <= now]
    found = reliance(checks, MADE, now)
    assert found.last_word == (max(heard) if heard else None)
    later = reliance(checks, MADE, after(days + more)).last_word
    assert found.last_word is None or (later is not None and later >= found.last_word)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h 00 min"), (185, "3 h 05 min"), (1440, "1 d 0 h"), (3125, "2 d 4 h")],
)
def test_how_long_an_answer_took_is_said_in_two_units(minutes: int, said: str) -> None:
    assert in_words(timedelta(minutes=minutes)) == said
