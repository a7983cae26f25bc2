"""A node is backed up while it works, and stands again from that one file: same logs, same keys, same tokens."""

import json
import re
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.journeys.calls import logs, poll, refused
from tests.journeys.conftest import Held
from tests.journeys.siege import Fortress


def node_at(home: Path, fortress: Fortress) -> Fortress:
    return replace(fortress, home=home, environment={**fortress.environment, "COMITY_DATA": str(home)})


def test_a_node_stands_again_from_a_backup_taken_while_it_was_polled(
    tmp_path: Path, polled: Held
) -> None:
    fortress, accounts = polled
    (fortress.home / "mail").mkdir(exist_ok=True)
    (fortress.home / "mail" / "letter.eml").write_text("Subject: kept\n\n", encoding="ascii")
    file = tmp_path / "bs.comity"
    with fortress.served():
        seen = poll(fortress, accounts[0])
        before = logs(fortress, accounts)
        made = json.loads(fortress.run("backup", str(file), "--json"))
        poll(fortress, accounts[0])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = node_at(tmp_path / "again", fortress)
    told = json.loads(again.run("restore", str(file), "--json"))
    assert told["logs"] == made["logs"]
    assert logs(again, accounts) == before
    assert (again.home / "mail" / "letter.eml").read_text(encoding="ascii") == "Subject: kept\n\n"
    assert [path.name for path in (again.home / "keys").glob("*.pem")] == [
        path.name for path in (fortress.home / "keys").glob("*.pem")
    ]
    assert stat.S_IMODE(again.home.stat().st_mode) == 0o700
    with again.served():
        assert poll(again, accounts[0]) == seen
    assert json.loads(again.run("ledger", "verify", "--json"))["ok"]
    assert "is not empty" in refused(again, "restore", str(file))
    assert "is there already" in refused(fortress, "backup", str(file))


def test_a_node_on_postgresql_stands_again_on_sqlite(
    tmp_path: Path, polled: Held, postgres_database: str
) -> None:
    fortress, accounts = polled
    fortress.run("move", "--to", postgres_database)
    before = logs(fortress, accounts)
    with fortress.served():
        fortress.run("backup", str(tmp_path / "bs.comity"))
    again = node_at(tmp_path / "again", fortress)
    again.run("restore", str(tmp_path / "bs.comity"))
    assert not (again.home / "database").exists()
    assert logs(again, accounts) == before
    with again.served():
        assert len(poll(again, accounts[0])) > 1


def test_a_backup_goes_through_a_pipe(tmp_path: Path, polled: Held) -> None:
    fortress, accounts = polled
    comity = [str(fortress.comity)]
    given = subprocess.run([*comity, "backup", "-", "--data", str(fortress.home)], env=fortress.environment,
                           capture_output=True, check=True).stdout  # fmt: skip
    again = node_at(tmp_path / "again", fortress)
    subprocess.run([*comity, "restore", "-", "--data", str(again.home)], env=again.environment, input=given,
                   capture_output=True, check=True)  # fmt: skip
    assert logs(again, accounts) == logs(fortress, accounts)


@pytest.fixture
def backup(tmp_path: Path, polled: Held) -> tuple[Fortress, bytes]:
    fortress, _ = polled
    fortress.run("backup", str(tmp_path / "whole"))
    return fortress, (tmp_path / "whole").read_bytes()


def test_a_damaged_backup_is_refused_and_leaves_nothing(tmp_path: Path, backup: tuple[Fortress, bytes]) -> None:
    fortress, whole = backup
    broken = tmp_path / "broken"
    again = node_at(tmp_path / "again", fortress)
    there = sorted(tmp_path.iterdir())
    half = len(whole) // 2
    flipped = whole[:half] + bytes([whole[half] ^ 1]) + whole[half + 1 :]
    for damaged in (whole[:-100], whole[:half], b"", b"no backup\n", flipped):
        broken.write_bytes(damaged)
        said = refused(again, "restore", str(broken))
        assert re.search(r"no whole backup|does not come first|is damaged|is missing|tampered", said), said
        broken.unlink()
        assert sorted(tmp_path.iterdir()) == there
