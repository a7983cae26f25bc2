"""The evaluators' page of an exercise, and its after-action report for each reader."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from comity.acts import exercise_audit, exercise_parts, exercise_reports, exercises
from comity.acts.agreements import Rejected
from comity.acts.exercise_reports import JOINT, Learned, Report
from comity.acts.exercises import Known
from comity.models import Review
from comity.policy.exercise_course import shown
from comity.web.choosing import DAY, offer
from comity.web.exercises import found, page
from comity.web.pages import actor, now, officers_only


@require_http_methods(["GET", "POST"])
def score(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what evaluators said and what was ruled; record a word or a ruling."""
    here = found(slug)
    if request.method == "POST":
        return _record(request, slug)
    report = exercise_reports.report(here, now())
    names = {one.id: one.name for one in here.scenario.teams}
    rows = [{"one": one, "of": names[one.judged.expectation.of], "at": shown(one.judged.at),
             "inject": here.scenario.inject[one.judged.expectation.after]} for one in report.told]  # fmt: skip
    context = {"rows": rows, "verdicts": list(exercises.RULINGS)}
    return page(request, "exercises/score.html", here, "score", context)


@officers_only
def _record(request: HttpRequest, slug: str) -> HttpResponse:
    said = request.POST
    name = said.get("expectation", "")
    try:
        if "verdict" in said:
            exercises.rule(slug, name, said["verdict"], said.get("reason", ""), actor(request), now())
        else:
            exercises.score(slug, name, said.get("word", ""), said.get("says", ""), actor(request), now())
        messages.success(request, gettext("Recorded."))
    except Rejected as error:
        for reason in error.reasons:
            messages.error(request, reason)
    where = redirect("exercise-score", slug)
    where.headers["Location"] += f"#{name}"
    return where


class FindingForm(forms.Form):
    """What was learned."""

    says = forms.CharField(label=_("What was learned, in one sentence"), max_length=300)
    expectation = forms.ChoiceField(label=_("From which expectation"), required=False)
    due = forms.DateField(label=_("To be done by"), required=False, widget=DAY)
    owner = forms.CharField(label=_("Who answers for it"), required=False, max_length=150)
    shared = forms.BooleanField(label=_("It stands in the joint report too"), required=False)

    def __init__(self, here: Known, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer what is expected."""
        super().__init__(*args, **kwargs)
        every = [(one.id, f"{one.id} {one.says}"[:90]) for one in here.scenario.expected]
        offer(self, "expectation", [("", gettext("none in particular")), *every])


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the report: the whole, a team's, or the joint one; record a finding; tell the others our verdicts."""
    here = found(slug)
    if request.method == "POST":
        return _learn(request, here)
    return _report(request, here, FindingForm(here))


@officers_only
def _learn(request: HttpRequest, here: Known) -> HttpResponse:
    slug, form = here.row.slug, FindingForm(here, request.POST)
    try:
        if "tell" in request.POST:
            exercise_parts.tell_verdicts(slug, actor(request), now())
            messages.success(request, gettext("The other sides are told our verdicts."))
        elif "review" in request.POST:
            offered = exercise_reports.offer(slug, request.POST["review"], Path(settings.DATA), actor(request), now())
            messages.success(request, gettext("Offered as evidence for %(names)s.") % {"names": ", ".join(offered)})
        elif not form.is_valid():
            return _report(request, here, form, 422)
        else:
            told = form.cleaned_data
            due = "" if told["due"] is None else f"on {told['due']:%Y-%m-%d}"
            learned = Learned(told["says"], told["expectation"], due, told["owner"], told["shared"])
            exercise_reports.find(slug, learned, actor(request), now())
            messages.success(request, gettext("Recorded."))
    except Rejected as error:
        for reason in error.reasons:
            messages.error(request, reason)
    return redirect("exercise-report", slug)


def _report(request: HttpRequest, here: Known, form: FindingForm, status: int = 200) -> HttpResponse:
    views = ["", *(one.id for one in here.scenario.teams), JOINT]
    view = request.GET.get("for", "")
    made = exercise_reports.report(here, now(), view if view in views else "")
    context = {
        "report": made, "view": made.view, "form": form, **_told(here, made), "joint": made.view == JOINT,
        "views": [(one.id, one.name) for one in here.scenario.teams], "audit": None, "reviews": Review.objects.all(),
    }  # fmt: skip
    if "verify" in request.GET and not made.view:
        audited = exercise_audit.audit(here, now())
        same = (audited.play, audited.judged) == (made.play, tuple(one.judged for one in made.told))
        context["audit"] = {"same": same and not audited.faults, "leaves": audited.leaves, "faults": audited.faults}
    return page(request, "exercises/report.html", here, "report", context, status)


def _told(here: Known, made: Report) -> dict[str, Any]:
    names = {one.id: one.name for one in here.scenario.teams}
    return {
        "told": [{"one": one, "at": shown(one.judged.at), "until": shown(one.judged.until),
                  "of": names[one.judged.expectation.of]} for one in made.told],
        "lines": [{"line": line, "at": shown(line.at), "to": [names.get(one, one) for one in line.to]}
                  for line in made.lines],
        "tally": [(verdict, count) for verdict, count in made.tally.items() if count],
        "goals": [{"goal": goal, "tally": [(verdict, count) for verdict, count in counts.items() if count]}
                  for goal, counts in made.by_objective()],
        "evidence": list(exercise_reports.evidence(made).items()),
    }  # fmt: skip
