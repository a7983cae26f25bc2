"""Receipts for a partner, proofs that its log only grew, and the audit of every log of the node."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction

from comity.acts import given, keys, ledgers
from comity.ledger import audit, entries, growth, notes, receipts, tree
from comity.ledger.reports import Report
from comity.models import Checkpoint, LedgerEntry, Log

_CHUNK = 500


def issue(party: str, index: int, data: Path, now: datetime) -> bytes | None:
    """Return the receipt of one entry of a party's log, None when there is no such entry.

    The receipt leads to the log's head of this moment, which is signed and anchored when it is a new one.
    """
    signer = keys.load(data)
    with transaction.atomic():
        note = ledgers.checkpoint(party, signer, now)
        log = Log.objects.get(party_id=party)
        row = LedgerEntry.objects.filter(log=log, index=index).first()
        if row is None:
            return None
        proof = tree.inclusion_proof(index, log.size, ledgers.fetch_from(log))
        signed_by = notes.verified(notes.parse(note), signer.verifiers(log.origin), keys.verify_signature)[-1]
        found = receipts.Receipt(bytes(row.leaf), index, log.size, proof, note, _items(row),
                                 signed_by.text())  # fmt: skip
    return receipts.encode(receipts.issue(found))


def _items(row: LedgerEntry) -> tuple[entries.ItemRow, ...] | None:
    if not row.items:
        return None
    return tuple(entries.ItemRow(*one) for one in given.went(bytes(row.items)))


def grown(party: str, older: int, data: Path, now: datetime) -> bytes | None:
    """Return the proof that a party's log of today continues the one of *older* entries, whose head it was given."""
    signer = keys.load(data)
    with transaction.atomic():
        newer = ledgers.checkpoint(party, signer, now)
        log = Log.objects.get(party_id=party)
        before = Checkpoint.objects.filter(log=log, size=older).values_list("note", flat=True).first()
        if before is None:
            return None
        return growth.encode(growth.prove(before, newer, ledgers.fetch_from(log)))


def leaves(party: str, first: int, end: int) -> list[bytes]:
    """Return entries *first* … *end*-1 of a party's log, at most 1,000, as the bytes that were hashed."""
    rows = LedgerEntry.objects.filter(log__party_id=party, index__gte=first, index__lt=min(end, first + 1000))
    return [bytes(leaf) for leaf in rows.order_by("index").values_list("leaf", flat=True)]


def audit_all(data: Path) -> Mapping[str, Report]:
    """Verify every log: leaves, stored subtrees, every head ever given out, and what the master log says of it."""
    signer = keys.load(data)
    with transaction.atomic():
        master = LedgerEntry.objects.filter(log__party=None).order_by("index").values_list("leaf", flat=True)
        anchors = audit.anchors_of(bytes(leaf) for leaf in master.iterator(_CHUNK))
        return {
            log.origin: audit.verify_log(_stored(log, anchors.get(log.origin, ())), signer.verifiers(log.origin),
                                         keys.verify_signature)
            for log in Log.objects.order_by("origin")
        }  # fmt: skip


def _stored(log: Log, anchors: tuple[audit.HeadClaim, ...]) -> audit.StoredLog:
    notes = list(Checkpoint.objects.filter(log=log).order_by("size").values_list("note", flat=True))
    return audit.StoredLog(log.origin, _leaves(log), _nodes(log), log.edge, notes, anchors)


def _leaves(log: Log) -> Iterator[audit.StoredLeaf]:
    rows = LedgerEntry.objects.filter(log=log).order_by("index").values_list("leaf", "items")
    for leaf, items in rows.iterator(_CHUNK):
        kept = given.digests(bytes(items)) if items else None
        yield audit.StoredLeaf(bytes(leaf), kept)


def _nodes(log: Log) -> Iterator[tree.Node]:
    """Yield the stored subtrees in the order in which they were completed."""
    rows = LedgerEntry.objects.filter(log=log).order_by("index").values_list("index", "subtrees")
    for index, hashes in rows.iterator(_CHUNK):
        yield from tree.completed_with(index, bytes(hashes))


def export(party: str) -> Iterator[bytes]:
    """Yield a party's whole log as lines: each leaf's bytes, in order. Hashing each line rebuilds the tree."""
    rows = LedgerEntry.objects.filter(log__party_id=party).order_by("index").values_list("leaf", flat=True)
    for leaf in rows.iterator(_CHUNK):
        yield bytes(leaf)
