"""`comity exercise`: joint exercises, from the scenario's file to the report, over the exchange or on paper."""

from typing import Final

import click

from comity.commands.tables import Line, Table

_FILES: Final = "comity.commands.exercise_files"
_SHEETS: Final = "comity.commands.exercise_sheets"
PARTS: Final = {
    "check": Line("Read scenario files, and say what keeps one from being played.", _FILES, "check", stored=False),
    "import": Line("Make a scenario of a spreadsheet, whatever its columns.", _SHEETS, "import_"),
    "export": Line("Write a scenario as a spreadsheet, XLSX or CSV.", _SHEETS, "export"),
}


@click.command(cls=Table, lines=PARTS)
def command() -> None:
    """Rehearse with partners: a scenario puts injects to teams, and the exchange itself shows what they did.

    What is made up stays apart: it lives in collections for exercises alone, and is marked wherever it appears.
    """
