"""The sender killed again and again, and run several times at once: each reminder goes once."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection

from tests.forge import Begun, begin
from tests.journeys.mailroom import mailroom
from tests.journeys.siege import Fortress
from tests.postgres import free_port

PROMISES = 24
KILLS = int(os.environ.get("COMITY_KILLS", "3"))


@pytest.fixture
def store(request: pytest.FixtureRequest) -> str | None:
    """Give the address of a PostgreSQL database of the test's own, None where the run is on SQLite."""
    return str(request.getfixturevalue("postgres_database")) if connection.vendor == "postgresql" else None


@dataclass(frozen=True, slots=True)
class Node:
    """A node with promises that are due: its home, the environment of its processes, and the program of its verbs."""

    home: Path
    environment: Mapping[str, str]
    comity: Path

    def start(self, **more: str) -> Begun:
        """Begin one round of the sender, with *more* in its environment."""
        with (self.home / "work.log").open("ab") as out:
            return begin(self.comity, ["work", "--once"], self.home, {**self.environment, **more}, out)

    def finish(self, **more: str) -> str:
        """Let the sender make one round; give what it says."""
        return self.run("work", "--once", **more)

    def prepare(self, what: object) -> None:
        """Make the promises, so many; or take the letters out of the store, so that they are written and sent anew."""
        self.run("-m", "tests.journeys.letters_node", str(self.home), str(what))

    def run(self, *words: str, **more: str) -> str:
        """Run the program to its end; it must succeed."""
        environment = {**self.environment, **more}
        done = subprocess.run([self.comity, *words], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def node(tmp_path: Path, store: str | None, comity: Path) -> Node:
    """Make a node with promises that are due."""
    home = tmp_path / "home"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
    environment |= {"COMITY_DATA": str(home), "DJANGO_SETTINGS_MODULE": "comity.settings"}
    environment |= {"COMITY_DATABASE": store} if store else {}
    home.mkdir(mode=0o700)
    made = Node(home, environment, comity)
    made.prepare(PROMISES)
    return made


@pytest.mark.long
@pytest.mark.both_stores
def test_killed_at_any_moment_and_run_three_at_a_time_each_letter_is_in_the_folder_once(node: Node) -> None:
    chance, folder = random.Random(20261123), node.home / "mail" / "new"
    began = time.monotonic()
    node.start().wait()  # how long a whole round takes: kills fall into that time
    whole = time.monotonic() - began
    assert len(list(folder.iterdir())) == PROMISES
    for letter in folder.iterdir():
        letter.unlink()
    node.prepare("anew")
    counts = []
    for _ in range(KILLS):
        senders = [node.start() for _ in range(3)]
        time.sleep(whole * chance.uniform(0.1, 0.8))
        for sender in senders:
            sender.kill()
            sender.wait()
        counts.append(len(list(folder.iterdir())) if folder.exists() else 0)
    node.finish()
    subject_lines = [line for path in folder.iterdir() for line in path.read_text().splitlines() if "Promise" in line]
    subjects = Counter(line for line in subject_lines if line.startswith("Subject:"))
    assert len(subjects) == PROMISES
    assert set(subjects.values()) == {1}
    assert "0 letters written, 0 sent" in node.finish()
    sys.stdout.write(f"{KILLS} kills of 3 senders; in the folder after each: {counts}\n")


def test_a_node_that_is_up_sends_by_itself(node: Node) -> None:
    folder = node.home / "mail" / "new"
    with Fortress(node.home, free_port(), node.environment, node.comity).served():
        until = time.monotonic() + 60
        while not folder.exists() or len(list(folder.iterdir())) < PROMISES:
            assert time.monotonic() < until, "no letter was sent"
            time.sleep(0.2)
    assert "0 letters written, 0 sent" in node.finish()


@pytest.mark.long
@pytest.mark.both_stores
def test_killed_while_a_mail_server_listens_no_letter_is_lost_and_a_second_copy_bears_the_same_id(
    node: Node,
) -> None:
    with mailroom() as room:
        mail = f"smtp://127.0.0.1:{room.port}"
        room.kill = ["data", "taken", "data", "taken"]
        while room.kill:
            left = len(room.kill)
            sender = node.start(COMITY_MAIL=mail)
            room.sender = sender.pid
            sender.wait()
            assert len(room.kill) == left - 1, "the sender was not killed"
        node.finish(COMITY_MAIL=mail)
        assert "0 letters written, 0 sent" in node.finish(COMITY_MAIL=mail)
    copies = Counter(room.taken)
    assert len(copies) == PROMISES
    assert len(room.taken) == PROMISES + 2, "two kills came between the server’s taking a letter and our record of it"
