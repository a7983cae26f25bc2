"""A table as a file: CSV for any program, XLSX for a spreadsheet, JSON for scripts.

All three carry the same rows under the same keys. No cell of them is ever read as a formula.
"""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Final

import msgspec
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from comity.acts.tables import Question, Table, Value

RISKY: Final = tuple("=+-@\t\r\n'＝＋－＠")  # noqa: RUF001 - the full-width forms, which some programs take as well
"""What a cell may not begin with in CSV: a spreadsheet takes it for a formula, or for our own guard."""
GUARD: Final = "'"
BETWEEN: Final = " | "
"""What stands between the words of one cell that holds several."""
FIRST_OF_SHEETS: Final = date(1900, 3, 1)
"""Before this day spreadsheets disagree on what number a day has (ECMA-376 part 1, 18.17.4.1)."""


@dataclass(frozen=True, slots=True)
class File:
    """A table as a file: its bytes, its media type and its name."""

    content: bytes
    media_type: str
    name: str


def guarded(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return GUARD + text if text.startswith(RISKY) else text


def unguarded(text: str) -> str:
    """Take the apostrophe away again: what was written by `guarded` is read as it was."""
    return text[1:] if text.startswith(GUARD) else text


def said(value: Value) -> str:
    """Write a value as text: days and moments as ISO 8601 has them, yes and no as true and false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return BETWEEN.join(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _csv(table: Table, question: Question) -> bytes:
    """Write RFC 4180, in UTF-8 with the mark by which Excel knows it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(column.key for column in table.columns)
    for row in table.rows(question):
        writer.writerow(guarded(said(value)) if isinstance(value, str | tuple) else said(value) for value in row)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(table: Table, question: Question) -> bytes:
    """Write one sheet of rows, and one that says what the columns are and what was asked."""
    book = Workbook(write_only=True)
    sheet, about = book.create_sheet(table.key), book.create_sheet("columns")
    sheet.freeze_panes = "A2"
    sheet.append([column.key for column in table.columns])
    for row in table.rows(question):
        sheet.append([_cell(sheet, value) for value in row])
    for column in table.columns:
        about.append([column.key, str(column.title)])
    for name in sorted(table.asks):
        about.append([f"?{name}", said(getattr(question, name))])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: WriteOnlyWorksheet, value: Value) -> Cell:
    """Make a cell: text is text whatever it begins with; a moment is text too, as sheets know no time zone."""
    if isinstance(value, tuple):
        value = said(value)
    if isinstance(value, datetime) or (isinstance(value, date) and value < FIRST_OF_SHEETS):
        value = value.isoformat()
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("�", value)
    cell = WriteOnlyCell(sheet)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def _json(table: Table, question: Question) -> bytes:
    document = {
        "table": table.key,
        **{name: getattr(question, name) or None for name in sorted(table.asks)},
        "columns": [{"key": column.key, "title": str(column.title)} for column in table.columns],
        "rows": list(table.records(question)),
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


FORMS: Final[Mapping[str, tuple[str, Callable[[Table, Question], bytes]]]] = MappingProxyType({
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "json": ("application/json", _json),
})  # fmt: skip
"""Each form of file: its media type and what writes it."""


def export(table: Table, question: Question, form: str) -> File:
    """Write a table as a file of one of `FORMS`."""
    media_type, write = FORMS[form]
    return File(write(table, question), media_type, f"{table.key}-{question.on.isoformat()}.{form}")
