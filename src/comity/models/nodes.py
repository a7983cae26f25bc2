"""The node itself: one row."""

from django.db import models


class Node(models.Model):
    """Whose desk this is, and the one counter under whose lock every change of law or stock takes its place."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    party = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="+")
    unmarked_as = models.CharField(max_length=16, default="RED")
    sequence = models.BigIntegerField(default=0)
    """Raised by one with each batch and each fact of law; private to the node, never shown to a partner."""
    law = models.BigIntegerField(default=0)
    """The sequence of the newest fact of law: while it stands, judgements may be remembered."""
    stamp = models.BigIntegerField(default=0)
    """The latest moment given out, microseconds since 1970 UTC; never goes back, even when the machine's clock does."""

    # What may be remembered of the store holds for as long as these stand. Each is drawn anew, at random, by triggers
    # (`models.triggers`) in the transaction that changes what it stands for, and so never comes back.
    law_mark = models.CharField(max_length=32, default="")
    """Stands while agreements, their events and consents are what they are."""
    class_mark = models.CharField(max_length=32, default="")
    """Stands while no handling class is added."""
    door_mark = models.CharField(max_length=32, default="")
    """Stands while credentials, rights and collections are what they are."""
    stock_mark = models.CharField(max_length=32, default="")
    """Stands while nothing is added, taken back, or joined by another version."""

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_node_a_database")]
