"""`comity share`: STIX files into a collection."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import Progress, TaskID

from comity.acts import gathering
from comity.commands.home import made
from comity.commands.output import BadInput, answer, data_option, json_option, show
from comity.commands.tables import node_module
from comity.policy.markings import Tlp

_PIECE = 1 << 20  # bytes read at a time


def _tlp(_context: click.Context, _parameter: click.Parameter, text: str | None) -> Tlp | None:
    try:
        return None if text is None else Tlp.read(text)
    except ValueError as error:
        raise BadInput(f"--tlp: {error}") from error


def tlp_option(says: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return the option that takes a TLP label."""
    return click.option("--tlp", callback=_tlp, help=says)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--collection", "collection", required=True, help="The collection's alias or id; made when it is new.")
@tlp_option("The TLP of objects that carry none. Else: the node's strictest default.")
@click.option("--information", default="", help="The category of information. Else: by each object's type.")
@click.option("--purpose", default="", help="What it is shared for. Else: the collection's purpose.")
@click.option("--personal-data", default="none", type=click.Choice(["none", "present", "sensitive"]), show_default=True)
@click.option("--to", "recipients", multiple=True, help="For TLP:RED: a party named to receive it; may be given again.")
@click.option("--exercise", is_flag=True, help="It is exercise material; the collection must be for exercises.")
@data_option
@json_option
def command(*, files: tuple[Path, ...], collection: str, tlp: Tlp | None, information: str, purpose: str,
            personal_data: str, recipients: tuple[str, ...], exercise: bool, data: Path,
            as_json: bool) -> None:  # fmt: skip
    """Store the objects of FILES: bundles, TAXII envelopes, newline-delimited JSON, any of them gzipped."""
    for file in files:
        _opened(file).close()
    contents = ((file.name, content(file)) for file in files)
    with Progress(console=Console(stderr=True)) as bars, gathering.begun(contents, made(data), shown(bars)) as coming:
        stored = node_module("comity.commands.share_node")  # while it is loaded, the files are checked
        report = stored.store(coming, data, collection, (tlp, information, purpose, personal_data,
                                                         frozenset(recipients), exercise))  # fmt: skip
    show(report, report.in_words(), as_json=as_json)
    answer(not report.refused)


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror or error}", "name a file that is there and can be read") from error


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


def shown(bars: Progress) -> gathering.Progress:
    """Show what is done as bars."""
    known: dict[str, TaskID] = {}

    def told(what: str, done: int, of: int | None) -> None:
        if what not in known:
            known[what] = bars.add_task(what, total=of)
        bars.update(known[what], completed=done, total=of, description=f"{what}: {done} objects")

    return told
