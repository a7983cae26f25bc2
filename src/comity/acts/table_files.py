"""Reading a table’s file back: CSV, XLSX or JSON as `acts.exporting` writes them, each cell as its column’s type."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

import msgspec
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from comity.acts.agreements import Rejected
from comity.acts.exporting import BETWEEN, unguarded
from comity.acts.tables import Column, Table, Value

LARGEST: Final = 10_000_000
MOST: Final = 20_000
_FORMS: Final = {date: "2026-12-31", datetime: "2026-12-31T09:00:00+00:00", time: "09:00", int: "12", bool: "true"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row: in which column (empty: with the row as a whole), and how to mend it."""

    column: str
    says: str


@dataclass(frozen=True, slots=True)
class Read:
    """A row of a file: its number as a spreadsheet counts (the heading is 1), its cells, what is wrong with them."""

    number: int
    cells: Mapping[str, Value]
    problems: tuple[Problem, ...] = ()


def read(table: Table, content: bytes, name: str) -> list[Read]:
    """Read a file of a table. Rejected where it cannot be read at all, or a heading is no column of the table."""
    if len(content) > LARGEST:
        raise Rejected(_("%(name)s: the file is larger than 10 MB: give it in parts.") % {"name": name})
    raw = list(_rows(table, content, name))
    if len(raw) > MOST:
        raise Rejected(_("%(name)s: more than %(most)s rows: give it in parts.") % {"name": name, "most": MOST})
    columns = {column.key: column for column in table.columns}
    unknown = sorted({key for row in raw for key in row} - columns.keys())
    if unknown:
        raise Rejected(_("%(name)s: there is no column “%(column)s” in %(table)s; its columns are: %(columns)s.") % {
            "name": name, "column": unknown[0], "table": table.key, "columns": ", ".join(columns)})  # fmt: skip
    return [_read(number, row, columns) for number, row in enumerate(raw, 2)]


def _read(number: int, row: Mapping[str, Any], columns: Mapping[str, Column]) -> Read:
    cells, problems = dict[str, Value](), list[Problem]()
    for key, raw in row.items():
        try:
            cells[key] = parsed(columns[key], raw)
        except ValueError:
            form = _FORMS.get(columns[key].type, "")
            problems.append(Problem(key, _("“%(said)s” cannot be read: write it as %(form)s.") % {
                "said": str(raw)[:60], "form": form}))  # fmt: skip
    return Read(number, cells, tuple(problems))


def parsed(column: Column, raw: Any) -> Value:  # noqa: ANN401, PLR0911 - whatever a file holds; a line a type
    """Read a cell as its column has it; None for an empty one. ValueError where it is no such value."""
    if column.type is tuple:
        words = raw if isinstance(raw, list) else str(raw or "").split(BETWEEN)
        return tuple(str(one).strip() for one in words if str(one).strip())
    if raw is None or raw == "":
        return None
    if column.type is bool:
        return _bool(raw)
    if column.type is date and isinstance(raw, datetime):
        return raw.date()
    if column.type is str:
        return _text(str(raw))
    if isinstance(raw, int | date | time) and isinstance(raw, column.type) and not isinstance(raw, bool):
        return raw
    if column.type is int:
        return 0 if column.key == "record" and str(raw).strip() == "new" else int(str(raw))
    return column.type.fromisoformat(str(raw))  # type: ignore[attr-defined, no-any-return]


def _text(said: str) -> str:
    if "\0" in said:
        raise ValueError("a character that no text has")
    return said


def _bool(raw: object) -> bool:
    said = str(raw).lower()
    if said not in {"true", "false"}:
        raise ValueError(said)
    return said == "true"


def _rows(table: Table, content: bytes, name: str) -> Iterator[dict[str, Any]]:
    if content[:2] == b"PK":
        yield from _of_workbook(table, content, name)
    elif content.lstrip()[:1] in {b"{", b"["}:
        yield from _of_json(content, name)
    else:
        yield from _of_csv(content, name)


def _of_csv(content: bytes, name: str) -> Iterator[dict[str, Any]]:
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        for row in reader:
            if None in row or None in row.values():
                raise Rejected(_("%(name)s: line %(line)s has not as many cells as the heading.") % {
                    "name": name, "line": reader.line_num})  # fmt: skip
            yield {key: unguarded(value) for key, value in row.items()}
    except (UnicodeDecodeError, csv.Error) as error:
        raise Rejected(_("%(name)s: it is no CSV in UTF-8: save it as “CSV UTF-8”.") % {"name": name}) from error


def _of_workbook(table: Table, content: bytes, name: str) -> Iterator[dict[str, Any]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book[table.key] if table.key in book.sheetnames else book[book.sheetnames[0]]
        rows = sheet.iter_rows(values_only=True)
        heading = [str(cell) for cell in next(rows, ()) if cell is not None]
        for row in rows:
            if any(cell is not None for cell in row):
                yield dict(zip(heading, row[: len(heading)], strict=False))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise Rejected(_("%(name)s: it is no workbook that can be read: save it as XLSX.") % {"name": name}) from error


def _of_json(content: bytes, name: str) -> Iterator[dict[str, Any]]:
    try:
        told = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Rejected(_("%(name)s: it is no JSON: %(error)s.") % {"name": name, "error": str(error)[:100]}) from error
    rows = told.get("rows") if isinstance(told, dict) else told
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Rejected(_("%(name)s: there is no list of rows: write them under “rows”.") % {"name": name})
    yield from rows
