"""Recording in the register at the desk: previewed, then recorded; corrected and taken back; by officers alone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from comity.acts import catalogues, example_state, register, standings
from comity.models import Action, Fact, Instrument, Membership, Party, Spell

ACCESSION = {"kind": "accession", "party": "BS", "on": "2026-05-04", "status": "confirmed", "until": "",
             "provisions": "", "says": "", "holds": "", "source": "https://example.org/chart",
             "read_on": "2026-11-24"}  # fmt: skip


@pytest.fixture(scope="module")
def made(made: example_state.Made, django_db_blocker: DjangoDbBlocker) -> Iterator[example_state.Made]:
    """Make the example state with the shipped register, once for this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        catalogues.load(catalogues.files(), register.ACTOR, datetime.now(UTC))
        yield made
        transaction.set_rollback(True)


def stand(party: str, slug: str, on: date) -> str | None:
    asked = standings.as_of(on, None, datetime.now(UTC))
    return asked.of(Spell.objects.filter(party=party, instrument__slug=slug)).values_list("stand", flat=True).first()


def post(officer: Client, address: str, step: str, told: dict[str, Any]) -> Any:
    return officer.post(address, {**told, "step": step})


def test_an_action_is_previewed_recorded_corrected_and_each_is_known_as_of_its_time(officer: Client) -> None:
    address = "/instruments/budapest/record/"
    assert officer.get(address).status_code == 200
    shown = post(officer, address, "preview", ACCESSION).content.decode()
    assert "The Bahamas" in shown
    assert "consent given, not yet in force" in shown
    assert stand("BS", "budapest", date(2026, 9, 1)) is None, "a preview records nothing"
    assert post(officer, address, "record", ACCESSION).status_code == 302
    assert stand("BS", "budapest", date(2026, 9, 1)) == "in force"
    row = Action.objects.get(instrument__slug="budapest", party="BS", kind="accession", status="confirmed")
    assert (row.recorded_by, row.source.address) == ("officer", "https://example.org/chart")
    assert f"?corrects={row.pk}" in officer.get("/instruments/budapest/records/").content.decode()
    corrected = f"{address}?corrects={row.pk}"
    assert 'value="2026-05-04"' in officer.get(corrected).content.decode()
    assert post(officer, corrected, "record", {**ACCESSION, "on": "2026-08"}).status_code == 302
    assert stand("BS", "budapest", date(2026, 9, 1)) == "consent given, not yet in force"
    newer = Action.objects.get(supersedes=row)
    assert (newer.effective_on, newer.precision) == (date(2026, 8, 31), "month")
    refused = post(officer, corrected, "record", ACCESSION)
    assert (refused.status_code, "was corrected already" in refused.content.decode()) == (422, True)


def test_an_action_that_never_was_is_taken_back(officer: Client) -> None:
    address = "/instruments/budapest/record/"
    post(officer, address, "record", ACCESSION)
    row = Action.objects.get(instrument__slug="budapest", party="BS", kind="accession", status="confirmed")
    assert officer.post(f"{address}?corrects={row.pk}", {"step": "take-back", "why": ""}).status_code == 422
    taken = officer.post(f"{address}?corrects={row.pk}", {"step": "take-back", "why": "chart of 1 December"})
    assert taken.status_code == 302
    assert stand("BS", "budapest", date(2026, 9, 1)) is None


@pytest.mark.parametrize(("change", "said"), [
    ({"kind": "endorsement"}, "cannot be"), ({"on": "soon"}, "as exactly as it is known"), ({"party": ""}, "Name the"),
    ({"source": ""}, "This field is required"), ({"until": "2020-01-01"}, "turn the two round"),
])  # fmt: skip
def test_what_cannot_be_is_said_on_the_page_and_nothing_is_recorded(
    officer: Client, change: dict[str, str], said: str
) -> None:
    before = Action.objects.count()
    for step in ("preview", "record"):
        answer = post(officer, "/instruments/budapest/record/", step, {**ACCESSION, **change})
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert Action.objects.count() == before


def test_a_claim_changes_no_standing_and_says_so(officer: Client) -> None:
    shown = post(officer, "/instruments/budapest/record/", "preview", {**ACCESSION, "status": "claimed"})
    assert "changes nobody’s standing" in shown.content.decode()


def test_an_adopted_agreement_leads_to_its_own_book(officer: Client) -> None:
    answer = officer.get("/instruments/bs-xa-cyber-mou/record/")
    assert answer["Location"] == "/agreements/bs-xa-cyber-mou/event/"


def test_an_instrument_a_party_a_membership_and_a_fact_are_entered(officer: Client) -> None:
    plain = {"aliases": "", "made_by": "", "depositary": "", "beside": "", "topics": "", "about": "", "reference": ""}
    told = {"slug": "harbour-pledge", "kind": "pledge", "title": "Harbour Pledge", "short": "", "source": "m", **plain}
    assert post(officer, "/instruments/new/", "preview", told).status_code == 200
    assert not Instrument.objects.filter(slug="harbour-pledge").exists()
    assert post(officer, "/instruments/new/", "record", told).status_code == 302
    assert post(officer, "/instruments/new/", "record", told).status_code == 422, "it is there already"
    anew = {**told, "short": "The Pledge", "aliases": "Pledge of Nassau, Harbour Promise"}
    assert post(officer, "/instruments/harbour-pledge/describe/", "record", anew).status_code == 302
    assert Instrument.objects.get(slug="harbour-pledge").aliases == ["Pledge of Nassau", "Harbour Promise"]
    bound = post(officer, "/instruments/harbour-pledge/describe/", "record", {**anew, "kind": "convention"})
    assert bound.status_code == 422

    party = {"code": "HARBOUR", "name": "Harbour Forum", "kind": "group", "common_name": "", "alpha3": "", "of": "",
             "aliases": ""}  # fmt: skip
    assert post(officer, "/parties/new/", "record", {**party, "code": "harbour"}).status_code == 422
    assert post(officer, "/parties/new/", "record", party).status_code == 302
    renamed = post(officer, "/parties/HARBOUR/names/", "record", {**party, "common_name": "The Forum"})
    assert (renamed.status_code, Party.objects.get(code="HARBOUR").short) == (302, "The Forum")

    dated = {"on": "2026", "until": "", "status": "confirmed", "source": "list", "read_on": "2026-11-24"}
    member = {"group": "HARBOUR", "member": "BS", "capacity": "member", **dated}
    assert post(officer, "/parties/BS/membership/", "record", member).status_code == 302
    row = Membership.objects.get(group="HARBOUR")
    assert (row.effective_on, row.precision) == (date(2026, 12, 31), "year")
    fact = {"party": "BS", "kind": "law", "title": "Harbour Act", "topic": "Harbour law", "says": "", "role": "",
            "counterpart": "", **dated}  # fmt: skip
    assert post(officer, "/parties/BS/fact/", "record", fact).status_code == 302
    known = Fact.objects.get(title="Harbour Act")
    assert known.topic == "harbour-law"
    mended = post(officer, f"/parties/BS/fact/?corrects={known.pk}", "record", {**fact, "status": "contradicted"})
    assert (mended.status_code, Fact.objects.get(supersedes=known).status) == (302, "contradicted")


def test_auditors_record_nothing(auditor: Client) -> None:
    for address in ("/instruments/new/", "/instruments/budapest/record/", "/instruments/budapest/describe/",
                    "/parties/new/", "/parties/BS/membership/", "/parties/BS/fact/", "/parties/BS/names/"):  # fmt: skip
        assert auditor.get(address).status_code == 403
        assert auditor.post(address, {}).status_code == 403
    assert auditor.get("/instruments/budapest/records/").status_code == 200
