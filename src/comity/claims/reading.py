"""Bytes of a document to text with blocks: plain text, Markdown, HTML, PDF, DOCX.

Offsets are into the text that is read. For plain text and Markdown that is the file's own text, character for
character: marks of Markdown are blanked, never taken out. For HTML, PDF and DOCX it is the text that a reader sees,
which comes with the result. What reads each form is loaded when it is needed.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from typing import Final

from comity.claims.sentences import Block, Document, Kind


class Form(StrEnum):
    """How a document is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"


class Unreadable(Exception):
    """A document cannot be read; the message says why, without a full stop."""


_BY_NAME: Final = {
    "txt": Form.TEXT,
    "text": Form.TEXT,
    "md": Form.MARKDOWN,
    "markdown": Form.MARKDOWN,
    "html": Form.HTML,
    "htm": Form.HTML,
    "xhtml": Form.HTML,
    "pdf": Form.PDF,
    "docx": Form.DOCX,
}
_READERS: Final = {
    Form.MARKDOWN: "comity.claims.reading_markdown",
    Form.HTML: "comity.claims.reading_html",
    Form.PDF: "comity.claims.reading_pdf",
    Form.DOCX: "comity.claims.reading_docx",
}
_HTML: Final = re.compile(
    rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html|head|body|article)\b", re.IGNORECASE | re.DOTALL
)


def form_of(name: str, content: bytes) -> Form:
    """Tell a document's form by its first bytes, else by its name; plain text where neither says."""
    if content.startswith(b"%PDF-"):
        return Form.PDF
    if content.startswith(b"PK\x03\x04"):
        return Form.DOCX
    if _HTML.match(content[:2000]):
        return Form.HTML
    return _BY_NAME.get(name.rpartition(".")[2].lower(), Form.TEXT)


def read(name: str, content: bytes) -> Document:
    """Read a document; Unreadable says what is wrong with it."""
    form = form_of(name, content)
    if form is Form.TEXT:
        return of_text(decoded(content))
    document: Document = import_module(_READERS[form]).read(content)
    return document


def decoded(content: bytes) -> str:
    """Read bytes as UTF-8, or as UTF-16 where they begin with its mark."""
    coding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = content.decode(coding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(f"line {line} is not UTF-8 text") from error
    if "\0" in text:
        raise Unreadable("it is no text, and neither HTML, PDF nor DOCX")
    return text


# Plain text

_LINE: Final = re.compile(r"[^\n]*\n?")
_REPLIED: Final = re.compile(r"^(?:[ \t]*>)+(?=[ \n]|$)", re.MULTILINE)
"""What stands before the lines of an e-mail that another one answers."""
_BULLET: Final = re.compile(r"\s*(?:[-*•–▪◦]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+")
_ENDS: Final = re.compile(r"[.!?:;,…][”’\"')\]]*\s*$")
_LABEL: Final = re.compile(r"\s*[A-Z][^:\n.]{1,60}:\s+\S")
_LINE_OF_A_LIST: Final = 110
_SHORT: Final = 70


def of_text(text: str) -> Document:
    """Cut plain text into paragraphs, items and headings; lines that only wrap stay together."""
    plain = _REPLIED.sub(lambda marks: " " * len(marks.group()), text)
    return Document(plain, tuple(_blocks(plain)))


def _blocks(text: str) -> Iterator[Block]:
    start, kind, last = -1, Kind.PARAGRAPH, ""
    for found in _LINE.finditer(text):
        line = found.group()
        bullet = _BULLET.match(line)
        if start >= 0 and (not line.strip() or bullet or _parts(last, line)):
            yield _block(text, start, found.start(), kind)
            start = -1
        if line.strip() and start < 0:
            start = found.start() + (bullet.end() if bullet else 0)
            kind = Kind.ITEM if bullet else Kind.PARAGRAPH
        last = line
    if start >= 0:
        yield _block(text, start, len(text), kind)


def _parts(last: str, line: str) -> bool:
    """Tell whether a short line without a stop is a heading of what follows, or a stop ends a paragraph of one line."""
    opens = line.strip()[:1].isupper() or not line.strip()[:1].isalpha()
    if _LABEL.match(line) and (_LABEL.match(last) or not _ENDS.search(last)) and len(last) < _LINE_OF_A_LIST:
        return bool(last.strip())
    heading = len(last.rstrip()) < _SHORT and not _ENDS.search(last) and opens and len(line.strip()) > len(last.strip())
    return heading and bool(last.strip())


def _block(text: str, start: int, end: int, kind: Kind) -> Block:
    said = text[start:end].rstrip()
    if kind is Kind.PARAGRAPH and "\n" not in said and len(said) < _SHORT and not _ENDS.search(said):
        kind = Kind.ITEM if _LABEL.match(said) else Kind.HEADING
    return Block(start, start + len(said), kind)


class Builder:
    """Text that is put together piece by piece, for forms whose bytes are no text."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._text: list[str] = []
        self._size = 0
        self._blocks: list[Block] = []

    def add(self, said: str, kind: Kind = Kind.PARAGRAPH) -> None:
        """Add a block, its white space made plain; nothing where it has no words."""
        plain = " ".join(said.split())
        if plain:
            self._blocks.append(Block(self._size, self._size + len(plain), kind))
            self._text.append(plain + "\n\n")
            self._size += len(plain) + 2

    def row(self, cells: list[str]) -> None:
        """Add a table's row."""
        self.add(" | ".join(" ".join(cell.split()) for cell in cells), Kind.ROW)

    def document(self) -> Document:
        """Give what was put together."""
        return Document("".join(self._text), tuple(self._blocks))
