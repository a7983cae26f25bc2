"""What a noun phrase names, with what was named before it: “the Convention”, “this agreement”, “the latter”.

A memory of the document so far settles what stands for something named earlier. Where two things could be meant, none
is.
"""

from typing import Final

from comity.claims.bonds import TREATIES
from comity.claims.gazetteer import Mention, What
from comity.claims.kinds import NAMED_NATURES, NOUN_NATURES
from comity.claims.parties import NOT_THE_ONE, Parties
from comity.claims.phrases import Phrase, Shape
from comity.claims.register import Nature, Party, PartyKind
from comity.claims.statements import Named
from comity.claims.tokens import Tag
from comity.claims.words import WEEK, bag

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


class Naming(Parties):
    """Names in one sentence: who and what."""

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
            or self._named_behind(phrase, place)
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

    def _named_behind(self, phrase: Phrase, place: int) -> Named | None:
        """Read “the French-backed agreement, Paris Call for …”: its name stands behind the comma."""
        telling = phrase.head.low in NOUN_NATURES and len(phrase.tokens) > _PAIR
        if not telling or phrase.tokens[0].low not in {"the", "a"} or self.clauses.shape(place + 1) is not Shape.COMMA:
            return None
        behind = self.clauses.phrases[place + 2] if self.clauses.shape(place + 2) is Shape.NOUN else None
        mention = behind.mention if behind is not None else None
        listed = self.clauses.shape(place + 3) in {Shape.COMMA, Shape.CONJUNCTION} and phrase.head.low != "agreement"
        return self.of_thing(mention) if mention is not None and mention.what is What.THING and not listed else None

    def _of_its_makers(self, phrase: Phrase, place: int) -> Named | None:
        """Read “the UN treaty”, “the African Union’s convention” by the one of theirs that was named before."""
        makers = [one.ref for one in phrase.inner if one.what is What.PARTY]
        makers += ["COE"] if "european" in phrase.lows and not phrase.inner else []
        if (
            phrase.head.low not in {"convention", "treaty", "pact", "one", "text", "instrument"}
            or len(makers) != 1
            or len(phrase.inner) > 1
        ):
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

    def city(self, place: int, *, named: bool) -> Named | None:
        """Read “acceded to Budapest” by the only treaty that is called after it; with `named`, one named before."""
        phrase = self.clauses.phrases[place]
        mention = phrase.mention
        if mention is None or mention.what is not What.CAPITAL or len(phrase.tokens) > 1:
            return None
        names = {f"{mention.text} Convention", f"{mention.text} Treaty"}
        treaties = (one for one in self.register.things if one.nature is Nature.TREATY)
        called = [one for one in treaties if names & {one.name, *one.names}]
        thing = Named(called[0].slug, called[0].name, nature=called[0].nature) if len(called) == 1 else None
        return thing if thing is not None and (not named or thing in self.memory.things) else None

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
        if any(token.mention is not None or token.low in NOT_THE_ONE or token.text[:1].isupper() for token in between):
            return None
        vague = not TREATIES.intersection(natures) and any(token.low not in _REFERRING for token in between)
        defined = self.clauses.shape(place + 1) is Shape.RELATIVE or self.clauses.low(place + 1).startswith("that ")
        if vague or (defined and phrase.head.text.islower()):
            return None  # “the regional review” is another one; “the treaty that bears its name”
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
