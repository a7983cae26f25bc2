"""How an exercise is led and taken part in: who is told what, when it stands, and what is refused."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from comity.acts import (
    exercise_material,
    exercise_parts,
    exercise_reports,
    exercise_running,
    exercise_seen,
    exercises,
    incoming,
    law,
    messages,
    requests,
)
from comity.acts.agreements import Rejected
from comity.acts.requests import Asked
from comity.ledger import messages as form
from comity.ledger.messages import Kind
from comity.models import Collection, ExercisePut, LedgerEntry, Message
from comity.policy.exercise_clock import MoveKind
from comity.stix.objects import read
from tests.acts.exercise_stage import HOSPITAL, SLUG, Stage
from tests.journeys.world import stix_id


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """Make the node and take the exercise in once for the module; all is rolled back after its last test."""
    del django_db_setup
    with django_db_blocker.unblock(), transaction.atomic():
        stage = Stage()
        yield stage
        transaction.set_rollback(True)


@pytest.fixture
def stage(made: Stage, db: None) -> Iterator[Stage]:
    """Give it to one test; what the test changes is gone after it, and the time is as it was."""
    del db
    law.forget()
    now = made.world.now
    yield made
    made.world.now = now


def test_each_team_is_told_its_own_and_everything_says_what_it_is(stage: Stage) -> None:
    exercises.move(SLUG, MoveKind.START, 60, "officer", stage.world.now)
    stage.pass_(480)
    for code, team in (("XA", "ardenia"), ("XI", "isla-verde")):
        injects = [one for one in stage.poll(code) if one.get("message") == "exercise-inject"]
        told = {str(one["says"]["inject"]) for one in injects}  # type: ignore[index]
        assert told == set(ExercisePut.objects.filter(team=team).values_list("inject", flat=True))
        assert told == {name for name, one in stage.here.scenario.inject.items() if team in one.to and name in told}
        assert all(str(one["says"]["title"]).startswith("EXERCISE EXERCISE EXERCISE") for one in injects)  # type: ignore[index]
    assert stage.world.objects("XA") == [], "nothing of it stands in the real collection"
    material = json.loads(exercise_material.bundle(stage.here, stage.here.scenario.inject["H2"]))
    assert [one["labels"] for one in material["objects"]] == [["exercise"], ["exercise"]]
    whole = exercise_reports.report(stage.here, stage.world.now)
    for team in ("ardenia", "bahamas"):
        seen = exercise_reports.report(stage.here, stage.world.now, team)
        assert all(team in line.teams for line in seen.lines)
        assert {one.judged.expectation.of for one in seen.told} == {team}
        assert len(seen.lines) < len(whole.lines)


def put() -> set[str]:
    """Name the injects that were put."""
    return set(ExercisePut.objects.values_list("inject", flat=True))


def test_paused_it_stands_and_by_hand_it_is_put_and_a_jump_brings_what_is_due(stage: Stage) -> None:
    world = stage.world
    with pytest.raises(Rejected, match="takes no “pause”"):
        exercises.move(SLUG, MoveKind.PAUSE, 0, "officer", world.now)
    exercises.move(SLUG, MoveKind.START, 60, "officer", world.now)
    stage.pass_(10)
    exercises.move(SLUG, MoveKind.PAUSE, 0, "officer", world.now)
    stage.pass_(480)
    assert put() == {"H1"}
    exercises.force(SLUG, "H4", "officer", world.now)
    exercise_running.once(world.now)
    assert put() == {"H1", "H4"}
    with pytest.raises(Rejected, match="has been put already"):
        exercises.force(SLUG, "H4", "officer", world.now)
    exercises.move(SLUG, MoveKind.RESUME, 0, "officer", world.now)
    exercises.move(SLUG, MoveKind.JUMP, 75 * 60, "officer", world.now)
    exercise_running.once(world.now)
    assert put() == {"H1", "H4", "H2", "P1"}
    again = exercise_running.once(world.now)
    assert (again.put, again.ended) == (0, 0)
    with pytest.raises(Rejected, match="does not go back"):
        exercises.move(SLUG, MoveKind.JUMP, 60, "officer", world.now)
    with pytest.raises(Rejected, match="Its inject H5 has not been put yet"):
        exercises.took(SLUG, "ransom", "pay", "officer", world.now)
    with pytest.raises(Rejected, match="is not one of: no decision"):
        exercises.score(SLUG, "E6", "fine", "", "one", world.now)
    with pytest.raises(Rejected, match="Give the reason"):
        exercises.rule(SLUG, "E6", "met", " ", "lead", world.now)


def test_taking_part_follows_who_leads_and_both_sides_verdicts_stand_side_by_side(stage: Stage) -> None:
    """The same node, as one that Ardenia leads."""
    world, content = stage.world, HOSPITAL.read_text(encoding="utf-8")
    exercises.new(content, "officer", world.now, name="theirs", led_by="XA")
    with pytest.raises(Rejected, match="XA leads this exercise"):
        exercises.move("theirs", MoveKind.START, 60, "officer", world.now)
    at = int(world.now.timestamp() * 1_000_000)
    stage.hear(Kind.CLOCK, {"exercise": "theirs", "move": "start", "value": 60, "at": at})
    world.tick(25)
    stage.hear(Kind.INJECT, {"exercise": "theirs", "inject": "H2", "title": "t", "text": "t", "tlp": "AMBER",
                             "seconds": 1200})  # fmt: skip
    world.tick(5)
    here = exercises.known("theirs")
    assert exercise_seen.play(here, world.now).given == {"H2": 1200}
    with pytest.raises(Rejected, match="has not ended"):
        exercise_parts.tell_verdicts("theirs", "officer", world.now)
    at = int((world.now + timedelta(seconds=1)).timestamp() * 1_000_000)
    world.tick(60)
    stage.hear(Kind.CLOCK, {"exercise": "theirs", "move": "end", "value": 0, "at": at})
    stage.hear(Kind.VERDICTS, {"exercise": "theirs", "digest": here.row.digest,
                               "verdicts": ["E1 missed", "E2 not asked", "E9 splendid"]})  # fmt: skip
    told = {one.judged.expectation.id: one for one in exercise_reports.report(here, world.now, "joint").told}
    assert told["E1"].theirs == {"XA": "missed"}
    assert told["E1"].agreed == "missed", "ours is unjudged, for it ended before its time was up"
    assert told["E2"].agreed == "not asked"
    sent = exercise_parts.tell_verdicts("theirs", "officer", world.now)
    assert [one.party_id for one in sent] == ["XA", "XI"]
    assert all(one.collection == stage.collection for one in sent)


def test_what_cannot_be_played_is_refused(stage: Stage) -> None:
    content = HOSPITAL.read_text(encoding="utf-8")
    with pytest.raises(Rejected, match="already"):
        exercises.new(content, "officer", stage.world.now)
    with pytest.raises(Rejected, match="holds real material"):
        exercises.new(content, "officer", stage.world.now, name="b", collection="indicators")
    with pytest.raises(Rejected, match="has no `party`"):
        exercises.new(content.replace("    party: XI\n", ""), "officer", stage.world.now, name="c")
    with pytest.raises(Rejected, match="no exercise “zz”"):
        exercises.known("zz")
    assert not LedgerEntry.objects.filter(log__party_id="ZZ").exists()


def test_an_exercise_s_request_goes_where_exercises_are(stage: Stage) -> None:
    asked = Asked("XA", "advice", "Which?", "normal", "bs-xa-cyber-mou", exercise=(SLUG, stage.collection))
    row = requests.ask(asked, "officer", stage.world.now)
    assert row.collection == stage.collection
    assert row.awaited.count() == 0
    real = Collection.objects.get(alias="indicators")
    made = form.draft(Kind.REQUEST, stix_id("x", "r").removeprefix("x--"), messages.stamp(stage.world.now), "XA", "BS",
                      {"subject": "advice", "about": "x", "urgency": "normal", "exercise": SLUG})  # fmt: skip
    gift = incoming.Gift("XA", "xa-1", "POST", real, None)
    arrived = incoming.take_in(gift, [read(form.encode(made))], stage.world.now)
    assert "it says itself that it is an exercise’s" in str([*arrived.conflicts.values(), *arrived.refused.values()])
    assert Message.objects.filter(direction="received").count() == 0
