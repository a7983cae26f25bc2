"""Writing a tree as YAML: what is short stands on one line, everything else one entry a line.

Text is left bare where no reader of YAML could take it for syntax, and put between quotation marks otherwise.
"""

import re
from collections.abc import Iterator

from comity.policy.tree import Mapping, Node, Scalar, Sequence

WIDEST = 110
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_.+/-]*(?: [A-Za-z0-9_.+/-]+)*|[0-9]{1,4}(?: [a-z]+)+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def write(root: Node) -> str:
    """Write a tree as YAML text that ends with a line break."""
    return "\n".join(_block(root, 0)) + "\n"


def _scalar(text: str) -> str:
    if _BARE.fullmatch(text):
        return text
    return '"' + "".join(_ESCAPES.get(one) or _printable(one) for one in text) + '"'


def _printable(one: str) -> str:
    if one.isprintable():
        return one
    code = ord(one)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004 (four digits, or eight)


def _flow(node: Node) -> str:
    match node:
        case Scalar(text=text):
            return _scalar(text)
        case Sequence(items=items):
            return "[" + ", ".join(_flow(item) for item in items) + "]"
        case Mapping(entries=entries):
            return "{" + ", ".join(f"{_scalar(key.text)}: {_flow(value)}" for key, value in entries) + "}"


def _depth(node: Node) -> int:
    match node:
        case Scalar():
            return 0
        case Sequence(items=items):
            return 1 + max(map(_depth, items), default=0)
        case Mapping(entries=entries):
            return 1 + max((_depth(value) for _, value in entries), default=0)


def _fits(node: Node, indent: int) -> bool:
    shallow = _depth(node) <= (1 if isinstance(node, Mapping) else 2)
    return shallow and len(_flow(node)) + indent <= WIDEST


def _block(node: Node, indent: int) -> Iterator[str]:
    pad = " " * indent
    match node:
        case Mapping(entries=entries) if entries:
            for key, value in entries:
                yield from _entry(f"{pad}{_scalar(key.text)}:", value, indent)
        case Sequence(items=items) if items:
            for item in items:
                yield f"{pad}- {_flow(item)}"
        case _:
            yield pad + _flow(node)


def _entry(head: str, value: Node, indent: int) -> Iterator[str]:
    if isinstance(value, Scalar) or (indent and _fits(value, len(head) + 1)) or not _size(value):
        yield f"{head} {_flow(value)}"
    else:
        yield head
        yield from _block(value, indent + 2)


def _size(node: Node) -> int:
    match node:
        case Scalar():
            return 1
        case Sequence(items=items):
            return len(items)
        case Mapping(entries=entries):
            return len(entries)
