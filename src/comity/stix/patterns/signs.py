"""The index of one path: which of many signs a value shows, in a time that hardly grows with their number."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Generic, TypeVar

import re2
from ahocorasick_rs import AhoCorasick

from comity.stix.patterns.comparing import composed, moment
from comity.stix.patterns.conditions import Around, At, Equal, Found, Holds, InBounds, Inside, Passes, Sign
from comity.stix.patterns.intervals import Intervals
from comity.stix.patterns.networks import Network, network
from comity.stix.patterns.regexes import encodable, options

P = TypeVar("P")
_TOGETHER: Final = 100
"""Regular expressions in one automaton: few enough for the memory that it may take."""


class Signs(Generic[P]):
    """Signs with what each stands for: asked with a value, it yields what the signs that show stand for."""

    def __init__(self, rows: Iterable[tuple[Sign, P]]) -> None:
        """Sort the signs by kind, each kind into the structure that finds it fastest."""
        self.equal: dict[str | float, list[P]] = {}
        kinds: dict[type[Sign], list[tuple[Sign, P]]] = {}
        for sign, stands in rows:
            if isinstance(sign, Equal):
                self.equal.setdefault(sign.value, []).append(stands)
            else:
                kinds.setdefault(type(sign), []).append((sign, stands))
        self.seekers = [made for kind, of_kind in kinds.items() for made in _seekers(kind, of_kind)]

    def find(self, value: object) -> list[P]:
        """Return what the signs stand for that a value shows; the same may stand there twice."""
        is_plain = isinstance(value, (str, int, float)) and not isinstance(value, bool)
        found = self.equal.get(value) if is_plain else None  # type: ignore[call-overload]
        if not self.seekers:
            return found or []
        every = list(found or ())
        for seek in self.seekers:
            every.extend(seek(value))
        return every


def _seekers(kind: type[Sign], rows: list[tuple[Sign, P]]) -> Iterator[Callable[[object], Iterable[P]]]:
    """Make what finds the signs of one kind."""
    if kind is At:
        yield _at([(sign.moment, stands) for sign, stands in rows if isinstance(sign, At)])
    elif kind is Passes:
        yield _tested([(sign.test, stands) for sign, stands in rows if isinstance(sign, Passes)])
    elif kind is Holds:
        yield _holding([(sign, stands) for sign, stands in rows if isinstance(sign, Holds)])
    elif kind is Found:
        found = [(sign.expression, stands) for sign, stands in rows if isinstance(sign, Found)]
        for start in range(0, len(found), _TOGETHER):
            yield _matching(found[start : start + _TOGETHER])
    elif kind is Inside:
        yield _inside([(sign.network, stands) for sign, stands in rows if isinstance(sign, Inside)])
    elif kind is Around:
        yield _around([(sign.network, stands) for sign, stands in rows if isinstance(sign, Around)])
    else:
        yield from _bounded([(sign, stands) for sign, stands in rows if isinstance(sign, InBounds)])


def _at(rows: list[tuple[int, P]]) -> Callable[[object], Iterable[P]]:
    """Find moments by hash, however many digits they are written with."""
    table: dict[int | None, list[P]] = {}
    for at, stands in rows:
        table.setdefault(at, []).append(stands)
    return lambda value: table.get(moment(value), ())


def _tested(rows: list[tuple[Callable[[object], bool], P]]) -> Callable[[object], Iterable[P]]:
    return lambda value: [stands for test, stands in rows if test(value)]


def _as_text(value: object) -> str | None:
    if isinstance(value, str):
        return composed(value)
    return value.decode("latin-1") if isinstance(value, bytes) else None


def _holding(rows: list[tuple[Holds, P]]) -> Callable[[object], Iterable[P]]:
    """Find literals by one automaton over all of them; each found is followed by its own test."""
    by_text: dict[str, list[tuple[Callable[[object], bool], P]]] = {}
    for sign, stands in rows:
        by_text.setdefault(encodable(sign.text), []).append((sign.test, stands))
    tests = list(by_text.values())
    automaton = AhoCorasick(list(by_text))

    def seek(value: object) -> Iterable[P]:
        text = _as_text(value)
        if text is None:
            return ()
        hits = automaton.find_matches_as_indexes(encodable(text), overlapping=True)
        if not hits:
            return ()
        return [stands for index in {hit[0] for hit in hits} for test, stands in tests[index] if test(value)]

    return seek


def _matching(rows: list[tuple[str, P]]) -> Callable[[object], Iterable[P]]:
    """Find regular expressions by one automaton over all of them."""
    together = re2.Set.SearchSet(options(_TOGETHER // 4))
    for expression, _ in rows:
        together.Add(expression)
    together.Compile()

    def seek(value: object) -> Iterable[P]:
        text = _as_text(value)
        return () if text is None else [rows[index][1] for index in together.Match(encodable(text)) or ()]

    return seek


def _inside(rows: list[tuple[Network, P]]) -> Callable[[object], Iterable[P]]:
    """Find the networks around an address: a tree of prefixes as one table for each length that there is."""
    tables: dict[tuple[int, int], dict[int, list[P]]] = {}
    for known, stands in rows:
        table = tables.setdefault((known.bits, known.prefix), {})
        table.setdefault(known.first >> (known.bits - known.prefix), []).append(stands)
    of_bits = {
        bits: [(prefix, bits - prefix, tables[bits, prefix]) for of, prefix in sorted(tables) if of == bits]
        for bits, _ in tables
    }

    def seek(value: object) -> Iterable[P]:
        found = network(value) if isinstance(value, str) else None
        if found is None:
            return ()
        every: list[P] = []
        for prefix, host, table in of_bits.get(found.bits, ()):
            if prefix > found.prefix:
                break
            every += table.get(found.first >> host, ())
        return every

    return seek


def _around(rows: list[tuple[Network, P]]) -> Callable[[object], Iterable[P]]:
    """Find the networks inside a network: they begin between its first and its last address."""
    ordered = sorted(rows, key=lambda row: (row[0].bits, row[0].first))
    starts = [(known.bits, known.first) for known, _ in ordered]

    def seek(value: object) -> Iterable[P]:
        found = network(value) if isinstance(value, str) else None
        if found is None:
            return ()
        low = bisect_left(starts, (found.bits, found.first))
        high = bisect_left(starts, (found.bits, found.last + 1))
        return [stands for known, stands in ordered[low:high] if found.holds(known)]

    return seek


def _bounded(rows: list[tuple[InBounds, P]]) -> Iterator[Callable[[object], Iterable[P]]]:
    """Find intervals: those of numbers apart from those of moments."""
    plain = [(sign.bounds, stands) for sign, stands in rows if not sign.timed]
    timed = [(sign.bounds, stands) for sign, stands in rows if sign.timed]
    if plain:
        numbers = Intervals(plain)
        yield lambda value: numbers.holding(value) if type(value) in {int, float} else ()  # type: ignore[arg-type]
    if timed:
        moments = Intervals(timed)
        yield lambda value: () if (at := moment(value)) is None else moments.holding(at)
