"""Text as blocks and sentences, each with its offsets in characters of the whole text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a block of text is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text [start, end) that no sentence crosses; `cells` are the stretches of a table's row."""

    start: int
    end: int
    kind: Kind = Kind.PARAGRAPH
    cells: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document's text and its blocks in reading order. Offsets everywhere are into `text`."""

    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence [start, end) and the block that it stands in."""

    start: int
    end: int
    text: str
    block: Block


_END = re.compile(r"[.!?…]+[”’\"')\]]*(?:\[[^\[\]\n]{1,24}\])*(?=\s|$)|\n\s*\n")
"""A stop, with the quotes that close after it and the marks of notes: “… in 2022.[3][citation needed]”."""
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Hon|St|Ste|Mt|No|Nos|Art|Arts|para|paras|vs|cf|e\.g|i\.e|etc|approx|Inc|"
    r"Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Vol|pp|ed|eds|Res)|\b[A-Z]|\b(?:[A-Za-z]\.)+[A-Za-z])\.$"
)
_LIKELY_START = re.compile(r"\s+[“\u2018\"'(\[]*[A-Z0-9•–-]")


def sentences(document: Document) -> Iterator[Sentence]:
    """Give the sentences of every block in order."""
    for block in document.blocks:
        yield from _split(document.text, block)


def _split(text: str, block: Block) -> Iterator[Sentence]:
    start = block.start
    for found in _END.finditer(text, block.start, block.end):
        if not _ends(text, start, found, block.end):
            continue
        yield from _sentence(text, start, found.end(), block)
        start = found.end()
    yield from _sentence(text, start, block.end, block)


def _ends(text: str, start: int, found: re.Match[str], end: int) -> bool:
    if found.group().isspace() or found.end() >= end:
        return True
    if found.group()[0] == "." and found.group().split("[")[0] == ".":
        before = text[start : found.start() + 1]
        abbreviated = _ABBREVIATION.search(before)
        if abbreviated and not _closes_an_acronym(abbreviated.group(), text[found.end() : end]):
            return False
    return _LIKELY_START.match(text, found.end(), end) is not None


_OPENERS = re.compile(
    r"\s+(?:The|It|This|That|These|Those|In|On|But|However|They|He|She|We|A|An|As|Its|At|After|While|By|For)\b"
)


def _closes_an_acronym(found: str, after: str) -> bool:
    """Tell whether an abbreviation such as U.S. ends its sentence too: a word follows that opens sentences."""
    return found.count(".") > 1 and found not in {"e.g.", "i.e."} and _OPENERS.match(after) is not None


def _sentence(text: str, start: int, end: int, block: Block) -> Iterator[Sentence]:
    said = text[start:end]
    stripped = said.strip()
    if stripped:
        first = start + len(said) - len(said.lstrip())
        yield Sentence(first, first + len(stripped), stripped, block)
