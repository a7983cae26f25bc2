"""`comity test`: what it selects for each store, how it counts, and which browser it takes."""

from pathlib import Path

import pytest

from comity.commands.test import Tally, find_browser, selections, tally, total


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "tests" / "acts").mkdir(parents=True)
    (tmp_path / "tests" / "acts" / "test_share.py").write_text("@pytest.mark.both_stores\ndef test_a(): ...\n")
    (tmp_path / "tests" / "test_dates.py").write_text("def test_b(): ...\n")
    return tmp_path


def test_everything_runs_on_sqlite_and_the_contract_again_on_postgresql(root: Path) -> None:
    contract = ["-m", "both_stores", str(root / "tests" / "acts" / "test_share.py")]
    assert selections(root, []) == {"SQLite": [], "PostgreSQL": contract}


def test_a_path_without_the_contract_needs_no_postgresql(root: Path) -> None:
    assert selections(root, ["tests/test_dates.py", "-k", "b"]) == {"SQLite": ["tests/test_dates.py", "-k", "b"]}


def test_one_test_is_run_on_both_with_the_options_given(root: Path) -> None:
    one = "tests/acts/test_share.py::test_a"
    assert selections(root, [one, "-x"]) == {"SQLite": [one, "-x"], "PostgreSQL": ["-m", "both_stores", one, "-x"]}


def test_what_was_skipped_counts_as_failed(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite tests="9" failures="1" errors="1" skipped="2"/></testsuites>')
    assert tally(report) == Tally(passed=5, failed=4)
    assert total([tally(report), Tally(1, 0)]) == Tally(6, 4)


def test_the_browser_named_is_the_browser_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mine = tmp_path / "my-chromium"
    mine.touch(mode=0o755)
    monkeypatch.setenv("COMITY_BROWSER", str(mine))
    assert find_browser() == str(mine)
    monkeypatch.setenv("COMITY_BROWSER", str(tmp_path / "gone"))
    assert find_browser() is None


def test_without_any_browser_none_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("COMITY_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_browser() is None
