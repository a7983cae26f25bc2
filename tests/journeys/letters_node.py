"""Makes a node with promises that are due, or takes its letters out again; run as a program.

Its words are the node's home, and how many promises or `anew`.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - the tables need Django to be set up

from comity.acts import example_state, nodes, undertakings  # noqa: E402 - as above
from comity.models import Letter  # noqa: E402 - as above


def make(home: Path, count: int) -> None:
    """Make an empty node whose officer has an address and owns *count* promises that are due today."""
    now = datetime.now(UTC)
    nodes.open_node(home)
    example_state.make_empty("BS", "The Bahamas", now)
    User.objects.update(email="officer@example.org")
    for number in range(count):
        promised = undertakings.Promised(f"Promise {number}", "note 1", rule=f"on {now.date()}", owner="officer")
        undertakings.undertake(promised, "officer", now)


if __name__ == "__main__":
    if sys.argv[2] == "anew":
        Letter.objects.all().delete()
    else:
        make(Path(sys.argv[1]), int(sys.argv[2]))
