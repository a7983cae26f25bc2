"""Builders of rules between properties: the co-constraints that several types of STIX 2.1 share."""

from typing import Final, NamedTuple

from comity.stix.faults import NONE, Faults, Members, Rule, breach
from comity.stix.timestamps import order


class Concern(NamedTuple):
    """What a rule looks at: it finds something only where what it `needs` is there, by what it `reads`, or by all.

    `strictly` is for a rule that wants the first of two timestamps before the second (true) or no later (false).
    """

    needs: frozenset[str]
    reads: tuple[str, ...]
    strictly: bool | None


_CONCERNS: Final[dict[int, tuple[Rule, Concern]]] = {}
"""By the rule's identity: a rule is kept here, so that no other ever has it."""


def concern(rule: Rule) -> Concern:
    """Return what a rule looks at."""
    return _CONCERNS[id(rule)][1]


def concerning(rule: Rule, *needs: str, reads: tuple[str, ...] = (), strictly: bool | None = None) -> Rule:
    """Note what a rule looks at, and return it."""
    _CONCERNS[id(rule)] = rule, Concern(frozenset(needs), reads, strictly)
    return rule


def not_before(section: str, earlier: str, later: str, *, strictly: bool = False) -> Rule:
    """Return a rule: when both timestamps are there, the later is not before (strictly: is after) the earlier."""
    relation = "after" if strictly else "no earlier than"

    def rule(members: Members) -> Faults:
        first, last = members.get(earlier), members.get(later)
        if type(first) is not str or type(last) is not str:
            return NONE
        if len(first) == len(last) and (first < last or (first == last and not strictly)):
            return NONE  # of one length, texts are in the order of their times
        before, after = order(first), order(last)
        if after > before or (after == before and not strictly):
            return NONE
        says = f"{later} ({last}) is not {relation} {earlier} ({first})."
        return breach(section, says, f"Set {later} to a time {relation} {earlier}.", later)

    return concerning(rule, earlier, later, reads=(earlier, later), strictly=strictly)


def any_of(section: str, *names: str) -> Rule:
    """Return a rule: at least one of the properties is there."""
    wanted = frozenset(names)

    def rule(members: Members) -> Faults:
        if not wanted.isdisjoint(members):
            return NONE
        return breach(section, f"None of {', '.join(names)} is there.", "Add at least one of them.")

    return concerning(rule, reads=names)


def not_both(section: str, one: str, other: str) -> Rule:
    """Return a rule: the two properties exclude each other."""

    def rule(members: Members) -> Faults:
        if one in members and other in members:
            return breach(section, f"{one} and {other} exclude each other.", f"Leave {one} or {other} out.", other)
        return NONE

    return concerning(rule, one, other, reads=(one, other))


def needs(section: str, name: str, *others: str) -> Rule:
    """Return a rule: where the first property is, the others are too."""

    def rule(members: Members) -> Faults:
        if name not in members or all(other in members for other in others):
            return NONE
        says = f"{name} stands without {' and '.join(other for other in others if other not in members)}."
        return breach(section, says, f"Add what is missing, or leave {name} out.", name)

    return concerning(rule, name, reads=(name, *others))


def barred_when(section: str, name: str, flag: str, *, is_set: bool, default: bool | None = None) -> Rule:
    """Return a rule: the property may not be there while a boolean has this value."""

    def rule(members: Members) -> Faults:
        if name in members and members.get(flag, default) is is_set:
            says = f"{name} may not stand where {flag} is {str(is_set).lower()}."
            return breach(section, says, f"Leave {name} out, or correct {flag}.", name)
        return NONE

    return concerning(rule, name, reads=(name, flag))


def needed_when(section: str, name: str, flag: str, *, is_set: bool) -> Rule:
    """Return a rule: the property must be there while a boolean has this value."""

    def rule(members: Members) -> Faults:
        if members.get(flag) is is_set and name not in members:
            says = f"{name} is missing where {flag} is {str(is_set).lower()}."
            return breach(section, says, f"Add {name}, or correct {flag}.")
        return NONE

    return concerning(rule, flag, reads=(flag, name))
