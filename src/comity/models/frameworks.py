"""Frameworks taken in: each edition once, its content fixed."""

from django.db import models


class FrameworkEdition(models.Model):
    """One edition of a framework. What differs in content is another edition: a trigger refuses to change a row.

    Reviews, measures and crosswalks name a framework and what is in it by (framework id, edition, stable id), as text.
    `acts.framework_editions` takes editions in and gives them as `policy.frameworks.Framework`.
    """

    framework = models.CharField(max_length=80)
    """Its id: cmm, un-norms."""
    edition = models.CharField(max_length=80)
    name = models.CharField(max_length=300)
    """In the framework’s own language, for lists."""
    owner = models.CharField(max_length=300)
    content = models.TextField()
    """The whole of it as canonical JSON (`policy.framework_document`)."""
    digest = models.CharField(max_length=64)
    """The SHA-256 of `content`, in hexadecimal digits."""
    recorded_at = models.BigIntegerField()
    """When it was taken in, in microseconds since 1970 UTC."""
    recorded_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["framework", "edition"]
        constraints = [models.UniqueConstraint(fields=["framework", "edition"], name="an_edition_once")]

    def __str__(self) -> str:
        return f"{self.framework} {self.edition}"
