"""Engagements: conferences, dialogues, trainings, visits and exercises, and what was said and agreed there."""

from django.db import models
from django.db.models import F, Q

from comity.models.instruments import Instrument
from comity.models.parties import Party
from comity.models.sources import Recorded
from comity.models.undertakings import Written


class Engagement(models.Model):
    """One engagement. What is known of it stands in its newest version."""

    uid = models.CharField(unique=True, max_length=255)
    """As in a calendar (RFC 5545, UID): given by whoever sent it, else made here."""

    class Meta:
        ordering = ["id"]


class EngagementVersion(Recorded):
    """What was known of an engagement from one moment on. Days are those of `zone`; hours are given together or not."""

    class Kind(models.TextChoices):
        CONFERENCE = "conference"
        SYMPOSIUM = "symposium"
        DIALOGUE = "dialogue"
        MEETING = "meeting"
        TRAINING = "training"
        VISIT = "visit"
        EXERCISE = "exercise"

    class State(models.TextChoices):
        PLANNED = "planned"
        HELD = "held"
        CANCELLED = "cancelled"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="versions")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.PLANNED)
    title = models.CharField(max_length=300)
    forum = models.CharField(max_length=200, blank=True)
    """The series or body it belongs to; engagements of one forum make its history."""
    instrument = models.ForeignKey(
        Instrument, null=True, blank=True, on_delete=models.PROTECT, related_name="engagements"
    )
    partner = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="engagements")
    """With whom, or whose invitation it is."""
    place = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    starts_at = models.TimeField(null=True, blank=True)
    ends_at = models.TimeField(null=True, blank=True)
    zone = models.CharField(max_length=60)
    about = models.TextField(blank=True)
    public = models.BooleanField(default=False)
    """True: it stands in the public calendar."""
    revision = models.IntegerField(default=0)
    """As its organiser counts (RFC 5545, SEQUENCE)."""

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="engagement_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(starts_at__isnull=True, ends_at__isnull=True)
                                   | Q(starts_at__isnull=False, ends_at__isnull=False),
                                   name="engagement_has_both_hours_or_none"),
            models.CheckConstraint(condition=~Q(title=""), name="engagement_has_a_title"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class EngagementLine(Written):
    """One line of an engagement's papers: a delegate, an agenda item, a position taken, an outcome."""

    class Kind(models.TextChoices):
        DELEGATE = "delegate"
        AGENDA = "agenda item"
        POSITION = "position"
        OUTCOME = "outcome"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """Whose delegate, position or outcome it is."""
    says = models.TextField(blank=True)
    """A name, an item, what was said, what was agreed. Empty in a row that takes one back."""
    role = models.CharField(max_length=200, blank=True)
    """Of a delegate: head, expert, adviser; of a position: the agenda item it was taken on."""

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.CheckConstraint(condition=~Q(says="") | Q(supersedes__isnull=False), name="line_says_something"),
        ]
