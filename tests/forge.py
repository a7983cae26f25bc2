"""Runs `comity` without loading it each time: a process that has loaded all verbs forks for each command.

What runs is the program itself, in a process, folder and environment of its own; only the second of processor time that
every start spends on importing Django and the rooms is spent once a run. How a start from nothing goes is tested where
the tests need it (`test_environment`, `test_slips`, the journeys).

A client sends its words, folder, environment and standard streams over a Unix socket, and hears the exit code. Words
that begin with `-m` name a module of the tests to be run instead, as Python's own option does. A verb that goes on
until it is ended (`up`) is begun by `begin`; it leads a process group of its own, and becomes the server without exec.
"""

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

import django
from django.conf import settings
from django.db import connections

from comity import commands

ROOT = Path(__file__).parents[1]
SERVED = ("comity.serving", "comity.wire", "comity.asgi", "comity.urls")
_MOST = 1 << 20  # bytes of one request
CLIENT = """#!{python} -IS
import json, os, socket, sys
link = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
link.connect({address!r})
said = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ), False]).encode("utf-8", "surrogateescape")
socket.send_fds(link, [said], [0, 1, 2])
sys.exit(int(link.recv(16) or b"70"))
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """A verb that runs until it is ended: its process, and a descriptor that tells of its end."""

    pid: int
    end: int

    def poll(self) -> int | None:
        """Give None while it runs, as `Popen` does."""
        return self._ended(0)

    def wait(self, timeout: float = 60) -> int:
        """Wait for its end."""
        ended = self._ended(timeout)
        assert ended is not None, "it did not end"
        os.close(self.end)
        return ended

    def kill(self) -> None:
        """Kill it, where it has not ended."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.end, signal.SIGKILL)

    def _ended(self, timeout: float) -> int | None:
        return 0 if select.select([self.end], [], [], timeout)[0] else None


def begin(program: Path, words: Sequence[str], folder: Path, environ: Mapping[str, str], out: IO[bytes]) -> Begun:
    """Begin a verb by the *program* that `lit` gave; what it prints goes to *out*, both of its streams."""
    said = json.dumps([list(words), str(folder), dict(environ), True]).encode("utf-8", "surrogateescape")
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as link, Path(os.devnull).open("rb") as nothing:
        link.connect(str(program.with_name("socket")))
        socket.send_fds(link, [said], [nothing.fileno(), out.fileno(), out.fileno()])
        pid = int(link.recv(16))
        return Begun(pid, os.pidfd_open(pid))


@contextlib.contextmanager
def lit(folder: Path) -> Iterator[Path]:
    """Start the process in a new *folder*, and give the program there that stands for `comity`."""
    folder.mkdir()
    address, program = folder / "socket", folder / "comity"
    program.write_text(CLIENT.format(python=sys.executable, address=str(address)), encoding="utf-8")
    program.chmod(0o755)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
    command = [sys.executable, "-m", "tests.forge", str(address)]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE) as forge:
        try:
            assert forge.stdout is not None
            assert forge.stdout.readline() == b"lit\n"
            yield program
        finally:
            forge.terminate()


def become(words: list[str], environ: Mapping[str, str]) -> int:
    """Be `comity` with these words in this environment; return its exit code."""
    os.environ.clear()
    os.environ.update(environ)
    home = commands._home(words)  # noqa: SLF001 - the settings are read before the verb is resolved
    if home is not None:
        os.environ["COMITY_DATA"] = str(Path(home).expanduser().absolute())
    fresh = importlib.reload(sys.modules["comity.settings"])
    for name in filter(str.isupper, dir(fresh)):
        setattr(settings, name, getattr(fresh, name))
    vars(connections)["_settings"] = None  # so it reads them again
    del connections.settings
    try:
        if words[:1] == ["-m"]:
            sys.argv = words[1:]
            runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = ["comity", *words]
            commands.main(words, prog_name="comity")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        connections.close_all()  # as the end of a process does
    return 0


def _load() -> None:
    """Load every verb, and what they load in their turn, before the first command."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "comity.settings"
    django.setup()
    for module in pkgutil.iter_modules(commands.__path__, f"{commands.__name__}."):
        importlib.import_module(module.name)
    for name in SERVED:
        importlib.import_module(name)
    del sys.modules["comity.asgi"]  # a node's own is made with that node's settings
    for alias in connections.settings:
        with contextlib.suppress(AttributeError):
            del connections[alias]


def main(address: str) -> None:
    """Fork for each request until told to end."""
    _load()
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind(address)
        door.listen(64)
        print("lit", flush=True)  # noqa: T201 - what the starter waits for
        while True:
            link, _ = door.accept()
            if os.fork() == 0:
                door.close()
                serve(link)
            link.close()


def serve(link: socket.socket) -> None:
    """Do what one client asks, and end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    said, streams, _, _ = socket.recv_fds(link, _MOST, 3)
    words, folder, environ, leads = json.loads(said.decode("utf-8", "surrogateescape"))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, mode, closefd=False) for n, mode in enumerate("rww"))
    if leads:
        os.setsid()
        vars(os)["execv"] = go_over
        link.send(str(os.getpid()).encode())
    code = 70
    try:
        code = become(words, environ)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        with contextlib.suppress(OSError):  # who began it has heard all that it waits for
            link.send(str(code).encode())
        os._exit(code)


def go_over(program: str, words: Sequence[str]) -> NoReturn:
    """Be the module that a verb hands this process over to, as `python -m` in its place would; end with it."""
    assert program == sys.executable
    connections.close_all()
    sys.argv = list(words[2:])
    runpy.run_module(words[2], run_name="__main__", alter_sys=True)
    raise SystemExit(0)


if __name__ == "__main__":
    main(sys.argv[1])
