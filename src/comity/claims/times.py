"""When something happened, as of when it is said, and how far what belongs to a verb reaches."""

from collections.abc import Sequence

from comity.claims.clauses import Clauses
from comity.claims.periods import period_of
from comity.claims.phrases import Shape
from comity.claims.register import Period
from comity.claims.tokens import Tag
from comity.claims.ways import CLAUSE_OPENING


class Times(Clauses):
    """The ways through one sentence, with its dates."""

    def dates(self, at: int, until: int) -> tuple[Period | None, Period | None]:
        """Give when it happened and as of when it is said: what follows the verb, else what opens the clause."""
        later = self.dated(range(at + 1, until))
        if any(later):
            return later
        first = min(self.subject(at) or (at,))
        return self.dated(range(max(0, self._clause_start(first)), min(first, at)))

    def _clause_start(self, at: int) -> int:
        for place in range(at - 1, -1, -1):
            verb = self.verb(place)
            opens = self.shape(place) is Shape.SUBORDINATOR or self.low(place) in CLAUSE_OPENING
            if self.shape(place) is Shape.STOP or opens:
                return place + 1
            if verb is not None and verb.finite:
                joined = (one for one in range(place, at) if self.shape(one) in {Shape.CONJUNCTION, Shape.SUBORDINATOR})
                return next(joined, at)  # “acceded in June 2024, and Fiji did so last year”: the date is not its own
        return 0

    def dated(self, places: Sequence[int]) -> tuple[Period | None, Period | None]:
        """Give when, and as of when, by the dates among these places."""
        when = as_of = None
        for place in places:
            if self.shape(place) is not Shape.NOUN:
                continue
            if self.dates_what_follows(place):
                break  # “In 2018 Kenya passed the one and in 2019 the other”
            token = next((one for one in self.phrases[place].tokens if one.tag is Tag.DATE), None)
            period = period_of(token.text) if token else None
            if period is None:
                continue
            words = self._words_before(place)
            if words[-2:] == ["as", "of"] or words[-2:] == ["as", "at"] or words[-1:] in (["by"], ["until"], ["till"]):
                as_of = as_of or period
            elif words[-1:] != ["before"] and words[-1:] != ["after"]:
                when = when or period
        return when, as_of

    def dates_what_follows(self, place: int) -> bool:
        """Tell whether a date opens what is joined on: “… and in 2019 the Data Protection Act”."""
        joined = self.shape(place - 1) is Shape.PREPOSITION and self.shape(place - 2) is Shape.CONJUNCTION
        return joined and self.phrases[place].head.tag is Tag.DATE and self.shape(place + 1) is Shape.NOUN

    def _words_before(self, at: int) -> list[str]:
        words: list[str] = []
        place = at - 1
        while place >= 0 and (
            self.shape(place) is Shape.PREPOSITION
            or self.low(place) in {"early", "late", "mid", "the end", "end", "the start"}
        ):
            if self.shape(place) is Shape.PREPOSITION:
                words.insert(0, self.low(place))
            place -= 1
        return words

    def end_of_scope(self, at: int) -> int:
        """Give the place where what belongs to the verb at a place ends: the next clause of its own, or a stop."""
        for place in range(at + 1, len(self.phrases)):
            verb = self.verb(place)
            if self.shape(place) is Shape.STOP:
                return place
            if (
                verb is not None
                and verb.finite
                and (
                    self.shape(self._back(place)) in {Shape.NOUN, Shape.CONJUNCTION, Shape.RELATIVE}
                    or (self.shape(place - 1) is Shape.COMMA and self._listed_verb(place, place - 1))
                )
            ):
                return place
            if self.shape(place) in {Shape.SUBORDINATOR, Shape.RELATIVE}:
                return place
            if verb is not None and verb.lemma == "follow" and self.low(place + 1) == "by":
                return place  # “ratified it, followed by Japan in 2023”
            if self.shape(place) is Shape.COMMA and self._closes_relative(at, place):
                return place
        return len(self.phrases)

    def _closes_relative(self, at: int, comma: int) -> bool:
        """Tell whether a comma ends the “, which …” that the verb at a place stands in."""
        after = self.verb(comma + 1)
        first = min(self.subject(at) or (at,))
        opens = {self.shape(self._back(at)), self.shape(self._back(first)) if first < at else None}
        return after is not None and after.finite and Shape.RELATIVE in opens

    def goes_straight(self, start: int, end: int) -> bool:
        """Tell whether no main verb but “is” stands between two places: what was done at the first is still meant."""
        for place in range(start + 1, end):
            if self.shape(place) in {Shape.SUBORDINATOR, Shape.RELATIVE}:
                return True
            verb = self.verb(place)
            if verb is not None and verb.finite and verb.lemma not in {"be", "do", "have", ""}:
                return False
        return True
