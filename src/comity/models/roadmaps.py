"""Plans of capacity, what partners offer, what becomes of measures, the roadmaps that were solved, and practices.

All of it is append only: a changed plan is a new version, an offer or an entry is changed by one that supersedes it,
and a roadmap keeps what it was solved from.
"""

from django.db import models
from django.db.models import Q

from comity.models.parties import Party
from comity.models.undertakings import Written


class CapacityPlan(models.Model):
    """One plan, by the id in its file."""

    slug = models.SlugField(unique=True, max_length=40)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class PlanVersion(models.Model):
    """A plan’s file as it was taken in, with the answers that say what is met, if any were given with it."""

    plan = models.ForeignKey(CapacityPlan, on_delete=models.PROTECT, related_name="versions")
    content = models.TextField()
    answers = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    """The SHA-256 of content and answers, in hexadecimal digits."""
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    sequence = models.BigIntegerField()

    class Meta:
        ordering = ["sequence"]


class PlanOffer(Written):
    """What a partner offers for measures of a plan. With no measures it takes back the one that it supersedes."""

    plan = models.ForeignKey(CapacityPlan, on_delete=models.PROTECT, related_name="offers")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="plan_offers")
    measures = models.JSONField(default=list)
    money = models.BigIntegerField(default=0)
    staff = models.JSONField(default=dict)
    """Role → days in all, for each measure."""
    until = models.DateField(null=True, blank=True)
    times = models.IntegerField(default=1)

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.CheckConstraint(condition=Q(money__gte=0, times__gte=1), name="offer_gives"),
        ]


class HelpRequest(Written):
    """That a partner was asked for help with a measure. With no words it takes back the one that it supersedes."""

    plan = models.ForeignKey(CapacityPlan, on_delete=models.PROTECT, related_name="requests")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="help_asked")
    measure = models.CharField(max_length=40)
    says = models.TextField(blank=True)
    asked_on = models.DateField()

    class Meta:
        ordering = ["sequence"]


class MeasureEntry(Written):
    """What became of a measure from a day on, and what shows it."""

    class State(models.TextChoices):
        PLANNED = "planned"
        STARTED = "started"
        DONE = "done"
        DROPPED = "dropped"

    plan = models.ForeignKey(CapacityPlan, on_delete=models.PROTECT, related_name="progress")
    measure = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State.choices)
    effective_on = models.DateField()
    evidence = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["planned", "started", "done", "dropped"]),
                                   name="measure_has_a_state"),
            models.CheckConstraint(condition=~Q(state="done") | ~Q(evidence=""), name="done_is_shown"),
        ]  # fmt: skip


class RoadmapRun(models.Model):
    """A roadmap that was solved: what from, and what came out, both as they were."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="runs")
    before = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """The run that stood when it was made: what it is compared with."""
    inputs = models.JSONField()
    """Offers, progress and the day of ratings, as `acts.roadmap_store` writes them."""
    plan = models.JSONField(null=True)
    """`starts`: measure → quarter; `taken`: (offer, measure) pairs. Null: there was no plan."""
    aims = models.JSONField()
    """Aim, value and bound, in order."""
    told = models.JSONField()
    """What clashed, in sentences; once it was worked out, what more or less would change (`acts.roadmap_weighing`)."""
    digest = models.CharField(max_length=64)
    """The SHA-256 of the version’s digest, the inputs and the plan."""
    adopted_at = models.BigIntegerField(null=True, blank=True)
    adopted_by = models.CharField(max_length=150, blank=True)
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    sequence = models.BigIntegerField()

    class Meta:
        ordering = ["sequence"]


class Practice(Written):
    """What others do to reach a stage, with sources: ours or received, one version of one STIX course of action."""

    stix_id = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    """Its `modified`, as STIX writes it."""
    name = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    framework = models.CharField(max_length=80, blank=True)
    edition = models.CharField(max_length=80, blank=True)
    serves = models.JSONField(default=list)
    """Stable ids of indicators in that edition."""
    sources = models.JSONField(default=list)
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="practices")
    """Who gave it; None: it is ours or the catalogue’s."""
    collection = models.CharField(max_length=80, blank=True)
    """The collection in which it is shared or was received."""

    class Meta:
        ordering = ["sequence"]
        constraints = [models.UniqueConstraint(fields=["stix_id", "version"], name="a_practice_version_once")]
