"""DOCX to text: paragraphs, headings, list items and the rows of tables in the order of the document."""

from io import BytesIO
from zipfile import BadZipFile

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph

from comity.claims.reading import Builder, Unreadable
from comity.claims.sentences import Document, Kind


def read(content: bytes) -> Document:
    """Read a Word document; Unreadable where it is none."""
    try:
        opened = docx.Document(BytesIO(content))
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise Unreadable("it is no Word document") from error
    built = Builder()
    for part in opened.iter_inner_content():
        if isinstance(part, Table):
            for row in part.rows:
                built.row([cell.text for cell in row.cells])
        elif isinstance(part, Paragraph):
            built.add(part.text, _kind(part))
    return built.document()


def _kind(paragraph: Paragraph) -> Kind:
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if style.startswith(("Heading", "Title")):
        return Kind.HEADING
    return Kind.ITEM if style.startswith("List") else Kind.PARAGRAPH
