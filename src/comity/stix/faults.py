"""What is wrong with an object: a value that names the place, the rule, and the mend.

Places are written as the standard writes selectors (STIX 2.1 §7.2.3.1): names and `[n]` list positions joined by dots,
empty for the object itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Fault:
    """One breach of the standard: where, of which section, what is wrong and what mends it, a sentence each."""

    path: str
    rule: str
    says: str
    mend: str

    def under(self, step: str) -> "Fault":
        """Return the same fault as seen from one level further out."""
        return replace(self, path=f"{step}.{self.path}" if self.path else step)


Faults = tuple[Fault, ...]
Check = Callable[[object], Faults]
"""Judge one property's value: an empty tuple when it holds, else every fault with its place inside the value."""

Members = dict[str, object]
Rule = Callable[[Members], Faults]
"""Judge several properties of one object together (a co-constraint of the standard)."""

NONE: Faults = ()


def breach(section: str, says: str, mend: str, path: str = "") -> Faults:
    """Return one fault of a numbered section of STIX 2.1 as a tuple, the form every check answers in."""
    return (Fault(path, f"STIX 2.1 §{section}", says, mend),)


def within(step: str, found: Faults) -> Faults:
    """Return the faults as seen from one level further out."""
    return tuple(fault.under(step) for fault in found)


_KINDS = {
    str: "a string",
    bool: "true or false",
    int: "an integer",
    float: "a number",
    list: "a list",
    dict: "an object",
}


def kind_of(value: object) -> str:
    """Name a JSON value's type in words."""
    return "null" if value is None else _KINDS.get(type(value), "something else")
