"""A connection that answers at once what its application has at hand.

HTTP itself is uvicorn's and httptools': reading requests, keeping lines open, their order where several come at once.
A request goes to the application as a task. One whose answer is at hand, or is read by a thread, needs no task, and its
bytes no second copy: they go from where they are kept into the connection, as far as it takes them.

What uvicorn does not bound is bounded here: how long a head may be, and how long one may take to send it.
"""

import os
from asyncio import Event, TimerHandle, Transport
from collections.abc import Callable, MutableMapping
from functools import partial
from typing import Any, Protocol

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

Give = Callable[[int, bytes, bytes], object]
"""Takes status, header lines, and body."""
LONGEST_HEAD = 64 * 1024
PATIENCE = 30.0
"""Seconds in which the head of a request has to come."""
_REFUSALS = {408: b"The head of the request did not come in time.", 431: b"The head of the request is too large."}


class Cycle(Protocol):
    """uvicorn's record of one request and its answer, as far as it is used here."""

    scope: MutableMapping[str, Any]
    flow: Any
    message_event: Event
    disconnected: bool
    keep_alive: bool
    response_started: bool
    response_complete: bool
    on_response: Callable[[], object]


async def _fail(error: BaseException, *_asked: object) -> None:
    """Be an application that fails, for what failed beside it: it is said and told as ever."""
    raise error


class Wire(HttpToolsProtocol):
    """One connection."""

    _heading = False
    _size = 0
    _late: TimerHandle | None = None
    _number: int | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin; a line on which nothing is asked is closed after a while."""
        super().connection_made(transport)
        if self.scheme == "http":
            self._number = transport.get_extra_info("socket").fileno()
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._number = None
        self._in_time()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what came; bound what is not yet a whole head."""
        super().data_received(data)
        if self._heading and not self.transport.is_closing():
            self._size += len(data)
            if self._size > LONGEST_HEAD:
                self._refuse(431)
            elif self._late is None:
                self._late = self.loop.call_later(PATIENCE, self._refuse, 408)

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._heading, self._size = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Have a request answered, its head being here."""
        self._heading = False
        self._in_time()
        super().on_headers_complete()

    def _in_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self, status: int) -> None:
        said = _REFUSALS[status]
        head = b"content-type: text/plain\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(said)
        if self.cycle is None or self.cycle.response_complete:  # else it would stand within an answer that is due
            self.transport.write(STATUS_LINE[status] + head + said)
        self.transport.close()

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:  # noqa: ANN401 - uvicorn's, without a public type
        """Answer a request whose turn it is: at once if that can be; else have it read, or let a task answer it.

        An application that answers at once is told, as a task too, how to give an answer whole: it saves a packet.
        """
        found: Cycle = cycle
        again: Callable[..., bool] | None = getattr(app, "again", None)
        if again is None:
            super()._start_asgi_task(cycle, app)
            return
        given = partial(self._give, found)
        ask = partial(self._ask, found, app, given)
        if found.flow.write_paused or not again(found.scope, given, ask):
            ask()

    def _ask(self, cycle: Any, app: Any, given: Give) -> None:  # noqa: ANN401 - as above
        """Have a request read: without a task if the application can, which a failure needs all the same."""
        begin = super()._start_asgi_task
        if not app.read(cycle.scope, given, lambda error: begin(cycle, partial(_fail, error))):
            begin(cycle, partial(app, give=given))

    def _give(self, cycle: Cycle, status: int, headers: bytes, body: bytes) -> None:
        """Send an answer whole, and go on to the next request."""
        if cycle.disconnected:
            return
        dated = b"".join([b"%b: %b\r\n" % pair for pair in self.server_state.default_headers])
        closing = b"" if cycle.keep_alive else b"connection: close\r\n"
        self._write(b"".join((STATUS_LINE[status], dated, headers, closing, b"\r\n")), body)
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

    def _write(self, head: bytes, body: bytes) -> None:
        """Write to the connection as much as it takes, by one call; leave the rest to the transport."""
        sent = 0
        if self._number is not None and not self.transport.get_write_buffer_size():
            try:
                sent = os.writev(self._number, (head, body))
            except OSError:  # full, or broken: the transport finds out which
                sent = 0
        if sent < len(head):
            self.transport.write(head[sent:])
            sent = len(head)
        if sent < len(head) + len(body):
            self.transport.write(memoryview(body)[sent - len(head) :])
