"""The register as it is shipped, read once for a module."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from comity.acts import catalogues, register
from comity.models import Node, Party

READ = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def read_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[register.Stored]:
    """Read the shipped catalogues into a node, in a transaction that is rolled back after the last test."""
    del django_db_setup
    with django_db_blocker.unblock(), transaction.atomic():
        Party.objects.create(code="BS", name="Commonwealth of The Bahamas", in_exchange=True)
        Node.objects.create(party_id="BS")
        yield catalogues.load(catalogues.files(), register.ACTOR, READ)
        transaction.set_rollback(True)


@pytest.fixture
def shipped(read_once: register.Stored, db: None) -> register.Stored:
    """Give the register to one test; what the test changes is gone after it."""
    del db
    return read_once
