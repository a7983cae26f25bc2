"""The ledger's tables: one log a recipient and the node's private master log; rows are only ever added."""

from django.db import models


class Log(models.Model):
    """One Merkle log. `party` is empty for the master log."""

    origin = models.CharField(max_length=200, unique=True)
    party = models.OneToOneField("Party", null=True, blank=True, on_delete=models.PROTECT)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=bytes)


class LedgerEntry(models.Model):
    """One leaf: the bytes that were hashed, and, for a delivery, which items it names."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="entries")
    index = models.BigIntegerField()
    leaf = models.BinaryField()
    items = models.BinaryField(default=bytes)
    """Packed: what was delivered, in order (see `acts.ledger`)."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "index"], name="a_leaf_once")]


class LedgerNode(models.Model):
    """The hash of a complete subtree: level 0 is a leaf."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT)
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "level", "index"], name="a_subtree_once")]


class Checkpoint(models.Model):
    """A signed head, as it was given out."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="checkpoints")
    size = models.BigIntegerField()
    note = models.TextField()
    at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="a_head_once")]
