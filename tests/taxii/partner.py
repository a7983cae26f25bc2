"""A partner at the exchange's door: an RSGI client in this process, and STIX objects small enough to read."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

from comity.taxii.exchange import Exchange

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


@dataclass(frozen=True, slots=True)
class Scope:
    """What RSGI tells of a request."""

    method: str
    path: str
    query_string: str
    headers: "Headers"


class Headers(list[tuple[str, str]]):
    """The headers of a request, repeated ones too."""

    def items(self) -> list[tuple[str, str]]:
        return self


class Wire:
    """What RSGI gives: the body in pieces, and one answer."""

    def __init__(self, chunks: tuple[bytes, ...]) -> None:
        self.chunks = chunks
        self.answers: list[Answer] = []

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answers.append(Answer(status, dict(headers), body))

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.answers.append(Answer(status, dict(headers), b""))


async def exchange(server: Exchange, message: Message) -> Answer:
    """Send one request through the RSGI interface and give the one answer."""
    headers = Headers((name.lower(), value) for name, value in message.headers)
    if any(message.chunks) and not any(name == "content-length" for name, _ in headers):
        headers.append(("transfer-encoding", "chunked"))
    path = unquote_to_bytes(message.path).decode(errors="replace")
    wire = Wire(message.chunks)
    await server(Scope(message.method, path, message.query.decode("latin-1"), headers), wire)
    (answer,) = wire.answers
    return answer


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
