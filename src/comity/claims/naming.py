"""Whom and what a noun phrase names, with what was named before it: “the country”, “the Convention”, “it”, “they”.

A memory of the document so far settles what stands for something named earlier. Where two things could be meant, none
is.
"""

from collections.abc import Sequence
from typing import Final

from comity.claims.bonds import TREATIES
from comity.claims.clauses import Clauses
from comity.claims.gazetteer import Mention, What
from comity.claims.kinds import NAMED_NATURES, NOUN_NATURES
from comity.claims.memory import Memory
from comity.claims.phrases import Phrase, Shape
from comity.claims.register import Nature, Party, PartyKind, Register
from comity.claims.statements import Named
from comity.claims.tokens import Tag, Token
from comity.claims.words import WEEK, bag

GOVERNMENT: Final = bag(
    "government governments authorities administration parliament cabinet senate legislature president premier "
    "minister ministers ministry "
    "delegation delegations delegate delegates ambassador representative representatives officials state nation "
    "republic kingdom "
    "island islands diplomats leader leaders king queen assembly congress envoy lawmakers mps archipelago people "
    "federation union "
    "commonwealth principality representation attorney secretary chancellor colleague counterpart counterparts"
)
_STATE_WORDS: Final = bag(
    "country nation state archipelago island islands republic kingdom government administration authorities "
    "parliament cabinet legislature "
    "principality sultanate federation"
)
_BEHIND: Final = frozenset({"of", "from", "for"})
_SEVERAL: Final = bag("countries nations states governments both two three four five six parties sides islands")
_NOT_THE_ONE: Final = bag(
    "other another first second third only latest last host neighbouring neighboring partner donor receiving "
    "requesting requested "
    "every each any no same member third-party previous next one former host accused new federal islamic welfare "
    "nation-state"
)
_TAILS: Final = bag(
    "program programme model framework process initiative index report manual review reviews assessment convention "
    "treaty "
    "protocol agreement declaration itself text instrument methodology questionnaire exercise regime event conference"
)
_MEMORANDUM: Final = bag(
    "memorandum mou moa letter bilateral agreement treaty cooperation co-operation understanding joint"
)
_JOINING: Final = bag("of for on in against and the to de with")


_REFERRING: Final = frozenset({"said", "above", "new", "whole", "very"})
_SHORT: Final = 3
"""Words of “the agreement”, “this new treaty”; longer ones describe something else."""
_PAIR: Final = 2
_NAME_LEAST: Final = 2


class Naming:
    """Names in one sentence."""

    def __init__(self, clauses: Clauses, register: Register, memory: Memory) -> None:
        """Take the sentence, what is known, and what was said before."""
        self.clauses = clauses
        self.register = register
        self.memory = memory

    # Parties

    def parties(self, places: Sequence[int], *, acting: bool = True) -> tuple[Named, ...]:
        """Name the parties at these places; empty where one of them is none."""
        found: list[Named] = []
        for place in places:
            named = self.party(place, acting=acting)
            if not named and not (len(places) > 1 and self.clauses.phrases[place].head.text[:1].isupper()):
                return ()
            found.extend(one for one in named if one not in found)
        return tuple(found)

    def party(self, place: int, *, acting: bool = True) -> tuple[Named, ...]:
        """Name the party that a noun phrase stands for; several for “both countries”."""
        phrase = self.clauses.phrases[place]
        if phrase.head.tag is Tag.PRONOUN:
            return self._pronoun(phrase)
        if self.clauses.low(place - 1) == "whose":
            return self._whose(place) if phrase.lows & GOVERNMENT else ()
        direct = self._named_party(phrase, acting=acting)
        if direct is not None:
            return (direct,)
        other = self._ours(phrase, place) or self._apposed(phrase, place)
        if other is not None:
            return (other,)
        if phrase.lows & GOVERNMENT or _office(phrase):
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
        office = _office(phrase)
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
            return (self.memory.speaker,) if self.memory.speaker is not None else ()
        if word == "it":
            return last if len(last) == 1 else ()
        if word in {"they", "both", "them"}:
            pair = self.memory.pair if word == "both" else ()
            return last if len(last) > 1 else pair
        return ()

    def _anaphor(self, phrase: Phrase, place: int) -> tuple[Named, ...]:  # noqa: PLR0911 (a line a rule)
        lows = phrase.lows
        if phrase.tokens[0].low in {"both", "neither"} or "two" in phrase.lows:
            whose = self._last(phrase, states=True) if phrase.tokens[0].low != "neither" else ()
            pair = whose if len(whose) == _PAIR else self.memory.pair
            return pair if phrase.head.low in _SEVERAL | {"country", "state", "government", "side"} else ()
        if (
            phrase.tokens[0].low not in {"the", "this", "both", "its", "these", "cabinet", "parliament"}
            or lows & _NOT_THE_ONE
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
            if len(last) == 1 and self._is_state(last[0]):
                return last
            ours = phrase.head.low in {"parliament", "cabinet"} or not last
            return (self.memory.topic,) if self.memory.topic and ours else ()
        return ()

    def _is_state(self, named: Named) -> bool:
        known = self.register.party_by.get(named.ref)
        return known is None or known.kind is PartyKind.STATE

    # Things

    def thing(self, place: int) -> Named | None:
        """Name the instrument, body, model or event that a noun phrase stands for."""
        phrase = self.clauses.phrases[place]
        mention = phrase.mention
        if mention is not None and mention.what is What.THING:
            return self.of_thing(mention)
        if mention is not None and mention.what is What.PARTY and mention.ref in self.register.party_by:
            return self.group(mention)
        if phrase.low in {"the latter", "the former"}:
            pair = self.memory.last
            return pair[0 if phrase.low == "the former" else 1] if len(pair) == _PAIR else None
        tailed = self._tailed(phrase)
        if tailed is not None:
            return tailed
        if phrase.head.tag is Tag.PRONOUN:
            return None
        return (
            self._of_its_makers(phrase, place)
            or self.named(place)
            or self._told_apart(phrase, place)
            or self.anaphoric_thing(phrase, place)
        )

    def _told_apart(self, phrase: Phrase, place: int) -> Named | None:
        """Read “the Budapest Convention, an older treaty drafted by …”: it stands before the comma."""
        natures = NOUN_NATURES.get(phrase.head.low)
        if natures is None or phrase.inner or phrase.tokens[0].low not in {"a", "an", "the"}:
            return None
        if self.clauses.shape(place - 1) is not Shape.COMMA or self.clauses.shape(place - 2) is not Shape.NOUN:
            return None
        mention = self.clauses.phrases[place - 2].mention
        thing = self.of_thing(mention) if mention is not None and mention.what is What.THING else None
        return thing if thing is not None and thing.nature in natures else None

    def _of_its_makers(self, phrase: Phrase, place: int) -> Named | None:
        """Read “the UN treaty”, “the African Union’s convention” by the one of theirs that was named before."""
        makers = [one.ref for one in phrase.inner if one.what is What.PARTY]
        makers += ["COE"] if "european" in phrase.lows and not phrase.inner else []
        if phrase.head.low not in {"convention", "treaty", "pact", "one"} or len(makers) != 1 or len(phrase.inner) > 1:
            return None
        if self.clauses.low(place + 1) in {"on", "with", "between", "of", "for", "against", "to"} and not self._day(
            place + 2
        ):
            return None
        known = self.register.party_by.get(makers[0])
        if known is None or known.kind is PartyKind.STATE:
            return None
        theirs = [one for one in self.memory.things if one.ref and self._made(one.ref, known)]
        return theirs[0] if len(theirs) == 1 else None

    def _day(self, place: int) -> bool:
        """Tell whether a noun phrase is a day: “on the first day”, “on 25 October 2025”."""
        phrase = self.clauses.phrases[place] if self.clauses.shape(place) is Shape.NOUN else None
        return phrase is not None and (phrase.head.tag is Tag.DATE or phrase.head.low in WEEK | {"day"})

    def _made(self, slug: str, maker: Party) -> bool:
        thing = self.register.thing_by.get(slug)
        if thing is None:
            return False
        made = maker.code in thing.makers or bool({maker.name, *maker.names} & set(thing.maker_names))
        return made and thing.nature is Nature.TREATY

    def of_thing(self, mention: Mention) -> Named:
        """Name the thing of a mention."""
        known = self.register.thing_by[mention.ref]
        return Named(known.slug, known.name, nature=known.nature)

    def group(self, mention: Mention) -> Named | None:
        """Name a group or organisation as something to be a member of; None for a state."""
        known = self.register.party_by[mention.ref]
        if known.kind is PartyKind.STATE:
            return None
        return Named(known.code, known.name, is_party=True, nature=Nature.BODY)

    def _tailed(self, phrase: Phrase) -> Named | None:
        """Read “the CMM program”, “a Budapest Convention review”."""
        for before, token in zip(phrase.tokens, phrase.tokens[1:], strict=False):
            mention = before.mention
            if mention is not None and mention.what is What.THING and token is phrase.head and token.low in _TAILS:
                return self.of_thing(mention)
        return None

    def anaphoric_thing(self, phrase: Phrase, place: int) -> Named | None:
        """Read “the Convention”, “this agreement”, “its protocol” by what was named last."""
        natures = NOUN_NATURES.get(phrase.head.low)
        if natures is None or phrase.tokens[0].low not in {"the", "this", "that"} or len(phrase.tokens) > _SHORT:
            return None
        between = phrase.tokens[1:-1]
        if any(token.mention is not None or token.low in _NOT_THE_ONE or token.text[:1].isupper() for token in between):
            return None
        if not TREATIES.intersection(natures) and any(token.low not in _REFERRING for token in between):
            return None  # “the regional review” is another one
        dated = self._day(place + 2)
        if self.clauses.low(place + 1) in {"on", "with", "between", "of", "for", "against"} and not dated:
            return None
        here = [one for at in self.clauses.nouns(0, place)
                if (one := self.thing(at)) is not None and one.nature in natures]  # fmt: skip
        if here and phrase.head.low not in self.memory.defined:
            return here[-1]
        return self.memory.meant(phrase.head.low, natures)

    def named(self, place: int) -> Named | None:
        """Read a name that the register does not know: capital letters and a noun that says what it is."""
        phrase = self.clauses.phrases[place]
        body = [token for token in phrase.tokens if token.tag is not Tag.DETERMINER]
        if not body:
            return None
        nature = NAMED_NATURES.get(body[-1].low)
        tail = self._tail(place)
        capitals = [
            token for token in body if token.text[:1].isupper() and token.tag in {Tag.NOUN, Tag.NAME, Tag.NUMBER}
        ]
        if nature is None or not body[-1].text[:1].isupper() or (len(capitals) < _NAME_LEAST and not tail):
            return None
        if not {token.low for token in body} - _MEMORANDUM:
            return None
        words = " ".join(token.text for token in body).replace(" ’s", "’s").replace(" 's", "’s")
        return Named("", f"{words} {tail}".strip(), nature=nature)

    def body(self, place: int) -> Named | None:
        """Take a name in capitals that the register does not know for a body: “a member of NATO”."""
        phrase = self.clauses.phrases[place]
        words = [token for token in phrase.tokens if token.tag is not Tag.DETERMINER]
        if not words or phrase.inner or not all(token.text[:1].isupper() for token in words):
            return None
        if any(token.tag is not Tag.NOUN for token in words):
            return None
        return Named("", f"{' '.join(token.text for token in words)} {self._tail(place)}".strip(), nature=Nature.BODY)

    def _tail(self, place: int) -> str:
        """Give what carries a name on: “Convention *on Cyber Peace*”."""
        if self.clauses.low(place + 1) not in {"on", "for", "of", "against"}:
            return ""
        if self.clauses.shape(place + 2) is not Shape.NOUN:
            return ""
        following = self.clauses.phrases[place + 2]
        words = [token for token in following.tokens if token.tag is not Tag.DETERMINER]
        if not words or not all(token.text[:1].isupper() or token.low in _JOINING for token in words):
            return ""
        if any(token.mention is not None and token.mention.what is What.PARTY for token in words):
            return ""
        return f"{self.clauses.phrases[place + 1].tokens[0].text} " + " ".join(token.text for token in words)


def _office(phrase: Phrase) -> bool:
    """Tell whether a phrase is a government or one who acts for it, with or without a personal name after it."""
    offices = [place for place, token in enumerate(phrase.tokens) if token.low in GOVERNMENT]
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
