"""What breaks the standard is refused with its place, its section and its mend: a table of edits."""

from typing import Any

import pytest

from comity.stix.objects import Accepted, Refused, read

from .samples import GOOD, LATER, T, edited, good, one, raw

LONG = "x" * 251
EXTENSION = "extension-definition--11111111-2222-4333-8444-000000000009"

# type, edit, place of the fault, section
WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    # common properties
    ("tool", {"type": ...}, "type", "3.2"),
    ("tool", {"type": 3}, "type", "3.1"),
    ("tool", {"type": "Tool"}, "type", "3.1"),
    ("tool", {"type": "x--y"}, "type", "3.1"),
    ("tool", {"type": "to"}, "type", "3.1"),
    ("tool", {"type": LONG}, "type", "3.1"),
    ("tool", {"type": "bundle"}, "type", "8"),
    ("tool", {"spec_version": ...}, "spec_version", "3.2"),
    ("tool", {"spec_version": "2.0"}, "spec_version", "3.2"),
    ("tool", {"spec_version": 2.1}, "spec_version", "3.2"),
    ("url", {"spec_version": "2.0"}, "spec_version", "3.2"),
    ("tool", {"id": ...}, "id", "4.18.1"),
    ("tool", {"id": "tool--1"}, "id", "2.9"),
    ("tool", {"id": "tool--11111111-2222-4333-8444-55555555555X"}, "id", "2.9"),
    ("tool", {"id": "tool--11111111-2222-4333-c444-555555555555"}, "id", "2.9"),
    ("tool", {"id": "tool--11111111-2222-0333-8444-555555555555"}, "id", "2.9"),
    ("tool", {"id": "tool--11111111-2222-4333-8444-55555555555A"}, "id", "2.9"),
    ("tool", {"id": one("malware")}, "id", "2.9"),
    ("tool", {"created": ...}, "created", "4.18.1"),
    ("tool", {"modified": ...}, "modified", "4.18.1"),
    ("tool", {"created": "2026-01-02T03:04:05Z"}, "created", "3.2"),
    ("tool", {"created": "2026-01-02T03:04:05.12Z"}, "created", "3.2"),
    ("tool", {"created": "2026-01-02 03:04:05.000Z"}, "created", "2.16.1"),
    ("tool", {"created": "2026-01-02T03:04:05.000+00:00"}, "created", "2.16.1"),
    ("tool", {"created": "2026-02-29T03:04:05.000Z"}, "created", "2.16.1"),
    ("tool", {"created": "2026-01-02T24:04:05.000Z"}, "created", "2.16.1"),
    ("tool", {"created": "2026-01-02T03:04:60.000Z"}, "created", "2.16.1"),
    ("tool", {"created": "2026-01-02T03:04:05.Z"}, "created", "2.16.1"),
    ("tool", {"created": "2026-01-02t03:04:05.000z"}, "created", "2.16.1"),
    ("tool", {"created": "٢٠٢٦-01-02T03:04:05.000Z"}, "created", "2.16.1"),
    ("tool", {"created": 5}, "created", "2.16"),
    ("tool", {"modified": "2026-01-02T03:04:04.999Z"}, "modified", "3.2"),
    ("tool", {"created_by_ref": one("tool")}, "created_by_ref", "3.2"),
    ("tool", {"created_by_ref": "identity"}, "created_by_ref", "2.9"),
    ("tool", {"revoked": "true"}, "revoked", "2.2"),
    ("tool", {"revoked": 1}, "revoked", "2.2"),
    ("tool", {"labels": []}, "labels", "2.12"),
    ("tool", {"labels": "a"}, "labels", "2.12"),
    ("tool", {"labels": ["a", 1]}, "labels.[1]", "2.15"),
    ("tool", {"confidence": 101}, "confidence", "3.2"),
    ("tool", {"confidence": -1}, "confidence", "3.2"),
    ("tool", {"confidence": "50"}, "confidence", "2.10"),
    ("tool", {"confidence": True}, "confidence", "2.10"),
    ("tool", {"lang": "english please"}, "lang", "3.2"),
    ("tool", {"external_references": [{"source_name": "x"}]}, "external_references.[0]", "2.5.2"),
    ("tool", {"external_references": [{"url": "x"}]}, "external_references.[0].source_name", "2.5"),
    (
        "tool",
        {"external_references": [{"source_name": "x", "url": "y", "hashes": {"SHA-256": "1"}}]},
        "external_references.[0].hashes.SHA-256",
        "2.7",
    ),
    ("tool", {"object_marking_refs": [one("identity")]}, "object_marking_refs.[0]", "3.2"),
    ("tool", {"object_marking_refs": []}, "object_marking_refs", "2.12"),
    ("tool", {"defanged": True}, "defanged", "3.2"),
    ("tool", {"severity": "high"}, "severity", "3.8"),
    ("tool", {"Name": "x"}, "Name", "3.1"),
    ("tool", {"x-y": "x"}, "x-y", "3.1"),
    ("tool", {"x" * 251: "x"}, "x" * 251, "3.1"),
    ("tool", {"name": None}, "name", "2.15"),
    ("tool", {"name": ...}, "name", "4.18.1"),
    ("tool", {"kill_chain_phases": [{"phase_name": "x"}]}, "kill_chain_phases.[0].kill_chain_name", "2.11"),
    ("tool", {"extensions": {}}, "extensions", "3.2"),
    ("tool", {"extensions": {EXTENSION: {}}}, f"extensions.{EXTENSION}.extension_type", "3.2"),
    ("tool", {"extensions": {EXTENSION: []}}, f"extensions.{EXTENSION}", "3.2"),
    ("tool", {"extensions": {EXTENSION: {"extension_type": "new"}}}, f"extensions.{EXTENSION}", "10.5"),
    # domain objects
    ("campaign", {"first_seen": LATER, "last_seen": T}, "last_seen", "4.2.1"),
    ("grouping", {"object_refs": ...}, "object_refs", "4.4.1"),
    ("grouping", {"object_refs": []}, "object_refs", "2.12"),
    ("indicator", {"valid_until": T}, "valid_until", "4.7.1"),
    ("indicator", {"pattern": "  "}, "pattern", "4.7.1"),
    ("indicator", {"pattern": "[file:name = 'x'"}, "pattern", "9"),
    ("indicator", {"pattern": "[file:name = 'x]"}, "pattern", "9"),
    ("indicator", {"pattern": "file:name"}, "pattern", "9"),
    ("indicator", {"pattern": "([file:name = 'x'])]"}, "pattern", "9"),
    ("infrastructure", {"first_seen": LATER, "last_seen": T}, "last_seen", "4.8.1"),
    ("intrusion-set", {"first_seen": LATER, "last_seen": T}, "last_seen", "4.9.1"),
    ("location", {"region": ..., "country": ..., "latitude": ..., "longitude": ..., "precision": ...}, "", "4.10.1"),
    ("location", {"latitude": ..., "precision": ...}, "longitude", "4.10.1"),
    ("location", {"latitude": 90.5}, "latitude", "4.10.1"),
    ("location", {"longitude": -181}, "longitude", "4.10.1"),
    ("location", {"latitude": ..., "longitude": ...}, "precision", "4.10.1"),
    ("malware", {"is_family": ...}, "is_family", "4.11.1"),
    ("malware", {"name": ...}, "", "4.11.1"),
    ("malware", {"sample_refs": [one("url")]}, "sample_refs.[0]", "4.11.1"),
    ("malware-analysis", {"result": ..., "analysis_sco_refs": ...}, "", "4.12.1"),
    ("malware-analysis", {"analysis_sco_refs": [one("malware")]}, "analysis_sco_refs.[0]", "4.12.1"),
    ("malware-analysis", {"host_vm_ref": one("file")}, "host_vm_ref", "4.12.1"),
    ("observed-data", {"number_observed": 0}, "number_observed", "4.14.1"),
    ("observed-data", {"number_observed": 1_000_000_000}, "number_observed", "4.14.1"),
    ("observed-data", {"last_observed": "2025-01-01T00:00:00Z"}, "last_observed", "4.14.1"),
    ("observed-data", {"object_refs": ...}, "", "4.14.1"),
    ("observed-data", {"objects": {"0": {"type": "url", "value": "x"}}}, "object_refs", "4.14.1"),
    ("observed-data", {"object_refs": ..., "objects": {"0": {"value": "x"}}}, "objects.0", "2.13"),
    (
        "observed-data",
        {"object_refs": ..., "objects": {"0": {"type": "network-traffic", "src_ref": "1"}}},
        "objects.0.src_ref",
        "2.13",
    ),
    ("opinion", {"opinion": "maybe"}, "opinion", "10.18"),
    ("report", {"published": ...}, "published", "4.16.1"),
    # relationships
    ("relationship", {"relationship_type": "Uses"}, "relationship_type", "5.1.2"),
    ("relationship", {"source_ref": one("bundle")}, "source_ref", "5.1.2"),
    ("relationship", {"target_ref": one("relationship")}, "target_ref", "5.1.2"),
    ("relationship", {"target_ref": one("marking-definition")}, "target_ref", "5.1.2"),
    ("relationship", {"stop_time": T}, "stop_time", "5.1.2"),
    ("sighting", {"sighting_of_ref": one("url")}, "sighting_of_ref", "5.2.1"),
    ("sighting", {"observed_data_refs": [one("url")]}, "observed_data_refs.[0]", "5.2.1"),
    ("sighting", {"where_sighted_refs": [one("tool")]}, "where_sighted_refs.[0]", "5.2.1"),
    ("sighting", {"count": 1_000_000_000}, "count", "5.2.1"),
    ("sighting", {"first_seen": LATER, "last_seen": T}, "last_seen", "5.2.1"),
    # meta objects
    ("marking-definition", {"definition": ...}, "", "7.2.1"),
    ("marking-definition", {"definition": ..., "definition_type": ...}, "", "7.2.1"),
    ("marking-definition", {"definition": {"x": 1}}, "definition.statement", "7.2.1.3"),
    ("marking-definition", {"definition_type": "tlp", "definition": {"tlp": "red"}}, "definition_type", "7.2.1.4"),
    ("marking-definition", {"modified": T}, "modified", "3.2"),
    ("marking-definition", {"object_marking_refs": [one("marking-definition")]}, "object_marking_refs", "3.2"),
    ("extension-definition", {"created_by_ref": ...}, "created_by_ref", "7.3.1"),
    ("extension-definition", {"extension_types": ["new"]}, "extension_types.[0]", "10.5"),
    ("extension-definition", {"extension_properties": ["a_b"]}, "extension_properties", "7.3.1"),
    ("language-content", {"contents": {"not a tag": {"name": "x"}}}, "contents.not a tag", "3.2"),
    ("language-content", {"contents": {"es": {}}}, "contents.es", "2.3"),
    ("language-content", {"object_ref": one("bundle")}, "object_ref", "7.1.1"),
    # observables
    ("url", {"modified": "yesterday"}, "modified", "2.16.1"),
    ("url", {"created": LATER, "modified": T}, "modified", "3.2"),
    ("url", {"created_by_ref": one("tool")}, "created_by_ref", "3.2"),
    ("url", {"defanged": "no"}, "defanged", "2.2"),
    ("artifact", {"payload_bin": "%%%"}, "payload_bin", "2.1"),
    ("artifact", {"payload_bin": ...}, "", "6.1.1"),
    ("artifact", {"url": "https://x", "hashes": {"MD5": "a" * 32}}, "url", "6.1.1"),
    ("artifact", {"payload_bin": ..., "url": "https://x"}, "url", "6.1.1"),
    ("artifact", {"encryption_algorithm": "rot13"}, "encryption_algorithm", "10.4"),
    ("artifact", {"decryption_key": "x"}, "decryption_key", "6.1.1"),
    ("autonomous-system", {"number": "1"}, "number", "2.10"),
    ("directory", {"contains_refs": [one("url")]}, "contains_refs.[0]", "6.3.1"),
    ("domain-name", {"resolves_to_refs": [one("url")]}, "resolves_to_refs.[0]", "6.4.1"),
    ("email-addr", {"belongs_to_ref": one("identity")}, "belongs_to_ref", "6.5.1"),
    ("email-message", {"is_multipart": ...}, "is_multipart", "6.6.1"),
    ("email-message", {"body": "x"}, "body", "6.6.1"),
    ("email-message", {"is_multipart": False}, "body_multipart", "6.6.1"),
    ("email-message", {"body_multipart": [{"content_type": "text/plain"}]}, "body_multipart.[0]", "6.6.2"),
    ("email-message", {"from_ref": one("identity")}, "from_ref", "6.6.1"),
    ("file", {"name": ..., "hashes": ..., "name_enc": ...}, "", "6.7.1"),
    ("file", {"name": ...}, "name_enc", "3.1"),
    ("file", {"size": -1}, "size", "2.10"),
    ("file", {"hashes": {"MD5": "xyz"}}, "hashes.MD5", "2.7"),
    ("file", {"hashes": {"a": "b"}}, "hashes.a", "2.7"),
    ("file", {"hashes": {}}, "hashes", "2.7"),
    ("file", {"magic_number_hex": "5"}, "magic_number_hex", "2.8"),
    ("file", {"extensions": {"archive-ext": {"comment": "x"}}}, "extensions.archive-ext.contains_refs", "6.7.2"),
    ("file", {"extensions": {"pdf-ext": {}}}, "extensions.pdf-ext", "6.7.4"),
    ("file", {"extensions": {"windows-pebinary-ext": {"pe_type": "dll"}}}, "extensions.windows-pebinary-ext", "6.7.6"),
    ("file", {"extensions": {"raster-image-ext": {"exif_tags": {"a": 1.5}}}}, "extensions.raster-image-ext", "2.15"),
    ("software", {"languages": ["not a tag"]}, "languages.[0]", "3.2"),
    ("file", {"extensions": {"windows-pebinary-ext": {}}}, "extensions.windows-pebinary-ext.pe_type", "6.7.6"),
    ("ipv4-addr", {"value": "300.1.1.1"}, "value", "6.8.1"),
    ("ipv4-addr", {"value": "198.51.100.0/40"}, "value", "6.8.1"),
    ("ipv6-addr", {"value": "2001::db8::1"}, "value", "6.9.1"),
    ("mac-addr", {"value": "D2:FB:49:24:37:18"}, "value", "6.10.1"),
    ("network-traffic", {"src_ref": ..., "dst_ref": ...}, "", "6.12.1"),
    ("network-traffic", {"protocols": ...}, "protocols", "6.12.1"),
    ("network-traffic", {"src_port": 65_536}, "src_port", "6.12.1"),
    ("network-traffic", {"is_active": True}, "is_active", "6.12.1"),
    ("network-traffic", {"end": "2025-01-01T00:00:00Z"}, "end", "6.12.1"),
    ("network-traffic", {"src_ref": one("url")}, "src_ref", "6.12.1"),
    (
        "network-traffic",
        {"extensions": {"socket-ext": {"address_family": "AF_X"}}},
        "extensions.socket-ext.address_family",
        "10.16",
    ),
    (
        "network-traffic",
        {"extensions": {"socket-ext": {"address_family": "AF_INET", "options": {"SO_RCVBUF": "1"}}}},
        "extensions.socket-ext.options.SO_RCVBUF",
        "2.10",
    ),
    (
        "network-traffic",
        {
            "extensions": {
                "http-request-ext": {"request_method": "get", "request_value": "/", "request_header": {"A": "b"}}
            }
        },
        "extensions.http-request-ext.request_header.A",
        "2.12",
    ),
    ("network-traffic", {"ipfix": {"a": 1.5}}, "ipfix.a", "2.15"),
    ("process", {"environment_variables": {"A": 1}}, "environment_variables.A", "2.15"),
    ("extension-definition", {"extensions": {EXTENSION: {"extension_type": "new-sdo"}}}, "extensions", "3.2"),
    ("extension-definition", {"confidence": 5}, "confidence", "3.2"),
    (
        "process",
        {"extensions": {"windows-process-ext": {"integrity_level": "top"}}},
        "extensions.windows-process-ext.integrity_level",
        "10.27",
    ),
    ("software", {"name": ...}, "name", "6.14.1"),
    ("windows-registry-key", {"values": [{}]}, "values.[0]", "6.17.2"),
    (
        "windows-registry-key",
        {"values": [{"data_type": "REG_X"}]},
        "values.[0].data_type",
        "10.29",
    ),
    ("x509-certificate", {"x509_v3_extensions": {}}, "x509_v3_extensions", "6.18.2"),
]


@pytest.mark.parametrize(("type_name", "edits", "path", "section"), WRONG)
def test_an_edit_that_breaks_the_standard_is_refused_at_its_place(
    type_name: str, edits: dict[str, Any], path: str, section: str
) -> None:
    found = read(edited(type_name, **edits))
    assert isinstance(found, Refused)
    places = [(fault.path, fault.rule) for fault in found.faults]
    rule = f"STIX 2.1 §{section}"
    assert any(rule == named and (path == place or place.startswith(f"{path}.")) for place, named in places), places
    assert all(fault.says.endswith(".") and fault.mend.endswith(".") for fault in found.faults)


@pytest.mark.parametrize("type_name", sorted(GOOD))
def test_each_required_property_is_missed_by_name(type_name: str) -> None:
    from_kind = _required(type_name)
    for name in from_kind:
        found = read(edited(type_name, **{name: ...}))
        assert isinstance(found, Refused), name
        assert name in {fault.path for fault in found.faults}, name


def _required(type_name: str) -> set[str]:
    from_table = {
        "identity": {"type", "spec_version", "id", "created", "modified", "name"},
        "relationship": {"relationship_type", "source_ref", "target_ref", "created", "modified"},
        "report": {"name", "published", "object_refs"},
        "observed-data": {"first_observed", "last_observed", "number_observed"},
        "marking-definition": {"created", "spec_version"},
        "url": {"type", "id", "value"},
    }
    return from_table.get(type_name, {"type", "id"})


def test_what_lies_inside_but_is_no_fault() -> None:
    fine: list[tuple[str, dict[str, Any]]] = [
        ("tool", {"created": "2016-12-31T23:59:60.000Z", "modified": "2017-01-01T00:00:00.0000000001Z"}),
        ("tool", {"lang": "zh-Hans-CN"}),
        ("indicator", {"pattern_type": "sigma", "pattern": "title: ["}),
        ("indicator", {"pattern": "[file:name = 'a\\'[b'] FOLLOWEDBY ([url:value = ']'])"}),
        ("malware", {"is_family": False, "name": ...}),
        ("network-traffic", {"src_ref": ..., "end": ..., "is_active": ...}),
        ("observed-data", {"object_refs": ..., "objects": {"0": {"type": "url", "value": "x"}}}),
        ("file", {"hashes": {"x_own_hash": "anything"}}),
        ("sighting", {"where_sighted_refs": [one("location")]}),
        ("location", {"latitude": 25, "longitude": -77}),
    ]
    for type_name, edits in fine:
        assert isinstance(read(edited(type_name, **edits)), Accepted), edits


def test_an_object_of_stix_2_0_is_told_how_to_become_one_of_2_1() -> None:
    found = read(edited("tool", spec_version=...))
    assert isinstance(found, Refused)
    assert "2.0" in found.faults[0].says
    assert '"spec_version": "2.1"' in found.faults[0].mend


def test_every_fault_of_an_object_is_told_at_once() -> None:
    found = read(edited("tool", name=..., labels=[], confidence=101, severity="x"))
    assert isinstance(found, Refused)
    assert {fault.path for fault in found.faults} == {"name", "labels", "confidence", "severity"}


def test_a_refusal_says_who_was_refused_as_far_as_it_can_be_read() -> None:
    found = read(edited("tool", name=...))
    assert isinstance(found, Refused)
    assert (found.id, found.type, found.version) == (one("tool"), "tool", T)
    assert read(raw({"id": 5, "type": [], "modified": {}})).id is None
    for junk in (b"", b"[]", b"null", b"5", b'"x"', b"{", b"\xff", b"[" * 100_000):
        found = read(junk)
        assert isinstance(found, Refused)
        assert (found.id, found.type, found.version) == (None, None, None)


def test_a_property_of_any_json_type_never_raises() -> None:
    values: list[Any] = [None, True, 1, 1.5, "x", [], {}, [[]], [{}], {"a": []}, [None], {"": 1}, ["x", {}]]
    for type_name in GOOD:
        for name in [*good(type_name), "granular_markings", "extensions", "object_marking_refs", "objects"]:
            for value in values:
                read(edited(type_name, **{name: value}))
