"""Entries that wait together are committed together, and none is that rests on what no longer stands."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import msgspec
import pytest
from django.db import connections, transaction

from comity.acts import commits, delivering, epochs, given, receipts, sights
from comity.acts.delivering import Asked, Page, Query
from comity.acts.groups import Waiting
from comity.acts.kept import kept as read_kept
from comity.ledger import entries
from comity.models import Collection, Credential, Entry, LedgerEntry, Log, Party, StoredVersion
from comity.policy.life_events import EventKind
from tests.journeys.world import PATH, World, indicator

THREADS, ROUNDS, OBJECTS = 6, 5, 30


def asked(world: World, code: str, **query: object) -> Asked:
    credential = Credential.objects.filter(party_id=code).order_by("id")[0]
    return Asked(credential, world.collection, world.now, "delivery", Query(**query))  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_stores
def test_pages_asked_for_at_one_time_are_each_recorded_once_before_they_are_given() -> None:
    world = World()
    world.share(*(indicator(f"i{n}", "GREEN") for n in range(OBJECTS)))
    questions = [asked(world, code, limit=limit) for code in ("XA", "XI") for limit in range(1, THREADS)]

    def ask(one: Asked) -> list[int]:
        try:
            found = [delivering.deliver(one, Page.bodies) for _ in range(ROUNDS)]
            return [answer.count for answer in found if answer is not None]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        counts = list(pool.map(ask, questions))
    assert counts == [[one.query.limit] * ROUNDS for one in questions]
    for code in ("XA", "XI"):
        leaves = [entries.decode(leaf) for leaf in receipts.leaves(code, 0, 1000)]
        given_then = [one for one in leaves if isinstance(one, entries.Delivery)]
        assert [one.index for one in leaves] == list(range(len(leaves)))
        assert sorted(one.count for one in given_then) == sorted(list(range(1, THREADS)) * ROUNDS)


@pytest.mark.django_db
@pytest.mark.both_stores
@pytest.mark.parametrize("what", ["law", "stock", "credential"])
def test_what_was_read_before_something_turned_is_not_recorded(what: str) -> None:
    world = World()
    world.share(indicator("a", "GREEN"))
    question = asked(world, "XA")
    epoch = epochs.read()
    sight = sights.sight("XA", world.collection, world.now, epoch)
    before = LedgerEntry.objects.count()
    world.tick()
    if what == "law":
        world.event("XA", EventKind.SUSPENSION)
    elif what == "stock":
        Entry.objects.update(deleted_at=1)
    else:
        Credential.objects.filter(pk=question.credential.pk).update(revoked_at=1)
    recorded = LedgerEntry.objects.count()
    with pytest.raises(commits.Moved):
        commits.record(Waiting(sight, epoch.doors, lambda index: b"%d" % index, b""))
    assert LedgerEntry.objects.count() == recorded >= before


@pytest.mark.django_db
@pytest.mark.both_stores
def test_a_suspension_that_is_rolled_back_leaves_nothing_that_is_remembered() -> None:
    world = World()
    world.share(indicator("a", "AMBER"))
    assert len(world.objects("XA")) == 1
    world.tick()
    with transaction.atomic():
        world.event("XA", EventKind.SUSPENSION)
        assert world.objects("XA") == []
        transaction.set_rollback(True)
    assert len(world.objects("XA")) == 1
    world.event("XA", EventKind.SUSPENSION)
    assert world.objects("XA") == []


@pytest.mark.django_db
@pytest.mark.both_stores
@pytest.mark.parametrize("path", ["objects/", "manifest/", f"objects/{indicator('i3', 'GREEN')['id']}/versions/"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_went_is_read_back_from_places_as_the_entry_commits_to_it(path: str, method: str) -> None:
    world = World()
    world.share(*(indicator(f"i{n}", ("GREEN", "CLEAR")[n % 2]) for n in range(OBJECTS)))
    assert world.get("XA", PATH + path, "limit=7", method).status == 200
    row = LedgerEntry.objects.filter(log__party="XA").latest("index")
    entry = entries.decode(bytes(row.leaf))
    assert isinstance(entry, entries.Answer)
    assert entry.request.startswith(method)
    went = list(given.went(bytes(row.items)))
    assert entry.count == len(went)
    assert entry.items == entries.items_hash(one.digest for one in went)
    assert entry.items == sha256(given.digests(bytes(row.items))).hexdigest()
    assert entry.names == entries.names_hash((one.id, one.version) for one in went)


@pytest.mark.django_db
@pytest.mark.both_stores
def test_entries_that_kept_versions_and_digests_are_still_read() -> None:
    world = World()
    world.share(*(indicator(f"i{n}", "GREEN") for n in range(3)))
    rows = [(one.pk, one.stix_id, one.version, one.digest) for one in StoredVersion.objects.order_by("id")]
    kept = msgspec.msgpack.encode({"versions": [r[0] for r in rows], "digests": b"".join(bytes(r[3]) for r in rows)})
    assert [tuple(one) for one in given.went(kept)] == [(r[1], r[2], bytes(r[3])) for r in rows]
    assert given.digests(kept) == b"".join(bytes(r[3]) for r in rows)
    assert given.holds(read_kept(kept), rows[1][0], [])
    assert not given.holds(read_kept(kept), 0, [])
    assert Log.objects.filter(party=Party.objects.get(code="XA")).count() <= 1
    assert Collection.objects.count() == 1
