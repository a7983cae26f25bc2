"""Who adopted a strategy or a law: by verb, by passive; and what states adopt together."""

from dataclasses import replace
from typing import Final

from comity.claims.gazetteer import What
from comity.claims.kinds import NAMED_NATURES
from comity.claims.phrases import Shape, Verb
from comity.claims.register import Act, Nature, PartyKind
from comity.claims.rules_making import dated_by_its_name
from comity.claims.sayings import Reading, Said
from comity.claims.statements import Named
from comity.claims.tokens import Tag, Token
from comity.claims.voices import bearer, is_passive
from comity.claims.words import WEEK, bag

_ADOPT: Final = bag(
    "adopt launch enact pass approve promulgate publish unveil introduce issue finalise finalize release"
)
_TEXTS: Final = bag(
    "strategy policy plan law act bill legislation decree decree-law code ordinance framework roadmap laws regulations "
    "regulation"
)
_NUMBERS: Final = frozenset({"no.", "nos."})
_PAPERS: Final = frozenset({"policy", "white", "strategy"})
_SUBJECT_MATTER: Final = bag(
    "cyber cybersecurity cyber-security cybercrime cybercrimes cyberspace computer computers data digital "
    "electronic information "
    "privacy ict ransomware cyberdefence cyberdefense e-government cybercrime-related critical"
)


def read(reading: Reading) -> None:
    """Put down what the sentence says of adopting."""
    for at, verb in reading.verbs():
        if verb.lemma in _ADOPT:
            _adopted(reading, at, verb)


def _adopted(reading: Reading, at: int, verb: Verb) -> None:
    set_off = reading.clauses.shape(at - 1) is Shape.COMMA and reading.clauses.low(at + 1) in {"in", "on"}
    if verb.passive or is_passive(reading, at, verb) or (set_off and len(verb.tokens) == 1):
        _adopted_passively(reading, at, verb)
        return
    place, between = reading.object_place(at)
    if _relative_text(reading, at, verb):
        return
    if place is None or between:
        return
    subjects, said = reading.subjects(at), reading.said(at)
    _collective(reading, place, subjects, said, verb)
    if verb.lemma in {"publish", "release", "issue"} and not subjects:
        return
    texts = _texts_from(reading, place)
    for subject in subjects:
        known = reading.register.party_by.get(subject.ref)
        if known is not None and known.kind is PartyKind.STATE:
            for text, where in texts:
                own = _its_own(reading, text, subject)
                dated = dated_by_its_name(reading, where, said)
                reading.say(Act.ADOPTED, subject, own, _dated_itself(reading, where, dated) if texts[1:] else dated)
    if texts and subjects:
        _gapped(reading, texts[-1][1], said)
    if subjects:
        reading.things.extend(text for text, _where in texts)


def _dated_itself(reading: Reading, where: int, said: Said) -> Said:
    """Give each of several texts the date that hangs on it: “the one in 2005 and the other in 2019”."""
    when, _as_of = reading.clauses.dated(range(where + 1, _past_its_date(reading, where)))
    return replace(said, when=when) if when is not None else said


def _past_its_date(reading: Reading, where: int) -> int:
    """Give the place after a text and the date that hangs on it, as in “the Act in 2005”."""
    clauses, after = reading.clauses, where + 1
    if clauses.low(after) in {"in", "on"} and clauses.shape(after + 1) is Shape.NOUN:
        return after + 2 if clauses.phrases[after + 1].head.tag is Tag.DATE else after
    return after


def _gapped(reading: Reading, last: int, said: Said) -> None:
    """Read “Antigua passed its Act in 2013, and Saint Vincent its Bill in 2016”: the verb is left out."""
    clauses, place = reading.clauses, _past_its_date(reading, last)
    while clauses.shape(place) in {Shape.COMMA, Shape.CONJUNCTION}:
        place += 1
    if clauses.low(place) in {"in", "on"}:
        place += 2
    whose = reading.naming.party(place, acting=False) if clauses.shape(place) is Shape.NOUN else ()
    text = _text(reading, place + 1) if whose and clauses.shape(place + 1) is Shape.NOUN else None
    if text is not None and clauses.phrases[place + 1].tokens[0].low in {"its", "the", "a"} and len(whose) == 1:
        mine = _dated_itself(reading, place + 1, replace(said, when=None))
        reading.say(Act.ADOPTED, whose[0], _its_own(reading, text, whose[0]), mine)


def _relative_text(reading: Reading, at: int, verb: Verb) -> bool:
    """Read “the Cybercrimes Act, which parliament passed in 2020”: what is passed stands before the “which”."""
    clauses, places = reading.clauses, reading.clauses.subject(at)
    opening = min(places) - 1 if places and min(places) < at else -1
    if clauses.low(opening) not in {"which", "that"} or not verb.finite:
        return False
    nearest = clauses.nearest(opening + 1)
    text = _text(reading, bearer(reading, nearest)) if nearest is not None else None
    subjects = reading.subjects(at)
    for subject in subjects if text is not None and reading.are_states(subjects) else ():
        if text is not None:
            reading.say(Act.ADOPTED, subject, _its_own(reading, text, subject), reading.said(at))
    return text is not None


def _collective(reading: Reading, place: int, subjects: tuple[Named, ...], said: Said, verb: Verb) -> None:
    """Read “adopted the Declaration”: what a state adopts with others, it endorses."""
    if verb.lemma not in {"adopt", "approve"}:
        return
    for thing, *_ in reading.things_from(place):
        if (
            thing.nature in {Nature.DECLARATION, Nature.NORMS, Nature.MEASURES, Nature.PLEDGE, Nature.RESOLUTION}
            and thing.ref
        ):
            for subject in subjects:
                known = reading.register.party_by.get(subject.ref)
                if known is not None and known.kind is PartyKind.STATE:
                    reading.say(Act.ENDORSED, subject, thing, said)


def _texts_from(reading: Reading, place: int) -> list[tuple[Named, int]]:
    found, at = list[tuple[Named, int]](), place
    while True:
        named = _text(reading, at)
        if named is not None:
            found.append((named, at))
        joined = _joined_name(reading, at)
        after = _past_its_date(reading, at + (2 if joined else 0))
        following = reading.next_item(after) if named is not None else None
        if following is None:
            return found
        at = following


def _text(reading: Reading, place: int) -> Named | None:
    """Name a strategy or a law: by its name, or by what it is about."""
    clauses = reading.clauses
    phrase = clauses.phrases[place]
    mention = phrase.mention
    if mention is not None and mention.what is What.THING:
        known = reading.register.thing_by[mention.ref]
        return (
            Named(known.slug, known.name, nature=known.nature)
            if known.nature in {Nature.LAW, Nature.STRATEGY, Nature.PLAN}
            else None
        )
    owned = next((at for at, token in enumerate(phrase.tokens) if token.tag is Tag.GENITIVE), -1)
    words = [token for token in phrase.tokens[owned + 1 :] if token.tag is not Tag.DETERMINER]
    dated = bool(words) and words[-1].tag is Tag.DATE
    joined = _joined_name(reading, place)
    words += joined
    numbered = next((at for at, one in enumerate(words) if one.low in _NUMBERS or one.tag is Tag.NUMBER), 0)
    if numbered and phrase.tokens[0].tag is not Tag.DETERMINER:
        head = words[numbered - 1]  # “Law No. 05-20 on cybersecurity”
    else:
        head = words[-2] if dated and len(words) > 1 and not joined else words[-1] if words else phrase.head
    paper = head.low == "paper" and len(words) > 1 and words[words.index(head) - 1].low in _PAPERS
    if not (paper or head.low.rpartition(" ")[2] in _TEXTS) or (
        phrase.tokens[0].low in {"this", "that", "these", "those", "any", "no"}
    ):
        return None
    tail = ""
    if clauses.low(place + 1) in {"on", "against", "for"} and clauses.shape(place + 2) is Shape.NOUN:
        about = clauses.phrases[place + 2].head.tag is not Tag.DATE and clauses.low(place + 2) not in WEEK
        tail = f" {clauses.low(place + 1)} {reading.text(place + 2, place + 3)}" if about else ""
    said = {word for token in words for word in token.low.split()} | set(tail.lower().split())
    another = "own" in phrase.lows and reading.memory.thing((Nature.STRATEGY,)) is not None and head.low == "strategy"
    if not another and not any(part in _SUBJECT_MATTER for word in said for part in (word, *word.split("-"))):
        return None
    name = " ".join(token.text for token in words if token.low not in {"own", "first", "new", "comprehensive"}).replace(
        " ’s", "’s"
    )
    nature = NAMED_NATURES.get(
        head.low.rpartition(" ")[2], Nature.LAW if head.low.startswith(("law", "regulation")) else Nature.STRATEGY
    )
    return Named("", name + tail, nature=nature)


def _joined_name(reading: Reading, place: int) -> list[Token]:
    """Give the second half of “Computer Misuse and Cybercrimes Act”, with its “and”."""
    clauses = reading.clauses
    if clauses.shape(place + 1) is not Shape.CONJUNCTION or clauses.shape(place + 2) is not Shape.NOUN:
        return []
    first, second = clauses.phrases[place].tokens, clauses.phrases[place + 2].tokens
    named = all(token.text[:1].isupper() for token in (first[-1], *second) if token.tag is Tag.NOUN)
    if not named or second[0].tag is Tag.DETERMINER or first[-1].low in _TEXTS:
        return []
    return [clauses.phrases[place + 1].tokens[0], *second] if any(token.low in _TEXTS for token in second) else []


def _adopted_passively(reading: Reading, at: int, verb: Verb) -> None:
    """Read “Its cybersecurity strategy was adopted in 2019”, “the Cybercrime Act was passed by Parliament”."""
    clauses = reading.clauses
    places = clauses.subject(at) if verb.passive else ((at - 1,) if clauses.shape(at - 1) is Shape.NOUN else ())
    if not places and clauses.shape(at - 1) is Shape.COMMA and clauses.shape(at - 2) is Shape.NOUN:
        places = (bearer(reading, at - 2),) if not verb.passive else ()  # “Its Cybersecurity Act, adopted in 2020, …”
    nearest = reading.clauses.nearest(at)
    if nearest is not None and not any(_text(reading, place) for place in places):
        places = (bearer(reading, nearest),)  # “supported the drafting of the Policy, which was launched in 2021”
    joined = {place + 2 for place in places if _joined_name(reading, place)}
    texts = [text for place in places if place not in joined and (text := _text(reading, place)) is not None]
    if len(texts) != 1:
        return
    owner = clauses.phrases[places[0]].owner
    by = next((place for place in range(at + 1, min(len(clauses.phrases), at + 6)) if clauses.low(place) == "by"), None)
    agents = reading.parties_from(by + 1)[0] if by is not None else ()
    if owner is not None and owner.mention is not None and owner.mention.what is What.PARTY:
        agents = (reading.naming.of_mention(owner.mention),)
    elif not agents and _is_meant(reading, places[0]):
        last = reading.memory.parties
        agents = last if len(last) == 1 else ()
    if len(agents) == 1:
        own = _its_own(reading, texts[0], agents[0])
        reading.say(Act.ADOPTED, agents[0], own, reading.said(at))
        reading.things.append(own)


def _is_meant(reading: Reading, place: int) -> bool:
    """Tell whether a text is that of the state told of: “its Act”, “the Act”, “Law No. 5”, “a new strategy”."""
    phrase = reading.clauses.phrases[place]
    here = reading.memory.parties_block == reading.memory.block and phrase.tokens[0].low in {"a", "an"}
    return phrase.owner is not None or phrase.definite or bool(phrase.lows & {"no.", "nos."}) or here


def _its_own(reading: Reading, text: Named, owner: Named) -> Named:
    """Take a common name, such as National Cybersecurity Strategy, for the text of the state that is meant."""
    known = reading.register.thing_by.get(text.ref)
    return Named("", text.text, nature=text.nature) if known is not None and known.owner != owner.ref else text
