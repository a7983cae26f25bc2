"""Letters that the desk sends by e-mail, each one once, and the log of what they told whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Mailing(models.Model):
    """How a person at the desk wishes to be reminded; without a row: letter by letter."""

    class Mode(models.TextChoices):
        EACH = "each"
        DIGEST = "digest"
        """One letter a day, on days on which there is something new."""
        NONE = "none"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mailing")
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.EACH)
    language = models.CharField(max_length=8, default="en")
    """The language of letters and feeds: a code of `settings.LANGUAGES`."""


class Letter(models.Model):
    """One letter. It is written with its reminders in one transaction, claimed in a second, and then handed over.

    `claimed_at` without `sent_at`: it was being handed over. `message_id` follows from `name`, so that a letter that
    is handed over again is known for the same one.
    """

    name = models.CharField(unique=True, max_length=300)
    recipient = models.CharField(max_length=150)
    """The account for which it was written."""
    address = models.EmailField()
    subject = models.CharField(max_length=300)
    body = models.TextField()
    message_id = models.CharField(unique=True, max_length=120)
    written_at = models.BigIntegerField()
    claimed_at = models.BigIntegerField(null=True, blank=True)
    sent_at = models.BigIntegerField(null=True, blank=True)
    tries = models.IntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["sent_at", "id"], name="letters_to_send")]
        constraints = [models.CheckConstraint(condition=Q(sent_at__isnull=True) | Q(claimed_at__isnull=False),
                                              name="a_letter_is_claimed_before_it_is_sent")]  # fmt: skip


class Told(models.Model):
    """The sent-log: that one reminder (by its name) stands in a letter to one person. It can stand in one only."""

    reminder = models.CharField(max_length=250)
    recipient = models.CharField(max_length=150)
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="told")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reminder", "recipient"], name="a_reminder_once_a_person")]
