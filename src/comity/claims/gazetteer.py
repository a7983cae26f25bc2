"""Names in text: those of the register and of the nations, found all at once, the longest one first.

A name of one word or an acronym must be written as the register writes it (US is a state, us is not); of a name of
several words only the first letter's case counts. A name inside a longer one, or glued to a word (“Kenya-based”), is
no mention.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

import ahocorasick_rs

from comity.claims.nations import NATIONS, OTHER_PLACES
from comity.claims.register import Nature, PartyKind, Register, Thing
from comity.claims.words import bag


class What(StrEnum):
    """What a name stands for."""

    PARTY = "party"
    ADJECTIVE = "adjective"
    CAPITAL = "capital"
    THING = "thing"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found at [start, end): the code of a party or the slug of a thing."""

    start: int
    end: int
    what: What
    ref: str
    text: str


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    what: What
    ref: str
    telling: bool = False
    """Whether it is a name in small letters too: “second additional protocol”, and not “national strategy”."""


SMALL: Final = bag("of and the for on in to against by with from de la")
_PLAIN: Final = str.maketrans(
    dict.fromkeys("\u2019\u2018\u0060\u00b4", "'")  # apostrophes and what is taken for one
    | dict.fromkeys("\u00a0\n\r\t", " ")
    | dict.fromkeys("\u2010\u2011\u2013", "-")  # hyphens and the dash of “Bosnia–Herzegovina”
)
_TELLING: Final = 3
_GLUED_AFTER: Final = re.compile(r"-[a-z]")
_GLUED_BEFORE: Final = re.compile(r"[a-z]-$")
_PERSON_NAMES: Final = frozenset({"TD", "JO", "GE", "IL"})
_CAPITALISED: Final = re.compile(r" ([A-Z][a-z]+)\b")
_CAPITALISED_BEFORE: Final = re.compile(r"(?:^|[\s(])([A-Z][a-z]+) $")
_AMERICAN_GEORGIA: Final = re.compile(r"\b(?:Atlanta|Savannah|Fulton County|Brian Kemp|Peach State)\b")


def plain(text: str) -> str:
    """Fold case and typography, character by character, so that offsets stay."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
    return lowered.translate(_PLAIN)


class Gazetteer:
    """All names in one automaton."""

    def __init__(self, register: Register) -> None:
        """Collect the names; where two things share one, it means neither."""
        collected: dict[str, list[_Name]] = {}
        for name in _names(register):
            known = replace(name, text=name.text.removeprefix("The ")) if name.text.startswith("The ") else name
            collected.setdefault(plain(known.text), []).append(known)
        self._patterns = list(collected)
        self._names = [collected[pattern] for pattern in self._patterns]
        self._automaton = ahocorasick_rs.AhoCorasick(self._patterns) if self._patterns else None

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Find the names in a text, leftmost and longest, none overlapping."""
        if self._automaton is None:
            return ()
        folded = plain(text)
        american = _AMERICAN_GEORGIA.search(text) is not None
        spans = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        found = [one for index, start, end in spans for one in self._mention(text, start, end, index)]
        found = [one for one in found if not (american and one.ref == "GE" and one.text == "Georgia")]
        return tuple(_longest(found))

    def _mention(self, text: str, start: int, end: int, index: int) -> Iterable[Mention]:
        if not _stands_alone(text, start, end):
            return
        said = text[start:end]
        fitting = {(name.what, name.ref) for name in self._names[index] if _written_so(said, name)}
        if len(fitting) != 1:
            return
        what, ref = next(iter(fitting))
        if what is What.PARTY and ref in _PERSON_NAMES and _is_part_of_a_persons_name(text, start, end):
            what = What.OTHER
        yield Mention(start, end, what, ref, said)


@lru_cache(maxsize=4)
def gazetteer(register: Register) -> Gazetteer:
    """Give the names of a register; those of the last ones are kept, as many documents are read against one."""
    return Gazetteer(register)


def _names(register: Register) -> Iterable[_Name]:
    for nation in NATIONS.values():
        yield from (_Name(name, What.PARTY, nation.code) for name in nation.names)
        yield from (_Name(name, What.ADJECTIVE, nation.code) for name in nation.adjectives)
        yield from (_Name(name, What.CAPITAL, nation.code) for name in nation.capitals)
    for party in register.parties:
        if party.kind is not PartyKind.STATE or party.code in NATIONS:
            yield from (_Name(name, What.PARTY, party.code) for name in (party.name, *party.names) if name)
    for thing in register.things:
        named = (name for name in (thing.name, *thing.names) if name)
        telling = thing.nature not in {Nature.LAW, Nature.STRATEGY, Nature.PLAN, Nature.EVENT}
        yield from (_Name(name, What.THING, thing.slug, telling) for name in named if _says_between_whom(name, thing))
    yield from (_Name(name, What.OTHER, "") for name in OTHER_PLACES)


def _says_between_whom(name: str, thing: Thing) -> bool:
    """Tell whether a bilateral agreement's name names both: “extradition treaty with Canada” alone is many states'."""
    folded = plain(name)
    return all(any(plain(one) in folded for one in NATIONS[code].names) for code in thing.parties if code in NATIONS)


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if before[-1:].isalnum() or after[:1].isalnum() or before.endswith(("@", "/", "#")):
        return False
    return not (_GLUED_AFTER.match(after) or _GLUED_BEFORE.search(before))


def _written_so(said: str, known: _Name) -> bool:
    """Compare case where it tells names from words; a thing's name of three words is one in small letters too."""
    name, words = known.text, known.text.split()
    if len(words) > 1:
        return any(one.isupper() for one in said) or (known.telling and len(words) >= _TELLING)
    if name.isupper() or not name.isalpha() or sum(one.isupper() for one in name) > 1:
        return said == name or said.translate(_PLAIN) == name.translate(_PLAIN)
    return said[0].isupper()


def _is_part_of_a_persons_name(text: str, start: int, end: int) -> bool:
    following = _CAPITALISED.match(text, end)
    preceding = _CAPITALISED_BEFORE.search(text[max(0, start - 20) : start])
    verbs = {
        "Signs",
        "Ratifies",
        "Joins",
        "Accedes",
        "Hosts",
        "Becomes",
        "And",
        "To",
        "Adopts",
        "Has",
        "Is",
        "Was",
        "Cyber",
        "National",
    }
    if following and following.group(1) not in verbs:
        return True
    openers = {
        "In",
        "And",
        "The",
        "While",
        "But",
        "For",
        "With",
        "From",
        "By",
        "To",
        "After",
        "Both",
        "Since",
        "Although",
        "When",
        "Neither",
    }
    return preceding is not None and preceding.group(1) not in openers


def _longest(found: Iterable[Mention]) -> Iterable[Mention]:
    end = -1
    for one in sorted(found, key=lambda mention: (mention.start, -mention.end)):
        if one.start >= end:
            end = one.end
            yield one
