"""Checks that the JSON library can make by itself, in C: each such check with the type that stands for it.

A type may refuse more than its check does, never less: what it refuses is judged again by the check.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from comity.stix.faults import Check

_KNOWN: Final[dict[int, tuple[Check, Any]]] = {}
"""By the check's identity: a check is kept here, so that no other ever has it."""
_WANTED: Final[dict[int, tuple[Check, frozenset[str]]]] = {}
"""As above: of each member of a list, the names of which one is there, where the type does not say so."""


def stands_for(check: Check, kind: Any) -> Check:  # noqa: ANN401 - a type of any form that typing allows
    """Let a type stand for a check, and return the check."""
    _KNOWN[id(check)] = check, kind
    return check


def type_for(check: Check) -> Any:  # noqa: ANN401 - as above
    """Return the type that stands for a check; None when there is none."""
    found = _KNOWN.get(id(check))
    return None if found is None else found[1]


def wants_of_each(check: Check, names: frozenset[str]) -> None:
    """Note that the type of a list leaves it to be judged that each member has one of some names."""
    _WANTED[id(check)] = check, names


def wanted_of_each(check: Check) -> frozenset[str] | None:
    """Return the names of which each member of a list has one, where the list's type leaves that to be judged."""
    found = _WANTED.get(id(check))
    return None if found is None else found[1]


def listed(item: Any) -> Any:  # noqa: ANN401 - as above
    """Return the type of a list with at least one member."""
    return Annotated[list[item], Meta(min_length=1)]


def matching(form: str) -> Any:  # noqa: ANN401 - as above
    r"""Return the type of a text that a regular expression matches from end to end."""
    return Annotated[str, Meta(pattern=rf"\A(?:{form})\Z")]


def form_of(kind: Any) -> str | None:  # noqa: ANN401 - as above
    """Return the regular expression of a type made by `matching`; None of any other."""
    metas = getattr(kind, "__metadata__", ())
    return next((one.pattern for one in metas if isinstance(one, Meta) and one.pattern), None)


def member_of(kind: Any) -> Any:  # noqa: ANN401 - as above
    """Return the type of the members of a type made by `listed`; None of any other."""
    inner: Any = getattr(kind, "__origin__", None)
    return inner.__args__[0] if getattr(inner, "__origin__", None) is list else None


def table(
    title: str,
    types: Mapping[str, Any],
    required: frozenset[str],
    *,
    closed: bool = False,
    needing: tuple[str, ...] = (),
) -> type[msgspec.Struct]:
    """Return the type of an object with these members; a closed one has no others, and one of *needing* is there."""
    names = {one.replace("-", "_"): one for one in sorted(types)}
    fields = [
        (name, types[one]) if one in required else (name, types[one] | UnsetType, UNSET) for name, one in names.items()
    ]
    space = {"__post_init__": _wanting(needing)} if needing else None
    return msgspec.defstruct(
        title, fields, kw_only=True, gc=False, forbid_unknown_fields=closed, namespace=space, rename=names.get
    )


def _wanting(names: tuple[str, ...]) -> Callable[[object], None]:
    """Return the last step of making a value: one of several members is there."""
    read = attrgetter(*(name.replace("-", "_") for name in names))
    none = (UNSET,) * len(names)
    message = f"none of {', '.join(names)} is there"

    def last(value: object) -> None:
        if read(value) == none:
            raise ValueError(message)

    return last
