"""The clock of a run: what it shows at a moment of the world, after it was started, paused, sped up and moved on.

Moments are microseconds since 1970 UTC; what the clock shows is in microseconds since the start of the exercise. All
arithmetic is on whole numbers, so that the same moves always show the same time.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

SECOND: Final = 1_000_000
FASTEST: Final = 3600


class MoveKind(enum.StrEnum):
    """What whoever leads does with the clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    SPEED = "speed"
    JUMP = "jump"
    END = "end"


class RunState(enum.StrEnum):
    """Where a run stands."""

    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Move:
    """One move at a moment. `value` is a speed (start, speed), or the seconds that the clock shows after a jump."""

    kind: MoveKind
    at: int
    value: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clock shows: `shown` µs since the start, and how many of its seconds pass in one of the world's."""

    state: RunState = RunState.PLANNED
    shown: int = 0
    speed: int = 1
    at: int = 0

    @property
    def seconds(self) -> int:
        """Give the whole seconds that have passed on it."""
        return self.shown // SECOND

    def later(self, at: int) -> "Reading":
        """Give what it shows at a later moment if nobody touches it."""
        passed = max(at - self.at, 0) * self.speed if self.state is RunState.RUNNING else 0
        return Reading(self.state, self.shown + passed, self.speed, max(at, self.at))


OPEN: Final = {
    RunState.PLANNED: frozenset({MoveKind.START}),
    RunState.RUNNING: frozenset({MoveKind.PAUSE, MoveKind.SPEED, MoveKind.JUMP, MoveKind.END}),
    RunState.PAUSED: frozenset({MoveKind.RESUME, MoveKind.SPEED, MoveKind.JUMP, MoveKind.END}),
    RunState.ENDED: frozenset[MoveKind](),
}
"""Every move that is possible, by where the run stands."""
_AFTER: Final = {
    MoveKind.START: RunState.RUNNING, MoveKind.RESUME: RunState.RUNNING, MoveKind.PAUSE: RunState.PAUSED,
    MoveKind.END: RunState.ENDED,
}  # fmt: skip


def objection(now: Reading, move: Move) -> str:
    """Say why a move is not possible where the clock stands; empty where it is."""
    if move.kind not in OPEN[now.state]:
        ways = ", ".join(sorted(OPEN[now.state])) or "nothing"
        return f"a run that is {now.state} takes no “{move.kind}”; it takes {ways}"
    if move.kind in {MoveKind.START, MoveKind.SPEED} and not 1 <= move.value <= FASTEST:
        return f"a speed of {move.value} is not possible; write a whole number from 1 to {FASTEST}"
    if move.kind is MoveKind.JUMP and move.value * SECOND < now.shown:
        return "the clock does not go back: what was put to the teams stays put; name a later time"
    return ""


def reading(moves: Iterable[Move], at: int) -> Reading:
    """Give what the clock shows at a moment, by the moves made up to it; a move that was not possible did nothing."""
    now = Reading()
    for move in moves:
        if move.at > at:
            break
        now = now.later(move.at)
        if objection(now, move):
            continue
        shown = move.value * SECOND if move.kind is MoveKind.JUMP else now.shown
        speed = move.value if move.kind in {MoveKind.START, MoveKind.SPEED} else now.speed
        now = Reading(_AFTER.get(move.kind, now.state), shown, speed, move.at)
    return now.later(at)
