"""Points of contact: who answers for a party, in which role, and when that was last tried."""

from django.db import models
from django.db.models import F, Q

from comity.models.parties import Party
from comity.models.sources import Recorded


class Contact(models.Model):
    """One post or person to turn to. What is known stands in the newest version."""

    uid = models.UUIDField(unique=True)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="contacts")

    class Meta:
        ordering = ["party", "id"]


class ContactVersion(Recorded):
    """What was known of a contact from one moment on; `ended_on` is the last day on which it was a contact."""

    class Kind(models.TextChoices):
        DIPLOMATIC = "diplomatic"
        POLICY = "policy"
        TECHNICAL = "technical"
        ROUND_THE_CLOCK = "24/7"
        CENTRAL_AUTHORITY = "central authority"

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="versions")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=200, blank=True)
    """A person’s name. Empty for a post that anyone on duty answers."""
    position = models.CharField(max_length=200, blank=True)
    institution = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=60, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    """When it answers, such as “24 hours” or “09:00–17:00 America/Nassau”."""
    languages = models.CharField(max_length=120, blank=True)
    directories = models.CharField(max_length=300, blank=True)
    """In which directories it stands: OAS, UN, FIRST…"""
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(institution=""), name="contact_has_an_institution"),
        ]

    def __str__(self) -> str:
        return self.name or self.position or self.institution


class ContactCheck(models.Model):
    """One try to reach a contact, or one look whether what is recorded still holds. Moments in µs since 1970 UTC."""

    class Kind(models.TextChoices):
        PING = "ping"
        """A message was sent that asks for an answer."""
        LOOK = "look"
        """What is recorded was compared with its source."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    asked_at = models.BigIntegerField()
    answered_at = models.BigIntegerField(null=True, blank=True)
    """Set once, when the answer comes. None: no answer yet."""
    holds = models.BooleanField(default=True)
    """False: it was found wrong, such as an address that no longer exists."""
    means = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)
    recorded_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("asked_at")),
                                   name="an_answer_comes_after_the_question"),
        ]  # fmt: skip
