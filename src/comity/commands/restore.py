"""`comity restore`: a node's home out of a backup. It needs no node, and loads none of its libraries by itself."""

import os
import subprocess
import sys
from pathlib import Path

import click

from comity.acts import restoring
from comity.acts.archives import BackupRefused, Manifest
from comity.commands.output import BadInput, data_option, json_option, progress, show

_VERIFY = "import sys; from comity.commands import main; sys.exit(main(['ledger', 'verify'], prog_name='comity'))"


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@data_option
@json_option
def command(*, file: Path, data: Path, as_json: bool) -> None:
    """Make the node's home, which must be new, out of the backup FILE, or out of standard input for “-”.

    Every file is held to its digest and every log is verified before the home is there.
    """
    home = data.expanduser().absolute()
    try:
        with click.open_file(str(file), "rb") as source:
            made = restoring.restore(source, home, _verified)
    except BackupRefused as error:
        raise BadInput(str(error)) from error
    except OSError as error:
        raise BadInput(f"{error.filename or file}: {error.strerror}", "name a file and a folder of yours") from error
    show({"home": str(home), "of": made.us, "taken_at": made.taken_at, "logs": made.logs}, _in_words(home, made),
         as_json=as_json)  # fmt: skip


def _verified(home: Path) -> bool:
    """Have the logs verified by a process of its own, which sees this home alone."""
    progress("comity: verifying every log")
    environ = {**os.environ, "COMITY_DATA": str(home), "COMITY_DATABASE": ""}
    done = subprocess.run([sys.executable, "-c", _VERIFY], env=environ, stdout=sys.stderr, check=False)
    return done.returncode == 0


def _in_words(home: Path, made: Manifest) -> str:
    logs = [f"{origin}: {log.size} entries, head {log.root[:16]}" for origin, log in made.logs.items()]
    lines = [f"Restored {made.us} as of {made.taken_at} to {home}.", *logs]
    lines.append("A partner whose head is longer than this got things after that moment: tell it, and compare.")
    if os.environ.get("COMITY_DATABASE"):
        lines.append("COMITY_DATABASE names another store: unset it, or bring this one there with comity move.")
    return "\n".join(lines)
