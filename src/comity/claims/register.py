"""What the register holds, as one frozen value that claims are judged against.

Two ways to know: `Action`, what a party did or is under an instrument, body, model or event; and `Checked`, a claim
that an officer or the catalogue has looked into as a whole. `Complete` says that a list was read to its end: only
then, and only up to its day, does absence from it speak.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class PartyKind(StrEnum):
    """What a party is."""

    STATE = "state"
    GROUP = "group"
    ORGANISATION = "organisation"


class Nature(StrEnum):
    """What a thing is that states join, attend, use or are measured by; it says what can be done with it."""

    TREATY = "treaty"
    PROTOCOL = "protocol"
    AGREEMENT = "agreement"
    PLEDGE = "pledge"
    DECLARATION = "declaration"
    RESOLUTION = "resolution"
    NORMS = "norms"
    MEASURES = "measures"
    EXPERT_GROUP = "expert group"
    PROCESS = "process"
    BODY = "body"
    INITIATIVE = "initiative"
    MECHANISM = "mechanism"
    MODEL = "assessment model"
    INDEX = "index"
    MANUAL = "manual"
    EVENT = "event"
    PLAN = "plan"
    LAW = "law"
    STRATEGY = "strategy"


class Act(StrEnum):
    """What a party did, or is; the words are also those of claims."""

    SIGNED = "signed"
    RATIFIED = "ratified"
    ACCEDED = "acceded"
    PARTY = "party"
    INVITED = "invited to accede"
    WITHDREW = "withdrew"
    MEMBER = "member"
    ENDORSED = "endorsed"
    TOOK_PART = "took part"
    HOSTED = "hosted"
    CONCLUDED = "concluded"
    MADE = "made"
    ADOPTED = "adopted"
    WORKED_WITH = "worked with"
    HELPED = "helped"
    IS_A = "is a kind of"
    FOUND_GAPS = "found gaps"
    PRIORITY = "gave priority"
    PART_OF_POLICY = "made part of its policy"


class Status(StrEnum):
    """How well a fact is established."""

    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not found"
    PARTLY = "partly"


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was read, and on which day."""

    address: str
    read: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a month or a year: the first and the last day that it may mean."""

    first: date
    last: date

    def overlaps(self, other: "Period") -> bool:
        """Tell whether both can mean the same day."""
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        """Write it as exactly as it is known."""
        if self.first == self.last:
            return self.first.isoformat()
        if (self.first.year, self.first.month) == (self.last.year, self.last.month):
            return f"{self.first:%Y-%m}"
        return f"{self.first.year}" if self.first.year == self.last.year else f"{self.first.year}-{self.last.year}"


@dataclass(frozen=True, slots=True)
class Membership:
    """That a party belongs to a group, from and until (both may be unknown)."""

    member: str
    since: Period | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A state, a group of states or an organisation. `code` is ISO 3166-1 alpha-2 for states."""

    code: str
    name: str
    kind: PartyKind
    names: tuple[str, ...] = ()
    members: tuple[Membership, ...] = ()
    complete: bool = False
    """Whether `members` is the whole list."""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """An instrument, body, model or event by its slug; `makers` are codes of parties or free names."""

    slug: str
    name: str
    nature: Nature
    names: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    maker_names: tuple[str, ...] = ()
    open_to: str = ""
    """The group whose members alone can join; empty where any state can."""
    covers: str = ""
    """The group that adopted it as a whole, so that it holds for its members."""
    made_on: Period | None = None
    in_force: Period | None = None
    parties: tuple[str, ...] = ()
    """The parties of a bilateral agreement."""
    near_makers: tuple[str, ...] = ()
    """Codes or names of those who are often taken for its maker, and had a part in it."""
    topic: str = ""
    owner: str = ""
    """The state whose strategy or law it is."""
    note: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """That a party did something, or did not, with its source."""

    party: str
    thing: str
    act: Act
    on: Period | None = None
    status: Status = Status.CONFIRMED
    note: str = ""
    sources: tuple[Source, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Complete:
    """That the list of those who did this was read to its end, and how it stood on that day."""

    thing: str
    act: Act
    as_of: date
    sources: tuple[Source, ...] = ()
    first: str = ""
    last: str = ""
    """The first and the last name that were read.

    Where the list is in the order of the alphabet and was read in part.
    """

    def reaches(self, name: str) -> bool:
        """Tell whether a party of this name would stand in the part that was read."""
        plain = name.removeprefix("The ")
        return (not self.first or self.first <= plain) and (not self.last or plain <= self.last)


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim looked into as a whole: who, what, with whom, about what, and what was found."""

    act: Act
    party: str
    thing: str = ""
    words: tuple[str, ...] = ()
    """Words one of which the claim's own words must hold; empty where any will do."""
    partner: str = ""
    year: int = 0
    """The year that it is about; 0 for any."""
    status: Status = Status.NOT_FOUND
    ground: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """All that is known, on a day."""

    today: date
    parties: tuple[Party, ...] = ()
    things: tuple[Thing, ...] = ()
    actions: tuple[Action, ...] = ()
    complete: tuple[Complete, ...] = ()
    checked: tuple[Checked, ...] = ()
    party_by: dict[str, Party] = field(default_factory=dict, compare=False, repr=False)
    thing_by: dict[str, Thing] = field(default_factory=dict, compare=False, repr=False)
    acts_by: dict[tuple[str, str], tuple[Action, ...]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Index what is asked for by key."""
        self.party_by.update((party.code, party) for party in self.parties)
        self.thing_by.update((thing.slug, thing) for thing in self.things)
        grouped: dict[tuple[str, str], list[Action]] = {}
        for action in self.actions:
            grouped.setdefault((action.party, action.thing), []).append(action)
        self.acts_by.update((key, tuple(found)) for key, found in grouped.items())

    def is_member(self, code: str, group: str, on: date) -> bool | None:
        """Tell whether a party belongs to a group on a day; None where the list does not settle it."""
        found = self.party_by.get(group)
        if found is None:
            return None
        for one in found.members:
            if (
                one.member == code
                and (one.since is None or one.since.first <= on)
                and (one.until is None or on < one.until)
            ):
                return True
        return False if found.complete else None
