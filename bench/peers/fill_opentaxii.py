"""Fills OpenTAXII with the objects on standard input, a line each; runs in OpenTAXII's environment, not in ours.

Prints the identifiers of the API root and of the collection, whose alias is the first argument.
"""

import contextlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from opentaxii.config import ServerConfig
from opentaxii.persistence.sqldb import taxii2models
from opentaxii.server import TAXIIServer
from sqlalchemy import insert

ADDED = datetime(2026, 3, 1, 10, tzinfo=UTC)
APART = {"id", "type", "spec_version"}  # what OpenTAXII keeps in columns of their own
AT_ONCE = 10_000


def rows(collection: object) -> Iterator[dict[str, object]]:
    """Give a row of OpenTAXII's table for each object."""
    for place, line in enumerate(sys.stdin.buffer):
        one = json.loads(line)
        yield {
            "id": one["id"], "collection_id": collection, "type": one["type"], "spec_version": one["spec_version"],
            "date_added": ADDED + timedelta(milliseconds=place), "version": datetime.fromisoformat(one["modified"]),
            "serialized_data": {name: value for name, value in one.items() if name not in APART},
        }  # fmt: skip


def fill(alias: str) -> dict[str, str]:
    """Make a root and a collection that everybody may read, and put the objects in."""
    store = TAXIIServer(ServerConfig()).servers.taxii2.persistence.api
    root = store.add_api_root("bench", default=True, is_public=True)
    collection = store.add_collection(root.id, "bench", alias=alias, is_public=True, is_public_write=True)
    waiting = list(rows(collection.id))
    for first in range(0, len(waiting), AT_ONCE):
        store.db.session.execute(insert(taxii2models.STIXObject), waiting[first : first + AT_ONCE])
    store.db.session.commit()
    return {"root": str(root.id), "collection": str(collection.id)}


with contextlib.redirect_stdout(sys.stderr):  # where OpenTAXII may say what it likes
    found = fill(sys.argv[1])
print(json.dumps(found))
