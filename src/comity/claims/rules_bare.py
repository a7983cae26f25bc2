"""Acts whose treaty is not named again.

“Benin acceded in 2024.” “Nauru is not a party either.” “Tonga was invited.” It is the treaty at hand: the only one that
was named last, in this sentence or before it in the same paragraph.
"""

from dataclasses import replace
from functools import partial
from typing import Final

from comity.claims.bonds import TREATIES, always
from comity.claims.gazetteer import What
from comity.claims.phrases import Shape, Verb
from comity.claims.register import Act, Nature
from comity.claims.sayings import Pending, Reading
from comity.claims.statements import Named
from comity.claims.tokens import Tag
from comity.claims.words import MONTHS, WEEK, bag

_ACTS: Final = {"sign": Act.SIGNED, "ratify": Act.RATIFIED, "accede": Act.ACCEDED, "join": Act.PARTY}
_ROLES: Final = {"party": Act.PARTY, "signatory": Act.SIGNED, "parties": Act.PARTY, "signatories": Act.SIGNED}
_STATES: Final = bag("countries states nations governments members")
_TURNING: Final = bag("up off on out over for with by onto into away")
_MANNERS: Final = bag("way manner turn person fashion same")
_AFTER: Final = frozenset({"in", "at", "on", "last", "since", "before", "after", "during", "as"})
_TIMES: Final = (
    WEEK
    | frozenset(MONTHS)
    | bag("end start beginning day year month week spring summer autumn winter decade yesterday today")
)


def read(reading: Reading) -> None:
    """Put down what the sentence says of the treaty at hand."""
    for at, verb in reading.verbs():
        if (
            verb.lemma in _ACTS
            and reading.clauses.low(at + 1) != "as"
            and (verb.finite or verb.infinitive)
            and not verb.passive
        ):
            _by_verb(reading, at, verb)
        elif verb.lemma == "join" and reading.clauses.low(at + 1) == "as":
            _joined_as(reading, at)
        elif verb.lemma == "invite" and verb.passive and nothing_follows(reading, at):
            _put_down(reading, at, Act.INVITED)
        elif verb.lemma in {"be", "become", "remain"} and not verb.passive:
            _by_role(reading, at)


def _by_verb(reading: Reading, at: int, verb: Verb) -> None:
    if _in_relative(reading, at) or not nothing_follows(reading, at):
        return
    if verb.lemma == "join" and not _dated(reading, at):
        return
    invited = verb.infinitive and _invited(reading, at)
    if verb.infinitive and not invited and not reading.clauses.verb(at - 1):
        return  # “the right to sign”: who may is not said
    _put_down(reading, at, Act.INVITED if invited else _ACTS[verb.lemma], by=at - 1 if invited else None)


def _joined_as(reading: Reading, at: int) -> None:
    """Read “Russia also joined as a signatory, alongside China”: of the treaty at hand."""
    clauses = reading.clauses
    act = _ROLES.get(clauses.phrases[at + 2].head.low) if clauses.shape(at + 2) is Shape.NOUN else None
    thing, subjects = _at_hand(reading, at), reading.subjects(at)
    if act is None or thing is None or not subjects or not reading.are_states(subjects):
        return
    for subject in (*subjects, *(one for one in reading.along(at) if one not in subjects)):
        reading.say(act, subject, thing, reading.said(at))


def _invited(reading: Reading, at: int) -> bool:
    governor = reading.clauses.verb(at - 1)
    return governor is not None and governor.passive and governor.lemma == "invite"


def _by_role(reading: Reading, at: int) -> None:
    clauses, place = reading.clauses, at + 1
    while clauses.shape(place) is Shape.ADVERB or clauses.low(place) == "among":
        place += 1
    among = clauses.low(place - 1) == "among"
    roles = list[Act]()
    inner = False
    while clauses.shape(place) is Shape.NOUN and clauses.phrases[place].head.low in _ROLES:
        phrase = clauses.phrases[place]
        if phrase.inner or (phrase.tokens[0].low in {"the", "its", "their"} and not among):
            return
        inner = inner or bool(phrase.lows & {"neither", "no"}) or clauses.low(place - 1) == "neither"
        roles.append(_ROLES[phrase.head.low])
        place += 1
        if clauses.shape(place) is Shape.CONJUNCTION and clauses.shape(place + 1) is Shape.NOUN:
            place += 1
    if not roles and clauses.low(place) in {"a member", "members"} and ends(reading, place + 1):
        _member(reading, at)
    if roles and ends(reading, place):
        for act in roles:
            _put_down(reading, at, act, denied=inner)


def _member(reading: Reading, at: int) -> None:
    """Read “is a candidate for membership of the EU, but it is not yet a member”."""
    bodies = {named.text: named for place in reading.clauses.nouns(0, at)
              if (named := reading.naming.thing(place)) is not None
              and named.nature in {Nature.BODY, Nature.INITIATIVE}}  # fmt: skip
    if not bodies:
        bodies = {one.text: one for one in reading.memory.bodies}
    subjects = reading.subjects(at)
    if len(bodies) == 1 and subjects and reading.are_states(subjects):
        for subject in subjects:
            reading.say(Act.MEMBER, subject, next(iter(bodies.values())), reading.said(at))


def _put_down(reading: Reading, at: int, act: Act, *, denied: bool = False, by: int | None = None) -> None:
    """Put down an act on the treaty at hand; `by` is the verb that gives the sense, where that is another."""
    thing = _of_the_place(reading, at) or _at_hand(reading, at) or _done_before(reading, act)
    subjects = reading.subjects(at)
    if thing is not None and not subjects and by is None and _of_several(reading, at):
        said = reading.turned(reading.said(at), denied=denied)
        reading.pending = Pending((), partial(always, act), said, thing)  # “These include A and B” may follow
    if thing is None or not subjects or not reading.are_states(subjects):
        return
    said = reading.turned(reading.said(at if by is None else by, None), denied=denied)
    if by is not None and said.when is None:
        said = replace(said, when=reading.said(at).when)
    for subject in (*subjects, *(one for one in reading.along(at) if one not in subjects)):
        reading.say(act, subject, thing, said)


def _of_several(reading: Reading, at: int) -> bool:
    """Tell whether several states are said to do it that the next sentence may name: “several countries have not”."""
    places = reading.clauses.subject(at)
    phrase = reading.clauses.phrases[places[0]] if len(places) == 1 else None
    return phrase is not None and bool(phrase.lows & _STATES) and not phrase.lows & {"no", "few", "none", "neither"}


def _of_the_place(reading: Reading, at: int) -> Named | None:
    """Read “signed in Hanoi” by the only treaty that is called after that city."""
    clauses = reading.clauses
    mention = clauses.phrases[at + 2].mention if clauses.low(at + 1) == "in" and at + 2 < len(clauses.phrases) else None
    if mention is None or mention.what is not What.CAPITAL:
        return None
    called = [one for one in reading.register.things if one.nature in TREATIES
              and any(name.startswith(f"{mention.text} ") for name in (one.name, *one.names))]  # fmt: skip
    return Named(called[0].slug, called[0].name, nature=called[0].nature) if len(called) == 1 else None


def _done_before(reading: Reading, act: Act) -> Named | None:
    """Give the treaty with which somebody was last said to do the same, where none or several are at hand."""
    done = reading.memory.deeds[-1] if reading.memory.deeds and not reading.deeds else None
    same = done is not None and done.act is act and done.thing.nature in TREATIES
    return done.thing if same and done is not None and done.thing.ref else None


def _at_hand(reading: Reading, at: int) -> Named | None:
    """Give the treaty that is meant; None where there are two, or one that the register does not know."""
    here = [thing for place in reading.clauses.nouns(0, at)
            if (thing := reading.naming.thing(place)) is not None and thing.nature in TREATIES]  # fmt: skip
    named = {one.text: one for one in here}
    memory = reading.memory
    before = memory.at_hand or (memory.only_treaty() or memory.lead if not memory.here else None)
    found = next(iter(named.values())) if len(named) == 1 else None if named else before
    return found if found is not None and found.ref else None


def _in_relative(reading: Reading, at: int) -> bool:
    """Tell whether it stands in “the Convention, which Japan ratified”."""
    places = reading.clauses.subject(at)
    return bool(places) and reading.clauses.low(min(places) - 1) in {"which", "that", "whom"}


def nothing_follows(reading: Reading, at: int) -> bool:
    """Tell whether no object follows: the clause ends, or only a time or a place comes."""
    following = reading.clauses.low(at + 1)
    on_a_day = following == "on" and reading.clauses.shape(at + 2) is Shape.NOUN and _is_time(reading, at + 2)
    return (on_a_day or following not in _TURNING) and ends(reading, at + 1)


def ends(reading: Reading, place: int) -> bool:
    """Tell whether the clause ends at a place, or goes on with a time or a place of happening alone."""
    clauses = reading.clauses
    while clauses.shape(place) is Shape.ADVERB and clauses.low(place) not in _TURNING:
        place += 1
    if clauses.low(place) == "more" and clauses.shape(place + 1) is Shape.ADVERB:
        return ends(reading, place + 2)  # “was invited more recently”
    shape = clauses.shape(place)
    if shape in {None, Shape.STOP, Shape.COMMA, Shape.COLON, Shape.SUBORDINATOR, Shape.CONJUNCTION}:
        return shape is not Shape.CONJUNCTION or _another_clause(reading, place)
    if shape is Shape.NOUN:
        added = clauses.low(place) in {"either", "too", "neither", "again"}
        return ends(reading, place + 1) if added else _is_time(reading, place)
    if clauses.low(place) == "for" and clauses.shape(place + 1) is Shape.NOUN:
        long = clauses.low(place + 1) in {"more", "less", "over", "nearly", "almost"}
        return long or _is_time(reading, place + 1)  # “has been a party for more than a decade”
    if shape is Shape.PREPOSITION and clauses.shape(place + 1) in {None, Shape.STOP}:
        return clauses.low(place) in {"before", "since"}  # “had signed before.”
    return shape is Shape.PREPOSITION and clauses.low(place) in _AFTER and _when_or_where(reading, place + 1)


def _another_clause(reading: Reading, place: int) -> bool:
    """Tell whether “and” joins what is no further object: a verb, or a subject with one."""
    after = place + 1
    while reading.clauses.shape(after) is Shape.ADVERB or reading.clauses.low(after) in {"so", "neither"}:
        after += 1
    verb = reading.clauses.verb(after)
    if verb is not None:
        return verb.lemma not in _ACTS or nothing_follows(reading, after)  # “has signed but never ratified”
    return reading.clauses.shape(after) is Shape.NOUN and reading.clauses.verb(after + 1) is not None


def _is_time(reading: Reading, place: int) -> bool:
    phrase = reading.clauses.phrases[place]
    return any(token.tag is Tag.DATE or token.low in _TIMES for token in phrase.tokens)


def _when_or_where(reading: Reading, place: int) -> bool:
    if reading.clauses.shape(place) is not Shape.NOUN:
        return False
    phrase = reading.clauses.phrases[place]
    if phrase.head.low in _MANNERS:
        return True  # “acceded in this way”
    return _is_time(reading, place) or (phrase.head.text[:1].isupper() and reading.naming.thing(place) is None)


def _dated(reading: Reading, at: int) -> bool:
    said = reading.said(at)
    return said.when is not None or said.as_of is not None
