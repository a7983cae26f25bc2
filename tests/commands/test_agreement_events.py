"""A slip of the pen in `comity agreement event` is told in one line, with the mend."""

import subprocess
import sys
from pathlib import Path


def test_an_unknown_agreement_is_named_beside_those_that_are_here(tmp_path: Path) -> None:
    verb = [str(Path(sys.executable).parent / "comity"), "agreement", "event"]
    line = [*verb, "bs-xa", "suspension", "--source", "a note"]
    done = subprocess.run([*line, "--data", str(tmp_path / "home")], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "comity: There is no agreement “bs-xa” here. Adopted are: none yet.\n"
