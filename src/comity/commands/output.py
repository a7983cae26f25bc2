"""What every verb shares: its options, how it prints a result, how it says no, how it refuses bad input.

    @click.command()
    @data_option
    @json_option
    def command(data: Path, as_json: bool) -> None:
        node.open_home(data)
        judgement = ...
        show(judgement, judgement.in_words(), as_json=as_json)
        answer(judgement.permits)

That prints the grounds, as text or as JSON, and ends with exit code 0 or 1.
"""

from pathlib import Path

import click
import msgspec

from comity.commands.refusal import BadInput
from comity.policy.saying import Sentence

__all__ = ["DEFAULT_HOME", "BadInput", "answer", "as_document", "data_option", "json_option", "progress", "show"]

DEFAULT_HOME = "comity-data"

data_option = click.option(
    "--data",
    "data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="COMITY_DATA",
    default=DEFAULT_HOME,
    show_default=True,
    metavar="DIR",
    help="The node's home: database, keys, settings. Also COMITY_DATA.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def show(value: object, text: str, *, as_json: bool) -> None:
    """Print a result on standard output: `text` for a reader, or `value` as indented JSON.

    `value` is what msgspec can encode: dataclasses, structs, enums, dates and times, mappings, sequences.
    """
    click.echo(as_document(value) if as_json else text)


def as_document(value: object) -> str:
    """Write `value` as JSON with two spaces of indent; what a rule said is the text that it is."""
    return msgspec.json.format(msgspec.json.encode(value, enc_hook=_plain), indent=2).decode()


def _plain(value: object) -> str:
    if isinstance(value, Sentence):
        return str(value)
    raise NotImplementedError(type(value))


def progress(line: str) -> None:
    """Print one line of progress on standard error."""
    click.echo(line, err=True)


def answer(yes: bool) -> None:
    """End with exit code 1 where the answer to what was asked is no; return where it is yes."""
    if not yes:
        raise click.exceptions.Exit(1)
