"""A connection that answers at once what its application has at hand.

HTTP itself is uvicorn's and httptools': reading requests, keeping lines open, their order where several come at once.
A request goes to the application as a task. One whose answer is at hand, or is read by a thread, needs no task, and its
bytes no second copy: they go from where they are kept into the connection, as far as it takes them. One that is byte
for byte what was asked before need not even be read: whoever asks for a page again does so with the same head.

A large body that is asked for time and again is in a file as well, which the kernel sends without a copy of its own.

What uvicorn does not bound is bounded here: how long a head may be, and how long one may take to send it.
"""

import os
import socket as sockets
from asyncio import Event, TimerHandle, Transport
from collections.abc import Callable, MutableMapping, Sequence
from contextlib import suppress
from functools import partial
from socket import socket
from typing import Any, ClassVar, Protocol, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

HEAD = "comity.head"
"""Where a scope holds a request's bytes as they came, if it came whole and alone on a line that stays open."""
LONGEST_HEAD = 64 * 1024
PATIENCE = 30.0
"""Seconds in which the head of a request has to come."""
_END = b"\r\n\r\n"
_MORE: int = getattr(sockets, "MSG_MORE", 0)  # Linux alone keeps a head back until its body comes
_REFUSALS = {408: b"The head of the request did not come in time.", 431: b"The head of the request is too large."}


class Give(Protocol):
    """Takes an answer."""

    def __call__(self, status: int, headers: bytes, body: bytes, file: int | None = None, /) -> object:
        """Take status, header lines, body, and the number of an open file that holds the body too, if one does."""


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
    _line: socket | None = None
    """The transport's socket, where what goes into it is what the client gets."""
    _whole = True
    """No message is on its way in."""
    _head: bytes | None = None
    """What came, if it is one head and no more."""
    _known: Callable[..., bool] | None = None
    """The application's way of answering what is known by its bytes, if it has one."""
    _meanwhile: list[bytes] | None = None
    """What came while an answer is due that was at hand; None while none is."""
    _lines: ClassVar[tuple[Sequence[tuple[bytes, bytes]], bytes]] = ((), b"")
    _last = False
    _used = 0.0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin; a line on which nothing is asked is closed after a while."""
        super().connection_made(transport)
        self._known = getattr(self.app, "same", None)
        if self.scheme == "http":
            self._line = socket(fileno=transport.get_extra_info("socket").fileno())
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        if self._line is not None:
            self._line.detach()  # it is the transport's to close
            self._line = None
        self._in_time()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Answer what is known by its bytes; else read what came, and bound what is not yet a whole head."""
        if self._meanwhile is not None:  # answers go in the order of their questions
            self._meanwhile.append(data)
            self.flow.pause_reading()
            return
        self._head = data if self._between() and data.find(_END) == len(data) - len(_END) else None
        if self._head is None or not self._same(data):
            self._read(data)

    def _between(self) -> bool:
        """Tell whether nothing is on its way in or out."""
        return self._whole and not self.flow.write_paused and (self.cycle is None or self.cycle.response_complete)

    def _same(self, head: bytes) -> bool:
        """Have a head that was seen before answered from what is at hand; False where it has to be read."""
        same = self._known
        if same is None:
            return False
        self._meanwhile = []
        if same(head, self._give_same, partial(self._go_on, head)):
            return True
        self._meanwhile = None
        return False

    def _give_same(self, status: int, headers: bytes, body: bytes, file: int | None = None) -> None:
        """Send an answer whole to what was known by its bytes, and go on."""
        self._used = self.loop.time()
        self.server_state.total_requests += 1
        if not self.transport.is_closing():
            self._answer(status, headers, body, file)
            if self._last:
                self.transport.close()
        self._go_on()

    def _go_on(self, *first: bytes) -> None:
        """Read what came meanwhile, after what had to be read *first*."""
        came, self._meanwhile = self._meanwhile or [], None
        if not self.transport.is_closing():
            self.flow.resume_reading()
            for data in first:
                self._read(data)
            for data in came:
                self.data_received(data)

    def shutdown(self) -> None:
        """Close when what is due was given."""
        if self._meanwhile is None:
            super().shutdown()
        else:
            self._last = True

    def timeout_keep_alive_handler(self) -> None:
        """Close a line on which nothing was asked for a while: also by heads that were known."""
        left = self._used + self.timeout_keep_alive - self.loop.time()
        if self._meanwhile is not None or left > 0:
            again = max(left, 1.0)
            self.timeout_keep_alive_task = self.loop.call_later(again, self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()

    def _read(self, data: bytes) -> None:
        super().data_received(data)
        if self._heading and not self.transport.is_closing():
            self._size += len(data)
            if self._size > LONGEST_HEAD:
                self._refuse(431)
            elif self._late is None:
                self._late = self.loop.call_later(PATIENCE, self._refuse, 408)

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._heading, self._size, self._whole = True, 0, False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Have a request answered, its head being here."""
        self._heading = False
        self._in_time()
        if self._head is not None and self.parser.should_keep_alive() and self.parser.get_http_version() == "1.1":
            cast("dict[str, object]", self.scope)[HEAD] = self._head
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End a request."""
        self._whole = True
        super().on_message_complete()

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

    def _give(self, cycle: Cycle, status: int, headers: bytes, body: bytes, file: int | None = None) -> None:
        """Send an answer whole, and go on to the next request."""
        if cycle.disconnected:
            return
        self._answer(status, headers if cycle.keep_alive else headers + b"connection: close\r\n", body, file)
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

    def _answer(self, status: int, headers: bytes, body: bytes, file: int | None) -> None:
        """Send an answer, with its date: as much as the connection takes at once, the rest by the transport."""
        head = STATUS_LINE[status] + self._dated() + headers + b"\r\n"
        sent = 0
        if self._line is not None and not self.transport.get_write_buffer_size():
            sent = self._sent(self._line, head, body) if file is None else self._sent_from(self._line, head, body, file)
        if sent < len(head):
            self.transport.write(head[sent:])
            sent = len(head)
        if sent < len(head) + len(body):
            self.transport.write(memoryview(body)[sent - len(head) :])

    def _dated(self) -> bytes:
        """Return the lines that uvicorn makes once a second."""
        made = self.server_state.default_headers
        if Wire._lines[0] is not made:
            Wire._lines = made, b"".join([b"%b: %b\r\n" % pair for pair in made])
        return Wire._lines[1]

    @staticmethod
    def _sent(line: socket, head: bytes, body: bytes) -> int:
        """Send by one call; give the number of bytes that the connection took."""
        try:
            return os.writev(line.fileno(), (head, body))
        except OSError:  # full, or broken: the transport finds out which
            return 0

    @staticmethod
    def _sent_from(line: socket, head: bytes, body: bytes, file: int) -> int:
        """Send the body from a file: its pages are handed on, and only the client's side copies them."""
        whole, sent = len(head) + len(body), 0
        with suppress(OSError):  # as above
            sent = line.send(head, _MORE)
            while len(head) <= sent < whole:
                sent += os.sendfile(line.fileno(), file, sent - len(head), whole - sent)
        return sent
