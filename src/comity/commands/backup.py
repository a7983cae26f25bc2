"""`comity backup`: the whole node in one file, taken while it works."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import backups
from comity.acts.archives import BackupRefused, Manifest
from comity.commands import node
from comity.commands.output import BadInput, data_option, json_option, progress, show

_PIPE = Path("-")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@data_option
@json_option
def command(*, file: Path, data: Path, as_json: bool) -> None:
    """Write the whole node, its keys included, to the new FILE, or to standard output for “-”. It may be at work.

    Whoever has FILE can sign as this node: keep it as safe as the node's home, or pipe it through a program that
    encrypts it.
    """
    home = data.expanduser().absolute()
    node.open_home(home, retired_too=True)
    if not node.is_made():
        raise BadInput(f"--data {home}: there is no node to back up", "start it once with comity up")
    now = datetime.now(UTC)
    try:
        if file == _PIPE:
            backups.write(home, sys.stdout.buffer, now, _told)
            return
        made = backups.take(home, file.expanduser().absolute(), now, _told)
    except BackupRefused as error:
        raise BadInput(str(error)) from error
    show({"file": str(file), **_plain(made)}, _in_words(file, made), as_json=as_json)


def _told(table: str, count: int) -> None:
    progress(f"comity: {table}: {count:,} rows")


def _plain(made: Manifest) -> dict[str, object]:
    return {"of": made.us, "taken_at": made.taken_at, "logs": made.logs, "files": made.files}


def _in_words(file: Path, made: Manifest) -> str:
    size = sum(one.size for one in made.files.values())
    logs = [f"{origin}: {log.size} entries, head {log.root[:16]}" for origin, log in made.logs.items()]
    return "\n".join((f"Wrote {file}: {len(made.files)} files of {size:,} bytes.", *logs,
                      "It holds the node's private key: keep it as safe as the node itself."))  # fmt: skip
