"""Most goals at once in a large programme: chosen without time, spread over time loosely, then moved to whole quarters.

Which steps are taken is first chosen as if the programme were one long quarter: a small model, solved in no time. Then
these steps are spread over the quarters, loosely, so that the fullest limit is as little full as can be. Each step then
begins in the quarter by which a share of it has begun, drawn at random, and steps are moved about until every limit
holds. It is tried again and again with other draws: most programmes that can be done loosely can be done.
"""

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Final

import numpy as np

from comity.policy.roadmap import MONEY, Offer, Plan, given
from comity.policy.roadmap_model import Built, Model
from comity.solving.highs import NEAR, Found, Matrix, Patience, Vector, Watch, matrix, maximize

MOVES: Final = 25_000
"""Moves of one try."""
HEAT: Final = 0.0005
"""What share of a limit a move may make worse at first, about once in three times."""
HALF: Final = 0.5
LONGEST: Final = 6.0
"""Seconds for a choice without time."""
EACH: Final = 0.01
"""What a resource is worth at least, beside one that is scarce."""
Terms = Mapping[int, float]


def chosen(built: Built, loose: Vector, asked: Sequence[tuple[Terms, float]], seconds: float) -> frozenset[str] | None:
    """Choose steps whose goals make each sum of *asked* large enough, with least of what is scarcest; None: none found.

    *loose* tells how long each step runs and what help it gets, on average. Sums are over goals’ last columns alone.
    """
    model, steps = Model(), built.programme.step()
    takes = {name: model.column(lower=float(steps[name].by is not None)) for name in built.begun}
    ways: dict[str, list[int]] = {}
    for name, column in takes.items():
        for indicator in steps[name].meets:
            ways.setdefault(indicator, []).append(column)
        for before in steps[name].after:
            model.row({column: 1, takes[before]: -1}, upper=0)
    held: dict[int, int] = {}
    for goal in built.programme.goals:
        if (last := built.held[goal.id][-1]) >= 0:
            held[last] = model.column(lower=float(goal.by is not None))
            for indicator in goal.needs:
                model.row({held[last]: 1, **dict.fromkeys(ways[indicator], -1.0)}, upper=0)
    for terms, least in asked:
        model.row({held[column]: factor for column, factor in terms.items()}, lower=least)
    aim = _scarce(built, loose, model, takes)
    answer = maximize(matrix(model), aim, Patience(seconds, 1 / 500))
    return None if answer.values is None else frozenset(one for one, at in takes.items() if answer.values[at] > HALF)


def _scarce(built: Built, loose: Vector, model: Model, takes: Mapping[str, int]) -> dict[int, float]:
    """Give the aim to use little of what is scarce: of each resource by what it is worth where all are used evenly."""
    there: dict[str, int] = {}
    for limit in built.programme.limits:
        there[limit.resource] = there.get(limit.resource, 0) + limit.amount
    use = {name: _average(built, loose, name) for name in takes}
    shares = [{takes[name]: used.get(resource, 0) / max(1, amount) for name, used in use.items()}
              for resource, amount in there.items()]  # fmt: skip
    even = deepcopy(model)
    most = even.column(0, float("inf"), whole=False)
    for row in shares:
        even.row({**row, most: -1}, upper=0)
    duals = maximize(matrix(even).relaxed(), {most: -1.0}, Patience(LONGEST)).duals
    worth = [1.0] * len(shares) if duals is None else [abs(float(one)) + EACH for one in duals[len(model.row_lower) :]]
    aim: dict[int, float] = {}
    for row, weight in zip(shares, worth, strict=True):
        for column, share in row.items():
            aim[column] = aim.get(column, 0) - share * weight
    return aim


def _average(built: Built, loose: Vector, name: str) -> dict[str, float]:
    """Give what a step uses of each resource in all, as it runs and is helped in a loose solution."""
    step, row = built.programme.step()[name], built.begun[name]
    columns, quarters = list(row.values()), built.programme.quarters
    share = float(loose[columns[-1]])
    spells = zip(row, [*list(row)[1:], quarters - step.quarters], strict=True)
    ran = sum(float(loose[column]) * (until - at) for column, (at, until) in zip(columns, spells, strict=True))
    runs = ran / share if share > NEAR else (quarters - step.quarters - next(iter(row))) / 3
    found = {MONEY: step.once + step.running * runs, **{role: float(days * step.quarters) for role, days in step.days}}
    offers = {one.id: one for one in built.programme.offers}
    for (offer, helped), taken in built.taken.items():
        if helped == name and share > NEAR:
            part = float(loose[list(taken.values())[-1]]) / share
            for resource, amount in given(offers[offer], step).items():
                found[resource] -= part * amount * (1 if resource == MONEY else step.quarters)
    return found


def spread(built: Built, rows: Matrix, steps: frozenset[str], seconds: float) -> Vector | None:
    """Spread steps loosely over the quarters so that the fullest limit is least full; None where they do not fit."""
    lower, upper = rows.lower.copy(), rows.upper.copy()
    for name, row in built.begun.items():
        columns = list(row.values())
        if name in steps:
            lower[columns[-1]] = 1
        else:
            upper[columns] = 0
    if (lower > upper).any():
        return None
    shared = rows.within(lower, upper).relaxed().shared(built.limits)
    answer = maximize(shared, {len(lower): -1.0}, Patience(seconds))
    return None if answer.values is None or -answer.value > 1 + NEAR else answer.values[:-1]


def loosely(built: Built, rows: Matrix, asked: Sequence[tuple[Terms, float]], seconds: float, watch: Watch) -> Found:
    """Choose whole goals and steps that make each sum of *asked* large enough, in quarters that may be loose.

    Where that is `empty`, no plan is worth as much.
    """
    for terms, least in asked:
        rows = rows.with_row(terms, least - NEAR)
    whole = [column for row in built.held.values() for column in row if column >= 0]
    whole += [list(row.values())[-1] for row in built.begun.values()]
    shared = rows.relaxed().whole_too(whole).shared(built.limits)
    shared.upper[-1] = 1
    return maximize(shared, {len(rows.lower): -1.0}, Patience(seconds, NEAR, guess=False), watch=watch)


def taken(built: Built, loose: Vector) -> frozenset[str]:
    """Give the steps that a solution takes."""
    return frozenset(name for name, row in built.begun.items() if loose[list(row.values())[-1]] > HALF)


class Rounding:
    """Steps that are spread loosely, moved to whole quarters."""

    def __init__(self, built: Built, steps: frozenset[str], loose: Vector) -> None:
        """Lay out what each step uses of each limit in each quarter in which it can begin."""
        self.built, self.loose, programme = built, loose, built.programme
        self.names = [name for name in built.windows.order if name in steps]
        place = {name: number for number, name in enumerate(self.names)}
        of = programme.step()
        self.lengths = [of[name].quarters for name in self.names]
        self.before = [[place[one] for one in of[name].after] for name in self.names]
        self.behind: list[list[int]] = [[] for _ in self.names]
        for number, before in enumerate(self.before):
            for one in before:
                self.behind[one].append(number)
        self.first = [built.windows.starts[name][0] for name in self.names]
        self.last = self._last(place)
        self.helped = self._helped()
        amounts = np.array([limit.amount for limit in programme.limits], np.float64)
        self.scale = np.maximum(amounts, 1)
        self.room = amounts / self.scale
        self.use = [{at: self._use(name, at) for at in built.windows.starts[name]} for name in self.names]

    def _last(self, place: Mapping[str, int]) -> list[int]:
        """Give the last quarter in which each step can begin, by what waits for it and by the days of goals."""
        programme, steps = self.built.programme, self.built.programme.step()
        last = [self.built.windows.starts[name][-1] for name in self.names]
        for goal in programme.goals:
            for indicator in goal.needs if goal.by is not None else ():
                ways = [place[name] for name in self.names if indicator in steps[name].meets]
                if ways:
                    one = min(ways, key=lambda way: self._share(way, HALF) + self.lengths[way])
                    last[one] = min(last[one], (goal.by or 0) - self.lengths[one])
        for number in reversed(range(len(self.names))):
            for one in self.before[number]:
                last[one] = min(last[one], last[number] - self.lengths[one])
        return last

    def _helped(self) -> dict[str, list[Offer]]:
        """Give the offers that each step takes more than half of."""
        offers, found = {one.id: one for one in self.built.programme.offers}, dict[str, list[Offer]]()
        for (offer, name), row in self.built.taken.items():
            if self.loose[list(row.values())[-1]] > HALF:
                found.setdefault(name, []).append(offers[offer])
        return found

    def _taken(self, name: str, at: int) -> list[Offer]:
        return [one for one in self.helped.get(name, ()) if one.until is None or at <= one.until]

    def _use(self, name: str, at: int) -> Vector:
        step, quarters = self.built.programme.step()[name], self.built.programme.quarters
        need = {MONEY: step.once, **dict(step.days)}
        for offer in self._taken(name, at):
            for resource, amount in given(offer, step).items():
                need[resource] -= amount
        done, found = at + step.quarters, np.zeros(len(self.scale))
        for number, limit in enumerate(self.built.programme.limits):
            if limit.resource == MONEY:
                runs = max(0, min(limit.last + 1, quarters) - max(limit.first, done))
                found[number] = step.running * runs + (need[MONEY] if limit.first <= at <= limit.last else 0)
            elif limit.resource in need:
                found[number] = need[limit.resource] * max(0, min(limit.last + 1, done) - max(limit.first, at))
        return found / self.scale

    def _share(self, number: int, share: float) -> int:
        """Give the quarter by which a share of a step has begun."""
        row = self.built.begun[self.names[number]]
        return next((at for at, column in row.items() if self.loose[column] >= share), self.first[number])

    def _begin(self, draw: random.Random) -> list[int] | None:
        """Draw a quarter for each step, after all that it waits for; None where one cannot be in time."""
        starts: list[int] = []
        for number in range(len(self.names)):
            wished = min(self.last[number], self._share(number, draw.uniform(NEAR, 1 - NEAR)))
            least = max([self.first[number], wished, *(starts[one] + self.lengths[one] for one in self.before[number])])
            at = next((one for one in self.use[number] if one >= least), None)
            if at is None or at > self.last[number]:
                return None
            starts.append(at)
        return starts

    def found(self, left: Callable[[], float], tries: Iterable[int]) -> Plan | None:
        """Give a plan that breaks no limit, by one of so many draws; None where none is found while time is *left*."""
        for seed in tries:
            plan = self.tried(seed, left)
            if plan is not None or left() <= 0:
                return plan
        return None

    def tried(self, seed: int, left: Callable[[], float]) -> Plan | None:
        """Draw quarters and move steps about until every limit holds; None where that comes to no end in time."""
        draw = random.Random(seed)  # noqa: S311 (a search, not a secret)
        starts = self._begin(draw)
        if starts is None:
            return None
        total = np.sum([self.use[number][at] for number, at in enumerate(starts)], axis=0, initial=0)
        over, heat = self._over(total), HEAT
        for move in range(MOVES):
            if over <= 1e-9:  # noqa: PLR2004 (what is left of sums that are 0)
                return self._plan(starts)
            if move % 1000 == 0:
                heat = HEAT * (1 - 0.9 * move / MOVES)
                if left() <= 0:
                    return None
            number = draw.randrange(len(starts))
            at = self._moved(starts, number, draw)
            if at is None:
                continue
            other = total - self.use[number][starts[number]] + self.use[number][at]
            worse = self._over(other) - over
            if worse <= 0 or draw.random() < math.exp(-worse / heat):
                starts[number], total, over = at, other, over + worse
        return None

    def _over(self, total: Vector) -> float:
        return float(np.maximum(total - self.room, 0).sum())

    def _moved(self, starts: Sequence[int], number: int, draw: random.Random) -> int | None:
        """Draw another quarter for a step, between what it waits for and what waits for it."""
        first, last = self.first[number], self.last[number]
        for one in self.before[number]:
            first = max(first, starts[one] + self.lengths[one])
        for one in self.behind[number]:
            last = min(last, starts[one] - self.lengths[number])
        if first >= last:
            return None
        far = draw.random() < HALF
        at = draw.randint(first, last) if far else starts[number] + draw.choice((-1, 1))
        return at if first <= at <= last and at != starts[number] and at in self.use[number] else None

    def _plan(self, starts: Sequence[int]) -> Plan:
        begun = dict(zip(self.names, starts, strict=True))
        taken = frozenset((one.id, name) for name, at in begun.items() for one in self._taken(name, at))
        return Plan(begun, taken)


def counts(built: Built, terms: Iterable[Terms]) -> bool:
    """Tell whether each of some aims counts goals, whenever they are reached."""
    last = {columns[-1] for columns in built.held.values()}
    return all(last.issuperset(one) for one in terms)


def reaching(built: Built, rows: Matrix, loose: Vector, asked: Sequence[tuple[Terms, float]],
             seconds: float) -> Rounding | None:  # fmt: skip
    """Choose steps that make each sum of *asked* large enough, and spread them; None where that is not found."""
    steps = chosen(built, loose, asked, min(LONGEST, max(0.1, seconds)))
    even = None if steps is None else spread(built, rows, steps, max(0.1, seconds))
    return None if steps is None or even is None else Rounding(built, steps, even)
