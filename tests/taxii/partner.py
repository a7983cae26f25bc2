"""A partner at the exchange's door: an ASGI client in this process, and STIX objects small enough to read."""

import asyncio
import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

from comity.taxii.exchange import HEAD, Exchange

FILES = set[int | None]()
"""The files that answers were to go from."""
TAXII = "application/taxii+json;version=2.1"
STIX = "application/stix+json;version=2.1"
CLEAR = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"
RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
DAY_1, DAY_2, DAY_3 = (f"2026-03-0{day}T10:00:00.000Z" for day in (1, 2, 3))
YARD = "/exchange/collections/yard/"
HARBOUR = "/exchange/collections/harbour/"
GETS = (
    "/taxii2/", "/exchange/", "/exchange/collections/", YARD, f"{YARD}manifest/", f"{YARD}objects/",
    f"{YARD}objects/indicator--11111111-2222-4333-8444-000000000002/",
    f"{YARD}objects/indicator--11111111-2222-4333-8444-000000000002/versions/",
)  # fmt: skip
"""Every endpoint that answers a reader with 200, save a status."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers by lower-case name, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The resource in the body."""
        return json.loads(self.body)

    @property
    def ids(self) -> list[str]:
        """The ids of an envelope's objects or of a manifest's records, in order."""
        return [one["id"] for one in self.json.get("objects", [])]

    @property
    def first(self) -> str:
        return self.headers["x-taxii-date-added-first"]

    @property
    def last(self) -> str:
        return self.headers["x-taxii-date-added-last"]


@dataclass(frozen=True, slots=True)
class Message:
    """A request as bytes: `path` percent-encoded, `chunks` the body in the pieces in which it comes."""

    method: str
    path: str
    query: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    chunks: tuple[bytes, ...] = (b"",)


async def exchange(server: Exchange, message: Message) -> Answer:
    """Send one request as a connection does, at once if that can be, and give the one answer."""
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in message.headers]
    announced = dict(headers).get(b"content-length")
    if any(message.chunks) and announced is None:
        headers.append((b"transfer-encoding", b"chunked"))
    scope: dict[str, Any] = {
        "type": "http", "method": message.method, "path": unquote_to_bytes(message.path).decode(errors="replace"),
        "raw_path": message.path.encode(), "query_string": message.query, "headers": headers,
    }  # fmt: skip
    if message.chunks == (b"",):
        lines = [message.method.encode(), scope["raw_path"], message.query, *map(b": ".join, headers)]
        scope[HEAD] = b"\r\n".join(lines)
    return await _at_once(server, scope) or await _called(server, scope, message.chunks, int(announced or 0))


async def _at_once(server: Exchange, scope: Mapping[str, Any]) -> Answer | None:
    """Ask for what is at hand, and have read what needs no task; None for what has to be heard first."""
    settled = asyncio.get_running_loop().create_future()

    def give(status: int, lines: bytes, body: bytes, file: int | None = None) -> None:
        assert file is None or os.pread(file, len(body) + 1, 0) == body
        FILES.add(file)
        pairs = [line.split(": ", 1) for line in lines.decode("latin-1").splitlines()]
        settled.set_result(Answer(status, dict((name, value) for name, value in pairs), body))  # noqa: C402 - typed

    read = partial(settled.set_result, None)
    if server.same(scope.get(HEAD, b""), give, read) or server.again(scope, give, read):
        found: Answer | None = await settled
        if found is not None:
            return found
        settled = asyncio.get_running_loop().create_future()
    return await settled if server.read(scope, give, settled.set_exception) else None


async def _called(server: Exchange, scope: Mapping[str, Any], chunks: tuple[bytes, ...], announced: int) -> Answer:
    short = announced > sum(map(len, chunks))
    coming: list[Mapping[str, Any]] = [{"type": "http.request", "body": one, "more_body": True} for one in chunks]
    coming[-1] = {**coming[-1], "more_body": short}
    sent = list[Mapping[str, Any]]()

    async def receive() -> Mapping[str, Any]:
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def send(part: Mapping[str, Any]) -> None:
        sent.append(part)

    await server(scope, receive, send)
    start, body = sent
    pairs = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], pairs, body["body"])


@dataclass(frozen=True, slots=True)
class Partner:
    """One credential at one server."""

    server: Exchange
    username: str
    secret: str

    @property
    def basic(self) -> str:
        """The value of Authorization by HTTP Basic (RFC 7617)."""
        return "Basic " + base64.b64encode(f"{self.username}:{self.secret}".encode()).decode()

    def ask(self, method: str, path: str, headers: Mapping[str, str | None] | None = None, body: bytes = b"",
            query: bytes = b"") -> Answer:  # fmt: skip
        """Send one request. A header given as None is left out."""
        given: dict[str, str | None] = {"Accept": TAXII, "Authorization": self.basic, **(headers or {})}
        pairs = tuple((name, value) for name, value in given.items() if value is not None)
        message = Message(method, path, query, pairs, (body,))
        return asyncio.run(exchange(self.server, message))

    def get(self, path: str, **query: str) -> Answer:
        """Read; `match_type` in the query stands for `match[type]`."""
        return self.ask("GET", path, query=query_of(query))

    def raw(self, path: str, query: str, method: str = "GET") -> Answer:
        """Send a request with a query string exactly as written."""
        return self.ask(method, path, query=query.encode())

    def post(self, path: str, *objects: Mapping[str, Any]) -> Answer:
        """Add objects in an envelope."""
        return self.ask("POST", path, {"Content-Type": TAXII}, json.dumps({"objects": objects}).encode())

    def delete(self, path: str, **query: str) -> Answer:
        return self.ask("DELETE", path, query=query_of(query))

    def walk(self, path: str, limit: int, **query: str) -> list[Answer]:
        """Read all pages by `next`."""
        pages = [self.get(path, limit=str(limit), **query)]
        while pages[-1].json.get("more"):
            pages.append(self.get(path, limit=str(limit), next=pages[-1].json["next"], **query))
        return pages


def query_of(parameters: Mapping[str, str]) -> bytes:
    """Write a query string; `match_type` becomes `match[type]`."""
    named = {f"match[{n[6:]}]" if n.startswith("match_") else n: value for n, value in parameters.items()}
    return urlencode(named).encode()


def indicator(number: int, modified: str = DAY_1, **own: Any) -> dict[str, Any]:
    """Make an indicator that everybody may have."""
    made = {
        "type": "indicator", "spec_version": "2.1", "id": f"indicator--11111111-2222-4333-8444-{number:012d}",
        "created": DAY_1, "modified": modified, "pattern_type": "stix", "valid_from": DAY_1,
        "pattern": f"[ipv4-addr:value = '198.51.100.{number % 250}']", "object_marking_refs": [CLEAR],
    }  # fmt: skip
    return {**made, **own}


def address(number: int) -> dict[str, Any]:
    """Make an observable, which has neither `created` nor `modified`."""
    own = f"ipv4-addr--11111111-2222-4333-8444-{number:012d}"
    return {"type": "ipv4-addr", "id": own, "value": f"203.0.113.{number}", "object_marking_refs": [CLEAR]}
