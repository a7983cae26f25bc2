"""The TAXII 2.1 server: routes, rights, and the acts behind them. Nothing is decided here."""

import base64
import re
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec
from django.conf import settings
from django.db import InterfaceError, InternalError, OperationalError, close_old_connections

from comity.acts import credentials, delivering, epochs, keys, ledgers, messages, receipts, receiving, witnessing
from comity.acts.epochs import Epoch
from comity.models import Collection, Credential, Right
from comity.stix.objects import read_all
from comity.taxii import filters, media, resources
from comity.taxii.errors import Refused, absent

ROOT = "/exchange/"
TITLE = "Comity"
_TRIES = 4
_judging = threading.Lock()  # one batch at a time is judged while another is stored: two share one processor, and lose
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
    epoch: Epoch | None = None
    """The state of the store in which it is answered."""

    @property
    def coding(self) -> str:
        """The content coding that the answer should have."""
        return media.coding(self.headers.get("accept-encoding", ""))


@dataclass(frozen=True, slots=True)
class Response:
    """One response."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: delivering.Repeatable | None = None
    """How the same question by the same credential may be answered again."""


Handler = Callable[[Request, Credential, tuple[str, ...]], Response]


def serves(path: str) -> bool:
    """Tell whether a path is this server's."""
    return path.startswith((ROOT, "/taxii2/", "/ledger/")) or path in {"/taxii2", ROOT.rstrip("/")}


def answer_in_a_thread(request: Request) -> Response:
    """Answer in a worker thread, which keeps its connection while that is sound."""
    close_old_connections()
    return answer(request)


def answer(request: Request) -> Response:
    """Answer one request, by the store of this thread."""
    try:
        return _answer(request)
    except Refused as refused:
        return refusal(refused)
    except delivering.CursorRefused as refused:
        return refusal(Refused(400, f"{refused}. Start again without it, or with added_after."))
    except (OperationalError, InterfaceError, InternalError):  # locked too long, gone, or no primary any more:
        # no commit is known of, so nothing may leave
        return refusal(busy())


def _answer(request: Request) -> Response:
    """Answer one request; should its credential be changed meanwhile, look it up again."""
    for _ in range(_TRIES):
        now = replace(request, epoch=epochs.read())
        try:
            credential = _authenticated(now.headers.get("authorization", ""), now)
            return _routed(now, credential)
        except delivering.Moved:
            continue
    raise Refused(503, "Credentials are being changed. Ask again.", {"Retry-After": "1"})


def busy() -> Refused:
    """Say that the store could not be had."""
    return Refused(503, "The store is busy. Ask again; to repeat does no harm.", {"Retry-After": "5"})


def refusal(refused: Refused) -> Response:
    """Make a response of a refusal."""
    return Response(refused.body(), refused.status, refused.headers)


def _authenticated(header: str, request: Request) -> Credential:
    """Return who asks, by HTTP Basic (RFC 7617) or Bearer (RFC 6750); 401 with the challenge otherwise (§1.6.9)."""
    scheme, _, given = header.strip().partition(" ")
    found = None
    if scheme.lower() == "basic":
        try:
            username, _, secret = base64.b64decode(given.strip(), validate=True).decode().partition(":")
        except ValueError:  # not Base64, not ASCII, or not UTF-8 inside
            username, secret = "", ""
        found = credentials.find(username, secret, request.at, request.epoch)
    elif scheme.lower() == "bearer":
        found = credentials.find(None, given.strip(), request.at, request.epoch)
    if found is None:
        raise Refused(401, "Sign in with the username and secret you were given, by HTTP Basic or as a Bearer token.",
                      _CHALLENGE)  # fmt: skip
    return found


def _routed(request: Request, credential: Credential) -> Response:
    if "\0" in request.path:
        raise absent()  # no name has one, and PostgreSQL takes none in a text
    for pattern, handlers in _ROUTES:
        found = pattern.fullmatch(request.path)
        if found is None:
            continue
        method = "GET" if request.method == "HEAD" else request.method
        handler = handlers.get(method)
        if handler is None:
            allowed = ", ".join(sorted(handlers))
            raise Refused(405, f"{request.method} is not possible here; use {allowed}.", {"Allow": allowed})
        if request.path.startswith("/ledger/"):
            return handler(request, credential, found.groups())
        media.check_accept(request.headers.get("accept"), stix_too=request.path.endswith("/manifest/"))
        return handler(request, credential, found.groups())
    raise absent()


def _collection(credential: Credential, name: str, epoch: Epoch | None = None) -> Right:
    right = credentials.right(credential, name, epoch)
    if right is None or not (right.can_read or right.can_write):
        raise absent()
    return right


def _readable(credential: Credential, name: str, epoch: Epoch | None) -> Collection:
    right = _collection(credential, name, epoch)
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
    try:
        found = receiving.status(credential, uuid.UUID(parts[0]), request.at)
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
        collection = _readable(credential, parts[0], request.epoch)
        query = filters.read(request.query, filters.OBJECTS)
        asked = delivering.Asked(credential, collection, request.at, kind, query, request.method, request.epoch,
                                 request.coding)  # fmt: skip
        return _answered(asked, delivering.deliver(asked, write))

    return handler


def _one(kind: str, write: Callable[[delivering.Page], bytes], allowed: frozenset[str]) -> Handler:
    def handler(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
        collection = _readable(credential, parts[0], request.epoch)
        asked = filters.read(request.query, allowed)
        versions = ("all",) if kind == "versions" else asked.versions
        query = delivering.Query(asked.added_after, asked.limit, asked.next, frozenset({parts[1]}), frozenset(),
                                 versions, asked.spec_versions)  # fmt: skip
        asked_for = delivering.Asked(credential, collection, request.at, kind, query, request.method, request.epoch,
                                     request.coding)  # fmt: skip
        return _answered(asked_for, delivering.deliver(asked_for, write, parts[1]))

    return handler


def _answered(asked: delivering.Asked, found: delivering.Answer | None) -> Response:
    if found is None:
        raise absent()
    headers = {"Vary": "Accept-Encoding", **resources.coding(found), **resources.dates(found)}
    return Response(found.body, headers=headers, repeatable=delivering.repeatable(asked, found))


def _add(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
    right = _collection(credential, parts[0])
    if not right.can_write:
        raise Refused(403, "This credential may read the collection, not write to it.")
    media.check_content_type(request.headers.get("content-type"))
    with _judging:
        objects = read_all(_envelope(request.body))
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


def _checkpoint(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
    del parts
    note = ledgers.checkpoint(credential.party_id, keys.load(settings.DATA), request.at)
    return Response(note.encode(), headers={"Content-Type": "text/plain; charset=utf-8"})


def _witness(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
    """See a head of the partner's own log of us (C2SP tlog-witness, add-checkpoint)."""
    del parts
    try:
        found = witnessing.witness_head(credential.party_id, request.body.decode(), credential.username, request.at)
    except witnessing.Behind as behind:
        return Response(f"{behind.size}\n".encode(), 409, {"Content-Type": "text/x.tlog.size"})
    except witnessing.NoKey as error:
        raise Refused(403, f"{error}.") from error
    except (messages.Refused, UnicodeDecodeError) as error:
        raise Refused(422, f"{error}.") from error
    if not found.agrees:
        raise Refused(422, f"This head contradicts what was seen before: {found.finding}. It is kept as evidence.")
    return Response(found.cosignature.encode(), headers={"Content-Type": "text/plain; charset=utf-8"})


def _submission(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
    """Give what our log of the partner hands in to it, to be seen."""
    del parts
    text = witnessing.submission(credential.party_id, request.at)
    return Response(text.encode(), headers={"Content-Type": "text/plain; charset=utf-8"})


def _cosigned(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
    """Keep the partner's word that it saw a head of our log of it."""
    del parts
    try:
        witnessing.cosigned(credential.party_id, request.body.decode(), credential.username, request.at)
    except (messages.Refused, UnicodeDecodeError) as error:
        raise Refused(422, f"{error}.") from error
    return Response(b"")


def _receipt(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
    found = receipts.issue(credential.party_id, int(parts[0]), settings.DATA, request.at)
    return _document(found)


def _growth(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
    found = receipts.grown(credential.party_id, int(parts[0]), settings.DATA, request.at)
    return _document(found)


def _leaves(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
    del request
    first = int(parts[0])
    lines = b"".join(leaf + b"\n" for leaf in receipts.leaves(credential.party_id, first, first + 1000))
    return Response(lines, headers={"Content-Type": "application/x-ndjson"})


def _document(found: bytes | None) -> Response:
    if found is None:
        raise absent()
    return Response(found, headers={"Content-Type": "application/json"})


def _delete(request: Request, credential: Credential, parts: tuple[str, ...]) -> Response:
    right = _collection(credential, parts[0])
    if not (right.can_read and right.can_write):
        raise Refused(403, "Deleting takes the right to read and to write.")
    asked = filters.read(request.query, filters.DELETE, versions=("all",))
    if asked.spec_versions and "2.1" not in asked.spec_versions:
        raise absent()
    try:
        done = receiving.withdraw(credential, right.collection, parts[1], asked.versions, request.at)
    except receiving.NotYours:
        raise Refused(403, "Only the party that gave an object takes it back. Ask its giver to recall it.") from None
    if not done:
        raise absent()
    return Response(b"")


_NAME, _ID = r"([^/]{1,200})", r"([^/]{1,300})"
_IN = re.escape(ROOT) + "collections/" + _NAME + "/"
_INDEX = "([0-9]{1,15})"
_ROUTES: tuple[tuple[re.Pattern[str], Mapping[str, Handler]], ...] = (
    (re.compile("/taxii2/"), {"GET": _discovery}),
    (re.compile("/ledger/checkpoint/"), {"GET": _checkpoint}),
    (re.compile("/ledger/add-checkpoint/?"), {"POST": _witness}),
    (re.compile("/ledger/submission/"), {"GET": _submission}),
    (re.compile("/ledger/cosignature/"), {"POST": _cosigned}),
    (re.compile("/ledger/entries/" + _INDEX + "/"), {"GET": _leaves}),
    (re.compile("/ledger/receipts/" + _INDEX + "/"), {"GET": _receipt}),
    (re.compile("/ledger/growth/" + _INDEX + "/"), {"GET": _growth}),
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

