"""A link to SQLite without Django's wrapping, for the few statements that every page waits for.

It is for one thread that must not wait, the one that the server's connections live in: what is locked by somebody else
is refused at once, for a thread that may wait to try again. On PostgreSQL, where every statement waits for another
machine, that thread has a pipe instead (`acts.pipes`).
"""

import sqlite3
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from django.db import DEFAULT_DB_ALIAS, connection, connections

Busy = sqlite3.Error
"""Somebody else holds the store, or it failed: whoever may wait tries again and hears why."""


Row = Sequence[Any]
_MOST = 512  # things that a cursor remembers


class Statement(NamedTuple):
    """A statement with `%s` where a value goes, and the values of each time that it is run."""

    text: str
    rows: Sequence[Sequence[Any]] = ((),)


class Cursor(Protocol):
    """What Django's cursors and these have in common."""

    def execute(self, sql: str, params: Sequence[Any] = ..., /) -> Any:  # noqa: ANN401 - it differs between them
        """Run a statement with `%s` where a value goes."""

    def executemany(self, sql: str, params: Sequence[Sequence[Any]], /) -> Any:  # noqa: ANN401 - as above
        """Run a statement for each of several rows."""

    def fetchone(self) -> Any:  # noqa: ANN401 - a row of any shape, None where there is none
        """Return the next row that was found."""


class AtOnce(sqlite3.Cursor):
    """A cursor that never waits, with what its user remembers as long as no other connection has committed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Begin with nothing remembered."""
        super().__init__(connection)
        self._run = super().execute
        self._memory: dict[Any, Any] = {}
        self._version = -1

    def remembered(self) -> dict[Any, Any]:
        """Return what was remembered, in a transaction that writes; nothing if meanwhile another one has committed.

        Whoever remembers something beside what its own connection has written keeps it true.
        """
        (version,) = self._run("PRAGMA data_version").fetchone()  # another's commits change it, its own do not
        if version != self._version or len(self._memory) > _MOST:
            self.forget()
            self._version = version
        return self._memory

    def forget(self) -> None:
        """Remember nothing any more."""
        self._memory = {}

    def execute(self, sql: str, params: Any = (), /) -> "AtOnce":  # noqa: ANN401 - as in Cursor
        """Run a statement with `%s` where a value goes."""
        self._run(marked(sql), params)
        return self

    def executemany(self, sql: str, params: Any, /) -> "AtOnce":  # noqa: ANN401 - as in Cursor
        """Run a statement for each of several rows."""
        super().executemany(marked(sql), params)
        return self


@lru_cache(maxsize=512)
def marked(sql: str) -> str:
    """Write `?` for each `%s`, as SQLite has it."""
    return sql.replace("%s", "?")


def answers(questions: Sequence[Statement], cursor: Cursor) -> list[Row | None]:
    """Ask one question after the other; return for each the row that is found, None where there is none."""
    found = list[Row | None]()
    for asked in questions:
        cursor.execute(asked.text, asked.rows[0])
        found.append(cursor.fetchone())
    return found


def run(wanted: Statement, cursor: Cursor) -> None:
    """Run a statement, as often as it has values."""
    if len(wanted.rows) == 1:
        cursor.execute(wanted.text, wanted.rows[0])
    elif wanted.rows:
        cursor.executemany(wanted.text, wanted.rows)


_own = threading.local()


def at_once() -> AtOnce | None:
    """Return this thread's cursor that never waits, in no transaction; None where the store has none."""
    settings = connections.settings[DEFAULT_DB_ALIAS]  # where connections live that belong to no thread, none is made
    found: tuple[str, AtOnce] | None = getattr(_own, "found", None)
    if found is None or found[0] != settings["NAME"]:
        if not settings["ENGINE"].endswith("sqlite3"):
            return None
        link = sqlite3.connect(settings["NAME"], timeout=0, isolation_level=None)
        link.executescript(settings["OPTIONS"]["init_command"])
        found = _own.found = settings["NAME"], link.cursor(AtOnce)
    return found[1]


def plain() -> AtOnce | None:
    """Return a cursor of this thread's own connection, which waits for locks as that does; None on PostgreSQL.

    Django knows nothing of what it begins, so that whoever begins a transaction by it ends it, with no act between.
    """
    if connection.vendor != "sqlite":
        return None
    connection.ensure_connection()
    made: AtOnce = connection.connection.cursor(AtOnce)
    return made


def takes_locks() -> bool:
    """Tell whether a row that is read to be changed has to be locked; on SQLite a transaction that writes is alone.

    The settings tell, for no connection of Django's belongs to the loop in which the connections of the server live.
    """
    return bool(connections.settings[DEFAULT_DB_ALIAS]["ENGINE"].endswith("postgresql"))


def close() -> None:
    """Close this thread's link."""
    found = getattr(_own, "found", None)
    if found is not None:
        found[1].connection.close()
        del _own.found
