"""Norms and measures in practice: what we do about each provision, what is missing, who helps; and the survey."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from comity.acts import names
from comity.acts import practice as acts
from comity.models import Implementation, Instrument, Provision
from comity.web.asking import asking
from comity.web.events import DAY
from comity.web.pages import actor, now, officers_only, show, us

STATES: Final[dict[str, Promise]] = {
    "carried out": _("carried out"),
    "partly": _("partly"),
    "planned": _("planned"),
    "not carried out": _("not carried out"),
    "not applicable": _("not applicable"),
}
STYLES: Final = {"carried out": "in-force", "partly": "suspended", "planned": "provisional",
                 "not carried out": "ended", "not applicable": "not-in-force"}  # fmt: skip
LONG: Final = forms.Textarea(attrs={"rows": 3})


class PracticeForm(forms.Form):
    """What an officer records of one provision."""

    state = forms.ChoiceField(label=_("How far"), choices=[("", "–"), *STATES.items()])
    says = forms.CharField(label=_("What is done"), widget=LONG)
    gap = forms.CharField(label=_("What is missing"), widget=LONG, required=False)
    on = forms.DateField(label=_("From the day"), widget=DAY)
    evidence = forms.CharField(label=_("Evidence: an address or a title on each line"), widget=LONG, required=False)
    helped_by = forms.CharField(label=_("Who helps (code of a party)"), max_length=16, required=False)
    help = forms.CharField(label=_("How they help"), widget=LONG, required=False)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the instruments that ask for something, with how much of it is assessed."""
    ask, here = asking(request), us()
    found = names.by_name(Instrument.objects.filter(provisions__verified=True).distinct())
    rows = [{"one": one, **_count(acts.items(one, here, ask.asked))} for one in found] if here else []
    return show(request, "practice/index.html", {"room": "practice", "ask": ask, "rows": rows})


def _count(items: list[acts.Item]) -> dict[str, int]:
    states = [item.practice.state for item in items if item.practice is not None]
    return {"asked": len(items), "done": states.count("carried out"), "partly": states.count("partly"),
            "unassessed": len(items) - len(states)}  # fmt: skip


def _rows(items: list[acts.Item]) -> list[dict[str, Any]]:
    return [{"item": item, **_state(item), "kin": [{"item": one, **_state(one)} for one in item.kin]}
            for item in items]  # fmt: skip


def _state(item: acts.Item) -> dict[str, Any]:
    if item.practice is None:
        return {"state": _("not assessed"), "style": "not-in-force"}
    return {"state": STATES[item.practice.state], "style": STYLES[item.practice.state]}


@require_safe
def practice(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what we do about each provision of an instrument."""
    one = get_object_or_404(Instrument, slug=slug)
    ask, here = asking(request), us()
    items = acts.crosswalk(one, here, ask.asked) if here else []
    context = {"room": "practice", "ask": ask, "one": one, "rows": _rows(items), **_count(items)}
    return show(request, "practice/one.html", context)


@require_safe
def survey(request: HttpRequest) -> HttpResponse:
    """Answer the National Survey of Implementation from what is recorded, norm by norm."""
    one = get_object_or_404(Instrument, slug="un-norms")
    ask, here = asking(request), us()
    items = acts.crosswalk(one, here, ask.asked) if here else []
    context = {"room": "practice", "ask": ask, "one": one, "rows": _rows(items), **_count(items)}
    return show(request, "practice/survey.html", context)


@officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """Record how far we carry out one provision."""
    one = get_object_or_404(Provision.objects.select_related("instrument"), instrument__slug=slug, ref=ref)
    form = PracticeForm(request.POST or None, initial={"on": now().date()})
    if request.method == "POST" and form.is_valid():
        try:
            acts.record(one, _done(form.cleaned_data), actor(request), now())
        except acts.NotRecorded as error:
            form.add_error(None, str(error))
        else:
            said = {"ref": one.ref, "title": names.named(one)}
            messages.success(request, gettext("Recorded: %(ref)s %(title)s") % said)
            return redirect("practice", slug=slug)
    here = us()
    told = Implementation.objects.filter(provision=one, party=here).select_related("helped_by").order_by("-pk")
    history = [{"row": row, "state": STATES[row.state], "style": STYLES[row.state]} for row in told]
    context = {"room": "practice", "one": one, "form": form, "history": history}
    return show(request, "practice/record.html", context, status=200 if form.is_valid() or not form.is_bound else 400)


def _done(said: dict[str, Any]) -> acts.Done:
    lines = tuple(line.strip() for line in said["evidence"].splitlines() if line.strip())
    return acts.Done(said["state"], said["says"], said["on"], said["gap"], said["help"], said["helped_by"], lines)
