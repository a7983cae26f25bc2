"""Instruments, what they say, what parties did with them, and where that leaves each party.

An agreement adopted here is an instrument as well (`Instrument.agreement`): its file is its text and its life events
are its actions, so no `Action` is ever recorded beside them.
"""

from django.db import models
from django.db.models import Q

from comity.models.agreements import Agreement
from comity.models.parties import Party
from comity.models.sources import Recorded, Source, choices
from comity.policy.participation import (
    ONLY_OF_ALL,
    ActionKind,
    Bond,
    InstrumentKind,
    Precision,
    Stand,
    Status,
    legal_kinds,
)


class Instrument(models.Model):
    """A treaty, protocol, memorandum, resolution, norm set, declaration, pledge, process, body or model.

    Names and descriptions are kept up with the newest catalogue; whatever decides a standing is a dated, recorded fact
    of its own (`Action`, `Terms`) and is only added to.
    """

    slug = models.SlugField(unique=True, max_length=80)
    kind = models.CharField(max_length=40, choices=[(kind.value, kind.value) for kind in InstrumentKind])
    bond = models.CharField(max_length=16, choices=[(bond.value, bond.value) for bond in Bond])
    title = models.CharField(max_length=300)
    short = models.CharField(max_length=120, blank=True)
    """As people call it: Budapest Convention. Empty: as `title`."""
    reference = models.CharField(max_length=200, blank=True)
    aliases = models.JSONField(default=list, blank=True)
    """Other names that a text may use, as a list of strings."""
    made_by = models.CharField(max_length=300, blank=True)
    """Who made or adopted it, in words."""
    makers = models.ManyToManyField(Party, related_name="made", blank=True)
    depositary = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="deposited")
    beside = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="protocols")
    """The instrument that a protocol adds to."""
    topics = models.JSONField(default=list, blank=True)
    about = models.TextField(blank=True)
    agreement = models.OneToOneField(
        Agreement, null=True, blank=True, on_delete=models.PROTECT, related_name="instrument"
    )
    sources = models.ManyToManyField(Source, related_name="instruments", blank=True)
    fictional = models.BooleanField(default=False)
    recorded_at = models.BigIntegerField()

    class Meta:
        ordering = ["slug"]
        constraints = [models.CheckConstraint(condition=Q(bond__in=[bond.value for bond in Bond]),
                                              name="instrument_has_a_bond")]  # fmt: skip

    def __str__(self) -> str:
        return self.short or self.title


class Terms(Recorded):
    """What an instrument says of joining, entering into force, leaving and whom it covers, as data.

    `body` is what `policy.entry_terms.read` reads.
    """

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="terms")
    body = models.JSONField()

    class Meta:
        ordering = ["id"]


def _legal(bond: Bond) -> Q:
    return Q(bond=bond.value, kind__in=[kind.value for kind in legal_kinds(bond)])


class Action(Recorded):
    """What a party did, or what happened to the whole instrument (`party` None), or is said to have.

    `status` says what the sources make of it; only confirmed actions change a standing. `effective_on` is the last day
    on which it can have been (see `Precision`), None where no source dates it.
    """

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="actions")
    bond = models.CharField(max_length=16)
    """The instrument's, repeated so that the table of legal moves can stand as a constraint of this row."""
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    kind = models.CharField(max_length=40, choices=[(kind.value, kind.value) for kind in ActionKind])
    effective_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=8, choices=choices(Precision), default=Precision.DAY.value)
    until = models.DateField(null=True, blank=True)
    """The last day on which an invitation or a suspension holds."""
    provisions = models.JSONField(default=list, blank=True)
    """References of the provisions that a reservation or a declaration speaks of."""
    says = models.TextField(blank=True)
    """The words of a reservation or declaration; for a claim, what was claimed."""
    holds = models.TextField(blank=True)
    """What is known instead, where a claim is contradicted or was not found."""
    also = models.ManyToManyField(Source, related_name="+", blank=True)
    """Further sources read for it."""

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["party", "instrument"], name="what_a_party_did")]
        constraints = [
            models.CheckConstraint(condition=_legal(Bond.TREATY) | _legal(Bond.ARRANGEMENT) | _legal(Bond.ADOPTED)
                                   | _legal(Bond.COMMITMENT) | _legal(Bond.NONE)
                                   | ~Q(status=Status.CONFIRMED.value),
                                   name="action_is_legal_for_its_bond"),
            models.CheckConstraint(condition=Q(status__in=[word.value for word in Status]),
                                   name="action_has_a_status"),
            models.CheckConstraint(condition=~Q(kind__in=[kind.value for kind in ActionKind if kind in ONLY_OF_ALL])
                                   | Q(party__isnull=True), name="action_of_all_names_nobody"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=models.F("effective_on")),
                                   name="action_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(status=Status.RETRACTED.value) | Q(supersedes__isnull=False),
                                   name="retraction_takes_something_back"),
        ]  # fmt: skip


class Tally(Recorded):
    """A count that a source published: so many parties, signatories or members as of a day."""

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="tallies")
    what = models.CharField(max_length=40)
    number = models.IntegerField()
    as_of = models.DateField()
    precision = models.CharField(max_length=8, choices=choices(Precision), default=Precision.DAY.value)

    class Meta:
        ordering = ["as_of", "id"]


class Spell(models.Model):
    """Where a party stands from a day until a day, as known from a moment until a moment (None: open; ends outside).

    Worked out from actions, terms and memberships by `acts.standings` whenever one is recorded, and never edited: when
    an answer changes, `known_until` closes the row and new rows follow. So any question “on day D, as known at K” is
    one look-up. `days` and `known` are half-open: effective_from ≤ D < effective_until, known_from ≤ K < known_until.
    """

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="spells", db_index=False)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="spells", db_index=False)
    stand = models.CharField(max_length=40, choices=[(stand.value, stand.value) for stand in Stand])
    effective_from = models.DateField()
    effective_until = models.DateField()
    known_from = models.BigIntegerField()
    known_until = models.BigIntegerField()
    ground = models.CharField(max_length=60)
    """The kind of action, or the rule, by which it began."""

    class Meta:
        indexes = [
            models.Index(fields=["party", "known_until", "effective_from"], name="spells_of_a_party"),
            # all that a count over many instruments asks for, so that no row is read for it
            models.Index(fields=["instrument", "stand", "effective_from", "effective_until", "known_from",
                                 "known_until", "party"], name="spells_by_stand"),
        ]


class Provision(models.Model):
    """An article, a norm, a measure: what an instrument asks for, as an item that can be carried out."""

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="provisions")
    ref = models.CharField(max_length=40)
    """As the instrument counts: 29, 13a, 4."""
    place = models.IntegerField()
    """Its order within the instrument."""
    title = models.CharField(max_length=300)
    section = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    """What it asks for: criminalise, procedural power, cooperation, designate, report…"""
    gist = models.TextField(blank=True)
    """What it says, in our own words."""
    tests = models.JSONField(default=list, blank=True)
    """Questions whose yes, with evidence, shows that it is carried out; our own mapping."""
    aspects = models.JSONField(default=list, blank=True)
    """The CMM aspects that bear on it, such as D4.1.1; our own mapping."""
    deliverable = models.CharField(max_length=300, blank=True)
    every = models.CharField(max_length=60, blank=True)
    """How often it asks for something, as a period (`12 months`), where it does."""
    verified = models.BooleanField(default=True)
    """False: from memory, not read in a source; never shown as a fact."""
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="provisions")

    class Meta:
        ordering = ["instrument", "place"]
        constraints = [models.UniqueConstraint(fields=["instrument", "ref"], name="a_provision_once")]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class Implementation(Recorded):
    """How far a party carries out a provision on a day: what is there, what is missing, and whose help there is."""

    class State(models.TextChoices):
        CARRIED_OUT = "carried out"
        PARTLY = "partly"
        PLANNED = "planned"
        NOT_CARRIED_OUT = "not carried out"
        NOT_APPLICABLE = "not applicable"

    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="implementations")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="implementations")
    state = models.CharField(max_length=16, choices=State.choices)
    effective_on = models.DateField()
    says = models.TextField()
    """What is done, in a sentence."""
    gap = models.TextField(blank=True)
    helped_by = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="helps")
    help = models.TextField(blank=True)
    evidence = models.ManyToManyField(Source, related_name="+", blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["carried out", "partly", "planned", "not carried out",
                                                          "not applicable"]), name="implementation_has_a_state"),
            models.CheckConstraint(condition=~Q(state="partly") | ~Q(gap=""), name="partly_says_what_is_missing"),
        ]  # fmt: skip


class Fact(Recorded):
    """Something about a party that is no action on an instrument: a law, a strategy, a body, an event, a rank."""

    class Kind(models.TextChoices):
        LAW = "law"
        STRATEGY = "strategy"
        BODY = "body"
        EVENT = "event"
        """`counterpart` is the organiser, `role` whether it hosted or took part."""
        ASSESSMENT = "assessment"
        SUPPORT = "support"
        """Help given by `counterpart`."""
        RANK = "rank"
        POLICY = "policy"
        OTHER = "other"

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    topic = models.SlugField(max_length=80, blank=True)
    """What it is about; facts of one topic that disagree are shown side by side."""
    title = models.CharField(max_length=300)
    says = models.TextField(blank=True)
    role = models.CharField(max_length=40, blank=True)
    counterpart = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    instrument = models.ForeignKey(Instrument, null=True, blank=True, on_delete=models.PROTECT, related_name="facts")
    effective_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=8, choices=choices(Precision), default=Precision.DAY.value)
    until = models.DateField(null=True, blank=True)
    also = models.ManyToManyField(Source, related_name="+", blank=True)

    class Meta:
        ordering = ["effective_on", "id"]
        constraints = [models.CheckConstraint(condition=Q(status__in=[word.value for word in Status]),
                                              name="fact_has_a_status")]  # fmt: skip
