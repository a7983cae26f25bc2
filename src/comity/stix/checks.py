"""Checks of single values: the common data types of STIX 2.1 §2, built once per property and called per object."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from msgspec import Meta

from comity.stix.canonical import LARGEST_WHOLE
from comity.stix.faults import NONE, Check, Fault, Faults, Members, Rule, breach, kind_of, within
from comity.stix.native import listed, matching, stands_for, table, type_for

KEY_FORM: Final = r"[A-Za-z0-9_-]{1,250}"
DICTIONARY_KEY: Final = re.compile(KEY_FORM).fullmatch
HASH_KEY: Final = re.compile(r"[A-Za-z0-9_-]{3,250}").fullmatch
PROPERTY_NAME: Final = re.compile(r"[a-z][a-z0-9_]{2,249}").fullmatch
_hexadecimal: Final = re.compile(r"(?:[0-9a-f]{2})*").fullmatch
_language: Final = re.compile(
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(?:-[A-WY-Za-wy-z0-9](?:-[A-Za-z0-9]{2,8})+)*"
    r"(?:-x(?:-[A-Za-z0-9]{1,8})+)?|x(?:-[A-Za-z0-9]{1,8})+|i-[a-z]{3,8}(?:-[a-z]{2,8})?"
).fullmatch

_HASH_DIGITS: Final = {"MD5": 32, "SHA-1": 40, "SHA-256": 64, "SHA-512": 128, "SHA3-256": 64, "SHA3-512": 128}
_hash_digits: Final = re.compile(r"[0-9a-fA-F]+").fullmatch


def anything(_: object) -> Faults:
    """Accept any value; for what another rule judges."""
    return NONE


def text(value: object) -> Faults:
    """Check a string (§2.15) or a term of an open vocabulary (§2.14)."""
    if type(value) is str:
        return NONE
    return breach("2.15", f"This is {kind_of(value)}, not a string.", "Write it as a string.")


def boolean(value: object) -> Faults:
    """Check true or false (§2.2)."""
    if type(value) is bool:
        return NONE
    return breach(
        "2.2", f"This is {kind_of(value)}, not true or false.", "Write true or false without quotation marks."
    )


def whole_or_text(value: object) -> Faults:
    """Check a value that is an integer or a string, as in IPFIX and EXIF (§6.12.1, §6.7.5)."""
    return text(value) if type(value) is not int else NONE


def integer(low: int | None = None, high: int | None = None, section: str = "2.10") -> Check:
    """Return a check of a whole number within inclusive bounds (§2.10)."""

    def check(value: object) -> Faults:
        if type(value) is not int:
            return breach("2.10", f"This is {kind_of(value)}, not an integer.", "Write a whole number without quotes.")
        if (low is not None and value < low) or (high is not None and value > high):
            return breach(section, f"{value} is out of bounds.", f"Write a whole number {_span(low, high)}.")
        return NONE

    least, most = -LARGEST_WHOLE if low is None else low, LARGEST_WHOLE if high is None else high
    return stands_for(check, Annotated[int, Meta(ge=least, le=most)])


def number(low: float | None = None, high: float | None = None, section: str = "2.6") -> Check:
    """Return a check of a number within inclusive bounds (§2.6)."""

    def check(value: object) -> Faults:
        if not isinstance(value, (int, float)) or type(value) is bool:
            return breach("2.6", f"This is {kind_of(value)}, not a number.", "Write a number without quotes.")
        if (low is not None and value < low) or (high is not None and value > high):
            return breach(section, f"{value} is out of bounds.", f"Write a number {_span(low, high)}.")
        return NONE

    return check


def _span(low: float | None, high: float | None) -> str:
    """Say two bounds in words."""
    if high is None:
        return f"of {low} or more"
    return f"of {high} or less" if low is None else f"from {low} to {high}"


def one_of(section: str, terms: Collection[str]) -> Check:
    """Return a check of a term of a closed enumeration (§2.4)."""
    closed = frozenset(terms)
    mend = f"Write one of {', '.join(sorted(closed))}."

    def check(value: object) -> Faults:
        if type(value) is str and value in closed:
            return NONE
        return breach(section, f"{value!r:.60} is not a term of the enumeration.", mend)

    return stands_for(check, Literal[tuple(sorted(closed))])


def list_of(check_item: Check) -> Check:
    """Return a check of a list with at least one member, each of one type (§2.12)."""

    def check(value: object) -> Faults:
        if type(value) is not list:
            return breach("2.12", f"This is {kind_of(value)}, not a list.", "Write a list in square brackets.")
        if not value:
            return breach("2.12", "The list is empty.", "Leave the property out, or give the list a member.")
        faults: Faults = NONE
        for index, item in enumerate(value):
            if found := check_item(item):
                faults += within(f"[{index}]", found)
        return faults

    item = type_for(check_item)
    return check if item is None else stands_for(check, listed(item))


def dictionary(check_value: Check = anything, *, keys: Check | None = None) -> Check:
    """Return a check of a dictionary with at least one pair: keys of §2.3 or by a check of their own, values by one."""

    def check(value: object) -> Faults:
        if type(value) is not dict:
            return breach("2.3", f"This is {kind_of(value)}, not a dictionary.", "Write an object in braces.")
        if not value:
            return breach("2.3", "The dictionary is empty.", "Leave the property out, or give it a pair.")
        faults: Faults = NONE
        for key, item in value.items():
            if (found := (dictionary_key(key) if keys is None else keys(key))) or (found := check_value(item)):
                faults += within(key, found)
        return faults

    return check


def dictionary_key(value: object) -> Faults:
    """Check a dictionary key (§2.3)."""
    if type(value) is str and DICTIONARY_KEY(value):
        return NONE
    mend = "Use 1 to 250 of the characters a-z, A-Z, 0-9, hyphen and underscore."
    return breach("2.3", f"{value!r:.60} is no dictionary key.", mend)


def base_value(value: object) -> Faults:
    """Check a dictionary's value: any STIX base type, and so never null and never an empty list or object (§2.3)."""
    if value is None or value in ([], {}):
        return breach("2.3", f"{kind_of(value)} without content is no STIX value.".capitalize(), "Leave the key out.")
    return NONE


def hashes(value: object) -> Faults:
    """Check hashes (§2.7): algorithm names of 3 to 250 characters, and the digits of the algorithms of §10.7."""
    return _hash_pairs(value)


def _hash_pair_value(name: str, value: object) -> Faults:
    """Check one hash by its algorithm's name."""
    if type(value) is not str or not value:
        return breach("2.7", f"The {name} hash is {kind_of(value)} without digits.", "Write the hash as a string.")
    digits = _HASH_DIGITS.get(name)
    if digits and (len(value) != digits or not _hash_digits(value)):
        return breach("2.7", f"This is no {name} hash.", f"Write its {digits} hexadecimal digits.")
    return NONE


def _hash_pairs(value: object) -> Faults:
    """Check every pair of a hashes dictionary."""
    if type(value) is not dict or not value:
        return breach("2.7", "There is no hash here.", "Write an object of algorithm names and hashes.")
    faults: Faults = NONE
    for name, digest in value.items():
        if not HASH_KEY(name):
            faults += within(
                name, breach("2.7", f"{name!r:.60} is no algorithm name.", "Use 3 to 250 of A-Z a-z 0-9 - _.")
            )
        else:
            faults += within(name, _hash_pair_value(name, digest))
    return faults


def binary(value: object) -> Faults:
    """Check base64 (§2.1, RFC 4648)."""
    if type(value) is not str:
        return text(value)
    try:
        b64decode(value, validate=True)
    except (Base64Error, ValueError):
        return breach("2.1", "This is not base64.", "Encode the bytes as RFC 4648 says, with padding.")
    return NONE


def hexadecimal(value: object) -> Faults:
    """Check an even number of lower-case hexadecimal digits (§2.8)."""
    if type(value) is str and _hexadecimal(value):
        return NONE
    return breach("2.8", f"{value!r:.60} is not hexadecimal.", "Write an even number of the digits 0-9 and a-f.")


def language(value: object) -> Faults:
    """Check the form of an RFC 5646 language tag (§3.2)."""
    if type(value) is str and _language(value):
        return NONE
    return breach("3.2", f"{value!r:.60} is not a language tag.", "Write an RFC 5646 tag, such as en or pt-BR.")


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of object with its own properties: a table of checks, what must be there, and rules between them.

    `closed` refuses properties that the table does not name; otherwise they are let by as custom (§11.1).
    """

    section: str
    properties: Mapping[str, Check]
    required: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()
    closed: bool = False

    def __call__(self, value: object) -> Faults:
        """Judge one value by the table."""
        if type(value) is not dict:
            return breach(self.section, f"This is {kind_of(value)}, not an object.", "Write an object in braces.")
        faults = self._named(value)
        if not self.required <= value.keys():
            faults += missing(self.section, sorted(self.required - value.keys()))
        if faults:
            return faults
        for rule in self.rules:
            faults += rule(value)
        return faults

    def _named(self, value: Members) -> Faults:
        """Judge each property by its own check."""
        faults: Faults = NONE
        for name, item in value.items():
            check = self.properties.get(name)
            if check is not None:
                if found := check(item):
                    faults += within(name, found)
            elif self.closed:
                says = f"{name!r:.60} is not a property that may stand here."
                faults += breach(self.section, says, f"Write one of {', '.join(sorted(self.properties))}.", name)
            elif not PROPERTY_NAME(name):
                faults += bad_name(name)
        return faults


def missing(section: str, names: Iterable[str]) -> Faults:
    """Return a fault for each required property that is not there."""
    return tuple(
        Fault(name, f"STIX 2.1 §{section}", f"The required property {name} is missing.", f"Add {name}.")
        for name in names
    )


def bad_name(name: str) -> Faults:
    """Return the fault of a property name that breaks §3.1."""
    mend = "Use 3 to 250 of the characters a-z, 0-9 and underscore, beginning with a letter."
    return breach("3.1", f"{name!r:.60} is no property name.", mend, name)


_digits_of = {name: matching(f"[0-9a-fA-F]{{{digits}}}") for name, digits in _HASH_DIGITS.items()}
stands_for(text, str)
stands_for(boolean, bool)
stands_for(hashes, table("Hashes", _digits_of, frozenset(), closed=True, needing=tuple(_digits_of)))

REFERS: Final = frozenset({"url", "external_id", "description"})
"""Of an external reference: what it says beside its source; one of them is there (§2.5.2)."""
external_reference: Final = Shape(
    "2.5",
    {"source_name": text, "description": text, "url": text, "hashes": hashes, "external_id": text},
    frozenset({"source_name"}),
    (
        lambda members: (
            NONE
            if not REFERS.isdisjoint(members)
            else breach("2.5.2", "The reference says only its source.", "Add a description, a url or an external_id.")
        ),
    ),
)
kill_chain_phase: Final = Shape(
    "2.11", {"kill_chain_name": text, "phase_name": text}, frozenset({"kill_chain_name", "phase_name"})
)
stands_for(
    external_reference,
    table("ExternalReference", {name: type_for(check) for name, check in external_reference.properties.items()},
          frozenset({"source_name"}), closed=True),
)  # fmt: skip
stands_for(
    kill_chain_phase,
    table("KillChainPhase", dict.fromkeys(kill_chain_phase.properties, str), kill_chain_phase.required, closed=True),
)
