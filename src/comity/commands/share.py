"""`comity share`: STIX files into a collection."""

import gzip
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from comity.acts import intake
from comity.commands import node
from comity.commands.output import BadInput, answer, data_option, json_option, show
from comity.policy.markings import Tlp


def _tlp(_context: click.Context, _parameter: click.Parameter, text: str | None) -> Tlp | None:
    try:
        return None if text is None else Tlp.read(text)
    except ValueError as error:
        raise BadInput(f"--tlp: {error}") from error


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--collection", "collection", required=True, help="The collection's alias or id; made when it is new.")
@click.option("--tlp", callback=_tlp, help="The TLP of objects that carry none. Else: the node's strictest default.")
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
    contents = [(file.name, _content(file)) for file in files]
    node.open_home(data)
    said = intake.Said(tlp, information, purpose, personal_data, frozenset(recipients), exercise)
    try:
        report = intake.share(contents, collection, said, "officer", datetime.now(UTC), _progress())
    except intake.IntakeRefused as error:
        raise BadInput(str(error)) from error
    show(report, report.in_words(), as_json=as_json)
    answer(not report.refused)


def _content(file: Path) -> bytes:
    try:
        content = file.read_bytes()
        return gzip.decompress(content) if file.suffix == ".gz" else content
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror or error}", "name a file that is there and can be read") from error
    except (EOFError, zlib.error) as error:
        raise BadInput(f"{file}: not a whole gzip file ({error})", "fetch it again") from error


def _progress() -> intake.Progress:
    def bar(what: str, done: Iterator[int], length: int) -> Iterator[int]:
        return iter(track(done, description=what, total=length, console=Console(stderr=True)))

    return bar
