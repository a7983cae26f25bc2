"""The bodies of what is stored, by handling class: what a page is cut from."""

from django.db import models


class Segment(models.Model):
    """Consecutive places of one class whose bodies stand together (`stix.segments`). Its content never changes."""

    collection = models.ForeignKey("Collection", on_delete=models.PROTECT, db_index=False)
    handling = models.ForeignKey("Handling", on_delete=models.PROTECT, db_index=False)
    first = models.BigIntegerField()
    count = models.IntegerField()
    key = models.BinaryField(max_length=16)
    """Equal keys, equal content."""
    careful = models.BooleanField(default=False)
    """True when an object here has another version beside it, or was taken back. Kept by a trigger on `Entry`."""
    mentions = models.TextField(null=True)  # noqa: DJ001 - null is told apart from none: too many to list
    """The ids that the objects here refer to and could do without, separated by spaces; null when there are many."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "handling", "first"], name="a_segment_once")]


class SegmentBytes(models.Model):
    """The content of a segment (`stix.segments.written`), compressed (Zstandard, RFC 8878), and its digests.

    One that was written by earlier releases has its labels apart, compressed by themselves; `labels` is empty else.
    """

    segment = models.OneToOneField(Segment, on_delete=models.CASCADE, primary_key=True, related_name="content")
    bodies = models.BinaryField()
    labels = models.BinaryField()
    digests = models.BinaryField()


class LooseBody(models.Model):
    """The body of one of the newest places of a class, until there are enough of them for a segment."""

    collection = models.ForeignKey("Collection", on_delete=models.PROTECT, db_index=False)
    handling = models.ForeignKey("Handling", on_delete=models.PROTECT, db_index=False)
    ordinal = models.BigIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "handling", "ordinal"], name="a_body_once")]
