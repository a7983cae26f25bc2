"""What less or more money would reach, as a line over shares of the budget."""

from collections.abc import Sequence
from typing import Final

from comity.pictures.svg import SHADES, SOFT, element, framed, words

WIDE: Final = 420.0
HIGH: Final = 170.0
_LEFT, _LOW, _TOP = 34.0, 140.0, 30.0


def drawn(points: Sequence[tuple[int, int | None]], title: str, about: str) -> str:
    """Draw (per cent of the budget, what it reaches) points; None is a budget with which there is no plan at all."""
    most = max((value or 0 for _percent, value in points), default=0) or 1
    placed = [
        (_LEFT + (WIDE - 2 * _LEFT) * place / max(1, len(points) - 1), _LOW - (_LOW - _TOP) * (value or 0) / most,
         percent, value)
        for place, (percent, value) in enumerate(points)
    ]  # fmt: skip
    line = element("polyline", points=" ".join(f"{left:.1f},{low:.1f}" for left, low, *_said in placed), fill="none",
                   stroke=SHADES[-1], stroke_width=2)  # fmt: skip
    dots = [
        element("circle", cx=left, cy=low, r=3.5, fill=SHADES[-1])
        + words("–" if value is None else str(value), left, low - 8, size=11, anchor="middle")
        + words(f"{percent} %", left, HIGH - 10, size=11, anchor="middle", fill=SOFT)
        for left, low, percent, value in placed
    ]
    return framed(WIDE, HIGH, title, about, [line, *dots])
