"""A radar over the factors of a framework: from each one’s lowest aspect to its highest, and how far it is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

from comity.pictures.svg import INK, LINE, element, framed, hatch, titled, words

SIZE: Final = 640
MIDDLE: Final = SIZE / 2
REACH: Final = 230.0
_FLOOR: Final = 0.14
"""How far from the middle the floor stands, so that factors at the floor can be told apart."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One factor: what it is called, its lowest and highest aspect, and the utmost that open answers leave; from 0."""

    label: str
    says: str
    lowest: int
    highest: int
    utmost: int


def drawn(axes: Sequence[Axis], stages: Sequence[str], title: str, about: str) -> str:
    """Draw the radar; of fewer than three factors there is none, and bars along one line stand in its place."""
    top = len(stages) - 1
    rings = [_ring(place, top) for place in range(len(stages))]
    names = [_named(place, top, name) for place, name in enumerate(stages)]
    spokes = [_spoke(one, place, len(axes)) for place, one in enumerate(axes)]
    band = _band([one.highest for one in axes], [one.utmost for one in axes], top, "url(#open)", "none")
    shown = _band([one.lowest for one in axes], [one.highest for one in axes], top, "#4a8f9c", "#0b5563")
    marks = [_mark(one, place, len(axes), top) for place, one in enumerate(axes)]
    return framed(SIZE, SIZE, title, about, [hatch("open", "#0b5563"), *rings, *spokes, band, shown, *marks, *names])


def _point(place: int, of: int, stage: float, top: int) -> tuple[float, float]:
    angle = 2 * pi * place / max(of, 1) - pi / 2
    far = REACH * (_FLOOR + (1 - _FLOOR) * stage / max(top, 1))
    return MIDDLE + far * cos(angle), MIDDLE + far * sin(angle)


def _far(stage: int, top: int) -> float:
    return REACH * (_FLOOR + (1 - _FLOOR) * stage / max(top, 1))


def _ring(stage: int, top: int) -> str:
    return element("circle", cx=MIDDLE, cy=MIDDLE, r=_far(stage, top), fill="none", stroke=LINE, stroke_width=1)


def _named(stage: int, top: int, name: str) -> str:
    """Write a ring’s stage upon it, with a white rim that keeps it readable on any band."""
    high = MIDDLE - _far(stage, top) - 3
    return words(name, MIDDLE + 5, high, size=10, fill=INK, stroke="#ffffff", stroke_width="3", paint_order="stroke")


def _spoke(axis: Axis, place: int, of: int) -> str:
    end = _point(place, of, 1.0, 1)
    angle = 2 * pi * place / max(of, 1) - pi / 2
    left, low = MIDDLE + (REACH + 16) * cos(angle), MIDDLE + (REACH + 16) * sin(angle) + 4
    anchor = "middle" if abs(cos(angle)) < 0.2 else "start" if cos(angle) > 0 else "end"  # noqa: PLR2004 (near the top)
    line = element("line", x1=MIDDLE, y1=MIDDLE, x2=end[0], y2=end[1], stroke=LINE, stroke_width=1)
    return line + titled(axis.says, words(axis.label, left, low, anchor=anchor, font_weight="600"))


def _band(inner: Sequence[int], outer: Sequence[int], top: int, fill: str, stroke: str) -> str:
    """Draw what lies between two rounds of stages, as one ring with a hole."""
    of = len(inner)
    rounds = ["M" + "L".join(f"{left:.1f} {low:.1f}" for left, low in
                             (_point(place, of, stage, top) for place, stage in enumerate(ring))) + "Z"
              for ring in (outer, inner)]  # fmt: skip
    return element("path", d=" ".join(rounds), fill=fill, fill_rule="evenodd", fill_opacity=0.75, stroke=stroke,
                   stroke_width=1.5, stroke_linejoin="round")  # fmt: skip


def _mark(axis: Axis, place: int, of: int, top: int) -> str:
    """Draw one factor’s own span: a thick line where its aspects stand, dashes as far as open answers leave it."""
    low, high, far = (_point(place, of, stage, top) for stage in (axis.lowest, axis.highest, axis.utmost))
    dashes = element("line", x1=high[0], y1=high[1], x2=far[0], y2=far[1], stroke=INK, stroke_width=1.5,
                     stroke_dasharray="3 3")  # fmt: skip
    span = element("line", x1=low[0], y1=low[1], x2=high[0], y2=high[1], stroke=INK, stroke_width=5,
                   stroke_linecap="round")  # fmt: skip
    return titled(axis.says, dashes if far != high else "", span)
