"""A partner keeps the head it verified last, and asks whether today's log only grew from there."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comity.commands.ledger import command
from comity.ledger import growth
from tests.ledger.test_growth import grown
from tests.ledger.test_notes import NEW, OLD, OTHER, key

LINES = [argument for private in (OLD, NEW) for argument in ("--key", key(private).text())]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a growth proof's file."""
    found = tmp_path / "growth.json"
    found.write_bytes(growth.encode(grown(4, 9)) + b"\n")
    return found


def run(*arguments: object) -> Result:
    """Run `comity ledger verify`."""
    return CliRunner().invoke(command, ["verify", *map(str, arguments)])


def test_a_log_that_only_grew(path: Path) -> None:
    result = run(path, *LINES)
    assert result.exit_code == 0, result.output
    assert "passed  growth: the first 4 of the 9 entries are the old ones, unchanged" in result.stdout
    assert result.stdout.endswith("The log only grew.\n")
    assert json.loads(run(path, *LINES, "--json").stdout)["ok"] is True


def test_a_head_by_another_key_is_a_no(path: Path) -> None:
    result = run(path, "--key", key(OLD).text(), "--key", key(OTHER).text())
    assert result.exit_code == 1
    assert "FAILED  newer signature: note: no known key" in result.stdout
    assert "NOT shown" in result.stdout


def test_without_a_key_or_with_a_damaged_file_it_says_what_to_do(path: Path) -> None:
    assert "--key" in run(path).stderr
    assert run(path).exit_code == 2
    path.write_bytes(path.read_bytes().replace(b'"proof":[', b'"proof": ['))
    damaged = run(path, *LINES)
    assert damaged.exit_code == 2
    assert "is not as the ledger writes it" in damaged.stderr
