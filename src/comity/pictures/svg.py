"""The parts of every picture: elements with their attributes, the frame with its title, and the colours."""

from collections.abc import Iterable
from html import escape
from typing import Final

INK: Final = "#1b2428"
SOFT: Final = "#4e5a5f"
LINE: Final = "#c9c5b8"
PAPER: Final = "#ffffff"
SHADES: Final = ("#f2efe6", "#cfe3e6", "#94c0c8", "#4a8f9c", "#0b5563")
"""From the floor to the highest of five stages: they differ in lightness, so that they do in grey print as well."""
ON_SHADES: Final = (INK, INK, INK, PAPER, PAPER)


def shade(stage: int, of: int) -> tuple[str, str]:
    """Give the colour of a stage, and that of words upon it; `of` is the number of stages."""
    place = round(stage * (len(SHADES) - 1) / max(of - 1, 1))
    return SHADES[place], ON_SHADES[place]


def element(name: str, *inside: str, **attributes: str | float) -> str:
    """Write an element; `_` in the name of an attribute stands for `-`."""
    told = "".join(f' {key.replace("_", "-")}="{escape(_number(value))}"' for key, value in attributes.items())
    return f"<{name}{told}>{''.join(inside)}</{name}>" if inside else f"<{name}{told}/>"


def _number(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def words(said: str, left: float, top: float, *, size: float = 12, anchor: str = "start", **more: str) -> str:
    """Write words at a place; `more` are further attributes, such as `fill` and `font_weight`."""
    return element("text", escape(said), **({"fill": INK} | more), x=left, y=top, font_size=size, text_anchor=anchor)


def short(said: str, most: int = 50) -> str:
    """Cut words that are too long for their place; the table beside the picture has them whole."""
    return said if len(said) <= most else said[: most - 1].rstrip() + "…"


def titled(said: str, *inside: str, **attributes: str | float) -> str:
    """Write a group that tells what it is when it is pointed at."""
    return element("g", element("title", escape(said)), *inside, **attributes)


def framed(width: float, height: float, title: str, about: str, inside: Iterable[str]) -> str:
    """Write the whole picture: its size, title and description, on white."""
    head = (element("title", escape(title), id="title"), element("desc", escape(about), id="about"),
            element("rect", width=width, height=height, fill=PAPER))  # fmt: skip
    return element("svg", *head, *inside, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width:g} {height:g}",
                   width=width, height=height, role="img", aria_labelledby="title about",
                   font_family="system-ui, 'Noto Sans', 'Liberation Sans', sans-serif") + "\n"  # fmt: skip


def hatch(name: str, colour: str) -> str:
    """Define a hatching, for what is open."""
    line = element("path", d="M0 6L6 0", stroke=colour, stroke_width=1)
    return element("defs", element("pattern", line, id=name, width=6, height=6, patternUnits="userSpaceOnUse"))
