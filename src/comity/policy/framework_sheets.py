"""A framework as the sheets of a workbook, each a list of rows of text, and such sheets as the tree of a framework.

Every text has a column for each language: `name`, and `name (es)` for a translation. A cell’s place is kept as a line
and column of the tree; `cell_of` tells it as people do (`Indicators!C5`).
"""

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence as Rows
from typing import Final

from comity.policy.frameworks import Aspect, Framework, Part, Text
from comity.policy.losses import Losses, Taken
from comity.policy.saying import sentence
from comity.policy.tree import Mapping, Node, Problem, Scalar, Sequence

SHEETS: Final = ("Framework", "Stages", "Parts", "Floors", "Indicators")
_EACH: Final = 10_000_000
"""How many lines of the tree stand for a sheet."""
Table = list[list[str]]


def write(framework: Framework) -> dict[str, Table]:
    """Write a framework as sheets; the first row of each names its columns."""
    return _Writer(framework).sheets()


class _Writer:
    def __init__(self, framework: Framework) -> None:
        self.of, self.own = framework, framework.language
        self.parts: list[dict[str, str]] = []
        self.floors: list[dict[str, str]] = []
        self.indicators: list[dict[str, str]] = []

    def sheets(self) -> dict[str, Table]:
        of = self.of
        facts = [("framework", of.id), ("edition", of.edition), *self.said("name", of.name).items(),
                 ("owner", of.owner), ("language", self.own), *self.said("about", of.about).items(),
                 *(("level", one) for one in of.levels), ("licence", of.licence),
                 *(("source", one) for one in of.sources)]  # fmt: skip
        stages = [{"id": one.id, **self.said("name", one.name), **self.said("means", one.means)} for one in of.stages]
        for part in of.parts:
            self.part(part, "")
        return {
            "Framework": [["key", "value"], *([key, value] for key, value in facts if value)],
            "Stages": _table(stages, ("id", "name", "means")),
            "Parts": _table(self.parts, ("id", "inside", "kind", "name", "about", "basis")),
            "Floors": _table(self.floors, ("aspect", "text")),
            "Indicators": _table(self.indicators, ("id", "aspect", "stage", "text")),
        }

    def said(self, key: str, text: Text) -> dict[str, str]:
        return {key if language == self.own else f"{key} ({language})": words for language, words in text}

    def part(self, part: Part | Aspect, inside: str) -> None:
        kind = "part" if isinstance(part, Part) else "aspect"
        row = {"id": part.id, "inside": inside, "kind": kind, **self.said("name", part.name)}
        self.parts.append(row | self.said("about", part.about))
        if isinstance(part, Part):
            for inner in part.parts:
                self.part(inner, part.id)
            return
        self.parts[-1]["basis"] = part.basis
        self.floors += [{"aspect": part.id, **self.said("text", one)} for one in part.floor]
        self.indicators += [{"id": one.id, "aspect": part.id, "stage": self.of.stages[one.stage].id,
                             **self.said("text", one.text)} for one in part.indicators]  # fmt: skip


def _table(rows: list[dict[str, str]], first: tuple[str, ...]) -> Table:
    """Lay rows out under their columns: those that are always there, each followed by its translations."""
    more = list(dict.fromkeys(key for row in rows for key in row if key not in first))
    columns = [key for one in first for key in (one, *sorted(key for key in more if key.startswith(f"{one} (")))]
    return [columns, *([row.get(key, "") for key in columns] for row in rows)]


def cell_of(line: int, column: int) -> str:
    """Say which cell a place of the tree is."""
    sheet, row = divmod(line, _EACH)
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{SHEETS[min(sheet, len(SHEETS) - 1)]}!{letters or 'A'}{max(row, 1)}"


def read(sheets: Map[str, Rows[Rows[str]]]) -> Taken:
    """Read sheets as the tree of a framework; sheets and columns that are not known are counted as lost."""
    return _Reader(sheets).taken()


_Row = dict[str, Scalar]
_TOLD: Final = re.compile(r"(name|about|means|text) \(([A-Za-z-]+)\)")
_COLUMNS: Final = {"Stages": ("id", "name", "means"), "Parts": ("id", "inside", "kind", "name", "about", "basis"),
                   "Floors": ("aspect", "text"), "Indicators": ("id", "aspect", "stage", "text")}  # fmt: skip


class _Reader:
    def __init__(self, sheets: Map[str, Rows[Rows[str]]]) -> None:
        self.sheets, self.losses = sheets, Losses()
        self.problems: list[Problem] = []
        self.own = "en"

    def taken(self) -> Taken:
        for name in self.sheets:
            if name not in SHEETS:
                self.losses.note(sentence("the sheet “{name}” is left out", name=name))
        missing = [name for name in ("Framework", "Stages", "Parts", "Indicators") if name not in self.sheets]
        if missing:
            what, mend = (
                sentence("there is no sheet “{missing}”", missing=missing[0]),
                sentence("begin with a workbook that was exported here"),
            )
            return Taken(None, problems=(Problem(1, 1, what, mend),))
        facts = self.facts()
        self.own = facts["language"][0].text if "language" in facts else "en"
        rows = {name: list(self.rows(name)) for name in SHEETS[1:]}
        once = ("framework", "edition", "owner", "language", "licence")
        entries: list[tuple[Scalar, Node]] = [
            (_at(key, values[0]), values[0]) for key, values in facts.items() if key in once
        ]
        first = {key: values[0] for key, values in facts.items()}
        for key in ("name", "about"):
            said = self.said(first, key, Scalar("", 1, 1))
            entries += [] if said is None else [(_at(key, said), said)]
        for key, many in (("level", "levels"), ("source", "sources")):
            values = facts.get(key, [])
            entries.append((Scalar(many, 1, 1), Sequence(tuple(values), 1, 1)))
        stages = Sequence(tuple(self.stage(one) for one in rows["Stages"]), _EACH + 1, 1)
        entries += [(_at("stages", stages), stages), (Scalar("parts", 2 * _EACH + 1, 1), self.parts(rows))]
        tree = None if self.problems else Mapping(tuple(entries), 1, 1)
        return Taken(tree, self.losses.lines(), tuple(self.problems))

    def wrong(self, place: Node, what: str, mend: str) -> None:
        self.problems.append(Problem(place.line, place.column, what, mend))

    def facts(self) -> dict[str, list[Scalar]]:
        found: dict[str, list[Scalar]] = {}
        known = ("framework", "edition", "name", "owner", "language", "about", "level", "licence", "source")
        for number, row in enumerate(self.sheets["Framework"], 1):
            key, value = (*row, "", "")[:2]
            if key in known or _TOLD.fullmatch(key):
                found.setdefault(key, []).append(Scalar(value, number, 2))
            elif key and key != "key":
                self.losses.note(sentence("the line “{key}” of the sheet Framework is left out", key=key))
        return found

    def rows(self, name: str) -> list[_Row]:
        """Give the rows of a sheet that are not empty, by column."""
        table, sheet = self.sheets.get(name) or [[]], SHEETS.index(name)
        heads = list(table[0])
        for column, head in enumerate(heads, 1):
            if head and head not in _COLUMNS[name] and not _TOLD.fullmatch(head):
                self.losses.note(sentence("the column “{head}” of the sheet {name} is left out", head=head, name=name))
            if head and head in heads[: column - 1]:
                self.wrong(
                    Scalar("", sheet * _EACH + 1, column),
                    sentence("there are two columns “{head}”", head=head),
                    sentence("take one out"),
                )
        found = []
        for number, row in enumerate(table[1:], 2):
            line = sheet * _EACH + number
            cells = {head: Scalar(cell, line, column)
                     for column, (head, cell) in enumerate(zip(heads, row, strict=False), 1)
                     if head and cell}  # fmt: skip
            found += [cells] if cells else []
        return found

    def said(self, row: _Row, key: str, place: Node) -> Node | None:
        """Give a text in its languages."""
        told = {match.group(2): cell for head, cell in row.items()
                if (match := _TOLD.fullmatch(head)) and match.group(1) == key}  # fmt: skip
        own = row.get(key)
        if own is None and not told:
            return None
        entries = [] if own is None else [(Scalar(self.own, own.line, own.column), own)]
        entries += [(_at(language, cell), cell) for language, cell in told.items()]
        where = own or place
        return own if own is not None and not told else Mapping(tuple(entries), where.line, where.column)

    def stage(self, row: _Row) -> Node:
        return self.made(row, ("id",), ("name", "means"))

    def made(self, row: _Row, plain: tuple[str, ...], told: tuple[str, ...], *more: tuple[str, Node]) -> Mapping:
        place = next(iter(row.values()))
        entries: list[tuple[Scalar, Node]] = [(_at(key, row[key]), row[key]) for key in plain if key in row]
        for key in told:
            said = self.said(row, key, place)
            entries += [] if said is None else [(_at(key, said), said)]
        entries += [(_at(key, node), node) for key, node in more]
        return Mapping(tuple(entries), place.line, 1)

    def parts(self, rows: Map[str, list[_Row]]) -> Node:
        inside: dict[str, list[_Row]] = {}
        kinds = {row["id"].text: row.get("kind", Scalar("")).text for row in rows["Parts"] if "id" in row}
        for row in rows["Parts"]:
            parent = row.get("inside")
            if parent is not None and kinds.get(parent.text) != "part":
                self.wrong(
                    parent,
                    sentence("there is no part “{text}”", text=parent.text),
                    sentence("name a row of kind `part` of this sheet"),
                )
            inside.setdefault(parent.text if parent else "", []).append(row)
        below = {name: self.below(rows[name], kinds) for name in ("Floors", "Indicators")}
        reached: set[str] = set()

        def built(row: _Row) -> Node:
            key, kind = row.get("id", Scalar("")).text, row.get("kind")
            reached.add(key)
            if kind is not None and kind.text == "part":
                inner = [built(one) for one in inside.get(key, [])]
                return self.made(row, ("id",), ("name", "about"), ("parts", _list(row, inner)))
            if kind is None or kind.text != "aspect":
                self.wrong(
                    kind or next(iter(row.values())),
                    sentence("a row is neither part nor aspect"),
                    sentence("write its `kind`"),
                )
            floors = [said for one in below["Floors"].get(key, ())
                      if (said := self.said(one, "text", next(iter(one.values())))) is not None]  # fmt: skip
            return self.made(row, ("id", "basis"), ("name", "about"), ("floor", _list(row, floors)),
                             ("indicators", self.indicators(row, below["Indicators"].get(key, []))))  # fmt: skip

        found = [built(row) for row in inside.get("", [])]
        for row in rows["Parts"]:
            if "id" in row and row["id"].text not in reached and not self.problems:
                self.wrong(
                    row["id"],
                    sentence("“{text}” stands inside itself", text=row["id"].text),
                    sentence("mend the column `inside`"),
                )
        return Sequence(tuple(found), 2 * _EACH + 1, 1)

    def below(self, rows: list[_Row], kinds: dict[str, str]) -> dict[str, list[_Row]]:
        found: dict[str, list[_Row]] = {}
        for row in rows:
            aspect = row.get("aspect", Scalar("", next(iter(row.values())).line, 1))
            if kinds.get(aspect.text) != "aspect":
                self.wrong(
                    aspect,
                    sentence("there is no aspect “{text}”", text=aspect.text),
                    sentence("name a row of kind `aspect` of Parts"),
                )
            found.setdefault(aspect.text, []).append(row)
        return found

    def indicators(self, row: _Row, rows: list[_Row]) -> Node:
        stages: dict[str, list[tuple[Scalar, Node]]] = {}
        heads: dict[str, Scalar] = {}
        for one in rows:
            place = next(iter(one.values()))
            stage = one.get("stage", Scalar("", place.line, place.column))
            heads.setdefault(stage.text, stage)
            said = self.said(one, "text", place) or Scalar("", place.line, place.column)
            stages.setdefault(stage.text, []).append((one.get("id", Scalar("", place.line, 1)), said))
        place = next(iter(row.values()))
        entries = [(heads[key], Mapping(tuple(members), heads[key].line, heads[key].column))
                   for key, members in stages.items()]  # fmt: skip
        return Mapping(tuple(entries), place.line, place.column)


def _at(text: str, place: Node) -> Scalar:
    return Scalar(text, place.line, place.column)


def _list(row: _Row, members: list[Node]) -> Node:
    place = next(iter(row.values()))
    return Sequence(tuple(members), place.line, place.column)
