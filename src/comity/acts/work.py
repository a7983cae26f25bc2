"""What the node does by itself, round by round: it writes reminders that are due, and hands letters over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

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
