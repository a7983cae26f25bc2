"""A plan’s file as values: measures, targets, limits, offers and the strategy; and the programme that follows from it.

What is missing comes from the ratings of a review: a target needs every indicator of its stage and of all lower ones
that does not hold. Days become quarters here: a year’s money and days stand for its quarters together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from comity.policy import staging
from comity.policy.frameworks import Framework, words
from comity.policy.roadmap import Aim, Ceiling, Goal, Kind, Limit, Offer, Programme, Step
from comity.policy.staging import Ratings

MONTHS: Final = 3
YEAR: Final = 4
"""Quarters of a year."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What could be done: what it would meet, what it costs in money and days, how long it takes, what comes before.

    `once` in the plan’s currency, `running` for each year after it is done, `staff` in days over all its quarters.
    """

    id: str
    name: str
    meets: tuple[str, ...] = ()
    quarters: int = 1
    once: int = 0
    running: int = 0
    staff: tuple[tuple[str, int], ...] = ()
    after: tuple[str, ...] = ()
    earliest: date | None = None
    by: date | None = None
    owner: str = ""
    risk: str = ""
    practice: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A stage that an aspect is to reach; with `by` it must, by that day."""

    aspect: str
    stage: str
    by: date | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """An undertaking that is served when these indicators are met."""

    key: str
    name: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """What a partner offers: money towards one-off cost and days of staff for a measure, until a day."""

    id: str
    party: str
    measures: tuple[str, ...]
    money: int = 0
    staff: tuple[tuple[str, int], ...] = ()
    until: date | None = None
    times: int = 1
    source: str = ""


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective of the national strategy: who answers for it, and by which measures it is pursued."""

    name: str
    owner: str = ""
    measures: tuple[str, ...] = ()
    public: bool = False


@dataclass(frozen=True, slots=True)
class Amount:
    """How much there is of a resource in a year (`quarter` None) or in one quarter of it, from 1 to 4."""

    resource: str
    year: int
    quarter: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan’s file. `begins` is the first day of a calendar quarter."""

    id: str
    name: str
    framework: str
    edition: str
    currency: str
    begins: date
    quarters: int
    measures: tuple[Measure, ...]
    targets: tuple[Target, ...]
    amounts: tuple[Amount, ...] = ()
    served: tuple[Served, ...] = ()
    offers: tuple[Offered, ...] = ()
    ceilings: tuple[tuple[str, int], ...] = ()
    objectives: tuple[Objective, ...] = ()
    aims: tuple[Aim, ...] = (Aim.ASPECTS, Aim.EARLIEST)
    fictional: bool = False

    def measure(self) -> dict[str, Measure]:
        """Give the measures by id."""
        return {one.id: one for one in self.measures}

    def first_day(self, quarter: int) -> date:
        """Give the first day of a quarter, counted from 0."""
        months = self.begins.month - 1 + MONTHS * quarter
        return date(self.begins.year + months // 12, months % 12 + 1, 1)

    def label(self, quarter: int) -> str:
        """Name a quarter: 2027 Q1."""
        day = self.first_day(quarter)
        return f"{day.year} Q{(day.month - 1) // MONTHS + 1}"

    def quarter_of(self, day: date) -> int:
        """Tell in which quarter a day is, negative before the first."""
        return ((day.year - self.begins.year) * 12 + day.month - self.begins.month) // MONTHS

    def passed(self, day: date) -> int:
        """Tell how many whole quarters have passed at the end of a day."""
        return self.quarter_of(day + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Progress:
    """What has become of measures: those done, those begun with their quarter, and those dropped from the plan."""

    done: frozenset[str] = frozenset()
    begun: Mapping[str, int] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()


NOTHING_YET: Final = Progress()


def goal_id(target: Target) -> str:
    """Name a target as a goal."""
    return f"{target.aspect} {target.stage}"


def programme(draft: Draft, framework: Framework, ratings: Ratings, on: date, progress: Progress = NOTHING_YET,
              more_offers: tuple[Offered, ...] = ()) -> Programme:  # fmt: skip
    """Give what a plan is made from: the draft less what holds already; what was begun is held to its quarter."""
    staged = staging.stages(framework, ratings, on)
    met = {one for name in progress.done for one in draft.measure()[name].meets if name in draft.measure()}
    out = progress.done | progress.dropped
    steps = tuple(_step(draft, one, progress) for one in draft.measures if one.id not in out)
    return Programme(
        draft.quarters, steps, tuple(_goals(draft, framework, staged, met)), tuple(_limits(draft)),
        tuple(_offer(draft, one, out) for one in (*draft.offers, *more_offers)
              if set(one.measures) - out and (one.until is None or draft.quarter_of(one.until) >= 0)),
        tuple(Ceiling(party, money) for party, money in draft.ceilings), draft.aims,
    )  # fmt: skip


def per_quarter(total: int, quarters: int) -> int:
    """Spread days or a year’s cost over quarters, rounded up to whole ones."""
    return -(-total // quarters)


def _step(draft: Draft, one: Measure, progress: Progress) -> Step:
    days = tuple((role, per_quarter(days, one.quarters)) for role, days in one.staff if days)
    earliest = 0 if one.earliest is None else max(0, _from(draft, one.earliest))
    by = None if one.by is None else draft.passed(one.by)
    if one.id in progress.begun:
        earliest = max(0, progress.begun[one.id])
        by = earliest + one.quarters
    after = tuple(name for name in one.after if name not in progress.done)
    return Step(one.id, one.quarters, one.once, per_quarter(one.running, YEAR), days, after, one.meets, earliest, by)


def _from(draft: Draft, day: date) -> int:
    """Give the first quarter that begins on a day or after it."""
    found = draft.quarter_of(day)
    return found if draft.first_day(found) >= day else found + 1


def _goals(draft: Draft, framework: Framework, staged: Mapping[str, staging.Staged], met: set[str]) -> Iterator[Goal]:
    names = [one.id for one in framework.stages]
    missing = {aspect: {held.indicator.id: held for held in one.held
                        if held.hold in (staging.Hold.NO, staging.Hold.OPEN) and held.indicator.id not in met}
               for aspect, one in staged.items()}  # fmt: skip
    for target in draft.targets:
        needs = tuple(name for name, held in missing[target.aspect].items()
                      if held.indicator.stage <= names.index(target.stage))  # fmt: skip
        yield Goal(goal_id(target), Kind.ASPECT, needs, by=None if target.by is None else draft.passed(target.by))
    every = {name for held in missing.values() for name in held}
    for one in draft.served:
        yield Goal(one.key, Kind.UNDERTAKING, tuple(name for name in one.needs if name in every))


def _limits(draft: Draft) -> Iterator[Limit]:
    for one in draft.amounts:
        month = 1 if one.quarter is None else MONTHS * (one.quarter - 1) + 1
        first = draft.quarter_of(date(one.year, month, 1))
        last = first if one.quarter is not None else first + YEAR - 1
        if last >= 0 and first < draft.quarters:
            yield Limit(one.resource, max(0, first), min(last, draft.quarters - 1), one.amount)


def _offer(draft: Draft, one: Offered, out: frozenset[str]) -> Offer:
    measures = draft.measure()
    longest = max((measures[name].quarters for name in one.measures if name in measures), default=1)
    days = tuple((role, per_quarter(days, longest)) for role, days in one.staff if days)
    until = None if one.until is None else draft.quarter_of(one.until)
    kept = tuple(name for name in one.measures if name not in out and name in measures)
    return Offer(one.id, one.party, kept, one.money, days, until, one.times)


def goal_name(draft: Draft, framework: Framework, goal: str) -> str:
    """Say a goal: “D1.1.1 Strategy Development at Established”, or the undertaking’s words."""
    served = {one.key: one.name for one in draft.served}
    if goal in served:
        return served[goal]
    aspect, _, stage = goal.partition(" ")
    aspects = {one.id: words(one.name) for one in framework.aspects()}
    stages = {one.id: words(one.name) for one in framework.stages}
    return f"{aspect} {aspects.get(aspect, '')}: {stages.get(stage, stage)}"
