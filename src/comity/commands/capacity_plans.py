"""The verbs of `comity capacity` that work on recorded plans: plan, solve, measures, progress, offers, offer."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import click

from comity.acts import roadmap_store, roadmap_weighing, roadmap_words, zones
from comity.acts.agreements import Rejected
from comity.acts.roadmap_store import Became
from comity.commands import node
from comity.commands.capacity_files import refuse
from comity.commands.output import BadInput, answer, data_option, json_option, progress, show
from comity.policy.dates import local_day
from comity.policy.roadmap_draft import Offered
from comity.policy.roadmap_reasons import overlaps

_FILE = click.Path(dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])
ACTOR = "officer"


@click.command()
@click.argument("path", type=_FILE, metavar="PLAN")
@click.option("--answers", type=_FILE, help="Answers to the framework: what is met already.")
@data_option
@json_option
def plan(*, path: Path, answers: Path | None, data: Path, as_json: bool) -> None:
    """Take in a plan’s file, with answers or without; what changed is a new version, and the old one is kept."""
    content = _text(path)
    said = "" if answers is None else _text(answers)
    node.open_home(data)
    try:
        version = roadmap_store.take_in(content, said, ACTOR, _now())
    except roadmap_store.PlanRefused as error:
        refuse(path if error.name == "plan" or answers is None else answers, error.problems)
    told = {"plan": version.plan.slug, "digest": version.digest, "versions": version.plan.versions.count()}
    show(told, f"{version.plan.slug}: version {told['versions']}, {version.digest[:12]}", as_json=as_json)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "name a file that you may read") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: it is not UTF-8 text", "save it as UTF-8") from error


def _now() -> datetime:
    return datetime.now(UTC)


def rejected(error: Rejected) -> BadInput:
    """Tell why an act was refused."""
    return BadInput(" ".join(error.reasons))


@dataclass(frozen=True, slots=True)
class Run:
    """A roadmap that was solved and kept: its aims with bounds, and how it differs from the one before."""

    number: int
    digest: str
    aims: list[list[object]]
    difference: tuple[str, ...]
    clash: tuple[str, ...]
    weighed: tuple[str, ...] = ()


@click.command()
@click.argument("slug", metavar="PLAN")
@click.option("--seconds", type=click.FloatRange(1, 3600),
              help=f"At most so long; else {roadmap_store.SECONDS:g}, or {roadmap_store.AGAIN:g} after an earlier one.")
@click.option("--weigh", is_flag=True, help="Say too what more or less money and staff would change.")
@click.option("--adopt", is_flag=True, help="Adopt the roadmap: it is the one that is followed.")
@data_option
@json_option
def solve(*, slug: str, seconds: float | None, weigh: bool, adopt: bool, data: Path, as_json: bool) -> None:
    """Solve a recorded plan with all offers and progress, keep the roadmap, and say what changed.

    Exit code 0: there is a roadmap; 1: there is none, and what clashes is told.
    """
    node.open_home(data)
    progress("solving …")
    try:
        run = roadmap_store.solve(slug, ACTOR, _now(), seconds)
        if adopt and run.plan is not None:
            roadmap_store.adopt(run, ACTOR, _now())
        if weigh and run.plan is not None:
            progress("weighing …")
            roadmap_weighing.weigh(run)
    except Rejected as error:
        raise rejected(error) from error
    changed = roadmap_store.changed(run)
    telling = roadmap_store.telling_of(run)
    lines = () if changed is None else tuple(roadmap_words.difference(telling, changed))
    weighed = tuple(roadmap_weighing.lines(run, telling)) if weigh else ()
    told = Run(run.pk, run.digest, run.aims, lines, tuple(run.told["clash"]), weighed)
    text = [f"roadmap {run.pk} of {slug}: " + "; ".join(f"{aim} {value}" for aim, value, _bound in run.aims)]
    show(told, "\n".join([*text, *(f"  {line}" for line in (*told.clash, *lines, *weighed))]), as_json=as_json)
    answer(run.plan is not None)


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure: what became of it, and when it starts by the newest roadmap."""

    measure: str
    name: str
    state: str
    since: date | None
    evidence: str
    starts: str
    owner: str


@click.command()
@click.argument("slug", metavar="PLAN")
@data_option
@json_option
def measures(*, slug: str, data: Path, as_json: bool) -> None:
    """List the measures of a recorded plan: what became of each, and when it starts by the newest roadmap."""
    node.open_home(data)
    here, run = _read(slug), roadmap_store.last_run(slug)
    starts = {} if run is None else roadmap_store.plan_of(run).starts
    entries = roadmap_store.standing(here.version.plan)
    rows = []
    for one in here.draft.measures:
        entry = entries.get(one.id)
        starts_in = here.draft.label(starts[one.id]) if one.id in starts else ""
        rows.append(MeasureLine(one.id, one.name, entry.state if entry else "planned",
                                entry.effective_on if entry else None, entry.evidence if entry else "", starts_in,
                                one.owner))  # fmt: skip
    show(rows, "\n".join(f"{row.measure:<20} {row.state:<8} {row.starts:<8} {row.name}" for row in rows),
         as_json=as_json)  # fmt: skip


def _read(slug: str) -> roadmap_store.Read:
    version = roadmap_store.latest(slug)
    if version is None:
        raise BadInput(f"there is no plan “{slug}” here", "take one in with `comity capacity plan FILE`")
    return roadmap_store.read(version)


@click.command("progress")
@click.argument("slug", metavar="PLAN")
@click.argument("measure")
@click.argument("state", type=click.Choice(roadmap_store.State.values))
@click.option("--on", type=_DAY, help="With effect from this day. Else: today.")
@click.option("--evidence", default="", help="What shows it; needed for what is done.")
@data_option
@json_option
def progress_(*, slug: str, measure: str, state: str, on: datetime | None, evidence: str, data: Path,
              as_json: bool) -> None:  # fmt: skip
    """Record that a measure is planned, started, done or dropped."""
    node.open_home(data)
    day = on.date() if on else local_day(_now(), zones.ours())
    try:
        entry = roadmap_store.note(slug, Became(measure, state, day, evidence), ACTOR, _now())
    except Rejected as error:
        raise rejected(error) from error
    show({"measure": entry.measure, "state": entry.state, "on": entry.effective_on}, f"{measure}: {state} from {day}",
         as_json=as_json)  # fmt: skip


def _days(_context: click.Context, _parameter: click.Parameter, said: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    found = []
    for one in said:
        role, _, days = one.partition("=")
        if not (role and days.isdigit()):
            raise BadInput(f"--days: “{one}” is no role with days", "write it as law=20")
        found.append((role, int(days)))
    return tuple(found)


@click.command()
@click.argument("slug", metavar="PLAN")
@click.argument("party")
@click.option("--for", "whose", multiple=True, required=True, metavar="MEASURE", help="For it; may be given again.")
@click.option("--money", default=0, type=click.IntRange(0), help="Towards the one-off cost of each.")
@click.option("--days", multiple=True, callback=_days, metavar="ROLE=DAYS", help="Staff lent to each.")
@click.option("--until", type=_DAY, help="For what starts by this day. Else: without end.")
@click.option("--times", default=1, type=click.IntRange(1), show_default=True, help="For so many of them.")
@click.option("--source", default="", help="The letter or minutes it rests on.")
@data_option
@json_option
def offer(*, slug: str, party: str, whose: tuple[str, ...], money: int, days: tuple[tuple[str, int], ...],
          until: datetime | None, times: int, source: str, data: Path, as_json: bool) -> None:  # fmt: skip
    """Record what PARTY offers for measures of a plan."""
    node.open_home(data)
    told = Offered("", party, whose, money, days, until.date() if until else None, times, source)
    try:
        row = roadmap_store.offer(slug, told, ACTOR, _now())
    except Rejected as error:
        raise rejected(error) from error
    show({"offer": row.pk, "plan": slug, "party": party}, f"offer {row.pk} of {party} is recorded; solve the plan anew "
         "to see what it changes", as_json=as_json)  # fmt: skip


@click.command()
@click.argument("slug", metavar="PLAN")
@data_option
@json_option
def offers(*, slug: str, data: Path, as_json: bool) -> None:
    """List what partners offer for a plan, and where several offer help with one measure."""
    node.open_home(data)
    here = _read(slug)
    asked = roadmap_store.asked_now(here)
    every = (*here.draft.offers, *asked.offers)
    rows = [{"offer": one.id, "party": one.party, "measures": one.measures, "money": one.money,
             "staff": dict(one.staff), "until": one.until} for one in every]  # fmt: skip
    lines = [f"{one.id:<20} {asked.telling.offer(one.id)} for {', '.join(one.measures)}" for one in every]
    lines += [roadmap_words.overlap(asked.telling, one) for one in overlaps(asked.programme)]
    show(rows, "\n".join(lines) or "No offer is recorded.", as_json=as_json)
