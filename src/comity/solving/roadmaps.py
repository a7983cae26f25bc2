"""Solving a roadmap: one aim after the other, each held while the next is sought, with what is proven of each.

A small programme is solved until the plan is proven best; `solving.searching` says how a large one is.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from comity.policy.roadmap import Aim, Plan, Programme, faults, score
from comity.policy.roadmap_greedy import greedy, tidied
from comity.policy.roadmap_model import build
from comity.solving.highs import NEAR, Found, Matrix, Patience, matrix, maximize
from comity.solving.searching import APART, Best, Held, search

LARGE: Final = 600
"""Columns of steps above which a programme is taken to be large."""
SECONDS: Final = 30.0
GAP: Final = 0.01
MARGIN: Final = 0.9
"""How much of the time is given to runs, which end a little late, and to what is done after them."""


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
        self.ends = time.monotonic() + seconds * MARGIN
        built = build(programme)
        self.rows: Matrix = matrix(built.model)
        known = [plan for plan in (start and repaired(programme, start), greedy(programme)) if plan is not None]
        self.best = Best(built, max(known, key=lambda plan: score(programme, plan), default=None))
        self.large = sum(map(len, built.begun.values())) > LARGE
        if self.large:  # goals are whole as it is; told, so that the solver can branch on them
            self.rows = self.rows.whole_too([column for row in built.held.values() for column in row if column >= 0])

    def solve(self) -> Solved:
        found: list[Reached] = []
        for number, aim in enumerate(self.programme.aims):
            terms = self.best.built.aims[aim]
            left = self.ends - time.monotonic()
            share = left / (len(self.programme.aims) - number) if number else left * self.first_share
            answer = self._aim(terms, max(0.5, share), [(self.best.built.aims[one.aim], one.value) for one in found])
            if answer.empty and self.best.plan is None:
                return Solved(None, empty=True)
            self.best.take(answer)
            if self.best.plan is None:
                return Solved(None)
            self.best.offer(tidied(self.programme, self.best.plan))
            value = score(self.programme, self.best.plan)[number]
            bound = value if not math.isfinite(answer.bound) else max(value, math.floor(answer.bound + NEAR))
            if not math.isfinite(answer.bound):
                bound = max(value, int(sum(factor for factor in terms.values() if factor > 0)))
            found.append(Reached(aim, value, bound))
            self.rows = self.rows.with_row(terms, value - NEAR)
        assert self.best.plan is not None  # noqa: S101 (the loop returns where there is none)
        best = tidied(self.programme, self.best.plan)
        return Solved(best, tuple(_as_it_is(one, value) for one, value in
                                  zip(found, score(self.programme, best), strict=True)))  # fmt: skip

    @property
    def first_share(self) -> float:
        return 1.0 if len(self.programme.aims) == 1 else 0.6

    def _aim(self, terms: Mapping[int, float], seconds: float, held: Held) -> Found:
        if self.large:
            return search(self.best, self.rows, terms, self.gap, time.monotonic() + seconds, held)
        return maximize(self.rows, terms, Patience(seconds, apart=APART), start=self.best.values())


def _as_it_is(one: Reached, value: int) -> Reached:
    return Reached(one.aim, value, max(value, one.bound))


def repaired(programme: Programme, plan: Plan) -> Plan | None:
    """Give an earlier plan as far as it fits a changed programme; None where that leaves faults."""
    steps, offers = programme.step(), {one.id: one for one in programme.offers}
    starts = {name: at for name, at in plan.starts.items() if name in steps}
    taken = frozenset((offer, step) for offer, step in plan.taken if offer in offers and step in starts)
    kept = Plan(starts, taken)
    return None if faults(programme, kept) else kept
