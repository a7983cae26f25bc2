"""What a program records: by the same acts and rights as at the desk."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from comity.api import service
from comity.models import Action, ClaimDecision, Instrument
from tests.api.conftest import client

SIGNATURE = {"instrument": "budapest", "kind": "accession", "party": "BS", "source": "https://example.org/chart",
             "effective_on": "2026-05-04"}  # fmt: skip


def post(by: Client, address: str, body: dict[str, Any], **asked: str) -> Any:
    answer = by.post(f"/api/{address}", json.dumps(body), content_type="application/json", query_params=asked)
    good = answer.status_code == 200
    assert answer["content-type"].startswith("application/json" if good else "application/problem+json")
    return answer


def recorded() -> bool:
    rows = Action.objects.filter(instrument__slug="budapest", party="BS", kind="accession", status="confirmed")
    return rows.exists()


def stands(by: Client, on: str, **asked: str) -> str | None:
    rows = by.get("/api/standings", {"party": "BS", "instrument": "budapest", "on": on, **asked}).json()["items"]
    return rows[0]["stand"] if rows else None


def test_an_action_is_recorded_after_its_dry_run_corrected_and_on_record(api: Client) -> None:
    told = post(api, "actions", SIGNATURE, dry_run="true").json()
    assert told["record"] is None
    assert [(one["instrument"], one["party"], one["after"][0]["stand"]) for one in told["turned"]] == [
        ("budapest", "BS", "consent given, not yet in force")]  # fmt: skip
    assert not recorded()
    number = post(api, "actions", SIGNATURE).json()["record"]
    assert stands(api, "2026-06-01") == "consent given, not yet in force"
    assert stands(api, "2026-09-01") == "in force", "the first day of the month after three months"
    corrected = post(api, "actions", {**SIGNATURE, "effective_on": "2026-07-06", "supersedes": number})
    assert corrected.status_code == 200
    assert stands(api, "2026-06-01") is None
    again = post(api, "actions", {**SIGNATURE, "supersedes": number})
    assert (again.status_code, "was corrected already" in again.json()["detail"]) == (422, True)
    assert api.get(f"/api/actions/{number}").status_code == 404
    assert Action.objects.get(pk=number).superseded_by.recorded_by == "officer"


def test_what_is_taken_back_never_was_and_stays_on_record(api: Client) -> None:
    number = post(api, "actions", SIGNATURE).json()["record"]
    assert stands(api, "2026-09-01") == "in force"
    assert post(api, "actions/taken-back", {"record": number, "source": "chart of 1 December"}).status_code == 200
    assert stands(api, "2026-09-01") is None
    assert Action.objects.filter(pk=number, superseded_by__status="retracted").exists()


@pytest.mark.parametrize(("change", "said"), [
    ({"kind": "endorsement"}, "cannot be"), ({"party": ""}, "Name the party"), ({"party": "ZZ"}, "no party “ZZ”"),
    ({"instrument": "nothing"}, "no instrument"), ({"source": " "}, "Name the source"),
    ({"kind": "adoption"}, "as a whole"), ({"status": "sure"}, "write one of"),
    ({"precision": "month"}, "last day"), ({"until": "2020-01-01"}, "turn the two round"),
    ({"instrument": "bs-xa-cyber-mou"}, "its only book"), ({"supersedes": 999999}, "no record"),
])  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_is_recorded(api: Client, change: dict[str, Any], said: str) -> None:
    before = Action.objects.count()
    for asked in ({}, {"dry_run": "true"}):
        answer = post(api, "actions", {**SIGNATURE, **change}, **asked)
        assert answer.status_code == 422
        assert said in answer.json()["detail"]
    assert Action.objects.count() == before


def test_a_chain_is_recorded_from_instrument_to_undertaking(api: Client) -> None:
    instrument = {"slug": "harbour-pledge", "kind": "pledge", "title": "Harbour Pledge", "source": "minutes"}
    assert post(api, "instruments", instrument).json()["record"] == "harbour-pledge"
    assert post(api, "parties", {"code": "HARBOUR", "name": "Harbour Forum", "kind": "group"}).status_code == 200
    for address, body in (
        ("memberships", {"group": "HARBOUR", "member": "BS", "source": "list"}),
        ("actions", {"instrument": "harbour-pledge", "kind": "endorsement", "party": "BS", "source": "minutes",
                     "effective_on": "2026-05-01"}),
        ("facts", {"party": "BS", "kind": "law", "title": "Harbour Act", "source": "Gazette", "status": "claimed"}),
        ("promises", {"what": "Answer within a day", "source": "minutes", "instrument": "harbour-pledge",
                      "rule": "on 2027-01-31"}),
        ("contacts", {"party": "BS", "kind": "policy", "institution": "Ministry", "email": "a@example.org",
                      "source": "note"}),
        ("engagements", {"title": "Harbour meeting", "starts_on": "2027-01-10", "ends_on": "2027-01-11",
                         "source": "invitation"}),
    ):  # fmt: skip
        assert post(api, address, body).status_code == 200, address
    assert api.get("/api/instruments/harbour-pledge").json()["stand"] == "supports it"
    key = next(row["key"] for row in api.get("/api/promises").json()["items"] if row["what"] == "Answer within a day")
    today = datetime.now(UTC).date().isoformat()
    done = post(api, "entries", {"key": key, "kind": "assigned", "effective_on": today, "says": "officer",
                                 "source": "note"})  # fmt: skip
    assert done.status_code == 200, done.content
    uid = next(row["uid"] for row in api.get("/api/engagements").json()["items"] if row["title"] == "Harbour meeting")
    paper = {"engagement": uid, "kind": "outcome", "says": "Exchange of contacts"}
    assert post(api, "papers", paper).status_code == 200


def test_a_document_is_checked_and_its_claim_accepted(api: Client) -> None:
    text = "Jamaica signed the Budapest Convention in 2019."
    assert post(api, "documents", {"name": "note.txt", "text": text}).status_code == 200
    rows = [row for row in api.get("/api/claims").json()["items"] if row["document"] == "note.txt"]
    assert [row["subject_ref"] for row in rows] == ["JM"]
    assert post(api, "claims/accepted", {"record": rows[0]["record"]}).status_code == 200
    assert ClaimDecision.objects.get().kind == "accepted"
    assert post(api, "claims/set-aside", {"record": rows[0]["record"]}).status_code == 422


def test_an_adopted_agreement_takes_its_events(api: Client) -> None:
    event = {"agreement": "bs-xa-cyber-mou", "kind": "suspension", "effective_on": "2026-12-01", "source": "note 9"}
    assert post(api, "events", event, dry_run="true").json()["turned"]
    assert post(api, "events", event).status_code == 200
    rows = api.get("/api/agreements", {"on": "2026-12-02"}).json()["items"]
    assert {row["state"] for row in rows if row["slug"] == "bs-xa-cyber-mou"} == {"suspended"}


def test_only_an_officer_writes_and_only_with_a_token_that_writes(officer: str, auditor: str) -> None:
    for program in (client(auditor), client(officer, writes=False)):
        for path, methods in service.document()["paths"].items():
            if "post" in methods:
                answer = program.post(path, "{}", content_type="application/json")
                assert answer.status_code in {403, 422}, path
        assert post(program, "actions", SIGNATURE).status_code == 403
    assert not recorded()


def test_a_session_writes_with_its_csrf_token_alone(signed_in: Client) -> None:
    assert post(signed_in, "actions", SIGNATURE).status_code == 403
    token = signed_in.get("/people/").cookies["csrftoken"].value
    body = json.dumps(SIGNATURE)
    answer = signed_in.post("/api/actions", body, content_type="application/json", headers={"x-csrftoken": token})
    assert answer.status_code == 200
    assert Instrument.objects.filter(slug="budapest", actions__party="BS", actions__recorded_by="officer").exists()
