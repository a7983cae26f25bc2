"""The verbs of `comity exercise` that lead a run: new, clock, inject, took, share, ask, status."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import exercise_material, exercise_parts, exercise_running, exercise_seen, exercises, requests
from comity.acts.exercises import Known
from comity.acts.requests import Asked
from comity.commands import exercise_report, node
from comity.commands.exercise_files import scenario
from comity.commands.output import BadInput, answer, data_option, json_option, progress, show
from comity.peering import schedule
from comity.policy.exercise_clock import FASTEST, MoveKind, RunState
from comity.policy.exercise_course import Fate, judge, shown, stands, tally
from comity.policy.exercise_form import minutes
from comity.policy.fields import Report
from comity.policy.markings import LABELS, Tlp
from comity.policy.requests import Subject
from comity.policy.tree import Scalar

ACTOR = "officer"
_FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Standing:
    """A run as it stands: the clock, injects by where they stand, verdicts by how many."""

    exercise: str
    name: str
    state: str
    clock: str
    speed: int
    led_by: str
    collection: str
    next: str
    put: tuple[str, ...]
    due: tuple[str, ...]
    verdicts: dict[str, int]


@click.command()
@click.argument("path", type=_FILE, metavar="FILE")
@click.option("--name", default="", help="What to call it here. Else: the scenario's own id.")
@click.option("--collection", default=exercises.COLLECTION, show_default=True, help="Where it is played; made if new.")
@click.option("--led-by", default="", metavar="PARTY", help="The partner whose node leads it. Else: this one does.")
@data_option
@json_option
def new(*, path: Path, name: str, collection: str, led_by: str, data: Path, as_json: bool) -> None:
    """Take the scenario FILE in as an exercise. Nothing is put to anybody before its clock is started."""
    node.open_home(data)
    scenario(path)
    made = exercises.new(path.read_text(encoding="utf-8-sig"), ACTOR, _now(), name=name, collection=collection,
                         led_by=led_by)  # fmt: skip
    _tell(made, as_json=as_json)


def _now() -> datetime:
    return datetime.now(UTC)


def standing(here: Known, now: datetime) -> Standing:
    """Tell how a run stands."""
    play, reading = exercise_seen.play(here, now), exercises.reading(here.row, now)
    found = stands(here.scenario, play)
    coming = [one for one in found if one.fate is Fate.COMING and one.at is not None]
    first = min(coming, key=lambda one: one.at or 0, default=None)
    judged = tally(judge(here.scenario, play))
    return Standing(
        here.row.slug, here.scenario.name, str(reading.state), shown(reading.seconds), reading.speed,
        here.row.led_by_id, here.row.collection.alias, f"{first.inject.id} at {shown(first.at)}" if first else "",
        tuple(one.inject.id for one in found if one.fate is Fate.GIVEN),
        tuple(one.inject.id for one in found if one.fate in {Fate.DUE, Fate.WAITING}),
        {str(verdict): count for verdict, count in judged.items() if count},
    )  # fmt: skip


def _tell(here: Known, *, as_json: bool) -> None:
    told = standing(here, _now())
    show(told, _words(told), as_json=as_json)


def _words(one: Standing) -> str:
    lines = [f"{one.exercise}: {one.name}: {one.state} at {one.clock}, speed {one.speed}, led by {one.led_by}",
             f"  put: {', '.join(one.put) or 'nothing yet'}" + (f"; next {one.next}" if one.next else "")]  # fmt: skip
    if one.due:
        lines.append(f"  waiting: {', '.join(one.due)}")
    return "\n".join([*lines, f"  {', '.join(f'{count} {verdict}' for verdict, count in one.verdicts.items())}"])


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@data_option
@json_option
def status(*, names: tuple[str, ...], data: Path, as_json: bool) -> None:
    """Tell how exercises stand: their clocks, what was put, how many expectations are met, missed and unjudged."""
    node.open_home(data)
    found = [exercises.known(name) for name in names] if names else exercises.every()
    told = [standing(one, _now()) for one in found]
    show(told, "\n".join(map(_words, told)) or "No exercise yet.", as_json=as_json)


@click.command()
@click.argument("name")
@click.argument("kind", type=click.Choice([one.value for one in MoveKind]), metavar="MOVE")
@click.argument("value", default="")
@data_option
@json_option
def clock(*, name: str, kind: str, value: str, data: Path, as_json: bool) -> None:
    """Move the clock of the exercise NAME: start [SPEED], pause, resume, speed SPEED, jump H:MM, end."""
    node.open_home(data)
    made = MoveKind(kind)
    here = exercises.move(name, made, _value(made, value), ACTOR, _now())
    exercise_running.advance(name, _now())
    _tell(here, as_json=as_json)


def _value(kind: MoveKind, text: str) -> int:
    if kind is MoveKind.JUMP:
        report = Report()
        found = minutes(report, Scalar(text), "the time")
        if found is None:
            raise BadInput(f"jump: “{text}” is no time of the exercise", "write it as 1:05")
        return found * 60
    if kind not in {MoveKind.START, MoveKind.SPEED}:
        return 0
    if not text and kind is MoveKind.START:
        return 1
    if not text.isdigit():
        raise BadInput(f"{kind}: “{text}” is no speed", f"write a whole number from 1 to {FASTEST}")
    return int(text)


@click.command()
@click.argument("name")
@click.argument("inject")
@data_option
@json_option
def inject(*, name: str, inject: str, data: Path, as_json: bool) -> None:
    """Put an inject of the exercise NAME by hand, at once, whatever its time and conditions."""
    node.open_home(data)
    here = exercises.force(name, inject, ACTOR, _now())
    exercise_running.advance(name, _now())
    _tell(here, as_json=as_json)


@click.command()
@click.argument("name")
@click.argument("decision")
@click.argument("option")
@data_option
@json_option
def took(*, name: str, decision: str, option: str, data: Path, as_json: bool) -> None:
    """Record which OPTION was taken at a DECISION of the exercise NAME; what hangs on it follows."""
    node.open_home(data)
    _tell(exercises.took(name, decision, option, ACTOR, _now()), as_json=as_json)


@click.command()
@click.argument("name")
@click.argument("inject")
@click.option("--tlp", type=click.Choice(LABELS), default=None, help="Mark it so. Else: as the inject was.")
@data_option
@json_option
def share(*, name: str, inject: str, tlp: str | None, data: Path, as_json: bool) -> None:
    """Share, as our team, what came with an INJECT: in the exercise's collection, as agreements allow."""
    node.open_home(data)
    made = exercise_material.share(name, inject, ACTOR, _now(), None if tlp is None else Tlp.read(tlp))
    told = {"stored": len(made.stored), "known": len(made.known)}
    show(told, f"{len(made.stored)} objects stored, {len(made.known)} already there.", as_json=as_json)


@click.command()
@click.argument("name")
@click.argument("party")
@click.argument("subject", type=click.Choice([one.value for one in Subject]))
@click.argument("about")
@click.option("--urgency", type=click.Choice(["normal", "emergency"]), default="normal", show_default=True)
@click.option("--agreement", default="", help="The slug of the agreement that it rests on; its clause sets the clock.")
@data_option
@json_option
def ask(*, name: str, party: str, subject: str, about: str, urgency: str, agreement: str, data: Path,
        as_json: bool) -> None:  # fmt: skip
    """Ask a PARTY within the exercise NAME: a request that goes where exercises are, and binds nobody."""
    node.open_home(data)
    here = exercises.known(name)
    row = requests.ask(Asked(party, subject, about, urgency, agreement, exercise=(name, here.row.collection)), ACTOR,
                       _now())  # fmt: skip
    show({"request": row.uuid}, f"Asked: request {row.uuid}.", as_json=as_json)


@click.command()
@click.argument("name")
@data_option
@json_option
def tell(*, name: str, data: Path, as_json: bool) -> None:
    """Tell the other sides our verdicts, after the end; theirs stand beside ours in the joint report."""
    node.open_home(data)
    sent = exercise_parts.tell_verdicts(name, ACTOR, _now())
    show([one.party_id for one in sent], f"Told {', '.join(one.party_id for one in sent)}.", as_json=as_json)


@click.command()
@click.argument("path", type=_FILE, metavar="FILE")
@click.option("--name", default="", help="What to call it here. Else: the scenario's own id.")
@click.option("--collection", default=exercises.COLLECTION, show_default=True, help="Where it is played; made if new.")
@click.option("--speed", default=1, show_default=True, type=click.IntRange(1, FASTEST), help="Seconds of it in one.")
@data_option
@json_option
def run(*, path: Path, name: str, collection: str, speed: int, data: Path, as_json: bool) -> None:
    """Take the scenario FILE in, start it, lead it to its end, and print its report. Rounds with peers go on meanwhile.

    Exit code 1 where an expectation was missed.
    """
    node.open_home(data)
    scenario(path)
    content = path.read_text(encoding="utf-8-sig")
    slug = exercises.new(content, ACTOR, _now(), name=name, collection=collection).row.slug
    exercises.move(slug, MoveKind.START, speed, ACTOR, _now())
    world = schedule.outside()
    while exercises.reading(exercises.known(slug).row, _now()).state is not RunState.ENDED:
        done = exercise_running.once(_now())
        if done.put:
            progress(f"{shown(exercises.reading(exercises.known(slug).row, _now()).seconds)}: {done.put} injects put")
        schedule.once(world)
        time.sleep(1)
    made = exercise_report.made(exercises.known(slug), _now())
    exercise_report.tell(made, as_json=as_json)
    answer(not any(one.verdict == "missed" for one in exercise_report.told(made).expected))

