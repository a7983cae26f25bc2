"""When no plan can be: which limits and targets clash, and how little more of one kind would do.

The clash is irreducible: leave out any one of its rules and there is a plan. The relaxations are each the least that is
enough when one kind of rule alone gives way: so much more money, so many more days of a role, so many quarters later.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from comity.policy.roadmap import Aim, Fault, Goal, Kind, Plan, Programme, Rule, faults, reached
from comity.policy.roadmap_model import build
from comity.solving.highs import Patience, matrix, maximize

SECONDS: Final = 5.0
EVERY: Final = "every"
LATER: Final = "later"
DONE: Final = "done:"


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Rules of one kind give way: `gives`, each with how much (`over`: money, days, or quarters later), in all `sum`.

    `resource` is the one whose limits give way, `EVERY` for all of them, `LATER` for targets and deadlines. `plan`
    can be carried out once they do. `least`: it is proven that less is not enough.
    """

    resource: str
    gives: tuple[Fault, ...]
    sum: int
    plan: Plan
    least: bool = True


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why there is no plan: `clash` is the set of rules that cannot hold together; empty where order alone forbids it.

    `never` are the goals and steps that could not be in time even without any limit.
    """

    clash: tuple[Fault, ...]
    never: tuple[Fault, ...]
    relaxations: tuple[Relaxation, ...]


def conflict(programme: Programme) -> Conflict | None:
    """Say why no plan can be; None where there is one."""
    rules = tuple(_rules(programme))
    if _possible(programme, rules):
        return None
    never = tuple(one for one in rules if one.rule in {Rule.TARGET, Rule.DEADLINE} and not _possible(programme, [one]))
    resources = sorted({limit.resource for limit in programme.limits})
    asked = [frozenset({one}) for one in resources] + ([frozenset(resources)] if len(resources) > 1 else [])
    given = [] if never else [found for some in asked if (found := more(programme, some)) is not None]
    return Conflict(_irreducible(programme, rules), never, (*given, later(programme)))


def _rules(programme: Programme) -> Iterator[Fault]:
    """Yield every rule that could give way; targets first, so that the clash keeps the limits that matter."""
    for limit in programme.limits:
        yield Fault(Rule.LIMIT, limit.resource, "", limit.first, limit.last)
    for ceiling in programme.ceilings:
        yield Fault(Rule.CEILING, ceiling.party)
    for step in programme.steps:
        if step.by is not None:
            yield Fault(Rule.DEADLINE, step.id, last=step.by)
    for goal in programme.goals:
        if goal.by is not None:
            yield Fault(Rule.TARGET, goal.id, last=goal.by)


def kept(programme: Programme, rules: Iterable[Fault]) -> Programme:
    """Give a programme with these of its rules alone."""
    there = {(one.rule, one.of, one.first, one.last) for one in rules}
    return replace(
        programme, aims=(),
        limits=tuple(one for one in programme.limits if (Rule.LIMIT, one.resource, one.first, one.last) in there),
        ceilings=tuple(one for one in programme.ceilings if (Rule.CEILING, one.party, 0, 0) in there),
        steps=tuple(one if one.by is None or (Rule.DEADLINE, one.id, 0, one.by) in there else replace(one, by=None)
                    for one in programme.steps),
        goals=tuple(one if one.by is None or (Rule.TARGET, one.id, 0, one.by) in there else replace(one, by=None)
                    for one in programme.goals),
    )  # fmt: skip


def _possible(programme: Programme, rules: Iterable[Fault]) -> bool:
    """Tell whether there is a plan under these rules alone; where the time is up, that there may be one."""
    asked = kept(programme, rules)
    if all(one.by is None for one in asked.steps) and all(one.by is None for one in asked.goals):
        return True  # to do nothing breaks no limit
    return not maximize(matrix(build(asked).model), {}, Patience(SECONDS)).empty


def _irreducible(programme: Programme, rules: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """Leave out one rule after the other as long as no plan can be without it: what stays is all needed."""
    left = list(rules)
    for size in (8, 1):  # in handfuls first, then one by one
        for at in range(0, len(rules), size):
            handful = set(rules[at : at + size])
            fewer = [one for one in left if one not in handful]
            if len(fewer) < len(left) and not _possible(programme, fewer):
                left = fewer
    return tuple(left)


def more(programme: Programme, resources: frozenset[str], seconds: float = 2 * SECONDS) -> Relaxation | None:
    """Give the least by which the limits of some resources must give way; None where that alone is not enough.

    Of several resources, each is counted by its share of what there is of it.
    """
    built = build(replace(programme, aims=()), resources)
    there: dict[str, int] = {}
    for limit in programme.limits:
        there[limit.resource] = there.get(limit.resource, 0) + limit.amount
    one = len(resources) == 1
    cost = {column: -1.0 if one else -1000.0 / max(1, there[rule.of]) for column, rule in built.model.more.items()}
    found = maximize(matrix(built.model), cost, Patience(seconds))
    if found.values is None:
        return None
    plan = built.plan(list(found.values))
    exceeded = [fault for fault in faults(programme, plan) if fault.rule is Rule.LIMIT]
    name = next(iter(resources)) if one else EVERY
    return Relaxation(name, tuple(exceeded), sum(fault.over for fault in exceeded), plan, found.proven)


def later(programme: Programme) -> Relaxation:
    """Give the fewest quarters, added up, by which targets and deadlines must give way.

    A target that is `over` to one quarter after the end of the programme is not reached within it.
    """
    pseudo = [Goal(f"{DONE}{step.id}", Kind.ASPECT, (f"{DONE}{step.id}",), by=step.by)
              for step in programme.steps if step.by is not None]  # fmt: skip
    due = {goal.id: goal.by for goal in (*programme.goals, *pseudo) if goal.by is not None}
    free = replace(
        programme, aims=(Aim.EARLIEST,),
        goals=tuple(replace(goal, by=None) for goal in (*programme.goals, *pseudo) if goal.id in due),
        steps=tuple(step if step.by is None else replace(step, by=None, meets=(*step.meets, f"{DONE}{step.id}"))
                    for step in programme.steps),
    )  # fmt: skip
    built = build(free)
    held = {column: 1.0 for name, by in due.items()
            for column in built.held[name][min(by, programme.quarters):] if column >= 0}  # fmt: skip
    found = maximize(matrix(built.model), held, Patience(2 * SECONDS), start=built.values(Plan({})))
    plan = Plan({}) if found.values is None else built.plan(list(found.values))
    when = reached(free, plan)
    gives = tuple(
        Fault(Rule.DEADLINE if name.startswith(DONE) else Rule.TARGET, name.removeprefix(DONE), last=by, over=over)
        for name, by in due.items() if (over := when.get(name, programme.quarters + 1) - by) > 0
    )  # fmt: skip
    return Relaxation(LATER, gives, sum(one.over for one in gives), plan, found.proven)
