"""Tokens: given an end, revoked, listed; what no longer holds is refused on the very next request."""

from datetime import UTC, date, datetime, timedelta

import pytest

from comity.acts import credentials
from comity.models import AccessChange, Credential
from tests.journeys.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
PATH = "/exchange/collections/indicators/objects/"


def status(world: World) -> int:
    return world.get("XA", PATH).status


def test_a_revoked_token_is_refused_on_the_very_next_request() -> None:
    world = World()
    assert status(world) == 200
    credentials.revoke("xa-1", "officer", world.now)
    assert status(world) == 401
    assert world.get("XI", PATH).status == 200
    credentials.revoke("xa-1", "officer", world.now + timedelta(days=1))
    found = Credential.objects.get(username="xa-1")
    assert found.revoked_at == int(world.now.timestamp() * 1_000_000), "the first time stands"


def test_a_token_holds_to_the_end_of_its_last_day_and_not_a_moment_longer() -> None:
    world = World()
    credentials.set_end("xa-1", date(2026, 11, 5), "officer", world.now)
    world.now = datetime(2026, 11, 5, 23, 59, 59, 999999, tzinfo=UTC)
    assert status(world) == 200
    world.now += timedelta(microseconds=1)
    assert status(world) == 401
    credentials.set_end("xa-1", None, "officer", world.now)
    assert status(world) == 200


def test_the_end_of_a_revoked_token_brings_it_back_in_no_way() -> None:
    world = World()
    credentials.revoke("xa-1", "officer", world.now)
    credentials.set_end("xa-1", date(2036, 1, 1), "officer", world.now)
    assert status(world) == 401


def test_the_list_tells_what_holds_and_no_secret() -> None:
    world = World()
    credentials.revoke("xa-1", "officer", world.now)
    credentials.set_end("xi-1", date(2026, 10, 1), "officer", world.now)
    told = {one.username: (one.party, one.state, one.opens) for one in credentials.listed(world.now)}
    assert told == {
        "xa-1": ("XA", "revoked", ("indicators",)), "xi-1": ("XI", "expired", ("indicators",)),
        "xn-1": ("XN", "valid", ("indicators",)),
    }  # fmt: skip
    assert [one.username for one in credentials.listed(world.now, "XN")] == ["xn-1"]


def test_only_a_hash_is_stored_and_every_change_is_noted() -> None:
    world = World()
    party = Credential.objects.get(username="xa-1").party
    made = credentials.make(party, "ann", world.now, until=date(2027, 1, 1))
    row = Credential.objects.get(username=made.username)
    assert made.secret not in str(vars(row))
    credentials.set_end(made.username, None, "bob", world.now)
    credentials.revoke(made.username, "eve", world.now)
    noted = AccessChange.objects.filter(about=made.username).order_by("pk").values_list("what", "by")
    assert list(noted) == [("token given", "ann"), ("token’s end set", "bob"), ("token revoked", "eve")]


def test_a_token_that_is_not_there_is_named_beside_those_that_are() -> None:
    world = World()
    with pytest.raises(credentials.NoSuchToken, match="no token “qq-1” here; there are xa-1, xi-1, xn-1"):
        credentials.revoke("qq-1", "officer", world.now)
