"""`comity agreement`: agreement files and the agreements that the node keeps.

`check` reads files only; it needs no node and stores nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import agreements as acts
from comity.acts.agreement_files import read_file
from comity.commands import node
from comity.commands.output import BadInput, as_document, data_option, json_option, progress, show
from comity.policy.agreements import Agreement
from comity.policy.examples import Difference, Result, run, untouched
from comity.policy.life_events import EventKind
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


@click.group()
def agreement() -> None:
    """Check, adopt, list and show agreements; record their events."""


command = agreement


@agreement.command()
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


def _words(reasons: Sequence[str]) -> BadInput:
    return BadInput("\n        ".join(reasons))


@agreement.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@data_option
@json_option
def adopt(*, file: Path, data: Path, as_json: bool) -> None:
    """Adopt an agreement FILE: from now on it decides."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}", "name an agreement file that you may read") from error
    node.open_home(data)
    try:
        row = acts.adopt(content, str(file), "officer", datetime.now(UTC))
    except acts.Rejected as rejected:
        raise _words(rejected.reasons) from rejected
    value = {"slug": row.slug, "title": row.title, "digest": row.digest}
    show(value, f"Adopted “{row.title}” as {row.slug}.", as_json=as_json)


@agreement.command()
@click.argument("slug")
@click.argument("kind", type=click.Choice([kind.value for kind in EventKind]))
@click.option("--effective", type=click.DateTime(["%Y-%m-%d"]), help="The first day of its effect. Else: today.")
@click.option("--source", required=True, help="The note, letter or record that it rests on.")
@click.option("--party", default="", help="Whose act it is. Else: of all.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Its last day, where it has one.")
@click.option("--received", type=click.DateTime(["%Y-%m-%d"]), help="The day on which a notice was received.")
@click.option("--clause", "clauses", multiple=True, help="For a reservation: a clause; may be given again.")
@click.option("--supersedes", type=int, help="The number of the event that this one corrects.")
@data_option
@json_option
def event(*, slug: str, kind: str, effective: datetime | None, source: str, party: str, until: datetime | None,
          received: datetime | None, clauses: tuple[str, ...], supersedes: int | None, data: Path,
          as_json: bool) -> None:  # fmt: skip
    """Record an event of KIND in the life of the agreement SLUG. It counts from the very next request."""
    node.open_home(data)
    now = datetime.now(UTC)
    try:
        first = effective.date() if effective else acts.today(slug, now)
        happened = acts.Happened(EventKind(kind), first, source, party, until.date() if until else None,
                                 received.date() if received else None, clauses, supersedes)  # fmt: skip
        row = acts.record_event(slug, happened, "officer", now)
    except acts.Rejected as rejected:
        raise _words(rejected.reasons) from rejected
    value = {"id": row.pk, "kind": kind, "effective_on": row.effective_on}
    show(value, f"Recorded as event {row.pk}: {kind} of {slug}, effective on {row.effective_on}.", as_json=as_json)


@agreement.command("list")
@data_option
@json_option
def list_(*, data: Path, as_json: bool) -> None:
    """List the adopted agreements with the standing of each party today."""
    node.open_home(data)
    rows = acts.standings(datetime.now(UTC))
    lines = [f"{row.slug:<28} {row.party:<4} {row.state:<14} {row.says}" for row in rows]
    show(rows, "\n".join(lines) or "No agreement is adopted here yet: comity agreement adopt FILE", as_json=as_json)


@agreement.command("show")
@click.argument("slug")
@data_option
@json_option
def show_(*, slug: str, data: Path, as_json: bool) -> None:
    """Show an adopted agreement: its file as adopted, and the events of its life."""
    node.open_home(data)
    try:
        found = acts.told(slug)
    except acts.Rejected as rejected:
        raise _words(rejected.reasons) from rejected
    lines = [
        f"# event {e.id}: {e.kind} effective {e.effective_on}, recorded {e.recorded_at}: {e.source}"
        for e in found.events
    ]
    show(found, "\n".join([found.text.rstrip(), "", *lines]), as_json=as_json)
