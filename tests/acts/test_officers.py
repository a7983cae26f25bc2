"""The people of the desk: added, given passwords that hold, closed; and never the last officer."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import authenticate

from comity.acts import officers
from comity.models import AccessChange

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


def test_an_account_is_made_closed_and_opened_again() -> None:
    first = officers.add("ann", "officer", "officer", NOW)
    officers.add("bob", "officer", "ann", NOW)
    assert authenticate(username="ann", password=first.password) is not None
    officers.close("ann", "bob", NOW)
    assert authenticate(username="ann", password=first.password) is None
    assert [(one.username, one.open) for one in officers.accounts()] == [("bob", True), ("ann", False)]
    officers.reopen("ann", "bob", NOW)
    assert authenticate(username="ann", password=first.password) is not None
    noted = [(one.what, one.about, one.by) for one in officers.changes(9)]
    assert noted[:2] == [("account reopened", "ann", "bob"), ("account closed", "ann", "bob")]


def test_the_last_officer_stays_whoever_else_there_is() -> None:
    officers.add("ann", "officer", "officer", NOW)
    officers.add("aud", "auditor", "ann", NOW)
    with pytest.raises(officers.Refused, match="“ann” is the last officer"):
        officers.close("ann", "ann", NOW)
    officers.close("aud", "ann", NOW)
    assert [one.open for one in officers.accounts()] == [True, False]


@pytest.mark.parametrize(("password", "said"), [("short", "at least 12"), ("password1234", "too common")])
def test_a_weak_password_is_refused_and_the_old_one_stays(password: str, said: str) -> None:
    made = officers.add("ann", "officer", "officer", NOW)
    with pytest.raises(officers.Refused, match=said):
        officers.change_password("ann", password, "ann", NOW)
    assert authenticate(username="ann", password=made.password) is not None
    assert not AccessChange.objects.filter(what="password changed").exists()


def test_a_new_password_takes_the_place_of_the_old() -> None:
    old = officers.add("ann", "officer", "officer", NOW)
    new = officers.new_password("ann", "officer", NOW)
    assert authenticate(username="ann", password=old.password) is None
    assert authenticate(username="ann", password=new.password) is not None


@pytest.mark.parametrize(
    ("name", "role", "said"),
    [("ANN", "officer", "is taken"), ("a b", "officer", "is no username"), ("bob", "king", "no role “king”")],
)
def test_what_cannot_be_an_account_is_refused(name: str, role: str, said: str) -> None:
    officers.add("ann", "officer", "officer", NOW)
    with pytest.raises(officers.Refused, match=said):
        officers.add(name, role, "officer", NOW)
    assert len(officers.accounts()) == 1
