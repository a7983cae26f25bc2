"""Files taken in: checked on every processor, put by, stored in steps; whole or not at all, whatever their size."""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from comity.acts import checking, gathering, holdings, intake, moments, sealing, standby
from comity.models import Batch, Collection, StoredVersion
from comity.policy.markings import Tlp
from comity.stix.blocks import BrokenError
from tests.journeys.oracle import Oracle
from tests.journeys.stock import Object, made
from tests.journeys.walkers import Walker
from tests.journeys.world import BILATERAL, CIRCLE, FILES, SUSPENDED, World, indicator, relationship, stix_id
from tests.journeys.world import report as made_of

pytestmark = [pytest.mark.django_db]
GIVEN = intake.Said(Tlp.GREEN, purpose="prevention")


def lines(objects: list[Object]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in objects)


def pieces(text: bytes, size: int = 50_000) -> Iterator[bytes]:
    return (text[start : start + size] for start in range(0, len(text), size))


def share(world: World, text: bytes, name: str = "file") -> intake.Report:
    world.tick()
    return intake.share([(name, pieces(text))], world.collection.alias, GIVEN, "test", world.now)


@pytest.mark.both_stores
@pytest.mark.parametrize(("step", "in_mind", "in_hand"), [(11, 30, 4_000), (11, 50_000, 16 << 20), (500, 100, 1)])
def test_a_stock_stored_in_steps_gives_each_partner_what_the_oracle_says(
    step: int, in_mind: int, in_hand: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "_STEP", step)
    monkeypatch.setattr(holdings, "_IN_MIND", in_mind)
    monkeypatch.setattr(sealing, "_IN_HAND", in_hand)
    world, oracle = World(), Oracle.reading(*(FILES / name for name in (BILATERAL, CIRCLE, SUSPENDED)))
    stock = made(0.1)
    report = share(world, lines([*reversed(stock), *stock[:20], *stock[-20:]]))
    assert (report.stored, report.known, report.refused, report.waiting) == (len(stock), 40, [], [])
    assert Batch.objects.filter(collection=world.collection).count() == 1
    world.tick()
    for party in ("XA", "XI", "XN"):
        walker = Walker(world, party, 50, by_next=True)
        walker.finish()
        assert walker.objects == oracle.latest(party, stock, world.now.date())


def test_what_is_large_is_checked_by_several_processes_and_stored_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standby, "_processors", lambda: 3)
    world = World()
    many = [indicator(f"n{number}", "GREEN", description="x" * 900) for number in range(4_000)]
    text = lines(many[:2_000]) + b'{"type": "tool"}\n' + lines(many[2_000:])
    report = share(world, text)
    assert (report.stored, report.known, report.waiting) == (4_000, 0, [])
    assert [why.partition(": ")[0] for why in report.refused] == ["file, object 2001"]
    again = share(world, text)
    assert (again.stored, again.known, len(again.refused)) == (0, 4_000, 1)
    assert StoredVersion.objects.filter(collection=world.collection).count() == 4_000
    assert {one["id"] for one in world.objects("XA", "limit=10")} <= {one["id"] for one in many}


def test_a_large_bundle_that_breaks_off_stores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_STEP", 100)  # so that some of it is on its way into the store by then
    world = World()
    many = [indicator(f"n{number}", "GREEN", description="x" * 900) for number in range(3_000)]
    text = json.dumps({"type": "bundle", "id": f"bundle--{many[0]['id'][-36:]}", "objects": many}).encode()
    with pytest.raises(BrokenError):
        intake.share([("cut", pieces(text[:-2]))], "fresh", GIVEN, "test", world.now)
    assert not StoredVersion.objects.exists()
    assert not Collection.objects.filter(alias="fresh").exists()
    assert share(world, text).stored == 3_000


def test_nobody_holds_the_store_while_what_comes_through_a_pipe_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    world, begun = World(), list[str]()
    take = moments.take

    def taken(now: datetime) -> moments.Taken:
        begun.append("store")
        return take(now)

    monkeypatch.setattr(moments, "take", taken)

    def slowly() -> Iterator[bytes]:
        yield lines([indicator("a", "GREEN")])
        time.sleep(0.2)
        begun.append("read")

    with gathering.begun([("pipe", slowly())], Path(settings.DATA), steady=False) as coming:
        report = intake.store(coming, world.collection.alias, GIVEN, "test", world.now)
    assert (report.stored, begun) == (1, ["read", "store"])


def test_a_process_that_is_lost_stores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standby, "_processors", lambda: 2)
    monkeypatch.setattr(standby, "_SERVE", "import sys; sys.stdin.buffer.read(16)")
    world = World()
    with pytest.raises(checking.ProcessLostError, match="nothing was stored"):
        share(world, lines([indicator(f"n{number}", "GREEN", description="x" * 900) for number in range(4_000)]))
    assert not StoredVersion.objects.exists()


@pytest.mark.both_stores
@pytest.mark.parametrize("before", [[], [indicator("c", "GREEN")], [indicator("a", "GREEN")]])
@pytest.mark.parametrize("origin", [indicator("b", "AMBER"), made_of("b", "AMBER", stix_id("indicator", "d"))])
def test_what_derives_from_what_comes_after_it_is_narrowed_before_anyone_sees_it(
    before: list[Object], origin: Object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "_STEP", 1)
    world = World()
    if before:
        share(world, lines(before))
    derives = relationship("ab", "GREEN", stix_id("indicator", "a"), origin["id"])
    derives["relationship_type"] = "derived-from"
    report = share(world, lines([indicator("a", "GREEN"), derives, origin, indicator("d", "AMBER")]))
    assert (report.stored + report.known, report.waiting) == (4, [])
    world.tick()
    assert {one["id"] for one in world.objects("XI")} == {one["id"] for one in before} - {stix_id("indicator", "a")}
    assert {stix_id("indicator", "a"), derives["id"], origin["id"]} <= {one["id"] for one in world.objects("XA")}
