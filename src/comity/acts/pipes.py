"""A connection to PostgreSQL by which several statements take one turn to the server.

A commit takes as many turns as there are statements whose answers are waited for one by one. In libpq's pipeline mode
what is sent together is answered together. A thread that may wait has its own connection be a pipe for one transaction
(`lent`, `Pipe.transact`). Whoever has many connections to look after makes one that is nothing else (`made`), is told
by its socket that something came, and asks whether all answers are there (`Pipe.receive`).
"""

import select
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from django.db import OperationalError, connection
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

from comity.acts.links import Row, Statement

BEGIN, COMMIT = Statement("BEGIN"), Statement("COMMIT")
_BYTES, _WHOLE = frozenset({17}), frozenset({20, 21, 23})  # bytea; int8, int2, int4: all else comes as text


class Pipe:
    """One connection in no transaction, in the hands of one thread."""

    def __init__(self, held: "psycopg.Connection[Any]") -> None:
        """Take a connection; it is a pipe from `begin` to `end`, and of no other use meanwhile."""
        self.held = held
        self._link: PGconn = held.pgconn
        self._names: dict[str, bytes] = {}
        self._rows: list[Row | None] = []
        self._error: str | None = None
        self._due = False
        self.number: int = self._link.socket

    def close(self) -> None:
        """Hang up: what was not committed is not."""
        self.held.close()

    def begin(self) -> None:
        """Be a pipe."""
        self._link.nonblocking = 1
        self._link.enter_pipeline_mode()

    def end(self) -> None:
        """Be an ordinary connection again."""
        self._link.exit_pipeline_mode()

    def transact(self, questions: Iterable[Statement],
                 decide: Callable[[Sequence[Row | None]], Iterable[Statement]]) -> None:  # fmt: skip
        """Ask questions, write what is decided upon the answers, and commit: two turns, both waited for."""
        answers = self._asked([BEGIN, *questions])
        self._asked([*decide(answers), COMMIT])

    def _asked(self, statements: Iterable[Statement]) -> Sequence[Row | None]:
        left = not self.send(statements)
        ready = select.poll()
        while True:
            ready.register(self.number, select.POLLIN | select.POLLOUT if left else select.POLLIN)
            ready.poll()
            left = left and not self.flush()
            answers = self.receive()
            if answers is not None:
                return answers

    def send(self, statements: Iterable[Statement]) -> bool:
        """Send statements; tell whether all has left, else `flush` when the socket takes more."""
        self._rows, self._error, self._due = [], None, True
        try:
            for text, rows in statements:
                name = self._names.get(text) or self._prepared(text)
                for values in rows:
                    self._link.send_query_prepared(name, *_written(values), Format.BINARY)
            self._link.pipeline_sync()
        except psycopg.Error as error:
            raise OperationalError(str(error)) from error
        return self.flush()

    def flush(self) -> bool:
        """Send what the socket takes; tell whether all has left."""
        try:
            return not self._link.flush()
        except psycopg.Error as error:
            raise OperationalError(str(error)) from error

    def receive(self) -> Sequence[Row | None] | None:
        """Return the first row of each question that was sent, once all was answered; None before that.

        `OperationalError` when a statement failed or the connection broke: then it is of no use any more.
        """
        try:
            self._link.consume_input()
            ended = False  # None stands after the results of one statement, a second one where there are no more
            while self._due and not self._link.is_busy():
                result = self._link.get_result()
                if result is not None:
                    self._take(result)
                elif ended:
                    break
                ended = result is None
        except psycopg.Error as error:
            raise OperationalError(str(error)) from error
        if self._due:
            return None
        if self._error is not None:
            raise OperationalError(self._error)
        return self._rows

    def _prepared(self, text: str) -> bytes:
        name = self._names[text] = b"comity_%d" % len(self._names)
        self._link.send_prepare(name, _numbered(text))
        return name

    def _take(self, result: PGresult) -> None:
        """Take in a result."""
        if result.status == ExecStatus.TUPLES_OK:
            self._rows.append(_read(result) if result.ntuples else None)
        elif result.status == ExecStatus.PIPELINE_SYNC:
            self._due = False
        elif result.status == ExecStatus.FATAL_ERROR:
            self._error = self._error or result.get_error_message()
            self._due = self._link.status == ConnStatus.OK  # else nothing comes any more


_own = threading.local()


def made() -> Pipe:
    """Connect as Django's settings have it, and wait for that; `OperationalError` when the store is not reached."""
    wrapped = connection.copy()
    wrapped.connect()
    pipe = Pipe(wrapped.connection)
    pipe.begin()
    return pipe


@contextmanager
def lent() -> Iterator[Pipe]:
    """Lend this thread's connection as a pipe. What is raised meanwhile closes it: what was not committed is not."""
    connection.ensure_connection()
    pipe: Pipe | None = getattr(_own, "pipe", None)
    if pipe is None or pipe.held is not connection.connection:
        pipe = _own.pipe = Pipe(connection.connection)
    pipe.begin()
    whole = False
    try:
        yield pipe
        pipe.end()
        whole = True
    finally:
        if not whole:
            connection.close()


@lru_cache(maxsize=64)
def _numbered(text: str) -> bytes:
    """Write `$1`, `$2`, … for each `%s`, as PostgreSQL has it."""
    first, *rest = text.split("%s")
    return (first + "".join(f"${place}{part}" for place, part in enumerate(rest, 1))).encode()


def _written(values: Sequence[Any]) -> tuple[list[bytes], list[Format]]:
    """Write values as they go to the server: bytes as they are, all else as text."""
    written = [one if isinstance(one, bytes) else str(one).encode() for one in values]
    return written, [Format.BINARY if isinstance(one, bytes) else Format.TEXT for one in values]


def _read(result: PGresult) -> Row:
    return tuple(_value(result.get_value(0, place), result.ftype(place)) for place in range(result.nfields))


def _value(raw: bytes | None, kind: int) -> object:
    if raw is None or kind in _BYTES:
        return raw
    return int.from_bytes(raw, "big", signed=True) if kind in _WHOLE else raw.decode()
