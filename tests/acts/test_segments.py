"""Bodies are stored by class in segments, sealed as they fill, and what is remembered goes out of date by itself."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import transaction

from comity.acts import segments
from comity.models import Credential, Entry, LooseBody, Node, Right, StoredVersion, of_types
from comity.models import Segment as Row
from comity.policy.life_events import EventKind
from comity.stix.segments import FULL, MOST
from tests.journeys.world import PATH, START, World, indicator

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
MARKS = ("law_mark", "class_mark", "door_mark", "stock_mark")


def marks() -> dict[str, str]:
    found: dict[str, str] = dict(Node.objects.values(*MARKS).get())
    assert all(len(value) == 32 for value in found.values())
    return found


def turned(before: dict[str, str]) -> set[str]:
    after = marks()
    return {name for name in MARKS if after[name] != before[name]}


def test_places_are_sealed_when_there_are_enough_and_read_back_the_same() -> None:
    world = World()
    for start in range(0, 200, 50):
        world.share(*(indicator(f"i{n}", "GREEN") for n in range(start, start + 50)))
        world.tick()
    sealed = Row.objects.filter(count=FULL)
    assert sealed.count() == 1
    assert not sealed.get().careful
    loose = LooseBody.objects.filter(handling=sealed.get().handling)
    assert loose.count() == 200 - FULL
    versions = list(StoredVersion.objects.filter(of_types("indicator")).values_list("id", "digest"))
    held = segments.bodies([pk for pk, _ in versions])
    assert all(sha256(held[pk]).digest() == bytes(digest) for pk, digest in versions)
    assert not StoredVersion.objects.exclude(body=b"").exists()
    given = world.objects("XA")
    assert [one["id"] for one in given] == [indicator(f"i{n}", "GREEN")["id"] for n in range(200)]


@pytest.mark.parametrize(("count", "loose"), [(FULL // 2, 0), (FULL // 2 - 1, FULL // 2 - 1), (FULL + 200, 0)])
def test_what_one_act_leaves_is_sealed_too_where_it_fills_the_half_of_a_segment(count: int, loose: int) -> None:
    world = World()
    for start in (0, count):
        world.share(*(indicator(f"i{n}", "GREEN") for n in range(start, start + count)))
        world.tick()
    assert LooseBody.objects.count() == 2 * loose
    assert sum(Row.objects.values_list("count", flat=True)) == 2 * (count - loose)
    given = world.objects("XA")
    assert [one["id"] for one in given] == [indicator(f"i{n}", "GREEN")["id"] for n in range(2 * count)]


def test_segments_that_hold_more_from_before_are_read_beside_others(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    with monkeypatch.context() as patch:
        patch.setattr("comity.stix.segments.FULL", MOST)
        world.share(*(indicator(f"i{n}", "GREEN") for n in range(MOST)))
    world.tick()
    world.share(*(indicator(f"i{n}", "GREEN") for n in range(MOST, 2 * MOST)))
    assert sorted(Row.objects.values_list("count", flat=True)) == [FULL, FULL, MOST]
    given = world.objects("XA")
    assert [one["id"] for one in given] == [indicator(f"i{n}", "GREEN")["id"] for n in range(2 * MOST)]
    last = indicator(f"i{MOST - 1}", "GREEN")["id"]
    assert [one["id"] for one in world.objects("XA", f"match[id]={last}")] == [last]


def test_a_segment_is_told_when_an_object_in_it_gets_another_version() -> None:
    world = World()
    world.share(*(indicator(f"i{n}", "GREEN") for n in range(FULL)))
    assert not Row.objects.get(count=FULL).careful
    world.tick()
    world.share(indicator("i7", "AMBER", START + timedelta(hours=1)))
    assert Row.objects.get(count=FULL).careful
    assert len(world.objects("XI")) == FULL  # the older version of i7 is the latest that this partner may have
    assert world.get("XI", PATH + "objects/").status == 200


def test_each_mark_turns_with_what_it_stands_for_and_never_comes_back() -> None:
    world = World()
    world.share(indicator("a", "GREEN"))
    before = marks()
    world.tick()
    world.share(indicator("b", "GREEN"))
    assert turned(before) == {"stock_mark"}
    before = marks()
    Entry.objects.update(deleted_at=1)
    assert turned(before) == {"stock_mark"}
    before = marks()
    Credential.objects.update(revoked_at=1)
    assert turned(before) == {"door_mark"}
    before = marks()
    Right.objects.all().delete()
    assert turned(before) == {"door_mark"}
    before = marks()
    world.tick()
    world.share(indicator("c", "AMBER"))
    assert turned(before) == {"stock_mark", "class_mark"}
    before = marks()
    with transaction.atomic():
        Credential.objects.update(revoked_at=2)
        within = marks()
        transaction.set_rollback(True)
    assert marks() == before
    Credential.objects.update(revoked_at=2)
    assert marks()["door_mark"] not in {before["door_mark"], within["door_mark"]}


def test_an_event_in_an_agreements_life_turns_the_mark_of_the_law() -> None:
    world = World()
    before = marks()
    world.event("XA", EventKind.SUSPENSION)
    assert "law_mark" in turned(before)
