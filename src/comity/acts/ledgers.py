"""Writing to the ledger and reading it: one log a party, anchored in the node's master log."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from comity.acts import keys, moments
from comity.ledger import entries, tree
from comity.ledger.notes import Checkpoint as Head
from comity.models import Checkpoint, LedgerEntry, LedgerNode, Log, Node

MASTER = "master"


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
    frontier, nodes = tree.Frontier.decode(bytes(log.frontier)).append(tree.leaf_hash(leaf))
    row = LedgerEntry.objects.create(log=log, index=log.size, leaf=leaf, items=items)
    LedgerNode.objects.bulk_create(LedgerNode(log=log, level=n.level, index=n.index, hash=n.hash) for n in nodes)
    log.size, log.frontier = frontier.size, frontier.encode()
    log.save(update_fields=["size", "frontier"])
    return row


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
