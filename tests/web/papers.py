"""A paper that a page gives: held to what PDF/UA asks for, and read as text."""

import io

from django.test import Client
from pypdf import PdfReader


def read(content: bytes) -> tuple[str, str]:
    """Give the language and the words of a tagged PDF with a title, the words of its lines joined by blanks."""
    found = PdfReader(io.BytesIO(content))
    root = found.root_object
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()  # type: ignore[union-attr]
    assert found.metadata is not None
    assert found.metadata.title
    return str(root["/Lang"]), " ".join(" ".join(page.extract_text() for page in found.pages).split())


def paper(client: Client, address: str) -> str:
    """Ask for a paper and give its words."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return read(answer.content)[1]
