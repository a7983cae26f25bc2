"""Two reviews side by side: what moved and by which answers; and several states side by side without exposing them.

Across editions an aspect is compared only where the crosswalk calls it equal to one aspect of the other edition and
both have the same stages. Whatever else there is stays blank, with the reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from comity.policy.crosswalks import Crosswalk, Relation
from comity.policy.frameworks import Aspect, Framework
from comity.policy.staging import Staged

FEWEST_STATES: Final = 5
"""Below this many states nothing of a group is told: of four, the one that knows itself would know too much."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One aspect in two reviews. `before` or `after` is None where it cannot be compared; `blank` says why.

    `by` holds the ids of the indicators whose hold differs, those of the later review.
    """

    aspect: Aspect
    before: Staged | None
    after: Staged | None
    by: tuple[str, ...] = ()
    blank: str = ""


def moved(framework: Framework, before: Mapping[str, Staged], after: Mapping[str, Staged]) -> Iterator[Moved]:
    """Compare two reviews by one edition, aspect by aspect in its order."""
    for aspect in framework.aspects():
        first, second = before[aspect.id], after[aspect.id]
        holds = {one.indicator.id: one.hold for one in first.held}
        by = tuple(one.indicator.id for one in second.held if one.hold is not holds[one.indicator.id])
        yield Moved(aspect, first, second, by)


def moved_across(
    walk: Crosswalk, old: Framework, new: Framework, before: Mapping[str, Staged], after: Mapping[str, Staged]
) -> Iterator[Moved]:
    """Compare reviews by two editions, aspect by aspect in the order of the later one. `walk` leads from old to new."""
    same_stages = [one.id for one in old.stages] == [one.id for one in new.stages]
    equal: dict[str, list[str]] = {}
    for pair in walk.pairs:
        if pair.relation is Relation.EQUAL and pair.source in before:
            equal.setdefault(pair.target, []).append(pair.source)
    for aspect in new.aspects():
        sources = equal.get(aspect.id, [])
        if not sources:
            yield Moved(aspect, None, after[aspect.id], blank="no aspect of the earlier edition is equal to it")
        elif len(sources) > 1:
            yield Moved(aspect, None, after[aspect.id], blank="several aspects of the earlier edition are equal to it")
        elif not same_stages:
            yield Moved(aspect, None, after[aspect.id], blank="the editions have different stages")
        else:
            yield Moved(aspect, before[sources[0]], after[aspect.id])


@dataclass(frozen=True, slots=True)
class Spread:
    """Where a group of states stands on one aspect: its quartiles, each the stage of a state, never a mean.

    `quartiles` is None where telling them would tell of single states: too few, or all alike. `states` counts them.
    """

    aspect: str
    states: int
    quartiles: tuple[int, int, int] | None


def spread(aspect: str, stages: list[int], fewest: int = FEWEST_STATES) -> Spread:
    """Tell the quartiles of a group’s stages, of at least *fewest* states that do not all stand alike."""
    ordered, count = sorted(stages), len(stages)
    if count < max(fewest, FEWEST_STATES) or ordered[0] == ordered[-1]:
        return Spread(aspect, count, None)
    return Spread(aspect, count, (_rank(ordered, 1), _rank(ordered, 2), _rank(ordered, 3)))


def _rank(ordered: list[int], quarter: int) -> int:
    """Give the value at so many quarters of the way, by the nearest rank: of five, the second, third and fourth."""
    return ordered[-(-quarter * len(ordered) // 4) - 1]


def compared(
    states: Mapping[str, Mapping[str, int]], may_see: frozenset[str], fewest: int = FEWEST_STATES
) -> tuple[dict[str, dict[str, int]], list[Spread]]:
    """Compare states for one reader: by name those it may see, and the spread of the others as a group.

    `states` is state → aspect → stage. A state that the reader sees by name is left out of the group: otherwise the
    rest of a group of five could be reckoned from its quartiles and the four that are known.
    """
    named = {state: dict(stages) for state, stages in states.items() if state in may_see}
    others = [stages for state, stages in states.items() if state not in may_see]
    aspects = list(dict.fromkeys(aspect for stages in states.values() for aspect in stages))
    return named, [spread(one, [found[one] for found in others if one in found], fewest) for one in aspects]
