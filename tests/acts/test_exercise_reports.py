"""What an exercise of eight hours shows of itself, and what the ledger alone says of it."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from comity.acts import (
    exercise_audit,
    exercise_reports,
    exercises,
    framework_editions,
    frameworks,
    law,
    review_evidence,
    reviews,
    undertakings,
)
from comity.acts.agreements import Rejected
from comity.models import ExercisePut, Message, StoredVersion
from comity.policy.exercise_course import Verdict
from comity.policy.review_course import ReviewState
from comity.policy.undertakings import Asked as Question
from tests.acts.exercise_stage import SLUG, Stage, play_through


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """Play it through once for the module; all is rolled back after its last test."""
    del django_db_setup
    with django_db_blocker.unblock(), transaction.atomic():
        stage = Stage()
        play_through(stage)
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


@pytest.mark.both_stores
def test_eight_hours_score_themselves_and_the_ledger_says_the_same(stage: Stage) -> None:
    world = stage.world
    found = exercise_reports.report(exercises.known(SLUG), world.now)
    assert found.play.ended
    assert found.play.seconds == 8 * 3600
    assert stage.verdicts() == {
        "E1": "met", "E2": "met", "E3": "missed", "E4": "met", "E5": "unjudged", "E6": "met", "E7": "unjudged",
        "E8": "unjudged"}  # fmt: skip
    assert {name: at // 60 for name, at in found.play.given.items()} == {
        "H1": 0, "H2": 20, "P1": 70, "P3": 120, "P4": 100, "H3": 150, "V1": 180, "H4": 210, "H5": 270, "H6": 460,
        "A1": 390}, "P2 does not come, for E1 was met; H7 does not, for the other way was taken"  # fmt: skip
    audited = exercise_audit.audit(exercises.known(SLUG), world.now)
    assert audited.faults == []
    assert (audited.play, audited.judged) == (found.play, tuple(one.judged for one in found.told))
    assert audited.leaves > 10
    six = next(one for one in found.told if one.judged.expectation.id == "E6")
    assert [(one.evaluator, one.word) for one in six.scores] == [
        ("one", "decided by the threshold"), ("two", "decided without the threshold")]  # fmt: skip
    due = undertakings.due(Question(world.now.date(), world.now), 9)
    assert not [one for one in due if "assistance" in one.item.what], "nothing of it is really due"
    assert not StoredVersion.objects.filter(collection__exercise=False).exists()


def test_a_ledger_that_does_not_hold_together_is_named(stage: Stage) -> None:
    row = Message.objects.filter(kind="request").get()
    Message.objects.filter(pk=row.pk).update(body=row.body.replace("assistance", "information"))
    put = ExercisePut.objects.filter(message__isnull=False).first()
    assert put is not None
    ExercisePut.objects.filter(pk=put.pk).update(message=None)
    audited = exercise_audit.audit(exercises.known(SLUG), stage.world.now)
    assert any(line.startswith(f"message {row.uuid}: the store does not hold") for line in audited.faults)
    assert any(line.startswith(f"inject {put.inject} to XA is in the log alone") for line in audited.faults)
    assert {one.expectation.id: one.verdict for one in audited.judged}["E4"] is Verdict.MISSED


def test_a_finding_becomes_an_undertaking_with_its_indicators_as_evidence(stage: Stage) -> None:
    learned = exercise_reports.Learned("Write down who may answer.", "E3", "on 2027-03-01", "cirt", shared=True)
    row = exercise_reports.find(SLUG, learned, "officer", stage.world.now)
    found = undertakings.find(row.undertaking, stage.world.now)
    assert found is not None
    assert found.row is not None
    assert found.row.evidence == "cmm D1.2.2.e2, D1.2.2.f4"
    assert "Hospital and port" in found.row.source.title or "After-action" in str(found.row.source)
    made = exercise_reports.report(stage.here, stage.world.now)
    assert exercise_reports.evidence(made)["D1.2.2.e5"] == (stage.here.scenario.expectation["E1"].says,)
    with pytest.raises(Rejected, match="Say what was learned"):
        exercise_reports.find(SLUG, exercise_reports.Learned(" "), "officer", stage.world.now)


def test_what_was_met_is_offered_to_a_review_as_a_file_for_its_indicators(stage: Stage, tmp_path: Path) -> None:
    now = stage.world.now
    with pytest.raises(Rejected, match="no review “r”"):
        exercise_reports.offer(SLUG, "r", tmp_path, "officer", now)
    framework_editions.take(frameworks.framework("cmm", "2021"), "test", now)
    first, last = date(2026, 10, 1), date(2027, 3, 1)
    review = reviews.begin(reviews.Begun("r", "R", "cmm", "2021", "BS", first, last, percent=80), "officer", now)
    reviews.move(review, ReviewState.DESK_RESEARCH, "officer", now)
    found = exercise_reports.offer(SLUG, "r", tmp_path, "officer", now)
    assert found == ("D1.2.2.e2", "D1.2.2.e5", "D1.2.2.f4", "D1.2.3.e1", "D1.2.3.e2", "D1.2.3.s2", "D1.3.3.e2")
    used = review_evidence.used(review, stage.world.now + timedelta(seconds=1))
    assert set(used) == set(found)
    revision = used["D1.2.2.e5"][0].revision
    told = json.loads(review_evidence.path_of(tmp_path, revision.digest).read_bytes())
    assert told["verdicts"]["E1"] == "met"
