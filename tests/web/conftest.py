"""What the desk's tests start from: the example state, an officer and an auditor who are signed in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from comity.acts import engagement_files, example_state, keys, law, officers


def make(home: Path) -> example_state.Made:
    """Make the example state, on a node that has its keys."""
    law.forget()
    keys.open_keys(home, datetime.now(UTC))
    made = example_state.make(datetime.now(UTC))
    engagement_files.load(datetime.now(UTC))
    return made


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker, home: Path) -> Iterator[example_state.Made]:
    """Make the example state once for a module, inside a transaction that is rolled back after its last test."""
    del django_db_setup
    with django_db_blocker.unblock(), transaction.atomic():
        yield make(home)
        transaction.set_rollback(True)


@pytest.fixture
def bahamas(made: example_state.Made, db: None) -> example_state.Made:
    """Give the example state to one test; what the test changes is gone after it."""
    del db
    law.forget()
    return made


@pytest.fixture
def officer(bahamas: example_state.Made) -> Client:
    """Sign the officer in."""
    return _signed_in(bahamas.officer.username)


@pytest.fixture
def auditor(bahamas: example_state.Made) -> Client:
    """Sign an auditor in."""
    assert bahamas
    return _signed_in(officers.make("auditor", "auditor").username)


def _signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client
