"""The handling class: all that a release decision may turn on, and nothing else.

Objects are many, kinds of object are few. Two objects with equal handling are judged alike for every recipient on every
day, so judgements are made per class and the stock only carries the class's number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from comity.policy.markings import Tlp
from comity.policy.vocabulary import Information, PersonalData

Groups = tuple[frozenset[int], ...]

_OF_TYPE: Final[Mapping[str, Information]] = {
    "campaign": Information.THREAT_ANALYSIS,
    "course-of-action": Information.BEST_PRACTICE,
    "grouping": Information.THREAT_ANALYSIS,
    "incident": Information.INCIDENT_REPORT,
    "intrusion-set": Information.THREAT_ANALYSIS,
    "opinion": Information.THREAT_ANALYSIS,
    "report": Information.THREAT_ANALYSIS,
    "threat-actor": Information.THREAT_ANALYSIS,
    "vulnerability": Information.VULNERABILITY_INFORMATION,
}
MESSAGE: Final = "x-comity-message"
"""The type of what one side says to the other: each object is for one receiver."""
NOBODY: Final = "-"
_RIDES_ALONG: Final = frozenset({"marking-definition", "extension-definition"})
_ORDER: Final[Mapping[str, int]] = {
    "marking-definition": 0, "extension-definition": 0, "identity": 1,
    "observed-data": 3, "relationship": 4, "sighting": 5, "grouping": 6, "report": 6, "note": 7, "opinion": 7,
    "language-content": 8,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Handling:
    """One handling class.

    `type` is the STIX type; `purpose` is empty when nobody stated it. `originator` is a party's code;
    `received_under` names agreement and clause when it came from another. `recipients` are the parties named for
    TLP:RED. `within` is the circle of parties in which its source keeps it, whatever its TLP (None: no such circle).
    `granular` holds (TLP, removable) for each level that granular markings set on a part of the object.
    `needs` are groups of other classes of which one each must be open to a recipient (what it refers to limits it);
    `unless` are classes through which the same version is given already. `addressed` is the one party that a message is
    for (`NOBODY` where it is for us): no agreement opens or closes what is said to a party about what it was given.

    `apart` is the one party for which things stand in this class, beside the class in which they stand for all others:
    what an originator said of single objects and cases (`named`, as `consent_scopes.Scope.tag` writes them) counts for
    that party alone, and nobody else's view of them changes.
    """

    type: str
    information: str
    purpose: str
    tlp: Tlp
    personal_data: str = "none"
    originator: str = ""
    received_under: tuple[str, str] | None = None
    recipients: frozenset[str] = frozenset()
    exercise: bool = False
    granular: tuple[tuple[Tlp, bool], ...] = ()
    needs: Groups = ()
    unless: frozenset[int] = frozenset()
    addressed: str = ""
    named: frozenset[str] = frozenset()
    apart: str = ""
    within: frozenset[str] | None = None

    @property
    def judged(self) -> "Handling":
        """The class without its STIX type, which judgements do not read: what others' `needs` point to."""
        return replace(self, type="")

    @property
    def rank(self) -> tuple[int, str]:
        """Where the class stands among others that reach a partner at one moment: what is referred to comes first."""
        return (_ORDER.get(self.type, 2), self.type)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the officer who shares, or the collection, says of objects that do not say it themselves."""

    unmarked_as: Tlp
    originator: str
    purpose: str = ""
    information: str = ""
    personal_data: str = PersonalData.NONE.value
    received_under: tuple[str, str] | None = None
    recipients: frozenset[str] = frozenset()
    exercise: bool = False
    addressed: str = ""


def order_of(stix_type: str) -> int:
    """Return where a type stands among types that reach a partner at one moment: what is referred to comes first."""
    return _ORDER.get(stix_type, 2)


def information_of(stix_type: str, terms: Terms) -> str:
    """Return the category of information that a STIX type falls into when its sharer names none."""
    if terms.exercise:
        return Information.EXERCISE_MATERIAL.value
    if terms.information:
        return terms.information
    found = _OF_TYPE.get(stix_type)
    if found is None:
        found = Information.THREAT_ANALYSIS if stix_type.startswith("x-") else Information.TECHNICAL_INDICATORS
    return found.value


def classify(stix_type: str, tlp: str | None, granular: tuple[tuple[Tlp, bool], ...], terms: Terms) -> Handling:
    """Return the class of an object by its own marks and its sharer's terms, before its references are counted.

    An unmarked object takes `terms.unmarked_as`. A marking definition or extension definition is public: a reader who
    may have an object must be able to read its marks.
    """
    if stix_type in _RIDES_ALONG:
        return Handling(stix_type, information_of(stix_type, terms), terms.purpose, Tlp.CLEAR, "none",
                        terms.originator, terms.received_under, frozenset(), terms.exercise)  # fmt: skip
    if stix_type == MESSAGE:
        return Handling(stix_type, information_of(stix_type, terms), "", Tlp.RED, originator=terms.originator,
                        exercise=terms.exercise, addressed=terms.addressed or NOBODY)  # fmt: skip
    return Handling(
        type=stix_type,
        information=information_of(stix_type, terms),
        purpose=terms.purpose,
        tlp=terms.unmarked_as if tlp is None else Tlp.read(tlp),
        personal_data=terms.personal_data,
        originator=terms.originator,
        received_under=terms.received_under,
        recipients=terms.recipients,
        exercise=terms.exercise,
        granular=granular,
    )
