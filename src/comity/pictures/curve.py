"""What less or more money would reach, as a line over shares of the budget."""

from collections.abc import Sequence
from typing import Final

from comity.pictures.svg import SHADES, SOFT, element, framed, words

WIDE: Final = 420.0
HIGH: Final = 170.0
_LEFT, _LOW, _TOP = 34.0, 140.0, 30.0


def drawn(points: Sequence[tuple[int, int | None, str]], title: str, about: str) -> str:
    """Draw points: per cent of the budget, what it reaches (None: there is no plan with it), and that in words."""
    most = max((value or 0 for _percent, value, _says in points), default=0) or 1
    placed = [
        (_LEFT + (WIDE - 2 * _LEFT) * place / max(1, len(points) - 1), _LOW - (_LOW - _TOP) * (value or 0) / most,
         percent, says)
        for place, (percent, value, says) in enumerate(points)
    ]  # fmt: skip
    line = element("polyline", points=" ".join(f"{left:.1f},{low:.1f}" for left, low, *_said in placed), fill="none",
                   stroke=SHADES[-1], stroke_width=2)  # fmt: skip
    dots = [
        element("circle", cx=left, cy=low, r=3.5, fill=SHADES[-1])
        + words(says, left, low - 8, size=11, anchor="middle")
        + words(f"{percent} %", left, HIGH - 10, size=11, anchor="middle", fill=SOFT)
        for left, low, percent, says in placed
    ]
    return framed(WIDE, HIGH, title, about, [line, *dots])
