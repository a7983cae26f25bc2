"""The line of an agreement's life: every party's states, without a gap, on one scale."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.acts import outlook
from comity.policy.release import Moment
from comity.policy.standing import State, standing
from comity.web.life_lines import LifeLine, life_line

FIRST, LAST = date(2025, 1, 1), date(2034, 1, 1)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def percent(share: str) -> float:
    return float(share.removesuffix("%"))


@pytest.mark.usefixtures("bahamas")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=st.dates(FIRST, LAST), slug=st.sampled_from(["bs-xn-exchange", "caribbean-cert-circle"]))
def test_each_day_on_the_line_is_told_as_the_standing_of_that_day(day: date, slug: str) -> None:
    one = outlook.adopted(slug, Moment(NOW))
    assert one is not None
    known_at = datetime.now(UTC)
    for party in one.agreement.parties:
        spans = outlook.states_by_span(one, party.code, FIRST, LAST, known_at)
        assert spans[0][0] == FIRST
        assert spans[-1][1] == LAST
        assert all(before[1] + timedelta(days=1) == after[0] for before, after in pairwise(spans))
        told = next(state for start, end, state in spans if start <= day <= end)
        assert told is standing(one.agreement, one.events, party.code, day, known_at).state


@pytest.mark.usefixtures("bahamas")
def test_a_line_keeps_within_its_width_and_marks_today() -> None:
    one = outlook.adopted("bs-xn-exchange", Moment(NOW))
    assert one is not None
    line: LifeLine = life_line(one, datetime.now(UTC), NOW.date())
    for lane in line.lanes:
        assert lane.stretches
        for stretch in lane.stretches:
            assert 0 <= percent(stretch.left) <= 100
            assert percent(stretch.left) + percent(stretch.width) <= 100.02
            assert stretch.style != str(State.NOT_IN_FORCE)
    assert 0 < percent(line.today.left) < 100
