"""The table of legal moves, drawn: one row for each standing, and an arrow for each move to another.

The same table that judges and constrains what is recorded, so the picture cannot say something else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from comity.policy.participation import MOVES, Bond, Stand
from comity.web import register_words

S = TypeVar("S")
M = TypeVar("M")
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
    return of_table(MOVES[bond], tuple(Stand), Said(
        lambda stand: str(register_words.STANDS[stand]), lambda kind: str(register_words.ACTIONS[kind]),
        register_words.style))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said(Generic[S, M]):
    """How a drawing calls a standing and a move, and which style a standing has."""

    stand: Callable[[S], str]
    move: Callable[[M], str]
    style: Callable[[S], str]


def of_table(moves: Mapping[S, Mapping[M, S]], order: Sequence[S], said: Said[S, M]) -> Diagram:
    """Draw any table of moves, its standings in an order."""
    ends = {end for kinds in moves.values() for end in kinds.values()}
    stands = [stand for stand in order if stand in moves or stand in ends]
    tops = {stand: 10 + ROW * place for place, stand in enumerate(stands)}
    pairs: dict[tuple[S, S], list[M]] = {}
    for start, kinds in moves.items():
        for kind, end in kinds.items():
            if end != start:
                pairs.setdefault((start, end), []).append(kind)
    lines = tuple((said.stand(start), ", ".join(said.move(kind) for kind in kinds), said.stand(end))
                  for (start, end), kinds in pairs.items())  # fmt: skip
    boxes = tuple(Box(said.stand(stand), said.style(stand), tops[stand]) for stand in stands)
    arrows = tuple(_arrow(tops[start], tops[end], lane) for lane, (start, end) in enumerate(pairs))
    return Diagram(BOX + 40 + 14 * len(pairs), 20 + ROW * len(stands), boxes, arrows, lines)


def _arrow(start: int, end: int, lane: int) -> Arrow:
    """Lead from one box's right edge to another's, on a lane of its own."""
    out, side = LEFT + BOX, LEFT + BOX + 18 + 14 * lane
    leave, arrive = start + 8 + lane % 3 * 7, end + 11 + lane % 3 * 7
    path = f"M{out},{leave} H{side} V{arrive} H{out + 8}"
    return Arrow(path, str(lane + 1), side, (leave + arrive) // 2)
