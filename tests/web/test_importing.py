"""Tables taken in from files: what was written here changes nothing; each wrong row is named; all or nothing."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from comity.acts import example_state, exporting, importing
from comity.acts.agreements import Rejected
from comity.acts.importing import Does
from comity.acts.table_entries import ENTRIES
from comity.acts.table_rows import TABLES
from comity.acts.tables import Question
from comity.models import Action, Engagement, Membership, Party
from tests.web.conftest import fill


@pytest.fixture(scope="module")
def made(made: example_state.Made, django_db_blocker: DjangoDbBlocker) -> Iterator[example_state.Made]:
    """Make the example state with something in every table, once for this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        fill(datetime.now(UTC))
        yield made
        transaction.set_rollback(True)


pytestmark = pytest.mark.usefixtures("bahamas")


def now() -> datetime:
    return datetime.now(UTC)


def given(key: str, form: str) -> bytes:
    moment = now()
    return exporting.export(TABLES[key], Question(moment.date(), moment), form).content


def rows(key: str) -> list[dict[str, Any]]:
    return list(json.loads(given(key, "json"))["rows"])


def as_csv(told: list[dict[str, Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(told[0]))
    writer.writeheader()
    writer.writerows(told)
    return out.getvalue().encode()


def plan(key: str, told: list[dict[str, Any]]) -> importing.Report:
    return importing.plan(key, json.dumps({"rows": told}).encode(), "rows.json", "officer", now())


def take(key: str, told: list[dict[str, Any]]) -> importing.Report:
    return importing.take_in(key, json.dumps({"rows": told}).encode(), "rows.json", "officer", now())


@pytest.mark.parametrize("key", TABLES)
def test_what_was_written_here_changes_nothing(key: str) -> None:
    for form in exporting.FORMS:
        file = given(key, form)
        report = importing.plan(key, file, f"{key}.{form}", "officer", now())
        other = [row for row in report.rows if row.does is not Does.SAME]
        assert other == [], (form, other[:3])
        assert report.rows
        assert (report.turns, report.left_out) == ((), 0)


def test_rows_that_are_new_or_differ_are_told_before_and_then_taken() -> None:
    told = rows("actions")
    ratified = next(row for row in told if row["party"] == "EE" and row["kind"] == "ratification")
    changed = {**ratified, "effective_on": "2003-05-13"}
    fresh = {"instrument": "budapest", "party": "BS", "kind": "accession", "effective_on": "2026-05-04",
             "status": "confirmed", "source": "https://example.org/chart", "read_on": "2026-11-24"}  # fmt: skip
    report = plan("actions", [changed, fresh])
    assert [row.does for row in report.rows] == [Does.CHANGES, Does.NEW]
    assert [(one.column, str(one.after)) for one in report.rows[0].changes] == [("effective_on", "2003-05-13")]
    assert ("BS", "budapest") in {(turn.party.code, turn.instrument.slug) for turn in report.turns}
    assert report.left_out == len(told) - 1
    before = Action.objects.count()
    assert take("actions", [changed, fresh]).good
    assert Action.objects.count() == before + 2
    assert Action.objects.get(supersedes=ratified["record"]).effective_on == date(2003, 5, 13)
    assert {row.does for row in plan("actions", rows("actions")).rows} == {Does.SAME}


def test_a_record_called_new_stands_beside_the_one_that_is_like_it() -> None:
    stands = next(row for row in rows("memberships") if row["group"] == "CARICOM")
    again = {**stands, "record": "new", "effective_on": "1990-01-01", "precision": "day"}
    before = Membership.objects.count()
    report = importing.take_in("memberships", as_csv([again]), "m.csv", "officer", now())
    assert [row.does for row in report.rows] == [Does.NEW]
    assert Membership.objects.count() == before + 1
    assert not Membership.objects.filter(supersedes=stands["record"]).exists()


@pytest.mark.parametrize(("key", "change", "column", "said"), [
    ("actions", {"effective_on": "soon"}, "effective_on", "write it as 2026-12-31"),
    ("actions", {"party": "ZZ"}, "party", "no party “ZZ”"),
    ("actions", {"kind": "endorsement"}, "kind", "cannot be"),
    ("actions", {"status": "sure"}, "status", "write one of"),
    ("actions", {"source": ""}, "source", "fill it in"),
    ("memberships", {"member": "ZZ"}, "member", "no party “ZZ”"),
    ("facts", {"kind": "rumour"}, "kind", "write one of"),
    ("parties", {"code": "small"}, "code", "no code"),
    ("instruments", {"kind": "poem"}, "kind", "write one of"),
    ("standings", {"stand": "in force since ever"}, "", "works this table out"),
])  # fmt: skip
def test_each_wrong_row_is_named_and_nothing_is_taken(
    key: str, change: dict[str, str], column: str, said: str
) -> None:
    good = [row for row in rows(key) if row.get("instrument") in {"budapest", None}][:2]
    party = Party.objects.get(code="JM")
    fine = {**good[0], "common_name": "Jamaica!"} if key == "parties" else good[0]
    wrong = {**good[1], **change, "record": "new"} if "record" in good[1] else {**good[1], **change}
    report = take(key, [fine, wrong])
    assert not report.good
    assert [(row.number, row.does) for row in report.rows if row.does is Does.WRONG] == [(3, Does.WRONG)]
    problem = report.rows[1].problems[0]
    assert problem.column == column
    assert said in problem.says
    assert Party.objects.get(code="JM").common_name == party.common_name


@pytest.mark.parametrize(("content", "said"), [
    (b"party,nonsense\nBS,1\n", "no column “nonsense”"), (b"{not json", "no JSON"), (b"{}", "no list of rows"),
    (b"PK\x03\x04nonsense", "no workbook"), (b"\xff\xfe\x00", "no CSV"), (b"party,kind\nBS\n", "as many cells"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_in_one_line(content: bytes, said: str) -> None:
    with pytest.raises(Rejected, match=said):
        importing.plan("actions", content, "file", "officer", now())


def test_contacts_engagements_promises_and_decisions_are_taken_in() -> None:
    contact = {**rows("contacts")[0], "hours": "day and night"}
    meeting = {**rows("engagements")[0], "place": "Nassau"}
    claim = {**rows("claims")[0], "decision": "accepted"}
    promise = {"what": "Name a contact", "source": "minutes", "rule": "on 2027-01-31"}
    for key, row in (("contacts", contact), ("engagements", meeting), ("claims", claim), ("promises", promise)):
        report = take(key, [row])
        assert report.good, (key, report.rows)
        assert {row.does for row in plan(key, rows(key)).rows} == {Does.SAME}
    assert Engagement.objects.filter(versions__place="Nassau").exists()


def test_every_table_that_takes_rows_in_has_its_columns() -> None:
    for key, entry in ENTRIES.items():
        assert {*entry.keys, *entry.given} <= {column.key for column in TABLES[key].columns}, key


def test_the_page_shows_what_a_file_would_do_and_takes_it_in(officer: Client, auditor: Client) -> None:
    def sent(step: str, told: list[dict[str, Any]]) -> Any:
        file = SimpleUploadedFile("rows.csv", as_csv(told), content_type="text/csv")
        return officer.post("/tables/", {"table": "parties", "file": file, "step": step})

    assert officer.get("/tables/").status_code == 200
    assert auditor.get("/tables/").status_code == 403
    fresh = {"code": "HARBOUR", "name": "Harbour Forum", "kind": "group"}
    shown = sent("preview", [fresh])
    assert (shown.status_code, "HARBOUR" in shown.content.decode()) == (200, True)
    assert not Party.objects.filter(code="HARBOUR").exists()
    wrong = sent("record", [fresh, {**fresh, "code": "small"}])
    assert (wrong.status_code, "is no code" in wrong.content.decode()) == (422, True)
    assert not Party.objects.filter(code="HARBOUR").exists()
    assert sent("record", [fresh]).status_code == 302
    assert Party.objects.filter(code="HARBOUR").exists()
