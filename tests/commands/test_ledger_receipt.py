"""A partner verifies a receipt on its own machine: one file, one key line, no node."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comity.commands.ledger import command
from comity.ledger import receipts
from tests.ledger.test_notes import NEW, OLD, key
from tests.ledger.world import LOG, World, grown, served

OBJECTS = [served(50), served(51), served(52)]
LINE = key(NEW).text()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a receipt's file."""
    found = tmp_path / "receipt.json"
    found.write_bytes(receipts.encode(grown().receipt(5)))
    return found


def run(*arguments: object) -> Result:
    """Run `comity ledger verify`."""
    return CliRunner().invoke(command, ["verify", *map(str, arguments)])


def test_a_genuine_receipt_with_the_key_that_was_handed_over(path: Path) -> None:
    result = run(path, "--key", LINE)
    assert result.exit_code == 0, result.output
    assert "passed  inclusion: " in result.stdout
    assert result.stdout.endswith("The receipt is genuine.\n")


def test_with_the_receipts_own_key_it_says_plainly_what_that_does_not_show(path: Path) -> None:
    result = run(path)
    assert result.exit_code == 0
    assert "The receipt is whole." in result.stdout
    assert "genuine" not in result.stdout
    assert "The key was taken from the receipt itself" in result.stdout
    assert LINE in result.stdout


def test_as_json_every_check_and_whose_key(path: Path) -> None:
    document = json.loads(run(path, "--json").stdout)
    assert document["ok"] is True
    assert document["key_from_receipt"] is True
    assert {"name": "log", "passed": True, "says": f"the entry belongs to {LOG}"} in document["checks"]
    assert json.loads(run(path, "--json", "--key", LINE).stdout)["key_from_receipt"] is False


def test_a_receipt_by_another_key_is_a_no(path: Path) -> None:
    result = run(path, "--key", key(OLD).text())
    assert result.exit_code == 1
    assert "FAILED  signature: note: no known key" in result.stdout
    assert "NOT genuine" in result.stdout


def test_keys_from_a_file_old_and_new(path: Path, tmp_path: Path) -> None:
    keys = tmp_path / "keys.txt"
    keys.write_text(f"# handed over in person\n{key(OLD).text()}\n\n{LINE}\n")
    assert run(path, "--key", keys).exit_code == 0


@pytest.mark.parametrize("shape", ["envelope", "bundle", "list", "indented"])
def test_the_objects_received_are_checked_in_whatever_shape_they_were_kept(
    path: Path, tmp_path: Path, shape: str
) -> None:
    items = [json.loads(item) for item in OBJECTS]
    document = {"list": items, "bundle": {"type": "bundle", "objects": items}}.get(shape, {"objects": items})
    kept = tmp_path / "objects.json"
    kept.write_text(json.dumps(document, indent=2 if shape == "indented" else None))
    result = run(path, "--key", LINE, "--objects", kept)
    assert result.exit_code == 0, result.output
    assert "passed  objects: all 3" in result.stdout


def test_a_changed_object_is_named(path: Path, tmp_path: Path) -> None:
    kept = tmp_path / "objects.json"
    kept.write_text(json.dumps([json.loads(OBJECTS[0]), json.loads(OBJECTS[1]) | {"score": 2}, json.loads(OBJECTS[2])]))
    result = run(path, "--key", LINE, "--objects", kept)
    assert result.exit_code == 1
    assert "FAILED  objects[1]: is not the indicator--" in result.stdout


def test_a_list_of_versions_is_read_too(tmp_path: Path) -> None:
    path, kept = tmp_path / "receipt.json", tmp_path / "versions.json"
    path.write_bytes(receipts.encode(World().deliver_versions(["2026-01-01T00:00:00.000000Z"]).receipt(0)))
    kept.write_text('{"more": false, "versions": ["2026-01-01T00:00:00.000000Z"]}')
    assert run(path, "--key", LINE, "--objects", kept).exit_code == 0


def test_an_empty_answer_is_no_objects(path: Path, tmp_path: Path) -> None:
    kept = tmp_path / "empty.json"
    kept.write_text("{}")
    assert "FAILED  objects: 0 where the entry counts 3" in run(path, "--objects", kept).stdout


def test_an_editors_last_newline_is_passed_over(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")
    assert run(path, "--key", LINE).exit_code == 0


def bad(path: Path, *arguments: object) -> str:
    """Run on bad input; give the one line that is said."""
    result = run(path, *arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_bad_input_is_one_line_with_place_and_mend(path: Path, tmp_path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(json.dumps(json.loads(whole), indent=1).encode())
    assert "is not as the ledger writes it" in bad(path)
    assert "jq -cS" in bad(path)
    path.write_bytes(whole[:-9])
    assert "truncated" in bad(path)
    path.write_bytes(b"\xff\xfe")
    assert "receipt.json: receipt: " in bad(path)
    path.write_bytes(whole)
    assert "its id is" in bad(path, "--key", LINE.replace("+AY", "+AZ"))
    assert "--key: verifier key: it has the form" in bad(path, "--key", "nonsense")
    kept = tmp_path / "objects.json"
    for content in ("{", "3", '{"objects": 3}', '{"objects": [12345678901234567890]}', "[" * 100_000):
        kept.write_text(content)
        assert "objects.json: " in bad(path, "--objects", kept)
    kept.write_bytes(b"\x80")
    assert "objects.json: " in bad(path, "--objects", kept)
    assert run(tmp_path / "none.json").exit_code == 2


def test_a_receipt_without_a_key_asks_for_one(path: Path) -> None:
    bare = grown().receipt(5)
    path.write_bytes(receipts.encode(type(bare)(bare.entry, bare.index, bare.size, bare.proof, bare.checkpoint)))
    assert "give the line that the node handed you with --key" in bad(path)
    assert run(path, "--key", LINE).exit_code == 0


def test_nothing_of_a_node_is_needed_and_nothing_is_left_behind(path: Path) -> None:
    alone = "import sys; sys.modules['django'] = None; from comity.commands.ledger import command; command()"
    whole = "from comity.commands import main; main(sys.argv[1:])"
    for program, verb in ((alone, []), (f"import sys; {whole}", ["ledger"])):
        line = [sys.executable, "-c", program, *verb, "verify", str(path), "--key", LINE]
        result = subprocess.run(line, cwd=path.parent, capture_output=True, text=True, check=False, env={"PATH": ""})
        assert result.returncode == 0, result.stderr
        assert "The receipt is genuine." in result.stdout
        assert {entry.name for entry in path.parent.iterdir()} == {path.name}
