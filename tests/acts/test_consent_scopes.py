"""Answers about an object, a case or a kind: the narrowest decides, what derives inherits, and nobody else sees it."""

import json
import os
import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from comity.acts import consents, sharing
from comity.acts.agreements import Rejected
from comity.models import SingledOut
from comity.policy.consent_scopes import Reach, Scope
from comity.policy.handling import Terms
from comity.policy.markings import Tlp
from comity.stix.objects import Accepted, read
from tests.journeys.world import MARKING, PATH, SLUGS, START, World, indicator, report, stamp, stix_id

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

MOU = SLUGS["XA"]
SHARED = {"XI": Tlp.GREEN, "XN": Tlp.AMBER}  # up to which label we share with each under its own agreement
HISTORIES = int(os.environ.get("COMITY_CONSENT_HISTORIES", "5"))
SEED = int(os.environ.get("COMITY_SEED", "20261128"))


def received(world: World, *values: dict[str, Any]) -> None:
    """Store objects as ones that Ardenia gave under the memorandum."""
    found = [read(json.dumps(value).encode()) for value in values]
    good = [one for one in found if isinstance(one, Accepted)]
    assert len(good) == len(found), found
    terms = Terms(Tlp.RED, "XA", "prevention", received_under=(MOU, ""))
    sharing.accept(world.collection, good, terms, "test", world.now)


def answer(world: World, scope: Scope, *, given: bool = True, to: str = "XI", **other: Any) -> None:
    world.tick()
    said = consents.Consented("XA", to, MOU, given, world.now.date(), "a letter", scope=scope, **other)
    consents.record_consent(said, "test", world.now)


def of(name: str) -> Scope:
    return Scope(Reach.OBJECT, stix_id("indicator", name))


def sees(world: World, code: str = "XI") -> list[str]:
    """Name the objects that a partner may have, in its order."""
    world.tick()
    names = {stix_id(kind, name): name for kind in ("indicator", "sighting", "report", "relationship", "malware")
             for name in ("a", "b", "c", "d", "r", "s", "l", "ours")}  # fmt: skip
    return [names[one] for one in world.walk(code) if one in names]


def sighting(name: str, target: str) -> dict[str, Any]:
    return {"type": "sighting", "spec_version": "2.1", "id": stix_id("sighting", name), "created": stamp(START),
            "modified": stamp(START), "object_marking_refs": [MARKING["GREEN"]],
            "sighting_of_ref": stix_id("indicator", target)}  # fmt: skip


def derived(name: str, origin: str, tlp: str = "GREEN") -> dict[str, Any]:
    return indicator(name, tlp, x_derived_from_refs=[stix_id("indicator", origin)])


def test_a_yes_for_one_object_opens_it_alone_with_its_later_versions_and_what_derives_from_it() -> None:
    world = World()
    received(world, indicator("a", "GREEN"), indicator("b", "GREEN"), derived("c", "a"), sighting("s", "a"))
    answer(world, of("a"))
    assert sorted(sees(world)) == ["a", "c"], "where it was seen is another thing than what it is"
    received(world, indicator("a", "GREEN", START + timedelta(hours=1)), derived("d", "c"))
    assert sorted(sees(world)) == ["a", "c", "d"]
    assert sees(world, "XN") == []
    answer(world, of("a"), given=False)
    assert sees(world) == []


def test_a_no_for_one_object_stands_against_a_yes_for_all_and_nobody_else_sees_a_difference() -> None:
    world = World()
    received(world, indicator("a", "GREEN"), indicator("b", "GREEN"), sighting("s", "a"), report("r", "GREEN", *(
        stix_id("indicator", name) for name in "ab")))  # fmt: skip
    answer(world, Scope())
    answer(world, Scope(), to="XN")
    before = world.get("XN", PATH + "objects/").body
    assert json.loads(before)["objects"]
    assert sees(world) == ["a", "b", "s", "r"]
    answer(world, of("a"), given=False)
    assert sees(world) == ["b", "r"], "a sighting of it goes no further than it"
    assert json.loads(world.get("XI", PATH + "objects/", "match[type]=report").body)["objects"][0]["object_refs"] == [
        stix_id("indicator", "b")]  # fmt: skip
    assert not json.loads(world.get("XI", f"{PATH}objects/{stix_id('indicator', 'a')}/").body).get("objects")
    received(world, sighting("l", "a"))
    assert sees(world) == ["b", "r"], "what comes later and needs it goes no further either"
    assert world.get("XN", PATH + "objects/", "limit=4").body != b""
    assert sees(world, "XN")[:4] == [*sees_of(before)], "the other third party sees all as it was"
    answer(world, of("a"))
    assert sorted(sees(world)) == ["a", "b", "l", "r", "s"]


def sees_of(body: bytes) -> list[str]:
    names = {stix_id("indicator", "a"): "a", stix_id("indicator", "b"): "b", stix_id("sighting", "s"): "s",
             stix_id("report", "r"): "r"}  # fmt: skip
    return [names[one["id"]] for one in json.loads(body)["objects"]]


def test_a_case_is_what_was_counted_to_it_or_what_its_report_refers_to() -> None:
    world = World()
    a, b, c = (stix_id("indicator", name) for name in "abc")
    received(world, *(indicator(name, "GREEN") for name in "abc"), report("r", "GREEN", a, b))
    answer(world, Scope(Reach.CASE, stix_id("report", "r")))
    assert sorted(sees(world)) == ["a", "b", "r"]
    answer(world, Scope(Reach.CASE, "INC-17"), objects=(c,))
    assert sorted(sees(world)) == ["a", "b", "c", "r"]
    answer(world, Scope(Reach.CASE, "INC-17"), given=False)
    assert sorted(sees(world)) == ["a", "b", "r"]
    answer(world, Scope(Reach.CASE, "INC-18"), given=False, objects=(a,))
    assert sorted(sees(world)) == ["b", "r"], "of two cases a “no” stands"
    answer(world, of("a"))
    assert sorted(sees(world)) == ["a", "b", "r"], "what was said of the object itself is narrower"


def test_a_kind_is_told_by_what_it_is_what_it_is_for_and_how_far_it_reaches() -> None:
    world = World()
    received(world, indicator("a", "GREEN"), indicator("b", "AMBER"))
    answer(world, Scope(Reach.KIND, information="technical indicators", tlp_up_to=Tlp.GREEN))
    assert sees(world) == ["a"]
    answer(world, Scope(), given=False)
    assert sees(world) == ["a"]
    answer(world, of("a"), given=False)
    assert sees(world) == []
    answer(world, of("a"), most_tlp=Tlp.CLEAR)
    assert sees(world) == [], "a yes up to a label is a no above it"
    answer(world, of("a"), most_tlp=Tlp.GREEN, words="Tell us who reads it.")
    assert sees(world) == ["a"]


@pytest.mark.parametrize(
    ("scope", "other", "said"),
    [
        (Scope(Reach.OBJECT), {}, "name what it is about"),
        (Scope(Reach.OBJECT, "indicator--1"), {}, "there is no object “indicator--1” here"),
        (Scope(Reach.OBJECT, stix_id("indicator", "ours")), {}, "did not come from XA"),
        (Scope(Reach.CASE, "INC-1"), {}, "case “INC-1” has no object yet"),
        (Scope(Reach.KIND), {}, "name one at least"),
        (Scope(Reach.KIND, information="gossip"), {}, "“gossip” is no category"),
        (Scope(Reach.KIND, purpose="fun"), {}, "“fun” is no purpose"),
        (Scope(), {"given": False, "words": "politely"}, "a “no” has no conditions"),
    ],
)
def test_an_answer_about_nothing_is_refused_with_its_mend(scope: Scope, other: dict[str, Any], said: str) -> None:
    world = World()
    world.share(indicator("ours", "GREEN"))
    with pytest.raises(Rejected, match=said):
        answer(world, scope, **other)
    assert SingledOut.objects.count() == 0


@dataclass
class Oracle:
    """What was received and answered, read naively: for one third party the names that it may have."""

    marks: dict[str, str] = field(default_factory=dict)
    origin: dict[str, str] = field(default_factory=dict)
    said: list[tuple[str, Scope, bool]] = field(default_factory=list)
    cases: dict[str, set[str]] = field(default_factory=dict)
    """What was counted to each case so far, by anybody's answer."""
    spoken_of: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """What belonged to a case when it was last answered for a third party."""

    def may_have(self, code: str) -> set[str]:
        open_: set[str] = set()
        for name, tlp in self.marks.items():  # in the order of their coming, so an origin is decided before
            rests = self.origin.get(name)
            if Tlp.read(tlp) <= SHARED[code] and self._yes(code, name, tlp) and (rests is None or rests in open_):
                open_.add(name)
        return open_

    def _yes(self, code: str, name: str, tlp: str) -> bool:
        for reach in ("object", "case", "kind", "agreement"):
            last = {scope: yes for to, scope, yes in self.said
                    if to == code and scope.reach == reach and self._speaks(code, scope, name, tlp)}  # fmt: skip
            if last:
                return all(last.values())
        return False

    def _speaks(self, code: str, scope: Scope, name: str, tlp: str) -> bool:
        line = {name}
        while name in self.origin:
            name = self.origin[name]
            line.add(name)
        if scope.reach is Reach.OBJECT:
            return any(scope == of(one) for one in line)
        if scope.reach is Reach.CASE:
            return bool(line & self.spoken_of.get((code, scope.name), set()))
        return scope.tlp_up_to is None or Tlp.read(tlp) <= scope.tlp_up_to


@pytest.mark.parametrize("number", range(HISTORIES))
def test_in_any_history_each_third_party_has_what_the_naive_reader_says_and_loses_nothing(number: int) -> None:
    chance = random.Random(SEED + number)
    world, oracle = World(), Oracle()
    walked: dict[str, tuple[str, set[str]]] = {"XI": ("", set()), "XN": ("", set())}
    for _ in range(chance.randint(6, 12)):
        world.tick()
        if len(oracle.marks) < 2 or chance.random() < 0.4:
            _receive(world, oracle, chance)
        else:
            _answer(world, oracle, chance)
        for code in walked:
            if chance.random() < 0.5:
                _go_on(world, code, walked)
    for code in walked:
        expected = {stix_id("indicator", name) for name in oracle.may_have(code)}
        assert set(world.walk(code)) == expected, (code, oracle)
        _go_on(world, code, walked)
        assert expected <= walked[code][1], (code, oracle)


def _receive(world: World, oracle: Oracle, chance: random.Random) -> None:
    name, tlp = f"n{len(oracle.marks)}", chance.choice(("GREEN", "GREEN", "AMBER"))
    origin = chance.choice(sorted(oracle.marks)) if oracle.marks and chance.random() < 0.4 else ""
    received(world, derived(name, origin, tlp) if origin else indicator(name, tlp))
    oracle.marks[name] = tlp
    if origin:
        oracle.origin[name] = origin


def _answer(world: World, oracle: Oracle, chance: random.Random) -> None:
    name, case = chance.choice(sorted(oracle.marks)), chance.choice(("INC-1", "INC-2"))
    scope = chance.choice((of(name), of(name), Scope(Reach.CASE, case), Scope(Reach.KIND, tlp_up_to=Tlp.GREEN),
                           Scope()))  # fmt: skip
    to = chance.choice(("XI", "XN"))
    objects = (stix_id("indicator", name),) if scope.reach is Reach.CASE else ()
    if objects:
        oracle.cases.setdefault(case, set()).add(name)
        oracle.spoken_of[to, case] = set(oracle.cases[case])
    given = chance.random() < 0.6
    answer(world, scope, given=given, to=to, objects=objects)
    oracle.said.append((to, scope, given))


def _go_on(world: World, code: str, walked: dict[str, tuple[str, set[str]]]) -> None:
    """Resume by the last date seen, as a client does."""
    after, got = walked[code]
    world.tick()
    while True:
        found = world.get(code, PATH + "objects/", f"limit=2&added_after={after}" if after else "limit=2")
        got |= {one["id"] for one in json.loads(found.body).get("objects", ())}
        after = found.headers.get("X-TAXII-Date-Added-Last", after)
        if not json.loads(found.body).get("more"):
            break
    walked[code] = after, got


def test_what_is_said_for_one_third_party_leaves_no_trace_in_anothers_answers() -> None:
    """Two worlds that differ in the answers for XI alone give XN the same bytes, whenever it asks."""
    for number in range(max(2, HISTORIES // 5)):
        seen = [_lived(SEED + number, told=told) for told in (False, True)]
        assert seen[0] == seen[1]


def _lived(seed: int, *, told: bool) -> list[object]:
    chance, seen = random.Random(seed), list[object]()
    with transaction.atomic():
        world = World()
        received(world, *(indicator(f"n{n}", ("GREEN", "AMBER")[n % 2]) for n in range(4)))
        answer(world, Scope(), to="XN")
        for step in range(10):
            name, given, which = f"n{chance.randrange(4)}", chance.random() < 0.5, chance.random()
            world.tick(5)
            if which < 0.3:
                received(world, derived(f"m{step}", name), sighting(f"s{step}", name))
            elif which < 0.5:
                answer(world, of(name), given=given, to="XN")
            elif told:
                scope = chance.choice((of(name), Scope(Reach.CASE, "INC-1"), Scope()))
                objects = (stix_id("indicator", name),) if scope.reach is Reach.CASE else ()
                answer(world, scope, given=given, objects=objects)
            else:
                chance.choice((0, 1, 2))
                world.tick()
            for query in ("", "limit=1", "match[version]=all"):
                given_ = world.get("XN", PATH + "objects/", query)
                seen.append((given_.status, sorted(given_.headers.items()), given_.body))
            seen.append(world.get("XN", f"{PATH}objects/{stix_id('indicator', name)}/versions/").body)
        transaction.set_rollback(True)
    return seen
