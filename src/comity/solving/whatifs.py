"""What another budget, another limit or another deadline would change, and what every good plan takes.

Prices are the least that must be added to money’s limits (to all, where money alone is not enough) for a goal to be
reached, or to be reached a year earlier, with nothing lost of what the plan reaches otherwise. Sensitivity is what the
first aim becomes with more or less of each resource. No regret are the steps without which no plan reaches as much, in
none of these cases. Little has to be solved for it: more of a resource is never worse, so that a plan that keeps lower
limits, and a bound under higher ones, often tell all.
"""

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from comity.policy.roadmap import MONEY, Fault, Plan, Programme, faults, reached, score
from comity.policy.roadmap_model import build
from comity.solving.conflicts import more
from comity.solving.highs import NEAR, Patience, matrix, maximize
from comity.solving.roadmaps import Solved, solve
from comity.solving.searching import APART

YEAR: Final = 4
WHOLE: Final = 100
"""Per cent: the resource as it is."""
SCALES: Final = (50, 75, 90, 110, 125, 150)
"""Per cent of a resource that are tried."""


@dataclass(frozen=True, slots=True)
class Price:
    """What it costs to have a goal by `by` quarters instead of at `now` (None: not at all): limits that give way.

    `gives` names each limit with how much more (`over`). It is money alone where money is enough. `least`: it is
    proven that less is not enough.
    """

    goal: str
    now: int | None
    by: int
    gives: tuple[Fault, ...]
    plan: Plan
    least: bool = True

    @property
    def money(self) -> int:
        """Give how much of it is money."""
        return sum(one.over for one in self.gives if one.of == MONEY)


@dataclass(frozen=True, slots=True)
class Turn:
    """What the first aim becomes when there is `percent` of a resource: `plan` reaches `value`, none more than `bound`.

    All three are None where no plan was found; `empty` where it is proven that there is none.
    """

    resource: str
    percent: int
    value: int | None
    bound: int | None
    plan: Plan | None
    empty: bool = False


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
            found.append(Price(goal, now, by, priced.gives, priced.plan, priced.least))
    return tuple(sorted(found, key=lambda one: (len(one.gives), one.money, one.goal)))


def scaled(programme: Programme, resource: str, percent: int) -> Programme:
    """Give a programme with so many per cent of a resource, and its first aim alone."""
    limits = tuple(
        replace(one, amount=one.amount * percent // WHOLE) if one.resource == resource else one
        for one in programme.limits
    )
    return replace(programme, limits=limits, aims=programme.aims[:1])


def turns(programme: Programme, solved: Solved, resource: str, scales: Sequence[int] = SCALES,
          seconds: float = 2.0) -> tuple[Turn, ...]:  # fmt: skip
    """Tell what the first aim becomes with less and more of a resource: the cost curve, where the resource is money.

    Most is asked for before more, and least before less: where those change nothing, what lies between them does not.
    """
    first = solved.aims[0]
    known = [Turn(resource, WHOLE, first.value, first.bound, solved.plan)]
    for percent in (*sorted((one for one in scales if one > WHOLE), reverse=True),
                    *sorted(one for one in scales if one < WHOLE)):  # fmt: skip
        known.append(_turn(scaled(programme, resource, percent), resource, percent, known, seconds))
    return tuple(sorted((one for one in known if one.percent in scales), key=lambda one: one.percent))


def _turn(of: Programme, resource: str, percent: int, known: Iterable[Turn], seconds: float) -> Turn:
    """Tell one turn from those that are known, and solve it only where they leave a question open."""
    above = [one for one in known if one.percent >= percent]
    if any(one.empty for one in above):
        return Turn(resource, percent, None, None, None, empty=True)
    kept = [one.plan for one in known if one.plan is not None and not faults(of, one.plan)]
    best = max(kept, key=lambda plan: score(of, plan), default=None)
    bound = min((one.bound for one in above if one.bound is not None), default=None)
    if best is None or bound is None or score(of, best)[0] < bound:
        found = solve(of, start=best, seconds=seconds)
        if found.plan is None:
            return Turn(resource, percent, None, None, None, found.empty)
        best, most = found.plan, found.aims[0].bound
        bound = most if bound is None else min(bound, most)
    value = score(of, best)[0]
    return Turn(resource, percent, value, max(value, bound), best)


def no_regret(programme: Programme, solved: Solved, tried: Iterable[Turn], seconds: float = 5.0) -> frozenset[str]:
    """Give the steps of a plan that every plan takes that reaches as much in the first aim, as it is and in each turn.

    It is proven: in each case that plan is sought that takes the fewest of them. Where the time is up, none is given.
    """
    assert solved.plan is not None  # noqa: S101 (there was a plan whose turns were tried)
    cases = [(scaled(programme, "", WHOLE), solved.aims[0].value),
             *((scaled(programme, one.resource, one.percent), one.value)
               for one in tried if one.value is not None)]  # fmt: skip
    found = frozenset(solved.plan.starts).intersection(*(one.plan.starts for one in tried if one.plan is not None))
    for of, value in _widest(cases):
        found = _needed(of, value, found, seconds)
    return found


def _widest(cases: Iterable[tuple[Programme, int]]) -> list[tuple[Programme, int]]:
    """Leave out each case all of whose plans are plans of another case that asks for as much."""

    def amounts(of: Programme) -> list[int]:
        return [limit.amount for limit in of.limits]

    kept: list[tuple[Programme, int]] = []
    for of, value in sorted(cases, key=lambda case: sum(amounts(case[0])), reverse=True):
        wider = (there <= value and all(map(operator.le, amounts(of), amounts(other))) for other, there in kept)
        if not any(wider):
            kept.append((of, value))
    return kept


def _needed(of: Programme, value: int, asked: frozenset[str], seconds: float) -> frozenset[str]:
    """Give those of some steps that each plan takes whose first aim is worth so much."""
    built = build(of)
    rows = matrix(built.model).with_row(built.aims[of.aims[0]], value - NEAR)
    while asked:
        cost = {list(built.begun[name].values())[-1]: -1.0 for name in asked}
        found = maximize(rows, cost, Patience(seconds, apart=APART))
        if found.values is None or not found.proven:
            return frozenset()
        taken = asked.intersection(built.plan(list(found.values)).starts)
        if taken == asked:
            return asked
        asked = taken
    return asked
