"""Consents to passing on: what was asked, what was answered, and the single things that it was about. Append only."""

from django.db import models
from django.db.models import Q


class Scoped(models.Model):
    """What a question or an answer speaks of (`policy.consent_scopes.Scope`), whose it is and for whom."""

    class Reach(models.TextChoices):
        OBJECT = "object"
        CASE = "case"
        KIND = "kind"
        AGREEMENT = "agreement"

    originator = models.CharField(max_length=16)
    recipient = models.CharField(max_length=16)
    agreement = models.CharField(max_length=80)
    reach = models.CharField(max_length=9, choices=Reach.choices, default=Reach.AGREEMENT)
    name = models.CharField(max_length=200, blank=True, default="")
    """The object's id, or the case's name."""
    information = models.CharField(max_length=40, blank=True, default="")
    purpose = models.CharField(max_length=40, blank=True, default="")
    tlp_up_to = models.CharField(max_length=12, blank=True, default="")
    """Up to which label a kind reaches; empty: any."""

    class Meta:
        abstract = True


class ConsentQuestion(Scoped):
    """A question put to an originator for one third party; what was said stands in the thread of its message."""

    message = models.ForeignKey("Message", on_delete=models.PROTECT, related_name="consent_questions")
    asked_at = models.BigIntegerField()
    sequence = models.BigIntegerField()
    closed_at = models.BigIntegerField(null=True, blank=True)
    """When it was answered or taken back, µs since 1970 UTC; None: it waits."""
    closed_sequence = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]


class Consent(Scoped):
    """An originator's recorded answer for one third party."""

    given = models.BooleanField()
    effective_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    most_tlp = models.CharField(max_length=12, blank=True, default="")
    """A condition: the strictest label at which the yes holds; empty: any."""
    words = models.TextField(blank=True, default="")
    """Conditions in words; they go along as a duty."""
    message = models.ForeignKey("Message", null=True, blank=True, on_delete=models.PROTECT, related_name="consents")
    """The answer over the exchange, or as written down; None: recorded from its source alone."""
    source = models.TextField()
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    sequence = models.BigIntegerField(unique=True)

    class Meta:
        ordering = ["sequence"]
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="consent_has_a_source")]


class SingledOut(models.Model):
    """An object that a question or an answer about an object or a case speaks of, for one third party.

    `tag` is that of the scope. For that party its versions stand in a class apart; for all others nothing is different.
    """

    stix_id = models.CharField(max_length=200)
    recipient = models.CharField(max_length=16)
    tag = models.CharField(max_length=220)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stix_id", "recipient", "tag"], name="singled_out_once")]
