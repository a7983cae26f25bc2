"""What the API’s tests start from: the example state with the shipped register, and tokens of its officer."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from comity.acts import api_tokens, example_state, law, officers
from tests.web.conftest import fill, make


@pytest.fixture(scope="package")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker, home: Path) -> Iterator[example_state.Made]:
    """Make the example state once for this room, inside a transaction that is rolled back after its last test."""
    del django_db_setup
    with django_db_blocker.unblock(), transaction.atomic():
        made = make(home)
        fill(datetime.now(UTC))
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def officer(made: example_state.Made, db: None) -> str:
    """Give the officer’s name; what a test changes is gone after it."""
    del db
    law.forget()
    return made.officer.username


def client(username: str, *, writes: bool = True) -> Client:
    """Give a program that acts as an account, with a token."""
    token = api_tokens.make(username, "a test", username, datetime.now(UTC), writes=writes)
    return Client(headers={"authorization": f"Bearer {token.secret}"})


@pytest.fixture
def api(officer: str) -> Client:
    """Give a program that acts as the officer."""
    return client(officer)


@pytest.fixture
def signed_in(officer: str) -> Client:
    """Give the officer’s browser, which checks CSRF as a real one’s server does."""
    found = Client(enforce_csrf_checks=True)
    found.force_login(User.objects.get(username=officer))
    return found


@pytest.fixture
def auditor(officer: str) -> str:
    """Give an auditor’s name."""
    assert officer
    return officers.make("auditor", "auditor").username
