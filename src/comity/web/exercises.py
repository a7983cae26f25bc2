"""Exercises: which there are, a scenario as text for who may read it, its papers, and what came from who leads one."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from comity.acts import exercise_files, exercise_material, exercise_papers, exercise_sheets, exercises
from comity.acts import messages as said
from comity.acts.agreements import Rejected
from comity.acts.exercises import Known
from comity.ledger.messages import Kind
from comity.models import Exercise, ExercisePut, Message
from comity.policy.exercise_foreign import Given
from comity.policy.saying import of_error
from comity.web.choosing import offer, parties
from comity.web.pages import actor, now, officers_only, show

ROOM: Final = "exercises"
LARGEST: Final = exercise_files.LARGEST


class NewForm(forms.Form):
    """A scenario of the catalogue, or a file of one's own."""

    catalogue = forms.ChoiceField(label=_("A scenario of the catalogue"), required=False)
    file = forms.FileField(label=_("Or a scenario’s file, or a list of events as XLSX or CSV"), required=False)
    name = forms.SlugField(label=_("What to call it here"), required=False, max_length=40)
    led_by = forms.ChoiceField(label=_("Who leads it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer scenarios and parties."""
        super().__init__(*args, **kwargs)
        there = [(one.id, one.name) for one in exercise_files.catalogue()]
        offer(self, "catalogue", [("", gettext("none: the file below")), *there])
        offer(self, "led_by", parties(gettext("this node")))

    def content(self) -> str:
        """Return the scenario's text; call it on a valid form."""
        file, chosen = self.cleaned_data["file"], self.cleaned_data["catalogue"]
        if file is not None and file.name.lower().endswith((".xlsx", ".csv")):
            return _of_sheet(file.name, file.read(exercise_sheets.LARGEST + 1), self.cleaned_data["name"])
        if file is not None:
            return str(file.read(LARGEST).decode("utf-8-sig"))
        paths = exercise_files.CATALOGUE.glob("*.yaml")
        path = next((one for one in paths if one.stem == chosen), None)
        if path is None:
            raise Rejected(gettext("Choose a scenario, or give a file."))
        return path.read_text(encoding="utf-8")


def _of_sheet(name: str, content: bytes, key: str) -> str:
    """Make a scenario of a list of events. Rejected with all that it lacks; the command line makes a file of it."""
    stem = slugify(name.rpartition(".")[0])[:40] or "exercise"
    try:
        came = exercise_sheets.take_in(content, name, Given(key or stem, stem))
    except exercise_sheets.SheetRefused as error:
        raise Rejected(of_error(error)) from error
    wrong = [problem.at(name) for problem in came.reading.problems]
    if wrong or came.missing:
        raise Rejected(*wrong, *came.missing)
    return came.content


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """List the exercises, and injects that came for exercises that were not taken in; take one in."""
    if request.method == "POST":
        return _take_in(request)
    return _list(request, NewForm())


@officers_only
def _take_in(request: HttpRequest) -> HttpResponse:
    form = NewForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, 422)
    told = form.cleaned_data
    try:
        made = exercises.new(form.content(), actor(request), now(), name=told["name"], led_by=told["led_by"])
    except UnicodeDecodeError:
        return _list(request, form, 422, (gettext("The file is not UTF-8 text."),))
    except Rejected as error:
        return _list(request, form, 422, error.reasons)
    messages.success(request, gettext("Taken in. Nothing is put to anybody before its clock is started."))
    return redirect("exercise-board", made.row.slug)


def _list(request: HttpRequest, form: NewForm, status: int = 200, reasons: tuple[str, ...] = ()) -> HttpResponse:
    at = now()
    rows = [{"here": one, "reading": exercises.reading(one.row, at)} for one in exercises.every()]
    taken = set(Exercise.objects.values_list("slug", flat=True))
    rows_of = Message.objects.filter(kind=Kind.INJECT.value, direction=Message.Direction.RECEIVED).order_by("-id")
    came = [{"row": row, "said": found} for row in rows_of[:50] if (found := said.read_row(row)).text("exercise")
            not in taken]  # fmt: skip
    context = {"room": ROOM, "rows": rows, "form": form, "reasons": reasons,
               "came": [{"row": one["row"], **_inject(one["said"])} for one in came]}  # fmt: skip
    return show(request, "exercises/list.html", context, status)


def _inject(one: Any) -> dict[str, str]:  # noqa: ANN401 - a message as it was read
    return {name: one.text(name) for name in ("exercise", "inject", "title", "text", "tlp", "story")}


def found(slug: str) -> Known:
    """Return an exercise, or answer that there is no such page."""
    try:
        return exercises.known(slug)
    except Rejected as error:
        raise Http404(slug) from error


def page(request: HttpRequest, template: str, here: Known, part: str, context: dict[str, Any],
         status: int = 200) -> HttpResponse:  # fmt: skip
    """Show a page of an exercise."""
    common = {"room": ROOM, "game": here, "scenario": here.scenario, "part": part}
    return show(request, template, {**common, **context}, status)


@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the scenario as text: the whole, or what one team is told."""
    here = found(slug)
    team = request.GET.get("team", "")
    told = here.scenario.seen_by(team) if team in here.scenario.team else here.scenario
    context = {"told": told, "team": team, **exercise_papers.laid_out(told)}
    return page(request, "exercises/scenario.html", here, "scenario", context)


@require_safe
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the pack for a table: the facilitator's papers and each team's, to be printed."""
    here = found(slug)
    return page(request, "exercises/paper.html", here, "paper", {"packs": exercise_papers.packs(here.scenario)})


@require_safe
def material(request: HttpRequest, slug: str, inject: str) -> HttpResponse:
    """Give what comes with an inject that was put to our team, as a STIX bundle."""
    del request
    here = found(slug)
    put = ExercisePut.objects.filter(exercise=here.row, inject=inject, team=here.our_team)
    one = here.scenario.inject.get(inject)
    if one is None or not one.patterns or not put.exists():
        raise Http404(inject)
    response = HttpResponse(exercise_material.bundle(here, one), content_type="application/stix+json;version=2.1")
    response.headers["Content-Disposition"] = f'attachment; filename="exercise-{slug}-{inject}.json"'
    return response
