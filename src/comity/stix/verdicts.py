"""What reading one object comes to: accepted, with what the house needs to know of it, or refused with every fault."""

import msgspec

from comity.stix.faults import Fault

AnyOf = frozenset[str]
Requires = tuple[AnyOf, ...]


class Granular(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One granular marking: the marking's id (empty when it names a language), its TLP label, and what it selects.

    `removable` says that the object still stands when all that is selected is taken out.
    """

    marking: str
    tlp: str | None
    selectors: tuple[str, ...]
    removable: bool


class Refused(msgspec.Struct, frozen=True, array_like=True, tag="refused", tag_field="verdict"):
    """An object that breaks the standard: who it says it is, as far as that can be read, and every fault."""

    id: str | None
    type: str | None
    version: str | None
    faults: tuple[Fault, ...]


class Accepted(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="accepted", tag_field="verdict"):
    """An object that keeps the standard.

    `body` is its canonical JSON (RFC 8785): what is stored, served and hashed; `digest` is the SHA-256 of it.
    `version` is `modified` as written, else `created`, else `VERSIONLESS`. `tlp` is the strictest TLP label among the
    object-level markings, None without one. `requires` is a conjunction of any-ofs: of each set, at least one id must
    be releasable for this object to be. `mentions` are the other ids it refers to, which can be pruned. `custom` says
    what it has beyond the standard. `deterministic` says, for an observable with a UUIDv5, whether its id is the one
    that §2.9 computes; None for all others. `instant` is the version as microseconds since 1970 UTC. `exercise` tells
    whether the object says itself that it is material of an exercise.
    """

    id: str
    type: str
    version: str
    created: str | None
    body: bytes
    digest: bytes
    revoked: bool
    tlp: str | None
    markings: tuple[str, ...]
    granular: tuple[Granular, ...]
    requires: Requires
    mentions: frozenset[str]
    derived_from: frozenset[str]
    derives: tuple[str, str] | None
    custom: tuple[str, ...]
    deterministic: bool | None
    instant: int
    exercise: bool
