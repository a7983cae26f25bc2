"""Blind matches: which were asked and answered, on what terms, and what came of them."""

from django.db import models
from django.db.models import Q


class BlindMatch(models.Model):
    """One match with one party. Secret number and own values are kept while it runs and erased when it ends."""

    class Mode(models.TextChoices):
        COUNT = "count"
        """Both learn how many coincide."""
        WHICH = "which"
        """Both learn which of their own coincide."""

    class State(models.TextChoices):
        OFFERED = "offered"
        """The one side has asked; the other has not answered."""
        ANSWERED = "answered"
        """The other side has answered, and waits for the last word."""
        DONE = "done"
        REFUSED = "refused"

    thread = models.CharField(unique=True, max_length=36)
    """The UUID of the message that began it."""
    party = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="blind_matches")
    ours = models.BooleanField()
    """True: we asked."""
    agreement = models.CharField(max_length=80)
    """The slug of the agreement under which it happens."""
    mode = models.CharField(max_length=5, choices=Mode.choices)
    kinds = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices)
    secret = models.BinaryField(default=bytes)
    values = models.JSONField(default=list)
    our_size = models.IntegerField(null=True, blank=True)
    their_size = models.IntegerField(null=True, blank=True)
    common = models.IntegerField(null=True, blank=True)
    which = models.JSONField(default=list)
    """Of our own values, those that coincide, as `kind value`; only where both sides agreed to that."""
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    ended_at = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(state__in=["done", "refused"]) | Q(values=[], ended_at__isnull=False),
                                   name="an_ended_match_keeps_no_values"),
        ]  # fmt: skip
