"""The verbs of `comity capacity` that read files: frameworks, forms, stages, gaps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

import click

from comity.acts import framework_reading, frameworks
from comity.commands.output import BadInput, json_option, show
from comity.policy import staging
from comity.policy.framework_form import Answers
from comity.policy.frameworks import Framework, Indicator, words
from comity.policy.staging import Held, Hold, Staged
from comity.policy.tree import Problem

_FILE = click.Path(dir_okay=False, path_type=Path)
_framework_option = click.option(
    "--framework", "own", type=_FILE, metavar="FILE", help="Your own framework, in any form. Else: the catalogue’s."
)
_on_option = click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="Evidence as of this day (YYYY-MM-DD). Else: the file’s day."
)


@dataclass(frozen=True, slots=True)
class StagedAspect:
    """One aspect as it is told: stages by id; `met` of `needed` indicators of the next stage hold."""

    aspect: str
    name: str
    stage: str
    highest: str
    next: str | None
    met: int
    needed: int
    unmet: tuple[str, ...]
    open: tuple[str, ...]
    expired: tuple[str, ...]
    without_evidence: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class StagedPart:
    """One part as it is told: from its lowest aspect to its highest, and the utmost that open answers leave."""

    part: str
    name: str
    lowest: str
    highest: str
    utmost: str
    aspects: int
    open: int


@dataclass(frozen=True, slots=True)
class Staging:
    """A review as it is told."""

    framework: str
    edition: str
    of: str
    on: date
    parts: tuple[StagedPart, ...]
    aspects: tuple[StagedAspect, ...]
    indicators: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class Gap:
    """One indicator that keeps an aspect from a stage, and why."""

    indicator: str
    words: str
    stage: str
    because: str


@click.command("frameworks")
@click.argument("files", nargs=-1, type=_FILE, metavar="[FILE…]")
@json_option
def frameworks_(files: tuple[Path, ...], as_json: bool) -> None:
    """List the frameworks of the catalogue; or check FILES, each problem with its line and its mend."""
    found = [_framework(path) for path in files] or frameworks.catalogue()
    rows = [{"framework": one.id, "edition": one.edition, "name": words(one.name), "owner": one.owner,
             "levels": {level: sum(1 for _ in one.depth(depth)) for depth, level in enumerate(one.levels)},
             "stages": [stage.id for stage in one.stages], "indicators": sum(1 for _ in one.indicators())}
            for one in found]  # fmt: skip
    lines = [f"{one.id} {one.edition}: {words(one.name)}, {one.owner}\n  "
             + ", ".join(f"{sum(1 for _ in one.depth(depth))} {level}s" for depth, level in enumerate(one.levels))
             + f", {len(one.stages)} stages, {sum(1 for _ in one.indicators())} indicators"
             for one in found]  # fmt: skip
    show(rows, "\n".join(lines), as_json=as_json)


@click.command()
@click.argument("name", metavar="FRAMEWORK")
@click.option("--of", "whose", required=True, help="Whose review it is, such as “The Bahamas”.")
@click.option("--on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day of the review (YYYY-MM-DD).")
@click.option("--edition", default="", help="Of several editions, this one. Else: the latest.")
@_framework_option
def form(name: str, whose: str, on: datetime, edition: str, own: Path | None) -> None:
    """Write an empty file of answers to FRAMEWORK, every indicator with its words, on standard output."""
    try:
        found = frameworks.framework(name, edition) if own is None else _framework(own)
    except frameworks.FrameworkUnknown as error:
        raise BadInput(str(error)) from error
    click.echo(frameworks.blank(found, whose, on.date().isoformat()), nl=False)


@click.command()
@click.argument("path", type=_FILE, metavar="ANSWERS")
@_framework_option
@_on_option
@json_option
def stage(path: Path, own: Path | None, on: datetime | None, as_json: bool) -> None:
    """Stage every aspect by the answers in a file: the stage shown, how far open answers leave it, what is unmet."""
    framework, answers = _answers(path, own)
    told = _staging(framework, answers, on.date() if on else answers.on)
    show(told, "\n".join(_lines(framework, told)), as_json=as_json)


@click.command()
@click.argument("path", type=_FILE, metavar="ANSWERS")
@click.option("--to", "target", metavar="STAGE", help="List all that keeps an aspect from this stage, such as "
              "established. Else: from its next one.")  # fmt: skip
@_framework_option
@_on_option
@json_option
def gaps(path: Path, target: str | None, own: Path | None, on: datetime | None, as_json: bool) -> None:
    """List the indicators that keep aspects from their next stage, or from a target, lowest stages first.

    Exit code 0: there is none; 1: there are some.
    """
    framework, answers = _answers(path, own)
    names = [one.id for one in framework.stages]
    if target is not None and target not in names:
        raise BadInput(f"{framework.id} has no stage “{target}”", f"name one of {', '.join(names)}")
    staged = staging.stages(framework, answers.ratings, on.date() if on else answers.on)
    targets = {} if target is None else dict.fromkeys(staged, names.index(target))
    found = [Gap(one.indicator.id, words(one.indicator.text), names[one.indicator.stage], _because(one))
             for one in staging.gaps(staged, targets)]  # fmt: skip
    show(found, "\n".join(f"{one.indicator:<12} {one.stage:<12} {one.words} ({one.because})" for one in found)
         or "No gap.", as_json=as_json)  # fmt: skip
    raise click.exceptions.Exit(1 if found else 0)


def _because(one: Held) -> str:
    if one.expired:
        return "its evidence has expired"
    if one.rating.contested:
        return "those asked do not agree"
    return "nobody has answered" if one.hold is Hold.OPEN else str(one.rating.answer)


def _framework(path: Path) -> Framework:
    try:
        reading = frameworks.framework_file(path)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "name a framework file that you may read") from error
    if reading.framework is not None:
        return reading.framework
    others = [one.found for one in framework_reading.read(path) if isinstance(one.found, Framework)]
    return others[0] if others else refuse(path, reading.problems)


def _answers(path: Path, own: Path | None) -> tuple[Framework, Answers]:
    framework = None if own is None else _framework(own)
    try:
        reading = frameworks.answers_file(path, framework)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "name a file of answers that you may read") from error
    answers = reading.answers if reading.answers is not None else refuse(path, reading.problems)
    return framework or frameworks.framework(answers.framework, answers.edition), answers


def refuse(path: Path, problems: tuple[Problem, ...]) -> NoReturn:
    """End with every problem of a file, each on its line."""
    for problem in problems[:-1]:
        click.echo(problem.at(str(path)), err=True)
    raise BadInput(problems[-1].at(str(path)))


def _staging(framework: Framework, answers: Answers, on: date) -> Staging:
    staged = staging.stages(framework, answers.ratings, on)
    names = [one.id for one in framework.stages]
    parts = tuple(
        StagedPart(found.part.id, words(found.part.name), names[found.lowest], names[found.highest],
                   names[found.utmost], found.aspects, found.open)
        for depth in range(len(framework.levels) - 1)
        for found in (staging.range_of(part, staged) for part in framework.depth(depth))
    )  # fmt: skip
    every = [indicator.id for indicator in framework.indicators()]
    unknown = sum(answers.ratings.get(one, staging.UNRATED).answer is staging.Answer.UNKNOWN for one in every)
    return Staging(framework.id, framework.edition, answers.of, on, parts,
                   tuple(_aspect(one, names) for one in staged.values()), len(every),
                   unknown)  # fmt: skip


def _aspect(one: Staged, names: list[str]) -> StagedAspect:
    met, needed = one.share

    def ids(found: Iterator[Held]) -> tuple[str, ...]:
        return tuple(held.indicator.id for held in found)

    return StagedAspect(
        one.aspect.id, words(one.aspect.name), names[one.stage], names[one.highest],
        None if one.next is None else names[one.next], met, needed, ids(iter(one.unmet)), ids(iter(one.open)),
        ids(held for held in one.held if held.expired), ids(held for held in one.held if held.bare), one.aspect.basis,
    )  # fmt: skip


def _lines(framework: Framework, told: Staging) -> Iterator[str]:
    said = {indicator.id: indicator for indicator in framework.indicators()}
    yield f"{words(framework.name)}, edition {told.edition}: {told.of}, {told.on}"
    yield f"{told.indicators - told.unanswered} of {told.indicators} indicators answered, {told.unanswered} not"
    aspects = {one.aspect: one for one in told.aspects}
    parts = {one.part: one for one in told.parts}
    for aspect_id, depth in _outline(framework):
        pad = "  " * depth
        if aspect_id in parts:
            yield f"{pad}{_part_line(parts[aspect_id])}"
        else:
            yield from (f"{pad}{line}" for line in _aspect_lines(aspects[aspect_id], said))


def _outline(framework: Framework) -> Iterator[tuple[str, int]]:
    """Yield every part and aspect in order, with its depth."""

    def walk(parts: tuple[object, ...], depth: int) -> Iterator[tuple[str, int]]:
        for part in parts:
            yield part.id, depth  # type: ignore[attr-defined]
            yield from walk(getattr(part, "parts", ()), depth + 1)

    yield from walk(framework.parts, 0)


def _part_line(one: StagedPart) -> str:
    shown = one.lowest if one.lowest == one.highest else f"{one.lowest} to {one.highest}"
    more = f", up to {one.utmost} if all that is open holds" if one.utmost != one.highest else ""
    return f"{one.part} {one.name}: {shown}{more}"


def _aspect_lines(one: StagedAspect, said: dict[str, Indicator]) -> Iterator[str]:
    shown = one.stage if one.stage == one.highest else f"{one.stage}, at most {one.highest}"
    share = f"; {one.met} of {one.needed} of {one.next}" if one.next else ""
    yield f"{one.aspect} {one.name}: {shown}{share}"
    for name in one.unmet:
        mark = "evidence expired" if name in one.expired else "open" if name in one.open else "unmet"
        yield f"    {mark}: {name} {words(said[name].text)}"


