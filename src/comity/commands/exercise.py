"""`comity exercise`: joint exercises, from the scenario's file to the report, over the exchange or on paper."""

from typing import Final

import click

from comity.commands.tables import Line, Table

_FILES: Final = "comity.commands.exercise_files"
_SHEETS: Final = "comity.commands.exercise_sheets"
_RUNS: Final = "comity.commands.exercise_runs"
_REPORT: Final = "comity.commands.exercise_report"
PARTS: Final = {
    "check": Line("Read scenario files, and say what keeps one from being played.", _FILES, "check", stored=False),
    "import": Line("Make a scenario of a spreadsheet, whatever its columns.", _SHEETS, "import_"),
    "export": Line("Write a scenario as a spreadsheet, XLSX or CSV.", _SHEETS, "export"),
    "paper": Line("Print the papers for a table, with no node at all.", "comity.commands.exercise_paper", "paper"),
    "run": Line("Take a scenario in, lead it to its end, print its report.", _RUNS, "run"),
    "new": Line("Take a scenario in as an exercise.", _RUNS, "new"),
    "status": Line("Tell how exercises stand.", _RUNS, "status"),
    "clock": Line("Start, pause, resume, speed up, jump, end.", _RUNS, "clock"),
    "inject": Line("Put an inject by hand.", _RUNS, "inject"),
    "took": Line("Record which way a decision went.", _RUNS, "took"),
    "share": Line("Share what came with an inject.", _RUNS, "share"),
    "ask": Line("Ask a partner within an exercise.", _RUNS, "ask"),
    "score": Line("Record an evaluator's word.", _REPORT, "score"),
    "rule": Line("Record the official word, with its reason.", _REPORT, "rule"),
    "find": Line("Record what was learned; undertake it.", _REPORT, "find"),
    "report": Line("Print the after-action report, or verify it.", _REPORT, "report"),
    "evidence": Line("Offer what was met to a review, as evidence.", _REPORT, "evidence"),
    "tell": Line("Tell the other sides our verdicts.", _RUNS, "tell"),
}


@click.command(cls=Table, lines=PARTS)
def command() -> None:
    """Rehearse with partners: a scenario puts injects to teams, and the exchange itself shows what they did.

    What is made up stays apart: it lives in collections for exercises alone, and is marked wherever it appears.
    """
