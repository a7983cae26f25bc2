"""The people of the desk: who may sign in, and as what; passwords; what was changed of that, and by whom."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.acts import api_tokens, moments, officers
from comity.web.choosing import DAY, offer
from comity.web.pages import actor, now, officers_only, show

SHOWN = 30  # changes
STATES = {"valid": _("valid"), "expired": _("expired"), "revoked": _("revoked"), "closed": _("account closed")}
ROLES = {
    "officer": _("officer: acts, and reads everything"),
    "counsel": _("counsel: reads everything and changes nothing"),
    "auditor": _("auditor: reads everything and changes nothing"),
}
DONE = {
    "close": (officers.close, _("The account %(name)s is closed.")),
    "second-factor": (
        officers.drop_second_factors,
        _("%(name)s signs in by password alone until a new second factor is set."),
    ),
    "reopen": (officers.reopen, _("The account %(name)s is open again.")),
}


class AccountForm(forms.Form):
    """One more person, as an officer writes it down."""

    username = forms.CharField(label=_("Username"), max_length=150)
    role = forms.ChoiceField(label=_("What they do here"), choices=list(ROLES.items()))


class ApiTokenForm(forms.Form):
    """A token for a program, as an officer asks for it."""

    account = forms.ChoiceField(label=_("Whose it is: it may do what this account may"))
    label = forms.CharField(label=_("What it is for, such as “weekly report”"), max_length=80)
    until = forms.DateField(label=_("Its last day (UTC), if it is to end by itself"), widget=DAY, required=False)
    writes = forms.BooleanField(label=_("It may write too, where the account is an officer’s"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer the open accounts."""
        super().__init__(*args, **kwargs)
        offer(self, "account", [(one.username, one.username) for one in officers.accounts() if one.open])


def _password(label: Any, autocomplete: str) -> forms.CharField:  # noqa: ANN401 - a text that is translated later
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, widget=widget, strip=False)


class PasswordForm(forms.Form):
    """One's own new password."""

    old = _password(_("Your password until now"), "current-password")
    new = _password(_("The new one, of 12 characters at least"), "new-password")
    again = _password(_("The new one once more"), "new-password")


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """List the accounts and the latest changes."""
    return _page(request, AccountForm())


def _page(request: HttpRequest, form: AccountForm, new: officers.SignIn | None = None, status: int = 200,
          **more: Any) -> HttpResponse:  # noqa: ANN401 - further parts of the page # fmt: skip
    changes = [{"row": one, "at": moments.moment(one.at)} for one in officers.changes(SHOWN)]
    tokens = [{"told": one, "state": STATES[one.state]} for one in api_tokens.listed(now())]
    context = {"room": "people", "accounts": officers.accounts(), "changes": changes, "form": form, "new": new,
               "tokens": tokens, "token_form": ApiTokenForm(initial={"account": actor(request)}), **more}  # fmt: skip
    return show(request, "officers/list.html", context, status)


@require_POST
@officers_only
def give_token(request: HttpRequest) -> HttpResponse:
    """Make a token for the API; the page that answers is the only one that ever shows it."""
    form = ApiTokenForm(request.POST)
    if not form.is_valid():
        return _page(request, AccountForm(), None, 422, token_form=form)
    told = form.cleaned_data
    try:
        made = api_tokens.make(told["account"], told["label"], actor(request), now(), writes=told["writes"],
                               until=told["until"])  # fmt: skip
    except officers.Refused as refused:
        form.add_error(None, list(refused.reasons))
        return _page(request, AccountForm(), None, 422, token_form=form)
    return _page(request, AccountForm(), new_token=made)


@require_POST
@officers_only
def revoke_token(request: HttpRequest, number: int) -> HttpResponse:
    """Revoke a token of the API for good."""
    try:
        told = api_tokens.revoke(number, actor(request), now())
    except officers.Refused as refused:
        raise Http404(number) from refused
    messages.success(request, gettext("%(name)s is revoked: its next request is refused.") % {"name": told.label})
    return redirect("people")


@require_POST
@officers_only
def add(request: HttpRequest) -> HttpResponse:
    """Make an account; the page that answers is the only one that ever shows its password."""
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _page(request, form, None, 422)
    told = form.cleaned_data
    try:
        made = officers.add(told["username"], told["role"], actor(request), now())
    except officers.Refused as refused:
        form.add_error("username", list(refused.reasons))
        return _page(request, form, None, 422)
    return _page(request, AccountForm(), made)


@require_POST
@officers_only
def reset(request: HttpRequest, username: str) -> HttpResponse:
    """Give somebody who has lost theirs a new password, shown once."""
    try:
        made = officers.new_password(username, actor(request), now())
    except officers.Refused as refused:
        raise Http404(username) from refused
    return _page(request, AccountForm(), made)


@require_POST
@officers_only
def turn(request: HttpRequest, username: str, way: str) -> HttpResponse:
    """Close an account, or open it again."""
    if way not in DONE:
        raise Http404(way)
    act, said = DONE[way]
    try:
        act(username, actor(request), now())
    except officers.Refused as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        messages.success(request, said % {"name": username})
    return redirect("people")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def own_password(request: HttpRequest) -> HttpResponse:
    """Let whoever is signed in change their own password; they stay signed in here, and nowhere else."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        messages.success(request, gettext("Your password is changed. Wherever else you were signed in, you are not."))
        return redirect("today")
    status = 422 if request.method == "POST" else 200
    return show(request, "officers/password.html", {"room": "people", "form": form}, status)


def _changed(request: HttpRequest, form: PasswordForm) -> bool:
    assert isinstance(request.user, User)  # noqa: S101 - the desk is closed to all others
    told = form.cleaned_data
    if not request.user.check_password(told["old"]):
        form.add_error("old", gettext("This is not your password."))
    elif told["new"] != told["again"]:
        form.add_error("again", gettext("The two are not the same."))
    else:
        try:
            officers.change_password(request.user.username, told["new"], actor(request), now())
        except officers.Refused as refused:
            form.add_error("new", list(refused.reasons))
        else:
            update_session_auth_hash(request, User.objects.get(pk=request.user.pk))
            return True
    return False
