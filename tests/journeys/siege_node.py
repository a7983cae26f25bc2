"""Makes the node under siege; run as a program with the node's home and the number of accounts, prints the accounts.

A third word asks for one more account, which may write.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import django

django.setup()

from comity.acts import credentials, example_state, nodes, sharing  # noqa: E402 - the tables need Django to be set up
from comity.models import Party  # noqa: E402 - as above
from comity.policy.handling import Terms  # noqa: E402 - as above
from comity.policy.markings import Tlp  # noqa: E402 - as above
from comity.stix.objects import Accepted, read  # noqa: E402 - as above
from tests.journeys.siege import COLLECTION  # noqa: E402 - as above
from tests.journeys.world import indicator  # noqa: E402 - as above

PARTIES = ("XA", "XI", "XN")
LABELS = ("CLEAR", "GREEN", "AMBER", "RED")
BATCHES, EACH = 4, 60


def _stock(batch: int) -> list[Accepted]:
    """Make objects of about 40 kB each: a page of them is more than the buffers of a connection hold."""
    wanted = [
        indicator(f"{batch}-{n}", LABELS[n % len(LABELS)], description=f"Señal {n}. " * 3000) for n in range(EACH)
    ]
    found = [read(json.dumps(one).encode()) for one in wanted]
    good = [one for one in found if isinstance(one, Accepted)]
    assert len(good) == EACH, found
    return good


def make(home: Path, count: int, *, giver: bool) -> list[tuple[str, str, str]]:
    """Make the example state, one more collection in several batches, and *count* accounts that may read it."""
    now = datetime.now(UTC)
    nodes.open_node(home)
    example_state.make(now)
    where = sharing.make_collection(COLLECTION, "Siege", now, purpose="prevention")
    for batch in range(BATCHES):
        sharing.accept(where, _stock(batch), Terms(Tlp.RED, "BS", "prevention"), "test", now)
    made = []
    for n in range(count + giver):
        party = Party.objects.get(code=PARTIES[0 if n == count else n % len(PARTIES)])
        token = credentials.make(party, "test", now, write=n == count, collections=[where])
        made.append((party.code, token.username, token.secret))
    return made


if __name__ == "__main__":
    print(json.dumps(make(Path(sys.argv[1]), int(sys.argv[2]), giver=len(sys.argv) > 3)))  # noqa: T201 - what the caller reads
