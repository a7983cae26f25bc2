"""A roadmap: which measure starts in which quarter, within money, staff and order; what a plan reaches, and its faults.

Time is counted in quarters from the first of the programme, from 0. A step that starts in quarter *s* and takes *d*
quarters is done when *s + d* quarters have passed; what it meets is met from then on. Its one-off cost counts in the
quarter in which it starts (a commitment), its running cost in every quarter after it is done, its staff days in each
quarter of its work. So all is in whole numbers, and a plan is judged exactly.
"""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

MONEY: Final = "money"
"""The resource that is counted in the programme’s currency; every other one is a role and is counted in days."""


class Aim(enum.StrEnum):
    """What a plan is chosen for; several are taken in order, each without loss to those before it."""

    ASPECTS = "aspects"
    """Most aspects at their target stage when the programme ends."""
    UNDERTAKINGS = "undertakings"
    """Most undertakings served."""
    EARLIEST = "earliest"
    """Each goal as early as can be: the quarters for which goals hold, added up."""
    CHEAPEST = "cheapest"
    """Least money of our own over the programme."""


class Kind(enum.StrEnum):
    """What a goal is."""

    ASPECT = "aspect"
    UNDERTAKING = "undertaking"


@dataclass(frozen=True, slots=True)
class Step:
    """A measure as a plan sees it. `running` is for a quarter; `days` are for each quarter of its work, by role.

    It may start from quarter `earliest`, and only when all of `after` are done; with `by` it must be done when so many
    quarters have passed.
    """

    id: str
    quarters: int
    once: int = 0
    running: int = 0
    days: tuple[tuple[str, int], ...] = ()
    after: tuple[str, ...] = ()
    meets: tuple[str, ...] = ()
    earliest: int = 0
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """A stage of an aspect, or an undertaking: reached when all of `needs` are met. With `by` it must be, by then."""

    id: str
    kind: Kind
    needs: tuple[str, ...]
    weight: int = 1
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of a resource there is in all in the quarters from `first` to `last`, both inside."""

    resource: str
    first: int
    last: int
    amount: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What a partner gives for one of `steps`: money towards its one-off cost, days of a role in each quarter of work.

    It holds for steps that start by quarter `until` (None: any), and for as many of them as `times`.
    """

    id: str
    party: str
    steps: tuple[str, ...]
    money: int = 0
    days: tuple[tuple[str, int], ...] = ()
    until: int | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most money that a party gives in all its offers."""

    party: str
    money: int


@dataclass(frozen=True, slots=True)
class Programme:
    """All that a plan is made from: `quarters` in all, and what is aimed at, first things first."""

    quarters: int
    steps: tuple[Step, ...]
    goals: tuple[Goal, ...]
    limits: tuple[Limit, ...] = ()
    offers: tuple[Offer, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    aims: tuple[Aim, ...] = (Aim.ASPECTS, Aim.EARLIEST)

    def step(self) -> dict[str, Step]:
        """Give the steps by id."""
        return {one.id: one for one in self.steps}


@dataclass(frozen=True, slots=True)
class Plan:
    """A choice: step id → quarter in which it starts; and which offers are taken, each as (offer, step)."""

    starts: Mapping[str, int]
    taken: frozenset[tuple[str, str]] = frozenset()


class Rule(enum.StrEnum):
    """A rule that a plan can break."""

    WINDOW = "window"
    """A step starts before it may, or is not done when the programme ends."""
    ORDER = "order"
    LIMIT = "limit"
    DEADLINE = "deadline"
    """A step with a day by which it must be done is not."""
    TARGET = "target"
    """A goal with a day by which it must be reached is not."""
    OFFER = "offer"
    CEILING = "ceiling"


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule: of what (a step, a goal, a resource, an offer, a party), against what, and by how much."""

    rule: Rule
    of: str
    against: str = ""
    first: int = 0
    last: int = 0
    over: int = 0


def given(offer: Offer, step: Step) -> dict[str, int]:
    """Tell what an offer gives a step: never more than the step needs. Money once, days in each quarter of work."""
    need = dict(step.days)
    found = {role: min(days, need.get(role, 0)) for role, days in offer.days}
    found[MONEY] = min(offer.money, step.once)
    return {resource: amount for resource, amount in found.items() if amount}


def used(programme: Programme, plan: Plan) -> dict[str, list[int]]:
    """Count what a plan uses of our own, by resource and quarter."""
    steps = programme.step()
    roles = {role for step in programme.steps for role, _ in step.days}
    rows = {name: [0] * programme.quarters for name in {MONEY, *roles, *(one.resource for one in programme.limits)}}
    for name, start in plan.starts.items():
        step = steps[name]
        rows[MONEY][start] += step.once
        for quarter in range(start + step.quarters, programme.quarters):
            rows[MONEY][quarter] += step.running
        for role, days in step.days:
            for quarter in range(start, min(start + step.quarters, programme.quarters)):
                rows[role][quarter] += days
    offers = {one.id: one for one in programme.offers}
    for offer, name in plan.taken:
        step = steps[name]
        if name not in plan.starts:
            continue
        start = plan.starts[name]
        for resource, amount in given(offers[offer], step).items():
            last = start + 1 if resource == MONEY else min(start + step.quarters, programme.quarters)
            for quarter in range(start, last):
                rows[resource][quarter] -= amount
    return rows


def met(programme: Programme, plan: Plan) -> dict[str, int]:
    """Tell how many quarters have passed when each indicator is met that a plan meets."""
    found: dict[str, int] = {}
    for step in programme.steps:
        if step.id in plan.starts:
            done = plan.starts[step.id] + step.quarters
            for indicator in step.meets:
                found[indicator] = min(done, found.get(indicator, done))
    return found


def reached(programme: Programme, plan: Plan) -> dict[str, int]:
    """Tell how many quarters have passed when each goal is reached that a plan reaches within the programme."""
    when = met(programme, plan)
    found = {
        goal.id: max((when[one] for one in goal.needs), default=0)
        for goal in programme.goals if all(one in when for one in goal.needs)
    }  # fmt: skip
    return {name: quarter for name, quarter in found.items() if quarter <= programme.quarters}


def money(programme: Programme, plan: Plan) -> int:
    """Give what a plan costs us in all."""
    return sum(used(programme, plan)[MONEY])


def score(programme: Programme, plan: Plan) -> tuple[int, ...]:
    """Measure a plan by the programme’s aims, in their order; more is better in each."""
    held = reached(programme, plan)

    def count(kind: Kind) -> int:
        return sum(goal.weight for goal in programme.goals if goal.kind is kind and goal.id in held)

    def value(aim: Aim) -> int:
        match aim:
            case Aim.ASPECTS:
                return count(Kind.ASPECT)
            case Aim.UNDERTAKINGS:
                return count(Kind.UNDERTAKING)
            case Aim.EARLIEST:
                return sum(goal.weight * (programme.quarters - held[goal.id])
                           for goal in programme.goals if goal.id in held)  # fmt: skip
            case Aim.CHEAPEST:
                return -money(programme, plan)

    return tuple(value(aim) for aim in programme.aims)


def faults(programme: Programme, plan: Plan) -> tuple[Fault, ...]:
    """List every rule that a plan breaks; a plan without faults can be carried out."""
    return (*_of_steps(programme, plan), *_of_limits(programme, plan), *_of_goals(programme, plan),
            *_of_offers(programme, plan), *_of_ceilings(programme, plan))  # fmt: skip


def _of_steps(programme: Programme, plan: Plan) -> Iterator[Fault]:
    steps = programme.step()
    for step in programme.steps:
        start = plan.starts.get(step.id)
        if step.by is not None and (start is None or start + step.quarters > step.by):
            yield Fault(Rule.DEADLINE, step.id, last=step.by)
        if start is None:
            continue
        if start < step.earliest or start + step.quarters > programme.quarters:
            yield Fault(Rule.WINDOW, step.id, first=step.earliest, last=programme.quarters)
        for before in step.after:
            begun = plan.starts.get(before)
            if begun is None or begun + steps[before].quarters > start:
                yield Fault(Rule.ORDER, step.id, before)


def _of_limits(programme: Programme, plan: Plan) -> Iterator[Fault]:
    rows = used(programme, plan)
    for limit in programme.limits:
        over = sum(rows[limit.resource][limit.first : limit.last + 1]) - limit.amount
        if over > 0:
            yield Fault(Rule.LIMIT, limit.resource, "", limit.first, limit.last, over)


def _of_goals(programme: Programme, plan: Plan) -> Iterator[Fault]:
    held = reached(programme, plan)
    for goal in programme.goals:
        if goal.by is not None and held.get(goal.id, programme.quarters + 1) > goal.by:
            yield Fault(Rule.TARGET, goal.id, last=goal.by)


def _of_offers(programme: Programme, plan: Plan) -> Iterator[Fault]:
    offers, steps = {one.id: one for one in programme.offers}, programme.step()
    times: dict[str, int] = {}
    got: dict[tuple[str, str], int] = {}
    for name, step in sorted(plan.taken):
        offer, start = offers[name], plan.starts.get(step)
        times[name] = times.get(name, 0) + 1
        late = offer.until is not None and start is not None and start > offer.until
        if step not in offer.steps or start is None or late or times[name] > offer.times:
            yield Fault(Rule.OFFER, name, step, last=offer.until or 0)
        for resource, amount in given(offer, steps[step]).items():
            got[step, resource] = got.get((step, resource), 0) + amount
    for (name, resource), amount in got.items():
        need = steps[name].once if resource == MONEY else dict(steps[name].days)[resource]
        if amount > need:
            yield Fault(Rule.OFFER, name, resource, over=amount - need)


def _of_ceilings(programme: Programme, plan: Plan) -> Iterator[Fault]:
    offers, steps = {one.id: one for one in programme.offers}, programme.step()
    for ceiling in programme.ceilings:
        paid = sum(given(offers[name], steps[step]).get(MONEY, 0)
                   for name, step in plan.taken if offers[name].party == ceiling.party)  # fmt: skip
        if paid > ceiling.money:
            yield Fault(Rule.CEILING, ceiling.party, over=paid - ceiling.money)
