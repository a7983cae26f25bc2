"""Requests to and from a partner: asked, moved on by either side, and what each makes due until it is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from comity.acts import awaited, law, messages, moments, zones
from comity.acts.messages import Refused, Way, Words
from comity.acts.spoken import spoken
from comity.ledger.messages import Kind, Said
from comity.models import Awaited, Collection, Message, Node, Party
from comity.policy import requests as rules
from comity.policy.agreements import Agreement
from comity.policy.dates import local_day
from comity.policy.release import Court, Moment
from comity.policy.requests import Move, Side, Stage, Subject
from comity.policy.saying import sentence
from comity.policy.standing import State
from comity.policy.vocabulary import Urgency

_MOVES = frozenset(move.value for move in Move)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a party. `agreement` is a slug, empty where it rests on none; `more` what its subject needs."""

    party: str
    subject: str
    about: str
    urgency: str = Urgency.NORMAL
    agreement: str = ""
    grounds: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    exercise: tuple[str, Collection] | None = None
    """The exercise that it is asked in, and its collection; None where it is real."""


def ask(asked: Asked, actor: str, now: datetime, road: str = Message.Road.EXCHANGE) -> Message:
    """Send a request; an emergency comes before all that the partner has not read. `Refused` with every objection."""
    with transaction.atomic():
        says = {"subject": asked.subject, "about": asked.about.strip(), "urgency": asked.urgency,
                **{name: text.strip() for name, text in asked.more.items() if text.strip()}}  # fmt: skip
        agreement = binding(asked.agreement, asked.party, now)
        wrong = rules.objections(asked.subject, says)
        if asked.urgency not in set(Urgency):
            wrong += (gettext("“%(urgency)s” is no urgency; write normal or emergency") % {"urgency": asked.urgency},)
        if not Party.objects.filter(code=asked.party, in_exchange=True).exists():
            wrong += (gettext("there is no partner “%(party)s” here") % {"party": asked.party},)
        if wrong:
            raise Refused("; ".join(map(spoken, wrong)))
        if asked.grounds.strip():
            says["grounds"] = asked.grounds.strip()
        if asked.exercise is not None:
            says["exercise"] = asked.exercise[0]
        words = Words(Kind.REQUEST, asked.party, says, agreement.name if agreement else "",
                      urgent=asked.urgency == Urgency.EMERGENCY)  # fmt: skip
        where = None if asked.exercise is None else asked.exercise[1]
        row = messages.send(words, actor, now, Way(road=road, collection=where))
        _make_due(row, says, actor, now)
    return row


def binding(slug: str, party: str, now: datetime) -> Agreement | None:
    """Return an agreement that binds both now, None where none is named; `Refused` where it does not."""
    if not slug:
        return None
    facts, live = law.facts(), {State.IN_FORCE, State.PROVISIONAL}
    court = Court(facts, Moment(now))
    for adopted in map(court.at, facts.adopted):
        if slug in {adopted.slug, adopted.agreement.name}:
            if all(court.standing(adopted, code).state in live for code in (party, facts.us)):
                return adopted.agreement
            raise Refused(gettext("“%(name)s” does not bind us and %(party)s now: name another, or none") % {
                "name": adopted.agreement.name, "party": party})  # fmt: skip
    raise Refused(gettext("there is no agreement “%(slug)s” here") % {"slug": slug})


def _make_due(row: Message, says: Mapping[str, str], actor: str, now: datetime) -> None:
    """Let the steps of the agreement's clause be due of the side that was asked; of an exercise, nothing is really."""
    if says.get("exercise") or (row.collection is not None and row.collection.exercise):
        return
    found = {one.agreement.name: one.agreement for one in law.facts().adopted}.get(row.agreement)
    urgency = says.get("urgency", "")
    if found is None or urgency not in set(Urgency):
        return
    us = str(Node.objects.values_list("party_id", flat=True).get())
    sent = row.direction == Message.Direction.SENT
    asked, asker = (row.party_id, us) if sent else (us, row.party_id)
    if found.party(asked) is None:
        return
    for step in rules.steps(found, moments.moment(row.at), Urgency(urgency), asked, asker):
        who = Party.objects.get(pk=asked).short
        asked_at = f"{moments.moment(row.at):%Y-%m-%d %H:%M} UTC"
        what = f"{who}: {step.name} the request for {says.get('subject', '')} of {asked_at}"
        due = awaited.Step(step.name, step.by, f"{step.clause} {found.name}")
        awaited.wait_for(row, due, asked, what, actor, now)


def move(thread: str, made: Move, says: Mapping[str, str], actor: str, now: datetime,
         road: str = Message.Road.EXCHANGE) -> Message:  # fmt: skip
    """Make a move of ours on a request. `Refused` where it is not open to us where the request stands."""
    with transaction.atomic():
        first = _first(thread)
        told = tell(first, now)
        if made not in told.ours:
            ways = ", ".join(map(spoken, told.ours)) or gettext("nothing")
            raise Refused(gettext(
                "a request that is “%(stage)s” has no “%(move)s” from us; open to us is: %(ways)s") % {
                "stage": spoken(told.stage), "move": spoken(made), "ways": ways})  # fmt: skip
        kind = Kind(made.value)
        text: dict[str, Said] = {name: words.strip() for name, words in says.items() if words.strip()}
        if made is Move.ACCEPT and told.subject == Subject.PRESERVATION:
            days = int(str(text.pop("days", "0")) or 0)
            text["preserved_until"] = rules.preserved_until(local_day(now, zones.ours()), days).isoformat()
        _whole(kind, text)
        where = first.collection if first.collection is not None and first.collection.exercise else None
        if where is not None:
            text["exercise"] = messages.read_row(first).text("exercise")
        row = messages.send(Words(kind, first.party_id, text, first.agreement, in_reply_to=first.uuid), actor, now,
                            Way(road=road, collection=where))  # fmt: skip
        _effect(first, made, row, actor, now)
    return row


def _whole(kind: Kind, says: Mapping[str, Said]) -> None:
    missing = messages.missing(kind, says)
    if missing:
        raise Refused(gettext("say %(missing)s too") % {"missing": ", ".join(missing)})


def _first(thread: str) -> Message:
    row = Message.objects.filter(uuid=thread, kind=Kind.REQUEST.value).select_related("party").first()
    if row is None:
        missing = gettext("there is no request “%(thread)s” here; give its whole number")
        raise Refused(missing % {"thread": thread})
    return row


def _effect(first: Message, made: Move, row: Message, actor: str, now: datetime) -> None:
    """Let what was awaited be done, or no longer awaited."""
    if made in {Move.ACKNOWLEDGE, Move.ACCEPT, Move.PUT_LIMITS, Move.ANSWER, Move.REFUSE}:
        awaited.came(first.uuid, "acknowledge", row, actor, now)
    if made in {Move.ANSWER, Move.REFUSE}:
        awaited.came(first.uuid, "answer", row, actor, now)
    if made is Move.WITHDRAW:
        awaited.cancel(first.uuid, row, actor, now)


def follow(row: Message, actor: str, now: datetime) -> None:
    """Let a message that came have its effect on requests. `Refused` where it does not come in its turn."""
    if row.kind == Kind.REQUEST.value:
        said = messages.read_row(row)
        says = {name: said.text(name) for name in said.says}
        _make_due(row, says, actor, now)
        return
    first = Message.objects.filter(uuid=row.thread, kind=Kind.REQUEST.value).first()
    if first is None or row.kind not in _MOVES:
        return
    before = [one for one in messages.thread(row.thread) if one.pk < row.pk]
    at, made = rules.stage(_moves(first, before)), Move(row.kind)
    side = Side.ASKED if first.direction == Message.Direction.SENT else Side.ASKER
    if made not in rules.open_to(at, side):
        raise Refused(sentence("a request that is “{at}” has no “{made}” from {side}", at=at, made=made, side=side))
    _effect(first, made, row, actor, now)


def _moves(first: Message, rows: Sequence[Message]) -> list[Move]:
    """Return the moves among a thread's messages that were made by the side whose they are."""
    sides = {first.direction: Side.ASKER}
    return [
        Move(row.kind) for row in rows
        if row.pk != first.pk and row.kind in _MOVES
        and rules.side_of(Move(row.kind)) is sides.get(row.direction, Side.ASKED)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """One awaited step of a request: when it was done, if it was, and whether it is or was late."""

    awaited: Awaited
    by: datetime
    done_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class RequestTold:
    """A request as it stands. `ours`: the moves that are open to us; `side`: which side we are."""

    first: Message
    subject: str
    urgency: str
    about: str
    side: Side
    stage: Stage
    ours: tuple[Move, ...]
    messages: tuple[Message, ...]
    due: tuple[Due, ...]

    @property
    def open(self) -> bool:
        """Tell whether something is still to come."""
        return self.stage in rules.MOVES

    @property
    def late(self) -> bool:
        """Tell whether a step is over its time and has not come."""
        return any(one.late and one.done_at is None for one in self.due)


def tell(first: Message, now: datetime) -> RequestTold:
    """Return how a request stands at a moment."""
    rows = messages.thread(first.uuid)
    moves = _moves(first, rows)
    at = rules.stage(moves)
    side = Side.ASKER if first.direction == Message.Direction.SENT else Side.ASKED
    said = messages.read_row(first)
    due = tuple(_due(one, first, rows, now) for one in first.awaited.all())
    return RequestTold(first, said.text("subject"), said.text("urgency"), said.text("about"), side, at,
                       rules.open_to(at, side), tuple(rows), due)  # fmt: skip


def _due(one: Awaited, first: Message, rows: Sequence[Message], now: datetime) -> Due:
    """Return an awaited step with the message that did it: any word of the side asked acknowledges."""
    ends = {Move.ANSWER.value, Move.REFUSE.value}
    if one.step.startswith("acknowledge"):
        ends |= {Move.ACKNOWLEDGE.value, Move.ACCEPT.value, Move.PUT_LIMITS.value}
    done = next((row for row in rows if row.direction != first.direction and row.kind in ends), None)
    by = moments.moment(one.by)
    at = None if done is None else moments.moment(done.at)
    return Due(one, by, at, (at or now) > by)


def every(now: datetime, party: str = "") -> list[RequestTold]:
    """Return all requests, or those with one party, newest first."""
    rows = Message.objects.filter(kind=Kind.REQUEST.value).select_related("party", "collection").order_by("-id")
    return [tell(row, now) for row in (rows.filter(party_id=party) if party else rows)]
