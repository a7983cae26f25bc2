"""Suspends and resumes the agreement with XA a few times over; prints the median milliseconds of one kind of event.

Run with home and kind; with an event of that kind it ends. The process is warm, as a desk is that stands open.
"""

import json
import sys
import time
from datetime import UTC, datetime
from statistics import median

import django

django.setup()

from comity.acts import agreements, recorded_law  # noqa: E402 - the tables need Django to be set up
from comity.models import Agreement  # noqa: E402 - as above
from comity.policy.life_events import EventKind  # noqa: E402 - as above

SLUG = "bs-xa-cyber-mou"


TIMES = 3
OTHER = {"suspension": "end-of-suspension", "end-of-suspension": "suspension"}


def turns(kind: str) -> float:
    """Record events of a kind and its opposite in turn, one of the kind first and last; give the median of the kind."""
    found = [turn(kind)]
    for _ in range(TIMES - 1):
        turn(OTHER[kind])
        found.append(turn(kind))
    return median(found)


def turn(kind: str) -> float:
    """Record the event and give the milliseconds of the act."""
    now = datetime.now(UTC)
    happened = agreements.Happened(EventKind(kind), now.date(), "bench", party="BS")
    recorded_law.adopted_of(Agreement.objects.get(slug=SLUG))  # what a desk that is open has read already
    began = time.perf_counter()
    agreements.record_event(SLUG, happened, "bench", now)
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    print(json.dumps(turns(sys.argv[2])))
