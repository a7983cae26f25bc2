"""Several real PostgreSQL servers that make one store: a primary, and standbys that follow it by streaming.

Each has a folder below one temporary folder and runs as `tests.postgres` runs its own. `kill` ends a server where it
stands; `promote` and `follow` are what an operator, or Patroni, does then.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.postgres import OPEN_TO_ALL, SIZE, await_start, free_port, initialise, installed

_PATIENCE = 60.0  # seconds
_UNSAFE = ("fsync=off", "full_page_writes=off")  # but what a standby has confirmed, it has
_STANDBY = ("hot_standby=on", "wal_level=replica", "max_wal_senders=8", "wal_keep_size=256MB")


@dataclass(slots=True)
class Server:
    """One server: its folder, its port, its process while it runs."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None


@dataclass(slots=True)
class Cluster:
    """Servers of one store with one password; `binaries` are PostgreSQL's programs, `owner` as whom they run."""

    folder: Path
    binaries: Path
    owner: dict[str, Any]
    secret: str
    durable: bool = False
    servers: list[Server] = field(default_factory=list)

    def address(self, server: Server, name: str = "postgres") -> str:
        """Return the address of a database of one server."""
        return f"postgresql://postgres:{self.secret}@127.0.0.1:{server.port}/{name}"

    def addresses(self, name: str, asked: str = "target_session_attrs=read-write&connect_timeout=2") -> str:
        """Return the address that names every server; libpq finds the one that is asked for."""
        places = ",".join(f"127.0.0.1:{one.port}" for one in self.servers)
        return f"postgresql://postgres:{self.secret}@{places}/{name}?{asked}"

    def run(self, server: Server, *statements: str, name: str = "postgres") -> list[tuple[Any, ...]]:
        """Run statements, each by itself; return the rows of the last."""
        rows: list[tuple[Any, ...]] = []
        with psycopg.connect(self.address(server, name), autocommit=True) as link:
            for statement in statements:
                done = link.execute(statement.encode())
                rows = done.fetchall() if done.description else []
        return rows

    def start(self, server: Server) -> None:
        """Start a server in the folder that it has, and wait until it answers."""
        flags = (f"port={server.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={server.folder}", *SIZE,
                 *_STANDBY, *(() if self.durable else _UNSAFE))  # fmt: skip
        words = [word for flag in flags for word in ("-c", flag)]
        with (server.folder / "log").open("ab") as log:
            command = [str(self.binaries / "postgres"), "-D", str(server.folder / "data"), *words]
            server.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=server.folder,
                                              start_new_session=True, **self.owner)  # fmt: skip
        await_start(server.process, self.address(server).rpartition("/")[0], server.folder / "log")

    def kill(self, server: Server) -> None:
        """End a server and all of its processes where they stand."""
        if server.process is None:
            return
        children = _children(server.process.pid)
        for number in (server.process.pid, *children):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        server.process.wait()
        server.process = None

    def follow(self, server: Server, primary: Server) -> None:
        """Have a server follow *primary* from here on, as a copy of it."""
        shutil.rmtree(server.folder / "data", ignore_errors=True)
        link = f"host=127.0.0.1 port={primary.port} user=postgres password={self.secret}"
        command = [str(self.binaries / "pg_basebackup"), "-D", str(server.folder / "data"), "-R", "-X", "stream",
                   "-c", "fast", "-d", link]  # fmt: skip
        made = subprocess.run(command, capture_output=True, text=True, cwd=server.folder, check=False, **self.owner)
        if made.returncode:
            raise RuntimeError(f"pg_basebackup failed: {made.stderr}")
        self.start(server)

    def promote(self, server: Server) -> None:
        """Make a standby the primary."""
        self.run(server, "SELECT pg_promote(true, 60)")

    def synchronous(self, primary: Server, *, wanted: bool) -> None:
        """Have commits of *primary* wait for a standby, once one follows; or wait for none."""
        names = "*" if wanted else ""
        self.run(primary, f"ALTER SYSTEM SET synchronous_standby_names = '{names}'", "SELECT pg_reload_conf()")
        until = time.monotonic() + _PATIENCE
        asked = "SELECT 1 FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')"
        while wanted and not self.run(primary, asked):
            if time.monotonic() > until:
                raise RuntimeError(f"no standby follows: {(primary.folder / 'log').read_text()}")
            time.sleep(0.05)

    def add(self) -> Server:
        """Make a place for one more server."""
        folder = self.folder / f"server{len(self.servers)}"
        folder.mkdir()
        if self.owner:
            os.chown(folder, self.owner["user"], self.owner["group"])
        self.servers.append(Server(folder, free_port()))
        return self.servers[-1]

    def primary(self) -> Server:
        """Make one more server with a store of its own, and start it."""
        server = self.add()
        self.secret = initialise(self.binaries, server.folder, self.owner, self.secret)
        (server.folder / "data" / "pg_hba.conf").write_text(
            "host all,replication all 127.0.0.1/32 scram-sha-256\n", encoding="ascii"
        )
        self.start(server)
        return server


def _children(parent: int) -> list[int]:
    """Return the processes that a server has started, where the system tells: elsewhere they see that it died."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _, _, rest = entry.read_text(encoding="latin-1").rpartition(") ")
            if int(rest.split()[1]) == parent:
                found.append(int(entry.parent.name))
    return found


@contextmanager
def built(*, durable: bool = False) -> Iterator[Cluster]:
    """Give a cluster without servers; at the end all of them are gone. A *durable* one survives a loss of power."""
    as_root = os.geteuid() == 0
    folder = Path(tempfile.mkdtemp(prefix="comity-cluster-", dir=OPEN_TO_ALL if as_root else None))
    nobody = pwd.getpwnam("nobody")
    owner: dict[str, Any] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []} if as_root else {}
    cluster = Cluster(folder, installed(folder, copy=as_root), owner, "", durable)
    try:
        if as_root:
            for below in (folder, *folder.rglob("*")):
                os.chown(below, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
        yield cluster
    finally:
        for server in cluster.servers:
            cluster.kill(server)
        shutil.rmtree(folder)
