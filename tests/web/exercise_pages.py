"""An exercise that is running, with something on each of its pages, and the address of every page of it."""

from datetime import UTC, datetime, timedelta

from django.urls import reverse

from comity.acts import exercise_files, exercise_reports, exercise_running, exercises
from comity.policy.exercise_clock import MoveKind

SLUG = "hospital-and-port"


def running() -> list[str]:
    """Take a scenario in and play a part of it; give its pages."""
    now = datetime.now(UTC) - timedelta(minutes=8)
    content = (exercise_files.CATALOGUE / f"{SLUG}.yaml").read_text(encoding="utf-8")
    exercises.new(content, "officer", now)
    exercises.move(SLUG, MoveKind.START, 60, "officer", now)
    for minute in (1, 5):
        exercise_running.once(now + timedelta(minutes=minute))
    now = datetime.now(UTC)
    exercises.score(SLUG, "E6", "no decision", "Nobody had the list.", "auditor", now)
    exercises.rule(SLUG, "E6", "missed", "The log is empty.", "officer", now)
    learned = exercise_reports.Learned("Write the threshold down.", "E6", "on 2030-01-01", "cirt", shared=True)
    exercise_reports.find(SLUG, learned, "officer", now)
    names = ("exercise", "exercise-board", "exercise-score", "exercise-report", "exercise-paper")
    pages = [reverse(name, args=[SLUG]) for name in names]
    board, report = pages[1], pages[3]
    return [reverse("exercises"), *pages, f"{board}?players", f"{report}?for=joint", f"{report}?verify",
            f"{pages[0]}?team=ardenia"]  # fmt: skip
