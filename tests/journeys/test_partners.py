"""Three partners walk a collection; each gets exactly what the agreements give it, then and when the law turns."""

import json
from collections.abc import Iterable
from datetime import date

import pytest
import yaml

from comity.acts import agreements
from comity.policy.life_events import EventKind
from tests.journeys.oracle import Event, Oracle
from tests.journeys.stock import Object, dealt, made
from tests.journeys.walkers import Walker
from tests.journeys.world import (
    BILATERAL,
    CIRCLE,
    FILES,
    PATH,
    SLUGS,
    START,
    SUSPENDED,
    World,
    indicator,
    stamp,
    stix_id,
)

pytestmark = [pytest.mark.django_db]
NAMES = {"XA": "BS-XA cyber MoU", "XI": "Caribbean CERT circle", "XN": "BS-XN exchange"}
PENDING = """
agreement: BS-XP-XQ pact
title: A pact that waits for its entry into force
fictional: yes
force: binding
text_prevails: yes
parties: {BS: The Bahamas, XP: Port Plenty, XQ: {name: Quay, joins: by accession}}
clock: {time_zone: Etc/UTC, holidays: {BS: [], XP: [], XQ: []}}
life: {in_force: {when: both have ratified}, accession: by letter}
settles:
  whose_holidays_count: both
  month_end_rule: last day of the month
  last_day_inside: yes
  consent_survives_suspension: no
  silence_is_consent: no
  beside_other_agreements: adds
  backlog_for_new_party: all
clauses:
  P1:
    says: The Parties share what they know up to AMBER.
    effect: may
    action: [share]
    information: [technical indicators, threat analysis, vulnerability information]
    purpose: [prevention]
    tlp_up_to: AMBER
examples:
  - {day: "2026-06-01", from: BS, to: XP, share: technical indicators, purpose: prevention, tlp: GREEN,
     personal_data: none, answer: allowed, by: P1}
"""
WAYS = ((1000, True), (97, True), (331, False))


def a_world() -> tuple[World, Oracle]:
    return World(), Oracle.reading(*(FILES / name for name in (BILATERAL, CIRCLE, SUSPENDED)))


def share(world: World, batches: Iterable[list[Object]]) -> None:
    for batch in batches:
        world.tick()
        world.share(*batch)
    world.tick()


def pending(world: World, oracle: Oracle, backlog: str = "all") -> None:
    """Adopt an agreement that binds nobody yet, and give its parties tokens."""
    text = PENDING.replace("backlog_for_new_party: all", f"backlog_for_new_party: {backlog}")
    agreements.adopt(text.encode(), "pact.yaml", "test", world.now)
    oracle.texts.append(yaml.load(text, Loader=yaml.CBaseLoader))  # noqa: S506 - builds text alone
    for party in ("XP", "XQ"):
        world.token(party)


def happens(world: World, oracle: Oracle, party: str, kind: EventKind, effective_on: date | None = None) -> None:
    """Record an event of the agreement with a party, for the node and for the oracle."""
    world.tick()
    day = effective_on or world.now.date()
    whose = party if kind is EventKind.ACCESSION else "" if kind is EventKind.ENTRY_INTO_FORCE else "BS"
    name = NAMES.get(party, "BS-XP-XQ pact")
    happened = agreements.Happened(kind, day, "a note", party=whose)
    agreements.record_event(SLUGS.get(party, "bs-xp-xq-pact"), happened, "test", world.now)
    oracle.events.append(Event(name, kind.value, day, whose))
    world.tick()


@pytest.mark.long
@pytest.mark.both_stores
def test_each_partner_gets_exactly_what_the_agreements_give_it() -> None:
    world, oracle = a_world()
    stock = made()
    share(world, dealt(stock, 2))
    for party, (limit, _) in zip(NAMES, WAYS, strict=True):
        expected = oracle.latest(party, stock, world.now.date())
        for by_next in (True, False):
            walker = Walker(world, party, limit, by_next)
            assert len(walker.finish()) == len(expected)
            assert walker.objects == expected


def test_what_comes_late_reaches_all_that_waited_for_it() -> None:
    """The whole stock dealt out in single file gives the same as in one piece, renditions and all."""
    world, oracle = a_world()
    stock = made(0.05)
    share(world, dealt(stock, 25))
    for party in NAMES:
        walker = Walker(world, party, 50, by_next=True)
        walker.finish()
        assert walker.objects == oracle.latest(party, stock, world.now.date())


@pytest.mark.both_stores
def test_suspended_resumed_and_terminated_from_the_very_next_request() -> None:
    world, oracle = a_world()
    stock = made(0.05)
    share(world, dealt(stock, 2))
    for kind in (EventKind.SUSPENSION, EventKind.END_OF_SUSPENSION, EventKind.TERMINATION):
        before = {party: oracle.latest(party, stock, world.now.date()) for party in NAMES}
        happens(world, oracle, "XN", kind)
        for party in NAMES:
            walker = Walker(world, party, 1000, by_next=True)
            walker.finish()
            assert walker.objects == oracle.latest(party, stock, world.now.date())
            assert (walker.objects == before[party]) is (party != "XN")


@pytest.mark.both_stores
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("in_midst", [False, True])
def test_what_opens_late_comes_once_and_none_twice(way: tuple[int, bool], in_midst: bool) -> None:
    """An agreement bound nobody until its entry into force, long past, was recorded after the partner had walked."""
    world, oracle = a_world()
    pending(world, oracle)
    stock = made(0.1)
    share(world, dealt(stock, 3))
    walker = Walker(world, "XP", 20 if in_midst else way[0], by_next=way[1])
    if in_midst:
        walker.page()
    else:
        walker.finish()
    had = oracle.latest("XP", stock, world.now.date())
    assert set(walker.objects) <= set(had)
    happens(world, oracle, "XP", EventKind.ENTRY_INTO_FORCE, date(2026, 10, 1))
    walker.finish()
    has = oracle.latest("XP", stock, world.now.date())
    assert len(has) > len(had)
    assert len(walker.got) == len(set(walker.got))
    assert set(has) <= set(walker.got) <= set(has) | set(had)


@pytest.mark.parametrize("by_next", [True, False])
def test_one_that_joins_gets_what_came_since_it_joined_however_late_that_is_recorded(by_next: bool) -> None:
    world, oracle = a_world()
    pending(world, oracle, "from joining")
    happens(world, oracle, "XP", EventKind.ENTRY_INTO_FORCE, date(2026, 10, 1))
    share(world, [[indicator("public", "CLEAR"), indicator("before", "GREEN")]])
    world.tick(3 * 86400)
    joined = world.now.date()
    share(world, [[indicator("between", "GREEN"), indicator("too strict", "AMBER+STRICT")]])
    walker = Walker(world, "XQ", 1, by_next)
    assert walker.finish() == [version("public")]
    world.tick(2 * 86400)
    happens(world, oracle, "XQ", EventKind.ACCESSION, joined)
    assert walker.finish() == [version("between")]
    share(world, [[indicator("after", "AMBER")]])
    assert walker.finish() == [version("after")]


def version(name: str) -> tuple[str, str]:
    """Name an indicator's only version."""
    return stix_id("indicator", name), stamp(START)


@pytest.mark.parametrize("by_next", [True, False])
def test_the_end_of_a_suspension_opens_what_came_meanwhile_and_what_was_closed(by_next: bool) -> None:
    world, oracle = a_world()
    first, second, third = dealt(made(0.1), 3)
    happens(world, oracle, "XN", EventKind.SUSPENSION)
    share(world, [first, second])
    walker = Walker(world, "XN", 25, by_next)
    walker.finish()
    had = set(walker.got)
    happens(world, oracle, "XN", EventKind.END_OF_SUSPENSION)
    opened = walker.finish()
    assert sorted(opened) == sorted(set(oracle.latest("XN", first + second, world.now.date())) - had)
    share(world, [third])
    walker.finish()
    assert len(walker.got) == len(set(walker.got))
    assert set(oracle.latest("XN", first + second + third, world.now.date())) <= set(walker.got)


def test_a_walk_by_date_meets_dates_that_only_rise() -> None:
    world, _ = a_world()
    share(world, dealt(made(0.1), 4))
    happens(world, Oracle(), "XN", EventKind.SUSPENSION)
    happens(world, Oracle(), "XN", EventKind.END_OF_SUSPENSION)
    for party in NAMES:
        records = json.loads(world.get(party, PATH + "manifest/", "match[version]=all").body)["objects"]
        dates = [one["date_added"] for one in records]
        assert len(dates) > 20
        assert dates == sorted(set(dates))
