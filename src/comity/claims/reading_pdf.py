"""PDF to text: the words of its pages, lines joined, words that were parted at a line's end made whole."""

import re
from io import BytesIO
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from comity.claims.reading import Builder, Unreadable, of_text
from comity.claims.sentences import Document

_PARTED: Final = re.compile(r"(\w)[-\u00ad]\n(?=[a-z])")
_MOST_PAGES: Final = 2000


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
    text = _PARTED.sub(r"\1", "\n".join(pages))
    if not text.strip():
        raise Unreadable("the PDF holds no text, only pictures")
    built, plain = Builder(), of_text(text)
    for block in plain.blocks:
        built.add(plain.text[block.start : block.end], block.kind)
    return built.document()
