"""Which intervals hold a value: a segment tree over the intervals' ends, so that a look costs their logarithm."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Interval:
    """All between two ends; None is no end, and `with_low`, `with_high` say whether an end is inside."""

    low: float | None = None
    high: float | None = None
    with_low: bool = False
    with_high: bool = False

    def cut(self, other: "Interval") -> "Interval":
        """Return what lies in both."""
        low, with_low = self.low, self.with_low
        if low is None or (other.low is not None and low < other.low):
            low, with_low = other.low, other.with_low
        elif low == other.low:
            with_low = with_low and other.with_low
        high, with_high = self.high, self.with_high
        if high is None or (other.high is not None and other.high < high):
            high, with_high = other.high, other.with_high
        elif high == other.high:
            with_high = with_high and other.with_high
        return Interval(low, high, with_low, with_high)


class Intervals(Generic[P]):
    """Intervals with what each carries, made once and asked often.

    Each end has a place of its own, and so has each gap between two ends: value *i* of the sorted ends stands at
    2*i* + 1, what lies before it at 2*i*. An interval is a row of places, kept at O(log n) nodes of a binary tree.
    """

    def __init__(self, carried: Iterable[tuple[Interval, P]]) -> None:
        """Take the intervals, each with what it carries."""
        rows = list(carried)
        self.ends = _sorted_once([end for interval, _ in rows for end in (interval.low, interval.high)])
        self.leaves = 2 * len(self.ends) + 1
        self.nodes: dict[int, list[P]] = {}
        for interval, payload in rows:
            start = 0 if interval.low is None else self._place(interval.low) + (not interval.with_low)
            stop = self.leaves - 1 if interval.high is None else self._place(interval.high) - (not interval.with_high)
            for node in self._cover(start, stop + 1):
                self.nodes.setdefault(node, []).append(payload)

    def holding(self, value: float) -> Iterator[P]:
        """Yield what the intervals that hold a value carry."""
        node = self._place(value) + self.leaves
        while node:
            if node in self.nodes:
                yield from self.nodes[node]
            node >>= 1

    def _place(self, value: float) -> int:
        index = bisect_left(self.ends, value)
        return 2 * index + (index < len(self.ends) and self.ends[index] == value)

    def _cover(self, start: int, stop: int) -> Iterator[int]:
        """Yield the nodes that together stand over places from `start` to before `stop`."""
        low, high = start + self.leaves, stop + self.leaves
        while low < high:
            if low & 1:
                yield low
                low += 1
            if high & 1:
                high -= 1
                yield high
            low >>= 1
            high >>= 1


def _sorted_once(ends: list[float | None]) -> list[float]:
    """Return each end once, in order."""
    found: list[float] = []
    for end in sorted(end for end in ends if end is not None):
        if not found or found[-1] != end:
            found.append(end)
    return found
