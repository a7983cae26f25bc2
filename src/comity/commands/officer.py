"""`comity officer`: the people of the desk."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import officers
from comity.commands import node
from comity.commands.output import BadInput, data_option, json_option, show

_ACTOR = "officer"


@click.group()
def command() -> None:
    """Add the people of the desk; passwords, closing an account."""


@command.command()
@click.argument("name")
@click.option("--role", type=click.Choice(officers.ROLES), default="officer", show_default=True,
              help="Officers act; counsel and auditors read everything and change nothing.")  # fmt: skip
@data_option
@json_option
def add(*, name: str, role: str, data: Path, as_json: bool) -> None:
    """Make an account NAME. Its password is shown once, for its holder to change at the desk."""
    node.open_home(data)
    made = officers.add(name, role, _ACTOR, datetime.now(UTC))
    show(made, f"username {made.username}\npassword {made.password}\nShown once: write it down.", as_json=as_json)


@command.command("list")
@data_option
@json_option
def list_(*, data: Path, as_json: bool) -> None:
    """List the accounts: their roles, whether they are open, and when each last signed in."""
    node.open_home(data)
    found = officers.accounts()
    lines = [
        f"{one.username:<20} {one.role:<10} {'open' if one.open else 'closed':<7} "
        f"{f'last signed in {one.last_sign_in:%Y-%m-%d %H:%M}' if one.last_sign_in else 'never signed in'}"
        for one in found
    ]
    show(found, "\n".join(lines) or "There is no account here yet: comity officer add NAME", as_json=as_json)


@command.command()
@click.argument("name")
@click.option("--random", "at_random", is_flag=True, help="Make one up and show it once.")
@data_option
@json_option
def password(*, name: str, at_random: bool, data: Path, as_json: bool) -> None:
    """Give the account NAME a new password: typed twice, or the first line of standard input.

    Whoever is signed in with the old one is signed out.
    """
    node.open_home(data)
    now = datetime.now(UTC)
    if at_random:
        made = officers.new_password(name, _ACTOR, now)
        show(made, f"password {made.password}\nShown once: write it down.", as_json=as_json)
        return
    officers.change_password(name, _typed(), _ACTOR, now)
    show({"username": name}, f"The password of {name} is changed.", as_json=as_json)


def _typed() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("New password", hide_input=True, confirmation_prompt=True, err=True))
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise BadInput("standard input holds no password", "write it in the first line, or use --random")
    return line


@command.command()
@click.argument("name")
@data_option
@json_option
def close(*, name: str, data: Path, as_json: bool) -> None:
    """Close the account NAME: its holder is signed out with the next page. The last officer stays."""
    node.open_home(data)
    officers.close(name, _ACTOR, datetime.now(UTC))
    show({"username": name, "open": False}, f"The account {name} is closed.", as_json=as_json)


@command.command()
@click.argument("name")
@data_option
@json_option
def reopen(*, name: str, data: Path, as_json: bool) -> None:
    """Open the closed account NAME again, with the password that it had."""
    node.open_home(data)
    officers.reopen(name, _ACTOR, datetime.now(UTC))
    show({"username": name, "open": True}, f"The account {name} is open again.", as_json=as_json)
