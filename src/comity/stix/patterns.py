"""The outer shape of a STIX pattern: something there, brackets and quotes in balance. Not the grammar of §9."""

import re
from typing import Final

from comity.stix.faults import NONE, Faults, Members, breach

_token: Final = re.compile(r"'(?:[^'\\]|\\.)*'|[\[\]()']", re.DOTALL)
_CLOSES: Final = {"]": "[", ")": "("}


def stix_pattern_shape(members: Members) -> Faults:
    """Judge the shape of an indicator's pattern when its `pattern_type` is `stix` (§4.7.1, §9).

    This finds what is cut off or empty. It does not parse: a pattern that passes may still break the grammar.
    """
    pattern = members.get("pattern")
    if type(pattern) is not str:
        return NONE
    if not pattern.strip():
        return breach("4.7.1", "The pattern is empty.", "Write the pattern.", "pattern")
    if members.get("pattern_type") != "stix":
        return NONE
    problem = imbalance(pattern)
    return (
        breach("9", problem, "Close every bracket and quotation mark of the pattern.", "pattern") if problem else NONE
    )


def imbalance(pattern: str) -> str | None:
    """Return what is out of balance in a STIX pattern, in words; None when nothing is."""
    open_marks: list[str] = []
    observed = False
    for found in _token.finditer(pattern):
        mark = found[0]
        if mark in "[(":
            open_marks.append(mark)
            observed = observed or mark == "["
        elif mark == "'":
            return f"The quotation mark at character {found.start() + 1} is never closed."
        elif mark in _CLOSES and (not open_marks or open_marks.pop() != _CLOSES[mark]):
            return f"The {mark} at character {found.start() + 1} closes nothing."
    if open_marks:
        return f"A {open_marks[-1]} is never closed."
    return None if observed else "There is no observation in square brackets."
