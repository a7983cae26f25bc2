"""Calendar feeds: the secret addresses under which people subscribe to what is due."""

from django.conf import settings
from django.db import models


class CalendarFeed(models.Model):
    """One person's feed. The secret is shown once and only its hash is kept, as with a partner's credential."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds")
    label = models.CharField(max_length=80, blank=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.BigIntegerField()
    revoked_at = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
