"""The account of a year is what the log says, counted by another path too, and differences from theirs are named."""

import json
from collections import Counter
from datetime import timedelta

import pytest

from comity.acts import accounts, following, given, messages, requests
from comity.acts.agreements import Rejected
from comity.acts.messages import Way
from comity.acts.requests import Asked
from comity.ledger import messages as form
from comity.ledger.messages import Kind
from comity.models import LedgerEntry, StoredVersion
from comity.stix.timestamps import instant
from tests.acts.test_withdrawal import received
from tests.journeys.world import START, World, indicator, report, stix_id

MOU, NAME = "bs-xa-cyber-mou", "BS-XA cyber MoU"
NEVER = f"{stix_id('indicator', 'x')} 2026-11-02T08:00:00.000Z"


def exchanged() -> World:
    world = World()
    world.share(indicator("a", "GREEN"), indicator("b", "AMBER"), indicator("open", "CLEAR"),
                report("r", "GREEN", stix_id("indicator", "a")))  # fmt: skip
    world.objects("XA", "limit=2")
    world.objects("XA")
    world.objects("XI")
    world.tick()
    world.share(indicator("a", "GREEN", START + timedelta(hours=1)))
    world.objects("XA")
    received(world, indicator("theirs", "GREEN"), indicator("more", "AMBER"))
    return world


def recounted(party: str, agreement: str) -> Counter[tuple[str, str]]:
    """Count by another path: item by item from the leaves as JSON, and the marking from the stored object itself."""
    went: dict[tuple[str, str], tuple[str, str]] = {}
    for row in LedgerEntry.objects.filter(log__party_id=party).order_by("index"):
        leaf = json.loads(bytes(row.leaf))
        if leaf["kind"] != "delivery":
            continue
        grounds = [ground["agreement"] for ground in leaf["grounds"]]
        runs = leaf.get("by_item") or [[0, leaf["count"]]]
        each = [grounds[place] for place, count in runs for _ in range(count)]
        for one, ground in zip(given.went(bytes(row.items)), each, strict=True):
            if ground == agreement:
                stored = StoredVersion.objects.get(stix_id=one.id, instant=instant(one.version))
                handling = json.loads(stored.own.body)
                went[one.id, one.version] = (handling["information"], handling["tlp"])
    return Counter(went.values())


@pytest.mark.django_db
@pytest.mark.both_stores
def test_it_counts_what_the_log_says_and_each_version_once() -> None:
    world = exchanged()
    one = accounts.account(MOU, "XA", 2026, world.now)
    by_hand = {("technical indicators", "GREEN"): 2, ("technical indicators", "AMBER"): 1,
               ("threat analysis", "GREEN"): 1}  # fmt: skip
    assert {(line.information, line.tlp): line.count for line in one.given} == by_hand == recounted("XA", NAME)
    assert (one.pages, one.given_total, one.received_total) == (3, 4, 2)
    assert accounts.account(MOU, "XA", 2025, world.now).given == ()
    with pytest.raises(Rejected, match="no other party"):
        accounts.account(MOU, "XI", 2026, world.now)


@pytest.mark.django_db
def test_answer_times_and_what_was_undertaken_stand_beside_it() -> None:
    world = World()
    row = requests.ask(Asked("XA", "assistance", "Help.", "emergency", MOU), "officer", world.now)
    world.tick(3 * 3600)
    reply = form.draft(Kind.ANSWERED, stix_id("x", "1").removeprefix("x--"), messages.stamp(world.now), "XA", "BS",
                       {"answer": "Yes."}, in_reply_to=row.uuid)  # fmt: skip
    following.take("XA", form.encode(reply), Way(), "xa-1", world.now)
    one = accounts.account(MOU, "XA", 2026, world.now)
    assert accounts.answer_times(one.answers) == ((False, "acknowledge", 1, 0), (False, "answer", 1, 1))
    later = accounts.account(MOU, "XA", 2027, world.now + timedelta(days=200))
    assert [(p.amount, p.due.isoformat() if p.due else "") for p in later.promises if p.amount] == [
        ("training places offered by each Party: 2", "2027-03-31")
    ]


@pytest.mark.django_db
def test_what_they_state_is_held_against_it_and_differences_are_named() -> None:
    world = exchanged()
    one = accounts.account(MOU, "XA", 2026, world.now)
    assert accounts.compare(one) is None
    sent = messages.read_row(accounts.send(MOU, "XA", 2026, "officer", world.now))
    same: dict[str, form.Said] = {
        "year": 2026, "checkpoint": sent.text("checkpoint"), "given": 2, "received": 4,
        "given_names": sent.lines("received_names"),
        "received_names": sent.lines("given_names"),
    }  # fmt: skip
    _state(world, same, "same")
    compared = accounts.compare(one)
    assert compared is not None
    assert compared.differences == ()
    lost: dict[str, form.Said] = {
        **same, "received": 3, "received_names": sent.lines("given_names")[1:], "given": 3,
        "given_names": [*sent.lines("received_names"), NEVER],
    }  # fmt: skip
    _state(world, lost, "lost")
    compared = accounts.compare(one)
    assert compared is not None
    gave, got = compared.differences
    assert (gave.about, gave.ours, gave.theirs, gave.only_ours) == ("given", 4, 3, (sent.lines("given_names")[0],))
    assert (got.about, got.ours, got.theirs) == ("received", 2, 3)
    assert got.only_theirs == (NEVER,)


def _state(world: World, says: dict[str, form.Said], name: str) -> None:
    made = form.draft(Kind.ACCOUNT, stix_id("x", name).removeprefix("x--"), messages.stamp(world.now), "XA", "BS", says,
                      NAME)  # fmt: skip
    following.take("XA", form.encode(made), Way(), "xa-1", world.now)
