"""What answers of a review rest on: files in the node’s home or links, in revisions; and where each is used."""

from django.db import models
from django.db.models import Q

from comity.models.reviews import ID, Review
from comity.models.undertakings import Written
from comity.policy.markings import LABELS


class ReviewEvidence(models.Model):
    """One piece of evidence; what is known of it stands in its newest revision."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="evidence")


class EvidenceRevision(Written):
    """What was known of a piece of evidence: its title, how far it may go, until when it counts, and where it is.

    A file lies in the home’s folder `evidence` under its SHA-256 (`digest`, hexadecimal).
    """

    evidence = models.ForeignKey(ReviewEvidence, on_delete=models.PROTECT, related_name="revisions")
    title = models.CharField(max_length=400)
    tlp = models.CharField(max_length=16, choices=[(label, label) for label in LABELS])
    until = models.DateField(null=True, blank=True)
    """The last day on which it counts; None: no end."""
    link = models.CharField(max_length=600, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=255, blank=True)
    size = models.BigIntegerField(default=0)
    withdrawn = models.BooleanField(default=False)
    """True: nothing rests on it any more."""

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="evidence_has_a_title"),
            models.CheckConstraint(condition=Q(tlp__in=LABELS), name="evidence_has_a_marking"),
        ]


class EvidenceUse(Written):
    """That evidence stands for an indicator, or (a later row, `ends`) no longer does."""

    evidence = models.ForeignKey(ReviewEvidence, on_delete=models.PROTECT, related_name="uses")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    aspect = models.CharField(max_length=ID)
    indicator = models.CharField(max_length=ID)
    ends = models.BooleanField(default=False)

    class Meta:
        ordering = ["sequence"]
        indexes = [models.Index(fields=["review", "aspect"], name="evidence_of_an_aspect")]
