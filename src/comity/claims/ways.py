"""A sentence's phrases by their places, and the lists that they form: “A, B and C”.

Where the way is not plain, the answer is none.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from comity.claims.gazetteer import What
from comity.claims.phrases import Phrase, Shape, Verb
from comity.claims.tokens import Tag
from comity.claims.words import bag

CLAUSE_OPENING: Final = bag("after before since until once as till")


class Ways:
    """One sentence's phrases."""

    def __init__(self, phrases: Sequence[Phrase], text: str) -> None:
        """Take the phrases of one sentence and its text."""
        self.phrases = phrases
        self.text = text

    def shape(self, at: int) -> Shape | None:
        """Give the shape at a place; None beyond the sentence."""
        return self.phrases[at].shape if 0 <= at < len(self.phrases) else None

    def verb(self, at: int) -> Verb | None:
        """Give the verb group at a place."""
        found = self.phrases[at] if 0 <= at < len(self.phrases) else None
        return found if isinstance(found, Verb) else None

    def low(self, at: int) -> str:
        """Give the words at a place in small letters; empty beyond the sentence."""
        return self.phrases[at].low if 0 <= at < len(self.phrases) else ""

    def _back(self, at: int) -> int:
        at -= 1
        while self.shape(at) is Shape.ADVERB:
            at -= 1
        return at

    def _ahead(self, at: int) -> int:
        at += 1
        while self.shape(at) is Shape.ADVERB:
            at += 1
        return at

    def _group(self, last: int) -> tuple[int, ...]:
        """Collect “A, B and C” that ends at a place; where it hangs on a preposition, the phrase that bears it."""
        places, at, joined = [last], last, False
        while True:
            earlier, joined = self._earlier(at, joined=joined)
            if earlier is None:
                break
            places.append(earlier)
            at = earlier
        if self._hangs(at):
            whole = self._group(at - 2) if self.shape(at - 2) is Shape.NOUN else ()
            # “the Government of A and the Government of B”
            alike = len(places) > 1 and self.phrases[places[-2]].head.low == self.phrases[at - 2].head.low
            return whole + tuple(reversed(places[:-1])) if alike else whole
        return tuple(reversed(places))

    def listed_before(self, last: int) -> tuple[int, ...]:
        """Give the places of “A, B and C” that ends at a place."""
        return self._group(last)

    def _earlier(self, at: int, *, joined: bool) -> tuple[int | None, bool]:
        """Give the place of the item before one of a list, and whether the list has had its “and”."""
        before = at - 1
        comma = self.shape(before) is Shape.COMMA and joined
        if self.shape(before) is Shape.CONJUNCTION and self.low(before) in {"and", "&", "or", "nor", "along"}:
            joined = True
            before -= 1
            comma = self.shape(before) is Shape.COMMA
        elif not comma:
            return None, joined
        before -= comma
        if not comma and self._hangs(before) and self._names_a_party(at) and not self.phrases[before].inner:
            return None, joined  # “signed it at the ceremony and Estonia ratified it”
        if comma and self._hangs(before) and self.low(before - 1) not in {"including", "like"}:
            return None, joined
        if self._closes_a_clause(before):
            before = self._past_a_relative(before)
        if self.shape(before) is not Shape.NOUN or self._closes_a_clause(before):
            return None, joined
        return before, joined

    def _names_a_party(self, at: int) -> bool:
        mention = self.phrases[at].mention
        return mention is not None and mention.what is What.PARTY

    def _past_a_relative(self, last: int) -> int:
        """Give the place before “, which …” that ends here; the place itself where none does."""
        for place in range(last, 1, -1):
            if self.shape(place) is Shape.RELATIVE and self.shape(place - 1) is Shape.COMMA:
                return place - 2
            if self.shape(place) in {Shape.STOP, Shape.COMMA}:
                break
        return last

    def _closes_a_clause(self, at: int) -> bool:
        """Tell whether a noun phrase before “and” belongs to a clause of its own.

        “joined the Call and Jamaica left it”.
        """
        head = self.phrases[at].head
        thing = head.mention is not None and head.mention.what is What.THING
        return head.tag is Tag.DATE or thing or self.verb(at - 1) is not None

    def _hangs(self, at: int) -> bool:
        return self.shape(at - 1) is Shape.PREPOSITION and self.low(at - 1) not in CLAUSE_OPENING

    def nouns(self, start: int, end: int) -> Iterator[int]:
        """Give the places of noun phrases between two places."""
        return (at for at in range(start, end) if self.shape(at) is Shape.NOUN)
