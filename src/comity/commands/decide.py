"""`comity decide`: may this go to them, and why."""

from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import explaining
from comity.commands import node
from comity.commands.output import BadInput, answer, data_option, json_option, show

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("object_id", metavar="OBJECT")
@click.option("--to", "party", required=True, help="The recipient's code.")
@click.option("--on", type=_DAY, help="By the law of this day (YYYY-MM-DD). Else: today.")
@click.option("--known", type=_DAY, help="As known at the end of this day. Else: now.")
@data_option
@json_option
def command(*, object_id: str, party: str, on: datetime | None, known: datetime | None, data: Path,
            as_json: bool) -> None:  # fmt: skip
    """Say whether a party may have OBJECT (a STIX id), version by version, with the ground of each answer.

    Exit code 0: at least one version may go; 1: none may.
    """
    node.open_home(data)
    try:
        found = explaining.decide(object_id, party, datetime.now(UTC), on=on.date() if on else None,
                                  known=known.date() if known else None)  # fmt: skip
    except LookupError as error:
        raise BadInput(str(error.args[0])) from error
    show([_told(one) for one in found], "\n".join(_words(one) for one in found), as_json=as_json)
    answer(any(one.released for one in found))


def _told(one: explaining.Decision) -> dict[str, object]:
    """Give a decision with its sentences in place of its values."""
    return {
        **{field.name: getattr(one, field.name) for field in fields(one)},
        "grounds": [ground.says for ground in one.grounds],
        "duties": [f"{duty.words} ({duty.clause} of “{duty.agreement}”)" for duty in one.duties],
    }


def _words(one: explaining.Decision) -> str:
    lines = [f"{one.object} {one.version} in “{one.collection}” to {one.party}: {one.answer}"]
    lines += [f"  because {ground.says}" for ground in one.grounds]
    lines += [f"  with it goes: {duty.words} ({duty.clause} of “{duty.agreement}”)" for duty in one.duties]
    lines += [f"  taken out: {part}" for part in one.redaction]
    lines += [f"  to ask: {fact.replace('_', ' ')}" for fact in one.missing]
    lines += [f"  since {one.since}"] if one.since else []
    return "\n".join(lines)
