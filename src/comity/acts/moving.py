"""Moving a node from one store to another, so that at every instant at most one of the two can deliver.

The source is held still; its content is copied into the target, which at first is retired; whoever moves then verifies
the copy; the source is retired, the target revived, and the node's home told where its store is. A move that is cut
short at any point leaves the source in force, or both retired, and the same move again brings it to its end.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import connections, transaction

from comity import database
from comity.acts import ledgers, stores
from comity.acts.stores import SOURCE, TARGET, StoreRefused
from comity.models import Log

_UNFINISHED = "a move to here was not finished"


@dataclass(frozen=True, slots=True)
class Head:
    """Where a log stands: how many entries, and the root over them in hex."""

    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved: the rows of each table, and the head of each log, the same in both stores."""

    rows: Mapping[str, int]
    heads: Mapping[str, Head]
    aside: str = ""
    """Where the old store's file was put, when it was one."""


def heads(alias: str = SOURCE) -> dict[str, Head]:
    """Give the head of every log in a store, by the log's name."""
    logs = Log.objects.using(alias).order_by("origin")
    return {log.origin: Head(log.size, log.edge.root().hex()) for log in logs}


def move(url: str, home: Path, now: datetime, verified: Callable[[], bool], told: stores.Told) -> Moved:
    """Move the opened node to the store at *url* (a PostgreSQL's address, or the path of an SQLite file).

    *verified* is asked once the copy is there, still retired: whether its logs verify. Raises `StoreRefused` where the
    target holds another node, or the copy does not verify; the source is then as it was.
    """
    stores.connect(url)
    try:
        was = stores.retired(SOURCE)
        found = _copied(url, now, verified, told) if was is None else _finished(was, url)
        with transaction.atomic(using=TARGET):
            stores.revive(TARGET)
    finally:
        stores.disconnect()
    return Moved(found.rows, found.heads, _pointed(url, home, now))


def _copied(url: str, now: datetime, verified: Callable[[], bool], told: stores.Told) -> Moved:
    with stores.still(SOURCE):
        ledgers.keep_edges(SOURCE)
        if not stores.is_empty(TARGET):
            _only_unfinished(url)
            _unlocked()
        copied = stores.copy(told, _UNFINISHED)
        ours, theirs = heads(SOURCE), heads(TARGET)
        if not verified() or ours != theirs:
            raise StoreRefused("the copy's logs do not verify, so the store was not moved: see above")
        stores.retire(SOURCE, f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC: moved to {database.without_secret(url)}")
    return Moved({table: found.rows for table, found in copied.items()}, theirs)


def _only_unfinished(url: str) -> None:
    """Go on only where the target's node is a copy of our own that was never put in force."""
    if stores.retired(TARGET) != _UNFINISHED:
        raise StoreRefused(f"{database.without_secret(url)} holds a node already: name an empty store")


def _unlocked() -> None:
    with transaction.atomic(using=TARGET):
        stores.revive(TARGET)


def _finished(was: str, url: str) -> Moved:
    """Go on with a move whose source is retired already: its copy is whole and verified."""
    whither = database.without_secret(url)
    if not was.endswith(f": moved to {whither}"):
        raise StoreRefused(f"this store was retired ({was}): name the store that it was moved to")
    if stores.retired(TARGET) != _UNFINISHED:
        raise StoreRefused(f"{whither} is in force already: set COMITY_DATABASE to it, or to nothing")
    rows = {model._meta.db_table: model._base_manager.using(TARGET).count() for model in stores.held()}  # noqa: SLF001
    return Moved(rows, heads(TARGET))


def _pointed(url: str, home: Path, now: datetime) -> str:
    """Tell the home where its store is, and put an SQLite file that it was aside; give where it is now."""
    _write(home / database.POINTER, url)
    old = Path(str(connections[SOURCE].settings_dict["NAME"]))
    connections[SOURCE].close()
    if connections[SOURCE].vendor != "sqlite" or not old.exists():
        return ""
    aside = old.with_name(f"{old.name}.moved-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    for ending in ("", "-wal", "-shm"):
        if old.with_name(old.name + ending).exists():
            old.with_name(old.name + ending).rename(aside.with_name(aside.name + ending))
    return str(aside)


def _write(path: Path, text: str) -> None:
    """Write a file that holds a secret: whole, and its owner's alone from the first byte on."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
