"""Acts of law as nouns: “Ghana’s accession to the Convention”, “the signature by Jamaica”, “its instrument of …”.

A noun alone states nothing (“Ghana’s accession would help”). It does where the words around it take it for done: after
“since” or “following”, as what was welcomed, or as the subject of what happened.
"""

from dataclasses import replace
from typing import Final

from comity.claims.bonds import TREATIES
from comity.claims.gazetteer import What
from comity.claims.phrases import Shape
from comity.claims.register import Act, Nature
from comity.claims.rules_joining import DIRECT
from comity.claims.sayings import Reading, Said
from comity.claims.statements import Named, Sense
from comity.claims.words import bag

_UNCERTAIN: Final = bag(
    "depend require await fail reject block stall delay postpone oppose expect plan schedule foresee anticipate "
    "envisage set propose discuss debate consider recommend promise need prevent"
)
"""What happens to an accession or a signature that has not come about."""
_PRESUPPOSING: Final = bag("since following after upon with by through")
_WELCOMED: Final = bag("welcome hail celebrate commend applaud mark note praise salute acknowledge recognise recognize")
_ANNOUNCED: Final = frozenset({"announce", "confirm", "report"})
_BRINGING: Final = bag("bring mark complement reflect demonstrate follow come")
"""What an accession does once it is made: “Ghana’s accession brings the number of parties to 71”."""
_PRAISED: Final = bag("congratulate commend thank praise applaud")
_FACTS: Final = frozenset({Sense.STATED, Sense.REPORTED})
_LAWS: Final = frozenset({Nature.TREATY, Nature.PROTOCOL})


def read(reading: Reading) -> None:
    """Put down what the sentence takes for done by a noun."""
    for place in reading.clauses.nouns(0, len(reading.clauses.phrases)):
        head = reading.clauses.phrases[place].head.low
        if head in {"instrument", "instruments"}:
            _deposited(reading, place)
        elif head in DIRECT and _told(reading, place):
            _done(reading, place, DIRECT[head])


def _told(reading: Reading, place: int) -> bool:
    """Tell whether the words around an act take it for done."""
    clauses = reading.clauses
    before = clauses.low(place - 1)
    noted = before == "of" and clauses.low(place - 2) in {"note", "cognisance"}
    governor = clauses.verb(place - (3 if noted else 1))
    if governor is not None and (noted or governor.lemma in _WELCOMED | _ANNOUNCED):
        return clauses.sense(place - (3 if noted else 1))[0] in _FACTS
    return before in _PRESUPPOSING or _praised(reading, place) is not None or _acted(reading, place)


def _praised(reading: Reading, place: int) -> tuple[Named, ...] | None:
    """Read “congratulated Kenya on its accession to”: it is Kenya’s."""
    clauses = reading.clauses
    verb = clauses.verb(place - 3)
    if clauses.low(place - 1) not in {"on", "for", "upon"} or verb is None or verb.lemma not in _PRAISED:
        return None
    return reading.parties_from(place - 2)[0] if clauses.sense(place - 3)[0] in _FACTS else None


def _acted(reading: Reading, place: int) -> bool:
    """Tell whether it is the subject of what happened: “Chile’s accession to the Convention took effect in 2017”."""
    after = reading.past_its_tail(place)
    verb = reading.clauses.verb(after)
    if verb is None or verb.negated or verb.modal:
        return False
    return (verb.form in {"past", "ed"} and verb.lemma not in _UNCERTAIN) or (
        verb.form == "s" and verb.lemma in _BRINGING
    )


def _done(reading: Reading, place: int, act: Act) -> None:
    subjects, things = _whose(reading, place), _of_what(reading, place)
    when, as_of = reading.clauses.dated(range(place + 1, min(len(reading.clauses.phrases), place + 6)))
    said = _announced(reading, place) or Said(place, Sense.STATED)
    said = replace(said, when=when, as_of=as_of)
    if not things and reading.clauses.low(place + 1) not in {"of", "to"}:
        here = {one for one in reading.things_before(place) if one.nature in _LAWS}
        only = reading.memory.only_treaty() if not reading.memory.here else None
        before = reading.memory.at_hand or only  # “Mauritania’s ratification on 9 May 2023 was the fifteenth”
        at_hand = next(iter(here)) if len(here) == 1 else None if here else before
        things = [at_hand] if at_hand is not None and at_hand.ref else []
        when, as_of = reading.clauses.dated(range(place + 1, reading.past_its_tail(place)))
        said = replace(said, when=when, as_of=as_of)
    for thing in things:
        for subject in subjects:
            reading.say(act, subject, thing, said)


def _announced(reading: Reading, place: int) -> Said | None:
    """Read “has announced Nigeria’s accession”: it is reported by who announces it."""
    governor = reading.clauses.verb(place - 1)
    if governor is None or governor.lemma not in _ANNOUNCED:
        return None
    who = [reading.clauses.phrases[at] for at in reading.clauses.subject(place - 1)]
    by = " and ".join(" ".join(token.text for token in one.tokens) for one in who)
    return Said(place, Sense.REPORTED, by=by)


def _whose(reading: Reading, place: int) -> tuple[Named, ...]:
    """Name whose act it is: “Ghana’s”, “its”, “by Jamaica”, “of Grenada”."""
    clauses, owner = reading.clauses, reading.clauses.phrases[place].owner
    if owner is not None and owner.mention is not None:
        return (reading.naming.of_mention(owner.mention),) if owner.mention.what is What.PARTY else ()
    if owner is not None:
        praised = _praised(reading, place)
        last = praised if praised is not None else reading.memory.parties
        return last if owner.low in {"its", "their"} and len(last) == 1 else ()
    for at in _prepositions(reading, place):
        if clauses.low(at) in {"by", "of"}:
            found = reading.parties_from(at + 1)[0]
            if found and reading.are_states(found):
                return found
    return ()


def _of_what(reading: Reading, place: int) -> list[Named]:
    clauses = reading.clauses
    for at in _prepositions(reading, place):
        if clauses.low(at) in {"of", "to"}:
            named = [thing for thing, *_ in reading.things_from(at + 1)]
            found = [thing for thing in named if thing.nature in TREATIES or not thing.is_party]
            if found:
                return found
    return []


def _prepositions(reading: Reading, place: int) -> list[int]:
    """Give the places of the prepositions whose phrases hang on a noun, in their order."""
    found, at = list[int](), place + 1
    while reading.clauses.shape(at) is Shape.PREPOSITION and reading.clauses.shape(at + 1) is Shape.NOUN:
        found.append(at)
        at += 2
        if reading.clauses.low(at - 2) in {"by", "of"} and reading.are_states(reading.parties_from(at - 1)[0]):
            at = max(at, reading.parties_from(at - 1)[1])
    return found


def _deposited(reading: Reading, place: int) -> None:
    """Read “Its instrument of accession was deposited in 2024”, “the instrument was deposited by Ghana”."""
    clauses = reading.clauses
    act = DIRECT.get(clauses.phrases[place + 2].head.low) if clauses.shape(place + 2) is Shape.NOUN else None
    if act is None or clauses.low(place + 1) != "of":
        return
    things, after = _of_what(reading, place + 2), place + 3
    while clauses.shape(after) in {Shape.PREPOSITION, Shape.NOUN, Shape.CONJUNCTION}:
        after += 1
    verb = clauses.verb(after)
    if verb is None or not verb.passive or verb.lemma not in {"deposit", "submit", "lodge"}:
        return
    things = things or [one for one in (reading.memory.at_hand,) if one is not None]
    by = [at for at in range(after + 1, clauses.end_of_scope(after)) if clauses.low(at) == "by"]
    subjects = reading.parties_from(by[0] + 1)[0] if by else _whose(reading, place) or _whose(reading, place + 2)
    for thing in things if len(things) == 1 and things[0].nature in _LAWS else ():
        for subject in subjects if reading.are_states(subjects) else ():
            reading.say(act, subject, thing, reading.said(after))
