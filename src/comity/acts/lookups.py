"""Statements that only read, by this thread's connection, without Django's wrapping.

A poll asks a handful of questions that the store answers in microseconds, and Django's way through cursor, wrappers and
conversion takes longer than each. What is read is what Django would read: the connection and its transaction are the
same. Where somebody listens to the statements (`execute_wrapper`, a debug cursor), they go by Django all the same.

PostgreSQL is asked for binary rows: as text, bytes would come in twice their number, written and read digit by digit.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from comity.acts.links import marked

Row = tuple[Any, ...]


def rows(asked: str, values: Sequence[Any] = (), store: str = DEFAULT_DB_ALIAS) -> list[Row]:
    """Return the rows that a statement finds, with `%s` where a value goes; Django's errors of the database."""
    connection: Any = connections[store]  # `Database`, the library that it goes by, is in no stub
    if connection.execute_wrappers or connection.force_debug_cursor:
        with connection.cursor() as cursor:
            cursor.execute(asked, values)
            return list(cursor.fetchall())
    connection.ensure_connection()
    with connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            cursor = connection.Database.Cursor(connection.connection)
            return list(cursor.execute(asked, values, binary=True).fetchall())
        return list(connection.connection.execute(marked(asked), values).fetchall())


def row(asked: str, values: Sequence[Any] = ()) -> Row | None:
    """Return the first row that a statement finds, None where it finds none."""
    return next(iter(rows(asked, values)), None)


def day(value: date | str) -> date:
    """Return a day of a row, which SQLite keeps as text."""
    return value if isinstance(value, date) else date.fromisoformat(value)
