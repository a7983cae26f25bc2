"""Questions for consent to passing on: asked and answered, what was recorded, and the one that a page leads to."""

from typing import Any

from django import forms
from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.acts import consent_questions as acts
from comity.acts import following, law, names
from comity.acts.consent_questions import Answered, Asked, QuestionTold
from comity.acts.consents import consents_told
from comity.acts.messages import Refused, Way, Words
from comity.ledger.messages import Kind
from comity.models import Message
from comity.policy.consents import Outcome
from comity.web.correspondence import OURS, ROADS
from comity.web.events import DAY
from comity.web.pages import actor, now, officers_only, partners, show
from comity.web.scope_forms import TLPS, ScopeForm

MOST = 100  # recorded answers on the page


class AskForm(ScopeForm):
    """A question to an originator."""

    field_order = ("originator", "agreement", "third", "reason")
    originator = forms.ChoiceField(label=_("Whose material"))
    agreement = forms.ChoiceField(label=_("Under which agreement it came; its clause sets the clock"))
    third = forms.MultipleChoiceField(label=_("To whom it would go on"), widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label=_("Why they are to have it; the originator reads this"),
                             widget=forms.Textarea({"rows": 2}))  # fmt: skip
    road = forms.ChoiceField(label=_("How it goes"), choices=OURS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer the partners and the adopted agreements."""
        super().__init__(*args, **kwargs)
        others: list[Any] = [(one.code, f"{names.named(one)} ({one.code})") for one in partners()]
        self.choose("originator", others)
        self.choose("third", others)
        self.choose("agreement", [(one.slug, one.agreement.name) for one in law.facts().adopted])


class AnswerForm(forms.Form):
    """What is answered: by us, or as an officer writes it down."""

    given = forms.ChoiceField(label=_("The answer"), choices=[("yes", _("yes")), ("no", _("no"))])
    third = forms.MultipleChoiceField(label=_("Yes for these alone; none ticked: for all that were asked for"),
                                      required=False, widget=forms.CheckboxSelectMultiple)  # fmt: skip
    until = forms.DateField(label=_("Last day, if it ends by itself"), widget=DAY, required=False)
    tlp_up_to = forms.ChoiceField(label=_("Condition: up to which label the yes holds"), required=False, choices=TLPS)
    words = forms.CharField(label=_("Conditions in words; they go along as a duty"), required=False)
    road = forms.ChoiceField(label=_("How it goes"), choices=OURS)

    def answered(self) -> Answered:
        """Return the answer as the act takes it; call it on a valid form."""
        said = self.cleaned_data
        return Answered(said["given"] == "yes", tuple(said["third"]), said["until"], said["tlp_up_to"], said["words"])


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the questions, those that wait first, and the recorded answers."""
    told = acts.every(now())
    waiting = {Outcome.ASKED, Outcome.SILENT}
    rows = sorted(told, key=lambda one: one.outcome not in waiting)
    context = {"room": "consents", "ours": [one for one in rows if one.ours],
               "theirs": [one for one in rows if not one.ours], "consents": consents_told()[:MOST],
               "naming": True}  # fmt: skip
    return show(request, "consents/list.html", context)


@require_http_methods(["GET", "POST"])
@officers_only
def ask(request: HttpRequest) -> HttpResponse:
    """Write a question and send it; a page that leads here fills in what it knows."""
    known = request.GET.dict()
    form = AskForm(request.POST or None, initial={**known, "third": request.GET.getlist("third")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        asked = Asked(said["originator"], tuple(said["third"]), said["agreement"], form.scope(), said["reason"],
                      form.listed())  # fmt: skip
        try:
            row = acts.ask(asked, actor(request), now(), said["road"])
        except Refused as error:
            form.add_error(None, str(error))
        else:
            notices.success(request, gettext("Sent, and written into their log."))
            return redirect("consent-question", row.uuid)
    return show(request, "consents/ask.html", {"room": "consents", "form": form}, 422 if form.errors else 200)


@require_safe
def one(request: HttpRequest, uuid: str) -> HttpResponse:
    """Show one question: what is asked, what was answered, and what is open to us."""
    return _page(request, _told(uuid))


def _told(uuid: str) -> QuestionTold:
    try:
        return acts.tell(acts.first_of(uuid), now())
    except Refused as error:
        raise Http404(str(error)) from error


def _form(told: QuestionTold, data: Any = None) -> AnswerForm | None:  # noqa: ANN401 - what a form takes
    """Return the form for our answer, or for theirs as it came by another road; None once it was taken back."""
    if told.outcome is Outcome.TAKEN_BACK:
        return None
    form = AnswerForm(data)
    form.fields["third"].choices = [(one, one) for one in told.third]  # type: ignore[attr-defined]
    if len(told.third) == 1:
        del form.fields["third"]
    if told.ours:
        form.fields["road"] = forms.ChoiceField(label=_("How it came"), choices=ROADS)
        form.fields["source"] = forms.CharField(label=_("Source, such as “letter of 3 May 2026”"))
    return form


def _page(request: HttpRequest, told: QuestionTold, form: AnswerForm | None = None, status: int = 200) -> HttpResponse:
    waits = told.outcome in {Outcome.ASKED, Outcome.SILENT}
    context = {"room": "consents", "told": told, "form": form or _form(told), "consents": told.consents,
               "may_withdraw": waits if told.ours else told.outcome is Outcome.YES}  # fmt: skip
    return show(request, "consents/one.html", context, status)


@require_POST
@officers_only
def answer(request: HttpRequest, uuid: str) -> HttpResponse:
    """Answer a question that we were asked, or write down what was answered to ours."""
    told = _told(uuid)
    form = _form(told, request.POST)
    if form is None:
        raise Http404(uuid)
    if form.is_valid():
        form.cleaned_data.setdefault("third", [])
        said = form.answered()
        try:
            _send(told, said, form.cleaned_data, actor(request))
        except Refused as error:
            form.add_error(None, str(error))
        else:
            done = gettext("Written down; it counts from the next request.") if told.ours else gettext("Answered.")
            notices.success(request, done)
            return redirect("consent-question", uuid)
    return _page(request, told, form, 422)


def _send(told: QuestionTold, said: Answered, how: dict[str, Any], who: str) -> Message:
    if not told.ours:
        return acts.answer(told.first.uuid, said, who, now(), how["road"])
    words = Words(Kind.ANSWER, told.first.party_id, acts.answer_says(said, told.third), told.first.agreement,
                  in_reply_to=told.first.uuid)  # fmt: skip
    return following.write_down(words, Way(how["road"], how["source"]), who, now())


@require_POST
@officers_only
def withdraw(request: HttpRequest, uuid: str) -> HttpResponse:
    """Take back our question, or the yes that we gave."""
    try:
        acts.withdraw(_told(uuid).first.uuid, actor(request), now())
    except Refused as error:
        notices.error(request, str(error))
    else:
        notices.success(request, gettext("Taken back."))
    return redirect("consent-question", uuid)
