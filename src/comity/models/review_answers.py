"""What the members of a review answer, version by version; answers that met another; and how many stand where.

An answer is never changed: the next version names the one whose place it takes, and no version has two successors, so
that an answer whose author had not seen the newest one can only become an *offer*, which waits to be settled.
"""

from django.db import models
from django.db.models import Q

from comity.models.reviews import ID, Review, ReviewMember
from comity.models.undertakings import Written
from comity.policy.staging import Answer

ANSWERS = [(answer.value, answer.value) for answer in Answer]


class Said(models.Model):
    """An answer of one member to one indicator. `reason` says why, and always why it is not applicable."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(ReviewMember, on_delete=models.PROTECT, related_name="+")
    aspect = models.CharField(max_length=ID)
    indicator = models.CharField(max_length=ID)
    answer = models.CharField(max_length=16, choices=ANSWERS)
    reason = models.TextField(blank=True)

    class Meta:
        abstract = True


class ReviewAnswer(Written, Said):
    """One version of an answer; the newest one stands. `source` says by which way it came: a page, a file."""

    number = models.IntegerField()
    """Its place among the versions of this answer, from 1: what an editor says to have seen."""
    round = models.IntegerField()
    """The round in which it was given, from 1."""

    class Meta:
        ordering = ["sequence", "id"]
        indexes = [models.Index(fields=["review", "aspect", "member"], name="answers_of_an_aspect"),
                   models.Index(fields=["review", "recorded_at"], name="answers_by_their_time")]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["member", "indicator", "number"], name="a_version_of_an_answer_once"),
            models.CheckConstraint(condition=Q(answer__in=[one.value for one in Answer]), name="answer_is_a_word"),
            models.CheckConstraint(condition=~Q(answer="not applicable") | ~Q(reason=""),
                                   name="not_applicable_has_a_reason"),
            models.CheckConstraint(condition=Q(number=1, supersedes__isnull=True)
                                   | Q(number__gt=1, supersedes__isnull=False), name="answer_follows_the_one_before"),
        ]  # fmt: skip


class AnswerOffer(Said):
    """An answer whose author had seen version `seen` (0: none) while another one stood: it waits to be settled."""

    seen = models.IntegerField()
    through = models.CharField(max_length=400, blank=True)
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    sequence = models.BigIntegerField()

    class Meta:
        ordering = ["sequence", "id"]


class OfferSettlement(models.Model):
    """What became of an offer: taken (an answer was recorded from it), or the standing one was kept."""

    offer = models.OneToOneField(AnswerOffer, on_delete=models.PROTECT, related_name="settlement")
    taken = models.BooleanField()
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    sequence = models.BigIntegerField()


class AnswerCount(models.Model):
    """How many members give one answer to one indicator now: follows from the standing answers, and is kept with them.

    `aspect` is the indicator’s.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    aspect = models.CharField(max_length=ID)
    indicator = models.CharField(max_length=ID)
    answer = models.CharField(max_length=16, choices=ANSWERS)
    n = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "indicator", "answer"], name="a_count_once"),
            models.CheckConstraint(condition=Q(n__gte=0), name="a_count_is_not_below_none"),
        ]


class MemberProgress(models.Model):
    """How many indicators of an aspect a member has answered with another word than unknown: kept as the counts are."""

    member = models.ForeignKey(ReviewMember, on_delete=models.PROTECT, related_name="+")
    aspect = models.CharField(max_length=ID)
    answered = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "aspect"], name="progress_once")]
