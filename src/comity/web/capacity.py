"""Capacity: where we stand by a framework, what is missing and what it serves; frameworks and crosswalks."""

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from comity.acts import capacity_results as acts
from comity.acts import (
    crosswalk_editions,
    framework_editions,
    framework_reading,
    framework_taking,
    framework_writing,
    reviews,
)
from comity.acts.spoken import spoken
from comity.models import CapacityResult, Party
from comity.policy import staging
from comity.policy.crosswalks import Crosswalk, Items, coverage
from comity.policy.framework_form import Answers
from comity.policy.frameworks import Aspect, Framework, Part, words
from comity.policy.review_course import ReviewState
from comity.policy.saying import of_error
from comity.policy.staging import Held, Hold
from comity.web import result_files
from comity.web.pages import actor, now, officers_only, show, us

FIRST: Final = "cmm"
MOST_GAPS: Final = 40
PLAIN: Final = frozenset({"read", "direct"})
"""A basis that needs no word: the entry was read in its source as its own."""
LARGEST: Final = 4 * 1024 * 1024
LARGEST_FRAMEWORK: Final = 16 * 1024 * 1024  # the catalogs of others repeat much


class AnswersForm(forms.Form):
    """A file of answers that an officer takes in."""

    file = forms.FileField(label=_("File of answers (YAML, or OSCAL assessment results)"))


def framework_here(name: str, edition: str = "") -> Framework:
    """Give an edition that is here; the page is not there otherwise."""
    try:
        return framework_editions.compiled(name, edition)
    except framework_editions.EditionUnknown as error:
        raise Http404(name) from error


def language() -> str:
    """Return the reader’s language as the texts of frameworks name it."""
    return (get_language() or "en").partition("-")[0]


def chosen(request: HttpRequest, here: Party | None) -> tuple[list[CapacityResult], CapacityResult | None]:
    """Give our results by the framework asked for, and the one to show: that of the day asked for, or the last."""
    there = acts.of_party(here, request.GET.get("framework", FIRST)) if here else []
    asked = request.GET.get("on", "")
    if not asked:
        return there, there[-1] if there else None
    return there, next((row for row in there if row.on.isoformat() == asked), None)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show where we stand: stages with what open answers leave, the share of the next, and the gaps."""
    here = us()
    rows, row = chosen(request, here)
    if row is None and request.GET.get("on"):
        raise Http404(request.GET["on"])
    context: dict[str, Any] = {"room": "capacity", "rows": rows, "row": row, "form": AnswersForm(),
                               "asked": request.GET.get("framework", FIRST),
                               "others": acts.frameworks_with_results()}  # fmt: skip
    ongoing = [one for one in reviews.known(now()) if here is not None and one.review.party_id == here.pk
               and one.review.framework == context["asked"] and one.state != ReviewState.PUBLISHED]  # fmt: skip
    context["ongoing"] = ongoing
    if row is not None:
        context |= _told(acts.result(row), rows)
    return show(request, "capacity/overview.html", context)


def _told(found: acts.Result, rows: list[CapacityResult]) -> dict[str, Any]:
    """Give what the page tells of one result."""
    framework, tongue = found.framework, language()
    names = stage_names(framework)
    every = sum(1 for _one in framework.indicators())
    missing = staging.gaps(found.staged, {})
    served = serves(framework)
    earlier = [one for one in rows if one.on < found.row.on and one.edition == found.row.edition]
    moved = acts.changes(acts.result(earlier[-1]), found) if earlier else []
    return {
        "result": found, "name": words(framework.name, tongue), "every": every, "open": every - found.answered,
        "parts": list(_lines(framework, found, names)), "stages": names, "earlier": earlier[-1] if earlier else None,
        "moved": [{"id": one.aspect.id, "name": words(one.aspect.name, tongue), "by": one.by,
                   "before": names[one.before.stage] if one.before else "–",
                   "after": names[one.after.stage] if one.after else "–"} for one in moved],
        "gaps": [{"id": one.indicator.id, "words": words(one.indicator.text, tongue),
                  "stage": names[one.indicator.stage], "because": because(one),
                  "serves": served.get(one.indicator.id, [])} for one in missing[:MOST_GAPS]],
        "gap_count": len(missing), "more_gaps": max(len(missing) - MOST_GAPS, 0),
    }  # fmt: skip


def stage_names(framework: Framework) -> list[str]:
    """Give the names of a framework’s stages in the reader’s language."""
    return [words(one.name, language()) for one in framework.stages]


def because(one: Held) -> str:
    """Say why an indicator keeps its stage away."""
    if one.expired:
        return gettext("its evidence has expired")
    if one.rating.contested:
        return gettext("those asked do not agree")
    if one.hold is Hold.OPEN:
        return gettext("nobody has answered")
    return gettext("partly met") if one.rating.answer is staging.Answer.PARTLY else gettext("not met")


def _lines(framework: Framework, found: acts.Result, names: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the parts and aspects in order, each with where it stands."""

    def walk(parts: tuple[Part | Aspect, ...], depth: int) -> Iterator[dict[str, Any]]:
        for part in parts:
            span = staging.range_of(part, found.staged)
            told = {"id": part.id, "name": words(part.name, language()), "depth": depth, "span": span,
                    "lowest": names[span.lowest], "highest": names[span.highest], "utmost": names[span.utmost],
                    "part": isinstance(part, Part)}  # fmt: skip
            if isinstance(part, Aspect):
                one = found.staged[part.id]
                told |= {"share": one.share, "next": None if one.next is None else names[one.next]}
            yield told
            if isinstance(part, Part):
                yield from walk(part.parts, depth + 1)

    yield from walk(framework.parts, 0)


def serves(framework: Framework) -> dict[str, list[tuple[str, str]]]:
    """Say of each indicator which items of other frameworks it bears on by a crosswalk: (framework, item) pairs."""
    end, items = (framework.id, framework.edition), Items(framework)
    found: dict[str, list[tuple[str, str]]] = {}
    for walk in crosswalk_editions.every():
        for way in (walk, walk.turned()):
            if way.source == end and way.target[0] in ("un-norms", "budapest"):
                for pair in way.pairs:
                    for one in items.found.get(pair.source, ()):
                        told = found.setdefault(one.id, [])
                        if (way.target[0], pair.target) not in told:
                            told.append((way.target[0], pair.target))
    return found


@require_http_methods(["POST"])
@officers_only
def take_in(request: HttpRequest) -> HttpResponse:
    """Take in a file of answers; what is wrong with it is told, and nothing is kept."""
    form = AnswersForm(request.POST, request.FILES)
    if not form.is_valid() or form.cleaned_data["file"].size > LARGEST:
        messages.error(request, gettext("Name a file of answers of at most 4 MiB."))
        return redirect("capacity")
    file = form.cleaned_data["file"]
    here_too = [framework_editions.compiled(one.framework, one.edition) for one in framework_editions.kept()]
    found = framework_reading.read_bytes(file.read(), file.name, known=here_too)[0]
    if not isinstance(found.found, Answers):
        for line in found.problems or (gettext("This file holds no answers."),):
            messages.error(request, spoken(line))
        return redirect("capacity")
    try:
        row = acts.keep(found.found, actor(request), now())
    except (acts.PartyUnknown, framework_editions.EditionUnknown) as error:
        messages.error(request, spoken(of_error(error)))
        return redirect("capacity")
    messages.success(request, gettext("The answers were taken in."))
    here = us()
    if here is None or row.party_id != here.pk:
        return redirect(f"{reverse('capacity-states')}?framework={row.framework}")
    return redirect(f"{reverse('capacity')}?framework={row.framework}&on={row.on.isoformat()}")


@require_http_methods(["GET", "POST"])
def frameworks_(request: HttpRequest) -> HttpResponse:
    """List the frameworks of this node, and the crosswalks between them; take a file with some in."""
    return _take_in(request) if request.method == "POST" else _frameworks(request)


@officers_only
def _take_in(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > LARGEST_FRAMEWORK:
        messages.error(request, gettext("Name a file of at most 16 MiB."))
        return redirect("frameworks")
    read = framework_reading.read_bytes(file.read(), file.name or "")
    try:
        lines = framework_taking.take(read, actor(request), now())
    except framework_taking.NotTaken as error:
        for line in error.lines:
            messages.error(request, line)
        return redirect("frameworks")
    taken, there = gettext("%(what)s: taken in"), gettext("%(what)s: here already")
    for one, is_new in lines:
        messages.success(request, (taken if is_new else there) % {"what": f"{one.id} {one.edition}"})
    for line in (lost for one in read for lost in one.losses):
        messages.warning(request, gettext("Lost: %(what)s") % {"what": spoken(line)})
    return redirect("frameworks")


def _frameworks(request: HttpRequest) -> HttpResponse:
    there = []
    for row in framework_editions.kept():
        framework = framework_editions.compiled(row.framework, row.edition)
        levels = [(level, sum(1 for _one in framework.depth(depth))) for depth, level in enumerate(framework.levels)]
        there.append({"row": row, "name": words(framework.name, language()), "levels": levels,
                      "indicators": sum(1 for _one in framework.indicators())})  # fmt: skip
    walks = [(walk, words(walk.name, language())) for walk in crosswalk_editions.every()]
    context = {"room": "frameworks", "there": there, "walks": walks}
    return show(request, "capacity/frameworks.html", context)


@require_safe
def framework(request: HttpRequest, name: str, edition: str) -> HttpResponse:
    """Show one edition as a tree that can be read from top to bottom."""
    found, tongue = framework_here(name, edition), language()
    end = (found.id, found.edition)
    walks = [(walk, words(walk.name, tongue)) for walk in crosswalk_editions.every()
             if end in (walk.source, walk.target)]  # fmt: skip
    context = {"room": "frameworks", "framework": found, "name": words(found.name, tongue), "walks": walks,
               "about": words(found.about, tongue), "forms": framework_writing.FORMS,
               "stages": [(words(one.name, tongue), words(one.means, tongue)) for one in found.stages],
               "tree": [_branch(part, found) for part in found.parts]}  # fmt: skip
    return show(request, "capacity/framework.html", context)


def _branch(part: Part | Aspect, of: Framework) -> dict[str, Any]:
    tongue = language()
    told = {"id": part.id, "name": words(part.name, tongue), "about": words(part.about, tongue)}
    if isinstance(part, Part):
        return told | {"parts": [_branch(one, of) for one in part.parts]}
    stages = [(words(stage.name, tongue), [(one.id, words(one.text, tongue)) for one in part.indicators
                                           if one.stage == place])
              for place, stage in enumerate(of.stages) if place]  # fmt: skip
    floor = [words(one, tongue) for one in part.floor]
    return told | {"stages": [one for one in stages if one[1]], "floor": floor,
                   "basis": "" if part.basis in PLAIN else part.basis,
                   "floor_name": words(of.stages[0].name, tongue)}  # fmt: skip


@require_safe
def framework_file(request: HttpRequest, name: str, edition: str, form: str) -> HttpResponse:  # noqa: ARG001
    """Give an edition in another form."""
    if form not in framework_writing.FORMS:
        raise Http404(form)
    content, _losses = framework_writing.write(framework_here(name, edition), form, now())
    return result_files.attached(content, f"{name}-{edition}", form)


@require_safe
def crosswalk(request: HttpRequest, key: str) -> HttpResponse:
    """Show a crosswalk line by line, and how far it reaches."""
    walk = crosswalk_editions.find(key, request.GET.get("edition", ""))
    if walk is None:
        raise Http404(key)
    source, target = (framework_here(*end) for end in (walk.source, walk.target))
    context = {"room": "frameworks", "walk": walk, "name": words(walk.name, language()), "reach": _reach(walk, target),
               "about": words(walk.about, language()), "source": source, "target": target,
               "pairs": [{"pair": pair, "source": said(source, pair.source), "target": said(target, pair.target)}
                         for pair in walk.pairs]}  # fmt: skip
    return show(request, "capacity/crosswalk.html", context)


def _reach(walk: Crosswalk, target: Framework) -> dict[str, int]:
    found = coverage(walk, Items(target))
    return {"answerable": len(found.answerable), "touched": len(found.touched), "blank": len(found.blank)}


def said(framework: Framework, item: str) -> str:
    """Give the words of an item: an indicator’s text, or a part’s or aspect’s name."""
    key = item.partition("@")[0]
    for depth in range(len(framework.levels)):
        for part in framework.depth(depth):
            if part.id == key:
                return words(part.name, language())
    return next((words(one.text, language()) for one in framework.indicators() if one.id == key), key)


@require_safe
def result_file(request: HttpRequest, number: int, form: str) -> HttpResponse:  # noqa: ARG001
    """Give one of our results as a workbook, as OSCAL results, or as a plan of what is missing."""
    row = get_object_or_404(CapacityResult, pk=number, party=us())
    try:
        return result_files.result_file(acts.result(row), form, now())
    except LookupError as error:
        raise Http404(form) from error
