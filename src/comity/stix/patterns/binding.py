"""Whether observations satisfy a whole pattern: different ones for each part, in the order and time asked (§9.5).

Each square bracket comes with the observations that satisfy it. START … STOP, WITHIN and FOLLOWEDBY bound when the
observations below them were seen: of WITHIN, one observation is the first to end, and all others begin before that end
plus the window; of FOLLOWEDBY, one on the left begins last, and none on the right ends before that. With the bounds
chosen, what is left is to give each part its own observations, a question of flow. All choices are tried, so the answer
is exact; a budget bounds the work that a hostile pattern can ask for.

An observation that lasted, or was made several times, counts where some moment of it would do; each time that it was
made can serve another part (`number_observed`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from comity.stix.patterns.errors import NotMatched
from comity.stix.patterns.tree import AllOf, AnyOf, Between, Expression, Followed, Moment, Repeated, Seen, Within
from comity.stix.timestamps import instant

_SECOND: Final = 1_000_000
MOST: Final = 10_000
"""Observations that one pattern may ask for."""
_MOST_STEPS: Final = 100
_EVER: Final = 1 << 80


@dataclass(frozen=True, slots=True)
class Candidate:
    """An observation that satisfies a square bracket: its number, its times in microseconds, how often it was made."""

    number: int
    first: int
    last: int
    count: int = 1


Candidates = Callable[[Seen], Sequence[Candidate]]
Slot = tuple[Sequence[Candidate], int]
"""Of these observations so many are needed."""
Slots = tuple[Slot, ...]


class Undecided(Exception):
    """More choices than may be tried: whether the observations satisfy the pattern is not known."""


@dataclass(frozen=True, slots=True)
class _Bounds:
    """All observations began at `begun` or before, and ended at `ended` or after."""

    begun: int = _EVER
    ended: int = -_EVER

    def cut(self, begun: int = _EVER, ended: int = -_EVER) -> "_Bounds":
        return _Bounds(min(self.begun, begun), max(self.ended, ended))


def demand(expression: Expression) -> int:
    """Return how many observations a pattern asks for at most; NotMatched where that is too many."""
    if isinstance(expression, Seen):
        return 1
    if isinstance(expression, (AllOf, AnyOf, Followed)):
        found = sum(demand(part) for part in expression.parts)
    else:
        found = demand(expression.inner) * (expression.times if isinstance(expression, Repeated) else 1)
    if found > MOST:
        raise NotMatched(f"the pattern asks for more than {MOST:,} observations")
    if _steps(expression) > _MOST_STEPS:
        raise NotMatched(f"the pattern joins more than {_MOST_STEPS} parts by AND, FOLLOWEDBY or REPEATS")
    return found


def _steps(expression: Expression) -> int:
    """Return how many choices a search for a pattern can stand in at a time."""
    if isinstance(expression, Seen):
        return 1
    if isinstance(expression, (AllOf, Followed)):
        return len(expression.parts) + max(_steps(part) for part in expression.parts)
    if isinstance(expression, AnyOf):
        return 1 + max(_steps(part) for part in expression.parts)
    copies = isinstance(expression, Repeated) and not _has_one_way(expression.inner)
    return _steps(expression.inner) + (expression.times if isinstance(expression, Repeated) and copies else 1)


@dataclass(slots=True)
class Effort:
    """How many choices were tried; a search ends undecided at `most`."""

    most: int = 20_000
    spent: int = 0

    def spend(self) -> None:
        """Count one choice."""
        self.spent += 1
        if self.spent > self.most:
            raise Undecided


def binding(
    expression: Expression, candidates: Candidates, effort: Effort, newest: Candidate | None = None
) -> list[int] | None:
    """Return numbers of observations that together satisfy a pattern, or None where there are none such.

    Where only bindings with the *newest* observation are asked for, others far from it in time may be passed over.
    """
    bounds = _Bounds()
    if newest is not None and isinstance(expression, Within):
        size = window(expression)
        bounds = _Bounds(newest.last + size - 1, newest.first - size + 1)
    search = _Search(candidates, effort)
    for slots in search.choices(expression, bounds):
        effort.spend()
        found = assigned(slots)
        if found is not None:
            return found
    return None


def window(within: Within) -> int:
    """Return a window in microseconds: what is closer than that is inside."""
    return ceil(within.seconds * _SECOND)


class _Search:
    """One search, and the effort it takes."""

    def __init__(self, candidates: Candidates, effort: Effort) -> None:
        self.candidates = candidates
        self.effort = effort

    def choices(self, expression: Expression, bounds: _Bounds) -> Iterator[Slots]:
        """Yield what each way to satisfy an expression needs; ways that need what is not there are left out."""
        if isinstance(expression, Seen):
            found = self.fitting(expression, bounds)
            if found:
                yield ((found, 1),)
        elif isinstance(expression, AllOf):
            yield from self.product([(part, bounds) for part in expression.parts])
        elif isinstance(expression, AnyOf):
            yield from self.any_of(expression, bounds)
        elif isinstance(expression, Followed):
            yield from self.followed(expression.parts, bounds)
        elif isinstance(expression, Within):
            yield from self.within(expression, bounds)
        elif isinstance(expression, Repeated):
            yield from self.repeated(expression, bounds)
        else:
            start, stop = span(expression)
            if start < stop:
                yield from self.choices(expression.inner, bounds.cut(stop - 1, start))

    def fitting(self, seen: Seen, bounds: _Bounds) -> Sequence[Candidate]:
        begun, ended = bounds.begun, bounds.ended
        return [one for one in self.candidates(seen) if one.first <= begun and one.last >= ended]

    def product(self, parts: Sequence[tuple[Expression, _Bounds]]) -> Iterator[Slots]:
        """Yield each choice for the first part with each for the rest."""
        first, bounds = parts[0]
        for slots in self.choices(first, bounds):
            self.effort.spend()
            if len(parts) == 1:
                yield slots
                continue
            for more in self.product(parts[1:]):
                yield slots + more

    def any_of(self, expression: AnyOf, bounds: _Bounds) -> Iterator[Slots]:
        """Yield the choices of each part; square brackets alone are one choice of what satisfies any of them."""
        plain = [part for part in expression.parts if isinstance(part, Seen)]
        union = {one.number: one for part in plain for one in self.fitting(part, bounds)}
        if union:
            yield ((list(union.values()), 1),)
        for part in expression.parts:
            if not isinstance(part, Seen):
                yield from self.choices(part, bounds)

    def followed(self, parts: Sequence[Expression], bounds: _Bounds) -> Iterator[Slots]:
        """Choose the moment by which all but the last part have begun, and before which the last has not ended."""
        if len(parts) == 1:
            yield from self.choices(parts[0], bounds)
            return
        early, late = parts[:-1], parts[-1]
        moments = {one.first for seen in _seens(early) for one in self.fitting(seen, bounds)}
        rest: Expression = early[0] if len(early) == 1 else Followed(tuple(early))
        for at in sorted(moments):
            self.effort.spend()
            yield from self.product([(rest, bounds.cut(begun=at)), (late, bounds.cut(ended=at))])

    def within(self, expression: Within, bounds: _Bounds) -> Iterator[Slots]:
        """Choose the end of the observation that ends first."""
        size = window(expression)
        for at in sorted({one.last for seen in _seens([expression.inner]) for one in self.fitting(seen, bounds)}):
            self.effort.spend()
            yield from self.choices(expression.inner, bounds.cut(begun=at + size - 1, ended=at))

    def repeated(self, expression: Repeated, bounds: _Bounds) -> Iterator[Slots]:
        """Ask for all of what is repeated, so many times."""
        ways = list(self.choices(expression.inner, bounds)) if _has_one_way(expression.inner) else None
        if ways is None:
            yield from self.product([(expression.inner, bounds)] * expression.times)
        else:
            for slots in ways:
                yield tuple((found, needed * expression.times) for found, needed in slots)


def _has_one_way(expression: Expression) -> bool:
    """Say whether an expression leaves no choice but which observations serve."""
    if isinstance(expression, AllOf):
        return all(_has_one_way(part) for part in expression.parts)
    if isinstance(expression, AnyOf):
        return all(isinstance(part, Seen) for part in expression.parts)
    if isinstance(expression, (Repeated, Between)):
        return _has_one_way(expression.inner)
    return isinstance(expression, Seen)


def _seens(parts: Sequence[Expression]) -> Iterator[Seen]:
    for part in parts:
        if isinstance(part, Seen):
            yield part
        elif isinstance(part, (AllOf, AnyOf, Followed)):
            yield from _seens(part.parts)
        else:
            yield from _seens([part.inner])


def seens(expression: Expression) -> list[Seen]:
    """Return a pattern's square brackets from left to right."""
    return list(_seens([expression]))


def span(between: Between) -> tuple[int, int]:
    """Return START and STOP in microseconds; digits past the sixth are rounded up, as what is seen is cut off there."""
    return _ceiling(between.start), _ceiling(between.stop)


def _ceiling(moment: Moment) -> int:
    fraction = moment.text.partition(".")[2].removesuffix("Z")
    return instant(moment.text) + bool(fraction[6:].strip("0"))


def assigned(slots: Slots) -> list[int] | None:
    """Give each slot its observations, none of them more often than it was made; None where that cannot be."""
    needed = sum(slot[1] for slot in slots)
    left: dict[int, int] = {}
    for found, wanted in slots:
        if sum(min(one.count, needed) for one in found) < wanted:
            return None
        for one in found:
            left[one.number] = one.count
    return _taken(slots, left) or _by_paths(slots, left)


def _taken(slots: Slots, counts: dict[int, int]) -> list[int] | None:
    """Take for each slot the first that are left, those with the least choice first; None where that fails."""
    left, taken = dict(counts), list[int]()
    for found, wanted in sorted(slots, key=lambda slot: len(slot[0])):
        open_ = wanted
        for one in found:
            take = min(open_, left[one.number])
            taken += [one.number] * take
            left[one.number] -= take
            open_ -= take
            if not open_:
                break
        else:
            return None
    return taken


def _by_paths(slots: Slots, counts: dict[int, int]) -> list[int] | None:
    """Assign by augmenting paths, which finds an assignment wherever there is one."""
    wants = [[one.number for one in found] for found, wanted in slots for _ in range(wanted)]
    holders: dict[int, list[int]] = {number: [] for number in counts}
    for unit in range(len(wants)):
        if not _augment(unit, wants, holders, counts):
            return None
    return [number for number, units in holders.items() for _ in units]


def _augment(unit: int, wants: list[list[int]], holders: dict[int, list[int]], counts: dict[int, int]) -> bool:
    """Find one more unit an observation, moving others where that helps: breadth first, so that depth is no bound."""
    came: dict[int, tuple[int, int | None]] = {}
    queue: list[tuple[int, int | None]] = [(unit, None)]
    for asker, through in queue:
        for number in wants[asker]:
            if number in came:
                continue
            came[number] = (asker, through)
            if len(holders[number]) < counts[number]:
                _shift(number, came, holders)
                return True
            queue += [(holder, number) for holder in holders[number]]
    return False


def _shift(number: int, came: dict[int, tuple[int, int | None]], holders: dict[int, list[int]]) -> None:
    place: int | None = number
    while place is not None:
        asker, before = came[place]
        holders[place].append(asker)
        if before is not None:
            holders[before].remove(asker)
        place = before


