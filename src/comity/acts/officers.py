"""The people at the desk: who may sign in, and as what."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth import password_validation
from django.contrib.auth.models import Group, User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import moments
from comity.models import AccessChange

ROLES = ("officer", "counsel", "auditor")
OFFICER = ROLES[0]


class Refused(Exception):
    """An account or a password that cannot be taken; `reasons` are sentences with their mend. Nothing was stored."""

    def __init__(self, *reasons: str) -> None:
        """Carry the reasons."""
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class SignIn:
    """A new account; the password is shown once."""

    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Account:
    """One person's account: what it may do, whether it is open, and when its holder last signed in."""

    username: str
    role: str
    open: bool
    made_at: datetime
    last_sign_in: datetime | None
    second_factor: bool = False


def make(username: str, role: str) -> SignIn:
    """Make an account in one of `ROLES` with a random password, for its holder to change."""
    password = secrets.token_urlsafe(12)
    user = User.objects.create_user(username, password=password)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return SignIn(username, password)


def add(username: str, role: str, actor: str, now: datetime) -> SignIn:
    """Make an account for one more person; Refused when the name is taken or no name, or the role is none."""
    if role not in ROLES:
        raise Refused(_("There is no role “%(role)s”: name one of %(roles)s.") % {
            "role": role, "roles": ", ".join(ROLES)})  # fmt: skip
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        raise Refused(_("“%(name)s” is no username: use letters, digits and @ . + - _ only.") % {
            "name": username}) from error  # fmt: skip
    with transaction.atomic():
        if User.objects.filter(username__iexact=username).exists():
            raise Refused(_("The name “%(name)s” is taken: choose another.") % {"name": username})
        made = make(username, role)
        _note(AccessChange.What.ACCOUNT_MADE, username, actor, now)
    return made


def accounts() -> list[Account]:
    """Return every account, open ones first."""
    rows = User.objects.prefetch_related("groups").order_by("-is_active", "username")
    with_second = set(Authenticator.objects.values_list("user_id", flat=True))
    return [
        Account(user.username, ", ".join(sorted(group.name for group in user.groups.all())), user.is_active,
                user.date_joined, user.last_login, user.pk in with_second)
        for user in rows
    ]  # fmt: skip


def changes(limit: int) -> list[AccessChange]:
    """Return the latest changes of who may come in, newest first."""
    return list(AccessChange.objects.all()[:limit])


def change_password(username: str, password: str, actor: str, now: datetime) -> None:
    """Give an account a new password, which signs its holder out everywhere; Refused, with reasons, when it is weak."""
    with transaction.atomic():
        user = _named(username)
        try:
            password_validation.validate_password(password, user)
        except ValidationError as error:
            raise Refused(*error.messages) from error
        user.set_password(password)
        user.save(update_fields=["password"])
        _note(AccessChange.What.PASSWORD_CHANGED, username, actor, now)


def new_password(username: str, actor: str, now: datetime) -> SignIn:
    """Give an account a random password, for who has lost theirs; it is shown once."""
    password = secrets.token_urlsafe(12)
    change_password(username, password, actor, now)
    return SignIn(username, password)


def drop_second_factors(username: str, actor: str, now: datetime) -> int:
    """Take every second factor from an account whose holder has lost theirs; say how many there were."""
    with transaction.atomic():
        user = _named(username)
        count = int(Authenticator.objects.filter(user=user).delete()[0])
        if count:
            _note(AccessChange.What.SECOND_FACTOR_ENDED, username, actor, now)
    return count


def note_second_factor(username: str, now: datetime, *, ended: bool) -> None:
    """Record that the holder of an account set a second factor, or took one away."""
    what = AccessChange.What.SECOND_FACTOR_ENDED if ended else AccessChange.What.SECOND_FACTOR_ADDED
    _note(what, username, username, now)


def close(username: str, actor: str, now: datetime) -> None:
    """Close an account: its holder is signed out with the next page. Refused for the last open officer."""
    with transaction.atomic():
        user = _named(username)
        list(Group.objects.select_for_update().filter(name=OFFICER))  # one closing at a time: somebody must stay
        others = User.objects.filter(is_active=True, groups__name=OFFICER).exclude(pk=user.pk)
        if user.is_active and user.groups.filter(name=OFFICER).exists() and not others.exists():
            raise Refused(_("“%(name)s” is the last officer: add another before you close this account.") % {
                "name": username})  # fmt: skip
        _set_open(user, AccessChange.What.ACCOUNT_CLOSED, actor, now)


def reopen(username: str, actor: str, now: datetime) -> None:
    """Open a closed account again, with the password that it had."""
    with transaction.atomic():
        _set_open(_named(username), AccessChange.What.ACCOUNT_REOPENED, actor, now)


def _set_open(user: User, what: AccessChange.What, actor: str, now: datetime) -> None:
    wanted = what == AccessChange.What.ACCOUNT_REOPENED
    if user.is_active is not wanted:
        user.is_active = wanted
        user.save(update_fields=["is_active"])
        _note(what, user.username, actor, now)


def _named(username: str) -> User:
    user = User.objects.select_for_update().filter(username=username).first()
    if user is None:
        known = ", ".join(User.objects.order_by("username").values_list("username", flat=True)) or _("none yet")
        raise Refused(_("There is no account “%(name)s” here; there are %(known)s.") % {
            "name": username, "known": known})  # fmt: skip
    return user


def _note(what: AccessChange.What, username: str, actor: str, now: datetime) -> None:
    AccessChange.objects.create(what=what, about=username, at=moments.micros(now), by=actor)
