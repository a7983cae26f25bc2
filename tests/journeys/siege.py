"""A node under siege: made in a process of its own, served as `comity up` serves it, killed without warning."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.nodes import COMITY, Process, begin, free_port

COLLECTION = "siege"
_PATIENCE = 60.0  # seconds to wait for a server that starts


@dataclass(frozen=True, slots=True)
class Account:
    """One partner's way in: its party's code, its username, its secret."""

    party: str
    username: str
    secret: str


@dataclass(frozen=True, slots=True)
class Fortress:
    """A node's home, the port it is served at, the environment of its processes, and the program of its verbs."""

    home: Path
    port: int
    environment: Mapping[str, str]
    comity: Path = COMITY

    @contextmanager
    def served(self, *options: str) -> Iterator[None]:
        """Serve the node while this holds, once it answers; at the end kill it, whatever it is doing."""
        with (self.home / "server.log").open("ab") as log:
            words = ["up", "--data", str(self.home), "--port", str(self.port), *options]
            server = begin(self.comity, words, self.home, self.environment, log)
        try:
            self._await(server)
            yield
        finally:
            os.killpg(server.pid, signal.SIGKILL)  # its workers too: none of them gets to finish anything
            server.wait(_PATIENCE)

    def _await(self, server: Process) -> None:
        until = time.monotonic() + _PATIENCE
        while not self._answers():
            assert server.poll() is None, f"the server ended: {(self.home / 'server.log').read_text()}"
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/taxii2/", timeout=5)
        except urllib.error.HTTPError as answer:
            return answer.code == 401
        except OSError:
            return False
        return True

    def run(self, *arguments: str) -> str:
        """Run a verb of the command line on this home; it must succeed."""
        done = self.tried(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def tried(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a verb of the command line on this home, however it ends."""
        command = [str(self.comity), *arguments, "--data", str(self.home)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)


def build(
    home: Path, store: str | None, count: int, comity: Path, *, giver: bool = False
) -> tuple[Fortress, list[Account]]:
    """Make a node in *home* with *count* accounts, and one more that may write where a *giver* is wanted.

    *store* is a PostgreSQL's address, None for SQLite in the home; *comity* is the program that runs verbs.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
    environment |= {"COMITY_DATA": str(home), "DJANGO_SETTINGS_MODULE": "comity.settings"}
    if store is not None:
        environment["COMITY_DATABASE"] = store
    command = [str(comity), "-m", "tests.journeys.siege_node", str(home), str(count), *(["giver"] * giver)]
    made = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return Fortress(home, free_port(), environment, comity), [Account(*one) for one in json.loads(made.stdout)]
