"""Reading files of STIX objects for the verbs that take them in, and showing how far that is."""

import gzip
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

import click

from comity.acts import gathering
from comity.acts.standby import Standby
from comity.commands.output import BadInput
from comity.commands.refusal import unreadable
from comity.commands.tables import node_module

_PIECE = 1 << 20  # bytes read at a time


def share(files: Sequence[Path], called: Sequence[Standby], data: Path, collection: str,
          said: tuple[Any, ...]) -> Any:  # noqa: ANN401 - `intake.Report`, whose module needs the node
    """Store *files* in the node in *data*, with the help of who was *called*; *said* is as `intake.Said` takes it."""
    contents = ((file.name, content(file)) for file in files)
    home = data.expanduser().absolute()
    steady = all(file.is_file() for file in files)
    with shown() as told, gathering.begun(contents, home, told, called, steady=steady) as coming:
        stored = node_module("comity.commands.share_node")  # while it is loaded, the files are checked
        return stored.store(coming, data, collection, said)


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise unreadable(file, error) from error


def content(file: Path) -> Iterator[bytes]:
    """Read a file in pieces, unpacked."""
    with _opened(file) as raw:
        source = gzip.GzipFile(fileobj=raw) if file.suffix == ".gz" else raw
        try:
            while piece := source.read(_PIECE):
                yield piece
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise BadInput(f"{file}: not a whole gzip file ({error})", "fetch it again") from error
        except OSError as error:
            raise BadInput(f"{file}: {error.strerror or error}", "see that it can be read to its end") from error


@contextmanager
def shown() -> Iterator[gathering.Progress]:
    """Show what is done: as bars at a terminal, else as a line for each kind of work when all is over."""
    if sys.stderr.isatty():
        with import_module("comity.commands.bars").drawn() as told:
            yield told
        return
    last: dict[str, int] = {}
    try:
        yield lambda what, done, _of: last.update({what: done})
    finally:
        for what, done in last.items():
            click.echo(f"{what}: {done} object{'s' * (done != 1)}", err=True)
