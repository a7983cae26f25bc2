"""An ASGI application behind RSGI: the desk is Django's, which speaks ASGI, and granian serves one protocol.

Django holds a thread for a request until its answer has ended. So an answer that never ends is not Django's to give: it
says in a header (`FOLLOW`) what is to be followed, ends, and the bridge keeps the line with what `follow` yields.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import aclosing
from typing import Any, Protocol

Message = Mapping[str, Any]
Pairs = list[tuple[str, str]]


class Stream(Protocol):
    """A response that is sent in pieces."""

    async def send_bytes(self, data: bytes) -> None:
        """Send one piece."""


class Wire(Protocol):
    """What RSGI gives to read a request's body and to answer it."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Read the body in pieces."""

    async def client_disconnect(self) -> None:
        """Return once the client has hung up."""

    def response_bytes(self, status: int, headers: Pairs, body: bytes) -> None:
        """Answer with a body."""

    def response_stream(self, status: int, headers: Pairs) -> Stream:
        """Answer in pieces."""


Application = Callable[[dict[str, Any], Callable[..., Any], Callable[..., Any]], Coroutine[Any, Any, None]]


FOLLOW = "x-comity-follow"
"""The header of an answer that is followed by what it names; it does not leave the house. In the scope it stands among
the extensions, so that a view knows that it may give it."""
Follow = Callable[[str], "AsyncIterator[bytes]"]


async def answer(application: Application, scope: Any, wire: Wire, follow: Follow) -> None:  # noqa: ANN401 - as below
    """Have an ASGI application answer one request."""
    call = _Call(wire, announced=_announced(scope))
    await application(_scope(scope), call.receive, call.send)
    if call.follows is not None:
        await _keep(wire, call.stream(), follow(call.follows))


async def _keep(wire: Wire, stream: Stream, pieces: AsyncIterator[bytes]) -> None:
    """Send pieces until the client hangs up."""
    gone = asyncio.ensure_future(wire.client_disconnect())
    async with aclosing(pieces):  # type: ignore[type-var]
        try:
            while not gone.done():
                piece = asyncio.ensure_future(anext(pieces))
                await asyncio.wait({piece, gone}, return_when=asyncio.FIRST_COMPLETED)
                if gone.done():
                    piece.cancel()
                    await asyncio.wait({piece})
                else:
                    await stream.send_bytes(piece.result())
        finally:
            gone.cancel()


def _announced(scope: Any) -> bool:  # noqa: ANN401 - as above
    return "content-length" in scope.headers or "transfer-encoding" in scope.headers


def _scope(scope: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """Write what RSGI tells of a request as ASGI tells it."""
    return {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": scope.http_version,
        "method": scope.method, "scheme": scope.scheme, "path": scope.path, "raw_path": None,
        "query_string": scope.query_string.encode("latin-1", "replace"), "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
                    for name, value in scope.headers.items()],
        "client": _address(scope.client), "server": _address(scope.server), "extensions": {FOLLOW: {}},
    }  # fmt: skip


def _address(text: str) -> tuple[str, int] | None:
    host, colon, port = text.rpartition(":")
    return (host.strip("[]"), int(port)) if colon and port.isdigit() else None


class _Call:
    """One request on its way through the application."""

    def __init__(self, wire: Wire, *, announced: bool) -> None:
        self._wire = wire
        self._parts = aiter(wire) if announced else None
        self._asked = False
        self._start: tuple[int, Pairs] = (500, [])
        self._stream: Stream | None = None
        self.follows: str | None = None

    def stream(self) -> Stream:
        """Begin an answer in pieces."""
        return self._wire.response_stream(*self._start)

    async def receive(self) -> Message:
        """Give the body in pieces, an empty one last, and then wait until the client hangs up."""
        if self._parts is not None:
            try:
                part = await self._parts.__anext__()  # not anext() with a default: that brings granian's process down
            except StopAsyncIteration:
                self._parts = None
            else:
                return {"type": "http.request", "body": part, "more_body": True}
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._wire.client_disconnect()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take the start of the response, and then its body: whole, or in pieces."""
        if message["type"] == "http.response.start":
            pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
            self.follows = next((value for name, value in pairs if name.lower() == FOLLOW), None)
            barred = {FOLLOW, "content-length"} if self.follows is not None else {FOLLOW}
            self._start = message["status"], [pair for pair in pairs if pair[0].lower() not in barred]
            return
        if self.follows is not None:
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._stream is None and not more:
            self._wire.response_bytes(*self._start, body)
            return
        if self._stream is None:
            self._stream = self.stream()
        if body:
            await self._stream.send_bytes(body)
