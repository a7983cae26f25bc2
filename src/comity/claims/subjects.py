"""Who is said to act in a sentence, and the lists of parties in it: “six states, A, B and C”, “along with D”."""

from collections.abc import Sequence
from typing import Final

from comity.claims.kinds import NAMED_NATURES
from comity.claims.memory import Memory
from comity.claims.naming import Naming
from comity.claims.phrases import Phrase, Shape
from comity.claims.register import PartyKind, Period, Register
from comity.claims.senses import Senses
from comity.claims.sentences import Sentence
from comity.claims.statements import Named
from comity.claims.tokens import Tag
from comity.claims.words import bag

_AFTER_A_NAME: Final = bag("of on for in to against at during from under through since")
_NEAR: Final = 12
_STATES: Final = frozenset({"countries", "states", "nations", "governments", "members", "parties", "signatories"})


class Subjects:
    """A sentence under reading, with its names."""

    def __init__(self, sentence: Sentence, phrases: Sequence[Phrase], register: Register, memory: Memory) -> None:
        """Take one sentence, in the light of the document so far."""
        self.sentence = sentence
        self.clauses = Senses(phrases, sentence.text)
        self.register = register
        self.memory = memory
        self.naming = Naming(self.clauses, register, memory)

    def subjects(self, at: int) -> tuple[Named, ...]:
        """Name the parties that are the subject of the verb at a place; several offices of one state are one."""
        behalf = self._on_behalf(at)
        if behalf:
            return behalf
        places = self.clauses.subject(at)
        verb = self.clauses.verb(at)
        if not places and verb is not None and verb.tokens[0].low == "neither":
            return self.naming.last_two(at)
        return self._beside(places) or self.naming.parties(places) or self._among(places, at)

    def are_states(self, parties: tuple[Named, ...]) -> bool:
        """Tell whether all of these are states."""
        known = [(one, self.register.party_by.get(one.ref)) for one in parties]
        return all(one.ref and (found is None or found.kind is PartyKind.STATE) for one, found in known)

    def _beside(self, places: tuple[int, ...]) -> tuple[Named, ...]:
        """Read “the two governments – Chile and Peru – signed”: who they are is said beside them."""
        if (
            len(places) != 1
            or self.clauses.shape(places[0] + 1) is not Shape.COMMA
            or self.clauses.phrases[places[0]].mention
        ):
            return ()
        found, after = self.parties_from(places[0] + 2)
        return found if len(found) > 1 and self.clauses.shape(after) is Shape.COMMA else ()

    def _among(self, places: tuple[int, ...], at: int) -> tuple[Named, ...]:
        """Read “more than 70 states, including Jamaica, signed …” and “… signed …, including Jamaica”."""
        if len(places) != 1 or not self.clauses.phrases[places[0]].lows & _STATES:
            return ()
        if self.clauses.phrases[places[0]].lows & {"no", "few", "none", "neither"}:
            return ()
        for place in range(places[0] + 1, len(self.clauses.phrases) - 1):
            listing = self.clauses.low(place) in {"including", "like"} or self.clauses.low(place) == "among"
            such = self.clauses.low(place) == "such" and self.clauses.low(place + 1) == "as"
            if listing or such:
                found, after = self.parties_from(place + (2 if such or self.clauses.low(place) == "among" else 1))
                if place < at and after == at - 2 - (self.clauses.shape(at - 3) is Shape.COMMA):
                    found += self.naming.party(at - 1)  # “including China and Brazil signed”
                if found and (place < at or self.clauses.shape(place - 1) is Shape.COMMA):
                    return found
        return ()

    def _on_behalf(self, at: int) -> tuple[Named, ...]:
        for place in range(at + 1, len(self.clauses.phrases) - 3):
            if (
                self.clauses.low(place + 1) == "behalf"
                and self.clauses.low(place) == "on"
                and self.clauses.low(place + 2) == "of"
            ):
                return self.parties_from(place + 3)[0]
        return ()

    def parties_from(self, place: int, *, between: bool = False) -> tuple[tuple[Named, ...], int]:
        """Name the parties of a list that begins at a place, and give the place after it."""
        clauses, found = self.clauses, list[Named]()
        while clauses.shape(place) is Shape.NOUN:
            named = self.naming.party(place, acting=False)
            if not named and found and self._unknown_name(place):
                place = self.next_item(place + 1) or place  # “Jamaica, Montserrat, Saint Lucia and …”
                named = self.naming.party(place, acting=False)
            if not named:
                break
            found.extend(one for one in named if one not in found)
            place += 1
            following = self.next_item(place)
            if between and following is None and self.clauses.shape(place) is Shape.CONJUNCTION:
                following = place + 1
            if following is None:
                break
            place = following
        return tuple(found), place

    def _unknown_name(self, place: int) -> bool:
        """Tell whether an item of a list is a name that nobody here knows, such as a territory's."""
        phrase = self.clauses.phrases[place]
        named = all(token.text[:1].isupper() and token.tag is Tag.NOUN for token in phrase.tokens)
        return named and self.next_item(place + 1) is not None

    def dated_parties(
        self, place: int, *, acting: bool = False
    ) -> list[tuple[Named, tuple[Period | None, Period | None]]]:
        """Name the parties of a list, each with the dates that hang on it: “by Ghana in 2018 and Nigeria in 2022”."""
        found = list[tuple[Named, tuple[Period | None, Period | None]]]()
        at: int | None = place
        while at is not None and self.clauses.shape(at) is Shape.NOUN:
            named = self.naming.party(at, acting=acting)
            after = self.past_its_tail(at)
            found += [(one, self.clauses.dated(range(at + 1, after))) for one in named]
            at = self.next_item(after) if named else None
        return found

    def next_item(self, place: int, *, beside: bool = True) -> int | None:
        """Give the place of the next item of a list whose comma or conjunction stands here; None where it ends.

        Without `beside`, “along with” ends it: who is beside a subject is no further object.
        """
        clauses = self.clauses
        if clauses.shape(place) not in {Shape.COMMA, Shape.CONJUNCTION}:
            return None
        while clauses.shape(place) in {Shape.COMMA, Shape.CONJUNCTION, Shape.ADVERB}:
            if clauses.low(place) == "along" and not beside:
                return None  # “signed the Convention in Hanoi, as did the Union”
            place += 1
        listed = clauses.shape(place - 1) is Shape.CONJUNCTION and clauses.low(place) in {"in", "at", "to", "of"}
        if listed or (clauses.shape(place - 1) is Shape.COMMA and clauses.low(place) == "of"):
            place += 1  # “in the Forum and in the Symposium”, “a member of the OAS, of CARICOM and of the UN”
        if clauses.shape(place) is not Shape.NOUN:
            return None
        if listed and clauses.phrases[place].head.tag is Tag.DATE and clauses.shape(place + 1) is Shape.NOUN:
            place += 1  # “… and in 2019 the Data Protection Act”
        after = place + 1
        while clauses.shape(after) is Shape.ADVERB:
            after += 1
        verb = clauses.verb(after)
        opens_a_clause = (
            verb is not None and verb.finite and not (verb.form == "past" and clauses.low(after + 1) == "by")
        )
        return None if opens_a_clause else place

    def listed_parties(self, place: int) -> tuple[Named, ...]:
        """Name the parties of a list that may say first what they are: “members of an alliance – A, B – and C”."""
        found, after = self.parties_from(place)
        if not found and self.clauses.shape(place) is Shape.NOUN:
            found = self._named_after(place)  # “most members and allies such as Canada and Japan”
        if not found:
            dash = next((at for at in range(place, min(place + _NEAR, len(self.clauses.phrases)))
                         if self.clauses.low(at) in {"–", "—", "-"}), None)  # fmt: skip
            found, after = self.parties_from(dash + 1) if dash is not None else ((), place)
        while (
            found and self.clauses.low(after) in {"–", "—", "-"} and self.clauses.shape(after + 1) is Shape.CONJUNCTION
        ):
            more, after = self.parties_from(after + 2)
            found += tuple(one for one in more if one not in found)
        return found

    def along(self, at: int) -> tuple[Named, ...]:
        """Name who did it too: “signed the Convention in 2001, together with Canada and Japan”."""
        clauses = self.clauses
        last = max((one for one in clauses.subject(at) if one < at), default=at)
        beside = range(last + 2, last + 3) if clauses.chained(at) is None else range(0)
        for place in (*beside, *range(at + 1, clauses.end_of_scope(at))):
            if clauses.shape(place) is Shape.CONJUNCTION and clauses.low(place) == "along":
                found, after = self.parties_from(place + 1)
                return found + tuple(one for one in self._named_after(after) if one not in found)
        return ()

    def _named_after(self, place: int) -> tuple[Named, ...]:
        """Read “thirteen of its member states: Austria, Belgium and …” and “… co-sponsors, including Belarus”."""
        for at in range(place, min(place + _NEAR, len(self.clauses.phrases))):
            if self.clauses.shape(at) is Shape.COLON or self.clauses.low(at) in {"including", "namely"}:
                return self.parties_from(at + 1)[0]
            if self.clauses.low(at) == "such" and self.clauses.low(at + 1) == "as":
                return self.parties_from(at + 2)[0]
            verb = self.clauses.verb(at)
            goes_on = verb is not None and verb.finite and self.clauses.shape(at - 1) is not Shape.RELATIVE
            if goes_on or self.clauses.shape(at) in {Shape.STOP, Shape.SUBORDINATOR}:
                break
        return ()

    def past_its_tail(self, at: int) -> int:
        """Step past the prepositional phrases that hang on a noun phrase."""
        after = at + 1
        while self.clauses.shape(after) is Shape.PREPOSITION and self.clauses.low(after) in _AFTER_A_NAME | {"as"}:
            if self.clauses.shape(after + 1) is not Shape.NOUN:
                break
            after += 2
            while (
                self.clauses.phrases[after - 1].head.tag is not Tag.NAME
                and self.clauses.shape(after) is Shape.CONJUNCTION
                and self.clauses.shape(after + 1) is Shape.NOUN
                and self._common(after + 1)
                and self._common(after - 1)
            ):
                after += 2
        return after

    def _common(self, at: int) -> bool:
        """Tell whether a noun phrase names nothing by itself, so that “X on A and B” is one name."""
        phrase = self.clauses.phrases[at]
        return not phrase.inner and phrase.head.low not in NAMED_NATURES and phrase.tokens[0].tag is not Tag.DETERMINER
