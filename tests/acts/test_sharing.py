"""Objects taken in: placed by what they refer to, trimmed by who asks, narrowed by what they derive from."""

from datetime import timedelta

import pytest

from comity.acts import explaining, intake
from comity.models import Collection
from comity.policy.release import NOT_NAMED
from tests.journeys.world import MARKING, PATH, START, World, indicator, relationship, report, stix_id

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


def test_a_repetition_changes_nothing_and_other_content_under_one_version_is_refused() -> None:
    world = World()
    assert world.share(indicator("a", "GREEN")).stored == [0]
    assert world.share(indicator("a", "GREEN")).known == [0]
    clash = world.share(indicator("a", "GREEN", description="changed"))
    assert "give the change a later `modified`" in clash.refused[0][1]
    assert len(world.objects("XA")) == 1


def test_a_relationship_waits_for_both_its_ends_and_then_goes_as_far_as_the_narrower() -> None:
    world = World()
    link = relationship("ab", "GREEN", stix_id("indicator", "a"), stix_id("indicator", "b"))
    assert "waits for" in world.share(link).waiting[0][1]
    world.share(indicator("a", "GREEN"))
    assert [o["type"] for o in world.objects("XI")] == ["indicator"]
    world.tick()
    world.share(indicator("b", "AMBER"))
    assert [o["type"] for o in world.objects("XA")] == ["indicator", "indicator", "relationship"]
    assert [o["type"] for o in world.objects("XI")] == ["indicator"]


def test_a_newer_version_with_a_stricter_marking_leaves_the_older_one_as_the_latest_for_others() -> None:
    world = World()
    world.share(indicator("a", "GREEN"))
    world.tick()
    world.share(indicator("a", "AMBER", START + timedelta(hours=1), description="new"))
    assert [o.get("description") for o in world.objects("XA")] == ["new"]
    assert [o.get("description") for o in world.objects("XI")] == [None]
    assert len(world.objects("XA", "match[version]=all")) == 2


def test_a_link_to_an_object_whose_new_version_opens_to_another_reaches_that_other_too() -> None:
    world = World()
    world.share(indicator("a", "AMBER"), indicator("b", "GREEN"),
                relationship("ab", "GREEN", stix_id("indicator", "a"), stix_id("indicator", "b")))  # fmt: skip
    before = world.walk("XA")
    assert world.walk("XI") == [stix_id("indicator", "b")]
    world.tick()
    world.share(indicator("a", "GREEN", START + timedelta(hours=1)))
    whole = {stix_id("indicator", "a"), stix_id("indicator", "b"), stix_id("relationship", "ab")}
    assert set(world.walk("XI")) == whole
    assert sorted(world.walk("XA")) == sorted(before), "for whoever had it, the link is not new"


def test_a_report_names_to_each_only_what_that_partner_may_have() -> None:
    world = World()
    a, b = stix_id("indicator", "a"), stix_id("indicator", "b")
    world.share(indicator("a", "GREEN"), indicator("b", "AMBER"), report("r", "GREEN", a, b))
    assert world.objects("XA", "match[type]=report")[0]["object_refs"] == [a, b]
    assert world.objects("XI", "match[type]=report")[0]["object_refs"] == [a]


def test_a_part_marked_more_strictly_is_taken_out_for_whoever_may_not_have_it() -> None:
    world = World()
    world.share(indicator("a", "GREEN", description="the source", granular_markings=[
        {"marking_ref": MARKING["AMBER"], "selectors": ["description"]}]))  # fmt: skip
    assert world.objects("XA")[0]["description"] == "the source"
    assert "description" not in world.objects("XI")[0]


def test_what_is_derived_inherits_the_limits_of_what_it_derives_from() -> None:
    world = World()
    world.share(indicator("made", "GREEN"))
    assert len(world.objects("XI")) == 1
    world.tick()
    link = relationship("from", "GREEN", stix_id("indicator", "made"), stix_id("indicator", "origin"))
    world.share(indicator("origin", "AMBER"), {**link, "relationship_type": "derived-from"})
    assert world.objects("XI") == []
    assert len(world.objects("XA")) == 3


def test_red_goes_to_nobody_it_does_not_name() -> None:
    world = World()
    world.share(indicator("r", "RED"))
    assert all(world.objects(code) == [] for code in ("XA", "XI", "XN"))
    decisions = explaining.decide(stix_id("indicator", "r"), "XA", world.now)
    assert decisions[0].grounds == (NOT_NAMED,)


def test_unknown_and_withheld_are_one_answer() -> None:
    world = World()
    world.share(indicator("hidden", "RED"))
    hidden = world.get("XA", f"{PATH}objects/{stix_id('indicator', 'hidden')}/")
    unknown = world.get("XA", f"{PATH}objects/{stix_id('indicator', 'unknown')}/")
    assert (hidden.status, hidden.body) == (unknown.status, unknown.body) == (404, unknown.body)


def test_a_file_without_an_object_is_refused_by_name_and_makes_no_collection() -> None:
    world = World()
    said = intake.Said(None, "", "", "none", frozenset(), exercise=False)
    with pytest.raises(intake.IntakeRefused, match=r"empty\.json: there is no object in it"):
        intake.share([("empty.json", [b'{"objects": []}'])], "fresh", said, "test", world.now)
    assert not Collection.objects.filter(alias="fresh").exists()
