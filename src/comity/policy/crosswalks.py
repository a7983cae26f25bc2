"""Typed crosswalks: how what one framework asks for stands to what another asks for, and what follows from it.

The relations are those of set theory (NIST IR 8477, section 4.3; OSCAL 1.2, control mapping). Read each item as the set
of what it asks for. Then “source ⊆ target” says that the target asks for all that the source does, and perhaps more.
From that, and no more, answers are carried over:

    equal       the target holds where the source holds, and fails where it fails
    superset    the target holds where the source holds; where the source fails, nothing follows
    subset      the target fails where the source fails; where the source holds, a part of the target is shown
    intersects  where the source holds, something of the target may be shown: a place to look, never an answer
    none        nothing follows

An item is an indicator, an aspect, an aspect at one of its stages (`D4.1.1@established`), or a part.
"""

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from comity.policy.frameworks import Aspect, Framework, Indicator, Part, Text
from comity.policy.staging import UNRATED, Answer, Evidence, Hold, Rating, Ratings, hold_of

AT = "@"


class Relation(enum.StrEnum):
    """How the source of a pair stands to its target."""

    EQUAL = "equal"
    SUBSET = "subset"
    SUPERSET = "superset"
    INTERSECTS = "intersects"
    NONE = "none"


class Confidence(enum.StrEnum):
    """How sure the one is who drew the pair."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


_TURNED = {Relation.SUBSET: Relation.SUPERSET, Relation.SUPERSET: Relation.SUBSET}


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of a crosswalk: two items, their relation, why, how sure, and where it was read (empty: own reading)."""

    source: str
    target: str
    relation: Relation
    why: str
    confidence: Confidence
    read_in: str = ""

    def turned(self) -> "Pair":
        """Give the same line read the other way."""
        relation = _TURNED.get(self.relation, self.relation)
        return Pair(self.target, self.source, relation, self.why, self.confidence, self.read_in)


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """The pairs between two editions. `source` and `target` are (framework id, edition)."""

    id: str
    edition: str
    name: Text
    owner: str
    source: tuple[str, str]
    target: tuple[str, str]
    pairs: tuple[Pair, ...]
    about: Text = ()

    def turned(self) -> "Crosswalk":
        """Give the same crosswalk read the other way."""
        pairs = tuple(pair.turned() for pair in self.pairs)
        return Crosswalk(self.id, self.edition, self.name, self.owner, self.target, self.source, pairs, self.about)


class Items:
    """What a framework’s items ask for: an item’s id → the indicators it stands for."""

    def __init__(self, framework: Framework) -> None:
        """Gather every item of a framework."""
        self.framework = framework
        self.found: dict[str, tuple[Indicator, ...]] = {}
        for part in framework.parts:
            self._gather(part)

    def _gather(self, part: Part | Aspect) -> tuple[Indicator, ...]:
        if isinstance(part, Part):
            inside = tuple(one for inner in part.parts for one in self._gather(inner))
        else:
            inside = part.indicators
            self.found |= {one.id: (one,) for one in inside}
            for place, stage in enumerate(self.framework.stages):
                if place:
                    upto = tuple(one for one in inside if one.stage <= place)
                    self.found[f"{part.id}{AT}{stage.id}"] = upto
        self.found[part.id] = inside
        return inside

    def __contains__(self, item: str) -> bool:
        """Tell whether there is such an item."""
        return item in self.found

    def hold(self, item: str, ratings: Ratings, on: date) -> Hold:
        """Judge an item: it fails with any of its indicators, holds with all that apply, and is open otherwise."""
        return all_of(hold_of(ratings.get(one.id, UNRATED), on) for one in self.found[item])


def all_of(holds: Iterable[Hold]) -> Hold:
    """Judge several together: OUT where none applies."""
    found = set(holds)
    for hold in (Hold.NO, Hold.OPEN, Hold.YES):
        if hold in found:
            return hold
    return Hold.OUT


class Carried(enum.StrEnum):
    """What can be said of an item of the target."""

    HOLDS = "holds"
    FAILS = "fails"
    CONTRADICTED = "contradicted"
    IN_PART = "in part"
    LOOK = "look"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one item of the target, and the pairs that say it with what their source shows."""

    item: str
    said: Carried
    by: tuple[tuple[Pair, Hold], ...] = ()
    confidence: Confidence | None = None


_SAYS: Mapping[tuple[Relation, Hold], Carried] = {
    (Relation.EQUAL, Hold.YES): Carried.HOLDS,
    (Relation.SUPERSET, Hold.YES): Carried.HOLDS,
    (Relation.EQUAL, Hold.NO): Carried.FAILS,
    (Relation.SUBSET, Hold.NO): Carried.FAILS,
    (Relation.SUBSET, Hold.YES): Carried.IN_PART,
    (Relation.INTERSECTS, Hold.YES): Carried.LOOK,
}
_SURENESS = tuple(Confidence)


def carry(walk: Crosswalk, source: Items, target: Items, ratings: Ratings, on: date) -> dict[str, Said]:
    """Say what answers to the source show of each item of the target that has a pair, or is an aspect or an indicator.

    An item with no pair, or with none that says anything, is BLANK: what cannot be said stays blank.
    """
    found = {item: _said(item, list(pairs)) for item, pairs in _by_target(walk, source, ratings, on)}
    told = {item: found.get(item, Said(item, Carried.BLANK)) for item in target.found if AT not in item}
    return told | {item: said for item, said in found.items() if item not in told}


def _by_target(
    walk: Crosswalk, source: Items, ratings: Ratings, on: date
) -> Iterator[tuple[str, list[tuple[Pair, Hold]]]]:
    gathered: dict[str, list[tuple[Pair, Hold]]] = {}
    for pair in walk.pairs:
        gathered.setdefault(pair.target, []).append((pair, source.hold(pair.source, ratings, on)))
    yield from gathered.items()


def _said(item: str, pairs: list[tuple[Pair, Hold]]) -> Said:
    says = [(_SAYS.get((pair.relation, hold), Carried.BLANK), pair, hold) for pair, hold in pairs]
    kinds = {kind for kind, _pair, _hold in says}
    if Carried.HOLDS in kinds and Carried.FAILS in kinds:
        told, counted = Carried.CONTRADICTED, {Carried.HOLDS, Carried.FAILS}
    else:
        told = next(kind for kind in Carried if kind in kinds)
        counted = {told}
    by = tuple((pair, hold) for kind, pair, hold in says if kind in counted)
    if told is Carried.BLANK:
        return Said(item, told, by)
    return Said(item, told, by, _surest(by, weakest=told is Carried.CONTRADICTED))


def _surest(by: tuple[tuple[Pair, Hold], ...], *, weakest: bool) -> Confidence:
    """Give the confidence of the best of several grounds, or of the worst where they contradict each other."""
    ranks = [_SURENESS.index(pair.confidence) for pair, _hold in by]
    return _SURENESS[max(ranks) if weakest else min(ranks)]


def filled(walk: Crosswalk, said: Mapping[str, Said], target: Items) -> dict[str, Rating]:
    """Give the answers to the target that follow, by indicator id; what does not follow is left out.

    That an item of several indicators fails does not say which of them does, so it answers none of them.
    """
    found: dict[str, Rating] = {}
    for item, one in said.items():
        inside = target.found[item]
        if one.said is Carried.HOLDS:
            answer = Answer.MET
        elif one.said is Carried.FAILS and len(inside) == 1:
            answer = Answer.NOT_MET
        else:
            continue
        grounds = tuple(Evidence(f"{walk.id}: {pair.source} {pair.relation} {pair.target}") for pair, _hold in one.by)
        for indicator in inside:
            before = found.get(indicator.id)
            clash = before is not None and (before.contested or before.answer is not answer)
            more = () if before is None else before.evidence
            found[indicator.id] = Rating(answer, (*more, *grounds), contested=clash)
    return found


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a crosswalk reaches into its target: aspects with a pair that can answer, with another, with none."""

    answerable: tuple[str, ...]
    touched: tuple[str, ...]
    blank: tuple[str, ...] = field(default=())


def coverage(walk: Crosswalk, target: Items) -> Coverage:
    """Say of every aspect of the target how far the crosswalk reaches it, by itself or by its indicators."""
    answers: dict[str, set[Relation]] = {}
    for pair in walk.pairs:
        answers.setdefault(pair.target.partition(AT)[0], set()).add(pair.relation)
    strong = {Relation.EQUAL, Relation.SUPERSET, Relation.SUBSET}
    told: dict[str, list[str]] = {"answerable": [], "touched": [], "blank": []}
    for aspect in target.framework.aspects():
        names = (aspect.id, *(one.id for one in aspect.indicators))
        relations: set[Relation] = set().union(*(answers.get(name, set()) for name in names))
        kind = "answerable" if relations & strong else "touched" if Relation.INTERSECTS in relations else "blank"
        told[kind].append(aspect.id)
    return Coverage(*(tuple(told[kind]) for kind in ("answerable", "touched", "blank")))
