"""`comity agreement check` as counsel uses it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comity.commands import main

HERE = Path(__file__).parents[1]
RIGHT = HERE / "policy" / "files" / "ardenia-2027.yaml"
CATALOGUE = sorted((HERE.parent / "catalogues" / "agreements").glob("*.yaml"))


def check(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["agreement", "check", *map(str, arguments)])


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    return tmp_path / "edited.yaml"


def edit(path: Path, old: str, new: str) -> None:
    path.write_text(RIGHT.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


def test_a_right_file_passes_and_names_the_clauses_that_no_example_touches() -> None:
    result = check(RIGHT)
    assert result.exit_code == 0
    assert "“BS-AR cyber MoU” (fictional)" in result.stdout
    assert "14 of 14 examples pass." in result.stdout
    assert "No example touches: A4.2, A4.6, A6, A7." in result.stdout
    assert "checking" in result.stderr
    assert "checking" not in result.stdout


def test_the_catalogue_is_right() -> None:
    result = check(*CATALOGUE)
    assert result.exit_code == 0
    assert result.stdout.count("Every clause is touched by an example.") == len(CATALOGUE)


def test_an_example_that_fails_is_named_with_the_field_that_differs(edited: Path) -> None:
    edit(edited, "personal_data: none, answer: allowed, by: A4.1}", "personal_data: none, answer: refused, by: A4.3}")
    result = check(edited)
    assert result.exit_code == 1
    assert f"FAIL  {edited}:46: answer: expected refused, found allowed; by: expected A4.3, found A4.1" in result.stdout
    assert "13 of 14 examples pass." in result.stdout


def test_a_bad_file_is_reported_by_line_with_the_mend(edited: Path) -> None:
    edit(edited, "tlp_up_to: AMBER}", "tlp_up_to: ORANGE}")
    result = check(edited, RIGHT)
    assert result.exit_code == 2
    assert f"{edited}:27:142: `tlp_up_to` of clause A4.1 is the text “ORANGE”" in result.stdout
    assert "Mend: write one of: CLEAR, GREEN, AMBER, AMBER+STRICT, RED." in result.stdout
    assert "14 of 14 examples pass." in result.stdout


def test_the_result_as_json(edited: Path) -> None:
    edit(edited, "force: political", "force: polite")
    result = check("--json", RIGHT, edited)
    right, wrong = json.loads(result.stdout)
    assert (right["agreement"], len(right["examples"]), right["untouched"]) == (
        "BS-AR cyber MoU",
        14,
        ["A4.2", "A4.6", "A6", "A7"],
    )
    assert [(problem["line"], problem["column"]) for problem in wrong["problems"]] == [(5, 8)]


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    result = check(tmp_path / "nowhere.yaml")
    assert result.exit_code == 2
    assert result.stderr.endswith("No such file or directory: name an agreement file that you may read\n")
