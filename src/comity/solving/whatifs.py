"""What another budget, another limit or another deadline would change: each question is a programme solved anew.

Prices are the least that must be added to money’s limits (to all, where money alone is not enough) for a goal to be
reached, or to be reached a year earlier, with nothing lost of what the plan reaches otherwise. Sensitivity is what the
aims become with more or less of each resource. No regret are the steps that every one of these plans takes.
"""

from dataclasses import dataclass, replace
from typing import Final

from comity.policy.roadmap import MONEY, Fault, Plan, Programme, reached, score
from comity.solving.conflicts import more
from comity.solving.roadmaps import solve

YEAR: Final = 4
SCALES: Final = (50, 75, 90, 110, 125, 150)
"""Per cent of a resource that are tried."""


@dataclass(frozen=True, slots=True)
class Price:
    """What it costs to have a goal by `by` quarters instead of at `now` (None: not at all): limits that give way.

    `gives` names each limit with how much more (`over`). It is money alone where money is enough.
    """

    goal: str
    now: int | None
    by: int
    gives: tuple[Fault, ...]
    plan: Plan

    @property
    def money(self) -> int:
        """Give how much of it is money."""
        return sum(one.over for one in self.gives if one.of == MONEY)


@dataclass(frozen=True, slots=True)
class Turn:
    """What the aims become when there is `percent` of a resource."""

    resource: str
    percent: int
    score: tuple[int, ...] | None
    plan: Plan | None


def prices(programme: Programme, plan: Plan, most: int = 6, seconds: float = 20.0) -> tuple[Price, ...]:
    """Price goals that the plan does not reach, or reaches late, cheapest first; what it reaches it reaches still."""
    held = reached(programme, plan)
    every = frozenset(limit.resource for limit in programme.limits)
    late = [
        (goal.id, held.get(goal.id), held.get(goal.id, programme.quarters + YEAR) - YEAR)
        for goal in programme.goals if held.get(goal.id, programme.quarters + 1) > YEAR
    ]  # fmt: skip
    found = []
    for goal, now, by in sorted(late, key=lambda one: (one[1] is not None, -(one[1] or 0), one[0]))[:most]:
        kept = tuple(
            replace(one, by=by if one.id == goal else one.by if one.by is not None else held.get(one.id))
            for one in programme.goals
        )  # fmt: skip
        asked = replace(programme, goals=kept)
        priced = more(asked, frozenset({MONEY}), seconds / most) or more(asked, every, seconds / most)
        if priced is not None:
            found.append(Price(goal, now, by, priced.gives, priced.plan))
    return tuple(sorted(found, key=lambda one: (len(one.gives), one.money, one.goal)))


def scaled(programme: Programme, resource: str, percent: int) -> Programme:
    """Give a programme with so many per cent of a resource."""
    return replace(programme, limits=tuple(
        replace(one, amount=one.amount * percent // 100) if one.resource == resource else one
        for one in programme.limits
    ))  # fmt: skip


def turns(programme: Programme, plan: Plan, resource: str, scales: tuple[int, ...] = SCALES,
          seconds: float = 2.0) -> tuple[Turn, ...]:  # fmt: skip
    """Solve with less and more of a resource: the cost curve, where the resource is money."""
    found = []
    for percent in scales:
        other = scaled(programme, resource, percent)
        solved = solve(other, start=plan, seconds=seconds)
        aims = None if solved.plan is None else score(other, solved.plan)
        found.append(Turn(resource, percent, aims, solved.plan))
    return tuple(found)


def no_regret(plan: Plan, others: tuple[Plan | None, ...]) -> frozenset[str]:
    """Give the steps of a plan that every other plan takes too."""
    found = frozenset(plan.starts)
    for other in others:
        found &= frozenset(other.starts) if other is not None else found
    return found
