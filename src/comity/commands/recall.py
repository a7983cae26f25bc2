"""`comity recall`: who has an object, ask it back, and follow who answered."""

from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import deliveries, recalls
from comity.acts.messages import Way
from comity.commands import node
from comity.commands.output import BadInput, answer, data_option, json_option, show
from comity.ledger.messages import Kind
from comity.models import Holder, Message, Recall, StoredVersion

ACTOR = "officer"


@click.group()
def command() -> None:
    """Ask back what was shared: withdrawn for all, each holder told, answers followed up."""


@command.command()
@click.argument("stix_id", metavar="OBJECT")
@data_option
@json_option
def who(*, stix_id: str, data: Path, as_json: bool) -> None:
    """Say who was given OBJECT, by the whole ledger. Exit code 1: nobody was."""
    node.open_home(data)
    versions = list(StoredVersion.objects.filter(stix_id=stix_id))
    if not versions:
        raise BadInput(f"there is no object “{stix_id}” here", "give its whole id")
    found = deliveries.holders(versions)
    value = [{"party": one.party.code, "first": one.first_at, "last": one.last_at, "versions": one.names,
              "under": one.under} for one in found]  # fmt: skip
    lines = [f"{one.party.code}  {one.first_at[:19]} – {one.last_at[:19]}  {', '.join(one.under)}  "
             f"{len(one.names)} version(s)" for one in found]  # fmt: skip
    show(value, "\n".join(lines) or "Nobody was given it.", as_json=as_json)
    answer(bool(found))


@command.command()
@click.argument("stix_id", metavar="OBJECT")
@click.option("--do", "do", type=click.Choice(Recall.Do.values), required=True, help="What holders are to do.")
@click.option("--reason", required=True, help="What is wrong with it; the holders read this.")
@click.option("--grounds", default="", help="On what it rests: a clause, an order, a letter.")
@data_option
@json_option
def issue(*, stix_id: str, do: str, reason: str, grounds: str, data: Path, as_json: bool) -> None:
    """Recall every version of OBJECT. Each party that was given it is told, first of all, and nobody else."""
    node.open_home(data)
    now = datetime.now(UTC)
    row = recalls.recall(recalls.Ordered(stix_id, do, reason, grounds), ACTOR, now)
    _print(recalls.told(row, now), as_json=as_json)


@command.command("show")
@click.argument("uuid", metavar="RECALL")
@data_option
@json_option
def show_(*, uuid: str, data: Path, as_json: bool) -> None:
    """Show how a RECALL stands. Exit code 1 while somebody has not confirmed that it is done."""
    node.open_home(data)
    told = recalls.told(_row(uuid), datetime.now(UTC))
    _print(told, as_json=as_json)
    answer(told.done)


@command.command("list")
@data_option
@json_option
def list_(*, data: Path, as_json: bool) -> None:
    """List the recalls, newest first."""
    node.open_home(data)
    now = datetime.now(UTC)
    told = [recalls.told(row, now) for row in recalls.every()]
    lines = [
        f"{one.recall.uuid}  {one.at:%Y-%m-%d}  {one.recall.stix_id}  "
        f"{sum(h.state == 'done' for h in one.holders)} of {len(one.holders)} confirmed"
        for one in told
    ]
    show([_value(one) for one in told], "\n".join(lines) or "Nothing was recalled yet.", as_json=as_json)


@command.command()
@click.argument("uuid", metavar="RECALL")
@click.argument("party")
@click.argument("what", type=click.Choice(["acknowledged", "done"]))
@click.option("--road", type=click.Choice(["mail", "paper", "hand", "telephone"]), default="mail", show_default=True)
@click.option("--source", required=True, help="The letter, mail or call.")
@data_option
@json_option
def note(*, uuid: str, party: str, what: str, road: str, source: str, data: Path, as_json: bool) -> None:
    """Write down that PARTY acknowledged a RECALL, or that it is done there, as it said by another road."""
    node.open_home(data)
    row, now = _row(uuid), datetime.now(UTC)
    holder = Holder.objects.filter(recall=row, party_id=party).first()
    if holder is None:
        known = ", ".join(row.holders.values_list("party_id", flat=True)) or "nobody"
        raise BadInput(f"“{party}” was not given it", f"name one of its holders: {known}")
    kind = Kind.DELETED if what == "done" else Kind.ACKNOWLEDGEMENT
    recalls.answered(holder, kind, Way(Message.Road(road), source), ACTOR, now)
    _print(recalls.told(row, now), as_json=as_json)


@command.command("confirm")
@click.argument("uuid", metavar="NOTICE")
@click.argument("what", type=click.Choice(["acknowledged", "done"]))
@click.option("--words", default="", help="What else is to be said.")
@click.option("--road", type=click.Choice(Message.Road.values), default="exchange", show_default=True)
@data_option
@json_option
def confirm(*, uuid: str, what: str, words: str, road: str, data: Path, as_json: bool) -> None:
    """Tell a partner that its recall was read here, or that it is done; NOTICE is the number of its message."""
    node.open_home(data)
    rows = Message.objects.filter(kind=Kind.RECALL.value, direction=Message.Direction.RECEIVED)
    found = list(rows.filter(uuid__startswith=uuid)[:2])
    if len(found) != 1:
        known = ", ".join(rows.values_list("uuid", flat=True)[:5]) or "none"
        raise BadInput(f"there is no one recall “{uuid}” of a partner here", f"name its notice: {known}")
    kind = Kind.DELETED if what == "done" else Kind.ACKNOWLEDGEMENT
    row = recalls.confirm(found[0].uuid, kind, words, ACTOR, datetime.now(UTC), road)
    show({"message": row.uuid, "to": row.party_id, "said": what}, f"Told {row.party_id}: {what}.", as_json=as_json)


def _row(uuid: str) -> Recall:
    found = list(Recall.objects.filter(uuid__startswith=uuid)[:2])
    if len(found) != 1:
        raise BadInput(f"there is no one recall “{uuid}” here", "give its number as comity recall list shows it")
    return found[0]


def _value(told: recalls.RecallTold) -> dict[str, object]:
    return {
        "recall": told.recall.uuid, "object": told.recall.stix_id, "do": told.recall.do, "reason": told.recall.reason,
        "at": told.at, "done": told.done,
        "holders": [{"party": one.holder.party_id, "state": one.state.value, "acknowledge_by": one.acknowledge_by,
                     "clock": one.clock, "late": one.late, "notice": one.holder.notice.uuid} for one in told.holders],
        "cannot": [template.format(**params) for template, params in told.beyond],
    }  # fmt: skip


def _print(told: recalls.RecallTold, *, as_json: bool) -> None:
    lines = [f"Recall {told.recall.uuid} of {told.recall.stix_id}: {told.recall.do}."]
    lines += [
        f"{one.holder.party_id}  {one.state.value}{', late' if one.late else ''}  "
        f"(answer due {one.acknowledge_by:%Y-%m-%d %H:%M} UTC, {one.clock or 'our own rule'})"
        for one in told.holders
    ] or ["Nobody had been given it."]  # fmt: skip
    lines += ["What it cannot do:", *(f"  {template.format(**params)}" for template, params in told.beyond)]
    show(_value(told), "\n".join(lines), as_json=as_json)
