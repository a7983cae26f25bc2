"""`comity consent`: ask an originator whether what it gave may go on to a third party, and answer such questions."""

from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import consent_questions as acts
from comity.acts import following, messages
from comity.acts.consent_questions import Answered, Asked, QuestionTold
from comity.acts.consents import conditions, in_short
from comity.acts.messages import Way, Words
from comity.commands import node
from comity.commands.consent_scope import LABEL, Scoped, scope_options
from comity.commands.output import BadInput, answer, data_option, json_option, show
from comity.ledger.messages import Kind
from comity.models import Message

ACTOR = "officer"
DAY = click.DateTime(["%Y-%m-%d"])
_ROADS = click.Choice(Message.Road.values)
_ANSWERS = click.Choice(["yes", "no"])


@click.group()
def command() -> None:
    """Ask an originator whether what it gave may go on to a third party, and answer; by whatever road."""


@command.command()
@click.argument("originator")
@click.option("--under", "slug", required=True, help="The agreement under which it came; its clause sets the clock.")
@click.option("--to", "third", multiple=True, required=True, help="The third party; may be given again.")
@click.option("--reason", required=True, help="Why the third party is to have it; the originator reads this.")
@scope_options
@click.option("--road", type=_ROADS, default="exchange", show_default=True)
@data_option
@json_option
def ask(*, originator: str, slug: str, third: tuple[str, ...], reason: str, scoped: Scoped, road: str, data: Path,
        as_json: bool) -> None:  # fmt: skip
    """Ask ORIGINATOR whether an object, a case, a kind or all that it gave may go on to a third party."""
    node.open_home(data)
    now = datetime.now(UTC)
    row = acts.ask(Asked(originator, third, slug, scoped.scope, reason, scoped.objects), ACTOR, now, road)
    _print(acts.tell(row, now), as_json=as_json)


@command.command("answer")
@click.argument("uuid", metavar="QUESTION")
@click.argument("what", type=_ANSWERS)
@click.option("--to", "third", multiple=True, help="Yes for this third party alone; may be given again. Else: for all.")
@click.option("--until", type=DAY, help="The last day on which the yes holds.")
@click.option("--most", type=LABEL, default=None, help="Up to which TLP label it holds.")
@click.option("--words", default="", help="Conditions in words.")
@click.option("--road", type=_ROADS, default="exchange", show_default=True)
@data_option
@json_option
def answer_(*, uuid: str, what: str, third: tuple[str, ...], until: datetime | None, most: str | None, words: str,
            road: str, data: Path, as_json: bool) -> None:  # fmt: skip
    """Answer a QUESTION that was put to us: yes, on conditions where they are given, or no. May be answered anew."""
    node.open_home(data)
    row, now = _row(uuid), datetime.now(UTC)
    acts.answer(row.uuid, _answered(what, third, until, most, words), ACTOR, now, road)
    _print(acts.tell(row, now), as_json=as_json)


@command.command()
@click.argument("uuid", metavar="QUESTION")
@click.argument("what", type=_ANSWERS)
@click.option("--to", "third", multiple=True, help="Yes for this third party alone; may be given again. Else: for all.")
@click.option("--until", type=DAY, help="The last day on which the yes holds.")
@click.option("--most", type=LABEL, default=None, help="Up to which TLP label it holds.")
@click.option("--words", default="", help="Conditions in words.")
@click.option("--road", type=_ROADS, default="paper", show_default=True)
@click.option("--source", required=True, help="The letter, mail or call.")
@data_option
@json_option
def note(*, uuid: str, what: str, third: tuple[str, ...], until: datetime | None, most: str | None, words: str,
         road: str, source: str, data: Path, as_json: bool) -> None:  # fmt: skip
    """Write down what an originator answered to a QUESTION of ours by another road. It counts from the next request."""
    node.open_home(data)
    row, now = _row(uuid), datetime.now(UTC)
    asked_for = acts.tell(row, now).third
    said = acts.answer_says(_answered(what, third, until, most, words), asked_for)
    following.write_down(Words(Kind.ANSWER, row.party_id, said, row.agreement, in_reply_to=row.uuid),
                         Way(road, source), ACTOR, now)  # fmt: skip
    _print(acts.tell(row, now), as_json=as_json)


@command.command()
@click.argument("uuid", metavar="QUESTION")
@click.option("--road", type=_ROADS, default="exchange", show_default=True)
@data_option
@json_option
def withdraw(*, uuid: str, road: str, data: Path, as_json: bool) -> None:
    """Take back a QUESTION of ours that waits, or the yes that we gave to one: that acts on the very next request."""
    node.open_home(data)
    row, now = _row(uuid), datetime.now(UTC)
    acts.withdraw(row.uuid, ACTOR, now, road)
    _print(acts.tell(row, now), as_json=as_json)


@command.command("list")
@click.option("--party", default="", help="Only those with this party.")
@data_option
@json_option
def list_(*, party: str, data: Path, as_json: bool) -> None:
    """List the questions, newest first. Exit code 1 where an answer is over its time."""
    node.open_home(data)
    told = acts.every(datetime.now(UTC), party)
    show([_value(one) for one in told], "\n".join(map(_line, told)) or "There is no question.", as_json=as_json)
    answer(not any(one.late for one in told))


@command.command("show")
@click.argument("uuid", metavar="QUESTION")
@data_option
@json_option
def show_(*, uuid: str, data: Path, as_json: bool) -> None:
    """Show a QUESTION: what is asked, what was answered, what is due. Exit code 1 where the answer is over its time."""
    node.open_home(data)
    told = acts.tell(_row(uuid), datetime.now(UTC))
    _print(told, as_json=as_json)
    answer(not told.late)


def _answered(what: str, third: tuple[str, ...], until: datetime | None, most: str | None, words: str) -> Answered:
    return Answered(what == "yes", third, until.date() if until else None, most or "", words)


def _row(uuid: str) -> Message:
    found = list(Message.objects.filter(uuid__startswith=uuid, kind=Kind.QUESTION.value).select_related("party")[:2])
    if len(found) != 1:
        raise BadInput(f"there is no one question “{uuid}” here", "give its number as comity consent list shows it")
    return found[0]


def _value(told: QuestionTold) -> dict[str, object]:
    return {
        "question": told.first.uuid, "party": told.first.party_id, "direction": told.first.direction,
        "third_party": told.third, "scope": told.scope.reach, "of": in_short(told.scope), "objects": told.objects,
        "reason": told.reason, "outcome": told.outcome.value, "answer_by": told.by, "late": told.late,
        "consents": [{"id": one.number, "to": one.recipient, "given": one.given, "from": one.effective_on,
                      "until": one.until, "most_tlp": one.most_tlp, "words": one.words} for one in told.consents],
        "messages": [{"message": row.uuid, "kind": row.kind, "direction": row.direction, "road": row.road,
                      "signed": row.signed, "says": messages.read_row(row).says} for row in told.messages],
    }  # fmt: skip


def _line(told: QuestionTold) -> str:
    way = "to" if told.ours else "from"
    late = "  LATE" if told.late else ""
    third = ", ".join(told.third)
    return f"{told.first.uuid}  {way} {told.first.party_id}  {in_short(told.scope)}  for {third}  {told.outcome}{late}"


def _print(told: QuestionTold, *, as_json: bool) -> None:
    lines = [_line(told)]
    if told.by is not None and told.due is not None:
        lines.append(f"  answer by {told.by:%Y-%m-%d %H:%M} UTC ({told.due.clock})")
    lines += [f"  consent {one.number}: {'yes' if one.given else 'no'} for {one.recipient}, {one.effective_on} – "
              f"{one.until or '…'}{conditions(one)}" for one in told.consents]  # fmt: skip
    show(_value(told), "\n".join(lines), as_json=as_json)
