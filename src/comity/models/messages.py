"""What two sides say to one another, by whatever road, and the keys by which a partner's word is known."""

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One message as it went or came, never changed. Who answers for what is read from the messages of a thread."""

    class Direction(models.TextChoices):
        SENT = "sent"
        RECEIVED = "received"

    class Road(models.TextChoices):
        EXCHANGE = "exchange"
        MAIL = "mail"
        PAPER = "paper"
        HAND = "hand"
        TELEPHONE = "telephone"

    class Signed(models.TextChoices):
        YES = "yes"
        """By a key that was on file for the sender."""
        UNKNOWN = "unknown key"
        NO = "no"
        """Not signed: written down here from paper, mail or a call, or sent so under the sender's credential."""

    uuid = models.CharField(unique=True, max_length=36)
    party = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="messages")
    """The other side."""
    direction = models.CharField(max_length=8, choices=Direction.choices)
    kind = models.CharField(max_length=24)
    agreement = models.CharField(max_length=200, blank=True)
    in_reply_to = models.CharField(max_length=36, blank=True)
    thread = models.CharField(max_length=36)
    """The UUID of the message that began it."""
    body = models.TextField()
    """The object, in canonical JSON."""
    road = models.CharField(max_length=9, choices=Road.choices)
    signed = models.CharField(max_length=11, choices=Signed.choices)
    collection = models.ForeignKey("Collection", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """Where it is laid out for the other side, or came in; None: by another road alone."""
    source = models.TextField(blank=True)
    """For what was written down here: the letter, mail or call."""
    at = models.BigIntegerField()
    """When it was sent or came, µs since 1970 UTC."""
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)
    sequence = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["thread", "id"], name="messages_of_a_thread"),
                   models.Index(fields=["party", "kind"], name="messages_of_a_party")]  # fmt: skip
        constraints = [
            models.CheckConstraint(condition=Q(road="exchange") | ~Q(source="") | Q(direction="sent"),
                                   name="message_has_its_source"),
        ]  # fmt: skip

    @property
    def of_exercise(self) -> bool:
        """Tell whether it is said in an exercise: it names one, as a key of what it says, or stands where those are."""
        return '"exercise":"' in self.body or (self.collection is not None and self.collection.exercise)


class Awaited(models.Model):
    """What a message makes due of one side, and by when; reminders come from the undertaking of that `key`."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="awaited")
    step = models.CharField(max_length=80)
    """acknowledge, answer, or what the clause calls it."""
    by = models.BigIntegerField()
    """The last moment, µs since 1970 UTC."""
    clock = models.CharField(max_length=200, blank=True)
    """The clause that sets it, as `clause agreement`; empty: our own rule."""
    key = models.CharField(max_length=40)

    class Meta:
        ordering = ["by", "id"]
        constraints = [models.UniqueConstraint(fields=["message", "step"], name="a_step_awaited_once")]


class PartnerKey(models.Model):
    """A verifier line that a partner handed over: by it its messages and the heads of its log are checked."""

    party = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=200)
    line = models.CharField(max_length=400, unique=True)
    source = models.TextField()
    """How it came: a letter, a meeting; never the exchange itself alone."""
    recorded_at = models.BigIntegerField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="key_has_a_source")]
