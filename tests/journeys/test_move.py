"""A node moves from SQLite to PostgreSQL and back: same logs, and one store in force at every instant."""

import json
import re
import stat
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from sqlite3 import IntegrityError, connect

import psycopg
import pytest

from tests.journeys.calls import get, logs, poll, refused
from tests.journeys.conftest import Held, copied


def test_a_node_moves_to_postgresql_and_back_with_its_logs_and_goes_on(
    polled: Held, postgres_database: str
) -> None:
    fortress, accounts = polled
    before = logs(fortress, accounts)
    moved = json.loads(fortress.run("move", "--to", postgres_database, "--json"))
    assert moved["to"] == re.sub(":[^:]*@", "@", postgres_database)
    assert logs(fortress, accounts) == before
    assert not (fortress.home / "comity.sqlite3").exists()
    assert stat.S_IMODE((fortress.home / "database").stat().st_mode) == 0o600
    with fortress.served():
        seen = poll(fortress, accounts[0])
        receipt = get(fortress, accounts[0], "/ledger/receipts/0/")
    between = logs(fortress, accounts)
    assert between[accounts[0].party].startswith(before[accounts[0].party])
    assert between != before
    back = fortress.home / "comity.sqlite3"
    fortress.run("move", "--to", str(back))
    assert logs(fortress, accounts) == between
    with fortress.served():
        assert poll(fortress, accounts[0]) == seen
        assert json.loads(get(fortress, accounts[0], "/ledger/receipts/0/"))["entry"] == json.loads(receipt)["entry"]
    assert json.loads(fortress.run("ledger", "verify", "--json"))["ok"]


def test_the_old_store_takes_no_change_and_is_not_served(
    polled: Held, postgres_database: str
) -> None:
    fortress, accounts = polled
    moved = json.loads(fortress.run("move", "--to", postgres_database, "--json"))
    old = replace(fortress, environment={**fortress.environment, "COMITY_DATABASE": moved["aside"]})
    assert "takes no changes any more" in refused(old, "up", "--port", str(fortress.port))
    with closing(connect(moved["aside"])) as link, pytest.raises(IntegrityError, match="was moved"):
        link.execute("UPDATE comity_node SET sequence = sequence + 1")
    assert logs(old, accounts) == logs(fortress, accounts)
    back = fortress.home / "again.sqlite3"
    fortress.run("move", "--to", str(back))
    with psycopg.connect(postgres_database) as there, pytest.raises(psycopg.errors.RaiseException, match="was moved"):
        there.execute("UPDATE comity_node SET sequence = sequence + 1")


def test_a_store_that_holds_a_node_is_not_written_over(tmp_path: Path, polled: Held) -> None:
    fortress, accounts = polled
    other = tmp_path / "other"
    theirs = copied(fortress, other)
    before, held = logs(fortress, accounts), logs(theirs, accounts)
    kept = sha256((other / "comity.sqlite3").read_bytes()).digest()
    assert "holds a node already" in refused(fortress, "move", "--to", str(theirs.home / "comity.sqlite3"))
    assert logs(fortress, accounts) == before
    assert sha256((other / "comity.sqlite3").read_bytes()).digest() == kept
    assert logs(theirs, accounts) == held
    fortress.run("move", "--to", str(tmp_path / "elsewhere.sqlite3"))


def test_a_move_that_was_cut_short_is_brought_to_its_end(
    tmp_path: Path, polled: Held
) -> None:
    fortress, accounts = polled
    before, target = logs(fortress, accounts), tmp_path / "target.sqlite3"
    fortress.run("move", "--to", str(target))
    with closing(connect(target)) as link:  # as it is between retiring the old store and reviving the new one
        link.execute("CREATE TABLE comity_retired (why text NOT NULL)")
        link.execute("INSERT INTO comity_retired VALUES ('a move to here was not finished')")
        for (table,) in link.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for event in ("insert", "update", "delete"):
                if table not in {"comity_retired", "django_migrations", "sqlite_sequence"}:
                    link.execute(f"CREATE TRIGGER retired_{table}_{event} BEFORE {event} ON {table}"
                                 " BEGIN SELECT RAISE(ABORT, 'retired'); END")  # fmt: skip
        link.commit()
    (old,) = (each for each in fortress.home.glob("comity.sqlite3.moved-*") if each.name.endswith("Z"))
    old.rename(fortress.home / "comity.sqlite3")
    (fortress.home / "database").unlink()
    assert "takes no changes any more" in refused(fortress, "up", "--port", str(fortress.port))
    fortress.run("move", "--to", str(target))
    assert logs(fortress, accounts) == before
    with fortress.served():
        assert len(poll(fortress, accounts[1])) > 1


def test_a_copy_that_was_never_put_in_force_is_made_anew(
    tmp_path: Path, polled: Held
) -> None:
    fortress, accounts = polled
    before, target = logs(fortress, accounts), tmp_path / "target.sqlite3"
    fortress.run("move", "--to", str(target))
    (old,) = (each for each in fortress.home.glob("comity.sqlite3.moved-*") if each.name.endswith("Z"))
    with closing(connect(old)) as link:  # as it is after the copy, before the old store is retired
        names = link.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        triggers = [name for (name,) in names if name.startswith("retired_")]
        for name in triggers:
            link.execute(f"DROP TRIGGER {name}")
        link.execute("DROP TABLE comity_retired")
        link.commit()
    old.rename(fortress.home / "comity.sqlite3")
    (fortress.home / "database").unlink()
    with closing(connect(target)) as link:
        link.execute("CREATE TABLE comity_retired (why text NOT NULL)")
        link.execute("INSERT INTO comity_retired VALUES ('a move to here was not finished')")
        for name in triggers:
            table, _, event = name.removeprefix("retired_").rpartition("_")
            link.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END")
        link.commit()
    fortress.run("move", "--to", str(target))
    assert logs(fortress, accounts) == before
