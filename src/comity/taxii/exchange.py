"""The exchange at the wire: requests in, responses out, each recorded before it leaves (ASGI 3).

A question is answered in a thread, by the store of that thread. One that the same credential asked before in the same
words is answered here, where the connections live: its answer is at hand, and all that is left to do is to record it.
Questions that come together are recorded together. A connection may ask without a task, for what is at hand
(`Exchange.again`, and by a head as it came `Exchange.same`) and for what has to be read (`Exchange.read`), and then
sends an answer's bytes from where they are.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Any, Protocol

from django.db import DatabaseError, close_old_connections

from comity.acts import commits, delivering
from comity.acts.groups import Waiting
from comity.taxii import media, resources
from comity.taxii.errors import Refused
from comity.taxii.piped import Writer
from comity.taxii.server import Request, Response, answer_in_a_thread, busy, refusal
from comity.taxii.threads import Threads

_PATIENCE = 4 * resources.LARGEST
_MOST = 4096  # questions that are remembered as answered
_TURNS_ON = (b"authorization", b"accept", b"accept-encoding")
"""The headers that an answer depends on."""
_BODIED = (b"content-length", b"transfer-encoding")
_BARE = ("GET", "HEAD")
Scope = Mapping[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Pairs = list[tuple[bytes, bytes]]
HEAD = "comity.head"
"""Where a scope holds the head as it came (as `comity.wire` puts it)."""


class Give(Protocol):
    """Takes an answer (as `comity.wire` gives it)."""

    def __call__(self, status: int, headers: bytes, body: bytes, file: int | None = None, /) -> object:
        """Take status, header lines, body, and the number of an open file that holds the body too, if one does."""


@dataclass(slots=True, eq=False)
class _Answered:
    """A question that was answered, with the headers of its answer, and the digests that it is known by."""

    repeatable: delivering.Repeatable
    headers: bytes
    keys: set[bytes] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Exchange:
    """The server as an ASGI application; each thread of `pool` has a database connection of its own."""

    pool: Executor
    answered: dict[bytes, _Answered] = field(default_factory=dict)
    planned: bool = False
    crowded: bool = False
    """Several wait: bodies go from files, for a fifth less of the processor. One alone has its answer no sooner."""
    piped: Writer = field(init=False)

    def __post_init__(self) -> None:
        """Begin; the pipe to PostgreSQL, where the store is one, is made when it is first wanted."""
        self.piped = Writer(self._left)

    async def __call__(self, scope: Scope, receive: Receive, send: Send, give: Give | None = None) -> None:
        """Answer one request, by `give` if there is one; who hangs up before its body is whole has asked nothing."""
        request = _request(scope, datetime.now(UTC))
        try:
            body = await _body(receive, request.headers)
            asked = replace(request, body=body)
            response = await asyncio.get_running_loop().run_in_executor(self.pool, answer_in_a_thread, asked)
        except Refused as refused:
            response = refusal(refused)
        except _HungUp:
            return
        given, body = self._told(scope, response)
        if give is not None:
            give(response.status, _lines(given), body)
            return
        await send({"type": "http.response.start", "status": response.status, "headers": given})
        await send({"type": "http.response.body", "body": body})

    def read(self, scope: Scope, give: Give, fail: Callable[[BaseException], object]) -> bool:
        """Have a thread answer a question that has no body, without a task; False for all that has to be heard first.

        `give`, or else `fail`, is called in the thread of the running loop.
        """
        if scope["method"] not in _BARE or any(name in _BODIED for name, _ in scope["headers"]):
            return False
        loop, was_read = asyncio.get_running_loop(), partial(self._was_read, scope, give, fail)
        found = self.pool.submit(answer_in_a_thread, _request(scope, datetime.now(UTC)))
        found.add_done_callback(lambda done: loop.call_soon_threadsafe(was_read, done))
        return True

    def _was_read(self, scope: Scope, give: Give, fail: Callable[[BaseException], object],
                  done: Future[Response]) -> None:  # fmt: skip
        error = done.exception()
        if error is not None:
            fail(error)
            return
        response = done.result()
        given, body = self._told(scope, response)
        give(response.status, _lines(given), body)

    def _told(self, scope: Scope, response: Response) -> tuple[Pairs, bytes]:
        """Return the headers and the body that go; remember how the answer may be given again."""
        given = _written(response)
        if response.repeatable is not None:
            self._remember(scope, response.repeatable, given)
        return given, b"" if scope["method"] == "HEAD" else response.body

    def again(self, scope: Scope, give: Give, ask: Callable[[], object]) -> bool:
        """Give an answer again that was given before, once its entry is recorded; False when there is none at hand.

        `ask` is called instead of `give` where by then it is no longer what would be answered: it has to be read. Both
        are called in the thread of the running loop, and one of them once.
        """
        before = self.answered.get(_key(scope) or b"")
        if before is None or not self._repeat(before, give, ask):
            return False
        self._known_by(before, _head(scope))
        return True

    def same(self, head: bytes, give: Give, ask: Callable[[], object]) -> bool:
        """Do what `again` does for a head that is byte for byte one that was answered before."""
        before = self.answered.get(sha256(head).digest())
        return before is not None and self._repeat(before, give, ask)

    def _repeat(self, before: _Answered, give: Give, ask: Callable[[], object]) -> bool:
        found = before.repeatable.again(datetime.now(UTC))
        if found is None:
            return False
        answer, entry = found
        entry.told = partial(self._settled, before, answer, entry, give, ask)
        self.piped.waiting.append(entry)
        if not self.planned:
            self.planned = True
            asyncio.get_running_loop().call_soon(self._write)
        return True

    def _settled(self, before: _Answered, answer: delivering.Answer, entry: Waiting, give: Give,
                 ask: Callable[[], object]) -> None:  # fmt: skip
        if entry.recorded:
            give(200, before.headers, answer.body, answer.file if self.crowded else None)
            if self.crowded and answer.wants_file():
                self.pool.submit(answer.put_in_file)
        elif isinstance(entry.outcome, DatabaseError):
            response = refusal(busy())
            give(response.status, _lines(_written(response)), response.body)
        else:
            for key in before.keys:
                self.answered.pop(key, None)
            ask()

    def _remember(self, scope: Scope, how: delivering.Repeatable, headers: Pairs) -> None:
        answered = _Answered(how, _lines(headers))
        self._known_by(answered, _key(scope))
        self._known_by(answered, _head(scope))

    def _known_by(self, answered: _Answered, key: bytes | None) -> None:
        if key is not None:
            if len(self.answered) >= _MOST:
                self.answered.clear()
            answered.keys.add(key)
            self.answered[key] = answered

    def _write(self) -> None:
        """Have what waits written: by the pipe, or at once, or else by a thread."""
        self.planned, self.crowded = False, len(self.piped.waiting) > 1
        if not self.piped.write():
            self._left(self.piped.emptied())

    def _left(self, entries: Sequence[Waiting]) -> None:
        """Have entries written that the pipe does not write."""
        if entries and commits.write_at_once(entries):
            return
        loop = asyncio.get_running_loop()
        for entry in entries:
            if entry.told is not None:
                entry.told = partial(loop.call_soon_threadsafe, entry.told)
            commits.wait(entry)
        self.pool.submit(self._catch_up)

    def _catch_up(self) -> None:
        """Write, in a thread that may wait; then there is a pipe again, or it is tried anew with the next page."""
        close_old_connections()
        commits.write_all()
        with suppress(DatabaseError):
            self.piped.connect()

    def close(self) -> None:
        """Hang up."""
        self.piped.close()


application = Exchange(Threads(8, "taxii"))


class _HungUp(Exception):
    """The client left before its request was whole."""


def _key(scope: Scope) -> bytes | None:
    """Return what a question without a body is remembered by: a digest, since its secret is part of it."""
    if scope["method"] != "GET":
        return None
    told = dict[bytes, bytes]()
    for name, value in scope["headers"]:
        if name in _TURNS_ON:
            if name in told:
                return None
            told[name] = value
        elif name in _BODIED:
            return None
    said = (scope["raw_path"], scope["query_string"], *(told.get(name, b"") for name in _TURNS_ON))
    return sha256(b"\0".join(said)).digest()


def _head(scope: Scope) -> bytes | None:
    """Return what a question is remembered by as it came, where its connection tells that of one without a body."""
    head = scope.get(HEAD)
    return None if head is None or _key(scope) is None else sha256(head).digest()


def _request(scope: Scope, now: datetime) -> Request:
    """Return a request as it came, but for its body."""
    return Request(scope["method"], scope["path"], scope["query_string"], _headers(scope["headers"]), now)


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return header values by lower-case name; a repeated header's values are joined (RFC 9110 §5.3)."""
    found: dict[str, str] = {}
    for raw, said in pairs:
        name, value = raw.decode("latin-1").lower(), said.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


async def _body(receive: Receive, headers: Mapping[str, str]) -> bytes:
    """Gather the body; refuse with 413 what is too large, whether or not its length was announced.

    Of a body that is too large some more is read and dropped, because most clients hear the answer only when they have
    sent everything; one that never ends is refused all the same.
    """
    parts, size, more = list[bytes](), 0, "content-length" in headers or "transfer-encoding" in headers
    while more and size <= _PATIENCE:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _HungUp
        part = message.get("body", b"")
        size += len(part)
        if size <= resources.LARGEST:
            parts.append(part)
        more = message.get("more_body", False)
    if size > resources.LARGEST:
        raise Refused(413, f"The body is larger than {resources.LARGEST} bytes; send the objects in several requests.")
    return b"".join(parts)


def _written(response: Response) -> Pairs:
    given = {"Content-Type": media.TAXII, "Content-Length": str(len(response.body)), "Cache-Control": "no-store",
             "X-Content-Type-Options": "nosniff", **response.headers}  # fmt: skip
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in given.items()]


def _lines(headers: Pairs) -> bytes:
    return b"".join([b"%b: %b\r\n" % pair for pair in headers])
