"""What an object refers to: what it cannot go without, what it merely mentions, what it derives from."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from comity.stix.canonical import NotCanonicalError, decode
from comity.stix.faults import Members
from comity.stix.types_relations import DERIVED_FROM
from comity.stix.verdicts import Requires

_is_identifier: Final = lru_cache(maxsize=16_384)(
    re.compile(r"[a-z][a-z0-9-]+--[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch
)
_HYPHENS: Final = slice(-38, -36)
"""Where the two hyphens before a UUID stand, counted from the end of an identifier."""
MARKING: Final = "marking-definition--"
_EXTENSION: Final = "extension-definition--"
_SHORTEST: Final = 38
DERIVATIONS: Final = ("derived_from_ref", "derived_from_refs", "x_derived_from_ref", "x_derived_from_refs")


def _targets(members: Members, name: str) -> list[str]:
    """Return the ids in a reference property, one or a list."""
    value = members.get(name)
    if type(value) is str:
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The reader of one requirement: at least one of what properties refer to, unless another property is there."""

    names: tuple[str, ...]
    unless: str = ""

    def __call__(self, members: Members) -> Requires:
        """Read what an object requires."""
        if self.unless in members:
            return ()
        targets = frozenset([target for name in self.names for target in _targets(members, name)])
        return (targets,) if targets else ()


@dataclass(frozen=True, slots=True)
class EachOf:
    """The reader of several requirements: all that properties with one reference each refer to."""

    names: tuple[str, ...]

    def __call__(self, members: Members) -> Requires:
        """Read what an object requires."""
        return tuple([frozenset((target,)) for name in self.names for target in _targets(members, name)])


REQUIRED: Final[dict[str, EachOf | AnyOf]] = {
    "relationship": EachOf(("source_ref", "target_ref")),
    "sighting": EachOf(("sighting_of_ref",)),
    "report": AnyOf(("object_refs",)),
    "grouping": AnyOf(("object_refs",)),
    "note": AnyOf(("object_refs",)),
    "opinion": AnyOf(("object_refs",)),
    "observed-data": AnyOf(("object_refs",)),
    "language-content": EachOf(("object_ref",)),
    "network-traffic": AnyOf(("src_ref", "dst_ref")),
    "malware-analysis": AnyOf(("analysis_sco_refs",), unless="result"),
    "extension-definition": EachOf(("created_by_ref",)),
}
"""What must be releasable before an object of a type can be: its references that the standard does not let go."""


def requirements(members: Members) -> Requires:
    """Return the ids without which the object cannot stand, as a conjunction of any-ofs."""
    read = REQUIRED.get(str(members["type"]))
    return read(members) if read else ()


def mentions(members: Members, own: str, requires: Requires) -> frozenset[str]:
    """Return the other ids that are the whole of some value or name, at any depth, whatever the property's name.

    Left out: marking definitions, which ride with what carries them; the names of extensions; and what is required
    alone, for that cannot be pruned.
    """
    found = {own}
    _gather(members, found)
    found.discard(own)
    for group in requires:
        if len(group) == 1:
            found -= group
    return frozenset(found)


def mentioned_in(body: bytes) -> frozenset[str]:
    """Return what `mentions` does, of the stored bytes of an object."""
    members = decode(body)
    if not isinstance(members, dict):
        message = "the body is not one JSON object"
        raise NotCanonicalError(message)
    return mentions(members, str(members["id"]), requirements(members))


def _gather(value: object, found: set[str]) -> None:
    """Add the ids within an object or list."""
    if type(value) is dict:
        for name, item in value.items():
            if len(name) > _SHORTEST and name[_HYPHENS] == "--" and not name.startswith(_EXTENSION):
                _note(name, found)
            if type(item) is str:
                if item[_HYPHENS] == "--":
                    _note(item, found)
            else:
                _gather(item, found)
    elif type(value) is list:
        for item in value:
            if type(item) is str:
                if item[_HYPHENS] == "--":
                    _note(item, found)
            else:
                _gather(item, found)


def _note(text: str, found: set[str]) -> None:
    """Add a text that is an id of anything but a marking."""
    if text not in found and is_mention(text):
        found.add(text)


def is_mention(text: str) -> bool:
    """Say whether a text is an id of anything but a marking."""
    return not text.startswith(MARKING) and _is_identifier(text) is not None


def derivation(members: Members) -> frozenset[str]:
    """Return the ids that the object says it derives from.

    A translation derives from what it translates (§7.1); an object of any type from what its custom properties named
    `derived_from_ref(s)`, with or without `x_`, refer to. What a relationship says of two others is its own field.
    """
    names = ("object_ref", *DERIVATIONS) if members["type"] == "language-content" else DERIVATIONS
    return frozenset(target for name in names if name in members for target in _targets(members, name))


def derived_pair(members: Members) -> tuple[str, str] | None:
    """Return (what derives, what it derives from) of a `derived-from` relationship (§3.7); None of all else."""
    if members["type"] == "relationship" and members.get("relationship_type") == DERIVED_FROM:
        return str(members["source_ref"]), str(members["target_ref"])
    return None
