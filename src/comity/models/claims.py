"""Documents that were checked, what they say, and what was done with it. All append only."""

from django.db import models
from django.db.models import Q

from comity.models.instruments import Action, Fact
from comity.models.sources import Source


class CheckedDocument(models.Model):
    """A document as it was read and checked: its text, and the source under which its claims are kept."""

    name = models.CharField(max_length=300)
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of its bytes, in hexadecimal: the same document is read once."""
    text = models.TextField()
    """What was read; every offset is into it, in characters."""
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="checked_documents")
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    sequence = models.BigIntegerField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class FoundClaim(models.Model):
    """One statement of a document, with what the register made of it when it was read.

    Parties and things are named by code or slug where the register knew them (`*_ref`), and always in words.
    """

    document = models.ForeignKey(CheckedDocument, on_delete=models.PROTECT, related_name="claims")
    place = models.IntegerField()
    act = models.CharField(max_length=40)
    sense = models.CharField(max_length=16)
    denied = models.BooleanField(default=False)
    subject = models.CharField(max_length=300, blank=True)
    subject_ref = models.CharField(max_length=80, blank=True)
    object = models.CharField(max_length=300, blank=True)
    object_ref = models.CharField(max_length=80, blank=True)
    partner = models.CharField(max_length=300, blank=True)
    partner_ref = models.CharField(max_length=80, blank=True)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    """When it is said to have happened: the first and the last day that the words may mean."""
    topic = models.TextField(blank=True)
    said_by = models.CharField(max_length=300, blank=True)
    start = models.IntegerField()
    end = models.IntegerField()
    verdict = models.CharField(max_length=16, blank=True)
    """Empty where the sentence states no fact."""
    grounds = models.JSONField(default=list)
    """A list of `{key, params, sources}`: the sentence as a template, its parameters, the addresses."""
    settles = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["document", "place"]
        constraints = [models.UniqueConstraint(fields=["document", "place"], name="a_claim_has_its_place")]


class ClaimDecision(models.Model):
    """What an officer did with a claim: took it into the register, as a claim, or set it aside."""

    class Kind(models.TextChoices):
        ACCEPTED = "accepted"
        SET_ASIDE = "set aside"

    claim = models.OneToOneField(FoundClaim, on_delete=models.PROTECT, related_name="decision")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    fact = models.ForeignKey(Fact, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    sequence = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="accepted", action__isnull=False, fact__isnull=True)
                | Q(kind="accepted", action__isnull=True, fact__isnull=False)
                | Q(kind="set aside", action__isnull=True, fact__isnull=True),
                name="accepted_claim_stands_in_the_register",
            )
        ]
