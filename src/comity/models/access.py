"""Who may come in: tokens of the API, and the record of what was done with accounts and tokens."""

from django.conf import settings
from django.db import models


class AccessChange(models.Model):
    """One change of who may come in; only ever added. `about` is the username of the account or token."""

    class What(models.TextChoices):
        ACCOUNT_MADE = "account made"
        PASSWORD_CHANGED = "password changed"  # noqa: S105 - the name of an act
        ACCOUNT_CLOSED = "account closed"
        ACCOUNT_REOPENED = "account reopened"
        SECOND_FACTOR_ADDED = "second factor added"
        SECOND_FACTOR_ENDED = "second factor ended"
        TOKEN_GIVEN = "token given"  # noqa: S105 - as above
        TOKEN_REVOKED = "token revoked"  # noqa: S105 - as above
        TOKEN_END_SET = "token’s end set"  # noqa: S105 - as above

    what = models.CharField(max_length=20, choices=What.choices)
    about = models.CharField(max_length=150)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-id"]


class ApiToken(models.Model):
    """A token with which a program acts as one account of the desk; of its secret only the hash is kept."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(max_length=80)
    """What it is for, as its holder wrote."""
    secret_hash = models.CharField(max_length=64, unique=True)
    writes = models.BooleanField(default=False)
    """False: it reads, whatever the account may do."""
    created_at = models.BigIntegerField()
    created_by = models.CharField(max_length=150)
    expires_at = models.BigIntegerField(null=True, blank=True)
    """The first moment at which it holds no more."""
    revoked_at = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~models.Q(label=""), name="api_token_says_what_for")]
