"""Tokens grouped into phrases: noun phrases with their head, verb groups with their sense, and what joins them.

Round brackets and quotation marks are left out: what stands in brackets beside a name repeats or dates it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from comity.claims.gazetteer import Mention, What
from comity.claims.tokens import Tag, Token
from comity.claims.words import WEEK, bag


class Shape(StrEnum):
    """What a phrase is."""

    NOUN = "noun phrase"
    VERB = "verb group"
    PREPOSITION = "preposition"
    CONJUNCTION = "conjunction"
    COMMA = "comma"
    RELATIVE = "relative"
    SUBORDINATOR = "subordinator"
    ADVERB = "adverb"
    COLON = "colon"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Neighbouring tokens that belong together."""

    shape: Shape
    tokens: tuple[Token, ...]

    @property
    def start(self) -> int:
        """Offset of its first character."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Offset after its last character."""
        return self.tokens[-1].end

    @property
    def low(self) -> str:
        """Its words in small letters."""
        return " ".join(token.low for token in self.tokens)

    @property
    def head(self) -> Token:
        """The last token, which a noun phrase is about."""
        return self.tokens[-1]

    @property
    def lows(self) -> frozenset[str]:
        """The set of its words."""
        return frozenset(token.low for token in self.tokens)

    @property
    def mention(self) -> Mention | None:
        """The name at its head; None where the head is a word, or an adjective."""
        named = self.tokens[-2] if self.head.tag is Tag.DATE and len(self.tokens) > 1 else self.head
        found = named.mention  # “the Index 2024” is the Index
        return None if found is None or found.what is What.ADJECTIVE else found

    @property
    def inner(self) -> tuple[Mention, ...]:
        """All names in it, before the head too."""
        return tuple(token.mention for token in self.tokens if token.mention is not None)

    @property
    def owner(self) -> Token | None:
        """The token before its first genitive, or its possessive pronoun; None without one."""
        for place, token in enumerate(self.tokens):
            if token.tag is Tag.GENITIVE and place:
                return self.tokens[place - 1]
            if token.low in {"its", "their"}:
                return token
        return None

    @property
    def definite(self) -> bool:
        """Whether it begins with “the”, “this” or a possessive."""
        return self.tokens[0].low in {"the", "this", "that", "these", "those", "its", "their"}


@dataclass(frozen=True, slots=True)
class Verb(Phrase):
    """A verb group: its main verb, and what stands before it."""

    lemma: str
    form: str
    negated: bool
    modal: str
    passive: bool
    infinitive: bool
    perfect: bool
    progressive: bool
    adverbs: frozenset[str]

    @property
    def finite(self) -> bool:
        """Whether it can carry a clause of its own."""
        return not self.infinitive and not (self.form == "ing" and not self.progressive)


_NOUNY: Final = frozenset({Tag.DETERMINER, Tag.NOUN, Tag.NUMBER, Tag.DATE, Tag.NAME, Tag.GENITIVE})
_VERBAL: Final = frozenset({Tag.VERB, Tag.PAST, Tag.PARTICIPLE, Tag.GERUND})
_AUXILIARY: Final = frozenset({Tag.BE, Tag.HAVE, Tag.DO, Tag.MODAL, Tag.NOT, Tag.ADVERB, Tag.TO})
_SHAPES: Final = {
    Tag.PREPOSITION: Shape.PREPOSITION,
    Tag.TO: Shape.PREPOSITION,
    Tag.CONJUNCTION: Shape.CONJUNCTION,
    Tag.COMMA: Shape.COMMA,
    Tag.RELATIVE: Shape.RELATIVE,
    Tag.SUBORDINATOR: Shape.SUBORDINATOR,
    Tag.ADVERB: Shape.ADVERB,
    Tag.NOT: Shape.ADVERB,
    Tag.COLON: Shape.COLON,
    Tag.STOP: Shape.STOP,
}
_COUNTED: Final = bag("times years months weeks days")
_COUNTED_ON: Final = bag("other more further additional such")
_NUMBERS: Final = bag("two three four five six seven eight nine ten several many")
_TIMES: Final = WEEK | bag("next last today yesterday tomorrow earlier later")


def phrases(tokens: Sequence[Token]) -> list[Phrase]:
    """Group a sentence's tokens."""
    kept = _joined(_without_brackets(tokens))
    grouped: list[Phrase] = []
    place = 0
    while place < len(kept):
        phrase = _verb(kept, place) or _day(kept, place) or _noun(kept, place) or _other(kept, place)
        if isinstance(phrase, Verb) and phrase.form == "base" and grouped and isinstance(grouped[-1], Verb):
            bare = grouped[-1].lemma == "help" and not phrase.modal
            phrase = replace(phrase, infinitive=True) if bare else phrase  # “helped draft it”
        grouped.append(phrase)
        place += len(phrase.tokens)
    return _without_asides(grouped)


def _without_asides(grouped: list[Phrase]) -> list[Phrase]:
    """Leave the commas around an adverb out: “It is, however, a member”."""
    shapes = [one.shape for one in grouped]
    aside = [Shape.COMMA, Shape.ADVERB, Shape.COMMA]
    opens = {at for at in range(1, len(grouped) - 2) if shapes[at : at + 3] == aside and shapes[at - 1] is Shape.VERB}
    return [one for at, one in enumerate(grouped) if at not in opens and at - 2 not in opens]


def _without_brackets(tokens: Sequence[Token]) -> list[Token]:
    kept: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.tag is Tag.OPEN:
            close = next((at for at in range(place, len(tokens)) if tokens[at].tag is Tag.CLOSE), place)
            place = close + 1
            continue
        if token.tag not in {Tag.QUOTE, Tag.CLOSE}:
            kept.append(token)
        place += 1
    return kept


_COUNTING: Final = ("more than ", "fewer than ", "less than ", "at least ", "up to ", "as many as ")
_NEARLY: Final = frozenset({"over", "about", "around", "nearly", "almost", "some", "only"})
_BESIDE: Final = frozenset({"along with", "together with", "as did", "as have", "as has", "alongside"})
_JOINING: Final = ("as well as", "in addition to", *sorted(_BESIDE))


def _joined(tokens: Sequence[Token]) -> list[Token]:
    """Read “as well as” and its like as one conjunction."""
    joined: list[Token] = []
    place = 0
    while place < len(tokens):
        words = " ".join(token.low for token in tokens[place : place + 3]) + " "
        opens = not joined or joined[-1].tag is Tag.STOP
        found = next((one for one in _JOINING if words.startswith(one + " ") and not opens), "")
        if found:
            size = found.count(" ") + 1
            word = "along" if found in _BESIDE else "and"
            joined.append(replace(tokens[place], text=word, tag=Tag.CONJUNCTION))
            place += size
        elif tokens[place].low in _NEARLY and len(tokens) > place + 1 and tokens[place + 1].tag is Tag.NUMBER:
            joined.append(replace(tokens[place], tag=Tag.DETERMINER))
            place += 1
        elif words.startswith(_COUNTING) and len(tokens) > place + 2 and tokens[place + 2].tag is Tag.NUMBER:
            joined.append(replace(tokens[place], tag=Tag.DETERMINER))
            place += 2
        else:
            joined.append(tokens[place])
            place += 1
    return joined


def _day(tokens: Sequence[Token], place: int) -> Phrase | None:
    """Read “today” as what it is, an adverb, so that “the ministers today signed” has its subject."""
    alone = tokens[place].low in {"today", "yesterday", "tomorrow", "tonight"} and tokens[place].tag is Tag.NOUN
    nouny = place + 1 < len(tokens) and tokens[place + 1].tag in _NOUNY
    return Phrase(Shape.ADVERB, (tokens[place],)) if alone and not nouny else None


def _other(tokens: Sequence[Token], place: int) -> Phrase:
    token = tokens[place]
    if token.tag is Tag.PRONOUN:
        return Phrase(Shape.NOUN, (token,))
    return Phrase(_SHAPES.get(token.tag, Shape.ADVERB), (token,))


def _noun(tokens: Sequence[Token], place: int) -> Phrase | None:
    if tokens[place].tag not in _NOUNY:
        return None
    end = place
    while end < len(tokens) and tokens[end].tag in _NOUNY:
        if end > place and _begins_another(tokens, end, place):
            break
        end += 1
    return Phrase(Shape.NOUN, tuple(tokens[place:end]))


def _begins_another(tokens: Sequence[Token], end: int, place: int) -> bool:
    before, token = tokens[end - 1].tag, tokens[end].tag
    if token is Tag.DETERMINER:
        counted = before is Tag.NUMBER and tokens[end].low in _COUNTED_ON
        return before is not Tag.DETERMINER and not counted
    counted = end + 1 < len(tokens) and tokens[end + 1].low in _COUNTED and tokens[end].low in _NUMBERS
    if counted and before in {Tag.NAME, Tag.NOUN}:
        return True  # “served in the Group five times”
    if tokens[end].low in _TIMES and before in {Tag.NAME, Tag.NOUN, Tag.DATE}:
        return True
    if token is Tag.DATE:
        return before not in {Tag.DETERMINER, Tag.GENITIVE, Tag.NAME}
    return before is Tag.DATE and end - 1 == place


def _verb(tokens: Sequence[Token], place: int) -> Verb | None:
    """Read a verb group that begins here; adverbs alone are none."""
    end = place
    while end < len(tokens) and tokens[end].tag in _AUXILIARY:
        if tokens[end].tag is Tag.TO and end > place:
            break
        end += 1
    auxiliaries = list(tokens[place:end])
    main = tokens[end] if end < len(tokens) and tokens[end].tag in _VERBAL else None
    helping = [token for token in auxiliaries if token.tag in {Tag.BE, Tag.HAVE, Tag.DO, Tag.MODAL}]
    if main is None and not helping:
        return None
    if main is None:
        end = place + auxiliaries.index(helping[-1]) + 1
        while end < len(tokens) and tokens[end].tag is Tag.NOT:
            end += 1
        after = tuple(token for token in tokens[end : end + 2] if token.low in {"yet", "no", "longer"})
        return _group(tuple(tokens[place:end]), helping[-1], (*tokens[place:end], *after))
    if auxiliaries and auxiliaries[0].tag is Tag.TO and not helping and main.form != "base":
        return None
    return _group(tuple(tokens[place : end + 1]), main, auxiliaries)


def _negated(all_tokens: Sequence[Token], auxiliaries: Sequence[Token]) -> bool:
    """Tell whether a “not” is meant as one: “not only” adds."""
    around = [*all_tokens, *(token for token in auxiliaries if token not in all_tokens)]
    return any(
        token.tag is Tag.NOT and not (place + 1 < len(around) and around[place + 1].low in {"only", "just", "merely"})
        for place, token in enumerate(around)
    )


def _group(all_tokens: tuple[Token, ...], main: Token, auxiliaries: Sequence[Token]) -> Verb:
    tags = [token.tag for token in auxiliaries]
    lows = frozenset(token.low for token in auxiliaries)
    is_verb = main.tag in _VERBAL
    helping = [token for token in auxiliaries if token.tag in {Tag.BE, Tag.HAVE}]
    passive = is_verb and main.tag in {Tag.PAST, Tag.PARTICIPLE} and bool(helping) and helping[-1].tag is Tag.BE
    lemma = main.lemma if is_verb else {Tag.BE: "be", Tag.HAVE: "have", Tag.DO: "do", Tag.MODAL: ""}[main.tag]
    return Verb(
        Shape.VERB,
        all_tokens,
        lemma=lemma,
        form={Tag.PAST: "past", Tag.PARTICIPLE: "en", Tag.GERUND: "ing"}.get(main.tag, main.form or "base"),
        negated=_negated(all_tokens, auxiliaries) or ("yet" in lows and main.tag in {Tag.BE, Tag.HAVE}) or "no" in lows,
        modal=next((token.low for token in auxiliaries if token.tag is Tag.MODAL), ""),
        passive=passive,
        infinitive=Tag.TO in tags,
        perfect=Tag.HAVE in tags and is_verb,
        progressive=is_verb and main.tag is Tag.GERUND and Tag.BE in tags,
        adverbs=frozenset(token.low for token in auxiliaries if token.tag is Tag.ADVERB),
    )
