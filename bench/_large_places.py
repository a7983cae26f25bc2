"""Tells what stands at some parts of what a partner may have; run with home, alias, party and the parts as JSON."""

import json
import sys
from datetime import UTC, datetime

import django

django.setup()

from comity.acts import segments, sights  # noqa: E402 - the tables need Django to be set up
from comity.acts.given import timestamp  # noqa: E402 - as above
from comity.models import Collection  # noqa: E402 - as above


def places(alias: str, party: str, parts: list[float]) -> list[dict[str, str]]:
    """Give at each part of a partner's view the date before it, and the id and version that stand there."""
    collection = Collection.objects.get(alias=alias)
    sight = sights.sight(party, collection, datetime.now(UTC))
    runs = list(sight.runs(-1, frozenset()))
    whole = sum(run.count for run in runs)
    found = []
    for part in parts:
        rank = min(int(part * whole), whole - 1)
        for run in runs:
            if rank < run.count:
                (piece,) = segments.pieces(collection.pk, run.handling, run.first + rank, run.first + rank + 1)
                name, version = piece.segment.name(piece.start)
                found.append({"after": timestamp(run.date + rank - 1), "id": name, "version": version})
                break
            rank -= run.count
    return found


if __name__ == "__main__":
    print(json.dumps(places(sys.argv[2], sys.argv[3], json.loads(sys.argv[4]))))
