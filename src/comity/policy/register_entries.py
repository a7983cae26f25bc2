"""What a catalogue of the register says, as it is read: sources, parties, memberships, instruments and facts.

A key of a source is its name within one file; each other entry names a source by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from comity.policy.known_days import Day
from comity.policy.participation import ActionKind, Bond, InstrumentKind, Status

PARTY_KINDS = ("state", "territory", "group", "organisation", "agency", "CSIRT")
SOURCE_KINDS = ("register", "official", "press", "research", "article", "document")
FACT_KINDS = ("law", "strategy", "body", "event", "assessment", "support", "rank", "policy", "other")


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One reading of one document; `key` is its name within the file."""

    key: str
    read_on: date
    address: str = ""
    title: str = ""
    publisher: str = ""
    kind: str = "official"
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class PartyEntry:
    """A state, group, organisation, agency or team."""

    code: str
    name: str
    kind: str = "state"
    common_name: str = ""
    alpha3: str = ""
    aliases: tuple[str, ...] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class MembershipEntry:
    """One member of one group."""

    group: str
    member: str
    source: str
    status: Status = Status.CONFIRMED
    since: Day | None = None
    until: date | None = None
    capacity: str = "member"


@dataclass(frozen=True, slots=True)
class TermsEntry:
    """An instrument's final clauses, as `policy.entry_terms.read` takes them."""

    source: str
    body: Mapping[str, object]
    status: Status = Status.CONFIRMED


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """One action, or what is said of one."""

    kind: ActionKind
    source: str
    status: Status = Status.CONFIRMED
    party: str = ""
    on: Day | None = None
    until: date | None = None
    says: str = ""
    holds: str = ""
    provisions: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TallyEntry:
    """A count that a source published."""

    what: str
    number: int
    as_of: Day
    source: str
    status: Status = Status.CONFIRMED


@dataclass(frozen=True, slots=True)
class ProvisionEntry:
    """An article, a norm or a measure."""

    ref: str
    title: str
    source: str
    section: str = ""
    kind: str = ""
    gist: str = ""
    tests: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    deliverable: str = ""
    every: str = ""
    verified: bool = True


@dataclass(frozen=True, slots=True)
class InstrumentEntry:
    """An instrument with all that the file says of it."""

    slug: str
    kind: InstrumentKind
    title: str
    short: str = ""
    reference: str = ""
    aliases: tuple[str, ...] = ()
    made_by: str = ""
    makers: tuple[str, ...] = ()
    depositary: str = ""
    beside: str = ""
    topics: tuple[str, ...] = ()
    about: str = ""
    sources: tuple[str, ...] = ()
    bond: Bond | None = None
    terms: tuple[TermsEntry, ...] = ()
    actions: tuple[ActionEntry, ...] = ()
    tallies: tuple[TallyEntry, ...] = ()
    provisions: tuple[ProvisionEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class FactEntry:
    """Something about a party that is no action on an instrument."""

    party: str
    kind: str
    title: str
    source: str
    status: Status = Status.CONFIRMED
    topic: str = ""
    says: str = ""
    role: str = ""
    counterpart: str = ""
    instrument: str = ""
    on: Day | None = None
    until: date | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A file of the register."""

    sources: tuple[SourceEntry, ...] = ()
    parties: tuple[PartyEntry, ...] = ()
    memberships: tuple[MembershipEntry, ...] = ()
    instruments: tuple[InstrumentEntry, ...] = ()
    facts: tuple[FactEntry, ...] = ()
