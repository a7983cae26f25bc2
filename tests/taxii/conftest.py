"""A node with the example state and a collection made for these tests, and partners with every sort of right."""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from comity.acts import credentials, example_state, law, sharing
from comity.models import Collection, Entry, LedgerEntry, Party, Right, StoredVersion
from comity.policy.handling import Terms
from comity.policy.markings import Tlp
from comity.stix.objects import Accepted, read
from comity.taxii.exchange import Exchange
from tests.taxii.partner import DAY_2, DAY_3, RED, Partner, address, indicator

BATCHES = (
    [indicator(1), indicator(2), indicator(3), indicator(90, object_marking_refs=[RED])],
    [indicator(2, DAY_2), indicator(4), address(5), indicator(91, object_marking_refs=[RED])],
    [indicator(2, DAY_3), indicator(6), indicator(1, DAY_2, object_marking_refs=[RED]), indicator(7)],
)
"""What the collection `yard` holds: everybody may have what is not TLP:RED, nobody what is."""


@dataclass(frozen=True, slots=True)
class World:
    """The server, and one partner for each sort of right to the collections `yard` and `harbour`."""

    server: Exchange
    reader: Partner
    writer: Partner
    colleague: Partner
    drop_box: Partner
    nobody: Partner
    other: Partner

    def counts(self) -> tuple[int, int, int]:
        """How many versions, entries and ledger entries are stored."""
        return StoredVersion.objects.count(), Entry.objects.count(), LedgerEntry.objects.count()


@pytest.fixture
def _django_db_helper() -> None:
    """Wrap no test of this folder in a transaction: the server's threads would not see into it. `world` cleans up."""


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Make the node once for this folder; its tests leave the collection `yard` as it is and write to `harbour`."""
    del django_db_setup
    with django_db_blocker.unblock():
        pool = ThreadPoolExecutor(max_workers=1)
        server = Exchange(pool)
        yield make_world(server)
        pool.submit(connections.close_all).result()
        server.close()
        pool.shutdown()
        call_command("flush", verbosity=0, interactive=False)
        forget_law()


def forget_law() -> None:
    """Drop what is remembered of a node's law: the next node of this process counts its facts anew."""
    law.forget()


def make_world(server: Exchange) -> World:
    """Make the example state, the two collections and the partners."""
    forget_law()
    now = datetime.now(UTC)
    made = example_state.make(now)
    yard = sharing.make_collection("yard", "Yard", now, purpose="prevention")
    harbour = sharing.make_collection("harbour", "Harbour", now, purpose="prevention")
    for batch in BATCHES:
        sharing.accept(yard, [accepted(one) for one in batch], Terms(Tlp.RED, "BS", "prevention"), "test", now)

    def partner(party: str, *, reads: bool, writes: bool, where: tuple[Collection, ...] = (yard, harbour)) -> Partner:
        token = credentials.make(Party.objects.get(code=party), "test", now, write=writes, collections=list(where))
        Right.objects.filter(credential__username=token.username).update(can_read=reads)
        return Partner(server, token.username, token.secret)

    return World(
        server,
        reader=partner("XA", reads=True, writes=False),
        writer=partner("XA", reads=True, writes=True),
        colleague=partner("XA", reads=True, writes=True),
        drop_box=partner("XA", reads=False, writes=True),
        nobody=partner("XA", reads=False, writes=False),
        other=Partner(server, made.tokens["XI"].username, made.tokens["XI"].secret),
    )


def accepted(value: Mapping[str, Any]) -> Accepted:
    """Read an object that must be good."""
    found = read(json.dumps(value).encode())
    assert isinstance(found, Accepted), found
    return found
