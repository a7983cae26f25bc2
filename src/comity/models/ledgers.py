"""The ledger's tables: one log a recipient and the node's private master log; rows are only ever added."""

from django.db import models


class Log(models.Model):
    """One Merkle log. `party` is empty for the master log."""

    origin = models.CharField(max_length=200, unique=True)
    party = models.OneToOneField("Party", null=True, blank=True, on_delete=models.PROTECT)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=bytes)


class LedgerEntry(models.Model):
    """One leaf: the bytes that were hashed, and, for a delivery, which items it names.

    Its log and its index are its key, and the hashes of the tree stand with the leaves that complete them, because each
    page waits for this row to be on the disk: the fewer places it is written to, the sooner the page leaves.
    """

    pk = models.CompositePrimaryKey("log_id", "index")
    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="+", db_index=False)
    index = models.BigIntegerField()
    leaf = models.BinaryField()
    items = models.BinaryField(default=bytes)
    """Packed: what was delivered, in order (see `acts.given`)."""
    subtrees = models.BinaryField(default=bytes)
    """The hashes of the subtrees that are complete with this leaf, 32 bytes each: its own, then the larger ones."""


class Checkpoint(models.Model):
    """A signed head, as it was given out."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="checkpoints")
    size = models.BigIntegerField()
    note = models.TextField()
    at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="a_head_once")]
