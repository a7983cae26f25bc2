"""One text in five forms; files that cannot be read."""

from io import BytesIO

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.claims.finding import statements
from comity.claims.reading import Form, Unreadable, form_of, read
from comity.claims.sentences import Document, Kind, sentences
from tests.claims.lines import line, register

EXPECTED = [
    "stated | GH | signed | un-cybercrime",
    "denied | KE | signed | budapest",
    "stated | JM | signed | un-cybercrime",
]
HTML = b"""<!doctype html><title>Kenya signed the Paris Call.</title>
<nav><p>Kenya signed the Paris Call.</p></nav>
<article><h1>News</h1>
<p>Ghana has <b>signed</b> the UN&nbsp;Convention <!-- not --> against Cybercrime.</p>
<script>Kenya signed the Paris Call.</script><table><tr><td>Kenya</td><td>signed</td></tr></table>
<ul><li>Kenya has not signed the Budapest Convention.</li></ul>
Jamaica <em>signed the Hanoi Convention</em>.</article>"""
MARKDOWN = b"""# News

Ghana has **signed** the [UN Convention against Cybercrime](https://example.org/x_y_z "t").

| State | What |
|---|---|
| Kenya | signed |

* Kenya has _not_ signed the Budapest Convention.

```
Kenya signed the Paris Call.
```
> Jamaica signed the Hanoi Convention.
"""


def said(document: Document) -> list[str]:
    return [line(one) for one in statements(document, register())]


def word() -> bytes:
    made = docx.Document()
    made.add_heading("News")
    made.add_paragraph("Ghana has signed the UN Convention against Cybercrime.")
    made.add_table(1, 2).rows[0].cells[0].text = "Kenya"
    made.add_paragraph("Kenya has not signed the Budapest Convention.", style="List Bullet")
    made.add_paragraph("Jamaica signed the Hanoi Convention.")
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def pdf(*lines: str) -> bytes:
    """Write a PDF by hand, as PDF 1.4 §3.4 lays a file out; a line “---” begins another page."""
    pages = [part.split("\n") for part in "\n".join(lines).split("\n---\n")]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    bodies = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, page in enumerate(pages):
        shown = " T* ".join(f"({line}) Tj" for line in page)
        stream = f"BT /F1 12 Tf 14 TL 50 700 Td {shown} ET"
        box = "/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>"
        bodies += [
            f"<</Type/Page/Parent 2 0 R{box}/Contents {5 + 2 * number} 0 R>>",
            f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream",
        ]
    content, places = "%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(content)
    content += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}"
    return (content + f"trailer<</Size {len(bodies) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").encode("latin-1")


def test_html_is_read_as_a_reader_sees_it() -> None:
    assert said(read("a.html", HTML)) == EXPECTED


def test_markdown_is_read_with_the_offsets_of_the_file() -> None:
    document = read("a.md", MARKDOWN)
    assert said(document) == EXPECTED
    assert len(document.text) == len(MARKDOWN.decode())
    first = statements(document, register())[0]
    assert MARKDOWN.decode()[first.start : first.end].startswith("Ghana has **signed** the [UN Convention")


def test_a_word_document_is_read() -> None:
    assert said(read("a.docx", word())) == EXPECTED


def test_a_pdf_is_read_and_words_parted_at_a_line_are_whole() -> None:
    lines = ("Ghana has signed the UN Con-", "vention against Cybercrime. Kenya has not signed the",
             "Budapest Convention. Jamaica signed the Hanoi Convention.")  # fmt: skip
    assert said(read("a.pdf", pdf(*lines))) == EXPECTED


def test_heads_and_feet_of_a_pdf_part_no_sentence() -> None:
    head = "Ministry of Foreign Affairs, report of 2026"
    lines = (head, "Ghana has signed the UN Convention against Cyber-", "Page 1 of 2", "---",
             head, "crime. Kenya has not signed the", "Budapest Convention.", "Jamaica signed the Hanoi Convention.",
             "Page 2 of 2")  # fmt: skip
    assert said(read("a.pdf", pdf(*lines))) == EXPECTED


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.txt", b"caf\xe9", "line 1 is not UTF-8 text"),
        ("a.txt", b"a\0b", "neither HTML, PDF nor DOCX"),
        ("a.pdf", b"%PDF-1.4 nothing", "the PDF is broken"),
        ("a.pdf", pdf(""), "holds no text"),
        ("a.docx", b"PK\x03\x04 nothing", "no Word document"),
    ],
)
def test_what_cannot_be_read_says_so(name: str, content: bytes, what: str) -> None:
    with pytest.raises(Unreadable, match=what):
        read(name, content)


def test_a_form_is_told_by_the_bytes_before_the_name() -> None:
    assert form_of("a.txt", b"%PDF-1.7") is Form.PDF
    assert form_of("a", b"<!DOCTYPE html><p>x") is Form.HTML
    assert form_of("notes.md", b"# x") is Form.MARKDOWN
    assert form_of("notes", b"plain") is Form.TEXT


def test_headings_items_and_wrapped_lines_are_told_apart() -> None:
    text = "Background\nKenya has signed the Budapest\nConvention in this story.\n\n- one item\n- another\n"
    document = read("a.txt", text.encode())
    assert [block.kind for block in document.blocks] == [Kind.HEADING, Kind.PARAGRAPH, Kind.ITEM, Kind.ITEM]


def test_abbreviations_end_no_sentence() -> None:
    document = read("a.txt", b"The U.S. signed it. Dr. Smith of St. Lucia left the U.S. The rest stayed, e.g. Kenya.")
    assert [one.text for one in sentences(document)] == [
        "The U.S. signed it.", "Dr. Smith of St. Lucia left the U.S.", "The rest stayed, e.g. Kenya.",
    ]  # fmt: skip


@given(st.text(max_size=400))
def test_any_text_is_cut_into_sentences_that_stand_where_they_say(text: str) -> None:
    document = read("a.txt", text.replace("\0", "").encode("utf-8", errors="ignore"))
    for one in sentences(document):
        assert document.text[one.start : one.end] == one.text


PIECES = (
    "Kenya,Ghana,the Budapest Convention,signed,ratified,is,was,not,a party to,and,or,which,that,it,the country,by,in,"
    "2019,with,an MoU,including,such as,has,to,said,if,“,”,(,),:,;,.,?,’s,these,include,neither,nor,CMM,hosted,the,of,"
    "developed,joined,strategy,adopted,none"
)


@given(st.lists(st.sampled_from(PIECES.split(",")), max_size=25))
def test_no_order_of_words_breaks_the_reading(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for one in statements(read("a.txt", text.encode()), register()):
        assert 0 <= one.start <= one.at < one.until <= one.end <= len(text)
