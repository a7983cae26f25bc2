"""The TAXII 2.1 server as a bare ASGI function: routes, rights, and the acts behind them. Nothing is decided here."""

import asyncio
import base64
import binascii
import re
import uuid
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import msgspec
from django.db import close_old_connections

from comity.acts import credentials, delivering, receiving
from comity.models import Collection, Credential, Right
from comity.stix.objects import read as read_object
from comity.taxii import filters, media, resources
from comity.taxii.errors import Refused, absent

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

ROOT = "/exchange/"
TITLE = "Comity"
_POOL = ThreadPoolExecutor(max_workers=8, thread_name_prefix="taxii")
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="taxii", charset="UTF-8", Bearer realm="taxii"'}


@dataclass(frozen=True, slots=True)
class Request:
    """One request: path, query string, headers by lower-case name, the whole body, and when it came."""

    method: str
    path: str
    query: bytes
    headers: Mapping[str, str]
    at: datetime
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """One response."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Request, Credential, tuple[str, ...]], Response]


def serves(path: str) -> bool:
    """Tell whether a path is this server's."""
    return path in {"/taxii2", "/taxii2/"} or path.startswith(ROOT) or path == ROOT.rstrip("/")


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    try:
        body = await _body(receive, headers)
        request = Request(scope["method"], unquote(scope["path"]), scope["query_string"], headers, datetime.now(UTC), body)
        response = await asyncio.get_running_loop().run_in_executor(_POOL, answer, request)
    except Refused as refused:
        response = Response(refused.body(), refused.status, refused.headers)
    await _send(response, send, head=scope["method"] == "HEAD")


async def _body(receive: Receive, headers: Mapping[str, str]) -> bytes:
    """Gather the body; refuse with 413 as soon as it is too large, whether or not its length was announced."""
    length = headers.get("content-length", "0")
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        more = message.get("more_body", False)
        if size <= resources.LARGEST:
            parts.append(part)
    if size > resources.LARGEST or (length.isdigit() and int(length) > resources.LARGEST):
        raise Refused(413, f"The body is larger than {resources.LARGEST} bytes; send the objects in several requests.")
    return b"".join(parts)


async def _send(response: Response, send: Send, *, head: bool) -> None:
    given = {"Content-Type": media.TAXII, "Content-Length": str(len(response.body)), "Cache-Control": "no-store",
             "X-Content-Type-Options": "nosniff", **response.headers}  # fmt: skip
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in given.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else response.body})


def answer(request: Request) -> Response:
    """Answer in a worker thread."""
    close_old_connections()
    try:
        credential = _authenticated(request.headers.get("authorization", ""))
        return _routed(request, credential)
    except Refused as refused:
        return Response(refused.body(), refused.status, refused.headers)
    except delivering.CursorRefused as refused:
        bad = Refused(400, f"{refused}. Start again without it, or with added_after.")
        return Response(bad.body(), bad.status)


def _authenticated(header: str) -> Credential:
    """Return who asks, by HTTP Basic (RFC 7617) or Bearer (RFC 6750); 401 with the challenge otherwise (§1.6.9)."""
    scheme, _, given = header.strip().partition(" ")
    found = None
    if scheme.lower() == "basic":
        try:
            username, _, secret = base64.b64decode(given.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            username, secret = "", ""
        found = credentials.find(username, secret)
    elif scheme.lower() == "bearer":
        found = credentials.find(None, given.strip())
    if found is None:
        raise Refused(401, "Sign in with the username and secret you were given, by HTTP Basic or as a Bearer token.",
                      _CHALLENGE)  # fmt: skip
    return found


def _routed(request: Request, credential: Credential) -> Response:
    for pattern, handlers in _ROUTES:
        found = pattern.fullmatch(request.path)
        if found is None:
            continue
        method = "GET" if request.method == "HEAD" else request.method
        handler = handlers.get(method)
        if handler is None:
            allowed = ", ".join(sorted(handlers))
            raise Refused(405, f"{request.method} is not possible here; use {allowed}.", {"Allow": allowed})
        media.check_accept(request.headers.get("accept"), stix_too=request.path.endswith("/manifest/"))
        return handler(request, credential, found.groups())
    raise absent()


def _collection(credential: Credential, name: str) -> Right:
    right = credentials.right(credential, name)
    if right is None or not (right.can_read or right.can_write):
        raise absent()
    return right


def _readable(credential: Credential, name: str) -> Collection:
    right = _collection(credential, name)
    if not right.can_read:
        raise Refused(403, "This credential may write to the collection, not read it.")
    return right.collection


def _discovery(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
    del request, credential, parts
    return Response(resources.discovery(TITLE, ROOT))


def _api_root(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
    del request, credential, parts
    return Response(resources.api_root(TITLE))


def _status(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
    del request
    try:
        found = receiving.status(credential, uuid.UUID(parts[0]))
    except ValueError:
        found = None
    if found is None:
        raise absent()
    return Response(found)


def _collections(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
    del request, parts
    return Response(resources.collections(credentials.rights(credential)))


def _one_collection(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
    del request
    right = _collection(credential, parts[0])
    return Response(msgspec.json.encode(resources.collection(right.collection, right)))


def _many(kind: str, write: Callable[[delivering.Page], bytes]) -> Handler:
    def handler(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
        collection = _readable(credential, parts[0])
        query = filters.read(request.query, filters.OBJECTS)
        page = delivering.deliver(delivering.Asked(credential, collection, request.at, kind, query))
        if page is None:
            raise absent()
        return Response(write(page), headers=resources.dates(page.items))

    return handler


def _one(kind: str, write: Callable[[delivering.Page], bytes], allowed: frozenset[str]) -> Handler:
    def handler(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
        collection = _readable(credential, parts[0])
        asked = filters.read(request.query, allowed)
        versions = ("all",) if kind == "versions" else asked.versions
        query = delivering.Query(asked.added_after, asked.limit, asked.next, frozenset({parts[1]}), frozenset(),
                                 versions, asked.spec_versions)  # fmt: skip
        asked_for = delivering.Asked(credential, collection, request.at, kind, query)
        page = delivering.deliver(asked_for, parts[1])
        if page is None:
            raise absent()
        return Response(write(page), headers=resources.dates(page.items))

    return handler


def _add(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
    right = _collection(credential, parts[0])
    if not right.can_write:
        raise Refused(403, "This credential may read the collection, not write to it.")
    media.check_content_type(request.headers.get("content-type"))
    objects = [read_object(raw) for raw in _envelope(request.body)]
    said = f"POST objects count={len(objects)}"
    status = receiving.add(credential, right.collection, objects, request.at, said)
    return Response(status, 202)


class _Envelope(msgspec.Struct):
    objects: list[msgspec.Raw]


def _envelope(body: bytes) -> list[bytes]:
    try:
        found = msgspec.json.decode(body, type=_Envelope).objects
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(422, f'The body is not an envelope {{"objects": […]}} in JSON: {error}.') from error
    if not found:
        raise Refused(422, "The envelope holds no objects.")
    return [bytes(raw) for raw in found]


def _delete(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
    right = _collection(credential, parts[0])
    if not (right.can_read and right.can_write):
        raise Refused(403, "Deleting takes the right to read and to write.")
    given = b"match[version]" in request.query or b"match%5Bversion%5D" in request.query
    asked = filters.read(request.query, filters.DELETE)
    versions = asked.versions if given else ()
    try:
        done = receiving.withdraw(credential, right.collection, parts[1], versions, request.at)
    except receiving.NotYours:
        raise Refused(403, "Only the party that gave an object takes it back. Ask its giver to recall it.") from None
    if not done:
        raise absent()
    return Response(b"")


_NAME, _ID = r"([^/]{1,200})", r"([^/]{1,300})"
_IN = re.escape(ROOT) + "collections/" + _NAME + "/"
_ROUTES: tuple[tuple[re.Pattern[str], Mapping[str, Handler]], ...] = (
    (re.compile("/taxii2/"), {"GET": _discovery}),
    (re.compile(re.escape(ROOT)), {"GET": _api_root}),
    (re.compile(re.escape(ROOT) + "status/" + _NAME + "/"), {"GET": _status}),
    (re.compile(re.escape(ROOT) + "collections/"), {"GET": _collections}),
    (re.compile(_IN), {"GET": _one_collection}),
    (re.compile(_IN + "manifest/"), {"GET": _many("manifest", resources.manifest)}),
    (re.compile(_IN + "objects/"), {"GET": _many("delivery", resources.envelope), "POST": _add}),
    (
        re.compile(_IN + "objects/" + _ID + "/"),
        {"GET": _one("delivery", resources.envelope, filters.OBJECT), "DELETE": _delete},
    ),
    (
        re.compile(_IN + "objects/" + _ID + "/versions/"),
        {"GET": _one("versions", resources.versions, filters.VERSIONS)},
    ),
)

