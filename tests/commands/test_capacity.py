"""`comity capacity` at the command line: stages, gaps, and what one answer moves."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from comity.commands import main


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["capacity", *words])


def form(folder: Path) -> Path:
    made = folder / "answers.yaml"
    made.write_text(run("form", "cmm", "--of", "The Bahamas", "--on", "2026-11-24").stdout, encoding="utf-8")
    return made


def stages(path: Path) -> dict[str, dict[str, object]]:
    told = json.loads(run("stage", str(path), "--json").stdout)
    return {one["aspect"]: one for one in told["aspects"]} | {one["part"]: one for one in told["parts"]}


def test_one_answer_moves_what_it_must_and_nothing_else(tmp_path: Path) -> None:
    path = form(tmp_path)
    before = stages(path)
    text = path.read_text(encoding="utf-8")
    for name in ("D2.1.1.f1", "D2.1.1.f2"):
        text = text.replace(f"{name}: unknown", f"{name}: met")
    path.write_text(text, encoding="utf-8")
    after = stages(path)
    moved = {name for name in after if after[name] != before[name]}
    assert moved == {"D2.1.1", "D2.1", "D2"}
    assert len(after) == 62 + 23 + 5


def test_gaps_end_with_the_answer_and_name_the_stage(tmp_path: Path) -> None:
    path = form(tmp_path)
    found = run("gaps", str(path), "--to", "formative", "--json")
    assert found.exit_code == 1
    assert {one["stage"] for one in json.loads(found.stdout)} == {"formative"}
    path.write_text(path.read_text(encoding="utf-8").replace(": unknown", ": met"), encoding="utf-8")
    none = run("gaps", str(path))
    assert (none.exit_code, none.stdout) == (0, "No gap.\n")


def test_bad_input_is_told_line_by_line(tmp_path: Path) -> None:
    path = form(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("D1.1.1.f1: unknown", "D1.1.1.f9: Met"), encoding="utf-8")
    wrong = run("stage", str(path))
    assert wrong.exit_code == 2
    assert "answers.yaml:8:3: cmm has no indicator “D1.1.1.f9”" in wrong.stderr
    assert run("stage", str(tmp_path / "none.yaml")).exit_code == 2
    assert "there are budapest 2001, cmm 2021" in run("form", "cnn", "--of", "X", "--on", "2026-01-01").stderr
    assert "name one of start-up, formative" in run("gaps", str(form(tmp_path)), "--to", "best").stderr


PLANS = Path(__file__).parents[2] / "catalogues" / "plans"


def test_a_plan_is_solved_with_its_reasons_and_what_clashes_is_told(tmp_path: Path) -> None:
    plan, answers = PLANS / "bahamas-fictional.yaml", PLANS / "bahamas-answers-fictional.yaml"
    told = json.loads(run("roadmap", str(plan), "--answers", str(answers), "--no-prices", "--json").stdout)
    assert {one["aim"]: (one["reached"], one["at_most"]) for one in told["aims"]}["aspects"] == (6, 6)
    strategy = next(one for one in told["steps"] if one["measure"] == "strategy")
    assert "as soon as “Consultation of business and civil society” is done" in strategy["why"]
    hurried = tmp_path / "plan.yaml"
    hurried.write_text(plan.read_text(encoding="utf-8").replace("by: 2028-12-31", "by: 2027-12-31"), encoding="utf-8")
    none = run("roadmap", str(hurried), "--answers", str(answers))
    assert none.exit_code == 1
    assert "D1.1.1 Strategy Development: Established by the end of 2027 Q4" in none.stdout
    assert "instead of the end of 2027 Q4. Less is not enough." in none.stdout
    hurried.write_text(plan.read_text(encoding="utf-8").replace("meets: [D1.1.1.e2]", "meets: [D1.1.1.e9]"))
    wrong = run("roadmap", str(hurried))
    assert wrong.exit_code == 2
    assert "there is no such indicator" in wrong.stderr
