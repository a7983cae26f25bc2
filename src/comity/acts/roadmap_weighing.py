"""What more or less money and staff would change in a roadmap: worked out after it was solved, once."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.utils.translation import gettext as _

from comity.acts import roadmap_store, roadmap_words, roadmaps
from comity.acts.agreements import Rejected
from comity.acts.roadmap_words import Telling
from comity.models import RoadmapRun
from comity.policy.roadmap import Fault, Plan, Rule
from comity.solving.whatifs import Price, Turn

FEW: Final = 120
"""Measures up to which it is worked out."""


def weighed(run: RoadmapRun) -> bool:
    """Tell whether it has been worked out for a roadmap."""
    return "curve" in run.told


def can(run: RoadmapRun) -> bool:
    """Tell whether it can be worked out for a roadmap: it has a plan, and not too many measures."""
    return run.plan is not None and len(roadmap_store.read(run.version).draft.measures) <= FEW


def weigh(run: RoadmapRun) -> RoadmapRun:
    """Work it out for a roadmap, unless that was done, and keep it; give the roadmap with it.

    It follows from the roadmap alone, so that it is the same whoever asks for it and when. Raises Rejected where it
    cannot be worked out.
    """
    if weighed(run):
        return run
    if not can(run):
        raise Rejected(_("What more or less would change is worked out for plans of up to %(few)s measures.") % {
            "few": FEW})  # fmt: skip
    made = roadmap_store.roadmap_of(run)
    found = roadmaps.weigh(made)
    told: dict[str, Any] = {
        **run.told, "prices": [[one.goal, one.now, one.by, [[give.of, give.first, give.last, give.over]
                                                            for give in one.gives], one.least]
                               for one in found.prices],
        "curve": [row[1:] for row in _rows(found.curve)], "staff": _rows(found.staff),
        "needed": sorted(found.regretless),
    }  # fmt: skip
    RoadmapRun.objects.filter(pk=run.pk).exclude(told__has_key="curve").update(told=told)
    run.refresh_from_db(fields=["told"])
    return run


def prices(run: RoadmapRun, telling: Telling) -> list[str]:
    """Say what more would buy; earlier roadmaps keep it in the words of their day."""
    return [one if isinstance(one, str) else roadmap_words.price(telling, _price(*one))
            for one in run.told.get("prices", ())]  # fmt: skip


def _price(goal: str, now: int | None, by: int, gives: list[list[Any]], least: bool) -> Price:  # noqa: FBT001 (a row)
    return Price(goal, now, by, tuple(Fault(Rule.LIMIT, of, "", first, last, over)
                                      for of, first, last, over in gives), Plan({}), least)  # fmt: skip


def lines(run: RoadmapRun, telling: Telling) -> Iterator[str]:
    """Say all that was worked out for a roadmap."""
    yield from prices(run, telling)
    for percent, value, *bound in run.told.get("curve", ()):
        yield _("%(percent)s %% of the money: %(reached)s") % {"percent": percent, "reached": reached(value, *bound)}
    for role, percent, value, *bound in run.told.get("staff", ()):
        yield _("%(percent)s %% of %(role)s: %(reached)s") % {
            "percent": percent, "role": role, "reached": reached(value, *bound)}  # fmt: skip
    if run.told.get("needed"):
        yield _("No regret: %(measures)s") % {"measures": "; ".join(map(telling.measure, run.told["needed"]))}


def reached(value: int | list[int] | None, bound: int | None = None) -> str:
    """Say what the first aim reaches: a number where no plan reaches more, else between what it lies."""
    if isinstance(value, list):  # earlier roadmaps keep every aim
        value = value[0]
    if value is None:
        return "–"
    return str(value) if bound is None or bound <= value else f"{value}–{bound}"


def _rows(turns: Iterable[Turn]) -> list[list[Any]]:
    """Write turns as (resource, per cent, value, bound)."""
    return [[one.resource, one.percent, one.value, one.bound] for one in turns]
