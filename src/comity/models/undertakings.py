"""Undertakings that are recorded here, and what is recorded of any undertaking, those of agreements' clauses included.

A clause's duties are read from the adopted agreement (`acts.undertakings`) and have no row of their own: only entries,
by their key. All is append only; a correction supersedes.
"""

from django.db import models
from django.db.models import Q

from comity.models.instruments import Instrument, Provision
from comity.models.parties import Party
from comity.models.sources import Recorded
from comity.policy.undertaking_words import EntryKind


class Written(models.Model):
    """What each entry carries that is written at the desk. `recorded_at` is in microseconds since 1970 UTC."""

    source = models.CharField(max_length=400, blank=True)
    """The note, letter or minutes it rests on."""
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    sequence = models.BigIntegerField()
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        abstract = True


class Undertaking(Recorded):
    """What `by` undertook towards `to` (None: everybody), outside the clauses of adopted agreements.

    `rule` and `report` are texts that `policy.recurrence` reads; empty: no day is set. `since` is the day from which
    it is followed here. Its words and origin stand; days, owner and all else move by entries.
    """

    class Origin(models.TextChoices):
        PLEDGE = "pledge"
        PROVISION = "provision"
        """An article, a norm or a measure of an instrument."""
        OUTCOME = "outcome"
        """What was agreed at an engagement."""
        RECOMMENDATION = "recommendation"

    uid = models.UUIDField(unique=True)
    origin = models.CharField(max_length=16, choices=Origin.choices)
    by = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="undertakings")
    to = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="owed")
    what = models.CharField(max_length=300)
    instrument = models.ForeignKey(
        Instrument, null=True, blank=True, on_delete=models.PROTECT, related_name="undertakings"
    )
    provision = models.ForeignKey(
        Provision, null=True, blank=True, on_delete=models.PROTECT, related_name="undertakings"
    )
    outcome = models.ForeignKey(
        "EngagementLine", null=True, blank=True, on_delete=models.PROTECT, related_name="undertakings"
    )
    rule = models.CharField(max_length=200, blank=True)
    report = models.CharField(max_length=200, blank=True)
    zone = models.CharField(max_length=60)
    evidence = models.CharField(max_length=300, blank=True)
    """What would show that it is done."""
    since = models.DateField()
    public = models.BooleanField(default=False)
    """True: it stands in the public calendar."""

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="undertaking_says_what"),
            models.CheckConstraint(condition=~Q(origin="provision") | Q(provision__isnull=False),
                                   name="undertaking_names_its_provision"),
            models.CheckConstraint(condition=~Q(origin="outcome") | Q(outcome__isnull=False),
                                   name="undertaking_names_its_outcome"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.what


class UndertakingEntry(Written):
    """One entry of one undertaking, by its key: the uid of a row, or `clause:AGREEMENT:CLAUSE`."""

    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in EntryKind])
    effective_on = models.DateField()
    number = models.IntegerField(null=True, blank=True)
    says = models.TextField(blank=True)

    class Meta:
        ordering = ["sequence"]
        indexes = [models.Index(fields=["key", "sequence"], name="entries_of_an_undertaking")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in EntryKind]), name="entry_has_a_kind"),
            models.CheckConstraint(condition=Q(number__isnull=True) | Q(number__gte=1), name="entry_counts_from_one"),
        ]
