"""Nodes as `comity up` serves them, for tests that need one running; and one made once, to be copied."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from tests import forge

COMITY = Path(sys.executable).with_name("comity")
_PATIENCE = 600.0  # seconds to wait for a node that starts: a busy machine is no fault of what is tested


@dataclass(frozen=True, slots=True)
class Made:
    """A node's home, and what its first start printed: the accounts, shown once."""

    home: Path
    printed: Path


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process(Protocol):
    """A node that was begun, from nothing or by the forge."""

    @property
    def pid(self) -> int:
        """Name its process."""

    def poll(self) -> int | None:
        """Give None while it runs."""

    def wait(self, timeout: float) -> int:
        """Wait for its end."""


def begin(comity: Path, words: Sequence[str], folder: Path, environ: Mapping[str, str], out: IO[bytes]) -> Process:
    """Begin a verb that runs until it is ended, in a process group that it leads; both of its streams go to *out*.

    *comity* is the installed program, or the one that the fixture of this name gives: then it has everything loaded.
    """
    if comity != COMITY:
        return forge.begin(comity, words, folder, environ, out)
    command = [str(comity), *words]
    return subprocess.Popen(command, cwd=folder, env=environ, stdout=out, stderr=out, start_new_session=True)


@contextmanager
def up(
    folder: Path, port: int, environ: Mapping[str, str], printed: Path, comity: Path = COMITY
) -> Iterator[None]:
    """Serve the node whose home is `comity-data` in *folder*, once it listens; end it as an operator does."""
    with printed.open("ab") as out:
        node = begin(comity, ["up", "--port", str(port)], folder, environ, out)
    try:
        _wait_for(port, node)
        yield
    finally:
        os.kill(node.pid, signal.SIGTERM)
        node.wait(30)


def _wait_for(port: int, node: Process) -> None:
    until = time.monotonic() + _PATIENCE
    while node.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the node did not start")


def example(folder: Path) -> Made:
    """Make the example node by its first start, or wait for who makes it; SQLite, in *folder*."""
    folder.mkdir(exist_ok=True)
    made, printed = folder / "made", folder / "printed"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            environ = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
            with up(folder, free_port(), environ, printed):
                pass
            made.touch()
    return Made(folder / "comity-data", printed)
