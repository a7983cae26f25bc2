"""Parties: states, groups, organisations, agencies and the teams that act for them; and who is a member of what."""

from django.db import models
from django.db.models import Q

from comity.models.sources import Recorded, choices
from comity.policy.participation import Precision, Status


class Party(models.Model):
    """Anyone who can be bound by an instrument, be a member of a group, or receive under an agreement."""

    class Kind(models.TextChoices):
        STATE = "state"
        TERRITORY = "territory"
        GROUP = "group"
        """A body whose members are parties: UN, OAS, CARICOM, the Commonwealth."""
        ORGANISATION = "organisation"
        AGENCY = "agency"
        """A ministry, an authority or a bureau of a state or an organisation."""
        CSIRT = "CSIRT"

    code = models.CharField(primary_key=True, max_length=16)
    """ISO 3166-1 alpha-2 for states and territories; XA to XZ, which ISO leaves to users, for fictional ones; for
    others a code of three letters or more, such as UN, OAS, CARICOM (UN and EU are reserved by ISO for those two)."""
    name = models.CharField(max_length=200)
    """As an agreement or the United Nations writes it in full."""
    common_name = models.CharField(max_length=200, blank=True)
    """As a page or a newspaper writes it: The Bahamas. Empty: as `name`."""
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.STATE)
    fictional = models.BooleanField(default=False)
    alpha3 = models.CharField(max_length=3, blank=True)
    aliases = models.JSONField(default=list, blank=True)
    """Other names and adjectives that a text may use, as a list of strings."""
    of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="bodies")
    """The state or organisation that an agency, a team or a territory belongs to."""
    in_exchange = models.BooleanField(default=False)
    """True: party to an agreement adopted here, or holder of a credential. Nothing is shared with any other."""

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def short(self) -> str:
        """Give the name for a page."""
        return self.common_name or self.name


class Membership(Recorded):
    """That `member` belongs to `group` from a day (None: since before anything recorded) until a day, both inside."""

    group = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="memberships")
    member = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="groups")
    effective_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=8, choices=choices(Precision), default=Precision.DAY.value)
    until = models.DateField(null=True, blank=True)
    capacity = models.CharField(max_length=40, default="member")
    """member, associate member, observer."""

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=[word.value for word in Status]),
                                   name="membership_has_a_status"),
            models.CheckConstraint(condition=~Q(group=models.F("member")), name="nobody_is_its_own_member"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(effective_on__isnull=True)
                                   | Q(until__gte=models.F("effective_on")), name="membership_ends_after_it_begins"),
        ]  # fmt: skip
