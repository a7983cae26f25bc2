"""What is withdrawn takes with it whatever cannot do without it; what has no versions may be given again."""

import json
from datetime import timedelta
from typing import Any

import pytest

from comity.acts import classes, explaining, receiving, sharing
from comity.models import Credential, Entry, StoredVersion
from comity.policy.grounds import Phrase
from comity.policy.handling import Terms
from comity.policy.markings import Tlp
from comity.stix.identifiers import deterministic_id
from comity.stix.objects import Accepted, read
from tests.journeys.world import MARKING, START, World, indicator, relationship, report, stix_id

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
A, B = stix_id("indicator", "a"), stix_id("indicator", "b")


def received(world: World, *values: dict[str, Any]) -> sharing.Outcome:
    """Store objects as given by Ardenia under the memorandum, which lets nobody else have them."""
    found = [read(json.dumps(value).encode()) for value in values]
    good = [one for one in found if isinstance(one, Accepted)]
    assert len(good) == len(found), found
    terms = Terms(Tlp.RED, "XA", "prevention", received_under=("bs-xa-cyber-mou", ""))
    return sharing.accept(world.collection, good, terms, "xa-1", world.now)


def withdraw(world: World, one: str, *versions: str) -> bool:
    world.tick()
    credential = Credential.objects.get(username="xa-1")
    return receiving.withdraw(credential, world.collection, one, versions, world.now)


def ids(world: World, code: str = "XA") -> set[str]:
    return {one["id"] for one in world.objects(code)}


def test_a_relationship_goes_with_its_end_and_comes_back_with_a_later_version_of_it() -> None:
    world = World()
    link = relationship("ab", "GREEN", A, B)
    received(world, indicator("a", "GREEN"), indicator("b", "GREEN"), link)
    assert ids(world) == {A, B, link["id"]}
    assert withdraw(world, A)
    assert ids(world) == {B}
    assert [one.grounds[0].key for one in explaining.decide(link["id"], "XA", world.now)] == [Phrase.WAITS]
    world.tick()
    received(world, indicator("a", "GREEN", START + timedelta(hours=1)))
    assert ids(world) == {A, B, link["id"]}


def test_what_its_giver_took_back_stays_away_when_what_it_needs_can_be_had_in_a_further_way() -> None:
    world = World()
    link = relationship("ab", "GREEN", A, B)
    received(world, indicator("a", "GREEN"), indicator("b", "GREEN"), link)
    assert withdraw(world, link["id"])
    world.tick()
    received(world, indicator("a", "AMBER", START + timedelta(hours=1)))
    assert ids(world) == {A, B}


def test_what_needs_what_needs_it_goes_too() -> None:
    world = World()
    link = relationship("ab", "GREEN", A, B)
    note = report("up", "GREEN", link["id"])
    received(world, indicator("a", "GREEN"), indicator("b", "GREEN"), link)
    received(world, note)
    assert withdraw(world, A)
    assert ids(world) == {B}


def test_a_report_goes_with_the_last_that_it_was_about() -> None:
    world = World()
    about = report("r", "GREEN", A, B)
    received(world, indicator("a", "GREEN"), indicator("b", "GREEN"), about)
    assert withdraw(world, A)
    assert ids(world) == {B, about["id"]}
    assert [one["object_refs"] for one in world.objects("XA") if one["type"] == "report"] == [[B]]
    assert withdraw(world, B)
    assert ids(world) == set()


def test_where_a_milder_version_is_withdrawn_the_link_goes_as_far_as_the_stricter_that_stays() -> None:
    world = World()
    mild, strict = indicator("a", "GREEN"), indicator("a", "AMBER", START + timedelta(hours=1))
    link = relationship("ab", "GREEN", A, B)
    world.share(indicator("b", "GREEN"))
    received_as_public = Terms(Tlp.RED, "XA", "prevention", received_under=("caribbean-cert-circle", ""))
    for value in (mild, strict, link):
        found = read(json.dumps(value).encode())
        assert isinstance(found, Accepted)
        sharing.accept(world.collection, [found], received_as_public, "xa-1", world.now)
    before = Entry.objects.filter(version__stix_id=link["id"], deleted_at=None).count()
    assert before == 1
    assert withdraw(world, A, mild["modified"])
    assert ids(world) == {A, B, link["id"]}
    standing = Entry.objects.get(version__stix_id=link["id"], deleted_at=None)
    needs = classes.handling_of(standing.handling_id).needs
    rows = Entry.objects.filter(version__stix_id__in=(A, B), deleted_at=None)
    there = {classes.handling_of(number).judged for number in rows.values_list("handling_id", flat=True)}
    assert {classes.handling_of(number) for group in needs for number in group} == there


def test_what_is_withdrawn_and_without_versions_can_be_given_again_by_anyone() -> None:
    world = World()
    name: dict[str, Any] = {"type": "domain-name", "spec_version": "2.1", "value": "harbour.example",
                            "object_marking_refs": [MARKING["GREEN"]]}  # fmt: skip
    name["id"] = deterministic_id(name, ["value"])
    assert received(world, name).stored == [0]
    link = relationship("ab", "GREEN", B, str(name["id"]))
    received(world, indicator("b", "GREEN"), link)
    assert withdraw(world, str(name["id"]))
    assert ids(world) == {B}
    assert received(world, name, name).stored == [0]
    assert ids(world) == {B, name["id"], link["id"]}
    assert withdraw(world, str(name["id"]))
    world.tick()
    assert world.share(name).stored == [0]
    assert world.share(name).known == [0]
    assert name["id"] in ids(world, "XI"), "it is ours now, and the circle lets its members have it"
    assert StoredVersion.objects.filter(stix_id=name["id"]).count() == 1


def test_what_has_versions_does_not_return_under_the_same_one() -> None:
    world = World()
    received(world, indicator("a", "GREEN"))
    assert withdraw(world, A)
    assert received(world, indicator("a", "GREEN")).known == [0]
    assert ids(world) == set()


def repeated(world: World, *values: dict[str, Any]) -> dict[str, Any]:
    """Let Ardenia post objects once more; give the status that it is told."""
    found = [read(json.dumps(value).encode()) for value in values]
    credential = Credential.objects.get(username="xa-1")
    status: dict[str, Any] = json.loads(receiving.add(credential, world.collection, found, world.now, "POST"))
    return status


def test_a_repetition_fails_only_for_what_was_taken_back_itself() -> None:
    world = World()
    first, later = indicator("a", "GREEN"), indicator("a", "GREEN", START + timedelta(hours=1))
    link, other = relationship("ab", "GREEN", A, B), indicator("b", "GREEN")
    assert repeated(world, first, other, link)["failure_count"] == 0
    assert withdraw(world, A)
    assert repeated(world, link)["failure_count"] == 0, "it waits, and nobody took it back"
    assert repeated(world, later)["failure_count"] == 0
    assert ids(world) == {A, B, link["id"]}
    told = repeated(world, first, later, link, other)
    assert [one["id"] for one in told["failures"]] == [A]
    assert first["modified"] in told["failures"][0]["message"]


def test_of_a_past_moment_the_answer_is_as_it_was() -> None:
    world = World()
    link = relationship("ab", "GREEN", A, B)
    received(world, indicator("a", "GREEN"), indicator("b", "GREEN"), link)
    first = world.now.date()
    world.now += timedelta(days=2)
    assert withdraw(world, A)
    for one in (A, link["id"]):
        assert explaining.decide(one, "XA", world.now, known=first)[0].released
        assert not explaining.decide(one, "XA", world.now)[0].released
