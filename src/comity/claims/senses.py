"""In which sense a sentence says what it says: stated, denied, reported, planned, possible, conditional, urged, asked.

The verb group gives its own sense; the verb that governs it, the noun between, and the clause around may turn it.
"""

import re
from typing import Final

from comity.claims.phrases import Shape, Verb
from comity.claims.statements import Sense
from comity.claims.times import Times
from comity.claims.tokens import Tag
from comity.claims.words import PLAN_NOUNS, bag

_COPULAS: Final = frozenset({"be", "become", "remain"})
_PLANS: Final = bag(
    "plan intend want hope aim seek prepare promise pledge vow decide agree propose set expect schedule consider "
    "commit move "
    "wish strive undertake resolve try attempt push announce work need continue project slate poise tip due"
)
_INVITES: Final = frozenset({"invite"})
_URGES: Final = bag("urge ask encourage call press advise recommend push require request lobby petition")
_DONE: Final = frozenset({"manage", "proceed", "go", "come", "help", "rush", "happen", "join"})
_UNDONE: Final = frozenset({"fail", "refuse", "decline", "neglect", "have", "omit", "cease"})
_REPORTS: Final = bag(
    "say tell claim report state note allege announce confirm declare argue write explain reveal add stress "
    "emphasise emphasize "
    "acknowledge indicate suggest recall insist maintain"
)
_DOUBTS: Final = bag(
    "hope expect believe think assume doubt wonder speculate fear imagine suppose wish consider ask "
    "discuss debate explore weigh determine decide see await ensure recommend propose demand urge require"
)
_DENIES: Final = frozenset({"deny", "dispute", "reject", "refute", "dismiss"})
_HELD: Final = bag("know believe think understand report say")
"""“Is known to have signed” states; “is believed to have signed” reports."""
_HEDGES: Final = bag(
    "perhaps maybe possibly probably presumably apparently likely potentially supposedly nearly almost"
)
_HEARSAY: Final = bag("reportedly allegedly purportedly")
_UNWILLING: Final = frozenset({"failure", "refusal", "unable"})
_GLAD: Final = bag("proud pleased glad happy honoured honored delighted privileged fortunate")
_READY: Final = bag(
    "ready keen poised likely unlikely due eager willing expected set able unable free obliged about bound"
)
_NTH: Final = bag(
    "country state nation member party one government jurisdiction territory signatory islands republic only first "
    "second third last latest"
)
_CONDITIONS: Final = frozenset({"if", "whether", "unless", "lest"})
_DOUBT_NOUNS: Final = bag(
    "report reports claim claims rumour rumours rumor rumors suggestion suggestions allegation allegations "
    "evidence possibility hope hopes expectation expectations idea prospect speculation "
    "question "
    "likelihood chance myth"
)
_UNSURE: Final = bag(
    "unclear unlikely likely possible probable uncertain unknown doubtful conceivable important essential "
    "vital necessary imperative time"
)
_UNTRUE: Final = bag("false untrue incorrect wrong inaccurate myth")
_PLANNED_WHEN_PROGRESSIVE: Final = bag("sign ratify accede join become conclude withdraw leave adopt endorse")


_SAYING: Final = bag("say add note report claim explain tell argue announce state write recall")
_INVERSION: Final = 3
"""The last place at which the verb of “Had Kenya signed” can stand."""


class Senses(Times):
    """The ways through one sentence, with the sense of each of its verbs."""

    def sense(self, at: int) -> tuple[Sense, bool, str]:
        """Give the sense of the verb at a place, whether it is denied, and who is said to say so."""
        verb = self.verb(at)
        if verb is None:
            return Sense.POSSIBLE, False, ""
        sense, negated = self._own_sense(at)
        if self.text.rstrip('”"’ ').endswith("?"):
            return Sense.ASKED, negated, ""
        if self._inverted(at):
            return Sense.CONDITIONAL, negated, ""
        outer, outer_negated, by = self._frame(at)
        outer_negated = outer_negated != self._of_none(at)
        negated = negated != outer_negated
        if sense is Sense.STATED:
            sense = outer
        if sense is Sense.STATED and negated:
            sense = Sense.DENIED
        return sense, negated, by

    def _inverted(self, at: int) -> bool:
        """Tell whether the clause opens with its auxiliary: “Had Kenya signed …, …”, “Should Libya ratify it, …”."""
        opener = self.verb(0)
        return (
            opener is not None
            and (opener.lemma == "have" or (opener.modal == "should" and not opener.lemma) or self._inverts(0))
            and opener is not self.verb(at)
            and self.shape(1) is Shape.NOUN
            and at <= _INVERSION
        )

    def _of_none(self, at: int) -> bool:
        """Tell whether the subject denies by itself: “neither Kenya nor Uganda has”."""
        return any(
            self.phrases[place].tokens[0].low == "neither" or self.low(place - 1) == "neither" or self._nor(place)
            for place in self.subject(at)
        )

    def _nor(self, subject: int) -> bool:
        """Tell whether a subject stands in “Nor did Kenya sign …”."""
        opener = self.verb(subject - 1)
        helps = opener is not None and opener.lemma in {"do", "have", "be"}
        return helps and self.low(subject - 2) in {"nor", "neither"}

    def _own_sense(self, at: int) -> tuple[Sense, bool]:
        verb = self.verb(at)
        if verb is None:
            return Sense.POSSIBLE, False
        chained = self.chained(at)
        if chained is not None and self._bare(verb):
            outer, negated = self._own_sense(chained)
            either = self.low(at - 1) in {"or", "nor"}
            shares = negated and (either or self.low(at - 1) == "and")
            return outer, verb.negated or (shares and not verb.negated)
        if verb.infinitive:
            return self._of_infinitive(at)
        if not verb.finite:
            return self._gerund_sense(at)
        return self._finite(verb), verb.negated

    def _bare(self, verb: Verb) -> bool:
        return not verb.modal and not verb.infinitive and verb.tokens[0].tag not in {Tag.HAVE, Tag.BE, Tag.DO}

    def _finite(self, verb: Verb) -> Sense:  # noqa: PLR0911 (a line a rule)
        if verb.modal in {"will", "shall", "’ll"}:
            return Sense.PLANNED
        if verb.modal in {"should", "must"} and not verb.perfect:
            return Sense.URGED
        if verb.modal:
            return Sense.POSSIBLE
        if verb.adverbs & _HEARSAY:
            return Sense.REPORTED
        if verb.adverbs & _HEDGES:
            return Sense.POSSIBLE
        if verb.progressive and verb.lemma in _PLANNED_WHEN_PROGRESSIVE:
            return Sense.PLANNED
        return Sense.STATED

    def _of_infinitive(self, at: int) -> tuple[Sense, bool]:
        before = self._back(at)
        if self.shape(before) is Shape.COMMA:
            before = self._ranked_before(before)
        own = self.phrases[at]
        negated = isinstance(own, Verb) and own.negated
        governor = self.verb(before)
        if governor is not None:
            return self._governed(before, governor, negated=negated)
        if self.shape(before) is not Shape.NOUN:
            return Sense.POSSIBLE, negated
        return self._by_noun(before, negated=negated)

    def _governed(self, at: int, governor: Verb, *, negated: bool) -> tuple[Sense, bool]:  # noqa: PLR0911 (a line a rule)
        sense, outer = self._own_sense(at)
        around = governor.lows | self.phrases[at + 1].lows if at + 1 < len(self.phrases) else governor.lows
        if governor.lemma in {"have", "be"} and ("yet" in around or "yet" in governor.adverbs):
            return Sense.STATED, True
        if sense is not Sense.STATED:
            return sense, outer != negated
        if governor.lemma in _UNDONE - {"have"}:
            return Sense.STATED, outer == negated
        if governor.lemma in _DONE:
            return Sense.STATED, outer != negated
        if governor.lemma in _URGES:
            return Sense.URGED, outer != negated
        if governor.lemma in _INVITES:
            return Sense.POSSIBLE, outer != negated
        own = self.verb(at + 1)
        if governor.passive and governor.lemma in _HELD and own is not None and own.perfect:
            return (Sense.STATED if governor.lemma == "know" else Sense.REPORTED), outer != negated
        if governor.lemma in _REPORTS - _PLANS:
            return Sense.REPORTED, outer != negated
        return Sense.PLANNED, outer != negated

    def _by_noun(self, at: int, *, negated: bool) -> tuple[Sense, bool]:
        """Judge an infinitive by the noun before it: “its failure to”, “the first country to”, “ready to”."""
        head = self.phrases[at].head.low
        governor = self._governor(at)
        verb = self.verb(governor) if governor is not None else None
        if head in _UNWILLING and (verb is not None or self.phrases[at].owner is not None):
            return Sense.STATED, not negated if head == "unable" else True
        if verb is None or governor is None:
            return (Sense.PLANNED if head in PLAN_NOUNS else Sense.POSSIBLE), negated
        if head == "able" or (verb.lemma in _COPULAS and self._ranked(governor, at)):
            sense, outer = self._own_sense(governor)
            return sense, outer != negated
        if head in _GLAD:
            own = self.verb(at + 1)
            done = own is not None and (own.perfect or own.lemma in {"be", "have"})
            return (Sense.STATED if done else Sense.POSSIBLE), negated
        if head in _READY or head in PLAN_NOUNS:
            return Sense.PLANNED, negated
        return {"help": Sense.STATED}.get(verb.lemma, Sense.URGED if verb.lemma in _URGES else Sense.POSSIBLE), negated

    def _ranked(self, governor: int, at: int) -> bool:
        """Tell whether what is done is said of the first, the only one: “was the first of nine states to ratify”."""
        return any(one.lows & _NTH for one in self.phrases[governor + 1 : at + 1])

    def _gerund_sense(self, at: int) -> tuple[Sense, bool]:
        before = self._back(at)
        governor = self.verb(before)
        if governor is not None:
            undone = governor.lemma in {
                "avoid",
                "rule",
                "stop",
                "delay",
                "postpone",
                "exclude",
                "oppose",
                "resist",
                "reject",
            }
            return (Sense.STATED, True) if undone else (Sense.POSSIBLE, governor.negated)
        if self.shape(before) is Shape.PREPOSITION:
            word = self.low(before)
            if word == "without":
                supposed = any(
                    one.modal in {"could", "would", "might"} for one in map(self.verb, self._around(at)) if one
                )
                return (Sense.POSSIBLE if supposed else Sense.STATED), True
            if self._praised(before) or self._supported(before):
                return (self._main_sense_of(before) if self._praised(before) else Sense.POSSIBLE), False
            stated = word in {"by", "after", "since", "upon", "through", "in", "following", "with", "from", "as"}
            opened = word in {
                "before",
                "until",
                "of",
                "for",
                "against",
                "towards",
                "toward",
                "on",
                "about",
                "to",
                "into",
            }
            if stated and not opened:
                return self._main_sense(at), False
        dated = self.shape(before) is Shape.NOUN and self.phrases[before].head.tag is Tag.DATE
        own = self.verb(at)
        if (dated or self.shape(before) is Shape.COMMA) and own is not None and own.lemma in {"become", "make"}:
            return self._main_sense(at), False  # “deposited its instrument in 2015, becoming the 46th party”
        return Sense.POSSIBLE, False

    def _main_sense_of(self, before: int) -> Sense:
        """Give the sense of what governs “for hosting”: who is commended did it, who would be has not."""
        governor = self._governor(before)
        return self._own_sense(governor)[0] if governor is not None else Sense.POSSIBLE

    def _main_sense(self, at: int) -> Sense:
        """Give the sense of the sentence's main verb, which a “by signing” shares."""
        for place in self._around(at):
            verb = self.verb(place)
            if verb is not None and verb.finite and not self._in_relative(place):
                return self._finite(verb)
        return Sense.POSSIBLE

    def _around(self, at: int) -> list[int]:
        return [*range(at + 1, len(self.phrases)), *range(at - 1, -1, -1)]

    def _frame(self, at: int) -> tuple[Sense, bool, str]:
        """Judge what a clause stands in: a condition, a report, a doubt."""
        opening = self._opening(at)
        if self._only_once(at):
            return Sense.CONDITIONAL, False, ""
        word = self.low(opening) if self.shape(opening) is Shape.SUBORDINATOR else ""
        if (
            word in _CONDITIONS
            or (word in {"when", "whenever"} and self._present(at))
            or (
                self.low(opening) in {"until", "till", "once", "before"}
                and self.shape(opening) is Shape.PREPOSITION
                and (self.low(opening) in {"until", "till"} or self._present(at))
            )
        ):
            return Sense.CONDITIONAL, False, ""
        if self.low(opening) == "which" and self._sought(opening):
            return Sense.ASKED, False, ""
        if word == "that":
            return self._complement(opening)
        verb = self.verb(opening)
        if verb is not None and verb.lemma in _REPORTS and not verb.infinitive:
            return Sense.REPORTED, False, self._speaker(opening)
        return self._attributed(at)

    def _only_once(self, at: int) -> bool:
        """Tell whether it is still to come: “will ratify, once parliament has passed an act”."""
        first = min([at, *self.subject(at)])
        opens = self.shape(first - 2) is Shape.COMMA or first - 1 == 0
        return self.low(first - 1) == "once" and opens and self._present(at)

    def _sought(self, relative: int) -> bool:
        """Tell whether somebody asks for it: “asked me for the date on which Fiji ratified …”."""
        if self.shape(relative - 1) is not Shape.PREPOSITION or self.shape(relative - 2) is not Shape.NOUN:
            return False
        verbs = [verb for place in range(relative - 2) if (verb := self.verb(place)) is not None]
        return bool(verbs) and verbs[-1].lemma in {"ask", "wonder", "inquire", "demand", "know", "remember", "find"}

    def _present(self, at: int) -> bool:
        verb = self.verb(at)
        past = verb is not None and verb.tokens[0].low in {"did", "had", "was", "were"}
        has = verb is not None and verb.perfect and verb.tokens[0].low in {"has", "have"}
        return verb is not None and (has or verb.form in {"base", "s"}) and not verb.modal and not past

    def _opening(self, at: int) -> int:
        """Give the place before the clause of the verb at a place."""
        places = self.subject(at)
        first = places[0] if places and places[0] < at else at
        return self._back(first)

    def _complement(self, opening: int) -> tuple[Sense, bool, str]:  # noqa: PLR0911 (a line a rule)
        before = self._back(opening)
        earlier = [place for place in range(before) if self.shape(place) is Shape.SUBORDINATOR
                   and self.low(place) == "that"]  # fmt: skip
        if earlier and self.shape(before) in {Shape.CONJUNCTION, Shape.COMMA}:
            return self._complement(earlier[-1])  # “said that A and that B”
        verb = self.verb(before)
        if verb is None and self.shape(before) is Shape.NOUN:
            told = self.verb(before - 1)
            if self.phrases[before].lows & _DOUBT_NOUNS:
                denied = told is not None and told.lemma in _DENIES and not told.negated
                return (Sense.REPORTED, True, self._speaker(before - 1)) if denied else (Sense.POSSIBLE, False, "")
            verb = self.verb(before - 1)  # “told reporters that”
            before -= 1
        if verb is None:
            return Sense.STATED, False, ""
        if verb.lemma in _DENIES:
            return Sense.REPORTED, True, self._speaker(before)
        if verb.lemma in _REPORTS:
            doubtful = verb.negated or bool(verb.modal) or verb.infinitive
            return (Sense.POSSIBLE if doubtful else Sense.REPORTED), False, self._speaker(before)
        if verb.lemma in _DOUBTS or (verb.negated and verb.lemma != "be"):
            return Sense.POSSIBLE, False, ""
        if verb.lemma == "be":
            named = self.phrases[before + 1].lows if before + 1 < len(self.phrases) else frozenset[str]()
            if named & (_DOUBT_NOUNS | _UNSURE) or (verb.negated and named & {"clear", "certain", "known"}):
                return Sense.POSSIBLE, False, ""
            return Sense.STATED, verb.negated != bool(named & _UNTRUE), ""
        return Sense.STATED, False, ""

    def _speaker(self, at: int) -> str:
        places = self.subject(at)
        return " and ".join(" ".join(token.text for token in self.phrases[place].tokens) for place in places)

    _ACCORDING: Final = re.compile(r"\baccording to ((?:the |a |an )?[^,.;]{2,60})", re.IGNORECASE)

    def _attributed(self, at: int) -> tuple[Sense, bool, str]:
        found = self._ACCORDING.search(self.text)
        if found:
            return Sense.REPORTED, False, found.group(1).strip()
        by = self._trailing(at)
        if by:
            return Sense.REPORTED, False, by
        return Sense.STATED, False, ""

    def _trailing(self, at: int) -> str:
        """Give who says so in “…, the minister said” and “…, a leaflet claims”; empty where nobody does."""
        commas = [place for place in range(at + 1, len(self.phrases)) if self.shape(place) is Shape.COMMA]
        for comma in commas:
            end = comma + 1
            while end < len(self.phrases) and self.shape(end) not in {Shape.COMMA, Shape.STOP, Shape.CONJUNCTION}:
                end += 1
            part = self.phrases[comma + 1 : end]
            said = [place for place in range(comma + 1, end) if self._says(place)]
            subordinate = any(one.shape in {Shape.RELATIVE, Shape.SUBORDINATOR} for one in part)
            before = self.phrases[comma + 1 : said[0]] if said else ()
            subordinate = subordinate or any("contrary" in one.lows for one in part)
            named = all(one.shape in {Shape.NOUN, Shape.PREPOSITION, Shape.ADVERB} for one in before)
            if len(said) == 1 and not subordinate and named:
                who = before or self.phrases[said[0] : end]
                return " ".join(token.text for one in who for token in one.tokens if one.shape is not Shape.VERB)
        return ""

    def _says(self, at: int) -> bool:
        verb = self.verb(at)
        if verb is not None:
            by = self.low(at + 1) == "by"  # “the agreement, announced by the President”
            return verb.lemma in _SAYING and verb.form in {"past", "s"} and not verb.passive and not by
        return self.shape(at) is Shape.NOUN and self.phrases[at].head.low in {"claims", "reports", "notes", "states"}
