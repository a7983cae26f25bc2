"""Taking a backup of a node while it works: its store as it is at one instant, with its keys and files, in one file.

The store goes into a backup as an SQLite file, whatever it is here, so that a backup can be restored on a machine that
has nothing but this program.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from django.db import connections, transaction

from comity import __version__, database
from comity.acts import archives, keys, moving, stores
from comity.acts.archives import BackupRefused, Manifest, Stood
from comity.acts.stores import SOURCE, TARGET
from comity.models import Node

STORE = "comity.sqlite3"
_OF_THE_STORE = (STORE, database.POINTER, "schema")
"""What names the store or its state in this home: it comes from the snapshot, or is made anew."""


def take(home: Path, target: Path, now: datetime, told: stores.Told) -> Manifest:
    """Write a backup of the opened node in *home* to the new file *target*; nothing is left of one that fails."""
    if target.exists():
        raise BackupRefused(f"{target} is there already: name a new file")
    draft = target.with_name(f"{target.name}.part")
    with os.fdopen(_opened(draft), "wb") as out:
        try:
            found = write(home, out, now, told)
            out.flush()
            os.fsync(out.fileno())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    return found


def _opened(draft: Path) -> int:
    try:
        draft.unlink(missing_ok=True)
        return os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        why = f"{draft} cannot be written ({error.strerror}): name a file in a folder of yours"
        raise BackupRefused(why) from error


def write(home: Path, out: IO[bytes], now: datetime, told: stores.Told) -> Manifest:
    """Write a backup of the opened node in *home* to *out*."""
    with tempfile.TemporaryDirectory(dir=home, prefix=".backup-") as draft, keys.still(home):
        snapshot = Path(draft) / STORE
        logs = _snapshot(snapshot, told)
        files = {STORE: snapshot} | {str(path.relative_to(home)): path for path in _beside(home)}
        us = Node.objects.values_list("party__code", flat=True).get()
        listed = {name: archives.stored(path) for name, path in files.items()}
        manifest = Manifest(archives.FORM, us, __version__, now.astimezone(UTC).isoformat(timespec="seconds"),
                            logs, listed)  # fmt: skip
        archives.pack(files, manifest, out)
    return manifest


def _beside(home: Path) -> Iterator[Path]:
    """Yield every file of the home that is not of the store: keys, letters, evidence, whatever verbs keep there."""
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home).parts
        ours = name[-1] != ".lock" and not name[0].startswith((*_OF_THE_STORE, "."))
        if ours and path.is_file() and not path.is_symlink():
            yield path


def _snapshot(path: Path, told: stores.Told) -> dict[str, Stood]:
    """Write the store as it is at one instant to an SQLite file, and say where each log stands in it."""
    if connections[SOURCE].vendor == "sqlite":
        _copied_pages(path)
        stores.connect(str(path))
    else:
        stores.connect(str(path))
        _copied_rows(told)
    try:
        return {origin: Stood(head.size, head.root) for origin, head in moving.heads(TARGET).items()}
    finally:
        stores.disconnect()


def _copied_pages(path: Path) -> None:
    """Copy an SQLite store, page by page, in one read: writers go on meanwhile."""
    connections[SOURCE].ensure_connection()
    there = sqlite3.connect(path)
    try:
        connections[SOURCE].connection.backup(there)
    finally:
        there.close()


def _copied_rows(told: stores.Told) -> None:
    """Copy a PostgreSQL's store, row by row, as of one instant (REPEATABLE READ): writers go on meanwhile."""
    with transaction.atomic(using=SOURCE):
        with connections[SOURCE].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        stores.copy(told)
