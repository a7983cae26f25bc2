"""The stock: stored versions, their handling classes, and the log of batches in which they came.

What a version says of itself is stored once (`StoredVersion`). Where it stands for release is an `Entry`: a place
(ordinal) in the row of its handling class within its collection. Within a class, ordinals are dense and only grow, so a
stretch of what a partner may have is a pair of numbers, whatever its length. Its bytes stand with those of its
neighbours in the class (`models.segments`).
"""

from functools import reduce
from operator import or_

from django.db import models

from comity.stix.timestamps import version_at


class Handling(models.Model):
    """An interned handling class: `policy.handling.Handling` as canonical JSON."""

    key = models.CharField(max_length=64, unique=True)
    body = models.TextField()


class Batch(models.Model):
    """What was accepted together, at one moment."""

    collection = models.ForeignKey("Collection", on_delete=models.PROTECT, related_name="batches")
    sequence = models.BigIntegerField(unique=True)
    accepted_at = models.BigIntegerField()
    accepted_by = models.CharField(max_length=150)
    urgent = models.BooleanField(default=False)
    """True: it comes before all that a partner has not been told of yet (`policy.feed.interrupt`)."""


class BatchRun(models.Model):
    """The places that one batch took in the row of one class."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="runs")
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT)
    first = models.BigIntegerField()
    count = models.BigIntegerField()


class StoredVersion(models.Model):
    """One version of one object in one collection, never changed."""

    collection = models.ForeignKey("Collection", on_delete=models.PROTECT, db_index=False)
    stix_id = models.CharField(max_length=200)
    instant = models.BigIntegerField()
    """The version as microseconds since 1970 UTC, for the order of versions."""
    spelling = models.CharField(max_length=40, blank=True, default="")
    """The version as it is written, where the instant alone does not tell (`stix.timestamps.spelled`)."""
    digest = models.BinaryField(max_length=32)
    body = models.BinaryField()
    """Canonical JSON while the version waits; empty once it has a place, for then its bytes stand there."""
    waits = models.BooleanField(default=False)
    """True while a reference it cannot do without is not in the collection: no entry, so nobody gets it."""
    own = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="+", db_index=False)
    """Its handling before references are counted."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "stix_id", "instant", "spelling"],
                                               name="a_version_once")]  # fmt: skip

    @property
    def version(self) -> str:
        """The version as it is written."""
        return version_at(self.instant, self.spelling)

    @property
    def type(self) -> str:
        """The type of the object, with which its id begins (STIX 2.1 §2.9)."""
        return self.stix_id.partition("--")[0]


def of_types(*types: str) -> models.Q:
    """Return the condition that a version is of an object of some types."""
    return reduce(or_, (models.Q(stix_id__startswith=f"{one}--") for one in types))


class Entry(models.Model):
    """A version's place in the row of a handling class."""

    collection = models.ForeignKey("Collection", on_delete=models.PROTECT, db_index=False)
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, db_index=False)
    ordinal = models.BigIntegerField()
    version = models.ForeignKey(StoredVersion, on_delete=models.PROTECT, related_name="entries")
    plural = models.BooleanField(default=False)
    """True when the object has more than one entry here, so that "latest" depends on who asks."""
    trims = models.BooleanField(default=False)
    """True when the object refers to others it could do without, or carries granular markings or personal data."""
    deleted_at = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "handling", "ordinal"], name="a_place_once")]


class Target(models.Model):
    """An object that some version of a collection cannot do without, whether or not it is there."""

    collection = models.ForeignKey("Collection", on_delete=models.PROTECT, db_index=False)
    stix_id = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "stix_id"], name="a_target_once")]


class Need(models.Model):
    """A version cannot do without an object: with others of its `group` any one of them, and every group must hold.

    What a version could do without is in its bytes alone.
    """

    version = models.ForeignKey(StoredVersion, on_delete=models.CASCADE, related_name="needs")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="needs")
    group = models.SmallIntegerField()
