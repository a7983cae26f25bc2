"""A node that leads an exercise with the clock handed in, and a partner's side that is played by hand."""

import json
from datetime import UTC, datetime

from comity.acts import (
    exercise_files,
    exercise_material,
    exercise_running,
    exercise_seen,
    exercises,
    incoming,
    law,
    messages,
    requests,
)
from comity.ledger import messages as form
from comity.ledger.messages import Kind
from comity.models import Message, Right
from comity.policy.exercise_clock import MoveKind
from comity.policy.exercise_course import judge
from comity.policy.requests import Move
from comity.stix.objects import read
from tests.journeys.world import World, stix_id

HOSPITAL = exercise_files.CATALOGUE / "hospital-and-port.yaml"
SLUG = "hospital-and-port"
START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


class Stage:
    """A node that leads the exercise, with Ardenia's node played by hand."""

    def __init__(self) -> None:
        self.world = World(START)
        self.here = exercises.new(HOSPITAL.read_text(encoding="utf-8"), "officer", self.world.now)
        self.collection = self.here.row.collection
        for right in Right.objects.filter(credential__party_id__in=["XA", "XI"]):
            Right.objects.create(credential=right.credential, collection=self.collection)

    def pass_(self, minutes: int) -> None:
        """Let the exercise's clock go on; the node looks every ten minutes of it."""
        for _ in range(0, minutes, 10):
            self.world.tick(10)  # at sixty times the world's pace
            exercise_running.once(self.world.now)

    def poll(self, code: str = "XA") -> list[dict[str, object]]:
        page = json.loads(self.world.get(code, f"/exchange/collections/{self.collection.alias}/objects/").body)
        found: list[dict[str, object]] = page.get("objects", [])
        return found

    def hear(self, kind: Kind, says: dict[str, form.Said], reply_to: str = "", agreement: str = "") -> Message:
        """Let Ardenia say something in the exercise's collection."""
        uuid = stix_id("x", f"{kind}{self.world.now.isoformat()}").removeprefix("x--")
        made = form.draft(kind, uuid, messages.stamp(self.world.now), "XA", "BS", says, agreement, in_reply_to=reply_to)
        found = read(form.encode(made))
        under = next(one for one in law.facts().adopted if one.slug == "bs-xa-cyber-mou")
        gift = incoming.Gift("XA", "xa-1", "POST", self.collection, under)
        arrived = incoming.take_in(gift, [found], self.world.now)
        assert not arrived.refused, arrived.refused
        return Message.objects.get(uuid=uuid)

    def verdicts(self) -> dict[str, str]:
        play = exercise_seen.play(exercises.known(SLUG), self.world.now)
        return {one.expectation.id: str(one.verdict) for one in judge(self.here.scenario, play)}


def play_through(stage: Stage) -> None:
    """Play eight hours: warn Ardenia in time, acknowledge its request, answer it too late."""
    world = stage.world
    exercises.move(SLUG, MoveKind.START, 60, "officer", world.now)
    exercise_running.once(world.now)
    stage.pass_(30)
    exercise_material.share(SLUG, "H2", "officer", world.now)
    stage.poll()
    stage.pass_(80)
    asked: dict[str, form.Said] = {"subject": "assistance", "about": "The port.", "urgency": "emergency",
                                   "exercise": SLUG}  # fmt: skip
    request = stage.hear(Kind.REQUEST, asked, agreement="BS-XA cyber MoU")
    stage.pass_(60)
    requests.move(request.uuid, Move.ACKNOWLEDGE, {}, "officer", world.now)
    stage.pass_(240)
    requests.move(request.uuid, Move.ANSWER, {"answer": "Too late."}, "officer", world.now)
    exercises.took(SLUG, "ransom", "refuse", "officer", world.now)
    exercises.score(SLUG, "E6", "decided by the threshold", "Named by 10:40.", "one", world.now)
    exercises.score(SLUG, "E6", "no decision", "", "two", world.now)
    exercises.score(SLUG, "E6", "decided without the threshold", "I heard it again.", "two", world.now)
    exercises.rule(SLUG, "E6", "met", "The log has it at 10:38.", "lead", world.now)
    stage.pass_(100)
