"""The calendar's pages: what is due is shown and recorded there, feeds open by their secret, letters are filled in."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from comity.acts import contacts, moments, undertakings
from comity.acts.contacts import Named
from comity.acts.undertakings import Promised
from comity.models import CalendarFeed, ContactCheck, Engagement, EngagementLine, Mailing, Undertaking, UndertakingEntry
from tests.acts.test_calendars import broken, invitation

LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)


def pledge(rule: str = "on 2026-02-01", **more: object) -> str:
    promised = Promised("Name a contact", "note 1", rule=rule, since=date(2026, 1, 5), **more)  # type: ignore[arg-type]
    return str(undertakings.undertake(promised, "officer", LONG_AGO).uid)


def body(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_overdue_is_loud_on_the_first_page_and_gone_once_done(officer: Client) -> None:
    assert "overdue" not in body(officer.get(reverse("today")))
    key = pledge()
    assert "1 undertaking is overdue" in body(officer.get(reverse("today")))
    answer = officer.post(reverse("note-undertaking", args=[key]),
                          {"kind": "done", "effective_on": "2026-02-03", "source": "note 2"})  # fmt: skip
    assert answer.status_code == 302
    assert "overdue" not in body(officer.get(reverse("today")))
    page = body(officer.get(reverse("undertaking", args=[key])))
    assert "late" in page
    assert "note 2" in page


def test_any_day_is_shown_as_known_on_any_day(officer: Client) -> None:
    key = pledge("on 2026-12-31")
    Undertaking.objects.update(recorded_at=moments.micros(LONG_AGO))  # the desk itself was made just now
    officer.post(reverse("note-undertaking", args=[key]), {"kind": "done", "effective_on": "2026-02-03"})
    address = reverse("undertaking", args=[key])
    assert "done" in body(officer.get(address, {"on": "2027-01-05"}))
    page = body(officer.get(address, {"on": "2027-01-05", "known": "2026-01-06"}))
    assert '<span class="due overdue">overdue</span>' in page
    assert officer.get(address, {"on": "soon"}).status_code == 404
    assert officer.get(reverse("undertaking", args=["none"])).status_code == 404


def test_a_wrong_entry_is_told_and_nothing_is_recorded(officer: Client) -> None:
    key = pledge()
    answer = officer.post(reverse("note-undertaking", args=[key]),
                          {"kind": "due date", "effective_on": "2026-02-03", "says": "soon"})  # fmt: skip
    assert answer.status_code == 422
    assert "does not say when it falls due" in body(answer)
    assert not UndertakingEntry.objects.exists()


def test_only_an_officer_records(auditor: Client) -> None:
    key = pledge()
    for name, args in (("note-undertaking", [key]), ("new-undertaking", []), ("new-engagement", []),
                       ("import-engagements", []), ("new-contact", [])):  # fmt: skip
        assert auditor.post(reverse(name, args=args), {}).status_code == 403, name
    number = Engagement.objects.order_by("pk")[0].pk
    assert auditor.post(reverse("engagement", args=[number]), {"kind": "outcome", "says": "x"}).status_code == 403


def test_an_engagement_is_recorded_and_its_outcome_becomes_an_undertaking(officer: Client) -> None:
    told = {"title": "Cyber dialogue", "kind": "dialogue", "state": "planned", "starts_on": "2027-02-01",
            "ends_on": "2027-02-02", "zone": "America/Nassau", "source": "note 4", "partner": "XA"}  # fmt: skip
    made = officer.post(reverse("new-engagement"), told)
    assert made.status_code == 302
    address = made["Location"]
    for kind, says in (("delegate", "A. Rolle"), ("agenda item", "Contacts"), ("outcome", "Name contacts by March")):
        assert officer.post(address, {"kind": kind, "says": says}).status_code == 302
    line = EngagementLine.objects.get(kind="outcome")
    form = body(officer.get(reverse("new-undertaking"), {"outcome": line.pk}))
    assert "Name contacts by March" in form
    officer.post(reverse("new-undertaking"), {"what": line.says, "outcome": line.pk, "rule": "on 2027-03-31",
                                              "owner": "officer", "source": "minutes"})  # fmt: skip
    assert Undertaking.objects.get().outcome == line
    assert "followed as" in body(officer.get(address))
    officer.post(address, {"take_back": EngagementLine.objects.get(kind="delegate").pk})
    assert "A. Rolle" not in body(officer.get(address))
    moved = officer.post(f"{address}change/", {**told, "starts_on": "2027-03-01", "ends_on": "2027-03-02"})
    assert moved.status_code == 302
    assert "2027-03-01" in body(officer.get(address))
    wrong = officer.post(f"{address}change/", {**told, "ends_on": "2026-03-02"})
    assert wrong.status_code == 422


def test_a_calendar_file_is_shown_first_and_taken_in_then(officer: Client) -> None:
    before = Engagement.objects.count()

    def send(content: bytes, step: str) -> object:
        return officer.post(reverse("import-engagements"),
                            {"file": SimpleUploadedFile("dialogue.ics", content), "step": step})  # fmt: skip

    assert "Cyber dialogue" in body(send(invitation(), "preview"))
    assert Engagement.objects.count() == before
    assert "repeats" in body(send(broken("DTEND;VALUE=DATE:20270116", "RRULE:FREQ=DAILY"), "preview"))
    assert send(broken("DTEND;VALUE=DATE:20270116", "RRULE:FREQ=DAILY"), "record").status_code == 422  # type: ignore[attr-defined]
    assert Engagement.objects.count() == before
    send(invitation(), "record")
    assert Engagement.objects.count() == before + 2
    assert "Cyber dialogue" in body(officer.get(reverse("calendar"), {"month": "2026-12"}))


def test_a_feed_opens_by_its_secret_alone_and_closes_for_ever(officer: Client, client: Client) -> None:
    pledge("on 2026-12-31", owner="officer")
    page = body(officer.post(reverse("subscribe"), {"label": "telephone"}))
    address = page.partition("<code>http://testserver")[2].partition("</code>")[0]
    answer = client.get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    titles = [str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]
    assert "Name a contact" in titles
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert address not in body(officer.get(reverse("subscriptions"))), "it is shown once"
    closing = reverse("unsubscribe", args=[CalendarFeed.objects.get().pk])
    assert officer.post(closing).status_code == 302
    assert officer.post(closing).status_code == 404
    closed, unknown = client.get(address), client.get(reverse("feed", args=["no-such-secret"]))
    assert (closed.status_code, closed.content) == (unknown.status_code, unknown.content) == (404, b"")


def test_the_public_calendar_holds_what_is_public_and_no_more(officer: Client, client: Client) -> None:
    pledge("on 2026-12-31")
    pledge("on 2026-12-30", public=True)
    assert officer
    calendar = Calendar.from_ical(client.get(reverse("public-feed")).content)
    days = [event.decoded("DTSTART") for event in calendar.walk("VEVENT") if event["SUMMARY"] == "Name a contact"]
    assert days == [date(2026, 12, 30)]
    assert "UN Global Mechanism, dedicated thematic groups" in [str(e["SUMMARY"]) for e in calendar.walk("VEVENT")]


def test_a_person_says_how_to_be_reminded(officer: Client) -> None:
    assert officer.post(reverse("mailing"), {"email": "o@example.org", "mode": "digest"}).status_code == 302
    assert User.objects.get(username="officer").email == "o@example.org"
    assert Mailing.objects.get().mode == "digest"
    assert officer.post(reverse("mailing"), {"email": "nowhere", "mode": "digest"}).status_code == 422


def test_a_contact_is_recorded_tried_and_named_to_the_directories(officer: Client) -> None:
    told = {"party": "BS", "kind": "policy", "institution": "Ministry of Foreign Affairs",
            "position": "Under-Secretary", "name": "A. Rolle", "email": "rolle@example.org",
            "source": "letter 7"}  # fmt: skip
    made = officer.post(reverse("new-contact"), told)
    assert made.status_code == 302
    address = made["Location"]
    assert "never checked" in body(officer.get(reverse("contacts")))
    check = f"{address}check/"
    officer.post(check, {"step": "ping", "means": "e-mail"})
    ping = ContactCheck.objects.get()
    ContactCheck.objects.update(asked_at=ping.asked_at - 3 * 3_600_000_000)
    officer.post(check, {"step": "answered", "number": ping.pk})
    assert "answered in 3 h 00 min" in body(officer.get(reverse("contacts")))
    officer.post(check, {"step": "wrong"})
    assert "found wrong" in body(officer.get(reverse("contacts")))
    officer.post(f"{address}change/", {**told, "name": "B. Pinder", "source": "letter 8"})
    page = body(officer.get(address))
    assert "B. Pinder" in page
    assert "A. Rolle" in page
    oas, un = (body(officer.get(f"{address}letter/{name}/")) for name in ("oas", "un"))
    for field in ("CICTE@oas.org", "cybercbms@oas.org", "B. Pinder", "Under-Secretary", "cyber policy contact"):
        assert field in oas
    assert "diplomatic point of contact" in un
    assert "Still missing: the secretariat’s address" in un
    assert officer.get(f"{address}letter/none/").status_code == 404


@pytest.mark.usefixtures("bahamas")
def test_a_letter_names_the_fields_that_are_still_missing(officer: Client) -> None:
    named = Named("technical", "CIRT-BS", "site", email="cirt@example.org")
    uid = str(contacts.record("BS", named, "officer", LONG_AGO).contact.uid)
    page = body(officer.get(reverse("nomination", args=[uid, "oas"])))
    assert "Still missing: full name, official position." in page


def test_a_contact_that_has_ended_is_listed_no_more(officer: Client) -> None:
    named = Named("24/7", "CIRT-BS", "site", telephone="+1 242 000 0000", ended_on=date(2026, 1, 31))
    uid = str(contacts.record("BS", named, "officer", LONG_AGO).contact.uid)
    assert "+1 242" not in body(officer.get(reverse("contacts")))
    assert "until 2026-01-31" in body(officer.get(reverse("contact", args=[uid])))


def test_the_month_shows_each_day_once_and_leads_to_its_neighbours(officer: Client) -> None:
    page = body(officer.get(reverse("calendar"), {"month": "2026-12"}))
    assert page.count('<time datetime="2026-12-07">7</time>') == 1
    assert "?month=2026-11" in page
    assert "?month=2027-01" in page
    for wrong in ("2026-13", "soon", "0001-01", "9999-12"):
        assert officer.get(reverse("calendar"), {"month": wrong}).status_code == 404


def test_a_request_is_recorded_and_its_steps_are_due_from_then_on(officer: Client) -> None:
    page = body(officer.get(reverse("undertakings")))
    assert "Due once a request comes" in page
    key = "clause:bs-xa-cyber-mou:A5"
    note = reverse("note-undertaking", args=[key])
    told = {"kind": "event", "effective_on": "2026-11-23", "says": "normal 2026-11-23T09:00", "number": "1"}
    assert officer.post(note, {**told, "says": "soon"}).status_code == 422
    assert officer.post(note, told).status_code == 302
    page = body(officer.get(reverse("undertaking", args=[key]), {"on": "2026-12-31"}))
    assert page.count("overdue") >= 2
    assert "acknowledge" in body(officer.get(reverse("undertakings"), {"on": "2026-11-23"}))
