"""What goes wrong beside the input ends in one line with exit code 2, and never in Python's own account of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMITY = str(Path(sys.executable).parent / "comity")


def run(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "COMITY_DATABASE"}
    return subprocess.run([COMITY, *words], env=kept | environ, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["shrae"], "comity: No such command 'shrae'. Did you mean 'share'? See comity --help\n"),
        (["ledger", "exprt"], "comity: No such command 'exprt'. Did you mean 'export'? See comity ledger --help\n"),
        (["decide", "--knwon"], "comity: No such option '--knwon'. Did you mean '--known'? See comity decide --help\n"),
        (["decide"], "comity: Missing argument 'OBJECT'. See comity decide --help\n"),
        (["--dta"], "comity: No such option '--dta'. See comity --help\n"),
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_is_told_with_what_is_nearest(words: list[str], said: str) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


@pytest.mark.parametrize("words", [["agreement", "list"], ["token", "list"], ["ledger", "verify"], ["officer", "list"]])
def test_a_database_that_cannot_be_reached_is_one_line(words: list[str], tmp_path: Path) -> None:
    done = run(*words, "--data", str(tmp_path), COMITY_DATABASE="postgresql://nobody:x@127.0.0.1:1/none")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("comity: the database cannot be used (connection failed")
    assert done.stderr.count("\n") == 1


def test_a_home_without_a_node_is_told_how_to_get_one(tmp_path: Path) -> None:
    done = run("token", "revoke", "xa-1", "--data", str(tmp_path / "home"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "comity: there is no node in this home yet: start it once with comity up\n"


def test_what_reads_files_alone_loads_no_database(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("agreement: x\n", encoding="utf-8")
    receipt = tmp_path / "receipt.json"
    receipt.write_text(json.dumps({}), encoding="utf-8")
    for words in (["agreement", "check", str(file)], ["ledger", "verify", str(receipt)]):
        told = subprocess.run([sys.executable, "-X", "importtime", COMITY, *words], capture_output=True, text=True,
                              check=False)  # fmt: skip
        assert told.returncode == 2, told.stderr
        assert "comity.commands" in told.stderr
        assert "django" not in told.stderr, words
