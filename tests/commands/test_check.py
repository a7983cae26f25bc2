"""`comity check` from end to end: text, JSON, scores, and input that cannot be used."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comity.commands import main
from comity.environment import ROOT

EXAMPLE = ROOT / "catalogues" / "example" / "article.txt"
LABELS = EXAMPLE.with_name("article.labels.yaml")
DAY = ("--on", "2026-11-23")


@pytest.fixture(autouse=True)
def no_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no other test’s node answer: the register is the one that is shipped."""
    monkeypatch.setenv("COMITY_DATA", str(tmp_path / "no-node"))


def check(*words: str) -> Result:
    return CliRunner().invoke(main, ["check", *words])


def test_the_example_is_checked_in_words() -> None:
    told = check(str(EXAMPLE), *DAY)
    assert told.exit_code == 1
    assert "CONTRADICTED: The Bahamas [signed] Budapest Convention" in told.output
    assert "CATEGORY ERROR: The Bahamas [signed] UN Group of Governmental Experts" in told.output
    assert "would settle it: The depositary’s list" in told.output


def test_json_has_offsets_into_the_text_and_grounds_with_sources() -> None:
    told = json.loads(check(str(EXAMPLE), "--json", *DAY).output)
    assert told["text"] == EXAMPLE.read_text(encoding="utf-8")
    assert len(told["statements"]) == 13
    for one in told["statements"]:
        assert told["text"][one["start"] : one["end"]] == one["sentence"]
        assert one["verdict"] in {"confirmed", "partly", "contradicted", "category error", "not found"}
    signed = next(one for one in told["statements"] if one["object"] and one["object"]["ref"] == "budapest")
    assert any(ground["sources"] for ground in signed["grounds"])


def test_the_example_is_found_as_a_person_labelled_it() -> None:
    told = check(str(EXAMPLE), "--score", str(LABELS), "--json", *DAY)
    assert told.exit_code == 0, told.output
    scored = json.loads(told.output)
    assert (scored["precision"], scored["recall"], scored["labels"]) == (1.0, 1.0, 13)


def test_a_missed_a_wrong_and_a_false_claim_are_told(tmp_path: Path) -> None:
    document, labels = tmp_path / "a.txt", tmp_path / "a.yaml"
    document.write_text("Ghana signed the Tallinn Manual. Kenya signed the Paris Call.", encoding="utf-8")
    labels.write_text(
        "labels:\n- {says: Tallinn, verdict: confirmed}\n- {id: b, says: never written}\n", encoding="utf-8"
    )
    told = check(str(document), "--score", str(labels), *DAY)
    assert told.exit_code == 1
    assert told.output.splitlines() == [
        "precision 0.000: 2 found, 1 false, 1 with another verdict",
        "recall 0.000: 0 of 2 labels",
        "  missed: b",
        "  another verdict: 1",
        "  false: Kenya KE signed Paris Call paris-call",
    ]


def test_a_document_that_says_nothing_of_this_kind_gives_no_statement(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text("# Tides\n\nThe sea rose, and the party signed a card.", encoding="utf-8")
    told = check(str(document))
    assert told.exit_code == 0
    assert told.output.startswith("No statement")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b"\xff\xfe\xfd", "give text, Markdown, HTML, PDF or DOCX"),
        ("a.pdf", b"%PDF-1.4", "the PDF is broken: give text"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    document = tmp_path / name
    document.write_bytes(content)
    told = check(str(document))
    assert told.exit_code == 2
    assert says in told.output
    assert told.output.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("labels: [", "it is not YAML"),
        ("- a", "there is no list of labels"),
        ("labels: [{id: x}]", "label x has no “says”"),
        ("labels: [{says: x, verdikt: y}]", "label 1 has “verdikt”"),
    ],
)
def test_labels_that_cannot_be_used_are_told(tmp_path: Path, content: str, says: str) -> None:
    labels = tmp_path / "l.yaml"
    labels.write_text(content, encoding="utf-8")
    told = check(str(EXAMPLE), "--score", str(labels))
    assert told.exit_code == 2
    assert says in told.output


def test_a_document_that_is_not_there_is_told() -> None:
    told = check("nowhere.txt")
    assert told.exit_code == 2
    assert "name a document that can be read" in told.output
