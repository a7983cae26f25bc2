"""Spreadsheets of exercises: XLSX and CSV in, whatever their columns, and ours out, which come back as they went."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException

from comity.acts import exercise_files
from comity.acts.exporting import guarded, unguarded
from comity.policy import exercise_foreign, exercise_sheet
from comity.policy.exercise_foreign import Given
from comity.policy.exercise_form import ScenarioReading
from comity.policy.exercise_sheet import COLUMNS, Layout, layout, rows_of
from comity.policy.exercises import MARK, Scenario
from comity.policy.saying import sentence
from comity.policy.tree_text import write

SHEET: Final = "MSEL"
LARGEST: Final = 10_000_000  # bytes
MOST_ROWS: Final = 20_000
WIDE: Final = {"title": 34, "says": 70, "note": 40, "id": 14, "time": 9, "to": 16, "from": 24, "row": 11}


class SheetRefused(Exception):
    """A spreadsheet that cannot be read; the message says why, and how to mend it."""


@dataclass(frozen=True, slots=True)
class Came:
    """What a spreadsheet was read as: how its columns were taken, the scenario's file, and what is missing.

    A problem in `reading` names a cell by its row and column.
    """

    layout: Layout
    content: str
    reading: ScenarioReading
    missing: tuple[str, ...] = ()


def take_in(content: bytes, name: str, given: Given, named: Mapping[str, str] | None = None) -> Came:
    """Read a spreadsheet; *named* gives a heading's column (their heading → ours), the others are guessed."""
    rows = _rows(content, name)
    if not rows:
        raise SheetRefused(sentence("{name}: there is nothing in it", name=name))
    try:
        found = layout(rows, named)
    except ValueError as error:
        raise SheetRefused(f"{name}: {error}") from error
    if found.ours:
        root, missing = exercise_sheet.tree_of(rows, found), tuple[str, ...]()
    else:
        root, missing = exercise_foreign.tree_of(rows, found, given)
    return Came(found, f"# {MARK}\n{write(root)}", exercise_files.scenario_of(root), missing)


def _rows(content: bytes, name: str) -> list[list[str]]:
    if len(content) > LARGEST:
        raise SheetRefused(sentence("{name}: the file is larger than 10 MB: give it in parts", name=name))
    rows = [row for _, row in zip(range(MOST_ROWS + 1), _of_book(content, name) if content[:2] == b"PK" else
                                  _of_csv(content, name), strict=False)]  # fmt: skip
    if len(rows) > MOST_ROWS:
        raise SheetRefused(sentence("{name}: more than {most} rows: give it in parts", name=name, most=MOST_ROWS))
    return rows


def _of_csv(content: bytes, name: str) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
        first = text.partition("\n")[0]
        mark = max(",;\t", key=first.count)
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            yield [unguarded(cell) for cell in row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise SheetRefused(
            sentence("{name}: it is no CSV in UTF-8: save it as “CSV UTF-8”, or as XLSX", name=name)
        ) from error


def _of_book(content: bytes, name: str) -> Iterator[list[str]]:
    """Read the sheet that is called as ours, else the one with the most cells filled in."""
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = [[[_said(cell) for cell in row] for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 1)]
                  for sheet in book.worksheets if sheet.title == SHEET or SHEET not in book.sheetnames]  # fmt: skip
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise SheetRefused(
            sentence("{name}: it is no workbook that can be read: save it as XLSX", name=name)
        ) from error
    yield from max(sheets, key=lambda rows: sum(bool(cell) for row in rows for cell in row), default=[])


def _said(cell: Any) -> str:  # noqa: ANN401 - whatever a sheet holds
    """Write a cell's value as text: times of day without their date, whole numbers without their point."""
    if isinstance(cell, time) or (isinstance(cell, datetime) and cell.date() <= date(1900, 1, 1)):
        return cell.strftime("%H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"
    whole = isinstance(cell, float) and cell.is_integer()
    return "" if cell is None else str(int(cell) if whole else cell)


def give(scenario: Scenario, form: str) -> bytes:
    """Write a scenario as XLSX or CSV; read again it is the same scenario."""
    rows = rows_of(scenario)
    columns = [name for name in COLUMNS if any(name in row for row in rows) or name in {"row", "id", "time", "says"}]
    table = [columns, *([row.get(name, "") for name in columns] for row in rows)]
    return _csv(table) if form == "csv" else _book(table, scenario)


def _csv(table: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([guarded(cell) for cell in row] for row in table)
    return out.getvalue().encode("utf-8-sig")


def _book(table: list[list[str]], scenario: Scenario) -> bytes:
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(SHEET)
    sheet.freeze_panes = "A2"
    for at, name in enumerate(table[0]):
        sheet.column_dimensions[_letter(at)].width = WIDE.get(name, 18)
    for number, row in enumerate(table):
        sheet.append([_cell(sheet, cell, heading=not number) for cell in row])
    about: Any = book.create_sheet("about")
    for line in (MARK, scenario.name, "Nothing in this file is real."):
        about.append([_cell(about, line, heading=False)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _letter(at: int) -> str:
    return chr(65 + at) if at < 26 else chr(64 + at // 26) + chr(65 + at % 26)  # noqa: PLR2004 (letters)


def _cell(sheet: Any, text: str, *, heading: bool) -> Cell | None:  # noqa: ANN401 - as acts.review_sheets
    """Make a cell that is text whatever it begins with."""
    if not text:
        return None
    cell = WriteOnlyCell(sheet)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("�", text)
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if heading:
        cell.font = Font(bold=True)
    return cell
