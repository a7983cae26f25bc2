"""The register as a program reads it."""

import json
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from comity.acts import readings, standings
from comity.acts.table_rows import TABLES
from comity.api.tables import KEYS
from comity.models import Instrument, Party


@pytest.mark.parametrize("key", TABLES)
def test_every_table_is_given_as_its_file_gives_it(api: Client, signed_in: Client, key: str) -> None:
    file = json.loads(signed_in.get(f"/tables/{key}.json", {"on": "2026-11-24"}).content)
    asked = {"limit": "1000", **({"on": "2026-11-24"} if "on" in TABLES[key].asks else {})}
    told = api.get(f"/api/{key}", asked)
    assert told.status_code == 200, told.content
    assert told.json()["items"] == file["rows"][:1000]
    assert (told.json()["next"] is not None) is (len(file["rows"]) > 1000)


def test_pages_hold_every_row_once(api: Client) -> None:
    whole = api.get("/api/parties", {"limit": "1000"}).json()["items"]
    found, address = [], "/api/parties?limit=37"
    while address:
        page = api.get(address).json()
        found += page["items"]
        address = page["next"]
    assert found == whole


def test_standings_are_those_of_any_day_as_known_on_any_day(api: Client) -> None:
    budapest, states = Instrument.objects.get(slug="budapest"), Party.objects.all()
    for on, known in (("2026-11-24", None), ("2010-01-01", None), ("2026-11-24", "2020-01-01")):
        asked = standings.as_of(date.fromisoformat(on), date.fromisoformat(known) if known else None, datetime.now(UTC))
        cells = readings.cells(asked, [budapest], states).values()
        expected = {(cell.party.code, cell.stand.value) for cell in cells if cell.stand.value != "nothing recorded"}
        question = {"instrument": "budapest", "on": on, "limit": "1000", **({"known": known} if known else {})}
        rows = api.get("/api/standings", question).json()["items"]
        assert {(row["party"], row["stand"]) for row in rows} == expected
        assert bool(expected) is (known is None)


@pytest.mark.parametrize(("key", "column"), KEYS.items())
def test_one_record_is_found_by_its_key(api: Client, key: str, column: str) -> None:
    rows = api.get(f"/api/{key}").json()["items"]
    if rows:
        assert api.get(f"/api/{key}/{rows[-1][column]}").json() == rows[-1]
    missing = api.get(f"/api/{key}/no-such-thing")
    assert (missing.status_code, missing["content-type"]) == (404, "application/problem+json")
    assert missing.json()["status"] == 404


@pytest.mark.parametrize(("address", "place"), [
    ("/api/standings?on=yesterday", "query.on"), ("/api/standings?on=1066-10-14", "query.on"),
    ("/api/parties?limit=0", "query.limit"), ("/api/parties?limit=1001", "query.limit"),
    ("/api/parties?offset=-1", "query.offset"), ("/api/standings?party=%00", "query.party"),
])  # fmt: skip
def test_a_wrong_question_is_named_with_its_place(api: Client, address: str, place: str) -> None:
    answer = api.get(address)
    assert (answer.status_code, answer["content-type"]) == (422, "application/problem+json")
    assert [error["at"] for error in answer.json()["errors"]] == [place]


def test_what_is_not_there_and_what_cannot_be_done_there_are_problems(api: Client) -> None:
    assert api.get("/api/nothing").json()["title"] == "Not Found"
    answer = api.delete("/api/standings")
    assert (answer.status_code, answer["allow"], answer["content-type"]) == (405, "GET", "application/problem+json")
