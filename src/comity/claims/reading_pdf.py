"""PDF to text: the words of its pages, lines joined, words that were parted at a line's end made whole."""

import re
from collections import Counter
from collections.abc import Container, Sequence
from io import BytesIO
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from comity.claims.reading import Builder, Unreadable, of_text
from comity.claims.sentences import Document

_PARTED: Final = re.compile(r"(\w)[-\u00ad]\n(?=[a-z])")
_NUMBERS: Final = re.compile(r"\d+")
_EDGE: Final = 3
"""How many lines at the head and at the foot of a page may be running ones."""
_MOST_PAGES: Final = 2000


def _without_running_lines(pages: Sequence[str]) -> list[str]:
    """Leave out the heads and feet that every page repeats, but for their numbers: they stand amid a sentence."""
    cut = [page.strip("\n").split("\n") for page in pages]
    seen = Counter(line for lines in cut for line in {_numberless(one) for one in (*lines[:_EDGE], *lines[-_EDGE:])})
    running = {line for line, times in seen.items() if line and times > 1 and 2 * times >= len(pages)}
    return ["\n".join(_inner(lines, running)) for lines in cut]


def _inner(lines: Sequence[str], running: Container[str]) -> list[str]:
    last = len(lines) - _EDGE
    return [line for place, line in enumerate(lines)
            if not ((place < _EDGE or place >= last) and _numberless(line) in running)]  # fmt: skip


def _numberless(line: str) -> str:
    return _NUMBERS.sub("#", " ".join(line.split()))


def read(content: bytes) -> Document:
    """Read a PDF; Unreadable where it is broken, locked or holds pictures alone."""
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("the PDF is locked with a password")
        if len(reader.pages) > _MOST_PAGES:
            raise Unreadable(f"the PDF has more than {_MOST_PAGES} pages")
        pages = [page.extract_text() for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, RecursionError) as error:
        raise Unreadable("the PDF is broken") from error
    text = _PARTED.sub(r"\1", "\n".join(_without_running_lines(pages)))
    if not text.strip():
        raise Unreadable("the PDF holds no text, only pictures")
    built, plain = Builder(), of_text(text)
    for block in plain.blocks:
        built.add(plain.text[block.start : block.end], block.kind)
    return built.document()
