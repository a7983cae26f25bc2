"""Best practices: those kept here and those that partners gave; shared on, and adopted as measures."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from comity.acts import best_practices, roadmap_store
from comity.acts.agreements import Rejected
from comity.acts.best_practices import Adopted
from comity.acts.intake import IntakeRefused
from comity.acts.spoken import spoken
from comity.models import CapacityPlan
from comity.policy.markings import LABELS, Tlp
from comity.policy.saying import of_error
from comity.web.choosing import offer
from comity.web.pages import actor, now, officers_only, show


class ShareForm(forms.Form):
    """Which practice goes into which collection, under which label."""

    practice = forms.ChoiceField(label=_("Practice"))
    collection = forms.SlugField(label=_("Collection"), initial="practices")
    tlp = forms.ChoiceField(label=_("TLP"), choices=[(label, label) for label in LABELS], initial="GREEN")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer the practices kept here."""
        super().__init__(*args, **kwargs)
        offer(self, "practice", [(row.stix_id, row.name) for row in best_practices.ours()])


class AdoptForm(forms.Form):
    """How a practice becomes a measure."""

    practice = forms.ChoiceField(label=_("Practice"))
    plan = forms.ChoiceField(label=_("Plan"))
    measure = forms.SlugField(label=_("Id of the measure"), max_length=40)
    quarters = forms.IntegerField(label=_("Quarters it takes"), min_value=1, max_value=40, initial=1)
    once = forms.IntegerField(label=_("One-off cost"), min_value=0, initial=0)
    running = forms.IntegerField(label=_("Cost a year after it is done"), min_value=0, initial=0)
    owner = forms.CharField(label=_("Who answers for it"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer practices and plans."""
        super().__init__(*args, **kwargs)
        given = [(one.course.id, f"{one.course.name} ({one.party})") for one in best_practices.received()]
        offer(self, "practice", [*given, *((row.stix_id, row.name) for row in best_practices.ours())])
        offer(self, "plan", [(plan.slug, plan.slug) for plan in CapacityPlan.objects.all()])


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Show all practices; share one, or adopt one as a measure."""
    if request.method == "POST":
        return _act(request)
    return _page(request, ShareForm(), AdoptForm())


@officers_only
def _act(request: HttpRequest) -> HttpResponse:
    sharing = "tlp" in request.POST
    share, adopt = ShareForm(request.POST if sharing else None), AdoptForm(None if sharing else request.POST)
    form: forms.Form = share if sharing else adopt
    if not form.is_valid():
        return _page(request, share, adopt, 422)
    told = form.cleaned_data
    try:
        if not sharing:
            measure = Adopted(told["measure"], told["quarters"], told["once"], told["running"], told["owner"])
            best_practices.adopt(told["practice"], told["plan"], measure, actor(request), now())
            messages.success(request, gettext("Adopted: the plan has it as a measure. Solve the plan anew."))
            return redirect("roadmap-measures", told["plan"])
        row = next(one for one in best_practices.ours() if one.stix_id == told["practice"])
        best_practices.publish(row, told["collection"], Tlp.read(told["tlp"]), actor(request), now())
    except Rejected as error:
        for reason in error.reasons:
            form.add_error(None, reason)
        return _page(request, share, adopt, 422)
    except (IntakeRefused, roadmap_store.PlanRefused) as error:
        form.add_error(None, spoken(of_error(error)))
        return _page(request, share, adopt, 422)
    messages.success(request, gettext("Shared. Who gets it is for the agreements to say."))
    return redirect("best-practices")


def _page(request: HttpRequest, share: ShareForm, adopt: AdoptForm, status: int = 200) -> HttpResponse:
    ours = [{"course": best_practices.course_of(row), "party": "", "shared": row.collection}
            for row in best_practices.ours()]  # fmt: skip
    given = [{"course": one.course, "party": one.party, "shared": one.collection} for one in best_practices.received()]
    context = {"room": "best-practices", "rows": [*given, *ours], "share": share, "adopt": adopt}
    return show(request, "roadmaps/practices.html", context, status)
