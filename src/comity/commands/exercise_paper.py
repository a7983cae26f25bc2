"""`comity exercise paper`: a table-top exercise on paper, with no node at all."""

from pathlib import Path

import click

from comity.acts import exercise_papers
from comity.commands.exercise_files import scenario
from comity.commands.output import BadInput, json_option, show

_FILE = click.Path(dir_okay=False, path_type=Path)
FACILITATOR = "facilitator"


@click.command()
@click.argument("path", type=_FILE, metavar="FILE")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path(), show_default="this folder",
              help="The folder to write to; made if it is not there.")  # fmt: skip
@click.option("--language", type=click.Choice(["en", "es", "fr"]), default="en", show_default=True,
              help="The language of headings; the scenario keeps its own.")  # fmt: skip
@json_option
def paper(*, path: Path, out: Path, language: str, as_json: bool) -> None:
    """Write the papers of the scenario FILE, one HTML file for the facilitator and one a team, to be printed."""
    found = scenario(path)
    sheets = {FACILITATOR: "", **{one.id: one.id for one in found.teams}}
    files = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, team in sheets.items():
            target = out / f"{found.id}-{name}.html"
            target.write_text(exercise_papers.sheet(found, language, team), encoding="utf-8")
            files.append(str(target))
    except OSError as error:
        raise BadInput(f"--out {out}: {error.strerror}", "name a folder that you may write to") from error
    show(files, "\n".join(f"Wrote {name}." for name in files), as_json=as_json)
