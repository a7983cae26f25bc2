"""A recall reaches all who were given it and nobody else, first of all that waits, and stays followed up."""

import json
import os
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from comity.acts import explaining, keys, messages, recalls, receipts, sharing, undertakings
from comity.acts.agreements import Rejected
from comity.ledger import entries, notes
from comity.ledger import messages as form
from comity.ledger.messages import Kind
from comity.models import Holder, LedgerEntry, Recall
from comity.policy.handling import Terms
from comity.policy.markings import Tlp
from comity.policy.recalls import Reached
from comity.policy.undertaking_words import State
from comity.policy.undertakings import Asked
from comity.stix.objects import Accepted, read
from tests.acts.test_withdrawal import received, withdraw
from tests.journeys.world import PATH, START, World, indicator, relationship, stix_id

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
HISTORIES = int(os.environ.get("COMITY_RECALLS", "4"))
A, B = stix_id("indicator", "a"), stix_id("indicator", "b")


def ask_back(world: World, one: str = A, do: str = "delete") -> Recall:
    world.tick()
    return recalls.recall(recalls.Ordered(one, do, "a false positive"), "officer", world.now)


def notices(world: World, code: str) -> list[dict[str, Any]]:
    return [one for one in world.objects(code) if one["type"] == form.TYPE]


def post(world: World, code: str, *objects: dict[str, Any]) -> dict[str, Any]:
    body = json.dumps({"objects": objects}).encode()
    answer: dict[str, Any] = json.loads(world.get(code, PATH + "objects/", method="POST", body=body).body)
    return answer


def reply(notice: dict[str, Any], kind: Kind, code: str, name: str = "1") -> form.Message:
    return form.draft(kind, stix_id("x", name).removeprefix("x--"), "2026-11-02T09:00:00.000Z", code, "BS",
                      {"words": "seen"}, in_reply_to=notice["id"].removeprefix(f"{form.TYPE}--"))  # fmt: skip


def as_object(message: form.Message) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(form.encode(message))
    return value


def test_it_reaches_those_who_were_given_it_and_only_them() -> None:
    world = World()
    world.share(indicator("a", "GREEN"), indicator("b", "GREEN"))
    assert {one["id"] for one in world.objects("XA")} == {A, B}
    json.loads(world.get("XI", PATH + "manifest/").body)
    row = ask_back(world)
    assert [one.party_id for one in Holder.objects.filter(recall=row)] == ["XA"], "a manifest gives no object"
    (notice,) = notices(world, "XA")
    assert notice["says"]["versions"] == [f"{A} {world_version()}"]
    assert notice["says"]["what_to_do"] == "delete"
    assert [one["id"] for one in world.objects("XI")] == [B], "who was never given it sees neither it nor a notice"
    assert not [one for one in world.objects("XN") if one["type"] == form.TYPE]
    kinds = [type(entries.decode(bytes(leaf))).__name__ for leaf in LedgerEntry.objects.filter(log__party="XA")
             .order_by("index").values_list("leaf", flat=True)]  # fmt: skip
    assert kinds[-3:] == ["Said", "Recall", "Delivery"]
    told = recalls.told(row, world.now)
    assert [one.state for one in told.holders] == [Reached.NOTIFIED]
    words = [template.format(**params) for template, params in told.beyond]
    assert any("learned the id" in line for line in words), words
    assert all(report.ok for report in receipts.audit_all(settings.DATA).values())


def world_version() -> str:
    return "2026-11-02T08:00:00.000Z"


def test_after_a_week_away_the_notice_comes_first() -> None:
    world = World()
    world.share(indicator("a", "GREEN"))
    last = world.get("XA", PATH + "objects/").headers["X-TAXII-Date-Added-Last"]
    for day in range(3):
        world.tick(86_400)
        world.share(indicator(f"new{day}", "GREEN"), indicator(f"more{day}", "GREEN"))
    ask_back(world)
    for day in range(3, 7):
        world.tick(86_400)
        world.share(indicator(f"new{day}", "GREEN"))
        explaining.decide(stix_id("indicator", f"new{day}"), "XA", world.now)  # draws the view up, and fixes no order
    second = stix_id("indicator", "new0")
    assert not Holder.objects.filter(recall=ask_back(world, second)).exists(), "nobody has been given it yet"
    walked: list[str] = []
    after = last
    while True:
        answer = world.get("XA", PATH + "objects/", f"added_after={after}&limit=2")
        found = json.loads(answer.body).get("objects", [])
        if not found:
            break
        walked += [one["id"] for one in found]
        after = answer.headers["X-TAXII-Date-Added-Last"]
    assert walked[0].startswith(form.TYPE)
    names = [f"{kind}{day}" for day in range(3) for kind in ("new", "more")] + [f"new{day}" for day in range(3, 7)]
    assert walked[1:] == [stix_id("indicator", one) for one in names if one != "new0"]


def test_in_the_midst_of_a_walk_it_comes_next_and_nothing_is_lost() -> None:
    world = World()
    world.share(*(indicator(f"n{k}", "GREEN") for k in range(6)))
    first = json.loads(world.get("XA", PATH + "objects/", "limit=2").body)
    ask_back(world, first["objects"][0]["id"])
    rest = json.loads(world.get("XA", PATH + "objects/", f"limit=9&next={first['next']}").body)["objects"]
    assert rest[0]["type"] == form.TYPE
    everything = {one["id"] for one in [*first["objects"], *rest[1:]]}
    assert everything == {stix_id("indicator", f"n{k}") for k in range(6)}


def test_a_partner_answers_by_its_client_and_the_log_says_so() -> None:
    world = World()
    world.token("XA", write=True)
    world.secrets.pop("XA")
    world.token("XA", write=True)
    world.share(indicator("a", "GREEN"))
    world.objects("XA")
    row = ask_back(world)
    (notice,) = notices(world, "XA")
    assert post(world, "XA", as_object(reply(notice, Kind.ACKNOWLEDGEMENT, "XA")))["success_count"] == 1
    assert recalls.told(row, world.now).holders[0].state is Reached.ACKNOWLEDGED
    done = reply(notice, Kind.DELETED, "XA", "2")
    assert post(world, "XA", as_object(done))["success_count"] == 1
    assert post(world, "XA", as_object(done))["success_count"] == 1, "again is no error, and nothing new"
    told = recalls.told(row, world.now)
    assert told.done
    assert [one.signed for one in told.holders[0].answers] == ["no", "no"]
    steps = [entry.step for entry in _entries("XA") if isinstance(entry, entries.Recall)]
    assert steps == ["issued", "acknowledged", "deleted"]
    assert not [one for one in world.objects("XI") if one["type"] == form.TYPE], "what came is for us alone"
    foreign = reply(notice, Kind.DELETED, "XI", "3")
    assert "from XI to BS, and came from XA" in post(world, "XA", as_object(foreign))["failures"][0]["message"]


def _entries(party: str) -> list[entries.Entry]:
    rows = LedgerEntry.objects.filter(log__party=party).order_by("index").values_list("leaf", flat=True)
    return [entries.decode(bytes(leaf)) for leaf in rows]


def test_a_signature_by_a_key_on_file_is_checked() -> None:
    world = World()
    world.secrets.pop("XA")
    world.token("XA", write=True)
    world.share(indicator("a", "GREEN"))
    world.objects("XA")
    row = ask_back(world)
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    (notice,) = notices(world, "XA")
    line = notes.Verifier(form.log_name("XA", "BS"), public).text()
    messages.keep_key("XA", line, "handed over at the meeting of 3 May", "officer", world.now)
    good = form.sign(reply(notice, Kind.ACKNOWLEDGEMENT, "XA"), public, private.sign)
    forged = {**as_object(good), "says": {"words": "something else"}}
    assert "does not verify" in post(world, "XA", forged)["failures"][0]["message"]
    assert post(world, "XA", as_object(good))["success_count"] == 1
    assert [one.signed for one in recalls.told(row, world.now).holders[0].answers] == ["yes"]
    ours = keys.load(settings.DATA)
    ring = notes.keyring([notes.Verifier(form.log_name("BS", "XA"), ours.active.public)])
    assert form.signed_by(form.decode(json.dumps(notice).encode()), ring, keys.verify_signature) is not None


def test_by_letter_and_what_is_late() -> None:
    world = World()
    world.share(indicator("a", "GREEN"))
    world.objects("XA")
    row = ask_back(world)
    (one,) = recalls.told(row, world.now).holders
    assert (one.clock, one.acknowledge_by) == ("A5 BS-XA cyber MoU", world.now + timedelta(hours=2))
    (due,) = (one for one in undertakings.due(Asked(world.now.date(), world.now), 3) if not one.of.ours)
    assert (due.item.what, due.item.state) == (f"Republic of Ardenia acknowledges the recall of {A}", State.DUE)
    world.tick(3 * 3600)
    assert recalls.told(row, world.now).holders[0].late
    way = messages.Way("paper", "letter of 5 November", at=world.now)
    recalls.answered(one.holder, Kind.DELETED, way, "officer", world.now)
    assert recalls.told(row, world.now).done
    assert not [one for one in undertakings.due(Asked(world.now.date(), world.now), 3) if not one.of.ours]
    with pytest.raises(messages.Refused, match="source"):
        recalls.answered(one.holder, Kind.DELETED, messages.Way("paper"), "officer", world.now)


def test_it_does_not_come_back_from_anywhere() -> None:
    world = World()
    link = relationship("ab", "GREEN", A, B)
    world.share(indicator("a", "GREEN"), indicator("b", "GREEN"), link)
    ask_back(world)
    assert {one["id"] for one in world.objects("XA")} == {B}, "what rests on it goes with it"
    later = indicator("a", "GREEN", START + timedelta(hours=1))
    other = world.collect("other", 7)
    for outcome in (world.share(indicator("a", "GREEN")), world.share(later), received(world, later),
                    world.share(later, collection=other)):  # fmt: skip
        assert "recalled" in outcome.refused[0][1]
    with pytest.raises(Rejected, match="there is no object"):
        ask_back(world, stix_id("indicator", "nobody's"))


def test_a_correction_by_its_giver_takes_its_place() -> None:
    world = World()
    world.share(indicator("a", "GREEN"))
    world.objects("XA")
    ask_back(world, do="correct")
    later = indicator("a", "GREEN", START + timedelta(hours=1))
    assert received(world, later).refused, "somebody else's is no correction"
    assert world.share(indicator("a", "GREEN")).refused
    assert world.share(later).stored == [0]
    assert [one["type"] for one in world.objects("XA")] == [form.TYPE, "indicator"]


def test_what_waited_for_its_parts_stays_away_too() -> None:
    world = World()
    link = relationship("ab", "GREEN", A, B)
    world.share(indicator("a", "GREEN"), link)
    ask_back(world, link["id"])
    world.share(indicator("b", "GREEN"))
    assert {one["id"] for one in world.objects("XA")} == {A, B}


def test_what_its_originator_takes_back_is_asked_back_from_all_others() -> None:
    world = World()
    found = [read(json.dumps(indicator(name, "GREEN")).encode()) for name in ("a", "b")]
    good = [one for one in found if isinstance(one, Accepted)]
    terms = Terms(Tlp.RED, "XA", "prevention", received_under=("caribbean-cert-circle", ""))  # its members may have it
    sharing.accept(world.collection, good, terms, "xa-1", world.now)
    assert {one["id"] for one in world.objects("XI")} == {A, B}
    assert withdraw(world, A)
    (notice,) = notices(world, "XI")
    assert '"XA"' not in json.dumps(notice), "whose it was is not said"
    world.secrets.pop("XA")
    world.token("XA", write=True)
    own = form.draft(Kind.RECALL, "0d7f2b0e-3f1e-4a55-8d0a-7b1f0c4e8a21", "2026-11-02T09:00:00.000Z", "XA", "BS",
                     {"recall": "r", "what_to_do": "delete", "reason": "wrong",
                      "versions": [f"{B} {world_version()}"]})  # fmt: skip
    assert post(world, "XA", as_object(own))["success_count"] == 1
    assert len(notices(world, "XI")) == 2
    assert {one["id"] for one in world.objects("XI") if one["type"] != form.TYPE} == set()
    assert [one.step for one in _entries("XA") if isinstance(one, entries.Recall)][-1] == "tombstone"


steps = st.lists(
    st.tuples(
        st.sampled_from(("share", "poll", "manifest", "recall")), st.sampled_from(("XA", "XI", "XN")),
        st.integers(0, 3), st.sampled_from(("CLEAR", "GREEN", "AMBER", "AMBER+STRICT")),
    ),
    min_size=4, max_size=14,
)  # fmt: skip


@bounds(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(steps)
def test_over_histories_all_who_have_it_are_told_and_only_they(history: list[tuple[str, str, int, str]]) -> None:
    with transaction.atomic():
        world = World()
        has: dict[str, set[str]] = {}
        owed: dict[str, set[str]] = {code: set() for code in ("XA", "XI", "XN")}
        for what, code, n, tlp in history:
            world.tick()
            name = stix_id("indicator", f"n{n}")
            if what == "share":
                world.share(indicator(f"n{n}", tlp))
            elif what == "poll":
                for one in world.objects(code):
                    has.setdefault(one["id"], set()).add(code)
            elif what == "manifest":
                world.get(code, PATH + "manifest/")
            elif not Recall.objects.filter(stix_id=name).exists():
                try:
                    recalls.recall(recalls.Ordered(name, "stop use", "wrong"), "officer", world.now)
                except Rejected:
                    continue
                for holder in has.get(name, ()):
                    owed[holder].add(name)
        for code, names in owed.items():
            told = {line.partition(" ")[0] for one in notices(world, code) for line in one["says"]["versions"]}
            assert told == names
        transaction.set_rollback(True)
