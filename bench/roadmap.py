"""A roadmap of 500 measures: how near to the best plan, in how long, and again with a partner’s offer.

500 measures, 300 prerequisites, 20 quarters, 4 roles, money and staff by year, 62 aspects to bring to a target: drawn
with a seed. Three aims are solved, each alone; for the undertakings, 40 are drawn that need indicators anywhere. The
gap is between the plan and what is proven that no plan can pass.
`COMITY_ROADMAP_SEEDS` names other seeds.
"""

import os
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from comity.commands.bench import Figure
from comity.policy.roadmap import MONEY, Aim, Goal, Kind, Limit, Offer, Plan, Programme, Step, faults, score
from comity.policy.roadmap_greedy import greedy
from comity.solving.roadmaps import Solved, solve

MEASURES: Final = 500
PREREQUISITES: Final = 300
QUARTERS: Final = 20
ASPECTS: Final = 62
ROLES: Final = ("law", "policy", "engineering", "training")
NEAR: Final = 60
"""How far apart in the list a measure and its prerequisite are at most."""
SECONDS: Final = 30.0


def programme(seed: int) -> Programme:
    """Draw a programme whose money is enough for 55 % of all measures and whose staff is enough for 60 %."""
    r = random.Random(seed)
    after: list[set[int]] = [set() for _ in range(MEASURES)]
    while sum(map(len, after)) < PREREQUISITES:
        first, second = sorted(r.sample(range(MEASURES), 2))
        if second - first < NEAR:
            after[second].add(first)
    steps = tuple(
        Step(f"m{number}", r.randint(1, 5), r.randrange(10, 400) * 1000, r.randrange(0, 12) * 1000,
             tuple((role, r.randint(3, 25)) for role in r.sample(ROLES, r.randint(1, 3))),
             tuple(f"m{one}" for one in sorted(after[number])),
             (f"i{number}", *(f"i{r.randrange(MEASURES)}" for _ in range(r.choice([0, 0, 0, 1])))))
        for number in range(MEASURES)
    )  # fmt: skip
    goals = tuple(
        Goal(f"A{number}", Kind.ASPECT, tuple(f"i{8 * number + one}" for one in range(r.randint(3, 8))))
        for number in range(ASPECTS)
    )
    years = [(first, first + 3) for first in range(0, QUARTERS, 4)]
    money = sum(step.once for step in steps) * 55 // 100 // len(years)
    days = {role: sum(dict(step.days).get(role, 0) * step.quarters for step in steps) * 60 // 100 // len(years)
            for role in ROLES}  # fmt: skip
    limits = tuple(Limit(name, first, last, amount)
                   for name, amount in ((MONEY, money), *days.items()) for first, last in years)  # fmt: skip
    return Programme(QUARTERS, steps, goals, limits)


def promised(of: Programme, seed: int) -> Programme:
    """Add 40 undertakings, each of which needs two to five indicators of any measures."""
    r = random.Random(seed)
    drawn = tuple(
        Goal(f"U{number}", Kind.UNDERTAKING, tuple(f"i{r.randrange(MEASURES)}" for _ in range(r.randint(2, 5))))
        for number in range(40)
    )
    return replace(of, goals=(*of.goals, *drawn), aims=(Aim.UNDERTAKINGS,))


def offered(of: Programme, plan: Plan) -> Programme:
    """Add an offer: a partner pays three measures that the plan leaves out, and lends 40 days of a role for each."""
    left = [step.id for step in of.steps if step.id not in plan.starts][:3]
    return replace(of, offers=(Offer("offer", "US", tuple(left), 400_000, (("law", 40),), 8, times=3),))


def run() -> Iterable[Figure]:
    """Solve each aim for each seed, then again with an offer."""
    for seed in os.environ.get("COMITY_ROADMAP_SEEDS", "1 2").split():
        of = programme(int(seed))
        yield Figure(f"a million additions, before seed {seed}", _additions(), "ms")
        for aim in (Aim.ASPECTS, Aim.EARLIEST):
            yield from _figures(replace(of, aims=(aim,)), f"{aim}, seed {seed}")
        yield from _figures(promised(of, int(seed)), f"{Aim.UNDERTAKINGS}, seed {seed}")


def _additions() -> float:
    """Give the milliseconds that a million additions take: a search gets as far as the machine is quick."""
    began, total = time.perf_counter(), 0
    for number in range(1_000_000):
        total += number
    return 1000 * (time.perf_counter() - began)


def _figures(of: Programme, name: str) -> Iterator[Figure]:
    clock, processor, solved = _timed(of, None, SECONDS)
    if solved.plan is None or faults(of, solved.plan):
        raise AssertionError(name)
    first, simple = solved.aims[0], greedy(of)
    yield Figure(f"{name}: reached", first.value, "", first.value / max(1, score(of, simple or Plan({}))[0]),
                 "the simple way")  # fmt: skip
    yield Figure(f"{name}: no plan reaches more than", first.bound, "")
    yield Figure(f"{name}: gap", 100 * solved.gap, "%")
    yield Figure(f"{name}: to solve", clock, "s")
    yield Figure(f"{name}: to solve, processors", processor, "s")
    new = offered(of, solved.plan)
    again, processor_again, helped = _timed(new, solved.plan, SECONDS / 3)
    if helped.plan is None or faults(new, helped.plan):
        raise AssertionError(name)
    yield Figure(f"{name}: reached with an offer", helped.aims[0].value, "")
    yield Figure(f"{name}: to solve again", again, "s", again / clock, "the first time")
    yield Figure(f"{name}: to solve again, processors", processor_again, "s")


def _timed(of: Programme, start: Plan | None, seconds: float) -> tuple[float, float, Solved]:
    clock, processor = time.perf_counter(), time.process_time()
    solved = solve(of, start=start, seconds=seconds)
    return time.perf_counter() - clock, time.process_time() - processor, solved
