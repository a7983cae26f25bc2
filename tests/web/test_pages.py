"""Every page answers who is signed in, and nobody else."""

import html
import json
from datetime import UTC, datetime, timedelta, tzinfo
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from comity.acts import deliveries, delivering, sharing
from comity.acts.recalls import Ordered, recall
from comity.ledger import messages as message
from comity.models import (
    Collection,
    Credential,
    Engagement,
    LedgerEntry,
    Log,
    Message,
    Party,
    Recall,
    StoredVersion,
    of_types,
)
from comity.policy.handling import Terms
from comity.policy.markings import Tlp
from comity.stix.objects import Accepted, read
from comity.taxii.server import serves
from comity.web import pages
from comity.web.security import POLICY
from tests.journeys.world import indicator
from tests.web import a_peer


def page_of_each_kind() -> list[str]:
    """Give one address of every kind of page, and of what is flagged on it."""
    version = StoredVersion.objects.filter(of_types("indicator")).select_related("collection").order_by("pk")[0]
    return [
        reverse("today"),
        reverse("agreements"),
        reverse("agreement", args=["bs-xn-exchange"]),
        reverse("event", args=["bs-xa-cyber-mou"]),
        reverse("amendment", args=["bs-xa-cyber-mou"]),
        reverse("consent", args=["bs-xa-cyber-mou"]),
        reverse("instruments"),
        reverse("new-instrument"),
        reverse("new-party"),
        reverse("record-fact", args=["BS"]),
        reverse("record-membership", args=["BS"]),
        reverse("partners"),
        reverse("partner", args=["XA"]),
        reverse("people"),
        reverse("own-password"),
        reverse("calendar") + "?month=2026-12",
        reverse("subscriptions"),
        reverse("undertakings"),
        reverse("undertaking", args=["clause:bs-xa-cyber-mou:A6"]),
        reverse("engagements"),
        reverse("engagement", args=[Engagement.objects.order_by("pk")[0].pk]),
        reverse("contacts"),
        reverse("exchange"),
        reverse("search") + "?q=indicator",
        reverse("collection", args=["exercise"]),
        reverse("object", args=[version.collection.alias, version.stix_id]),
        reverse("as-partner") + "?party=XA&on=2027-06-01&agreement=bs-xa-cyber-mou&kind=suspension",
        reverse("account", args=["bs-xa-cyber-mou", "XA"]),
        reverse("consents"),
        reverse("ask-consent"),
        reverse("correspondence"),
        reverse("new-request"),
        reverse("take-message"),
        reverse("blind-matches"),
        reverse("recalls"),
        reverse("recall-object", args=[version.collection.alias, version.stix_id]),
        reverse("ledger"),
        reverse("log", args=["XI"]),
        reverse("peers"),
        reverse("peer", args=[a_peer.NAME]),
    ]


def every_page() -> list[str]:
    """Give the address of every page of the example state, but of its objects one only."""
    return [
        *page_of_each_kind(),
        *(reverse("agreement", args=[slug]) for slug in ("bs-xa-cyber-mou", "caribbean-cert-circle")),
        *(reverse("collection", args=[alias]) for alias in ("indicators", "incidents")),
        reverse("as-partner"),
        *(reverse("log", args=[log.party_id or "master"]) for log in Log.objects.all()),
    ]


def test_every_page_answers_an_officer_and_an_auditor(officer: Client, auditor: Client) -> None:
    for address in every_page():
        assert officer.get(address).status_code == 200, address
        acts = ("/event/", "/consent/", "/amendment/", "/new/", "/fact/", "/membership/", "/recall/", "/take/")
        if not address.endswith(acts):
            assert auditor.get(address).status_code == 200, address


@pytest.mark.usefixtures("bahamas")
def test_nobody_else_gets_more_than_the_sign_in(client: Client) -> None:
    for address in every_page():
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer["Location"] == f"{reverse('account_login')}?next={quote(address, safe='/')}"
    assert client.get(reverse("account_login")).status_code == 200


@pytest.mark.usefixtures("bahamas")
def test_no_page_stands_where_the_exchange_answers() -> None:
    assert [address for address in every_page() if serves(address)] == []


def test_every_page_carries_the_policy(officer: Client) -> None:
    for address in every_page():
        answer = officer.get(address)
        assert answer["Content-Security-Policy"] == POLICY
        body = answer.content.decode()
        assert " style=" not in body, address
        assert "<script>" not in body, address
        assert " onclick" not in body, address


def test_a_name_and_password_open_the_desk_and_signing_out_closes_it(client: Client, bahamas: object) -> None:
    made = bahamas.officer  # type: ignore[attr-defined]
    wrong = client.post(reverse("account_login"), {"login": made.username, "password": "guessed"})
    assert "do not belong together" in wrong.content.decode()
    right = client.post(reverse("account_login"), {"login": made.username, "password": made.password})
    assert right["Location"] == reverse("today")
    assert client.get(reverse("today")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("today")).status_code == 302


def test_the_language_can_be_changed_before_signing_in(client: Client, db: None) -> None:
    del db
    client.post(reverse("set_language"), {"language": "fr", "next": reverse("account_login")})
    assert '<html lang="fr">' in client.get(reverse("account_login")).content.decode()


def test_what_is_not_there_is_said_not_to_be(officer: Client) -> None:
    for address in ("/agreements/none/", "/collections/none/", "/collections/indicators/indicator--none/", "/logs/ZZ/"):
        answer = officer.get(address)
        assert answer.status_code == 404, address
        assert "There is nothing here" in answer.content.decode()


def test_fictional_and_exercise_are_shown_loudly(officer: Client) -> None:
    assert 'class="flag fictional"' in officer.get(reverse("agreement", args=["bs-xa-cyber-mou"])).content.decode()
    assert 'class="flag exercise"' in officer.get(reverse("collection", args=["exercise"])).content.decode()
    assert 'class="flag exercise"' not in officer.get(reverse("collection", args=["indicators"])).content.decode()


def test_an_agreement_is_read_with_its_clauses_its_life_and_its_examples(officer: Client) -> None:
    body = officer.get(reverse("agreement", args=["bs-xa-cyber-mou"])).content.decode()
    assert "Nothing shared here is evidence; requests for evidence go by mutual legal assistance." in body
    assert "does not hold" not in body
    assert 'class="stretch in-force"' in body
    text = officer.get(reverse("agreement-text", args=["bs-xa-cyber-mou"]))
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert text.content.decode().startswith("# The worked example")


def test_an_object_is_found_by_id_type_and_name(officer: Client) -> None:
    version = StoredVersion.objects.filter(of_types("indicator")).order_by("pk")[0]
    for sought in (version.stix_id, version.stix_id[:20], "indicator"):
        assert version.stix_id in officer.get(reverse("search"), {"q": sought}).content.decode()
    assert "Nothing is found" in officer.get(reverse("search"), {"q": "no such thing anywhere"}).content.decode()


def test_a_search_as_one_types_gives_the_rows_alone(officer: Client) -> None:
    answer = officer.get(reverse("search"), {"q": "indicator"}, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert "indicator--" in answer.content.decode()


def test_a_log_that_was_tampered_with_is_told_apart(officer: Client) -> None:
    log = Log.objects.get(party=Party.objects.get(code="XA"))
    assert "It verifies." in officer.post(reverse("verify", args=["XA"])).content.decode()
    officer.post(reverse("sign-head", args=["XA"]))
    assert f"comity/BS/XA\n{log.size}\n" in officer.get(reverse("log", args=["XA"])).content.decode()
    row = LedgerEntry.objects.get(log=log, index=0)
    row.leaf = bytes(row.leaf).replace(b"adoption", b"adoptiom")
    row.save()
    assert "It does NOT verify." in officer.post(reverse("verify", args=["XA"])).content.decode()
    assert "it does NOT verify" in officer.post(reverse("verify-all")).content.decode()


def test_only_an_officer_signs_a_head(auditor: Client) -> None:
    assert auditor.post(reverse("verify", args=["XA"])).status_code == 200
    assert auditor.post(reverse("sign-head", args=["XA"])).status_code == 403


@pytest.mark.usefixtures("bahamas")
def test_nothing_was_given_to_anybody_yet() -> None:
    assert deliveries.who_got(StoredVersion.objects.order_by("pk")[0].pk) == ()


class Evening(datetime):
    """A clock that stands at nine in the evening in Nassau, when the next day has begun in Greenwich."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Evening":
        at = datetime(2026, 11, 24, 2, tzinfo=UTC).astimezone(tz)
        return cls(at.year, at.month, at.day, at.hour, tzinfo=tz)


def test_a_day_of_the_desk_is_a_day_where_the_desk_stands(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "datetime", Evening)
    assert "Monday 23 November 2026" in officer.get(reverse("today")).content.decode()
    for address in (reverse("world"), reverse("undertakings"), reverse("event", args=["bs-xa-cyber-mou"])):
        body = officer.get(address).content.decode()
        assert 'value="2026-11-23"' in body, address
        assert 'value="2026-11-24"' not in body, address


def given_to(world: object, code: str) -> StoredVersion:
    """Let a partner poll the first collection, and return a version that it was given."""
    username = world.tokens[code].username  # type: ignore[attr-defined]
    credential = Credential.objects.get(username=username)
    where = Collection.objects.get(alias="indicators")
    asked = delivering.Asked(credential, where, datetime.now(UTC), "delivery", delivering.Query())
    answer = delivering.deliver(asked, lambda page: page.bodies())
    assert answer is not None
    indicators = list(StoredVersion.objects.filter(of_types("indicator"))[:3])
    held = [one for one in deliveries.holders(indicators) if one.versions]
    return next(iter(held[0].versions.values()))


def test_an_officer_recalls_and_writes_down_the_answer(officer: Client, auditor: Client, bahamas: object) -> None:
    version = given_to(bahamas, "XA")
    order = reverse("recall-object", args=[version.collection.alias, version.stix_id])
    assert "Republic of Ardenia" in officer.get(order).content.decode()
    assert auditor.get(order).status_code == 403
    assert officer.post(order, {"do": "delete", "reason": ""}).status_code == 422
    done = officer.post(order, {"do": "delete", "reason": "a mistake", "grounds": "Art. 4"}, follow=True)
    page = done.content.decode()
    assert "told, not acknowledged" in page
    row = Recall.objects.get()
    answer = reverse("recall-answer", args=[row.uuid, "XA"])
    assert officer.post(answer, {"kind": "deleted", "road": "paper", "source": ""}).status_code == 422
    said = {"kind": "deleted", "road": "paper", "source": "letter 7"}
    assert "letter 7" in officer.post(answer, said, follow=True).content.decode()
    assert "all have confirmed" in officer.get(reverse("recalls")).content.decode()
    where = reverse("object", args=[version.collection.alias, version.stix_id])
    assert "It was recalled" in officer.get(where).content.decode()


def test_a_request_is_sent_moved_on_and_carried_by_hand(officer: Client, auditor: Client) -> None:
    new = reverse("new-request")
    said = {"party": "XA", "subject": "preservation", "urgency": "emergency", "about": "The logs of 3 May.",
            "agreement": "bs-xa-cyber-mou", "road": "exchange"}  # fmt: skip
    assert auditor.get(new).status_code == 403
    assert "article 29(2)" in officer.post(new, said).content.decode()
    whole = said | dict.fromkeys(("authority", "offence", "data", "custodian", "necessity", "intention"), "words")
    sent = officer.post(new, whole)
    assert sent.status_code == 302
    page = officer.get(sent["Location"]).content.decode()
    assert "A5 BS-XA cyber MoU" in page
    row = Message.objects.get()
    carried = officer.get(reverse("carry-message", args=[row.uuid]))
    assert json.loads(carried.content)["message"] == "request"
    note = reverse("note-message", args=[row.uuid])
    told = {"note-kind": "limits-put", "note-words": "Not as evidence.", "note-road": "paper"}
    assert officer.post(note, told).status_code == 422
    page = officer.post(note, told | {"note-source": "letter 9"}, follow=True).content.decode()
    assert "letter 9" in page
    move = reverse("move-request", args=[row.uuid])
    assert officer.post(move, {"move": "request-answered", "road": "exchange"}).status_code == 422
    page = officer.post(move, {"move": "limits-accepted", "road": "exchange"}, follow=True).content.decode()
    assert "accepted" in page
    assert "preservation of data" in auditor.get(reverse("correspondence") + "?party=XA").content.decode()


def test_a_partners_message_is_taken_in_from_a_file(officer: Client) -> None:
    made = message.draft(message.Kind.REQUEST, "0d7f2b0e-3f1e-4a55-8d0a-7b1f0c4e8a21", "2026-11-02T09:00:00.000Z", "XA",
                         "BS", {"subject": "advice", "about": "Which form?", "urgency": "normal"})  # fmt: skip
    take, file = reverse("take-message"), SimpleUploadedFile("message.json", message.encode(made))
    page = officer.post(take, {"party": "XA", "source": "a stick", "file": file}, follow=True).content.decode()
    assert "not signed" in page
    wrong = SimpleUploadedFile("message.json", message.encode(made))
    assert "came from XI" in officer.post(take, {"party": "XI", "source": "a stick", "file": wrong}).content.decode()
    broken = SimpleUploadedFile("message.json", b"{}")
    assert officer.post(take, {"party": "XA", "source": "a stick", "file": broken}).status_code == 422


def test_a_blind_match_is_offered_by_an_officer_alone(officer: Client, auditor: Client) -> None:
    where = reverse("blind-matches")
    said = {"party": "XA", "mode": "count", "kinds": ["domain-name"]}
    assert auditor.post(where, said).status_code == 403
    few = officer.post(where, said)
    assert few.status_code == 422
    assert "the count alone tells of one" in few.content.decode()
    assert officer.post(reverse("answer-blind-match", args=["x", "accept"])).status_code == 404


def test_an_object_leads_to_its_originator_who_is_asked_and_whose_answer_is_written_down(
    officer: Client, auditor: Client
) -> None:
    collection = Collection.objects.get(alias="indicators")
    found = read(json.dumps(indicator("from Ardenia", "GREEN")).encode())
    assert isinstance(found, Accepted)
    given = Terms(Tlp.RED, "XA", "prevention", received_under=("bs-xa-cyber-mou", ""))
    sharing.accept(collection, [found], given, "xa-1", pages.now())
    where = reverse("object", args=["indicators", found.id])
    assert "Ask the originator" not in auditor.get(where).content.decode()
    page = officer.get(where).content.decode()
    links = [html.unescape(part) for part in page.split('"') if part.startswith(reverse("ask-consent"))]
    link = next(one for one in links if "third=XI" in one)
    form = officer.get(link).content.decode()
    assert found.id in form
    told = {"originator": "XA", "agreement": "bs-xa-cyber-mou", "third": "XI", "reach": "object", "name": found.id,
            "road": "paper"}  # fmt: skip
    assert officer.post(link, told).status_code == 422, "it needs its reason"
    one = officer.post(link, {**told, "reason": "They run the same ports."})["Location"]
    assert "The originator was asked" in officer.get(where).content.decode()
    answer = {"given": "yes", "words": "Not to be published.", "road": "paper"}
    assert officer.post(one + "answer/", answer).status_code == 422, "what came by letter needs its source"
    assert officer.post(one + "answer/", {**answer, "source": "letter 9"}).status_code == 302
    assert "Not to be published." in auditor.get(one).content.decode()
    assert "that indicator--" in auditor.get(where).content.decode(), "the ground names the consent"
    officer.post(one + "answer/", {"given": "no", "road": "telephone", "source": "a call"})
    assert "does not consent" in auditor.get(reverse("consents")).content.decode()
    officer.post(one + "withdraw/")
    assert "said no on" in auditor.get(where).content.decode()


def test_a_partners_recall_is_done_here_and_confirmed_once_nothing_of_it_stands(officer: Client) -> None:
    version = StoredVersion.objects.filter(of_types("indicator")).order_by("pk")[0]
    by = f"{pages.now() + timedelta(days=2):%Y-%m-%dT%H:%M:%S}.000Z"
    made = message.draft(message.Kind.RECALL, "0d7f2b0e-3f1e-4a55-8d0a-7b1f0c4e8a23", "2026-11-02T09:00:00.000Z", "XA",
                         "BS", {"recall": "r", "what_to_do": "delete", "reason": "a mistake",
                                "versions": [f"{version.stix_id} {version.version}"],
                                "acknowledge_by": by})  # fmt: skip
    file = SimpleUploadedFile("message.json", message.encode(made))
    officer.post(reverse("take-message"), {"party": "XA", "file": file, "source": "on a stick"})
    thread = reverse("thread", args=[made.uuid])
    assert "Our word on it" in officer.get(thread).content.decode()
    assert "acknowledges the recall of" in officer.get(reverse("undertakings")).content.decode()
    confirm = reverse("confirm-recall", args=[made.uuid])
    refused = officer.post(confirm, {"kind": "deleted", "road": "exchange"})
    assert refused.status_code == 422
    assert "still stands here" in refused.content.decode(), "it was not theirs, so it was left for an officer"
    assert officer.post(confirm, {"kind": "acknowledgement", "road": "exchange"}).status_code == 302
    recall(Ordered(version.stix_id, "delete", "asked by Ardenia"), "officer", pages.now())
    assert officer.post(confirm, {"kind": "deleted", "road": "exchange"}).status_code == 302
    assert Message.objects.filter(kind="deleted", direction="sent").count() == 1
