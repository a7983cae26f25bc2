"""Taking part in an exercise that a partner leads: what its messages do here, and what the sides tell each other."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import exercise_seen, exercises, messages, moments
from comity.acts.agreements import Rejected
from comity.acts.messages import Way, Words
from comity.ledger.messages import Kind
from comity.models import Exercise, ExerciseAccount, ExercisePut, Message
from comity.policy.exercise_clock import Move, MoveKind
from comity.policy.exercise_course import Verdict, judge


def follow(row: Message, actor: str, now: datetime) -> None:
    """Let a message of an exercise have its effect here, where that exercise was taken in under the same name."""
    if row.direction != Message.Direction.RECEIVED or row.kind not in {Kind.INJECT, Kind.CLOCK, Kind.VERDICTS}:
        return
    said = messages.read_row(row)
    found = Exercise.objects.filter(slug=said.text("exercise")).first()
    if found is None:
        return
    here = exercises.known(found.slug)
    if row.kind == Kind.VERDICTS and row.party_id in {one.party for one in here.scenario.teams}:
        _keep(here, row, actor, now)
    elif row.kind != Kind.VERDICTS and found.led_by_id == row.party_id:
        _lead(here, row, actor, now)


def _lead(here: exercises.Known, row: Message, actor: str, now: datetime) -> None:
    """Follow what whoever leads did: the clock as it was moved there, an inject as it was put."""
    said = messages.read_row(row)
    taken = moments.take(now)
    if row.kind == Kind.CLOCK:
        if said.text("move") in set(MoveKind):
            at, value = (int(said.text(name) or 0) for name in ("at", "value"))
            exercises.record(here, Move(MoveKind(said.text("move")), at, value), actor, taken)
    elif said.text("inject") in here.scenario.inject and here.our_team:
        ExercisePut.objects.get_or_create(
            exercise=here.row, inject=said.text("inject"), team=here.our_team,
            defaults={"seconds": int(said.text("seconds") or 0), "message": row, "at": row.at, "recorded_by": actor,
                      "sequence": taken.sequence})  # fmt: skip


def _keep(here: exercises.Known, row: Message, actor: str, now: datetime) -> None:
    said = messages.read_row(row)
    taken = moments.take(now)
    pairs = [line.split(" ", 1) for line in said.lines("verdicts") if " " in line]
    words = {str(one) for one in Verdict}
    verdicts = {name: verdict for name, verdict in pairs if verdict in words}
    ExerciseAccount.objects.create(exercise=here.row, party_id=row.party_id, digest=said.text("digest"),
                                   verdicts=verdicts, message=row, at=row.at, recorded_by=actor,
                                   sequence=taken.sequence)  # fmt: skip


def tell_verdicts(slug: str, actor: str, now: datetime) -> list[Message]:
    """Tell every other side what this one says of what was expected: its verdicts alone, no words of evaluators."""
    with transaction.atomic():
        here = exercises.known(slug)
        play = exercise_seen.play(here, now)
        if not play.ended:
            raise Rejected(_("The exercise has not ended: its verdicts may still change."))
        lines = [f"{one.expectation.id} {one.verdict}" for one in judge(here.scenario, play)]
        says: dict[str, str | int | list[str]] = {"exercise": slug, "digest": here.row.digest, "verdicts": lines}
        return [messages.send(Words(Kind.VERDICTS, team.party, says), actor, now, Way(collection=here.row.collection))
                for team in here.scenario.teams if team.party != exercises.us()]  # fmt: skip
