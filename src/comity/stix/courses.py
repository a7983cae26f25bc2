"""A best practice as a STIX course of action, and back: what indicators it serves stands in one extension of our own.

A course of action of others without the extension is taken as well: it then serves what the reader says it does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

EXTENSION: Final = "extension-definition--c6a2bb0e-5f0b-4f4e-9d59-0d3a7f3d8a51"
AUTHOR: Final = "identity--8f6c0f0e-5d8a-4a3f-8e0a-6b1f3c9d2e47"
DEFINED: Final = "2026-11-27T00:00:00.000Z"
SCHEMA: Final = (
    "framework (string), edition (string), indicators (list of string): the indicators of that edition of a maturity"
    " framework which the course of action helps to meet"
)


@dataclass(frozen=True, slots=True)
class Course:
    """A best practice: what is done, what it serves in which framework, and where one can read of it."""

    id: str
    created: str
    modified: str
    name: str
    description: str = ""
    framework: str = ""
    edition: str = ""
    serves: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def definitions(clear: str) -> Iterator[dict[str, Any]]:
    """Yield what defines the extension, and who: public objects, under the marking *clear*."""
    common = {"spec_version": "2.1", "created": DEFINED, "modified": DEFINED, "object_marking_refs": [clear]}
    yield {"type": "identity", "id": AUTHOR, **common, "name": "Comity", "identity_class": "organization"}
    yield {
        "type": "extension-definition", "id": EXTENSION, **common, "created_by_ref": AUTHOR,
        "name": "Indicators of maturity that a course of action serves",
        "description": "Ties a course of action to the indicators of a framework of national cyber capacity.",
        "schema": SCHEMA, "version": "1.0.0", "extension_types": ["property-extension"],
    }  # fmt: skip


def written(course: Course, markings: Sequence[str]) -> dict[str, Any]:
    """Write a practice as an object under markings."""
    found: dict[str, Any] = {
        "type": "course-of-action", "spec_version": "2.1", "id": course.id, "created": course.created,
        "modified": course.modified, "name": course.name, "object_marking_refs": list(markings),
    }  # fmt: skip
    if course.description:
        found["description"] = course.description
    if course.sources:
        found["external_references"] = [_reference(one) for one in course.sources]
    if course.framework:
        found["extensions"] = {EXTENSION: {
            "extension_type": "property-extension", "framework": course.framework, "edition": course.edition,
            "indicators": list(course.serves),
        }}  # fmt: skip
    return found


def _reference(source: str) -> dict[str, str]:
    if source.startswith(("https://", "http://")):
        return {"source_name": source.split("/")[2], "url": source}
    return {"source_name": source[:200], "description": source}


def read(members: Mapping[str, Any]) -> Course:
    """Read a valid course of action; what our extension does not say as it should is left out."""
    said = members.get("extensions", {}).get(EXTENSION, {})
    framework, edition = said.get("framework", ""), said.get("edition", "")
    serves = [one for one in said.get("indicators", []) if isinstance(one, str)]
    known = isinstance(framework, str) and isinstance(edition, str)
    sources = [one.get("url") or one.get("description") or one["source_name"]
               for one in members.get("external_references", [])]  # fmt: skip
    return Course(
        members["id"], members["created"], members["modified"], members["name"], members.get("description", ""),
        framework if known else "", edition if known else "", tuple(serves) if known else (), tuple(sources),
    )  # fmt: skip
