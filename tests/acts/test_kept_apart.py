"""An exercise's object does not come into a real collection: four places refuse it, each with the others taken away."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, connection

from comity.acts import credentials, intake, placing, sharing
from comity.acts.intake import IntakeRefused, Said
from comity.acts.placing import Mixed
from comity.models import Collection, Entry, Party, StoredVersion, install_triggers
from comity.policy.handling import Terms
from comity.policy.markings import Tlp
from comity.stix.exercises import is_marked
from comity.stix.objects import Accepted, read
from tests.journeys.world import World, indicator

pytestmark = pytest.mark.both_stores
MADE_UP = Terms(Tlp.RED, "BS", "prevention", exercise=True)


@pytest.fixture
def world(db: None) -> World:
    del db
    return World()


def accepted(one: dict[str, Any]) -> Accepted:
    found = read(json.dumps(one).encode())
    assert isinstance(found, Accepted)
    return found


def without_trigger() -> None:
    """Take the database's own refusal away, inside the test's transaction."""
    with connection.cursor() as cursor:
        on = " ON comity_batchrun" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER comity_batchrun_apart{on}")


def no_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the refusal of placing away."""
    monkeypatch.setattr(placing.Placing, "_own", _own_without)


def _own_without(self: placing.Placing, one: Accepted) -> Any:
    kept, self.collection = self.collection, Collection(exercise=self.terms.exercise, alias="x")
    try:
        return _OWN(self, one)
    finally:
        self.collection = kept


_OWN = placing.Placing._own  # noqa: SLF001 - to stand in for it


def test_the_door_refuses_the_flag_where_it_does_not_fit(world: World) -> None:
    files = [("x.json", [json.dumps(indicator("a", "CLEAR")).encode()])]
    with pytest.raises(IntakeRefused, match="is for real material; leave out --exercise"):
        intake.share(files, world.collection.alias, Said(exercise=True), "officer", world.now)


def test_placing_refuses_what_comes_past_the_door(world: World) -> None:
    without_trigger()
    with pytest.raises(Mixed, match="is for real material, and this is an exercise's"):
        sharing.accept(world.collection, [accepted(indicator("a", "CLEAR"))], MADE_UP, "officer", world.now)
    made = sharing.make_collection("games", "Games", world.now, exercise=True)
    with pytest.raises(Mixed, match="is for exercises, and this is not"):
        sharing.accept(made, [accepted(indicator("a", "CLEAR"))], Terms(Tlp.RED, "BS"), "officer", world.now)
    assert not StoredVersion.objects.exists()


def test_placing_refuses_what_says_of_itself_that_it_is_an_exercise_s(world: World) -> None:
    """Whoever gives it, and whatever the flag of the way it came by."""
    one = accepted(indicator("a", "CLEAR", labels=["Exercise"]))
    outcome = sharing.accept(world.collection, [one], Terms(Tlp.RED, "XA"), "xa-1", world.now)
    assert (outcome.stored, len(outcome.refused)) == ([], 1)
    assert "it says itself that it is an exercise’s" in outcome.refused[0][1]
    assert not is_marked(indicator("a", "CLEAR", description="An exercise"))
    assert is_marked({"type": "x-comity-message", "says": {"exercise": "x", "about": "y"}})


def test_the_database_refuses_what_comes_past_both(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    no_rule(monkeypatch)
    with pytest.raises(IntegrityError, match="kept apart"):
        sharing.accept(world.collection, [accepted(indicator("a", "CLEAR"))], MADE_UP, "officer", world.now)


def test_no_collection_changes_its_kind(world: World) -> None:
    with pytest.raises(IntegrityError, match="stays what it is"):
        Collection.objects.filter(pk=world.collection.pk).update(exercise=True)


def test_what_is_there_in_spite_of_all_is_in_nobody_s_view(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    no_rule(monkeypatch)
    without_trigger()
    try:
        sharing.accept(world.collection, [accepted(indicator("a", "CLEAR"))], MADE_UP, "officer", world.now)
    finally:
        install_triggers(connection)
    assert Entry.objects.count() == 1
    world.share(indicator("b", "CLEAR"))
    assert [one["id"] for one in world.objects("XA")] == [indicator("b", "CLEAR")["id"]]


def test_a_credential_of_all_real_collections_reaches_no_exercise(world: World) -> None:
    sharing.make_collection("games", "Games", world.now, exercise=True)
    token = credentials.make(Party.objects.get(code="XA"), "officer", world.now)
    rights = Collection.objects.filter(rights__credential__username=token.username)
    assert {one.exercise for one in rights} == {False}
