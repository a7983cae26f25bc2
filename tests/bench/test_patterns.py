"""What the bench makes is good, meets, and is answered as the standard says."""

from bench._patterns import Made
from bench.patterns import observed
from comity.stix.patterns.matcher import Matcher
from comity.stix.patterns.parser import read
from tests.stix.patterns import naive


def test_what_is_made_is_answered_as_the_standard_says() -> None:
    made = Made(3, names=30)
    patterns = [read(made.pattern()) for _ in range(100)]
    matcher = Matcher(patterns)
    assert matcher.refused == {}
    hits = 0
    for _ in range(50):
        one = observed(made.bundle())
        found = matcher.see_alone(one)
        assert found == [place for place, pattern in enumerate(patterns) if naive.satisfied(pattern, [one])]
        hits += len(found)
    assert hits > 20
