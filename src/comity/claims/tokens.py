"""Words of a sentence and what part each plays, decided by closed lists and by its neighbours."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from comity.claims import words
from comity.claims.gazetteer import Mention, What
from comity.claims.words import bag


class Tag(StrEnum):
    """The part that a word plays."""

    DETERMINER = "det"
    PREPOSITION = "prep"
    CONJUNCTION = "cc"
    RELATIVE = "rel"
    SUBORDINATOR = "sub"
    PRONOUN = "pron"
    BE = "be"
    HAVE = "have"
    DO = "do"
    MODAL = "modal"
    NOT = "not"
    ADVERB = "adv"
    TO = "to"
    VERB = "verb"
    PAST = "past"
    PARTICIPLE = "participle"
    GERUND = "gerund"
    NOUN = "noun"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    GENITIVE = "genitive"
    COMMA = ","
    COLON = ":"
    STOP = ";"
    OPEN = "("
    CLOSE = ")"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a sign, a date or a whole name, at [start, end) of the document."""

    text: str
    start: int
    end: int
    tag: Tag
    mention: Mention | None = None

    @property
    def low(self) -> str:
        """The word in small letters with plain apostrophes."""
        return self.text.lower().replace("'", "’")

    @property
    def lemma(self) -> str:
        """The verb that this is a form of; empty where it is none."""
        return words.VERB_FORMS.get(self.low, ("", ""))[0]

    @property
    def form(self) -> str:
        """The form of the verb; empty where it is none."""
        return words.VERB_FORMS.get(self.low, ("", ""))[1]


_MONTH = "|".join(sorted((name for name in words.MONTHS), key=len, reverse=True))
DATE: Final = re.compile(
    rf"(?<!/)\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?:\s*[-–]\s*\d{{1,2}}(?:st|nd|rd|th)?)?(?:\s+of)?\s+(?:{_MONTH})\.?,?\s+(?:19|20)\d\d"
    rf"|(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:\s*[-–]\s*\d{{1,2}})?,?\s+(?:19|20)\d\d"
    rf"|(?:{_MONTH})\.?,?\s+(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d|(?:19|20)\d\d\s*[-–/]\s*(?:19|20)?\d\d|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_WORD: Final = re.compile(
    r"[’'](?:s|S|re|ve|ll|d)\b(?![’'])|n[’']t\b|Nos?\.(?=\s*\d)|\d{1,3}(?:,\d{3})+\b|\d+/\d+|(?:[A-Za-z]\.){2,}|[^\W_]+(?:[-.&][^\W_]+|[’'](?!(?:s|S|re|ve|ll|d|t)\b)[^\W_]+)*"
    r"|[’'](?=\s|$|[,.;])|\S"
)
_SIGNS: Final = {
    ",": Tag.COMMA,
    "–": Tag.COMMA,
    "—": Tag.COMMA,
    ":": Tag.COLON,
    ";": Tag.STOP,
    ".": Tag.STOP,
    "!": Tag.STOP,
    "?": Tag.STOP,
    "(": Tag.OPEN,
    "[": Tag.OPEN,
    ")": Tag.CLOSE,
    "]": Tag.CLOSE,
    "“": Tag.QUOTE,
    "”": Tag.QUOTE,
    '"': Tag.QUOTE,
    "\u2018": Tag.QUOTE,
    "|": Tag.STOP,
    "-": Tag.COMMA,
    "•": Tag.STOP,
    "…": Tag.STOP,
    "’s": Tag.GENITIVE,
    "’": Tag.GENITIVE,
    "no.": Tag.NOUN,
    "nos.": Tag.NOUN,
}
_CLOSED: Final = (
    (words.MODALS, Tag.MODAL),
    (words.NEGATIONS, Tag.NOT),
    (words.BE, Tag.BE),
    (words.HAVE, Tag.HAVE),
    (words.DO, Tag.DO),
    (words.PRONOUNS, Tag.PRONOUN),
    (words.RELATIVES, Tag.RELATIVE),
    (words.DETERMINERS, Tag.DETERMINER),
    (words.CONJUNCTIONS, Tag.CONJUNCTION),
    (words.ADVERBS, Tag.ADVERB),
    (words.PREPOSITIONS, Tag.PREPOSITION),
    (words.SUBORDINATORS, Tag.SUBORDINATOR),
)
_AS_PREPOSITION: Final = bag("after before since until till as than once")


def tokens(text: str, start: int, end: int, mentions: Sequence[Mention]) -> list[Token]:
    """Cut [start, end) of a text into tokens, names whole, and tag them."""
    cut = list(_cut(text, start, end, mentions))
    for place in range(len(cut)):
        tag = _settle(cut, place)
        if tag is not cut[place].tag:
            cut[place] = replace(cut[place], tag=tag)
    return cut


def _cut(text: str, start: int, end: int, mentions: Sequence[Mention]) -> Iterator[Token]:
    at = start
    for mention in mentions:
        if mention.what is What.OTHER or mention.start < start or mention.end > end:
            continue
        yield from _words(text, at, mention.start)
        yield Token(mention.text, mention.start, mention.end, Tag.NAME, mention)
        at = mention.end
    yield from _words(text, at, end)


def _words(text: str, start: int, end: int) -> Iterator[Token]:
    at = start
    for date in DATE.finditer(text, start, end):
        yield from _plain_words(text, at, date.start())
        yield Token(date.group(), date.start(), date.end(), Tag.DATE)
        at = date.end()
    yield from _plain_words(text, at, end)


def _plain_words(text: str, start: int, end: int) -> Iterator[Token]:
    for found in _WORD.finditer(text, start, end):
        said = found.group()
        low = said.lower().replace("'", "’")
        if low == "cannot":
            yield Token(said[:3], found.start(), found.start() + 3, Tag.MODAL)
            yield Token(said[3:], found.start() + 3, found.end(), Tag.NOT)
        elif low.endswith("n’t") and len(low) > len("n’t"):
            cut = found.end() - 3
            yield Token(text[found.start() : cut], found.start(), cut, _first(low[:-3]))
            yield Token(text[cut : found.end()], cut, found.end(), Tag.NOT)
        elif said.endswith("n") and text[found.end() : found.end() + 2].lower().replace("'", "’") == "’t":
            yield Token(said[:-1], found.start(), found.end() - 1, _first(low[:-1]))
            yield Token(text[found.end() - 1 : found.end() + 2], found.end() - 1, found.end() + 2, Tag.NOT)
        else:
            yield Token(said, found.start(), found.end(), _first(low))


def _first(low: str) -> Tag:  # noqa: PLR0911 (a line a rule)
    """Tag a word by itself."""
    if low in _SIGNS:
        return _SIGNS[low]
    if low == "to":
        return Tag.TO
    for closed, tag in _CLOSED:
        if low in closed:
            return tag
    if low[0].isdigit():
        return Tag.NUMBER
    form = words.VERB_FORMS.get(low, ("", ""))[1]
    if form:
        return {"ed": Tag.PAST, "past": Tag.PAST, "en": Tag.PARTICIPLE, "ing": Tag.GERUND}.get(form, Tag.VERB)
    if low.endswith("ly") and low not in words.ADVERB_LIKE_LY:
        return Tag.ADVERB
    if low.endswith("ed") and len(low) > len("seed") and low not in words.PARTICIPLE_ADJECTIVES:
        return Tag.PAST
    return Tag.NOUN


_VERBAL: Final = frozenset({Tag.VERB, Tag.PAST, Tag.PARTICIPLE, Tag.GERUND, Tag.BE, Tag.HAVE, Tag.DO, Tag.MODAL})
_NOUNY: Final = frozenset({Tag.NOUN, Tag.NAME, Tag.DATE, Tag.NUMBER, Tag.CLOSE, Tag.PRONOUN})
_OPENS_OBJECT: Final = frozenset({Tag.DETERMINER, Tag.NAME, Tag.TO, Tag.PRONOUN, Tag.NUMBER})


def _at(cut: Sequence[Token], place: int) -> Tag | None:
    return cut[place].tag if 0 <= place < len(cut) else None


def _settle(cut: Sequence[Token], place: int) -> Tag:  # noqa: C901, PLR0911, PLR0912 (a case a tag)
    """Settle a tag by the neighbours; those to the left are settled already."""
    token, before, after = cut[place], _at(cut, place - 1), _at(cut, place + 1)
    match token.tag:
        case Tag.TO:
            return _to(cut, place)
        case Tag.RELATIVE if token.low == "that":
            return _that(before, cut[place + 1] if place + 1 < len(cut) else None)
        case Tag.SUBORDINATOR if token.low in _AS_PREPOSITION:
            return Tag.PREPOSITION
        case Tag.ADVERB if token.low == "since":
            return Tag.ADVERB if before in {Tag.HAVE, Tag.RELATIVE} else Tag.PREPOSITION
        case Tag.ADVERB if before in {Tag.DETERMINER, Tag.GENITIVE} and (
            token.low == "only" or not token.low.endswith("ly")
        ):
            return Tag.NOUN
        case Tag.ADVERB if token.low in {"itself", "themselves"} and before is Tag.COMMA and after is Tag.DETERMINER:
            return Tag.DETERMINER  # “New Zealand, itself a party to the Convention”
        case Tag.DETERMINER if token.low == "either" and after in {None, Tag.COMMA, Tag.STOP}:
            return Tag.ADVERB
        case Tag.GENITIVE if token.low == "’s" and (before is Tag.PRONOUN or after in {Tag.DETERMINER, Tag.NOT}):
            return Tag.BE
        case Tag.DETERMINER if token.low in {"neither", "both", "all"} and after in _VERBAL:
            return _before_a_verb(token, before)
        case Tag.SUBORDINATOR if token.low == "so" and cut[place + 1 : place + 2] and cut[place + 1].low == "far":
            return Tag.ADVERB
        case Tag.DETERMINER if token.low in words.DETERMINERS - words.POSSESSIVES - {"the", "a", "an", "no", "every"}:
            return Tag.PRONOUN if _stands_for_a_noun(token, after) else Tag.DETERMINER
        case Tag.VERB | Tag.PAST | Tag.PARTICIPLE | Tag.GERUND:
            return _verb(cut, place)
        case tag:
            return tag


def _before_a_verb(token: Token, before: Tag | None) -> Tag:
    """Tag “neither signed”, and “Malawi and Lesotho both completed …”."""
    if token.low == "neither":
        return Tag.NOT
    return Tag.ADVERB if before in {Tag.NAME, Tag.NOUN} else Tag.PRONOUN


def _stands_for_a_noun(token: Token, after: Tag | None) -> bool:
    standing = {"these", "those", "this", "both", "others", "all", "some", "many", "several", "most", "few"}
    return token.low in standing and (after is None or after in _VERBAL or after in {Tag.ADVERB, Tag.COMMA, Tag.STOP})


def _to(cut: Sequence[Token], place: int) -> Tag:
    at = place + 1
    while _at(cut, at) in {Tag.ADVERB, Tag.NOT}:
        at += 1
    if at < len(cut) and (cut[at].form == "base" or cut[at].low in {"be", "have", "do"}):
        return Tag.TO
    return Tag.PREPOSITION


_TREATY_WORDS: Final = frozenset({"convention", "treaty", "agreement", "protocol", "instrument", "declaration"})


def _that(before: Tag | None, following: Token | None) -> Tag:
    after = following.tag if following else None
    if before in _VERBAL and following is not None and following.low in _TREATY_WORDS:
        return Tag.DETERMINER  # “has signed that convention”
    if before in _VERBAL or before in {Tag.ADVERB, Tag.NOT}:
        return Tag.SUBORDINATOR
    verbal = following is not None and (after in _VERBAL or bool(following.form))
    if before in {Tag.NOUN, Tag.NAME, Tag.CLOSE, Tag.PRONOUN, Tag.COMMA} and (verbal or after is not Tag.NOUN):
        return Tag.RELATIVE if verbal or after in {Tag.ADVERB, Tag.NOT} else Tag.SUBORDINATOR
    return Tag.DETERMINER if after is Tag.NOUN else Tag.SUBORDINATOR


def _helped(cut: Sequence[Token], place: int) -> bool:
    """Tell whether a bare verb follows “helped” or “helped Samoa”."""
    named = _at(cut, place - 1) is Tag.NAME
    described = _at(cut, place - 1) is Tag.NOUN and _at(cut, place - 2) is Tag.DETERMINER  # “the government”
    before = place - (2 if named else 3 if described else 1)
    return before >= 0 and cut[before].lemma == "help" and cut[before].tag in _VERBAL


def _verb(cut: Sequence[Token], place: int) -> Tag:
    token, before, after = cut[place], _at(cut, place - 1), _at(cut, place + 1)
    if before in {Tag.TO, Tag.MODAL} or (token.form == "base" and _helped(cut, place)):
        return token.tag
    if token.tag is Tag.GERUND:
        return _gerund(cut, place)
    if token.tag in {Tag.PAST, Tag.PARTICIPLE}:
        modifies = before in {Tag.DETERMINER, Tag.GENITIVE} and after in {
            Tag.NOUN,
            Tag.NAME,
            Tag.GERUND,
            Tag.VERB,
            Tag.PAST,
        }
        adjective = (
            token.low in words.PARTICIPLE_ADJECTIVES
            and after in {Tag.NOUN, Tag.NAME}
            and before not in {Tag.BE, Tag.HAVE, Tag.NAME, Tag.PRONOUN}
        )
        listed = (
            before in {Tag.PREPOSITION, Tag.CONJUNCTION}
            and after is Tag.NOUN
            and token.low in words.PARTICIPLE_ADJECTIVES
        )
        return Tag.NOUN if modifies or adjective or listed else token.tag
    if before in {Tag.DETERMINER, Tag.GENITIVE, Tag.PREPOSITION, Tag.NUMBER}:
        return Tag.NOUN
    if token.low in words.NOUN_TOO and not _acts(cut, place):
        return Tag.NOUN
    return Tag.VERB


_WORKING: Final = bag("group groups party paper papers session sessions language member members")


def _gerund(cut: Sequence[Token], place: int) -> Tag:
    token, before, after = cut[place], _at(cut, place - 1), _at(cut, place + 1)
    if token.low in {"working", "founding"} and place + 1 < len(cut) and cut[place + 1].low in _WORKING:
        return Tag.NOUN
    if token.text[:1].isupper() and before is Tag.PREPOSITION and place > 1 and cut[place + 1 : place + 2]:
        named = cut[place - 2].text[:1].isupper() and cut[place + 1].text[:1].isupper()
        if named and after in {Tag.NOUN, Tag.NAME}:
            return Tag.NOUN  # “the Convention on Combating Information Technology Offences”
    if before in {Tag.DETERMINER, Tag.GENITIVE, Tag.NOUN} and after not in {Tag.DETERMINER, Tag.NAME}:
        return Tag.NOUN
    if token.low in words.NOUN_TOO | {"training", "meeting", "hearing", "mapping", "sharing", "funding"}:
        return Tag.GERUND if before in {Tag.BE, Tag.ADVERB, Tag.PREPOSITION} and after in _OPENS_OBJECT else Tag.NOUN
    return Tag.GERUND


_URGING: Final = bag("recommend propose urge suggest demand request require ask insist")
_COUNTED: Final = bag("first second third last latest next only other member american caribbean african european")


def _acts(cut: Sequence[Token], place: int) -> bool:
    """Tell whether a word that is a noun as often as a verb is a verb here."""
    token, before, after = cut[place], _at(cut, place - 1), _at(cut, place + 1)
    if before in {Tag.PRONOUN, Tag.RELATIVE, Tag.DO, Tag.MODAL, Tag.NOT}:
        return True
    if place and cut[place - 1].low in _COUNTED:
        return False
    if before is Tag.ADVERB:
        return after in _OPENS_OBJECT or after in {Tag.PREPOSITION, Tag.NOUN, Tag.SUBORDINATOR}
    opens = after in _OPENS_OBJECT or after in {Tag.SUBORDINATOR, Tag.PREPOSITION, Tag.RELATIVE, Tag.ADVERB}
    if before is Tag.NAME:
        recommended = _at(cut, place - 2) is Tag.SUBORDINATOR and cut[max(0, place - 3)].lemma in _URGING
        listed = _at(cut, place - 2) is Tag.CONJUNCTION or (token.form == "base" and recommended)
        return (listed or _subject_name(cut[place - 1], token)) and (opens or after in {Tag.NOUN, Tag.GERUND})
    if before in {Tag.NOUN, Tag.CLOSE, Tag.COMMA, Tag.DATE}:
        return (
            after in _OPENS_OBJECT
            and token.form in {"s", "base"}
            and (token.form == "s" or cut[place - 1].low.endswith("s"))
        )
    return before is Tag.CONJUNCTION and after in _OPENS_OBJECT


def _subject_name(name: Token, verb: Token) -> bool:
    if name.mention is None or name.mention.what is What.ADJECTIVE:
        return False
    return verb.form == "s" or name.low.endswith("s")
