"""The shapes of the world's states as one SVG, each under its code, from the map of `pygal_maps_world`.

The map's own file is over a megabyte of curves. A page needs an outline: curves become their end points, points that
an eye would not miss are left out, and a state too small to be seen gets a circle beside its shape (`#bs-mark`). A page
draws `<use href="…#bs">` with a class, so that colours come from the desk's own style sheet.
"""

import re
from functools import cache
from importlib.util import find_spec
from math import hypot
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

WORLD: Final = "-30 61 2754 1398"
CARIBBEAN: Final = "640 520 190 130"
NEAR: Final = frozenset(
    {"AG", "AI", "AW", "BB", "BL", "BQ", "BS", "BZ", "CO", "CR", "CU", "CW", "DM", "DO", "GD", "GP", "GT", "GY", "HN",
     "HT", "JM", "KN", "KY", "LC", "MF", "MQ", "MS", "MX", "NI", "PA", "PR", "SV", "SX", "TC", "TT", "US", "VC", "VE",
     "VG", "VI"}
)  # fmt: skip
"""The states and territories that the map of the Caribbean shows."""
_SVG: Final = "{http://www.w3.org/2000/svg}"
_TOKEN: Final = re.compile(r"[MmLlHhVvCcZz]|-?[0-9]*\.?[0-9]+(?:e-?[0-9]+)?")
_TOLERANCE: Final = 0.35
_SMALL: Final = 60.0
_MARK: Final = 7
Point = tuple[float, float]


def outline(path: str) -> list[list[Point]]:
    """Read a path's data as polygons: moves, lines and the end points of curves, absolute or relative."""
    tokens, polygons, place, command = _TOKEN.findall(path), list[list[Point]](), (0.0, 0.0), "m"
    index = 0
    while index < len(tokens):
        if tokens[index].isalpha():
            command, index = tokens[index], index + 1
            if command in "Zz":
                place = polygons[-1][0]
                continue
        index, place = _step(tokens, index, command, place)
        if command in "Mm":
            polygons.append([place])
            command = "l" if command == "m" else "L"
        else:
            polygons[-1].append(place)
    return polygons


def _step(tokens: list[str], index: int, command: str, place: Point) -> tuple[int, Point]:
    """Read the next point of a command."""
    kind, (left, top) = command.lower(), place if command.islower() else (0.0, 0.0)
    if kind == "h":
        return index + 1, (left + float(tokens[index]), place[1])
    if kind == "v":
        return index + 1, (place[0], top + float(tokens[index]))
    end = index + (6 if kind == "c" else 2)
    return end, (left + float(tokens[end - 2]), top + float(tokens[end - 1]))


def simpler(points: list[Point]) -> list[Point]:
    """Leave out the points that lie within the tolerance of the line between those kept (Douglas and Peucker)."""
    keep, parts = {0, len(points) - 1}, [(0, len(points) - 1)]
    while parts:
        first, last = parts.pop()
        farthest, distance = 0, _TOLERANCE
        for between in range(first + 1, last):
            away = _away(points[between], points[first], points[last])
            if away > distance:
                farthest, distance = between, away
        if farthest:
            keep.add(farthest)
            parts += [(first, farthest), (farthest, last)]
    return [points[index] for index in sorted(keep)]


def _away(point: Point, start: Point, end: Point) -> float:
    wide, high = end[0] - start[0], end[1] - start[1]
    length = hypot(wide, high)
    if not length:
        return hypot(point[0] - start[0], point[1] - start[1])
    return abs(wide * (start[1] - point[1]) - (start[0] - point[0]) * high) / length


def _drawn(polygons: list[list[Point]]) -> str:
    said = []
    for polygon in polygons:
        points = simpler(polygon)
        if len(points) > 2 or len(polygons) == 1:  # noqa: PLR2004 - fewer enclose nothing
            said.append("M" + " ".join(f"{left:.1f},{top:.1f}" for left, top in points) + "z")
    return "".join(said)


def _place(polygons: list[list[Point]]) -> tuple[float, float, float]:
    """Give the middle of a state's largest part, and its area in square units."""
    if not polygons:
        return 0.0, 0.0, _SMALL
    largest = max(polygons, key=_area)
    lefts, tops = [point[0] for point in largest], [point[1] for point in largest]
    return (max(lefts) + min(lefts)) / 2, (max(tops) + min(tops)) / 2, sum(map(_area, polygons))


def _area(polygon: list[Point]) -> float:
    ring = zip(polygon, [*polygon[1:], polygon[0]], strict=True)
    return abs(sum(start[0] * end[1] - end[0] * start[1] for start, end in ring)) / 2


@cache
def sprite() -> str:
    """Draw the sprite, once a process."""
    package = find_spec("pygal_maps_world")
    assert package is not None  # noqa: S101 - it is among the packages this one needs
    assert package.origin is not None  # noqa: S101 - as above
    root = ET.parse(Path(package.origin).with_name("worldmap.svg")).getroot()  # noqa: S314 - as its import
    groups = [_group(one) for one in root.iter(f"{_SVG}g") if "map-element" in one.get("class", "")]
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{WORLD}"><defs>{"".join(groups)}</defs></svg>'


def _group(element: ET.Element) -> str:
    code = element.get("class", "").split()[0]
    polygons = [polygon for path in element.iter(f"{_SVG}path") for polygon in outline(path.get("d", ""))]
    shape = f'<g id="{code}"><path d="{_drawn(polygons)}"/></g>'
    left, top, area = _place(polygons)
    mark = f'<circle id="{code}-mark" cx="{left:.1f}" cy="{top:.1f}" r="{_MARK}"/>'
    return shape + mark if area < _SMALL else shape


@cache
def codes() -> frozenset[str]:
    """Name the states that the map has a shape of, by their codes in capitals."""
    return frozenset(code.upper() for code in re.findall(r'<g id="([a-z]{2})"', sprite()))


@cache
def marked() -> frozenset[str]:
    """Name the states that have a mark because they are small."""
    return frozenset(code.upper() for code in re.findall(r'<circle id="([a-z]{2})-mark"', sprite()))


@require_safe
@cache_control(max_age=86_400, private=True)
def shapes(request: HttpRequest) -> HttpResponse:
    """Serve the sprite."""
    del request
    return HttpResponse(sprite(), content_type="image/svg+xml")
