"""The verbs of `comity capacity` that write forms of others, carry answers over, and compare two reviews."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import click

from comity.acts import crosswalks, framework_reading, framework_writing, frameworks
from comity.commands.output import BadInput, json_option, progress, show
from comity.policy import comparing, oscal_results, staging
from comity.policy.crosswalks import Carried, Crosswalk, Items, Said, carry, filled
from comity.policy.framework_form import Answers
from comity.policy.frameworks import Framework, words

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("what", metavar="WHAT")
@click.option("--format", "form", required=True, type=click.Choice(framework_writing.FORMS), help="The form to write.")
@click.option("--edition", default="", help="Of several editions, this one. Else: the latest.")
@click.option("--plan", is_flag=True, help="Of answers: the gaps as a plan of action, not the results.")
@click.option("--framework", "own", type=_FILE, metavar="FILE",
              help="The framework that answers, or findings of others, speak of, in any form. Else: the catalogue’s.")
@click.option("--out", type=_FILE, metavar="FILE", help="Write to a file. Else: to standard output.")
def export(*, what: str, form: str, edition: str, plan: bool, own: Path | None, out: Path | None) -> None:
    """Write WHAT in another form: a framework or crosswalk of the catalogue by its id, or a file of any form.

    What is lost is told on standard error. Of a file of answers, `--format oscal` gives assessment results, or with
    `--plan` a plan of action and milestones. OSCAL results of others become answers to the framework they speak of.
    """
    known = None if own is None else [one for one in read(own) if isinstance(one, Framework)]
    content, losses = _written(_named(what, edition, known), form, known, plan=plan)
    for line in losses:
        progress(f"lost: {line}")
    if out is None:
        click.echo(content, nl=False)
    else:
        out.write_bytes(content)


def _named(what: str, edition: str, known: list[Framework] | None) -> Framework | Crosswalk | Answers:
    if Path(what).is_file():
        found = read(Path(what), known)
        if len(found) > 1:
            progress(f"{what} holds {len(found)} things; the first is written")
        return found[0]
    walks = {walk.id: walk for walk in crosswalks.catalogue()}
    if what in walks:
        return walks[what]
    try:
        return frameworks.framework(what, edition)
    except frameworks.FrameworkUnknown as error:
        raise BadInput(f"{error}; of crosswalks there are {', '.join(walks)}", "name one of them, or a file") from error


def _written(found: Framework | Crosswalk | Answers, form: str, known: list[Framework] | None, *,
             plan: bool) -> tuple[bytes, tuple[str, ...]]:  # fmt: skip
    now = datetime.now(UTC)
    if not isinstance(found, Answers):
        try:
            return framework_writing.write(found, form, now)
        except LookupError as error:
            raise BadInput(f"a crosswalk cannot be written as {form}", "write it as yaml, oscal or ciso") from error
    if form == "yaml":
        return framework_writing.answers_yaml(found), ()
    if form != "oscal":
        raise BadInput(f"answers cannot be written as {form}", "write them as oscal or yaml")
    framework = (known or [frameworks.framework(found.framework, found.edition)])[0]
    if plan:
        missing = staging.gaps(staging.stages(framework, found.ratings, found.on), {})
        return framework_writing.as_json(oscal_results.plan(framework, found.of, found.on, missing, now)), ()
    return framework_writing.as_json(oscal_results.write(framework, found, now)), ()


def read(path: Path, known: list[Framework] | None = None) -> list[Framework | Crosswalk | Answers]:
    """Read a file; its losses go to standard error, and its problems end the verb."""
    try:
        read = framework_reading.read(path, known)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "name a file that you may read") from error
    problems = [line for one in read for line in one.problems]
    if problems:
        for line in problems[:-1]:
            click.echo(line, err=True)
        raise BadInput(problems[-1])
    for one in read:
        for line in one.losses:
            progress(f"lost: {path.name}: {line}")
    return [one.found for one in read if one.found is not None]


@dataclass(frozen=True, slots=True)
class CarriedItem:
    """What answers to one framework show of an item of another, and by which pairs."""

    item: str
    said: str
    confidence: str | None
    by: tuple[str, ...]


@click.command("carry")
@click.argument("path", type=_FILE, metavar="ANSWERS")
@click.option("--to", "target", metavar="FRAMEWORK", help="Only to this one. Else: along every crosswalk there is.")
@json_option
def carry_(path: Path, target: str | None, as_json: bool) -> None:
    """Say what ANSWERS to one framework show of others, as far as the crosswalks allow and no further.

    What nothing follows for stays blank. “look” names a place to look, not an answer.
    """
    answers = _answers(path)
    source = Items(frameworks.framework(answers.framework, answers.edition))
    end = (answers.framework, answers.edition)
    turned = [walk if walk.source == end else walk.turned() for walk in crosswalks.catalogue()
              if end in (walk.source, walk.target)]  # fmt: skip
    walks = [walk for walk in turned if target in (None, walk.target[0])]
    if not walks:
        raise BadInput(f"there is no crosswalk from {end[0]} to {target}", f"one of {_ends(turned)} can be reached")
    told = {walk.target[0]: _carried(walk, source, answers) for walk in walks}
    show(told, "\n".join(_carried_lines(told)), as_json=as_json)


def _ends(walks: list[Crosswalk]) -> str:
    return ", ".join(walk.target[0] for walk in walks)


def _carried(walk: Crosswalk, source: Items, answers: Answers) -> dict[str, object]:
    target = Items(frameworks.framework(*walk.target))
    said = carry(walk, source, target, answers.ratings, answers.on)
    follow = filled(walk, said, target)
    every = sum(1 for _ in target.framework.indicators())
    items = [_item(one) for one in said.values() if one.said is not Carried.BLANK]
    return {"edition": walk.target[1], "indicators": every, "answered": len(follow), "items": items,
            "blank": sum(one.said is Carried.BLANK for one in said.values())}  # fmt: skip


def _item(one: Said) -> CarriedItem:
    by = tuple(f"{pair.source} {pair.relation} {pair.target}: {pair.why}" for pair, _hold in one.by)
    return CarriedItem(one.item, one.said.value, None if one.confidence is None else one.confidence.value, by)


def _carried_lines(told: dict[str, dict[str, object]]) -> Iterator[str]:
    for name, one in told.items():
        yield (f"{name} {one['edition']}: {one['answered']} of {one['indicators']} indicators follow; "
               f"{one['blank']} entries stay blank")  # fmt: skip
        items = one["items"]
        for item in items if isinstance(items, list) else ():
            yield f"  {item.item:<14} {item.said:<12} {item.confidence or '':<7} {'; '.join(item.by)}"


def _answers(path: Path) -> Answers:
    found = read(path)[0]
    if not isinstance(found, Answers):
        raise BadInput(f"{path}: these are no answers", "name a file of answers, or OSCAL assessment results")
    return found


@dataclass(frozen=True, slots=True)
class MovedAspect:
    """One aspect in two reviews: stages by id, None where it cannot be compared, and the indicators that moved it."""

    aspect: str
    name: str
    before: str | None
    after: str | None
    by: tuple[str, ...]
    blank: str


@click.command()
@click.argument("before", type=_FILE, metavar="BEFORE")
@click.argument("after", type=_FILE, metavar="AFTER")
@click.option("--crosswalk", "walk_file", type=_FILE, metavar="FILE", help="Between editions: the crosswalk to use.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Evidence as of this day. Else: each file’s own day.")
@json_option
def compare(*, before: Path, after: Path, walk_file: Path | None, on: datetime | None, as_json: bool) -> None:
    """Compare two files of answers: which aspects moved, and by which answers.

    Between editions only what the crosswalk calls equal is compared; the rest stays blank, with the reason.
    Exit code 0: something moved; 1: nothing did.
    """
    moved = _moved(_answers(before), _answers(after), walk_file, on.date() if on else None)
    shown = [one for one in moved if one.blank or one.by or one.before != one.after]
    lines = [f"{one.aspect:<8} {one.before or '–':<12} → {one.after or '–':<12} {one.name}"
             f" ({one.blank or ', '.join(one.by)})"              for one in shown]  # fmt: skip
    show(shown, "\n".join(lines) or "Nothing moved.", as_json=as_json)
    raise click.exceptions.Exit(0 if shown else 1)


def _moved(first: Answers, second: Answers, walk_file: Path | None, on: date | None) -> Iterator[MovedAspect]:
    old, new = (frameworks.framework(one.framework, one.edition) for one in (first, second))
    staged = [staging.stages(of, one.ratings, on or one.on) for of, one in ((old, first), (new, second))]
    if (old.id, old.edition) == (new.id, new.edition):
        found = comparing.moved(new, staged[0], staged[1])
    else:
        found = comparing.moved_across(_walk(old, new, walk_file), old, new, staged[0], staged[1])
    for one in found:
        yield MovedAspect(
            one.aspect.id, words(one.aspect.name), _stage(old, one.before), _stage(new, one.after), one.by, one.blank
        )


def _stage(of: Framework, one: staging.Staged | None) -> str | None:
    return None if one is None else of.stages[one.stage].id


def _walk(old: Framework, new: Framework, path: Path | None) -> Crosswalk:
    ends = ((old.id, old.edition), (new.id, new.edition))
    known = [one for one in read(path) if isinstance(one, Crosswalk)] if path else crosswalks.catalogue()
    for walk in known:
        for way in (walk, walk.turned()):
            if (way.source, way.target) == ends:
                return way
    what = f"no crosswalk leads from {old.id} {old.edition} to {new.id} {new.edition}"
    raise BadInput(what, "name one with --crosswalk; without it nothing can be compared")
