"""A comparison of states: for each aspect the middle half of a group as a bar, and by name those one may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from comity.pictures.svg import INK, LINE, SOFT, element, framed, short, titled, words

ROW: Final = 24
LABELS: Final = 330
WIDE: Final = 400
HEAD: Final = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One aspect: its quartiles (None: withheld), and the stages of the states that are named, by code."""

    label: str
    name: str
    quartiles: tuple[int, int, int] | None
    named: tuple[tuple[str, int], ...]
    says: str


def drawn(rows: Sequence[Row], stages: Sequence[str], title: str, about: str) -> str:
    """Draw the comparison: stages from left to right."""
    top = len(stages) - 1
    inside = []
    for place, name in enumerate(stages):
        left = _left(place, top)
        inside.append(element("line", x1=left, y1=HEAD - 8, x2=left, y2=HEAD + ROW * len(rows), stroke=LINE))
        inside.append(words(name, left, HEAD - 14, size=10, anchor="middle", fill=SOFT))
    inside += [_row(row, HEAD + ROW * place, top) for place, row in enumerate(rows)]
    return framed(LABELS + WIDE + 60, HEAD + ROW * len(rows) + 16, title, about, inside)


def _left(stage: float, top: int) -> float:
    return LABELS + WIDE * stage / max(top, 1)


def _row(row: Row, high: float, top: int) -> str:
    found = [words(short(f"{row.label} {row.name}"), 4, high + 16, size=11)]
    if row.quartiles is not None:
        low, middle, up = (_left(stage, top) for stage in row.quartiles)
        found.append(element("rect", x=low - 5, y=high + 6, width=up - low + 10, height=12, rx=5, fill="#94c0c8"))
        found.append(element("rect", x=middle - 1.5, y=high + 4, width=3, height=16, fill="#0b5563"))
    else:
        found.append(element("line", x1=LABELS, y1=high + 12, x2=LABELS + WIDE, y2=high + 12, stroke=LINE,
                             stroke_dasharray="2 4"))  # fmt: skip
    at: dict[int, list[str]] = {}
    for code, stage in row.named:
        at.setdefault(stage, []).append(code)
    for stage, codes in at.items():
        left = _left(stage, top)
        found.append(element("circle", cx=left, cy=high + 12, r=4.5, fill=INK))
        found.append(words(", ".join(codes), left + 8, high + 16, size=11, font_weight="600"))
    return titled(row.says, *found)
