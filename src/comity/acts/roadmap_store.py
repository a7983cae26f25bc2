"""Plans, offers, requests and progress as they are recorded, and roadmaps solved from them, kept with what went in."""

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import capacity_results, framework_editions, frameworks, moments, roadmap_words, roadmaps
from comity.acts.agreement_files import FileProblemError, read_tree
from comity.acts.agreements import Rejected
from comity.acts.roadmaps import Asked, Roadmap
from comity.acts.spoken import spoken
from comity.models import (
    CapacityPlan,
    CapacityResult,
    HelpRequest,
    MeasureEntry,
    Node,
    Party,
    PlanOffer,
    PlanVersion,
    RoadmapRun,
)
from comity.policy.framework_form import Answers, read_answers
from comity.policy.frameworks import Framework
from comity.policy.roadmap import Plan
from comity.policy.roadmap_draft import Draft, Offered, Progress
from comity.policy.roadmap_reasons import Difference, difference
from comity.policy.staging import Rating
from comity.policy.tree import Problem
from comity.solving.roadmaps import Reached, Solved

SECONDS: Final = 20.0
"""How long a page waits for the solver at most, the first time."""
AGAIN: Final = 9.0
"""How long it waits where the solver begins from an earlier roadmap: its difference is asked for."""
State = MeasureEntry.State
PLANS: Final = Path(__file__).parents[3] / "catalogues" / "plans"
EXAMPLE: Final = ("bahamas-fictional.yaml", "bahamas-answers-fictional.yaml")


class PlanRefused(Exception):
    """A plan’s file, or the answers with it, cannot be read; `problems` say where, in the file called `name`."""

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        """Carry the problems."""
        super().__init__("\n".join(spoken(problem.at(name)) for problem in problems))
        self.name, self.problems = name, problems


@dataclass(frozen=True, slots=True)
class Read:
    """A version of a plan, read."""

    version: PlanVersion
    draft: Draft
    framework: Framework
    answers: Answers | None


def take_in(content: str, answers: str, actor: str, now: datetime) -> PlanVersion:
    """Take in a plan’s file, with answers or without; a version that says nothing new is not added.

    Raises PlanRefused with every problem. Nothing is stored then.
    """
    draft, of = _draft(content)
    if answers.strip():
        _answers(answers, of)
    digest = hashlib.sha256(f"{content}\0{answers}".encode()).hexdigest()
    with transaction.atomic():
        taken = moments.take(now)
        plan, _new = CapacityPlan.objects.get_or_create(slug=draft.id)
        last = plan.versions.order_by("-sequence").first()
        if last is not None and last.digest == digest:
            return last
        return PlanVersion.objects.create(plan=plan, content=content, answers=answers, digest=digest,
                                          recorded_at=taken.at, recorded_by=actor, sequence=taken.sequence)  # fmt: skip


@functools.lru_cache(maxsize=32)
def _draft(content: str) -> tuple[Draft, Framework]:
    reading = roadmaps.plan_text(content, framework_of)
    if reading.draft is None:
        raise PlanRefused("plan", reading.problems)
    return reading.draft, framework_of(reading.draft.framework, reading.draft.edition)


def framework_of(name: str, edition: str) -> Framework:
    """Give a framework as it was taken in here, else as the catalogue has it. FrameworkUnknown where neither has."""
    try:
        return framework_editions.compiled(name, edition)
    except framework_editions.EditionUnknown:
        return frameworks.framework(name, edition)


def take_in_example(now: datetime) -> PlanVersion:
    """Take in the example plan, whose measures and amounts are invented."""
    plan, answers = ((PLANS / name).read_text(encoding="utf-8") for name in EXAMPLE)
    return take_in(plan, answers, "example", now)


def _answers(text: str, of: Framework) -> Answers:
    try:
        reading = read_answers(read_tree(text), of)
    except FileProblemError as error:
        raise PlanRefused("answers", (error.problem,)) from error
    if reading.answers is None:
        raise PlanRefused("answers", reading.problems)
    return reading.answers


def read(version: PlanVersion) -> Read:
    """Read a version of a plan."""
    draft, of = _draft(version.content)
    return Read(version, draft, of, _answers(version.answers, of) if version.answers.strip() else None)


def latest(slug: str) -> PlanVersion | None:
    """Give the newest version of a plan."""
    return PlanVersion.objects.filter(plan__slug=slug).select_related("plan").order_by("-sequence").first()


def offers(plan: CapacityPlan) -> list[PlanOffer]:
    """Give the offers that stand, oldest first."""
    gone = set(PlanOffer.objects.filter(plan=plan, supersedes__isnull=False).values_list("supersedes_id", flat=True))
    return [one for one in plan.offers.select_related("party") if one.pk not in gone and one.measures]


def as_offered(row: PlanOffer) -> Offered:
    """Give a recorded offer as a plan takes it."""
    return Offered(f"offer-{row.pk}", row.party_id, tuple(row.measures), row.money, tuple(sorted(row.staff.items())),
                   row.until, row.times, row.source)  # fmt: skip


def offer(slug: str, told: Offered, actor: str, now: datetime, supersedes: int | None = None) -> PlanOffer:
    """Record an offer; with *supersedes* it takes an earlier one’s place, and without measures it takes that one back.

    Raises Rejected with each reason.
    """
    with transaction.atomic():
        here = _known(slug)
        reasons = [_("There is no measure “%(name)s” in this plan.") % {"name": name}
                   for name in told.measures if name not in here.draft.measure()]  # fmt: skip
        if not Party.objects.filter(pk=told.party).exists():
            reasons.append(_("There is no party “%(code)s” here.") % {"code": told.party})
        if not told.measures and supersedes is None:
            reasons.append(_("Name at least one measure that it is for."))
        if told.measures and not told.money and not told.staff:
            reasons.append(_("Say what is given: money, or days of a role."))
        roles = {amount.resource for amount in here.draft.amounts}
        reasons += [_("There is no role “%(role)s” in this plan; there are %(roles)s.") % {
            "role": role, "roles": ", ".join(sorted(roles - {"money"}))} for role, _days in told.staff
            if role not in roles]  # fmt: skip
        before = PlanOffer.objects.filter(pk=supersedes or 0, plan=here.version.plan).first()
        if supersedes is not None and (before is None or hasattr(before, "superseded_by")):
            reasons.append(_("That offer has been changed meanwhile: look again."))
        if reasons:
            raise Rejected(*reasons)
        taken = moments.take(now)
        return PlanOffer.objects.create(
            plan=here.version.plan, party_id=told.party, measures=list(told.measures), money=told.money,
            staff=dict(told.staff), until=told.until, times=told.times, source=told.source, supersedes=before,
            recorded_at=taken.at, recorded_by=actor, sequence=taken.sequence,
        )  # fmt: skip


def _known(slug: str) -> Read:
    version = latest(slug)
    if version is None:
        raise Rejected(_("There is no plan “%(slug)s” here.") % {"slug": slug})
    return read(version)


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a measure from a day on, and what shows it."""

    measure: str
    state: str
    on: date
    evidence: str = ""


def note(slug: str, told: Became, actor: str, now: datetime) -> MeasureEntry:
    """Record what became of a measure. Raises Rejected with each reason."""
    measure, state, evidence = told.measure, told.state, told.evidence
    with transaction.atomic():
        here = _known(slug)
        reasons = []
        if measure not in here.draft.measure():
            reasons.append(_("There is no measure “%(name)s” in this plan.") % {"name": measure})
        if state not in State.values:
            reasons.append(_("“%(word)s” is not known here; write one of: %(words)s.") % {
                "word": state, "words": ", ".join(State.values)})  # fmt: skip
        if state == State.DONE and not evidence.strip():
            reasons.append(_("Say what shows that it is done: a report, a law, a page."))
        if reasons:
            raise Rejected(*reasons)
        taken = moments.take(now)
        last = standing(here.version.plan).get(measure)
        return MeasureEntry.objects.create(
            plan=here.version.plan, measure=measure, state=state, effective_on=told.on, evidence=evidence.strip(),
            supersedes=last, recorded_at=taken.at, recorded_by=actor, sequence=taken.sequence,
        )  # fmt: skip


def standing(plan: CapacityPlan) -> dict[str, MeasureEntry]:
    """Give the last entry of each measure."""
    return {one.measure: one for one in plan.progress.order_by("sequence")}


def progress(draft: Draft, entries: Iterable[MeasureEntry]) -> Progress:
    """Give what has become of measures as a plan takes it; what began before the plan counts from its first quarter."""
    there = [one for one in entries if one.measure in draft.measure()]
    begun = {one.measure: max(0, draft.quarter_of(one.effective_on)) for one in there if one.state == State.STARTED}
    return Progress(frozenset(one.measure for one in there if one.state == State.DONE), begun,
                    frozenset(one.measure for one in there if one.state == State.DROPPED))  # fmt: skip


def ask(slug: str, measure: str, party: str, says: str, actor: str, now: datetime) -> HelpRequest:
    """Record that a partner is asked for help with a measure. Raises Rejected with each reason."""
    with transaction.atomic():
        here = _known(slug)
        reasons = []
        if measure not in here.draft.measure():
            reasons.append(_("There is no measure “%(name)s” in this plan.") % {"name": measure})
        if not Party.objects.filter(pk=party).exists():
            reasons.append(_("There is no party “%(code)s” here.") % {"code": party})
        if not says.strip():
            reasons.append(_("Say what is asked for."))
        if reasons:
            raise Rejected(*reasons)
        taken = moments.take(now)
        return HelpRequest.objects.create(
            plan=here.version.plan, measure=measure, party_id=party, says=says.strip(), asked_on=now.date(),
            recorded_at=taken.at, recorded_by=actor, sequence=taken.sequence,
        )  # fmt: skip


def asked_now(here: Read) -> Asked:
    """Give what a roadmap is solved from now: the newest version with the offers and the progress recorded since."""
    ratings, on = _judged(here)
    more = tuple(as_offered(row) for row in offers(here.version.plan))
    return Asked(here.draft, here.framework, ratings, on, progress(here.draft, standing(here.version.plan).values()),
                 more)  # fmt: skip


def _judged(here: Read) -> tuple[Mapping[str, Rating], date]:
    """Give the answers that a plan’s targets are judged by, and their day: its own, or else our newest result."""
    if here.answers is not None:
        return here.answers.ratings, here.answers.on
    row = newest_result(here)
    return ({}, here.draft.begins) if row is None else (capacity_results.result(row).ratings, row.on)


def newest_result(here: Read) -> CapacityResult | None:
    """Give our newest result by the framework of a plan, whether of a review here or taken in as a file."""
    us = Node.objects.values_list("party_id", flat=True).first()
    rows = CapacityResult.objects.filter(party=us, framework=here.draft.framework, edition=here.draft.edition)
    return rows.order_by("-on", "-id").first()


def solve(slug: str, actor: str, now: datetime, seconds: float | None = None) -> RoadmapRun:
    """Solve a plan as it stands now, from the last roadmap on, and keep it with all that went in.

    *seconds*: at most; None: SECONDS, or AGAIN after an earlier roadmap. What more or less would change is worked out
    afterwards (`acts.roadmap_weighing`), so that the difference is known as soon as the plan is.
    Raises Rejected where measures wait for each other.
    """
    here = _known(slug)
    asked, last = asked_now(here), last_run(slug)
    start = None if last is None else plan_of(last)
    seconds = seconds or (SECONDS if last is None else AGAIN)
    try:
        made = roadmaps.make(asked, start=start, seconds=seconds)
    except roadmaps.Circle as error:
        raise Rejected(f"{error}.") from error
    inputs = written(asked)
    judged = None if here.answers is not None else newest_result(here)
    inputs |= {} if judged is None else {"result": judged.pk}
    plan = None if made.solved.plan is None else {
        "starts": dict(made.plan.starts), "taken": sorted(map(list, made.plan.taken))}  # fmt: skip
    clash = () if made.conflict is None else roadmap_words.clash(asked.telling, made.conflict, made.programme)
    said = json.dumps([here.version.digest, inputs, plan], sort_keys=True)
    with transaction.atomic():
        taken = moments.take(now)
        return RoadmapRun.objects.create(
            version=here.version, before=last, inputs=inputs, plan=plan,
            aims=[[one.aim.value, one.value, one.bound] for one in made.solved.aims], told={"clash": list(clash)},
            digest=hashlib.sha256(said.encode()).hexdigest(), recorded_at=taken.at, recorded_by=actor,
            sequence=taken.sequence,
        )  # fmt: skip


def written(asked: Asked) -> dict[str, Any]:
    """Write what went in beside the plan’s file, as JSON."""
    return {
        "on": asked.on.isoformat(),
        "offers": [{"id": one.id, "party": one.party, "measures": list(one.measures), "money": one.money,
                    "staff": dict(one.staff), "until": one.until and one.until.isoformat(), "times": one.times,
                    "source": one.source} for one in asked.offers],
        "done": sorted(asked.progress.done), "begun": dict(sorted(asked.progress.begun.items())),
        "dropped": sorted(asked.progress.dropped),
    }  # fmt: skip


def asked_of(run: RoadmapRun) -> Asked:
    """Give what a roadmap was solved from, as it was then."""
    here, told = read(run.version), run.inputs
    more = tuple(
        Offered(one["id"], one["party"], tuple(one["measures"]), one["money"], tuple(sorted(one["staff"].items())),
                date.fromisoformat(one["until"]) if one["until"] else None, one["times"], one["source"])
        for one in told["offers"]
    )  # fmt: skip
    been = Progress(frozenset(told["done"]), told["begun"], frozenset(told["dropped"]))
    ratings: Mapping[str, Rating] = {} if here.answers is None else here.answers.ratings
    if "result" in told:
        ratings = capacity_results.result(CapacityResult.objects.get(pk=told["result"])).ratings
    return Asked(here.draft, here.framework, ratings, date.fromisoformat(told["on"]), been, more)


def plan_of(run: RoadmapRun) -> Plan:
    """Give the plan of a run; an empty one where there was none."""
    told = run.plan or {"starts": {}, "taken": []}
    return Plan(told["starts"], frozenset((offer, step) for offer, step in told["taken"]))


def roadmap_of(run: RoadmapRun) -> Roadmap:
    """Give a run as it was solved, without solving it again."""
    asked = asked_of(run)
    aims = tuple(Reached(aim, value, bound) for aim, (_name, value, bound) in
                 zip(asked.draft.aims, run.aims, strict=False))  # fmt: skip
    return Roadmap(asked, asked.programme, Solved(None if run.plan is None else plan_of(run), aims, run.plan is None))


def last_run(slug: str) -> RoadmapRun | None:
    """Give the newest roadmap of a plan."""
    rows = RoadmapRun.objects.filter(version__plan__slug=slug).select_related("version__plan", "before__version")
    return rows.order_by("-sequence").first()


def adopted(slug: str) -> RoadmapRun | None:
    """Give the roadmap that was adopted last."""
    rows = RoadmapRun.objects.filter(version__plan__slug=slug, adopted_at__isnull=False)
    return rows.select_related("version__plan").order_by("-adopted_at").first()


def adopt(run: RoadmapRun, actor: str, now: datetime) -> None:
    """Adopt a roadmap: it is the one that is followed. Raises Rejected where it has no plan, or was adopted before."""
    if run.plan is None:
        raise Rejected(_("There is no plan in it to adopt."))
    with transaction.atomic():
        taken = moments.take(now)
        done = RoadmapRun.objects.filter(pk=run.pk, adopted_at__isnull=True).update(
            adopted_at=taken.at, adopted_by=actor)  # fmt: skip
        if not done:
            raise Rejected(_("It has been adopted already."))


def changed(run: RoadmapRun) -> Difference | None:
    """Tell how a roadmap differs from the one that stood before it; None where there was none."""
    if run.before is None:
        return None
    before, after = roadmap_of(run.before), roadmap_of(run)
    return difference((before.programme, before.plan), (after.programme, after.plan))


def telling_of(run: RoadmapRun) -> roadmap_words.Telling:
    """Give what a roadmap and the one before it are told by."""
    asked = asked_of(run)
    earlier = () if run.before is None else asked_of(run.before).offers
    return replace(asked.telling, offers=(*asked.offers, *earlier))
