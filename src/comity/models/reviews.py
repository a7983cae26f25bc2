"""Reviews of capacity: what is reviewed by which framework, who takes part, what was done and noted. All append only.

A review names its framework, aspects and indicators by the stable ids of a stored edition (`models.frameworks`).
"""

from django.db import models
from django.db.models import F, Q

from comity.models.engagements import Engagement
from comity.models.parties import Party
from comity.models.undertakings import Written
from comity.policy.review_course import ReviewKind, ReviewState

ID = 80
"""The longest id of a framework, an aspect or an indicator."""


class Review(models.Model):
    """One review. What can change of it stands in its newest version and its last move."""

    slug = models.SlugField(max_length=60, unique=True)
    framework = models.CharField(max_length=ID)
    edition = models.CharField(max_length=ID)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in ReviewKind])
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="reviews")
    """Whose capacity it is."""
    fictional = models.BooleanField(default=False)
    """True: its answers are made up, and every page of it says so."""
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    sequence = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[one.value for one in ReviewKind]), name="review_has_a_kind"),
        ]

    def __str__(self) -> str:
        return self.slug


class ReviewVersion(Written):
    """What was known of a review from one moment on. Stages are read as of `last_day`, unless another is asked for."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="versions")
    title = models.CharField(max_length=300)
    first_day = models.DateField()
    last_day = models.DateField()
    percent = models.SmallIntegerField()
    """How many of a hundred who know have to agree for a consensus (`policy.consensus`)."""

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="review_has_a_title"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="review_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(percent__gte=51, percent__lte=100), name="consensus_is_of_most_or_all"),
        ]  # fmt: skip


class ReviewMove(Written):
    """One move of a review to a state, as `policy.review_course` allows."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="moves")
    state = models.CharField(max_length=16, choices=[(state.value, state.value) for state in ReviewState])
    effective_on = models.DateField()
    says = models.TextField(blank=True)

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[one.value for one in ReviewState]), name="move_has_a_state"),
        ]


class ReviewCluster(models.Model):
    """A cluster of stakeholders; its name and what it is asked stand in its newest version."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="clusters")


class ReviewClusterVersion(Written):
    """What was known of a cluster: its name, and the aspects assigned to it."""

    cluster = models.ForeignKey(ReviewCluster, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(max_length=200)
    aspects = models.JSONField(default=list)
    """Ids of aspects, in the framework’s order; none: all of them."""

    class Meta:
        ordering = ["sequence"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="cluster_has_a_name")]


class ReviewMember(models.Model):
    """Somebody who takes part: a person, or a cluster that speaks as one. Nobody needs an account for it."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="members")


class ReviewMemberVersion(Written):
    """What was known of a member."""

    class Role(models.TextChoices):
        CHAIR = "chair"
        RATER = "rater"
        FACILITATOR = "facilitator"
        OBSERVER = "observer"

    member = models.ForeignKey(ReviewMember, on_delete=models.PROTECT, related_name="versions")
    cluster = models.ForeignKey(ReviewCluster, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """With whom they sit, and so what they are asked; None: every aspect."""
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=16, choices=Role.choices)
    organisation = models.CharField(max_length=200, blank=True)
    left = models.BooleanField(default=False)
    """True: no longer takes part. Answers given stay."""

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="member_has_a_name"),
            models.CheckConstraint(condition=Q(role__in=["chair", "rater", "facilitator", "observer"]),
                                   name="member_has_a_role"),
        ]  # fmt: skip


class ReviewSession(Written):
    """A session of a review: an engagement, with one cluster or (None) with all."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="sessions")
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="review_sessions")
    cluster = models.ForeignKey(ReviewCluster, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["sequence"]


class ReviewNote(Written):
    """What was read or heard for a review, of one aspect or (empty) of all of it; an empty text takes one back."""

    class Kind(models.TextChoices):
        DESK_RESEARCH = "desk research"
        SESSION = "session"
        FOLLOW_UP = "follow-up"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    aspect = models.CharField(max_length=ID, blank=True)
    says = models.TextField(blank=True)

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.CheckConstraint(condition=~Q(says="") | Q(supersedes__isnull=False), name="note_says_something"),
        ]
