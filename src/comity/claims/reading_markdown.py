"""Markdown to text of the same length: marks are blanked, so that offsets are those of the file."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from comity.claims.reading import decoded
from comity.claims.sentences import Block, Document, Kind

_INLINE: Final = (
    re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)"),  # a picture
    re.compile(r"\]\([^)\n]*\)|\]\[[^\]\n]*\]"),  # where a link goes
    re.compile(r"</?[a-zA-Z][^>\n]*>|<https?://[^>\n]*>"),
    re.compile(r"\[\^[^\]\n]+\]:?"),  # a note
    re.compile(r"(?<!\\)[*`~]+|\[(?=[^\]\n]*$)|(?<![\w\\])_+|_+(?!\w)", re.MULTILINE),
)
_OPENING: Final = re.compile(r"^[ \t]*(?:(?:#{1,6}|>|[-*+]|\d{1,3}[.)])[ \t]+)+", re.MULTILINE)
_KINDS: Final = {"heading_open": Kind.HEADING, "list_item_open": Kind.ITEM, "tr_open": Kind.ROW}


def read(content: bytes) -> Document:
    """Read Markdown as CommonMark with tables; code blocks are left out."""
    text = decoded(content)
    parsed = MarkdownIt("commonmark").enable("table").parse(text.replace("\r", " "))
    blocks = tuple(_blocks(text, parsed))
    return Document(_blanked(text), blocks)


def _blanked(text: str) -> str:
    for marks in (_OPENING, *_INLINE):
        text = marks.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    return re.sub(r"\[|\]", " ", text)


def _blocks(text: str, parsed: Sequence[Token]) -> Iterator[Block]:
    lines = [0]
    for line in text.split("\n"):
        lines.append(lines[-1] + len(line) + 1)
    around: list[str] = []
    rows = set[int]()
    for token in parsed:
        if token.nesting == 1:
            around.append(token.type)
        elif token.nesting == -1:
            around.pop()
        elif token.type == "inline" and token.map:
            kind = next((_KINDS[one] for one in reversed(around) if one in _KINDS), Kind.PARAGRAPH)
            if kind is Kind.ROW and token.map[0] in rows:
                continue
            rows.add(token.map[0])
            end = min(lines[min(token.map[1], len(lines) - 1)], len(text))
            yield Block(lines[token.map[0]], end, kind)
