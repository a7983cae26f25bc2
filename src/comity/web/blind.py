"""Blind matches: offered, answered or refused by an officer, and what came of each."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from comity.acts import blind_matching, moments, names
from comity.acts.messages import Refused
from comity.models import BlindMatch
from comity.policy.blind import WITHOUT_WORD, Terms, ValueKind
from comity.web.pages import actor, may_act, now, officers_only, partners, show

MODES: Final = [
    (BlindMatch.Mode.COUNT, _("how many coincide")),
    (BlindMatch.Mode.WHICH, _("which of one’s own coincide")),
]
KINDS: Final = [
    (ValueKind.DOMAIN, _("domain names")), (ValueKind.URL, _("web addresses")),
    (ValueKind.FILE_HASH, _("hashes of files")), (ValueKind.EMAIL, _("e-mail addresses")),
    (ValueKind.IPV6, _("IPv6 addresses")),
    (ValueKind.IPV4, _("IPv4 addresses: there are so few that the other side could ask for those it has in mind")),
]  # fmt: skip
STATES: Final = {
    "offered": _("offered"), "answered": _("answered, the last word is awaited"), "done": _("done"),
    "refused": _("refused"),
}  # fmt: skip


class OfferForm(forms.Form):
    """What a match is to be about."""

    party = forms.ChoiceField(label=_("With whom"))
    mode = forms.ChoiceField(label=_("What both learn"), choices=MODES)
    kinds = forms.MultipleChoiceField(label=_("About which values"), choices=KINDS,
                                      widget=forms.CheckboxSelectMultiple, initial=sorted(WITHOUT_WORD))  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer the partners."""
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [(one.code, names.named(one)) for one in partners()]  # type: ignore[attr-defined]

    def plain(self) -> list[forms.BoundField]:
        """Give the fields but for the boxes to tick."""
        return [self["party"], self["mode"]]


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """List the matches; an officer offers a new one."""
    form = OfferForm(request.POST or None)
    if request.method == "POST":
        return _offer(request, form)
    return _page(request, form)


@officers_only
def _offer(request: HttpRequest, form: OfferForm) -> HttpResponse:
    if form.is_valid():
        said = form.cleaned_data
        terms = Terms(said["mode"], tuple(ValueKind(kind) for kind in said["kinds"]))
        try:
            blind_matching.offer(said["party"], terms, actor(request), now())
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("Offered. Nothing is learned before the other side agrees."))
            return redirect("blind-matches")
    return _page(request, form, 422)


def _page(request: HttpRequest, form: OfferForm, status: int = 200) -> HttpResponse:
    kinds = {kind.value: words for kind, words in KINDS}
    rows = [
        {"match": one, "at": moments.moment(one.at), "state": STATES[one.state], "mode": dict(MODES)[one.mode],  # type: ignore[index]
         "kinds": ", ".join(str(kinds[kind]).partition(":")[0] for kind in one.kinds),
         "waits": not one.ours and one.state == BlindMatch.State.OFFERED,
         "back": one.ours and one.state == BlindMatch.State.OFFERED}
        for one in blind_matching.every()
    ]  # fmt: skip
    context = {"room": "blind", "rows": rows, "form": form if may_act(request) else None}
    return show(request, "blind/list.html", context, status)


@require_POST
@officers_only
def answer(request: HttpRequest, uuid: str, way: str) -> HttpResponse:
    """Accept or refuse an offer, or take our own back."""
    match = get_object_or_404(BlindMatch, thread=uuid)
    if way not in {"accept", "refuse"}:
        raise Http404(way)
    try:
        if way == "accept":
            blind_matching.accept(match, actor(request), now())
        else:
            blind_matching.refuse(match, request.POST.get("reason", ""), actor(request), now())
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("Answered, and written into their log."))
    return redirect("blind-matches")
