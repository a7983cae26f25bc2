"""A client that costs little: it asks over connections kept open, reads whole answers, and notes what each took.

Client and server share the machine's processors, so that a costly client would hide what the server costs. Bodies are
read into one buffer and counted, not parsed; whoever calls has compared them byte for byte before.
"""

import selectors
import socket
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import cycle, islice
from statistics import median

from bench._child import NotMeasured

_PATIENCE = 3600.0
_HEAD = b"\r\n\r\n"
_AT_ONCE = 1 << 20


@dataclass(slots=True)
class Taken:
    """What some answers took: seconds each, and the seconds from the first question to the last byte of all."""

    each: list[float] = field(default_factory=list)
    altogether: float = 0.0

    def __add__(self, other: "Taken") -> "Taken":
        """Count two runs as one."""
        return Taken(self.each + other.each, self.altogether + other.altogether)

    def rate(self, objects: int) -> float:
        """Give objects a second, at *objects* a page, from first to last."""
        return objects * len(self.each) / self.altogether

    def middle(self) -> float:
        """Give the median in milliseconds."""
        return 1000 * median(self.each)

    def percentile(self, part: float) -> float:
        """Give the milliseconds within which *part* (0 to 1) of the answers came."""
        return 1000 * sorted(self.each)[min(int(part * len(self.each)), len(self.each) - 1)]


def request(path: str, headers: Mapping[str, str]) -> bytes:
    """Write a question as it goes over the wire."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def once(port: int, path: str, headers: Mapping[str, str]) -> bytes:
    """Get one body, whole; anything but 200 raises `NotMeasured` with what was said."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:  # noqa: PLR2004 - OK
        raise NotMeasured(f"{path} was answered with {answer.status}: {body[:500]!r}")
    return body


def ask(port: int, requests: Sequence[bytes], seconds: float, clients: int = 1) -> Taken:
    """Ask for the pages round and round by so many clients at once, each beginning at another page.

    Each asks until *seconds* have passed, and once in any case; what was asked by then is waited for and counted.
    """
    buffer = memoryview(bytearray(_AT_ONCE))
    taken = Taken()
    began = time.perf_counter()
    starts = (number * len(requests) // clients for number in range(clients))
    lines: list[_Line] = []
    try:
        lines.extend(_Line(port, buffer, _until(began + seconds, requests, start)) for start in starts)
        _run(lines)
        taken.altogether = time.perf_counter() - began
    finally:
        for line in lines:
            line.close()
    for line in lines:
        taken.each += line.taken
    return taken


def each(port: int, requests: Sequence[bytes]) -> Taken:
    """Ask each question once, one after the other, by one client over one connection."""
    taken = Taken()
    began = time.perf_counter()
    line = _Line(port, memoryview(bytearray(_AT_ONCE)), iter(requests))
    try:
        _run([line])
        taken.altogether = time.perf_counter() - began
    finally:
        line.close()
    taken.each = line.taken
    return taken


def _until(end: float, requests: Sequence[bytes], start: int) -> Iterator[bytes]:
    yield requests[start]
    for question in islice(cycle(requests), start + 1, None):
        if time.perf_counter() >= end:
            return
        yield question


def _run(lines: Iterable["_Line"]) -> None:
    """Read from whichever connection has something, until none has a question left."""
    with selectors.DefaultSelector() as waiting:
        for line in lines:
            waiting.register(line.connection, selectors.EVENT_READ, line)
        while waiting.get_map():
            for key, _ in waiting.select(_PATIENCE):
                _advance(waiting, key.data)


def _advance(waiting: selectors.BaseSelector, line: "_Line") -> None:
    before = line.connection
    line.read()
    if line.ended or line.connection is not before:
        waiting.unregister(before)
        before.close()
        if not line.ended:
            waiting.register(line.connection, selectors.EVENT_READ, line)


class _Line:
    """One client's connection, its questions, and how far the answer to the last one has come."""

    def __init__(self, port: int, buffer: memoryview, requests: Iterator[bytes]) -> None:
        self._port, self._buffer, self._requests = port, buffer, requests
        self.taken: list[float] = []
        self.ended = False
        self._head, self._missing, self._closes = b"", 0, False
        self._asked = 0.0
        self.connection = self._connect()
        self._ask()

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def read(self) -> None:
        """Take what has come; where an answer is whole, note it and ask the next question."""
        count = self.connection.recv_into(self._buffer)
        if count == 0:
            raise NotMeasured(f"the server hung up in an answer: {self._head[:200]!r}")
        if self._missing:
            self._missing -= count
        else:
            self._begin(bytes(self._buffer[:count]))
        if not self._missing and not self._head:
            self.taken.append(time.perf_counter() - self._asked)
            if self._closes:
                self.connection = self._connect()
            self._ask()

    def _begin(self, came: bytes) -> None:
        """Read the head of an answer, as soon as all of it is here."""
        self._head += came
        head, ending, body = self._head.partition(_HEAD)
        if not ending:
            return
        status, *lines = head.decode("latin-1").lower().split("\r\n")
        fields = dict(line.split(": ", 1) for line in lines)
        if " 200 " not in f"{status} " or "content-length" not in fields:
            raise NotMeasured(f"an answer cannot be measured: {head[:300]!r}")
        self._head, self._missing = b"", int(fields["content-length"]) - len(body)
        self._closes = fields.get("connection") == "close"

    def _connect(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self._port), timeout=_PATIENCE)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def _ask(self) -> None:
        question = next(self._requests, None)
        self.ended = question is None
        if question is not None:
            self._asked = time.perf_counter()
            self.connection.sendall(question)
