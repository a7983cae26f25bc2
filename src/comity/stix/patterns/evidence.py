"""What in the observations satisfied a pattern, in words: path and value of each comparison that held."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from comity.stix.patterns.binding import seens
from comity.stix.patterns.comparing import predicate
from comity.stix.patterns.conditions import check
from comity.stix.patterns.observations import Observation
from comity.stix.patterns.paths import values
from comity.stix.patterns.printing import path
from comity.stix.patterns.tree import Comparison, Condition, Expression

_MOST = 5
_LONGEST = 200
_check = lru_cache(maxsize=1_024)(check)
_predicate = lru_cache(maxsize=1_024)(predicate)


def evidence(expression: Expression, observations: Sequence[Observation]) -> list[str]:
    """Return `path = value` for what held, each once, the first few."""
    found: dict[str, None] = {}
    for seen in seens(expression):
        holds = _check(seen.condition)
        for observation in observations:
            for one in observation.objects:
                if holds(one, observation.referred):
                    found.update(dict.fromkeys(_held(seen.condition, one, observation)))
    return list(found)[:_MOST]


def _held(condition: Condition, one: object, within: Observation) -> Iterator[str]:
    if not isinstance(condition, Comparison):
        for part in condition.parts:
            yield from _held(part, one, within)
        return
    if not isinstance(one, dict) or one.get("type") != condition.path.type:
        return
    holds = _predicate(condition)
    led_to = values(condition.path, one, within.referred)
    if not led_to and condition.operator == "EXISTS" and condition.negated:
        yield f"{path(condition.path)} is not there"
    yield from (f"{path(condition.path)} = {str(value)[:_LONGEST]}" for value in led_to if holds(value))
