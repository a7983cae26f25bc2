"""Who may come in, and who changed that: the record of what was done with accounts and tokens."""

from django.db import models


class AccessChange(models.Model):
    """One change of who may come in; only ever added. `about` is the username of the account or token."""

    class What(models.TextChoices):
        ACCOUNT_MADE = "account made"
        PASSWORD_CHANGED = "password changed"  # noqa: S105 - the name of an act
        ACCOUNT_CLOSED = "account closed"
        ACCOUNT_REOPENED = "account reopened"
        TOKEN_GIVEN = "token given"  # noqa: S105 - as above
        TOKEN_REVOKED = "token revoked"  # noqa: S105 - as above
        TOKEN_END_SET = "token’s end set"  # noqa: S105 - as above

    what = models.CharField(max_length=20, choices=What.choices)
    about = models.CharField(max_length=150)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-id"]
