"""Events of MISP by the real converter: what comes of each, who may have it, and what is refused without a trace."""

import copy
import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity import beside, environment
from comity.acts import gathering, intake, misp_events, misp_files
from comity.commands import failures
from comity.converting import misp
from comity.models import StoredVersion
from comity.policy.misp import Telling, limits
from comity.stix import streams
from comity.stix.faults import Fault
from tests.journeys.world import World

STEM = "0b0e4d53-6f0e-4d2f-9a44-4c7ab1c1"
OURS, THEIRS = {"name": "CIRT-BS", "uuid": f"{STEM}0900"}, {"name": "CERT-XA", "uuid": f"{STEM}0901"}
PAIR = {"id": "7", "name": "Pair", "SharingGroupOrg": [{"Organisation": OURS}, {"Organisation": THEIRS}]}
ASKED = misp_events.Asked(((OURS["uuid"], "BS"), ("cert-xa", "XA")))
SAID = intake.Said(purpose="prevention")


def attribute(number: int, kind: str, value: str, **more: Any) -> dict[str, Any]:
    return {"uuid": f"{STEM}{number:04d}", "type": kind, "category": "Network activity", "value": value, "to_ids": True,
            "timestamp": "1793000000", **more}  # fmt: skip


def event(number: int, creator: dict[str, str], *attributes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Event": {"uuid": f"{STEM}{number:04d}", "info": f"Event {number}", "timestamp": "1793000000",
                      "published": True, "publish_timestamp": "1793000000", "distribution": "3", "Orgc": creator,
                      "Tag": [{"name": "tlp:green"}, {"name": "PAP:AMBER"}], "Attribute": list(attributes),
                      **more}}  # fmt: skip


FILE = [
    event(1, OURS, attribute(2, "ip-dst", "203.0.113.9"), attribute(3, "domain", "one.example", distribution="0"),
          attribute(4, "email-src", "a@one.example", distribution="4", sharing_group_id="7",
                    SharingGroup=PAIR),
          attribute(5, "md5", "0" * 32, deleted=True)),
    event(10, THEIRS, attribute(11, "domain", "theirs.example")),
    event(20, {"name": "Elsewhere", "uuid": f"{STEM}0999"}, attribute(21, "domain", "two.example")),
    event(30, OURS, {**attribute(31, "domain", "three.example"), "uuid": ""}),
    event(40, OURS, attribute(41, "domain", "drill.example"), Tag=[{"name": "exercise:generic"}]),
    {"Attribute": [attribute(50, "domain", "alone.example")]},
]  # fmt: skip


def take(world: World, content: Any, convert: misp.Converter) -> misp_events.Report:
    run = misp_events.Intake(ASKED, SAID, convert, world.now)
    text = json.dumps({"response": content}).encode()
    return misp_events.take_in([("events.json", text)], world.collection.alias, run, "test", gathering.silent)


@pytest.mark.django_db
def test_events_go_to_each_partner_as_far_as_misp_and_the_agreement_say() -> None:
    world = World()
    with misp.converter() as convert:
        report, again = take(world, FILE, convert), take(world, FILE, convert)
    ours, theirs, *refused = report.events
    assert [(one.originator, one.under, one.tlp, one.within) for one in (ours, theirs)] == [
        ("BS", "", "GREEN", None), ("XA", "bs-xa-cyber-mou", "GREEN", None)]  # fmt: skip
    assert ours.lost == ["deleted attributes: 1"]
    assert ours.narrower > 0
    assert [one.refused.partition(";")[0] for one in refused] == [
        "its creator “Elsewhere” is no party that is known",
        "attribute 1 (domain) has no uuid that can be read",
        "it is tagged as an exercise’s",
        "these are attributes or objects without their event, which says how far they may go",
    ]
    assert not report.is_whole
    assert report.stored is not None
    assert (report.stored.refused, report.stored.waiting) == ([], [])
    world.tick()
    got = {party: {one["id"]: one for one in world.objects(party)} for party in ("XA", "XI", "XN")}
    indicators = {party: {name[-4:] for name in found if name.startswith("indicator")} for party, found in got.items()}
    assert indicators == {"XA": {"0002", "0004", "0011"}, "XI": {"0002"}, "XN": {"0002"}}
    one = got["XI"][f"indicator--{STEM}0002"]
    assert one["labels"][-1] == "PAP:AMBER"
    assert f"indicator--{STEM}0003" not in str(got), "an attribute for our organisation only is nowhere named"
    assert f"email-addr--{STEM}0004" in got["XA"]
    assert "a@one.example" not in str(got["XI"])
    assert again.stored is not None
    assert (again.stored.stored, len(again.stored.refused)) == (0, 0)


@pytest.mark.django_db
def test_a_converter_that_ends_or_cannot_be_had_stores_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world, ends = World(), tmp_path / "ends.py"
    ends.write_text("import sys\nsys.stdin.readline()\nsys.exit('out of memory')\n", encoding="utf-8")
    monkeypatch.setattr(misp, "CHILD", ends)
    with (
        pytest.raises(misp.ConverterLost, match=rf"over event {STEM}0001: out of memory"),
        misp.converter() as convert,
    ):
        take(world, FILE, convert)
    assert not StoredVersion.objects.exists()
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(beside, "_installers", lambda _lock, _python: [(["false"], {})])
    with pytest.raises(misp.ConverterLost, match="check network and pip settings") as told, misp.converter():
        pass
    assert isinstance(told.value, failures.raised_by_rooms())
    wrong = misp_events.Asked(((OURS["uuid"], "QQ"),))
    with pytest.raises(misp_events.EventsRefused, match="--org: there is no party “QQ” here"):
        misp_events.Intake(wrong, SAID, misp.Converter(None, None), world.now)  # type: ignore[arg-type]
    unbound = misp_events.Asked((("cert-xa", "XA"),), "caribbean-cert-circle")
    with pytest.raises(misp_events.EventsRefused, match="no agreement “caribbean-cert-circle” is in force between"):
        misp_events.Intake(unbound, SAID, misp.Converter(None, None), world.now)  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "why"), [
    (b"<html>", "this is no JSON object or list"),
    (b"[]", "there is no event in it"),
    (b'{"response": "none"}', "its “response” holds no events"),
    (b"[3]", "this is no event"),
    (json.dumps({f"{STEM}0001": {"info": "x"}}).encode(), "this is the manifest of a feed; give the files"),
    (b'{"type": "bundle", "objects": []}', "this is STIX already; take it in with comity share"),
])  # fmt: skip
def test_what_is_no_event_is_told_with_the_mend(text: bytes, why: str) -> None:
    (found,) = misp_files.events("file", text)
    assert found.wrong.startswith(why)


JUNK = st.sampled_from([None, 3, "", [], {}, "x", True, [3], {"a": 1}, [["y"]], {"uuid": "z", "distribution": "9"}])


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False), JUNK)
def test_an_event_with_anything_in_any_place_is_read_or_told_and_never_wider(luck: random.Random, junk: Any) -> None:
    whole = copy.deepcopy(FILE[0]["Event"]) | {"Galaxy": [{"GalaxyCluster": [{"value": "c"}]}], "RelatedEvent": [{}]}
    place: Any = whole
    while isinstance(inner := place[key := luck.choice(list(place) if isinstance(place, dict) else range(len(place)))],
                     dict | list) and inner and luck.random() < 0.8:  # fmt: skip
        place = inner
    place[key] = junk
    try:
        read, _left = misp_files.read(json.dumps(whole).encode())
    except misp_files.Unreadable:
        return
    told = Telling("BS", {THEIRS["uuid"]: "XA"})
    kept = limits(read, told).parts.get(f"{STEM}0003")
    if f"{STEM}0003" in str(read["Attribute"]) and key != "distribution":
        assert kept is not None
        assert kept.within == frozenset()


def test_who_shares_an_event_as_if_it_were_stix_is_sent_to_the_right_verb() -> None:
    (fault,) = streams.objects("events.json", json.dumps(FILE[0]).encode())
    assert isinstance(fault, Fault)
    assert fault.mend == "Take it in with comity misp."


def test_the_converter_is_locked_to_the_hash_apart_from_ours() -> None:
    text = misp.LOCK.read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry for entry in entries if not ("==" in entry and "--hash=sha256:" in entry)] == []
    assert beside.version(misp.LOCK, misp.LOCK.with_suffix(".in").read_text(encoding="utf-8").strip())
    assert "misp-stix==" not in (environment.ROOT / "requirements-dev.lock").read_text(encoding="utf-8")


