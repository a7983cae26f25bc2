"""Parties: states, organisations and the teams that act for them."""

from django.db import models


class Party(models.Model):
    """Anyone who can be bound by an agreement or receive under one."""

    class Kind(models.TextChoices):
        STATE = "state"
        ORGANISATION = "organisation"
        CSIRT = "CSIRT"

    code = models.CharField(primary_key=True, max_length=16)
    """ISO 3166-1 alpha-2 for states; XA to XZ, which ISO leaves to users, for fictional ones."""
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.STATE)
    fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
