"""Crosswalks taken in: each edition once, its content fixed as that of frameworks is."""

from django.db import models


class CrosswalkEdition(models.Model):
    """One edition of a crosswalk between editions of frameworks that are here; its rows are added, never changed."""

    crosswalk = models.CharField(max_length=80)
    edition = models.CharField(max_length=80)
    name = models.CharField(max_length=300)
    """In its own language, for lists."""
    owner = models.CharField(max_length=300)
    content = models.TextField()
    """The whole of it as its own YAML file (`policy.crosswalk_form`)."""
    digest = models.CharField(max_length=64)
    """The SHA-256 of `content`, in hexadecimal digits."""
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["crosswalk", "edition"]
        constraints = [models.UniqueConstraint(fields=["crosswalk", "edition"], name="a_crosswalk_edition_once")]

    def __str__(self) -> str:
        return f"{self.crosswalk} {self.edition}"
