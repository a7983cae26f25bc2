"""`comity due`, `comity calendar` and `comity work`: what they print and how they end."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.contrib.auth.models import User
from django.core import mail
from icalendar import Calendar

from comity.acts import example_state, keys, law, nodes, undertakings
from comity.acts.undertakings import Promised
from comity.commands import main
from comity.models import Engagement
from tests.acts.test_calendars import broken, invitation

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)
TODAY = NOW.date()


@pytest.fixture
def desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    law.forget()
    keys.open_keys(home, NOW)
    monkeypatch.setattr(nodes, "open_node", lambda _home: None)  # the tables are the test's own
    example_state.make_empty("BS", "The Bahamas", NOW)
    return home


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--data", str(home)])


def pledge(day: date, owner: str = "") -> None:
    promised = Promised("Name a contact", "note 1", rule=f"on {day}", since=TODAY - timedelta(days=90), owner=owner)
    undertakings.undertake(promised, "officer", NOW)


def test_due_ends_with_one_where_something_of_ours_is_overdue(desk: Path) -> None:
    assert run(desk, "due").exit_code == 0
    pledge(TODAY + timedelta(days=10), owner="officer")
    done = run(desk, "due", "--json")
    assert (done.exit_code, [line["state"] for line in json.loads(done.stdout)]) == (0, ["ahead"])
    pledge(TODAY - timedelta(days=10))
    done = run(desk, "due")
    assert done.exit_code == 1
    assert "overdue by" in done.stdout
    early = str(TODAY - timedelta(days=15))
    assert run(desk, "due", "--on", early).exit_code == 0
    assert run(desk, "due", "--known", early).stdout.startswith("Nothing is due")
    assert run(desk, "due", "--within", "5").stdout.count("\n") == 1


def test_a_calendar_goes_out_and_invitations_come_in(desk: Path, tmp_path: Path) -> None:
    pledge(TODAY + timedelta(days=10))
    written = run(desk, "calendar", "export")
    assert written.exit_code == 0, written.stderr
    calendar = Calendar.from_ical(written.stdout_bytes)
    assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == ["Name a contact"]
    public = Calendar.from_ical(run(desk, "calendar", "export", "--public").stdout_bytes)
    assert list(public.walk("VEVENT")) == []
    good, bad = tmp_path / "good.ics", tmp_path / "bad.ics"
    good.write_bytes(invitation())
    bad.write_bytes(broken("DTEND;VALUE=DATE:20270116", "RRULE:FREQ=DAILY"))
    told = run(desk, "calendar", "import", str(bad), "--dry-run")
    assert told.exit_code == 1
    assert "2 Training: cannot be taken – It repeats (RRULE)" in told.stdout
    refused = run(desk, "calendar", "import", str(bad))
    assert refused.exit_code == 2
    assert "bad.ics: event 2 “Training”: It repeats" in refused.stderr
    assert not Engagement.objects.exists()
    taken = run(desk, "calendar", "import", str(good), "--json")
    assert [row["does"] for row in json.loads(taken.stdout)] == ["new", "new"]
    assert Engagement.objects.count() == 2


def test_a_round_says_what_it_did(desk: Path) -> None:
    pledge(TODAY, owner="officer")
    assert "reach nobody" in run(desk, "work", "--once").stdout
    User.objects.update(email="officer@example.org")
    assert "1 letters written, 1 sent" in run(desk, "work", "--once").stdout
    assert json.loads(run(desk, "work", "--once", "--json").stdout)["sent"] == 0
    assert len(mail.outbox) == 1
