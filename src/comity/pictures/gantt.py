"""A roadmap over its quarters: a bar for each measure, from its first quarter of work to its last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from comity.pictures.svg import INK, LINE, SHADES, SOFT, element, framed, short, titled, words

NAMES: Final = 270.0
WIDE: Final = 760.0
ROW: Final = 19.0
HEAD: Final = 26.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One measure: what it is called, its first quarter from 0, how many it takes, and what all that is in words."""

    label: str
    start: int
    quarters: int
    says: str


def drawn(bars: Sequence[Bar], years: Sequence[tuple[str, int]], quarters: int, title: str, about: str) -> str:
    """Draw the bars; *years* are their names, each with the quarter in which it begins."""
    step = (WIDE - NAMES) / max(quarters, 1)
    high = HEAD + ROW * len(bars) + 6
    lines = [element("line", x1=NAMES + step * at, x2=NAMES + step * at, y1=HEAD - 8, y2=high, stroke=LINE)
             for _name, at in years]  # fmt: skip
    named = [words(name, NAMES + step * at + 3, 14, size=11, fill=SOFT) for name, at in years]
    rows = [_row(bar, place, step) for place, bar in enumerate(bars)]
    return framed(WIDE, high, title, about, [*lines, *named, *rows])


def _row(bar: Bar, place: int, step: float) -> str:
    top = HEAD + ROW * place
    shape = element("rect", x=NAMES + step * bar.start, y=top + 3, width=step * bar.quarters, height=ROW - 7, rx=2,
                    fill=SHADES[-1])  # fmt: skip
    return titled(bar.says, words(short(bar.label, 42), 4, top + ROW - 6, size=11.5, fill=INK), shape)
