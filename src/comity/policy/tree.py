"""The located tree that an agreement file is read into: text, lists and maps, each knowing its line and column.

Every scalar is text. What the text means is settled by the form that reads it, so that NO is Norway, `on` is a word
and 22:00 is a time of day. Lines and columns count from 1.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from comity.policy.saying import sentence


@dataclass(frozen=True, slots=True)
class Scalar:
    """A piece of text."""

    text: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple["Node", ...]
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Mapping:
    """A map: keys with their values, in the order of the file, no key twice."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    line: int = 0
    column: int = 0


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place in a file, and how to mend it; both are sentences without their full stop."""

    line: int
    column: int
    what: str
    mend: str

    def at(self, name: str) -> str:
        """Give the one line that reports the problem in the file called `name`."""
        return sentence("{place}: {what}. Mend: {mend}.", place=f"{name}:{self.line}:{self.column}", what=self.what,
                        mend=self.mend)  # fmt: skip


def kind(node: Node) -> str:
    """Name what a node is, for an error message."""
    match node:
        case Scalar(text=""):
            return sentence("empty")
        case Scalar(text=text):
            return sentence("the text “{text}”", text=text if len(text) <= SHOWN else text[:SHOWN] + "…")
        case Sequence():
            return sentence("a list")
        case Mapping():
            return sentence("a map")


SHOWN = 40
MOST_NAMED = 12


def closest(word: str, words: Iterable[str]) -> str | None:
    """Give the known word that a mistyped one is nearest to, None when none is near."""
    folded = {one.casefold(): one for one in words}
    close = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def nearest(word: str, words: Iterable[str]) -> str:
    """Give the mend for a word that is not known: the nearest known one, or all of them."""
    known = sorted(words)
    close = closest(word, known)
    if close is not None:
        return sentence("write “{close}” if that was meant", close=close)
    if not known:
        return sentence("take it out")
    shown = ", ".join(known[:MOST_NAMED]) + (", …" if len(known) > MOST_NAMED else "")
    return sentence("write one of: {listed}", listed=shown)
