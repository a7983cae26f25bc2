"""Searching a large roadmap: a bound that no plan can pass, and a plan near it, by two searches side by side.

The programme is first solved without the demand that steps be whole: its value is the bound. What is whole in that
solution is kept and the rest chosen exactly, which gives a first plan. From there one search chooses anew all on which
plan and loose solution differ, and then the whole programme; the other chooses anew what begins in some quarters, or
moves every step by a little, again and again. Both tell each other the best plan. They end when it is near enough.
"""

import math
import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comity.policy.roadmap import Plan, faults, score
from comity.policy.roadmap_greedy import in_order_of
from comity.policy.roadmap_model import Built
from comity.solving.highs import NEAR, Found, Matrix, Patience, Vector, Watch, maximize

APART: Final = 0.999
"""Aims are counted in whole numbers: a plan that is less than one below the bound is best."""
PATIENCE: Final = 4.0
"""Seconds for one small part."""
WIDEST: Final = 10
FEW: Final = 1000
"""Columns that can be chosen anew at once with a hope to prove what is best."""
Terms = Mapping[int, float]


class Best:
    """The best plan so far of a programme, told to several searches."""

    def __init__(self, built: Built, plan: Plan | None) -> None:
        """Begin with a plan, or with none."""
        self.built, self.plan = built, plan
        self._lock = threading.Lock()

    def take(self, answer: Found) -> None:
        """Keep a plan that is as good as the best so far, or better, and has no fault by exact count."""
        if answer.values is not None:
            self.offer(self.built.plan(list(answer.values)))

    def offer(self, plan: Plan | None) -> None:
        """Keep a plan, where there is one, as `take` does."""
        programme = self.built.programme
        if plan is None or faults(programme, plan):
            return
        with self._lock:
            if self.plan is None or score(programme, plan) >= score(programme, self.plan):
                self.plan = plan

    def values(self) -> Vector | None:
        """Give the plan as a solution."""
        return None if self.plan is None else np.array(self.built.values(self.plan))

    def value(self, terms: Terms) -> float:
        """Give what the plan is worth."""
        values = self.values()
        return -math.inf if values is None else float(sum(factor * values[column] for column, factor in terms.items()))


def search(best: Best, rows: Matrix, terms: Terms, gap: float, ends: float) -> Found:
    """Better the best plan of a large programme until it is within the gap of the bound, or the clock shows *ends*."""
    loose = maximize(rows.relaxed(), terms, Patience(ends - time.monotonic()))
    if loose.empty or loose.values is None:
        return loose
    best.offer(_led(best.built, loose.values))
    if best.plan is None:
        best.take(maximize(_near(rows, loose.values), terms, Patience((ends - time.monotonic()) / 3, apart=APART)))
    if best.plan is None:
        return maximize(rows, terms, Patience(ends - time.monotonic(), gap, APART))
    return _Search(best, rows, terms, loose, gap, ends).found()


def _led(built: Built, loose: Vector) -> Plan | None:
    """Plan the steps that a loose solution takes by more than half, those first that it begins first."""
    columns = {name: list(row.values()) for name, row in built.begun.items()}
    rank = {name: -float(loose[row].sum()) for name, row in columns.items() if loose[row[-1]] > 1 / 2}
    return in_order_of(built.programme, built.windows, rank)


def _near(rows: Matrix, loose: Vector) -> Matrix:
    """Keep what is whole in a loose solution."""
    lower, upper = rows.lower.copy(), rows.upper.copy()
    lower[rows.whole & (loose > 1 - NEAR)] = 1
    upper[rows.whole & (loose < NEAR)] = 0
    return rows.within(lower, np.maximum(lower, upper))


def _steps(built: Built, columns: int) -> NDArray[np.bool_]:
    """Tell which columns say when a step begins."""
    found = np.zeros(columns, np.bool_)
    for row in built.begun.values():
        found[list(row.values())] = True
    return found


class _Search:
    """Two searches for the best of one aim."""

    def __init__(self, best: Best, rows: Matrix, terms: Terms, loose: Found, gap: float, ends: float) -> None:
        assert loose.values is not None  # noqa: S101 (the caller looked)
        self.best, self.rows, self.terms, self.ends, self.gap = best, rows, terms, ends, gap
        self.loose: Vector = loose.values
        self.bound = loose.bound
        self.steps = _steps(best.built, len(self.loose))
        self.counts = len(terms) <= len(best.built.programme.goals)
        """Goals are counted, whenever they are reached: there the whole programme is soon searched through."""
        self.watch = Watch()

    @property
    def left(self) -> float:
        return self.ends - time.monotonic()

    def found(self) -> Found:
        """Search, and give the bound; the plan is with the best."""
        bell = threading.Timer(max(0.0, self.left), self.watch.stop)  # a run looks at the clock only now and then
        bell.start()
        try:
            with ThreadPoolExecutor(2) as pool:
                for done in [pool.submit(self._wide), pool.submit(self._narrow)]:
                    done.result()
        finally:
            bell.cancel()
        return Found(None, self.best.value(self.terms), self.bound)

    def _over(self) -> bool:
        """Tell whether the plan is near enough, and if so end what else runs."""
        near = self.best.value(self.terms) >= math.floor(self.bound + NEAR) / (1 + self.gap) - NEAR
        if near:
            self.watch.stop()
        return near or self.watch.over or self.left <= 0

    def _wide(self) -> None:
        """Choose what the loose solution leaves open, then what it and the plan differ in, then everything."""
        if not self._over():
            first = Patience(self.left / 4, self.gap, APART)
            self.best.take(maximize(_near(self.rows, self.loose), self.terms, first, watch=self.watch))
        while not self._over():
            before = self.best.value(self.terms)
            values = self.best.values()
            assert values is not None  # noqa: S101 (there was a plan to begin with)
            free = self.steps & (np.abs(self.loose - values) > NEAR)
            answer = self._run(free, self.left if free.sum() < FEW and not self.counts else min(PATIENCE, self.left))
            if self.best.value(self.terms) <= before and (answer.proven or self.counts):
                break
        if not self._over():
            answer = self._run(self.steps, self.left)
            self.bound = min(self.bound, answer.bound) if not math.isnan(answer.bound) else self.bound
            self._over()

    def _narrow(self) -> None:
        """Choose anew what begins in some quarters, or move each step by a little; wider where nothing gets better."""
        ways = cycle((self._between, self._moved))
        width, still, at = 2, 0, 0
        while not self._over() and width <= WIDEST:
            before = self.best.value(self.terms)
            self._run(next(ways)(at, width), min(PATIENCE, self.left))
            still = 0 if self.best.value(self.terms) > before else still + 1
            at = (at + width) % self.best.built.programme.quarters
            if still * width > self.best.built.programme.quarters:
                width, still = width + 1, 0

    def _between(self, at: int, width: int) -> NDArray[np.bool_]:
        """Give the columns of steps that begin in some quarters, and of those left out that might not be."""
        quarters = range(at, at + 3 * width)
        return self._of((name, row.values()) for name, row in self.best.built.begun.items()
                        if self._start(name) in quarters
                        or (self._start(name) is None and self.loose[list(row.values())[-1]] > NEAR))  # fmt: skip

    def _moved(self, _at: int, width: int) -> NDArray[np.bool_]:
        """Give the columns with which each step that is in the plan moves by so many quarters at most."""
        return self._of((name, [column for at, column in row.items() if start - width <= at < start + width])
                        for name, row in self.best.built.begun.items()
                        if (start := self._start(name)) is not None)  # fmt: skip

    def _start(self, name: str) -> int | None:
        return None if self.best.plan is None else self.best.plan.starts.get(name)

    def _of(self, rows: Iterable[tuple[str, Iterable[int]]]) -> NDArray[np.bool_]:
        found = np.zeros(len(self.loose), np.bool_)
        found[[column for _name, columns in rows for column in columns]] = True
        return found

    def _run(self, free: NDArray[np.bool_], seconds: float) -> Found:
        """Choose these columns of steps anew while the rest stays as in the best plan."""
        values = self.best.values()
        assert values is not None  # noqa: S101 (there was a plan to begin with)
        kept = self.steps & ~free
        lower, upper = self.rows.lower.copy(), self.rows.upper.copy()
        lower[kept] = upper[kept] = values[kept]
        answer = maximize(self.rows.within(lower, upper), self.terms, Patience(seconds, apart=APART), start=values,
                          watch=self.watch)  # fmt: skip
        self.best.take(answer)
        return answer
