"""One good object of every type of STIX 2.1, small enough to read, and the bytes of any of them with an edit."""

import copy
import json
from typing import Any

U = "11111111-2222-4333-8444-555555555555"
T = "2026-01-02T03:04:05.000Z"
LATER = "2026-02-02T03:04:05.000Z"


def one(type_name: str, number: int = 5) -> str:
    """Make an id of a type."""
    return f"{type_name}--11111111-2222-4333-8444-{number:012d}"


def versioned(type_name: str, **own: object) -> dict[str, Any]:
    """Make a domain, relationship or meta object."""
    return {"type": type_name, "spec_version": "2.1", "id": one(type_name), "created": T, "modified": T, **own}


def observable(type_name: str, **own: object) -> dict[str, Any]:
    """Make an observable with a random id."""
    return {"type": type_name, "id": one(type_name), **own}


GOOD: dict[str, dict[str, Any]] = {
    "attack-pattern": versioned(
        "attack-pattern",
        name="Spear phishing",
        aliases=["Whaling"],
        kill_chain_phases=[{"kill_chain_name": "mitre-attack", "phase_name": "initial-access"}],
        external_references=[{"source_name": "capec", "external_id": "CAPEC-163"}],
    ),
    "campaign": versioned("campaign", name="Trade wind", first_seen=T, last_seen=LATER, objective="Fish quotas"),
    "course-of-action": versioned("course-of-action", name="Patch", description="Before the storm."),
    "grouping": versioned("grouping", context="suspicious-activity", object_refs=[one("indicator"), one("file")]),
    "identity": versioned(
        "identity", name="National CIRT", identity_class="organization", contact_information="cirt@example.org"
    ),
    "incident": versioned("incident", name="Port outage"),
    "indicator": versioned(
        "indicator",
        pattern="[ipv4-addr:value = '198.51.100.3']",
        pattern_type="stix",
        valid_from=T,
        valid_until=LATER,
        indicator_types=["malicious-activity"],
        confidence=70,
        lang="en",
        created_by_ref=one("identity"),
    ),
    "infrastructure": versioned("infrastructure", name="Relay", first_seen=T, last_seen=T),
    "intrusion-set": versioned("intrusion-set", name="Reef", goals=["theft"], first_seen=T, last_seen=LATER),
    "location": versioned("location", region="caribbean", country="BS", latitude=25.04, longitude=-77.35, precision=10),
    "malware": versioned(
        "malware",
        name="Conch",
        is_family=True,
        operating_system_refs=[one("software")],
        sample_refs=[one("file"), one("artifact")],
    ),
    "malware-analysis": versioned(
        "malware-analysis",
        product="scanner",
        result="malicious",
        analysis_sco_refs=[one("file"), one("domain-name")],
        sample_ref=one("file"),
        host_vm_ref=one("software"),
    ),
    "note": versioned("note", content="Seen twice.", authors=["A. Officer"], object_refs=[one("campaign")]),
    "observed-data": versioned(
        "observed-data",
        first_observed=T,
        last_observed=LATER,
        number_observed=2,
        object_refs=[one("ipv4-addr"), one("network-traffic")],
    ),
    "opinion": versioned("opinion", opinion="agree", authors=["A. Officer"], object_refs=[one("campaign")]),
    "report": versioned("report", name="Week 1", published=T, object_refs=[one("campaign"), one("indicator")]),
    "threat-actor": versioned("threat-actor", name="Barracuda", roles=["agent"], resource_level="team"),
    "tool": versioned("tool", name="psexec", tool_version="2"),
    "vulnerability": versioned(
        "vulnerability",
        name="CVE-2026-0001",
        external_references=[{"source_name": "cve", "external_id": "CVE-2026-0001"}],
    ),
    "relationship": versioned(
        "relationship",
        relationship_type="uses",
        source_ref=one("campaign"),
        target_ref=one("malware"),
        start_time=T,
        stop_time=LATER,
    ),
    "sighting": versioned(
        "sighting",
        sighting_of_ref=one("indicator"),
        observed_data_refs=[one("observed-data")],
        where_sighted_refs=[one("identity")],
        first_seen=T,
        last_seen=LATER,
        count=3,
    ),
    "language-content": versioned(
        "language-content", object_ref=one("campaign"), contents={"es": {"name": "Viento"}, "pt-BR": {"name": "Vento"}}
    ),
    "extension-definition": versioned(
        "extension-definition",
        created_by_ref=one("identity"),
        name="Handling",
        schema="https://example.org/handling.json",
        version="1.0.0",
        extension_types=["property-extension"],
    ),
    "marking-definition": {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": one("marking-definition"),
        "created": T,
        "definition_type": "statement",
        "definition": {"statement": "For the desk."},
    },
    "artifact": observable("artifact", mime_type="image/png", payload_bin="iVBORw0KGgo="),
    "autonomous-system": observable("autonomous-system", number=15139, name="Slime"),
    "directory": observable("directory", path="/srv", path_enc="utf-8", ctime=T, contains_refs=[one("file")]),
    "domain-name": observable("domain-name", value="example.org", resolves_to_refs=[one("ipv4-addr")]),
    "email-addr": observable("email-addr", value="a@example.org", display_name="A", belongs_to_ref=one("user-account")),
    "email-message": observable(
        "email-message",
        is_multipart=True,
        from_ref=one("email-addr"),
        to_refs=[one("email-addr", 6)],
        subject="Hello",
        body_multipart=[{"content_type": "text/plain", "body": "Hi"}, {"body_raw_ref": one("artifact")}],
    ),
    "file": observable(
        "file",
        name="a.zip",
        name_enc="utf-8",
        hashes={"SHA-256": "a" * 64},
        size=10,
        magic_number_hex="504b",
        parent_directory_ref=one("directory"),
        extensions={"archive-ext": {"contains_refs": [one("file", 6), one("directory")]}},
    ),
    "ipv4-addr": observable("ipv4-addr", value="198.51.100.0/24", belongs_to_refs=[one("autonomous-system")]),
    "ipv6-addr": observable("ipv6-addr", value="2001:db8::1", resolves_to_refs=[one("mac-addr")]),
    "mac-addr": observable("mac-addr", value="d2:fb:49:24:37:18"),
    "mutex": observable("mutex", name="__CLEANSWEEP__"),
    "network-traffic": observable(
        "network-traffic",
        protocols=["ipv4", "tcp", "http"],
        src_ref=one("ipv4-addr"),
        dst_ref=one("ipv4-addr", 6),
        dst_port=80,
        start=T,
        end=LATER,
        is_active=False,
        extensions={
            "http-request-ext": {
                "request_method": "get",
                "request_value": "/",
                "request_header": {"User-Agent": ["x"]},
                "message_body_data_ref": one("artifact"),
            }
        },
    ),
    "process": observable(
        "process",
        pid=7,
        command_line="sh",
        image_ref=one("file"),
        creator_user_ref=one("user-account"),
        extensions={"windows-service-ext": {"service_dll_refs": [one("file", 6)], "start_type": "SERVICE_AUTO_START"}},
    ),
    "software": observable("software", name="Word", vendor="M", version="2"),
    "url": observable("url", value="https://example.org/x"),
    "user-account": observable(
        "user-account",
        user_id="1001",
        account_login="jdoe",
        display_name="J. Doe",
        account_type="unix",
        is_privileged=False,
        extensions={"unix-account-ext": {"gid": 1001, "home_dir": "/home/jdoe"}},
    ),
    "windows-registry-key": observable(
        "windows-registry-key",
        key="HKEY_LOCAL_MACHINE\\System",
        values=[{"name": "Foo", "data": "q", "data_type": "REG_SZ"}],
        creator_user_ref=one("user-account"),
    ),
    "x509-certificate": observable(
        "x509-certificate", issuer="C=BS", serial_number="36", validity_not_before=T, validity_not_after=LATER
    ),
}


def good(type_name: str) -> dict[str, Any]:
    """Return a copy of the good object of a type, free to be edited."""
    return copy.deepcopy(GOOD[type_name])


def raw(members: object) -> bytes:
    """Write members as JSON text."""
    return json.dumps(members).encode()


def edited(type_name: str, **edits: object) -> bytes:
    """Write the good object of a type with properties set, or dropped where the edit is `...`."""
    members = good(type_name)
    for name, value in edits.items():
        if value is ...:
            members.pop(name, None)
        else:
            members[name] = value
    return raw(members)
