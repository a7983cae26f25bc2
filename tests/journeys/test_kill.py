"""Kill -9 under sixteen pollers: no byte was delivered that the ledger lacks, and no entry is lost or doubled."""

import json
import os
import random
import sys
import threading
import time
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection

from comity.ledger import entries
from tests.journeys.pollers import Book, Heard, Poller, accounted
from tests.journeys.siege import Account, Fortress, build

KILLS = int(os.environ.get("COMITY_KILLS", "3"))
SEED = int(os.environ.get("COMITY_SEED", "20261123"))
POLLERS = 16
LONGEST = 80  # requests before a kill
LINGER = 0.3  # seconds after them


@pytest.fixture
def store(request: pytest.FixtureRequest) -> str | None:
    """Give the address of a PostgreSQL database of the test's own, None where the run is on SQLite."""
    return str(request.getfixturevalue("postgres_database")) if connection.vendor == "postgresql" else None


@pytest.mark.long
@pytest.mark.both_stores
def test_no_byte_is_delivered_that_the_ledger_lacks_whenever_the_node_is_killed(
    tmp_path: Path, store: str | None, comity: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    fortress, accounts = build(home, store, POLLERS, comity)
    chance = random.Random(SEED)
    pollers = [
        Poller(one, fortress.port, random.Random(chance.random()), slow=number % 2 == 0, query="limit=1000")
        for number, one in enumerate(accounts)
    ]
    books = {one.party: Book(one, fortress.port) for one in accounts}
    heard: list[Heard] = []
    for _ in range(KILLS):
        heard += besiege(fortress, pollers, books, chance)
    with fortress.served():
        settle(pollers, books)
    audit(fortress)
    cut = [one for one in heard if not one.whole]
    in_midst = [one for one in cut if one.digests]
    sys.stdout.write(f"{KILLS} kills: {len(heard)} requests, {sum(len(one.digests) for one in heard)} items heard; "
                     f"{len(cut)} answers cut off, {len(in_midst)} of them between two items\n")  # fmt: skip
    assert len(heard) > len(cut) > 0, "the kills hit nothing"


def besiege(fortress: Fortress, pollers: list[Poller], books: dict[str, Book], chance: random.Random) -> list[Heard]:
    """Start the node, settle what was heard before, let all poll, and kill it after some requests."""
    threads = [threading.Thread(target=poller.poll) for poller in pollers]
    with fortress.served():
        settle(pollers, books)
        for thread in threads:
            thread.start()
        asked = chance.randrange(LONGEST)
        while sum(len(poller.heard) for poller in pollers) < asked and any(thread.is_alive() for thread in threads):
            time.sleep(0.001)
        time.sleep(chance.uniform(0, LINGER))
    for thread in threads:
        thread.join()
    assert [poller.wrong for poller in pollers if poller.wrong] == []
    audit(fortress)
    return [heard for poller in pollers for heard in poller.heard]


def settle(pollers: list[Poller], books: dict[str, Book]) -> None:
    """Compare what each poller heard since the last time with what its party's ledger has written since."""
    new = {party: book.read_on() for party, book in books.items()}
    for poller in pollers:
        name, party = poller.account.username, poller.account.party
        rows = [one for one in new[party] if isinstance(one, entries.Answer) and one.credential == name]
        assert accounted(poller.heard, rows, books[party]), f"{name} heard {poller.heard}, the ledger has {rows}"
        poller.heard.clear()


@pytest.mark.parametrize(("heard", "rows", "holds"), [
    ("ab", "ab", True), ("ab", "a", False), ("ab", "ba", False), ("a", "aa", False), ("", "a", False),
    ("a_", "a", True), ("a_", "ab", True), ("a_", "abb", False), ("_", "a", True), ("_", "", True),
    ("-a", "a", True), ("-", "a", False),
])  # fmt: skip
def test_the_account_misses_no_row_that_is_lost_doubled_or_out_of_order(heard: str, rows: str, holds: bool) -> None:
    def request(letter: str) -> Heard:
        return Heard("", letter != "_", () if letter in "_-" else (sha256(letter.encode()).digest(),))

    written = [row(index, letter) for index, letter in enumerate(rows)]
    book = Book(Account("XA", "xa-1", ""), 0)
    assert accounted([request(letter) for letter in heard], written, book) is holds


def row(index: int, letter: str) -> entries.Answer:
    """Make the entry of a page of one item."""
    digest = sha256(letter.encode()).digest()
    return entries.Delivery(
        v=1, log="log", index=index, at="2026-11-23T10:00:00.000000Z", credential="xa-1", request="GET", collection="c",
        count=1, items=entries.items_hash([digest]), grounds=(entries.Ground("", "public", 1),),
        names=entries.names_hash([("x", "y")]))  # fmt: skip


def audit(fortress: Fortress) -> None:
    """Have the node's auditor verify every log of the store that the kill left behind."""
    assert json.loads(fortress.run("ledger", "verify", "--json"))["ok"]
