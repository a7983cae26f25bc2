"""Undertakings in the store: recorded whole or not at all, corrected by later entries, read as known at any time."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from comity.acts import agreements, example_state, keys, law, undertakings
from comity.acts.agreements import Happened, Rejected, record_event
from comity.acts.undertakings import Noted, Promised
from comity.models import Undertaking, UndertakingEntry
from comity.policy.life_events import EventKind
from comity.policy.undertaking_words import EntryKind, State
from comity.policy.undertakings import Asked

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
PLEDGE = Promised("Answer the national survey", "Statement of 12 May 2026", rule="every year from 2027-03-31",
                  owner="officer")  # fmt: skip


@pytest.fixture(autouse=True)
def desk(home: Path) -> None:
    law.forget()
    keys.open_keys(home, NOW)
    example_state.make_empty("BS", "The Bahamas", NOW)


def states(key: str, on: str, known: datetime = NOW + timedelta(days=4000)) -> list[str]:
    one = undertakings.find(key, known)
    assert one is not None
    day = date.fromisoformat(on)
    return [item.state.value for item in one.items(Asked(day, known), day + timedelta(days=370))]


def test_a_pledge_is_followed_from_the_day_it_was_recorded() -> None:
    key = str(undertakings.undertake(PLEDGE, "officer", NOW).uid)
    assert states(key, "2027-03-31") == ["due today", "ahead"]
    assert states(key, "2027-04-01") == ["overdue", "ahead"]
    assert undertakings.find(key, NOW - timedelta(seconds=1)) is None
    found = undertakings.due(Asked(date(2027, 4, 1), NOW + timedelta(days=200)), 30)
    assert [(one.item.state, one.item.owner, str(one.day)) for one in found] == [
        (State.OVERDUE, "officer", "2027-03-31")]  # fmt: skip


def test_what_is_done_is_done_from_its_day_and_only_as_known_since() -> None:
    key = str(undertakings.undertake(PLEDGE, "officer", NOW).uid)
    later = datetime(2027, 5, 2, 12, tzinfo=UTC)
    undertakings.note(key, Noted(EntryKind.DONE, date(2027, 4, 20), number=1), "officer", later)
    assert states(key, "2027-04-19") == ["overdue", "ahead"]
    assert states(key, "2027-04-20") == ["done", "ahead"]
    assert states(key, "2027-04-20", later - timedelta(seconds=1)) == ["overdue", "ahead"]


def test_a_correction_supersedes_once() -> None:
    key = str(undertakings.undertake(PLEDGE, "officer", NOW).uid)
    at = datetime(2027, 5, 2, 12, tzinfo=UTC)
    wrong = undertakings.note(key, Noted(EntryKind.DONE, date(2027, 3, 1), number=1), "officer", at)
    right = Noted(EntryKind.DONE, date(2027, 4, 20), number=1, supersedes=wrong.pk)
    undertakings.note(key, right, "officer", at + timedelta(hours=1))
    assert states(key, "2027-04-19") == ["overdue", "ahead"]
    with pytest.raises(Rejected, match="corrected already"):
        undertakings.note(key, right, "officer", at + timedelta(hours=2))


REFUSED = [
    (Promised("", "note 1"), "in one sentence"),
    (Promised("Name a contact", " "), "Name the source"),
    (Promised("Name a contact", "note 1", rule="soon"), "does not say when"),
    (Promised("Name a contact", "note 1", to="ZZ"), "no party “ZZ”"),
    (Promised("Name a contact", "note 1", instrument="none"), "no instrument “none”"),
    (Promised("Name a contact", "note 1", origin="provision"), "article, norm or measure"),
    (Promised("Name a contact", "note 1", origin="outcome", outcome=7), "outcome"),
]


@pytest.mark.parametrize(("promised", "said"), REFUSED)
def test_what_is_not_whole_is_refused_and_nothing_is_stored(promised: Promised, said: str) -> None:
    with pytest.raises(Rejected, match=said):
        undertakings.undertake(promised, "officer", NOW)
    assert not Undertaking.objects.exists()
    with pytest.raises(Rejected, match="no undertaking"):
        undertakings.note("clause:none:A1", Noted(EntryKind.DONE, date(2026, 1, 1)), "officer", NOW)
    assert not UndertakingEntry.objects.exists()


def test_the_store_itself_refuses_what_no_act_would_write() -> None:
    undertakings.undertake(PLEDGE, "officer", NOW)
    entry = UndertakingEntry.objects.get()
    for change in ({"kind": "maybe"}, {"number": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            UndertakingEntry.objects.filter(pk=entry.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Undertaking.objects.update(what="")


def adopt() -> str:
    path = example_state.CATALOGUES / "agreements" / "bs-ar-cyber-mou.yaml"
    agreements.adopt(path.read_bytes(), path.name, "test", NOW)
    return "bs-xa-cyber-mou"


def test_a_clauses_duty_is_followed_without_being_recorded_again() -> None:
    slug = adopt()
    found = [one for one in undertakings.followed(NOW) if one.slug == slug]
    assert [one.undertaking.key for one in found] == [f"clause:{slug}:{clause}" for clause in ("A5", "A6", "A7")]
    assert not Undertaking.objects.exists()
    assert states(f"clause:{slug}:A6", "2028-03-31")[-2:] == ["due today", "ahead"]
    at = datetime(2028, 4, 2, tzinfo=UTC)
    undertakings.note(f"clause:{slug}:A6", Noted(EntryKind.DONE, date(2028, 3, 30), number=2), "officer", at)
    assert states(f"clause:{slug}:A6", "2028-04-02") == ["overdue", "done", "ahead"]
    moved = Noted(EntryKind.DUE, date(2028, 4, 2), "on 2028-06-30", 2)
    with pytest.raises(Rejected, match="The agreement fixes"):
        undertakings.note(f"clause:{slug}:A6", moved, "officer", at)


def test_a_suspended_agreement_makes_nothing_due_as_known_since() -> None:
    slug = adopt()
    before = states(f"clause:{slug}:A6", "2028-03-31")
    at = datetime(2028, 1, 5, tzinfo=UTC)
    record_event(slug, Happened(EventKind.SUSPENSION, date(2028, 1, 10), "note 2", party="XA"), "officer", at)
    assert states(f"clause:{slug}:A6", "2028-03-31")[1] == "not binding"
    assert states(f"clause:{slug}:A6", "2028-03-31", at - timedelta(days=1)) == before


def test_working_days_leave_out_our_holidays_as_the_agreements_hold_them() -> None:
    rule = Promised("Answer the note", "note 3", rule="5 working days after receipt")
    adopt()
    key = str(undertakings.undertake(rule, "officer", NOW).uid)
    undertakings.note(key, Noted(EntryKind.HAPPENED, date(2027, 7, 9), "receipt"), "officer", NOW)
    asked = Asked(date(2027, 7, 9), NOW + timedelta(days=300))
    (due,) = (one for one in undertakings.due(asked, 30) if one.item.key == key)
    assert due.day == date(2027, 7, 19), "12 July 2027 is a day off in the agreement of The Bahamas and Ardenia"


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_is_what_would_be_found_anew_after_anything_is_recorded() -> None:
    """Outside a transaction, as pages ask: what was found last is given again only while nothing has changed."""

    def same(days: int, **after: float) -> list[str]:
        asked = Asked(date(2026, 12, 30), datetime.now(UTC) + timedelta(**after))
        kept = undertakings.due(asked, days)
        undertakings.forget()
        anew = undertakings.due(asked, days)
        undertakings.due(asked, days)
        assert [(one.item, one.day) for one in kept] == [(one.item, one.day) for one in anew]
        return [one.item.state.value for one in kept]

    assert same(30) == []
    key = str(undertakings.undertake(Promised("Answer", "note", rule="on 2026-12-31", since=date(2026, 1, 1)),
                                     "officer", datetime.now(UTC)).uid)  # fmt: skip
    assert same(30) == ["ahead"]
    undertakings.note(key, Noted(EntryKind.DUE, date(2026, 11, 1), "on 2026-12-29"), "officer", datetime.now(UTC))
    assert same(30) == ["overdue"]
    undertakings.note(key, Noted(EntryKind.DONE, date(2026, 11, 1)), "officer", datetime.now(UTC))
    assert same(30) == []
    adopt()
    assert same(400) == ["ahead"] * len(same(400))
    assert len(same(400)) >= 1


@pytest.mark.django_db(transaction=True)
def test_an_hour_that_strikes_is_heard_though_nothing_was_recorded() -> None:
    undertakings.undertake(Promised("Answer", "note", rule="on 2027-01-04 at 09:00"), "officer", NOW)
    day = date(2027, 1, 4)
    found = [
        [one.item.state.value for one in undertakings.due(Asked(day, datetime(2027, 1, 4, 13 + hour, tzinfo=UTC)), 1)]
        for hour in (0, 0, 2, 0)
    ]
    assert found == [["due today"], ["due today"], ["overdue"], ["due today"]]
