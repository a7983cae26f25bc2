"""`comity exercise import` and `export`: lists of events as planners keep them, in spreadsheets."""

from dataclasses import dataclass
from pathlib import Path

import click

from comity.acts import exercise_sheets
from comity.acts.exercise_sheets import Came, SheetRefused
from comity.commands.exercise_files import scenario
from comity.commands.output import BadInput, answer, json_option, progress, show
from comity.policy.exercise_foreign import Given
from comity.policy.exercise_sheet import FOREIGN, Place

_FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class ImportTold:
    """What became of a spreadsheet. `file` is where the scenario was written, empty where it stands in `scenario`."""

    file: str
    columns: tuple[Place, ...]
    unused: tuple[str, ...]
    missing: tuple[str, ...]
    problems: tuple[str, ...]
    scenario: str


@click.command("import")
@click.argument("path", type=_FILE, metavar="SHEET")
@click.option("--map", "maps", multiple=True, metavar='"THEIRS=ours"',
              help=f"Which column of theirs is which of ours: {', '.join(FOREIGN)}. May be given again.")  # fmt: skip
@click.option("--id", "key", default="", help="A short id of the scenario. Else: by the file's name.")
@click.option("--name", default="", help="Its title. Else: the file's name.")
@click.option("--begins", default="", help="The story's first moment, such as 2027-03-09T09:00.")
@click.option("--time-zone", "zone", default="", help="The story's time zone, such as America/Nassau.")
@click.option("--tlp", default="", help="The marking of injects that carry none. Else: AMBER.")
@click.option("--out", type=_FILE, default=None, help="Where to write the scenario's file. Else: standard output.")
@json_option
def import_(*, path: Path, maps: tuple[str, ...], key: str, name: str, begins: str, zone: str, tlp: str,
            out: Path | None, as_json: bool) -> None:  # fmt: skip
    """Make a scenario's file of SHEET, an XLSX or CSV. Columns that are not named are guessed, and the guess is told.

    Exit code 0: the scenario is whole; 1: it was made, and something is missing, which is named; 2: a cell is bad.
    """
    stem = "".join(one if one.isalnum() and one.isascii() else "-" for one in path.stem).strip("-") or "exercise"
    given = Given(key or stem[:40].lower(), name or path.stem, begins, zone, tlp)
    try:
        came = exercise_sheets.take_in(path.read_bytes(), path.name, given, dict(map(_pair, maps)))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "name a spreadsheet that you may read") from error
    except SheetRefused as error:
        raise BadInput(str(error)) from error
    _tell(came)
    if came.reading.problems:
        raise BadInput("\n        ".join(one.at(path.name) for one in came.reading.problems))
    if out is not None:
        _write(out, came.content.encode())
    told = ImportTold(str(out or ""), came.layout.places, came.layout.unused, came.missing, (), came.content)
    show(told, came.content.rstrip("\n") if out is None else f"Wrote {out}.", as_json=as_json)
    answer(not came.missing)


def _pair(text: str) -> tuple[str, str]:
    theirs, joint, ours = text.rpartition("=")
    if not (joint and theirs.strip() and ours.strip()):
        raise BadInput(f"--map: “{text}” names no two columns", 'write "Their column=ours"')
    return theirs.strip(), ours.strip()


def _tell(came: Came) -> None:
    for one in came.layout.places if not came.layout.ours else ():
        progress(f"column “{one.heading}” is taken as {one.column}" + (" (a guess)" if one.guessed else ""))
    for heading in came.layout.unused:
        progress(f'column “{heading}” is not taken: say what it is with --map "{heading}=…"')
    for line in came.missing:
        progress(f"missing: {line}")


@click.command()
@click.argument("path", type=_FILE, metavar="FILE")
@click.option("--out", type=_FILE, required=True, help="Where to write it; its ending says the form: .xlsx or .csv.")
@json_option
def export(*, path: Path, out: Path, as_json: bool) -> None:
    """Write the scenario FILE as a spreadsheet. Imported again, it is the same scenario."""
    form = out.suffix.removeprefix(".").lower()
    if form not in {"xlsx", "csv"}:
        raise BadInput(f"--out {out}: neither .xlsx nor .csv", "end its name with one of them")
    content = exercise_sheets.give(scenario(path), form)
    _write(out, content)
    show({"file": str(out), "bytes": len(content)}, f"Wrote {out}.", as_json=as_json)


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise BadInput(f"{out}: {error.strerror}", "name a file that you may write") from error
