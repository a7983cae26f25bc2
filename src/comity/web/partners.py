"""Partners: who they are, what binds them, their tokens for the exchange, and the consents that concern them."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from comity.acts import credentials, law, names, outlook
from comity.acts.consents import consents_told
from comity.models import Collection, Credential, Party
from comity.policy.release import Moment
from comity.web import words
from comity.web.events import DAY
from comity.web.pages import actor, now, officers_only, partners, show

SOON = timedelta(days=14)  # a token that ends within it is pointed out
STATES = {"valid": _("valid"), "expired": _("expired"), "revoked": _("revoked")}


class _Collections(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # it takes none when it runs
    """Collections to tick, by the names that are shown."""

    def label_from_instance(self, obj: Collection) -> str:
        """Name one."""
        return names.called(obj.title)


class TokenForm(forms.Form):
    """A new token, as an officer asks for it."""

    collections = _Collections(
        Collection.objects.order_by("exercise", "title"), required=False, widget=forms.CheckboxSelectMultiple,
        label=_("Only these collections (none: every one of real material, later ones too)"),
    )  # fmt: skip
    until = forms.DateField(label=_("Its last day (UTC), if it is to end by itself"), widget=DAY, required=False)
    writes = forms.BooleanField(label=_("It may add objects too"), required=False)


class EndForm(forms.Form):
    """A token's last day; left empty, it has none."""

    until = forms.DateField(widget=DAY, required=False)


@require_safe
def partner_list(request: HttpRequest) -> HttpResponse:
    """List the partners with what binds them and how many tokens of theirs hold."""
    moment = now()
    valid = Counter(told.party for told in credentials.listed(moment) if told.state == "valid")
    rows = [{"party": one, "bonds": _bonds(one.code), "valid": valid[one.code]} for one in partners()]
    return show(request, "partners/list.html", {"room": "partners", "rows": rows})


def _bonds(code: str) -> list[dict[str, Any]]:
    """Give how a party stands to each agreement that names it."""
    return [
        {"adopted": stood.adopted, "bond": bond, "state": words.STATES[bond.standing.state],
         "style": words.state_class(bond.standing.state)}
        for stood in outlook.stand(law.facts(), Moment(now()))
        for bond in stood.bonds
        if bond.code == code
    ]  # fmt: skip


@require_safe
def partner(request: HttpRequest, code: str) -> HttpResponse:
    """Show one partner."""
    return _page(request, _partner(code), TokenForm())


def _partner(code: str) -> Party:
    found = next((one for one in partners() if one.code == code), None)
    if found is None:
        raise Http404(code)
    return found


def _page(request: HttpRequest, party: Party, form: TokenForm, new: credentials.Token | None = None,
          status: int = 200) -> HttpResponse:  # fmt: skip
    moment = now()
    context = {
        "room": "partners",
        "party": party,
        "bonds": _bonds(party.code),
        "tokens": [
            {"told": one, "state": STATES[one.state],
             "soon": one.state == "valid" and one.until is not None and one.until - moment.date() <= SOON}
            for one in credentials.listed(moment, party.code)
        ],
        "consents": consents_told(party=party.code),
        "form": form,
        "new": new,
    }  # fmt: skip
    return show(request, "partners/one.html", context, status)


@require_POST
@officers_only
def new_token(request: HttpRequest, code: str) -> HttpResponse:
    """Give a partner a token; the page that answers is the only one that ever shows its secret."""
    party, form = _partner(code), TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, party, form, None, 422)
    told = form.cleaned_data
    named = list(told["collections"]) or None
    made = credentials.make(party, actor(request), now(), write=told["writes"], collections=named, until=told["until"])
    return _page(request, party, TokenForm(), made)


@require_POST
@officers_only
def revoke_token(request: HttpRequest, code: str, username: str) -> HttpResponse:
    """Revoke a token for good."""
    _token(code, username)
    credentials.revoke(username, actor(request), now())
    messages.success(request, gettext("%(name)s is revoked: its next request is refused.") % {"name": username})
    return redirect("partner", code)


@require_POST
@officers_only
def end_token(request: HttpRequest, code: str, username: str) -> HttpResponse:
    """Give a token a last day, or none."""
    _token(code, username)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("That is no day: write it as 2027-03-31. Nothing was changed."))
        return redirect("partner", code)
    last = form.cleaned_data["until"]
    credentials.set_end(username, last, actor(request), now())
    said = gettext("%(name)s holds to the end of %(day)s.") if last else gettext("%(name)s holds until it is revoked.")
    messages.success(request, said % {"name": username, "day": last})
    return redirect("partner", code)


def _token(code: str, username: str) -> None:
    get_object_or_404(Credential, party_id=code, username=username)
