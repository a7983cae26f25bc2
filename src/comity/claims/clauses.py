"""Finding one's way in a sentence: whose verb it is.

Everything works on places in the list of phrases. Where the way is not plain, the answer is none: a claim that is
missed is better than one that nobody made.
"""

from typing import Final

from comity.claims.gazetteer import What
from comity.claims.phrases import Phrase, Shape, Verb
from comity.claims.tokens import Tag
from comity.claims.ways import Ways
from comity.claims.words import PLAN_NOUNS, bag

_OBJECT_CONTROL: Final = bag(
    "urge invite ask encourage call want press advise recommend push require request lobby petition expect allow "
    "enable help "
    "authorise authorize empower mandate permit oblige persuade convince get assist support"
)
_PRAISED: Final = bag("commend thank praise congratulate applaud laud credit criticise criticize fault condemn salute")
_APART: Final = bag("except excluding unlike like with besides by than to from for")
_LIST: Final = 3
_INSERTED: Final = 8
"""Phrases that an insertion between two commas may have."""
_CODE: Final = 2
"""The length of a state's code."""
_SUPPORTING: Final = bag("support help assist encourage aid back guide accompany")
_RANKED: Final = bag("only first second third last latest")


class Clauses(Ways):
    """The ways through one sentence, with whose verb each is."""

    def subject(self, at: int, depth: int = 0) -> tuple[int, ...]:
        """Give the places of the noun phrases that are the subject of the verb at a place."""
        verb = self.verb(at)
        if verb is None or depth > len(self.phrases):
            return ()
        chained = self.chained(at)
        if chained is not None:
            return self.subject(chained, depth + 1)
        if verb.infinitive:
            return self._controller(at, depth)
        if not verb.finite:
            return self._of_gerund(at, depth)
        return self._before(at)

    def chained(self, at: int) -> int | None:
        """Give the place of the verb that this one is coordinated with, as in “signed and ratified”."""
        before = self._past_an_aside(self._back(at))
        if self.shape(before) in {Shape.CONJUNCTION, Shape.COMMA}:
            while self.shape(before) in {Shape.CONJUNCTION, Shape.COMMA, Shape.ADVERB}:
                before -= 1
            joined_by_comma = all(self.shape(one) is not Shape.CONJUNCTION for one in range(before + 1, at))
            if self.verb(before) is not None:
                return None if joined_by_comma and self._is_relative_here(before) else before
            if joined_by_comma:
                return None
            return self._verb_before(before, self.phrases[at])
        return None

    def one_or_other(self, at: int) -> bool:
        """Tell whether a verb is one of two of which only one need be true: “have signed it or been invited”."""
        before = self._back(at)
        own = self.verb(at)
        if own is not None and own.infinitive and self.verb(before) is not None:
            return self.one_or_other(before)
        if self.low(before) == "or" and self.chained(at) is not None:
            return True
        following = (place for place in range(at + 1, len(self.phrases)) if self.verb(place) is not None)
        after = next(following, None)
        return after is not None and self.low(self._back(after)) == "or" and self.chained(after) == at

    def _is_relative_here(self, at: int) -> bool:
        """Tell whether a verb ends a “, whose capital it was,” or “, which signed,”."""
        for place in range(at - 1, 0, -1):
            if self.shape(place) in {Shape.COMMA, Shape.STOP}:
                return False
            if self.shape(place) is Shape.RELATIVE:
                return True
        return False

    def _past_an_aside(self, at: int) -> int:
        """Step back over “, to our knowledge,” and “in 2019” behind an “and”, to that “and”."""
        after = at - (self.shape(at) is Shape.COMMA)
        if self.shape(after) is not Shape.NOUN or self.shape(after - 1) is not Shape.PREPOSITION:
            return at
        if self.phrases[after].mention is not None:
            return at
        before = after - 2 - (self.shape(after - 2) is Shape.COMMA)
        return before if self.shape(before) is Shape.CONJUNCTION else at

    def _verb_before(self, at: int, like: Phrase) -> int | None:
        """Find the verb whose objects end at a place and that shares its subject with `like`."""
        wanted = like if isinstance(like, Verb) else None
        for place in range(at, -1, -1):
            verb = self.verb(place)
            if self.shape(place) is Shape.STOP:
                return None
            if verb is None or wanted is None:
                continue
            closed = any(self.shape(one) is Shape.COMMA for one in range(place, at))
            if verb.finite == wanted.finite and not (closed and self._in_relative(place)):
                return place
            if verb.infinitive and wanted.form == "base" and not wanted.modal:
                return place
        return None

    def _in_relative(self, at: int) -> bool:
        return self.shape(self._back(at)) is Shape.RELATIVE

    def _before(self, at: int) -> tuple[int, ...]:
        before = self._back(at)
        match self.shape(before):
            case Shape.NOUN:
                return self._past_what_restricts(before) or self._group(before)
            case Shape.RELATIVE:
                antecedent = before - 1
                while self.shape(antecedent) is Shape.COMMA:
                    antecedent -= 1
                if self.shape(antecedent) is not Shape.NOUN:
                    return ()
                return (
                    self._of_the_only_one(antecedent)
                    or self._nearest_state(antecedent, before)
                    or self._group(antecedent)
                    or self._borne(antecedent)
                )
            case Shape.COMMA if before != 1 or self.labelled() is None:
                return self._apposed_list(before) or self._across(before) or self._listed_verb(at, before)
            case Shape.COMMA | Shape.COLON | Shape.STOP if self.labelled() is not None:
                return (0,)
            case _:
                return ()

    def _past_what_restricts(self, last: int) -> tuple[int, ...]:
        """Read “Countries that took part in the talks have signed”: it is the countries that have."""
        for place in range(last, 0, -1):
            if self.shape(place) is Shape.RELATIVE:
                verbs = [one for one in range(place, last) if (verb := self.verb(one)) is not None and verb.finite]
                antecedent = self.shape(place - 1) is Shape.NOUN and self.low(place) in {"that", "which", "who"}
                return self._group(place - 1) if antecedent and len(verbs) == 1 else ()
            if self.shape(place) not in {Shape.NOUN, Shape.VERB, Shape.PREPOSITION, Shape.ADVERB}:
                break
        return ()

    def _apposed_list(self, comma: int) -> tuple[int, ...]:
        """Read “six countries, Croatia, Moldova and Ukraine, signed”: they are the subject, not an insertion."""
        listed = self._group(comma - 1) if self.shape(comma - 1) is Shape.NOUN else ()
        named = [place for place in listed if self._names_a_party(place)]
        return tuple(named) if len(named) >= _LIST and len(listed) - len(named) <= 1 else ()

    def labelled(self) -> int | None:
        """Give the place of the state in “Costa Rica: party since 2018; signed …” and “Ecuador – signed …”."""
        mention = self.phrases[0].mention if self.shape(0) is Shape.NOUN else None
        dashed = self.shape(1) is Shape.COMMA and self.low(1) in {"-", "–", "—"}
        named = mention is not None and mention.what is What.PARTY and len(mention.ref) == _CODE
        return 0 if named and (dashed or self.shape(1) is Shape.COLON) else None

    def _listed_verb(self, at: int, comma: int) -> tuple[int, ...]:
        """Read “is a member of the Initiative, endorsed the Call, and took part”: all three have one subject."""
        verb = self.verb(at)
        joined = self.shape(at + 1) is Shape.CONJUNCTION and self.verb(self._ahead(at + 1)) is not None
        follows = self.shape(at + 1) is Shape.NOUN and self.phrases[at + 1].head.tag is not Tag.DATE
        if verb is None or verb.form not in {"past", "ed"} or verb.passive or not (follows or joined):
            return ()
        if verb.tokens[0].tag not in {Tag.PAST, Tag.ADVERB}:
            return ()
        first = self._verb_before(comma - 1, verb)
        goes_on = any(self.shape(one) is Shape.CONJUNCTION and self.verb(self._ahead(one)) is not None
                      for one in range(at + 1, len(self.phrases) - 1))  # fmt: skip
        return self.subject(first) if first is not None and goes_on else ()

    def nearest(self, at: int) -> int | None:
        """Give the place of the noun phrase just before the “which” of the verb at a place; None without one."""
        before = self._back(at)
        if self.shape(before) is not Shape.RELATIVE or self.low(before) == "whose":
            return None
        before -= 1
        while self.shape(before) is Shape.COMMA:
            before -= 1
        return before if self.shape(before) is Shape.NOUN else None

    def _nearest_state(self, antecedent: int, relative: int) -> tuple[int, ...]:
        """Read “except Russia, which left …”: it is Russia that left, whatever it hangs on."""
        mention = self.phrases[antecedent].mention
        named = mention is not None and mention.what is What.PARTY and len(mention.ref) == _CODE
        if self.low(relative) != "which" or not named or self.low(antecedent - 1) not in _APART:
            return ()
        return (antecedent,)

    def _borne(self, antecedent: int) -> tuple[int, ...]:
        """Read “is governed by Law 5 on cybersecurity, which was …”: it hangs on the verb, and is what was."""
        at = antecedent
        while self._hangs(at) and self.shape(at - 2) is Shape.NOUN:
            at -= 2
        return (at,) if self.verb(at - 2) is not None else ()

    def _of_the_only_one(self, antecedent: int) -> tuple[int, ...]:
        """Read “Nauru is the only state of the region that has …”: it is Nauru that has."""
        at = antecedent
        while self.shape(at - 1) is Shape.PREPOSITION and self.shape(at - 2) is Shape.NOUN:
            at -= 2
        copula = self.verb(at - 1)
        if self.shape(at - 1) is Shape.COMMA and self.shape(at - 2) is Shape.NOUN and self._names_a_party(at - 2):
            apposed = bool(self.phrases[at].lows & _RANKED)
            return (at - 2,) if apposed else ()  # “Ireland, the only member of the Union that has …”
        ranked = bool(self.phrases[at].lows & _RANKED) and self.phrases[at].tokens[0].low == "the"
        ranked = ranked or self.low(at) == "one"
        if copula is None or not copula.finite or copula.lemma not in {"be", "become", "remain"} or not ranked:
            return ()
        return () if copula.negated else self.subject(at - 1)

    def _across(self, comma: int) -> tuple[int, ...]:
        """Step over an insertion between two commas: “Kenya, which …, signed”, “states, including A and B, signed”."""
        opening = self._insertion(comma)
        before = opening - 1
        return self._group(before) if opening and self.shape(before) is Shape.NOUN else ()

    def _insertion(self, comma: int) -> int:
        """Give the comma that opens what the comma at a place closes; 0 where there is none."""
        nearest = 0
        for opening in range(comma - 1, 0, -1):
            if self.shape(opening) is Shape.STOP:
                break
            if self.shape(opening) is not Shape.COMMA:
                continue
            apart = self.low(opening + 1) == "along" or (
                self.low(opening + 1) == "but" and self.low(opening + 2) in {"not", "unlike"}
            )
            if apart:
                return opening  # “Kenya, together with Uganda, signed”, “Chile, but not Bolivia, has”
            if self.shape(opening + 1) is Shape.CONJUNCTION:
                continue
            if self.shape(opening + 1) is Shape.RELATIVE or self.low(opening + 1) in {
                "including",
                "such",
                "like",
                "unlike",
                "among",
            }:
                return opening
            nearest = nearest or opening
        return nearest

    def _controller(self, at: int, depth: int) -> tuple[int, ...]:
        before = self._back(at)
        if self.shape(before) is Shape.COMMA:
            before = self._ranked_before(before)  # “the first Pacific country, and the 50th globally, to sign”
        if self.verb(before) is not None:
            return self.subject(before, depth + 1)
        if self.shape(before) is not Shape.NOUN or (before == 1 and self._inverts(0)):
            return (1,) if before == 1 else ()  # “Were Barbados to sign …”
        listed = self._group(before)
        asking = self.verb(listed[0] - 1) if len(listed) > 1 else None
        if asking is not None and asking.lemma in _OBJECT_CONTROL and not asking.passive:
            return listed  # “invited Chile, Peru and Brazil to accede”
        governor = self._governor(before)
        failed = self.phrases[before].owner is not None and self.phrases[before].head.low in PLAN_NOUNS
        if governor is None or failed:
            return (before,) if failed else ()  # “Kenya’s failure to ratify”
        verb, head = self.phrases[governor], self.phrases[before].head.low
        if isinstance(verb, Verb) and verb.lemma in _OBJECT_CONTROL and not verb.passive and head not in PLAN_NOUNS:
            return self._named_between(governor, before)
        return self.subject(governor, depth + 1)

    def _ranked_before(self, comma: int) -> int:
        """Step back over an insertion, or a stray comma, to “the first country” that stands before it."""
        for place in range(comma - 1, max(comma - _INSERTED, 0), -1):
            if self.shape(place) is Shape.NOUN and self.phrases[place].lows & _RANKED:
                opening = self.shape(place + 1) is Shape.COMMA
                return place if opening else comma
        return comma

    def _inverts(self, at: int) -> bool:
        verb = self.verb(at)
        return verb is not None and verb.tokens[0].low == "were"

    def _named_between(self, governor: int, last: int) -> tuple[int, ...]:
        return tuple(at for at in range(governor + 1, last + 1) if self.shape(at) is Shape.NOUN)

    def _governor(self, noun: int) -> int | None:
        """Find the verb before a noun phrase and what hangs on it: “becomes the first of nine states to …”."""
        at = noun - 1
        while at >= 0 and self.shape(at) in {Shape.NOUN, Shape.PREPOSITION, Shape.ADVERB, Shape.CONJUNCTION}:
            at -= 1
        return at if self.verb(at) is not None else None

    def _of_gerund(self, at: int, depth: int) -> tuple[int, ...]:
        """Read “By signing …, Kenya has …”, “Kenya gained by signing …”, “Kenya is considering signing …”."""
        before = self._back(at)
        if self.verb(before) is not None:
            return self.subject(before, depth + 1)
        other = self._praised(before) or self._supported(before)
        if other:
            return other
        for place in range(at + 1, len(self.phrases)):
            verb = self.verb(place)
            if self.shape(place) is Shape.STOP:
                break
            if verb is not None and verb.finite and self._opens(before):
                return self._before(place)
        for place in range(before, -1, -1):
            verb = self.verb(place)
            if verb is not None and verb.finite:
                return self.subject(place, depth + 1)
        return ()

    def _praised(self, before: int) -> tuple[int, ...]:
        """Read “commended The Bahamas for hosting …”: who is commended did it."""
        if self.low(before) not in {"for", "on"} or self.shape(before - 1) is not Shape.NOUN:
            return ()
        governor = self._governor(before)
        verb = self.verb(governor) if governor is not None else None
        if governor is None or verb is None or verb.lemma not in _PRAISED:
            return ()
        return () if verb.passive else self._group(before - 1)

    def _supported(self, before: int) -> tuple[int, ...]:
        """Read “supports Timor-Leste in becoming a member”: who is supported would do it."""
        if self.low(before) not in {"in", "with", "towards", "toward"} or self.shape(before - 1) is not Shape.NOUN:
            return ()
        governor = self._governor(before)
        verb = self.verb(governor) if governor is not None else None
        return self._group(before - 1) if verb is not None and verb.lemma in _SUPPORTING and not verb.passive else ()

    def _opens(self, at: int) -> bool:
        return at <= 0 or all(
            self.shape(place) in {Shape.ADVERB, Shape.COMMA, Shape.CONJUNCTION} for place in range(at)
        )
