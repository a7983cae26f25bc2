"""Writing beside: rows go into the store by a thread of its own, while the act decides what comes next.

The database's library and the compressor work without Python's lock, so both go on. Whatever the act asks of the store
meanwhile waits until all that was given to the thread is there: nobody ever reads a store that is written by half.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, Final, TypeVar

from django.db import connection

from comity.acts.links import marked

Row = Sequence[Any]
T = TypeVar("T")
Execute = Callable[[str, Sequence[Any]], list[Row]]
"""Runs a statement with `%s` where its values go, and returns its rows."""
_VALUES: Final = 18_000  # that one statement inserts: what a statement costs by itself is shared by many rows


class Beside:
    """What is given to the thread, in the transaction of the act that began it."""

    def __init__(self, writer: ThreadPoolExecutor, maker: ThreadPoolExecutor) -> None:
        """Write by a thread through this thread's connection; another makes what takes long to make."""
        connection.ensure_connection()
        self._writer, self._maker, self._coming = writer, maker, deque[Future[None]]()
        self._of_this_step = 0
        self._made: list[Callable[[], None]] = []
        self._raw, self._wrapped = connection.connection, connection.wrap_database_errors
        self._to_postgres = connection.vendor == "postgresql"

    def insert(self, table: str, alike: Mapping[str, Any], columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Insert rows by the quickest way that the store has; each also has the values in which they are *alike*."""
        self._give(_copy if self._to_postgres else _insert, self._raw, table, alike, columns, rows)

    def do(self, job: Callable[[Execute], None]) -> None:
        """Run a job that may run statements."""
        self._give(job, self._execute)

    def make(self, make: Callable[[], T], put: Callable[[Execute, T], None]) -> None:
        """Run a job as `do` does, with what *make* returns: that is called in a further thread, ahead of it.

        The job comes after all else of its step, so that nothing waits for what is being made.
        """
        made = self._maker.submit(make)
        self._made.append(lambda: put(self._execute, made.result()))

    def step(self) -> None:
        """Begin a step; wait for those before the last one, so that no more than two are on their way."""
        self._put_made()
        self._wait(self._of_this_step)
        self._of_this_step = 0

    def wait(self) -> None:
        """Wait until all is done; raise what kept any of it from that."""
        self._put_made()
        self._wait(0)

    def _put_made(self) -> None:
        for put in self._made:
            self._give(put)
        self._made = []

    def _wait(self, but: int) -> None:
        while len(self._coming) > but:
            self._coming.popleft().result()

    def before_asking(self, execute: Callable[..., Any], *asked: Any) -> Any:  # noqa: ANN401 - as Django calls it
        """Run one of the act's own statements when all that came before is done."""
        self.wait()
        return execute(*asked)

    def _give(self, job: Callable[..., None], *args: Any) -> None:  # noqa: ANN401 - what the job takes
        def run() -> None:
            with self._wrapped:
                job(*args)

        self._coming.append(self._writer.submit(run))
        self._of_this_step += 1

    def _execute(self, asked: str, values: Sequence[Any]) -> list[Row]:
        text = asked if self._to_postgres else marked(asked)
        found = self._raw.execute(text, values)
        return list(found.fetchall()) if found.description else []


@contextmanager
def beside() -> Iterator[Beside]:
    """Begin to write beside, inside the act's transaction; all is there, or has failed, at the end."""
    with ThreadPoolExecutor(1) as maker, ThreadPoolExecutor(1) as writer:
        begun = Beside(writer, maker)
        with connection.execute_wrapper(begun.before_asking):
            yield begun
        begun.wait()


def _copy(raw: Any, table: str, alike: Mapping[str, Any], columns: Sequence[str], rows: Iterable[Row]) -> None:  # noqa: ANN401 - PostgreSQL's
    names, same, left = _names(alike, columns), tuple(alike.values()), iter(rows)
    for first in left:  # without one, no turn to the server
        with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in chain((first,), left):
                copy.write_row((*same, *row))


def _insert(raw: sqlite3.Connection, table: str, alike: Mapping[str, Any], columns: Sequence[str],
            rows: Iterable[Row]) -> None:  # fmt: skip
    names, left = _names(alike, columns), iter(rows)
    marks = f"({', '.join([*(f'?{number}' for number in range(1, len(alike) + 1)), *'?' * len(columns)])})"
    most = min(_VALUES, raw.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)) - len(alike)
    many = max(1, most // len(columns))
    while part := list(islice(left, many)):
        values = [*alike.values(), *chain.from_iterable(part)]
        raw.execute(f"INSERT INTO {table} ({names}) VALUES {', '.join([marks] * len(part))}", values)  # noqa: S608 - ours


def _names(alike: Iterable[str], columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in (*alike, *columns))
