"""Calendar feeds, read back by a parser: names that stay, changes that are counted, hours that keep to the wall."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from comity.acts import (
    agreements,
    calendar_files,
    calendars,
    engagement_files,
    engagements,
    example_state,
    keys,
    law,
    undertakings,
)
from comity.acts.agreement_files import FileProblemError
from comity.acts.agreements import Happened, Rejected, record_event
from comity.acts.calendar_files import Does
from comity.acts.engagements import Planned
from comity.acts.undertakings import Noted, Promised
from comity.models import Action, Engagement, EngagementVersion, Instrument, Source
from comity.policy.life_events import EventKind
from comity.policy.undertaking_words import EntryKind
from comity.policy.undertakings import Asked

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
TODAY = date(2026, 11, 23)
GROUPS = "un-global-mechanism-groups-2026-12@comity.example"


@pytest.fixture(autouse=True)
def desk(home: Path) -> None:
    law.forget()
    keys.open_keys(home, NOW)
    example_state.make_empty("BS", "The Bahamas", NOW)
    engagement_files.load(NOW)


def read(known: datetime = NOW + timedelta(days=1000), on: date = TODAY) -> dict[str, Any]:
    """Write a feed and read it back: each event by its title."""
    found = calendars.happenings(Asked(on, known), on - calendars.BACK, on + calendars.AHEAD)
    back = Calendar.from_ical(calendar_files.feed("Desk", found))
    assert back.errors == []
    events: list[Any] = list(back.walk("VEVENT"))
    assert len({str(event["UID"]) for event in events}) == len(events)
    return {str(event["SUMMARY"]): event for event in events}


def pledge(rule: str, what: str = "Name a contact") -> str:
    return str(undertakings.undertake(Promised(what, "note 1", rule=rule, owner="officer"), "officer", NOW).uid)


def test_the_days_of_the_world_are_there() -> None:
    event = read()["UN Global Mechanism, dedicated thematic groups"]
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 12, 7), date(2026, 12, 12))
    assert [alarm.decoded("TRIGGER") for alarm in event.walk("VALARM")] == [timedelta(days=-7)]


def test_what_is_due_has_alarms_and_a_moved_day_moves_its_own_event() -> None:
    key = pledge("on 2026-12-31")
    before = read()["Name a contact"]
    assert before.decoded("DTSTART") == date(2026, 12, 31)
    assert [alarm.decoded("TRIGGER") for alarm in before.walk("VALARM")] == [timedelta(days=-7), timedelta(days=-1)]
    moved = Noted(EntryKind.DUE, date(2026, 12, 1), "on 2027-01-31")
    undertakings.note(key, moved, "officer", NOW + timedelta(hours=1))
    after = read()["Name a contact"]
    assert after["UID"] == before["UID"]
    assert after.decoded("DTSTART") == date(2027, 1, 31)
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("LAST-MODIFIED") > before.decoded("LAST-MODIFIED")
    assert read(known=NOW + timedelta(minutes=1))["Name a contact"].to_ical() == before.to_ical()


def test_what_is_cancelled_says_so_and_rings_no_more() -> None:
    key = pledge("on 2026-12-31")
    uid = read()["Name a contact"]["UID"]
    undertakings.note(key, Noted(EntryKind.CANCELLED, TODAY), "officer", NOW + timedelta(hours=1))
    event = read()["Name a contact"]
    assert (event["UID"], event["STATUS"], list(event.walk("VALARM"))) == (uid, "CANCELLED", [])


def test_what_is_done_keeps_its_name() -> None:
    key = pledge("on 2026-12-31")
    uid = read()["Name a contact"]["UID"]
    undertakings.note(key, Noted(EntryKind.DONE, TODAY), "officer", NOW + timedelta(hours=1))
    assert read()["Done: Name a contact"]["UID"] == uid


def test_nine_in_nassau_is_nine_in_the_file_and_the_zone_is_told() -> None:
    pledge("every month from 2026-10-20 at 09:00")
    found = calendars.happenings(Asked(TODAY, NOW + timedelta(days=1)), TODAY, TODAY + timedelta(days=180))
    back = Calendar.from_ical(calendar_files.feed("Desk", found))
    starts = [event.decoded("DTSTART") for event in back.walk("VEVENT") if event["SUMMARY"] == "Name a contact"]
    assert {start.time() for start in starts} == {time(9)}
    assert {start.utcoffset() for start in starts} == {timedelta(hours=-5), timedelta(hours=-4)}
    assert [str(zone["TZID"]) for zone in back.walk("VTIMEZONE")] == ["America/Nassau"]


def test_the_same_facts_give_the_same_bytes() -> None:
    pledge("every month from 2026-10-20 at 09:00")
    found = calendars.happenings(Asked(TODAY, NOW + timedelta(days=1)), TODAY, TODAY + timedelta(days=180))
    assert calendar_files.feed("Desk", found) == calendar_files.feed("Desk", list(found))


def test_a_clauses_duty_keeps_its_names_when_the_agreement_is_suspended() -> None:
    path = example_state.CATALOGUES / "agreements" / "bs-ar-cyber-mou.yaml"
    agreements.adopt(path.read_bytes(), path.name, "test", NOW)
    shown = calendars.happenings(Asked(TODAY, NOW), TODAY, date(2027, 12, 31))
    (before,) = (one for one in shown if one.title == "annual report")
    record_event("bs-xa-cyber-mou", Happened(EventKind.SUSPENSION, date(2027, 1, 10), "note 2", party="XA"), "officer",
                 NOW + timedelta(days=1))  # fmt: skip
    shown = calendars.happenings(Asked(TODAY, NOW + timedelta(days=2)), TODAY, date(2027, 12, 31))
    (after,) = (one for one in shown if one.title == "annual report")
    assert (after.uid, after.cancelled, before.cancelled) == (before.uid, True, False)
    assert after.revision > before.revision


def test_the_register_gives_the_day_on_which_signature_closes_and_a_correction_keeps_its_name() -> None:
    convention = Instrument.objects.create(slug="un-cybercrime", kind="convention", bond="treaty", recorded_at=0,
                                           title="UN Convention against Cybercrime")  # fmt: skip
    source = Source.objects.create(address="https://example.org", read_on=TODAY)
    told: dict[str, Any] = {"instrument": convention, "bond": "treaty", "kind": "close of signature",
            "status": "confirmed", "source": source, "recorded_by": "test", "sequence": 1}  # fmt: skip
    Action.objects.create(effective_on=date(2026, 12, 31), recorded_at=1, **told)
    before = read()["UN Convention against Cybercrime: close of signature"]
    assert before.decoded("DTSTART") == date(2026, 12, 31)
    Action.objects.create(effective_on=date(2027, 1, 31), recorded_at=2, **told)
    after = read()["UN Convention against Cybercrime: close of signature"]
    assert (after["UID"], after.decoded("DTSTART")) == (before["UID"], date(2027, 1, 31))
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1


def test_a_feed_opens_by_its_secret_until_it_is_revoked() -> None:
    user = User.objects.get(username="officer")
    opened = calendars.open_feed(user, "telephone", NOW)
    assert calendars.holder(opened.secret) == user
    assert opened.secret not in str(list(type(opened.feed).objects.values()))
    other = User.objects.create_user("other")
    assert not calendars.revoke_feed(other, opened.feed.pk, NOW)
    assert calendars.revoke_feed(user, opened.feed.pk, NOW)
    assert calendars.holder(opened.secret) is None
    again = calendars.open_feed(user, "", NOW)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert calendars.holder(again.secret) is None


def test_a_person_sees_what_is_theirs_and_an_officer_what_is_nobodys() -> None:
    User.objects.create_user("counsel")
    pledge("on 2026-12-31")
    undertakings.undertake(Promised("Answer", "note", rule="on 2026-12-30", owner="counsel"), "officer", NOW)
    undertakings.undertake(Promised("Report", "note", rule="on 2026-12-30", owner="CIRT-BS"), "officer", NOW)
    found = calendars.happenings(Asked(TODAY, NOW + timedelta(days=1)), TODAY, TODAY + timedelta(days=60))

    def dues(name: str) -> set[str]:
        there = calendars.of_person(User.objects.get(username=name), found)
        return {one.title for one in there if one.what == "due"}

    assert dues("officer") == {"Name a contact", "Report"}
    assert dues("counsel") == {"Answer"}


INVITATION = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Somebody//EN
BEGIN:VEVENT
UID:dialogue-1@mfa.example
DTSTAMP:20261101T000000Z
SEQUENCE:{sequence}
DTSTART;TZID=America/New_York:2026120{day}T093000
DTEND;TZID=America/New_York:2026120{day}T170000
SUMMARY:Cyber dialogue
LOCATION:Washington
CATEGORIES:DIALOGUE
STATUS:{status}
END:VEVENT
BEGIN:VEVENT
UID:training-1@mfa.example
DTSTAMP:20261101T000000Z
DTSTART;VALUE=DATE:20270111
DTEND;VALUE=DATE:20270116
SUMMARY:Training
END:VEVENT
END:VCALENDAR
"""


def invitation(day: int = 2, sequence: int = 0, status: str = "CONFIRMED", *changes: tuple[str, str]) -> bytes:
    text = INVITATION.format(day=day, sequence=sequence, status=status)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text.replace("\n", "\r\n").encode()


def broken(old: str, new: str) -> bytes:
    return invitation(2, 0, "CONFIRMED", (old, new))


def take(content: bytes) -> list[Does]:
    return [row.does for row in calendar_files.take_in(content, "dialogue.ics", "officer", NOW)]


def version(uid: str) -> EngagementVersion:
    return EngagementVersion.objects.filter(engagement__uid=uid).order_by("-id")[0]


def test_an_invitation_is_taken_in_moved_and_cancelled_by_its_name() -> None:
    before = Engagement.objects.count()
    assert [row.does for row in calendar_files.read(invitation(), "dialogue.ics", NOW)] == [Does.NEW, Does.NEW]
    assert Engagement.objects.count() == before, "a dry run stores nothing"
    assert take(invitation()) == [Does.NEW, Does.NEW]
    dialogue, training = version("dialogue-1@mfa.example"), version("training-1@mfa.example")
    assert (dialogue.kind, dialogue.starts_on, dialogue.starts_at, dialogue.zone) == (
        "dialogue", date(2026, 12, 2), time(9, 30), "America/New_York")  # fmt: skip
    assert (training.starts_on, training.ends_on, training.starts_at) == (date(2027, 1, 11), date(2027, 1, 15), None)
    assert take(invitation()) == [Does.SAME, Does.SAME]
    assert take(invitation(day=3, sequence=2)) == [Does.CHANGES, Does.SAME]
    assert take(invitation(day=1, sequence=1)) == [Does.OLDER, Does.SAME]
    assert version("dialogue-1@mfa.example").starts_on == date(2026, 12, 3)
    assert take(invitation(day=3, sequence=3, status="CANCELLED")) == [Does.CHANGES, Does.SAME]
    event = read()["Cyber dialogue"]
    assert (event["UID"], event["STATUS"], event["SEQUENCE"]) == ("dialogue-1@mfa.example", "CANCELLED", 5)


def test_what_was_written_here_is_kept_when_the_organiser_moves_the_day() -> None:
    take(invitation())
    known = version("dialogue-1@mfa.example")
    changed = engagements.planned_of(known, forum="US dialogue", public=True)
    engagements.record(changed, "officer", NOW, known.engagement.uid)
    assert take(invitation(day=4, sequence=1)) == [Does.CHANGES, Does.SAME]
    newest = version("dialogue-1@mfa.example")
    assert (newest.forum, newest.public, newest.starts_on) == ("US dialogue", True, date(2026, 12, 4))


WRONG = [
    (broken("SUMMARY", "X-NAME"), "Give the engagement a title"),
    (broken("UID:training-1@mfa.example", "X-A:b"), "no UID"),
    (broken("DTEND;VALUE=DATE:20270116", "RRULE:FREQ=DAILY"), "repeats"),
    (broken("DTSTART;VALUE=DATE:20270111", "X-A:b"), "when it begins"),
    (broken("DTEND;VALUE=DATE:20270116", "DTEND:20270116T000000Z"), "not of the same kind"),
    (b"BEGIN:VCARD", "no calendar file"),
    (b"\xff\xfe\x00", "no calendar file"),
    (b"", "no calendar file"),
]


@pytest.mark.parametrize(("content", "said"), WRONG)
def test_what_cannot_be_taken_in_is_named_and_nothing_is_stored(content: bytes, said: str) -> None:
    before = EngagementVersion.objects.count()
    with pytest.raises(Rejected, match=said):
        calendar_files.take_in(content, "dialogue.ics", "officer", NOW)
    assert EngagementVersion.objects.count() == before


def test_our_own_feed_taken_in_again_adds_nothing() -> None:
    pledge("on 2026-12-31")
    found = calendars.happenings(Asked(TODAY, NOW + timedelta(days=1)), TODAY, TODAY + timedelta(days=60))
    rows = calendar_files.take_in(calendar_files.feed("Desk", found), "desk.ics", "officer", NOW + timedelta(days=1))
    assert {row.does for row in rows} == {Does.SAME}


def test_the_catalogue_taken_in_again_adds_nothing_and_undoes_nothing() -> None:
    before = EngagementVersion.objects.count()
    assert before >= 5
    assert engagement_files.load(NOW + timedelta(days=1)) == 0
    assert EngagementVersion.objects.count() == before
    changed = engagements.planned_of(version(GROUPS), place="New York, and online")
    engagements.record(changed, "officer", NOW + timedelta(days=1), GROUPS)
    assert engagement_files.load(NOW + timedelta(days=2)) == 0
    assert version(GROUPS).place == "New York, and online"


def test_a_newer_edition_of_the_catalogue_moves_its_meeting(tmp_path: Path) -> None:
    newer = tmp_path / "world.yaml"
    text = engagement_files.CATALOGUE.read_text(encoding="utf-8")
    newer.write_text(text.replace("2026-12-07", "2026-12-08"), encoding="utf-8")
    assert engagement_files.load(NOW + timedelta(days=1), newer) == 1
    assert version(GROUPS).starts_on == date(2026, 12, 8)


WRONG_CATALOGUES = [
    ("starts: 2026-12-07", "starts: soon", "is not a day"),
    ("kind: meeting", "kind: feast", "is not known here"),
    ("title: UN Global", "titel: UN Global", "“titel” is not a key of a meeting"),
    ("ends: 2026-12-11", "ends: 2026-12-01", "before it begins"),
    ("zone: Etc/UTC", "zone: Moon", "no time zone"),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG_CATALOGUES)
def test_a_catalogue_that_is_wrong_is_refused_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    wrong = tmp_path / "world.yaml"
    text = engagement_files.CATALOGUE.read_text(encoding="utf-8")
    assert old in text
    wrong.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FileProblemError) as raised:
        engagement_files.load(NOW, wrong)
    assert said in raised.value.problem.at("world.yaml")
    assert raised.value.problem.line > 1


def test_an_engagement_is_known_as_it_was_known() -> None:
    planned = Planned("Visit", date(2027, 2, 1), date(2027, 2, 3), "note 5", kind="visit")
    one = engagements.record(planned, "officer", NOW)
    later = NOW + timedelta(days=5)
    moved = engagements.planned_of(one.version, starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 2))
    engagements.record(moved, "officer", later, one.engagement.uid)
    number = one.engagement.pk
    then, since = engagements.find(number, NOW + timedelta(days=1)), engagements.find(number, later)
    assert then is not None
    assert since is not None
    assert (then.version.starts_on, since.version.starts_on) == (date(2027, 2, 1), date(2027, 3, 1))


def test_an_outcome_becomes_an_undertaking_with_an_owner() -> None:
    one = engagements.record(Planned("Visit", date(2027, 2, 1), date(2027, 2, 3), "note 5"), "officer", NOW)
    number = one.engagement.pk
    outcome = engagements.write(number, engagements.Line("outcome", "Exchange contacts by March"), "officer", NOW)
    row = undertakings.undertake(Promised(outcome.says, "minutes", origin="outcome", outcome=outcome.pk,
                                          rule="on 2027-03-31", owner="officer"), "officer", NOW)  # fmt: skip
    assert row.outcome == outcome
    better = engagements.Line("outcome", "Exchange contacts by April", supersedes=outcome.pk)
    engagements.write(number, better, "officer", NOW + timedelta(days=1))
    assert [line.says for line in engagements.lines(number, NOW + timedelta(days=2))] == ["Exchange contacts by April"]
    assert [line.says for line in engagements.lines(number, NOW + timedelta(hours=1))] == ["Exchange contacts by March"]
    with pytest.raises(Rejected, match="changed meanwhile"):
        engagements.write(number, better, "officer", NOW + timedelta(days=2))


FILE = invitation()
CUTS = st.lists(st.tuples(st.integers(0, len(FILE)), st.integers(0, 40), st.binary(max_size=12)), max_size=4)
ODD = st.sampled_from([
    "DTSTART:", "DTSTART:99999999T999999Z", "DTSTART;TZID=Nowhere/At:20261202T093000", "DTSTART;VALUE=DATE:00010101",
    "DTEND;VALUE=DATE:99991231", "DTSTART;VALUE=DATE:99991231", "DTEND;VALUE=DATE:00010101",
    "DURATION:P99999999D", "DURATION:-P1D", "SEQUENCE:many", "SEQUENCE:-1",
    "SEQUENCE:99999999999999999999", "DTSTART;VALUE=PERIOD:20260101T000000Z/PT1H", "DTSTART;VALUE=TEXT:soon",
    "SUMMARY;LANGUAGE=en;X=\x00:a\x00b", "UID:" + "x" * 400, "UID:", "SUMMARY:" + "y" * 5000, "CATEGORIES:,,;",
    "LOCATION:" + "z" * 900, "STATUS:cancelled", "DTSTART:20261202T093000", "DTEND:19000101T000000Z", "BEGIN:VALARM",
    "END:VEVENT", "DTSTART;TZID=/etc/passwd:20261202T093000", "DESCRIPTION:" + "d" * 3000,
])  # fmt: skip


def taken_or_refused(content: bytes) -> tuple[list[calendar_files.Row], tuple[str, ...]]:
    try:
        return calendar_files.take_in(content, "odd.ics", "officer", NOW), ()
    except Rejected as refused:
        return [], refused.reasons


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(CUTS, st.lists(st.tuples(st.integers(0, 22), ODD), max_size=3))
def test_whatever_a_file_holds_it_is_read_row_by_row_or_refused_in_words(
    cuts: list[tuple[int, int, bytes]], lines: list[tuple[int, str]]
) -> None:
    rows = FILE.decode().split("\r\n")
    for place, line in lines:
        rows[place:place + 1] = [line]  # fmt: skip
    content = "\r\n".join(rows).encode()
    for place, length, put in cuts:
        content = content[:place] + put + content[place + length:]  # fmt: skip
    before = EngagementVersion.objects.count()
    with transaction.atomic():
        found, reasons = taken_or_refused(content)
        new = sum(row.does in {Does.NEW, Does.CHANGES} for row in found)
        assert EngagementVersion.objects.count() <= before + new
        assert all(reason.strip() for reason in reasons)
        shown = calendars.happenings(Asked(TODAY, NOW + timedelta(days=1)), date(2026, 1, 1), date(2028, 1, 1))
        Calendar.from_ical(calendar_files.feed("Desk", shown))
        transaction.set_rollback(True)
