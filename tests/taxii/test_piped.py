"""What is at hand and asked for together is recorded together, once each; and nothing leaves that could not be."""

import asyncio
import gc
import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from comity.acts import delivering, receipts
from comity.ledger import entries
from tests.taxii import partner
from tests.taxii.conftest import World
from tests.taxii.partner import TAXII, YARD, Answer, Message, exchange

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
MORE_THAN_ONE_COMMIT_TAKES = 100
PATIENCE = 20  # seconds
BROKEN = {
    "sqlite": ("CREATE TRIGGER broken BEFORE INSERT ON comity_ledgerentry BEGIN SELECT RAISE(ABORT, 'broken'); END",
               "DROP TRIGGER broken"),
    "postgresql": (("CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;"
                    "CREATE TRIGGER broken BEFORE INSERT ON comity_ledgerentry EXECUTE FUNCTION broken()"),
                   "DROP FUNCTION broken CASCADE"),
}  # fmt: skip
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE client_port = %s AND wait_event_type = 'Lock'"


def question(world: World) -> Message:
    return Message("GET", f"{YARD}objects/", b"limit=4",
                   (("Accept", TAXII), ("Authorization", world.reader.basic)))  # fmt: skip


def ask(world: World) -> Answer:
    return asyncio.run(exchange(world.server, question(world)))


def asked_twice(world: World) -> Answer:
    """Ask, and ask again what is at hand by then: on PostgreSQL there is a pipe now."""
    ask(world)
    return ask(world)


def indexes() -> list[int]:
    return [entries.decode(leaf).index for leaf in receipts.leaves("XA", 0, 10_000)]


def port_of_the_pipe(world: World) -> int:
    pipe = world.server.piped.pipe
    assert pipe is not None
    with socket.socket(fileno=os.dup(pipe.number)) as found:
        port: int = found.getsockname()[1]
        return port


def end(port: int) -> None:
    """Have the server end the session that a connection from *port* has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE client_port = %s", [port])


@contextmanager
def nothing_can_be_written() -> Iterator[None]:
    broken, whole = BROKEN[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(broken)
        try:
            yield
        finally:
            cursor.execute(whole)


def ask_together(world: World) -> list[Answer]:
    async def together() -> list[Answer]:
        each = (exchange(world.server, question(world)) for _ in range(MORE_THAN_ONE_COMMIT_TAKES))
        return await asyncio.gather(*each)

    return asyncio.run(together())


def test_what_is_asked_together_is_each_recorded_once(world: World) -> None:
    first = asked_twice(world)
    before = indexes()
    assert ask_together(world) == [first] * MORE_THAN_ONE_COMMIT_TAKES
    assert indexes() == list(range(len(before) + MORE_THAN_ONE_COMMIT_TAKES))


def test_what_several_ask_for_goes_from_a_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivering, "_LARGE", 1)
    first = asked_twice(world)
    files = set[int | None]()
    monkeypatch.setattr(partner, "FILES", files)
    for _ in range(2):
        assert ask_together(world) == [first] * MORE_THAN_ONE_COMMIT_TAKES
        world.server.pool.submit(gc.collect).result()  # what was put in a file is there by then
    assert None in files
    (file,) = files - {None}
    assert file is not None
    os.fstat(file)
    monkeypatch.setattr(delivering, "_AT_HAND", 2 * len(first.body))
    world.reader.get(f"{YARD}objects/", limit="3")  # there is no room for both
    gc.collect()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(file)


def test_what_cannot_be_recorded_does_not_leave(world: World) -> None:
    first = asked_twice(world)
    before = indexes()
    with nothing_can_be_written():
        assert ask(world).status == 503
    assert indexes() == before
    assert asked_twice(world).body == first.body
    assert indexes() == list(range(len(before) + 2))


@pytest.mark.postgresql_alone
def test_a_pipe_that_broke_while_idle_is_made_anew(world: World) -> None:
    first = asked_twice(world)
    before, port = indexes(), port_of_the_pipe(world)
    end(port)
    assert [asked_twice(world).body for _ in range(2)] == [first.body] * 2
    assert indexes() == list(range(len(before) + 4))
    assert port_of_the_pipe(world) != port


@pytest.mark.postgresql_alone
def test_a_pipe_that_breaks_before_anything_was_written_loses_nothing(world: World) -> None:
    first = asked_twice(world)
    before, port = indexes(), port_of_the_pipe(world)

    with ThreadPoolExecutor(1) as aside:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM comity_node FOR UPDATE")
            asked = aside.submit(ask, world)
            until, waits = time.monotonic() + PATIENCE, 0
            while not waits and time.monotonic() < until:
                time.sleep(0.01)
                cursor.execute(WAITS, [port])
                waits = cursor.fetchone()[0]
            end(port)
        answer = asked.result(PATIENCE)
    assert answer == first
    assert indexes() == list(range(len(before) + 1))
