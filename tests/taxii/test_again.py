"""A question that was asked before is answered from what is at hand: recorded as always, or read anew."""

from datetime import UTC, datetime, timedelta

import pytest

from comity.acts import credentials, links, receipts
from comity.ledger import entries
from comity.ledger.tree import Frontier, leaf_hash
from comity.models import Log, Party
from comity.taxii.exchange import Exchange
from tests.taxii.conftest import World
from tests.taxii.partner import YARD, Answer, Partner, indicator

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
OBJECTS = f"{YARD}objects/"


def recorded(world: World) -> list[entries.Entry]:
    del world
    return [entries.decode(leaf) for leaf in receipts.leaves("XA", 0, 1000)]


def again(world: World, path: str = OBJECTS) -> tuple[Answer, Answer]:
    return world.reader.get(path, limit="4"), world.reader.get(path, limit="4")


@pytest.mark.parametrize("path", [OBJECTS, f"{YARD}manifest/", f"{OBJECTS}{indicator(2)['id']}/versions/"])
def test_the_same_answer_is_recorded_each_time_it_is_given(world: World, path: str) -> None:
    before = recorded(world)
    first, second = again(world, path)
    assert (first.status, first.headers, first.body) == (second.status, second.headers, second.body)
    one, other = (entry for entry in recorded(world)[len(before) :])
    assert isinstance(one, entries.Answer)
    assert isinstance(other, entries.Answer)
    assert (one.items, one.names, one.request, one.credential) == (other.items, other.names, other.request,
                                                                   other.credential)  # fmt: skip
    assert one.at < other.at


def test_it_takes_no_thread_and_nothing_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = again(world)
    with monkeypatch.context() as patch:
        patch.setattr(world.server.pool, "submit", None)
        assert world.reader.get(OBJECTS, limit="4").body == first.body
    links.close()


def test_it_is_known_by_its_bytes_and_in_other_words_by_what_they_say(
    world: World, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    first, _ = again(world)
    with monkeypatch.context() as patch:
        patch.setattr(world.server.pool, "submit", None)
        for name in ("one", "other"):
            assert world.reader.ask("GET", OBJECTS, {"User-Agent": name}, query=b"limit=4").body == first.body
        patch.setattr(Exchange, "again", None)
        for name in ("one", "other"):
            assert world.reader.ask("GET", OBJECTS, {"User-Agent": name}, query=b"limit=4").body == first.body
    links.close()


def test_the_bytes_of_a_question_tell_whose_it_is(world: World) -> None:
    first, _ = again(world)
    assert world.reader.ask("GET", OBJECTS, {"Authorization": None}, query=b"limit=4").status == 401
    assert world.reader.ask("GET", OBJECTS, {"Accept": "text/html"}, query=b"limit=4").status == 406
    assert world.reader.ask("HEAD", OBJECTS, query=b"limit=4").body == b""
    assert world.reader.get(OBJECTS, limit="4").body == first.body


def test_what_has_changed_is_read_anew(world: World) -> None:
    first, second = again(world)
    assert world.writer.post(OBJECTS, indicator(77)).status == 202
    third = world.reader.get(OBJECTS, limit="4", added_after=first.last)
    assert indicator(77)["id"] in third.ids
    assert world.writer.delete(f"{OBJECTS}{indicator(77)['id']}/").status == 200
    assert indicator(77)["id"] not in world.reader.get(OBJECTS, limit="4", added_after=first.last).ids
    assert second.body == world.reader.get(OBJECTS, limit="4").body


def test_a_credential_that_was_revoked_or_has_ended_gets_nothing_again(world: World) -> None:
    now = datetime.now(UTC)
    party = Party.objects.get(code="XA")
    for end in ("revoked", "ended"):
        token = credentials.make(party, "test", now)
        partner = Partner(world.server, token.username, token.secret)
        assert [partner.get(OBJECTS).status for _ in range(2)] == [200, 200]
        if end == "revoked":
            credentials.revoke(token.username, "test", now)
        else:
            credentials.set_end(token.username, (now - timedelta(days=2)).date(), "test", now)
        assert partner.get(OBJECTS).status == 401
        assert Partner(world.server, token.username, token.secret + "x").get(OBJECTS).status == 401


def test_what_others_write_meanwhile_is_counted(world: World) -> None:
    for limit in ("4", "3", "2"):
        again(world)
        world.reader.get(OBJECTS, limit=limit)
    leaves = list(receipts.leaves("XA", 0, 1000))
    assert [entries.decode(leaf).index for leaf in leaves] == list(range(len(leaves)))
    whole, _ = Frontier().extend(map(leaf_hash, leaves))
    log = Log.objects.get(party="XA")
    assert (log.size, log.edge) == (len(leaves), whole)
