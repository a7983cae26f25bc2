"""A partner's question, and the cursor by which it goes on."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings

_SEALED = 24  # bytes of a cursor: a date in eight, a seal in sixteen


class CursorRefused(ValueError):
    """The `next` that was sent is not one that this server gave for this question."""


@dataclass(frozen=True, slots=True)
class Query:
    """A TAXII 2.1 question (§3.4). `versions` holds `first`, `last`, `all` or version texts."""

    added_after: int = -1
    limit: int = 1000
    next: str = ""
    ids: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    versions: tuple[str, ...] = ("last",)
    spec_versions: frozenset[str] = frozenset()

    def text(self) -> str:
        """Write the filters in one form: what a cursor is bound to and what the ledger records."""
        parts = [f"added_after={self.added_after}"] if self.added_after >= 0 else []
        for name, values in (("id", self.ids), ("type", self.types), ("spec_version", self.spec_versions)):
            parts += [f"match[{name}]={','.join(sorted(values))}"] if values else []
        parts.append(f"match[version]={','.join(sorted(self.versions))}")
        return " ".join(parts)


def _seal(query: Query, where: str, date: bytes) -> bytes:
    said = b"\0".join((where.encode(), query.text().encode(), date))
    return hmac.digest(settings.SECRET_KEY.encode(), said, hashlib.sha256)[:16]


def cursor(query: Query, where: str, date: int) -> str:
    """Return the cursor that goes on after *date*, for this question of the party and collection that *where* names."""
    raw = date.to_bytes(8, "big")
    return base64.urlsafe_b64encode(raw + _seal(query, where, raw)).decode().rstrip("=")


def open_cursor(query: Query, where: str) -> int:
    """Return the date that a cursor holds; refuse one not given to this party for this very question (App. B)."""
    try:
        raw = base64.b64decode(query.next + "=" * (-len(query.next) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise CursorRefused("`next` is not one that this server gave") from error
    if len(raw) != _SEALED or not hmac.compare_digest(raw[8:], _seal(query, where, raw[:8])):
        raise CursorRefused("`next` was not given for this collection with these filters")
    return int.from_bytes(raw[:8], "big")
