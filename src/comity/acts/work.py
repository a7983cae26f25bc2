"""What the node does by itself, round by round: it writes reminders that are due, and hands letters over."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import DatabaseError, close_old_connections

from comity.acts import letters, reminders
from comity.models import Node


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    written: int = 0
    unreached: int = 0
    sent: int = 0
    again: int = 0
    failed: int = 0
    busy: bool = False


def once(clock: Callable[[], datetime]) -> Round:
    """Do all that is to be done now. A second round at the same time does what the first one leaves."""
    if not Node.objects.exists():
        return Round()
    written = reminders.write(clock())
    sent = letters.send(clock)
    return Round(written.letters, written.unreached, sent.sent, sent.again, sent.failed, sent.busy)


FIRST_AFTER, EVERY = 5.0, 60.0  # seconds
_log = logging.getLogger(__name__)


def rounds(stop: threading.Event) -> None:
    """Make round after round until *stop* is set: what a node does beside serving. A broken round ends that round."""
    wait = FIRST_AFTER
    while not stop.wait(wait):
        wait = EVERY
        try:
            once(lambda: datetime.now(UTC))
        except (DatabaseError, OSError) as error:
            _log.warning("A round was broken off and is made again: %s", error)
            close_old_connections()
