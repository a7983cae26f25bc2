"""Granular-marking selectors (STIX 2.1 §7.2.3.1): names and `[n]` list positions joined by dots."""

import re
from typing import Final

Path = tuple[str | int, ...]

_form: Final = re.compile(r"(?:[a-z0-9_-]{3,250}|id)(?:\.(?:\[(?:0|[1-9][0-9]*)\]|[A-Za-z0-9_-]{1,250}))*").fullmatch


def is_selector(text: str) -> bool:
    """Say whether a text has a selector's form."""
    return _form(text) is not None


def path_of(selector: str) -> Path:
    """Split a selector, or a fault's place, into its steps."""
    return tuple(_step(step) for step in selector.split(".")) if selector else ()


def _step(step: str) -> str | int:
    """Read one step: a list position in square brackets, else a name."""
    return int(step[1:-1]) if step[:1] == "[" and step[1:-1].isdecimal() else step


def selector_of(path: Path) -> str:
    """Write steps as a selector."""
    return ".".join(f"[{step}]" if isinstance(step, int) else step for step in path)


def resolves(value: object, path: Path) -> bool:
    """Say whether the steps lead to something in a value."""
    for step in path:
        if isinstance(step, int):
            if not isinstance(value, list) or step >= len(value):
                return False
            value = value[step]
        else:
            if not isinstance(value, dict) or step not in value:
                return False
            value = value[step]
    return True
