"""An agreement as a value: parties, life, clauses, what counsel settled, and examples.

The signed words prevail; these values annotate them. How a file is read into them stands in `agreement_form`.
"""

from dataclasses import dataclass
from datetime import date

from comity.policy.dates import USUAL_CALENDAR, Period, TermRule, WorkCalendar
from comity.policy.example_lines import Example
from comity.policy.markings import Tlp
from comity.policy.vocabulary import (
    Action,
    Approval,
    Backlog,
    Beside,
    Consent,
    CountedFrom,
    Effect,
    Force,
    Information,
    MonthEnd,
    NoticeBy,
    PersonalData,
    Purpose,
    Redaction,
    RenewalKind,
    Silence,
    Trigger,
    Urgency,
    WhoseHolidays,
    YesNo,
)

__all__ = [
    "Action",
    "Agreement",
    "Approval",
    "Backlog",
    "Beside",
    "Clause",
    "Condition",
    "Consent",
    "CountedFrom",
    "DueStep",
    "Effect",
    "Force",
    "Information",
    "Life",
    "MonthEnd",
    "NoticeBy",
    "Party",
    "PersonalData",
    "Provisional",
    "Purpose",
    "Recurrence",
    "Redaction",
    "Renewal",
    "RenewalKind",
    "Reservation",
    "Settlement",
    "Silence",
    "Suspension",
    "Termination",
    "Tlp",
    "Trigger",
    "Urgency",
    "WhoseHolidays",
    "YesNo",
]


@dataclass(frozen=True, slots=True)
class Party:
    """A party: its code (as ISO 3166), its name, its days off, and when it joins.

    `original` parties are bound when the agreement enters into force. Another one joins by accession: on `joins`
    where the file fixes the day, else when an accession is recorded. `lead` and `contact` are for people to read.
    """

    code: str
    name: str
    original: bool = True
    joins: date | None = None
    lead: str | None = None
    contact: str | None = None
    calendar: WorkCalendar = USUAL_CALENDAR


@dataclass(frozen=True, slots=True)
class Condition:
    """Facts that must all hold; a field that is None is not asked about, a set holds any one of its words.

    `personal_data: present` holds for sensitive personal data too. `tlp_up_to` holds for that label and milder ones.
    """

    personal_data: frozenset[PersonalData] | None = None
    originator_consent: frozenset[Consent] | None = None
    authority_approval: frozenset[Approval] | None = None
    purpose: frozenset[Purpose] | None = None
    information: frozenset[Information] | None = None
    tlp: frozenset[Tlp] | None = None
    tlp_up_to: Tlp | None = None
    exercise: YesNo | None = None
    emergency: YesNo | None = None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How a duty comes back: `every` period, from `anchor` (None: from entry into force), or yearly by a day.

    With `by_month` and `by_day` it falls due on that day of each year; `every` is then one year.
    """

    every: Period
    anchor: date | None = None
    by_month: int | None = None
    by_day: int | None = None


@dataclass(frozen=True, slots=True)
class DueStep:
    """One step that a trigger makes due: `acknowledge` within `24 hours` when the request is `normal`."""

    urgency: Urgency
    step: str
    within: Period


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. An empty `actions` means that it is a duty of its own; None in a scope means “any”.

    `senders` and `recipients` are codes of parties (groups are resolved by the reader); an empty set reaches nobody.
    `silence_after` is how long an originator may take to answer a question for consent before it counts as silent.
    `notwithstanding` names the clauses over which this one prevails. `valid_from` and `valid_until` (last day)
    date a clause that an amendment brought or ended.
    """

    id: str
    says: str
    effect: Effect
    actions: frozenset[Action] = frozenset()
    information: frozenset[Information] | None = None
    purposes: frozenset[Purpose] | None = None
    tlp_up_to: Tlp | None = None
    senders: frozenset[str] | None = None
    recipients: frozenset[str] | None = None
    when: Condition | None = None
    exceptions: tuple[Condition, ...] = ()
    notwithstanding: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    redact: tuple[Redaction, ...] = ()
    instead: str | None = None
    silence_means: Silence | None = None
    silence_after: Period | None = None
    trigger: Trigger | None = None
    clock_party: WhoseHolidays | None = None
    due: tuple[DueStep, ...] = ()
    if_missed: str | None = None
    repeats: Recurrence | None = None
    then: tuple[tuple[str, Period], ...] = ()
    amount: tuple[tuple[str, int], ...] = ()
    evidence: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def accompanies(self) -> bool:
        """Tell whether the clause only adds something to a release (duties, redaction) and permits nothing."""
        return self.effect is Effect.MUST and bool(self.duties or self.redact)


@dataclass(frozen=True, slots=True)
class Provisional:
    """Provisional application from a day; of `clauses` only, where the file lists them."""

    from_day: date
    clauses: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Renewal:
    """How a term is followed by another: `each` period, stopped by a notice `stop_notice` before the end."""

    kind: RenewalKind
    each: Period
    stop_notice: Period | None = None
    counted_from: CountedFrom = CountedFrom.RECEIPT


@dataclass(frozen=True, slots=True)
class Termination:
    """Who may end it (in a multilateral agreement: leave it), by what notice, counted from when."""

    by: NoticeBy
    notice: Period
    counted_from: CountedFrom = CountedFrom.RECEIPT
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """Who may suspend, by what notice, for how long at most."""

    by: NoticeBy
    notice: Period | None = None
    longest: Period | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """The terms of an agreement's life. `in_force` is its first day, None when `in_force_when` must come first."""

    in_force: date | None = None
    in_force_when: str | None = None
    provisional: Provisional | None = None
    first_term: Period | None = None
    renewal: Renewal | None = None
    termination: Termination | None = None
    suspension: Suspension | None = None
    accession: str | None = None
    survives_suspension: tuple[str, ...] = ()
    survives_end: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reservation:
    """A party's reservation to clauses, from a day on, in its own words."""

    party: str
    clauses: tuple[str, ...]
    from_day: date | None = None
    says: str | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the file forces counsel to settle."""

    whose_holidays_count: WhoseHolidays
    month_end_rule: MonthEnd
    last_day_inside: bool
    consent_survives_suspension: bool
    silence_is_consent: bool
    beside_other_agreements: Beside
    backlog_for_new_party: Backlog


ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Agreement:
    """A whole agreement file as a value. `groups` name sets of parties that clauses speak of.

    `language` is that of its words, as BCP 47 writes it.
    """

    name: str
    title: str | None
    fictional: bool
    force: Force
    parties: tuple[Party, ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    time_zone: str
    life: Life
    settles: Settlement
    reservations: tuple[Reservation, ...]
    words: tuple[tuple[str, str], ...]
    clauses: tuple[Clause, ...]
    examples: tuple[Example, ...]
    language: str = ENGLISH

    @property
    def bilateral(self) -> bool:
        """Tell whether there are two parties only: what one of them ends then ends for both."""
        return len(self.parties) == 2  # noqa: PLR2004 (two parties are what “bilateral” means)

    @property
    def beside(self) -> Beside:
        """Tell what this agreement does beside others with the same partner."""
        return self.settles.beside_other_agreements

    @property
    def backlog(self) -> Backlog:
        """Tell what a newly bound party gets of what was shared before."""
        return self.settles.backlog_for_new_party

    def party(self, code: str) -> Party | None:
        """Find a party by its code."""
        return next((party for party in self.parties if party.code == code), None)

    def clause(self, number: str) -> Clause | None:
        """Find a clause by its number."""
        return next((clause for clause in self.clauses if clause.id == number), None)

    def terms(self) -> TermRule | None:
        """Give how its terms follow each other, or None when it has no end of its own."""
        if self.life.first_term is None:
            return None
        renewal = self.life.renewal
        return TermRule(
            self.life.first_term,
            renewal.each if renewal else None,
            renewal.stop_notice if renewal else None,
            self.settles.month_end_rule,
            self.settles.last_day_inside,
        )
