"""What other servers answer with, read as they write it: TAXII 2.1 resources, and the slips that are known of them."""

from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import msgspec

from comity.acts.incoming import Found
from comity.acts.parcels import Failure
from comity.peering.client import MOST_WORDS, BadAnswer, Client, Reply
from comity.policy.peering import Answered, readable
from comity.policy.saying import sentence
from comity.policy.troubles import Trouble
from comity.stix.objects import read_all

T = TypeVar("T")
NO_REASON = sentence(Trouble.NO_REASON)


class _Envelope(msgspec.Struct):
    more: bool = False
    next: str | int | None = None
    objects: list[msgspec.Raw] | None = None


class Collection(msgspec.Struct):
    """A collection over there, and what we may do in it."""

    id: str
    title: str = ""
    can_read: bool = False
    can_write: bool = False
    alias: str = ""
    description: str | None = None


class _Collections(msgspec.Struct):
    collections: list[Collection] = []


class _Discovery(msgspec.Struct):
    api_roots: list[str] = []
    default: str | None = None
    versions: list[str] = []
    max_content_length: int = 1 << 20


class Status(msgspec.Struct):
    """The status of what we gave (TAXII 2.1 §4.3)."""

    id: str = ""
    status: str = "complete"
    failures: list[dict[str, Any]] | None = None
    pending_count: int = 0

    @property
    def done(self) -> bool:
        """Tell whether the other side is done with all of it."""
        return self.status != "pending" and self.pending_count == 0

    def failed(self) -> list[Failure]:
        """Return what was not taken."""
        return [
            Failure(str(one.get("id", "unknown")), str(one.get("version", "")), str(one.get("message") or NO_REASON))
            for one in self.failures or ()
        ]


def envelope(reply: Reply) -> tuple[list[Found], Answered]:
    """Read a page: its objects, each judged, and what it says of the rest."""
    found = _decoded(reply, _Envelope, "envelope")
    objects = read_all([bytes(raw) for raw in found.objects or ()])
    first, last = (_date(reply.headers.get(f"x-taxii-date-added-{end}", "")) for end in ("first", "last"))
    cursor = "" if found.next is None else str(found.next)
    return objects, Answered(len(objects), found.more, cursor, first, last)


def _date(text: str) -> str:
    """Return a date that can be compared; anything else, such as “undefined”, counts as none."""
    return text.strip() if text and readable(text.strip()) else ""


def status(reply: Reply) -> Status:
    """Read a status resource."""
    return _decoded(reply, Status, "status")


def _decoded(reply: Reply, kind: type[T], what: str) -> T:
    try:
        return msgspec.json.decode(reply.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadAnswer(sentence(Trouble.NO_SUCH, what=what, error=str(error)[:MOST_WORDS])) from error


def root_of(client: Client, url: str) -> tuple[str, int]:
    """Find the API root behind an address, discovery or root itself; and the most bytes that it takes (§4.1, §4.2)."""
    reply = client.get(url)
    if reply.status != 200:  # noqa: PLR2004 - the number is HTTP's own
        raise BadAnswer(f"{url}: {reply.said}")
    found = _decoded(reply, _Discovery, "discovery or API root")
    if not found.api_roots:
        if not found.versions:
            raise BadAnswer(f"{url} is neither a discovery resource nor an API root")
        return _slashed(url), found.max_content_length
    chosen = _slashed(urljoin(url, found.default or found.api_roots[0]))
    if urlsplit(chosen).netloc != urlsplit(url).netloc:
        raise BadAnswer(f"{url} names the API root {chosen} on another host; give that address itself if it is right")
    root = client.get(chosen)
    if root.status != 200:  # noqa: PLR2004 - as above
        raise BadAnswer(f"{chosen}: {root.said}")
    return chosen, _decoded(root, _Discovery, "API root").max_content_length


def collections(client: Client, root: str) -> list[Collection]:
    """List the collections of an API root."""
    reply = client.get(urljoin(root, "collections/"))
    if reply.status != 200:  # noqa: PLR2004 - as above
        raise BadAnswer(f"{root}collections/: {reply.said}")
    return _decoded(reply, _Collections, "list of collections").collections


def _slashed(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"
