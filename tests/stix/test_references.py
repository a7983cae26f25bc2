"""What an object cannot go without, what it merely mentions, and what it derives from."""

from typing import Any

from comity.stix.objects import Accepted, read
from comity.stix.references import mentioned_in

from .samples import GOOD, good, one, raw


def accepted(members: dict[str, Any]) -> Accepted:
    found = read(raw(members))
    assert isinstance(found, Accepted), found
    return found


def requires(members: dict[str, Any]) -> list[set[str]]:
    return [set(group) for group in accepted(members).requires]


def test_a_relationship_requires_both_ends_and_a_sighting_what_was_sighted() -> None:
    assert requires(good("relationship")) == [{one("campaign")}, {one("malware")}]
    assert requires(good("sighting")) == [{one("indicator")}]
    assert accepted(good("relationship")).mentions == frozenset()
    assert accepted(good("sighting")).mentions == {one("observed-data"), one("identity")}


def test_what_gathers_objects_requires_one_of_them_and_mentions_all() -> None:
    for type_name in ("report", "grouping", "note", "opinion", "observed-data"):
        members = good(type_name)
        assert requires(members) == [set(members["object_refs"])]
        if len(members["object_refs"]) > 1:
            assert accepted(members).mentions == set(members["object_refs"])


def test_network_traffic_requires_an_end_and_an_analysis_what_stands_for_its_result() -> None:
    assert requires(good("network-traffic")) == [{one("ipv4-addr"), one("ipv4-addr", 6)}]
    assert requires(good("malware-analysis")) == []
    analysis = {k: v for k, v in good("malware-analysis").items() if k != "result"}
    assert requires(analysis) == [{one("file"), one("domain-name")}]
    assert requires(good("language-content")) == [{one("campaign")}]
    assert requires(good("extension-definition")) == [{one("identity")}]
    assert requires(good("file")) == []


def test_mentions_are_found_at_any_depth_under_any_name() -> None:
    ids = [one("x-thing", number) for number in range(4)]
    members = {
        **good("indicator"),
        "x_ref": ids[0],
        "x_own": {"deep": [{"of_refs": [ids[1]]}], "not_a_ref": ids[2]},
        "x_names": {ids[3]: True},
        "object_marking_refs": [one("marking-definition")],
        "extensions": {one("extension-definition"): {"extension_type": "property-extension", "a_ref": ids[0]}},
        "description": f"text that holds {one('tool')} is no reference",
    }
    assert accepted(members).mentions == {*ids, one("identity")}


def test_an_object_does_not_mention_itself() -> None:
    assert accepted({**good("tool"), "x_ref": one("tool")}).mentions == frozenset()


def test_derivation() -> None:
    derived = {
        **good("relationship"),
        "relationship_type": "derived-from",
        "source_ref": one("tool", 1),
        "target_ref": one("tool", 2),
    }
    assert accepted(derived).derives == (one("tool", 1), one("tool", 2))
    assert accepted(good("relationship")).derives is None
    assert accepted(good("language-content")).derived_from == {one("campaign")}
    assert accepted({**good("tool"), "x_derived_from_refs": [one("tool", 2)]}).derived_from == {one("tool", 2)}
    assert accepted(good("tool")).derived_from == frozenset()


def test_what_is_mentioned_can_be_told_from_the_stored_bytes_alone() -> None:
    told = 0
    for members in GOOD.values():
        for further in ({}, {"x_seen_with": [one("tool", 7), {"x_by": one("identity", 8)}]}):
            found = read(raw({**members, **further}))
            if isinstance(found, Accepted):
                assert mentioned_in(found.body) == found.mentions
                told += len(found.mentions)
    assert told
