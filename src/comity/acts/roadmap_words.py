"""What a roadmap says in sentences: why a step comes when it does, what clashes, what more would buy, what changed."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.policy.frameworks import Framework
from comity.policy.roadmap import MONEY, Fault, Programme, Rule
from comity.policy.roadmap_draft import Draft, Offered, goal_name
from comity.policy.roadmap_reasons import Difference, Held, Overlap, Why
from comity.solving.conflicts import EVERY, LATER, Conflict, Relaxation
from comity.solving.whatifs import Price


@dataclass(frozen=True, slots=True)
class Telling:
    """What names and days are said by: the plan’s file, its framework, and all offers."""

    draft: Draft
    framework: Framework
    offers: tuple[Offered, ...] = ()

    def measure(self, name: str) -> str:
        """Name a measure."""
        found = self.draft.measure().get(name)
        return name if found is None else found.name

    def goal(self, name: str) -> str:
        """Name a goal."""
        return goal_name(self.draft, self.framework, name)

    def amount(self, resource: str, amount: int) -> str:
        """Say an amount of money or days."""
        if resource == MONEY:
            return f"{amount:,} {self.draft.currency}".replace(",", " ")
        days = ngettext("%(n)s day", "%(n)s days", amount) % {"n": amount}
        return _("%(days)s of %(role)s") % {"days": days, "role": resource}

    def span(self, first: int, last: int) -> str:
        """Say a span of quarters: a year where it is one."""
        one, other = self.draft.first_day(first), self.draft.first_day(last)
        if first == last:
            return self.draft.label(first)
        if one.year == other.year:
            return str(one.year)
        return f"{self.draft.label(first)} – {self.draft.label(last)}"

    def end(self, passed: int) -> str:
        """Say when so many quarters have passed: the end of the last of them."""
        return _("the end of %(quarter)s") % {"quarter": self.draft.label(passed - 1)} if passed else _("the start")

    def offer(self, name: str) -> str:
        """Say an offer: its party, and what it gives."""
        found = next((one for one in (*self.draft.offers, *self.offers) if one.id == name), None)
        if found is None:
            return name
        gives = [self.amount(MONEY, found.money)] if found.money else []
        gives += [self.amount(role, days) for role, days in found.staff]
        return f"{found.party}: {', '.join(gives)}"


def why(telling: Telling, one: Why) -> str:
    """Say why a step comes when it does, and what for."""
    said = [_held(telling, one)]
    if one.serves:
        said.append(_("It serves %(goals)s.") % {"goals": _listed(telling.goal(goal) for goal in one.serves)})
    if one.leads:
        said.append(_("%(others)s cannot start before it is done.") % {
            "others": _listed(f"“{telling.measure(name)}”" for name in one.leads)})  # fmt: skip
    if one.offers:
        said.append(_("It takes up the offer of %(offers)s.") % {
            "offers": _listed(telling.offer(name) for name in one.offers)})  # fmt: skip
    return " ".join(said)


def _held(telling: Telling, one: Why) -> str:
    match one.held:
        case Held.FIRST:
            return _("It starts as soon as it may.")
        case Held.WAITS:
            return _("It starts as soon as %(others)s is done.") % {
                "others": _listed(f"“{telling.measure(name)}”" for name in one.waits)}  # fmt: skip
        case Held.LIMIT:
            short = _listed(
                _("%(amount)s in %(span)s") % {"amount": telling.amount(full.of, full.over),
                                               "span": telling.span(full.first, full.last)}
                for full in one.full
            )  # fmt: skip
            return _("A quarter earlier there would be too little by %(short)s.") % {"short": short}
        case Held.FREE:
            return _("It could start earlier, but nothing would be reached sooner.")


MANY = 3


def _listed(words: Iterator[str]) -> str:
    """List words, and count those beyond a few."""
    found = list(words)
    more = len(found) - MANY
    if more <= 1:
        return ", ".join(found)
    return _("%(some)s and %(more)s more") % {"some": ", ".join(found[:MANY]), "more": more}


def rule(telling: Telling, one: Fault, programme: Programme) -> str:
    """Say a rule that cannot hold together with others."""
    match one.rule:
        case Rule.LIMIT:
            amount = next(limit.amount for limit in programme.limits
                          if (limit.resource, limit.first, limit.last) == (one.of, one.first, one.last))  # fmt: skip
            return _("no more than %(amount)s in %(span)s") % {
                "amount": telling.amount(one.of, amount), "span": telling.span(one.first, one.last)}  # fmt: skip
        case Rule.CEILING:
            amount = next(ceiling.money for ceiling in programme.ceilings if ceiling.party == one.of)
            return _("no more than %(amount)s from %(party)s") % {
                "amount": telling.amount(MONEY, amount), "party": one.of}  # fmt: skip
        case Rule.DEADLINE:
            return _("“%(measure)s” done by %(end)s") % {
                "measure": telling.measure(one.of), "end": telling.end(one.last)}  # fmt: skip
        case _:
            return _("%(goal)s by %(end)s") % {"goal": telling.goal(one.of), "end": telling.end(one.last)}


def clash(telling: Telling, found: Conflict, programme: Programme) -> Iterator[str]:
    """Say why no plan can be, and what would be enough."""
    for one in found.never:
        yield _("Even with money and staff without end it cannot be: %(rule)s.") % {
            "rule": rule(telling, one, programme)}  # fmt: skip
    yield _("These cannot hold together: %(rules)s.") % {
        "rules": "; ".join(rule(telling, one, programme) for one in found.clash)}  # fmt: skip
    for enough in found.relaxations:
        yield relaxation(telling, enough)


def relaxation(telling: Telling, one: Relaxation) -> str:
    """Say what would be enough."""
    parts = [_gives(telling, fault) for fault in one.gives]
    what = {EVERY: _("Of everything a little"), LATER: _("Later")}.get(one.resource)
    if what is None:
        what = _("Money alone") if one.resource == MONEY else _("%(role)s alone") % {"role": one.resource}
    if one.least:
        return _("%(what)s would do it: %(parts)s. Less is not enough.") % {"what": what, "parts": "; ".join(parts)}
    return _("%(what)s would do it: %(parts)s.") % {"what": what, "parts": "; ".join(parts)}


def _gives(telling: Telling, one: Fault) -> str:
    if one.rule is Rule.LIMIT:
        return _("%(amount)s more in %(span)s") % {
            "amount": telling.amount(one.of, one.over), "span": telling.span(one.first, one.last)}  # fmt: skip
    name = telling.measure(one.of) if one.rule is Rule.DEADLINE else telling.goal(one.of)
    if one.last + one.over > telling.draft.quarters:
        return _("%(goal)s not within the plan") % {"goal": name}
    return _("%(goal)s by %(end)s instead of %(before)s") % {
        "goal": name, "end": telling.end(one.last + one.over), "before": telling.end(one.last)}  # fmt: skip


def price(telling: Telling, one: Price) -> str:
    """Say what an alternative costs."""
    said = {"more": "; ".join(_gives(telling, fault) for fault in one.gives) or _("nothing"),
            "goal": telling.goal(one.goal), "end": telling.end(one.by)}  # fmt: skip
    if one.now is None:
        found = _("%(goal)s by %(end)s, which the plan does not reach, takes: %(more)s.") % said
    else:
        found = _("%(goal)s by %(end)s, a year earlier, takes: %(more)s.") % said
    return found if one.least else found + " " + _("Less may be enough.")


def difference(telling: Telling, one: Difference) -> Iterator[str]:
    """Say how a plan differs from the one before."""
    for name, before, after in one.goals:
        yield _moved(telling.goal(name), before, after, telling)
    for name, at, then in one.steps:
        yield _shifted(telling.measure(name), at, then, telling)
    for offer, name in one.taken:
        yield _("“%(measure)s” takes up the offer of %(offer)s.") % {
            "measure": telling.measure(name), "offer": telling.offer(offer)}  # fmt: skip
    for offer, name in one.left:
        yield _("“%(measure)s” no longer takes up the offer of %(offer)s.") % {
            "measure": telling.measure(name), "offer": telling.offer(offer)}  # fmt: skip
    if one.money:
        said = {"amount": telling.amount(MONEY, abs(one.money))}
        yield (_("It costs us %(amount)s more.") if one.money > 0 else _("It costs us %(amount)s less.")) % said
    if one.nothing:
        yield _("Nothing changes.")


def _moved(name: str, before: int | None, after: int | None, telling: Telling) -> str:
    said = {"goal": name, "before": telling.end(before or 0), "after": telling.end(after or 0)}
    if before is None:
        return _("Newly reached: %(goal)s, by %(after)s.") % said
    if after is None:
        return _("No longer reached: %(goal)s.") % said
    return (_("Sooner: %(goal)s by %(after)s instead of %(before)s.") if after < before
            else _("Later: %(goal)s by %(after)s instead of %(before)s.")) % said  # fmt: skip


def _shifted(name: str, before: int | None, after: int | None, telling: Telling) -> str:
    said = {"measure": name, "before": telling.draft.label(before or 0), "after": telling.draft.label(after or 0)}
    if before is None:
        return _("“%(measure)s” is taken in, from %(after)s.") % said
    if after is None:
        return _("“%(measure)s” is left out.") % said
    return _("“%(measure)s” starts in %(after)s instead of %(before)s.") % said


def overlap(telling: Telling, one: Overlap) -> str:
    """Say that several parties offer help for one step."""
    said = {"measure": telling.measure(one.step), "offers": "; ".join(telling.offer(name) for name in one.offers)}
    if not one.over:
        return _("“%(measure)s” has several offers, which add up: %(offers)s.") % said
    over = ", ".join(telling.amount(resource, amount) for resource, amount in one.over)
    return _("“%(measure)s” has several offers (%(offers)s): %(over)s more than it needs.") % {**said, "over": over}


def reached_by(telling: Telling, programme: Programme, held: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Give each goal with when it is reached, those that are not at the end."""
    goals = sorted(programme.goals, key=lambda goal: (goal.id not in held, held.get(goal.id, 0), goal.id))
    for goal in goals:
        yield telling.goal(goal.id), telling.end(held[goal.id]) if goal.id in held else _("not within the plan")
