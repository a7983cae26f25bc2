"""What is wrong with an object: the place, the rule, what is the matter and how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One breach of one rule.

    `path` is written like a granular-marking selector (`external_references.[0].url`) and is empty when the object as
    a whole is meant; `rule` cites the standard; `says` and `mend` are one sentence each.
    """

    path: str
    rule: str
    says: str
    mend: str


_NAMES = {
    str: "a string",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


def named(value: object) -> str:
    """Name the JSON kind of a value, for a sentence."""
    for kind, name in _NAMES.items():
        if type(value) is kind:
            return name
    return "a number"


def shown(value: object) -> str:
    """Quote a value for a sentence, at most 60 characters of it."""
    text = value if isinstance(value, str) else repr(value)
    return f"'{text[:60]}…'" if len(text) > 60 else f"'{text}'"


def below(step: str, faults: Iterable[Fault]) -> list[Fault]:
    """Move faults found in a part to their place in the whole: put `step` before each path."""
    return [
        Fault(f"{step}.{fault.path}" if fault.path else step, fault.rule, fault.says, fault.mend) for fault in faults
    ]
