"""Frameworks there and back through every form: equal, or exactly what is lost is told; OSCAL holds to its schema."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema_rs
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.acts import crosswalks, framework_reading, framework_writing, frameworks
from comity.policy import ciso_library, json_tree, name_ids, oscal_catalog, oscal_results
from comity.policy.crosswalks import Crosswalk
from comity.policy.framework_form import Answers
from comity.policy.frameworks import Framework
from comity.policy.staging import Answer, Evidence, Rating, gaps, stages
from tests.policy import framework_worlds

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
SCHEMAS = Path(__file__).parent.parent / "oscal"
OTHERS = Path(__file__).parent / "others"


def _valid(document: bytes) -> None:
    """Hold a document to the schema of OSCAL 1.2.1 that its first key names."""
    told = json.loads(document)
    (kind,) = told
    schema = json.loads(SCHEMAS.joinpath(f"{kind}.json").read_text(encoding="utf-8"))
    jsonschema_rs.validator_for(schema).validate(told)


def _back(found: object, form: str, folder: Path) -> framework_reading.Read:
    assert not isinstance(found, Answers)
    content, _losses = framework_writing.write(found, form, NOW)  # type: ignore[arg-type]
    if form == "oscal":
        _valid(content)
    path = folder / f"it.{form}"
    path.write_bytes(content)
    (read,) = framework_reading.read(path)
    return read


@pytest.mark.parametrize("form", framework_writing.FORMS)
def test_every_framework_of_the_catalogue_comes_back_equal(form: str, tmp_path: Path) -> None:
    for framework in frameworks.catalogue():
        assert _back(framework, form, tmp_path) == framework_reading.Read(framework)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(framework_worlds.frameworks())
def test_any_framework_comes_back_equal_from_every_form(tmp_path: Path, framework: Framework) -> None:
    for form in framework_writing.FORMS:
        assert _back(framework, form, tmp_path) == framework_reading.Read(framework), form


def test_every_crosswalk_comes_back_equal_and_from_ciso_with_its_loss_told(tmp_path: Path) -> None:
    for walk in crosswalks.catalogue():
        for form in ("yaml", "oscal"):
            assert _back(walk, form, tmp_path) == framework_reading.Read(walk), form
        content, losses = framework_writing.write(walk, "ciso", NOW)
        (tmp_path / "x.yaml").write_bytes(content)
        (read,) = framework_reading.read(tmp_path / "x.yaml")
        staged = sum("@" in end for pair in walk.pairs for end in (pair.source, pair.target))
        if staged:
            first = next(end for pair in walk.pairs for end in (pair.source, pair.target) if "@" in end)
            told = "pairs that name an aspect at a stage were weakened to the whole aspect"
            assert losses == (f"{told}: {staged}, the first at {first}",)
        else:
            assert losses == ()
            assert read.found == walk


def test_answers_come_back_from_assessment_results_and_gaps_make_a_plan(tmp_path: Path) -> None:
    cmm = frameworks.framework("cmm")
    until = NOW.date().replace(year=2028)
    ratings = {
        "D1.1.1.f1": Rating(Answer.MET, (Evidence("list", "https://x.example/l", until), Evidence("minutes"))),
        "D1.1.1.f2": Rating(Answer.PARTLY, reason="ports only"),
        "D4.2.3.d1": Rating(Answer.NOT_APPLICABLE, reason="no such courts"),
        "D1.1.2.f1": Rating(Answer.MET, contested=True),
        "D1.1.2.f2": Rating(Answer.NOT_MET),
    }
    answers = Answers("cmm", "2021", "The Bahamas", NOW.date(), ratings)
    results = framework_writing.as_json(oscal_results.write(cmm, answers, NOW))
    _valid(results)
    (tmp_path / "r.json").write_bytes(results)
    assert framework_reading.read(tmp_path / "r.json") == [framework_reading.Read(answers)]
    found = gaps(stages(cmm, ratings, NOW.date()), {})
    plan = oscal_results.plan(cmm, "The Bahamas", NOW.date(), found, NOW)
    _valid(framework_writing.as_json(plan))
    assert len(plan["plan-of-action-and-milestones"]["poam-items"]) == len(found)
    _valid(framework_writing.as_json(oscal_results.plan(cmm, "X", NOW.date(), [], NOW)))


def test_uuids_are_those_of_the_name_whatever_the_machine() -> None:
    assert name_ids.uuid5("catalog", "cmm", "2021") == "e9d15b31-5593-5db0-b1ea-f72dad1b7ba5"
    cmm = frameworks.framework("cmm")
    assert oscal_catalog.write(cmm, NOW) == oscal_catalog.write(cmm, NOW)


# What others wrote


def test_a_catalog_of_others_is_read_with_every_loss_counted() -> None:
    (read,) = framework_reading.read(OTHERS / "catalog.json")
    assert read.problems == ()
    assert isinstance(read.found, Framework)
    assert [one.id for one in read.found.depth(0)] == ["ac", "au"]
    told = {one.id: [(inner.id, inner.text[0][1]) for inner in one.indicators] for one in read.found.aspects()}
    assert told == {
        "ac-1": [
            ("ac-1_smt.a", "The ministry: keeps a list of accounts every [number of days]"),
            ("ac-1_smt.b", "The ministry: names [an officer or a team]"),
        ],
        "ac-1.1": [("ac-1.1_smt", "Accounts are closed by machine.")],
        "au-1": [("au-1_smt", "Events are recorded.")],
    }
    assert read.losses == (
        "controls that stood inside another stand after it: 1",
        "links are left out: 1",
        "properties (sort order, status…) are left out: 1",
        "parameters’ guidelines and properties are left out: 1",
        "assessment objectives and methods are left out: 1",
        "lead-ins of lists stand in each of their items: 1",
        "parameters stand as their label, and what bounds them, between brackets: 2",
        "labels, titles and links of statements and their items are left out: 1, the first at line 21",
        "controls without a statement (withdrawn ones) are left out: 1, the first at line 38",
        "resources of the back matter are left out: 1",
    )


def test_a_library_of_others_is_read_with_every_loss_counted() -> None:
    (read,) = framework_reading.read(OTHERS / "library.yaml")
    assert read.problems == ()
    assert isinstance(read.found, Framework)
    assert [one.id for one in read.found.aspects()] == ["a.1.self", "a.1.1", "a.2"]
    assert read.found.language == "fr"
    assert [one.name for one in read.found.aspects()][2] == (("fr", "A.2 Journaux"),)
    assert read.losses == (
        "requirements with others below them stand as the first inside a part of their name: 1, the first at line 28",
        "“typical_evidence” of requirements is left out: 1, the first at line 34",
        "“questions” of requirements is left out: 1, the first at line 43",
        "one scale for all requirements: here a stage has indicators of its own: 1",
        "implementation groups are left out: 1",
        "“threats” of the library is left out: 1, the first at line 1",
    )


def test_an_outline_of_others_is_called_by_its_labels_and_what_asks_nothing_is_left_out() -> None:
    (read,) = framework_reading.read(OTHERS / "outline.json")
    assert read.problems == ()
    assert isinstance(read.found, Framework)
    assert [one.name[0][1] for one in (*read.found.depth(0), *read.found.aspects())] == [
        "GOVERN (GO)", "Setting (GO.A)", "GO.A-1 The mission is known"]  # fmt: skip
    assert "groups in which nothing is asked are left out: 1, the first at line 16" in read.losses
    assert [one.about for one in read.found.aspects()][1] == (("en", "Ask first\n\nThen write"),)


def test_a_library_with_remarks_and_a_map_gives_both() -> None:
    first, walk = framework_reading.read(OTHERS / "remarks.yaml")
    assert (first.problems, walk.problems) == ((), ())
    assert isinstance(first.found, Framework)
    assert isinstance(walk.found, Crosswalk)
    assert [one.id for one in first.found.aspects()] == ["n2"]
    assert "headings and remarks below which nothing is asked are left out: 1, the first at line 15" in first.losses
    assert [(one.source, one.target, one.confidence.value) for one in walk.found.pairs] == [("n2", "a.1", "medium")]


@st.composite
def _libraries(draw: st.DrawFn) -> tuple[str, int]:
    """Draw a library of others as JSON: any tree, headings and requirements anywhere, keys missing or null."""
    nodes: list[dict[str, object]] = []
    for number in range(draw(st.integers(1, 9))):
        node: dict[str, object] = {"urn": f"urn:a:risk:req_node:b:N{number}", "assessable": draw(st.booleans())}
        above = draw(st.integers(-1, number - 1))
        if above >= 0:
            told = f"urn:a:risk:req_node:b:N{above}"
            node["parent_urn"] = told.upper() if draw(st.booleans()) else told
        for key in ("ref_id", "name", "description", "annotation"):
            node[key] = draw(st.sampled_from([None, "", "a", "No. 1: (x)", "two\nlines"]))
        nodes.append(node)
    asked = sum(bool(node["assessable"]) for node in nodes)
    return json.dumps({"urn": "urn:a", "locale": "en", "objects": {"framework": {
        "urn": "urn:a:risk:framework:b", "requirement_nodes": nodes}}}), asked  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(_libraries())
def test_every_requirement_of_any_library_is_taken_over(drawn: tuple[str, int]) -> None:
    text, asked = drawn
    (read,) = framework_reading.read_bytes(text.encode(), "it.json")
    if asked:
        assert read.problems == ()
        assert isinstance(read.found, Framework)
        assert len(list(read.found.indicators())) == asked
        content, _losses = framework_writing.write(read.found, "ciso", NOW)
        assert framework_reading.read_bytes(content, "it.yaml") == [framework_reading.Read(read.found)]
    else:
        assert read.found is None
        assert read.problems


def test_maps_between_several_items_are_weakened_to_what_holds_of_each() -> None:
    (read,) = framework_reading.read(OTHERS / "mapping.json")
    assert read.problems == ()
    assert not isinstance(read.found, Framework | Answers | None)
    assert [(one.source, one.target, one.relation.value) for one in read.found.pairs] == [
        ("a", "x", "subset"), ("b", "x", "subset"), ("a", "x", "superset"), ("a", "y", "superset"),
        ("a", "x", "intersects"), ("a", "y", "intersects"), ("b", "x", "intersects"), ("b", "y", "intersects"),
        ("c", "z", "equal"),
    ]  # fmt: skip
    assert any(line.startswith("“equal-to” between several items was weakened") for line in read.losses)


WRONG = [
    ('{"catalog": {"a": 1,}}', "it.json:1:21: a “,” stands before “}”"),
    ('{"catalog": {}}', "it.json:1:13: the framework lacks `edition`"),
    ('{"profile": {}}', "it.json:1:13: this profile imports nothing. Mend: name a profile with `imports`"),
    ('{"plan-of-action-and-milestones": {}}', "it.json:1:35: this OSCAL plan-of-action-and-milestones has 0"),
    ('{"component-definition": {}}', "it.json:1:1: this is an OSCAL component-definition, which"),
    ("objects: {risk_matrix: []}", "it.json:1:1: this library holds no framework but risk_matrix"),
    ("objects:\n  framework:\n    requirement_nodes:\n    - urn: x\n      parent_urn: y\n",
     "it.json:5:19: there is no node “y” for this one to stand below"),
    ("objects: {framework: {requirement_nodes: [{name: x}, [y]]}}", "it.json:1:43: this node has no `urn`"),
    ('{"catalog": {"x": "a\\u0000"}}', "it.json:1:19: a text holds the character NUL"),
    ("a: &b [*b]", "it.json:1:4: it stands inside itself, or too deep"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), WRONG)
def test_what_is_wrong_is_told_with_its_place(text: str, line: str, tmp_path: Path) -> None:
    path = tmp_path / "it.json"
    path.write_text(text, encoding="utf-8")
    read = framework_reading.read(path)[0]
    assert read.found is None
    assert any(one.startswith(line) for one in read.problems), read.problems


def test_a_slip_in_a_workbook_is_told_with_its_cell(tmp_path: Path) -> None:
    content, _losses = framework_writing.write(frameworks.framework("budapest"), "xlsx", NOW)
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Indicators"]
    sheet["C3"] = "dome"
    sheet["A5"] = sheet["A4"].value
    book["Parts"]["B4"] = "XX"
    book.create_sheet("Notes")
    book.save(tmp_path / "it.xlsx")
    (read,) = framework_reading.read(tmp_path / "it.xlsx")
    assert read.losses == ("the sheet “Notes” is left out: 1",)
    assert read.problems == ("it.xlsx:Parts!B4: there is no part “XX”. Mend: name a row of kind `part` of this sheet.",)
    book["Parts"]["B4"] = "II.1"
    book.save(tmp_path / "it.xlsx")
    (read,) = framework_reading.read(tmp_path / "it.xlsx")
    assert [one.split(":", 2)[1] for one in read.problems] == ["Indicators!C3", "Indicators!A5"]


def test_no_cell_is_a_formula() -> None:
    content = framework_writing.workbook({"Framework": [["=1+1", "@x", "-2"]]})
    (row,) = openpyxl.load_workbook(io.BytesIO(content))["Framework"].iter_rows()
    assert [cell.data_type for cell in row] == ["s", "s", "s"]


def test_json_is_read_as_json_is() -> None:
    text = '{"a": ["\\u00e9\\ud83d\\ude00", 1.5e3, true, null], "b": {"c": "x\\n\\"y\\""}}'
    root = json_tree.read_json(text)
    assert "é😀" in repr(root)
    for wrong in ("", "[", '{"a"}', '["\\x"]', "[1 2]", '{"a":1,"a":2}', "[1] 2", "[" * 99):
        if wrong:
            with pytest.raises(json_tree.JsonProblemError):
                json_tree.read_json(wrong)


def test_a_library_written_here_has_what_their_loader_asks_for() -> None:
    told = ciso_library.write(frameworks.framework("cmm"))
    nodes = told["objects"]["framework"]["requirement_nodes"]
    urns = [one["urn"] for one in nodes]
    floors = sum(len(one.floor) for one in frameworks.framework("cmm").aspects())
    assert len(set(urns)) == len(urns) == 90 + 485 + floors
    assert all(one == one.lower() for one in urns)
    seen: set[str] = set()
    for one in nodes:
        assert one.get("parent_urn", "") in seen | {""}
        assert one["depth"] == 1 + (0 if not one.get("parent_urn") else _depth(nodes, one["parent_urn"]))
        seen.add(one["urn"])
    assert {"urn", "locale", "ref_id", "name", "version", "provider", "packager", "objects"} <= set(told)


def _depth(nodes: list[dict[str, object]], urn: str) -> int:
    found = next(one["depth"] for one in nodes if one["urn"] == urn)
    assert isinstance(found, int)
    return found
