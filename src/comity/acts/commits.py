"""Group commit: the ledger's entries of pages that wait at one time are made durable by one commit.

Whoever comes first while nobody writes takes all that wait into one transaction (`Group`). In it the marks of the store
are held and looked at: a page that was read in another state of law, stock or credentials is not recorded and not
given, but read anew. When `record` returns, or `told` is called, the entry is on the disk and the page may leave.

A thread that may wait writes by its own connection to the store. The one that may not, in which the server's
connections live, writes to SQLite at once (`write_at_once`), and to PostgreSQL by a pipe of its own (`taxii.piped`).
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction

from comity.acts import ledgers, links, pipes
from comity.acts.groups import MOST, Group, Memory, Waiting
from comity.acts.links import AtOnce, Cursor


class Moved(Exception):
    """Law, stock or credentials are not what they were when the page was read: it is to be read again."""


_waiting: list[Waiting] = []
_list_lock = threading.Lock()
_writer = threading.Lock()  # held by the one that writes; the others wait for it, and find their entries written


def record(entry: Waiting) -> None:
    """Record one entry durably, together with whatever else waits; `Moved` when it no longer may be."""
    if transaction.get_connection().in_atomic_block:  # in the caller's own act: it commits
        with connection.cursor() as cursor:
            _settle(Group([entry]), lambda group: _by_cursor(group, cursor))
    else:
        wait(entry)
        write_all(entry)
    if not entry.recorded:
        raise entry.outcome or Moved


@contextmanager
def turn() -> Iterator[None]:
    """Have the store to write to, before others of this process who would write.

    Whoever waits here goes on as soon as it is free; SQLite looks again after ever longer sleeps.
    """
    with _writer:
        yield


def wait(entry: Waiting) -> None:
    """Put an entry to those that wait; who writes next takes it along."""
    with _list_lock:
        _waiting.append(entry)


def write_all(until: Waiting | None = None) -> None:
    """Write what waits, group by group, in this thread: until one entry is settled, or nothing waits."""
    while not until.done if until is not None else _waiting:
        with _writer:
            if _waiting and not (until is not None and until.done):
                group = _taken()
                try:
                    _settle(group, _by_waiting)
                except ledgers.NoLog:
                    _settle(group, _by_django)


def write_at_once(entries: Sequence[Waiting]) -> bool:
    """Write entries that do not wait yet, if that takes no waiting for anybody; else False, and they may `wait`."""
    link = links.at_once()
    if link is None or _waiting or len(entries) > MOST or not _writer.acquire(blocking=False):
        return False
    group = Group(entries)
    try:
        _by_link(group, link)
    except (links.Busy, ledgers.NoLog):
        return False
    finally:
        _writer.release()
    group.settle()
    return True


def _taken() -> Group:
    """Take of what waits as much as one transaction takes."""
    with _list_lock:
        entries = _waiting[:MOST]
        del _waiting[:MOST]
    return Group(entries)


def _settle(group: Group, write: Callable[[Group], object]) -> None:
    """Write a group in one transaction and tell each entry what became of it."""
    error = None
    try:
        write(group)
    except DatabaseError as failed:  # no commit is known of: to each of them the same
        error = failed
    group.settle(error)


def _by_waiting(group: Group) -> None:
    """Write by this thread's connection, which knows best what it has read; without Django's wrapping."""
    link = links.plain()
    if link is None:
        with pipes.lent() as pipe:
            pipe.transact(group.questions(locks=True), group.statements)
    else:
        with connection.wrap_database_errors:
            _by_link(group, link)


def _by_django(group: Group) -> None:
    """Write by this thread's connection, and make the log that is not there yet."""
    with transaction.atomic(), connection.cursor() as cursor:
        _by_cursor(group, cursor)


def _by_link(group: Group, link: AtOnce) -> None:
    link.execute("BEGIN IMMEDIATE")
    committed = False
    try:
        memory: Memory = link.remembered()
        statements = group.upon(memory)
        if statements is None:
            statements = group.statements(links.answers(group.questions(locks=False), link))
        for one in statements:
            links.run(one, link)
        link.execute("COMMIT")
        committed = True
        group.remember(memory)
    finally:
        if not committed:
            link.forget()
            link.execute("ROLLBACK")


def _by_cursor(group: Group, cursor: Cursor) -> None:
    """Write statement after statement, in the transaction of a cursor."""
    answers = links.answers(group.questions(locks=links.takes_locks()), cursor)
    try:
        statements = group.statements(answers)
    except ledgers.NoLog as none:
        ledgers.log_of(none.party)
        _by_cursor(group, cursor)
        return
    for one in statements:
        links.run(one, cursor)
