"""Ids for what has names of other kinds: tokens for OSCAL, ids here for others’ URNs, UUIDs from names."""

import hashlib
import re

_WRONG = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST = 80
SPACE = bytes.fromhex("6c9b6f7a1e9d5d0f8b6a7b0a5c3e2d11")
"""The name space of every UUID that is worked out here; changed, all of them would be."""


def token(name: str) -> str:
    """Give an id as an XML name, which must not begin with a digit: “_” before one; `from_token` takes it away."""
    return name if name[:1].isalpha() else f"_{name}"


def from_token(name: str) -> str:
    """Give the id of a token."""
    return name.removeprefix("_")


def tidy(name: str) -> str:
    """Make an id of any words: other signs become hyphens, and it begins with a letter or digit."""
    return _WRONG.sub("-", name).strip("-._")[:LONGEST] or "x"


def uuid5(*name: str) -> str:
    """Work a UUID out of a name (RFC 9562, version 5): the same name gives the same UUID on every machine."""
    digest = bytearray(hashlib.sha1(SPACE + "\x1f".join(name).encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    found = digest.hex()
    return "-".join((found[:8], found[8:12], found[12:16], found[16:20], found[20:]))


_SHORT = 160


def opening(said: str) -> str:
    """Give the first line of a text as a name: whole words, with “…” where it is cut."""
    line = said.split("\n", maxsplit=1)[0]
    return line if len(line) <= _SHORT else (line[:_SHORT].rpartition(" ")[0] or line[:_SHORT]) + "…"


class Unique:
    """Ids that are given once: one that was given gets a number behind it, and is counted."""

    def __init__(self) -> None:
        """Begin with none."""
        self.given: set[str] = set()
        self.changed = 0

    def give(self, wanted: str) -> str:
        """Give an id near to what is wanted."""
        found, count = tidy(wanted), 2
        while found in self.given:
            end = f"-{count}"
            found, count = tidy(wanted)[: LONGEST - len(end)] + end, count + 1
        self.changed += found != wanted
        self.given.add(found)
        return found
