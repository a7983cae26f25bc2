"""Recalls: what was asked back, of whom, what came of it, and the tombstones that keep it away."""

from django.db import models
from django.db.models import Q


class Recall(models.Model):
    """One recall of one object, as it was ordered; rows are only ever added."""

    class Do(models.TextChoices):
        CORRECT = "correct"
        """A corrected version follows, and takes its place."""
        DELETE = "delete"
        STOP_USE = "stop use"

    uuid = models.CharField(unique=True, max_length=36)
    stix_id = models.CharField(max_length=200)
    do = models.CharField(max_length=8, choices=Do.choices)
    reason = models.TextField()
    grounds = models.TextField(blank=True)
    """On what it rests: a clause, a court's order, the originator's own recall."""
    originator = models.CharField(max_length=16)
    """Who gave what is recalled."""
    asked_by = models.CharField(max_length=16, blank=True)
    """The party that recalled it from us; empty: we did."""
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    sequence = models.BigIntegerField(unique=True)

    class Meta:
        ordering = ["-sequence"]
        indexes = [models.Index(fields=["stix_id"], name="recalls_of_an_object")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="recall_has_a_reason")]


class Tombstone(models.Model):
    """An object that may not come back: no version up to `instant`, and a later one only as a correction."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="stones")
    stix_id = models.CharField(max_length=200, db_index=True)
    instant = models.BigIntegerField()
    corrected_by = models.CharField(max_length=16, blank=True)


class Holder(models.Model):
    """One party that had been given what is recalled: when first and last, under what, and the notice it gets."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="holders")
    party = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="+")
    versions = models.JSONField(default=list)
    """What it got: texts `id version`."""
    first_at = models.CharField(max_length=40)
    last_at = models.CharField(max_length=40)
    under = models.JSONField(default=list)
    """Texts `clause agreement`."""
    notice = models.ForeignKey("Message", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["recall", "party"], name="one_notice_a_holder")]
