"""What tables and labelled lines say: who stands how to what, by the headings of row and column.

“Grenada | Party since 2024” under “Budapest Convention”; “UN Convention against Cybercrime: signed” under “Jamaica”. A
cell is taken only where both its state and its instrument are named, each alone, by row, column, heading or document.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from comity.claims.cells import Standing, of_column, standings, under
from comity.claims.gazetteer import Mention, What
from comity.claims.register import Nature, PartyKind, Register
from comity.claims.sentences import Block, Document, Kind
from comity.claims.statements import Named, Sense, Statement
from comity.claims.words import bag

_LABELLED: Final = re.compile(r"([^:–—\n]{3,90}?)\s*(?::|\s[–—-]\s)\s*(\S[^\n]{2,120})$", re.DOTALL)
_LEFT_OUT: Final = re.compile(r"\[[^\]\n]{1,24}\]|[*†‡§¹²³⁴⁵⁶⁷⁸⁹⁰()\d.,]")
_STATUS: Final = bag("status standing position participation stand")
_SMALL: Final = bag("the of and in status kingdom republic state federal islamic bolivarian plurinational democratic")


@dataclass(frozen=True, slots=True)
class _Cell:
    """A stretch of a row and what it names alone."""

    start: int
    end: int
    text: str
    state: Named | None
    thing: Named | None


class Tables:
    """The tables and labelled lines of one document."""

    def __init__(
        self, document: Document, mentions: Sequence[Mention], register: Register, topic: Named | None
    ) -> None:
        """Take the document with its names."""
        self._document = document
        self._mentions = mentions
        self._register = register
        self._topic = topic

    def statements(self) -> Iterator[Statement]:
        """Give what all of them say."""
        rows: list[list[_Cell]] = []
        headed = _Cell(0, 0, "", None, None)
        for block in self._document.blocks:
            if block.kind is Kind.ROW:
                rows.append(list(self._cells(block)))
                continue
            yield from self._table(rows, headed)
            rows = []
            if block.kind is Kind.HEADING or self._document.text[block.start : block.end].rstrip().endswith(":"):
                headed = self._heading(block, headed)
            else:
                yield from self._labelled(block, headed)
                headed = self._told_last(block, headed)
        yield from self._table(rows, headed)

    # What cells name

    def _cells(self, block: Block) -> Iterator[_Cell]:
        row = self._document.text[block.start : block.end]
        barred = row.lstrip().startswith("|")
        pieces = (row.strip().removeprefix("|").removesuffix("|") if barred else row).split("|")
        at = block.start + (row.index("|") + 1 if barred else 0)
        for piece in pieces:
            yield self._cell(at, at + len(piece))
            at += len(piece) + 1

    def _cell(self, start: int, end: int) -> _Cell:
        text = self._document.text[start:end]
        here = [one for one in self._mentions if start <= one.start and one.end <= end]
        whole = here[0] if len(here) == 1 and self._alone(text, here[0], start) else None
        state = self._state(whole) if whole is not None else None
        things = {one.ref: one for one in here if self._thing(one) is not None}
        thing = self._thing(next(iter(things.values()))) if len(things) == 1 else None
        return _Cell(start, end, text.strip(), state, thing)

    def _alone(self, text: str, mention: Mention, start: int) -> bool:
        rest = text[: mention.start - start] + " " + text[mention.end - start :]
        return not set(_LEFT_OUT.sub(" ", rest).lower().split()) - _SMALL

    def _state(self, mention: Mention) -> Named | None:
        known = self._register.party_by.get(mention.ref)
        is_state = mention.what is What.PARTY and (known is None or known.kind is PartyKind.STATE)
        return Named(mention.ref, known.name if known else mention.text, is_party=True) if is_state else None

    def _thing(self, mention: Mention) -> Named | None:
        if mention.what is What.PARTY:
            body = self._register.party_by.get(mention.ref)
            is_body = body is not None and body.kind is not PartyKind.STATE
            return Named(mention.ref, body.name, is_party=True, nature=Nature.BODY) if body and is_body else None
        known = self._register.thing_by.get(mention.ref) if mention.what is What.THING else None
        return Named(known.slug, known.name, nature=known.nature) if known is not None else None

    def _told_last(self, block: Block, before: _Cell) -> _Cell:
        """Let a paragraph that names one instrument alone be the heading of a table that no heading names one for."""
        cell = self._cell(block.start, block.end)
        return before if before.thing is not None or cell.thing is None else replace(before, thing=cell.thing)

    def _heading(self, block: Block, before: _Cell) -> _Cell:
        """Take a heading; one that names a state alone stays under a heading that names an instrument, and so on."""
        cell = self._cell(block.start, block.end)
        states = {one.ref: one for one in self._mentions
                  if block.start <= one.start and one.end <= block.end and self._state(one) is not None}  # fmt: skip
        state = self._state(next(iter(states.values()))) if len(states) == 1 else None
        thing = cell.thing if cell.thing is not None and not cell.thing.is_party else None
        if state is None and thing is None:
            return before  # “Treaties” under “Grenada”: it is still about Grenada
        return _Cell(cell.start, cell.end, cell.text, state or before.state, thing)

    # Tables

    def _table(self, rows: Sequence[Sequence[_Cell]], headed: _Cell) -> Iterator[Statement]:
        if not rows:
            return
        captions = [row[0].state for row in rows if len(row) == 1 and row[0].state is not None]
        whose = captions[0] if len(captions) == 1 else headed.state or self._topic
        head = next((row for row in rows if len(row) > 1), rows[0])
        for row in rows:
            if len(row) < _LEAST:
                continue
            if row[0].state is not None and row is not head:
                yield from self._of_a_state(row, head, headed)
            elif row[0].thing is not None:
                yield from self._of_a_thing(row, head, whose)

    def _of_a_state(self, row: Sequence[_Cell], head: Sequence[_Cell], headed: _Cell) -> Iterator[Statement]:
        """Read a row that begins with a state, by what stands above each of its cells."""
        named = any(one.thing is not None for one in head[1:])
        for cell, above in zip(row[1:], head[1:], strict=False):
            thing = above.thing or (headed.thing if not named else None)
            act_for = of_column(above.text)
            if act_for is None and not named and above.text.lower() not in _STATUS:
                continue  # the instrument is that of the text before, and the heading says of nothing how it stands
            said = under(act_for, cell.text) if act_for is not None else standings(cell.text)
            if thing is not None and row[0].state is not None:
                yield from self._say(row[0].state, thing, said, cell, (row[0].start, row[-1].end))

    def _of_a_thing(self, row: Sequence[_Cell], head: Sequence[_Cell], whose: Named | None) -> Iterator[Statement]:
        """Read a row that begins with an instrument: under states, or of the one state that the table is about."""
        across = [one.state for one in head[1:]] if row is not head else []
        thing = row[0].thing
        for place, cell in enumerate(row[1:]):
            above = across[place] if place < len(across) else None
            act_for = of_column(head[place + 1].text) if row is not head and place + 1 < len(head) else None
            state = above if any(across) else whose
            said = under(act_for, cell.text) if act_for is not None else standings(cell.text)
            if state is not None and thing is not None:
                yield from self._say(state, thing, said, cell, (row[0].start, row[-1].end))

    # Labelled lines

    def _labelled(self, block: Block, headed: _Cell) -> Iterator[Statement]:
        """Read “Budapest Convention: party since 2013” and “Jamaica – signed 25 October 2025”."""
        text = self._document.text[block.start : block.end]
        found = _LABELLED.fullmatch(text)
        if found is None:
            return
        label = self._cell(block.start, block.start + found.end(1))
        value = _Cell(block.start + found.start(2), block.start + found.end(2), found.group(2), None, None)
        said = standings(value.text.rstrip("."))
        if label.state is not None and headed.thing is not None:
            yield from self._say(label.state, headed.thing, said, value, (block.start, block.end))
        elif label.thing is not None and self._names_only(label):
            whose = headed.state or self._topic
            if whose is not None:
                yield from self._say(whose, label.thing, said, value, (block.start, block.end))

    def _names_only(self, label: _Cell) -> bool:
        here = [one for one in self._mentions if label.start <= one.start and one.end <= label.end]
        return len(here) == 1 and self._alone(self._document.text[label.start : label.end], here[0], label.start)

    def _say(
        self, state: Named, thing: Named, said: Sequence[Standing], cell: _Cell, span: tuple[int, int]
    ) -> Iterator[Statement]:
        start, end = span
        text = self._document.text
        start, end = start + len(text[start:end]) - len(text[start:end].lstrip()), start + len(text[start:end].rstrip())
        at = cell.start + len(text[cell.start : cell.end]) - len(text[cell.start : cell.end].lstrip())
        for one in said:
            act = one.act_for(thing.nature)
            sense = Sense.DENIED if one.negated else Sense.STATED
            if act is not None:
                yield Statement(act, state, thing, sense, start, end, at, at + len(cell.text), text[start:end],
                                when=one.when, negated=one.negated)  # fmt: skip


_LEAST: Final = 2
"""Cells of a row that says something: what it is about, and what is so."""
