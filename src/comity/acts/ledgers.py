"""Writing to the ledger and reading it: one log a party, anchored in the node's master log."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection, transaction

from comity.acts import keys, moments
from comity.ledger import entries, tree
from comity.ledger.notes import Checkpoint as Head
from comity.models import Checkpoint, LedgerEntry, LedgerNode, Log, Node

MASTER = "master"
_LOG = "SELECT id, size, frontier FROM comity_log WHERE party_id = %s"


def origin(us: str, whose: str) -> str:
    """Return a log's origin line: whose node, whose log."""
    return f"comity/{us}/{whose}"


def log_of(party: str) -> Log:
    """Return a party's log, locked for this transaction; made when it is the first time."""
    us = Node.objects.values_list("party_id", flat=True).get()
    log, _ = Log.objects.select_for_update().get_or_create(
        origin=origin(us, party), defaults={"party_id": None if party == MASTER else party,
                                            "frontier": tree.Frontier(0, ()).encode()})  # fmt: skip
    return log


def append(log: Log, make: Callable[[int], entries.Entry], items: bytes = b"") -> LedgerEntry:
    """Add one entry, inside the act's transaction. *make* gets the entry's index and returns it."""
    leaf = entries.encode(make(log.size))
    index = log.size
    log.size, log.frontier = _grow(log.pk, index, bytes(log.frontier), [(leaf, items)])
    return LedgerEntry.objects.get(log=log, index=index)


def extend(party: str, leaves: Sequence[tuple[Callable[[int], bytes], bytes]]) -> None:
    """Add entries to a party's log, inside the act's transaction: each as what writes its leaf, and its items."""
    pk, size, frontier = _log_row(party)
    _grow(pk, size, frontier, [(write(size + place), items) for place, (write, items) in enumerate(leaves)])


def _log_row(party: str) -> tuple[int, int, bytes]:
    """Return a party's log as (row, size, frontier), locked for this transaction."""
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(_LOG + lock, [party])
        row = cursor.fetchone()
    if row is None:
        log = log_of(party)
        return log.pk, log.size, bytes(log.frontier)
    return int(row[0]), int(row[1]), bytes(row[2])


def _grow(log: int, size: int, frontier: bytes, leaves: Sequence[tuple[bytes, bytes]]) -> tuple[int, bytes]:
    edge, nodes = tree.Frontier.decode(frontier).extend(tree.leaf_hash(leaf) for leaf, _ in leaves)
    encoded = edge.encode()
    with connection.cursor() as cursor:
        cursor.executemany(
            'INSERT INTO comity_ledgerentry (log_id, "index", leaf, items) VALUES (%s, %s, %s, %s)',
            [(log, size + place, leaf, items) for place, (leaf, items) in enumerate(leaves)],
        )
        cursor.executemany(
            'INSERT INTO comity_ledgernode (log_id, level, "index", hash) VALUES (%s, %s, %s, %s)',
            [(log, node.level, node.index, node.hash) for node in nodes],
        )
        cursor.execute("UPDATE comity_log SET size = %s, frontier = %s WHERE id = %s", [edge.size, encoded, log])
    return edge.size, encoded


def fetch_from(log: Log) -> tree.Fetch:
    """Return the callable by which the ledger room reads stored subtree hashes of *log*."""

    def fetch(addresses: Sequence[tuple[int, int]]) -> Sequence[bytes]:
        levels: dict[int, list[int]] = {}
        for level, index in addresses:
            levels.setdefault(level, []).append(index)
        found = {
            (level, index): bytes(value)
            for level, indexes in levels.items()
            for index, value in LedgerNode.objects.filter(log=log, level=level, index__in=indexes)
            .values_list("index", "hash")
        }  # fmt: skip
        return [found[address] for address in addresses]

    return fetch


def checkpoint(party: str, signer: keys.Keys, now: datetime) -> str:
    """Return the signed head of a party's log. A new head is anchored in the master log in the same transaction."""
    with transaction.atomic():
        log = log_of(party)
        found = Checkpoint.objects.filter(log=log, size=log.size).first()
        if found is not None:
            return found.note
        head = Head(log.origin, log.size, tree.Frontier.decode(bytes(log.frontier)).root())
        note = signer.sign_checkpoint(head)
        Checkpoint.objects.create(log=log, size=log.size, note=note, at=moments.micros(now))
        if party != MASTER:
            master = log_of(MASTER)
            append(master, lambda index: entries.Anchor(v=1,
                log=master.origin, index=index, at=entries.moment(now),
                head=entries.Head(log=head.origin, size=head.size, root=head.root.hex())))  # fmt: skip
        return note
