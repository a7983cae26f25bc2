"""Verbs that take forms in and out, carry answers over and compare reviews: results, losses, exit codes."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comity.acts import example_state, framework_editions
from comity.commands.capacity import command


def run(*words: str) -> Result:
    return CliRunner().invoke(command, list(words))


def form(folder: Path, name: str, *met: str) -> Path:
    text = run("form", "cmm", "--of", "The Bahamas", "--on", "2026-11-24").output
    for one in met:
        text = text.replace(f"  {one}: unknown", f"  {one}: met")
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["yaml", "xlsx", "oscal", "ciso"])
def test_a_framework_goes_round_through_files(kind: str, tmp_path: Path) -> None:
    there, back = tmp_path / "there", tmp_path / "back.yaml"
    assert run("export", "budapest", "--format", kind, "--out", str(there)).exit_code == 0
    told = run("export", str(there), "--format", "yaml", "--out", str(back))
    assert (told.exit_code, told.stderr) == (0, "")
    assert back.read_bytes() == run("export", "budapest", "--format", "yaml").stdout_bytes


def test_what_a_form_loses_is_told_and_what_cannot_be_is_refused(tmp_path: Path) -> None:
    told = run("export", "cmm-un-norms", "--format", "ciso")
    assert "lost: pairs that name an aspect at a stage were weakened" in told.stderr
    assert run("export", "cmm-un-norms", "--format", "xlsx").exit_code == 2
    assert "of crosswalks there are budapest-ncsi" in run("export", "nothing", "--format", "yaml").stderr
    answers = form(tmp_path, "a.yaml", "D1.1.1.f1")
    assert run("export", str(answers), "--format", "ciso").exit_code == 2
    plan = json.loads(run("export", str(answers), "--format", "oscal", "--plan").stdout)
    assert len(plan["plan-of-action-and-milestones"]["poam-items"]) > 60
    results = tmp_path / "r.json"
    run("export", str(answers), "--format", "oscal", "--out", str(results))
    assert run("compare", str(answers), str(results)).exit_code == 1


def test_one_answer_is_carried_as_far_as_it_reaches(tmp_path: Path) -> None:
    answers = form(tmp_path, "a.yaml", "D5.6.2.e1")
    told = json.loads(run("carry", str(answers), "--to", "un-norms", "--json").stdout)
    assert told["un-norms"]["answered"] == 2
    assert [(one["item"], one["said"]) for one in told["un-norms"]["items"]] == [("13j", "holds")]
    assert "un-norms 2015: 2 of 23 indicators follow" in run("carry", str(answers)).stdout
    assert run("carry", str(answers), "--to", "oas-cbms").exit_code == 2


def test_two_reviews_are_compared(tmp_path: Path) -> None:
    before, after = form(tmp_path, "a.yaml"), form(tmp_path, "b.yaml", "D1.1.1.f1", "D1.1.1.f2")
    told = run("compare", str(before), str(after))
    assert told.exit_code == 0
    assert " ".join(told.stdout.split()) == "D1.1.1 start-up → formative Strategy Development (D1.1.1.f1, D1.1.1.f2)"
    assert run("compare", str(before), str(tmp_path / "none")).exit_code == 2


@pytest.mark.django_db(transaction=True)
def test_frameworks_are_taken_in_all_or_none(home: Path, tmp_path: Path) -> None:
    example_state.make_empty("BS", "The Bahamas", datetime(2026, 11, 27, tzinfo=UTC))
    catalog, other = tmp_path / "c.json", tmp_path / "c.yaml"
    run("export", "un-norms", "--format", "oscal", "--out", str(catalog))
    text = run("export", "un-norms", "--format", "yaml").stdout
    assert "un-norms 2015: taken in" in run("import", str(catalog), "--data", str(home)).stdout
    assert "here already" in run("import", str(catalog), "--data", str(home)).stdout
    other.write_text(text.replace("Cooperate for", "Work for"), encoding="utf-8")
    refused = run("import", str(other), "--data", str(home))
    assert refused.exit_code == 2
    assert "Mend: give what has changed an edition of its own" in refused.stderr
    assert len(framework_editions.kept()) == 1


def test_a_framework_of_ones_own_may_have_any_form_and_what_is_no_text_is_told(tmp_path: Path) -> None:
    catalog = Path(__file__).parents[1] / "acts" / "others" / "small_catalog.xml"
    findings = catalog.with_name("findings.json")
    out = tmp_path / "answers.yaml"
    run("export", str(findings), "--framework", str(catalog), "--format", "yaml", "--out", str(out))
    shown = run("stage", str(out), "--framework", str(catalog))
    assert shown.exit_code == 0
    assert "h-1 Doors: done" in shown.stdout
    wrong = tmp_path / "wrong.yaml"
    wrong.write_bytes(b"\xff\xfe")
    for words in (["stage", str(wrong)], ["frameworks", str(wrong)]):
        told = run(*words)
        assert told.exit_code == 2
        assert f"{wrong}:1:1: the file is not UTF-8 text. Mend: save it as UTF-8." in told.stderr
