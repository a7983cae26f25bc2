"""Whom a noun phrase names, with who was named before it: “the country”, “both governments”, “it”, “they”, “we”.

A memory of the document so far settles who is meant. Where two could be, none is.
"""

from collections.abc import Sequence
from typing import Final

from comity.claims.clauses import Clauses
from comity.claims.gazetteer import Mention, What
from comity.claims.kinds import NAMED_NATURES
from comity.claims.memory import Memory
from comity.claims.phrases import Phrase, Shape
from comity.claims.register import PartyKind, Register
from comity.claims.statements import Named
from comity.claims.tokens import Tag, Token
from comity.claims.words import PLAN_NOUNS, bag

_GOVERNMENT: Final = bag(
    "government governments authorities administration parliament cabinet senate legislature president premier "
    "minister ministers ministry "
    "delegation delegations delegate delegates ambassador representative representatives officials state nation "
    "republic kingdom "
    "island islands diplomats leader leaders king queen assembly congress envoy lawmakers mps archipelago people "
    "federation union "
    "commonwealth principality representation attorney secretary chancellor colleague counterpart counterparts "
    "embassy mission parliamentarians legislators senators deputies"
)
_STATE_WORDS: Final = bag(
    "country nation state archipelago island islands republic kingdom government administration authorities "
    "parliament cabinet legislature "
    "principality sultanate federation"
)
_ANY: Final = frozenset({"a", "any", "each", "every", "no", "another"})
_BEHIND: Final = frozenset({"of", "from", "for"})
_SEVERAL: Final = bag("countries nations states governments both two three four five six parties sides islands")
_OTHERS: Final = bag(
    "most many several some all members states countries nations others partners neighbours neighbors allies "
    "organisations"
)
NOT_THE_ONE: Final = bag(
    "other another first second third only latest last host neighbouring neighboring partner donor receiving "
    "requesting requested "
    "every each any no same member third-party previous next one former host accused new federal islamic welfare "
    "nation-state older newer earlier"
)
_PAIR: Final = 2


class Parties:
    """Who is named in one sentence."""

    def __init__(self, clauses: Clauses, register: Register, memory: Memory) -> None:
        """Take the sentence, what is known, and what was said before."""
        self.clauses = clauses
        self.register = register
        self.memory = memory

    def parties(self, places: Sequence[int], *, acting: bool = True) -> tuple[Named, ...]:
        """Name the parties at these places; empty where one of them is none."""
        found: list[Named] = []
        for place in places:
            named = self.party(place, acting=acting)
            beside = self.clauses.phrases[place].head
            among = beside.text[:1].isupper() or beside.low in _OTHERS  # “the Union and most of its members”
            if not named and not (len(places) > 1 and among):
                return ()
            found.extend(one for one in named if one not in found)
        return tuple(found)

    def party(self, place: int, *, acting: bool = True) -> tuple[Named, ...]:
        """Name the party that a noun phrase stands for; several for “both countries”."""
        phrase = self.clauses.phrases[place]
        if phrase.head.tag is Tag.PRONOUN:
            return self._pronoun(phrase)
        if self.clauses.low(place - 1) == "whose":
            return self._whose(place) if phrase.lows & _GOVERNMENT else ()
        direct = self._named_party(phrase, acting=acting)
        if direct is not None:
            return (direct,)
        other = self._ours(phrase, place) or self._apposed(phrase, place)
        if other is not None:
            return (other,)
        if phrase.lows & _GOVERNMENT or _office(phrase):
            behind = self._behind(place)
            if behind:
                return behind
        return self._anaphor(phrase, place)

    def _ours(self, phrase: Phrase, place: int) -> Named | None:
        """Read “our government” and “my country” where the text says for whom it speaks."""
        if phrase.tokens[0].low not in {"our", "my"} or phrase.inner or self.clauses.low(place + 1) in _BEHIND:
            return None
        return self.memory.speaker if phrase.head.low in _STATE_WORDS or _office(phrase) else None

    def _apposed(self, phrase: Phrase, place: int) -> Named | None:
        """Read “Grenada, the only country of the region that …”: who it is stands before the comma."""
        if phrase.head.low not in _STATE_WORDS or phrase.tokens[0].low not in {"the", "a", "an"} or phrase.inner:
            return None
        if self.clauses.shape(place - 1) is not Shape.COMMA or self.clauses.shape(place - 2) is not Shape.NOUN:
            return None
        return self._named_party(self.clauses.phrases[place - 2], acting=False)

    def _whose(self, place: int) -> tuple[Named, ...]:
        """Read “The Gambia, whose parliament …”."""
        before = place - 2
        while self.clauses.shape(before) is Shape.COMMA:
            before -= 1
        named = (
            self._named_party(self.clauses.phrases[before], acting=False)
            if self.clauses.shape(before) is Shape.NOUN
            else None
        )
        return (named,) if named is not None else ()

    def _named_party(self, phrase: Phrase, *, acting: bool) -> Named | None:
        mention = phrase.mention
        if mention is not None and mention.what is What.PARTY:
            return self.of_mention(mention) if _bare_before(phrase) else None
        if mention is not None and mention.what is What.CAPITAL:
            alone = len(phrase.tokens) == 1
            return self.of_mention(mention) if alone and acting else None
        office = _office(phrase) or phrase.head.low in PLAN_NOUNS  # “Kenya’s failure to ratify”
        owners = [one for one in phrase.inner if one.what in {What.PARTY, What.ADJECTIVE}]
        if office and len({one.ref for one in owners}) == 1:
            return self.of_mention(owners[0])
        return None

    def of_mention(self, mention: Mention) -> Named:
        """Name the party of a mention."""
        known = self.register.party_by.get(mention.ref)
        return Named(mention.ref, known.name if known else mention.text, is_party=True)

    def _behind(self, place: int) -> tuple[Named, ...]:
        """Read “the government of Kenya”, “a delegation from Kenya and Uganda”."""
        if self.clauses.low(place + 1) not in _BEHIND:
            return ()
        found: list[Named] = []
        at = place + 2
        while self.clauses.shape(at) is Shape.NOUN:
            named = self._named_party(self.clauses.phrases[at], acting=False)
            if named is None:
                break
            found.append(named)
            if self.clauses.shape(at + 1) is not Shape.CONJUNCTION:
                break
            at += 2
        return tuple(found)

    def _last(self, phrase: Phrase, *, states: bool = False) -> tuple[Named, ...]:
        """Give the last subject that was a party: in this sentence before the phrase, else in those before it."""
        found: tuple[Named, ...] = ()
        for place, other in enumerate(self.clauses.phrases):
            if other.start >= phrase.start:
                break
            verb = self.clauses.verb(place)
            places = self.clauses.subject(place) if verb is not None and verb.finite else ()
            if not places or any(self.clauses.phrases[one].start >= phrase.start for one in places):
                continue
            named = [
                one for at in places if (one := self._named_party(self.clauses.phrases[at], acting=False)) is not None
            ]
            if len(named) == len(places) and (not states or all(self._is_state(one) for one in named)):
                found = tuple(named)
        return found or self.memory.parties

    def last_two(self, at: int) -> tuple[Named, ...]:
        """Give the two whom “neither has signed” means; none where the last subject was not two states."""
        last = self._last(self.clauses.phrases[at], states=True)
        return last if len(last) == _PAIR else self.memory.pair if not last else ()

    def _pronoun(self, phrase: Phrase) -> tuple[Named, ...]:
        last = self._last(phrase)
        word = phrase.head.low
        if word in {"we", "i", "us", "me"}:
            label = self.clauses.labelled() if self.memory.speaker is None else None
            named = self._named_party(self.clauses.phrases[label], acting=False) if label is not None else None
            speaking = self.memory.speaker or named
            return (speaking,) if speaking is not None else ()
        if word == "it":
            return last if len(last) == 1 and not self._of_any(phrase) else ()
        if word in {"they", "both", "them"}:
            pair = self.memory.pair if word == "both" else ()
            return last if len(last) > 1 else pair
        return ()

    def _of_any(self, phrase: Phrase) -> bool:
        """Tell whether “it” is any state: “A state may accede, if it is invited”."""
        before = [one for one in self.clauses.phrases if one.start < phrase.start and one.shape is Shape.NOUN]
        named = any(one.mention is not None and one.mention.what is What.PARTY for one in before)
        return not named and any(one.tokens[0].low in _ANY and one.head.low in _STATE_WORDS for one in before)

    def _anaphor(self, phrase: Phrase, place: int) -> tuple[Named, ...]:  # noqa: PLR0911 (a line a rule)
        lows = phrase.lows
        if phrase.tokens[0].low in {"both", "neither"} or "two" in phrase.lows:
            whose = self._last(phrase, states=True) if phrase.tokens[0].low != "neither" else ()
            pair = whose if len(whose) == _PAIR else self.memory.pair
            return pair if phrase.head.low in _SEVERAL | {"country", "state", "government", "side"} else ()
        if (
            phrase.tokens[0].low not in {"the", "this", "both", "its", "these", "cabinet", "parliament"}
            or lows & NOT_THE_ONE
        ):
            return ()
        if any(mention.what is not What.ADJECTIVE for mention in phrase.inner):
            return ()
        if self.clauses.low(place + 1) == "of":
            return ()
        last = self._last(phrase, states=True)
        if phrase.head.low in _SEVERAL and (
            phrase.tokens[0].low in {"both", "these"} or lows & {"two", "three", "four"}
        ):
            return last if len(last) > 1 else ()
        if phrase.head.low in _STATE_WORDS:
            organ = phrase.head.low in {"parliament", "cabinet"}
            here = last != self.memory.parties or self.memory.parties_block == self.memory.block
            if organ and self.memory.speaker is not None:
                return (self.memory.speaker,)
            if len(last) == 1 and self._is_state(last[0]) and (here or not organ):
                return last
            return (self.memory.topic,) if self.memory.topic and (organ or not last) else ()
        return ()

    def _is_state(self, named: Named) -> bool:
        known = self.register.party_by.get(named.ref)
        return known is None or known.kind is PartyKind.STATE


def _office(phrase: Phrase) -> bool:
    """Tell whether a phrase is a government or one who acts for it, with or without a personal name after it."""
    offices = [place for place, token in enumerate(phrase.tokens) if token.low in _GOVERNMENT]
    if not offices:
        return False
    rest: Sequence[Token] = phrase.tokens[offices[-1] + 1 :]
    return all(token.text[:1].isupper() and token.tag is Tag.NOUN and token.low not in NAMED_NATURES for token in rest)


def _bare_before(phrase: Phrase) -> bool:
    """Tell whether nothing before a state's name makes it another's: “Bank Jamaica”, “Team Canada”."""
    before = [token for token in phrase.tokens[:-1] if token.tag in {Tag.NOUN, Tag.NAME, Tag.GENITIVE}]
    if any(token.tag is Tag.GENITIVE for token in before):
        return False
    return all(
        token.text[:1].islower() or token.mention is not None or token.low in {"caribbean", "african", "european"}
        for token in before
    )
