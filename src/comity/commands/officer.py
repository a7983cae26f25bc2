"""`comity officer`: the people of the desk."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import api_tokens, officers
from comity.commands import node
from comity.commands.output import BadInput, data_option, json_option, show

_ACTOR = "officer"
DAY = click.DateTime(formats=["%Y-%m-%d"])


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


@command.command("drop-second-factor")
@click.argument("name")
@data_option
@json_option
def drop_second_factor(*, name: str, data: Path, as_json: bool) -> None:
    """Take every second factor from the account NAME, whose holder has lost theirs."""
    node.open_home(data)
    count = officers.drop_second_factors(name, _ACTOR, datetime.now(UTC))
    told = f"{name} signs in by password alone until a new second factor is set." if count else f"{name} has none."
    show({"username": name, "taken_away": count}, told, as_json=as_json)


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


@command.command("token")
@click.argument("name")
@click.option("--for", "label", required=True, help="What it is for: the program that will use it.")
@click.option("--write", is_flag=True, help="It may write too, where the account is an officer’s.")
@click.option("--until", type=DAY, help="Its last day (UTC).")
@data_option
@json_option
def token(*, name: str, label: str, write: bool, until: datetime | None, data: Path, as_json: bool) -> None:
    """Make a token of the API that does what the account NAME may. It is shown once."""
    node.open_home(data)
    made = api_tokens.make(name, label, _ACTOR, datetime.now(UTC), writes=write, until=until.date() if until else None)
    show(made, f"number {made.number}\ntoken {made.secret}\nShown once: write it down.", as_json=as_json)


@command.command("tokens")
@data_option
@json_option
def tokens(*, data: Path, as_json: bool) -> None:
    """List the tokens of the API."""
    node.open_home(data)
    found = api_tokens.listed(datetime.now(UTC))
    lines = [f"{one.number:<5} {one.username:<20} {one.state:<8} {'writes' if one.writes else 'reads':<7} {one.label}"
             for one in found]  # fmt: skip
    show(found, "\n".join(lines) or "There is no token of the API yet: comity officer token NAME --for WHAT",
         as_json=as_json)  # fmt: skip


@command.command("revoke")
@click.argument("number", type=int)
@data_option
@json_option
def revoke(*, number: int, data: Path, as_json: bool) -> None:
    """Revoke the token of the API with this NUMBER for good."""
    node.open_home(data)
    told = api_tokens.revoke(number, _ACTOR, datetime.now(UTC))
    show(told, f"The token {told.number} ({told.label}) of {told.username} is revoked.", as_json=as_json)
