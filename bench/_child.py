"""Where a bench has a node of its own: programs are run beside it, in the node's environment, and ended after it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from comity import environment

_PATIENCE = 300.0  # seconds to wait for a server that starts


class NotMeasured(Exception):
    """A program that a bench needs did not do its part; the message holds what it said."""


def environ(home: Path, store: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of programs that work on the node in *home*, whatever node the caller's names.

    *store* names where its store is, by `COMITY_DATABASE` and `COMITY_REPLICAS`; it is in the home otherwise.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
    return kept | {"COMITY_DATA": str(home), "DJANGO_SETTINGS_MODULE": "comity.settings"} | dict(store or {})


def told(module: str, home: Path, *arguments: str,
         store: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 - it comes as JSON # fmt: skip
    """Run a module of the benches on the node in *home*; return what it printed, read as JSON, None for nothing."""
    command = [sys.executable, "-m", module, str(home), *arguments]
    done = subprocess.run(command, cwd=environment.ROOT, env=environ(home, store), capture_output=True, text=True,
                          check=False)  # fmt: skip
    if done.returncode:
        raise NotMeasured(f"{module} ended with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout or "null")


@contextmanager
def up(home: Path, store: Mapping[str, str] | None = None, *more: str) -> Iterator[tuple[int, int]]:
    """Serve the node in *home* by `comity up`, with *more* options; give its port and its first process."""
    port = free_port()
    command = [sys.executable, str(environment.ROOT / ".venv" / "bin" / "comity"), "up", "--port", str(port), *more]
    with listening(command, port, home / "server.log", environ(home, store)) as process:
        yield port, process


@contextmanager
def served(application: str, home: Path) -> Iterator[tuple[int, int]]:
    """Serve an ASGI application as `comity up` does, by one process; give its port and its process."""
    port = free_port()
    command = [sys.executable, "-m", "comity.serving", "--port", str(port), "--application", application]
    with listening(command, port, home / "server.log", environ(home)) as process:
        yield port, process


@contextmanager
def listening(command: Sequence[str], port: int, log: Path, knowing: Mapping[str, str]) -> Iterator[int]:
    """Run a server until the caller is done with it; give its process's number once *port* is answered.

    What it says goes to *log*; one that ends by itself, or stays silent for five minutes, raises `NotMeasured`.
    """
    with log.open("ab") as said:
        server = subprocess.Popen(command, cwd=environment.ROOT, env=dict(knowing), stdout=said, stderr=said)
    try:
        _await(server, port, log)
        yield server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(_PATIENCE)


def _await(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while not _answers(port):
        if server.poll() is not None or time.monotonic() > until:
            raise NotMeasured(f"the server did not start: {log.read_text(encoding='utf-8', errors='replace')}")
        time.sleep(0.02)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """Find a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
