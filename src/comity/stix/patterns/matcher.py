"""Many patterns against many observations, by one index of what all the patterns look for.

An observation comes in; each value of its objects is looked up once for each path that any pattern names; what it shows
leads to the patterns whose square brackets may be satisfied. Patterns of one observation answer at once. Those that
join several keep, for each square bracket, the observations that satisfied it, the newest `KEPT` of them, so that a log
of any size takes the same memory; when a pattern is satisfied, what it kept is let go, and it starts anew.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from comity.stix.patterns.binding import Candidate, Effort, Undecided, binding, demand, seens, span
from comity.stix.patterns.conditions import Check, Sign, check, triggers
from comity.stix.patterns.errors import NotMatched
from comity.stix.patterns.observations import Observation
from comity.stix.patterns.paths import Getter, decoded, getter
from comity.stix.patterns.signs import Signs
from comity.stix.patterns.tree import AllOf, AnyOf, Between, Expression, Followed, Path, Repeated, Seen

KEPT: Final = 256
"""Observations kept for each square bracket of a pattern that joins several, or twice what it asks for if more."""
_EFFORT_AT_ONCE: Final = 20_000
_EFFORT_FIRST: Final = 200_000
_EFFORT_EACH: Final = 200

Spans = tuple[tuple[int, int], ...]


class Match(msgspec.Struct, frozen=True):
    """A pattern, by its number, and the observations that satisfied it, in the order in which they came."""

    pattern: int
    observations: tuple[Observation, ...]


@dataclass(slots=True)
class _Leaf:
    """One square bracket of one pattern. Without `check`, a sign of it is proof."""

    number: int
    pattern: int
    seen: Seen
    spans: Spans
    check: Check | None
    joined: "_Joined | None"


@dataclass(slots=True)
class _Looked:
    """One path, and what its values are looked up in; with `name`, it is that one property."""

    name: str
    get: Getter
    find: Callable[[object], list[_Leaf]]


@dataclass(slots=True)
class _Joined:
    """A pattern that joins several observations, and those that it keeps."""

    pattern: int
    expression: Expression
    most: int
    kept: dict[int, deque[tuple[Candidate, Observation]]] = field(default_factory=dict)
    spent: int = 0

    def add(self, seen: Seen, candidate: Candidate, observation: Observation) -> None:
        """Keep an observation for one square bracket."""
        self.kept.setdefault(id(seen), deque(maxlen=self.most)).append((candidate, observation))

    def satisfied(self, newest: Candidate) -> tuple[Observation, ...] | None:
        """Return observations that satisfy the pattern, and let all go; None where there are none. May be Undecided."""
        if not _could(self.expression, self.kept):
            return None
        effort = Effort(_EFFORT_AT_ONCE)
        try:
            numbers = binding(self.expression, self._candidates, effort, newest)
        finally:
            self.spent += effort.spent
        if numbers is None:
            return None
        by_number = {one.number: observation for kept in self.kept.values() for one, observation in kept}
        self.kept.clear()
        return tuple(by_number[number] for number in sorted(set(numbers)))

    def _candidates(self, seen: Seen) -> list[Candidate]:
        return [candidate for candidate, _ in self.kept.get(id(seen), ())]


class Matcher:
    """The index of many patterns, and what those that join several observations have kept so far.

    `refused` says of patterns, by number, why they are not matched; more may come there while observations come in,
    when a pattern turns out to ask for too many choices.
    """

    def __init__(self, patterns: Sequence[Expression]) -> None:
        """Index patterns; each is known by its place in the sequence."""
        self.refused: dict[int, str] = {}
        self.leaves = 0
        self.came = 0
        rows: dict[Path, list[tuple[Sign, _Leaf]]] = {}
        for number, expression in enumerate(patterns):
            try:
                found = list(self._leaves_of(number, expression))
            except NotMatched as error:
                self.refused[number] = str(error)
                continue
            for leaf, signs in found:
                for path, sign in signs:
                    rows.setdefault(path, []).append((sign, leaf))
        self.by_type: dict[object, list[_Looked]] = {}
        for path, of_path in rows.items():
            looked = _Looked(_single(path), getter(path), Signs(of_path).find)
            self.by_type.setdefault(path.type, []).append(looked)

    def see(self, observation: Observation) -> list[Match]:
        """Return what this observation completes, together with those that came before it."""
        self.came += 1
        found: dict[int, tuple[Observation, ...]] = {}
        joined: dict[int, _Joined] = {}
        for leaf in self._satisfied(observation):
            if leaf.joined is None:
                found[leaf.pattern] = (observation,)
            elif leaf.pattern not in self.refused:
                leaf.joined.add(leaf.seen, self._candidate(observation), observation)
                joined[leaf.pattern] = leaf.joined
        for number, one in joined.items():
            together = self._together(one, self._candidate(observation))
            if together is not None:
                found[number] = together
        return [Match(number, found[number]) for number in sorted(found)]

    def see_alone(self, observation: Observation) -> list[int]:
        """Return the patterns that this observation satisfies by itself."""
        found: set[int] = set()
        joined: dict[int, _Joined] = {}
        for leaf in self._satisfied(observation):
            if leaf.joined is None:
                found.add(leaf.pattern)
            else:
                one = joined.setdefault(leaf.pattern, _Joined(leaf.pattern, leaf.joined.expression, KEPT))
                one.add(leaf.seen, self._candidate(observation), observation)
        for number, one in joined.items():
            if self._together(one, self._candidate(observation)) is not None:
                found.add(number)
        return sorted(found)

    def _candidate(self, observation: Observation) -> Candidate:
        return Candidate(self.came, observation.first, observation.last, observation.count)

    def _together(self, joined: _Joined, newest: Candidate) -> tuple[Observation, ...] | None:
        """Ask a pattern whether what it kept satisfies it; give it up when it asks for too many choices."""
        try:
            found = joined.satisfied(newest)
        except Undecided:
            found = None
            joined.spent += _EFFORT_AT_ONCE
        if joined.spent > _EFFORT_FIRST + _EFFORT_EACH * self.came:
            self.refused[joined.pattern] = "it leaves too many ways to choose observations; it was given up on the way"
            joined.kept.clear()
        return found

    def _satisfied(self, observation: Observation) -> Iterable[_Leaf]:
        """Return the square brackets that an observation satisfies."""
        found: dict[int, _Leaf] = {}
        by_type, referred = self.by_type, observation.referred
        for one in observation.objects:
            for looked in by_type.get(one.get("type"), ()):
                if looked.name:
                    value = one.get(looked.name)
                    leaves = looked.find(value) if value is not None else ()
                else:
                    leaves = [leaf for value in looked.get(one, referred) for leaf in looked.find(value)]
                for leaf in leaves:
                    if leaf.number not in found and (leaf.check is None or leaf.check(one, referred)):
                        found[leaf.number] = leaf
        return [leaf for leaf in found.values() if not leaf.spans or _in_spans(leaf.spans, observation)]

    def _leaves_of(self, number: int, expression: Expression) -> Iterable[tuple[_Leaf, list[tuple[Path, Sign]]]]:
        """Return a pattern's square brackets with the signs of each; NotMatched where it cannot be matched here."""
        alone = _alone(expression, ())
        joined = None
        if alone is None:
            needed = demand(expression)
            joined = _Joined(number, expression, max(KEPT, 2 * needed))
            alone = [(seen, ()) for seen in seens(expression)]
        made = []
        for seen, spans in alone:
            signs = triggers(seen.condition)
            test = None if all(sign.proof for sign in signs) else check(seen.condition)
            self.leaves += 1
            leaf = _Leaf(self.leaves, number, seen, spans, test, joined)
            made.append((leaf, [(sign.path, sign.sign) for sign in signs]))
        return made


def _single(path: Path) -> str:
    """Return the one property that a path is, if its value needs no decoding."""
    step = path.steps[0] if len(path.steps) == 1 else ""
    return step if isinstance(step, str) and decoded(step, "0") == "0" else ""


def _in_spans(spans: Spans, observation: Observation) -> bool:
    return all(start < stop and observation.first < stop and observation.last >= start for start, stop in spans)


def _alone(expression: Expression, spans: Spans) -> list[tuple[Seen, Spans]] | None:
    """Return the square brackets of which any satisfies the pattern by itself; None where several must join."""
    if isinstance(expression, Seen):
        return [(expression, spans)]
    if isinstance(expression, AnyOf):
        parts = [_alone(part, spans) for part in expression.parts]
        return None if None in parts else [one for part in parts for one in part or ()]
    if isinstance(expression, (AllOf, Followed)) or (isinstance(expression, Repeated) and expression.times > 1):
        return None
    if isinstance(expression, Between):
        spans = (*spans, span(expression))
    return _alone(expression.inner, spans)


def _could(expression: Expression, kept: dict[int, deque[tuple[Candidate, Observation]]]) -> bool:
    """Say whether something was kept for all that a pattern cannot do without."""
    if isinstance(expression, Seen):
        return id(expression) in kept
    if isinstance(expression, AnyOf):
        return any(_could(part, kept) for part in expression.parts)
    if isinstance(expression, (AllOf, Followed)):
        return all(_could(part, kept) for part in expression.parts)
    return _could(expression.inner, kept)


def satisfied_by(expression: Expression, observations: Sequence[Observation]) -> list[int] | None:
    """Return places of observations that together satisfy one pattern, or None; NotMatched, or Undecided."""
    demand(expression)
    kept: dict[int, list[Candidate]] = {}
    for seen in seens(expression):
        holds = check(seen.condition)
        kept[id(seen)] = [
            Candidate(place, one.first, one.last, one.count)
            for place, one in enumerate(observations)
            if any(holds(found, one.referred) for found in one.objects)
        ]
    numbers = binding(expression, lambda seen: kept[id(seen)], Effort())
    return None if numbers is None else sorted(set(numbers))
