"""What a document has named and told so far, by which later words are understood: “it”, “the Convention”, “did not”."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from comity.claims.bonds import TREATIES
from comity.claims.register import Act, Nature
from comity.claims.statements import Named


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done to a thing at a place of the sentence, whoever does it: others may be said to do it too."""

    at: int
    act: Act
    thing: Named


@dataclass(slots=True)
class Memory:
    """What a document has named so far."""

    parties: tuple[Named, ...] = ()
    """The last subject that was a state, or several."""
    parties_block: int = -1
    """Where the paragraph of that subject begins."""
    things: list[Named] = field(default_factory=list)
    """All things, the last one last."""
    here: list[Named] = field(default_factory=list)
    """Those of this paragraph."""
    before: Named | None = None
    """The treaty that the paragraph before named last."""
    last: tuple[Named, ...] = ()
    """Those of the last sentence that named any."""
    called: dict[str, Named] = field(default_factory=dict)
    """What “the Convention”, “the Protocol” stood for last, where it was plain."""
    pair: tuple[Named, ...] = ()
    """The two states that were last named together, as “A and B”."""
    speaker: Named | None = None
    """The state that the text says “we” for."""
    topic: Named | None = None
    """The state that the document is about, where one stands out."""
    sole: Named | None = None
    """The only treaty that the whole document names."""
    lead: Named | None = None
    """The treaty that the document opens with, where it names others but once."""
    bodies: tuple[Named, ...] = ()
    """The bodies of the last sentence that named any, in this paragraph or the one before."""
    defined: dict[str, Named] = field(default_factory=dict)
    """What the document itself says that “the Convention” stands for in it."""
    at_hand: Named | None = None
    """The treaty that was named last in this paragraph, where it was the only one."""
    deeds: list[Deed] = field(default_factory=list)
    """What the last sentence of this paragraph that told of any deed told of."""
    last_deed: Deed | None = None
    """What the sentence just before told of last, in this paragraph; None where it went on to something else."""
    block: int = -1
    """Where the paragraph of the last sentence begins."""

    def begin(self, block: int) -> None:
        """Begin another paragraph: what was at hand in the one before no longer is."""
        if self.block != block:
            treaties = [one for one in self.here if one.nature in TREATIES]
            self.before = treaties[-1] if treaties else None
            self.block, self.at_hand, self.deeds, self.last_deed, self.here = block, None, [], None, []

    def note_things(self, named: Iterable[Named]) -> None:
        """Remember the things of a sentence in the order of their naming, the last one last."""
        noted = list(dict.fromkeys(named))
        for one in noted:
            for kept in (self.things, self.here):
                if one in kept:
                    kept.remove(one)
                kept.append(one)

    def note_last(self, named: Iterable[Named]) -> None:
        """Remember what a sentence named or told of, for the “it” of the next one."""
        self.last = tuple(one for one in dict.fromkeys(named) if not one.is_party) or self.last

    def thing(self, natures: Sequence[Nature]) -> Named | None:
        """Give the last thing of one of these natures."""
        return next((one for one in reversed(self.things) if one.nature in natures), None)

    def meant(self, word: str, natures: Sequence[Nature]) -> Named | None:
        """Give what “the Convention” stands for: the last of this paragraph, else the only one, else as before."""
        if word in self.defined:
            return self.defined[word]
        here = [one for one in self.here if one.nature in natures]
        whole = [one for one in self.things if one.nature in natures]
        if here or (whole and not TREATIES.intersection(natures)):
            return next(iter([*here[-1:], *whole[-1:]]), None)
        if not TREATIES.intersection(natures):
            return None
        before = self.before if self.before is not None and self.before.nature in natures else None
        sole = self.sole if self.sole is not None and self.sole.nature in natures else None
        return whole[0] if len(whole) == 1 else before or self.called.get(word) or (sole if not whole else None)

    def only_treaty(self) -> Named | None:
        """Give the treaty of a document that has named no other one so far, but its protocols."""
        treaties = [one for one in self.things if one.nature is Nature.TREATY]
        return treaties[0] if len(treaties) == 1 and treaties[0].ref else None

    def it(self) -> Named | None:
        """Give what “it” stands for: what the last sentence named, or of several treaties what it told of last."""
        if len({one for one in self.last if one.nature in TREATIES}) > 1:
            return self.last_deed.thing if self.last_deed is not None else None
        last = self.last[-1] if self.last else None
        return last if last is None or last in self.here or last.nature in TREATIES else None
