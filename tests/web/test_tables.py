"""Every table of the register as a file, as an officer and an auditor get it."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.plugin import DjangoDbBlocker

from comity.acts import engagements, example_state, readings, standings
from comity.acts.exporting import FORMS
from comity.acts.table_rows import TABLES
from comity.models import Instrument, Party
from tests.web.conftest import fill

READ = datetime.now(UTC)
READERS: dict[type, Callable[[Any], object]] = {date: date.fromisoformat, datetime: datetime.fromisoformat,
                                                time: time.fromisoformat, tuple: tuple}  # fmt: skip


@pytest.fixture(scope="module")
def made(made: example_state.Made, django_db_blocker: DjangoDbBlocker) -> Iterator[example_state.Made]:
    """Make the example state with the shipped register, a contact and a checked document, once for this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        fill(datetime.now(UTC))
        yield made
        transaction.set_rollback(True)


def rows(reader: Client, key: str, **asked: str) -> list[dict[str, str]]:
    """Read a table as CSV."""
    answer = reader.get(reverse("table", args=[key, "csv"]), asked)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("key", TABLES)
def test_every_table_holds_the_same_rows_in_every_form(auditor: Client, key: str) -> None:
    asked = {"on": READ.date().isoformat()}
    told = json.loads(auditor.get(reverse("table", args=[key, "json"]), asked).content)
    sheet = load_workbook(io.BytesIO(auditor.get(reverse("table", args=[key, "xlsx"]), asked).content))[key]
    assert told["rows"], "the example state has something in every table"
    assert len(rows(auditor, key, **asked)) == len(told["rows"]) == sheet.max_row - 1
    assert [cell.value for cell in sheet[1]] == [column["key"] for column in told["columns"]]


@pytest.mark.parametrize("key", TABLES)
def test_every_value_is_of_its_columns_type(officer: Client, key: str) -> None:
    for row in json.loads(officer.get(reverse("table", args=[key, "json"])).content)["rows"]:
        for column in TABLES[key].columns:
            value = row[column.key]
            if value is not None and column.type in {str, int, bool}:
                assert type(value) is column.type, (column.key, value)
            elif value is not None:
                assert READERS[column.type](value) is not None, (column.key, value)


def test_standings_are_those_of_the_page_on_any_day_as_known_on_any_day(officer: Client) -> None:
    budapest, states = Instrument.objects.get(slug="budapest"), Party.objects.all()
    for on, known in (("2026-11-24", ""), ("2010-01-01", ""), ("2026-11-24", "2020-01-01")):
        day = date.fromisoformat(known) if known else None
        asked = standings.as_of(date.fromisoformat(on), day, datetime.now(UTC))
        cells = readings.cells(asked, [budapest], states).values()
        expected = {(cell.party.code, cell.stand.value) for cell in cells if cell.stand.value != "nothing recorded"}
        told = rows(officer, "standings", on=on, known=known, instrument="budapest")
        assert {(row["party"], row["stand"]) for row in told} == expected
        assert bool(expected) is (known == "")


def test_a_table_is_narrowed_to_a_party(officer: Client) -> None:
    everybody = rows(officer, "standings")
    jamaica = [row for row in everybody if row["party"] == "JM"]
    assert jamaica
    assert rows(officer, "standings", party="JM") == jamaica
    assert [row["code"] for row in rows(officer, "parties", party="JM")] == ["JM"]
    assert {row["party"] for row in rows(officer, "actions", party="JM")} == {"JM"}
    assert rows(officer, "facts", party="no such") == []


def test_a_telephone_number_is_no_formula(officer: Client) -> None:
    assert "'+1 242 555 0100" in [row["telephone"] for row in rows(officer, "contacts")]


def test_what_is_recorded_later_is_not_known_before(officer: Client) -> None:
    assert len(rows(officer, "engagements")) == len(engagements.known(datetime.now(UTC)))
    for key in ("engagements", "contacts", "claims", "actions", "facts", "memberships", "instruments"):
        assert rows(officer, key, known="2020-01-01") == [], key


def test_a_wrong_day_or_table_is_said_and_nothing_is_given(officer: Client) -> None:
    wrong = officer.get(reverse("table", args=["actions", "csv"]), {"on": "tomorrow"})
    assert wrong.status_code == 400
    assert "write it as 2026-12-31" in wrong.content.decode()
    assert officer.get(reverse("table", args=["secrets", "csv"])).status_code == 404
    assert officer.get(reverse("table", args=["actions", "exe"])).status_code == 404


@pytest.mark.usefixtures("bahamas")
def test_nobody_else_gets_a_table(client: Client) -> None:
    for form in FORMS:
        assert client.get(reverse("table", args=["contacts", form])).status_code == 302


def test_the_pages_lead_to_their_tables(officer: Client) -> None:
    pages = [reverse(name) for name in ("instruments", "contacts", "engagements", "undertakings", "claims", "world")]
    pages += [reverse("party", args=["JM"]) + "?on=2020-01-01", reverse("instrument", args=["budapest"])]
    for page in pages:
        body = officer.get(page).content.decode()
        named = [part.split('"')[0].replace("&amp;", "&") for part in body.split('href="/tables/')[1:]]
        links = [link for link in named if link]  # without the page that takes tables in
        assert len(links) == len(FORMS), page
        for link in links:
            assert officer.get(f"/tables/{link}").status_code == 200, link
    assert "/tables/standings.csv?on=2020-01-01&amp;party=JM" in officer.get(pages[6]).content.decode()
