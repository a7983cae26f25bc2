"""What was found in a document: who is said to have done what, in which sense, and where it stands."""

from dataclasses import dataclass
from enum import StrEnum

from comity.claims.register import Act, Nature, Period


class Sense(StrEnum):
    """How a sentence means what it says. Only the first three are claims of fact."""

    STATED = "stated"
    DENIED = "denied"
    REPORTED = "reported"
    PLANNED = "planned"
    POSSIBLE = "possible"
    CONDITIONAL = "conditional"
    URGED = "urged"
    ASKED = "asked"


OF_FACT = frozenset({Sense.STATED, Sense.DENIED, Sense.REPORTED})


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something as the text names it. `ref` is a party's code or a thing's slug.

    Empty where the register has none.
    """

    ref: str
    text: str
    is_party: bool = False
    nature: Nature | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. [start.

    End) is its sentence, [at, until) the words that carry it, in characters of the document.
    """

    act: Act
    subject: Named | None
    object: Named | None
    sense: Sense
    start: int
    end: int
    at: int
    until: int
    sentence: str
    partner: Named | None = None
    when: Period | None = None
    as_of: Period | None = None
    topic: str = ""
    negated: bool = False
    """Whether what is reported or planned is a denial."""
    by: str = ""
    """Who is said to have said it."""

    @property
    def of_fact(self) -> bool:
        """Whether it says how things are, rightly or wrongly."""
        return self.sense in OF_FACT
