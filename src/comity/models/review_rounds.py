"""Rounds to consensus: what each closed round found, the chair’s rulings, and dissent. All append only."""

from django.db import models
from django.db.models import Q

from comity.models.review_answers import ANSWERS, Said
from comity.models.reviews import ID, Review
from comity.models.undertakings import Written


class ReviewRound(models.Model):
    """A round that was closed: what was answered up to then is frozen in its outcomes.

    `figures` holds how far the raters agree, by part of the framework (empty: all of it): `{part: {scale: {alpha, low,
    high, units, values}}}`, as `policy.concordance` gives it.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="rounds")
    number = models.IntegerField()
    percent = models.SmallIntegerField()
    figures = models.JSONField(default=dict)
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    sequence = models.BigIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="a_round_once")]


class RoundOutcome(models.Model):
    """What a round found of one indicator: `counts` by answer, the outcome, and how far its raters agree."""

    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="outcomes")
    aspect = models.CharField(max_length=ID)
    indicator = models.CharField(max_length=ID)
    answer = models.CharField(max_length=16, choices=ANSWERS)
    contested = models.BooleanField()
    known = models.IntegerField()
    """How many gave another answer than unknown."""
    counts = models.JSONField(default=dict)
    share = models.FloatField(null=True, blank=True)
    """The share of the pairs of raters who say the same, 0 to 1."""
    alpha = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "indicator"], name="an_outcome_once")]


class ReviewRuling(Written):
    """What the chair ruled where the raters do not agree, with the reason; an empty answer takes a ruling back."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="rulings")
    aspect = models.CharField(max_length=ID)
    indicator = models.CharField(max_length=ID)
    answer = models.CharField(max_length=16, choices=ANSWERS, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["sequence"]
        indexes = [models.Index(fields=["review", "aspect"], name="rulings_of_an_aspect")]
        constraints = [
            models.CheckConstraint(condition=Q(answer="", supersedes__isnull=False) | (~Q(answer="") & ~Q(reason="")),
                                   name="ruling_has_a_reason"),
        ]  # fmt: skip


class ReviewDissent(Written, Said):
    """That a member holds to another answer than what stands, and why; an empty reason takes it back."""

    class Meta:
        ordering = ["sequence"]
        indexes = [models.Index(fields=["review", "aspect"], name="dissent_of_an_aspect")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason="") | Q(supersedes__isnull=False), name="dissent_has_a_reason"),
        ]
