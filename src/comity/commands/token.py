"""`comity token`: credentials of partners."""

from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import credentials
from comity.commands import node
from comity.commands.output import BadInput, data_option, json_option, show

_DAY = click.DateTime(["%Y-%m-%d"])
_ACTOR = "officer"


@click.group()
def command() -> None:
    """Give parties tokens for the exchange; list, end, revoke them."""


@command.command()
@click.argument("party")
@click.option("--write", is_flag=True, help="It may add objects too.")
@click.option("--collection", "names", multiple=True, help="Only this collection (alias or id); may be given again.")
@click.option("--until", type=_DAY, help="Its last day (UTC). Else: until it is revoked.")
@data_option
@json_option
def new(*, party: str, write: bool, names: tuple[str, ...], until: datetime | None, data: Path,
        as_json: bool) -> None:  # fmt: skip
    """Give PARTY (its code, such as XA) a new token. The secret is shown once."""
    node.open_home(data)
    try:
        made = node.new_token(party, names, write=write, until=until.date() if until else None, now=datetime.now(UTC))
    except LookupError as error:
        raise BadInput(str(error.args[0])) from error
    show(made, f"username {made.username}\nsecret   {made.secret}\nShown once: write it down.", as_json=as_json)


@command.command("list")
@click.argument("party", required=False)
@data_option
@json_option
def list_(*, party: str | None, data: Path, as_json: bool) -> None:
    """List the tokens, all or PARTY's: whose, what they open, and whether they hold. No secret is kept to be shown."""
    node.open_home(data)
    found = credentials.listed(datetime.now(UTC), party or "")
    lines = [
        f"{one.username:<14} {one.party:<4} {one.state:<8} {'reads, adds' if one.writes else 'reads':<12}"
        f"{'everything real' if one.every else ', '.join(one.opens) or 'nothing':<24} "
        f"given {one.given_at:%Y-%m-%d}{f', until {one.until}' if one.until else ''}"
        for one in found
    ]
    show(found, "\n".join(lines) or "There is no token here yet: comity token new PARTY", as_json=as_json)


@command.command()
@click.argument("username")
@data_option
@json_option
def revoke(*, username: str, data: Path, as_json: bool) -> None:
    """Revoke the token USERNAME for good. It is refused from the very next request."""
    node.open_home(data)
    credentials.revoke(username, _ACTOR, datetime.now(UTC))
    show({"username": username, "state": "revoked"}, f"{username} is revoked.", as_json=as_json)


@command.command()
@click.argument("username")
@click.option("--on", "day", type=_DAY, help="Its last day (UTC). Without it, the token loses its end.")
@data_option
@json_option
def expire(*, username: str, day: datetime | None, data: Path, as_json: bool) -> None:
    """Let the token USERNAME end with a day, or have no end."""
    node.open_home(data)
    last = day.date() if day else None
    credentials.set_end(username, last, _ACTOR, datetime.now(UTC))
    said = f"{username} holds to the end of {last} (UTC)." if last else f"{username} holds until it is revoked."
    show({"username": username, "until": last}, said, as_json=as_json)
