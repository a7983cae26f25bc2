"""A peer of Ardenia as it stands after two rounds: something came, something clashed, and now it is in trouble."""

from datetime import timedelta

from comity.acts import sharing
from comity.peering import rounds
from comity.peering.client import Reply
from tests.journeys.world import START, indicator
from tests.peering.far import Far, tied, world

NAME = "far"


def add() -> None:
    """Add it to the example state, with a collection of its own."""
    where = sharing.make_collection("from-ardenia", "From Ardenia", START, purpose="prevention")
    far = Far([(1, indicator("a", "GREEN")), (2, indicator("a", "GREEN", description="otherwise")), (3, {"type": "x"})])
    line = tied(where, "pull", START)
    rounds.make(line, world(far, START))
    far.fault = lambda _method, _asked: Reply(503, {}, b"")
    rounds.make(line, world(far, START + timedelta(minutes=1)))
