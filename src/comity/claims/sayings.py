"""One sentence under reading: what its rules share, and how they put down a statement."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from comity.claims.kinds import NOUN_NATURES
from comity.claims.memory import Deed, Memory
from comity.claims.phrases import Phrase, Shape, Verb
from comity.claims.register import Act, Nature, Period, Register
from comity.claims.sentences import Sentence
from comity.claims.statements import Named, Sense, Statement
from comity.claims.subjects import Subjects
from comity.claims.tokens import Tag, Token

_LISTING: Final = frozenset({"including", "like"})
_LISTING_ADVERBS: Final = frozenset({"notably", "namely", "specifically", "particularly", "especially", "mainly"})
_MOST_UNKNOWN: Final = 2
_QUOTES: Final = frozenset("\"“”«»'’")


@dataclass(frozen=True, slots=True)
class Said:
    """How a verb is meant: whose place, sense and dates a statement takes."""

    at: int
    sense: Sense
    negated: bool = False
    by: str = ""
    when: Period | None = None
    as_of: Period | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A list that the next sentence gives: “… has signed several agreements. These include …”."""

    subjects: tuple[Named, ...]
    act_for: Callable[[Nature | None], Act | None]
    said: Said
    thing: Named | None = None
    """The thing, where it is the parties that are listed."""


class Reading(Subjects):
    """A sentence, its names, and the statements found in it so far."""

    def __init__(self, sentence: Sentence, phrases: Sequence[Phrase], register: Register, memory: Memory) -> None:
        """Take one sentence, in the light of the document so far."""
        super().__init__(sentence, phrases, register, memory)
        self.found: list[Statement] = []
        self.pending: Pending | None = None
        self.things: list[Named] = []
        self.deeds: list[Deed] = []

    def verbs(self) -> Iterator[tuple[int, Verb]]:
        """Give every verb group with its place."""
        for at, phrase in enumerate(self.clauses.phrases):
            if isinstance(phrase, Verb):
                yield at, phrase

    # How it is meant

    def said(self, at: int, until: int | None = None) -> Said:
        """Give the sense and the dates of the verb at a place."""
        sense, negated, by = self.clauses.sense(at)
        when, as_of = self.clauses.dates(at, self.clauses.end_of_scope(at) if until is None else until)
        return Said(at, sense, negated, by, when, as_of)

    def turned(self, said: Said, *, denied: bool) -> Said:
        """Turn a saying round where a word of its own denies it: “neither a party”, “a non-member”."""
        if not denied:
            return said
        sense = {Sense.STATED: Sense.DENIED, Sense.DENIED: Sense.STATED}.get(said.sense, said.sense)
        return Said(said.at, sense, not said.negated, said.by, said.when, said.as_of)

    def say(
        self,
        act: Act,
        subject: Named | None,
        thing: Named | None,
        said: Said,
        *,
        partner: Named | None = None,
        topic: str = "",
    ) -> None:
        """Put down a statement."""
        phrase = self.clauses.phrases[said.at]
        unsure = said.sense is Sense.STATED and self.clauses.one_or_other(said.at)
        if unsure or self._in_scare_quotes(phrase.tokens[-1]):
            return
        if thing is not None and partner is None:
            self.deeds.append(Deed(said.at, act, thing))
        self.found.append(
            Statement(
                act,
                subject,
                thing,
                said.sense,
                self.sentence.start,
                self.sentence.end,
                phrase.start,
                phrase.end,
                self.sentence.text,
                partner,
                said.when,
                said.as_of,
                topic,
                said.negated,
                said.by,
            )
        )

    def _in_scare_quotes(self, token: Token) -> bool:
        """Tell whether a verb alone stands in quotes: Kenya “ratified” the norms, as somebody else would say."""
        text, start, end = self.sentence.text, token.start - self.sentence.start, token.end - self.sentence.start
        return text[max(0, start - 1) : start] in _QUOTES and text[end : end + 1] in _QUOTES

    # What

    def object_place(self, at: int) -> tuple[int | None, tuple[str, ...]]:
        """Give the place of the first noun phrase after a verb and the prepositions between."""
        clauses, place, between = self.clauses, at + 1, list[str]()
        while clauses.shape(place) in {Shape.PREPOSITION, Shape.ADVERB}:
            if clauses.shape(place) is Shape.PREPOSITION:
                between.append(clauses.low(place))
            place += 1
        if clauses.shape(place) in {Shape.CONJUNCTION, Shape.COMMA} and not between:
            shared = place
            while clauses.shape(shared) in {Shape.CONJUNCTION, Shape.COMMA, Shape.ADVERB}:
                shared += 1
            if clauses.verb(shared) is not None and clauses.chained(shared) == at:
                return self.object_place(shared)
        return (place if clauses.shape(place) is Shape.NOUN else None), tuple(between)

    def things_from(
        self, place: int, *, bodies: bool = False, cities: bool | None = None
    ) -> list[tuple[Named, int, int]]:
        """Name the things of a list that begins at a place.

        Each with its place and the place after what hangs on it. With `bodies`, a name in capitals that nobody knows is
        that of a body. With `cities`, a city may stand for its treaty; where it is True, if that was named before.
        """
        clauses, found, unknown, neither = self.clauses, list[tuple[Named, int, int]](), 0, False
        at: int | None = place
        while at is not None and clauses.shape(at) is Shape.NOUN:
            named = self._pronoun_thing(at) if clauses.phrases[at].head.tag is Tag.PRONOUN else self.naming.thing(at)
            named = named or (self.naming.body(at) if bodies else None)
            named = named or (self.naming.city(at, named=cities) if cities is not None else None)
            after = self.past_its_tail(at)
            neither = neither or clauses.phrases[at].tokens[0].low == "neither" or clauses.low(at - 1) == "neither"
            if named is not None:
                negated = clauses.low(at - 1) == "not" or neither
                found.append((Named(named.ref, named.text, named.is_party, named.nature, negated), at, after))
            else:
                unknown += 1
                if not found or unknown > _MOST_UNKNOWN:
                    break
            at = self.next_item(after, beside=False)
        return found

    def _pronoun_thing(self, at: int) -> Named | None:
        if self.clauses.low(at) not in {"it", "this"}:
            return None
        here = self.things_before(at)
        last = here[-1] if here else self.memory.it()
        return last if last is not None and last.nature not in {Nature.LAW, Nature.STRATEGY, Nature.BODY} else None

    def things_before(self, at: int) -> list[Named]:
        """Name the things of this sentence before a place."""
        return [
            thing
            for place in self.clauses.nouns(0, at)
            if (thing := self.naming.thing(place)) is not None and not thing.is_party
        ]

    def listed(self, place: int) -> int | None:  # noqa: PLR0911 (a line a way to begin)
        """Give the place where the list of a general noun begins: “several treaties that …, including X and Y”."""
        clauses = self.clauses
        for at in range(place + 1, len(clauses.phrases) - 1):
            low, shape = clauses.low(at), clauses.shape(at)
            if shape is Shape.STOP:
                return None
            if shape is Shape.PREPOSITION and low in _LISTING:
                return at + 1
            if low == "such" and clauses.low(at + 1) == "as":
                return at + 2
            if (shape is Shape.ADVERB and low in _LISTING_ADVERBS) or shape is Shape.COLON:
                return at + 1 if clauses.shape(at + 1) is Shape.NOUN else None
            if low == "among" and clauses.low(at + 1) in {"them", "these"}:
                return at + 3 if clauses.shape(at + 2) is Shape.COMMA else at + 2
            verb = clauses.verb(at)
            if verb is not None and verb.finite and clauses.shape(at - 1) is not Shape.RELATIVE:
                return None
        return None

    def general(self, place: int) -> bool:
        """Tell whether a noun phrase is a general word for things in the plural: treaties, conferences, programmes."""
        at = place
        while True:
            head = self.clauses.phrases[at].head
            if head.low.endswith("s") and singular(head.low) in NOUN_NATURES:
                return True
            if self.clauses.shape(at + 1) is not Shape.CONJUNCTION or self.clauses.shape(at + 2) is not Shape.NOUN:
                return False
            at += 2

    def announces(self, place: int) -> bool:
        """Tell whether a general noun announces a list that is still to come."""
        phrase = self.clauses.phrases[place]
        return "following" in phrase.lows or phrase.tokens[0].low not in {"the", "no", "any"}

    def text(self, start: int, end: int) -> str:
        """Give the words from one place up to another, as they stand."""
        if start >= end or start >= len(self.clauses.phrases):
            return ""
        first, last = self.clauses.phrases[start].start, self.clauses.phrases[end - 1].end
        return " ".join(self.sentence.text[first - self.sentence.start : last - self.sentence.start].split())


def singular(word: str) -> str:
    """Give a noun's singular, as far as this field's nouns go."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("sses"):
        return word[:-2]
    return word.removesuffix("s") if not word.endswith("ss") else word
