"""The rounds that are due, made one after the other by one process of the node."""

import logging
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import DatabaseError, close_old_connections

from comity.acts import alone, peer_runs
from comity.acts.peer_runs import Ended
from comity.models import Line
from comity.peering import rounds
from comity.peering.rounds import World

FIRST_AFTER, EVERY = 1.0, 2.0  # seconds
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """What one look at the schedule did; `busy`: another process makes the rounds."""

    ended: tuple[Ended, ...] = ()
    busy: bool = False


def outside() -> World:
    """Give the machine's clock, its sleep and its chance."""
    return World(lambda: datetime.now(UTC), time.sleep, random.SystemRandom().random)


def once(world: World, stop: threading.Event | None = None) -> Done:
    """Make every round that is due now."""
    return make(peer_runs.due(world.clock()), world, stop)


def make(lines: Sequence[Line], world: World, stop: threading.Event | None = None) -> Done:
    """Make a round of each of some lines, unless another process makes rounds."""
    if not lines:
        return Done()
    with alone.only_one(alone.PEERS) as only:
        if not only:
            return Done(busy=True)
        ended: list[Ended] = []
        for line in lines:
            if stop is not None and stop.is_set():
                break
            line.refresh_from_db()
            ended.append(rounds.make(line, world))
        return Done(tuple(ended))


def keep_on(stop: threading.Event) -> None:
    """Make what is due until *stop* is set: what a node does beside serving. A broken round is made again."""
    wait, world = FIRST_AFTER, outside()
    while not stop.wait(wait):
        wait = EVERY
        try:
            for one in once(world, stop).ended:
                if one.trouble:
                    _log.warning("A round of line %s ended in %s: %s", one.line, one.ended, one.trouble)
        except (DatabaseError, OSError) as error:
            _log.warning("Rounds with peers were broken off and are made again: %s", error)
            close_old_connections()
