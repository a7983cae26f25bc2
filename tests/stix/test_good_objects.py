"""Every type of the standard is read, and read again from its own body as the same thing."""

import json
from hashlib import sha256

import pytest

from comity.stix.kinds import KINDS
from comity.stix.objects import VERSIONLESS, Accepted, read
from comity.stix.properties import Group
from comity.stix.types_names import DOMAIN_TYPES, META_TYPES, OBSERVABLE_TYPES, RELATIONSHIP_TYPES

from .samples import GOOD, T, good, raw


def accepted(text: bytes) -> Accepted:
    found = read(text)
    assert isinstance(found, Accepted), found
    return found


def test_there_is_a_good_object_of_every_type() -> None:
    assert GOOD.keys() == KINDS.keys()
    assert KINDS.keys() == (DOMAIN_TYPES | RELATIONSHIP_TYPES | OBSERVABLE_TYPES | META_TYPES) - {"bundle"}


@pytest.mark.parametrize("type_name", sorted(GOOD))
def test_a_good_object_is_accepted_and_its_body_is_its_fixed_point(type_name: str) -> None:
    first = accepted(raw(good(type_name)))
    again = accepted(first.body)
    assert again == first
    assert json.loads(first.body) == good(type_name)
    assert first.digest == sha256(first.body).digest()
    assert (first.id, first.type) == (good(type_name)["id"], type_name)
    assert first.custom == ()


@pytest.mark.parametrize("type_name", sorted(GOOD))
def test_the_version_is_modified_or_created_or_the_constant(type_name: str) -> None:
    expected = VERSIONLESS if KINDS[type_name].group is Group.OBSERVABLE else T
    assert accepted(raw(good(type_name))).version == expected


def test_an_observable_may_say_its_spec_version_or_leave_it_out() -> None:
    assert accepted(raw({**good("url"), "spec_version": "2.1"})).type == "url"


def test_revoked_is_read() -> None:
    assert accepted(raw({**good("tool"), "revoked": True})).revoked
    assert not accepted(raw({**good("tool"), "revoked": False})).revoked


def test_what_is_custom_is_flagged_and_not_refused() -> None:
    definition = "extension-definition--11111111-2222-4333-8444-000000000009"
    members = {
        **good("tool"),
        "x_local": 1,
        "rank": 2,
        "extensions": {definition: {"extension_type": "toplevel-property-extension"}},
    }
    assert set(accepted(raw(members)).custom) == {"property x_local", "property rank", f"extension {definition}"}


def test_custom_types_are_read_as_what_their_extension_declares() -> None:
    definition = "extension-definition--11111111-2222-4333-8444-000000000009"
    sighted = {
        "type": "x-buoy",
        "id": "x-buoy--11111111-2222-4333-8444-000000000001",
        "extensions": {definition: {"extension_type": "new-sco"}},
        "spec_version": "2.1",
    }
    found = accepted(raw(sighted))
    assert found.version == VERSIONLESS
    assert "type x-buoy" in found.custom
    domain = {**good("tool"), "type": "x-tide", "id": "x-tide--11111111-2222-4333-8444-000000000001"}
    assert accepted(raw(domain)).version == T
