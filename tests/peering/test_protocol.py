"""Any order of sharing, rounds, faults and turns of the law: nothing is lost, doubled, or given that may not be.

The acts and the store are the real ones; the far side is the plainest server, and fails as it is told to. What may go
is told by the label of each object and by whether the agreement rests.
"""

import os
from collections.abc import Mapping

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from comity.ledger import entries
from comity.models import LedgerEntry, Line, StoredVersion
from comity.peering import rounds
from comity.peering.client import Reply, Unreached
from comity.policy.life_events import EventKind
from tests.journeys.world import World, indicator
from tests.peering.far import Far, tied, world

EXAMPLES = int(os.environ.get("COMITY_PROTOCOL", "4"))
FAULTS = ("none", "dead before", "dead after", "busy", "cursor lost")
LABELS = ("CLEAR", "GREEN", "AMBER", "RED")


class Protocol(RuleBasedStateMachine):
    """One node with a pull and a push line to one far server."""

    def __init__(self) -> None:
        """Make the node, inside a transaction that is rolled back."""
        super().__init__()
        self.store = transaction.atomic()
        self.store.__enter__()
        self.at, self.far = World(), Far()
        self.pull = tied(self.at.collection, "pull", self.at.now, page=2, overlap=0)
        self.push = tied(self.at.collection, "push", self.at.now, page=2)
        self.ours: dict[str, str] = {}
        self.theirs: set[str] = set()
        self.rests = False

    def teardown(self) -> None:
        """Let all go on, and see that it ends well; then undo it."""
        try:
            if self.rests:
                self.turn()
            for line in (self.pull, self.push) * 2:
                self.go(line, "none")
            held = list(StoredVersion.objects.values_list("stix_id", flat=True))
            assert sorted(held) == sorted([*self.ours, *self.theirs])
            may_go = {one for one, label in self.ours.items() if label != "RED"}
            assert sorted(one["id"] for one in self.far.got) == sorted(may_go)
        finally:
            transaction.set_rollback(True)
            self.store.__exit__(None, None, None)

    @rule(label=st.sampled_from(LABELS))
    def share(self, label: str) -> None:
        """Share something of our own."""
        one = indicator(f"ours-{len(self.ours)}", label)
        self.ours[one["id"]] = label
        self.at.tick()
        self.at.share(one)

    @rule(count=st.integers(1, 4))
    def arrive(self, count: int) -> None:
        """Add a batch over there, under one date."""
        date = len(self.far.stock)
        for _ in range(count):
            one = indicator(f"theirs-{len(self.theirs)}", "GREEN")
            self.theirs.add(one["id"])
            self.far.stock.append((date, one))

    @rule()
    def turn(self) -> None:
        """Suspend the agreement, or end its suspension."""
        self.at.tick(86_400)
        self.at.event("XA", EventKind.END_OF_SUSPENSION if self.rests else EventKind.SUSPENSION)
        self.rests = not self.rests

    @rule(fault=st.sampled_from(FAULTS), pushes=st.booleans(), pending=st.integers(0, 2))
    def round(self, fault: str, pushes: bool, pending: int) -> None:
        """Make one round, on which something goes wrong."""
        self.far.pending = pending
        before = len(self.far.posts)
        self.go(self.push if pushes else self.pull, fault)
        assert not self.rests or len(self.far.posts) == before

    def go(self, line: Line, fault: str) -> None:
        self.at.tick()
        line.refresh_from_db()
        self.far.fault = lambda method, asked: self.fail(method, asked, fault)
        rounds.make(line, world(self.far, self.at.now))

    @staticmethod
    def fail(method: str, asked: Mapping[str, str], fault: str) -> Reply | None:
        """Fail as told; 0 stands for an answer that is lost after what was given was taken."""
        if fault == "dead before":
            raise Unreached("no answer")
        if fault == "dead after" and method == "POST":
            return Reply(0, {}, b"")
        if fault == "busy":
            return Reply(503, {"retry-after": "9"}, b"")
        return Reply(400, {}, b"") if fault == "cursor lost" and "next" in asked else None

    @invariant()
    def nothing_is_doubled_or_given_without_its_entry(self) -> None:
        """Look at both sides after each step."""
        got = [one["id"] for one in self.far.got]
        assert len(got) == len(set(got))
        assert not self.theirs & set(got), "what came from them went back"
        assert all(self.ours[one] != "RED" for one in got)
        leaves = LedgerEntry.objects.filter(log__party_id="XA").values_list("leaf", flat=True)
        given = [one.count for one in map(entries.decode, map(bytes, leaves)) if isinstance(one, entries.Delivery)]
        assert sum(given) >= len({one for post in self.far.posts for one in post})
        held = list(StoredVersion.objects.values_list("stix_id", flat=True))
        assert len(held) == len(set(held))


@pytest.mark.django_db
def test_whatever_the_order_and_the_faults_both_sides_end_with_what_they_may_have_once() -> None:
    run_state_machine_as_test(Protocol, settings=settings(max_examples=EXAMPLES, stateful_step_count=14, deadline=None))
