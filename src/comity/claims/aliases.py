"""Names that a document itself gives: “the Convention on Cybercrime (“the Convention”)”, “… (hereinafter UNCC)”.

Such a name holds in that document alone. A word such as “the Convention” is kept for what “the Convention” stands for;
a name of its own is found like any other.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from comity.claims.gazetteer import Mention, What
from comity.claims.kinds import NOUN_NATURES
from comity.claims.register import Register
from comity.claims.statements import Named

_DEFINED: Final = re.compile(
    r"\s*(?:\([^()“”\"\n]{1,40}\)\s*)?"  # “(ETS No. 185)”
    r"\((?:[^()“”\"\n]{0,40}?)[“\"\u2018](?:[Tt]he )?([A-Z][\w.’' -]{1,40}?)[”\"’][^()\n]{0,40}\)"
)
_SHORTENED: Final = re.compile(r"\s*\((?:the |hereinafter |hereafter )?([A-Z][A-Za-z]*[A-Z][A-Za-z]*|[A-Z]{3,})\)")


def aliases(text: str, mentions: Sequence[Mention]) -> Mapping[str, Mention]:
    """Give each name that the text defines behind another one, with that one; a name for two things means neither."""
    found: dict[str, Mention] = {}
    twice = set[str]()
    named = {one.text for one in mentions}
    for one in mentions:
        if one.what is not What.THING:
            continue
        said = _DEFINED.match(text, one.end) or _SHORTENED.match(text, one.end)
        name = " ".join(said.group(1).split()) if said else ""
        if not name or name in named:
            continue
        if name in found and found[name].ref != one.ref:
            twice.add(name)
        found[name] = one
    return {name: one for name, one in found.items() if name not in twice}


def defined(known: Mapping[str, Mention], register: Register) -> dict[str, Named]:
    """Give what “the Convention” and its like were said to stand for."""
    common = {name.lower(): one for name, one in known.items() if name.lower() in NOUN_NATURES}
    return {
        name: Named(thing.slug, thing.name, nature=thing.nature)
        for name, one in common.items()
        if (thing := register.thing_by[one.ref]).nature in NOUN_NATURES[name]
    }


def with_aliases(text: str, mentions: Sequence[Mention], known: Mapping[str, Mention]) -> tuple[Mention, ...]:
    """Add the places where a document uses its own names; what stands inside one of them is no name of its own."""
    own = [one for name, mention in known.items() if name.lower() not in NOUN_NATURES
           for one in _places(text, name, mention)]  # fmt: skip
    if not own:
        return tuple(mentions)
    inside = [one for one in mentions if any(alias.start <= one.start and one.end <= alias.end for alias in own)]
    across = [alias for alias in own if any(
        one not in inside and one.start < alias.end and alias.start < one.end for one in mentions
    )]  # fmt: skip
    kept = [one for one in mentions if one not in inside] + [alias for alias in own if alias not in across]
    return tuple(sorted(kept, key=lambda one: one.start))


def _places(text: str, name: str, mention: Mention) -> Iterable[Mention]:
    for found in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text):
        yield replace(mention, start=found.start(), end=found.end(), text=found.group())
