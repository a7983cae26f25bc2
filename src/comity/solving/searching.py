"""Searching a large roadmap: a bound that no plan can pass, and a plan near it, by two searches side by side.

The programme is first solved without the demand that steps be whole: its value is the bound. What is whole in that
solution is kept and the rest chosen exactly, which gives a first plan. From there one search chooses anew all on which
plan and loose solution differ, and then the whole programme; the other chooses anew what begins in some quarters, or
moves every step by a little, again and again. Where goals are counted, the one first lowers the bound by the demand
that goals and steps be whole but not their quarters, and the other begins with `rounding`, which often reaches the
bound at once. Both tell each other the best plan. They end when it is near enough.
"""

import contextlib
import math
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import cycle
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comity.policy.roadmap import Plan, faults, score
from comity.policy.roadmap_greedy import in_order_of
from comity.policy.roadmap_model import Built
from comity.solving import rounding
from comity.solving.highs import NEAR, Found, Matrix, Patience, Vector, Watch, maximize

APART: Final = 0.999
"""Aims are counted in whole numbers: a plan that is less than one below the bound is best."""
PATIENCE: Final = 4.0
"""Seconds for one small part."""
WIDEST: Final = 10
FEW: Final = 1000
"""Columns that can be chosen anew at once with a hope to prove what is best."""
TRIES: Final = ((0, 12), (12, 60))
"""Draws of a rounding, for each sum in turn that is more than what is reached; and once more, longer."""
LOWER: Final = 5
"""How many sums below the bound are tried at once."""
Terms = Mapping[int, float]
Held = Sequence[tuple[Terms, float]]


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


def search(best: Best, rows: Matrix, terms: Terms, gap: float, ends: float, held: Held = ()) -> Found:
    """Better the best plan of a large programme until it is within the gap of the bound, or the clock shows *ends*.

    *held*: earlier aims, each with what must not be lost of it, which *rows* demand as well.
    """
    loose = maximize(rows.relaxed(), terms, Patience(ends - time.monotonic()))
    if loose.empty or loose.values is None:
        return loose
    best.offer(_led(best.built, loose.values))
    if best.plan is None:
        best.take(maximize(_near(rows, loose.values), terms, Patience((ends - time.monotonic()) / 3, apart=APART)))
    if best.plan is None:
        return maximize(rows, terms, Patience(ends - time.monotonic(), gap, APART))
    return _Search(best, rows, [*held, (terms, 0)], loose, gap, ends).found()


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

    def __init__(self, best: Best, rows: Matrix, aims: Held, loose: Found, gap: float, ends: float) -> None:
        assert loose.values is not None  # noqa: S101 (the caller looked)
        self.best, self.rows, self.ends, self.gap = best, rows, ends, gap
        *self.held, (self.terms, _least) = aims
        self.loose: Vector = loose.values
        self.bound = loose.bound
        self.steps = _steps(best.built, len(self.loose))
        self.counts = rounding.counts(best.built, [one for one, _least in aims])
        """Goals are counted, whenever they are reached: there the whole programme is soon searched through."""
        self.tries: dict[int, rounding.Rounding | None] = {}
        self.watch = Watch()

    @property
    def left(self) -> float:
        return self.ends - time.monotonic()

    def found(self) -> Found:
        """Search, and give the bound; the plan is with the best.

        A run that looks at the clock only now and then is stopped when the time is up, and not waited for.
        """
        pool = ThreadPoolExecutor(2)
        try:
            runs = [pool.submit(self._wide), pool.submit(self._narrow)]
            with contextlib.suppress(TimeoutError):
                for done in as_completed(runs, max(0.0, self.left)):
                    done.result()
        finally:
            self.watch.stop()
            pool.shutdown(wait=False)
        return Found(None, self.best.value(self.terms), self.bound)

    def _over(self) -> bool:
        """Tell whether the plan is near enough, and if so end what else runs."""
        near = self.best.value(self.terms) >= math.floor(self.bound + NEAR) / (1 + self.gap) - NEAR
        if near:
            self.watch.stop()
        return near or self.watch.over or self.left <= 0

    def _wide(self) -> None:
        """Choose what the loose solution leaves open, then what it and the plan differ in, then everything."""
        if self.counts and not self._over():
            self._lower()
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

    def _lower(self) -> None:
        """Lower the bound as long as not even loose quarters reach it; where they do, try to make them whole."""
        built = self.best.built
        while not self._over():
            worth = math.floor(self.bound + NEAR)
            asked = [*self.held, (self.terms, worth)]
            answer = rounding.loosely(built, self.rows, asked, self.left, self.watch)
            if not answer.empty:
                break
            self.bound = worth - 1
        else:
            return
        if answer.values is not None:
            steps = rounding.taken(built, answer.values)
            self.best.offer(rounding.Rounding(built, steps, answer.values).found(self._time, range(*TRIES[0])))

    def _time(self) -> float:
        return 0.0 if self.watch.over else self.left

    def _rounded(self, first: int, last: int) -> None:
        """Seek a plan worth the bound, or else as near to it as can be, by so many draws."""
        most = math.floor(self.bound + NEAR)
        for worth in range(most, max(most - LOWER, math.floor(self.best.value(self.terms) + NEAR)), -1):
            if self._over():
                return
            if worth not in self.tries:
                asked = [*self.held, (self.terms, worth)]
                self.tries[worth] = rounding.reaching(self.best.built, self.rows, self.loose, asked, self.left)
            tried = self.tries[worth]
            found = None if tried is None else tried.found(self._time, range(first, last))
            self.best.offer(found)
            if found is not None:
                return

    def _narrow(self) -> None:
        """Choose anew what begins in some quarters, or move each step by a little; wider where nothing gets better."""
        before = self.best.value(self.terms)
        for first, last in TRIES if self.counts else ():
            self._rounded(first, last)
        if self.counts and self.best.value(self.terms) <= before and not self._over():
            self.best.take(maximize(_near(self.rows, self.loose), self.terms, Patience(self.left / 4, apart=APART),
                                    watch=self.watch))  # fmt: skip
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
