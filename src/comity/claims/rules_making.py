"""Who made a model, body or instrument; who concluded what with whom; who adopted a strategy or a law."""

from typing import Final

from comity.claims.gazetteer import What
from comity.claims.naming import NAMED_NATURES
from comity.claims.nations import NATIONS
from comity.claims.periods import period_of
from comity.claims.phrases import Phrase, Shape, Verb
from comity.claims.register import Act, Nature, PartyKind
from comity.claims.sayings import Reading, Said
from comity.claims.statements import Named
from comity.claims.tokens import Tag, Token
from comity.claims.voices import is_passive, patients
from comity.claims.words import bag

_MAKE: Final = bag(
    "develop create design devise establish produce publish draft author prepare found make build write compile "
    "launch initiate "
    "spearhead pioneer co-develop codevelop co-author formulate conceive invent adopt draw"
)
_CONCLUDE: Final = bag(
    "have sign conclude enter reach strike agree finalise finalize ink pen seal establish formalise formalize"
)
_MEMORANDUM: Final = bag("memorandum mou memoranda mous")
_BILATERAL: Final = bag("agreement treaty pact accord deal arrangement mou memorandum")
_ADOPT: Final = bag(
    "adopt launch enact pass approve promulgate publish unveil introduce issue finalise finalize release"
)
_TEXTS: Final = bag(
    "strategy policy plan law act bill legislation decree code ordinance framework roadmap laws regulations regulation"
)
_SUBJECT_MATTER: Final = bag(
    "cyber cybersecurity cyber-security cybercrime cybercrimes cyberspace computer computers data digital "
    "electronic information "
    "privacy ict ransomware cyberdefence cyberdefense e-government cybercrime-related critical"
)
_MAKEABLE: Final = frozenset(Nature) - {Nature.LAW, Nature.STRATEGY, Nature.PLAN, Nature.EVENT}
_ADOPTED_BY_ITS_MAKER: Final = frozenset({Nature.TREATY, Nature.PROTOCOL, Nature.DECLARATION, Nature.RESOLUTION})
_BOTH: Final = 2
_TOPIC: Final = frozenset({"on", "about", "for", "covering", "concerning", "regarding"})


def read(reading: Reading) -> None:
    """Put down what the sentence says of making, concluding and adopting."""
    for at, verb in reading.verbs():
        if verb.lemma in _MAKE:
            _made(reading, at, verb)
        if verb.lemma in {"be", "remain"} and not verb.passive:
            _is_made_by(reading, at)
        if verb.lemma in _CONCLUDE:
            _concluded(reading, at, verb)
        if verb.lemma in _ADOPT:
            _adopted(reading, at, verb)


# Made by


def _made(reading: Reading, at: int, verb: Verb) -> None:
    if is_passive(reading, at, verb):
        _made_by(reading, at, verb)
        return
    place, between = reading.object_place(at)
    if place is None or between:
        return
    makers = _makers_before(reading, at)
    for thing, *_ in reading.things_from(place)[:1]:
        for maker in makers:
            if verb.lemma == "adopt" and (_is_state(reading, maker) or thing.nature not in _ADOPTED_BY_ITS_MAKER):
                continue
            if thing.ref and thing.nature in _MAKEABLE and thing.ref != maker.ref and not thing.is_party:
                reading.say(Act.MADE, maker, thing, reading.said(at))


def _is_state(reading: Reading, party: Named) -> bool:
    known = reading.register.party_by.get(party.ref)
    return party.ref in NATIONS if known is None else known.kind is PartyKind.STATE


def _makers_before(reading: Reading, at: int) -> tuple[Named, ...]:
    """Name who acts: organisations by name, states only where the text names them here."""
    found = []
    for place in reading.clauses.subject(at):
        named = maker(reading, place)
        if named is None:
            return ()
        found.append(named)
    return tuple(found)


def maker(reading: Reading, place: int) -> Named | None:
    """Name somebody who can have made a thing: a party, or a body by its capital letters."""
    phrase = reading.clauses.phrases[place]
    mention = phrase.mention
    if mention is not None and mention.what is What.PARTY:
        known = reading.register.party_by.get(mention.ref)
        return Named(mention.ref, known.name if known else mention.text, is_party=True)
    if mention is not None and mention.what is What.THING:
        thing = reading.register.thing_by[mention.ref]
        return Named("", thing.name, is_party=True)
    words = [token for token in phrase.tokens if token.tag is not Tag.DETERMINER]
    named = [token for token in words if token.text[:1].isupper()]
    if named and len(named) == sum(token.low not in {"of", "for", "and", "’s"} for token in words):
        return Named("", _full_name(reading, place, words), is_party=True)
    return None


def _full_name(reading: Reading, place: int, words: list[object] | list[Phrase] | object) -> str:
    del words
    clauses = reading.clauses
    text = " ".join(token.text for token in clauses.phrases[place].tokens if token.tag is not Tag.DETERMINER).replace(
        " ’s", "’s"
    )
    if clauses.low(place + 1) in {"of", "for"} and clauses.shape(place + 2) is Shape.NOUN:
        following = clauses.phrases[place + 2]
        if all(token.text[:1].isupper() or token.tag is Tag.DETERMINER for token in following.tokens):
            text += f" {clauses.low(place + 1)} " + " ".join(token.text for token in following.tokens)
    return text


def _made_by(reading: Reading, at: int, verb: Verb) -> None:
    clauses = reading.clauses
    by = next((place for place in range(at + 1, min(len(clauses.phrases), at + 7)) if clauses.low(place) == "by"), None)
    if by is None or any(clauses.verb(place) is not None for place in range(at + 1, by)):
        return
    things = [
        thing
        for thing in patients(reading, at)
        if (thing.nature in _MAKEABLE and (thing.ref or thing.nature is Nature.MODEL)) or _has_makers(reading, thing)
    ]
    place: int | None = by + 1
    while place is not None and clauses.shape(place) is Shape.NOUN:
        named = maker(reading, place)
        if named is None:
            break
        for thing in things:
            if not thing.is_party or thing.ref != named.ref:
                reading.say(Act.MADE, named, thing, reading.said(at))
        after = place + 1
        while clauses.low(after) in {"of", "at", "in"} and clauses.shape(after + 1) is Shape.NOUN:
            after += 2
        place = reading.next_item(after)
    del verb


def _has_makers(reading: Reading, thing: Named) -> bool:
    """Tell whether the register knows who made it, as of a plan of several states."""
    known = reading.register.thing_by.get(thing.ref)
    return known is not None and bool(known.makers or known.maker_names)


def _is_made_by(reading: Reading, at: int) -> None:
    """Read “The CMM is a tool of the ITU”, “… is the brainchild of …”."""
    clauses = reading.clauses
    place = at + 1
    words = {"product", "project", "brainchild", "creation", "invention", "work", "initiative"}
    if (
        clauses.shape(place) is not Shape.NOUN
        or clauses.phrases[place].head.low not in words
        or clauses.low(place + 1) != "of"
    ):
        return
    subject = clauses.subject(at)
    thing = reading.naming.thing(subject[0]) if len(subject) == 1 else None
    named = maker(reading, place + 2) if clauses.shape(place + 2) is Shape.NOUN else None
    if thing is not None and named is not None and thing.ref:
        reading.say(Act.MADE, named, thing, reading.said(at))


# Concluded with


def _concluded(reading: Reading, at: int, verb: Verb) -> None:
    if is_passive(reading, at, verb) or verb.passive:
        _concluded_passively(reading, at)
        return
    place, between = reading.object_place(at)
    if place is None or (between and between not in {("into",), ("on",), ("to",)}):
        return
    if verb.lemma == "have" and reading.clauses.low(place + 1) not in {"with", "on", "of"}:
        return
    described = _described(reading, place)
    subjects = reading.subjects(at)
    if described is None or not subjects:
        return
    thing, after = described
    partners, topic = _partners(reading, after)
    said = _dated_by_its_name(reading, place, reading.said(at))
    _put_down(reading, subjects, thing, partners, said, topic)


def _put_down(
    reading: Reading, subjects: tuple[Named, ...], thing: Named, partners: tuple[Named, ...], said: Said, topic: str
) -> None:
    reading.things.append(thing)
    others = tuple(one for one in partners if one not in subjects)
    if others:
        for subject in subjects:
            for partner in others:
                reading.say(Act.CONCLUDED, subject, thing, said, partner=partner, topic=topic)
    elif len(subjects) == _BOTH:
        reading.say(Act.CONCLUDED, subjects[0], thing, said, partner=subjects[1], topic=topic)


def _dated_by_its_name(reading: Reading, place: int, said: Said) -> Said:
    token = next((one for one in reading.clauses.phrases[place].tokens if one.tag is Tag.DATE), None)
    when = period_of(token.text) if token else None
    return Said(said.at, said.sense, said.negated, said.by, said.when or when, said.as_of)


def _described(reading: Reading, place: int) -> tuple[Named, int] | None:
    """Read “a memorandum of understanding”, “a bilateral agreement”; give it and the place after."""
    clauses = reading.clauses
    phrase = clauses.phrases[place]
    if phrase.mention is not None or phrase.tokens[0].low in {"the", "this", "that", "no"}:
        return None
    head, after = phrase.head.low, place + 1
    if head not in _BILATERAL | _MEMORANDUM:
        return None
    nature = Nature.TREATY if head == "treaty" else Nature.AGREEMENT
    name = " ".join(token.text for token in phrase.tokens if token.tag not in {Tag.DETERMINER, Tag.DATE})
    if clauses.low(after) == "of" and clauses.low(after + 1) in {
        "understanding",
        "cooperation",
        "co-operation",
        "agreement",
    }:
        name += f" of {clauses.low(after + 1)}"
        after += 2
    return Named("", name, nature=nature), after


def _partners(reading: Reading, after: int) -> tuple[tuple[Named, ...], str]:
    """Read “with X and Y on Z” in any order, up to the next clause."""
    clauses, partners, topic = reading.clauses, tuple[Named, ...](), ""
    place = after
    while place < len(clauses.phrases):
        low, shape = clauses.low(place), clauses.shape(place)
        verb = clauses.verb(place)
        if shape in {Shape.STOP, Shape.RELATIVE, Shape.SUBORDINATOR} or (verb is not None and verb.finite):
            break
        if low in {"with", "between"} and shape is Shape.PREPOSITION and not partners:
            partners, place = _several(reading, place + 1, between=low == "between")
            continue
        if (low in _TOPIC or (verb is not None and verb.infinitive)) and not topic:
            topic = _topic(reading, place)
        place += 1
    return partners, topic


def _several(reading: Reading, place: int, *, between: bool) -> tuple[tuple[Named, ...], int]:
    """Name parties, or bodies by their capital letters."""
    found, after = reading.parties_from(place, between=between)
    if found:
        return found, after
    if reading.clauses.shape(place) is Shape.NOUN:
        named = maker(reading, place)
        if named is not None:
            return (named,), place + 1
    return (), place + 1


def _topic(reading: Reading, place: int) -> str:
    clauses, end = reading.clauses, place + 1
    while end < len(clauses.phrases) and clauses.shape(end) not in {
        Shape.STOP,
        Shape.RELATIVE,
        Shape.SUBORDINATOR,
        Shape.COMMA,
    }:
        verb = clauses.verb(end)
        if (verb is not None and verb.finite) or clauses.low(end) in {"with", "between", "in", "since"}:
            break
        end += 1
    first = place + 1 if clauses.shape(place) is Shape.PREPOSITION else place
    return reading.text(first, end)


def _concluded_passively(reading: Reading, at: int) -> None:
    """Read “An MoU between Kenya and Estonia was signed in 2019”, “an agreement was concluded with Japan”."""
    clauses = reading.clauses
    for place in clauses.nouns(0, at):
        described = _described(reading, place)
        if described is None or any(clauses.verb(one) is not None for one in range(place, at)):
            continue
        thing, after = described
        between, topic = _partners(reading, after)
        later, later_topic = _partners(reading, at + 1)
        parties = between or later
        said = _dated_by_its_name(reading, place, reading.said(at))
        if len(parties) == _BOTH:
            reading.things.append(thing)
            reading.say(Act.CONCLUDED, parties[0], thing, said, partner=parties[1], topic=topic or later_topic)
        elif len(parties) == 1 and len(reading.memory.parties) == 1 and parties != reading.memory.parties:
            _put_down(reading, reading.memory.parties, thing, parties, said, topic or later_topic)
        return


# Adopted


def _adopted(reading: Reading, at: int, verb: Verb) -> None:
    set_off = reading.clauses.shape(at - 1) is Shape.COMMA and reading.clauses.low(at + 1) in {"in", "on"}
    if verb.passive or is_passive(reading, at, verb) or (set_off and len(verb.tokens) == 1):
        _adopted_passively(reading, at, verb)
        return
    place, between = reading.object_place(at)
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
            for text in texts:
                reading.say(Act.ADOPTED, subject, text, _dated_by_its_name(reading, place, said))
    if subjects:
        reading.things.extend(texts)


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


def _texts_from(reading: Reading, place: int) -> list[Named]:
    found, at = list[Named](), place
    while True:
        named = _text(reading, at)
        if named is not None:
            found.append(named)
        joined = _joined_name(reading, at)
        following = reading.next_item(at + (3 if joined else 1)) if named is not None else None
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
    words = [token for token in phrase.tokens if token.tag is not Tag.DETERMINER]
    dated = bool(words) and words[-1].tag is Tag.DATE
    joined = _joined_name(reading, place)
    words += joined
    head = words[-2] if dated and len(words) > 1 and not joined else words[-1] if words else phrase.head
    if head.low not in _TEXTS or (phrase.tokens[0].low in {"this", "that", "these", "those", "any", "no"}):
        return None
    tail = ""
    if clauses.low(place + 1) in {"on", "against", "for"} and clauses.shape(place + 2) is Shape.NOUN:
        tail = f" {clauses.low(place + 1)} {reading.text(place + 2, place + 3)}"
    said = {token.low for token in words} | set(tail.lower().split())
    another = "own" in phrase.lows and reading.memory.thing((Nature.STRATEGY,)) is not None and head.low == "strategy"
    if not another and not any(part in _SUBJECT_MATTER for word in said for part in (word, *word.split("-"))):
        return None
    name = " ".join(token.text for token in words if token.low not in {"own", "first", "new", "comprehensive"}).replace(
        " ’s", "’s"
    )
    nature = NAMED_NATURES.get(head.low, Nature.LAW if head.low.startswith(("law", "regulation")) else Nature.STRATEGY)
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
        places = (at - 2,) if not verb.passive else ()  # “Its Cybersecurity Act, adopted in 2020, …”
    joined = {place + 2 for place in places if _joined_name(reading, place)}
    texts = [text for place in places if place not in joined and (text := _text(reading, place)) is not None]
    if len(texts) != 1:
        return
    owner = clauses.phrases[places[0]].owner
    by = next((place for place in range(at + 1, min(len(clauses.phrases), at + 6)) if clauses.low(place) == "by"), None)
    agents = reading.parties_from(by + 1)[0] if by is not None else ()
    if owner is not None and owner.mention is not None and owner.mention.what is What.PARTY:
        agents = (reading.naming.of_mention(owner.mention),)
    elif not agents and (owner is not None or clauses.phrases[places[0]].definite):
        last = reading.memory.parties
        agents = last if len(last) == 1 else ()
    if len(agents) == 1:
        reading.say(Act.ADOPTED, agents[0], texts[0], reading.said(at))
        reading.things.append(texts[0])
