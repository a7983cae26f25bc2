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


def _around(page: Page, key: bytes) -> tuple[bytes, bytes]:
    """Return what stands before and after the list of a page that is not empty."""
    head = b'{"more":true,"next":"' + page.next.encode() + b'",' if page.more else b'{"more":false,'
    return head + b'"' + key + b'":[', b"]}"


def _empty(page: Page) -> bytes:
    return b'{"more":true}' if page.more else b"{}"


def envelope(page: Page) -> bytes:
    """Write an envelope (§3.7) from stored bytes, untouched."""
    return page.bodies(*_around(page, b"objects")) if page.slices else _empty(page)


def manifest(page: Page) -> bytes:
    """Write a manifest (§5.3.1)."""
    return _listed(page, b"objects", (manifest_record(one.date, one.stix_id, one.version) for one in page.items()))


def versions(page: Page) -> bytes:
    """Write a versions resource (§5.8.1)."""
    return _listed(page, b"versions", (msgspec.json.encode(one.version) for one in page.items()))


def _listed(page: Page, key: bytes, parts: Iterable[bytes]) -> bytes:
    before, after = _around(page, key)
    return before + b",".join(list(parts)) + after if page.slices else _empty(page)


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
