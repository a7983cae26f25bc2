"""Markings: the published TLP definitions, the strictest of several, and granular markings."""

import json
from typing import Any

import pytest

from comity.stix.markings import TLP_EXTENSION, TLP_IDS, TLP_LABELS, TLP_ORDER, WELL_KNOWN, strictest
from comity.stix.objects import Accepted, Refused, read

from .samples import T, good, one, raw

WHITE = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"
STRICT = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
OWN = one("marking-definition")


def test_the_nine_published_definitions_are_accepted_as_they_are() -> None:
    assert len(WELL_KNOWN) == 9
    for identifier, body in WELL_KNOWN.items():
        found = read(body)
        assert isinstance(found, Accepted), found
        assert (found.id, found.body, found.custom) == (identifier, body, ())
    assert json.loads(WELL_KNOWN[STRICT]) == {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": STRICT,
        "created": "2022-10-01T00:00:00.000Z",
        "name": "TLP:AMBER+STRICT",
        "extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": "amber+strict"}},
    }


def test_labels_are_those_of_the_second_edition() -> None:
    assert set(TLP_LABELS.values()) == set(TLP_ORDER)
    assert TLP_LABELS[WHITE] == "CLEAR"
    assert {TLP_LABELS[identifier]: identifier for identifier in TLP_IDS.values()} == TLP_IDS


def test_a_definition_without_its_name_is_still_the_published_one() -> None:
    members = {k: v for k, v in json.loads(WELL_KNOWN[WHITE]).items() if k != "name"}
    assert isinstance(read(raw(members)), Accepted)


@pytest.mark.parametrize(
    ("identifier", "edits"),
    [
        (WHITE, {"definition": {"tlp": "red"}}),
        (WHITE, {"definition": {"tlp": "clear"}}),
        (WHITE, {"created": "2018-01-20T00:00:00.000Z"}),
        (WHITE, {"name": "TLP:CLEAR"}),
        (WHITE, {"extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": "clear"}}}),
        (STRICT, {"extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": "clear"}}}),
        (STRICT, {"definition_type": "tlp", "definition": {"tlp": "amber"}}),
        (STRICT, {"id": OWN}),
    ],
)
def test_altered_content_under_a_published_id_is_refused(identifier: str, edits: dict[str, Any]) -> None:
    found = read(raw({**json.loads(WELL_KNOWN[identifier]), **edits}))
    assert isinstance(found, Refused)
    assert {fault.rule for fault in found.faults} == {"STIX 2.1 §7.2.1.4"}


def test_the_strictest_label_counts() -> None:
    assert strictest([]) is None
    assert strictest([OWN]) is None
    assert strictest([WHITE, OWN]) == "CLEAR"
    assert strictest([TLP_IDS["GREEN"], STRICT, TLP_IDS["AMBER"]]) == "AMBER+STRICT"
    assert [max(TLP_ORDER[: n + 1], key=TLP_ORDER.index) for n in range(5)] == list(TLP_ORDER)


def test_object_markings_are_read() -> None:
    found = read(raw({**good("tool"), "object_marking_refs": [OWN, WHITE, STRICT]}))
    assert isinstance(found, Accepted)
    assert (found.tlp, found.markings) == ("AMBER+STRICT", (OWN, WHITE, STRICT))
    assert found.mentions == frozenset()


def test_granular_markings_are_read_with_what_can_be_taken_out() -> None:
    marks = [
        {"marking_ref": TLP_IDS["RED"], "selectors": ["objective", "external_references.[0].source_name"]},
        {"marking_ref": OWN, "selectors": ["name"]},
        {"lang": "es", "selectors": ["objective"]},
    ]
    references = [{"source_name": "x", "url": "y"}]
    members = {**good("campaign"), "external_references": references, "granular_markings": marks}
    found = read(raw(members))
    assert isinstance(found, Accepted)
    assert [(mark.marking, mark.tlp, mark.removable) for mark in found.granular] == [
        (TLP_IDS["RED"], "RED", True),
        (OWN, None, False),
        ("", None, True),
    ]


@pytest.mark.parametrize(
    ("mark", "place", "section"),
    [
        ({"selectors": ["name"]}, "", "7.2.3"),
        ({"selectors": ["name"], "lang": "es", "marking_ref": OWN}, "", "7.2.3"),
        ({"marking_ref": OWN}, ".selectors", "7.2.3"),
        ({"marking_ref": OWN, "selectors": []}, ".selectors", "2.12"),
        ({"marking_ref": one("identity"), "selectors": ["name"]}, ".marking_ref", "7.2.3"),
        ({"marking_ref": OWN, "selectors": ["nam"]}, ".selectors.[0]", "7.2.3.1"),
        ({"marking_ref": OWN, "selectors": ["name", "labels.[2]"]}, ".selectors.[1]", "7.2.3.1"),
        ({"marking_ref": OWN, "selectors": ["labels.[01]"]}, ".selectors.[0]", "7.2.3.1"),
        ({"marking_ref": OWN, "selectors": ["labels.0"]}, ".selectors.[0]", "7.2.3.1"),
        ({"marking_ref": OWN, "selectors": ["name.[0]"]}, ".selectors.[0]", "7.2.3.1"),
        ({"marking_ref": OWN, "selectors": ["granular_markings"]}, ".selectors.[0]", "7.2.3.1"),
        ({"marking_ref": OWN, "selectors": ["name"], "x_more": 1}, ".x_more", "7.2.3"),
    ],
)
def test_granular_markings_that_mark_nothing_are_refused(mark: dict[str, Any], place: str, section: str) -> None:
    found = read(raw({**good("campaign"), "labels": ["a", "b"], "granular_markings": [mark]}))
    assert isinstance(found, Refused)
    assert (f"granular_markings.[0]{place}", f"STIX 2.1 §{section}") in {(f.path, f.rule) for f in found.faults}


def test_the_selectors_the_standard_prints() -> None:
    members = {
        **good("vulnerability"),
        "name": "CVE-2014-0160",
        "description": "The (1) TLS",
        "external_references": [{"source_name": "cve", "external_id": "CVE-2014-0160"}],
        "labels": ["heartbleed", "has-logo"],
    }
    right = ["description", "external_references.[0].source_name", "labels.[0]", "labels", "external_references", "id"]
    wrong = ["pattern", "external_references.[3]", "description.[0]", "labels.name"]
    for selector in right + wrong:
        marks = [{"marking_ref": OWN, "selectors": [selector]}]
        found = read(raw({**members, "granular_markings": marks}))
        assert isinstance(found, Accepted) == (selector in right), selector


def test_markings_that_mark_themselves_are_refused() -> None:
    marks = [{"marking_ref": OWN, "selectors": ["definition"]}]
    found = read(raw({**good("marking-definition"), "granular_markings": marks}))
    assert isinstance(found, Refused)
    assert found.version == T
