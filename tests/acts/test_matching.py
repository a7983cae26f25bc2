"""Indicators as they are stored, taken to be matched, and the sightings of them that go back under the clauses."""

from datetime import timedelta
from typing import Any

import pytest

from comity.acts import intake, matching
from comity.policy.markings import Tlp
from comity.stix.objects import Accepted, read
from comity.stix.streams import objects
from comity.stix.timestamps import instant
from tests.journeys.world import START, World, indicator, stix_id

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

SEEN = matching.Sighted(instant("2026-11-23T10:00:00.5Z"), instant("2026-11-23T10:00:01Z"), 3)


def test_the_latest_version_of_each_indicator_is_taken_and_none_that_is_revoked() -> None:
    world = World()
    world.share(indicator("a", "GREEN"), indicator("b", "GREEN"))
    world.tick()
    world.share(indicator("a", "GREEN", START + timedelta(hours=1), valid_until="2027-01-01T00:00:00.000Z"))
    world.share(indicator("b", "GREEN", START + timedelta(hours=1), revoked=True))
    found, broken = matching.stored(None)
    assert [(one.id, one.until) for one in found] == [(stix_id("indicator", "a"), instant("2027-01-01T00:00:00Z"))]
    assert broken == []


def test_an_unknown_collection_is_told_with_those_that_there_are() -> None:
    world = World()
    world.share(indicator("a", "GREEN"))
    with pytest.raises(LookupError, match=world.collection.alias):
        matching.stored("nowhere")


def test_sightings_are_valid_and_go_to_whom_the_clauses_let_them() -> None:
    world = World()
    world.share(indicator("a", "GREEN"))
    made = matching.sightings({stix_id("indicator", "a"): SEEN}, START + timedelta(hours=2))
    bundle = matching.bundle(made)
    checked = [read(one) for one in objects("sightings", bundle) if isinstance(one, bytes)]
    assert len(checked) == 2
    assert all(isinstance(one, Accepted) for one in checked)
    world.tick()
    report = intake.share([("sightings", [bundle])], world.collection.alias, intake.Said(Tlp.read("GREEN")), "officer",
                          START + timedelta(hours=3))  # fmt: skip
    assert (report.stored, report.refused, report.waiting) == (2, [], [])
    world.tick()
    got: list[dict[str, Any]] = [one for one in world.objects("XA") if one["type"] == "sighting"]
    assert [(one["sighting_of_ref"], one["count"]) for one in got] == [(stix_id("indicator", "a"), 3)]
    assert (got[0]["first_seen"], got[0]["last_seen"]) == ("2026-11-23T10:00:00.500Z", "2026-11-23T10:00:01.000Z")


def test_the_identity_stays_the_same_from_run_to_run() -> None:
    world = World()
    world.share(indicator("a", "GREEN"))
    runs = [matching.sightings({}, START + timedelta(hours=hours))[0] for hours in (1, 2)]
    assert runs[0] == runs[1]
