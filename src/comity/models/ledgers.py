"""The ledger's tables: one log a recipient and the node's private master log; rows are only ever added."""

from functools import cached_property

from django.db import models

from comity.ledger.tree import HASH_BYTES, Frontier


class Log(models.Model):
    """One Merkle log. `party` is empty for the master log.

    The growing edge of its tree is kept now and then, not with every entry, for a page waits for each row that is
    written with its entry. `edge` is what is kept, grown by the entries beyond it.
    """

    origin = models.CharField(max_length=200, unique=True)
    party = models.OneToOneField("Party", null=True, blank=True, on_delete=models.PROTECT)
    kept_size = models.BigIntegerField(default=0, db_column="size")
    kept_edge = models.BinaryField(default=bytes, db_column="frontier")
    """As `Frontier.encode` writes it."""

    @cached_property
    def edge(self) -> Frontier:
        """The growing edge, as it was when it was first asked for."""
        kept = Frontier.decode(bytes(self.kept_edge))
        beyond = LedgerEntry.objects.using(self._state.db).filter(log=self, index__gte=kept.size).order_by("index")
        return kept.extend(bytes(found)[:HASH_BYTES] for found in beyond.values_list("subtrees", flat=True))[0]

    @property
    def size(self) -> int:
        """How many entries it has, as `edge` has it."""
        return self.edge.size


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
