"""Where a node's store is, as Django's entry for it: an SQLite file, or a PostgreSQL of one host or several."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

POINTER = "database"
"""The file in a node's home that names its store, once it was moved out of `comity.sqlite3`."""


def address(home: Path, given: str = "") -> str:
    """Return where the store of the node in *home* is: as *given*, else as its pointer says, else its SQLite file."""
    pointer = home / POINTER
    named = pointer.read_text(encoding="utf-8").strip() if not given and pointer.exists() else given
    return named or str(home / "comity.sqlite3")


def here() -> str:
    """Return where the store of this process's node is, as its environment says (`COMITY_DATA`, `COMITY_DATABASE`)."""
    home = Path(os.environ.get("COMITY_DATA", "comity-data")).resolve()
    return address(home, os.environ.get("COMITY_DATABASE", ""))


def entry(url: str) -> dict[str, object]:
    """Return Django's entry for *url*: the path of an SQLite file, or `postgresql://user:secret@host:port/name`.

    Several hosts stand with commas between them (`@one:5432,two:5432/`), and what stands behind `?` is libpq's, such
    as `target_session_attrs=read-write`, by which the one of them is found that takes writes.
    """
    if not is_postgresql(url):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url,
            "CONN_MAX_AGE": None,  # a worker thread keeps its connection: opening one costs more than a page
            "OPTIONS": {
                # A writer takes its lock at BEGIN: a transaction that reads and then writes never fails half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                # FULL: a committed ledger row survives loss of power, which is what "nothing leaves before" rests on.
                # Nothing is mapped into memory: what is mapped is let go whenever another connection has committed.
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-8000;",
            },
        }
    parts = urlsplit(url)
    user, _, places = parts.netloc.rpartition("@")
    name, _, secret = user.partition(":")
    hosts = [_host(place) for place in places.split(",")]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(name),
        "PASSWORD": unquote(secret),
        "HOST": ",".join(host for host, _ in hosts),
        "PORT": ",".join(port for _, port in hosts) if any(port for _, port in hosts) else "",
        "CONN_MAX_AGE": None,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def is_postgresql(url: str) -> bool:
    """Tell an address of a PostgreSQL from the path of an SQLite file."""
    return url.startswith(("postgresql://", "postgres://"))


def without_secret(url: str) -> str:
    """Return an address as it may be shown: with its user, without the password."""
    if not is_postgresql(url):
        return url
    parts = urlsplit(url)
    user, at, places = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user.partition(':')[0]}{at}{places}").geturl()


def _host(place: str) -> tuple[str, str]:
    host, colon, port = place.rpartition(":")
    return (host.strip("[]"), port) if colon and not place.endswith("]") else (place.strip("[]"), "")
