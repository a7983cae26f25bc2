"""An officer records what happened: shown first, then done, then seen on every object."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from comity.acts import deliveries, delivering
from comity.acts.example_state import Made
from comity.models import AgreementEvent, Collection, Credential, StoredVersion

MOU = "bs-xa-cyber-mou"
TODAY = datetime.now(UTC).date()


def told(**other: str) -> dict[str, str]:
    """Give a form's content: The Bahamas suspends, from two days ago, so that no time zone matters."""
    day = (TODAY - timedelta(days=2)).isoformat()
    return {"kind": "suspension", "effective_on": day, "party": "BS", "source": "note verbale 7/2026", **other}


def answer_for(client: Client, version: StoredVersion, party: str) -> str:
    """Read a partner's answer off the matrix of an object's page."""
    body = client.get(reverse("object", args=[version.collection.alias, version.stix_id])).content.decode()
    found = re.search(rf'<span class="code">{party}</span></th>.*?class="verdict [^"]*">([^<]*)<', body, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def theirs(officer: Client) -> StoredVersion:
    """Find an object that only the memorandum lets Ardenia have."""
    for version in StoredVersion.objects.filter(collection__alias="indicators").select_related("collection"):
        if '"tlp":"AMBER"' in version.own.body and answer_for(officer, version, "XA") == "released":
            return version
    raise AssertionError("the example state holds nothing of the kind")


def test_the_preview_tells_what_would_close_and_records_nothing(officer: Client, theirs: StoredVersion) -> None:
    before = AgreementEvent.objects.count()
    body = officer.post(reverse("event", args=[MOU]), told(step="preview")).content.decode()
    assert "What it would do" in body
    assert "is suspended for BS" in body
    assert AgreementEvent.objects.count() == before
    assert answer_for(officer, theirs, "XA") == "released"


def test_a_suspension_recorded_at_the_desk_is_seen_on_the_objects_page_at_once(
    officer: Client, theirs: StoredVersion
) -> None:
    done = officer.post(reverse("event", args=[MOU]), told(step="record"), follow=True)
    assert "It counts from the next question asked." in done.content.decode()
    assert "note verbale 7/2026" in done.content.decode()
    assert answer_for(officer, theirs, "XA") == "withheld"
    officer.post(reverse("event", args=[MOU]), told(step="record", kind="end-of-suspension", source="note 8/2026"))
    assert answer_for(officer, theirs, "XA") == "released"


def test_counsel_and_auditors_change_nothing(auditor: Client) -> None:
    before = AgreementEvent.objects.count()
    for answer in (
        auditor.get(reverse("event", args=[MOU])),
        auditor.post(reverse("event", args=[MOU]), told(step="record")),
    ):
        assert answer.status_code == 403
        assert "Only an officer may do this" in answer.content.decode()
    assert AgreementEvent.objects.count() == before


WRONG = [
    ({"source": ""}, "This field is required"),
    ({"effective_on": "the day before yesterday"}, "Enter a valid date"),
    ({"until": "2020-01-01"}, "before it takes effect"),
    ({"kind": "reservation", "clauses": "A99"}, "has no clause"),
    ({"kind": "withdrawal", "party": ""}, "name the party"),
]


def test_what_cannot_be_recorded_is_refused_with_the_mend(officer: Client) -> None:
    before = AgreementEvent.objects.count()
    for wrong, said in WRONG:
        for step in ("preview", "record"):
            answer = officer.post(reverse("event", args=[MOU]), told(step=step, **wrong))
            assert answer.status_code == 422
            assert said in answer.content.decode()
    assert AgreementEvent.objects.count() == before


def test_as_a_partner_shows_what_an_event_on_a_day_would_change(officer: Client) -> None:
    where = reverse("as-partner")
    plain = officer.get(where, {"party": "XA", "on": TODAY.isoformat()}).content.decode()
    assert "What that would open and close" not in plain
    asked = {"party": "XA", "on": TODAY.isoformat(), "agreement": MOU, "kind": "suspension"}
    assert 'class="closes">closes' in officer.get(where, asked).content.decode()
    resumed = {"party": "XN", "on": TODAY.isoformat(), "agreement": "bs-xn-exchange", "kind": "end-of-suspension"}
    assert 'class="opens">opens' in officer.get(where, resumed).content.decode()


def test_who_got_it_names_the_partner_after_its_poll(officer: Client, bahamas: Made, theirs: StoredVersion) -> None:
    credential = Credential.objects.get(username=bahamas.tokens["XA"].username)
    where = Collection.objects.get(alias="indicators")
    asked = delivering.Asked(credential, where, datetime.now(UTC), "delivery", delivering.Query())
    delivering.deliver(asked, delivering.Page.bodies)
    assert [given.party.code for given in deliveries.who_got(theirs.pk)] == ["XA"]
    page = officer.get(reverse("object", args=["indicators", theirs.stix_id])).content.decode()
    assert "xa-1" in page
    assert "A4.1 BS-XA cyber MoU" in officer.get(reverse("today")).content.decode()
