"""Solving a roadmap: one aim after the other, each held while the next is sought, with what is proven of each.

A large programme is first solved without the demand that steps be whole (its value is a bound that no plan can pass);
what is whole in that solution is kept and the rest is solved exactly, which gives a plan close to the bound; from there
the whole programme is solved until plan and bound are as near as asked.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from comity.policy.roadmap import Aim, Plan, Programme, faults, score
from comity.policy.roadmap_greedy import greedy, tidied
from comity.policy.roadmap_model import Built, build
from comity.solving.highs import NEAR, Found, Matrix, Vector, matrix, maximize

LARGE: Final = 600
"""Columns of steps above which a programme is taken to be large."""
PART: Final = 8
"""Quarters that are chosen anew together."""
PATIENCE: Final = 4.0
"""Seconds for one such part."""
SECONDS: Final = 30.0
GAP: Final = 0.01


@dataclass(frozen=True, slots=True)
class Reached:
    """One aim of a plan: its value, the bound that no plan can pass that does as well in the aims before it."""

    aim: Aim
    value: int
    bound: int

    @property
    def gap(self) -> float:
        """Give how far the bound lies above the value, as a share of the value; 0 where the plan is proven best."""
        return 0.0 if self.bound <= self.value else (self.bound - self.value) / max(1, abs(self.value))


@dataclass(frozen=True, slots=True)
class Solved:
    """The best plan found, with each aim in order. `plan` None: none was found; `empty`: none can be."""

    plan: Plan | None
    aims: tuple[Reached, ...] = ()
    empty: bool = False

    @property
    def gap(self) -> float:
        """Give the largest gap of an aim."""
        return max((one.gap for one in self.aims), default=0.0)


def solve(programme: Programme, *, start: Plan | None = None, seconds: float = SECONDS, gap: float = GAP) -> Solved:
    """Find the best plan by the programme’s aims in so many seconds in all. *start*: an earlier plan to begin from.

    Raises Circle where steps wait for each other.
    """
    return _Run(programme, start, seconds, gap).solve()


class _Run:
    """One run."""

    def __init__(self, programme: Programme, start: Plan | None, seconds: float, gap: float) -> None:
        self.programme, self.gap = programme, gap
        self.ends = time.monotonic() + seconds
        self.built: Built = build(programme)
        self.rows: Matrix = matrix(self.built.model)
        known = [plan for plan in (start and repaired(programme, start), greedy(programme)) if plan is not None]
        self.best: Plan | None = max(known, key=lambda plan: score(programme, plan), default=None)
        self.large = sum(self.built.model.whole) > LARGE

    def solve(self) -> Solved:
        found: list[Reached] = []
        for number, aim in enumerate(self.programme.aims):
            terms = self.built.aims[aim]
            left = self.ends - time.monotonic()
            share = left / (len(self.programme.aims) - number) if number else left * self.first_share
            answer = self._aim(terms, max(0.5, share), self.gap if self.large else 0.0)
            if answer.empty and self.best is None:
                return Solved(None, empty=True)
            self._take(answer)
            if self.best is None:
                return Solved(None)
            value = score(self.programme, self.best)[number]
            bound = value if not math.isfinite(answer.bound) else max(value, math.floor(answer.bound + NEAR))
            if not math.isfinite(answer.bound):
                bound = max(value, int(sum(factor for factor in terms.values() if factor > 0)))
            found.append(Reached(aim, value, bound))
            self.rows = self.rows.with_row(terms, value - NEAR)
        assert self.best is not None  # noqa: S101 (the loop returns where there is none)
        best = tidied(self.programme, self.best)
        return Solved(best, tuple(_as_it_is(one, value) for one, value in
                                  zip(found, score(self.programme, best), strict=True)))  # fmt: skip

    @property
    def first_share(self) -> float:
        return 1.0 if len(self.programme.aims) == 1 else 0.6

    def _aim(self, terms: Mapping[int, float], seconds: float, gap: float) -> Found:
        start = None if self.best is None else self.built.values(self.best)
        if not self.large:
            return maximize(self.rows, terms, seconds=seconds, gap=gap, start=start)
        ends = time.monotonic() + seconds
        loose = maximize(self.rows.relaxed(), terms, seconds=seconds)
        if loose.empty or loose.values is None:
            return loose
        self._take(self._near(loose.values, terms, min(seconds / 2, ends - time.monotonic())))
        close = math.floor(loose.bound + NEAR) / (1 + gap)
        self._part_by_part(loose.values, terms, close, ends - (ends - time.monotonic()) / 3)
        there = -math.inf if self.best is None else _value(terms, self.built.values(self.best))
        if there >= close - NEAR:
            return Found(None, there, loose.bound)
        start = None if self.best is None else self.built.values(self.best)
        whole = maximize(self.rows, terms, seconds=ends - time.monotonic(), gap=gap, start=start)
        bound = min(loose.bound, whole.bound) if not math.isnan(whole.bound) else loose.bound
        return Found(whole.values, whole.value, bound, empty=whole.empty)

    def _part_by_part(self, loose: Vector, terms: Mapping[int, float], close: float, ends: float) -> None:
        """Choose anew what begins in some quarters while the rest stays, part by part, until nothing gets better."""
        wide, still, at = PART, 0, 0
        while self.best is not None and still * wide < 2 * self.programme.quarters and time.monotonic() < ends:
            before = _value(terms, self.built.values(self.best))
            if before >= close - NEAR:
                return
            self._take(self._part(loose, terms, range(at, at + wide), ends))
            still = 0 if _value(terms, self.built.values(self.best)) > before else still + 1
            at = (at + wide // 2) % self.programme.quarters

    def _part(self, loose: Vector, terms: Mapping[int, float], quarters: range, ends: float) -> Found:
        assert self.best is not None  # noqa: S101 (the caller looked)
        values = np.array(self.built.values(self.best))
        lower, upper = self.rows.lower.copy(), self.rows.upper.copy()
        for name, row in self.built.begun.items():
            start, columns = self.best.starts.get(name), list(row.values())
            open_ = start in quarters or (start is None and loose[columns[-1]] > NEAR)
            if not open_:
                lower[columns] = upper[columns] = values[columns]
        return maximize(self.rows.within(lower, upper), terms, seconds=min(PATIENCE, ends - time.monotonic()),
                        start=values)  # fmt: skip

    def _near(self, loose: Vector, terms: Mapping[int, float], seconds: float) -> Found:
        """Keep what is whole in a loose solution and solve the rest."""
        lower, upper = self.rows.lower.copy(), self.rows.upper.copy()
        lower[self.rows.whole & (loose > 1 - NEAR)] = 1
        upper[self.rows.whole & (loose < NEAR)] = 0
        upper = np.maximum(lower, upper)
        return maximize(self.rows.within(lower, upper), terms, seconds=seconds)

    def _take(self, answer: Found) -> None:
        """Keep a plan that is better than the best so far and has no fault by exact count."""
        if answer.values is None:
            return
        plan = self.built.plan(list(answer.values))
        better = self.best is None or score(self.programme, plan) >= score(self.programme, self.best)
        if better and not faults(self.programme, plan):
            self.best = plan


def _as_it_is(one: Reached, value: int) -> Reached:
    return Reached(one.aim, value, max(value, one.bound))


def _value(terms: Mapping[int, float], values: list[float]) -> float:
    return sum(factor * values[column] for column, factor in terms.items())


def repaired(programme: Programme, plan: Plan) -> Plan | None:
    """Give an earlier plan as far as it fits a changed programme; None where that leaves faults."""
    steps, offers = programme.step(), {one.id: one for one in programme.offers}
    starts = {name: at for name, at in plan.starts.items() if name in steps}
    taken = frozenset((offer, step) for offer, step in plan.taken if offer in offers and step in starts)
    kept = Plan(starts, taken)
    return None if faults(programme, kept) else kept
