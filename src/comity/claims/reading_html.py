"""HTML to text: what a reader sees of the article, block by block."""

from html.parser import HTMLParser
from typing import Final

from comity.claims.reading import Builder, decoded
from comity.claims.sentences import Document, Kind
from comity.claims.words import bag

_HIDDEN: Final = bag("title script style nav footer aside form button select svg noscript template head iframe object")
_BLOCKS: Final = bag(
    "p div section article main header ul ol li blockquote pre table figure figcaption dl dt dd hr br address"
)
_HEADINGS: Final = bag("h1 h2 h3 h4 h5 h6")
_VOID: Final = bag("area base br col embed hr img input link meta source track wbr")


def read(content: bytes) -> Document:
    """Read HTML; what is hidden, navigates or decorates is left out."""
    parser = _Reader()
    parser.feed(decoded(content))
    parser.close()
    return parser.finish()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = Builder()
        self._said: list[str] = []
        self._kind = Kind.PARAGRAPH
        self._hidden: list[str] = []
        self._cells: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        hidden = tag in _HIDDEN or "hidden" in given or given.get("aria-hidden") == "true"
        if (hidden or self._hidden) and tag not in _VOID:
            if hidden or tag in self._hidden:
                self._hidden.append(tag)
            return
        if tag == "tr":
            self._flush()
            self._cells = []
        elif tag in {"td", "th"} and self._cells is not None:
            self._said = []
        elif tag == "br" and self._cells is None:
            self._said.append("\n")
        elif (tag in _BLOCKS or tag in _HEADINGS) and self._cells is None:
            self._flush()
            self._kind = Kind.HEADING if tag in _HEADINGS else Kind.ITEM if tag == "li" else Kind.PARAGRAPH

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag in self._hidden:
                while self._hidden.pop() != tag:
                    pass
            return
        if tag in {"td", "th"} and self._cells is not None:
            self._cells.append("".join(self._said))
            self._said = []
        elif tag == "tr" and self._cells is not None:
            self._builder.row(self._cells)
            self._cells = None
        elif (tag in _BLOCKS or tag in _HEADINGS) and self._cells is None:
            self._flush()
            self._kind = Kind.PARAGRAPH

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._said.append(data)

    def _flush(self) -> None:
        self._builder.add("".join(self._said), self._kind)
        self._said = []

    def finish(self) -> Document:
        """Give the document; what was left open is closed."""
        self._flush()
        return self._builder.document()
