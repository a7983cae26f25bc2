"""In which quarters a step can start at all, by order, windows and what one quarter alone has; pure propagation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.policy.roadmap import MONEY, Limit, Offer, Programme, Step, given
from comity.policy.saying import sentence


class Circle(ValueError):
    """Steps wait for each other in a circle; the message names them."""


@dataclass(frozen=True, slots=True)
class Windows:
    """For each step that can be done within the programme: the quarters in which it can start, ascending."""

    starts: Mapping[str, tuple[int, ...]]
    """Steps that cannot be done are not in it."""
    order: tuple[str, ...]
    """Every step, after all that it waits for."""
    needed: frozenset[str] = field(default_factory=frozenset)
    """Steps that serve a goal or a deadline, or that such a step waits for; no plan needs any other."""


def ordered(steps: Mapping[str, Step]) -> tuple[str, ...]:
    """Order steps so that each comes after all that it waits for; raise Circle with those that cannot be."""
    waits = {name: {one for one in step.after if one in steps} for name, step in steps.items()}
    follows: dict[str, list[str]] = {}
    for name, before in waits.items():
        for one in before:
            follows.setdefault(one, []).append(name)
    found: list[str] = []
    ready = [name for name, before in waits.items() if not before]
    while ready:
        name = ready.pop()
        found.append(name)
        for one in follows.get(name, ()):
            waits[one].discard(name)
            if not waits[one]:
                ready.append(one)
    if len(found) < len(steps):
        left = sorted(set(steps) - set(found))
        raise Circle(sentence("these wait for each other: {listed}", listed=", ".join(left[:8])))
    return tuple(found)


def windows(programme: Programme) -> Windows:
    """Give each step's possible starts. A start is out where order, window or one single limit forbids it."""
    steps = programme.step()
    order = ordered(steps)
    most = _most(programme)
    offers: dict[str, list[Offer]] = {}
    for offer in programme.offers:
        for name in offer.steps:
            offers.setdefault(name, []).append(offer)
    starts: dict[str, tuple[int, ...]] = {}
    for name in order:
        step = steps[name]
        if any(one not in starts for one in step.after):
            continue
        first = max([step.earliest, *(starts[one][0] + steps[one].quarters for one in step.after)])
        last = programme.quarters - step.quarters
        last = last if step.by is None else min(last, step.by - step.quarters)
        helped = offers.get(name, [])
        can = tuple(at for at in range(first, last + 1) if _fits(step, at, helped, most, programme.limits))
        if can:
            starts[name] = can
    return Windows(starts, order, _needed(programme, steps))


def _most(programme: Programme) -> dict[str, list[int | None]]:
    """Give the most that one quarter can have of each resource by any single limit; None: no limit."""
    rows: dict[str, list[int | None]] = {}
    for limit in programme.limits:
        row = rows.setdefault(limit.resource, [None] * programme.quarters)
        for quarter in range(limit.first, min(limit.last + 1, programme.quarters)):
            before = row[quarter]
            row[quarter] = limit.amount if before is None else min(before, limit.amount)
    return rows


def _fits(step: Step, at: int, offers: list[Offer], most: Mapping[str, list[int | None]],
          limits: tuple[Limit, ...]) -> bool:  # fmt: skip
    """Tell whether a step alone, with all help that is open then, keeps every limit when it starts at a quarter."""
    help_ = [given(one, step) for one in offers if one.until is None or at <= one.until]
    for role, days in step.days:
        own = max(0, days - sum(one.get(role, 0) for one in help_))
        if own and any(limit.amount < own * max(0, min(limit.last + 1, at + step.quarters) - max(limit.first, at))
                       for limit in limits if limit.resource == role):  # fmt: skip
            return False
    cost = max(0, step.once - sum(one.get(MONEY, 0) for one in help_))
    room = most.get(MONEY, [None] * (at + 1))[at]
    return room is None or cost <= room


def _needed(programme: Programme, steps: Mapping[str, Step]) -> frozenset[str]:
    wanted = {one for goal in programme.goals for one in goal.needs}
    found = {name for name, step in steps.items() if step.by is not None or wanted.intersection(step.meets)}
    todo = list(found)
    while todo:
        for before in steps[todo.pop()].after:
            if before in steps and before not in found:
                found.add(before)
                todo.append(before)
    return frozenset(found)
