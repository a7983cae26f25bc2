"""The blind match: the right answer, to both alike, and nothing else to either."""

import json
import os
import time
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256, sha512

import pytest
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from comity.acts import blind, blind_matching, following, messages
from comity.acts.messages import Refused, Way
from comity.ledger import messages as form
from comity.ledger.messages import Kind
from comity.models import BlindMatch, LedgerEntry, Message
from comity.policy import blind as rules
from comity.policy.blind import Terms, ValueKind
from tests.acts.test_withdrawal import received
from tests.journeys.world import World, indicator, stix_id

LARGE = int(os.environ.get("COMITY_BLIND", "200"))
"""Values of each side in the test of size."""


class Partner:
    """The other side, as its own program plays it. `sent` is all that ever left it."""

    def __init__(self, values: Iterable[str], key: bytes = b"") -> None:
        self.values, self.key = list(values), key or blind.secret()

    def offer(self) -> list[bytes]:
        return blind.blinded(map(blind.point, self.values), self.key)

    def answer(self, theirs: list[bytes], mode: str) -> tuple[list[bytes], list[bytes]]:
        both = blind.blinded(blind.checked(theirs), self.key)
        return (sorted(both) if mode == "count" else both), self.offer()


def points(message: form.Message, name: str) -> list[bytes]:
    return [b64decode(line) for line in message.lines(name)]


def written(values: list[bytes]) -> list[str]:
    return [b64encode(one).decode() for one in values]


def came(world: World, kind: Kind, says: Mapping[str, object], reply_to: str = "", name: str = "1") -> None:
    made = form.draft(kind, stix_id("x", f"{kind}{name}").removeprefix("x--"), "2026-11-02T09:00:00.000Z", "XA", "BS",
                      says, in_reply_to=reply_to)  # type: ignore[arg-type] # fmt: skip
    following.take("XA", form.encode(made), Way(), "xa-1", world.now)


def last(kind: Kind) -> form.Message:
    return messages.read_row(Message.objects.filter(kind=kind.value, direction="sent").latest("id"))


@pytest.fixture
def world(db: None) -> World:
    del db
    made = World()
    made.share(*(indicator(f"n{k}", "AMBER") for k in range(16)))
    return made


def ours(*numbers: int) -> list[str]:
    return [f"domain-name n{k}.example" for k in numbers]


TERMS = Terms("count", (ValueKind.DOMAIN,))


@pytest.mark.both_stores
@pytest.mark.parametrize("mode", ["count", "which"])
def test_we_ask_and_both_learn_the_same(world: World, mode: str) -> None:
    match = blind_matching.offer("XA", Terms(mode, (ValueKind.DOMAIN,)), "officer", world.now)
    them = Partner([*ours(3, 5, 15), *(f"domain-name theirs{k}.example" for k in range(9))])
    both, own = them.answer(points(last(Kind.MATCH_OFFER), "points"), mode)
    came(world, Kind.MATCH_ANSWER, {"both": written(both), "points": written(own)}, match.thread)
    match.refresh_from_db()
    assert (match.state, match.common, match.our_size, match.their_size) == ("done", 3, 16, 12)
    assert match.which == (sorted(ours(3, 5, 15)) if mode == "which" else [])
    assert (bytes(match.secret), match.values) == (b"", []), "what took part is erased"
    closing = points(last(Kind.MATCH_CLOSING), "both")
    assert len(set(closing) & set(both)) == 3, "they count the same"
    if mode == "which":
        assert [value for value, one in zip(them.values, closing, strict=True) if one in set(both)] == ours(3, 5, 15)
    abouts = [json.loads(bytes(leaf)).get("about") for leaf in LedgerEntry.objects.filter(log__party="XA")
              .order_by("index").values_list("leaf", flat=True)]  # fmt: skip
    assert [one for one in abouts if one] == ["match-offer", "match-answer", "match-closing"]


@pytest.mark.parametrize("mode", ["count", "which"])
def test_they_ask_and_an_officer_answers(world: World, mode: str) -> None:
    them = Partner([*ours(0, 1), *(f"domain-name theirs{k}.example" for k in range(10))])
    offer = {"mode": mode, "kinds": ["domain-name"], "points": written(them.offer())}
    came(world, Kind.MATCH_OFFER, offer)
    match = BlindMatch.objects.get()
    blind_matching.accept(match, "officer", world.now)
    answer = last(Kind.MATCH_ANSWER)
    of_ours = blind.blinded(points(answer, "points"), them.key)
    common = set(points(answer, "both")) & set(of_ours)
    assert len(common) == 2
    with pytest.raises(Refused, match="holds 15 of our 16"):
        came(world, Kind.MATCH_CLOSING, {"both": written(of_ours[:-1])}, match.thread, "short")
    assert not Message.objects.filter(kind="match-closing").exists(), "what is refused is not kept"
    came(world, Kind.MATCH_CLOSING, {"both": written(sorted(of_ours) if mode == "count" else of_ours)}, match.thread)
    match.refresh_from_db()
    assert (match.state, match.common, match.their_size) == ("done", 2, 12)
    assert match.which == (ours(0, 1) if mode == "which" else [])
    with pytest.raises(Refused, match="answers no match"):
        came(world, Kind.MATCH_CLOSING, {"both": written(of_ours)}, match.thread, "again")


def test_what_would_let_one_guess_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="there are 0 values"):
        blind_matching.offer("XA", Terms("count", (ValueKind.IPV4,)), "officer", world.now)
    with pytest.raises(Refused, match="no agreement"):
        blind_matching.offer("ZZ", TERMS, "officer", world.now)
    few = {"mode": "count", "kinds": ["domain-name"], "points": written(Partner(ours(1)).offer())}
    with pytest.raises(Refused, match="10 to 20000"):
        came(world, Kind.MATCH_OFFER, few)
    bad = {**few, "points": written([b"\1" + bytes(31)] * 12)}
    with pytest.raises(Refused, match="none of the group"):
        came(world, Kind.MATCH_OFFER, bad)
    twice = {**few, "points": written(Partner(ours(*range(6))).offer() * 2)}
    with pytest.raises(Refused, match="twice"):
        came(world, Kind.MATCH_OFFER, twice)
    for _ in range(rules.MOST_MATCHES):
        blind_matching.refuse(blind_matching.offer("XA", TERMS, "officer", world.now), "", "officer", world.now)
    with pytest.raises(Refused, match="one by one"):
        blind_matching.offer("XA", TERMS, "officer", world.now)


def test_what_others_gave_us_takes_no_part(world: World) -> None:
    before = blind_matching.values((ValueKind.DOMAIN,))
    received(world, indicator("from ardenia", "GREEN"))
    assert blind_matching.values((ValueKind.DOMAIN,)) == before == sorted(ours(*range(16)))


def test_the_transcript_says_nothing_else(world: World) -> None:
    """All that goes over the wire, held against what a simulator can write who knows only sizes and the answer."""
    match = blind_matching.offer("XA", TERMS, "officer", world.now)
    them = Partner([*ours(1, 2), *(f"domain-name theirs{k}.example" for k in range(10))])
    sent = points(last(Kind.MATCH_OFFER), "points")
    both, own = them.answer(sent, "count")
    came(world, Kind.MATCH_ANSWER, {"both": written(both), "points": written(own)}, match.thread)
    closing = points(last(Kind.MATCH_CLOSING), "both")

    # No value, no plain hash of one and no unblinded point is in any message, and no secret number.
    wire = "".join(Message.objects.values_list("body", flat=True))
    for value in [*ours(*range(16)), *them.values]:
        name = value.partition(" ")[2]
        hidden = (name, sha256(name.encode()).hexdigest(), sha512(value.encode()).hexdigest(),
                  b64encode(blind.point(value)).decode(), b64encode(blind.point(name)).decode())  # fmt: skip
        assert not [one for one in hidden if one in wire]
    assert b64encode(them.key).decode() not in wire

    # What they get of ours is as many points as we have values, and the double ones in an order that is their own.
    assert len(sent) == len(set(sent)) == len(both) == 16
    assert both == sorted(both)
    assert closing == sorted(closing)

    # Their answer about our points depends on our points and their number alone, not on what else they have.
    other = Partner([f"domain-name elsewhere{k}.example" for k in range(12)], them.key)
    assert other.answer(sent, "count")[0] == both
    assert other.answer(sent[::-1], "count")[0] == both, "nor on the order in which we asked"

    # A simulator who puts random points for all that does not coincide writes a transcript with the same answer.
    common = set(closing) & set(both)
    made_up = [*common, *(blind.blinded([blind.point(f"noise {k}")], blind.secret())[0] for k in range(10))]
    assert len(set(made_up) & set(both)) == match_common(match)

    # Another match of the same values shares no point with this one: two matches cannot be joined.
    again = blind_matching.offer("XA", TERMS, "officer", world.now)
    assert not set(points(last(Kind.MATCH_OFFER), "points")) & set(sent)
    assert again.values != sorted(again.values), "our values are offered in no order of their own"


def match_common(match: BlindMatch) -> int:
    match.refresh_from_db()
    return match.common or 0


def test_it_is_right_and_quick_on_large_sets() -> None:
    """Both sides' whole arithmetic for `LARGE` × `LARGE` values; COMITY_BLIND=10000 prints what it took."""
    half = LARGE // 2
    a = Partner(f"domain-name x{k}.example" for k in range(LARGE))
    b = Partner(f"domain-name x{k}.example" for k in range(half, half + LARGE))
    began = time.process_time()
    both, own = b.answer(a.offer(), "count")
    closing = sorted(blind.blinded(blind.checked(own), a.key))
    assert len(set(both) & set(closing)) == LARGE - half
    print(f"{LARGE} × {LARGE}: {time.process_time() - began:.1f} s of CPU, both sides")  # noqa: T201 - when asked for


@bounds(max_examples=15, deadline=None)
@given(st.sets(st.text(max_size=6), max_size=12), st.sets(st.text(max_size=6), max_size=12))
def test_any_two_sets_are_counted_as_python_counts_them(first: set[str], second: set[str]) -> None:
    a, b = Partner(sorted(first)), Partner(sorted(second))
    both, own = b.answer(a.offer(), "which")
    closing = blind.blinded(own, a.key)
    assert {v for v, one in zip(a.values, both, strict=True) if one in set(closing)} == first & second
