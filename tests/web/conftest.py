"""What the desk's tests start from: the example state, an officer and an auditor who are signed in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from comity.acts import (
    catalogues,
    claim_inbox,
    contacts,
    engagement_files,
    engagements,
    example_state,
    keys,
    law,
    officers,
    practice,
    register,
    undertakings,
)
from comity.models import Provision
from tests.web import a_peer


def make(home: Path) -> example_state.Made:
    """Make the example state, on a node that has its keys."""
    law.forget()
    keys.open_keys(home, datetime.now(UTC))
    made = example_state.make(datetime.now(UTC))
    engagement_files.load(datetime.now(UTC))
    a_peer.add()
    return made


ARTICLE = b"The Bahamas acceded to the Budapest Convention in 2023. The Bahamas is a member of CARICOM."


def fill(now: datetime) -> None:
    """Put something into every table: the shipped register, and one of all that people write at a desk."""
    catalogues.load(catalogues.files(), register.ACTOR, now)
    named = contacts.Named("24/7", "CIRT-BS", "note of 1 May 2026", telephone="+1 242 555 0100")
    contact = contacts.record("BS", named, "officer", now).contact
    contacts.check(str(contact.uid), contacts.Tried(means="e-mail"), "officer", now)
    claim_inbox.check(claim_inbox.Given("An article", ARTICLE), "officer", now)
    promised = undertakings.Promised("Answer the national survey", "Statement of 12 May 2026", owner="officer",
                                     rule="every year from 2027-03-31")  # fmt: skip
    undertakings.undertake(promised, "officer", now)
    first = engagements.known(datetime.now(UTC))[0].engagement.pk
    engagements.write(first, engagements.Line("outcome", "Exchange of contacts", source="minutes"), "officer", now)
    done = practice.Done("partly", "A law is being drafted.", now.date(), gap="It is not adopted.")
    practice.record(Provision.objects.get(instrument__slug="un-norms", ref="13h"), done, "officer", now)


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
