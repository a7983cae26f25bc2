"""A scenario as the rows of a spreadsheet, and rows back as the tree of a scenario's file.

One table holds all: a row says in `row` what it is (scenario, objective, team, decision, option, inject, expected). A
list of events that others wrote has no such column: there each row is an inject, what it expects of whom in the same
row, and columns that nobody named are guessed by their headings. Nodes are placed by row and column of the sheet, so a
problem names the cell. Several words of one cell stand on lines of their own.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from comity.policy.exercise_tree import sign_pairs
from comity.policy.exercises import Observe, Scenario, clock
from comity.policy.tree import Mapping as Map
from comity.policy.tree import Node, Scalar
from comity.policy.tree import Sequence as List

BETWEEN: Final = "\n"
COLUMNS: Final = (
    "row", "id", "time", "after", "to", "from", "by", "tlp", "title", "says", "when", "patterns", "note",
    "expected", "of", "within", "serves", "scale", "observed", "with", "type", "tlp_up_to", "subject",
    "indicators", "aspects", "undertakings", "party", "parts", "lasts", "begins", "time_zone", "framework",
)  # fmt: skip
FOREIGN: Final = COLUMNS[1:19]
"""The columns that a list of events by others may have."""
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "no", "n o", "n", "nr", "number", "inject", "inject no", "inject id", "inject number", "serial",
           "msel no", "event no", "event id", "event number", "item", "numero", "num", "ref"),
    "time": ("time", "start time", "inject time", "scheduled time", "planned time", "delivery time", "exercise time",
             "event time", "dtg", "date time", "when", "offset", "hora", "heure", "horaire", "zeit"),
    "to": ("to", "recipient", "recipients", "receiver", "audience", "training audience", "player", "players", "team",
           "teams", "target", "delivered to", "addressee", "destinatario", "destinatarios", "destinataire",
           "destinataires", "para", "equipo", "equipe"),
    "from": ("from", "sender", "source", "originator", "simulated sender", "played by", "de", "remitente",
             "expediteur", "emetteur"),
    "by": ("by", "method", "mode", "means", "delivery method", "delivery", "medium", "channel", "inject mode", "via",
           "medio", "moyen", "canal"),
    "tlp": ("tlp", "marking", "classification", "traffic light", "handling", "clasificacion"),
    "title": ("title", "subject", "summary", "event", "short description", "headline", "inject title", "name",
              "titulo", "titre", "evento", "evenement", "asunto"),
    "says": ("says", "description", "details", "inject description", "event description", "content", "text", "message",
             "narrative", "inject text", "body", "descripcion", "contenido", "contenu", "texte", "mensaje"),
    "note": ("note", "notes", "remarks", "comments", "controller notes", "facilitator notes", "notas", "remarques",
             "observaciones"),
    "expected": ("expected", "expected action", "expected actions", "expected response", "expected player action",
                 "anticipated response", "expected outcome", "player action", "accion esperada", "respuesta esperada",
                 "action attendue", "reaction attendue", "resultat attendu"),
    "of": ("of", "responsible", "action by", "responsible team", "owner", "responsable"),
    "within": ("within", "time limit", "response time", "minutes to respond", "deadline", "plazo", "delai"),
    "serves": ("serves", "objective", "objectives", "capability", "core capability", "objetivo", "objectif"),
    "after": ("after", "depends on", "trigger", "predecessor", "tras", "apres"),
    "when": ("condition", "conditions", "only if", "si"),
    "scale": ("scale", "rating", "escala", "echelle"),
    "patterns": ("patterns", "indicators of compromise", "iocs", "ioc"),
}  # fmt: skip
TOKENS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("details", "description", "narrative", "text", "descripcion", "contenu"), "says"),
    **dict.fromkeys(("expected", "anticipated", "esperada", "attendue", "attendu"), "expected"),
    **dict.fromkeys(("time", "hora", "heure", "dtg"), "time"), **dict.fromkeys(("audience", "recipient"), "to"),
    **dict.fromkeys(("sender", "remitente"), "from"), **dict.fromkeys(("method", "mode"), "by"),
    **dict.fromkeys(("notes", "remarks", "comments"), "note"), **dict.fromkeys(("objective", "objectives"), "serves"),
    **dict.fromkeys(("title", "headline"), "title"),
}  # fmt: skip
"""Words that tell a column wherever they stand in a heading, the first that does."""
NEAR: Final = 0.84
DEEPEST_HEADING: Final = 15
Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column of ours stands in a sheet: its place from 0, its heading there, and whether that is a guess."""

    column: str
    at: int
    heading: str
    guessed: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is read: the row of its heading from 0, the places of our columns, and headings that nobody claims.

    `ours`: it is our own form, whose texts are taken as they are.
    """

    heading: int
    places: tuple[Place, ...]
    unused: tuple[str, ...]
    ours: bool = False

    def at(self, column: str) -> int | None:
        """Give the place of a column, None where the sheet has none."""
        return next((one.at for one in self.places if one.column == column), None)


def layout(rows: Sequence[Cells], named: Mapping[str, str] | None = None) -> Layout:
    """Find the heading and the columns: those *named* (their heading → our column) first, then by what they are called.

    A ValueError names a heading that is not there, or a column that is none of ours.
    """
    told = {folded(theirs): ours for theirs, ours in (named or {}).items()}
    top = max(range(min(len(rows), DEEPEST_HEADING)), key=lambda at: (_score(rows[at], told), -at), default=0)
    headings = [folded(cell) for cell in rows[top]] if rows else []
    for theirs, ours in (named or {}).items():
        if ours not in FOREIGN:
            raise ValueError(f"“{ours}” is no column of ours; write one of {', '.join(FOREIGN)}")
        if folded(theirs) not in headings:
            raise ValueError(f"there is no column “{theirs}”; the sheet has {', '.join(filter(None, rows[top]))}")
    if is_ours(headings):
        places = [Place(name, at, name, guessed=False) for at, name in enumerate(headings) if name in COLUMNS]
        unused = [name for name in headings if name and name not in COLUMNS]
        return Layout(top, tuple(places), tuple(unused), ours=True)
    found = {told[heading]: at for at, heading in enumerate(headings) if heading in told}
    for _, ours, at in sorted(_guesses(headings), key=lambda guess: (-guess[0], guess[2])):
        if ours not in found and at not in found.values():
            found[ours] = at
    places = [Place(ours, at, rows[top][at], guessed=headings[at] not in told) for ours, at in found.items()]
    unused = [rows[top][at] for at, heading in enumerate(headings) if heading and at not in found.values()]
    return Layout(top, tuple(sorted(places, key=lambda one: one.at)), tuple(unused))


def is_ours(headings: Iterable[str]) -> bool:
    """Tell whether a heading is that of our own export."""
    return {"row", "id", "time", "says"} <= set(headings)


def _score(cells: Cells, told: Mapping[str, str]) -> int:
    headings = [folded(cell) for cell in cells]
    return sum(one in told or one in COLUMNS or any(one in names for names in NAMES.values()) for one in headings)


def _guesses(headings: Sequence[str]) -> Iterator[tuple[float, str, int]]:
    """Yield each likely column with its place and with how near the heading is, 1 for one that is called so."""
    for at, heading in enumerate(headings):
        for ours in FOREIGN if heading else ():
            near = max(difflib.SequenceMatcher(None, heading, name).ratio() for name in (ours, *NAMES.get(ours, ())))
            if near >= NEAR:
                yield near, ours, at
        told = next((TOKENS[word] for word in heading.split() if word in TOKENS), None)
        if told is not None:
            yield NEAR, told, at


def folded(heading: str) -> str:
    """Fold a heading: small letters without accents, one space between words, # as “no”, nothing in brackets."""
    bare = re.sub(r"\(.*?\)", " ", heading) if not heading.lstrip().startswith("(") else heading
    decomposed = unicodedata.normalize("NFKD", bare.replace("#", " no "))
    plain = "".join(one for one in decomposed if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9_]+", " ", plain.casefold()).strip()


def rows_of(scenario: Scenario) -> list[dict[str, str]]:
    """Write a scenario as rows; a column that a row has nothing for is left out of it."""
    return [{key: value for key, value in row.items() if value} for row in _rows(scenario)]


def _rows(one: Scenario) -> Iterator[dict[str, str]]:
    begins = one.begins.isoformat(timespec="minutes")
    yield {"row": "scenario", "id": one.id, "title": one.name, "says": one.about, "lasts": clock(one.lasts),
           "begins": begins, "time_zone": one.zone, "framework": one.framework}  # fmt: skip
    for goal in one.objectives:
        yield {"row": "objective", "id": goal.id, "says": goal.says, "indicators": _joined(goal.indicators),
               "aspects": _joined(goal.aspects), "undertakings": _joined(goal.undertakings)}  # fmt: skip
    for team in one.teams:
        yield {"row": "team", "id": team.id, "title": team.name, "party": team.party, "parts": _joined(team.parts)}
    for fork in one.decisions:
        yield {"row": "decision", "id": fork.id, "of": fork.of, "after": fork.after, "says": fork.says}
        yield from ({"row": "option", "id": f"{fork.id} {way.id}", "says": way.says} for way in fork.options)
    for put in one.injects:
        yield {"row": "inject", "id": put.id, "time": clock(put.at), "after": put.after, "to": _joined(put.to),
               "from": put.source, "by": put.by, "tlp": put.tlp.label, "title": put.title, "says": put.says,
               "when": _joined(map(str, put.when)), "patterns": _joined(put.patterns), "note": put.note}  # fmt: skip
    for each in one.expected:
        pairs = () if each.sign is None else sign_pairs(each.sign)
        sign = {key: node.text for key, node in pairs if isinstance(node, Scalar)}
        observed = "" if each.sign is None else str(each.sign.observe)
        yield {"row": "expected", "id": each.id, "of": each.of, "after": each.after, "says": each.says,
               "within": "" if each.within is None else clock(each.within), "serves": _joined(each.serves),
               "scale": _joined(each.scale), "observed": observed, **sign}  # fmt: skip


def _joined(words: Iterable[str]) -> str:
    return BETWEEN.join(words)


def tree_of(rows: Sequence[Cells], found: Layout) -> Map:
    """Give the tree of the scenario that the rows of our own form hold."""
    return Sheet(rows, found).ours()


class Sheet:
    """The rows below a heading, each cell with its place."""

    def __init__(self, rows: Sequence[Cells], found: Layout) -> None:
        """Take what stands below the heading; empty rows are left out."""
        self.found = found
        self.lines = [(number, cells) for number, cells in enumerate(rows, 1)
                      if number > found.heading + 1 and any(cell.strip() for cell in cells)]  # fmt: skip

    def cell(self, line: tuple[int, Cells], column: str) -> Scalar | None:
        """Give a cell, None for an empty one or a column that is not there."""
        at = self.found.at(column)
        if at is None or at >= len(line[1]) or not line[1][at].strip():
            return None
        said = line[1][at]
        return Scalar(said if self.found.ours else said.strip(), line[0], at + 1)

    def text(self, line: tuple[int, Cells], column: str) -> str:
        """Give the text of a cell, empty where there is none."""
        found = self.cell(line, column)
        return found.text if found is not None else ""

    def words(self, line: tuple[int, Cells], column: str) -> List | None:
        """Give the words of a cell, each with the cell's place."""
        found = self.cell(line, column)
        if found is None:
            return None
        parts = found.text.split(BETWEEN)
        return List(tuple(Scalar(part, found.line, found.column) for part in parts if part), found.line, found.column)

    def _here(self, line: tuple[int, Cells], pairs: Mapping[str, Node | None]) -> Map:
        entries = tuple((Scalar(key, line[0], 1), value) for key, value in pairs.items() if value is not None)
        return Map(entries, line[0], 1)

    def ours(self) -> Map:
        """Read rows that say what they are."""
        parts: dict[str, list[tuple[Scalar, Node]]] = {}
        top: dict[str, Node | None] = {}
        for line in self.lines:
            kind, name = self.text(line, "row"), self.cell(line, "id") or Scalar("", line[0], 1)
            if kind == "scenario":
                top = self._scenario(line)
            elif kind == "option":
                fork, _, way = name.text.partition(" ")
                says = self.cell(line, "says") or Scalar("", line[0], 1)
                parts.setdefault(f"options {fork}", []).append((Scalar(way, name.line, name.column), says))
            else:
                parts.setdefault(kind, []).append((name, self._part(kind, line)))
        forks = [(name, self._with_options(node, parts.get(f"options {name.text}", ())))
                 for name, node in parts.get("decision", ())]  # fmt: skip
        sections = {"objectives": parts.get("objective"), "teams": parts.get("team"), "decisions": forks,
                    "injects": parts.get("inject"), "expected": parts.get("expected")}  # fmt: skip
        made = [(Scalar(key), value) for key, value in top.items() if value is not None]
        made += [(Scalar(key), Map(tuple(found), found[0][0].line, 1)) for key, found in sections.items() if found]
        return Map(tuple(made), 1, 1)

    def _scenario(self, line: tuple[int, Cells]) -> dict[str, Node | None]:
        named = {"exercise": "id", "name": "title", "about": "says", "lasts": "lasts", "begins": "begins",
                 "time_zone": "time_zone", "framework": "framework"}  # fmt: skip
        return {key: self.cell(line, column) for key, column in named.items()}

    def _with_options(self, node: Node, options: Iterable[tuple[Scalar, Node]]) -> Node:
        assert isinstance(node, Map)  # noqa: S101 - made by _part
        return Map((*node.entries, (Scalar("options", node.line, 1), Map(tuple(options), node.line, 1))),
                   node.line, node.column)  # fmt: skip

    def _part(self, kind: str, line: tuple[int, Cells]) -> Map:
        one, many = partial(self.cell, line), partial(self.words, line)
        if kind == "objective":
            return self._here(line, {"says": one("says"), "indicators": many("indicators"), "aspects": many("aspects"),
                                     "undertakings": many("undertakings")})  # fmt: skip
        if kind == "team":
            return self._here(line, {"name": one("title"), "party": one("party"), "parts": many("parts")})
        if kind == "decision":
            return self._here(line, {"of": one("of"), "after": one("after"), "says": one("says")})
        if kind == "expected":
            sign = {key: one(key) for key in ("with", "type", "tlp_up_to", "subject")}
            seen = self.text(line, "observed")
            return self._here(line, {
                "of": one("of"), "after": one("after"), "says": one("says"), "within": one("within"),
                "serves": many("serves"), "scale": many("scale"),
                **({seen: self._here(line, sign)} if seen in set(Observe) else {}),
            })  # fmt: skip
        return self._here(line, {
            "at": one("time"), "after": one("after"), "to": many("to"), "from": one("from"), "by": one("by"),
            "tlp": one("tlp"), "title": one("title"), "says": one("says"), "when": many("when"),
            "patterns": many("patterns"), "note": one("note"),
        })  # fmt: skip
