"""Identifiers (STIX 2.1 §2.9, §3.3, §3.4): `type--UUID`, and the deterministic ids of cyber-observable objects."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final
from uuid import UUID, uuid5

from comity.stix.canonical import canonical
from comity.stix.faults import NONE, Check, Faults, breach, kind_of
from comity.stix.native import matching, stands_for

SCO_NAMESPACE: Final = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""The namespace of §2.9 for deterministic SCO ids; nothing else may use it."""

UUID_FORM: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
TYPE_FORM: Final = r"[a-z](?:[a-z0-9]|-(?!-))*[a-z0-9]"
HASH_PREFERENCE: Final = ("MD5", "SHA-1", "SHA-256", "SHA-512")
"""§6.7.1: of a set of hashes, only the first of these that is there contributes to an id."""

_split: Final = re.compile(rf"({TYPE_FORM})--({UUID_FORM})").fullmatch
_MEND: Final = "Write the object's type, two hyphens and a lower-case RFC 4122 UUID."


@lru_cache(maxsize=16_384)
def _named_type(text: str) -> str | None:
    """Return the type a well-formed identifier names; None for any other text. The same ids recur."""
    found = _split(text)
    return None if found is None else found[1]


def type_of(identifier: str) -> str:
    """Return the type an identifier names, empty when it has none."""
    return identifier.rpartition("--")[0]


def is_identifier(value: object) -> bool:
    """Say whether a value has an identifier's form."""
    return type(value) is str and _named_type(value) is not None


def identifier(value: object) -> Faults:
    """Check the form of an identifier (§2.9)."""
    if type(value) is str and _named_type(value) is not None:
        return NONE
    shown = repr(value)[:80] if type(value) is str else kind_of(value)
    return breach("2.9", f"{shown} is not an identifier of the form type--UUID.", _MEND)


def reference(section: str, *types: str, excluding: Iterable[str] = ()) -> Check:
    """Return a check of a reference to one of the types named, or to any but the excluded when none is named."""
    allowed, barred = frozenset(types), frozenset(excluding)

    def check(value: object) -> Faults:
        if type(value) is not str or (named := _named_type(value)) is None:
            return identifier(value)
        if (allowed and named not in allowed) or named in barred:
            wanted = f"a reference to {' or '.join(types)}" if types else f"no {named}"
            return breach(section, f"{value} refers to {named}, where {wanted} may stand.", "Refer to another object.")
        return NONE

    named = "|".join(map(re.escape, types)) or f"(?!(?:{'|'.join(map(re.escape, barred)) or '-'})--){TYPE_FORM}"
    return stands_for(check, matching(f"(?:{named})--{UUID_FORM}"))


def contribution(members: Mapping[str, object], names: Sequence[str]) -> dict[str, object]:
    """Return the id-contributing properties that are present (§3.4); of hashes, only the preferred one (§6.7.1)."""
    present = {name: members[name] for name in names if name in members}
    hashes = present.get("hashes")
    if isinstance(hashes, dict) and hashes:
        chosen = next((name for name in HASH_PREFERENCE if name in hashes), min(hashes))
        present["hashes"] = {chosen: hashes[chosen]}
    return present


def deterministic_id(members: Mapping[str, object], names: Sequence[str]) -> str | None:
    """Return the id §2.9 gives an observable with these contributing properties; None when it has none of them."""
    present = contribution(members, names)
    if not present:
        return None
    return f"{members['type']}--{uuid5(SCO_NAMESPACE, canonical(present).decode())}"
