"""Picking what is wanted out of a located tree that others wrote: what is not there is empty, what is extra is left."""

from collections.abc import Iterator

from comity.policy.tree import Mapping, Node, Scalar, Sequence


def pick(node: Node | None, *keys: str) -> Node | None:
    """Give what stands under keys inside each other, None where one is missing."""
    for key in keys:
        if not isinstance(node, Mapping):
            return None
        node = next((value for name, value in node.entries if name.text == key), None)
    return node


def words_at(node: Node | None, *keys: str) -> str:
    """Give the text under keys without white space around it, empty where there is none."""
    found = pick(node, *keys)
    return found.text.strip() if isinstance(found, Scalar) else ""


def each(node: Node | None, *keys: str) -> tuple[Node, ...]:
    """Give the members of the list under keys, none where there is no list."""
    found = pick(node, *keys)
    return found.items if isinstance(found, Sequence) else ()


def pairs(node: Node | None, *keys: str) -> tuple[tuple[Scalar, Node], ...]:
    """Give the entries of the map under keys, none where there is no map."""
    found = pick(node, *keys)
    return found.entries if isinstance(found, Mapping) else ()


def keys_of(node: Node | None) -> Iterator[str]:
    """Yield the keys of a map."""
    yield from (key.text for key, _value in pairs(node))


def scalar(text: str, place: Node) -> Scalar:
    """Give a text that is reported at a place."""
    return Scalar(text, place.line, place.column)


def mapping(place: Node, **values: Node | str | None) -> Mapping:
    """Make a map that is reported at a place; what is None or empty text is left out."""
    entries = [
        (scalar(key, place), scalar(value, place) if isinstance(value, str) else value)
        for key, value in values.items()
        if value is not None and value != ""
    ]
    return Mapping(tuple(entries), place.line, place.column)


def sequence(place: Node, members: list[Node]) -> Sequence:
    """Make a list that is reported at a place."""
    return Sequence(tuple(members), place.line, place.column)
