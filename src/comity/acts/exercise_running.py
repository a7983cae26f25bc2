"""A run goes on by itself: injects that are due are put, and the exercise ends when its time is up."""

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import DatabaseError, close_old_connections, transaction

from comity.acts import alone, exercise_seen, exercises, moments
from comity.acts.exercises import Known
from comity.models import Exercise, Node
from comity.policy import exercise_course
from comity.policy.exercise_clock import SECOND, Move, MoveKind, RunState
from comity.policy.exercises import Inject

ACTOR = "exercise"
FIRST_AFTER, EVERY = 2.0, 1.0  # seconds
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Advanced:
    """What one look at the runs did: injects put, exercises ended. `busy`: another process looks after them."""

    put: int = 0
    ended: int = 0
    busy: bool = False


def once(now: datetime) -> Advanced:
    """Advance every run that is led from here."""
    if not Node.objects.exists():
        return Advanced()
    running = Exercise.objects.filter(led_by_id=exercises.us(), events__kind="start").exclude(events__kind="end")
    slugs = list(running.values_list("slug", flat=True).distinct())
    if not slugs:
        return Advanced()
    with alone.only_one(alone.EXERCISES) as only:
        if not only:
            return Advanced(busy=True)
        done = [advance(slug, now) for slug in slugs]
    return Advanced(sum(one.put for one in done), sum(one.ended for one in done))


def advance(slug: str, now: datetime) -> Advanced:
    """Put what is due of one run, and end it when its time is up. Nothing is written where nothing is due."""
    here = exercises.known(slug)
    if not (_due(here, now) or _over(here, now)):
        return Advanced()
    with transaction.atomic():
        taken = moments.take(now)
        at, put = moments.moment(taken.at), 0
        while due := _due(here, at):
            seconds = exercise_seen.play(here, at).seconds
            for inject in due:
                exercises.put(here, inject, seconds, ACTOR, at)
            put += len(due)
        over = _over(here, at)
        if over is not None:
            exercises.record(here, over, ACTOR, taken)
            exercises.tell_clock(here, over, ACTOR, at)
    return Advanced(put, over is not None)


def _due(here: Known, now: datetime) -> tuple[Inject, ...]:
    """Give what is due; while the clock is stopped, only what was put by hand."""
    state = exercises.reading(here.row, now).state
    if state not in {RunState.RUNNING, RunState.PAUSED}:
        return ()
    play = exercise_seen.play(here, now)
    due = exercise_course.due(here.scenario, play)
    return due if state is RunState.RUNNING else tuple(one for one in due if one.id in play.forced)


def _over(here: Known, now: datetime) -> Move | None:
    """Give the move that ends a run whose time is up, at the moment at which it was."""
    reading = exercises.reading(here.row, now)
    left = here.scenario.lasts * 60 * SECOND - reading.shown
    if reading.state is not RunState.RUNNING or left > 0:
        return None
    return Move(MoveKind.END, moments.micros(now) - (-left) // reading.speed)


def keep_on(stop: threading.Event) -> None:
    """Advance runs until *stop* is set: what a node does beside serving. A broken look is made again."""
    wait = FIRST_AFTER
    while not stop.wait(wait):
        wait = EVERY
        try:
            once(datetime.now(UTC))
        except (DatabaseError, OSError) as error:
            _log.warning("Exercises were not advanced and are looked at again: %s", error)
            close_old_connections()
