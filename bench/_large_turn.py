"""Records an event in the life of the agreement with XA; prints the milliseconds. Run with home and kind."""

import json
import sys
import time
from datetime import UTC, datetime

import django

django.setup()

from comity.acts import agreements, law  # noqa: E402 - the tables need Django to be set up
from comity.models import Agreement  # noqa: E402 - as above
from comity.policy.life_events import EventKind  # noqa: E402 - as above

SLUG = "bs-xa-cyber-mou"


def turn(kind: str) -> float:
    """Record the event and give the milliseconds of the act."""
    now = datetime.now(UTC)
    happened = agreements.Happened(EventKind(kind), now.date(), "bench", party="BS")
    law.adopted_of(Agreement.objects.get(slug=SLUG))  # what a desk that is open has read already
    began = time.perf_counter()
    agreements.record_event(SLUG, happened, "bench", now)
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    print(json.dumps(turn(sys.argv[2])))
