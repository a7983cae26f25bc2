"""Identifiers and versions: the deterministic ids the standard prints, and how versions are ordered."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.stix.identifiers import SCO_NAMESPACE, deterministic_id, is_identifier, type_of
from comity.stix.kinds import KINDS
from comity.stix.objects import Accepted, Refused, read
from comity.stix.timestamps import instant, instant_of_checked, order

from .samples import GOOD, LATER, T, good, observable, raw

PRINTED: list[tuple[str, dict[str, Any]]] = [  # ids as the standard's errata 01 prints them
    ("ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4", {"value": "198.51.100.3"}),
    (
        "x509-certificate--bf86f034-2390-54d7-8426-d08433db3fbe",
        {"serial_number": "36:f7:d4:32:f4:ab:70:ea:d3:ce:98:6e:ea:99:93:49:32:0a:b7:06", "issuer": "C=ZA"},
    ),
    (
        "x509-certificate--5adb038a-160d-5d1c-826e-bde4926a0d2d",
        {"serial_number": "02:08:87:83:f2:13:58:1f:79:52:1e:66:90:0a:02:24:c9:6b:c7:dc", "issuer": "C=ZA"},
    ),
    ("domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7", {"value": "example.com"}),
    ("url--47c3cf9a-5027-5bf0-997a-017c7edc7c55", {"value": "https://example.com/research/index.html"}),
    ("mac-addr--757b1725-9903-54f5-a855-1240691d7659", {"value": "d2:fb:49:24:37:18"}),
    ("ipv6-addr--85a85a8c-ee99-5722-946d-3c3a3270fc6f", {"value": "2001:0db8:85a3:0000:0000:8a2e:0370:7334"}),
    ("ipv6-addr--084d3b4c-7785-568a-a569-0c61c95754ab", {"value": "2001:0db8::/96"}),
    ("mutex--f93fe911-e545-5239-b9b0-597840d0c871", {"name": "__CLEANSWEEP__"}),
    (
        "user-account--f94d689e-707d-58c3-b803-c720bb6ed096",
        {"user_id": "1001", "account_login": "jdoe", "account_type": "unix", "display_name": "John Doe"},
    ),
    (
        "software--710b0b41-d4d0-5d6c-a400-fc9254554ffc",
        {
            "name": "Word",
            "cpe": "cpe:2.3:a:microsoft:word:2000:*:*:*:*:*:*:*",
            "version": "2002",
            "vendor": "Microsoft",
        },
    ),
    (
        "file--ca7d6a8a-b79e-5c3b-b736-8d48adcf0c97",
        {
            "hashes": {"SHA-256": "bf07a7fbb825fc0aae7bf4a1177b2b31fcf8a3feeaf7092761e18c859ee52a9c"},
            "name": "sirvizio.exe",
        },
    ),
]


def accepted(members: dict[str, Any]) -> Accepted:
    found = read(raw(members))
    assert isinstance(found, Accepted), found
    return found


@pytest.mark.parametrize(("identifier", "own"), PRINTED)
def test_printed_ids_are_computed(identifier: str, own: dict[str, Any]) -> None:
    members = {"type": type_of(identifier), "id": identifier, **own}
    assert deterministic_id(members, KINDS[type_of(identifier)].contributing) == identifier
    assert accepted(members).deterministic is True


def test_the_namespace_is_that_of_section_2_9() -> None:
    assert str(SCO_NAMESPACE) == "00abedb4-aa42-466c-9c01-fed23315a9b7"


def test_of_several_hashes_one_contributes_by_preference() -> None:
    def made(**hashes: str) -> str | None:
        named = {name.replace("_", "-"): value for name, value in hashes.items()}
        return deterministic_id({"type": "file", "hashes": named}, ("hashes",))

    assert made(SHA_256="a", MD5="b") == made(MD5="b") != made(SHA_256="a")
    assert made(SHA_512="a", SHA_256="b") == made(SHA_256="b")
    assert made(x="a") != made(x="b")


def test_a_uuid_of_another_namespace_is_told_apart_and_not_refused() -> None:
    other = "url--6ba7b810-9dad-51d1-80b4-00c04fd430c8"
    assert accepted({**good("url"), "id": other}).deterministic is False
    assert accepted(good("url")).deterministic is None
    assert accepted({**good("tool"), "id": "tool--6ba7b810-9dad-51d1-80b4-00c04fd430c8"}).deterministic is None


def test_a_uuid_of_version_5_needs_something_to_be_made_of() -> None:
    members = observable("artifact", url="https://x.example", hashes={"MD5": "a" * 32})
    accepted({**members, "id": "artifact--6ba7b810-9dad-51d1-80b4-00c04fd430c8"})
    nothing = observable("user-account", display_name="x")
    found = read(raw({**nothing, "id": "user-account--6ba7b810-9dad-51d1-80b4-00c04fd430c8"}))
    assert isinstance(found, Refused)
    assert (found.faults[0].path, found.faults[0].rule) == ("id", "STIX 2.1 §2.9")


def test_a_versioned_observable_may_not_have_the_deterministic_id() -> None:
    members = {"type": "url", "id": "", "value": "https://x.example", "created": T, "modified": LATER}
    members["id"] = deterministic_id(members, ("value",)) or ""
    found = read(raw(members))
    assert isinstance(found, Refused)
    assert found.faults[0].rule == "STIX 2.1 §3.6"
    own = accepted({**members, "id": good("url")["id"]})
    assert own.version == LATER
    assert set(own.custom) == {"property created", "property modified"}


@given(st.sampled_from(sorted(KINDS)), st.uuids(version=4) | st.uuids(version=5) | st.uuids(version=1))
def test_every_rfc_4122_uuid_makes_an_identifier(type_name: str, uuid: object) -> None:
    assert is_identifier(f"{type_name}--{uuid}")
    assert type_of(f"{type_name}--{uuid}") == type_name


@pytest.mark.parametrize("text", ["", "tool", "tool--", "--1", "tool--00000000-0000-0000-0000-000000000000", 5, None])
def test_other_things_are_no_identifiers(text: object) -> None:
    assert not is_identifier(text)


def test_instants_are_microseconds_and_further_digits_are_cut_off() -> None:
    assert instant("1970-01-01T00:00:00.000Z") == 0
    assert instant("1970-01-01T00:00:01Z") == 1_000_000
    assert instant("1969-12-31T23:59:59.999999Z") == -1
    assert instant("2026-01-02T03:04:05.1234569Z") == instant("2026-01-02T03:04:05.123456Z")
    assert instant("2016-12-31T23:59:60.5Z") == instant("2017-01-01T00:00:00.5Z")
    with pytest.raises(ValueError, match="is not a STIX timestamp"):
        instant("2026-02-30T00:00:00Z")


_fraction = st.text("0123456789", min_size=1, max_size=9)


@given(st.datetimes(), _fraction, st.datetimes(), _fraction)
def test_order_agrees_with_time_to_every_digit(one: datetime, part: str, other: datetime, rest: str) -> None:
    first, second = (f"{moment:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") for moment in (one, other))
    left, right = f"{first}.{part}Z", f"{second}.{rest}Z"
    exact = (first, int(part.ljust(9, "0"))), (second, int(rest.ljust(9, "0")))
    assert (order(left) < order(right)) == (exact[0] < exact[1])
    if order(left) <= order(right):
        assert instant(left) <= instant(right)


def test_every_observable_names_what_its_id_is_made_of() -> None:
    for type_name, kind in KINDS.items():
        assert set(kind.contributing) <= kind.properties.keys()
        assert type_name in GOOD


@settings(max_examples=300)
@given(st.datetimes(), st.text("0123456789", max_size=9))
def test_a_checked_time_is_read_as_any_time_is(moment: datetime, fraction: str) -> None:
    written = f"{moment:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + (f".{fraction}Z" if fraction else "Z")
    assert instant_of_checked(written) == instant(written)
