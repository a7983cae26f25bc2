"""Group commit by a pipe to PostgreSQL, in the thread that the connections live in: nobody waits for an answer.

One group is on its way at a time. It takes two turns to the server: what is asked, with the locks that it takes; then
what is written upon the answers, with the commit. What comes meanwhile is the next group.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import DatabaseError, connection

from comity.acts import pipes
from comity.acts.groups import MOST, Group, Waiting
from comity.acts.ledgers import NoLog
from comity.acts.links import Statement
from comity.acts.pipes import BEGIN, COMMIT, Pipe


@dataclass(slots=True, eq=False)
class Writer:
    """The pipe, what waits for it, and the group that is on its way; `give_up` takes entries that are not written.

    All but `connect` is for the thread of the loop.
    """

    give_up: Callable[[Sequence[Waiting]], object]
    pipe: Pipe | None = None
    waiting: list[Waiting] = field(default_factory=list)
    _connecting: threading.Lock = field(default_factory=threading.Lock)
    _loop: asyncio.AbstractEventLoop | None = None
    _group: Group | None = None
    _asking: bool = False

    def connect(self) -> None:
        """Make the pipe where there should be one and is none: for a thread that may wait."""
        if connection.vendor == "postgresql" and self._connecting.acquire(blocking=False):
            try:
                self.pipe = self.pipe or pipes.made()
            finally:
                self._connecting.release()

    def write(self) -> bool:
        """Write what waits, from here on by itself; False when there is no pipe."""
        if self.pipe is None:
            return False
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            loop.add_reader(self.pipe.number, self._came, self.pipe)
            self._loop = loop
        if self._group is None:
            self._begin(self.pipe)
        return True

    def emptied(self) -> list[Waiting]:
        """Take out all that waits."""
        found, self.waiting = self.waiting, []
        return found

    def close(self) -> None:
        """Hang up; of a group that is on its way, nothing is heard any more."""
        pipe, loop = self.pipe, self._loop
        self.pipe = self._loop = self._group = None
        if pipe is not None:
            if loop is not None and not loop.is_closed():
                loop.remove_reader(pipe.number)
                loop.remove_writer(pipe.number)
            pipe.close()

    def _begin(self, pipe: Pipe) -> None:
        """Send off what waits, if anything does."""
        entries, self.waiting = self.waiting[:MOST], self.waiting[MOST:]
        self._group = Group(entries) if entries else None
        if self._group is not None:
            self._asking = True
            self._send(pipe, [BEGIN, *self._group.questions(locks=True)])

    def _came(self, pipe: Pipe) -> None:
        """Hear what the server says; once it has said all, take the next turn."""
        try:
            answers = pipe.receive()
            if answers is None or self._group is None:
                return
            statements = self._group.statements(answers) if self._asking else []
        except (DatabaseError, NoLog) as error:
            self._fail(error)
            return
        if self._asking:
            self._asking = False
            self._send(pipe, [*statements, COMMIT])
        else:
            written = self._group
            self._begin(pipe)
            written.settle()

    def _send(self, pipe: Pipe, statements: Sequence[Statement]) -> None:
        try:
            sent = pipe.send(statements)
        except DatabaseError as error:
            self._fail(error)
        else:
            if not sent and self._loop is not None:
                self._loop.add_writer(pipe.number, self._flush, pipe)

    def _flush(self, pipe: Pipe) -> None:
        try:
            if pipe.flush() and self._loop is not None:
                self._loop.remove_writer(pipe.number)
        except DatabaseError as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        """Hang up; of the group that is on its way, nothing is written as long as it was being asked about."""
        group = self._group
        self.close()
        left = self.emptied()
        if group is not None and self._asking:
            left = [*group.entries, *left]
        elif group is not None:
            group.settle(error)
        self.give_up(left)
