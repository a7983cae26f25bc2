"""`comity move`: bring a node from SQLite to PostgreSQL and back."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from comity import database
from comity.acts import moving
from comity.acts.stores import StoreRefused
from comity.commands import node
from comity.commands.output import BadInput, data_option, json_option, progress, show

_VERIFY = "import sys; from comity.commands import main; sys.exit(main(['ledger', 'verify'], prog_name='comity'))"


@click.command()
@data_option
@click.option("--to", required=True, metavar="URL|FILE", help="postgresql://user:secret@host:port/name, or a path.")
@json_option
def command(*, data: Path, to: str, as_json: bool) -> None:
    """Move the node's whole store to another, empty one; verify it there; then use it from now on.

    Stop “comity up” first, and start it again after. The old store takes no change from then on. A move that was cut
    short is brought to its end by the same command.
    """
    home = data.expanduser().absolute()
    url = to if database.is_postgresql(to) else str(Path(to).expanduser().absolute())
    node.open_home(home, retired_too=True)
    if not node.is_made():
        raise BadInput(f"--data {home}: there is no node to move", "start it once with comity up")
    try:
        moved = moving.move(url, home, datetime.now(UTC), lambda: _verified(url, home), _told)
    except StoreRefused as error:
        raise BadInput(f"--to {database.without_secret(url)}", str(error)) from error
    show({"to": database.without_secret(url), **_plain(moved)}, _in_words(moved, url), as_json=as_json)


def _verified(url: str, home: Path) -> bool:
    """Have the copy's logs verified by a process of its own, which sees no other store."""
    progress("comity: verifying every log in the copy")
    environ = {**os.environ, "COMITY_DATABASE": url, "COMITY_DATA": str(home)}
    done = subprocess.run([sys.executable, "-c", _VERIFY], env=environ, stdout=sys.stderr, check=False)
    return done.returncode == 0


def _told(table: str, count: int) -> None:
    progress(f"comity: {table}: {count:,} rows copied")


def _plain(moved: moving.Moved) -> dict[str, object]:
    return {"rows": moved.rows, "heads": moved.heads, "aside": moved.aside}


def _in_words(moved: moving.Moved, url: str) -> str:
    lines = [f"Moved {sum(moved.rows.values()):,} rows of {len(moved.rows)} tables to {database.without_secret(url)}."]
    for origin, head in moved.heads.items():
        lines.append(f"{origin}: {head.size} entries, head {head.root[:16]}, as before")
    if moved.aside:
        lines.append(f"The old store is kept as {moved.aside} and takes no changes.")
    if os.environ.get("COMITY_DATABASE"):
        lines.append("COMITY_DATABASE still names the old store: set it to the new one, or to nothing.")
    return "\n".join(lines)
