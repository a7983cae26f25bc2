"""The cyber-observable objects of STIX 2.1 §6, as tables."""

import re
from ipaddress import AddressValueError, IPv4Network, IPv6Network, NetmaskValueError
from typing import Final

from comity.stix.checks import (
    Shape,
    base_value,
    binary,
    boolean,
    dictionary,
    hashes,
    hexadecimal,
    integer,
    language,
    list_of,
    one_of,
    text,
    whole_or_text,
)
from comity.stix.faults import NONE, Faults, Members, Rule, breach
from comity.stix.identifiers import reference
from comity.stix.properties import Kind, observable
from comity.stix.rules import any_of, barred_when, concerning, needs, not_before, not_both
from comity.stix.timestamps import timestamp

_count: Final = integer(0)
_whole: Final = integer()
_texts: Final = list_of(text)
_port: Final = integer(0, 65_535, "6.12.1")
_COMMON: Final = frozenset({"type", "id", "spec_version", "object_marking_refs", "granular_markings", "defanged"})

ENCRYPTIONS: Final = ("AES-256-GCM", "ChaCha20-Poly1305", "mime-type-indicated")
"""encryption-algorithm-enum (§10.4)."""
REGISTRY_TYPES: Final = (
    "REG_NONE",
    "REG_SZ",
    "REG_EXPAND_SZ",
    "REG_BINARY",
    "REG_DWORD",
    "REG_DWORD_BIG_ENDIAN",
    "REG_DWORD_LITTLE_ENDIAN",
    "REG_LINK",
    "REG_MULTI_SZ",
    "REG_RESOURCE_LIST",
    "REG_FULL_RESOURCE_DESCRIPTION",
    "REG_RESOURCE_REQUIREMENTS_LIST",
    "REG_QWORD",
    "REG_INVALID_TYPE",
)
"""windows-registry-datatype-enum (§10.29)."""

_mac: Final = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}").fullmatch


def ipv4(value: object) -> Faults:
    """Check an IPv4 address or CIDR block (§6.8.1)."""
    if type(value) is not str:
        return text(value)
    try:
        IPv4Network(value, strict=False)
    except (AddressValueError, NetmaskValueError, ValueError):
        return breach("6.8.1", f"{value!r:.60} is no IPv4 address.", "Write an address, or one with a /prefix.")
    return NONE


def ipv6(value: object) -> Faults:
    """Check an IPv6 address or CIDR block (§6.9.1)."""
    if type(value) is not str:
        return text(value)
    try:
        IPv6Network(value, strict=False)
    except (AddressValueError, NetmaskValueError, ValueError):
        return breach("6.9.1", f"{value!r:.60} is no IPv6 address.", "Write an address, or one with a /prefix.")
    return NONE


def mac(value: object) -> Faults:
    """Check a MAC address: six lower-case octets parted by colons (§6.10.1)."""
    if type(value) is str and _mac(value):
        return NONE
    return breach("6.10.1", f"{value!r:.60} is no MAC address.", "Write it as in d2:fb:49:24:37:18.")


def _carries(section: str) -> Rule:
    """Return a rule: the object carries at least one property of its own type."""

    def rule(members: Members) -> Faults:
        if members.keys() - _COMMON:
            return NONE
        return breach(section, "The object says nothing of its own.", "Add a property of its type.")

    return concerning(rule)


def _traffic_end(members: Members) -> Faults:
    """Judge `end`: it says that the traffic is over, so `is_active` is there and false (§6.12.1)."""
    if "end" not in members or members.get("is_active") is False:
        return NONE
    return breach(
        "6.12.1", "Traffic that has ended is not said to be inactive.", "Set is_active to false.", "is_active"
    )


concerning(_traffic_end, "end", reads=("end", "is_active"))


def _encoding_of(section: str, name: str) -> Rule:
    """Return a rule: an `_enc` property stands only beside what it describes (§3.1)."""
    return needs(section, f"{name}_enc", name)


_mime_part: Final = Shape(
    "6.6.2",
    {
        "body": text,
        "body_raw_ref": reference("6.6.2", "artifact", "file"),
        "content_type": text,
        "content_disposition": text,
    },
    frozenset(),
    (any_of("6.6.2", "body", "body_raw_ref"),),
)
_registry_value: Final = Shape(
    "6.17.2",
    {"name": text, "data": text, "data_type": one_of("10.29", REGISTRY_TYPES)},
    frozenset(),
    (any_of("6.17.2", "name", "data", "data_type"),),
)
_X509_TEXTS: Final = [
    "basic_constraints",
    "name_constraints",
    "policy_constraints",
    "key_usage",
    "extended_key_usage",
    "subject_key_identifier",
    "authority_key_identifier",
    "subject_alternative_name",
    "issuer_alternative_name",
    "subject_directory_attributes",
    "crl_distribution_points",
    "inhibit_any_policy",
    "certificate_policies",
    "policy_mappings",
]
_x509_extensions: Final = Shape(
    "6.18.2",
    {
        **dict.fromkeys(_X509_TEXTS, text),
        "private_key_usage_period_not_before": timestamp,
        "private_key_usage_period_not_after": timestamp,
    },
    frozenset(),
    (lambda members: NONE if members else breach("6.18.2", "There is no extension here.", "Add one."),),
)
_address: Final = ("ipv4-addr", "ipv6-addr", "mac-addr", "domain-name")
_email: Final = reference("6.6.1", "email-addr")
_artifact: Final = reference("6.12.1", "artifact")

_KINDS: Final = (
    observable(
        "artifact",
        "6.1.1",
        {
            "mime_type": text,
            "payload_bin": binary,
            "url": text,
            "hashes": hashes,
            "encryption_algorithm": one_of("10.4", ENCRYPTIONS),
            "decryption_key": text,
        },
        "",
        "hashes payload_bin",
        any_of("6.1.1", "payload_bin", "url"),
        not_both("6.1.1", "payload_bin", "url"),
        needs("6.1.1", "url", "hashes"),
        needs("6.1.1", "decryption_key", "encryption_algorithm"),
    ),
    observable("autonomous-system", "6.2.1", {"number": _whole, "name": text, "rir": text}, "number", "number"),
    observable(
        "directory",
        "6.3.1",
        {
            "path": text,
            "path_enc": text,
            "ctime": timestamp,
            "mtime": timestamp,
            "atime": timestamp,
            "contains_refs": list_of(reference("6.3.1", "file", "directory")),
        },
        "path",
        "path",
    ),
    observable(
        "domain-name",
        "6.4.1",
        {"value": text, "resolves_to_refs": list_of(reference("6.4.1", "ipv4-addr", "ipv6-addr", "domain-name"))},
        "value",
        "value",
    ),
    observable(
        "email-addr",
        "6.5.1",
        {"value": text, "display_name": text, "belongs_to_ref": reference("6.5.1", "user-account")},
        "value",
        "value",
    ),
    observable(
        "email-message",
        "6.6.1",
        {
            "is_multipart": boolean,
            "date": timestamp,
            "content_type": text,
            "from_ref": _email,
            "sender_ref": _email,
            "to_refs": list_of(_email),
            "cc_refs": list_of(_email),
            "bcc_refs": list_of(_email),
            "message_id": text,
            "subject": text,
            "received_lines": _texts,
            "additional_header_fields": dictionary(base_value),
            "body": text,
            "body_multipart": list_of(_mime_part),
            "raw_email_ref": reference("6.6.1", "artifact"),
        },
        "is_multipart",
        "from_ref subject body",
        barred_when("6.6.1", "body", "is_multipart", is_set=True),
        barred_when("6.6.1", "body_multipart", "is_multipart", is_set=False),
    ),
    observable(
        "file",
        "6.7.1",
        {
            "hashes": hashes,
            "size": _count,
            "name": text,
            "name_enc": text,
            "magic_number_hex": hexadecimal,
            "mime_type": text,
            "ctime": timestamp,
            "mtime": timestamp,
            "atime": timestamp,
            "parent_directory_ref": reference("6.7.1", "directory"),
            "contains_refs": list_of(reference("6.7.1")),
            "content_ref": reference("6.7.1", "artifact"),
        },
        "",
        "hashes name parent_directory_ref extensions",
        any_of("6.7.1", "hashes", "name"),
        _encoding_of("3.1", "name"),
    ),
    observable(
        "ipv4-addr",
        "6.8.1",
        {
            "value": ipv4,
            "resolves_to_refs": list_of(reference("6.8.1", "mac-addr")),
            "belongs_to_refs": list_of(reference("6.8.1", "autonomous-system")),
        },
        "value",
        "value",
    ),
    observable(
        "ipv6-addr",
        "6.9.1",
        {
            "value": ipv6,
            "resolves_to_refs": list_of(reference("6.9.1", "mac-addr")),
            "belongs_to_refs": list_of(reference("6.9.1", "autonomous-system")),
        },
        "value",
        "value",
    ),
    observable("mac-addr", "6.10.1", {"value": mac}, "value", "value"),
    observable("mutex", "6.11.1", {"name": text}, "name", "name"),
    observable(
        "network-traffic",
        "6.12.1",
        {
            "start": timestamp,
            "end": timestamp,
            "is_active": boolean,
            "src_ref": reference("6.12.1", *_address),
            "dst_ref": reference("6.12.1", *_address),
            "src_port": _port,
            "dst_port": _port,
            "protocols": list_of(text),
            "src_byte_count": _count,
            "dst_byte_count": _count,
            "src_packets": _count,
            "dst_packets": _count,
            "ipfix": dictionary(whole_or_text),
            "src_payload_ref": _artifact,
            "dst_payload_ref": _artifact,
            "encapsulates_refs": list_of(reference("6.12.1", "network-traffic")),
            "encapsulated_by_ref": reference("6.12.1", "network-traffic"),
        },
        "protocols",
        "start end src_ref dst_ref src_port dst_port protocols extensions",
        any_of("6.12.1", "src_ref", "dst_ref"),
        not_before("6.12.1", "start", "end"),
        _traffic_end,
    ),
    observable(
        "process",
        "6.13.1",
        {
            "is_hidden": boolean,
            "pid": _whole,
            "created_time": timestamp,
            "cwd": text,
            "command_line": text,
            "environment_variables": dictionary(text, keys=text),
            "opened_connection_refs": list_of(reference("6.13.1", "network-traffic")),
            "creator_user_ref": reference("6.13.1", "user-account"),
            "image_ref": reference("6.13.1", "file"),
            "parent_ref": reference("6.13.1", "process"),
            "child_refs": list_of(reference("6.13.1", "process")),
        },
        "",
        "",
        _carries("6.13.1"),
    ),
    observable(
        "software",
        "6.14.1",
        {"name": text, "cpe": text, "swid": text, "languages": list_of(language), "vendor": text, "version": text},
        "name",
        "name cpe swid vendor version",
    ),
    observable("url", "6.15.1", {"value": text}, "value", "value"),
    observable(
        "user-account",
        "6.16.1",
        {
            "user_id": text,
            "credential": text,
            "account_login": text,
            "account_type": text,
            "display_name": text,
            "is_service_account": boolean,
            "is_privileged": boolean,
            "can_escalate_privs": boolean,
            "is_disabled": boolean,
            "account_created": timestamp,
            "account_expires": timestamp,
            "credential_last_changed": timestamp,
            "account_first_login": timestamp,
            "account_last_login": timestamp,
        },
        "",
        "account_type user_id account_login",
        _carries("6.16.1"),
    ),
    observable(
        "windows-registry-key",
        "6.17.1",
        {
            "key": text,
            "values": list_of(_registry_value),
            "modified_time": timestamp,
            "creator_user_ref": reference("6.17.1", "user-account"),
            "number_of_subkeys": _count,
        },
        "",
        "key values",
        _carries("6.17.1"),
    ),
    observable(
        "x509-certificate",
        "6.18.1",
        {
            "is_self_signed": boolean,
            "hashes": hashes,
            "version": text,
            "serial_number": text,
            "signature_algorithm": text,
            "issuer": text,
            "validity_not_before": timestamp,
            "validity_not_after": timestamp,
            "subject": text,
            "subject_public_key_algorithm": text,
            "subject_public_key_modulus": text,
            "subject_public_key_exponent": _whole,
            "x509_v3_extensions": _x509_extensions,
        },
        "",
        "hashes serial_number",
        _carries("6.18.1"),
    ),
)

OBSERVABLE_KINDS: Final[dict[str, Kind]] = {kind.type: kind for kind in _KINDS}
