"""`comity capacity roadmap`: a plan’s file solved, with why each measure comes when it does."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from comity.acts import frameworks, roadmap_words, roadmaps
from comity.acts.roadmaps import Asked, Roadmap
from comity.commands.capacity_files import refuse
from comity.commands.output import BadInput, answer, json_option, progress, show
from comity.policy.roadmap import MONEY
from comity.policy.staging import Ratings
from comity.solving.roadmaps import SECONDS

_FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class StepTold:
    """One measure of a roadmap, by its quarters; both inside."""

    measure: str
    name: str
    starts: str
    ends: str
    why: str


@dataclass(frozen=True, slots=True)
class AimTold:
    """One aim: what the plan reaches, and what it is proven that none can pass."""

    aim: str
    reached: int
    at_most: int


@dataclass(frozen=True, slots=True)
class RoadmapTold:
    """A roadmap as it is told. `used` is by resource and quarter; `conflict` says why there is no plan."""

    plan: str
    aims: tuple[AimTold, ...]
    gap: float
    steps: tuple[StepTold, ...]
    goals: dict[str, str]
    used: dict[str, dict[str, int]]
    offers: tuple[tuple[str, str], ...]
    alternatives: tuple[str, ...]
    conflict: tuple[str, ...]


@click.command()
@click.argument("path", type=_FILE, metavar="PLAN")
@click.option("--answers", type=_FILE, help="Answers to the framework, as of their day. Else: nothing is met yet.")
@click.option("--seconds", default=SECONDS, show_default=True, type=click.FloatRange(1, 3600), help="At most so long.")
@click.option("--prices/--no-prices", default=True, help="Price what is not reached, or late.")
@json_option
def roadmap(*, path: Path, answers: Path | None, seconds: float, prices: bool, as_json: bool) -> None:
    """Choose which measures of PLAN start when: within money, staff and order, best by its aims, with the reasons.

    Exit code 0: there is a plan; 1: there is none, and what clashes is told with the least that would do.
    """
    told = _told(_made(path, answers, seconds), prices=prices)
    show(told, "\n".join(_lines(told)), as_json=as_json)
    answer(not told.conflict)


def _made(path: Path, answers: Path | None, seconds: float) -> Roadmap:
    try:
        reading = roadmaps.plan_file(path)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "name a plan’s file that you may read") from error
    draft = reading.draft if reading.draft is not None else refuse(path, reading.problems)
    of = frameworks.framework(draft.framework, draft.edition)
    ratings, on = _ratings(answers, draft.begins)
    progress(f"{len(draft.measures)} measures over {draft.quarters} quarters …")
    try:
        return roadmaps.make(Asked(draft, of, ratings, on), seconds=seconds)
    except roadmaps.Circle as error:
        raise BadInput(f"{path}: {error}", "take one `after:` out of the circle") from error


def _ratings(path: Path | None, begins: date) -> tuple[Ratings, date]:
    if path is None:
        return {}, begins
    try:
        reading = frameworks.answers_file(path)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "name a file of answers that you may read") from error
    found = reading.answers if reading.answers is not None else refuse(path, reading.problems)
    return found.ratings, found.on


def _told(made: Roadmap, *, prices: bool) -> RoadmapTold:
    draft, telling = made.asked.draft, made.asked.telling
    conflict = () if made.conflict is None else tuple(roadmap_words.clash(telling, made.conflict, made.programme))
    steps = made.programme.step()
    return RoadmapTold(
        draft.name, tuple(AimTold(one.aim.value, one.value, one.bound) for one in made.solved.aims), made.solved.gap,
        tuple(StepTold(one.step, telling.measure(one.step), draft.label(one.start),
                       draft.label(one.start + steps[one.step].quarters - 1), roadmap_words.why(telling, one))
              for one in made.reasons),
        dict(roadmap_words.reached_by(telling, made.programme, made.reached)),
        {name: {draft.label(quarter): amount for quarter, amount in enumerate(row)}
         for name, row in made.used.items()},
        tuple((telling.offer(offer), telling.measure(step)) for offer, step in sorted(made.plan.taken)),
        tuple(roadmap_words.price(telling, one) for one in roadmaps.prices(made))
        if prices and made.solved.plan is not None else (),
        conflict,
    )  # fmt: skip


def _lines(told: RoadmapTold) -> Iterator[str]:
    if told.conflict:
        yield f"{told.plan}: there is no such plan."
        yield from (f"  {line}" for line in told.conflict)
        return
    reached = "; ".join(f"{one.aim} {one.reached}" + ("" if one.reached >= one.at_most else f" (at most {one.at_most})")
                        for one in told.aims)  # fmt: skip
    yield f"{told.plan}: {reached}"
    for step in told.steps:
        span = step.starts if step.starts == step.ends else f"{step.starts} – {step.ends}"
        yield f"{span:<17} {step.name}"
        yield f"{'':<17} {step.why}"
    yield "Reached:"
    yield from (f"  {goal}: {when}" for goal, when in told.goals.items())
    yield f"Money: {sum(told.used.get(MONEY, {}).values())}"
    if told.alternatives:
        yield "Alternatives:"
        yield from (f"  {line}" for line in told.alternatives)
