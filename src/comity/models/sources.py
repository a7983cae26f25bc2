"""Where a fact was read, and what every recorded fact carries.

A `Source` is one reading of one document: read again a month later it is another source. Every recorded fact carries
its source, its status, both times and who recorded it (`Recorded`), and is only ever added to: a correction is a later
row that supersedes.
"""

from django.db import models
from django.db.models import Q

from comity.policy.participation import Precision, Status


def choices(words: type[Status] | type[Precision]) -> list[tuple[str, str]]:
    """Give a vocabulary as the choices of a column."""
    return [(word.value, word.value) for word in words]


class Source(models.Model):
    """One reading of one document: where it stands (`address`, or `title` alone for paper), and the day it was read."""

    class Kind(models.TextChoices):
        REGISTER = "register"
        """A depositary's or an official register."""
        OFFICIAL = "official"
        """A text or page of a government or of the body concerned."""
        PRESS = "press"
        RESEARCH = "research"
        ARTICLE = "article"
        """A blog or an essay: what it says is a claim."""
        DOCUMENT = "document"
        """A paper held here: a note, a letter, a file of an agreement."""

    address = models.CharField(max_length=600, blank=True)
    title = models.CharField(max_length=400, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.OFFICIAL)
    read_on = models.DateField()
    as_of = models.DateField(null=True, blank=True)
    """The day whose state it shows, where the source is an older snapshot."""

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(address="", title=""), name="source_says_where"),
            models.UniqueConstraint(fields=["address", "title", "read_on"], name="a_reading_once"),
        ]

    def __str__(self) -> str:
        return self.title or self.address


class Recorded(models.Model):
    """What each recorded fact carries. `recorded_at` is in microseconds since 1970 UTC, given out by acts.moments."""

    status = models.CharField(max_length=16, choices=choices(Status))
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    sequence = models.BigIntegerField()
    """The node's place in the order of happenings; what was recorded together shares it."""
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        abstract = True
