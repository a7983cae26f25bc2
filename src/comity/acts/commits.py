"""Group commit: the ledger's entries of pages that wait at one time are made durable by one commit.

Whoever comes first while nobody writes takes all that wait into one transaction. In it the marks of the store are held
and looked at: a page that was read in another state of law, stock or credentials is not recorded and not given, but
read anew. When `record` returns, the entry is on the disk and the page may leave.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import DatabaseError, transaction

from comity.acts import epochs, ledgers
from comity.acts.sights import Sight, verified

_MOST = 64  # entries that one transaction takes


class Moved(Exception):
    """Law, stock or credentials are not what they were when the page was read: it is to be read again."""


@dataclass(slots=True, eq=False)
class Waiting:
    """An entry that waits to be recorded: what was seen, the mark of credentials, what writes its leaf, its items."""

    sight: Sight
    doors: str
    leaf: Callable[[int], bytes]
    items: bytes
    done: bool = False
    recorded: bool = False
    outcome: Exception | None = None


_waiting: list[Waiting] = []
_list_lock = threading.Lock()
_writer = threading.Lock()  # held by the one that writes; the others wait for it, and find their entries written


def record(entry: Waiting) -> None:
    """Record one entry durably, together with whatever else waits; `Moved` when it no longer may be."""
    if transaction.get_connection().in_atomic_block:  # in the caller's own act: it commits
        entry.recorded = bool(_write([entry]))
    else:
        with _list_lock:
            _waiting.append(entry)
        while not entry.done:
            with _writer:
                if not entry.done:
                    _write_group()
    if not entry.recorded:
        raise entry.outcome or Moved


def _write_group() -> None:
    with _list_lock:
        group = _waiting[:_MOST]
        del _waiting[:_MOST]
    try:
        with transaction.atomic():
            found = _write(group)
        for one in found:
            one.recorded = True
    except DatabaseError as error:  # no commit is known of: to each of them the same
        for one in group:
            one.outcome = error
    finally:
        for one in group:
            one.done = True


def _write(group: Sequence[Waiting]) -> Sequence[Waiting]:
    """Append the entries that may be recorded, log by log, in a transaction that holds the marks; return them."""
    epoch = epochs.hold()
    sights = {id(one.sight): one.sight for one in group}
    standing = {key for key, sight in sights.items() if verified(sight, epoch)}
    found = [one for one in group if one.doors == epoch.doors and id(one.sight) in standing]
    logs: dict[str, list[Waiting]] = {}
    for one in found:
        logs.setdefault(one.sight.party, []).append(one)
    for party in sorted(logs):
        ledgers.extend(party, [(one.leaf, one.items) for one in logs[party]])
    return found
