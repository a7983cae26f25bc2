"""Group commit: the ledger's entries of pages that wait at one time are made durable by one commit.

Whoever comes first while nobody writes takes all that wait into one transaction. In it the marks of the store are held
and looked at: a page that was read in another state of law, stock or credentials is not recorded and not given, but
read anew. When `record` returns, or `told` is called, the entry is on the disk and the page may leave.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction

from comity.acts import epochs, ledgers, links
from comity.acts.links import Cursor
from comity.acts.sights import Sight, verified

_MOST = 64  # entries that one transaction takes


class Moved(Exception):
    """Law, stock or credentials are not what they were when the page was read: it is to be read again."""


@dataclass(slots=True, eq=False)
class Waiting:
    """An entry that waits to be recorded: what was seen, the mark of credentials, what writes its leaf, its items.

    `told` is called once it is settled, by the thread that settled it.
    """

    sight: Sight
    doors: str
    leaf: Callable[[int], bytes]
    items: bytes
    told: Callable[[], object] | None = None
    done: bool = False
    recorded: bool = False
    outcome: Exception | None = None


_waiting: list[Waiting] = []
_list_lock = threading.Lock()
_writer = threading.Lock()  # held by the one that writes; the others wait for it, and find their entries written


def record(entry: Waiting) -> None:
    """Record one entry durably, together with whatever else waits; `Moved` when it no longer may be."""
    if transaction.get_connection().in_atomic_block:  # in the caller's own act: it commits
        with connection.cursor() as cursor:
            entry.recorded = bool(_write([entry], cursor))
    else:
        wait(entry)
        write_all(entry)
    if not entry.recorded:
        raise entry.outcome or Moved


def wait(entry: Waiting) -> None:
    """Put an entry to those that wait; who writes next takes it along."""
    with _list_lock:
        _waiting.append(entry)


def write_all(until: Waiting | None = None) -> None:
    """Write what waits, group by group, in this thread: until one entry is settled, or nothing waits."""
    while not until.done if until is not None else _waiting:
        with _writer:
            if _waiting and not (until is not None and until.done):
                _settle(_taken(), _waited_for)


def write_at_once() -> bool:
    """Write what waits if that takes no waiting for anybody; False when a thread that may wait has to (`write_all`)."""
    link = links.at_once()
    if link is None or not _writer.acquire(blocking=False):
        return False
    try:
        group = _taken()
        try:
            _settle(group, lambda: _not_waited_for(link))
        except (links.Busy, ledgers.NoLog):
            with _list_lock:
                _waiting[:0] = group
            return False
    finally:
        _writer.release()
    return not _waiting


def _taken() -> list[Waiting]:
    with _list_lock:
        group = _waiting[:_MOST]
        del _waiting[:_MOST]
    return group


def _settle(group: Sequence[Waiting], begun: Callable[[], AbstractContextManager[Cursor]]) -> None:
    """Write a group in one transaction and tell each entry what became of it."""
    try:
        with begun() as cursor:
            found = _write(group, cursor)
    except DatabaseError as error:  # no commit is known of: to each of them the same
        for one in group:
            one.outcome = error
        found = ()
    for one in found:
        one.recorded = True
    for one in group:
        one.done = True
        if one.told is not None:
            one.told()


@contextmanager
def _waited_for() -> Iterator[Cursor]:
    with transaction.atomic(), connection.cursor() as cursor:
        yield cursor


@contextmanager
def _not_waited_for(cursor: Cursor) -> Iterator[Cursor]:
    cursor.execute("BEGIN IMMEDIATE")
    committed = False
    try:
        yield cursor
        cursor.execute("COMMIT")
        committed = True
    finally:
        if not committed:
            cursor.execute("ROLLBACK")


def _write(group: Sequence[Waiting], cursor: Cursor) -> Sequence[Waiting]:
    """Append the entries that may be recorded, log by log, in a transaction that holds the marks; return them."""
    epoch = epochs.held(cursor)
    sights = {id(one.sight): one.sight for one in group}
    standing = {key for key, sight in sights.items() if verified(sight, epoch, cursor)}
    found = [one for one in group if one.doors == epoch.doors and id(one.sight) in standing]
    logs: dict[str, list[Waiting]] = {}
    for one in found:
        logs.setdefault(one.sight.party, []).append(one)
    for party in sorted(logs):
        ledgers.extend(party, [(one.leaf, one.items) for one in logs[party]], cursor)
    return found
