"""The exchange at the wire: RSGI requests in, responses out, each recorded before it leaves.

A question is answered in a thread, by the store of that thread. One that the same credential asked before in the same
words is answered here, where the connections live: its answer is at hand, and all that is left to do is to record it.
Questions that come together are recorded together. The protocol is RSGI (as granian speaks it), not ASGI, because that
one hands a response over whole.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Protocol

from django.db import DatabaseError

from comity.acts import commits, delivering
from comity.taxii import media, resources
from comity.taxii.errors import Refused
from comity.taxii.server import Request, Response, answer_in_a_thread, busy, refusal

_PATIENCE = 4 * resources.LARGEST
_MOST = 4096  # questions that are remembered as answered
_TURNS_ON = ("authorization", "accept", "accept-encoding")
"""The headers that an answer depends on."""
Pairs = list[tuple[str, str]]


class Headers(Protocol):
    """The headers of a request."""

    def items(self) -> list[tuple[str, str]]:
        """Return all headers, repeated ones too."""


class Scope(Protocol):
    """What RSGI tells of a request."""

    @property
    def method(self) -> str:
        """Its method."""

    @property
    def path(self) -> str:
        """Its path, percent-decoded."""

    @property
    def query_string(self) -> str:
        """What stands behind the question mark."""

    @property
    def headers(self) -> Headers:
        """Its headers."""


class Wire(Protocol):
    """What RSGI gives to read a request's body and to answer it."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Read the body in pieces."""

    def response_bytes(self, status: int, headers: Pairs, body: bytes) -> None:
        """Answer with a body."""

    def response_empty(self, status: int, headers: Pairs) -> None:
        """Answer without a body."""


@dataclass(slots=True)
class _Answered:
    """A question that was answered, with the headers of its answer."""

    repeatable: delivering.Repeatable
    headers: Pairs


@dataclass(slots=True, eq=False)
class Exchange:
    """The server as an RSGI application; each thread of `pool` has a database connection of its own."""

    pool: Executor
    answered: dict[bytes, _Answered] = field(default_factory=dict)
    planned: bool = False

    async def __call__(self, scope: Scope, wire: Wire) -> None:
        """Answer one request; a client that hangs up before its body is whole has asked nothing."""
        now = datetime.now(UTC)
        headers = _headers(scope.headers.items())
        key = _key(scope, headers)
        if key is not None and await self._again(key, now, scope, wire):
            return
        try:
            body = await _body(wire, headers)
            request = Request(scope.method, scope.path, scope.query_string.encode(), headers, now, body)
            response = await asyncio.get_running_loop().run_in_executor(self.pool, answer_in_a_thread, request)
        except Refused as refused:
            response = refusal(refused)
        except _HungUp:
            return
        given = _written(response)
        if key is not None and response.repeatable is not None:
            if len(self.answered) >= _MOST:
                self.answered.clear()
            self.answered[key] = _Answered(response.repeatable, given)
        _send(wire, scope.method, response.status, given, response.body)

    async def _again(self, key: bytes, now: datetime, scope: Scope, wire: Wire) -> bool:
        """Give an answer again that was given before; False when it has to be read."""
        before = self.answered.get(key)
        found = None if before is None else before.repeatable.again(now)
        if before is None or found is None:
            return False
        body, entry = found
        await self._record(entry)
        if entry.recorded:
            _send(wire, scope.method, 200, before.headers, body)
        elif isinstance(entry.outcome, DatabaseError):
            response = refusal(busy())
            _send(wire, scope.method, response.status, _written(response), response.body)
        else:
            self.answered.pop(key, None)
            return False
        return True

    async def _record(self, entry: commits.Waiting) -> None:
        """Have an entry recorded, with all others that wait by then."""
        loop = asyncio.get_running_loop()
        settled = loop.create_future()
        entry.told = partial(_tell, loop, settled)
        commits.wait(entry)
        if not self.planned:
            self.planned = True
            loop.call_soon(self._write)
        await settled

    def _write(self) -> None:
        self.planned = False
        if not commits.write_at_once():
            self.pool.submit(commits.write_all)


def _tell(loop: asyncio.AbstractEventLoop, settled: "asyncio.Future[None]") -> None:
    """Let a request go on, whichever thread has recorded its entry."""
    try:
        here = asyncio.get_running_loop() is loop
    except RuntimeError:
        here = False
    if here:
        _settle(settled)
    else:
        loop.call_soon_threadsafe(_settle, settled)


def _settle(settled: "asyncio.Future[None]") -> None:
    if not settled.done():
        settled.set_result(None)


application = Exchange(ThreadPoolExecutor(max_workers=8, thread_name_prefix="taxii"))


class _HungUp(Exception):
    """The client left before its request was whole."""


def _key(scope: Scope, told: dict[str, str]) -> bytes | None:
    """Return what a question without a body is remembered by: a digest, since its secret is part of it."""
    if scope.method not in {"GET", "HEAD"} or "content-length" in told or "transfer-encoding" in told:
        return None
    said = (scope.method, scope.path, scope.query_string, *(told.get(name, "") for name in _TURNS_ON))
    return sha256("\0".join(said).encode("utf-8", "replace")).digest()


def _headers(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return header values by lower-case name; a repeated header's values are joined (RFC 9110 §5.3)."""
    found: dict[str, str] = {}
    for raw, value in pairs:
        name = raw.lower()
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


async def _body(wire: Wire, headers: dict[str, str]) -> bytes:
    """Gather the body; refuse with 413 what is too large, whether or not its length was announced.

    Of a body that is too large some more is read and dropped, because most clients hear the answer only when they have
    sent everything; one that never ends is refused all the same.
    """
    parts, size = list[bytes](), 0
    if "content-length" in headers or "transfer-encoding" in headers:
        async for part in wire:
            size += len(part)
            if size <= resources.LARGEST:
                parts.append(part)
            if size > _PATIENCE:
                break
    if size > resources.LARGEST:
        raise Refused(413, f"The body is larger than {resources.LARGEST} bytes; send the objects in several requests.")
    if size < int(headers.get("content-length", "0")):
        raise _HungUp
    return b"".join(parts)


def _written(response: Response) -> Pairs:
    given = {"Content-Type": media.TAXII, "Content-Length": str(len(response.body)), "Cache-Control": "no-store",
             "X-Content-Type-Options": "nosniff", **response.headers}  # fmt: skip
    return [(name.lower(), value) for name, value in given.items()]


def _send(wire: Wire, method: str, status: int, headers: Pairs, body: bytes) -> None:
    if method == "HEAD":
        wire.response_empty(status, headers)
    else:
        wire.response_bytes(status, headers, body)
