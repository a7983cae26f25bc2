"""The common properties of STIX 2.1 §3.2, and the form in which each type of object is written down as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from comity.stix.checks import REFERS, anything, boolean, external_reference, integer, language, list_of, text
from comity.stix.faults import Check, Rule
from comity.stix.identifiers import identifier, reference
from comity.stix.native import wants_of_each
from comity.stix.rules import not_before
from comity.stix.timestamps import version_timestamp


class Group(Enum):
    """The groups of objects the standard makes (§1.2)."""

    DOMAIN = "domain object"
    RELATIONSHIP = "relationship object"
    OBSERVABLE = "cyber-observable object"
    META = "meta object"


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of object: its section, what each property must be, which must be there, and the rules between them.

    `contributing` are the id-contributing properties of an observable (§3.4). `known` is false for custom types.
    """

    type: str
    group: Group
    section: str
    properties: Mapping[str, Check]
    required: frozenset[str]
    rules: tuple[Rule, ...] = ()
    contributing: tuple[str, ...] = ()
    known: bool = True


RESERVED: Final = frozenset({"severity", "username", "phone_number", "action"})
"""Names that no object may carry (§3.8)."""

_BASE: Final[dict[str, Check]] = {
    "type": text,
    "spec_version": anything,
    "id": identifier,
    "object_marking_refs": list_of(reference("3.2", "marking-definition")),
    "granular_markings": anything,
    "extensions": anything,
}
_references: Final = list_of(external_reference)
wants_of_each(_references, REFERS)
_created_by: Final = reference("3.2", "identity")
_versioned: Final[dict[str, Check]] = {
    "created_by_ref": _created_by,
    "created": version_timestamp,
    "modified": version_timestamp,
    "revoked": boolean,
    "labels": list_of(text),
    "confidence": integer(0, 100, "3.2"),
    "lang": language,
    "external_references": _references,
}
VERSIONING: Final = {name: _versioned[name] for name in ("created_by_ref", "created", "modified", "revoked")}
"""The versioning properties (§3.6): no observable needs them, and a producer that versions one writes all as here."""
_VERSION_ORDER: Final = not_before("3.2", "created", "modified")
_HEAD: Final = frozenset({"type", "spec_version", "id", "created", "modified"})


def domain(type_name: str, section: str, own: Mapping[str, Check], required: str = "", *rules: Rule) -> Kind:
    """Return a domain object's kind (§4); `required` lists its own required properties, parted by spaces."""
    return Kind(
        type_name,
        Group.DOMAIN,
        section,
        {**_BASE, **_versioned, **own},
        _HEAD | frozenset(required.split()),
        (_VERSION_ORDER, *rules),
    )


def relation(type_name: str, section: str, own: Mapping[str, Check], required: str, *rules: Rule) -> Kind:
    """Return a relationship object's kind (§5)."""
    return Kind(
        type_name,
        Group.RELATIONSHIP,
        section,
        {**_BASE, **_versioned, **own},
        _HEAD | frozenset(required.split()),
        (_VERSION_ORDER, *rules),
    )


def meta(
    type_name: str, section: str, own: Mapping[str, Check], required: str, *rules: Rule, without: str = ""
) -> Kind:
    """Return a meta object's kind (§7); `without` lists the common properties it may not have."""
    absent = frozenset(without.split())
    common = {name: check for name, check in _versioned.items() if name not in absent}
    return Kind(
        type_name,
        Group.META,
        section,
        {**{name: check for name, check in _BASE.items() if name not in absent}, **common, **own},
        (_HEAD - absent) | frozenset(required.split()),
        (_VERSION_ORDER, *rules),
    )


def observable(
    type_name: str, section: str, own: Mapping[str, Check], required: str, contributing: str, *rules: Rule
) -> Kind:
    """Return a cyber-observable object's kind (§6); `contributing` lists its id-contributing properties."""
    return Kind(
        type_name,
        Group.OBSERVABLE,
        section,
        {**_BASE, "defanged": boolean, **own},
        frozenset({"type", "id"}) | frozenset(required.split()),
        (_VERSION_ORDER, *rules),
        tuple(contributing.split()),
    )


def custom_kind(type_name: str, group: Group) -> Kind:
    """Return the kind of a type the standard does not define (§11.2, §7.3): the common properties and no more."""
    if group is Group.OBSERVABLE:
        table = {**_BASE, **VERSIONING, "defanged": boolean}
        return Kind(type_name, group, "11.2", table, frozenset({"type", "id"}), (_VERSION_ORDER,), known=False)
    return Kind(type_name, group, "11.2", {**_BASE, **_versioned}, _HEAD, (_VERSION_ORDER,), known=False)
