"""Which stage an aspect has reached, by rule, and how far the answers that are missing leave that open.

The rule is the CMM’s (GCSCC, deployment methodology): a stage is reached only when every one of its indicators, and of
those of all lower stages, is evidenced. So nothing is averaged: a part of the model has the range of its aspects.

An indicator that does not apply is passed over, with its reason. A stage none of whose indicators is met is never a
result by itself, even where all of them were passed over. What is unknown or contested counts as not met for the
stage that is shown, and as met for the highest that the answers do not exclude: the two are the ends of an interval.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from comity.policy.frameworks import Aspect, Framework, Indicator, Part


class Answer(enum.StrEnum):
    """What is said of an indicator."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not met"
    NOT_APPLICABLE = "not applicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer rests on: its title, where it is, and the last day on which it counts (None: no end)."""

    title: str
    at: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """An answer with what it rests on. `contested`: those asked do not agree, and nobody has ruled yet."""

    answer: Answer
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    contested: bool = False


UNRATED = Rating(Answer.UNKNOWN)
Ratings = Mapping[str, Rating]
"""Indicator id → its rating; an indicator that is not in it is unknown."""


class Hold(enum.Enum):
    """What an indicator does to its stage on a day."""

    YES = "holds"
    NO = "fails"
    OPEN = "open"
    OUT = "passed over"


_NOTHING = Indicator("", (), 0)
SHOWN = frozenset({Hold.YES})
POSSIBLE = frozenset({Hold.YES, Hold.OPEN})


@dataclass(frozen=True, slots=True)
class Held:
    """One indicator on a day; `expired` where it would hold if its evidence were renewed, `bare` if none was given."""

    indicator: Indicator
    hold: Hold
    rating: Rating
    expired: bool = False

    @property
    def bare(self) -> bool:
        """Tell whether it is said to be met and nothing shows it."""
        return self.rating.answer is Answer.MET and not self.rating.evidence


@dataclass(frozen=True, slots=True)
class Staged:
    """The stage of one aspect: `stage` is shown by the answers, `highest` is what they do not exclude; both from 0.

    `towards` holds the indicators of the first stage that is not reached; `unmet` those of them that keep it away.
    """

    aspect: Aspect
    stage: int
    highest: int
    held: tuple[Held, ...]

    @property
    def next(self) -> int | None:
        """Return the first stage whose indicators do not all hold, None when all do."""
        return next((one.indicator.stage for one in self.held if one.hold in (Hold.NO, Hold.OPEN)), None)

    @property
    def towards(self) -> tuple[Held, ...]:
        """Return the indicators of the next stage, those that are passed over left out."""
        place = self.next
        return tuple(one for one in self.held if one.indicator.stage == place and one.hold is not Hold.OUT)

    @property
    def share(self) -> tuple[int, int]:
        """Return how many indicators of the next stage hold, and of how many; (0, 0) where no stage is left."""
        towards = self.towards
        return sum(one.hold is Hold.YES for one in towards), len(towards)

    @property
    def unmet(self) -> tuple[Held, ...]:
        """Return what keeps the next stage away."""
        return tuple(one for one in self.towards if one.hold is not Hold.YES)

    @property
    def open(self) -> tuple[Held, ...]:
        """Return every indicator that nobody has settled: unknown, contested, or with expired evidence."""
        return tuple(one for one in self.held if one.hold is Hold.OPEN)


def stage_of(aspect: Aspect, ratings: Ratings, on: date) -> Staged:
    """Stage one aspect by its ratings on a day."""
    ordered = sorted(aspect.indicators, key=lambda one: one.stage)
    held = tuple(held_on(indicator, ratings.get(indicator.id, UNRATED), on) for indicator in ordered)
    return Staged(aspect, _reached(held, SHOWN), _reached(held, POSSIBLE), held)


def hold_of(rating: Rating, on: date) -> Hold:
    """Say what a rating does to a stage on a day."""
    return held_on(_NOTHING, rating, on).hold


def held_on(indicator: Indicator, rating: Rating, on: date) -> Held:
    """Judge one indicator by its rating on a day."""
    if rating.contested or rating.answer is Answer.UNKNOWN:
        return Held(indicator, Hold.OPEN, rating)
    if rating.answer is Answer.NOT_APPLICABLE:
        return Held(indicator, Hold.OUT, rating)
    if rating.answer is not Answer.MET:
        return Held(indicator, Hold.NO, rating)
    expired = bool(rating.evidence) and all(one.until is not None and one.until < on for one in rating.evidence)
    return Held(indicator, Hold.OPEN if expired else Hold.YES, rating, expired=expired)


def _reached(held: Iterable[Held], good: frozenset[Hold]) -> int:
    """Return the highest stage with a good indicator below the first that has a bad one."""
    judged = [(one.indicator.stage, one.hold in good) for one in held if one.hold is not Hold.OUT]
    falls = min((stage for stage, fine in judged if not fine), default=None)
    return max((stage for stage, fine in judged if fine and (falls is None or stage < falls)), default=0)


@dataclass(frozen=True, slots=True)
class Range:
    """The stages of a part’s aspects: the lowest and the highest shown, and the utmost that is not excluded."""

    part: Part | Aspect
    lowest: int
    highest: int
    utmost: int
    aspects: int
    open: int


def range_of(part: Part | Aspect, staged: Mapping[str, Staged]) -> Range:
    """Give the range of a part’s aspects; `staged` is by aspect id. Never a mean: no aspect stands half-way."""
    inside = [staged[one.id] for one in ([part] if isinstance(part, Aspect) else part.aspects())]
    shown = [one.stage for one in inside]
    utmost = max((one.highest for one in inside), default=0)
    unsettled = sum(len(one.open) for one in inside)
    return Range(part, min(shown, default=0), max(shown, default=0), utmost, len(inside), unsettled)


def stages(framework: Framework, ratings: Ratings, on: date) -> dict[str, Staged]:
    """Stage every aspect of a framework, by aspect id in the framework’s order."""
    return {aspect.id: stage_of(aspect, ratings, on) for aspect in framework.aspects()}


def gaps(staged: Mapping[str, Staged], targets: Mapping[str, int]) -> list[Held]:
    """List every indicator that keeps an aspect from its target stage, lowest stages first.

    `targets` is by aspect id; an aspect without one is asked for its next stage.
    """
    found = [
        one
        for aspect, here in staged.items()
        for one in here.held
        if one.hold in (Hold.NO, Hold.OPEN) and one.indicator.stage <= targets.get(aspect, here.next or 0)
    ]
    return sorted(found, key=lambda one: one.indicator.stage)
