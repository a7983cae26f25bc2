"""Why a step comes when it does, and how two plans differ: read out of programme and plan, for sentences to say."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from comity.policy.roadmap import Fault, Plan, Programme, Rule, faults, money, reached


class Held(enum.Enum):
    """What holds a step to its quarter."""

    FIRST = "it is in the first quarter that it may be in"
    WAITS = "it waits for others"
    LIMIT = "a limit leaves no room before"
    FREE = "it could come earlier, and nothing would be reached sooner"


@dataclass(frozen=True, slots=True)
class Why:
    """One step of a plan: what holds it to its quarter, and what it is for.

    `waits` are the steps that end as it starts; `full` the limits that one quarter earlier would break; `serves` the
    goals that the plan reaches with it, by others that wait for it too; `leads` those others; `offers` what it gets.
    """

    step: str
    start: int
    held: Held
    waits: tuple[str, ...] = ()
    full: tuple[Fault, ...] = ()
    serves: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()


def why(programme: Programme, plan: Plan) -> tuple[Why, ...]:
    """Explain every step of a plan, in the order in which they start."""
    order = sorted(plan.starts, key=lambda one: (plan.starts[one], one))
    serves = _serves(programme, plan)
    return tuple(_why(programme, plan, name, serves) for name in order)


def _why(programme: Programme, plan: Plan, name: str, serves: Mapping[str, frozenset[str]]) -> Why:
    steps, start = programme.step(), plan.starts[name]
    waits = tuple(one for one in steps[name].after if plan.starts[one] + steps[one].quarters == start)
    leads = tuple(sorted(one for one in plan.starts if name in steps[one].after))
    offers = tuple(sorted(offer for offer, step in plan.taken if step == name))
    sooner = faults(programme, Plan({**plan.starts, name: start - 1}, plan.taken)) if start else ()
    full = tuple(one for one in sooner if one.rule is Rule.LIMIT)
    held = Held.FIRST if start <= steps[name].earliest else Held.WAITS if waits else Held.LIMIT if full else Held.FREE
    return Why(name, start, held, waits, full, tuple(sorted(serves.get(name, ()))), leads, offers)


def _serves(programme: Programme, plan: Plan) -> dict[str, frozenset[str]]:
    """Give the goals that each step of a plan serves, itself or through those that wait for it."""
    held, steps = reached(programme, plan), programme.step()
    needs = {goal.id: set(goal.needs) for goal in programme.goals if goal.id in held}
    found = {
        name: {goal for goal, wanted in needs.items() if wanted.intersection(steps[name].meets)} for name in plan.starts
    }
    for name in sorted(plan.starts, key=lambda one: -plan.starts[one]):
        for before in steps[name].after:
            if before in found:
                found[before] |= found[name]
    return {name: frozenset(goals) for name, goals in found.items()}


@dataclass(frozen=True, slots=True)
class Difference:
    """How a plan differs from the one before: steps and goals as (id, before, after); None where it is not in one."""

    steps: tuple[tuple[str, int | None, int | None], ...]
    goals: tuple[tuple[str, int | None, int | None], ...]
    money: int
    """What it costs us more (negative: less)."""
    taken: tuple[tuple[str, str], ...]
    left: tuple[tuple[str, str], ...]
    """Offers that are taken now and were not, and the other way round, each as (offer, step)."""

    @property
    def nothing(self) -> bool:
        """Tell whether the two are the same."""
        return not (self.steps or self.goals or self.money or self.taken or self.left)


def difference(before: tuple[Programme, Plan], after: tuple[Programme, Plan]) -> Difference:
    """Compare two plans, each under its own programme."""
    return Difference(
        _changed(before[1].starts, after[1].starts), _changed(reached(*before), reached(*after)),
        money(*after) - money(*before), tuple(sorted(after[1].taken - before[1].taken)),
        tuple(sorted(before[1].taken - after[1].taken)),
    )  # fmt: skip


def _changed(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[tuple[str, int | None, int | None], ...]:
    names = sorted({*before, *after}, key=lambda one: (after.get(one, before.get(one, 0)), one))
    return tuple((name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name))


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two or more offers for one step: who offers, and by how much they exceed what it needs of a resource."""

    step: str
    offers: tuple[str, ...]
    over: tuple[tuple[str, int], ...]


def overlaps(programme: Programme) -> tuple[Overlap, ...]:
    """Find the steps for which several parties offer help."""
    from_: dict[str, list[str]] = {}
    for offer in programme.offers:
        for name in offer.steps:
            from_.setdefault(name, []).append(offer.id)
    offers, steps = {one.id: one for one in programme.offers}, programme.step()
    found = []
    for name, ids in sorted(from_.items()):
        if len({offers[one].party for one in ids}) > 1 and name in steps:
            need = {"money": steps[name].once, **dict(steps[name].days)}
            got: dict[str, int] = {}
            for one in ids:
                for resource, amount in (("money", offers[one].money), *offers[one].days):
                    got[resource] = got.get(resource, 0) + amount
            over = tuple((resource, amount - need.get(resource, 0)) for resource, amount in sorted(got.items())
                         if amount > need.get(resource, 0))  # fmt: skip
            found.append(Overlap(name, tuple(ids), over))
    return tuple(found)
