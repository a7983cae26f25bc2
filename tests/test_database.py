"""Where a node's store is: one place or several, named by the environment or by the home."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db.utils import ConnectionHandler

from comity import database


def test_the_environment_goes_before_the_home_and_the_home_before_its_own_file(tmp_path: Path) -> None:
    assert database.address(tmp_path) == str(tmp_path / "comity.sqlite3")
    (tmp_path / database.POINTER).write_text("postgresql://me@there/comity\n")
    assert database.address(tmp_path) == "postgresql://me@there/comity"
    assert database.address(tmp_path, "elsewhere.sqlite3") == "elsewhere.sqlite3"


@pytest.mark.parametrize(("url", "host", "port", "options"), [
    ("postgresql://u:p%40q@db.example:5433/comity", "db.example", "5433", {}),
    ("postgresql://u:p%40q@db.example/comity", "db.example", "", {}),
    ("postgresql://u:p%40q@[::1]:5433/comity", "::1", "5433", {}),
    ("postgresql://u:p%40q@one:1,two:2/comity?target_session_attrs=read-write", "one,two", "1,2",
     {"target_session_attrs": "read-write"}),
])  # fmt: skip
def test_an_address_is_taken_apart(url: str, host: str, port: str, options: dict[str, str]) -> None:
    found = database.entry(url)
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == (host, port, options)
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("u", "p@q", "comity")
    assert "p%40q" not in database.without_secret(url)


def test_of_several_hosts_the_one_that_takes_writes_is_used(postgres: str) -> None:
    dead = postgres.replace("@127.0.0.1:", "@127.0.0.1:1,127.0.0.1:")
    stores: dict[str, Any] = {"default": database.entry(f"{dead}/postgres?target_session_attrs=read-write")}
    parameters = ConnectionHandler(stores)["default"].get_connection_params()
    with psycopg.connect(**{name: parameters[name] for name in ("host", "port", "user", "password", "dbname",
                                                                "target_session_attrs")}) as link:  # fmt: skip
        assert link.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
