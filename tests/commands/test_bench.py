"""`comity bench`: which benches are run, and how figures are told."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from comity.commands.bench import Figure, Measured, choose
from comity.commands.bench import command as bench
from comity.commands.output import BadInput
from comity.environment import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("__init__", "release", "feed", "_shared"):
        (tmp_path / f"{name}.py").touch()
    return tmp_path


def test_all_benches_are_run_where_none_is_named(folder: Path) -> None:
    assert choose(folder, []) == ["feed", "release"]
    assert choose(folder, ["release"]) == ["release"]


def test_a_wrong_name_is_answered_with_the_right_ones(folder: Path) -> None:
    with pytest.raises(BadInput, match="NAME 'feeed' is no bench: one of feed, release"):
        choose(folder, ["feeed"])


def test_a_wrong_name_is_bad_input_before_anything_is_made() -> None:
    assert CliRunner().invoke(bench, ["no-such-bench"]).exit_code == 2


def test_a_figure_says_its_unit_and_what_it_is_compared_with() -> None:
    figures = (Figure("plain", 2, "ms"), Figure("filtered", 50, "ms", 25, "plain"))
    assert Measured("feed", "A page.", figures).in_words().splitlines() == [
        "feed: A page.",
        "  plain                 2 ms",
        "  filtered             50 ms           25.00 × plain",
    ]


def test_every_bench_says_in_one_line_what_it_measures() -> None:
    for name in choose(ROOT / "bench", []):
        first = (ROOT / "bench" / f"{name}.py").read_text(encoding="utf-8").partition("\n")[0]
        assert first.startswith('"""'), name
        assert len(first) > len('""""""'), name
