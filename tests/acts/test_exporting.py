"""Tables as files: the same rows in every form, and no cell that a spreadsheet would run."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

from django.utils.translation import gettext_lazy as _
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from comity.acts import exporting
from comity.acts.tables import Column, Question, Table, Value

ASKED = Question(date(2026, 11, 24), datetime(2026, 11, 24, 12, tzinfo=UTC))
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001 - as they may come
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
LIKE_A_FORMULA = st.builds(lambda first, rest: first + rest, st.sampled_from([*FORMULA, "'", "'="]), TEXT)


def table(texts: list[str]) -> Table:
    def rows(question: Question) -> Iterator[tuple[Value, ...]]:
        assert question is ASKED
        yield from ((text, number, None) for number, text in enumerate(texts))

    columns = (Column("says", _("Says")), Column("number", _("Time"), int), Column("until", _("Until"), date))
    return Table("sayings", _("Facts"), columns, frozenset({"on"}), rows)


@given(st.lists(TEXT | LIKE_A_FORMULA, max_size=5))
def test_what_is_written_as_csv_is_read_again_and_no_cell_begins_a_formula(texts: list[str]) -> None:
    content = exporting.export(table(texts), ASKED, "csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert head == ["says", "number", "until"]
    assert [exporting.unguarded(row[0]) for row in rows] == texts
    assert not [row for row in rows if row[0].startswith(FORMULA)]


@given(st.lists(LIKE_A_FORMULA | TEXT, max_size=5))
def test_a_cell_of_a_workbook_is_text_whatever_it_begins_with(texts: list[str]) -> None:
    book = load_workbook(io.BytesIO(exporting.export(table(texts), ASKED, "xlsx").content))
    assert book.sheetnames == ["sayings", "columns"]
    cells = [row[0] for row in book["sayings"].iter_rows(min_row=2)]
    assert len(cells) == len(texts)
    assert not [cell for cell in cells if cell.data_type == "f"]
    plain = [text for text in texts if text.isprintable() and text]
    assert [cell.value for cell, text in zip(cells, texts, strict=True) if text in plain] == plain


@given(st.lists(TEXT, max_size=5))
def test_json_holds_the_same_rows_under_their_keys(texts: list[str]) -> None:
    told = json.loads(exporting.export(table(texts), ASKED, "json").content)
    assert told["table"] == "sayings"
    assert told["on"] == "2026-11-24"
    assert [row["says"] for row in told["rows"]] == texts
    assert [column["key"] for column in told["columns"]] == ["says", "number", "until"]
