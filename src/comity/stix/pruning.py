"""Taking parts out of an object so that what is left is still valid STIX, or saying that it cannot be done."""

from collections.abc import Callable, Collection, Iterable
from typing import Final

from comity.stix.faults import Members
from comity.stix.judging import judge
from comity.stix.kinds import kind_of_object
from comity.stix.selectors import Path, path_of, resolves, selector_of

Unwanted = Callable[[str], bool]
"""Say of a text, as a value or as a member's name, that it may not stay."""

_KEEP: Final = frozenset(
    {"type", "spec_version", "id", "created", "modified", "revoked", "object_marking_refs", "granular_markings"}
)
"""What is never taken out: who the object is, which version, and how it is to be handled."""


def removable(members: Members, selectors: Iterable[str]) -> bool:
    """Say whether an object still stands when all that is selected is taken out."""
    return pruned(members, {path_of(selector) for selector in selectors}) is not None


def pruned(members: Members, paths: Collection[Path], unwanted: Unwanted | None = None) -> Members | None:
    """Return the object without these places and without unwanted texts; None when it cannot stand so.

    Where taking something out leaves another part incomplete, that part goes too, from the inside outwards, until the
    rest keeps the standard or a property is reached that the object cannot do without. Selectors of granular markings
    follow what they select to its new place, and go with it when it goes.
    """
    marks = members.get("granular_markings")
    if unwanted is not None and _named_by(marks, unwanted):
        return None
    content = {name: value for name, value in members.items() if name != "granular_markings"}
    gone: frozenset[Path] | None = frozenset(path for path in paths if resolves(members, path))
    while gone is not None and all(path and path[0] not in _KEEP for path in gone):
        places: dict[Path, Path] = {}
        left = _without(content, (), (), gone, unwanted, places)
        if not isinstance(left, dict):
            break
        _move_selectors(marks, left, places)
        faults, _, _ = judge(left)
        if not faults:
            return left if _whole(members, left) else None
        gone = _more(gone, {_culprit(left, path_of(fault.path)) for fault in faults}, places)
    return None


def _more(gone: frozenset[Path], culprits: set[Path], places: dict[Path, Path]) -> frozenset[Path] | None:
    """Add what else must go, by where it stood at first; None when that is the object itself or a marking."""
    origins = {new: old for old, new in places.items()}
    if () in culprits or not culprits <= origins.keys():
        return None
    return gone | {origins[path] for path in culprits}


def _whole(members: Members, left: Members) -> bool:
    """Say whether all that may never go is still there."""
    required = kind_of_object(str(members["type"]), members).required
    kept = all(left.get(name) == members[name] for name in _KEEP - {"granular_markings"} if name in members)
    return kept and required <= left.keys()


def _culprit(left: Members, path: Path) -> Path:
    """Return the place to take out for a fault: the deepest that exists on the way to where the fault is.

    A fault at something that is missing is the fault of the part that lacks it.
    """
    while path and not resolves(left, path):
        path = path[:-1]
    return path


_GONE: Final = object()


def _without(
    value: object,
    path: Path,
    new: Path,
    gone: Collection[Path],
    unwanted: Unwanted | None,
    places: dict[Path, Path],
) -> object:
    """Rebuild a value without what goes; note where each part that stays has come to stand."""
    if path in gone or (isinstance(value, str) and unwanted is not None and unwanted(value)):
        return _GONE
    places[path] = new
    if isinstance(value, dict) and value:
        kept: object = _members_without(value, path, new, gone, unwanted, places)
    elif isinstance(value, list) and value:
        kept = _items_without(value, path, new, gone, unwanted, places)
    else:
        return value
    return kept or _GONE


def _members_without(
    value: Members,
    path: Path,
    new: Path,
    gone: Collection[Path],
    unwanted: Unwanted | None,
    places: dict[Path, Path],
) -> Members:
    """Rebuild an object's members."""
    kept: Members = {}
    for name, item in value.items():
        if unwanted is not None and unwanted(name):
            continue
        left = _without(item, (*path, name), (*new, name), gone, unwanted, places)
        if left is not _GONE:
            kept[name] = left
    return kept


def _items_without(
    value: list[object],
    path: Path,
    new: Path,
    gone: Collection[Path],
    unwanted: Unwanted | None,
    places: dict[Path, Path],
) -> list[object]:
    """Rebuild a list's items; later ones move up."""
    kept: list[object] = []
    for index, item in enumerate(value):
        left = _without(item, (*path, index), (*new, len(kept)), gone, unwanted, places)
        if left is not _GONE:
            kept.append(left)
    return kept


def _named_by(marks: object, unwanted: Unwanted) -> bool:
    """Say whether a granular marking is itself unwanted: to drop it would loosen what it marks."""
    entries = marks if isinstance(marks, list) else []
    return any(isinstance(entry, dict) and unwanted(str(entry.get("marking_ref"))) for entry in entries)


def _move_selectors(marks: object, left: Members, places: dict[Path, Path]) -> None:
    """Add the granular markings, pointed at where their parts now stand; drop what selects nothing any more."""
    kept = []
    for entry in marks if isinstance(marks, list) else []:
        moved = [_moved(selector, left, places) for selector in entry["selectors"]]
        selectors = [selector for selector in moved if selector is not None]
        if selectors:
            kept.append({**entry, "selectors": selectors})
    if kept:
        left["granular_markings"] = kept


def _moved(selector: str, left: Members, places: dict[Path, Path]) -> str | None:
    """Return a selector's new text, None when what it selected is gone."""
    new = places.get(path_of(selector))
    return selector_of(new) if new is not None and resolves(left, new) else None
