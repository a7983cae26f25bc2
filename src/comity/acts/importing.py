"""Taking a table in from a file: what each row would do, then all rows or none.

A row is recognised by its table’s key columns, and by the number of its record where it gives one. What is the same is
left alone, so a file that was written here changes nothing when it is read back. A row that differs corrects what
stands; one whose `record` says `new` is added beside it. Rows that a file leaves out stay.
"""

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import records, zones
from comity.acts.agreements import Rejected
from comity.acts.claim_inbox import NotTaken
from comity.acts.practice import NotRecorded
from comity.acts.table_entries import ENTRIES, Entry
from comity.acts.table_files import Problem, Read, read
from comity.acts.table_rows import TABLES
from comity.acts.tables import Question, Table, Value
from comity.policy.dates import local_day

ADDED: Final = 0
"""As a number of a record: `new`, which is added beside what stands."""
Cells = Mapping[str, Value]


class Does(enum.StrEnum):
    """What taking a row in does."""

    NEW = "new"
    CHANGES = "changes"
    SAME = "as known"
    WRONG = "cannot be taken"


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that differs: as it is, and as the file has it."""

    column: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: what taking it in does, what differs, and what is wrong with it."""

    number: int
    about: str
    does: Does
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What taking a file in does: its rows, whose standing is told differently, and how many rows it leaves out."""

    table: str
    rows: tuple[Row, ...]
    turns: tuple[records.Turn, ...] = ()
    left_out: int = 0

    @property
    def good(self) -> bool:
        """Tell whether every row can be taken."""
        return all(row.does is not Does.WRONG for row in self.rows)

    def count(self, does: Does) -> int:
        """Count the rows that do one thing."""
        return sum(row.does is does for row in self.rows)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Count the rows by what they do."""
        return [(does.value, self.count(does)) for does in Does]


@dataclass(slots=True)
class _Standing:
    """The rows of a table as they stand, by their keys; each is used up by the row of the file that it fits."""

    entry: Entry
    rows: dict[tuple[Value, ...], list[dict[str, Value]]]

    def take(self, cells: Cells) -> dict[str, Value] | None:
        """Give the row that a row of a file speaks of; None where there is none."""
        found = self.rows.get(_key(self.entry, cells), [])
        if not found or cells.get("record") == ADDED:
            return None
        ranked = sorted(found, key=lambda row: (row.get("record") != cells.get("record") or not cells.get("record"),
                                                bool(_differences(self.entry, row, cells))))  # fmt: skip
        if self.entry.grows and _differences(self.entry, ranked[0], cells):
            return None
        found.remove(ranked[0])
        return ranked[0]


def _key(entry: Entry, cells: Cells) -> tuple[Value, ...]:
    return tuple(cells.get(column) or None for column in entry.keys)


def _differences(entry: Entry, stands: Cells, cells: Cells) -> tuple[Change, ...]:
    return tuple(Change(column, stands[column], cells[column]) for column in entry.given
                 if column in cells and (stands[column] or None) != (cells[column] or None))  # fmt: skip


def plan(key: str, content: bytes, name: str, actor: str, now: datetime) -> Report:
    """Say what taking a file of the table *key* in would do. Nothing is stored; Rejected where it cannot be read."""
    with transaction.atomic():
        report = _take_in(key, content, name, actor, now)
        transaction.set_rollback(True)
    return report


def take_in(key: str, content: bytes, name: str, actor: str, now: datetime) -> Report:
    """Take a file of the table *key* in: every row, or nothing where one of them is wrong."""
    with transaction.atomic():
        report = _take_in(key, content, name, actor, now)
        if not report.good:
            transaction.set_rollback(True)
    return report


def _take_in(key: str, content: bytes, name: str, actor: str, now: datetime) -> Report:
    table, entry = TABLES[key], ENTRIES.get(key)
    found = read(table, content, name)
    question = Question(local_day(now, zones.ours()), now)
    if entry is None:
        return Report(key, tuple(_compared(table, found, list(table.records(question)))))
    standing = _Standing(entry, {})
    for row in table.records(question):
        standing.rows.setdefault(_key(entry, row), []).append(row)
    rows: list[Row] = []
    turns = records.turns_of(lambda: rows.extend(_taken(entry, one, standing, actor, now) for one in found))
    return Report(key, tuple(rows), turns, sum(map(len, standing.rows.values())))


def _taken(entry: Entry, one: Read, standing: _Standing, actor: str, now: datetime) -> Row:
    about = " · ".join(str(one.cells.get(column) or "") for column in entry.keys).strip(" ·")
    if one.problems:
        return Row(one.number, about, Does.WRONG, problems=one.problems)
    stands = standing.take(one.cells)
    changes = _differences(entry, stands, one.cells) if stands is not None else ()
    if stands is not None and not changes:
        return Row(one.number, about, Does.SAME)
    record = stands.get("record") if stands is not None else None
    cells = {**(stands or {}), **one.cells}
    try:
        with transaction.atomic():
            entry.enter(cells, record if isinstance(record, int) else None, actor, now)
    except Rejected as error:
        problems = tuple(Problem(_column(entry, one.cells, reason), reason) for reason in error.reasons)
    except (NotRecorded, NotTaken) as error:
        problems = (Problem("", str(error)),)
    else:
        return Row(one.number, about, Does.NEW if stands is None else Does.CHANGES, changes)
    return Row(one.number, about, Does.WRONG, changes, problems)


def _column(entry: Entry, cells: Cells, reason: str) -> str:
    """Name the column that a reason speaks of, where it quotes what that one holds, or names it."""
    quoted = (column for column in entry.given if cells.get(column) and f"“{cells[column]}”" in reason)
    return next(quoted, next((column for column in entry.given if f"“{column}”" in reason), ""))


def _compared(table: Table, found: Sequence[Read], stands: Sequence[Cells]) -> Iterator[Row]:
    """Compare the rows of a table that is worked out, or comes by files of its own, with what stands."""
    keys = [column.key for column in table.columns if column.key not in {"recorded_at", "last_word"}]
    there = {tuple(row[key] or None for key in keys) for row in stands}
    for one in found:
        about = " · ".join(str(one.cells.get(key) or "") for key in keys[:3]).strip(" ·")
        if one.problems:
            yield Row(one.number, about, Does.WRONG, problems=one.problems)
        elif tuple(one.cells.get(key) or None for key in keys) in there:
            yield Row(one.number, about, Does.SAME)
        else:
            says = _("The register has no such row, and works this table out: record what it follows from.")
            yield Row(one.number, about, Does.WRONG, problems=(Problem("", says),))
