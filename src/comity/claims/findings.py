"""What the register has on a matter, before it is turned into a verdict on how a sentence put it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from comity.claims.register import Period, Register
from comity.claims.statements import Statement
from comity.claims.wording import Ground


class Finding(StrEnum):
    """Whether it is so."""

    YES = "yes"
    OTHER_DAY = "yes, at another time"
    IN_PART = "in part"
    NO = "no"
    CANNOT = "cannot be"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its grounds."""

    finding: Finding
    grounds: tuple[Ground, ...] = ()


def agrees(said: Period | None, known: Period | None) -> bool:
    """Tell whether a date that is said can be the one that is known; an unknown one contradicts nothing."""
    return said is None or known is None or said.overlaps(known)


def day_of(statement: Statement, register: Register) -> date:
    """Give the day for which something is said: that of “as of”, else today."""
    return min(statement.as_of.last, register.today) if statement.as_of else register.today
