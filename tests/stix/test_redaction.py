"""What one recipient gets of an object: less of it, still valid, the same id and version, and no trace of the rest."""

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comity.stix.canonical import canonical
from comity.stix.identifiers import deterministic_id
from comity.stix.kinds import KINDS
from comity.stix.objects import Accepted, read
from comity.stix.redaction import redact

from .samples import GOOD, good, observable, one, raw

RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
NONE: frozenset[str] = frozenset()


def body(members: dict[str, Any]) -> bytes:
    found = read(raw(members))
    assert isinstance(found, Accepted), found
    return found.body


def without_ids(members: dict[str, Any], *ids: str) -> dict[str, Any] | None:
    left = redact(body(members), frozenset(ids), NONE, drop_personal=False)
    return None if left is None else dict(json.loads(left))


def without_places(members: dict[str, Any], *selectors: str) -> dict[str, Any] | None:
    left = redact(body(members), NONE, frozenset(selectors), drop_personal=False)
    return None if left is None else dict(json.loads(left))


def impersonal(members: dict[str, Any]) -> dict[str, Any] | None:
    left = redact(body(members), NONE, NONE, drop_personal=True)
    return None if left is None else dict(json.loads(left))


def test_nothing_to_drop_leaves_the_body_as_it_is() -> None:
    for members in GOOD.values():
        assert redact(body(members), frozenset({one("tool", 99)}), NONE, drop_personal=False) == canonical(members)


def test_a_list_loses_the_member_and_a_single_reference_its_property() -> None:
    assert without_ids(good("report"), one("indicator")) == {**good("report"), "object_refs": [one("campaign")]}
    indicator = good("indicator")
    assert without_ids(indicator, one("identity")) == {k: v for k, v in indicator.items() if k != "created_by_ref"}


def test_what_it_cannot_do_without_withholds_it_whole() -> None:
    assert without_ids(good("report"), one("indicator"), one("campaign")) is None
    assert without_ids(good("relationship"), one("malware")) is None
    assert without_ids(good("sighting"), one("indicator")) is None
    assert without_ids(good("language-content"), one("campaign")) is None
    assert without_ids(good("tool"), one("tool")) is None
    assert without_places(good("tool"), "name") is None
    assert without_places(good("tool"), "modified") is None


def test_constraints_between_properties_hold_after_pruning() -> None:
    traffic = good("network-traffic")
    assert without_ids(traffic, one("ipv4-addr")) == {k: v for k, v in traffic.items() if k != "src_ref"}
    assert without_ids(traffic, one("ipv4-addr"), one("ipv4-addr", 6)) is None
    analysis = {k: v for k, v in good("malware-analysis").items() if k != "result"}
    assert without_ids(analysis, one("file"), one("domain-name")) is None
    assert without_places(good("malware-analysis"), "result") == analysis


def test_an_incomplete_part_goes_with_what_it_lacks() -> None:
    file = good("file")
    pruned = without_ids(file, one("file", 6), one("directory"))
    assert pruned == {k: v for k, v in file.items() if k not in {"extensions", "parent_directory_ref"}}
    message = good("email-message")
    left = without_ids(message, one("artifact"))
    assert left is not None
    assert left["body_multipart"] == message["body_multipart"][:1]
    location = {k: v for k, v in good("location").items() if k not in {"latitude", "longitude", "precision"}}
    assert without_places(good("location"), "latitude") == location
    assert without_places(good("file"), "name") == {k: v for k, v in file.items() if k not in {"name", "name_enc"}}


def test_a_dropped_id_leaves_no_trace_in_text_names_or_custom_properties() -> None:
    secret = one("indicator", 77)
    members = {
        **good("campaign"),
        "description": f"As {secret} shows.",
        "labels": ["a", secret],
        "x_own": {"deep": [{"of_ref": secret}, 1]},
        "x_names": {secret: 1, "other": 2},
        "external_references": [{"source_name": "x", "url": f"https://example.org/{secret}"}],
    }
    expected = {**good("campaign"), "labels": ["a"], "x_own": {"deep": [1]}, "x_names": {"other": 2}}
    assert without_ids(members, secret) == expected
    assert without_ids({**members, "name": secret}, secret) is None


def test_a_marking_is_never_loosened() -> None:
    marked = {**good("campaign"), "object_marking_refs": [RED]}
    assert without_ids(marked, RED) is None
    granular = [{"marking_ref": RED, "selectors": ["objective"]}]
    assert without_ids({**good("campaign"), "granular_markings": granular}, RED) is None
    assert without_places({**good("campaign"), "granular_markings": granular}, "granular_markings") is None
    assert without_places(marked, "object_marking_refs") is None


def test_selected_places_go_with_the_markings_that_select_only_them() -> None:
    members = {
        **good("campaign"),
        "labels": ["a", "b", "c"],
        "granular_markings": [
            {"marking_ref": RED, "selectors": ["labels.[1]", "objective"]},
            {"marking_ref": one("marking-definition"), "selectors": ["labels.[2]"]},
        ],
    }
    left = without_places(members, "labels.[1]", "objective")
    assert left is not None
    assert left["labels"] == ["a", "c"]
    assert "objective" not in left
    assert left["granular_markings"] == [{"marking_ref": one("marking-definition"), "selectors": ["labels.[1]"]}]


def test_the_digest_in_a_deterministic_id_does_not_tell_what_was_taken_out() -> None:
    members = observable("network-traffic", protocols=["tcp"], src_ref=one("ipv4-addr"), dst_ref=one("ipv4-addr", 6))
    members["id"] = deterministic_id(members, KINDS["network-traffic"].contributing)
    assert without_ids(members, one("ipv4-addr")) is None
    assert without_ids({**members, "src_byte_count": 3}, one("tool")) is not None
    assert without_places({**members, "src_byte_count": 3}, "src_byte_count") == members


def test_personal_data_goes_and_what_is_a_person_is_withheld() -> None:
    office = good("identity")
    assert impersonal(office) == {k: v for k, v in office.items() if k != "contact_information"}
    assert impersonal({**office, "identity_class": "individual"}) is None
    assert impersonal({k: v for k, v in office.items() if k != "identity_class"}) is None
    assert impersonal({**good("threat-actor"), "resource_level": "individual"}) is None
    assert impersonal(good("threat-actor")) == good("threat-actor")
    assert impersonal(good("email-addr")) is None
    assert impersonal({**good("language-content"), "object_ref": one("identity")}) is None
    assert impersonal(good("opinion")) == {k: v for k, v in good("opinion").items() if k != "authors"}
    account = impersonal(good("user-account"))
    assert account is not None
    assert account.keys().isdisjoint({"user_id", "account_login", "display_name"})
    assert account["extensions"] == {"unix-account-ext": {"gid": 1001}}
    service = {**good("user-account"), "is_service_account": True}
    assert impersonal(service) == service
    message = impersonal(good("email-message"))
    assert message == {"type": "email-message", "id": one("email-message"), "is_multipart": True}
    held = {k: v for k, v in good("observed-data").items() if k != "object_refs"}
    held["objects"] = {"0": {"type": "email-addr", "value": "a@example.org"}}
    assert impersonal(held) is None


def _selectors(value: object, path: str = "") -> list[str]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [path] if path else []
    for step, item in inner:
        name = step if isinstance(step, str) else f"[{step}]"
        found += _selectors(item, f"{path}.{name}" if path else name)
    return found


def _ids(value: object) -> set[str]:
    found = read(raw(value))
    assert isinstance(found, Accepted)
    return set(found.mentions) | {identifier for group in found.requires for identifier in group}


@st.composite
def _requests(draw: st.DrawFn) -> tuple[dict[str, Any], frozenset[str], frozenset[str], bool]:
    members = good(draw(st.sampled_from(sorted(GOOD))))
    extra = st.sampled_from([one("tool", 41), one("file", 42), "plain"])
    if draw(st.booleans()):
        members["x_own"] = draw(st.lists(extra | st.dictionaries(extra, extra, max_size=2), max_size=3))
    places = [place for place in _selectors(members) if place != "granular_markings"]
    marks = draw(st.lists(st.sampled_from(places), max_size=3, unique=True))
    if marks:
        members["granular_markings"] = [{"marking_ref": RED, "selectors": [mark]} for mark in marks]
    assume(isinstance(read(raw(members)), Accepted))
    ids = draw(st.sets(st.sampled_from(sorted(_ids(members) | {one("tool", 41), one("x-none", 43)})), max_size=3))
    selectors = draw(st.sets(st.sampled_from(places), max_size=3))
    return members, frozenset(ids), frozenset(selectors), draw(st.booleans())


@settings(max_examples=400, deadline=None)
@given(_requests())
def test_any_rendition_is_valid_says_no_more_and_holds_no_trace(
    request_: tuple[dict[str, Any], frozenset[str], frozenset[str], bool],
) -> None:
    members, ids, selectors, personal = request_
    whole = read(raw(members))
    assert isinstance(whole, Accepted)
    left = redact(whole.body, ids, selectors, drop_personal=personal)
    if left is None:
        return
    found = read(left)
    assert isinstance(found, Accepted), found
    assert (found.id, found.type, found.version, found.body) == (whole.id, whole.type, whole.version, left)
    assert (found.markings, found.tlp, found.revoked) == (whole.markings, whole.tlp, whole.revoked)
    assert not any(identifier.encode() in left for identifier in ids)
    assert _is_part(json.loads(left), members)
    assert redact(left, ids, NONE, drop_personal=personal) == left


def _is_part(part: object, whole: object) -> bool:
    """Say, naively, whether a rendition says nothing that the whole does not; markings are looked at elsewhere."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(
            name == "granular_markings" or (name in whole and _is_part(item, whole[name]))
            for name, item in part.items()
        )
    if isinstance(part, list) and isinstance(whole, list):
        rest = iter(whole)
        return all(any(_is_part(item, other) for other in rest) for item in part)
    return bool(part == whole)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 6), unique=True), st.lists(st.integers(0, 6), min_size=1, unique=True))
def test_markings_follow_what_they_select(dropped: list[int], marked: list[int]) -> None:
    labels = [f"label {number}" for number in range(7)]
    granular = [{"marking_ref": RED, "selectors": [f"labels.[{number}]" for number in marked]}]
    members = {**good("campaign"), "labels": labels, "granular_markings": granular}
    left = without_places(members, *(f"labels.[{number}]" for number in dropped))
    assert left is not None
    places = [s for entry in left.get("granular_markings", []) for s in entry["selectors"]]
    still = [left["labels"][int(place[8:-1])] for place in places]
    assert still == [labels[number] for number in marked if number not in dropped]


@pytest.mark.parametrize("selector", ["", "nothing", "labels.[9]", "no such", "a.b.c", "name.[0]"])
def test_a_selector_that_leads_nowhere_takes_nothing(selector: str) -> None:
    assert without_places({**good("campaign"), "labels": ["a"]}, selector) in (
        {**good("campaign"), "labels": ["a"]},
        None if selector == "" else {**good("campaign"), "labels": ["a"]},
    )
