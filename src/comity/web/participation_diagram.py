"""The table of legal moves, drawn: one row for each standing, and an arrow for each move to another.

The same table that judges and constrains what is recorded, so the picture cannot say something else.
"""

from dataclasses import dataclass
from typing import Final

from comity.policy.participation import MOVES, ActionKind, Bond, Stand
from comity.web import register_words

ROW: Final = 46
BOX: Final = 190
LEFT: Final = 10


@dataclass(frozen=True, slots=True)
class Box:
    """A standing."""

    words: str
    style: str
    top: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """The moves from one standing to another; `path` goes along the side, `lane` steps out."""

    path: str
    words: str
    left: int
    top: int


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing: its size in units of its own, boxes, and the moves as lines of text for every reader."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    lines: tuple[tuple[str, str, str], ...]


def drawn(bond: Bond) -> Diagram:
    """Draw the moves under one kind of bond."""
    moves = MOVES[bond]
    ends = {end for kinds in moves.values() for end in kinds.values()}
    stands = [stand for stand in Stand if stand in moves or stand in ends]
    tops = {stand: 10 + ROW * place for place, stand in enumerate(stands)}
    pairs: dict[tuple[Stand, Stand], list[ActionKind]] = {}
    for start, kinds in moves.items():
        for kind, end in kinds.items():
            if end is not start:
                pairs.setdefault((start, end), []).append(kind)
    lines = tuple((str(register_words.STANDS[start]), ", ".join(str(register_words.ACTIONS[kind]) for kind in kinds),
                   str(register_words.STANDS[end])) for (start, end), kinds in pairs.items())  # fmt: skip
    boxes = tuple(Box(str(register_words.STANDS[stand]), register_words.style(stand), tops[stand]) for stand in stands)
    arrows = tuple(_arrow(tops[start], tops[end], lane) for lane, (start, end) in enumerate(pairs))
    return Diagram(BOX + 40 + 14 * len(pairs), 20 + ROW * len(stands), boxes, arrows, lines)


def _arrow(start: int, end: int, lane: int) -> Arrow:
    """Lead from one box's right edge to another's, on a lane of its own."""
    out, side = LEFT + BOX, LEFT + BOX + 18 + 14 * lane
    leave, arrive = start + 8 + lane % 3 * 7, end + 11 + lane % 3 * 7
    path = f"M{out},{leave} H{side} V{arrive} H{out + 8}"
    return Arrow(path, str(lane + 1), side, (leave + arrive) // 2)
