"""Makes the node that is polled: the example state and one collection; prints a partner's username and secret.

Where parties are named, it prints the username and secret of each.
"""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import django

django.setup()

from bench import _stock  # noqa: E402 - after Django is set up, as the next
from comity.acts import credentials, example_state, nodes, sharing  # noqa: E402 - the tables need Django to be set up
from comity.models import Party  # noqa: E402 - as above
from comity.policy.handling import Terms  # noqa: E402 - as above
from comity.policy.markings import Tlp  # noqa: E402 - as above
from comity.stix.objects import Accepted, read  # noqa: E402 - as above


def make(home: Path, alias: str, count: int, size: int, parties: Sequence[str]) -> list[tuple[str, str]]:
    """Make the node in *home*, with *count* indicators of *size* bytes in the collection *alias*."""
    now = datetime.now(UTC)
    nodes.open_node(home)
    example_state.make(now)
    where = sharing.make_collection(alias, alias, now, purpose="prevention")
    found = [one for one in map(read, _stock.indicators(count, size)) if isinstance(one, Accepted)]
    sharing.accept(where, found, Terms(Tlp.GREEN, "BS", "prevention"), "bench", now)
    found_parties = [Party.objects.get(code=one) for one in parties]
    tokens = [credentials.make(party, "bench", now, write=True, collections=[where]) for party in found_parties]
    return [(token.username, token.secret) for token in tokens]


if __name__ == "__main__":
    home, alias, count, size, *parties = sys.argv[1:]
    made = make(Path(home), alias, int(count), int(size), parties or ["XA"])
    print(json.dumps(made if parties else made[0]))
