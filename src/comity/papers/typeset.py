"""A paper of plain blocks as a tagged PDF (PDF/UA-1), typeset by typst: no block is ever read as markup.

The whole paper goes to one fixed sheet as data. The fonts are those that typst brings along: a paper is the same on
every machine.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import typst


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a paper, of level 1 or 2."""

    says: str
    level: int = 1
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; `aside` is set smaller, `notice` in a box."""

    says: str
    how: str = ""
    kind: str = "words"


@dataclass(frozen=True, slots=True)
class Lines:
    """A list."""

    items: Sequence[str]
    kind: str = "lines"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns’ headings, shares of the width, and rows of text; a line break in a cell stays one.

    Columns in `numbers` are set to the right; rows in `strong` stand out.
    """

    head: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()
    strong: Sequence[int] = ()
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG picture with the words that stand for it, as wide as a share of the page."""

    svg: str
    alt: str
    width: float = 1.0
    kind: str = "picture"


Block = Heading | Words | Lines | Table | Picture


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: title, whose it is, facts below the title, what each page says at its foot, and its blocks."""

    title: str
    author: str
    language: str
    at: datetime
    facts: Sequence[str]
    foot: str
    blocks: Sequence[Block]
    flag: str = ""
    """What stands in a bar on top of every page, such as that all of it is an exercise."""


def pdf(paper: Paper) -> bytes:
    """Typeset a paper by ISO 14289-1: every part is tagged, pictures have words in their place."""
    told = {"title": paper.title, "author": paper.author, "language": paper.language, "facts": list(paper.facts),
            "foot": paper.foot, "flag": paper.flag, "day": [paper.at.year, paper.at.month, paper.at.day],
            "blocks": [asdict(block) for block in paper.blocks]}  # fmt: skip
    return typst.compile(
        _SHEET.encode(), sys_inputs={"paper": json.dumps(told, ensure_ascii=False)}, format="pdf",
        pdf_standards="ua-1", ignore_system_fonts=True, timestamp=int(paper.at.timestamp()),
    )  # fmt: skip


_SHEET: Final = """
#let paper = json(bytes(sys.inputs.paper))
#let soft = rgb("#4e5a5f")
#let lines(said) = said.split("\\n").map(one => [#one]).join(linebreak())
#set document(title: paper.title, author: paper.author, date: datetime(
  year: paper.day.at(0), month: paper.day.at(1), day: paper.day.at(2)))
#set text(lang: paper.language, size: 10pt, fill: rgb("#1b2428"), hyphenate: true)
#set par(leading: 0.55em, spacing: 0.8em)
#set page(paper: "a4", margin: (x: 2cm, top: 2.2cm, bottom: 2cm),
  header: if paper.flag != "" { block(fill: rgb("#8a1c1c"), inset: 5pt, width: 100%,
    text(fill: white, weight: "bold", size: 9pt, paper.flag)) },
  footer: context text(size: 8pt, fill: soft, [#paper.foot #h(1fr) #counter(page).display("1 / 1", both: true)]))
#show heading: it => block(above: 1.5em, below: 0.7em, text(fill: rgb("#0b5563"), it.body))
#show heading.where(level: 1): set text(size: 13pt)
#show heading.where(level: 2): set text(size: 11pt)
#show title: set text(size: 20pt, fill: rgb("#0b5563"))
#title[#paper.title]
#if paper.facts.len() > 0 { text(fill: soft, paper.facts.join(" · ")) }

#for one in paper.blocks {
  if one.kind == "heading" { heading(level: one.level, outlined: true, one.says) }
  else if one.kind == "words" {
    if one.how == "notice" { block(stroke: (left: 3pt + rgb("#0b5563")), inset: (left: 8pt, y: 4pt), lines(one.says)) }
    else if one.how == "aside" { par(text(size: 9pt, fill: soft, lines(one.says))) }
    else { par(lines(one.says)) }
  }
  else if one.kind == "lines" { list(..one.items.map(lines)) }
  else if one.kind == "picture" {
    block(above: 1em, below: 1em, width: 100%, align(center,
      image(bytes(one.svg), format: "svg", alt: one.alt, width: one.width * 100%)))
  }
  else if one.kind == "table" {
    set text(size: 9pt)
    set par(justify: false)
    table(
      columns: one.widths.map(share => share * 1fr), inset: (x: 4pt, y: 4pt),
      stroke: (_, _) => (bottom: 0.5pt + rgb("#c9c5b8")),
      align: (column, row) => if one.numbers.contains(column) { right } else { left },
      table.header(..one.head.map(said => text(weight: "bold", fill: soft, said))),
      ..one.rows.enumerate().map(((place, row)) => row.map(said =>
        if one.strong.contains(place) { strong(lines(said)) } else { lines(said) })).flatten(),
    )
  }
}
"""
