"""The solver is held to exhaustive search: every choice of steps and quarters and offers of a small programme, tried.

`COMITY_ROADMAPS` sets how many instances are tried; 200 are by hand.
"""

import itertools
import os
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from comity.policy.roadmap import (
    MONEY,
    Aim,
    Ceiling,
    Goal,
    Kind,
    Limit,
    Offer,
    Plan,
    Programme,
    Rule,
    Step,
    faults,
    reached,
    score,
)
from comity.policy.roadmap_greedy import greedy
from comity.policy.roadmap_model import build
from comity.policy.roadmap_windows import Circle
from comity.solving import conflicts, roadmaps, rounding, whatifs
from comity.solving.highs import Patience, Watch, matrix, maximize
from comity.solving.roadmaps import Solved, solve

INSTANCES = int(os.environ.get("COMITY_ROADMAPS", "16"))
ROLES = ("law", "engineer")


def programme(seed: int, *, hard: bool = False) -> Programme:
    """Draw a small programme; a *hard* one has targets that may not be possible."""
    r = random.Random(seed)
    quarters, count = r.choice([3, 4]), r.choice([3, 4])
    names = [f"m{number}" for number in range(count)]
    steps = tuple(
        Step(name, r.randint(1, 2), r.randrange(0, 90), r.randrange(0, 9),
             tuple((role, r.randint(1, 9)) for role in ROLES if r.random() < 0.6),
             tuple(before for before in names[:place] if r.random() < 0.3),
             tuple(r.sample("abcd", r.randint(1, 2))), r.choice([0, 0, 1]))
        for place, name in enumerate(names)
    )  # fmt: skip
    goals = tuple(
        Goal(f"g{number}", r.choice(list(Kind)), tuple(r.sample("abcd", r.randint(1, 2))), r.choice([1, 1, 2]),
             r.choice([2, quarters]) if hard and r.random() < 0.7 else None)
        for number in range(3)
    )  # fmt: skip
    limits = tuple(
        limit for resource, most in ((MONEY, 140), *((role, 12) for role in ROLES))
        for limit in (Limit(resource, 0, 1, r.randrange(most)), Limit(resource, 2, quarters - 1, r.randrange(most)))
        if r.random() < 0.9
    )  # fmt: skip
    offers = tuple(
        Offer(f"o{number}", r.choice(["US", "UK"]), tuple(r.sample(names, r.randint(1, 2))), r.randrange(0, 80),
              ((r.choice(ROLES), r.randint(1, 5)),) if r.random() < 0.5 else (), r.choice([None, 0, 1]))
        for number in range(r.choice([0, 1, 2]))
    )  # fmt: skip
    ceilings = (Ceiling("US", r.randrange(20, 90)),) if r.random() < 0.4 else ()
    aims = tuple(r.sample(list(Aim), r.randint(1, 3)))
    return Programme(quarters, steps, goals, limits, offers, ceilings, aims)


def every_plan(of: Programme) -> Iterator[Plan]:
    """Give every choice of starts, and every choice of offers with it."""
    quarters = [None, *range(of.quarters)]
    pairs = [(offer.id, step) for offer in of.offers for step in offer.steps]
    for chosen in itertools.product(quarters, repeat=len(of.steps)):
        starts = {step.id: at for step, at in zip(of.steps, chosen, strict=True) if at is not None}
        if any(fault.rule in {Rule.ORDER, Rule.WINDOW} for fault in faults(replace(of, limits=()), Plan(starts))):
            continue
        open_ = [pair for pair in pairs if pair[1] in starts]
        for size in range(len(open_) + 1):
            for taken in itertools.combinations(open_, size):
                yield Plan(starts, frozenset(taken))


def best_of_all(of: Programme) -> tuple[int, ...] | None:
    return max((score(of, plan) for plan in every_plan(of) if not faults(of, plan)), default=None)


@pytest.mark.parametrize("seed", range(INSTANCES))
def test_the_best_plan_is_the_best_of_all(seed: int) -> None:
    asked = programme(seed, hard=seed % 3 == 0)
    found, best = solve(asked), best_of_all(asked)
    if best is None:
        assert found.plan is None
        assert found.empty
        return
    assert found.plan is not None
    assert not faults(asked, found.plan)
    assert score(asked, found.plan) == best
    assert found.gap == 0


@pytest.mark.parametrize("seed", range(INSTANCES // 4))
def test_what_clashes_is_irreducible_and_the_relaxation_is_the_least(seed: int) -> None:
    asked = replace(programme(1000 + seed, hard=True), aims=())
    found = conflicts.conflict(asked)
    plans = list(every_plan(asked))
    if any(not faults(asked, plan) for plan in plans):
        assert found is None
        return
    assert found is not None
    assert all(faults(conflicts.kept(asked, found.clash), plan) for plan in plans)
    for left_out in found.clash:
        fewer = conflicts.kept(asked, [one for one in found.clash if one != left_out])
        assert any(not faults(fewer, plan) for plan in plans), left_out
    for one in found.relaxations:
        if one.resource in {MONEY, *ROLES}:
            assert one.sum == min(over for plan in plans if (over := exceeded(asked, plan, one.resource)) is not None)
        if one.resource == conflicts.LATER:
            firm = [plan for plan in plans if all(fault.rule is Rule.TARGET for fault in faults(asked, plan))]
            assert one.sum == min(lateness(asked, plan) for plan in firm)
    for resource in {limit.resource for limit in asked.limits} - {one.resource for one in found.relaxations}:
        assert all(exceeded(asked, plan, resource) is None for plan in plans)


def exceeded(of: Programme, plan: Plan, resource: str) -> int | None:
    """Tell by how much limits of one resource are exceeded, None where another rule is broken."""
    broken = faults(of, plan)
    other = [fault for fault in broken if (fault.rule, fault.of) != (Rule.LIMIT, resource)]
    return None if other else sum(fault.over for fault in broken)


def lateness(of: Programme, plan: Plan) -> int:
    held = reached(of, plan)
    return sum(max(0, held.get(goal.id, of.quarters + 1) - goal.by) for goal in of.goals if goal.by is not None)


@pytest.mark.parametrize("seed", range(INSTANCES // 2))
def test_what_more_or_less_would_change_is_what_solving_each_anew_and_trying_every_plan_tell(seed: int) -> None:
    asked = programme(2000 + seed)
    solved = solve(asked)
    assert solved.plan is not None
    resources = sorted({limit.resource for limit in asked.limits})
    tried = [turn for one in resources for turn in whatifs.turns(asked, solved, one)]
    best_plans = [best_of_first_aim(replace(asked, aims=asked.aims[:1]))]
    for turn in tried:
        other = whatifs.scaled(asked, turn.resource, turn.percent)
        assert turn.plan is not None
        assert not faults(other, turn.plan)
        best_plans.append(best_of_first_aim(other))
        assert (turn.value, turn.bound) == (best_plans[-1][0], best_plans[-1][0]), (turn.resource, turn.percent)
        assert turn.value == score(other, turn.plan)[0]
    every = frozenset(solved.plan.starts).intersection(*(plan.starts for _best, plans in best_plans for plan in plans))
    assert whatifs.no_regret(asked, solved, tried) == every


def best_of_first_aim(of: Programme) -> tuple[int, list[Plan]]:
    """Give the most that any plan reaches, and every plan that does."""
    scored = [(score(of, plan)[0], plan) for plan in every_plan(of) if not faults(of, plan)]
    best = max(value for value, _plan in scored)
    return best, [plan for value, plan in scored if value == best]


def test_a_plan_that_less_leaves_whole_and_more_cannot_better_is_not_solved_again(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = (Step("a", 1, 10, meets=("i",)), Step("b", 1, 10, meets=("j",)))
    goals = (Goal("g", Kind.ASPECT, ("i",)), Goal("h", Kind.ASPECT, ("j",)))
    asked = Programme(4, steps, goals, (Limit(MONEY, 0, 3, 40),), aims=(Aim.ASPECTS,))
    solved = solve(asked)
    counted: list[int] = []

    def counting(of: Programme, *, start: Plan | None, seconds: float) -> Solved:
        counted.append(of.limits[0].amount)
        return solve(of, start=start, seconds=seconds)

    monkeypatch.setattr(whatifs, "solve", counting)
    values = [(turn.percent, turn.value) for turn in whatifs.turns(asked, solved, MONEY, (25, 50, 75, 110, 150))]
    assert values == [(25, 1), (50, 2), (75, 2), (110, 2), (150, 2)]
    assert counted == [60, 10]  # with most all holds that can, and the plan itself keeps to half


@pytest.mark.parametrize("seed", range(INSTANCES // 2))
def test_a_large_programme_is_solved_in_its_other_way_to_the_same_end(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    aims = ((Aim.ASPECTS,), (Aim.UNDERTAKINGS, Aim.ASPECTS), (Aim.ASPECTS, Aim.EARLIEST))
    asked = replace(programme(3000 + seed, hard=seed % 4 == 0), aims=aims[seed % 3])
    best = best_of_all(asked)
    monkeypatch.setattr(roadmaps, "LARGE", 0)
    found = solve(asked, gap=0)
    assert (found.plan is None) == (best is None)
    if found.plan is not None and best is not None:
        assert score(asked, found.plan) == best
        assert tuple(one.bound for one in found.aims) == best


def test_goals_are_reached_by_steps_that_are_chosen_without_time_and_then_moved_to_quarters() -> None:
    found = 0
    for seed in range(24):
        asked = replace(programme(4000 + seed), aims=(Aim.ASPECTS,))
        built = build(asked)
        rows, terms = matrix(built.model), built.aims[Aim.ASPECTS]
        loose = maximize(rows.relaxed(), terms, Patience(5))
        best = max(score(asked, plan)[0] for plan in every_plan(asked) if not faults(asked, plan))
        assert loose.values is not None
        held = [(terms, float(best))]
        assert not rounding.loosely(built, rows, held, 5, Watch()).empty
        tried = rounding.reaching(built, rows, loose.values, held, 5)
        plan = None if tried is None else tried.found(lambda: 1.0, range(2))
        if plan is not None and not faults(asked, plan):
            assert score(asked, plan)[0] == best
            found += 1
    assert found > 16


def test_the_simple_way_never_breaks_a_rule() -> None:
    for seed in range(200):
        asked = programme(seed, hard=True)
        plan = greedy(asked)
        assert plan is None or not faults(asked, plan)


def test_steps_that_wait_for_each_other_are_named() -> None:
    circle = (Step("a", 1, after=("b",)), Step("b", 1, after=("a",)))
    with pytest.raises(Circle, match="a, b"):
        solve(Programme(4, circle, ()))
