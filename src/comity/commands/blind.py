"""`comity blind`: learn with a partner how many indicators coincide, or which, and nothing else."""

from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import blind_matching
from comity.commands import node
from comity.commands.output import BadInput, data_option, json_option, show
from comity.models import BlindMatch
from comity.policy.blind import WITHOUT_WORD, Terms, ValueKind

ACTOR = "officer"


@click.group()
def command() -> None:
    """Learn how many indicators coincide with a partner's, or which of one's own, and nothing else."""


@command.command()
@click.argument("party")
@click.option("--mode", type=click.Choice(BlindMatch.Mode.values), default="count", show_default=True,
              help="Whether both learn how many coincide, or which of their own.")  # fmt: skip
@click.option("--kind", "kinds", multiple=True, type=click.Choice([one.value for one in ValueKind]),
              help="A kind of values; may be given again. Else all but IPv4 addresses.")  # fmt: skip
@data_option
@json_option
def offer(*, party: str, mode: str, kinds: tuple[str, ...], data: Path, as_json: bool) -> None:
    """Offer PARTY a match of what our own indicators look for."""
    node.open_home(data)
    chosen = tuple(ValueKind(kind) for kind in kinds) or tuple(sorted(WITHOUT_WORD))
    _print(blind_matching.offer(party, Terms(mode, chosen), ACTOR, datetime.now(UTC)), as_json=as_json)


@command.command()
@click.argument("number", metavar="MATCH")
@data_option
@json_option
def accept(*, number: str, data: Path, as_json: bool) -> None:
    """Answer a partner's offer."""
    node.open_home(data)
    _print(blind_matching.accept(_row(number), ACTOR, datetime.now(UTC)), as_json=as_json)


@command.command()
@click.argument("number", metavar="MATCH")
@click.option("--reason", default="", help="The partner reads it.")
@data_option
@json_option
def refuse(*, number: str, reason: str, data: Path, as_json: bool) -> None:
    """Refuse a partner's offer, or take ours back."""
    node.open_home(data)
    _print(blind_matching.refuse(_row(number), reason, ACTOR, datetime.now(UTC)), as_json=as_json)


@command.command("list")
@data_option
@json_option
def list_(*, data: Path, as_json: bool) -> None:
    """List the matches, newest first."""
    node.open_home(data)
    rows = blind_matching.every()
    show([_value(row) for row in rows], "\n".join(map(_line, rows)) or "No match yet.", as_json=as_json)


def _row(number: str) -> BlindMatch:
    found = list(BlindMatch.objects.filter(thread__startswith=number)[:2])
    if len(found) != 1:
        raise BadInput(f"there is no one match “{number}” here", "give its number as comity blind list shows it")
    return found[0]


def _value(row: BlindMatch) -> dict[str, object]:
    return {"match": row.thread, "party": row.party_id, "ours": row.ours, "mode": row.mode, "kinds": row.kinds,
            "state": row.state, "our_size": row.our_size, "their_size": row.their_size, "common": row.common,
            "which": row.which}  # fmt: skip


def _line(row: BlindMatch) -> str:
    came = "" if row.common is None else f"  {row.common} coincide, of {row.our_size} of ours, {row.their_size} theirs"
    return f"{row.thread}  {'to' if row.ours else 'from'} {row.party_id}  {row.mode}  {row.state}{came}"


def _print(row: BlindMatch, *, as_json: bool) -> None:
    show(_value(row), "\n".join([_line(row), *(f"  {value}" for value in row.which)]), as_json=as_json)
