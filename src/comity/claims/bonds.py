"""What joining, signing or hosting means for a thing of each nature; None where the words say nothing of it."""

from collections.abc import Callable, Mapping
from typing import Final

from comity.claims.register import Act, Nature

TREATIES: Final = frozenset({Nature.TREATY, Nature.PROTOCOL, Nature.AGREEMENT})
POLITICAL: Final = frozenset(
    {Nature.PLEDGE, Nature.DECLARATION, Nature.NORMS, Nature.MEASURES, Nature.RESOLUTION, Nature.MANUAL}
)
_MEETING: Final = frozenset(
    {Nature.EVENT, Nature.PROCESS, Nature.EXPERT_GROUP, Nature.MODEL, Nature.INDEX, Nature.MECHANISM}
)
_OWN: Final = frozenset({Nature.LAW, Nature.STRATEGY, Nature.PLAN})

_JOINED: Final[Mapping[Nature, Act]] = {
    **dict.fromkeys(TREATIES, Act.PARTY),
    **dict.fromkeys(POLITICAL, Act.ENDORSED),
    **dict.fromkeys(_MEETING, Act.TOOK_PART),
    Nature.BODY: Act.MEMBER,
    Nature.INITIATIVE: Act.MEMBER,
    Nature.MECHANISM: Act.MEMBER,
}
LEGAL: Final = frozenset(Nature) - _OWN


def always(act: Act, nature: Nature | None) -> Act | None:
    """Give the act itself for all that states join together, and nothing for a law or strategy of their own."""
    return act if nature in LEGAL else None


def join(nature: Nature | None) -> Act | None:
    """Say what “joined” means: party to a treaty, member of a body, at a meeting."""
    return _JOINED.get(nature) if nature is not None else None


def endorse(nature: Nature | None) -> Act | None:
    """Say what “endorsed” or “supports” means; of a treaty it is no act of law."""
    return Act.ENDORSED if nature in POLITICAL or nature is Nature.INITIATIVE else None


def take_part(nature: Nature | None) -> Act | None:
    """Say what “took part in” means."""
    if nature in _MEETING or nature in {Nature.INITIATIVE, Nature.BODY}:
        return Act.TOOK_PART
    return Act.PARTY if nature in TREATIES else None


def host(nature: Nature | None) -> Act | None:
    """Say what “hosted” means: only a meeting has a host."""
    return Act.HOSTED if nature in {Nature.EVENT, Nature.PROCESS} else None


def member(nature: Nature | None) -> Act | None:
    """Say what “a member of” means."""
    return Act.MEMBER if nature in {Nature.BODY, Nature.INITIATIVE, Nature.EVENT} else join(nature)


ActFor = Callable[[Nature | None], Act | None]
