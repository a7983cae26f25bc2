"""A request and its answer: only what is open to whom, each step by the clause's clock, everything in the log."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from comity.acts import following, messages, requests, undertakings
from comity.acts.messages import Refused, Way, Words
from comity.acts.requests import Asked
from comity.ledger import messages as form
from comity.ledger.messages import Kind
from comity.models import LedgerEntry, Message
from comity.policy import requests as rules
from comity.policy.requests import MOVES, Move, Side, Stage
from comity.policy.undertakings import Asked as Question
from tests.journeys.world import World, indicator, stix_id

MOU = "bs-xa-cyber-mou"


@pytest.fixture
def world(db: None) -> World:
    del db
    return World()


def came(world: World, kind: Kind, says: dict[str, form.Said], reply_to: str = "", agreement: str = "") -> Message:
    uuid = stix_id("x", f"{kind}{world.now.isoformat()}").removeprefix("x--")
    made = form.draft(kind, uuid, messages.stamp(world.now), "XA", "BS", says, agreement, in_reply_to=reply_to)
    row = following.take("XA", form.encode(made), Way(), "xa-1", world.now)
    assert row is not None
    return row


def abouts(party: str = "XA") -> list[tuple[str, str]]:
    rows = LedgerEntry.objects.filter(log__party=party).order_by("index").values_list("leaf", flat=True)
    entries = [json.loads(bytes(leaf)) for leaf in rows]
    return [(one["about"], one["step"]) for one in entries if one["kind"] == "message"]


@pytest.mark.both_stores
def test_an_emergency_is_asked_acknowledged_and_answered_by_the_clause(world: World) -> None:
    world.share(indicator("a", "GREEN"), indicator("b", "GREEN"))
    asked = Asked("XA", "assistance", "Help at the port.\r\nAt once.", "emergency", MOU)
    row = requests.ask(asked, "officer", world.now)
    told = requests.tell(row, world.now)
    assert [(one.awaited.step, one.by - world.now, one.awaited.clock) for one in told.due] == [
        ("acknowledge", timedelta(hours=2), "A5 BS-XA cyber MoU"),
        ("answer", timedelta(hours=24), "A5 BS-XA cyber MoU"),
    ]
    assert world.objects("XA")[0]["type"] == form.TYPE, "an emergency does not wait in line"
    assert (told.stage, told.side, told.ours) == (Stage.OPEN, Side.ASKER, (Move.WITHDRAW,))
    world.tick(3 * 3600)
    assert requests.tell(row, world.now).late
    came(world, Kind.ACKNOWLEDGEMENT, {}, row.uuid)
    told = requests.tell(row, world.now)
    assert [(one.late, one.done_at is not None) for one in told.due] == [(True, True), (False, False)]
    assert not told.late
    world.tick(60)
    came(world, Kind.ANSWERED, {"answer": "A team is on its way."}, row.uuid)
    assert requests.tell(row, world.now).stage is Stage.ANSWERED
    assert not [one for one in undertakings.due(Question(world.now.date(), world.now), 9) if not one.of.ours]
    assert abouts() == [("request", "sent"), ("acknowledgement", "received"), ("request-answered", "received")]


def test_limits_are_accepted_before_anything_is_delivered(world: World) -> None:
    says: dict[str, form.Said] = {"subject": "information", "about": ["Who?", "And when?"], "urgency": "normal"}
    row = came(world, Kind.REQUEST, says, agreement="BS-XA cyber MoU")
    told = requests.tell(row, world.now)
    assert told.side is Side.ASKED
    (due,) = (one for one in undertakings.due(Question(world.now.date(), world.now), 2) if one.of.ours)
    assert due.item.what.startswith("The Bahamas: acknowledge the request for information")
    with pytest.raises(Refused, match="say limits"):
        requests.move(row.uuid, Move.PUT_LIMITS, {}, "officer", world.now)
    requests.move(row.uuid, Move.PUT_LIMITS, {"limits": "Not as evidence."}, "officer", world.now)
    with pytest.raises(Refused, match="limits to be accepted"):
        requests.move(row.uuid, Move.ANSWER, {"answer": "Them."}, "officer", world.now)
    came(world, Kind.LIMITS, {}, row.uuid)
    requests.move(row.uuid, Move.ANSWER, {"answer": "Them."}, "officer", world.now)
    assert requests.tell(row, world.now).stage is Stage.ANSWERED
    world.tick()
    with pytest.raises(Refused, match="answered"):
        came(world, Kind.WITHDRAWN, {}, row.uuid)
    assert Message.objects.filter(kind="request-withdrawn").count() == 0, "what is out of turn is not kept"


def test_a_preservation_says_what_article_29_asks_and_lasts_sixty_days(world: World) -> None:
    with pytest.raises(Refused, match="custodian"):
        requests.ask(Asked("XA", "preservation", "Logs."), "officer", world.now)
    says = dict.fromkeys(rules.NEEDED, "words")
    sent = requests.ask(Asked("XA", "preservation", "Logs.", more=says), "officer", world.now)
    assert sent.awaited.count() == 0, "no clause sets a time where no agreement is named"
    row = came(world, Kind.REQUEST, {"subject": "preservation", "about": "Logs.", "urgency": "normal", **says})
    requests.move(row.uuid, Move.ACCEPT, {"days": "10"}, "officer", world.now)
    accepted = messages.read_row(requests.tell(row, world.now).messages[-1])
    assert accepted.text("preserved_until") == "2027-01-01"
    with pytest.raises(Refused, match="no partner"):
        requests.ask(Asked("ZZ", "advice", "Which?"), "officer", world.now)
    with pytest.raises(Refused, match="does not bind"):
        requests.ask(Asked("XI", "advice", "Which?", agreement=MOU), "officer", world.now)


def test_by_letter_and_withdrawn(world: World) -> None:
    row = requests.ask(Asked("XA", "advice", "Which standard?", agreement=MOU), "officer", world.now, "paper")
    assert row.collection is None, "it goes on paper, and stands in no collection"
    way = Way("paper", "letter of 4 November", at=world.now)
    following.write_down(Words(Kind.ACKNOWLEDGEMENT, "XA", {}, in_reply_to=row.uuid), way, "officer", world.now)
    requests.move(row.uuid, Move.WITHDRAW, {}, "officer", world.now)
    assert requests.tell(row, world.now).stage is Stage.WITHDRAWN
    assert not [one for one in undertakings.due(Question(world.now.date(), world.now), 9) if not one.of.ours]


@bounds(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Move), st.sampled_from(Side)), max_size=8))
def test_nothing_is_delivered_under_limits_that_were_not_accepted(moves: list[tuple[Move, Side]]) -> None:
    """Beside the naive truth: an answer may come only if every limit put before it was accepted after it."""
    at, made = Stage.OPEN, list[Move]()
    for move, side in moves:
        if move in rules.open_to(at, side):
            made.append(move)
            at = rules.stage(made)
            assert at is MOVES[rules.stage(made[:-1])][move]
    if Move.ANSWER in made:
        before = made[: made.index(Move.ANSWER)]
        limits = [place for place, one in enumerate(before) if one is Move.PUT_LIMITS]
        assert all(Move.ACCEPT_LIMITS in before[place:] for place in limits)
    assert [one for one in made if one in {Move.ANSWER, Move.REFUSE, Move.WITHDRAW}] == made[-1:][
        : at not in MOVES
    ]  # the end is the end
