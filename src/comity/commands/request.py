"""`comity request`: ask a partner for help, answer its requests, and carry messages by hand."""

from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import following, messages, requests
from comity.acts.messages import Way, Words
from comity.acts.requests import Asked, RequestTold
from comity.commands import node
from comity.commands.output import BadInput, answer, data_option, json_option, show
from comity.ledger.messages import Kind
from comity.models import Message
from comity.policy.requests import NEEDED, Move, Subject
from comity.policy.vocabulary import Urgency

ACTOR = "officer"
WAYS = {"acknowledge": Move.ACKNOWLEDGE, "accept": Move.ACCEPT, "limits": Move.PUT_LIMITS,
        "accept-limits": Move.ACCEPT_LIMITS, "answer": Move.ANSWER, "refuse": Move.REFUSE,
        "withdraw": Move.WITHDRAW}  # fmt: skip
_WORDS_OF = {Move.PUT_LIMITS: "limits", Move.ANSWER: "answer", Move.REFUSE: "reason"}
_ROADS = click.Choice(Message.Road.values)


@click.group()
def command() -> None:
    """Ask a partner for help, and answer; over the exchange, by mail, on paper or by hand."""


@command.command()
@click.argument("party")
@click.argument("subject", type=click.Choice([one.value for one in Subject]))
@click.option("--about", required=True, help="What is asked.")
@click.option("--emergency", is_flag=True, help="It comes before all that they have not read.")
@click.option("--under", "agreement", default="", help="The agreement; its clause sets the clock.")
@click.option("--grounds", default="", help="On what else it rests, such as an article.")
@click.option("--say", "more", multiple=True, metavar="NAME=WORDS", help=f"For preservation: {', '.join(NEEDED)}.")
@click.option("--road", type=_ROADS, default="exchange", show_default=True)
@data_option
@json_option
def ask(*, party: str, subject: str, about: str, emergency: bool, agreement: str, grounds: str,
        more: tuple[str, ...], road: str, data: Path, as_json: bool) -> None:  # fmt: skip
    """Ask PARTY for SUBJECT."""
    node.open_home(data)
    pairs = dict(one.partition("=")[::2] for one in more)
    unknown = sorted(pairs.keys() - NEEDED.keys())
    if unknown:
        raise BadInput(f"--say {unknown[0]}: this is no part of a request", f"name one of {', '.join(NEEDED)}")
    now = datetime.now(UTC)
    urgency = Urgency.EMERGENCY if emergency else Urgency.NORMAL
    row = requests.ask(Asked(party, subject, about, urgency, agreement, grounds, pairs), ACTOR, now, road)
    _print(requests.tell(row, now), as_json=as_json)


@command.command("list")
@click.option("--party", default="", help="Only those with this party.")
@data_option
@json_option
def list_(*, party: str, data: Path, as_json: bool) -> None:
    """List the requests, newest first. Exit code 1 where a step is over its time."""
    node.open_home(data)
    told = requests.every(datetime.now(UTC), party)
    show([_value(one) for one in told], "\n".join(map(_line, told)) or "There is no request.", as_json=as_json)
    answer(not any(one.late for one in told))


@command.command("show")
@click.argument("uuid", metavar="REQUEST")
@data_option
@json_option
def show_(*, uuid: str, data: Path, as_json: bool) -> None:
    """Show a REQUEST: what was said, what is due, and what is open to us. Exit code 1 where a step is over its time."""
    node.open_home(data)
    told = requests.tell(_row(uuid), datetime.now(UTC))
    _print(told, as_json=as_json)
    answer(not told.late)


@command.command()
@click.argument("uuid", metavar="REQUEST")
@click.argument("what", type=click.Choice(list(WAYS)))
@click.option("--words", default="", help="The answer, the limits on use, or the reason.")
@click.option("--days", type=click.IntRange(0), default=0, help="For a preservation: days, sixty at least.")
@click.option("--road", type=_ROADS, default="exchange", show_default=True)
@data_option
@json_option
def move(*, uuid: str, what: str, words: str, days: int, road: str, data: Path, as_json: bool) -> None:
    """Make a move of ours on a REQUEST, if it is open to us."""
    node.open_home(data)
    row, now = _row(uuid), datetime.now(UTC)
    made = WAYS[what]
    requests.move(row.uuid, made, {_WORDS_OF.get(made, "words"): words, "days": str(days or "")}, ACTOR, now, road)
    _print(requests.tell(row, now), as_json=as_json)


@command.command()
@click.argument("uuid", metavar="REQUEST")
@click.argument("what", type=click.Choice(list(WAYS)))
@click.option("--words", default="", help="What they said.")
@click.option("--road", type=_ROADS, default="mail", show_default=True)
@click.option("--source", required=True, help="The letter, mail or call.")
@data_option
@json_option
def note(*, uuid: str, what: str, words: str, road: str, source: str, data: Path, as_json: bool) -> None:
    """Write down what the other side did on a REQUEST, as it said by another road."""
    node.open_home(data)
    row, now = _row(uuid), datetime.now(UTC)
    made = WAYS[what]
    said = Words(Kind(made.value), row.party_id, {_WORDS_OF.get(made, "words"): words} if words else {}, row.agreement,
                 in_reply_to=row.uuid)  # fmt: skip
    following.write_down(said, Way(road, source), ACTOR, now)
    _print(requests.tell(row, now), as_json=as_json)


@command.command()
@click.argument("uuid", metavar="MESSAGE")
@data_option
def carry(*, uuid: str, data: Path) -> None:
    """Write a MESSAGE of ours as the object that is carried by hand."""
    node.open_home(data)
    row = Message.objects.filter(uuid__startswith=uuid, direction=Message.Direction.SENT).first()
    if row is None:
        raise BadInput(f"there is no message “{uuid}” of ours here", "give its number")
    click.echo(row.body)


@command.command()
@click.argument("party")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="How it came.")
@data_option
@json_option
def take(*, party: str, file: Path, source: str, data: Path, as_json: bool) -> None:
    """Take in a message of PARTY that came as a FILE; its signature is checked by the key on file."""
    node.open_home(data)
    body = file.read_bytes().strip()
    row = following.take(party, body, Way(Message.Road.HAND, source), ACTOR, datetime.now(UTC))
    if row is None:
        show({"taken": False}, "It was here already.", as_json=as_json)
        return
    value = {"taken": True, "message": row.uuid, "kind": row.kind, "signed": row.signed, "thread": row.thread}
    show(value, f"Taken in: {row.kind} {row.uuid} (signed: {row.signed}).", as_json=as_json)


def _row(uuid: str) -> Message:
    found = list(Message.objects.filter(uuid__startswith=uuid, kind=Kind.REQUEST.value).select_related("party")[:2])
    if len(found) != 1:
        raise BadInput(f"there is no one request “{uuid}” here", "give its number as comity request list shows it")
    return found[0]


def _value(told: RequestTold) -> dict[str, object]:
    return {
        "request": told.first.uuid, "party": told.first.party_id, "direction": told.first.direction,
        "subject": told.subject, "urgency": told.urgency, "about": told.about, "stage": told.stage.value,
        "open_to_us": [move.value for move in told.ours],
        "due": [{"step": one.awaited.step, "by": one.by, "clause": one.awaited.clock, "done_at": one.done_at,
                 "late": one.late} for one in told.due],
        "messages": [{"message": row.uuid, "kind": row.kind, "direction": row.direction, "road": row.road,
                      "signed": row.signed, "says": messages.read_row(row).says} for row in told.messages],
    }  # fmt: skip


def _line(told: RequestTold) -> str:
    way = "to" if told.first.direction == Message.Direction.SENT else "from"
    late = "  LATE" if told.late else ""
    return f"{told.first.uuid}  {way} {told.first.party_id}  {told.subject}  {told.urgency}  {told.stage.value}{late}"


def _print(told: RequestTold, *, as_json: bool) -> None:
    lines = [_line(told)]
    for one in told.due:
        done = f"done {one.done_at:%Y-%m-%d %H:%M}" if one.done_at else "not yet"
        lines.append(f"  {one.awaited.step} by {one.by:%Y-%m-%d %H:%M} UTC ({one.awaited.clock}): {done}"
                     f"{', late' if one.late else ''}")  # fmt: skip
    names = {move.value: word for word, move in WAYS.items()}
    lines.append(f"  open to us: {', '.join(names[move.value] for move in told.ours) or 'nothing'}")
    show(_value(told), "\n".join(lines), as_json=as_json)
