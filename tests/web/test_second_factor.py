"""Signing in with a second factor, and how often one may guess."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal import auth
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from comity.acts import example_state
from comity.models import AccessChange
from comity.web.security import POLICY


@pytest.fixture(autouse=True)
def counted_afresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def signed_in(made: example_state.Made) -> Client:
    client = Client()
    told = {"login": made.officer.username, "password": made.officer.password}
    assert client.post(reverse("account_login"), told).status_code == 302
    return client


def code(secret: str) -> str:
    counter = next(iter(auth.yield_hotp_counters_from_time()))
    return str(auth.format_hotp_value(auth.hotp_value(secret, counter)))


def with_app(made: example_state.Made) -> str:
    """Set up an authenticator app for the officer; give its secret."""
    client = signed_in(made)
    again = client.get(reverse("mfa_activate_totp"))["Location"]
    assert again.startswith(reverse("account_reauthenticate")), "who left the desk open has set nothing up"
    assert client.post(again, {"password": made.officer.password}).status_code == 302
    page = client.get(reverse("mfa_activate_totp"))
    assert page["Content-Security-Policy"].startswith(POLICY)
    found = re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page.content.decode())
    assert found, (page.status_code, page.get("Location"), page.content.decode())
    secret = found.group(1)
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    assert client.post(reverse("mfa_activate_totp"), {"code": code(secret)}).status_code == 302
    return secret


def test_a_password_alone_is_not_enough_once_an_app_is_set_up(
    bahamas: example_state.Made, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        secret = with_app(bahamas)
    cache.clear()  # a code counts once: this is as if half a minute had gone by
    client = signed_in(bahamas)
    assert client.get(reverse("today")).status_code == 302
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert client.get(reverse("today")).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert client.get(reverse("today")).status_code == 200
    assert AccessChange.objects.filter(what="second factor added", about=bahamas.officer.username).count() == 1


def test_who_lost_the_second_factor_is_let_in_again_by_an_officer(bahamas: example_state.Made, officer: Client) -> None:
    with_app(bahamas)
    name = bahamas.officer.username
    assert "Take the second factor away" in officer.get(reverse("people")).content.decode()
    officer.post(reverse("turn-account", args=[name, "second-factor"]))
    assert signed_in(bahamas).get(reverse("today")).status_code == 200
    assert AccessChange.objects.filter(what="second factor ended", about=name).count() == 1


def test_guessing_ends_soon(bahamas: example_state.Made) -> None:
    client = Client()
    name = bahamas.officer.username
    for _ in range(5):
        told = client.post(reverse("account_login"), {"login": name, "password": "guess"}).content.decode()
        assert "do not belong together" in told
    right = {"login": name, "password": bahamas.officer.password}
    assert client.post(reverse("account_login"), right).status_code == 200
    assert client.get(reverse("today")).status_code == 302
