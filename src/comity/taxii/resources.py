"""TAXII resources as bytes. Keys whose list would be empty are left out (TAXII 2.1 §2)."""

from collections.abc import Iterable, Sequence

import msgspec

from comity.acts.delivering import Answer, Page, manifest_record, timestamp
from comity.models import Collection, Right
from comity.taxii.media import STIX, TAXII

LARGEST = 10 * 1024 * 1024


def discovery(title: str, root: str) -> bytes:
    """Write the discovery resource (§4.1.1)."""
    return msgspec.json.encode({"title": title, "default": root, "api_roots": [root]})


def api_root(title: str) -> bytes:
    """Write the API root resource (§4.2.1)."""
    return msgspec.json.encode({"title": title, "versions": [TAXII], "max_content_length": LARGEST})


def collection(collection: Collection, right: Right) -> dict[str, object]:
    """Return a collection resource (§5.2.1) with what this credential may do."""
    found: dict[str, object] = {"id": str(collection.uuid), "title": collection.title}
    if collection.description:
        found["description"] = collection.description
    return found | {
        "alias": collection.alias, "can_read": right.can_read, "can_write": right.can_write, "media_types": [STIX],
    }  # fmt: skip


def collections(rights: Sequence[Right]) -> bytes:
    """Write the collections resource (§5.1.1)."""
    found = [collection(right.collection, right) for right in rights]
    return msgspec.json.encode({"collections": found} if found else {})


def _paged(page: Page, key: bytes, parts: bytes) -> bytes:
    if not page.slices:
        return b'{"more":true}' if page.more else b"{}"
    head = b'{"more":true,"next":"' + page.next.encode() + b'",' if page.more else b'{"more":false,'
    return b"".join((head, b'"', key, b'":[', parts, b"]}"))


def envelope(page: Page) -> bytes:
    """Write an envelope (§3.7) from stored bytes, untouched."""
    return _paged(page, b"objects", page.bodies())


def manifest(page: Page) -> bytes:
    """Write a manifest (§5.3.1)."""
    records = (manifest_record(one.date, one.stix_id, one.version) for one in page.items())
    return _paged(page, b"objects", _joined(records))


def versions(page: Page) -> bytes:
    """Write a versions resource (§5.8.1)."""
    return _paged(page, b"versions", _joined(msgspec.json.encode(one.version) for one in page.items()))


def _joined(parts: Iterable[bytes]) -> bytes:
    return b",".join(list(parts))


def coding(answer: Answer) -> dict[str, str]:
    """Return what tells how an answer is compressed (RFC 9110 §8.4)."""
    return {"Content-Encoding": answer.coding} if answer.coding else {}


def dates(answer: Answer) -> dict[str, str]:
    """Return the X-TAXII-Date-Added headers (§3.2); of an empty page they are undefined and left out."""
    if not answer.count:
        return {}
    return {
        "X-TAXII-Date-Added-First": timestamp(answer.first),
        "X-TAXII-Date-Added-Last": timestamp(answer.last),
    }
