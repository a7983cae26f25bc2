"""Judging an indicator's pattern (STIX 2.1 §4.7.1, §9)."""

from comity.stix.faults import NONE, Faults, Members, breach
from comity.stix.patterns.errors import PatternError
from comity.stix.patterns.parser import LONGEST, read
from comity.stix.patterns.shapes import is_common
from comity.stix.rules import concerning


def stix_pattern(members: Members) -> Faults:
    """Judge an indicator's pattern: there must be one, and where `pattern_type` is `stix` it must keep the grammar."""
    pattern = members.get("pattern")
    if type(pattern) is not str:
        return NONE
    if not pattern.strip():
        return breach("4.7.1", "The pattern is empty.", "Write the pattern.", "pattern")
    if members.get("pattern_type") != "stix" or (len(pattern) <= LONGEST and is_common(pattern)):
        return NONE
    try:
        read(pattern)
    except PatternError as error:
        return breach("9", f"At character {error.position} of the pattern: {error.says}", error.mend, "pattern")
    return NONE


concerning(stix_pattern, "pattern", reads=("pattern", "pattern_type"))
