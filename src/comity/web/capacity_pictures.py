"""The pictures of capacity as SVG files: the radar, the heat map over the years, the comparison of states."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from comity.acts import capacity_results as acts
from comity.acts import framework_editions
from comity.acts.capacity_results import Result
from comity.acts.names import named
from comity.pictures import heat, radar, states
from comity.policy.frameworks import Aspect, Framework, Part, words
from comity.policy.staging import Staged, range_of
from comity.web.capacity import FIRST, chosen, language, stage_names
from comity.web.capacity_states import seen_by
from comity.web.pages import us

FEWEST_AXES = 3


def _svg(text: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="image/svg+xml; charset=utf-8")
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _of(found: Result) -> str:
    return f"{words(found.framework.name, language())}, {named(found.row.party)}"


@require_safe
def radar_(request: HttpRequest) -> HttpResponse:
    """Draw where the factors of one of our results stand."""
    _rows, row = chosen(request, us())
    if row is None:
        raise Http404
    found = acts.result(row)
    return _svg(radar_of(found.framework, found.staged, f"{_of(found)}, {row.on}"))


RADAR = gettext_lazy("Each axis is a factor. The full band goes from its lowest aspect to its highest; the hatched one "
                     "as far as open answers leave it.")  # fmt: skip


def radar_of(framework: Framework, staged: Mapping[str, Staged], title: str) -> str:
    """Draw the radar over the factors of a framework."""
    names, axes = stage_names(framework), []
    for part in _factors(framework):
        span = range_of(part, staged)
        says = _("%(name)s: %(lowest)s to %(highest)s, at most %(utmost)s") % {
            "name": f"{part.id} {words(part.name, language())}", "lowest": names[span.lowest],
            "highest": names[span.highest], "utmost": names[span.utmost]}  # fmt: skip
        axes.append(radar.Axis(part.id, says, span.lowest, span.highest, span.utmost))
    return radar.drawn(axes, names, title, str(RADAR))


def _factors(framework: Framework) -> list[Part | Aspect]:
    """Give the parts of the level above what is staged; where those are too few for a radar, what is staged."""
    level = max(len(framework.levels) - 2, 0)
    found = list(framework.depth(level))
    return found if len(found) >= FEWEST_AXES else list(framework.aspects())


@require_safe
def heat_(request: HttpRequest) -> HttpResponse:
    """Draw the stage of each aspect in each of our reviews by the newest edition."""
    rows, _row = chosen(request, us())
    if not rows:
        raise Http404
    newest = rows[-1].edition
    found = [acts.result(row) for row in rows if row.edition == newest]
    framework, names = found[-1].framework, stage_names(found[-1].framework)
    lines = []
    for part in framework.parts:
        inside = [part] if isinstance(part, Aspect) else list(part.aspects())
        for place, aspect in enumerate(inside):
            cells = tuple(_cell(one, aspect, names) for one in found)
            begins = f"{part.id} {words(part.name, language())}" if isinstance(part, Part) and not place else ""
            lines.append(heat.Row(aspect.id, words(aspect.name, language()), cells, begins))
    about = _("A row for each aspect, a column for each review. The number is the stage; a second number is how far "
              "open answers leave it.")  # fmt: skip
    return _svg(heat.drawn(lines, [one.row.on.isoformat() for one in found], names, _of(found[-1]), about))


def _cell(one: Result, aspect: Aspect, names: list[str]) -> heat.Cell:
    staged = one.staged[aspect.id]
    says = f"{aspect.id}, {one.row.on}: {names[staged.stage]}"
    if staged.highest > staged.stage:
        says = _("%(said)s, at most %(highest)s") % {"said": says, "highest": names[staged.highest]}
    return heat.Cell(staged.stage, staged.highest, says)


@require_safe
def states_(request: HttpRequest) -> HttpResponse:
    """Draw the comparison of states as far as this reader may see it."""
    try:
        found = framework_editions.compiled(request.GET.get("framework", FIRST))
    except framework_editions.EditionUnknown as error:
        raise Http404 from error
    named, spreads = acts.states(found.id, found.edition, seen_by(request, found.id))
    names = stage_names(found)
    called = {one.id: words(one.name, language()) for one in found.aspects()}
    rows = []
    for one in spreads:
        at = tuple((code, stages[one.aspect]) for code, stages in named.items() if one.aspect in stages)
        says = _("withheld") if one.quartiles is None else "–".join(names[stage] for stage in one.quartiles)
        rows.append(states.Row(one.aspect, called.get(one.aspect, ""), one.quartiles, at, f"{one.aspect}: {says}"))
    about = _("The bar is the middle half of the group, its line the middle state. Points are states that you may see "
              "by name; they are not in the group.")  # fmt: skip
    return _svg(states.drawn(rows, names, words(found.name, language()), about))
