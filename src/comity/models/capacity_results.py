"""Results of capacity reviews as they came in: whose, by which framework, on which day, every answer. Append only."""

from django.db import models

from comity.models.parties import Party
from comity.models.undertakings import Written


class CapacityResult(models.Model):
    """The answers of one review as one file gave them. A later file for the same day supersedes, both stay.

    The framework and its indicators are named by the stable ids of a stored edition (`models.frameworks`).
    """

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="capacity_results")
    """Whose capacity it is."""
    framework = models.CharField(max_length=80)
    edition = models.CharField(max_length=80)
    on = models.DateField()
    """The day of the review, as of which its evidence counts."""
    answers = models.JSONField()
    """Indicator id → its rating, as `acts.capacity_results` writes it."""
    digest = models.CharField(max_length=64)
    """The SHA-256 of the answers: the same file again is the same result."""
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["on", "id"]
        indexes = [models.Index(fields=["framework", "party", "on"], name="results_of_a_party")]
        constraints = [
            models.UniqueConstraint(fields=["party", "framework", "edition", "on", "digest"], name="a_result_once")
        ]

    def __str__(self) -> str:
        return f"{self.framework} {self.edition}: {self.party_id} {self.on}"


class NamedComparison(Written):
    """A state’s word that its results may be compared by name at this desk, or (a later row, `ends`) no longer may.

    `source` is where it gave its word. All others stand in comparisons as a group that names nobody.
    """

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    framework = models.CharField(max_length=80, blank=True)
    """Of this framework’s results alone; empty: of all."""
    effective_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    """The last day on which it holds; none: until it is taken back."""
    ends = models.BooleanField(default=False)

    class Meta:
        ordering = ["sequence"]
        constraints = [models.CheckConstraint(condition=~models.Q(source=""), name="named_comparison_has_a_source")]
