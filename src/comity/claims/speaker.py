"""For which state a text speaks in the first person: “my country”, “we signed”, where it says who is speaking.

A speech, a statement or a government's own page. What stands in quotation marks is somebody else's voice and says
nothing of it; where two states could be speaking, none does.
"""

import re
from collections.abc import Sequence
from typing import Final

from comity.claims.gazetteer import Mention, What
from comity.claims.register import PartyKind, Register
from comity.claims.statements import Named

_QUOTED: Final = re.compile(r"“[^”\n]{0,2000}”|\"[^\"\n]{0,2000}\"|«[^»\n]{0,2000}»")
_FIRST: Final = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|[Mm]y)\b")
_STATE: Final = r"(?:country|nation|state|republic|kingdom|government|people|islands?|delegation|parliament)"
_OURS: Final = re.compile(rf"\b(?:[Mm]y|[Oo]ur) {_STATE}\b", re.IGNORECASE)
_GOVERNING: Final = (
    r"(?:(?:the )?(?:\w+ )?(?:Government|people|Republic|Kingdom|delegation|State|nation) "
    r"(?:and (?:the )?people )?of )?"
)
_BEFORE: Final = (
    re.compile(rf"\bon behalf of {_GOVERNING}(?:the )?$", re.IGNORECASE),
    re.compile(rf"\b(?:my|our) {_STATE}(?: of|,)? (?:the )?$", re.IGNORECASE),
    re.compile(r"\b[Ww]e (?:in|, the (?:government|people|delegation) of) (?:the )?$"),
    re.compile(r"\bI speak (?:today )?for (?:the )?$"),
)
_AFTER: Final = re.compile(r", (?:my|our) (?:own )?(?:country|nation|homeland|republic)\b")
_OPENING: Final = 500
"""Characters of a text in which its title and its speaker stand."""
_HEADED: Final = re.compile(
    r"\b(?:statement|speech|remarks|address|intervention|keynote|lecture|op-?ed|message)\b", re.IGNORECASE
)


_OFTEN: Final = 3
"""How often a text without “my country” says “we” or “our” before it is taken for a speech."""


def speaker(text: str, mentions: Sequence[Mention], register: Register, topic: Named | None) -> Named | None:
    """Name the state whose “we” a text is; None where it has none, or where that is not plain."""
    own = _QUOTED.sub(lambda quoted: " " * len(quoted.group()), text)
    if not _OURS.search(own) and len(_FIRST.findall(own)) < _OFTEN:
        return None
    states = [one for one in mentions if one.what is What.PARTY and _is_state(one.ref, register)]
    told = {one.ref for one in states if _says_so(own, one)}
    if not told and _HEADED.search(own[:_OPENING]):
        told = {one.ref for one in states if one.end <= _first_own(own)}
    if not told and _OURS.search(own):
        return topic
    if len(told) != 1:
        return None
    code = next(iter(told))
    known = register.party_by.get(code)
    return Named(code, known.name if known else code, is_party=True)


def _first_own(text: str) -> int:
    """Give where the first person begins; what stands before it is the heading."""
    found = _FIRST.search(text)
    return min(found.start() if found else 0, _OPENING)


def _is_state(code: str, register: Register) -> bool:
    known = register.party_by.get(code)
    return known is None or known.kind is PartyKind.STATE


def _says_so(text: str, mention: Mention) -> bool:
    before, after = text[max(0, mention.start - 90) : mention.start], text[mention.end : mention.end + 40]
    before = " ".join(before.split()) + " "
    if any(one.search(before) for one in _BEFORE):
        sentence = text[max(text.rfind(".", 0, mention.start), 0) : text.find(".", mention.end)]
        return _FIRST.search(sentence) is not None
    return _AFTER.match(after) is not None
