"""The growing edge of a log is kept now and then, and is whole whoever asks for it."""

import pytest
from django.db import connection

from comity.acts import ledgers, receipts
from comity.ledger import entries
from comity.ledger.tree import Frontier, leaf_hash
from comity.models import Log
from tests.journeys.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
ENTRIES = 150


def key(index: int) -> entries.Entry:
    return entries.Key(v=1, log="comity/BS/XA", index=index, at="2026-11-28T00:00:00.000000Z", step="active",
                       verifier="x")  # fmt: skip


def test_an_edge_is_whole_however_long_ago_it_was_kept() -> None:
    World()
    behind = set[int]()
    for _ in range(ENTRIES):
        ledgers.append(ledgers.log_of("XA", "BS"), key)
        log = Log.objects.get(party="XA")
        with connection.cursor() as cursor:
            asked = ledgers.question("XA", locks=connection.vendor == "postgresql")
            cursor.execute(asked.text, asked.rows[0])
            assert ledgers.edge("XA", cursor.fetchone()) == (log.pk, log.size, log.edge.encode())
        behind.add(log.size - log.kept_size)
    whole, _ = Frontier().extend(map(leaf_hash, receipts.leaves("XA", 0, 1000)))
    assert log.edge == whole
    assert whole.size >= ENTRIES
    assert behind == ({0} if connection.vendor == "postgresql" else set(range(8)))
    ledgers.keep_edges("default")
    assert Log.objects.get(party="XA").kept_edge == whole.encode()
