"""The index answers as the standard's words do, read one by one: 100,000 pairs, and sets of observations."""

import pytest

from comity.stix.patterns.matcher import Matcher, satisfied_by
from tests.stix.patterns import naive
from tests.stix.patterns.small_world import SmallWorld


@pytest.mark.parametrize("seed", range(10))
def test_ten_thousand_pairs_of_pattern_and_observation_have_the_answer_of_the_standard(seed: int) -> None:
    world = SmallWorld(seed)
    patterns = [world.expression(depth=seed % 3) for _ in range(200)]
    matcher = Matcher(patterns)
    assert matcher.refused == {}
    hits = 0
    for place in range(50):
        observation = world.observation(place)
        found = matcher.see_alone(observation)
        assert found == [n for n, pattern in enumerate(patterns) if naive.satisfied(pattern, [observation])]
        hits += len(found)
    assert hits > 500


@pytest.mark.parametrize("seed", range(20))
def test_sets_of_observations_have_the_answer_of_the_standard(seed: int) -> None:
    world = SmallWorld(1000 + seed, easy=True)
    hits = 0
    for _ in range(50):
        pattern = world.expression()
        observations = [world.observation(place) for place in range(world.chance.randrange(1, 5))]
        expected = naive.satisfied(pattern, observations)
        chosen = satisfied_by(pattern, observations)
        assert (chosen is not None) == expected
        streamed = Matcher([pattern])
        assert any(streamed.see(one) for one in observations) == expected
        hits += expected
        if chosen is not None:
            assert naive.satisfied(pattern, [observations[place] for place in chosen])
    assert 5 < hits < 45
