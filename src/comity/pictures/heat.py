"""A heat map: a row for each aspect, a column for each review, the stage in each cell as a number and a shade."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from comity.pictures.svg import LINE, SOFT, element, framed, shade, short, titled, words

ROW: Final = 20
LABELS: Final = 330
COLUMN: Final = 92
HEAD: Final = 34


@dataclass(frozen=True, slots=True)
class Cell:
    """One aspect in one review: its stage and the highest that is not excluded, from 0; None where it is blank."""

    stage: int | None
    highest: int | None = None
    says: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One aspect: its id, its name, and a cell for each review. `begins` names the dimension that begins here."""

    label: str
    name: str
    cells: tuple[Cell, ...]
    begins: str = ""


def drawn(rows: Sequence[Row], columns: Sequence[str], stages: Sequence[str], title: str, about: str) -> str:
    """Draw the map with its legend below."""
    width = LABELS + COLUMN * max(len(columns), 1) + 10
    inside = [words(name, LABELS + COLUMN * place + COLUMN / 2, 22, anchor="middle", font_weight="600")
              for place, name in enumerate(columns)]  # fmt: skip
    top = float(HEAD)
    for row in rows:
        if row.begins:
            inside.append(words(row.begins, 4, top + 15, font_weight="600"))
            top += ROW
        inside += [words(short(f"{row.label} {row.name}"), 14, top + 14, size=11)]
        inside += [_cell(cell, LABELS + COLUMN * place, top, len(stages)) for place, cell in enumerate(row.cells)]
        top += ROW
    inside += _legend(stages, top + 12)
    return framed(max(width, 470), top + 42 + 16 * ((len(stages) - 1) // 3), title, about, inside)


def _cell(cell: Cell, left: float, top: float, of: int) -> str:
    if cell.stage is None:
        box = element("rect", x=left + 1, y=top + 1, width=COLUMN - 2, height=ROW - 2, fill="none", stroke=LINE,
                      stroke_dasharray="2 2")  # fmt: skip
        return titled(cell.says, box)
    fill, ink = shade(cell.stage, of)
    box = element("rect", x=left + 1, y=top + 1, width=COLUMN - 2, height=ROW - 2, fill=fill)
    open_to = f"–{cell.highest}" if cell.highest is not None and cell.highest > cell.stage else ""
    said = words(f"{cell.stage}{open_to}", left + COLUMN / 2, top + 14, size=11, anchor="middle", fill=ink)
    return titled(cell.says, box, said)


def _legend(stages: Sequence[str], top: float) -> list[str]:
    found = []
    for place, name in enumerate(stages):
        left, low = 4 + 150 * (place % 3), top + 16 * (place // 3)
        box = element("rect", x=left, y=low, width=12, height=12, fill=shade(place, len(stages))[0], stroke=LINE)
        found.append(box + words(f"{place} {name}", left + 18, low + 10, size=11, fill=SOFT))
    return found
