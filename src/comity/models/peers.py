"""Peers: other nodes and servers that this node asks and gives to by itself, and what became of it.

A peer's secret is no part of the store: it stands in the node's home (`acts.peer_secrets`).
"""

from django.db import models
from django.db.models import Q


class Peer(models.Model):
    """A TAXII 2.1 server of a party, and the agreement under which we exchange with it."""

    name = models.SlugField(unique=True, max_length=60)
    party = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="peers")
    agreement = models.ForeignKey("Agreement", on_delete=models.PROTECT, related_name="peers")
    url = models.URLField(max_length=500)
    """As it was given: the discovery address or an API root."""
    root = models.URLField(max_length=500)
    """The API root that is used."""
    username = models.CharField(max_length=200, blank=True)
    pins = models.JSONField(default=list, blank=True)
    """SHA-256 of the server's public key (SubjectPublicKeyInfo), base64; any one of them has to match; empty: any."""
    has_ca = models.BooleanField(default=False)
    """Its certificate is issued by an authority whose certificate stands in the home, and by no other."""
    has_certificate = models.BooleanField(default=False)
    """We show a client certificate, which stands in the home."""
    keeps_ledger = models.BooleanField(default=False)
    """It has a ledger of ours that we can read: it is a Comity, whose dates are unique."""
    largest = models.BigIntegerField(default=1 << 20)
    """The most bytes that one message to it may have (`max_content_length`)."""
    paused = models.BooleanField(default=False)
    added_at = models.BigIntegerField()
    added_by = models.CharField(max_length=150)
    removed_at = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Line(models.Model):
    """One collection there tied to one here, in one direction, and how far it has come."""

    class Direction(models.TextChoices):
        PULL = "pull"
        PUSH = "push"

    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="lines")
    direction = models.CharField(max_length=4, choices=Direction.choices)
    remote = models.CharField(max_length=200)
    """The collection there: its id."""
    title = models.CharField(max_length=300, blank=True)
    collection = models.ForeignKey("Collection", on_delete=models.PROTECT, related_name="lines")
    every = models.IntegerField(default=300)
    """Seconds from one round to the next."""
    page = models.IntegerField(default=1000)
    most = models.IntegerField(default=0)
    """The most objects that one round takes or gives; 0: no limit."""
    overlap = models.IntegerField(default=60)
    """Seconds by which each round begins earlier, for servers whose dates may show up late."""
    versions = models.CharField(max_length=4, default="all")
    # how far a pull has come (`policy.peering.Place`)
    after = models.CharField(max_length=40, blank=True)
    asked = models.CharField(max_length=40, blank=True)
    next = models.TextField(blank=True)
    limit = models.IntegerField(default=0)
    # how far a push has come
    position = models.BigIntegerField(default=-1)
    """The date (µs), in this party's view of our collection, of the last item that the other side has answered for."""
    pages = models.IntegerField(default=0)
    """How many objects the next parcel holds, while a larger one was refused as a whole; 0: `page`."""
    due_at = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0)
    """Rounds in a row that ended in trouble."""

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["peer", "direction", "remote", "collection"], name="a_line_once"),
            models.CheckConstraint(condition=Q(every__gte=1, page__gte=1, most__gte=0, overlap__gte=0),
                                   name="a_line_has_a_pace"),
        ]  # fmt: skip


class Run(models.Model):
    """One round of a line: when, how it ended, and what came or went."""

    class End(models.TextChoices):
        DONE = "done"
        QUOTA = "quota"
        """It stopped at the most that one round takes; the next one goes on."""
        WITHHELD = "withheld"
        """The agreement was not in force."""
        TROUBLE = "trouble"

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="runs")
    began_at = models.BigIntegerField()
    ended_at = models.BigIntegerField(null=True, blank=True)
    ended = models.CharField(max_length=10, choices=End.choices, blank=True)
    """Empty: under way, or cut off."""
    pages = models.IntegerField(default=0)
    seen = models.BigIntegerField(default=0)
    stored = models.BigIntegerField(default=0)
    known = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)
    """Our own objects that came back."""
    refused = models.BigIntegerField(default=0)
    conflicts = models.BigIntegerField(default=0)
    trouble = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]


class Snag(models.Model):
    """An object that did not go through between a party and us, and why; kept until somebody has seen to it."""

    class Kind(models.TextChoices):
        REFUSED = "refused"
        """It was no valid object, or was taken back before; or the other side refused it."""
        CONFLICT = "conflict"
        """The same id and version with other bytes, or a version of ours that we did not make."""

    party = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="snags")
    line = models.ForeignKey(Line, null=True, blank=True, on_delete=models.SET_NULL, related_name="snags")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    outgoing = models.BooleanField(default=False)
    stix_id = models.CharField(max_length=300)
    version = models.CharField(max_length=60)
    why = models.TextField()
    digest = models.CharField(max_length=64)
    """SHA-256, in hex, of the bytes that came or went; "" for what came unasked, kept once an object."""
    body = models.BinaryField(default=bytes)
    """The bytes themselves, of a conflict."""
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()
    times = models.IntegerField(default=1)

    class Meta:
        ordering = ["-last_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["party", "kind", "outgoing", "stix_id", "version", "digest"],
                                    name="a_snag_once"),
        ]  # fmt: skip


class Parcel(models.Model):
    """What is on its way to a peer: entered in the party's ledger with this row, sent after, answered at last.

    Dates are those of the party's view (µs): it holds what was dated after the line's position up to `last`.
    """

    class State(models.TextChoices):
        OPEN = "open"
        """It may have been sent; no answer is known of."""
        TAKEN = "taken"
        """The other side has it and is not done with it: its status is asked for."""
        ANSWERED = "answered"
        TURNED_DOWN = "turned down"
        """Refused as a whole: it is given again in smaller parts."""
        DROPPED = "dropped"
        """Before an answer came, what the party may have had changed; a new one was made."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="parcels")
    last = models.BigIntegerField()
    count = models.IntegerField()
    items = models.CharField(max_length=64)
    """The hash of its items, as the ledger's entry has it."""
    entry = models.BigIntegerField()
    """The number of the ledger's entry."""
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    status = models.CharField(max_length=100, blank=True)
    """The id of the status resource over there."""
    tries = models.IntegerField(default=0)
    made_at = models.BigIntegerField()
    answered_at = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(state__in=["open", "taken"]),
                                    name="one_parcel_on_its_way"),
        ]  # fmt: skip
