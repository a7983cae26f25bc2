"""The after-action report: what happened when, what was expected and came of it, and how much of that each side sees.

The whole is for whoever leads. A team sees what concerned it. The joint report holds what every team saw, and verdicts
on which all sides that judged agree; where they differ, that is said. No mean is made of words.
"""

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import exercise_seen, exercises, moments, review_evidence, undertakings
from comity.acts.agreements import Rejected
from comity.acts.exercises import Known
from comity.acts.undertakings import Promised
from comity.models import ExerciseAccount, ExerciseEvent, ExerciseFinding, ExerciseRuling, ExerciseScore, Review
from comity.models import Undertaking as UndertakingRow
from comity.policy import exercise_clock
from comity.policy.exercise_clock import MoveKind, Reading
from comity.policy.exercise_course import Judged, Play, Stands, Verdict, judge, stands, tally
from comity.policy.exercises import Objective

JOINT: Final = "joint"


class What(enum.StrEnum):
    """What a line of the timeline tells."""

    MOVE = "move"
    INJECT = "inject"
    TOOK = "took"
    GAVE = "gave"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the timeline, at a second of the clock. `teams` are those who may know of it."""

    at: int
    what: What
    by: str
    to: tuple[str, ...]
    says: str
    tlp: str = ""
    teams: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """An expectation in a report: our verdict, what evaluators said, the ruling, and the other sides' verdicts."""

    judged: Judged
    scores: tuple[ExerciseScore, ...]
    ruling: ExerciseRuling | None
    theirs: Mapping[str, str]

    @property
    def agreed(self) -> str:
        """Give the verdict on which all sides that judged agree, `unjudged` where none did, empty where they differ."""
        said = {str(self.judged.verdict), *self.theirs.values()} - {str(Verdict.UNJUDGED)}
        return next(iter(said)) if len(said) == 1 else "" if said else str(Verdict.UNJUDGED)


@dataclass(frozen=True, slots=True)
class Report:
    """A report for a reader: the whole (`view` empty), one team's, or the joint one."""

    here: Known
    view: str
    reading: Reading
    play: Play
    lines: tuple[Line, ...]
    told: tuple[Told, ...]
    stands: tuple[Stands, ...]
    findings: tuple[ExerciseFinding, ...]

    @property
    def tally(self) -> Mapping[Verdict, int]:
        """Count the verdicts of what this report tells."""
        return tally([one.judged for one in self.told])

    def by_objective(self) -> Iterator[tuple[Objective, Mapping[Verdict, int]]]:
        """Yield each objective with the verdicts of what serves it."""
        for goal in self.here.scenario.objectives:
            yield goal, tally([one.judged for one in self.told if goal.id in one.judged.expectation.serves])


def report(here: Known, now: datetime, view: str = "") -> Report:
    """Make the report for a reader. Raises Rejected where *view* is neither a team, `joint`, nor empty."""
    teams = [one.id for one in here.scenario.teams]
    if view not in {"", JOINT, *teams}:
        raise Rejected(_("“%(word)s” is not one of: %(words)s.") % {"word": view, "words": ", ".join([JOINT, *teams])})
    play = exercise_seen.play(here, now)
    scores, rulings, theirs = exercises.scores(here.row), exercises.rulings(here.row), accounts(here)
    told = [
        Told(one, tuple(scores.get(one.expectation.id, ())), rulings.get(one.expectation.id),
             {party: said[one.expectation.id] for party, said in theirs.items() if one.expectation.id in said})
        for one in judge(here.scenario, play) if view in {"", JOINT, one.expectation.of}
    ]  # fmt: skip
    everybody = frozenset(teams)
    lines = [one for one in _lines(here, play) if not view or (everybody <= one.teams if view == JOINT else
                                                               view in one.teams)]  # fmt: skip
    return Report(here, view, exercises.reading(here.row, now), play, tuple(lines), tuple(told),
                  stands(here.scenario, play), tuple(findings(here, shared=view == JOINT)))  # fmt: skip


def accounts(here: Known) -> Mapping[str, Mapping[str, str]]:
    """Return what each other side said last of the same scenario, by party and expectation."""
    rows = ExerciseAccount.objects.filter(exercise=here.row, digest=here.row.digest).order_by("sequence", "id")
    return {one.party_id: one.verdicts for one in rows}


def _lines(here: Known, play: Play) -> list[Line]:
    team_of = {one.party: one.id for one in here.scenario.teams if one.party}
    everybody = frozenset(one.id for one in here.scenario.teams)
    made = exercises.moves(here.row)
    lines = list(_of_events(here, everybody, lambda at: exercise_clock.reading(made, at).seconds))
    for name, at in play.given.items():
        inject = here.scenario.inject[name]
        lines.append(Line(at, What.INJECT, inject.source, inject.to, f"{name} {inject.title}", inject.tlp.label,
                          frozenset(inject.to)))  # fmt: skip
    for gave in play.gave:
        sides = [team_of[one] for one in (gave.by, gave.to) if one in team_of]
        lines.append(Line(gave.at, What.GAVE, gave.by, (gave.to,), f"{gave.name} ({gave.collection})", gave.tlp.label,
                          frozenset(sides)))  # fmt: skip
    for spoke in play.spoke:
        sides = [team_of[one] for one in (spoke.by, spoke.to) if one in team_of]
        words = f"{spoke.kind}: {spoke.subject}" if spoke.subject else spoke.kind
        lines.append(Line(spoke.at, What.SAID, spoke.by, (spoke.to,), words, "", frozenset(sides)))
    return sorted(lines, key=lambda one: one.at)


def _of_events(here: Known, everybody: frozenset[str], second: Callable[[int], int]) -> Iterator[Line]:
    for one in ExerciseEvent.objects.filter(exercise=here.row):
        if one.kind in set(MoveKind):
            says = f"{one.kind} {one.value}" if one.value else one.kind
            yield Line(second(one.at), What.MOVE, one.recorded_by, (), says, "", everybody)
        elif one.kind == "took":
            says = f"{one.name}: {one.option}"
            yield Line(second(one.at), What.TOOK, one.recorded_by, (), says, "",
                       frozenset({here.scenario.decision[one.name].of}))  # fmt: skip


def findings(here: Known, *, shared: bool = False) -> Sequence[ExerciseFinding]:
    """Return what was learned, or of that what is shared with the other sides."""
    rows = ExerciseFinding.objects.filter(exercise=here.row)
    return list(rows.filter(shared=True) if shared else rows)


@dataclass(frozen=True, slots=True)
class Learned:
    """A finding as it is written down. `due` is a rule of `policy.recurrence`; with it the finding is undertaken."""

    says: str
    expectation: str = ""
    due: str = ""
    owner: str = ""
    shared: bool = False


def find(slug: str, learned: Learned, actor: str, now: datetime) -> ExerciseFinding:
    """Record a finding; with a due day it becomes an undertaking of ours, whose evidence is named."""
    with transaction.atomic():
        taken = moments.take(now)
        here = exercises.known(slug)
        if not learned.says.strip():
            raise Rejected(_("Say what was learned, in one sentence."))
        if learned.expectation and learned.expectation not in here.scenario.expectation:
            raise Rejected(_("Nothing “%(name)s” is expected in it.") % {"name": learned.expectation})
        uid = str(_undertake(here, learned, actor, now).uid) if learned.due.strip() else ""
        return ExerciseFinding.objects.create(exercise=here.row, says=learned.says.strip()[:300], undertaking=uid,
                                              expectation=learned.expectation, shared=learned.shared, at=taken.at,
                                              recorded_by=actor, sequence=taken.sequence)  # fmt: skip


def _undertake(here: Known, learned: Learned, actor: str, now: datetime) -> UndertakingRow:
    expected = here.scenario.expectation.get(learned.expectation)
    serves = () if expected is None else expected.serves
    goals = [goal for goal in here.scenario.objectives if goal.id in serves]
    shows = [name for goal in goals for name in (*goal.indicators, *goal.aspects)]
    evidence = f"{here.scenario.framework} {', '.join(dict.fromkeys(shows))}".strip() if shows else ""
    promised = Promised(learned.says, f"After-action report of the exercise “{here.scenario.name}” ({here.row.slug})",
                        origin=UndertakingRow.Origin.RECOMMENDATION, rule=learned.due, owner=learned.owner,
                        evidence=evidence[:300])  # fmt: skip
    return undertakings.undertake(promised, actor, now)


def evidence(made: Report) -> Mapping[str, tuple[str, ...]]:
    """Give, by indicator and aspect, the expectations that were met, as what a review may cite as its evidence."""
    found: dict[str, list[str]] = {}
    for goal in made.here.scenario.objectives:
        met = [one.judged.expectation.says for one in made.told
               if goal.id in one.judged.expectation.serves and one.judged.verdict is Verdict.MET]  # fmt: skip
        for name in (*goal.indicators, *goal.aspects):
            found.setdefault(name, []).extend(met)
    return {name: tuple(dict.fromkeys(said)) for name, said in found.items() if said}


def offer(slug: str, review: str, home: Path, actor: str, now: datetime) -> tuple[str, ...]:
    """Offer what was met as evidence to a review, as one file kept by its digest; give the indicators that it is for.

    Raises Rejected where the exercise has not ended, nothing was met that an indicator asks for, or the review does not
    take evidence now.
    """
    with transaction.atomic():
        here = exercises.known(slug)
        row = Review.objects.filter(slug=review).first()
        if row is None:
            raise Rejected(_("There is no review “%(slug)s” here.") % {"slug": review})
        made = report(here, now)
        if not made.play.ended:
            raise Rejected(_("The exercise has not ended: its verdicts may still change."))
        named = {name for goal in here.scenario.objectives for name in goal.indicators}
        met = {name: said for name, said in evidence(made).items() if name in named}
        if not met:
            raise Rejected(_("Nothing was met that an indicator asks for."))
        told = {"exercise": slug, "scenario": here.row.digest, "met": met,
                "verdicts": {one.judged.expectation.id: str(one.judged.verdict) for one in made.told}}  # fmt: skip
        content = msgspec.json.format(msgspec.json.encode(told), indent=1)
        kept = review_evidence.keep(home, [content], f"exercise-{slug}.json")
        title = _("Exercise “%(name)s”: what was met") % {"name": here.scenario.name}
        review_evidence.add(row, review_evidence.Given(title, "AMBER", file=kept), sorted(met), actor, now)
    return tuple(sorted(met))
