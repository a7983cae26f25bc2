"""Where a bench has a node of its own: programs are run beside it, in the node's environment, and ended after it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from comity import environment

_PATIENCE = 60.0  # seconds to wait for a server that starts


class NotMeasured(Exception):
    """A program that a bench needs did not do its part; the message holds what it said."""


def environ(home: Path) -> dict[str, str]:
    """Return the environment of programs that work on the node in *home*, whatever node the caller's names."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
    return kept | {"COMITY_DATA": str(home), "DJANGO_SETTINGS_MODULE": "comity.settings"}


def told(module: str, home: Path, *arguments: str) -> Any:  # noqa: ANN401 - it comes as JSON
    """Run a module of the benches on the node in *home*; return what it printed, read as JSON, None for nothing."""
    command = [sys.executable, "-m", module, str(home), *arguments]
    done = subprocess.run(command, cwd=environment.ROOT, env=environ(home), capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotMeasured(f"{module} ended with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout or "null")


@contextmanager
def served(application: str, home: Path) -> Iterator[int]:
    """Serve an ASGI application as `comity up` serves the node's; give its port."""
    port = _free_port()
    options = ["--interface", "asgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
               "--workers-kill-timeout", "5", "--no-ws", "--log-level", "warning"]  # fmt: skip
    command = [sys.executable, "-m", "granian", *options, application]
    with (home / "server.log").open("ab") as log:
        server = subprocess.Popen(command, cwd=environment.ROOT, env=environ(home), stdout=log, stderr=log)
    try:
        _await(server, port, home)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(_PATIENCE)


def _await(server: subprocess.Popen[bytes], port: int, home: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while not _answers(port):
        if server.poll() is not None or time.monotonic() > until:
            raise NotMeasured(f"the server did not start: {(home / 'server.log').read_text(encoding='utf-8')}")
        time.sleep(0.02)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
