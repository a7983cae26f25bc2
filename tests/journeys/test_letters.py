"""The sender killed again and again, and run several times at once: each reminder goes once."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.db import connection

from tests.journeys.mailroom import Mailroom, mailroom
from tests.journeys.siege import Fortress
from tests.postgres import free_port

PROMISES = 24
KILLS = int(os.environ.get("COMITY_KILLS", "3"))
COMITY = str(Path(sys.executable).parent / "comity")


@pytest.fixture
def store(request: pytest.FixtureRequest) -> str | None:
    """Give the address of a PostgreSQL database of the test's own, None where the run is on SQLite."""
    return str(request.getfixturevalue("postgres_database")) if connection.vendor == "postgresql" else None


@pytest.fixture
def node(tmp_path: Path, store: str | None, comity: Path) -> dict[str, str]:
    """Make a node with promises that are due; give the environment of its processes."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
    environment |= {"COMITY_DATA": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "comity.settings"}
    environment |= {"COMITY_DATABASE": store} if store else {}
    (tmp_path / "home").mkdir(mode=0o700)
    command = [str(comity), "-m", "tests.journeys.letters_node", str(tmp_path / "home"), str(PROMISES)]
    made = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return environment


def start(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([COMITY, "work", "--once"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(environment: Mapping[str, str]) -> str:
    done = subprocess.run([COMITY, "work", "--once"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.long
@pytest.mark.both_stores
def test_killed_at_any_moment_and_run_three_at_a_time_each_letter_is_in_the_folder_once(
    node: dict[str, str],
) -> None:
    chance, folder = random.Random(20261123), Path(node["COMITY_DATA"]) / "mail" / "new"
    began = time.monotonic()
    start(node).communicate()  # how long a whole round takes: kills fall into that time
    whole = time.monotonic() - began
    assert len(list(folder.iterdir())) == PROMISES
    for letter in folder.iterdir():
        letter.unlink()
    reset(node)
    counts = []
    for _ in range(KILLS):
        senders = [start(node) for _ in range(3)]
        time.sleep(whole * chance.uniform(0.5, 1.3))
        for sender in senders:
            sender.kill()
            sender.communicate()
        counts.append(len(list(folder.iterdir())) if folder.exists() else 0)
    finish(node)
    subject_lines = [line for path in folder.iterdir() for line in path.read_text().splitlines() if "Promise" in line]
    subjects = Counter(line for line in subject_lines if line.startswith("Subject:"))
    assert len(subjects) == PROMISES
    assert set(subjects.values()) == {1}
    assert "0 letters written, 0 sent" in finish(node)
    sys.stdout.write(f"{KILLS} kills of 3 senders; in the folder after each: {counts}\n")


def test_a_node_that_is_up_sends_by_itself(node: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "home" / "mail" / "new"
    with Fortress(tmp_path / "home", free_port(), node).served():
        until = time.monotonic() + 60
        while not folder.exists() or len(list(folder.iterdir())) < PROMISES:
            assert time.monotonic() < until, "no letter was sent"
            time.sleep(0.2)
    assert "0 letters written, 0 sent" in finish(node)


def reset(environment: Mapping[str, str]) -> None:
    """Take the letters out of the store, so that they are written and sent anew."""
    code = "import django; django.setup(); from comity.models import Letter; Letter.objects.all().delete()"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


@pytest.mark.long
@pytest.mark.both_stores
def test_killed_while_a_mail_server_listens_no_letter_is_lost_and_a_second_copy_bears_the_same_id(
    node: dict[str, str],
) -> None:
    with mailroom() as room:
        environment = {**node, "COMITY_MAIL": f"smtp://127.0.0.1:{room.port}"}
        room.kill = ["data", "taken", "data", "taken"]
        while room.kill:
            killed_once(environment, room)
        finish(environment)
        assert "0 letters written, 0 sent" in finish(environment)
    copies = Counter(room.taken)
    assert len(copies) == PROMISES
    assert len(room.taken) == PROMISES + 2, "two kills came between the server’s taking a letter and our record of it"


def killed_once(environment: Mapping[str, str], room: Mailroom) -> None:
    sender = start(environment)
    room.sender = sender.pid
    sender.communicate()
    assert sender.returncode == -9
