"""Recording an originator's consent to passing on: a form, what it would open and close for partners, and the act."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from comity.acts import recorded_law
from comity.acts.agreements import Rejected
from comity.acts.consents import Consented, consent_objections, record_consent, supposed_consent, things
from comity.acts.names import called
from comity.acts.previewing import Effect, preview_consent
from comity.policy.consents import onward_clauses
from comity.policy.release import Adopted
from comity.web.agreements import found
from comity.web.events import DAY, lay_out
from comity.web.pages import actor, now, officers_only, partners, show
from comity.web.scope_forms import TLPS, ScopeForm


class ConsentForm(ScopeForm):
    """An originator's answer, as an officer writes it down."""

    field_order = ("originator", "recipient", "given", "effective_on", "until", "source")

    originator = forms.ChoiceField(label=_("Whose material"))
    recipient = forms.ChoiceField(label=_("To whom it may go on"))
    given = forms.ChoiceField(
        label=_("The answer"), choices=[("yes", _("consents")), ("no", _("does not consent, or withdraws"))]
    )
    most_tlp = forms.ChoiceField(label=_("Condition: up to which label the yes holds"), required=False, choices=TLPS)
    words = forms.CharField(label=_("Conditions in words; they go along as a duty"), required=False)
    effective_on = forms.DateField(label=_("Holds from"), widget=DAY)
    until = forms.DateField(label=_("Last day, if it ends by itself"), widget=DAY, required=False)
    source = forms.CharField(label=_("Source, such as “letter of 3 May 2026”"))

    def __init__(self, adopted: Adopted, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer the agreement's other parties as originators, and every partner as the third party."""
        super().__init__(*args, **kwargs)
        self.adopted = adopted
        others = partners()
        bound = [one for one in others if adopted.agreement.party(one.code) is not None]
        self.choose("originator", [(one.code, f"{called(one.name)} ({one.code})") for one in bound])
        self.choose("recipient", [(one.code, f"{called(one.name)} ({one.code})") for one in others])

    def consented(self) -> Consented:
        """Return the answer as the act takes it; call it on a valid form."""
        told = self.cleaned_data
        return Consented(told["originator"], told["recipient"], self.adopted.slug, told["given"] == "yes",
                         told["effective_on"], told["source"], told["until"], self.scope(),
                         recorded_law.label(told["most_tlp"]), told["words"], self.listed())  # fmt: skip


@require_http_methods(["GET", "POST"])
@officers_only
def consent(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form; then what the answer would do; then record it."""
    adopted = found(slug)
    if request.method != "POST":
        return _page(request, ConsentForm(adopted, initial={"effective_on": now().date(), **request.GET.dict()}), None)
    form = ConsentForm(adopted, request.POST)
    if not form.is_valid():
        return _page(request, form, None, 422)
    if request.POST.get("step") == "record":
        return _record(request, form)
    wrong = consent_objections(form.consented(), now())
    if wrong:
        return _refused(request, form, wrong)
    told = form.consented()
    ids = things(told.scope, told.objects) if told.scope.singles_out else ()
    supposed = supposed_consent(told, now())
    return _page(request, form, preview_consent(supposed, now(), [p.code for p in partners()], ids))


def _record(request: HttpRequest, form: ConsentForm) -> HttpResponse:
    try:
        row = record_consent(form.consented(), actor(request), now())
    except Rejected as error:
        return _refused(request, form, error.reasons)
    said = gettext("Recorded: the answer of %(who)s on passing on to %(whom)s. It counts from the next question asked.")
    messages.success(request, said % {"who": row.originator, "whom": row.recipient})
    return redirect("agreement", form.adopted.slug)


def _refused(request: HttpRequest, form: ConsentForm, reasons: tuple[str, ...]) -> HttpResponse:
    for reason in reasons:
        form.add_error(None, reason)
    return _page(request, form, None, 422)


def _page(
    request: HttpRequest, form: ConsentForm, effects: tuple[Effect, ...] | None, status: int = 200
) -> HttpResponse:
    adopted = form.adopted
    context = {
        "room": "agreements",
        "adopted": adopted,
        "agreement": adopted.agreement,
        "clauses": onward_clauses(adopted.agreement),
        "form": form,
        "effects": None if effects is None else lay_out(effects),
    }
    return show(request, "agreements/consent.html", context, status)
