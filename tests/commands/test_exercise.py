"""`comity exercise` at the command line, as docs/exercises.md tells it: lead, play, score, report."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comity.acts import exercise_files, exercises, law
from comity.commands import main
from comity.models import ExercisePut
from tests.journeys.world import World

NAME = "election-night"
FILE = exercise_files.CATALOGUE / f"{NAME}.yaml"


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["exercise", *map(str, words)])


def done(*words: object) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_files_are_checked_and_papers_printed_with_no_node(tmp_path: Path) -> None:
    assert "9 injects; 7 expectations, 4 scored by the exchange itself" in done("check", FILE)
    told = done("paper", FILE, "--out", tmp_path, "--language", "fr")
    assert told.splitlines() == [
        f"Wrote {tmp_path / NAME}-{who}.html." for who in ("facilitator", "bahamas", "ardenia")]  # fmt: skip
    assert "Pour l’animation" in (tmp_path / f"{NAME}-facilitator.html").read_text(encoding="utf-8")
    assert run("check", tmp_path / "none.yaml").exit_code == 2
    assert run("paper", FILE, "--out", FILE).exit_code == 2


@pytest.fixture
def node(db: None, home: Path) -> Path:
    del db
    law.forget()
    World()
    return home


def test_an_exercise_is_led_played_scored_and_reported(node: Path) -> None:
    at = ("--data", node)
    assert "planned at 0:00, speed 1, led by BS" in done("new", FILE, *at)
    assert run("clock", NAME, "jump", "1:00", *at).exit_code == 2, "it has not begun"
    assert "running at 0:00, speed 1" in done("clock", NAME, "start", *at)
    assert "running at 1:01" in done("clock", NAME, "jump", "1:01", *at)
    assert "N3, N4" in done("status", *at)
    done("inject", NAME, "N8", *at)
    assert ExercisePut.objects.filter(inject="N8").count() == 2
    done("took", NAME, "take-down", "ask", *at)
    assert "2 objects stored, 0 already there" in done("share", NAME, "N2", "--tlp", "GREEN", *at)
    assert json.loads(done("ask", NAME, "XA", "assistance", "The name is gone.", "--urgency", "emergency",
                           "--agreement", "bs-xa-cyber-mou", *at, "--json"))["request"]  # fmt: skip
    assert "one says of E5" in done("score", NAME, "E5", "first and clean", "--says", "At 19:10.", "--as", "one", *at)
    assert "is ruled met" in done("rule", NAME, "E5", "met", "--because", "The log has it.", *at)
    assert "undertaking" in done("find", NAME, "Write it down.", "--expectation", "E5", "--due", "on 2030-01-01",
                                 "--owner", "cirt", "--shared", *at)  # fmt: skip
    assert run("tell", NAME, *at).exit_code == 2, "it has not ended"
    assert "ended at 1:01" in done("clock", NAME, "end", *at)
    assert done("tell", NAME, *at) == "Told XA.\n"
    report = json.loads(done("report", NAME, "--verify", "--json", *at))
    assert report["verified"]
    assert {one["id"]: one["verdict"] for one in report["expected"]} == {
        "E1": "unjudged", "E2": "unjudged", "E3": "unjudged", "E4": "unjudged", "E5": "met", "E6": "not asked",
        "E7": "not asked"}  # fmt: skip
    joint = done("report", NAME, "--for", "joint", *at)
    assert "learned: Write it down." in joint
    assert "N3" not in joint, "that was for Ardenia alone"
    assert run("evidence", NAME, "none", *at).exit_code == 2
    assert run("status", "none", *at).exit_code == 2
    assert exercises.known(NAME).ours
