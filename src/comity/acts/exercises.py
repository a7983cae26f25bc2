"""Joint exercises as they are led: taken in, the clock moved, injects put, decisions and evaluators’ words kept."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import exercise_files, messages, moments, sharing
from comity.acts.agreements import Rejected
from comity.acts.messages import Way, Words
from comity.ledger.messages import Kind
from comity.models import (
    Collection,
    Exercise,
    ExerciseEvent,
    ExercisePut,
    ExerciseRuling,
    ExerciseScore,
    Message,
    Node,
    Party,
)
from comity.policy import exercise_clock
from comity.policy.exercise_clock import Move, MoveKind, Reading, RunState
from comity.policy.exercise_course import Taken
from comity.policy.exercises import MARK, Expectation, Inject, Scenario

COLLECTION = "exercise"
"""The alias of the collection that an exercise is played in unless another is named."""
RULINGS = {"met": True, "missed": False, "unjudged": None}


@dataclass(frozen=True, slots=True)
class Known:
    """An exercise with its scenario read."""

    row: Exercise
    scenario: Scenario

    @property
    def ours(self) -> bool:
        """Tell whether it is led from this node."""
        return self.row.led_by_id == us()

    @property
    def our_team(self) -> str:
        """Give the team of this node's party, empty where it has none."""
        here = us()
        return next((one.id for one in self.scenario.teams if one.party == here), "")


def us() -> str:
    """Return the code of the party whose node this is."""
    return str(Node.objects.values_list("party_id", flat=True).get())


def digest_of(content: str) -> str:
    """Give the digest of what a scenario says, however its file is laid out."""
    found = _read(content)
    return hashlib.sha256(exercise_files.written(found).encode()).hexdigest()


@lru_cache(maxsize=32)
def _read(content: str) -> Scenario:
    reading = exercise_files.scenario_text(content)
    if reading.scenario is None:
        raise Rejected(*(problem.at("scenario") for problem in reading.problems))
    return reading.scenario


def new(content: str, actor: str, now: datetime, *, name: str = "", collection: str = COLLECTION,
        led_by: str = "") -> Known:  # fmt: skip
    """Take an exercise in. Raises Rejected with each reason: a bad file, a name that is taken, a real collection.

    A collection that is not there is made, for exercises. *led_by* is the partner whose node leads it, empty for ours.
    """
    scenario = _read(content)
    with transaction.atomic():
        taken = moments.take(now)
        slug, leader = name or scenario.id, led_by or us()
        found = Collection.objects.filter(alias=collection).first()
        reasons = [_("What is lacking: %(what)s.") % {"what": line} for line in exercise_files.lacks(scenario)]
        if Exercise.objects.filter(slug=slug).exists():
            reasons.append(_("There is an exercise “%(name)s” already: give this one another name.") % {"name": slug})
        if found is not None and not found.exercise:
            reasons.append(_("“%(name)s” holds real material: name a collection for exercises.") % {"name": collection})
        if not Party.objects.filter(pk=leader).exists():
            reasons.append(_("There is no party “%(code)s” here.") % {"code": leader})
        if reasons:
            raise Rejected(*reasons)
        where = found or sharing.make_collection(collection, collection, now, purpose="training", exercise=True)
        row = Exercise.objects.create(slug=slug, content=content, digest=digest_of(content), collection=where,
                                      led_by_id=leader, recorded_at=taken.at, recorded_by=actor,
                                      sequence=taken.sequence)  # fmt: skip
    return Known(row, scenario)


def known(slug: str) -> Known:
    """Return an exercise by its name. Raises Rejected where there is none."""
    row = Exercise.objects.filter(slug=slug).select_related("collection", "led_by").first()
    if row is None:
        there = ", ".join(Exercise.objects.values_list("slug", flat=True)) or _("none yet")
        raise Rejected(_("There is no exercise “%(name)s” here; there are: %(names)s.") % {
            "name": slug, "names": there})  # fmt: skip
    return Known(row, _read(row.content))


def every() -> list[Known]:
    """Return all exercises, newest first."""
    return [Known(row, _read(row.content)) for row in Exercise.objects.select_related("collection", "led_by")]


def moves(row: Exercise) -> list[Move]:
    """Return the moves of the clock, in their order."""
    kinds = [kind.value for kind in MoveKind]
    rows = ExerciseEvent.objects.filter(exercise=row, kind__in=kinds).order_by("at", "id")
    return [Move(MoveKind(one.kind), one.at, one.value) for one in rows]


def reading(row: Exercise, now: datetime) -> Reading:
    """Return what the clock shows now."""
    return exercise_clock.reading(moves(row), moments.micros(now))


def move(slug: str, kind: MoveKind, value: int, actor: str, now: datetime) -> Known:
    """Move the clock. Raises Rejected where it cannot be moved so; tells the other teams' nodes."""
    with transaction.atomic():
        taken = moments.take(now)
        here = _led(slug)
        made = Move(kind, taken.at, value or (1 if kind is MoveKind.START else 0))
        wrong = exercise_clock.objection(exercise_clock.reading(moves(here.row), taken.at), made)
        if wrong:
            raise Rejected(f"{wrong[0].upper()}{wrong[1:]}.")
        record(here, made, actor, taken)
        tell_clock(here, made, actor, now)
    return here


def record(here: Known, made: Move, actor: str, taken: moments.Taken) -> None:
    """Write a move of the clock down, inside the caller's act."""
    ExerciseEvent.objects.create(exercise=here.row, kind=made.kind.value, value=made.value, at=made.at,
                                 recorded_by=actor, sequence=taken.sequence)  # fmt: skip


def tell_clock(here: Known, made: Move, actor: str, now: datetime) -> None:
    """Tell every other team's node what was done with the clock."""
    says = {"exercise": here.row.slug, "move": made.kind.value, "value": made.value, "at": made.at}
    for team in here.scenario.teams:
        if team.party != us():
            messages.send(Words(Kind.CLOCK, team.party, says, urgent=True), actor, now,
                          Way(collection=here.row.collection))  # fmt: skip


def _led(slug: str) -> Known:
    here = known(slug)
    if not here.ours:
        raise Rejected(_("%(party)s leads this exercise: its node keeps the clock and puts the injects.") % {
            "party": here.row.led_by_id})  # fmt: skip
    return here


def force(slug: str, inject: str, actor: str, now: datetime) -> Known:
    """Have an inject put at once, whatever its time and conditions."""
    with transaction.atomic():
        taken = moments.take(now)
        here = _led(slug)
        reasons = []
        if inject not in here.scenario.inject:
            reasons.append(_("There is no inject “%(name)s” in it.") % {"name": inject})
        if ExercisePut.objects.filter(exercise=here.row, inject=inject).exists():
            reasons.append(_("“%(name)s” has been put already.") % {"name": inject})
        _running(here, taken, reasons)
        if reasons:
            raise Rejected(*reasons)
        ExerciseEvent.objects.create(exercise=here.row, kind="inject", name=inject, at=taken.at, recorded_by=actor,
                                     sequence=taken.sequence)  # fmt: skip
    return here


def _running(here: Known, taken: moments.Taken, reasons: list[str]) -> None:
    state = exercise_clock.reading(moves(here.row), taken.at).state
    if state in {RunState.PLANNED, RunState.ENDED}:
        reasons.append(_("The exercise is not running."))


def took(slug: str, decision: str, option: str, actor: str, now: datetime) -> Known:
    """Record which way a decision went; once, and after its inject was put."""
    with transaction.atomic():
        taken = moments.take(now)
        here = _led(slug)
        found = here.scenario.decision.get(decision)
        reasons = []
        if found is None:
            reasons.append(_("There is no decision “%(name)s” in it.") % {"name": decision})
        elif option not in {one.id for one in found.options}:
            reasons.append(_("“%(option)s” is not one of: %(options)s.") % {
                "option": option, "options": ", ".join(one.id for one in found.options)})  # fmt: skip
        elif not ExercisePut.objects.filter(exercise=here.row, inject=found.after).exists():
            reasons.append(_("Its inject %(name)s has not been put yet.") % {"name": found.after})
        if ExerciseEvent.objects.filter(exercise=here.row, kind="took", name=decision).exists():
            reasons.append(_("That decision has been recorded already."))
        _running(here, taken, reasons)
        if reasons:
            raise Rejected(*reasons)
        ExerciseEvent.objects.create(exercise=here.row, kind="took", name=decision, option=option, at=taken.at,
                                     recorded_by=actor, sequence=taken.sequence)  # fmt: skip
    return here


def score(slug: str, expectation: str, word: str, says: str, actor: str, now: datetime) -> ExerciseScore:
    """Record what an evaluator says of an expectation: one of the words of its scale."""
    with transaction.atomic():
        taken = moments.take(now)
        here = known(slug)
        found = _expected(here, expectation)
        if word not in found.scale:
            words = "; ".join(found.scale) or _("none, as the exchange itself scores it")
            raise Rejected(_("“%(word)s” is not one of: %(words)s.") % {"word": word, "words": words})
        return ExerciseScore.objects.create(exercise=here.row, expectation=expectation, evaluator=actor, word=word,
                                            says=says.strip(), at=taken.at, recorded_by=actor,
                                            sequence=taken.sequence)  # fmt: skip


def rule(slug: str, expectation: str, verdict: str, reason: str, actor: str, now: datetime) -> ExerciseRuling:
    """Record the official word on an expectation, with its reason."""
    with transaction.atomic():
        taken = moments.take(now)
        here = known(slug)
        _expected(here, expectation)
        reasons = []
        if verdict not in RULINGS:
            reasons.append(_("“%(word)s” is not one of: %(words)s.") % {"word": verdict, "words": ", ".join(RULINGS)})
        if not reason.strip():
            reasons.append(_("Give the reason of the ruling."))
        if reasons:
            raise Rejected(*reasons)
        return ExerciseRuling.objects.create(exercise=here.row, expectation=expectation, verdict=verdict,
                                             reason=reason.strip(), at=taken.at, recorded_by=actor,
                                             sequence=taken.sequence)  # fmt: skip


def _expected(here: Known, name: str) -> Expectation:
    found = here.scenario.expectation.get(name)
    if found is None:
        raise Rejected(_("Nothing “%(name)s” is expected in it.") % {"name": name})
    return found


def rulings(row: Exercise) -> Mapping[str, ExerciseRuling]:
    """Return the ruling that stands on each expectation."""
    return {one.expectation: one for one in ExerciseRuling.objects.filter(exercise=row).order_by("sequence", "id")}


def scores(row: Exercise) -> Mapping[str, list[ExerciseScore]]:
    """Return, by expectation, the word that each evaluator said last."""
    last: dict[tuple[str, str], ExerciseScore] = {}
    for one in ExerciseScore.objects.filter(exercise=row).order_by("sequence", "id"):
        last[one.expectation, one.evaluator] = one
    found: dict[str, list[ExerciseScore]] = {}
    for one in last.values():
        found.setdefault(one.expectation, []).append(one)
    return found


def taken_ways(row: Exercise) -> Mapping[str, Taken]:
    """Return which option of each decision was taken, and when by the exercise's clock."""
    made = moves(row)
    rows = ExerciseEvent.objects.filter(exercise=row, kind="took")
    return {one.name: Taken(one.option, exercise_clock.reading(made, one.at).seconds) for one in rows}


def put(here: Known, inject: Inject, seconds: int, actor: str, now: datetime) -> None:
    """Put an inject to its teams, inside the caller's act: to another's node by a message in the exercise's collection.

    To our own team it is put by being on the board. A party that can read nothing gets it by hand: its message says so.
    """
    for name in inject.to:
        team = here.scenario.team[name]
        sent = None if team.party == us() else _send(here, inject, team.party, seconds, actor, now)
        taken = moments.take(now)
        ExercisePut.objects.create(exercise=here.row, inject=inject.id, team=name, seconds=seconds, message=sent,
                                   at=taken.at, recorded_by=actor, sequence=taken.sequence)  # fmt: skip


def _send(here: Known, inject: Inject, party: str, seconds: int, actor: str, now: datetime) -> Message:
    says: dict[str, str | int | list[str]] = {
        "exercise": here.row.slug, "inject": inject.id, "title": f"{MARK}: {inject.title}", "text": inject.says,
        "tlp": inject.tlp.label, "seconds": seconds, "story": f"{here.scenario.story(seconds):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    says |= {key: said for key, said in (("from", inject.source), ("by", inject.by)) if said}
    if inject.patterns:
        says["patterns"] = list(inject.patterns)
    return messages.send(Words(Kind.INJECT, party, says), actor, now, Way(collection=here.row.collection))
