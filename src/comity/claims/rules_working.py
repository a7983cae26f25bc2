"""Softer statements: worked with.

Was helped by, found gaps through, gave priority to, made part of its policy, is a kind of.
"""

from typing import Final

from comity.claims.gazetteer import What
from comity.claims.kinds import NOUN_NATURES
from comity.claims.phrases import Shape
from comity.claims.register import Act, Nature
from comity.claims.rules_making import maker
from comity.claims.sayings import Reading, Said, singular
from comity.claims.statements import Named, Sense
from comity.claims.words import bag

_ABOUT: Final = bag(
    "strategy strategies policy law legislation cybersecurity cybercrime cyber cirt csirt cert posture maturity "
    "capacity framework"
)
_HELP_NOUNS: Final = bag("assistance support help expertise aid training guidance advice")
_WORKS: Final = bag("drafting development preparation revision review establishment creation writing design")
_KINDS: Final = {
    "training": frozenset({Nature.EVENT}),
    "exercise": frozenset({Nature.EVENT}),
    "treaty": frozenset({Nature.TREATY, Nature.PROTOCOL}),
    "convention": frozenset({Nature.TREATY, Nature.PROTOCOL}),
    "course": frozenset({Nature.EVENT}),
}


def read(reading: Reading) -> None:
    """Put down the softer statements; whether one is worth an answer is the register's to say."""
    for at, verb in reading.verbs():
        if verb.lemma in {"work", "partner", "collaborate", "cooperate", "co-operate", "liaise"}:
            _worked_with(reading, at)
        if verb.lemma in {"provide", "offer", "give", "extend", "help", "assist", "support"}:
            _helped(reading, at)
        if verb.lemma in {"receive", "get"} and not verb.passive:
            _received(reading, at)
        if verb.lemma == "thank":
            _thanked(reading, at)
        if verb.finite or verb.form in {"past", "en"}:
            _with_help(reading, at)
        if verb.lemma in {"identify", "find", "discover", "detect", "uncover"}:
            _found_gaps(reading, at)
        if verb.lemma in {"be", "become", "remain"} and not verb.passive:
            _priority(reading, at)
            _kind(reading, at)
        if verb.lemma in {"be", "include", "make", "become", "incorporate", "integrate"}:
            _part_of_policy(reading, at)
    _kind_by_example(reading)


def _topic(reading: Reading, place: int) -> str:
    clauses, end = reading.clauses, place
    while end < len(clauses.phrases) and clauses.shape(end) is not Shape.STOP:
        end += 1
    return reading.text(place, end)


def _speaks_of_cyber(text: str) -> bool:
    return bool({word.strip(",.;").lower() for word in text.replace("-", " ").split()} & _ABOUT)


def _worked_with(reading: Reading, at: int) -> None:
    clauses = reading.clauses
    with_at = next(
        (place for place in range(at + 1, min(at + 4, len(clauses.phrases))) if clauses.low(place) == "with"), None
    )
    if with_at is None:
        return
    partners, after = reading.parties_from(with_at + 1)
    topic = _topic(reading, after)
    if not _speaks_of_cyber(topic):
        return
    for subject in reading.subjects(at):
        for partner in partners:
            reading.say(Act.WORKED_WITH, subject, None, reading.said(at), partner=partner, topic=topic)


def _helped(reading: Reading, at: int) -> None:
    clauses, verb = reading.clauses, reading.clauses.verb(at)
    if verb is None or verb.passive or verb.infinitive or clauses.shape(at + 1) is not Shape.NOUN:
        return
    helpers = reading.subjects(at)
    if verb.lemma in {"help", "assist", "support"}:
        helped, after = reading.parties_from(at + 1)
        if not helped and verb.lemma in {"support", "assist"}:
            _supported(reading, at)
            return
    else:
        nouns = {clauses.phrases[place].head.low for place in clauses.nouns(at + 1, min(len(clauses.phrases), at + 4))}
        if not nouns & _HELP_NOUNS:
            return
        helped, after = _beneficiary(reading, at)
    topic = _topic(reading, after)
    if len(helped) != 1 or not _speaks_of_cyber(topic):
        return
    for helper in helpers:
        if helper != helped[0]:
            reading.say(Act.HELPED, helper, None, reading.said(at), partner=helped[0], topic=topic)


def _received(reading: Reading, at: int) -> None:
    """Read “Samoa received assistance from Australia to draft its cybersecurity strategy”."""
    clauses = reading.clauses
    if clauses.shape(at + 1) is not Shape.NOUN or not clauses.phrases[at + 1].lows & _HELP_NOUNS:
        return
    helpers, after = _several(reading, at + 3) if clauses.low(at + 2) == "from" else ((), at)
    topic = _topic(reading, after)
    for subject in reading.subjects(at) if _speaks_of_cyber(topic) else ():
        for helper in helpers:
            if helper != subject:
                reading.say(Act.HELPED, helper, None, reading.said(at), partner=subject, topic=topic)


def _thanked(reading: Reading, at: int) -> None:
    """Read “Botswana thanked the Secretariat for its help with the revision of its cybersecurity strategy”."""
    clauses = reading.clauses
    helpers, after = _several(reading, at + 1)
    if clauses.low(after) != "for" or clauses.shape(after + 1) is not Shape.NOUN:
        return
    topic = _topic(reading, after + 2)
    if not clauses.phrases[after + 1].lows & _HELP_NOUNS or not _speaks_of_cyber(topic):
        return
    for subject in reading.subjects(at):
        for helper in helpers:
            reading.say(Act.HELPED, helper, None, reading.said(at), partner=subject, topic=topic)


def _with_help(reading: Reading, at: int) -> None:
    """Read “drew up its strategy with the help of the OAS”, “the national CERT, created with support from the ITU”."""
    clauses, until = reading.clauses, reading.clauses.end_of_scope(at)
    opening = range(1) if clauses.low(0) == "with" and at == next((one for one, _verb in reading.verbs()), -1) else ()
    for place in (*opening, *range(at + 1, min(until, len(clauses.phrases) - 1))):
        noun = clauses.phrases[place + 1]
        if clauses.low(place) != "with" or not noun.lows & _HELP_NOUNS or "financial" in noun.lows:
            continue
        helpers = _several(reading, place + 3)[0] if clauses.low(place + 2) in {"of", "from"} else ()
        owner = noun.owner.mention if noun.owner is not None else None
        of_whom = [one for one in noun.inner if one.what is What.ADJECTIVE]
        owner = owner or (of_whom[0] if len(of_whom) == 1 and clauses.low(place + 2) not in {"of", "from"} else None)
        if owner is not None and owner.what in {What.PARTY, What.ADJECTIVE}:
            helpers = (reading.naming.of_mention(owner),)  # “with Australia’s help”, “with Australian help”
        before = at - 1
        while clauses.shape(before) in {Shape.COMMA, Shape.ADVERB}:
            before -= 1
        subject = reading.subjects(at) or clauses.subject(at)
        first = max(min([before, *clauses.subject(at)]), 0)
        topic = reading.text(first, place if place > at else until)
        last = reading.memory.parties
        helped = tuple(one for one in subject if not isinstance(one, int)) or (last if len(last) == 1 else ())
        if len(helped) == 1 and _speaks_of_cyber(topic):
            for helper in helpers:
                if helper != helped[0]:
                    reading.say(Act.HELPED, helper, None, reading.said(at), partner=helped[0], topic=topic)
        return


def _several(reading: Reading, place: int) -> tuple[tuple[Named, ...], int]:
    """Name parties, or bodies by their capital letters."""
    found, after = reading.parties_from(place)
    if found or reading.clauses.shape(place) is not Shape.NOUN:
        return found, after
    named = maker(reading, place)
    return ((named,), place + 1) if named is not None else ((), place + 1)


def _supported(reading: Reading, at: int) -> None:
    """Read “the World Bank supported the drafting of the National Cybersecurity Policy”: it helped the state meant."""
    clauses = reading.clauses
    if clauses.phrases[at + 1].head.low not in _WORKS or clauses.low(at + 2) != "of":
        return
    places = clauses.subject(at)
    helpers = [one for place in places if (one := maker(reading, place)) is not None]
    topic, last = _topic(reading, at + 3), reading.memory.parties
    if len(last) != 1 or len(helpers) != len(places) or not _speaks_of_cyber(topic):
        return
    for helper in helpers:
        if helper != last[0]:
            reading.say(Act.HELPED, helper, None, reading.said(at), partner=last[0], topic=topic)


def _beneficiary(reading: Reading, at: int) -> tuple[tuple[Named, ...], int]:
    """Read “provided assistance to Kenya”, “provided expertise to help the country assess …”."""
    clauses = reading.clauses
    for place in range(at + 1, min(len(clauses.phrases) - 1, at + 8)):
        verb = clauses.verb(place)
        gives = clauses.low(place) in {"to", "for"} or (
            verb is not None and verb.lemma in {"help", "assist", "support", "enable"}
        )
        if gives and clauses.shape(place + 1) is Shape.NOUN:
            found, after = reading.parties_from(place + 1)
            if found:
                return found, after
    return (), at + 1


def _found_gaps(reading: Reading, at: int) -> None:
    clauses = reading.clauses
    if not any(
        clauses.phrases[place].lows & {"gap", "gaps", "weaknesses", "shortcomings"}
        for place in clauses.nouns(at + 1, min(len(clauses.phrases), at + 3))
    ):
        return
    things = []
    for place in clauses.nouns(0, len(clauses.phrases)):
        if clauses.shape(place - 1) is Shape.PREPOSITION or clauses.verb(place - 1) is not None:
            named = reading.naming.thing(place)
            things += [named] if named is not None and named.nature is Nature.MODEL else []
    for subject in reading.subjects(at):
        for thing in things[:1]:
            reading.say(Act.FOUND_GAPS, subject, thing, reading.said(at), topic=_topic(reading, at + 1))


def _priority(reading: Reading, at: int) -> None:
    clauses = reading.clauses
    place, between = reading.object_place(at)
    if place is None or between or clauses.phrases[place].head.low != "priority":
        return
    places = clauses.subject(at)
    if len(places) != 1 or not _speaks_of_cyber(clauses.low(places[0])):
        return
    whose: tuple[Named, ...] = ()
    if clauses.low(place + 1) in {"for", "of", "in"} and clauses.shape(place + 2) is Shape.NOUN:
        whose = reading.naming.party(place + 2, acting=False)
    for subject in whose:
        reading.say(Act.PRIORITY, subject, None, reading.said(at), topic=clauses.low(places[0]))


def _part_of_policy(reading: Reading, at: int) -> None:
    """Read “the incorporation of cyber diplomacy as part of its international relations strategy”.

    “X is part of its foreign policy”.
    """
    clauses = reading.clauses
    for place in clauses.nouns(at + 1, len(clauses.phrases) - 2):
        if (
            clauses.phrases[place].head.low not in {"part", "pillar", "component", "element"}
            or clauses.low(place + 1) != "of"
        ):
            continue
        whole = clauses.phrases[place + 2] if clauses.shape(place + 2) is Shape.NOUN else None
        if whole is None or whole.head.low not in {"strategy", "policy", "agenda"} or whole.owner is None:
            continue
        inside = [
            one for one in clauses.nouns(0, place) if "diplomacy" in clauses.low(one) or "cyber" in clauses.low(one)
        ]
        last = reading.memory.parties
        owner = whole.owner
        subjects = last if owner.low in {"its", "country", "nation", "state"} and len(last) == 1 else ()
        if owner.mention is not None:
            subjects = (reading.naming.of_mention(owner.mention),)
        for subject in subjects:
            if inside:
                reading.say(Act.PART_OF_POLICY, subject, None, reading.said(at), topic=clauses.low(inside[-1]))
        return


def _kind(reading: Reading, at: int) -> None:
    """Read “The CMM is a training programme”."""
    clauses = reading.clauses
    places = clauses.subject(at)
    if len(places) != 1 or clauses.shape(at + 1) is not Shape.NOUN or clauses.phrases[at + 1].definite:
        return
    if reading.said(at).negated:
        return
    thing = reading.naming.thing(places[0])
    if thing is not None and thing.ref and not thing.is_party:
        _say_kind(reading, thing, at + 1, reading.said(at))


def _kind_by_example(reading: Reading) -> None:
    """Read “training programmes such as the CMM” says that the CMM is one."""
    clauses = reading.clauses
    for place in clauses.nouns(0, len(clauses.phrases)):
        if not reading.general(place):
            continue
        listed = reading.listed(place)
        for thing, *_ in reading.things_from(listed) if listed is not None else ():
            if thing.ref and not thing.is_party:
                _say_kind(reading, thing, place, Said(place, Sense.STATED))
        return


def _say_kind(reading: Reading, thing: Named, place: int, said: Said) -> None:
    """Put down a kind that is not the thing's own; one that fits says nothing new."""
    clauses, end = reading.clauses, place
    while clauses.shape(end + 1) is Shape.CONJUNCTION and clauses.shape(end + 2) is Shape.NOUN:
        end += 2
    words = [singular(token.low) for at in clauses.nouns(place, end + 1) for token in clauses.phrases[at].tokens]
    for word in words:
        natures = _KINDS.get(word)
        if natures is not None and thing.nature not in natures and thing.nature not in NOUN_NATURES.get(word, ()):
            reading.say(Act.IS_A, None, thing, said, topic=reading.text(place, end + 1))
            return
