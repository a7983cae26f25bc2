"""`comity agreement check`: agreement files read and tried out. It needs no node and stores nothing."""

from dataclasses import dataclass
from pathlib import Path

import click

from comity.acts.agreement_files import read_file
from comity.commands.output import BadInput, as_document, json_option, progress
from comity.policy.agreements import Agreement
from comity.policy.examples import Difference, Result, run, untouched
from comity.policy.tree import Problem

ALL_PASS, AN_EXAMPLE_FAILS, BAD_FILE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class CheckedExample:
    """One example as it was checked, for the JSON form."""

    line: int
    passed: bool
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """One file as it was checked: its problems, or what became of its examples."""

    file: str
    agreement: str | None
    fictional: bool
    problems: tuple[Problem, ...]
    examples: tuple[CheckedExample, ...]
    untouched: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """Give 0 when all is well, 1 when an example fails, 2 when the file is bad."""
        if self.problems:
            return BAD_FILE
        return ALL_PASS if all(example.passed for example in self.examples) else AN_EXAMPLE_FAILS


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE…")
@json_option
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Read agreement files, run their examples, and name the clauses that no example touches.

    Exit code 0: all is well; 1: an example fails; 2: a file is bad. A bad file is reported line by line as
    FILE:LINE:COLUMN, with what is wrong and how to mend it.
    """
    checked = []
    for path in files:
        progress(f"checking {path}")
        checked.append(_check(path))
    if as_json:
        click.echo(as_document(checked))
    else:
        click.echo("\n".join(line for one in checked for line in _lines(one)))
    raise click.exceptions.Exit(max(one.exit_code for one in checked))


def _check(path: Path) -> CheckedFile:
    try:
        reading = read_file(path)
    except OSError as error:
        what = f"{path}: {error.strerror}"
        raise BadInput(what, "name an agreement file that you may read") from error
    if reading.agreement is None:
        return CheckedFile(str(path), None, fictional=False, problems=reading.problems, examples=(), untouched=())
    return _run(path, reading.agreement)


def _run(path: Path, found: Agreement) -> CheckedFile:
    examples = tuple(_example(result) for result in run(found))
    return CheckedFile(str(path), found.name, found.fictional, (), examples, untouched(found))


def _example(result: Result) -> CheckedExample:
    return CheckedExample(result.example.line, result.passed, result.differences)


def _lines(checked: CheckedFile) -> list[str]:
    if checked.problems:
        return [problem.at(checked.file) for problem in checked.problems]
    fictional = " (fictional)" if checked.fictional else ""
    lines = [f"{checked.file}: “{checked.agreement}”{fictional}"]
    lines += [_example_line(checked.file, example) for example in checked.examples]
    passed = sum(example.passed for example in checked.examples)
    lines.append(f"{passed} of {len(checked.examples)} examples pass.")
    if checked.untouched:
        lines.append(f"No example touches: {', '.join(checked.untouched)}.")
    else:
        lines.append("Every clause is touched by an example.")
    return lines


def _example_line(file: str, example: CheckedExample) -> str:
    if example.passed:
        return f"  pass  line {example.line}"
    told = "; ".join(f"{one.field}: expected {one.expected}, found {one.found}" for one in example.differences)
    return f"  FAIL  {file}:{example.line}: {told}"
