"""Judging one object's members by the standard: every fault, and what is custom about it."""

import re
from typing import Final

from comity.stix.checks import PROPERTY_NAME, bad_name, missing
from comity.stix.faults import NONE, Fault, Faults, Members, breach, kind_of, within
from comity.stix.identifiers import TYPE_FORM, deterministic_id, type_of
from comity.stix.kinds import kind_of_object
from comity.stix.markings import TLP_EXTENSION, granular_faults
from comity.stix.properties import RESERVED, VERSIONING, Group, Kind
from comity.stix.types_extensions import PREDEFINED
from comity.stix.types_meta import extension_entry

SPEC_VERSION: Final = "2.1"
_SHORTEST: Final = 3
_LONGEST: Final = 250
"""Characters of a type's name (§3.1)."""
_type_name: Final = re.compile(TYPE_FORM).fullmatch
_COMMON_ONLY: Final = VERSIONING.keys() | {
    "labels",
    "confidence",
    "lang",
    "external_references",
    "defanged",
    "extensions",
}
_UUID_VERSION: Final = -22
"""Where a UUID's version digit stands, counted from the end of an identifier."""


def judge(members: Members) -> tuple[Faults, Kind | None, list[str]]:
    """Judge one object. Return its faults, the kind it was judged by, and the names it has beyond that kind."""
    found = _type_faults(members)
    if found:
        return found, None, []
    kind = kind_of_object(str(members["type"]), members)
    beyond: list[str] = []
    faults = _property_faults(members, kind, beyond)
    if not kind.required <= members.keys():
        faults += _missing(members, kind)
    if members.get("spec_version", SPEC_VERSION) != SPEC_VERSION:
        faults += _foreign_version(members["spec_version"])
    if faults:
        return faults, kind, beyond
    for rule in kind.rules:
        faults += rule(members)
    faults += _identity_faults(members, kind)
    if "granular_markings" in members:
        faults += granular_faults(members)
    if "extensions" in members:
        faults += extension_faults(members, kind)
    return faults, kind, beyond


def _type_faults(members: Members) -> Faults:
    """Judge the type's form (§3.1, §11.2); a bundle is not an object (§8)."""
    name = members.get("type")
    if name is None:
        return missing("3.2", ("type",))
    if name == "bundle":
        return breach("8", "A bundle is a package, not an object.", "Hand over the objects inside it.", "type")
    if type(name) is not str or not is_type_name(name):
        mend = "Use 3 to 250 of the characters a-z, 0-9 and single hyphens."
        return breach("3.1", f"{name!r:.60} is no type name.", mend, "type")
    return NONE


def is_type_name(name: str) -> bool:
    """Say whether a text has the form of a type's name and is not that of a bundle (§3.1, §8)."""
    return _SHORTEST <= len(name) <= _LONGEST and _type_name(name) is not None and name != "bundle"


def is_custom_name(name: str, kind: Kind) -> bool:
    """Say whether a name surely may stand in an object of a kind beyond what the standard defines (§11.1)."""
    barred = name in RESERVED or name in _COMMON_ONLY or name in kind.properties
    return not barred and PROPERTY_NAME(name) is not None


def _property_faults(members: Members, kind: Kind, beyond: list[str]) -> Faults:
    """Judge each property by its table; gather the names the table does not have."""
    table = kind.properties
    faults: Faults = NONE
    for name, value in members.items():
        check = table.get(name)
        if check is None:
            beyond.append(name)
            if not PROPERTY_NAME(name):
                faults += bad_name(name)
            elif name in RESERVED:
                says = f"{name} is reserved and may be in no object."
                faults += breach("3.8", says, "Choose another name.", name)
            elif name in VERSIONING and kind.group is Group.OBSERVABLE:
                faults += within(name, VERSIONING[name](value))
            elif name in _COMMON_ONLY and not (kind.group is Group.OBSERVABLE and name != "defanged"):
                faults += breach("3.2", f"{name} does not apply to {kind.type}.", f"Leave {name} out.", name)
        elif found := check(value):
            faults += within(name, found)
    return faults


def _missing(members: Members, kind: Kind) -> Faults:
    """Name what is missing; for an object of STIX 2.0, the one mend that makes it 2.1."""
    absent = sorted(kind.required - members.keys())
    if "spec_version" in absent:
        absent.remove("spec_version")
        says = "There is no spec_version, as in STIX 2.0."
        mend = 'Lift the object to STIX 2.1 and add "spec_version": "2.1".'
        return (Fault("spec_version", "STIX 2.1 §3.2", says, mend), *missing(kind.section, absent))
    return missing(kind.section, absent)


def _foreign_version(written: object) -> Faults:
    """Refuse every edition of the standard but 2.1."""
    shown = repr(written)[:40] if type(written) is str else kind_of(written)
    return breach(
        "3.2", f"The spec_version is {shown}.", 'Lift the object to STIX 2.1 and write "2.1".', "spec_version"
    )


def _identity_faults(members: Members, kind: Kind) -> Faults:
    """Judge the id: it names the object's own type, and an observable's is made as §2.9 and §3.6 ask."""
    identifier, type_name = str(members["id"]), members["type"]
    if type_of(identifier) != type_name:
        says = f"The id names {type_of(identifier)}, the type is {type_name}."
        return breach("2.9", says, f"Begin the id with {type_name}--.", "id")
    if identifier in members.get("object_marking_refs", ()):  # type: ignore[operator]
        return breach("3.2", "A marking definition marks itself.", "Drop that reference.", "object_marking_refs")
    if kind.group is not Group.OBSERVABLE or not kind.contributing or identifier[_UUID_VERSION] != "5":
        return NONE
    computed = deterministic_id(members, kind.contributing)
    if computed is None:
        says = "The id is a UUIDv5, but no id-contributing property is there."
        return breach("2.9", says, "Use a UUIDv4.", "id")
    if computed == identifier and "modified" in members:
        says = "A versioned observable may not use the deterministic id of the standard's namespace."
        return breach("3.6", says, "Use a UUIDv4, or drop the versioning properties.", "id")
    return NONE


def extension_faults(members: Members, kind: Kind) -> Faults:
    """Judge `extensions` (§3.2): predefined ones by their tables, others by their `extension_type`."""
    extensions = members["extensions"]
    if type(extensions) is not dict or not extensions:
        return breach("3.2", "There is no extension here.", "Write an object with an entry, or nothing.", "extensions")
    predefined = PREDEFINED.get(kind.type, {})
    faults: Faults = NONE
    for name, entry in extensions.items():
        check = predefined.get(name)
        if check is not None:
            found = check(entry)
        elif name.startswith("extension-definition--"):
            found = extension_entry(entry)
        elif type(entry) is not dict:
            found = breach("3.2", "The extension is no object.", "Write an object in braces.")
        else:
            found = NONE
        faults += within(f"extensions.{name}", found)
    return faults


def custom_marks(members: Members, kind: Kind, beyond: list[str]) -> tuple[str, ...]:
    """Say what an object has beyond the standard (§11, §7.3): its type, properties, and extensions not known here."""
    if kind.known and not beyond and "extensions" not in members:
        return ()
    marks = [] if kind.known else [f"type {kind.type}"]
    marks += [f"property {name}" for name in sorted(beyond)]
    extensions = members.get("extensions")
    known = PREDEFINED.get(kind.type, {})
    if isinstance(extensions, dict):
        marks += [f"extension {name}" for name in sorted(extensions) if name not in known and name != TLP_EXTENSION]
    return tuple(marks)
