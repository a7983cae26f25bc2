"""Acts whose treaty is not named again.

“Benin acceded in 2024.” “Nauru is not a party either.” “Tonga was invited.” It is the treaty at hand: the only one that
was named last, in this sentence or before it in the same paragraph.
"""

from typing import Final

from comity.claims.bonds import TREATIES
from comity.claims.phrases import Shape, Verb
from comity.claims.register import Act, PartyKind
from comity.claims.sayings import Reading, Said
from comity.claims.statements import Named, Sense
from comity.claims.tokens import Tag
from comity.claims.words import bag

_ACTS: Final = {"sign": Act.SIGNED, "ratify": Act.RATIFIED, "accede": Act.ACCEDED, "join": Act.PARTY}
_ROLES: Final = {"party": Act.PARTY, "signatory": Act.SIGNED, "parties": Act.PARTY, "signatories": Act.SIGNED}
_TURNING: Final = bag("up off on out over for with by onto into away")
_AFTER: Final = frozenset({"in", "at", "on", "last", "since", "before", "after", "during", "as"})
_TIMES: Final = bag("year month week spring summer autumn winter decade yesterday today")


def read(reading: Reading) -> None:
    """Put down what the sentence says of the treaty at hand."""
    for at, verb in reading.verbs():
        if verb.lemma in _ACTS and verb.finite and not verb.passive:
            _by_verb(reading, at, verb)
        elif verb.lemma == "invite" and verb.passive and _nothing_follows(reading, at):
            _put_down(reading, at, Act.INVITED)
        elif verb.lemma in {"be", "become", "remain"} and not verb.passive:
            _by_role(reading, at)
        if verb.lemma in {"do", "have", "be"} and reading.clauses.low(at - 1) in {"so", "neither", "nor"}:
            _so_did(reading, at)


def _so_did(reading: Reading, at: int) -> None:
    """Read “Papua New Guinea signed, and so did Palau and Nauru”: they did what the last one is said to have done."""
    start = reading.clauses.phrases[at].start
    done = [one for one in reading.found if one.at < start and one.object is not None and one.partner is None]
    if not done or reading.clauses.shape(at + 1) is not Shape.NOUN:
        return
    last, negated = done[-1], reading.clauses.low(at - 1) != "so"
    for party in reading.parties_from(at + 1)[0]:
        said = Said(at, Sense.DENIED if negated else last.sense, negated or last.negated, last.by)
        reading.say(last.act, party, last.object, said)


def _by_verb(reading: Reading, at: int, verb: Verb) -> None:
    if _in_relative(reading, at) or not _nothing_follows(reading, at):
        return
    if verb.lemma == "join" and not _dated(reading, at):
        return
    _put_down(reading, at, _ACTS[verb.lemma])


def _by_role(reading: Reading, at: int) -> None:
    clauses, place = reading.clauses, at + 1
    while clauses.shape(place) is Shape.ADVERB:
        place += 1
    roles = list[Act]()
    inner = False
    while clauses.shape(place) is Shape.NOUN and clauses.phrases[place].head.low in _ROLES:
        phrase = clauses.phrases[place]
        if phrase.inner or phrase.tokens[0].low in {"the", "its", "their"}:
            return
        inner = inner or bool(phrase.lows & {"neither", "no"}) or clauses.low(place - 1) == "neither"
        roles.append(_ROLES[phrase.head.low])
        place += 1
        if clauses.shape(place) is Shape.CONJUNCTION and clauses.shape(place + 1) is Shape.NOUN:
            place += 1
    if roles and _ends(reading, place):
        for act in roles:
            _put_down(reading, at, act, denied=inner)


def _put_down(reading: Reading, at: int, act: Act, *, denied: bool = False) -> None:
    thing = _at_hand(reading, at)
    subjects = reading.subjects(at)
    if thing is None or not subjects or not all(_is_state(reading, one) for one in subjects):
        return
    said = reading.turned(reading.said(at), denied=denied)
    for subject in subjects:
        reading.say(act, subject, thing, said)


def _is_state(reading: Reading, party: Named) -> bool:
    known = reading.register.party_by.get(party.ref)
    return bool(party.ref) and (known is None or known.kind is PartyKind.STATE)


def _at_hand(reading: Reading, at: int) -> Named | None:
    """Give the treaty that is meant; None where there are two, or one that the register does not know."""
    here = [thing for place in reading.clauses.nouns(0, at)
            if (thing := reading.naming.thing(place)) is not None and thing.nature in TREATIES]  # fmt: skip
    named = {one.text: one for one in here}
    found = next(iter(named.values())) if len(named) == 1 else None if named else reading.memory.at_hand
    return found if found is not None and found.ref else None


def _in_relative(reading: Reading, at: int) -> bool:
    """Tell whether it stands in “the Convention, which Japan ratified”."""
    places = reading.clauses.subject(at)
    return bool(places) and reading.clauses.low(min(places) - 1) in {"which", "that", "whom"}


def _nothing_follows(reading: Reading, at: int) -> bool:
    """Tell whether no object follows: the clause ends, or only a time or a place comes."""
    return reading.clauses.low(at + 1) not in _TURNING and _ends(reading, at + 1)


def _ends(reading: Reading, place: int) -> bool:
    clauses = reading.clauses
    while clauses.shape(place) is Shape.ADVERB and clauses.low(place) not in _TURNING:
        place += 1
    shape = clauses.shape(place)
    if shape in {None, Shape.STOP, Shape.COMMA, Shape.COLON, Shape.SUBORDINATOR, Shape.CONJUNCTION}:
        return shape is not Shape.CONJUNCTION or _another_clause(reading, place)
    if shape is Shape.NOUN:
        added = clauses.low(place) in {"either", "too", "neither", "again"}
        return _ends(reading, place + 1) if added else _is_time(reading, place)
    return shape is Shape.PREPOSITION and clauses.low(place) in _AFTER and _when_or_where(reading, place + 1)


def _another_clause(reading: Reading, place: int) -> bool:
    """Tell whether “and” joins what is no further object: a verb, or a subject with one."""
    after = place + 1
    while reading.clauses.shape(after) is Shape.ADVERB or reading.clauses.low(after) in {"so", "neither"}:
        after += 1
    if reading.clauses.verb(after) is not None:
        verb = reading.clauses.verb(after)
        return verb is not None and verb.lemma not in _ACTS
    return reading.clauses.shape(after) is Shape.NOUN and reading.clauses.verb(after + 1) is not None


def _is_time(reading: Reading, place: int) -> bool:
    phrase = reading.clauses.phrases[place]
    return any(token.tag is Tag.DATE or token.low in _TIMES for token in phrase.tokens)


def _when_or_where(reading: Reading, place: int) -> bool:
    if reading.clauses.shape(place) is not Shape.NOUN:
        return False
    phrase = reading.clauses.phrases[place]
    return _is_time(reading, place) or (phrase.head.text[:1].isupper() and reading.naming.thing(place) is None)


def _dated(reading: Reading, at: int) -> bool:
    said = reading.said(at)
    return said.when is not None or said.as_of is not None
