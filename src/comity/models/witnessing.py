"""What was seen of partners' logs of us, who saw the heads of ours, and what contradicts what was seen."""

from django.db import models


class SeenHead(models.Model):
    """A head of a partner's log of us, signed by its key on file, that agreed with all that was seen before."""

    party = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="heads_seen")
    origin = models.CharField(max_length=200)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    note = models.TextField()
    cosignature = models.TextField()
    """The line by which we said that we saw it."""
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering = ["size", "id"]
        constraints = [models.UniqueConstraint(fields=["origin", "size"], name="one_head_a_size_is_seen")]


class Cosignature(models.Model):
    """A partner's word that it saw a head of our log of it: one signature line, beside ours under that head."""

    checkpoint = models.ForeignKey("Checkpoint", on_delete=models.PROTECT, related_name="cosignatures")
    line = models.TextField()
    seen_at = models.BigIntegerField()
    """When it saw the head, by its own clock: µs since 1970 UTC."""
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["checkpoint"], name="one_word_a_head")]


class Contradiction(models.Model):
    """A head that a partner signed and that contradicts one that we had seen, with what shows it to anybody."""

    party = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="contradictions")
    finding = models.CharField(max_length=20)
    seen = models.ForeignKey(SeenHead, on_delete=models.PROTECT, related_name="+")
    note = models.TextField()
    evidence = models.TextField()
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["seen", "note"], name="a_contradiction_once")]
