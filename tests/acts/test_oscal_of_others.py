"""OSCAL that others wrote: XML, profiles with their catalog beside them, and findings as answers."""

import json
from pathlib import Path

import pytest

from comity.acts import framework_reading, framework_writing
from comity.policy.crosswalks import Crosswalk
from comity.policy.framework_form import Answers
from comity.policy.frameworks import Framework
from comity.policy.oscal_xml import NAMESPACE
from comity.policy.staging import Answer, Evidence

OTHERS = Path(__file__).parent / "others"


def catalog() -> Framework:
    (read,) = framework_reading.read(OTHERS / "small_catalog.xml")
    assert read.problems == ()
    assert isinstance(read.found, Framework)
    return read.found


def asked(framework: Framework) -> dict[str, str]:
    return {one.id: dict(one.text)["en"] for one in framework.indicators()}


def test_xml_is_read_as_its_json_would_be() -> None:
    found = catalog()
    assert (found.id, found.edition, found.owner) == ("Small-controls", "3", "An office")
    assert [part.id for part in found.parts] == ["g", "h"]
    assert asked(found) == {
        "g-1_smt.a": "The office: keeps a list every [period] on [paper or a register]; and",
        "g-1_smt.b": "The office: reads & *checks* it.",
        "g-1.1_smt": "A machine keeps it.",
        "g-2_smt": "Journals are kept.",
        "h-1_smt": "Doors close.",
    }
    about = {one.id: dict(one.about).get("en") for one in found.aspects()}
    assert about["g-1"] == "Why:\n\n* one\n* two `x`"


def test_a_profile_is_the_catalog_beside_it_chosen_and_modified() -> None:
    (read,) = framework_reading.read(OTHERS / "small_profile.yaml")
    assert read.problems == ()
    assert isinstance(read.found, Framework)
    assert (read.found.id, read.found.edition) == ("Small-baseline", "3.1")
    assert [one.id for one in read.found.aspects()] == ["g-1", "g-1.1"]
    assert asked(read.found) == {
        "g-1_smt.a": "The office: keeps a list every [period: at least every month] on [a register]; and",
        "g-1_smt.b": "The office: reads & *checks* it.",
        "g-1_smt.c": "The office: tells the minister.",
        "g-1.1_smt": "A machine keeps it.",
    }
    assert [dict(one.about).get("en") for one in read.found.aspects()] == ["Anew.", None]
    assert read.losses[:3] == (
        "controls that are asked for and not in the catalog: 1, the first at k-9",
        "the arrangement “flat” of the profile is left out; the catalog’s groups stay: 1",
        "additions of the profile whose place is not in the control: 1, the first at g-1_smt.z",
    )


def test_a_profile_of_a_profile_is_followed_and_one_without_its_catalog_says_what_is_missing(tmp_path: Path) -> None:
    above = {"profile": {"metadata": {"title": "Less", "version": "1"}, "imports": [
        {"href": "base.yaml", "include-all": {}, "exclude-controls": [{"with-ids": ["g-1.1"]}]}]}}  # fmt: skip
    (tmp_path / "less.json").write_text(json.dumps(above), encoding="utf-8")
    (tmp_path / "base.yaml").write_bytes((OTHERS / "small_profile.yaml").read_bytes())
    (read,) = framework_reading.read(tmp_path / "less.json")
    (missing,) = read.problems
    assert "takes its controls from https://controls.example/v3/small_catalog.json, which is not at hand" in missing
    assert missing.endswith("Mend: put small_catalog.json beside it (as .json, .yaml or .xml), and try again.")
    (tmp_path / "small_catalog.xml").write_bytes((OTHERS / "small_catalog.xml").read_bytes())
    (read,) = framework_reading.read(tmp_path / "less.json")
    assert isinstance(read.found, Framework)
    assert [one.id for one in read.found.aspects()] == ["g-1"]
    above["profile"]["imports"] = [{"href": "less.yaml"}]
    (tmp_path / "less.json").write_text(json.dumps(above), encoding="utf-8")
    (tmp_path / "less.yaml").write_text(json.dumps(above), encoding="utf-8")
    (read,) = framework_reading.read(tmp_path / "less.json")
    assert "import each other without an end" in read.problems[0]


def test_findings_answer_what_they_decide_and_leave_the_rest_unknown_with_their_reason() -> None:
    (read,) = framework_reading.read(OTHERS / "findings.json", [catalog()])
    assert read.problems == ()
    assert isinstance(read.found, Answers)
    assert (read.found.of, read.found.on.isoformat()) == ("Spring audit", "2026-04-02")
    assert {name: one.answer for name, one in read.found.ratings.items()} == {
        "g-1_smt.a": Answer.NOT_MET, "g-1_smt.b": Answer.UNKNOWN, "g-1.1_smt": Answer.NOT_MET, "h-1_smt": Answer.MET,
    }  # fmt: skip
    doors = read.found.ratings["h-1_smt"]
    until = read.found.on.replace(year=2027, day=1)
    assert doors.evidence == (Evidence("Walk through (Spring audit)", "https://audit.example/1", until),)
    assert doors.reason == "h-1_obj: satisfied"
    assert read.losses == (
        "findings that do not decide each indicator of theirs leave it unknown: 1, the first at g-1_obj.b-1",
        "findings on controls that the framework has not are left out: 1, the first at q-1_obj",
        "findings whose statement or objective is not in the control are left out: 1, the first at g-1_smt.q",
        "risks, and what is done about them, are left out: 1",
    )
    back = framework_reading.read_bytes(framework_writing.answers_yaml(read.found), "it.yaml", known=[catalog()])
    assert back == [framework_reading.Read(read.found)]


def test_findings_that_fit_no_framework_or_several_name_them() -> None:
    text = (OTHERS / "findings.json").read_bytes()
    (none,) = framework_reading.read_bytes(text, "it.json")
    assert none.problems[0].startswith("it.json:1:24: no framework that is at hand has the controls that these")
    other = framework_reading.read(OTHERS / "small_catalog.xml")[0].found
    assert isinstance(other, Framework)
    (several,) = framework_reading.read_bytes(text, "it.json", known=[catalog(), other])
    assert "fit several frameworks alike: Small-controls 3, Small-controls 3" in several.problems[0]
    plan = b'{"plan-of-action-and-milestones": {"poam-items": [{"title": "x"}], "risks": [{}], "observations": []}}'
    (nothing,) = framework_reading.read_bytes(plan, "it.json")
    assert "has 0 observations and 1 risks, and 1 items, but no finding that names a control" in nothing.problems[0]


@pytest.mark.parametrize(("text", "told"), [
    ("<html><body/></html>", "it.xml:1:1: this is XML, but not OSCAL: its first element is <html>. Mend: name"),
    (f'<catalog xmlns="{NAMESPACE}"><metadata></catalog>', "it.xml:1:64: this is not XML (mismatched tag). Mend: fet"),
    (f'<!DOCTYPE c [<!ENTITY a "b">]><catalog xmlns="{NAMESPACE}">&a;</catalog>', "it.xml:1:13: it has a document"),
    (f'<catalog xmlns="{NAMESPACE}">' + "<group>" * 99, "it.xml:1:465: its elements stand too deep inside each"),
])  # fmt: skip
def test_xml_that_is_none_of_oscal_is_told_with_its_place(text: str, told: str) -> None:
    (read,) = framework_reading.read_bytes(text.encode(), "it.xml")
    assert read.problems[0].startswith(told)


NODES = [
    ["assessable", "depth", "ref_id", "name", "description", "name[fr]", "questions"],
    ["", "1", "A", "Rules", "", "Règles", ""],
    ["x", "2", "A.1", "A list", "A list is kept", "", ""],
    ["x", "2", "A.2", "", "", "", "Who reads it?"],
    ["", "1", "B", "Rooms", "", "", ""],
    ["x", "2", "B.1", "Doors", "Doors close", "", ""],
]
FACTS = {"name": "Small", "ref_id": "small", "version": "2", "locale": "en", "provider": "An office"}
LAYOUTS: dict[str, dict[str, list[list[str]]]] = {
    "older": {"library_content": [*([f"library_{key}", said] for key, said in FACTS.items()),
                                  ["framework_ref_id", "small"], ["framework_name", "Small"],
                                  ["tab", "asked", "requirements"]], "asked": NODES},
    "newer": {"library_meta": [["type", "library"], *([key, said] for key, said in FACTS.items())],
              "small_meta": [["type", "framework"], ["ref_id", "small"], ["name", "Small"]], "small_content": NODES},
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_workbook_of_a_library_is_read_in_both_its_layouts(layout: str) -> None:
    (read,) = framework_reading.read_bytes(framework_writing.workbook(LAYOUTS[layout]), "it.xlsx")
    assert read.problems == ()
    assert isinstance(read.found, Framework)
    assert (read.found.id, read.found.edition, read.found.owner) == ("small", "2", "An office")
    assert [dict(part.name) for part in read.found.parts] == [{"en": "Rules", "fr": "Règles"}, {"en": "B Rooms"}]
    assert list(asked(read.found).values()) == ["A list is kept", "Who reads it?", "Doors close"]


def test_a_workbook_of_a_library_without_a_framework_says_what_it_holds() -> None:
    sheets = {"library_meta": [["type", "library"]], "m_meta": [["type", "risk_matrix"]], "m_content": [["a"]]}
    (read,) = framework_reading.read_bytes(framework_writing.workbook(sheets), "it.xlsx")
    assert read.problems == (
        "it.xlsx:1:1: this library holds no framework but risk_matrix. Mend: name a library with a framework.",
    )


MAPPING = f"""<mapping-collection xmlns="{NAMESPACE}" uuid="7d5f1f0e-3f0e-4c4e-9d0a-5a3f1c3f0a09">
  <metadata><title>A map</title><version>1</version></metadata>
  <mapping uuid="7d5f1f0e-3f0e-4c4e-9d0a-5a3f1c3f0a10">
    <source-resource type="catalog" href="one.json"/><target-resource type="catalog" href="two.json"/>
    <map uuid="7d5f1f0e-3f0e-4c4e-9d0a-5a3f1c3f0a11"><relationship>subset-of</relationship>
      <source type="control" id-ref="a"/><source type="control" id-ref="b"/><target type="control" id-ref="x"/>
      <remarks><p>Because.</p></remarks></map>
  </mapping>
</mapping-collection>"""


def test_a_mapping_in_xml_keeps_all_its_sources() -> None:
    (read,) = framework_reading.read_bytes(MAPPING.encode(), "it.xml")
    assert read.problems == ()
    assert isinstance(read.found, Crosswalk)
    assert [(one.source, one.target, one.relation.value, one.why) for one in read.found.pairs] == [
        ("a", "x", "subset", "Because."), ("b", "x", "subset", "Because.")]  # fmt: skip


def test_an_import_that_names_nothing_is_told() -> None:
    (read,) = framework_reading.read_bytes(b'{"profile": {"imports": [{"href": "#"}]}}', "it.json")
    assert read.problems == (
        "it.json:1:26: this import does not say which catalog it takes. Mend: write its address as `href`.",
    )
