"""Data markings (STIX 2.1 §7.2): the Traffic Light Protocol in both editions, and granular markings.

TLP 1.0 is part of the standard (§7.2.1.4). TLP 2.0 is an extension that OASIS publishes as marking definitions with
fixed ids. Both are known here by id, so an object can be judged without its marking definitions at hand.
"""

from collections.abc import Iterable
from typing import Final

from comity.stix.canonical import canonical
from comity.stix.checks import Shape, language, list_of, text
from comity.stix.faults import NONE, Faults, Members, breach, within
from comity.stix.identifiers import reference
from comity.stix.selectors import is_selector, path_of, resolves

TLP_EXTENSION: Final = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
"""The extension by which a marking definition carries a TLP 2.0 label."""

TLP_ORDER: Final = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
"""Labels from the most open to the strictest."""

_TLP_1: Final = {
    "white": "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
    "green": "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
    "amber": "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
    "red": "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
}
_TLP_2: Final = {
    "clear": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "green": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "amber": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "amber+strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "red": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}


def of_label(label: str) -> str:
    """Give the id of the marking definition of a TLP 2.0 label, such as “AMBER+STRICT”."""
    return _TLP_2[label.lower()]


def _first_edition(label: str, identifier: str) -> Members:
    """Return a TLP 1.0 marking definition as §7.2.1.4 prints it."""
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": identifier,
        "created": "2017-01-20T00:00:00.000Z",
        "definition_type": "tlp",
        "name": f"TLP:{label.upper()}",
        "definition": {"tlp": label},
    }


def _second_edition(label: str, identifier: str) -> Members:
    """Return a TLP 2.0 marking definition as OASIS publishes it."""
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": identifier,
        "created": "2022-10-01T00:00:00.000Z",
        "name": f"TLP:{label.upper()}",
        "extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": label}},
    }


_DEFINITIONS: Final[dict[str, Members]] = {
    **{identifier: _first_edition(label, identifier) for label, identifier in _TLP_1.items()},
    **{identifier: _second_edition(label, identifier) for label, identifier in _TLP_2.items()},
}
WELL_KNOWN: Final[dict[str, bytes]] = {identifier: canonical(body) for identifier, body in _DEFINITIONS.items()}
"""The nine TLP marking definitions by id, as canonical bytes."""

TLP_LABELS: Final[dict[str, str]] = {
    **{identifier: "CLEAR" if label == "white" else label.upper() for label, identifier in _TLP_1.items()},
    **{identifier: label.upper() for label, identifier in _TLP_2.items()},
}
"""The label of each well-known id, in the words of TLP 2.0: WHITE of the first edition is CLEAR."""
TLP_IDS: Final[dict[str, str]] = {label.upper(): identifier for label, identifier in _TLP_2.items()}
"""The TLP 2.0 marking-definition id of each label."""


def strictest(markings: Iterable[str]) -> str | None:
    """Return the strictest TLP label among marking ids; None when none of them is a TLP marking."""
    labels = [TLP_LABELS[marking] for marking in markings if marking in TLP_LABELS]
    return max(labels, key=TLP_ORDER.index) if labels else None


_MARKS: Final = Shape(
    "7.2.3",
    {"lang": language, "marking_ref": reference("7.2.3", "marking-definition"), "selectors": list_of(text)},
    frozenset({"selectors"}),
    closed=True,
)


def granular_faults(members: Members) -> Faults:
    """Judge `granular_markings`: each has one marking or language, and selectors that lead to something (§7.2.3)."""
    found = list_of(_MARKS)(members["granular_markings"])
    if found:
        return within("granular_markings", found)
    entries = members["granular_markings"]
    faults: Faults = NONE
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        place = f"granular_markings.[{index}]"
        if ("lang" in entry) == ("marking_ref" in entry):
            says = "A granular marking has a marking_ref or a lang, and not both."
            faults += breach("7.2.3", says, "Keep exactly one of the two.", place)
        for position, selector in enumerate(entry["selectors"]):
            faults += within(f"{place}.selectors.[{position}]", _selector_faults(members, selector))
        if entry.get("marking_ref") == members.get("id"):
            faults += breach("3.2", "A marking definition marks itself.", "Refer to another marking.", place)
    return faults


def _selector_faults(members: Members, selector: str) -> Faults:
    """Judge one selector: its form, and that it leads to something in the object."""
    if not is_selector(selector):
        return breach("7.2.3.1", f"{selector!r:.80} is no selector.", "Write names and [n] positions joined by dots.")
    path = path_of(selector)
    if path[0] == "granular_markings" or not resolves(members, path):
        says = f"{selector!r:.80} selects nothing of this object that can be marked."
        return breach("7.2.3.1", says, "Select a property or list member that is there.")
    return NONE


def definition_faults(members: Members) -> Faults:
    """Judge a marking definition's content (§7.2.1): statement, TLP, or an extension; TLP only in its fixed form."""
    identifier = members.get("id")
    if identifier in _DEFINITIONS:
        return _altered(members, _DEFINITIONS[str(identifier)])
    if "definition_type" not in members or "definition" not in members:
        if "extensions" in members:
            return _extension_label(members)
        says = "The marking lacks definition_type, definition, or both, and has no extension."
        return breach("7.2.1", says, "Add definition_type and definition, or an extension.")
    return _definition_content(members) + _extension_label(members)


def _definition_content(members: Members) -> Faults:
    """Judge a definition by its type."""
    kind, definition = members["definition_type"], members["definition"]
    if kind == "tlp":
        mend = "Refer to the marking definition that the standard prints."
        return breach("7.2.1.4", "This is not one of the four TLP markings of the standard.", mend, "definition_type")
    if not isinstance(definition, dict) or not definition:
        return breach("7.2.1", "The definition is no object with content.", "Write it as an object.", "definition")
    if kind == "statement" and type(definition.get("statement")) is not str:
        return breach("7.2.1.3", "The statement is missing.", "Add the statement as a string.", "definition.statement")
    return NONE


def _extension_label(members: Members) -> Faults:
    """Judge a TLP 2.0 extension outside the five published ids: there are no other TLP markings."""
    extensions = members.get("extensions")
    if isinstance(extensions, dict) and TLP_EXTENSION in extensions:
        mend = "Refer to one of the five marking definitions that OASIS publishes."
        place = f"extensions.{TLP_EXTENSION}"
        return breach("7.2.1.4", "This is not one of the five TLP 2.0 markings.", mend, place)
    return NONE


def _altered(members: Members, published: Members) -> Faults:
    """Judge a well-known marking definition: everything that says what it means is as published."""
    faults: Faults = NONE
    for name in ("created", "definition_type", "definition", "name", "extensions"):
        if name in published and name not in members and name == "name":
            continue
        if members.get(name) != published.get(name):
            says = f"{name} differs from the published marking definition {published['name']}."
            faults += breach("7.2.1.4", says, "Use the published content, or another id.", name)
    return faults
