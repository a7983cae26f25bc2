"""Who is reminded of what, and when: a ladder of steps before and after the day on which something is due.

Only the latest step that is reached is ever sent. An undertaking recorded five days before it is due starts with
the step of a week, and a desk that was off for a month sends one reminder of a thing, not five.
"""

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from comity.policy.undertaking_words import State
from comity.policy.undertakings import Item


class Audience(enum.IntEnum):
    """Who hears of a step; each one hears with those before it."""

    OWNER = 1
    OFFICERS = 2
    EVERYONE = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: `days` from the due day (negative: before it), and who hears."""

    days: int
    audience: Audience


LADDER: Final = (
    Step(-30, Audience.OWNER),
    Step(-7, Audience.OWNER),
    Step(-1, Audience.OWNER),
    Step(0, Audience.OWNER),
    Step(1, Audience.OFFICERS),
    Step(7, Audience.OFFICERS),
    Step(14, Audience.EVERYONE),
)
THEN_EVERY: Final = 14
"""Days between the steps that follow the last rung, for as long as it is overdue."""
REMINDED: Final = frozenset({State.AHEAD, State.DUE, State.OVERDUE})


@dataclass(frozen=True, slots=True)
class Reminder:
    """One step of one time of an undertaking. `name` is the same whenever it is reckoned: the sent-log's key."""

    item: Item
    step: Step

    @property
    def name(self) -> str:
        """Give its name. It holds the due day: what is moved is reminded of anew."""
        day = self.item.by.day if self.item.by is not None else ""
        return f"{self.item.key} {self.item.part} {self.item.number} {day} {self.step.days:+d}"


def step_on(due: date, today: date) -> Step | None:
    """Give the latest step that is reached on a day, None where none is."""
    passed = (today - due).days
    last = LADDER[-1]
    if passed > last.days:
        return Step(last.days + (passed - last.days) // THEN_EVERY * THEN_EVERY, last.audience)
    return next((step for step in reversed(LADDER) if step.days <= passed), None)


def reminders(items: Iterable[Item], today: date) -> Iterator[Reminder]:
    """Give the reminder that is to be sent by the end of a day for each item that is open, if any."""
    for item in items:
        if item.state in REMINDED and item.by is not None:
            step = step_on(item.by.day, today)
            if step is not None:
                yield Reminder(item, step)
