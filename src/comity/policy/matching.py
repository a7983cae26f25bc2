"""Whether a clause speaks of a question whose facts are all known, and which facts it turns on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from comity.policy.agreements import Clause, Condition
from comity.policy.markings import LABELS, Tlp
from comity.policy.vocabulary import Approval, Consent, Information, PersonalData, Purpose, Silence, YesNo

OTHER = "another"
CONSENT_STANDS = "consent_on"


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one question, none of them open.

    `consent_on` tells whether a consent that was given still stands; see `Settlement.consent_survives_suspension`.
    """

    information: str
    purpose: str
    tlp: Tlp
    personal_data: str
    originator_consent: str
    authority_approval: str
    consent_on: bool
    exercise: bool
    emergency: bool
    silence_is_consent: bool


FACT_VALUES: Mapping[str, tuple[str | Tlp | bool, ...]] = {
    "information": (*Information, OTHER),
    "purpose": (*Purpose, OTHER),
    "tlp": tuple(Tlp),
    "personal_data": tuple(PersonalData),
    "originator_consent": tuple(Consent),
    "authority_approval": tuple(Approval),
    CONSENT_STANDS: (True, False),
}
FACT_WORDS: Mapping[str, str] = {
    "information": "category of the information",
    "purpose": "purpose",
    "tlp": "TLP label",
    "personal_data": "presence of personal data",
    "originator_consent": "originator’s consent",
    "authority_approval": "data protection authority’s approval",
    CONSENT_STANDS: "day on which the originator consented",
}


def holds(condition: Condition, facts: Facts, silence: Silence | None) -> bool:
    """Tell whether every fact that `condition` asks about is as it says."""
    return not any(_fails(condition, facts, silence))


def _fails(condition: Condition, facts: Facts, silence: Silence | None) -> Iterable[bool]:
    yield condition.information is not None and facts.information not in condition.information
    yield condition.purpose is not None and facts.purpose not in condition.purpose
    yield condition.tlp is not None and facts.tlp not in condition.tlp
    yield condition.tlp_up_to is not None and facts.tlp > condition.tlp_up_to
    yield condition.authority_approval is not None and facts.authority_approval not in condition.authority_approval
    yield condition.exercise is not None and facts.exercise is not (condition.exercise is YesNo.YES)
    yield condition.emergency is not None and facts.emergency is not (condition.emergency is YesNo.YES)
    yield condition.personal_data is not None and not _personal(condition.personal_data, facts.personal_data)
    wanted = condition.originator_consent
    yield wanted is not None and not _consents(wanted, facts, silence)


def _personal(wanted: frozenset[PersonalData], found: str) -> bool:
    return found in wanted or (found == PersonalData.SENSITIVE and PersonalData.PRESENT in wanted)


def _consents(wanted: frozenset[Consent], facts: Facts, silence: Silence | None) -> bool:
    given = facts.originator_consent if facts.consent_on else Consent.NONE
    if given == Consent.SILENCE and Consent.SILENCE not in wanted:
        means = facts.silence_is_consent if silence is None else silence is Silence.CONSENT
        return means and bool(wanted & {Consent.ORAL, Consent.WRITTEN})
    return given in wanted


def speaks_of(clause: Clause, facts: Facts) -> bool:
    """Tell whether the facts lie within the clause's scope: information, purpose, TLP limit and `when`."""
    return (
        (clause.information is None or facts.information in clause.information)
        and (clause.purposes is None or facts.purpose in clause.purposes)
        and (clause.tlp_up_to is None or facts.tlp <= clause.tlp_up_to)
        and (clause.when is None or holds(clause.when, facts, clause.silence_means))
    )


def exception_met(clause: Clause, facts: Facts) -> Condition | None:
    """Give the first exception of the clause that applies, or None."""
    return next((one for one in clause.exceptions if holds(one, facts, clause.silence_means)), None)


def conditions(clause: Clause) -> tuple[Condition, ...]:
    """Give every condition of a clause: its `when` and its exceptions."""
    return clause.exceptions if clause.when is None else (clause.when, *clause.exceptions)


def turns_on(clause: Clause) -> frozenset[str]:
    """Name the facts that the clause asks about, as fields of `Facts`."""
    found = {"information"} if clause.information is not None else set()
    found |= {"purpose"} if clause.purposes is not None else set()
    found |= {"tlp"} if clause.tlp_up_to is not None else set()
    return frozenset(found).union(*(_asked(condition) for condition in conditions(clause)))


def _asked(condition: Condition) -> Iterable[str]:
    for name in ("information", "purpose", "tlp", "personal_data", "originator_consent", "authority_approval"):
        if getattr(condition, name) is not None:
            yield name
    if condition.tlp_up_to is not None:
        yield "tlp"
    if condition.originator_consent is not None:
        yield CONSENT_STANDS


def telling_values(fact: str, clauses: Iterable[Clause]) -> tuple[str | Tlp | bool, ...]:
    """Give the values of a fact that these clauses can tell apart, one of those they cannot standing for all."""
    values = FACT_VALUES[fact]
    if fact not in {"information", "purpose"}:
        return values
    own = "information" if fact == "information" else "purposes"
    named: set[str] = set()
    for clause in clauses:
        named |= set(getattr(clause, own) or ())
        named |= set(chain.from_iterable(getattr(condition, fact) or () for condition in conditions(clause)))
    others = [value for value in values if value not in named]
    return (*(value for value in values if value in named), *others[:1])


def condition_words(condition: Condition) -> str:
    """Give a condition as words: `originator consent: written`."""
    return "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in condition_pairs(condition))


def condition_pairs(condition: Condition) -> tuple[tuple[str, str], ...]:
    """Give a condition's facts and values as they are written in a file, several words joined by “or”."""
    return tuple(
        (name, _value_words(value)) for name in CONDITION_FIELDS if (value := getattr(condition, name)) is not None
    )


CONDITION_FIELDS = (
    "information",
    "purpose",
    "tlp",
    "tlp_up_to",
    "personal_data",
    "originator_consent",
    "authority_approval",
    "exercise",
    "emergency",
)


def _value_words(value: object) -> str:
    if isinstance(value, Tlp):
        return value.label
    if isinstance(value, frozenset):
        return " or ".join(sorted(LABELS[one] if isinstance(one, Tlp) else str(one) for one in value))
    return str(value)
