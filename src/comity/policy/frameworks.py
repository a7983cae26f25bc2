"""Frameworks as data: a model of parts inside parts down to what is staged, and the indicators of each of its stages.

A maturity model (the Oxford CMM: dimension → factor → aspect) and a plain list (norms, articles of a convention) have
the same shape: the list has one level and one stage above its floor. What is staged is called an *aspect* here,
whatever the framework's own word for it (`levels` keeps that word).
"""

from collections.abc import Iterator
from dataclasses import dataclass

Text = tuple[tuple[str, str], ...]
"""One text in several languages: (language, words) pairs, the framework’s own language first, the others by code."""


def words(text: Text, language: str = "") -> str:
    """Give a text in a language, or in the framework’s own where it is not translated."""
    for code, said in text:
        if code == language:
            return said
    return text[0][1] if text else ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its id, what it is called, what it means. The first of a framework is its floor."""

    id: str
    name: Text
    means: Text = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """What can be evidenced or not. `stage` is the place of its stage in the framework’s order, from 1."""

    id: str
    text: Text
    stage: int


@dataclass(frozen=True, slots=True)
class Aspect:
    """What is staged: its indicators in the order of stages, and what the floor looks like.

    `basis` says how sure the published source of its ladder is, in one word (`direct`, `split`…) or empty; `about` is
    what it asks for in a few sentences, where its name does not say it.
    """

    id: str
    name: Text
    indicators: tuple[Indicator, ...]
    floor: tuple[Text, ...] = ()
    basis: str = ""
    about: Text = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A dimension, a factor, or whatever a framework calls what holds others."""

    id: str
    name: Text
    parts: tuple["Part | Aspect", ...]
    about: Text = ()

    def aspects(self) -> Iterator[Aspect]:
        """Yield every aspect inside, in order."""
        for part in self.parts:
            if isinstance(part, Aspect):
                yield part
            else:
                yield from part.aspects()


@dataclass(frozen=True, slots=True)
class Framework:
    """One edition of a framework. Its content is fixed: what differs is another edition."""

    id: str
    edition: str
    name: Text
    owner: str
    levels: tuple[str, ...]
    stages: tuple[Stage, ...]
    parts: tuple[Part | Aspect, ...]
    licence: str = ""
    sources: tuple[str, ...] = ()
    about: Text = ()

    @property
    def language(self) -> str:
        """Return the framework’s own language, in which every text of it stands."""
        return self.name[0][0]

    def aspects(self) -> Iterator[Aspect]:
        """Yield every aspect, in order."""
        yield from Part("", (), self.parts).aspects()

    def indicators(self) -> Iterator[Indicator]:
        """Yield every indicator, in order."""
        for aspect in self.aspects():
            yield from aspect.indicators

    def depth(self, level: int) -> Iterator[Part | Aspect]:
        """Yield the parts of one level, 0 the outermost, in order."""
        found: list[Part | Aspect] = list(self.parts)
        for _ in range(level):
            found = [inner for part in found if isinstance(part, Part) for inner in part.parts]
        yield from found
