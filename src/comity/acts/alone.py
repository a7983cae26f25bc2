"""Locks that only one of a node's processes holds, and that end with it, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

MAIL, PEERS, EXERCISES = ("mail.lock", 0x436F6D69), ("peers.lock", 0x436F6D6A), ("exercises.lock", 0x436F6D6B)
"""A lock is a file's name in the node's home, and its number among a database's advisory locks."""


@contextmanager
def only_one(lock: tuple[str, int]) -> Iterator[bool]:
    """Hold a lock while this lasts; give False where another process or thread holds it."""
    name, number = lock
    with _by_server(number) if connection.vendor == "postgresql" else _by_file(name) as alone:
        yield alone


@contextmanager
def _by_file(name: str) -> Iterator[bool]:
    """Lock a file of the home: the system lets go when the process ends, however it ends."""
    handle = os.open(Path(settings.DATA) / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


@contextmanager
def _by_server(number: int) -> Iterator[bool]:
    """Lock in the server, which lets go when the connection ends: nodes on several machines share one store."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        alone = bool(cursor.fetchone()[0])
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
