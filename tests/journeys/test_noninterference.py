"""Two worlds that differ only in what a partner may not have give it the same answers, byte for byte."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from comity.acts import recalls
from comity.acts.agreements import Rejected
from comity.models import LedgerEntry
from comity.policy.life_events import EventKind
from tests.journeys.world import PATH, START, World, indicator, relationship, report, stix_id

PAIRS = int(os.environ.get("COMITY_PAIRS", "8"))
PARTNER = "XA"  # may have up to TLP:AMBER
SECRET = "AMBER+STRICT"


def _visible(world: World, n: int) -> None:
    world.share(indicator(f"open{n}", ("CLEAR", "GREEN", "AMBER")[n % 3]))


def _connected(world: World, n: int) -> None:
    ids = stix_id("indicator", f"open{n}"), stix_id("indicator", f"hidden{n}"), stix_id("indicator", f"open{n + 1}")
    world.share(
        report(f"report{n}", "GREEN", *ids),
        relationship(f"both{n}", "GREEN", ids[0], ids[2]),
        relationship(f"half{n}", "GREEN", ids[0], ids[1]),
    )


def _links(world: World, n: int) -> None:
    """Three links in one batch whose classes differ in nothing but what they refer to."""
    ids = [stix_id("indicator", f"open{k % 3}") for k in range(n, n + 3)]
    world.share(*(relationship(f"link{n}{k}", "CLEAR", ids[k], ids[k]) for k in range(3)))


def _newer(world: World, n: int) -> None:
    world.share(indicator(f"open{n}", "GREEN", START + timedelta(hours=1)))


def _suspend(world: World, _: int) -> None:
    _event(world, PARTNER, EventKind.SUSPENSION)


def _resume(world: World, _: int) -> None:
    _event(world, PARTNER, EventKind.END_OF_SUSPENSION)


def _poll(world: World, n: int) -> None:
    world.get(PARTNER, PATH + "objects/", f"limit={n % 3 + 1}")


def _hidden(world: World, n: int) -> None:
    world.share(indicator(f"hidden{n}", SECRET))


def _hidden_version(world: World, n: int) -> None:
    world.share(indicator(f"open{n}", SECRET, START + timedelta(hours=2), description="not for you"))


def _hidden_link(world: World, n: int) -> None:
    world.share(relationship(f"hidden{n}", SECRET, stix_id("indicator", f"open{n}"), stix_id("indicator", "open1")))


def _named_for_another(world: World, n: int) -> None:
    world.share(indicator(f"named{n}", "RED"), recipients=frozenset({"XI"}))


def _another_polls(world: World, n: int) -> None:
    world.get("XI", PATH + "objects/", f"limit={n + 1}")


def _another_agreement_turns(world: World, n: int) -> None:
    _event(world, "XN", (EventKind.SUSPENSION, EventKind.END_OF_SUSPENSION)[n % 2])


def _another_token(world: World, _: int) -> None:
    world.token("XI")


def _another_collection(world: World, n: int) -> None:
    made = world.collect(f"secret{world.now.timestamp():.0f}", 100 + int(world.now.timestamp()))
    world.share(indicator(f"open{n}", "GREEN", START + timedelta(hours=3)), collection=made)


def _links_elsewhere(world: World, n: int) -> None:
    """Meet the same classes in another order where the partner does not see it."""
    made = world.collect(f"links{world.now.timestamp():.0f}", 200 + int(world.now.timestamp()))
    for k in (n + 2, n + 1, n):
        world.share(indicator(f"open{k % 3}", ("CLEAR", "GREEN", "AMBER")[k % 3]), collection=made)
        ref = stix_id("indicator", f"open{k % 3}")
        world.share(relationship(f"elsewhere{k}", "CLEAR", ref, ref), collection=made)


def _another_recall(world: World, n: int) -> None:
    """Give one object to another alone, and ask it back."""
    name = f"asked back {world.now.timestamp():.0f} {n}"
    world.share(indicator(name, "AMBER"), recipients=frozenset({"XI"}), information="contact details")
    world.share(indicator(name, "RED", START + timedelta(hours=1)), recipients=frozenset({"XI"}))
    world.get("XI", PATH + "objects/")
    recalls.recall(recalls.Ordered(stix_id("indicator", name), "delete", "a mistake"), "test", world.now)


def _event(world: World, code: str, kind: EventKind) -> None:


    try:
        with transaction.atomic():
            world.event(code, kind)
    except Rejected:
        pass  # suspended twice, or resumed unsuspended: the same no in both worlds


Step = Callable[[World, int], None]
COMMON: tuple[Step, ...] = (_visible, _visible, _connected, _links, _newer, _suspend, _resume, _poll)
HIDDEN: tuple[Step, ...] = (
    _hidden, _hidden, _hidden_version, _hidden_link, _named_for_another, _another_polls, _another_agreement_turns,
    _another_token, _another_collection, _links_elsewhere, _another_recall, _another_recall,
)  # fmt: skip
histories = st.lists(st.tuples(st.sampled_from(COMMON + HIDDEN), st.integers(0, 2)), min_size=3, max_size=14)


def _questions() -> Iterator[tuple[str, str]]:
    yield from ((path, "") for path in ("/taxii2/", "/exchange/", "/exchange/collections/", PATH))
    filters = ("", "limit=1", "limit=2", "match[version]=all", "match[version]=first", "match[type]=indicator",
               "match[type]=report", "match[spec_version]=2.1", "added_after=2026-11-02T08:00:02.000000Z")  # fmt: skip
    yield from ((PATH + end, query) for end in ("objects/", "manifest/") for query in filters)
    names = (("indicator", "open0"), ("indicator", "hidden0"), ("indicator", "nobody's"), ("report", "report0"),
             ("relationship", "half0"), ("relationship", "hidden0"), ("indicator", "named1"))  # fmt: skip
    for kind, name in names:
        one = f"{PATH}objects/{stix_id(kind, name)}/"
        yield from ((one, ""), (one, "match[version]=all"), (one + "versions/", ""))
        yield PATH + "objects/", f"match[id]={stix_id(kind, name)}"


def _answers(history: list[tuple[Step, int]], *, with_hidden: bool) -> list[object]:
    """Live through a history and return all that the partner can ever see of it."""
    with transaction.atomic():
        world = World()
        for step, n in history:
            world.tick()
            if with_hidden or step in COMMON:
                step(world, n)
        world.tick()
        seen: list[object] = []
        for path, query in _questions():
            given = world.get(PARTNER, path, query)
            seen.append((path, query, given.status, sorted(given.headers.items()), given.body))
        seen += [bytes(leaf) for leaf in LedgerEntry.objects.filter(log__party=PARTNER).values_list("leaf", flat=True)]
        seen.append(world.walk(PARTNER))
        transaction.set_rollback(True)
    return seen


@pytest.mark.django_db
@settings(max_examples=PAIRS, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(histories)
def test_what_a_partner_may_not_have_leaves_no_trace_in_its_answers(history: list[tuple[Step, int]]) -> None:
    for without, with_it in zip(_answers(history, with_hidden=False), _answers(history, with_hidden=True), strict=True):
        assert with_it == without
