"""Writing to the ledger and reading it: one log a party, anchored in the node's master log."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from comity.acts import keys, links, lookups, moments
from comity.acts.links import Row, Statement
from comity.ledger import entries, tree
from comity.ledger.notes import Checkpoint as Head
from comity.models import Checkpoint, LedgerEntry, Log, Node

MASTER = "master"
_LEAF = 'INSERT INTO comity_ledgerentry (log_id, "index", leaf, items, subtrees) VALUES (%s, %s, %s, %s, %s)'
_EDGE = "UPDATE comity_log SET size = %s, frontier = %s WHERE id = %s"
_LOCKED = "SELECT id, frontier, NULL FROM comity_log WHERE party_id = %s FOR UPDATE"
_LOG = (
    "SELECT id, frontier, (SELECT group_concat(one, '') FROM (SELECT hex(substr(subtrees, 1, 32)) AS one"
    ' FROM comity_ledgerentry WHERE log_id = comity_log.id AND "index" >= comity_log.size ORDER BY "index"))'
    " FROM comity_log WHERE party_id = %s"
)
_BY_ORIGIN = "SELECT id, origin, party_id, size, frontier FROM comity_log WHERE origin = %s"
_KEEP = 8
"""Entries after which the edge is kept on SQLite. On PostgreSQL it is kept with each group: it takes no turn more."""


class NoLog(LookupError):
    """A party has no log yet."""

    def __init__(self, party: str) -> None:
        """Say whose."""
        super().__init__(party)
        self.party = party


def origin(us: str, whose: str) -> str:
    """Return a log's origin line: whose node, whose log."""
    return f"comity/{us}/{whose}"


def log_of(party: str, us: str = "") -> Log:
    """Return a party's log, locked for this transaction; made when it is the first time. *us* is our own code."""
    us = us or Node.objects.values_list("party_id", flat=True).get()
    asked = f"{_BY_ORIGIN} FOR UPDATE" if connection.vendor == "postgresql" else _BY_ORIGIN
    found = lookups.row(asked, [origin(us, party)])
    if found is not None:
        return Log(**dict(zip(("id", "origin", "party_id", "kept_size", "kept_edge"), found, strict=True)))
    log, _ = Log.objects.select_for_update().get_or_create(
        origin=origin(us, party), defaults={"party_id": None if party == MASTER else party,
                                            "kept_edge": tree.Frontier(0, ()).encode()})  # fmt: skip
    return log


def append(log: Log, make: Callable[[int], entries.Entry], items: bytes = b"") -> None:
    """Add one entry, inside the act's transaction. *make* gets the entry's index and returns it."""
    found = log.pk, log.edge.size, log.edge.encode()
    (_, _, edge), statements = extended(found, [(lambda index: entries.encode(make(index)), items)])
    with connection.cursor() as cursor:
        for one in statements:
            links.run(one, cursor)
    log.edge = tree.Frontier.decode(edge)


def question(party: str, *, locks: bool) -> Statement:
    """Return what is asked for a party's log, in the act's transaction; `edge` reads the answer."""
    return Statement(_LOCKED if locks else _LOG, ((party,),))


Edge = tuple[int, int, bytes]
"""The key of a log, how many entries it has, the growing edge of its tree."""
Leaf = tuple[Callable[[int], bytes], bytes]
"""What writes a leaf's data for its index, and the leaf's items."""


def edge(party: str, row: Row | None) -> Edge:
    """Return the edge that `question` is answered; `NoLog` where the party has no log yet (`log_of` makes one)."""
    if row is None:
        raise NoLog(party)
    log, frontier, beyond = row
    found = bytes(frontier)
    hashes = bytes.fromhex(beyond or "")
    for first in range(0, len(hashes), tree.HASH_BYTES):
        found, _ = tree.grown(found, hashes[first : first + tree.HASH_BYTES])
    return log, tree.size_of(found), found


def extended(found: Edge, leaves: Iterable[Leaf]) -> tuple[Edge, list[Statement]]:
    """Return a log's edge when some leaves were added, and what is written for that."""
    log, first, frontier = found
    size, rows = first, []
    for write, items in leaves:
        leaf = write(size)
        frontier, subtrees = tree.grown(frontier, tree.leaf_hash(leaf))
        rows.append((log, size, leaf, items, subtrees))
        size += 1
    written = [Statement(_LEAF, rows)]
    if links.takes_locks() or size // _KEEP != first // _KEEP:
        written.append(Statement(_EDGE, ((size, frontier, log),)))
    return (log, size, frontier), written


def keep_edges(store: str) -> None:
    """Keep the edge of each log of a store as it is now."""
    for log in Log.objects.using(store):
        Log.objects.using(store).filter(pk=log.pk).update(kept_size=log.edge.size, kept_edge=log.edge.encode())


def fetch_from(log: Log) -> tree.Fetch:
    """Return the callable by which the ledger room reads stored subtree hashes of *log*."""

    def fetch(addresses: Sequence[tuple[int, int]]) -> Sequence[bytes]:
        wanted = {address: tree.last_leaf(*address) for address in addresses}
        rows = LedgerEntry.objects.filter(log=log, index__in=set(wanted.values()))
        hashes = {index: bytes(found) for index, found in rows.values_list("index", "subtrees")}
        size = tree.HASH_BYTES
        return [hashes[wanted[level, index]][size * level : size * (level + 1)] for level, index in addresses]

    return fetch


def checkpoint(party: str, signer: keys.Keys, now: datetime) -> str:
    """Return the signed head of a party's log. A new head is anchored in the master log in the same transaction."""
    with transaction.atomic():
        log = log_of(party)
        found = Checkpoint.objects.filter(log=log, size=log.size).first()
        if found is not None:
            return found.note
        head = Head(log.origin, log.size, log.edge.root())
        note = signer.sign_checkpoint(head)
        Checkpoint.objects.create(log=log, size=log.size, note=note, at=moments.micros(now))
        if party != MASTER:
            master = log_of(MASTER)
            append(master, lambda index: entries.Anchor(v=1,
                log=master.origin, index=index, at=entries.moment(now),
                head=entries.Head(log=head.origin, size=head.size, root=head.root.hex())))  # fmt: skip
        return note
