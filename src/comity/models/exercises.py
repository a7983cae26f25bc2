"""Joint exercises: what was taken in, what whoever leads did, what was put, scored, ruled, found, and told by others.

All of it is append only. What follows from it (which injects are due, what was met) is never stored: `policy` works it
out from these rows and from the ledger.
"""

from django.db import models
from django.db.models import Q

from comity.models.parties import Party


class Exercise(models.Model):
    """One exercise: its scenario as it was taken in, and the collection that it is played in."""

    slug = models.SlugField(unique=True, max_length=40)
    content = models.TextField()
    digest = models.CharField(max_length=64)
    """SHA-256 of the scenario, in hexadecimal digits: by it the sides know that they play the same."""
    collection = models.ForeignKey("Collection", on_delete=models.PROTECT, related_name="exercises")
    led_by = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="exercises_led")
    """Whose node keeps the clock and puts the injects; that of a partner where we only take part."""
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    sequence = models.BigIntegerField()

    class Meta:
        ordering = ["-sequence"]

    def __str__(self) -> str:
        return self.slug


class ExerciseRow(models.Model):
    """What every row of an exercise carries; moments are in microseconds since 1970 UTC."""

    at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    sequence = models.BigIntegerField()

    class Meta:
        abstract = True
        ordering = ["sequence", "id"]


class ExerciseEvent(ExerciseRow):
    """What whoever leads did: moved the clock, put an inject by hand, recorded which way a decision went."""

    class Kind(models.TextChoices):
        START = "start"
        PAUSE = "pause"
        RESUME = "resume"
        SPEED = "speed"
        JUMP = "jump"
        END = "end"
        INJECT = "inject"
        TOOK = "took"

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.BigIntegerField(default=0)
    """A speed, or the second that the clock shows after a jump."""
    name = models.CharField(max_length=40, blank=True)
    option = models.CharField(max_length=40, blank=True)

    class Meta(ExerciseRow.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["start", "pause", "resume", "speed", "jump", "end", "inject",
                                                         "took"]), name="exercise_event_has_a_kind"),
            models.CheckConstraint(condition=~Q(kind__in=["inject", "took"]) | ~Q(name=""),
                                   name="exercise_event_names_what"),
            models.UniqueConstraint(fields=["exercise", "name"], condition=Q(kind="took"), name="a_decision_once"),
        ]  # fmt: skip


class ExercisePut(ExerciseRow):
    """That an inject was put to a team, and by which message where that went over the exchange."""

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="puts")
    inject = models.CharField(max_length=40)
    team = models.CharField(max_length=40)
    seconds = models.BigIntegerField()
    """What the exercise's clock showed."""
    message = models.ForeignKey("Message", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(ExerciseRow.Meta):
        constraints = [models.UniqueConstraint(fields=["exercise", "inject", "team"], name="an_inject_once")]


class ExerciseScore(ExerciseRow):
    """What one evaluator says of an expectation, in a word of its scale; a later one of theirs takes its place."""

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="scores")
    expectation = models.CharField(max_length=40)
    evaluator = models.CharField(max_length=150)
    word = models.CharField(max_length=200)
    says = models.TextField(blank=True)


class ExerciseRuling(ExerciseRow):
    """The official word on an expectation, with its reason; a later one takes its place."""

    class Verdict(models.TextChoices):
        MET = "met"
        MISSED = "missed"
        UNJUDGED = "unjudged"

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="rulings")
    expectation = models.CharField(max_length=40)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reason = models.TextField()

    class Meta(ExerciseRow.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=["met", "missed", "unjudged"]), name="ruling_has_a_verdict"),
            models.CheckConstraint(condition=~Q(reason=""), name="ruling_has_its_reason"),
        ]


class ExerciseFinding(ExerciseRow):
    """What was learned. `undertaking` is the uid of what it became; `shared`: it stands in the joint report too."""

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="findings")
    says = models.CharField(max_length=300)
    expectation = models.CharField(max_length=40, blank=True)
    undertaking = models.CharField(max_length=36, blank=True)
    shared = models.BooleanField(default=False)

    class Meta(ExerciseRow.Meta):
        constraints = [models.CheckConstraint(condition=~Q(says=""), name="finding_says_something")]


class ExerciseAccount(ExerciseRow):
    """What a partner says of the same exercise: its verdicts as `expectation verdict` lines, by a signed message."""

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="accounts")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    verdicts = models.JSONField(default=dict)
    message = models.ForeignKey("Message", on_delete=models.PROTECT, related_name="+")
