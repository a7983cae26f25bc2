"""A roadmap as pictures: each measure’s bar over the quarters, and what more or less money would reach."""

from collections.abc import Sequence
from dataclasses import dataclass

from comity.acts.roadmap_weighing import reached
from comity.policy.roadmap_draft import Draft

HIGH = 100  # the height of the curve’s picture, in its own units
WIDE = 320


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of quarters; `left` and `width` are percentages of the whole plan."""

    left: str
    width: str
    first: str
    last: str


def bar(draft: Draft, start: int, quarters: int) -> Bar:
    """Lay out a measure’s quarters."""
    return Bar(_share(draft, start), _share(draft, quarters), draft.label(start), draft.label(start + quarters - 1))


def _share(draft: Draft, quarters: int) -> str:
    return f"{100 * quarters / draft.quarters:.2f}%"


def years(draft: Draft) -> list[tuple[str, str]]:
    """Give each year with where it begins, as a percentage."""
    firsts = [quarter for quarter in range(draft.quarters) if not quarter or draft.first_day(quarter).month == 1]
    return [(str(draft.first_day(quarter).year), _share(draft, quarter)) for quarter in firsts]


@dataclass(frozen=True, slots=True)
class Dot:
    """One point of the curve, in the picture’s units, with what it says."""

    x: float
    y: float
    percent: int
    value: int | None
    says: str


def curve(points: Sequence[Sequence[int | None]]) -> list[Dot]:
    """Lay out (per cent of the budget, what the first aim reaches, its bound) as points; what cannot be is below."""
    most = max((value or 0 for _percent, value, *_bound in points), default=0) or 1
    return [
        Dot(20 + (WIDE - 40) * place / max(1, len(points) - 1), HIGH - 12 - (HIGH - 34) * (value or 0) / most,
            percent or 0, value, reached(value, *bound))
        for place, (percent, value, *bound) in enumerate(points)
    ]  # fmt: skip
