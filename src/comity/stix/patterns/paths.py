"""What an object path leads to in an observed object (STIX 2.1 §9.7)."""

from base64 import b64decode
from binascii import Error as NotEncoded
from collections.abc import Callable, Mapping
from typing import Final

from comity.stix.patterns.tree import ALL, Path, Step

Observed = Mapping[str, object]
"""One observed object: the members of a STIX cyber observable."""
Referred = Mapping[str, Observed]
"""What references can lead to: objects by their id, or by their key in the container `objects` (§2.13)."""

_BINARY: Final = ("_bin", "_hex")
NOWHERE: Final[Referred] = {}


Getter = Callable[[Observed, Referred], list[object]]


def values(path: Path, found: Observed, referred: Referred) -> list[object]:
    """Return all that a path leads to: one value, none, or with `[*]` any number.

    A reference that has further steps is followed; one that ends the path is the reference itself. The value of a
    property whose name ends in `_hex` or `_bin` is the bytes it stands for (§9.6.3).
    """
    here: list[object] = [found]
    last = len(path.steps) - 1
    for place, step in enumerate(path.steps):
        if isinstance(step, int):
            here = _members(here, step)
            follows = place != last and _names(path.steps[place - 1], "_refs")
        else:
            here = _properties(here, step)
            follows = place != last and step.endswith("_ref")
        if follows:
            here = [referred[one] for one in here if isinstance(one, str) and one in referred]
        if not here:
            return here
    return here


def getter(path: Path) -> Getter:
    """Return what `values` does for one path, shorter where the path is one or two names and nothing is decoded."""
    names = [step for step in path.steps if isinstance(step, str) and not step.endswith(_BINARY)]
    if len(names) != len(path.steps) or not 1 <= len(names) <= len("ab"):
        return lambda found, referred: values(path, found, referred)
    first, second = names[0], names[-1]

    def one(found: Observed, _: Referred) -> list[object]:
        value = found.get(first)
        return [] if value is None else [value]

    def two(found: Observed, referred: Referred) -> list[object]:
        inner = found.get(first)
        if through:
            inner = referred.get(inner) if isinstance(inner, str) else None
        value = inner.get(second) if isinstance(inner, dict) else None
        return [] if value is None else [value]

    through = first.endswith("_ref")
    return one if len(names) == 1 else two


def _names(step: Step, ending: str) -> bool:
    return isinstance(step, str) and step.endswith(ending)


def _members(lists: list[object], step: int) -> list[object]:
    """Step into lists: to one position, or to all members."""
    if step == ALL:
        return [one for found in lists if isinstance(found, list) for one in found if one is not None]
    return [found[step] for found in lists if isinstance(found, list) and step < len(found) and found[step] is not None]


def _properties(objects: list[object], name: str) -> list[object]:
    """Step to a property or dictionary key."""
    here = [one.get(name) for one in objects if isinstance(one, dict)]
    if name.endswith(_BINARY):
        here = [decoded(name, one) for one in here]
    return [one for one in here if one is not None]


def decoded(name: str, value: object) -> object:
    """Return the bytes that a `_hex` or `_bin` property stands for; None for text that stands for none."""
    if not isinstance(value, str):
        return value
    try:
        return bytes.fromhex(value) if name.endswith("_hex") else b64decode(value, validate=True)
    except (ValueError, NotEncoded):
        return None
