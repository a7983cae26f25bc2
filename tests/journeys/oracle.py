"""What each partner may have, by the plainest reading: the agreements' YAML as text, each object by itself.

Nothing of the house under test is used. It is right for objects of the node's own, without personal data, shared for
prevention.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

Object = Mapping[str, Any]
Version = tuple[str, str]  # id, modified

SCALE = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
INFORMATION = {
    "identity": "technical indicators", "attack-pattern": "technical indicators", "malware": "technical indicators",
    "tool": "technical indicators", "indicator": "technical indicators", "relationship": "technical indicators",
    "sighting": "technical indicators", "note": "technical indicators", "intrusion-set": "threat analysis",
    "report": "threat analysis", "campaign": "threat analysis", "course-of-action": "best practice",
    "vulnerability": "vulnerability information",
}  # fmt: skip
LABEL = {
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487": "CLEAR",
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb": "GREEN",
    "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421": "AMBER",
    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003": "AMBER+STRICT",
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1": "RED",
}
REFERENCES = ("source_ref", "target_ref", "sighting_of_ref")


@dataclass(frozen=True, slots=True)
class Event:
    """A life event: which agreement (by its name), what, from which day."""

    agreement: str
    kind: str
    day: date
    party: str = ""


@dataclass
class Oracle:
    """The agreements' texts and what has happened to them so far."""

    texts: list[dict[str, Any]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @classmethod
    def reading(cls, *paths: Path) -> "Oracle":
        """Read agreement files, every scalar as text."""
        return cls([yaml.load(path.read_text(), Loader=yaml.CBaseLoader) for path in paths])  # noqa: S506 - builds text

    def may(self, party: str, kind: str, label: str, day: date) -> bool:
        """Tell whether an object of this type and label may go to a party by itself."""
        if label in ("CLEAR", "RED"):
            return label == "CLEAR"  # nobody is named for TLP:RED here
        return any(
            self._binds(text, party, day) and _allows(text, information_of(kind), label)
            for text in self.texts
            if party in text["parties"]
        )

    def _binds(self, text: dict[str, Any], party: str, day: date) -> bool:
        """Tell whether an agreement binds us and a party on a day, neither before its time, nor suspended, nor over."""
        said = [one for one in self.events if one.agreement == text["agreement"] and one.day <= day]
        kinds = [one.kind for one in said]
        begun = text["life"]["in_force"] if isinstance(text["life"]["in_force"], str) else "9999-12-31"
        member = text["parties"][party]
        if isinstance(member, dict) and "joins" in member:
            begun = member["joins"]
        if isinstance(member, dict) and member.get("joins") == "by accession":
            begun = "9999-12-31"
        joined = any(one.kind == "accession" and one.party == party for one in said)
        paused = [kind for kind in kinds if kind in ("suspension", "end-of-suspension")]
        return (
            (begun <= day.isoformat() or "entry-into-force" in kinds or joined)
            and paused[-1:] != ["suspension"]
            and "termination" not in kinds
        )

    def has(self, party: str, objects: Iterable[Object], day: date) -> dict[Version, Object]:
        """Give every version that a party may have, as it may have it."""
        stock = list(objects)
        seen: set[str] = set()
        while True:  # what refers to others waits for them: look again until nothing is added
            found = [one for one in stock if self._goes(party, one, seen, day)]
            ids = {str(one["id"]) for one in found}
            if ids == seen:
                return {(one["id"], one["modified"]): self._rendition(party, one, seen, day) for one in found}
            seen = ids

    def latest(self, party: str, objects: Iterable[Object], day: date) -> dict[Version, Object]:
        """Give the latest version of each object that a party may have."""
        found = self.has(party, objects, day)
        newest: dict[str, str] = {}
        for stix_id, modified in found:
            newest[stix_id] = max(modified, newest.get(stix_id, ""))
        return {version: one for version, one in found.items() if newest[version[0]] == version[1]}

    def _goes(self, party: str, one: Object, seen: set[str], day: date) -> bool:
        """Tell whether a version goes to a party when it has what is in *seen*."""
        kind, label = one["type"], LABEL[one["object_marking_refs"][0]]
        if not self.may(party, kind, label, day) or any(one[name] not in seen for name in REFERENCES if name in one):
            return False
        if "object_refs" in one and not seen & set(one["object_refs"]):
            return False
        return not any(
            "pattern" in marking["selectors"] and not self._may_part(party, one, marking, day)
            for marking in one.get("granular_markings", ())
        )

    def _may_part(self, party: str, one: Object, marking: Object, day: date) -> bool:
        labels = (LABEL[one["object_marking_refs"][0]], LABEL[marking["marking_ref"]])
        return self.may(party, one["type"], max(labels, key=SCALE.index), day)

    def _rendition(self, party: str, one: Object, seen: set[str], day: date) -> Object:
        """Take out what the party may not have: marked parts, and names of objects that it does not get."""
        left = dict(one)
        for marking in one.get("granular_markings", ()):
            if not self._may_part(party, one, marking, day):
                del left["description"], left["granular_markings"]
        if left.get("created_by_ref", "") not in seen:
            left.pop("created_by_ref", None)
        for name in ("object_refs", "where_sighted_refs"):
            if name in left:
                left[name] = [target for target in left[name] if target in seen]
                if not left[name]:
                    del left[name]
        return left


def information_of(kind: str) -> str:
    """Say what category a type falls into: what the standard does not define is threat analysis."""
    return "threat analysis" if kind.startswith("x-") else INFORMATION[kind]


def _allows(text: dict[str, Any], information: str, label: str) -> bool:
    """Tell whether any clause lets this be shared for prevention, and none forbids it."""
    about = [
        clause
        for clause in text["clauses"].values()
        if "share" in clause.get("action", ()) and "when" not in clause
        and "prevention" in clause.get("purpose", ["prevention"])
        and information in clause.get("information", [information])
    ]  # fmt: skip
    if any(clause["effect"] == "must not" for clause in about):
        return False
    return any(SCALE.index(label) <= SCALE.index(clause["tlp_up_to"]) for clause in about)
