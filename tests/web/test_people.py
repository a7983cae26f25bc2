"""The desk's pages on people, tokens and consents: an officer acts, others read; a secret is shown once."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from comity.acts import credentials
from comity.models import AccessChange, Consent, Credential

MOU = "bs-xa-cyber-mou"
TODAY = datetime.now(UTC).date()


def secret_of(body: str) -> str:
    found = re.search(r"<dt>(?:Secret|Password)</dt><dd><code>([^<]+)</code>", body)
    assert found is not None
    return found[1]


def valid(username: str | None, secret: str) -> bool:
    return credentials.find(username, secret, datetime.now(UTC)) is not None


def test_a_token_is_given_shown_once_ended_and_revoked(officer: Client) -> None:
    exercise = officer.get(reverse("partner", args=["XA"])).content.decode()
    box = re.search(r'value="(\d+)"[^>]*> Exercise material', exercise)
    assert box is not None
    answer = officer.post(reverse("new-token", args=["XA"]), {"collections": box[1], "until": "2027-03-31"})
    secret = secret_of(answer.content.decode())
    row = Credential.objects.order_by("pk").last()
    assert row is not None
    assert (row.party_id, row.every, row.writes) == ("XA", False, False)
    assert row.created_by == "officer"
    assert answer["Cache-Control"] == "no-store"
    assert valid(row.username, secret)
    page = officer.get(reverse("partner", args=["XA"])).content.decode()
    assert secret not in page
    assert "2027-03-31" in page

    end = reverse("end-token", args=["XA", row.username])
    officer.post(end, {"until": (TODAY - timedelta(days=2)).isoformat()})
    assert not valid(row.username, secret)
    assert "That is no day" in officer.post(end, {"until": "soon"}, follow=True).content.decode()
    officer.post(end, {"until": ""})
    assert valid(row.username, secret)
    done = officer.post(reverse("revoke-token", args=["XA", row.username]), follow=True)
    assert "its next request is refused" in done.content.decode()
    assert not valid(None, secret)


def test_a_partners_token_is_changed_under_that_partner_alone(officer: Client) -> None:
    for name in ("end-token", "revoke-token"):
        assert officer.post(reverse(name, args=["XI", "xa-1"])).status_code == 404
    assert officer.get(reverse("partner", args=["BS"])).status_code == 404
    assert officer.get(reverse("partner", args=["QQ"])).status_code == 404


def test_auditors_read_and_change_nothing(auditor: Client) -> None:
    before = (Credential.objects.count(), User.objects.count(), Consent.objects.count(), AccessChange.objects.count())
    assert "Give a new token" not in auditor.get(reverse("partner", args=["XA"])).content.decode()
    assert "Add a person" not in auditor.get(reverse("people")).content.decode()
    refused = [
        ("new-token", ["XA"]), ("revoke-token", ["XA", "xa-1"]), ("end-token", ["XA", "xa-1"]), ("add-account", []),
        ("reset-password", ["officer"]), ("turn-account", ["officer", "close"]), ("consent", [MOU]),
    ]  # fmt: skip
    for name, args in refused:
        assert auditor.post(reverse(name, args=args)).status_code == 403, name
    now = (Credential.objects.count(), User.objects.count(), Consent.objects.count(), AccessChange.objects.count())
    assert now == before


def test_a_person_is_added_and_signs_in_until_the_account_is_closed(officer: Client) -> None:
    answer = officer.post(reverse("add-account"), {"username": "dana", "role": "counsel"})
    password = secret_of(answer.content.decode())
    assert password not in officer.get(reverse("people")).content.decode()
    theirs = Client()
    assert theirs.post(reverse("account_login"), {"login": "dana", "password": password}).status_code == 302
    assert theirs.get(reverse("today")).status_code == 200
    officer.post(reverse("turn-account", args=["dana", "close"]))
    assert theirs.get(reverse("today")).status_code == 302
    closed = theirs.post(reverse("account_login"), {"login": "dana", "password": password})
    assert closed["Location"] == reverse("account_inactive")
    assert theirs.get(reverse("today")).status_code == 302
    officer.post(reverse("turn-account", args=["dana", "reopen"]))
    assert theirs.post(reverse("account_login"), {"login": "dana", "password": password}).status_code == 302
    new = secret_of(officer.post(reverse("reset-password", args=["dana"])).content.decode())
    assert theirs.get(reverse("today")).status_code == 302, "a new password signs its holder out"
    assert theirs.post(reverse("account_login"), {"login": "dana", "password": new}).status_code == 302
    page = officer.get(reverse("people")).content.decode()
    assert "account closed" in page
    assert "password changed" in page


def test_a_name_twice_the_last_officer_and_an_unknown_way_are_refused(officer: Client) -> None:
    twice = officer.post(reverse("add-account"), {"username": "officer", "role": "officer"})
    assert twice.status_code == 422
    assert "is taken" in twice.content.decode()
    kept = officer.post(reverse("turn-account", args=["officer", "close"]), follow=True)
    assert "is the last officer" in kept.content.decode()
    assert officer.post(reverse("turn-account", args=["officer", "away"])).status_code == 404
    assert officer.post(reverse("reset-password", args=["nobody"])).status_code == 404
    assert officer.post(reverse("add-account"), {"username": ""}).status_code == 422


def test_ones_own_password_is_changed_and_one_stays_signed_in(officer: Client) -> None:
    user = User.objects.get(username="officer")
    user.set_password("the first of them all")
    user.save()
    officer.force_login(user)
    where = reverse("own-password")
    told = {"old": "the first of them all", "new": "a harbour in winter", "again": "a harbour in winter"}
    wrong = [({"old": "guessed"}, "This is not your password."), ({"again": "a"}, "The two are not the same."),
             ({"new": "password1234", "again": "password1234"}, "too common"), ({"new": ""}, "required")]  # fmt: skip
    for change, said in wrong:
        answer = officer.post(where, told | change)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    elsewhere = Client()
    elsewhere.force_login(user)
    assert "Your password is changed" in officer.post(where, told, follow=True).content.decode()
    assert officer.get(reverse("today")).status_code == 200
    assert elsewhere.get(reverse("today")).status_code == 302


def consented(**other: str) -> dict[str, str]:
    return {"originator": "XA", "recipient": "XI", "given": "yes", "effective_on": TODAY.isoformat(),
            "source": "letter 5/2026", **other}  # fmt: skip


def test_a_consent_is_previewed_then_recorded_then_read(officer: Client) -> None:
    where = reverse("consent", args=[MOU])
    assert 'href="/agreements/bs-xa-cyber-mou/#clause-A4.4"' in officer.get(where).content.decode()
    assert "What it would do" in officer.post(where, consented(step="preview")).content.decode()
    assert Consent.objects.count() == 0
    done = officer.post(where, consented(step="record"), follow=True).content.decode()
    assert "It counts from the next question asked." in done
    assert "letter 5/2026" in done
    assert "letter 5/2026" in officer.get(reverse("partner", args=["XI"])).content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"source": ""}, "required"), ({"recipient": "XA"}, "no third party"), ({"until": "2020-01-01"}, "cannot hold")],
)
def test_a_consent_that_cannot_be_is_refused_at_either_step(officer: Client, wrong: dict[str, str], said: str) -> None:
    for step in ("preview", "record"):
        answer = officer.post(reverse("consent", args=[MOU]), consented(step=step, **wrong))
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert Consent.objects.count() == 0
