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
_LOG = "SELECT id, size, frontier FROM comity_log WHERE party_id = %s"
_LOCKED = f"{_LOG} FOR UPDATE"
_BY_ORIGIN = "SELECT id, origin, party_id, size, frontier FROM comity_log WHERE origin = %s"


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
        return Log(**dict(zip(("id", "origin", "party_id", "size", "frontier"), found, strict=True)))
    log, _ = Log.objects.select_for_update().get_or_create(
        origin=origin(us, party), defaults={"party_id": None if party == MASTER else party,
                                            "frontier": tree.Frontier(0, ()).encode()})  # fmt: skip
    return log


def append(log: Log, make: Callable[[int], entries.Entry], items: bytes = b"") -> None:
    """Add one entry, inside the act's transaction. *make* gets the entry's index and returns it."""
    found = log.pk, log.size, bytes(log.frontier)
    (_, log.size, log.frontier), statements = extended(found, [(lambda index: entries.encode(make(index)), items)])
    with connection.cursor() as cursor:
        for one in statements:
            links.run(one, cursor)


def question(party: str, *, locks: bool) -> Statement:
    """Return what is asked for a party's log, in the act's transaction; `edge` reads the answer."""
    return Statement(_LOCKED if locks else _LOG, ((party,),))


Edge = tuple[int, int, bytes]
"""A log's row: its key, how many entries it has, the growing edge of its tree."""
Leaf = tuple[Callable[[int], bytes], bytes]
"""What writes a leaf's data for its index, and the leaf's items."""


def edge(party: str, row: Row | None) -> Edge:
    """Return the edge that `question` is answered; `NoLog` where the party has no log yet (`log_of` makes one)."""
    if row is None:
        raise NoLog(party)
    pk, size, frontier = row
    return pk, size, bytes(frontier)


def extended(found: Edge, leaves: Iterable[Leaf]) -> tuple[Edge, list[Statement]]:
    """Return a log's edge when some leaves were added, and what is written for that."""
    log, size, frontier = found
    rows = []
    for write, items in leaves:
        leaf = write(size)
        frontier, subtrees = tree.grown(frontier, tree.leaf_hash(leaf))
        rows.append((log, size, leaf, items, subtrees))
        size += 1
    return (log, size, frontier), [Statement(_LEAF, rows), Statement(_EDGE, ((size, frontier, log),))]


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
        head = Head(log.origin, log.size, tree.Frontier.decode(bytes(log.frontier)).root())
        note = signer.sign_checkpoint(head)
        Checkpoint.objects.create(log=log, size=log.size, note=note, at=moments.micros(now))
        if party != MASTER:
            master = log_of(MASTER)
            append(master, lambda index: entries.Anchor(v=1,
                log=master.origin, index=index, at=entries.moment(now),
                head=entries.Head(log=head.origin, size=head.size, root=head.root.hex())))  # fmt: skip
        return note
