"""Makes one of two nodes that play an exercise: agreements, a collection for exercises, a token for the other side."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import django

django.setup()

from comity.acts import agreements, credentials, keys, nodes, officers, sharing  # noqa: E402 - after Django is set up
from comity.models import Node, Party  # noqa: E402 - as above

AGREEMENTS = Path(__file__).parents[1] / "catalogues" / "agreements"


def make(home: Path, us: str, other: str) -> dict[str, str]:
    """Make the node of *us*, which the *other* may read where exercises are."""
    now = datetime.now(UTC)
    nodes.open_node(home)
    keys.open_keys(home, now)
    Party.objects.create(code=us, name=us, in_exchange=True)
    Node.objects.create(party_id=us)
    for name in ("bs-ar-cyber-mou.yaml", "caribbean-cert-circle.yaml"):
        agreements.adopt((AGREEMENTS / name).read_bytes(), name, "bench", now)
    where = sharing.make_collection("exercise", "Exercise", now, purpose="training", exercise=True)
    made = credentials.make(Party.objects.get(code=other), "bench", now, collections=[where])
    officer = officers.make("officer", "officer")
    return {"user": made.username, "secret": made.secret, "password": officer.password}


if __name__ == "__main__":
    print(json.dumps(make(Path(sys.argv[1]), sys.argv[2], sys.argv[3])))
