"""`comity token`: credentials of partners."""

from datetime import UTC, datetime
from pathlib import Path

import click

from comity.commands import node
from comity.commands.output import BadInput, data_option, json_option, show


@click.group()
def command() -> None:
    """Give parties tokens for the exchange."""


@command.command()
@click.argument("party")
@click.option("--write", is_flag=True, help="It may add objects too.")
@click.option("--collection", "names", multiple=True, help="Only this collection (alias or id); may be given again.")
@data_option
@json_option
def new(*, party: str, write: bool, names: tuple[str, ...], data: Path, as_json: bool) -> None:
    """Give PARTY (its code, such as XA) a new token. The secret is shown once."""
    node.open_home(data)
    try:
        made = node.new_token(party, names, write=write, now=datetime.now(UTC))
    except LookupError as error:
        raise BadInput(str(error.args[0])) from error
    show(made, f"username {made.username}\nsecret   {made.secret}\nShown once: write it down.", as_json=as_json)
