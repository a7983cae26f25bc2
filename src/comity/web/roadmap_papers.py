"""A roadmap as a paper with its pictures, and as a workbook, in the reader’s language."""

from collections.abc import Iterator
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from comity.acts.framework_writing import workbook
from comity.models import RoadmapRun
from comity.papers.typeset import Block, Heading, Lines, Paper, Picture, Table, Words, pdf
from comity.pictures import curve, gantt
from comity.policy.roadmap_draft import Draft
from comity.web.pages import now, us
from comity.web.result_files import attached
from comity.web.review_papers import attached as paper_attached
from comity.web.roadmaps import run_of, told

A_PICTURE: Final = 34
"""Bars in one picture, as many as a page has room for."""


def _solved(request: HttpRequest, slug: str) -> tuple[RoadmapRun, dict[str, Any]]:
    _here, run = run_of(request, slug)
    if run is None:
        raise Http404(slug)
    return run, told(run)


@require_safe
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a roadmap as a paper."""
    run, found = _solved(request, slug)
    draft, house = found["draft"], us()
    facts = [f"{one['name']}: {one['value']}" + ("" if one["proven"] else " "
             + gettext("at most %(bound)s") % {"bound": one["bound"]}) for one in found["aims"]]  # fmt: skip
    facts += [gettext("adopted")] if run.adopted_at else []
    flag = gettext("An example: every measure, amount and offer on this page is invented.") if draft.fictional else ""
    made = Paper(draft.name, house.name if house else "", get_language() or "en", now(), facts, draft.name,
                 list(_blocks(found)), flag)  # fmt: skip
    return paper_attached(pdf(made), f"{slug}-{run.pk}")


def _blocks(found: dict[str, Any]) -> Iterator[Block]:
    for line in found["clash"]:
        yield Words(line, "notice")
    if found["gap"]:
        yield Words(gettext("No plan can be better by more than %(gap)s %%.") % {"gap": found["gap"]}, "aside")
    yield from _what(found)
    if found["left"]:
        yield Words(gettext("Left out:") + " " + "; ".join(one.name for one in found["left"]), "aside")
    yield Heading(gettext("What is reached, and by when"))
    yield Table((gettext("Goal"), gettext("By")), (4, 1), [[str(cell) for cell in row] for row in found["goals"]])
    yield Heading(gettext("Money and staff"))
    yield Table((gettext("What"), gettext("When"), gettext("Used"), gettext("There is")), (2, 2, 2, 1),
                [(row["resource"], row["span"], f"{row['used']} {row['unit']}", row["there"])
                 for row in found["resources"]], numbers=(2, 3))  # fmt: skip
    if found["prices"]:
        yield Heading(gettext("What more would buy"))
        yield Lines(found["prices"])
    if found["staff"]:
        yield Heading(gettext("With a tenth less or more of staff"))
        yield Table((gettext("Role"), "90 %", gettext("as it is"), "110 %"), (3, 1, 1, 1),
                    [(row["role"], str(row["less"]), str(row["is"]), str(row["more"])) for row in found["staff"]],
                    numbers=(1, 2, 3))  # fmt: skip
    if found["curve"]:
        points = [(dot.percent, dot.value, dot.says) for dot in found["curve"]]
        title = gettext("With less or more money")
        says = "; ".join(f"{percent} %: {reached}" for percent, _value, reached in points)
        yield Heading(title)
        yield Picture(curve.drawn(points, title, says), f"{title}. {says}", 0.6)


def _what(found: dict[str, Any]) -> Iterator[Block]:
    steps, draft = found["steps"], found["draft"]
    if not steps:
        return
    yield Heading(gettext("What starts when, and why"))
    starts, length = found["made"].plan.starts, found["made"].programme.step()
    bars = [gantt.Bar(step["measure"].name, starts[step["measure"].id], length[step["measure"].id].quarters,
                      f"{step['measure'].name}: {_span(step)}") for step in steps]  # fmt: skip
    for first in range(0, len(bars), A_PICTURE):
        some = bars[first : first + A_PICTURE]
        yield Picture(gantt.drawn(some, _years(draft), draft.quarters, draft.name, "; ".join(one.says for one in some)),
                      gettext("A bar for each measure over the quarters; the table below tells the same."))  # fmt: skip
    sure = gettext("no regret")
    yield Table((gettext("Measure"), gettext("Quarters"), gettext("Why then, and what for")), (3, 2, 5), [
        ("\n".join(filter(None, (step["measure"].name, step["measure"].owner, sure if step["sure"] else ""))),
         _span(step), step["why"]) for step in steps])  # fmt: skip
    if found["sure"]:
        says = gettext("No regret: it is proven that every plan that is best by the first aim takes these, as things "
                       "are, with half the money or half as much again, and with a tenth less or more of any staff.")
        yield Words(says, "aside")


def _span(step: dict[str, Any]) -> str:
    first, last = step["bar"].first, step["bar"].last
    return str(first) if first == last else f"{first} – {last}"


def _years(draft: Draft) -> list[tuple[str, int]]:
    firsts = [quarter for quarter in range(draft.quarters) if not quarter or draft.first_day(quarter).month == 1]
    return [(str(draft.first_day(quarter).year), quarter) for quarter in firsts]


@require_safe
def sheets(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a roadmap as a workbook: measures with their quarters and why, goals, money and staff."""
    run, found = _solved(request, slug)
    measures = [["measure", "name", "owner", "first", "last", "why"], *(
        [step["measure"].id, step["measure"].name, step["measure"].owner, str(step["bar"].first),
         str(step["bar"].last), step["why"]] for step in found["steps"])]  # fmt: skip
    made = workbook({
        "Measures": measures, "Goals": [["goal", "by"], *([str(cell) for cell in row] for row in found["goals"])],
        "Means": [["what", "when", "used", "there is", "unit"], *(
            [row["resource"], row["span"], row["used"], row["there"], row["unit"]] for row in found["resources"])],
    })  # fmt: skip
    return attached(made, f"{slug}-{run.pk}", "xlsx")
