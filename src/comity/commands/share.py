"""`comity share`: STIX files into a collection.

Little is imported here, so that those who will help to check the files are called first.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import click

from comity.acts import standby
from comity.commands.home import made
from comity.commands.output import BadInput, answer, data_option, json_option, show
from comity.commands.refusal import unreadable
from comity.policy.markings import Tlp

_MUCH = 1 << 20  # bytes of files


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
    with standby.called(made(data), much=sum(_size(file) for file in files) > _MUCH) as called:
        loaded = import_module("comity.commands.share_files")
        report = loaded.share(files, called, data, collection, (tlp, information, purpose, personal_data,
                                                                frozenset(recipients), exercise))  # fmt: skip
    show(report, report.in_words(), as_json=as_json)
    answer(not report.refused)


def _size(file: Path) -> int:
    try:
        with file.open("rb"):
            return file.stat().st_size
    except OSError as error:
        raise unreadable(file, error) from error
