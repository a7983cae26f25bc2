"""Signing, ratifying, acceding, joining, endorsing, taking part, hosting, leaving: by verb and by passive."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from comity.claims.bonds import POLITICAL, TREATIES, ActFor, always, endorse, host, join, member, take_part
from comity.claims.gazetteer import What
from comity.claims.memory import Deed
from comity.claims.phrases import Shape, Verb
from comity.claims.register import Act, Nature
from comity.claims.rules_meeting import meeting
from comity.claims.sayings import Pending, Reading, Said
from comity.claims.statements import Named, Sense
from comity.claims.tokens import Tag
from comity.claims.voices import bearer, is_passive, patients
from comity.claims.words import bag

_VERBS: Final[Mapping[str, tuple[ActFor, frozenset[str]]]] = {
    "sign": (partial(always, Act.SIGNED), frozenset({"", "onto", "on to", "to", "on"})),
    "ink": (partial(always, Act.SIGNED), frozenset({""})),
    "initial": (partial(always, Act.SIGNED), frozenset[str]()),
    "ratify": (partial(always, Act.RATIFIED), frozenset({""})),
    "accede": (partial(always, Act.ACCEDED), frozenset({"to"})),
    "join": (join, frozenset({""})),
    "rejoin": (join, frozenset({""})),
    "belong": (member, frozenset({"to"})),
    "endorse": (endorse, frozenset({""})),
    "support": (endorse, frozenset({""})),
    "back": (endorse, frozenset({""})),
    "adhere": (endorse, frozenset({"to"})),
    "subscribe": (endorse, frozenset({"to"})),
    "commit": (endorse, frozenset({"to"})),
    "affirm": (endorse, frozenset({""})),
    "reaffirm": (endorse, frozenset({""})),
    "serve": (take_part, frozenset({"on", "in"})),
    "sit": (take_part, frozenset({"on", "in"})),
    "participate": (take_part, frozenset({"in", "at"})),
    "attend": (take_part, frozenset({""})),
    "undergo": (take_part, frozenset({""})),
    "host": (host, frozenset({""})),
    "co-host": (host, frozenset({""})),
    "withdraw": (partial(always, Act.WITHDREW), frozenset({"from"})),
    "denounce": (partial(always, Act.WITHDREW), frozenset({""})),
    "exit": (partial(always, Act.WITHDREW), frozenset({""})),
    "quit": (partial(always, Act.WITHDREW), frozenset({""})),
    "leave": (partial(always, Act.WITHDREW), frozenset({""})),
}
DIRECT: Final[Mapping[str, Act]] = {
    "ratification": Act.RATIFIED,
    "accession": Act.ACCEDED,
    "acceptance": Act.RATIFIED,
    "approval": Act.RATIFIED,
    "signature": Act.SIGNED,
    "signing": Act.SIGNED,
}
_DEPOSITED: Final = {Act.INVITED: Act.ACCEDED, Act.ACCEDED: Act.ACCEDED, Act.SIGNED: Act.RATIFIED}
_CITIES: Final = {"ratify": False, "accede": False, "sign": True, "join": True, "denounce": True}
"""Verbs whose object may be a city for its treaty, and whether that treaty must have been named before."""
_TWO: Final = 2
_DEPOSIT: Final = frozenset({"deposit", "submit", "lodge"})
_RANKS: Final = bag("countries states members parties ranks club family")
_SENT: Final = frozenset({"delegation", "delegates", "delegate", "representatives", "team", "delegations"})
_OF_LAW: Final = frozenset({Act.SIGNED, Act.RATIFIED, Act.ACCEDED})


def read(reading: Reading) -> None:
    """Put down what the sentence says of joining, attending and leaving."""
    for at, verb in reading.verbs():
        _by_phrase(reading, at, verb)
        rule = _VERBS.get(verb.lemma)
        if rule is not None:
            _by_verb(reading, at, verb, rule)


# Verbs


def _by_verb(reading: Reading, at: int, verb: Verb, rule: tuple[ActFor, frozenset[str]]) -> None:
    act_for, prepositions = rule
    if is_passive(reading, at, verb):
        _passive(reading, at, act_for)
        return
    place, between = reading.object_place(at)
    joined = "" if _signed_up(reading, at, verb, between) else " ".join(between)
    if _relative_object(reading, at, act_for, has_object=joined in prepositions and place is not None):
        return
    if place is None or joined not in prepositions:
        return
    if verb.lemma in {"join", "rejoin"} and reading.clauses.phrases[place].head.low in _RANKS:
        place = _behind_the_ranks(reading, place)
    subjects = reading.subjects(at) or (_experts(reading, at) if act_for is take_part else ())
    subjects += tuple(one for one in reading.along(at) if subjects and one not in subjects)
    said = _invited(reading, at) or reading.said(at)
    act_for = partial(_fixed, Act.INVITED) if _invited(reading, at) else act_for
    cities = _CITIES.get(verb.lemma)
    named = _objects(reading, place, cities=cities) or (meeting(reading, place) if act_for in {host, take_part} else [])
    if not named and act_for in {member, join}:
        named = reading.things_from(place, bodies=True)
    if not named and reading.general(place) and subjects and reading.announces(place):
        reading.pending = Pending(subjects, act_for, said)
    if not subjects:
        _first_was(reading, at, act_for, named)
        _by_whoever(reading, named, act_for, said)
    _put_down(reading, subjects, named, act_for, said)


def _behind_the_ranks(reading: Reading, place: int) -> int:
    """Step to what “joined the 66 member countries of the Convention” is about; no further where that is nothing."""
    clauses = reading.clauses
    behind = clauses.low(place + 1) in {"of", "to"} and clauses.shape(place + 2) is Shape.NOUN
    named = behind and reading.naming.thing(place + 2) is not None
    return place + 2 if named else place


def _signed_up(reading: Reading, at: int, verb: Verb, between: tuple[str, ...]) -> bool:
    """Tell “signed up to” and “signed up for” from what one signs for somebody."""
    return verb.lemma == "sign" and reading.clauses.low(at + 1) == "up" and between in {("to",), ("for",)}


def _by_whoever(reading: Reading, named: list[tuple[Named, int, int]], act_for: ActFor, said: Said) -> None:
    """Keep what is done where it is not told by whom: a list of them may follow, or “Jamaica did not”."""
    if named and reading.sentence.text.endswith(":"):
        reading.pending = Pending((), act_for, said, named[0][0])
    told = ((act_for(thing.nature), thing) for thing, *_ in named)
    reading.deeds += [Deed(said.at, act, thing) for act, thing in told if act is not None]


def _put_down(
    reading: Reading,
    subjects: tuple[Named, ...],
    named: list[tuple[Named, int, int]],
    act_for: ActFor,
    said: Said,
) -> None:
    """Put down an act of each of the subjects on each of the things, each with its own date where it has one."""
    own = [reading.clauses.dated(range(where + 1, after)) for _thing, where, after in named]
    for (thing, _where, _after), dates in zip(named, own, strict=True):
        act = act_for(thing.nature)
        shared = (said.when, said.as_of) if not any(map(any, own)) else (None, None)
        when, as_of = dates if any(dates) else shared
        mine = Said(said.at, said.sense, said.negated, said.by, when, as_of)
        if thing.negated:
            mine = Said(said.at, Sense.DENIED, not said.negated, said.by, mine.when, mine.as_of)
        for subject in subjects:
            if act is not None and subject.ref != thing.ref:
                reading.say(act, subject, thing, mine)


def _first_was(reading: Reading, at: int, act_for: ActFor, named: list[tuple[Named, int, int]]) -> None:
    """Read “The first state to ratify it was Senegal, in August 2016”."""
    clauses, verb = reading.clauses, reading.clauses.verb(at)
    after = named[-1][2] if named else at
    copula = clauses.verb(after)
    ranked = at > 0 and clauses.phrases[at - 1].lows & {"first", "second", "third", "last", "latest", "only"}
    if verb is None or not verb.infinitive or not ranked or copula is None or copula.lemma != "be" or copula.negated:
        return
    for party, (when, as_of) in reading.dated_parties(after + 1):
        for thing, *_ in named:
            act = act_for(thing.nature)
            said = reading.said(after)
            if act is not None:
                mine = Said(at, said.sense, said.negated, said.by, when or said.when, as_of or said.as_of)
                reading.say(act, party, thing, mine)


def _experts(reading: Reading, at: int) -> tuple[Named, ...]:
    """Read “Estonian experts served in the Group”, “Kenya’s expert sat on it”: who sends them takes part."""
    places = reading.clauses.subject(at)
    if len(places) != 1 or reading.clauses.phrases[places[0]].head.low not in {"expert", "experts", "diplomat"}:
        return ()
    inner = [one for one in reading.clauses.phrases[places[0]].inner if one.what in {What.PARTY, What.ADJECTIVE}]
    return (reading.naming.of_mention(inner[0]),) if len({one.ref for one in inner}) == 1 else ()


def _relative_object(reading: Reading, at: int, act_for: ActFor, *, has_object: bool) -> bool:
    """Read “the Convention, which Japan ratified in 2012”: what is ratified stands before the “which”."""
    clauses = reading.clauses
    places = clauses.subject(at)
    opening = min(places) - 1 if places and min(places) < at else -1
    if has_object or clauses.low(opening) not in {"which", "that"}:
        return False
    before = opening - 1
    while clauses.shape(before) in {Shape.COMMA, Shape.ADVERB}:
        before -= 1
    if clauses.low(before - 1) == "of" and clauses.phrases[before].head.tag is Tag.DATE:
        before -= 2  # “the Budapest Memorandum of 1994, which …”
    thing = reading.naming.thing(bearer(reading, before)) if clauses.shape(before) is Shape.NOUN else None
    if thing is not None and thing.is_party and act_for(thing.nature) in _OF_LAW:
        treaties = [one for one in reading.things_before(before) if one.nature in TREATIES]
        thing = treaties[-1] if treaties else None  # “the Convention, drawn up by the Council, which Fiji ratified”
    for subject in reading.subjects(at) if thing is not None else ():
        act = act_for(thing.nature) if thing is not None else None
        if act is not None:
            reading.say(act, subject, thing, reading.said(at))
    return thing is not None


def _fixed(act: Act, nature: Nature | None) -> Act | None:
    return act if nature in TREATIES or nature in POLITICAL else None


def _invited(reading: Reading, at: int) -> Said | None:
    """Read “was invited to accede to”: the invitation is the claim."""
    before = at - 1
    listing = {Shape.ADVERB, Shape.NOUN, Shape.COMMA, Shape.CONJUNCTION}
    while reading.clauses.shape(before) in listing or reading.clauses.low(before) == "by":
        before -= 1
    governor = reading.clauses.verb(before)
    own = reading.clauses.verb(at)
    if governor is None or own is None or not own.infinitive or governor.lemma != "invite":
        return None
    return reading.said(before, at) if reading.said(before, at).when else _with_dates(reading, before, at)


def _with_dates(reading: Reading, governor: int, at: int) -> Said:
    said, later = reading.said(governor, at), reading.said(at)
    return Said(at, said.sense, said.negated, said.by, later.when, later.as_of)


def _objects(reading: Reading, place: int, *, cities: bool | None = None) -> list[tuple[Named, int, int]]:
    found = reading.things_from(place, cities=cities)
    if found or not reading.general(place):
        return found
    listed = reading.listed(place)
    return reading.things_from(listed) if listed is not None else []


def _passive(reading: Reading, at: int, act_for: ActFor) -> None:
    by = next(
        (
            place
            for place in range(at + 1, len(reading.clauses.phrases))
            if reading.clauses.low(place) == "by" and reading.clauses.shape(place) is Shape.PREPOSITION
        ),
        None,
    )
    if by is None or by > reading.clauses.end_of_scope(at):
        _by_the_same(reading, at, act_for)
        return
    if reading.clauses.low(by + 1) in {"neither", "both"}:
        _by_the_two(reading, at, act_for, denied=reading.clauses.low(by + 1) == "neither")
        return
    agents = reading.dated_parties(by + 1, acting=True)
    listed = reading.listed(by + 1) if not agents else None
    if listed is not None:
        nobody = (None, None)
        agents = reading.dated_parties(listed) or [(one, nobody) for one in reading.listed_parties(listed)]
    said = reading.said(at)
    dated = any(any(dates) for _agent, dates in agents)
    for thing in patients(reading, at):
        act = act_for(thing.nature)
        if act is not None and not agents:
            reading.deeds.append(Deed(at, act, thing))  # “was signed by many countries, though not by China”
        for agent, (when, as_of) in agents:
            mine = Said(said.at, said.sense, said.negated, said.by, when, as_of) if dated else said
            if act is not None:
                reading.say(act, agent, thing, mine)


def _by_the_two(reading: Reading, at: int, act_for: ActFor, *, denied: bool) -> None:
    """Read “was signed by Jamaica and Cuba but ratified by neither”: by those who are said to have done the other."""
    start = reading.clauses.phrases[at].start
    for thing in patients(reading, at):
        told = [one.subject for one in reading.found if one.object == thing and one.at < start and one.subject]
        doers, act = tuple(dict.fromkeys(told)), act_for(thing.nature)
        for doer in doers if act is not None and len(doers) == _TWO else ():
            reading.say(act or Act.SIGNED, doer, thing, reading.turned(reading.said(at), denied=denied))


def _by_the_same(reading: Reading, at: int, act_for: ActFor) -> None:
    """Read “signed the Protocol, which has not been ratified” and “was signed by Albania but has not been ratified”.

    Who did the one did not do the other, where the sentence names one state alone.
    """
    verb = reading.clauses.verb(at)
    things = patients(reading, at)
    if verb is None or not verb.passive or len(things) != 1 or reading.clauses.low(at + 1) in {"between", "with"}:
        return
    start = reading.clauses.phrases[at].start
    doers = {one.subject for one in reading.found
             if one.object == things[0] and one.at < start and one.act in _OF_LAW and one.subject}  # fmt: skip
    act = act_for(things[0].nature)
    if len(doers) == 1 and act in _OF_LAW:
        for doer in doers:
            reading.say(act, doer, things[0], reading.said(at))


def _by_phrase(reading: Reading, at: int, verb: Verb) -> None:
    """Verbs that need their noun: take part in, deposit its instrument of, play host to, put its signature to."""
    low, clauses = reading.clauses.low, reading.clauses
    noun = clauses.phrases[at + 1].head.low if clauses.shape(at + 1) is Shape.NOUN else ""
    if verb.lemma == "take" and noun == "part" and low(at + 2) in {"in", "at"}:
        _at_place(reading, at, at + 3, take_part)
    elif verb.lemma == "play" and noun == "host" and low(at + 2) == "to":
        _at_place(reading, at, at + 3, host)
    elif verb.lemma in {"put", "affix", "append"} and noun in {"signature", "name"} and low(at + 2) in {"to", "on"}:
        _at_place(reading, at, at + 3, partial(always, Act.SIGNED))
    elif verb.lemma == "bind" and verb.passive and low(at + 1) == "by":
        _at_place(reading, at, at + 2, _bound)
    elif verb.lemma == "represent" and verb.passive and low(at + 1) in {"at", "in"}:
        _at_place(reading, at, at + 2, take_part)
    elif verb.lemma == "send" and noun in _SENT and low(at + 2) == "to":
        _at_place(reading, at, at + 3, take_part)
    else:
        _of_law(reading, at, verb, noun)


def _of_law(reading: Reading, at: int, verb: Verb, noun: str) -> None:
    """Read what is done with an instrument: deposit it, complete its ratification; enter into force for a state."""
    low = reading.clauses.low
    if verb.lemma in _DEPOSIT and noun in DIRECT and reading.clauses.phrases[at + 1].owner:
        _its_own(reading, at, DIRECT[noun])
    elif verb.lemma in _DEPOSIT and noun in {"instrument", "instruments"}:
        _deposit(reading, at) if low(at + 2) == "of" else _deposit_bare(reading, at)
    elif verb.lemma == "enter" and low(at + 1) == "into" and low(at + 2) == "force" and low(at + 3) == "for":
        _in_force_for(reading, at)
    elif verb.lemma in {"complete", "make", "effect"} and noun in {"ratification", "accession"}:
        _at_place(reading, at, at + 3, partial(always, DIRECT[noun]))


def _its_own(reading: Reading, at: int, act: Act) -> None:
    """Read “became the fifteenth state to submit its ratification”: of the treaty that is told of."""
    here = [one for one in reading.things_before(at) if one.nature in {Nature.TREATY, Nature.PROTOCOL}]
    thing = here[-1] if here else reading.memory.at_hand
    for subject in (
        reading.subjects(at) if thing is not None and reading.clauses.low(at + 2) not in {"of", "to"} else ()
    ):
        reading.say(act, subject, thing, reading.said(at))


def _bound(nature: Nature | None) -> Act | None:
    return Act.PARTY if nature in TREATIES else None


def _in_force_for(reading: Reading, at: int) -> None:
    """Read “The treaty entered into force for the country in July”: since then the country is a party."""
    things = [one for one in patients(reading, at) if one.nature in {Nature.TREATY, Nature.PROTOCOL}]
    for thing in things:
        for party in reading.parties_from(at + 4)[0]:
            reading.say(Act.PARTY, party, thing, reading.said(at))


def _at_place(reading: Reading, at: int, place: int, act_for: ActFor) -> None:
    if reading.clauses.shape(place) is not Shape.NOUN:
        return
    subjects, said = reading.subjects(at), reading.said(at)
    named = _objects(reading, place) or (meeting(reading, place) if act_for in {host, take_part} else [])
    if not named and reading.general(place) and subjects:
        reading.pending = Pending(subjects, act_for, said)
    for thing, _where, _after in named:
        act = act_for(thing.nature)
        for subject in subjects:
            if act is not None:
                reading.say(act, subject, thing, said)


def _deposit(reading: Reading, at: int) -> None:
    clauses = reading.clauses
    act = DIRECT.get(clauses.phrases[at + 3].head.low) if clauses.shape(at + 3) is Shape.NOUN else None
    if act is None:
        return
    things: list[Named] = []
    if clauses.low(at + 4) in {"to", "of", "for"} and clauses.shape(at + 5) is Shape.NOUN:
        things = [thing for thing, *_ in reading.things_from(at + 5)]
    elif clauses.low(at + 4) not in {"to", "of", "for"}:
        here = [one for place in clauses.nouns(0, at) if (one := reading.naming.thing(place)) is not None]
        treaties = [one for one in here if one.nature in {Nature.TREATY, Nature.PROTOCOL}]
        last = treaties[-1] if treaties else reading.memory.thing((Nature.TREATY, Nature.PROTOCOL))
        things = [last] if last else []
    for subject in reading.subjects(at):
        for thing in things:
            reading.say(act, subject, thing, reading.said(at))


def _deposit_bare(reading: Reading, at: int) -> None:
    """Read “was invited to accede in 2018 and deposited its instrument in 2024”: the one that the invitation led to."""
    deeds = [one for one in (reading.deeds or reading.memory.deeds) if one.act in _DEPOSITED and one.at != at]
    phrase = reading.clauses.phrases[at + 1]
    if not deeds or not (phrase.owner or phrase.tokens[0].low in {"an", "any"}):
        return
    act, thing = _DEPOSITED[deeds[-1].act], deeds[-1].thing
    for subject in reading.subjects(at):
        if thing.nature in {Nature.TREATY, Nature.PROTOCOL}:
            reading.say(act, subject, thing, reading.said(at))
