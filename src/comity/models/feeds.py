"""A partner's view of a collection: a list of runs in the order and with the dates that this partner sees."""

from django.db import models


class PartnerView(models.Model):
    """How far a party's view of a collection has been drawn up. Derived: it can be drawn up again from the facts."""

    party = models.ForeignKey("Party", on_delete=models.CASCADE)
    collection = models.ForeignKey("Collection", on_delete=models.CASCADE)
    sequence = models.BigIntegerField(default=-1)
    """The node's sequence up to which batches and facts are counted in."""
    at = models.BigIntegerField(default=0)
    """The moment up to which the calendar is counted in."""
    last_date = models.BigIntegerField(default=0)
    """The date of the view's last item, microseconds since 1970 UTC: the partner's own clock."""
    open = models.JSONField(default=dict)
    """Handling class → [number of the stretch now open, first open place]."""
    classes = models.BigIntegerField(default=0)
    """The newest handling class that has been judged for this view."""
    stretches = models.BigIntegerField(default=0)
    mark = models.CharField(max_length=32, default="")
    """Drawn anew, at random, each time the view is drawn up."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "collection"], name="one_view_each")]


class ViewRun(models.Model):
    """`count` consecutive places of one class, dated `date`, `date`+1 µs, …: the items this partner sees there."""

    view = models.ForeignKey(PartnerView, on_delete=models.CASCADE, related_name="runs")
    handling = models.IntegerField()
    stretch = models.BigIntegerField()
    first = models.BigIntegerField()
    count = models.BigIntegerField()
    date = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["view", "date"], name="run_by_date"),
            models.Index(fields=["view", "handling", "first"], name="run_by_place"),
            models.Index(fields=["view", "handling", "stretch", "date"], name="run_by_class"),
        ]
