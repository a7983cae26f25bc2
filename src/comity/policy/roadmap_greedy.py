"""A good plan in little time: goals one after the other with all that they wait for, each step as early as it fits.

It is where the exact solver starts from, and what moves a solution’s steps forward where nothing keeps them back.
"""

from collections.abc import Iterable, Mapping, Sequence

from comity.policy.roadmap import (
    MONEY,
    Aim,
    Goal,
    Kind,
    Offer,
    Plan,
    Programme,
    faults,
    given,
    met,
    reached,
    score,
)
from comity.policy.roadmap_windows import Windows, windows

Use = tuple[tuple[int, int], ...]
"""What a step uses when it starts in a quarter: (limit’s place, amount) pairs."""


class Board:
    """Steps put on quarters one by one, each only where every limit holds."""

    def __init__(self, programme: Programme, fits: Windows | None = None) -> None:
        """Take a programme, and its windows where they are known already."""
        self.programme, self.steps = programme, programme.step()
        self.windows = fits or windows(programme)
        self.place = {name: place for place, name in enumerate(self.windows.order)}
        self.starts: dict[str, int] = {}
        self.taken: set[tuple[str, str]] = set()
        self._offers: dict[str, list[Offer]] = {}
        for offer in programme.offers:
            for name in offer.steps:
                self._offers.setdefault(name, []).append(offer)
        self._ceilings = {one.party: one.money for one in programme.ceilings}
        self._left = {offer.id: offer.times for offer in programme.offers}
        self._paid: dict[str, int] = {}
        self._room = [limit.amount for limit in programme.limits]
        self._of: dict[str, list[tuple[int, int, int]]] = {}
        for number, limit in enumerate(programme.limits):
            self._of.setdefault(limit.resource, []).append((number, limit.first, limit.last))
        self._known: dict[tuple[str, int], Use] = {}

    def plan(self) -> Plan:
        """Give what is on the board."""
        return Plan(dict(self.starts), frozenset(self.taken))

    def put(self, name: str) -> bool:
        """Put a step on the first quarter where it fits after all that it waits for; False where there is none."""
        step = self.steps[name]
        if any(one not in self.starts for one in step.after):
            return False
        first = max([0, *(self.starts[one] + self.steps[one].quarters for one in step.after)])
        return any(self.put_at(name, at) for at in self.windows.starts.get(name, ()) if at >= first)

    def put_at(self, name: str, at: int) -> bool:
        """Put a step on a quarter with every offer that can be taken, if every limit holds."""
        taken = self._open(name, at)
        use = self._use(name, at, taken)
        if any(amount > 0 and amount > self._room[limit] for limit, amount in use):
            return False
        self._turn(name, use, taken, 1)
        self.starts[name] = at
        return True

    def take(self, name: str) -> None:
        """Take a step off the board."""
        taken = [one for one in self._offers.get(name, ()) if (one.id, name) in self.taken]
        self._turn(name, self._use(name, self.starts.pop(name), taken), taken, -1)

    def put_all(self, names: Iterable[str]) -> bool:
        """Put several steps in their order, all or none."""
        done: list[str] = []
        for name in sorted(names, key=self.place.__getitem__):
            if not self.put(name):
                for one in reversed(done):
                    self.take(one)
                return False
            done.append(name)
        return True

    def _open(self, name: str, at: int) -> list[Offer]:
        found: list[Offer] = []
        step = self.steps[name]
        need = {**dict(step.days), MONEY: step.once}
        for offer in self._offers.get(name, ()):
            gives = given(offer, step)
            paid = self._paid.get(offer.party, 0) + sum(given(one, step).get(MONEY, 0) for one in found
                                                        if one.party == offer.party)  # fmt: skip
            open_ = (offer.until is None or at <= offer.until) and self._left[offer.id] > 0 and gives
            paid += gives.get(MONEY, 0)
            room = all(amount <= need[resource] for resource, amount in gives.items())
            if open_ and room and paid <= self._ceilings.get(offer.party, paid):
                found.append(offer)
                for resource, amount in gives.items():
                    need[resource] -= amount
        return found

    def _turn(self, name: str, use: Use, taken: Sequence[Offer], sign: int) -> None:
        for limit, amount in use:
            self._room[limit] -= sign * amount
        for offer in taken:
            self._left[offer.id] -= sign
            paid = sign * given(offer, self.steps[name]).get(MONEY, 0)
            self._paid[offer.party] = self._paid.get(offer.party, 0) + paid
            (self.taken.add if sign > 0 else self.taken.discard)((offer.id, name))

    def _use(self, name: str, at: int, taken: Sequence[Offer]) -> Use:
        if taken:
            return self._count(name, at, taken)
        found = self._known.get((name, at))
        if found is None:
            found = self._known[name, at] = self._count(name, at, ())
        return found

    def _count(self, name: str, at: int, taken: Sequence[Offer]) -> Use:
        step = self.steps[name]
        help_: dict[str, int] = {}
        for offer in taken:
            for resource, amount in given(offer, step).items():
                help_[resource] = help_.get(resource, 0) + amount
        done = at + step.quarters
        found: dict[int, int] = {}
        for role, days in step.days:
            for limit, first, last in self._of.get(role, ()):
                shared = min(last + 1, done) - max(first, at)
                if shared > 0:
                    found[limit] = found.get(limit, 0) + shared * (days - help_.get(role, 0))
        for limit, first, last in self._of.get(MONEY, ()):
            cost = step.once - help_.get(MONEY, 0) if first <= at <= last else 0
            cost += step.running * max(0, min(last + 1, self.programme.quarters) - max(first, done))
            if cost:
                found[limit] = found.get(limit, 0) + cost
        return tuple(found.items())


def closures(programme: Programme, fits: Windows) -> dict[str, frozenset[str]]:
    """Give all steps that a goal takes, those that they wait for included; goals that no plan reaches are left out.

    Where several steps meet an indicator, the one that is done first is taken.
    """
    steps = programme.step()
    ways: dict[str, list[str]] = {}
    for name in fits.starts:
        for indicator in steps[name].meets:
            ways.setdefault(indicator, []).append(name)
    found: dict[str, frozenset[str]] = {}
    for goal in programme.goals:
        if all(one in ways for one in goal.needs):
            first = (min(ways[one], key=lambda name: (fits.starts[name][0] + steps[name].quarters, name))
                     for one in goal.needs)  # fmt: skip
            found[goal.id] = _with_what_it_waits_for(first, programme)
    return found


def _with_what_it_waits_for(names: Iterable[str], programme: Programme) -> frozenset[str]:
    steps = programme.step()
    todo, found = list(names), set[str]()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(steps[name].after)
    return frozenset(found)


def in_order(programme: Programme, fits: Windows, goals: Sequence[str], takes: Mapping[str, frozenset[str]]) -> Plan:
    """Plan goals in an order, passing over those that do not fit; steps and goals with deadlines come before all."""
    board = Board(programme, fits)
    musts = [step.id for step in programme.steps if step.by is not None]
    for name in sorted(_with_what_it_waits_for(musts, programme), key=board.place.__getitem__):
        board.put(name)
    held = sorted((goal for goal in programme.goals if goal.by is not None), key=lambda one: one.by or 0)
    for name in dict.fromkeys([*(goal.id for goal in held), *goals]):
        if name in takes:
            board.put_all(takes[name] - board.starts.keys())
    return board.plan()


def order_of(programme: Programme, takes: Mapping[str, frozenset[str]]) -> list[str]:
    """Order goals by what they are worth for what their steps take of each resource, dearest last."""
    steps = programme.step()
    there: dict[str, int] = {}
    for limit in programme.limits:
        there[limit.resource] = there.get(limit.resource, 0) + limit.amount

    def share(name: str) -> float:
        step = steps[name]
        uses = [(MONEY, step.once + step.running * programme.quarters // 2),
                *((role, days * step.quarters) for role, days in step.days)]  # fmt: skip
        return sum(amount / max(1, there[resource]) for resource, amount in uses if resource in there)

    worth = {goal.id: goal for goal in programme.goals if goal.id in takes and _counts(goal, programme)}
    shares = {name: share(name) for name in frozenset().union(*takes.values())} if takes else {}
    left, found, there_already = set(worth), list[str](), set[str]()
    while left:
        best = min(sorted(left), key=lambda one: sum(shares[name] for name in takes[one] - there_already)
                   / worth[one].weight)  # fmt: skip
        found.append(best)
        left.discard(best)
        there_already |= takes[best]
    return found


def _counts(goal: Goal, programme: Programme) -> bool:
    first = programme.aims[0] if programme.aims else Aim.EARLIEST
    return {Aim.ASPECTS: Kind.ASPECT, Aim.UNDERTAKINGS: Kind.UNDERTAKING}.get(first, goal.kind) is goal.kind or (
        len(programme.aims) > 1
    )


def in_order_of(programme: Programme, fits: Windows, rank: Mapping[str, float]) -> Plan | None:
    """Plan steps one by one by their rank, lowest first, each as early as it fits; None where that leaves faults."""
    board = Board(programme, fits)
    for name in sorted(rank, key=lambda one: (rank[one], board.place[one])):
        board.put(name)
    plan = _only(board.plan(), serving(programme, board.plan()))
    return None if faults(programme, plan) else plan


def greedy(programme: Programme) -> Plan | None:
    """Give a plan without faults, or None where this simple way finds none."""
    fits = windows(programme)
    takes = closures(programme, fits)
    plan = in_order(programme, fits, order_of(programme, takes), takes)
    return None if faults(programme, plan) else plan


def tidied(programme: Programme, plan: Plan) -> Plan:
    """Leave out steps that serve nothing, and let each start as early as it can, where the plan loses nothing by it."""
    best = _as_good(programme, plan, _only(plan, serving(programme, plan)))
    board = Board(programme)
    for name in sorted(best.starts, key=lambda one: (best.starts[one], board.place[one])):
        if not board.put_at(name, best.starts[name]):
            return best
    for name in sorted(best.starts, key=lambda one: (best.starts[one], board.place[one])):
        board.take(name)
        board.put(name)
    return _as_good(programme, best, board.plan())


def _as_good(programme: Programme, plan: Plan, other: Plan) -> Plan:
    """Give the other plan if it has no fault and is as good in every aim, else the plan itself."""
    good = not faults(programme, other) and all(
        new >= old for new, old in zip(score(programme, other), score(programme, plan), strict=True)
    )
    return other if good else plan


def serving(programme: Programme, plan: Plan) -> frozenset[str]:
    """Give the steps of a plan that serve a goal it reaches or have a deadline, and those that they wait for."""
    steps, when, held = programme.step(), met(programme, plan), reached(programme, plan)
    wanted = {one for goal in programme.goals if goal.id in held for one in goal.needs}
    first = [
        name for name, start in plan.starts.items()
        if steps[name].by is not None
        or any(one in wanted and when[one] == start + steps[name].quarters for one in steps[name].meets)
    ]  # fmt: skip
    return _with_what_it_waits_for(first, programme)


def _only(plan: Plan, names: frozenset[str]) -> Plan:
    starts = {one: at for one, at in plan.starts.items() if one in names}
    return Plan(starts, frozenset(pair for pair in plan.taken if pair[1] in names))


def without(plan: Plan, name: str) -> Plan:
    """Give a plan without one step."""
    return _only(plan, frozenset(plan.starts) - {name})
