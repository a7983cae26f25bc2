"""Collections, the partners' credentials, and what each credential may do where."""

from django.db import models


class Collection(models.Model):
    """A TAXII collection: a self-contained stock of objects. A reference is resolved within its collection."""

    uuid = models.UUIDField(unique=True)
    alias = models.SlugField(unique=True, max_length=80)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    exercise = models.BooleanField(default=False)
    created_at = models.BigIntegerField()

    class Meta:
        ordering = ["uuid"]

    def __str__(self) -> str:
        return self.title


class Credential(models.Model):
    """A partner's means to sign in as a machine. The secret is shown once; only its hash is kept.

    The secret is 256 random bits, so one SHA-256 is as strong as a slow hash and costs a request nothing.
    """

    username = models.SlugField(unique=True, max_length=80)
    party = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="credentials")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.BigIntegerField()
    created_by = models.CharField(max_length=150)
    every = models.BooleanField(default=False)
    """True: it reaches every collection of real material, those made later too."""
    writes = models.BooleanField(default=False)
    expires_at = models.BigIntegerField(null=True, blank=True)
    """The first moment (µs) at which it no longer opens anything; None: it has no end of its own."""
    revoked_at = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["username"]


class Right(models.Model):
    """What one credential may do in one collection. No row: the collection does not exist for it."""

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="rights")
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="rights")
    can_read = models.BooleanField(default=True)
    can_write = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["credential", "collection"], name="one_right_each")]


class Submission(models.Model):
    """The TAXII status resource of one POST, readable by the credential that made it; it is dropped after a week."""

    uuid = models.UUIDField(primary_key=True)
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE)
    body = models.BinaryField()
    at = models.BigIntegerField(db_index=True)
