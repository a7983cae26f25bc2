"""STIX identifiers: their form, the type they name, and the deterministic ids of cyber-observables (STIX 2.1 §2.9)."""

import re
import uuid
from collections.abc import Mapping
from typing import Final

from comity.stix.canonical import canonical

NAMESPACE: Final = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""The namespace of deterministic ids of cyber-observables (STIX 2.1 §2.9)."""

_UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_ID: Final = re.compile(rf"[a-z][a-z0-9]*(?:-[a-z0-9]+)*--{_UUID}")
_UUID_END: Final = re.compile(_UUID)
_LENGTH: Final = 36

is_identifier: Final = _ID.fullmatch
"""Match when the text is `type--UUID` with an RFC 4122 UUID (versions 1 to 5) in lower case; None otherwise."""

IN_TEXT: Final = re.compile(rf"[a-z][a-z0-9-]*--{_UUID}")
"""Finds identifiers inside longer text."""

_HASH_ORDER: Final = ("MD5", "SHA-1", "SHA-256", "SHA-512")

CONTRIBUTING: Final[Mapping[str, tuple[str, ...]]] = {
    "artifact": ("hashes", "payload_bin"),
    "autonomous-system": ("number",),
    "directory": ("path",),
    "domain-name": ("value",),
    "email-addr": ("value",),
    "email-message": ("from_ref", "subject", "body"),
    "file": ("hashes", "name", "extensions", "parent_directory_ref"),
    "ipv4-addr": ("value",),
    "ipv6-addr": ("value",),
    "mac-addr": ("value",),
    "mutex": ("name",),
    "network-traffic": ("start", "end", "src_ref", "dst_ref", "src_port", "dst_port", "protocols", "extensions"),
    "process": (),
    "software": ("name", "cpe", "swid", "vendor", "version"),
    "url": ("value",),
    "user-account": ("account_type", "user_id", "account_login"),
    "windows-registry-key": ("key", "values"),
    "x509-certificate": ("hashes", "serial_number"),
}
"""The ID contributing properties of each cyber-observable type (STIX 2.1 §6)."""


def type_of(identifier: str) -> str:
    """Give the object type that an identifier names."""
    return identifier[: -_LENGTH - 2]


def is_version_5(identifier: str) -> bool:
    """Tell whether the UUID is of version 5, made from a name."""
    return identifier[-22] == "5"


def contributed(body: Mapping[str, object]) -> dict[str, object]:
    """Collect the contributing properties that are present; of several hashes one counts (STIX 2.1 §6.7.1)."""
    names = CONTRIBUTING.get(str(body["type"]), ())
    found = {name: body[name] for name in names if name in body}
    hashes = found.get("hashes")
    if isinstance(hashes, dict) and hashes:
        found["hashes"] = _one_hash(hashes)
    return found


def deterministic(body: Mapping[str, object]) -> str | None:
    """Compute the id of a cyber-observable from its contributing properties; None when it has none of them.

    The name is the RFC 8785 form of the contributing properties, hashed in `NAMESPACE`.
    """
    found = contributed(body)
    if not found:
        return None
    return f"{body['type']}--{uuid.uuid5(NAMESPACE, canonical(found).decode())}"


def _one_hash(hashes: dict[str, object]) -> dict[str, object]:
    for name in _HASH_ORDER:
        if name in hashes:
            return {name: hashes[name]}
    first = min(hashes)
    return {first: hashes[first]}
