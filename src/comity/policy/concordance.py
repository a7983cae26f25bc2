"""How far independent raters agree: Krippendorff’s alpha, with an interval, and what can be said of one item alone.

Alpha is 1 - D(observed) / D(expected): 1 where all raters of each unit say the same, 0 where they agree as often as
values drawn from the same pool would (K. Krippendorff, *Computing Krippendorff’s Alpha-Reliability*, 2011). A unit is
what several raters judged; a value that is missing is not in it, and a unit with fewer than two values says nothing.

**One unit alone has no alpha of its own**: what it observes is all that it could expect, so the formula gives 0
wherever anybody differs and 0/0 wherever nobody does. What a unit has is the share of its pairs of raters who agree,
and its part in the alpha of the whole: 1 - D(unit) / D(expected over all units). Alpha is the mean of these parts,
weighted by the number of values (Krippendorff, *Content Analysis*, ch. 11).
"""

import enum
import hashlib
import math
import struct
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import mul

Unit = Mapping[int, int]
"""One unit: how many raters gave each value. On an ordinal or interval scale a value is its rank or its number."""
PAIR = 2
DRAWS = 1_000
TAIL = 0.025
Z = 1.959963985  # the normal distribution’s, for 95 %
FEWEST_TO_SPREAD = 3


class Scale(enum.StrEnum):
    """What the distance of two values means."""

    NOMINAL = "nominal"
    """They differ or not."""
    ORDINAL = "ordinal"
    """They have an order."""
    INTERVAL = "interval"
    """They are numbers."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Alpha of several units, and between what bounds it lies with 95 % confidence.

    None: alpha is undefined where all values are the same or no unit has two; an interval needs two units.
    """

    alpha: float | None
    low: float | None
    high: float | None
    units: int
    values: int


@dataclass(frozen=True, slots=True)
class Concord:
    """How far the raters of one unit agree: `share` of their pairs, and the unit’s part in alpha, with its interval.

    None: fewer than two values, or no disagreement anywhere to compare with. The bounds say how far the part hangs on
    who was asked: 95 % by the variance of a mean over pairs (W. Hoeffding, *Ann. Math. Statist.* 19:293, 1948). They
    need three raters who do not all say the same.
    """

    share: float | None
    alpha: float | None
    low: float | None
    high: float | None
    values: int


def unit(values: Iterable[int | None]) -> Unit:
    """Count the values that raters gave; None is a missing one."""
    return Counter(value for value in values if value is not None)


def alpha(units: Iterable[Unit], scale: Scale) -> float | None:
    """Give Krippendorff’s alpha, or None where it is undefined."""
    return _Table(_pairable(units), scale).alpha(None)


def reliability(units: Iterable[Unit], scale: Scale, draws: int = DRAWS) -> Reliability:
    """Give alpha with its interval, the same each time for the same units in whatever order.

    The interval is the percentile bootstrap over units (A. Zapf and others, *Measuring inter-rater reliability for
    nominal data*, BMC Medical Research Methodology 16:93, 2016): units are drawn with replacement, by numbers that
    follow from the units themselves.
    """
    kept = sorted(_pairable(units), key=lambda one: sorted(one.items()))
    table = _Table(kept, scale)
    low, high = _bounds([table.alpha(weights) for weights in _resamples(kept, draws)])
    return Reliability(table.alpha(None), low, high, len(kept), sum(sum(one.values()) for one in kept))


def concord(one: Unit, units: Iterable[Unit], scale: Scale) -> Concord:
    """Say how far the raters of *one* unit agree, beside all *units* of which it is one."""
    return Yardstick(units, scale).concord(one)


class Yardstick:
    """The disagreement that all units together lead one to expect: what each unit is compared with."""

    def __init__(self, units: Iterable[Unit], scale: Scale) -> None:
        """Take all units of the comparison."""
        pool = Counter[int]()
        for one in _pairable(units):
            pool.update(one)
        self.squared = _distances(pool, scale)
        self.expected = _disagreement(pool, self.squared)

    def concord(self, one: Unit) -> Concord:
        """Say how far the raters of one unit agree."""
        count = sum(one.values())
        if count < PAIR:
            return Concord(None, None, None, None, count)
        share = sum(n * (n - 1) for n in one.values()) / (count * (count - 1))
        part = self._part(one)
        low, high = (None, None) if part is None or share == 1 else self._spread(one, part)
        return Concord(share, part, low, high, count)

    def _part(self, one: Unit) -> float | None:
        observed = _disagreement(one, self.squared)
        return None if not self.expected or observed is None else 1 - observed / self.expected

    def _spread(self, one: Unit, part: float) -> tuple[float | None, float | None]:
        count = sum(one.values())
        if count < FEWEST_TO_SPREAD or not self.expected:
            return None, None
        likely = {value: n / count for value, n in one.items() if n}
        far = {(a, b): self._distance(a, b) for a in likely for b in likely}
        each = {a: sum(likely[b] * far[a, b] for b in likely) for a in likely}
        mean = sum(likely[a] * each[a] for a in likely)
        shared = sum(likely[a] * (each[a] - mean) ** 2 for a in likely)
        alone = sum(likely[a] * likely[b] * (far[a, b] - mean) ** 2 for a in likely for b in likely)
        variance = (4 * (count - 2) * shared + 2 * alone) / (count * (count - 1))
        error = Z * math.sqrt(variance) / self.expected
        return part - error, min(1.0, part + error)

    def _distance(self, one: int, other: int) -> float:
        return 0.0 if one == other else self.squared[min(one, other), max(one, other)]


def _pairable(units: Iterable[Unit]) -> list[Unit]:
    return [one for one in units if sum(one.values()) >= PAIR]


def _distances(pool: Unit, scale: Scale) -> dict[tuple[int, int], float]:
    """Give the squared distance of each pair of values that occur, the smaller first (Krippendorff 2011, section C)."""
    values = sorted(value for value, n in pool.items() if n)
    if scale is Scale.NOMINAL:
        return dict.fromkeys(combinations(values, 2), 1.0)
    if scale is Scale.INTERVAL:
        return {(one, other): float(other - one) ** 2 for one, other in combinations(values, 2)}
    below, places = 0.0, dict[int, float]()
    for value in values:
        places[value] = below + pool[value] / 2
        below += pool[value]
    return {(one, other): (places[other] - places[one]) ** 2 for one, other in combinations(values, 2)}


def _disagreement(pool: Unit, squared: Mapping[tuple[int, int], float]) -> float | None:
    """Give the mean squared distance of two different values drawn from a pool; None below two values."""
    count = sum(pool.values())
    if count < PAIR:
        return None
    apart = sum(pool.get(one, 0) * pool.get(other, 0) * far for (one, other), far in squared.items())
    return 2 * apart / (count * (count - 1))


class _Table:
    """Units as columns: how often each value stands in each unit, and each pair of values in what is observed."""

    def __init__(self, units: Sequence[Unit], scale: Scale) -> None:
        self.scale = scale
        values = sorted({value for one in units for value, n in one.items() if n})
        self.counts = {value: [one.get(value, 0) for one in units] for value in values}
        self.pairs = {
            (a, b): [one.get(a, 0) * one.get(b, 0) / (sum(one.values()) - 1) for one in units]
            for a, b in combinations(values, 2)
        }

    def alpha(self, weights: Sequence[int] | None) -> float | None:
        """Give alpha of the units, each as often as its weight says (None: once)."""
        def total(column: Sequence[float]) -> float:
            return sum(column) if weights is None else sum(map(mul, weights, column))

        pool = {value: int(total(column)) for value, column in self.counts.items()}
        squared, count = _distances(pool, self.scale), sum(pool.values())
        expected = _disagreement(pool, squared)
        if not expected:
            return None
        observed = sum(far * total(self.pairs[pair]) for pair, far in squared.items())
        return 1 - 2 * observed / count / expected


def _resamples(units: Sequence[Unit], draws: int) -> Iterable[list[int]]:
    """Yield how often each unit is drawn, in each of the draws with replacement; none where there is but one unit."""
    count = len(units)
    if count < PAIR:
        return
    seed = hashlib.sha256(repr([sorted(one.items()) for one in units]).encode()).digest()
    for draw in range(draws):
        numbers = struct.unpack(f"<{count}I", hashlib.shake_256(seed + draw.to_bytes(4, "little")).digest(4 * count))
        drawn = Counter(map(count.__rmod__, numbers))
        yield [drawn.get(place, 0) for place in range(count)]


def _bounds(found: Iterable[float | None]) -> tuple[float | None, float | None]:
    """Give the percentiles between which 95 % of the draws lie, those where alpha is undefined left out."""
    ordered = sorted(one for one in found if one is not None)
    if not ordered:
        return None, None
    last = len(ordered) - 1
    return ordered[math.floor(TAIL * last)], ordered[math.ceil((1 - TAIL) * last)]
