"""The people at the desk: who may sign in, and as what."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.models import Group, User

ROLES = ("officer", "counsel", "auditor")


@dataclass(frozen=True, slots=True)
class SignIn:
    """A new account; the password is shown once."""

    username: str
    password: str


def make(username: str, role: str) -> SignIn:
    """Make an account in one of `ROLES` with a random password, for its holder to change."""
    password = secrets.token_urlsafe(12)
    user = User.objects.create_user(username, password=password)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return SignIn(username, password)
