"""States compared by capacity: by name as far as they gave their word, the others as a group that names none."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from comity.acts import capacity_results as acts
from comity.acts import named_comparisons, names
from comity.acts.agreements import Rejected
from comity.models import Party
from comity.policy.frameworks import words
from comity.web.capacity import FIRST, framework_here, language, stage_names
from comity.web.choosing import DAY, offer
from comity.web.pages import actor, may_act, now, officers_only, show, us


class WordForm(forms.Form):
    """A state’s word that it may be compared by name."""

    party = forms.ChoiceField(label=_("State"))
    source = forms.CharField(label=_("Note or letter in which it gave its word"), max_length=400)
    effective_on = forms.DateField(label=_("From"), widget=DAY)
    until = forms.DateField(label=_("Until"), required=False, widget=DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer the states of which a result is here."""
        super().__init__(*args, **kwargs)
        there = names.by_name(Party.objects.filter(capacity_results__isnull=False).distinct())
        offer(self, "party", [(one.pk, names.named(one)) for one in there])


@require_http_methods(["GET", "POST"])
def states(request: HttpRequest) -> HttpResponse:
    """Compare states: by name for officers as far as states gave their word; the others as a group that names none."""
    if request.method == "POST":
        return _word(request)
    return _states(request, WordForm(initial={"effective_on": now().date()}))


@officers_only
def _word(request: HttpRequest) -> HttpResponse:
    form, back = WordForm(request.POST), request.POST.get("take_back", "")
    try:
        if back.isdigit():
            named_comparisons.take_back(int(back), "", actor(request), now())
        elif form.is_valid():
            word = named_comparisons.Word(framework=request.GET.get("framework", ""), **form.cleaned_data)
            named_comparisons.give(word, actor(request), now())
        else:
            return _states(request, form, 422)
    except Rejected as error:
        for reason in error.reasons:
            messages.error(request, reason)
    return redirect(request.get_full_path())


def _states(request: HttpRequest, form: WordForm, status: int = 200) -> HttpResponse:
    there = acts.frameworks_with_results()
    name = request.GET.get("framework") or (there[0] if there else FIRST)
    found = framework_here(name)
    named, spreads = acts.states(found.id, found.edition, seen_by(request, found.id))
    names, tongue = stage_names(found), language()
    aspects = {one.id: words(one.name, tongue) for one in found.aspects()}
    rows = [{"id": one.aspect, "name": aspects.get(one.aspect, ""), "spread": one,
             "quartiles": None if one.quartiles is None else [names[stage] for stage in one.quartiles],
             "named": [(code, names[stages[one.aspect]]) for code, stages in named.items() if one.aspect in stages]}
            for one in spreads]  # fmt: skip
    context = {"room": "capacity-states", "framework": found, "name": words(found.name, tongue), "rows": rows,
               "there": there, "named": sorted(named), "form": form,
               "words": named_comparisons.standing(now(), found.id) if may_act(request) else []}  # fmt: skip
    return show(request, "capacity/states.html", context, status)


def seen_by(request: HttpRequest, framework: str) -> frozenset[str]:
    """Name the states whose results this reader may see by name.

    An officer: the own state, and those that gave this desk their word. Everybody else: none.
    """
    if not may_act(request):
        return frozenset()
    here = us()
    return named_comparisons.named(now(), framework) | (frozenset() if here is None else {here.pk})
