"""Reading from a replica what never changes, so that the primary's work is to decide and to record.

What a partner may have, and where it stands, is read from the primary, and the ledger's entry is committed there. From
a replica come the bytes of segments alone. A segment is named by the digest of its digests, which the primary gives: so
a replica that is behind, or of another store, can lack a segment, and never gives another. What it lacks is read from
the primary.
"""

import time
from collections.abc import Sequence
from typing import Any, Final

from django.db import DatabaseError, InterfaceError, connections

from comity.acts import lookups

ALIAS: Final = "replicas"
_AGAIN: Final = 5.0  # seconds for which replicas that could not be reached are not asked again
_until = [0.0]


def rows(asked: str, values: Sequence[int]) -> list[tuple[Any, ...]]:
    """Return what a replica answers; nothing where the node has none, or none that can be reached."""
    if ALIAS not in connections.settings or time.monotonic() < _until[0]:
        return []
    link = connections[ALIAS]
    try:
        return lookups.rows(asked, values, ALIAS)
    except (DatabaseError, InterfaceError):
        _until[0] = time.monotonic() + _AGAIN
        link.close()
        return []
