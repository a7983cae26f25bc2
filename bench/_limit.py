"""The limit of a poll: the same bytes as files, sent by nginx, which asks nobody and records nothing.

nginx is the one on the PATH, or Debian's own package, unpacked below `.cache` and nowhere installed. Where neither can
be had, a bare function takes its place, served as the exchange is, which sends from memory; the figures name what they
speak of.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import _child
from comity import environment

TAXII = "application/taxii+json;version=2.1"
SETTINGS = """
daemon off;
worker_processes auto;
pid {home}/nginx.pid;
error_log {home}/nginx.err warn;
{user}
events {{ worker_connections 256; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  default_type "{media}";
  types {{ }}
  keepalive_requests 1000000;
  gzip_static on;
  client_body_temp_path {home}/t1; proxy_temp_path {home}/t2; fastcgi_temp_path {home}/t3;
  uwsgi_temp_path {home}/t4; scgi_temp_path {home}/t5;
  server {{ listen 127.0.0.1:{port}; root {home}/pages; }}
}}
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """A server of files that runs: what it is, where it listens, and its first process."""

    name: str
    port: int
    process: int


@contextmanager
def files(home: Path, pages: Sequence[bytes]) -> Iterator[Limit]:
    """Serve each of the pages at `/0000`, `/0001` and so on, from a folder of its own in *home*."""
    folder = Path(tempfile.mkdtemp(prefix="limit-", dir=home))
    (folder / "pages").mkdir()
    for number, page in enumerate(pages):
        (folder / "pages" / f"{number:04}").write_bytes(page)
    program = nginx()
    with _by_nginx(program, folder) if program else _from_memory(folder) as limit:
        yield limit


def nginx() -> str | None:
    """Give the path of an nginx that runs, unpacked from Debian's package where none is installed; None without."""
    found = shutil.which("nginx", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")))
    unpacked = environment.ROOT / ".cache" / "peers" / "nginx"
    if found is None and not unpacked.exists() and shutil.which("apt-get") and shutil.which("dpkg"):
        _unpack(unpacked)
    chosen = found or str(unpacked / "usr" / "sbin" / "nginx")
    return chosen if environment.answers([chosen, "-v"]) else None


def _unpack(target: Path) -> None:
    """Fetch Debian's package and unpack it: nothing is installed, and no server of the machine's is started."""
    environment.say("bringing nginx to compare with, once")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["apt-get", "download", "-qq", "nginx"], cwd=folder, capture_output=True, check=False)  # noqa: S607
        for package in Path(folder).glob("*.deb"):
            subprocess.run(["dpkg", "-x", str(package), str(target)], capture_output=True, check=False)  # noqa: S607


@contextmanager
def _by_nginx(program: str, folder: Path) -> Iterator[Limit]:
    port = _child.free_port()
    user = "user root;" if os.geteuid() == 0 else ""  # else its workers may not read root's folders
    settings = folder / "nginx.conf"
    settings.write_text(SETTINGS.format(home=folder, user=user, media=TAXII, port=port), encoding="utf-8")
    command = [program, "-p", str(folder), "-e", str(folder / "nginx.err"), "-c", str(settings)]
    with _child.listening(command, port, folder / "nginx.log", os.environ) as process:
        yield Limit("nginx, static files", port, process)


@contextmanager
def _from_memory(folder: Path) -> Iterator[Limit]:
    with _child.served("bench._bare:application", folder) as (port, process):
        yield Limit("a bare server (no nginx could be had)", port, process)
