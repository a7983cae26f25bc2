"""A question for consent and its answer: signed and in turn, by the clause's clock, silence as the clause has it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from comity.acts import agreements, consent_questions, following, law, messages, undertakings
from comity.acts.consent_questions import Answered, Asked, ask, tell, withdraw
from comity.acts.messages import Refused, Way, Words
from comity.ledger import messages as form
from comity.ledger import notes
from comity.ledger.messages import Kind, Said
from comity.models import Consent, Message, SingledOut
from comity.policy.consent_scopes import Reach, Scope
from comity.policy.consents import Outcome
from comity.policy.life_events import EventKind
from comity.policy.undertakings import Asked as Question
from tests.acts.test_consent_scopes import MOU, derived, of, received, sees
from tests.journeys.world import FILES, World, indicator, stix_id

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


@pytest.fixture
def world(db: None) -> World:
    del db
    made = World()
    received(made, indicator("a", "GREEN"), indicator("b", "GREEN"), derived("c", "a"))
    return made


def asked(world: World, scope: Scope | None = None, **other: Any) -> Message:
    world.tick()
    said: dict[str, Any] = {"third": ("XI",), "reason": "They run the same ports.", **other}
    return ask(Asked("XA", said["third"], MOU, scope or of("a"), said["reason"], said.get("objects", ())), "officer",
               world.now)  # fmt: skip


def came(world: World, says: dict[str, Said], reply_to: str = "", kind: Kind = Kind.ANSWER, *,
         signed: bool = True) -> Message:  # fmt: skip
    """Take in a message of Ardenia's, signed by a key that it handed over."""
    world.tick()
    if signed:
        line = notes.Verifier(form.log_name("XA", "BS"), PUBLIC).text()
        messages.keep_key("XA", line, "handed over", "officer", world.now)
    uuid = stix_id("x", f"{kind}{world.now.isoformat()}").removeprefix("x--")
    made = form.draft(kind, uuid, messages.stamp(world.now), "XA", "BS", says, "BS-XA cyber MoU", in_reply_to=reply_to)
    made = form.sign(made, PUBLIC, KEY.sign) if signed else made
    row = following.take("XA", form.encode(made), Way(), "xa-1", world.now)
    assert row is not None
    return row


@pytest.mark.both_stores
def test_a_question_is_asked_answered_on_conditions_and_taken_back_at_once(world: World) -> None:
    row = asked(world)
    (read,) = [one for one in world.objects("XA") if one["type"] == form.TYPE]
    assert read["says"]["third_party"] == ["XI"]
    assert read["says"]["objects"][0].startswith(stix_id("indicator", "a") + " ")
    told = tell(row, world.now)
    assert (told.outcome, told.ours, told.due is not None) == (Outcome.ASKED, True, True)
    assert sees(world) == []
    came(world, {"answer": "yes", "third_party": ["XI"], "tlp_up_to": "GREEN", "until": "2030-01-01",
                 "conditions": "Not to be published."}, row.uuid)  # fmt: skip
    told = tell(row, world.now)
    assert [(one.given, one.most_tlp, one.words, str(one.until)) for one in told.consents] == [
        (True, "GREEN", "Not to be published.", "2030-01-01")]  # fmt: skip
    assert told.outcome is Outcome.YES
    assert sorted(sees(world)) == ["a", "c"]
    due = undertakings.due(Question(world.now.date(), world.now), 99)
    assert not [one for one in due if "consent" in one.item.what]
    came(world, {"answer": "withdrawn"}, row.uuid)
    assert sees(world) == []
    assert tell(row, world.now).outcome is Outcome.NO


def test_a_yes_has_to_be_signed_or_come_by_letter_and_a_no_is_always_heard(world: World) -> None:
    row = asked(world, third=("XI", "XN"))
    with pytest.raises(Refused, match="a yes has to be signed"):
        came(world, {"answer": "yes"}, row.uuid, signed=False)
    assert Consent.objects.count() == 0
    came(world, {"answer": "no"}, row.uuid, signed=False)
    assert Consent.objects.filter(given=False).count() == 2
    said = Words(Kind.ANSWER, "XA", {"answer": "yes", "third_party": ["XI"]}, in_reply_to=row.uuid)
    following.write_down(said, Way(Message.Road.PAPER, "letter of 9 November"), "officer", world.now)
    assert sorted(sees(world)) == ["a", "c"]
    assert sees(world, "XN") == [], "yes for one of two is no for the other"
    assert Consent.objects.order_by("sequence").first().source.startswith("message ")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("scope", "other", "said"),
    [
        (Scope(Reach.OBJECT, "indicator--0"), {}, "there is no object"),
        (Scope(Reach.KIND), {}, "name one at least"),
        (Scope(), {"third": ()}, "name the third party"),
        (Scope(), {"third": ("XA",)}, "“XA” is no third party"),
        (Scope(), {"third": ("QQ",)}, "no partner “QQ”"),
        (Scope(), {"reason": " "}, "say why"),
    ],
)
def test_a_question_about_nothing_or_for_nobody_is_refused(world: World, scope: Scope, other: dict[str, Any],
                                                           said: str) -> None:  # fmt: skip
    with pytest.raises(Refused, match=said):
        asked(world, scope, **other)
    assert Message.objects.count() == 0


def test_what_is_ours_is_asked_of_us_answered_and_taken_back_by_us(world: World) -> None:
    world.share(indicator("ours", "GREEN"))
    says: dict[str, Said] = {"third_party": ["XR"], "scope": "kind", "information": "technical indicators",
                             "reason": "Their ports, too."}  # fmt: skip
    row = came(world, says, kind=Kind.QUESTION)
    told = tell(row, world.now)
    assert (told.ours, told.third, told.scope.information) == (False, ("XR",), "technical indicators")
    (due,) = [one for one in undertakings.due(Question(world.now.date(), world.now), 30) if one.of.ours]
    assert "consent to passing on to XR" in due.item.what
    with pytest.raises(Refused, match="nobody asked for XI"):
        consent_questions.answer(row.uuid, Answered(given=True, third=("XI",)), "officer", world.now)
    with pytest.raises(Refused, match="a “no” has no conditions"):
        consent_questions.answer(row.uuid, Answered(given=False, words="please"), "officer", world.now)
    consent_questions.answer(row.uuid, Answered(given=True, words="Say where it is from."), "officer", world.now)
    assert tell(row, world.now).outcome is Outcome.YES
    withdraw(row.uuid, "officer", world.now)
    assert tell(row, world.now).outcome is Outcome.NO
    sent = [json.loads(one.body)["says"] for one in Message.objects.filter(direction="sent").order_by("id")]
    assert [one["answer"] for one in sent] == ["yes", "withdrawn"]
    with pytest.raises(Refused, match="is no TLP label"):
        came(world, {**says, "tlp_up_to": "MAUVE"}, kind=Kind.QUESTION)


def with_silence(world: World, means: str) -> None:
    """Amend the memorandum: silence counts after five working days."""
    text = (Path(FILES) / "bs-ar-cyber-mou.yaml").read_text()
    text = text.replace("silence_means: refusal", f"silence_means: {means}\n    silence_after: 5 working days")
    lines = [line for line in text.splitlines() if "originator_consent: silence" not in line]
    happened = agreements.Happened(EventKind.AMENDMENT, world.now.date(), "exchange of notes")
    agreements.amend(MOU, "\n".join(lines).encode(), "amended.yaml", happened, "officer", world.now)


def test_silence_opens_on_its_day_where_the_clause_says_so_until_an_answer_comes(world: World) -> None:
    with_silence(world, "consent")
    row = asked(world)
    assert SingledOut.objects.exists()
    world.now += timedelta(days=3)
    assert sees(world) == []
    world.now += timedelta(days=9)
    assert tell(row, world.now).late
    assert sorted(sees(world)) == ["a", "c"]
    came(world, {"answer": "no"}, row.uuid)
    assert sees(world) == []


def test_silence_for_counsel_opens_nothing_and_says_so_and_a_question_taken_back_is_no_silence(world: World) -> None:
    with_silence(world, "refer to counsel")
    row = asked(world)
    world.now += timedelta(days=12)
    assert sees(world) == []
    number, judged = next((n, one) for n, one in law.rulings("XI", world.now).items()
                          if getattr(one, "verdict", "") == "refer to counsel")  # fmt: skip
    assert number
    assert any("what the originator’s silence means" in one.says for one in judged.grounds)
    withdraw(row.uuid, "officer", world.now)
    world.tick()
    after = law.rulings("XI", world.now).values()
    assert not [one for one in after if getattr(one, "verdict", "") == "refer to counsel"]
    with pytest.raises(Refused, match="no longer waits"):
        withdraw(row.uuid, "officer", world.now)
