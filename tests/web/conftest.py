"""What the desk's tests start from: the example state, an officer and an auditor who are signed in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from comity.acts import example_state, keys, law, officers


@pytest.fixture
def bahamas(db: None, home: Path) -> example_state.Made:
    """Make the example state, on a node that has its keys."""
    del db
    law.forget()
    keys.open_keys(home, datetime.now(UTC))
    return example_state.make(datetime.now(UTC))


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
