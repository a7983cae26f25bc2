"""`comity exercise check`, and how every verb reads a scenario's file."""

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import click

from comity.acts import exercise_files
from comity.commands.output import BadInput, answer, json_option, show
from comity.policy.exercises import Scenario, clock
from comity.policy.tree import Problem

_FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Checked:
    """One scenario as it was checked; `lacks` says what keeps it from being played over the exchange."""

    file: str
    exercise: str
    name: str
    lasts: str
    teams: tuple[str, ...]
    injects: int
    expected: int
    observed: int
    lacks: tuple[str, ...]


def scenario(path: Path) -> Scenario:
    """Read a scenario file, or refuse it with every problem and its place."""
    try:
        reading = exercise_files.scenario_file(path)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "name a scenario's file that you may read") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: it is not UTF-8 text", "save it as UTF-8") from error
    return reading.scenario if reading.scenario is not None else refuse(path, reading.problems)


def refuse(path: Path, problems: tuple[Problem, ...]) -> NoReturn:
    """Refuse a file with every problem that stands against it."""
    raise BadInput("\n        ".join(problem.at(str(path)) for problem in problems))


@click.command()
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE…")
@json_option
def check(*, files: tuple[Path, ...], as_json: bool) -> None:
    """Read scenario files. Exit code 0: they can be played over the exchange; 1: on paper alone; 2: a file is bad."""
    told = [_checked(path, scenario(path)) for path in files]
    show(told, "\n".join(map(_words, told)), as_json=as_json)
    answer(not any(one.lacks for one in told))


def _checked(path: Path, one: Scenario) -> Checked:
    return Checked(str(path), one.id, one.name, clock(one.lasts), tuple(team.name for team in one.teams),
                   len(one.injects), len(one.expected), sum(each.sign is not None for each in one.expected),
                   exercise_files.lacks(one))  # fmt: skip


def _words(one: Checked) -> str:
    lines = [f"{one.file}: {one.name} ({one.exercise}), {one.lasts} hours, {', '.join(one.teams)}"]
    lines += [f"  {one.injects} injects; {one.expected} expectations, {one.observed} scored by the exchange itself"]
    return "\n".join([*lines, *(f"  lacks: {line}" for line in one.lacks)])
