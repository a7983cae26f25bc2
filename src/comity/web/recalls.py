"""Recalls: who would be told, the order, and how each holder stands until all have confirmed."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from comity.acts import deliveries, recalls, segments
from comity.acts.agreements import Rejected
from comity.acts.messages import Refused, Way
from comity.ledger.messages import Kind
from comity.models import Collection, Holder, Message, Recall, StoredVersion
from comity.web.exchange import name_of
from comity.web.pages import actor, now, officers_only, show

DO: Final = [
    (Recall.Do.CORRECT, _("correct: a corrected version follows")),
    (Recall.Do.DELETE, _("delete every copy")),
    (Recall.Do.STOP_USE, _("stop using it, and keep it")),
]
STATES: Final = {
    "to be told by another road": _("to be told by another road"),
    "told, not acknowledged": _("told, not acknowledged"),
    "acknowledged": _("acknowledged"),
    "done": _("done"),
}
BEYOND: Final = (
    _("It was TLP:CLEAR, which is public: whoever has it from elsewhere cannot be told."),
    _("{party} may have passed it on under {clause}, to whom only it can say."),
    _("Of {parties} there is no answer: whether the copy there is gone is not known."),
    _("{parties} can read no collection here now: carry the notice by another road."),
    _("{parties} learned the id of it and was never given the object: no notice goes there."),
    _("What left by other roads than this exchange stands in no log and is not recalled."),
)
"""The sentences of `policy.recalls`, for the translators."""


class RecallForm(forms.Form):
    """What is wrong, and what holders are to do."""

    do = forms.ChoiceField(label=_("What they are to do"), choices=DO)
    reason = forms.CharField(label=_("What is wrong with it; the holders read this"),
                             widget=forms.Textarea({"rows": 3}))  # fmt: skip
    grounds = forms.CharField(label=_("On what it rests: a clause, an order, a letter"), required=False)


class AnswerForm(forms.Form):
    """What a holder said by another road."""

    kind = forms.ChoiceField(label=_("What they said"), choices=[
        (Kind.ACKNOWLEDGEMENT.value, _("they have read it")), (Kind.DELETED.value, _("it is done"))])  # fmt: skip
    road = forms.ChoiceField(label=_("How"), choices=[
        (Message.Road.MAIL, _("by e-mail")), (Message.Road.PAPER, _("by letter")),
        (Message.Road.TELEPHONE, _("by telephone")), (Message.Road.HAND, _("by hand"))])  # fmt: skip
    source = forms.CharField(label=_("Source, such as “letter of 3 May 2026”"))


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the recalls, newest first, each with how many have answered."""
    told = [recalls.told(row, now()) for row in recalls.every()]
    return show(request, "recalls/list.html", {"room": "recalls", "rows": told})


@require_http_methods(["GET", "POST"])
@officers_only
def issue(request: HttpRequest, alias: str, stix_id: str) -> HttpResponse:
    """Show who would be told, and recall the object when the officer orders it."""
    where = get_object_or_404(Collection, alias=alias)
    versions = list(StoredVersion.objects.filter(stix_id=stix_id).select_related("own", "collection"))
    form = RecallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ordered = recalls.Ordered(stix_id, **form.cleaned_data)
        try:
            row = recalls.recall(ordered, actor(request), now())
        except Rejected as error:
            form.add_error(None, " ".join(error.reasons))
        else:
            messages.success(request, gettext("Recalled. Nobody gets it from now on, and each holder is told."))
            return redirect("recall", row.uuid)
    context = {"room": "recalls", "collection": where, "stix_id": stix_id, "form": form,
               "name": name_of(segments.body(versions[0].pk)) if versions else stix_id,
               "holders": deliveries.holders(versions)}  # fmt: skip
    return show(request, "recalls/issue.html", context, 422 if form.errors else 200)


@require_safe
def one(request: HttpRequest, uuid: str) -> HttpResponse:
    """Show one recall: each holder, and what it cannot do."""
    row = get_object_or_404(Recall, uuid=uuid)
    return _page(request, row, AnswerForm(auto_id=False))


def _page(request: HttpRequest, row: Recall, form: AnswerForm, code: str = "") -> HttpResponse:
    told = recalls.told(row, now())
    context: dict[str, Any] = {
        "room": "recalls", "recall": row, "told": told, "form": form, "about": code,
        "do": dict(DO)[Recall.Do(row.do)],
        "holders": [{"told": one, "state": STATES[one.state.value]} for one in told.holders],
        "beyond": [gettext(template).format(**params) for template, params in told.beyond],
        "where": StoredVersion.objects.filter(stix_id=row.stix_id).select_related("collection").first(),
    }  # fmt: skip
    return show(request, "recalls/one.html", context, 422 if form.errors else 200)


@require_http_methods(["POST"])
@officers_only
def answer(request: HttpRequest, uuid: str, code: str) -> HttpResponse:
    """Write down what a holder said by another road."""
    row = get_object_or_404(Recall, uuid=uuid)
    holder = get_object_or_404(Holder, recall=row, party_id=code)
    form = AnswerForm(request.POST, auto_id=False)
    if not form.is_valid():
        return _page(request, row, form, code)
    said = form.cleaned_data
    try:
        recalls.answered(holder, Kind(said["kind"]), Way(said["road"], said["source"]), actor(request), now())
    except Refused as error:
        form.add_error(None, str(error))
        return _page(request, row, form, code)
    messages.success(request, gettext("Written down, here and in their log."))
    return redirect("recall", uuid)
