"""Reminders and letters: each one once, whoever runs the sender, how often, and after what."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connections
from pytest_django import Settings

from comity.acts import example_state, keys, law, letters, officers, reminders, spool, undertakings, work
from comity.acts.undertakings import Noted, Promised
from comity.models import Letter, Mailing, Told
from comity.policy.undertaking_words import EntryKind

NOW = datetime(2026, 12, 24, 15, tzinfo=UTC)


def clock(day: datetime = NOW) -> Callable[[], datetime]:
    return lambda: day


@pytest.fixture
def desk(home: Path) -> None:
    law.forget()
    keys.open_keys(home, NOW)
    example_state.make_empty("BS", "The Bahamas", NOW)
    User.objects.filter(username="officer").update(email="officer@example.org")
    officers.make("counsel", "counsel")
    User.objects.filter(username="counsel").update(email="counsel@example.org")


def pledge(what: str = "Name a contact", rule: str = "on 2026-12-31", owner: str = "officer") -> str:
    return str(undertakings.undertake(Promised(what, "note 1", rule=rule, owner=owner), "officer", NOW).uid)


def subjects() -> list[tuple[str, str]]:
    return [(message.to[0].partition("@")[0], str(message.subject)) for message in mail.outbox]


@pytest.mark.django_db
@pytest.mark.usefixtures("desk")
class TestWhoIsReminded:
    def test_the_owner_first_then_officers_then_everyone(self) -> None:
        pledge(owner="counsel")
        for days in (0, 1, 6, 7, 8, 9, 21, 22):
            work.once(clock(NOW + timedelta(days=days)))
        assert subjects() == [
            ("counsel", "Due on 2026-12-31: Name a contact"),
            ("counsel", "Due on 2026-12-31: Name a contact"),
            ("counsel", "Due today: Name a contact"),
            ("counsel", "Overdue by 1 days: Name a contact"),
            ("officer", "Overdue by 1 days: Name a contact"),
            ("counsel", "Overdue by 14 days: Name a contact"),
            ("officer", "Overdue by 14 days: Name a contact"),
        ]

    def test_what_an_agency_owns_reaches_the_officers(self) -> None:
        pledge(owner="Ministry of Foreign Affairs")
        work.once(clock())
        assert [to for to, _ in subjects()] == ["officer"]
        assert "Owner: Ministry of Foreign Affairs" in mail.outbox[0].body

    def test_what_is_done_is_not_reminded_of(self) -> None:
        key = pledge()
        undertakings.note(key, Noted(EntryKind.DONE, date(2026, 12, 23)), "officer", NOW)
        assert work.once(clock()).written == 0

    def test_a_moved_day_is_reminded_of_anew(self) -> None:
        key = pledge()
        work.once(clock())
        undertakings.note(key, Noted(EntryKind.DUE, date(2026, 12, 24), "on 2027-01-07"), "officer", NOW)
        work.once(clock())
        assert [subject for _, subject in subjects()] == [
            "Due on 2026-12-31: Name a contact", "Due on 2027-01-07: Name a contact"]  # fmt: skip

    def test_a_digest_is_one_letter_a_day_on_days_with_something_new(self) -> None:
        Mailing.objects.create(user=User.objects.get(username="officer"), mode=Mailing.Mode.DIGEST)
        pledge()
        pledge("Answer the survey", "on 2026-12-25")
        for hours in (0, 1, 24, 25, 48):
            work.once(clock(NOW + timedelta(hours=hours)))
        assert [subject for _, subject in subjects()] == ["What is due: 2", "What is due: 1", "What is due: 1"]
        assert "Answer the survey" in mail.outbox[0].body

    def test_nobody_with_an_address_is_told_and_not_passed_over_in_silence(self) -> None:
        User.objects.update(email="")
        pledge()
        assert work.once(clock()).unreached == 1
        User.objects.filter(username="officer").update(email="officer@example.org")
        assert work.once(clock()).sent == 1

    def test_whoever_wants_none_gets_none(self) -> None:
        Mailing.objects.create(user=User.objects.get(username="officer"), mode=Mailing.Mode.NONE)
        pledge()
        assert work.once(clock()).written == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_stores
@pytest.mark.usefixtures("desk")
class TestEachOnce:
    def test_twice_in_turn(self) -> None:
        pledge()
        first, second = work.once(clock()), work.once(clock())
        assert (first.written, first.sent, second.written, second.sent) == (1, 1, 0, 0)
        assert len(mail.outbox) == 1
        assert Told.objects.count() == 1

    def test_many_at_once(self) -> None:
        for number in range(20):
            pledge(f"Promise {number}")

        def run(_: int) -> None:
            try:
                work.once(clock())
            finally:
                connections.close_all()

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(run, range(12)))
        work.once(clock())
        assert len(mail.outbox) == 20
        assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 20

    def test_a_letter_that_the_server_refused_is_sent_later(self, settings: Settings) -> None:
        pledge()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
        assert work.once(clock()).failed == 1
        letter = Letter.objects.get()
        assert (letter.sent_at, letter.claimed_at, bool(letter.trouble)) == (None, None, True)
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert work.once(clock()).sent == 1
        assert len(mail.outbox) == 1

    def test_after_a_crash_before_it_was_handed_over_or_after(self, settings: Settings, home: Path) -> None:
        settings.EMAIL_BACKEND = "comity.acts.spool.Spool"
        for what in ("one", "two"):
            pledge(what)
        reminders.write(NOW)
        one, _two = Letter.objects.order_by("id")
        Letter.objects.update(claimed_at=1)  # both were claimed when the power went
        spool.Spool().send_messages([EmailMessage(one.subject, one.body, to=[one.address],
                                                  headers={"Message-ID": one.message_id})])  # fmt: skip
        done = letters.send(clock())
        assert (done.again, done.sent, letters.send(clock())) == (2, 0, letters.Sent())
        wanted = {spool.file_name(letter.message_id) for letter in Letter.objects.all()}
        assert wanted <= {path.name for path in (home / "mail" / "new").iterdir()}
        for name in wanted:
            (home / "mail" / "new" / name).unlink()


@pytest.mark.django_db
@pytest.mark.usefixtures("desk")
def test_a_letter_is_a_message_that_a_mail_program_reads(settings: Settings, home: Path) -> None:
    settings.EMAIL_BACKEND = "comity.acts.spool.Spool"
    settings.ORIGIN = "https://desk.example.org"
    key = pledge("Señal: nombrar un punto\nde contacto")
    work.once(clock())
    name = spool.file_name(Letter.objects.get().message_id)
    path = home / "mail" / "new" / name
    read = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert read["Subject"].strip() == "Due on 2026-12-31: Señal: nombrar un punto de contacto"
    assert read["Message-ID"].endswith("@desk.example.org>")
    assert f"https://desk.example.org/undertakings/{key}/" in read.get_content()
    (home / "mail" / "cur" / f"{name}:2,S").write_bytes(path.read_bytes())
    path.unlink()  # a mail program has shown it and moved it on
    Letter.objects.update(sent_at=None)
    letters.send(clock())
    assert not path.exists()
    (home / "mail" / "cur" / f"{name}:2,S").unlink()
