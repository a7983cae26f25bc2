"""Signing in: allauth's flows (password, second factor, passkey), in the desk's own frame; what was set is recorded."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.totp import views as totp
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from comity.acts import officers
from comity.web import rooms
from comity.web.pages import may_act, now, us
from comity.web.security import POLICY

_PICTURE = f"{POLICY}; img-src 'self' data:"
"""The square that a telephone reads comes inside the page, as it holds a secret that no address should serve."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give allauth's pages what `pages.show` gives the desk's own: a context processor."""
    match = request.resolver_match
    if match is None or not (match.url_name or "").startswith(("account_", "mfa_")):
        return {}
    return {"us": us(), "may_act": may_act(request), "moment": now(), "groups": rooms.GROUPS,
            "here": rooms.around("people")}  # fmt: skip


def activate_totp(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app (RFC 6238)."""
    response: HttpResponse = totp.activate_totp(request)
    response.headers["Content-Security-Policy"] = _PICTURE
    return response


@receiver(authenticator_added)
def added(user: User, authenticator: Authenticator, **_others: Any) -> None:  # noqa: ANN401 - a signal's arguments
    """Record that somebody set a second factor of their own."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        officers.note_second_factor(user.username, now(), ended=False)


@receiver(authenticator_removed)
def removed(user: User, authenticator: Authenticator, **_others: Any) -> None:  # noqa: ANN401 - as above
    """Record that somebody took a second factor of their own away."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        officers.note_second_factor(user.username, now(), ended=True)
