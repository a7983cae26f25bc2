"""The domain objects of STIX 2.1 §4, as tables."""

from typing import Final

from comity.stix.checks import boolean, integer, kill_chain_phase, list_of, number, one_of, text
from comity.stix.containers import container
from comity.stix.faults import NONE, Faults, Members, breach
from comity.stix.identifiers import reference
from comity.stix.patterns.rules import stix_pattern
from comity.stix.properties import Kind, domain
from comity.stix.rules import any_of, concerning, needed_when, needs, not_before, not_both
from comity.stix.timestamps import timestamp
from comity.stix.types_names import DOMAIN_TYPES, META_TYPES, RELATIONSHIP_TYPES

_texts: Final = list_of(text)
_phases: Final = list_of(kill_chain_phase)
_seen: Final = {"first_seen": timestamp, "last_seen": timestamp}
_software: Final = reference("4.11", "software")

OPINIONS: Final = ("strongly-disagree", "disagree", "neutral", "agree", "strongly-agree")
"""opinion-enum (§10.18)."""


def _place(members: Members) -> Faults:
    """Judge a location: a region, a country, or both coordinates (§4.10.1)."""
    if "region" in members or "country" in members or members.keys() >= {"latitude", "longitude"}:
        return NONE
    return breach("4.10.1", "The location names no place.", "Add a region, a country, or latitude and longitude.")


concerning(_place, reads=("region", "country", "latitude", "longitude"))
_KINDS: Final = (
    domain(
        "attack-pattern",
        "4.1.1",
        {"name": text, "description": text, "aliases": _texts, "kill_chain_phases": _phases},
        "name",
    ),
    domain(
        "campaign",
        "4.2.1",
        {"name": text, "description": text, "aliases": _texts, **_seen, "objective": text},
        "name",
        not_before("4.2.1", "first_seen", "last_seen"),
    ),
    domain("course-of-action", "4.3.1", {"name": text, "description": text}, "name"),
    domain(
        "grouping",
        "4.4.1",
        {"name": text, "description": text, "context": text, "object_refs": list_of(reference("4.4.1"))},
        "context object_refs",
    ),
    domain(
        "identity",
        "4.5.1",
        {
            "name": text,
            "description": text,
            "roles": _texts,
            "identity_class": text,
            "sectors": _texts,
            "contact_information": text,
        },
        "name",
    ),
    domain("incident", "4.6.1", {"name": text, "description": text}, "name"),
    domain(
        "indicator",
        "4.7.1",
        {
            "name": text,
            "description": text,
            "indicator_types": _texts,
            "pattern": text,
            "pattern_type": text,
            "pattern_version": text,
            "valid_from": timestamp,
            "valid_until": timestamp,
            "kill_chain_phases": _phases,
        },
        "pattern pattern_type valid_from",
        not_before("4.7.1", "valid_from", "valid_until", strictly=True),
        stix_pattern,
    ),
    domain(
        "infrastructure",
        "4.8.1",
        {
            "name": text,
            "description": text,
            "infrastructure_types": _texts,
            "aliases": _texts,
            "kill_chain_phases": _phases,
            **_seen,
        },
        "name",
        not_before("4.8.1", "first_seen", "last_seen"),
    ),
    domain(
        "intrusion-set",
        "4.9.1",
        {
            "name": text,
            "description": text,
            "aliases": _texts,
            **_seen,
            "goals": _texts,
            "resource_level": text,
            "primary_motivation": text,
            "secondary_motivations": _texts,
        },
        "name",
        not_before("4.9.1", "first_seen", "last_seen"),
    ),
    domain(
        "location",
        "4.10.1",
        {
            "name": text,
            "description": text,
            "latitude": number(-90, 90, "4.10.1"),
            "longitude": number(-180, 180, "4.10.1"),
            "precision": number(),
            "region": text,
            "country": text,
            "administrative_area": text,
            "city": text,
            "street_address": text,
            "postal_code": text,
        },
        "",
        _place,
        needs("4.10.1", "latitude", "longitude"),
        needs("4.10.1", "longitude", "latitude"),
        needs("4.10.1", "precision", "latitude", "longitude"),
    ),
    domain(
        "malware",
        "4.11.1",
        {
            "name": text,
            "description": text,
            "malware_types": _texts,
            "is_family": boolean,
            "aliases": _texts,
            "kill_chain_phases": _phases,
            **_seen,
            "operating_system_refs": list_of(_software),
            "architecture_execution_envs": _texts,
            "implementation_languages": _texts,
            "capabilities": _texts,
            "sample_refs": list_of(reference("4.11.1", "artifact", "file")),
        },
        "is_family",
        needed_when("4.11.1", "name", "is_family", is_set=True),
        not_before("4.11.1", "first_seen", "last_seen"),
    ),
    domain(
        "malware-analysis",
        "4.12.1",
        {
            "product": text,
            "version": text,
            "host_vm_ref": reference("4.12.1", "software"),
            "operating_system_ref": reference("4.12.1", "software"),
            "installed_software_refs": list_of(reference("4.12.1", "software")),
            "configuration_version": text,
            "modules": _texts,
            "analysis_engine_version": text,
            "analysis_definition_version": text,
            "submitted": timestamp,
            "analysis_started": timestamp,
            "analysis_ended": timestamp,
            "result_name": text,
            "result": text,
            "analysis_sco_refs": list_of(reference("4.12.1", excluding=DOMAIN_TYPES | RELATIONSHIP_TYPES | META_TYPES)),
            "sample_ref": reference("4.12.1", "file", "network-traffic", "artifact"),
        },
        "product",
        any_of("4.12.1", "result", "analysis_sco_refs"),
    ),
    domain(
        "note",
        "4.13.1",
        {"abstract": text, "content": text, "authors": _texts, "object_refs": list_of(reference("4.13.1"))},
        "content object_refs",
    ),
    domain(
        "observed-data",
        "4.14.1",
        {
            "first_observed": timestamp,
            "last_observed": timestamp,
            "number_observed": integer(1, 999_999_999, "4.14.1"),
            "objects": container,
            "object_refs": list_of(reference("4.14.1")),
        },
        "first_observed last_observed number_observed",
        not_before("4.14.1", "first_observed", "last_observed"),
        any_of("4.14.1", "objects", "object_refs"),
        not_both("4.14.1", "objects", "object_refs"),
    ),
    domain(
        "opinion",
        "4.15.1",
        {
            "explanation": text,
            "authors": _texts,
            "opinion": one_of("10.18", OPINIONS),
            "object_refs": list_of(reference("4.15.1")),
        },
        "opinion object_refs",
    ),
    domain(
        "report",
        "4.16.1",
        {
            "name": text,
            "description": text,
            "report_types": _texts,
            "published": timestamp,
            "object_refs": list_of(reference("4.16.1")),
        },
        "name published object_refs",
    ),
    domain(
        "threat-actor",
        "4.17.1",
        {
            "name": text,
            "description": text,
            "threat_actor_types": _texts,
            "aliases": _texts,
            **_seen,
            "roles": _texts,
            "goals": _texts,
            "sophistication": text,
            "resource_level": text,
            "primary_motivation": text,
            "secondary_motivations": _texts,
            "personal_motivations": _texts,
        },
        "name",
        not_before("4.17.1", "first_seen", "last_seen"),
    ),
    domain(
        "tool",
        "4.18.1",
        {
            "name": text,
            "description": text,
            "tool_types": _texts,
            "aliases": _texts,
            "kill_chain_phases": _phases,
            "tool_version": text,
        },
        "name",
    ),
    domain("vulnerability", "4.19.1", {"name": text, "description": text}, "name"),
)

DOMAIN_KINDS: Final[dict[str, Kind]] = {kind.type: kind for kind in _KINDS}
