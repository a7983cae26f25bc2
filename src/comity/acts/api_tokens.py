"""Tokens of the API: made and shown once, checked on each request, revoked.

A token belongs to an account and does what that account may do, or only reads. It ends with the account's closing.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import moments
from comity.acts.officers import Refused
from comity.models import AccessChange, ApiToken

MARK: Final = "comity_"
"""What every secret begins with, so that one that was left in a file is found and known."""
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Made:
    """A new token; the secret cannot be had again."""

    number: int
    username: str
    label: str
    secret: str


@dataclass(frozen=True, slots=True)
class Told:
    """A token without its secret. `until` is its last day (UTC); `state` is valid, expired, revoked or closed."""

    number: int
    username: str
    label: str
    state: str
    writes: bool
    made_at: datetime
    made_by: str
    until: date | None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make(username: str, label: str, actor: str, now: datetime, *, writes: bool = False,
         until: date | None = None) -> Made:  # fmt: skip
    """Make a token of an account, for what *label* says. Refused when there is no such open account, or no label."""
    said = label.strip()
    if not said:
        raise Refused(_("Say what the token is for: the program or the script that will use it."))
    secret = MARK + secrets.token_urlsafe(32)
    with transaction.atomic():
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise Refused(_("There is no open account “%(name)s” here.") % {"name": username})
        end = None if until is None else moments.micros(datetime.combine(until + _ONE_DAY, time(), UTC))
        row = ApiToken.objects.create(account=user, label=said[:80], secret_hash=_hash(secret), writes=writes,
                                      created_at=moments.micros(now), created_by=actor, expires_at=end)  # fmt: skip
        _note(AccessChange.What.TOKEN_GIVEN, row, actor, now)
    return Made(row.pk, username, row.label, secret)


def _note(what: AccessChange.What, row: ApiToken, actor: str, now: datetime) -> None:
    about = f"{row.account.get_username()}: API {row.pk}, {row.label}"[:150]
    AccessChange.objects.create(what=what, about=about, at=moments.micros(now), by=actor)


def revoke(number: int, actor: str, now: datetime) -> Told:
    """Revoke a token for good: its next request is refused. To revoke it again changes nothing."""
    with transaction.atomic():
        row = ApiToken.objects.select_for_update().select_related("account").filter(pk=number).first()
        if row is None:
            raise Refused(_("There is no token of the API with the number %(number)s here.") % {"number": number})
        if row.revoked_at is None:
            row.revoked_at = moments.micros(now)
            row.save(update_fields=["revoked_at"])
            _note(AccessChange.What.TOKEN_REVOKED, row, actor, now)
    return _told(row, now)


def listed(now: datetime) -> list[Told]:
    """Tell of every token, the newest last."""
    return [_told(row, now) for row in ApiToken.objects.select_related("account")]


def _told(row: ApiToken, now: datetime) -> Told:
    until = None if row.expires_at is None else moments.moment(row.expires_at).date() - _ONE_DAY
    return Told(row.pk, row.account.get_username(), row.label, _state(row, now), row.writes,
                moments.moment(row.created_at), row.created_by, until)  # fmt: skip


def _state(row: ApiToken, now: datetime) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if row.expires_at is not None and row.expires_at <= moments.micros(now):
        return "expired"
    return "valid" if row.account.is_active else "closed"


def find(secret: str, now: datetime) -> ApiToken | None:
    """Return the token that a secret belongs to, if it holds and its account is open."""
    row = ApiToken.objects.select_related("account").filter(secret_hash=_hash(secret)).first()
    return row if row is not None and _state(row, now) == "valid" else None
