"""A TAXII 2.1 client: one peer's server, sealed as the peer was added, asked one thing at a time.

It follows no redirection and takes no address from an answer that leads to another host, so that what signs us in goes
nowhere else. Nothing is repeated here: what to do after trouble is for whoever keeps the place.
"""

import base64
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from comity import __version__
from comity.acts.peers import Door
from comity.policy.saying import sentence
from comity.policy.troubles import Trouble

TAXII = "application/taxii+json;version=2.1"
MOST_BYTES = 256 << 20  # of one answer
MOST_WORDS = 300  # characters of what the other side says of an error
_PIECE = 1 << 20
_CONNECT, _READ = 15.0, 180.0  # seconds
_SECONDS = 24 * 3600.0


class Unreached(Exception):
    """No whole answer came: the line, the seal, or the server's end of it; the message says which."""


class BadAnswer(Exception):
    """What came is no TAXII resource; the message says what it is instead."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def said(self) -> str:
        """What an error says of itself, shortened: the status, and the resource's title and description."""
        try:
            found = msgspec.json.decode(self.body, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError):
            return sentence(Trouble.ANSWERED, status=self.status)
        words = [str(found[name]) for name in ("title", "description") if found.get(name)]
        if not words:
            return sentence(Trouble.ANSWERED, status=self.status)
        return sentence(Trouble.ANSWERED_SO, status=self.status, words=" ".join(words)[:MOST_WORDS])

    def retry_after(self, now: datetime) -> float | None:
        """Return the seconds for which the server asks to be left alone (RFC 9110 §10.2.3); None where it does not."""
        given = self.headers.get("retry-after", "").strip()
        if given.isdigit():
            return min(float(given), _SECONDS)
        try:
            until = parsedate_to_datetime(given)
        except ValueError:
            return None
        until = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
        return min(max((until - now).total_seconds(), 0.0), _SECONDS)


class _Pinned(HTTPSConnection):
    """A connection that is given up, before anything is said on it, where the server's key is none of the pinned."""

    def __init__(self, *arguments: Any, pins: tuple[str, ...] = (), **options: Any) -> None:  # noqa: ANN401 - urllib3's
        super().__init__(*arguments, **options)
        self.pins = pins

    def connect(self) -> None:
        """Connect, and look at the key."""
        super().connect()
        der = self.sock.getpeercert(binary_form=True) if isinstance(self.sock, ssl.SSLSocket) else None
        found = spki_pin(der) if der else ""
        if self.pins and found not in self.pins:
            self.close()
            message = sentence(Trouble.WRONG_KEY, found=found)
            raise ssl.SSLCertVerificationError(message)


def spki_pin(certificate: bytes) -> str:
    """Return base64 of SHA-256 over a DER certificate's SubjectPublicKeyInfo (as RFC 7469 §2.4 writes pins)."""
    key = load_der_x509_certificate(certificate).public_key()
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(sha256(der).digest()).decode()


def _context(door: Door) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=None if door.ca is None else str(door.ca))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if door.certificate is not None:
        context.load_cert_chain(str(door.certificate))
    return context


class Client:
    """One peer's server, as the peer's door says."""

    def __init__(self, door: Door) -> None:
        """Make ready; nothing is sent yet."""
        self.door = door
        parts = urlsplit(door.root)
        self.base = f"{parts.scheme}://{parts.netloc}"
        host, timeout = str(parts.hostname), Timeout(connect=_CONNECT, read=_READ)
        self.pool: HTTPConnectionPool
        if parts.scheme == "https":
            try:
                context = _context(door)
            except (OSError, ValueError) as error:
                raise Unreached(sentence(Trouble.NO_CERTIFICATES, error=error)) from error
            self.pool = _PinnedPool(host, parts.port or 443, timeout=timeout, maxsize=1, ssl_context=context,
                                    pins=door.pins)  # fmt: skip
        else:
            self.pool = HTTPConnectionPool(host, parts.port or 80, timeout=timeout, maxsize=1)

    def close(self) -> None:
        """Hang up."""
        self.pool.close()

    def get(self, url: str, query: Mapping[str, str] | None = None) -> Reply:
        """Ask for a resource."""
        return self._ask("GET", url, query or {})

    def post(self, url: str, body: bytes) -> Reply:
        """Give an envelope."""
        return self._ask("POST", url, {}, body)

    def _ask(self, method: str, url: str, query: Mapping[str, str], body: bytes | None = None) -> Reply:
        whole = urljoin(self.door.root, url)
        if not whole.startswith(f"{self.base}/"):
            raise BadAnswer(sentence(Trouble.ELSEWHERE, address=whole, base=self.base))
        path = whole.removeprefix(self.base) + (f"?{urlencode(query, safe='[]:')}" if query else "")
        try:
            answer = self.pool.urlopen(method, path, body=body, headers=self._headers(body), retries=False,
                                       redirect=False, preload_content=False)  # fmt: skip
            return Reply(answer.status, {k.lower(): v for k, v in answer.headers.items()}, _read(answer))
        except (HTTPError, OSError) as error:
            raise Unreached(_why(error)) from error

    def _headers(self, body: bytes | None) -> dict[str, str]:
        found = {"Accept": TAXII, "User-Agent": f"comity/{__version__}", "Accept-Encoding": "gzip"}
        if self.door.username:
            pair = f"{self.door.username}:{self.door.secret}".encode()
            found["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        if body is not None:
            found["Content-Type"] = TAXII
        return found


class _PinnedPool(HTTPSConnectionPool):
    ConnectionCls = _Pinned


def _read(answer: BaseHTTPResponse) -> bytes:
    """Read an answer to its end and let the line go; one that does not end is given up."""
    parts, size = list[bytes](), 0
    try:
        while piece := answer.read(_PIECE, decode_content=True):
            parts.append(piece)
            size += len(piece)
            if size > MOST_BYTES:
                raise Unreached(sentence(Trouble.TOO_LONG, most=MOST_BYTES))
    finally:
        answer.drain_conn() if size <= MOST_BYTES else answer.close()
        answer.release_conn()
    return b"".join(parts)


def _why(error: Exception) -> str:
    """Say in one line what went wrong on the way."""
    inner: BaseException = error
    while inner.__cause__ is not None or inner.__context__ is not None:
        inner = inner.__cause__ or inner.__context__ or inner
    said = " ".join(str(inner).split()) or type(inner).__name__
    return sentence(Trouble.NO_ANSWER, reason=said[:MOST_WORDS])
