"""Agreements as adopted, what happened in their lives, and consents. All append only: a correction supersedes."""

from django.db import models
from django.db.models import Q


class Agreement(models.Model):
    """An agreement's file as adopted. The text is kept whole; its reading is made anew from it."""

    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(max_length=200)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    sequence = models.BigIntegerField()
    adopted_at = models.BigIntegerField()
    adopted_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title


class AgreementEvent(models.Model):
    """One event in the life of an agreement, with both times: when it has effect, and when it was recorded here."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=40)
    party = models.CharField(max_length=16, blank=True)
    effective_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    clauses = models.JSONField(default=list, blank=True)
    source = models.TextField()
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    sequence = models.BigIntegerField(unique=True)
    supersedes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    """The event that this one corrects or takes back; after a retraction the same one may be corrected anew."""

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="event_has_a_source"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=models.F("effective_on")),
                                   name="event_ends_after_it_begins"),
        ]


class AgreementText(models.Model):
    """An amended text, whole, as its `amendment` brought it; the text as adopted stands in the agreement's own row."""

    event = models.OneToOneField(AgreementEvent, on_delete=models.PROTECT, related_name="text")
    text = models.TextField()
    digest = models.CharField(max_length=64)
