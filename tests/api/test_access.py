"""Who may use the API, and with what."""

from datetime import UTC, datetime, timedelta

from django.test import Client

from comity.acts import api_tokens, officers
from comity.models import AccessChange, ApiToken
from tests.api.conftest import client


def test_nobody_reads_without_a_session_or_a_token(officer: str) -> None:
    assert officer
    for headers in ({}, {"authorization": "Bearer comity_nothing"}, {"authorization": "Basic YTpi"},
                    {"authorization": "Bearer "}):  # fmt: skip
        answer = Client(headers=headers).get("/api/parties")
        assert (answer.status_code, answer["www-authenticate"]) == (401, "Bearer")
        assert answer["content-type"] == "application/problem+json"


def test_a_session_reads(signed_in: Client) -> None:
    assert signed_in.get("/api/parties").status_code == 200


def test_a_wrong_token_is_refused_even_beside_a_session(signed_in: Client) -> None:
    answer = signed_in.get("/api/parties", headers={"authorization": "Bearer comity_wrong"})
    assert answer.status_code == 401


def test_a_token_ends_when_it_is_revoked_expires_or_its_account_is_closed(officer: str, auditor: str) -> None:
    now = datetime.now(UTC)
    yesterday = now.date() - timedelta(days=1)
    ended = api_tokens.make(officer, "ended", officer, now, until=yesterday)
    assert Client(headers={"authorization": f"Bearer {ended.secret}"}).get("/api/parties").status_code == 401
    last = api_tokens.make(officer, "last day", officer, now, until=now.date())
    holds = Client(headers={"authorization": f"Bearer {last.secret}"})
    assert holds.get("/api/parties").status_code == 200
    api_tokens.revoke(last.number, officer, now)
    assert holds.get("/api/parties").status_code == 401
    theirs = client(auditor)
    assert theirs.get("/api/parties").status_code == 200
    officers.close(auditor, officer, now)
    assert theirs.get("/api/parties").status_code == 401
    assert {one.label: one.state for one in api_tokens.listed(now)} == {
        "ended": "expired", "last day": "revoked", "a test": "closed"}  # fmt: skip


def test_only_the_hash_of_a_token_is_kept_and_its_making_is_on_record(officer: str) -> None:
    made = api_tokens.make(officer, "weekly report", officer, datetime.now(UTC))
    assert made.secret not in str(ApiToken.objects.values().get())
    assert "weekly report" in AccessChange.objects.latest("id").about


def test_an_officer_gives_and_revokes_a_token_on_the_page_people(signed_in: Client, officer: str) -> None:
    page = signed_in.get("/people/")
    token = page.cookies["csrftoken"].value
    told = {"account": officer, "label": "a script", "until": "2099-01-01", "csrfmiddlewaretoken": token}
    shown = signed_in.post("/people/tokens/", told).content.decode()
    row = ApiToken.objects.get(label="a script")
    secret = shown.split("comity_")[1].split("<")[0]
    assert api_tokens.find(f"comity_{secret}", datetime.now(UTC)) == row
    assert f"comity_{secret}" not in signed_in.get("/people/").content.decode()
    signed_in.post(f"/people/tokens/{row.pk}/revoke/", {"csrfmiddlewaretoken": token})
    assert api_tokens.find(f"comity_{secret}", datetime.now(UTC)) is None
