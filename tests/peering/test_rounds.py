"""Rounds with a server on the far side that has one known fault after the other."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from comity.acts import agreements, parcels, peer_runs, peers
from comity.ledger import entries
from comity.models import LedgerEntry, Line, Parcel, Run, Snag, StoredVersion
from comity.peering import rounds
from comity.peering.client import Reply, Unreached
from comity.policy.life_events import EventKind
from tests.journeys.world import BILATERAL, FILES, SLUGS, START, World, indicator, relationship, stix_id
from tests.peering.far import Far, accepted, tied, world

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
A, B = stix_id("indicator", "a"), stix_id("indicator", "b")


def go(line: Line, far: Far, at: World) -> peer_runs.Ended:
    at.tick()
    line.refresh_from_db()
    return rounds.make(line, world(far, at.now))


def log_of_ardenia(kind: type[entries.Entry]) -> list[Any]:
    rows = LedgerEntry.objects.filter(log__party_id="XA").order_by("index")
    return [one for one in (entries.decode(bytes(row.leaf)) for row in rows) if isinstance(one, kind)]


def held() -> list[str]:
    return sorted(StoredVersion.objects.values_list("stix_id", flat=True))


def some(count: int, tlp: str = "GREEN") -> list[tuple[int, dict[str, Any]]]:
    return [(number // 2, indicator(f"far-{number}", tlp)) for number in range(count)]


def test_a_collection_is_read_whole_once_and_entered_in_the_givers_log_with_the_clause_it_came_under() -> None:
    at, far = World(), Far(some(9))
    line = tied(at.collection, "pull", at.now, page=2)
    ended = go(line, far, at)
    assert (ended.ended, ended.stored, ended.known) == ("done", 9, 0)
    assert go(line, far, at).stored == 0
    received = log_of_ardenia(entries.Received)
    assert sum(one.count for one in received) == 9
    assert received[0].credential == "peer far"
    own = {json.loads(body)["received_under"][1] for body in StoredVersion.objects.values_list("own__body", flat=True)}
    assert own == {"A4.1"}


@pytest.mark.parametrize("more", [{"cursors": False}, {"heads": False}, {"cap": 1}, {"cap": 3}])
def test_faults_of_paging_lose_nothing_and_double_nothing(more: dict[str, Any]) -> None:
    at = World()
    far = Far(some(7), **more) if more != {"cap": 1} else Far([(n, one) for n, (_, one) in enumerate(some(7))], cap=1)
    line = tied(at.collection, "pull", at.now, page=4)
    go(line, far, at)
    far.stock.append((99, indicator("late", "GREEN")))
    go(line, far, at)
    assert held() == sorted(one["id"] for _, one in far.stock)


def test_a_cursor_that_is_forgotten_in_a_pause_is_done_without() -> None:
    at, far = World(), Far(some(8))
    line = tied(at.collection, "pull", at.now, page=3, most=3)
    assert go(line, far, at).ended == "quota"

    def forgets(_method: str, asked: Mapping[str, str]) -> Reply | None:
        return Reply(400, {}, b"no such next") if asked.get("next") == "3" else None

    far.fault = forgets
    while go(line, far, at).ended == "quota":
        assert len(held()) <= 8
    assert len(held()) == 8


@pytest.mark.parametrize(("reply", "wait"), [
    (Reply(503, {"retry-after": "120"}, b""), 120), (Reply(429, {}, b""), 30), (Reply(500, {}, b"<html>"), 30),
    (Reply(200, {}, b"<html>"), 30), (Reply(429, {"retry-after": "Mon, 02 Nov 2026 08:10:01 GMT"}, b""), 600),
])  # fmt: skip
def test_a_server_that_cannot_now_is_left_alone_for_as_long_as_it_asks(reply: Reply, wait: int) -> None:
    at, far = World(), Far(some(2), fault=lambda _method, _asked: reply)
    line = tied(at.collection, "pull", at.now)
    ended = go(line, far, at)
    assert (ended.ended, held()) == ("trouble", [])
    assert ended.trouble
    line.refresh_from_db()
    assert line.due_at == int((at.now + timedelta(seconds=wait)).timestamp() * 1_000_000)
    assert peer_runs.due(at.now) == []
    far.fault = lambda _method, _asked: None
    at.tick(wait + 1)
    assert [one.pk for one in peer_runs.due(at.now)] == [line.pk]
    assert go(line, far, at).stored == 2


def test_what_is_no_object_and_what_clashes_is_kept_and_shown_and_stops_nothing_else() -> None:
    at = World()
    one, other = indicator("a", "GREEN"), indicator("a", "GREEN", description="otherwise")
    far = Far([(1, one), (2, other), (3, {"type": "x", "id": "not-an-id"}), (4, indicator("b", "GREEN"))])
    line = tied(at.collection, "pull", at.now)
    ended = go(line, far, at)
    assert (ended.stored, ended.refused, ended.conflicts) == (2, 1, 1)
    kept = {snag.kind: snag for snag in Snag.objects.all()}
    assert bytes(kept["conflict"].body) == accepted(other).body
    assert "later `modified`" in kept["conflict"].why
    line.overlap = 60
    line.save()
    go(line, far, at)
    assert Snag.objects.count() == 2
    assert set(Snag.objects.values_list("times", flat=True)) == {2}


def test_our_own_comes_back_and_is_known_for_ours_and_nobody_else_makes_versions_of_it() -> None:
    at = World()
    ours = indicator("a", "GREEN")
    at.share(ours)
    theirs = indicator("a", "GREEN", START + timedelta(hours=1))
    there = at.collect("from-xa", 2)
    line = tied(there, "pull", at.now)
    ended = go(line, Far([(1, ours), (2, theirs), (3, indicator("b", "GREEN"))]), at)
    assert (ended.stored, ended.returned, ended.conflicts) == (1, 1, 1)
    assert "was not made here" in Snag.objects.get().why


def test_what_somebody_gave_first_stays_under_what_that_one_was_promised() -> None:
    at = World()
    line = tied(at.collection, "pull", at.now)
    go(line, Far([(1, indicator("a", "GREEN"))]), at)
    first = StoredVersion.objects.get().own_id
    there = at.collect("from-circle", 2)
    address = "https://x.example/"
    peer = peers.add(peers.Asked("circle", "XI", SLUGS["XI"], address, address), "test", at.now)
    second = peers.add_line(peer, peers.Wanted("pull", "c", "from-circle"), at.now)
    go(second, Far([(1, indicator("a", "GREEN"))]), at)
    assert set(StoredVersion.objects.values_list("own_id", "collection__alias")) == {
        (first, "indicators"), (first, there.alias)}  # fmt: skip


def test_nothing_is_taken_or_given_while_the_agreement_is_suspended() -> None:
    at, far = World(), Far(some(2))
    at.share(indicator("public", "CLEAR"))
    lines = [tied(at.collection, way, at.now) for way in ("pull", "push")]
    at.event("XA", EventKind.SUSPENSION)
    at.tick()
    ended = [go(line, far, at) for line in lines]
    assert [one.ended for one in ended] == ["withheld", "withheld"]
    assert "does not bind us and XA now" in ended[0].trouble
    assert (far.got, held()) == ([], [stix_id("indicator", "public")])
    at.event("XA", EventKind.END_OF_SUSPENSION)
    assert [go(line, far, at).ended for line in lines] == ["done", "done"]


def test_what_the_party_may_have_goes_once_in_order_and_nothing_that_came_from_it() -> None:
    at, far = World(), Far(some(3))
    link = relationship("ab", "GREEN", A, B)
    at.share(link, indicator("a", "GREEN"), indicator("b", "AMBER"), indicator("red", "RED"))
    go(tied(at.collection, "pull", at.now), far, at)
    line = tied(at.collection, "push", at.now, page=2)
    assert go(line, far, at).ended == "done"
    assert far.posts == [[A, B], [link["id"]]]
    delivered = log_of_ardenia(entries.Delivery)
    assert [one.count for one in delivered] == [2, 1]
    assert delivered[0].grounds[0].clause == "A4.1"
    go(line, far, at)
    assert len(far.posts) == 2
    at.share(indicator("c", "GREEN"))
    go(line, far, at)
    assert far.posts[2:] == [[stix_id("indicator", "c")]]


def test_each_parcel_stands_in_the_ledger_before_a_byte_of_it_leaves() -> None:
    at = World()
    at.share(indicator("a", "GREEN"))
    seen: list[int] = []

    def look(method: str, _asked: Mapping[str, str]) -> Reply | None:
        seen.extend([len(log_of_ardenia(entries.Delivery))] if method == "POST" else [])
        return None

    go(tied(at.collection, "push", at.now), Far(fault=look), at)
    assert seen == [1]


def dead_after(_method: str, _asked: Mapping[str, str]) -> Reply:
    """Take what is given, and let the line go dead before it is answered."""
    return Reply(0, {}, b"")


def test_a_parcel_without_an_answer_goes_again_under_its_one_entry_unless_the_law_has_turned() -> None:
    at = World()
    at.share(indicator("a", "GREEN"), indicator("public", "CLEAR"))
    line, far = tied(at.collection, "push", at.now), Far(fault=dead_after)
    assert "went dead" in go(line, far, at).trouble
    assert go(line, far, at).ended == "trouble"
    assert (len(far.posts), len(log_of_ardenia(entries.Delivery)), len(far.got)) == (2, 1, 2)
    agreements_narrow(at)
    far.fault = lambda _method, _asked: None
    assert go(line, far, at).ended == "done"
    assert far.posts[2:] == [[stix_id("indicator", "public")]]
    assert [one.count for one in log_of_ardenia(entries.Delivery)] == [2, 1]
    assert sorted(Parcel.objects.values_list("state", flat=True)) == ["answered", "dropped"]


def agreements_narrow(at: World) -> None:
    """Amend the memorandum: nothing but what is public goes any more."""
    text = (FILES / BILATERAL).read_text(encoding="utf-8")
    text = re.sub("tlp_up_to: .*", "tlp_up_to: CLEAR", text.partition("examples:")[0])
    text += """examples:
  - {day: "2026-06-01", share: technical indicators, purpose: prevention, tlp: GREEN, personal_data: none,
     answer: refused, by: A4.1}
"""
    at.tick()
    happened = agreements.Happened(EventKind.AMENDMENT, at.now.date(), "an exchange of notes")
    agreements.amend(SLUGS["XA"], text.encode(), "narrowed.yaml", happened, "test", at.now)
    at.tick()


@pytest.mark.parametrize("pending", [1, 3])
def test_what_is_answered_later_is_asked_for_until_it_is_said(pending: int) -> None:
    at, far = World(), Far(pending=pending)
    at.share(indicator("a", "GREEN"))
    line = tied(at.collection, "push", at.now)
    assert go(line, far, at).ended == "done"
    assert Parcel.objects.get().state == "answered"


def test_what_is_not_said_in_one_round_is_asked_for_in_the_next_without_giving_it_again() -> None:
    at, far = World(), Far(pending=9)
    at.share(indicator("a", "GREEN"))
    line = tied(at.collection, "push", at.now)
    assert "has not said yet" in go(line, far, at).trouble
    while go(line, far, at).ended == "trouble":
        assert len(far.posts) == 1
    assert len(far.posts) == 1


@pytest.mark.parametrize("whole", [True, False])
def test_what_the_other_side_does_not_take_is_kept_and_the_rest_goes(whole: bool) -> None:
    at, far = World(), Far(whole=whole, bad=frozenset({B}))
    at.share(*(indicator(name, "GREEN") for name in "abcde"))
    line = tied(at.collection, "push", at.now, page=5)
    go(line, far, at)
    assert len(far.got) == 4
    snag = Snag.objects.get()
    assert (snag.stix_id, snag.outgoing, snag.kind) == (B, True, "refused")
    line.refresh_from_db()
    assert line.pages == 0
    assert sum(one.count for one in log_of_ardenia(entries.Delivery)) >= 5


def test_an_object_larger_than_the_other_side_takes_is_kept_out_and_shown() -> None:
    at, far = World(), Far()
    at.share(indicator("a", "GREEN"), indicator("b", "GREEN", description="x" * 3000), indicator("c", "GREEN"))
    line = tied(at.collection, "push", at.now)
    line.peer.largest = 2000
    line.peer.save()
    assert go(line, far, at).ended == "done"
    assert [one["id"] for one in far.got] == [A, stix_id("indicator", "c")]
    assert "more than the 2000 that the other side takes" in Snag.objects.get().why


def test_of_rounds_that_bring_nothing_the_last_is_kept() -> None:
    at, far = World(), Far()
    line = tied(at.collection, "pull", at.now)
    for _ in range(4):
        go(line, far, at)
    assert Run.objects.count() == 1


def test_two_rounds_at_once_take_a_page_in_once() -> None:
    at, far = World(), Far(some(4))
    line = tied(at.collection, "pull", at.now, page=2)
    place, run = peer_runs.place(line), peer_runs.begin(line, at.now)
    go(line, far, at)
    with pytest.raises(peer_runs.Overtaken):
        peer_runs.take_page(line, run, [accepted(indicator("x", "GREEN"))], (place, place), at.now)
    assert len(held()) == 4


def test_a_parcel_is_packed_once_by_two_that_pack() -> None:
    at = World()
    at.share(indicator("a", "GREEN"))
    line = tied(at.collection, "push", at.now)
    first, second = parcels.pack(line, at.now), parcels.pack(line, at.now)
    assert first is not None
    assert second is not None
    assert (first.parcel.pk, first.body) == (second.parcel.pk, second.body)
    assert len(log_of_ardenia(entries.Delivery)) == 1


def test_a_line_that_goes_dead_is_trouble_in_one_line() -> None:
    def dead(_method: str, _asked: Mapping[str, str]) -> Reply | None:
        raise Unreached("no answer: connection refused")

    at = World()
    ended = go(tied(at.collection, "pull", at.now), Far(fault=dead), at)
    assert (ended.ended, ended.trouble) == ("trouble", "no answer: connection refused")
