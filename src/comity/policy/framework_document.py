"""A framework written down: as plain maps, lists and texts; as canonical JSON, whose digest names it; as YAML.

`framework_form.read_framework` reads back exactly what is written here.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import TypeAlias

from comity.policy.framework_form import FrameworkReading, read_framework
from comity.policy.frameworks import Aspect, Framework, Part, Stage, Text
from comity.policy.tree import Mapping, Node, Scalar, Sequence

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"


def plain(framework: Framework) -> dict[str, Plain]:
    """Give a framework as the maps, lists and texts of its file; what is empty is left out."""
    own = framework.language
    found: dict[str, Plain] = {
        "framework": framework.id,
        "edition": framework.edition,
        "name": plain_text(framework.name, own),
        "owner": framework.owner,
        "language": own,
        "about": plain_text(framework.about, own),
        "levels": list(framework.levels),
        "licence": framework.licence,
        "sources": list(framework.sources),
        "stages": [_stage(one, own) for one in framework.stages],
        "parts": [_part(one, framework) for one in framework.parts],
    }
    return _filled(found)


def _filled(found: dict[str, Plain]) -> dict[str, Plain]:
    return {key: value for key, value in found.items() if value}


def plain_text(said: Text, own: str) -> Plain:
    """Give a text as one string where it is in the own language alone, else as a map of languages."""
    return said[0][1] if len(said) == 1 and said[0][0] == own else dict[str, Plain](said)


def _stage(stage: Stage, own: str) -> Plain:
    return _filled({"id": stage.id, "name": plain_text(stage.name, own), "means": plain_text(stage.means, own)})


def _part(part: Part | Aspect, of: Framework) -> Plain:
    own = of.language
    found: dict[str, Plain] = {"id": part.id, "name": plain_text(part.name, own), "about": plain_text(part.about, own)}
    if isinstance(part, Part):
        return _filled(found) | {"parts": [_part(one, of) for one in part.parts]}
    found |= {"basis": part.basis, "floor": [plain_text(one, own) for one in part.floor]}
    return _filled(found) | {"indicators": _indicators(part, of)}


def _indicators(aspect: Aspect, of: Framework) -> dict[str, Plain]:
    found: dict[str, dict[str, Plain]] = {}
    for one in aspect.indicators:
        found.setdefault(of.stages[one.stage].id, {})[one.id] = plain_text(one.text, of.language)
    return dict[str, Plain](found)


def canonical(framework: Framework) -> str:
    """Write a framework as JSON in the one form whose digest names its content."""
    return json.dumps(plain(framework), ensure_ascii=False, separators=(",", ":"))


def digest(framework: Framework) -> str:
    """Give the SHA-256 of the canonical form, in hexadecimal digits."""
    return hashlib.sha256(canonical(framework).encode()).hexdigest()


def read(content: str) -> FrameworkReading:
    """Read the canonical form. Its places are not those of a file."""
    return read_framework(_planted(json.loads(content)))


def _planted(value: Plain) -> Node:
    match value:
        case dict():
            return Mapping(tuple((Scalar(key), _planted(inner)) for key, inner in value.items()))
        case list():
            return Sequence(tuple(_planted(inner) for inner in value))
        case _:
            return Scalar(value)


_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_.+/-]*(?: [A-Za-z0-9_.+/(),;’-]+)*")
_GUESSED = frozenset({"yes", "no", "true", "false", "on", "off", "null", "y", "n"})
_WIDEST = 118


def yaml(framework: Framework) -> str:
    """Write a framework as a YAML file, one part, stage and indicator a line or more."""
    return write(plain(framework))


def write(entries: dict[str, Plain]) -> str:
    """Write maps, lists and texts as YAML, every scalar such that any reader takes it for text."""
    return "\n".join(_map(entries, "")) + "\n"


def _map(entries: dict[str, Plain], pad: str) -> Iterator[str]:
    for key, value in entries.items():
        head = f"{pad}{_scalar(key)}:"
        if isinstance(value, str):
            yield f"{head} {_scalar(value)}"
        elif len(flow := f"{head} {_flow(value)}") <= _WIDEST and (pad == "" or isinstance(value, list) or not value):
            yield flow
        else:
            yield head
            yield from _map(value, pad + "  ") if isinstance(value, dict) else _list(value, pad + "  ")


def _list(members: list[Plain], pad: str) -> Iterator[str]:
    for one in members:
        if isinstance(one, str) or not one:
            yield f"{pad}- {_flow(one)}"
            continue
        lines = _map(one, pad + "  ") if isinstance(one, dict) else _list(one, pad + "  ")
        yield f"{pad}- {next(lines).strip()}"
        yield from lines


def _flow(value: Plain) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{_scalar(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case _:
            return _scalar(value) if "," not in value else json.dumps(value, ensure_ascii=False)


def _scalar(text: str) -> str:
    bare = _BARE.fullmatch(text) and text.lower() not in _GUESSED and not text.endswith(",")
    return text if bare else json.dumps(text, ensure_ascii=False)
