"""The relationship objects of STIX 2.1 §5, as tables."""

import re
from typing import Final

from comity.stix.checks import boolean, integer, list_of, text
from comity.stix.faults import NONE, Faults, breach
from comity.stix.identifiers import reference
from comity.stix.native import matching, stands_for
from comity.stix.properties import Kind, relation
from comity.stix.rules import not_before
from comity.stix.timestamps import timestamp
from comity.stix.types_names import META_TYPES, OBSERVABLE_TYPES, RELATIONSHIP_TYPES

DERIVED_FROM: Final = "derived-from"
"""The common relationship type by which one object says that it is based on another (§3.7)."""

_relationship_name: Final = re.compile(r"[a-z0-9][a-z0-9-]*").fullmatch


def relationship_type(value: object) -> Faults:
    """Check a relationship's name: ASCII a-z, 0-9 and hyphen only (§5.1.2)."""
    if type(value) is str and _relationship_name(value):
        return NONE
    return breach("5.1.2", f"{value!r:.60} is no relationship type.", "Use lower-case a-z, 0-9 and hyphens.")


stands_for(relationship_type, matching("[a-z0-9]+(?:-[a-z0-9]+)*-?"))
_end: Final = reference("5.1.2", excluding=META_TYPES | RELATIONSHIP_TYPES)

RELATION_KINDS: Final[dict[str, Kind]] = {
    "relationship": relation(
        "relationship",
        "5.1.2",
        {
            "relationship_type": relationship_type,
            "description": text,
            "source_ref": _end,
            "target_ref": _end,
            "start_time": timestamp,
            "stop_time": timestamp,
        },
        "relationship_type source_ref target_ref",
        not_before("5.1.2", "start_time", "stop_time", strictly=True),
    ),
    "sighting": relation(
        "sighting",
        "5.2.1",
        {
            "description": text,
            "first_seen": timestamp,
            "last_seen": timestamp,
            "count": integer(0, 999_999_999, "5.2.1"),
            "sighting_of_ref": reference("5.2.1", excluding=META_TYPES | RELATIONSHIP_TYPES | OBSERVABLE_TYPES),
            "observed_data_refs": list_of(reference("5.2.1", "observed-data")),
            "where_sighted_refs": list_of(reference("5.2.1", "identity", "location")),
            "summary": boolean,
        },
        "sighting_of_ref",
        not_before("5.2.1", "first_seen", "last_seen"),
    ),
}
