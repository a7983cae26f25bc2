"""Checks of single values: the common data types of STIX 2.1 §2, each a function from a value to its faults.

A check answers None for a good value, so that a good object costs one call a property and builds nothing.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeAlias

from comity.stix.canonical import LARGEST
from comity.stix.faults import Fault, below, named, shown
from comity.stix.identifiers import is_identifier, type_of
from comity.stix.moments import is_precise, is_timestamp

Faults: TypeAlias = list[Fault] | None
Check: TypeAlias = Callable[[object], Faults]

_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2})+")
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,250}")
_HASH_NAME: Final = re.compile(r"[A-Za-z0-9_-]{3,250}")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_DIGESTS: Final[Mapping[str, re.Pattern[str]]] = {
    "MD5": re.compile(r"[0-9a-fA-F]{32}"),
    "SHA-1": re.compile(r"[0-9a-fA-F]{40}"),
    "SHA-256": re.compile(r"[0-9a-fA-F]{64}"),
    "SHA-512": re.compile(r"[0-9a-fA-F]{128}"),
    "SHA3-256": re.compile(r"[0-9a-fA-F]{64}"),
    "SHA3-512": re.compile(r"[0-9a-fA-F]{128}"),
    "SSDEEP": re.compile(r"[0-9]+:[A-Za-z0-9/+]*:[A-Za-z0-9/+]*"),
    "TLSH": re.compile(r"(?:T1)?[0-9a-fA-F]{70}"),
}

LIST: Final = "STIX 2.1 §2.12"
DICTIONARY: Final = "STIX 2.1 §2.3"


def fault(rule: str, says: str, mend: str) -> list[Fault]:
    """Make the one fault of a value; its place is put before it by whoever holds the value."""
    return [Fault("", rule, says, mend)]


def _kind(value: object, wanted: str, rule: str) -> list[Fault]:
    return fault(rule, f"This is {named(value)} where {wanted} belongs.", f"Write {wanted}, or leave the property out.")


def string(value: object) -> Faults:
    """Check a string (§2.15)."""
    return None if type(value) is str else _kind(value, "a string", "STIX 2.1 §2.15")


def boolean(value: object) -> Faults:
    """Check true or false (§2.2)."""
    return None if value is True or value is False else _kind(value, "true or false", "STIX 2.1 §2.2")


def timestamp(value: object) -> Faults:
    """Check a time in UTC (§2.16)."""
    if type(value) is str and is_timestamp(value):
        return None
    return fault(
        "STIX 2.1 §2.16",
        f"{shown(value)} is not a time that exists in the form YYYY-MM-DDTHH:mm:ss[.s+]Z.",
        "Write the time in UTC with a closing Z, for example 2024-05-01T09:30:00.000Z.",
    )


def stamp(value: object) -> Faults:
    """Check `created` or `modified`: a time with at least milliseconds (§3.2)."""
    if type(value) is str and is_timestamp(value):
        if is_precise(value):
            return None
        return fault(
            "STIX 2.1 §3.2",
            f"{shown(value)} is less precise than milliseconds.",
            "Write at least three digits after the seconds, for example .000Z.",
        )
    return timestamp(value)


def integer(low: int = -LARGEST, high: int = LARGEST, rule: str = "STIX 2.1 §2.10") -> Check:
    """Make a check of a whole number from `low` to `high` inclusive."""

    def check(value: object) -> Faults:
        if type(value) is int and low <= value <= high:
            return None
        if type(value) is not int:
            return _kind(value, "a whole number", rule)
        return fault(rule, f"{value} is outside {low} to {high}.", f"Write a whole number from {low} to {high}.")

    return check


def decimal(low: float, high: float, rule: str = "STIX 2.1 §2.6") -> Check:
    """Make a check of a number from `low` to `high` inclusive."""

    def check(value: object) -> Faults:
        if type(value) is bool or not isinstance(value, (int, float)):
            return _kind(value, "a number", rule)
        if low <= value <= high:
            return None
        return fault(rule, f"{value} is outside {low} to {high}.", f"Write a number from {low} to {high}.")

    return check


def one_of(words: Collection[str], rule: str) -> Check:
    """Make a check of a closed vocabulary (§2.4): such a list must not be expanded."""
    allowed = frozenset(words)
    offer = ", ".join(sorted(allowed))

    def check(value: object) -> Faults:
        if type(value) is str and value in allowed:
            return None
        return fault(rule, f"{shown(value)} is not in the closed vocabulary.", f"Write one of: {offer}.")

    return check


def matching(pattern: str, rule: str, says: str, mend: str) -> Check:
    """Make a check of a string that must match a whole pattern; `says` follows the quoted value."""
    fits = re.compile(pattern).fullmatch

    def check(value: object) -> Faults:
        if type(value) is not str:
            return _kind(value, "a string", rule)
        return None if fits(value) else fault(rule, f"{shown(value)} {says}", mend)

    return check


binary: Final = matching(_BASE64.pattern, "STIX 2.1 §2.1", "is not base64.", "Encode the bytes as in RFC 4648 §4.")
hexadecimal: Final = matching(
    _HEX.pattern, "STIX 2.1 §2.8", "is not an even number of hexadecimal digits.", "Write two digits for each byte."
)
language: Final = matching(
    _LANGUAGE.pattern, "STIX 2.1 §3.2", "is not a language code of RFC 5646.", "Write a code such as en or pt-BR."
)


def identifier(value: object) -> Faults:
    """Check an identifier, `type--UUID` (§2.9)."""
    if type(value) is str and is_identifier(value):
        return None
    return fault(
        "STIX 2.1 §2.9",
        f"{shown(value)} is not an identifier of the form type--UUID with an RFC 4122 UUID.",
        "Write the type in lower case, two hyphens and a UUID in lower case.",
    )


def reference(*types: str, rule: str) -> Check:
    """Make a check of a reference; where types are given, the object referred to must be of one of them."""
    allowed = frozenset(types)
    offer = " or ".join(sorted(allowed))

    def check(value: object) -> Faults:
        if type(value) is not str or not is_identifier(value):
            return identifier(value)
        if not allowed or type_of(value) in allowed:
            return None
        return fault(rule, f"This refers to the type {type_of(value)}.", f"Refer to an object of type {offer}.")

    return check


def reference_not(*types: str, rule: str) -> Check:
    """Make a check of a reference to anything but the given types."""
    refused = frozenset(types)

    def check(value: object) -> Faults:
        if type(value) is not str or not is_identifier(value):
            return identifier(value)
        if type_of(value) not in refused:
            return None
        return fault(rule, f"This refers to the type {type_of(value)}.", "Refer to an object of a type allowed here.")

    return check


def list_of(item: Check) -> Check:
    """Make a check of a list with at least one member, each good (§2.12)."""

    def check(value: object) -> Faults:
        if type(value) is not list:
            return _kind(value, "a list", LIST)
        if not value:
            return fault(LIST, "The list is empty.", "Leave the property out, or give it a member.")
        found: list[Fault] = []
        for place, member in enumerate(value):
            bad = item(member)
            if bad:
                found += below(f"[{place}]", bad)
        return found

    return check


def strings(value: object) -> Faults:
    """Check a list of strings; the commonest list, hence its own short way."""
    if type(value) is list and value:
        for member in value:
            if type(member) is not str:
                return _strings_slowly(value)
        return None
    return _strings_slowly(value)


_strings_slowly: Final = list_of(string)


def dictionary_of(item: Check, key_fits: Callable[[str], object] = _KEY.fullmatch) -> Check:
    """Make a check of a dictionary: at least one entry, keys of a-z A-Z 0-9 - _ up to 250, each value good (§2.3)."""

    def check(value: object) -> Faults:
        if type(value) is not dict:
            return _kind(value, "an object", DICTIONARY)
        if not value:
            return fault(DICTIONARY, "The object is empty.", "Leave the property out, or give it an entry.")
        found: list[Fault] = []
        for key, member in value.items():
            if not key_fits(key):
                found += below(key, _bad_key(key))
            bad = item(member)
            if bad:
                found += below(key, bad)
        return found

    return check


def _bad_key(key: str) -> list[Fault]:
    return fault(
        DICTIONARY,
        f"The key {shown(key)} is not made of a-z, A-Z, 0-9, hyphen and underscore, at most 250 of them.",
        "Rename the key.",
    )


def anything(value: object) -> Faults:
    """Check a value of any kind, as custom properties and dictionaries hold: no null, nothing empty, all keys fit.

    Rules: lists §2.12, dictionaries §2.3, whole numbers §2.10.
    """
    kind = type(value)
    if kind is str or kind is bool:
        return None
    if kind is list:
        return _any_list(value)
    if kind is dict:
        return _any_dictionary(value)
    if value is None:
        return fault("STIX 2.1 §2", "null is no value of STIX.", "Leave the property out.")
    return None if kind is not int or -LARGEST <= value <= LARGEST else _too_large(value)  # type: ignore[operator]


def _too_large(value: object) -> list[Fault]:
    return fault("STIX 2.1 §2.10", f"{value} is beyond 2^53-1.", "Write larger numbers as strings.")


_any_list: Final = list_of(anything)
_any_dictionary: Final = dictionary_of(anything)
dictionary: Final = _any_dictionary


def hashes(value: object) -> Faults:
    """Check hashes: names of 3 to 250 characters, digests of the length their algorithm has (§2.7, §10.7)."""
    if type(value) is not dict or not value:
        return _any_dictionary(value)
    found: list[Fault] = []
    for name, digest in value.items():
        bad = _hash(name, digest)
        if bad:
            found += below(name, bad)
    return found


def _hash(name: str, digest: object) -> Faults:
    if not _HASH_NAME.fullmatch(name):
        return fault("STIX 2.1 §2.7", f"{shown(name)} cannot name a hash algorithm.", "Write a name such as SHA-256.")
    if type(digest) is not str:
        return _kind(digest, "a string", "STIX 2.1 §2.7")
    shape = _DIGESTS.get(name)
    if shape is None or shape.fullmatch(digest):
        return None
    return fault("STIX 2.1 §10.7", f"{shown(digest)} is not a {name} digest.", f"Write the {name} digest in full.")


def record(
    checks: Mapping[str, Check],
    required: Collection[str] = (),
    at_least: Collection[str] = (),
    rule: str = "STIX 2.1 §3.1",
) -> Check:
    """Make a check of an embedded object: its properties, those it must have, and those of which it needs one."""
    needed = frozenset(required)
    some = frozenset(at_least)

    def check(value: object) -> Faults:
        if type(value) is not dict:
            return _kind(value, "an object", rule)
        found: list[Fault] = []
        for key, member in value.items():
            known = checks.get(key)
            bad = known(member) if known else _unknown(key, member)
            if bad:
                found += below(key, bad)
        names = value.keys()
        if not needed <= names:
            found += _missing(needed - names, rule)
        if some and some.isdisjoint(names):
            found += fault(rule, f"None of {', '.join(sorted(some))} is present.", "Give at least one of them.")
        return found

    return check


def _unknown(key: str, value: object) -> Faults:
    return anything(value) if _KEY.fullmatch(key) else _bad_key(key)


def _missing(names: Collection[str], rule: str) -> list[Fault]:
    return [
        Fault("", rule, f"The required property {name} is missing.", f"Add {name}.") for name in sorted(names)
    ]


missing: Final = _missing
