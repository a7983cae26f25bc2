"""The meta objects of STIX 2.1 §7, as tables: marking definitions, extension definitions, language content."""

from typing import Final

from comity.stix.checks import Shape, anything, base_value, dictionary, language, list_of, one_of, text
from comity.stix.faults import NONE, Faults, Members, breach
from comity.stix.identifiers import reference
from comity.stix.markings import definition_faults
from comity.stix.properties import Kind, meta
from comity.stix.timestamps import version_timestamp

EXTENSION_TYPES: Final = ("new-sdo", "new-sco", "new-sro", "property-extension", "toplevel-property-extension")
"""extension-type-enum (§10.5)."""


def _toplevel_names(members: Members) -> Faults:
    """Judge `extension_properties`: there only where the extension adds top-level properties (§7.3.1)."""
    kinds = members.get("extension_types")
    toplevel = isinstance(kinds, list) and "toplevel-property-extension" in kinds
    if "extension_properties" in members and not toplevel:
        says = "extension_properties stands in an extension that adds no top-level property."
        return breach("7.3.1", says, "Leave it out, or add toplevel-property-extension.", "extension_properties")
    return NONE


META_KINDS: Final[dict[str, Kind]] = {
    "marking-definition": meta(
        "marking-definition",
        "7.2.1",
        {"name": text, "definition_type": text, "definition": anything},
        "",
        definition_faults,
        without="modified revoked labels confidence lang",
    ),
    "extension-definition": meta(
        "extension-definition",
        "7.3.1",
        {
            "name": text,
            "description": text,
            "schema": text,
            "version": text,
            "extension_types": list_of(one_of("10.5", EXTENSION_TYPES)),
            "extension_properties": list_of(text),
        },
        "created_by_ref name schema version extension_types",
        _toplevel_names,
        without="confidence lang extensions",
    ),
    "language-content": meta(
        "language-content",
        "7.1.1",
        {
            "object_ref": reference("7.1.1", excluding=("bundle",)),
            "object_modified": version_timestamp,
            "contents": dictionary(dictionary(base_value), keys=language),
        },
        "object_ref contents",
        without="lang",
    ),
}

_EXTENSION: Final = Shape("3.2", {"extension_type": one_of("10.5", EXTENSION_TYPES)})


def extension_entry(value: object) -> Faults:
    """Check one entry of `extensions` under an extension definition's id (§3.2): it says its `extension_type`."""
    if isinstance(value, dict) and "extension_type" not in value:
        return breach("3.2", "The extension does not say its extension_type.", "Add extension_type.", "extension_type")
    if isinstance(value, dict):
        return _EXTENSION.properties["extension_type"](value["extension_type"])
    return breach("3.2", "The extension is no object.", "Write an object in braces.")
