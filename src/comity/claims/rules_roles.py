"""What a noun says: a party to, a member of, among the signatories of; and lists of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from comity.claims.bonds import LEGAL, TREATIES, ActFor, endorse, host, join, member, take_part
from comity.claims.gazetteer import What
from comity.claims.phrases import Shape
from comity.claims.register import Act, Nature, Period
from comity.claims.sayings import Pending, Reading, Said
from comity.claims.sentences import Kind
from comity.claims.statements import Named, Sense
from comity.claims.voices import bearer, patients

_ROLES: Final[Mapping[str, ActFor]] = {
    "party": lambda nature: Act.PARTY if nature in TREATIES else join(nature),
    "parties": lambda nature: Act.PARTY if nature in TREATIES else join(nature),
    "non-party": lambda nature: Act.PARTY if nature in TREATIES else None,
    "signatory": lambda nature: Act.SIGNED if nature in LEGAL else None,
    "signatories": lambda nature: Act.SIGNED if nature in LEGAL else None,
    "non-signatory": lambda nature: Act.SIGNED if nature in LEGAL else None,
    "member": member,
    "members": member,
    "non-member": member,
    "participant": take_part,
    "participants": take_part,
    "host": host,
    "supporter": endorse,
    "supporters": endorse,
    "endorser": endorse,
    "endorsers": endorse,
    "adherent": endorse,
}

_ACTING: Final = frozenset({"share", "speak", "act", "vote", "serve", "sit", "attend", "participate", "contribute",
                            "benefit", "cooperate", "report", "work"})  # fmt: skip
_LISTS: Final = frozenset({"list", "name", "describe", "count", "record", "show"})
_SEVERAL: Final = 2
_BOTH_OF_THEM: Final = frozenset({"neither", "both", "treaty", "treaties", "convention", "conventions", "instruments"})
_AFTER_A_LABEL: Final = 2
_OPENING: Final = 3
"""The place up to which the verb of “Among these are” can stand."""


def read(reading: Reading) -> None:
    """Put down what the sentence says of parties, members and signatories by noun."""
    for at, verb in reading.verbs():
        if verb.lemma in {"be", "become", "remain"} and not verb.passive:
            _by_role(reading, at)
        if verb.lemma in {"include", "be", "comprise", "have", "count"}:
            _by_list(reading, at)
        if verb.lemma in {"comprise", "consist", "compose", "make", "include", "have", "count", "unite"}:
            _comprised(reading, at)
    _beside_names(reading)
    if reading.sentence.text.rstrip().endswith(":"):
        _announced(reading)


def _by_role(reading: Reading, at: int) -> None:
    """Read “is a party to”, “became the 70th member of”, “is a signatory but not a party to”, “is one of the …”."""
    clauses = reading.clauses
    _of_which(reading, at)
    place, between = reading.object_place(at)
    if place is None or (between and between != ("among",)):
        return
    if at == 0 or clauses.shape(at - 1) in {Shape.STOP, Shape.COLON}:
        _asked(reading, at)
    if clauses.phrases[place].head.low in {"one", "among"} and clauses.low(place + 1) == "of":
        place += 2
    subjects, said = reading.subjects(at), reading.said(at)
    following: int | None = place
    while following is not None and subjects:
        following = _role(reading, following, subjects, said)


def _announced(reading: Reading) -> None:
    """Read “The members of the Group come from the following countries:”, whose list stands below."""
    for place in reading.clauses.nouns(0, len(reading.clauses.phrases)):
        head = reading.clauses.phrases[place].head.low
        if head not in {"members", "parties", "signatories", "supporters", "participants"}:
            continue
        things = _of_role(reading, place, place + 1)
        first = next((at for at, verb in reading.verbs() if verb.finite), None)
        if len(things) == 1 and reading.pending is None:
            said = replace(reading.said(first), at=0) if first is not None else Said(0, Sense.STATED)
            reading.pending = Pending((), _ROLES[head], said, things[0])
        return


def _asked(reading: Reading, at: int) -> None:
    """Read “Is Jamaica a party to the Convention?”."""
    subjects, after = reading.parties_from(at + 1)
    said = reading.said(at)
    if subjects and said.sense is Sense.ASKED:
        _role(reading, after, subjects, said)


def _of_which(reading: Reading, at: int) -> None:
    """Read “the Vienna Convention, to which Kenya is a party”."""
    clauses = reading.clauses
    places = clauses.subject(at)
    which = min(places) - 1 if places else -1
    if clauses.low(which) != "which" or clauses.low(which - 1) not in {"to", "of"}:
        return
    before = which - 2
    while clauses.shape(before) in {Shape.COMMA, Shape.ADVERB}:
        before -= 1
    thing = reading.naming.thing(bearer(reading, before)) if clauses.shape(before) is Shape.NOUN else None
    roles, _after = _roles(reading, at + 1)
    for name, where, negated in roles if thing is not None else ():
        act = _ROLES[name](thing.nature) if thing is not None else None
        denied = negated or bool(clauses.phrases[where].lows & {"neither", "no"})
        for subject in reading.subjects(at) if act is not None else ():
            reading.say(act or Act.PARTY, subject, thing, reading.turned(reading.said(at), denied=denied))


def _role(reading: Reading, place: int, subjects: tuple[Named, ...], said: Said) -> int | None:
    """Put down one “a party to X”; give the place of the next one that is joined to it."""
    clauses = reading.clauses
    roles, after = _roles(reading, place)
    if not roles:
        return None
    things, own = _with_their_dates(reading, roles[-1][1], after)
    for name, where, negated in roles:
        act_for, inner = _ROLES[name], clauses.phrases[where].lows & {"neither", "no"}
        nor = clauses.low(place - 1) == "nor" and not said.negated  # “neither signatories to A nor parties to B”
        denied = negated or name.startswith("non-") or bool(inner) or nor
        denied = denied != any(thing.negated for thing in things)
        things = [replace(thing, negated=False) for thing in things]
        for thing in things:
            act = act_for(thing.nature)
            for subject in subjects:
                if act is not None and subject.ref != thing.ref:
                    when, as_of = own.get(thing, (said.when, said.as_of))
                    mine = Said(said.at, said.sense, said.negated, said.by, when, as_of)
                    reading.say(act, subject, thing, reading.turned(mine, denied=denied))
    at = after
    while at < len(clauses.phrases) - 1:
        at += 1
        if (
            clauses.shape(at) is Shape.CONJUNCTION
            and clauses.shape(at + 1) is Shape.NOUN
            and _roles(reading, at + 1)[0]
        ):
            return at + 1
        if clauses.shape(at) not in {Shape.NOUN, Shape.PREPOSITION, Shape.COMMA}:
            return None
    return None


def _roles(reading: Reading, place: int) -> tuple[list[tuple[str, int, bool]], int]:
    clauses, found, negated = reading.clauses, list[tuple[str, int, bool]](), False
    while clauses.shape(place) is Shape.NOUN:
        phrase = clauses.phrases[place]
        name = phrase.head.low
        if name in {"state", "states", "country", "government", "nation"} and len(phrase.tokens) > 1:
            name = phrase.tokens[-2].low
        if name not in _ROLES:
            break
        found.append((name, place, negated))
        place += 1
        if clauses.shape(place) is not Shape.CONJUNCTION:
            break
        negated = clauses.low(place) == "nor"
        place += 1
        while clauses.shape(place) is Shape.ADVERB:
            negated = negated or clauses.low(place) in {"not", "never"}
            place += 1
    return found, place


def _of_role(reading: Reading, role: int, after: int) -> list[Named]:
    """Name what one is a party to or member of: after the role, or before it in the same phrase."""
    clauses = reading.clauses
    if clauses.low(after) in {"to", "of"} and clauses.low(after + 1).split(" ")[0] in {"neither", "both"}:
        return _the_two(reading, after + 1)
    if clauses.low(after) in {"to", "of", "in", "for"} and clauses.shape(after + 1) is Shape.NOUN:
        bodies = clauses.phrases[role].head.low in {"member", "members", "non-member"}
        if bodies and clauses.low(after + 1) == "it":
            return _body_before(reading, role)
        cities = None if bodies else False
        return [thing for thing, *_ in reading.things_from(after + 1, bodies=bodies, cities=cities)]
    inner = [one for one in clauses.phrases[role].inner if one.what in {What.THING, What.PARTY}]
    if len(inner) == 1:
        mention = inner[0]
        named = (
            reading.naming.of_thing(mention)
            if mention.what is What.THING
            else reading.naming.group(mention)
            if mention.ref in reading.register.party_by
            else None
        )
        return [named] if named else []
    return []


def _the_two(reading: Reading, place: int) -> list[Named]:
    """Read “is a party to neither”, “to both conventions”: the two treaties that were told of, where there are two."""
    if reading.clauses.phrases[place].head.low not in _BOTH_OF_THEM:
        return []  # “a member of both clubs”
    named = [*reading.memory.here, *reading.things_before(place)]
    treaties = [one for one in dict.fromkeys(named) if one.nature in TREATIES and one.ref]
    neither = reading.clauses.low(place).startswith("neither")
    return [replace(one, negated=neither) for one in treaties] if len(treaties) == _SEVERAL else []


def _body_before(reading: Reading, role: int) -> list[Named]:
    """Read “left the European Union and is no longer a member of it”: the body that this sentence named last."""
    named = [reading.naming.thing(place) for place in reading.clauses.nouns(0, role)]
    return [one for one in named if one is not None and one.nature in {Nature.BODY, Nature.INITIATIVE}][-1:]


_Dates = dict[Named, tuple[Period | None, Period | None]]


def _with_their_dates(reading: Reading, role: int, after: int) -> tuple[list[Named], _Dates]:
    """Name what one is a member of, each with its own date where each has one: “of A since 1995, of B since 2009”."""
    clauses, things = reading.clauses, _of_role(reading, role, after)
    if len(things) < _SEVERAL or clauses.shape(after + 1) is not Shape.NOUN:
        return things, {}
    own = {
        thing: clauses.dated(range(where + 1, end)) for thing, where, end in reading.things_from(after + 1, bodies=True)
    }
    return things, own if all(any(dates) for dates in own.values()) else {}


def _beside_names(reading: Reading) -> None:
    """Read “Kenya, a party to the Convention since 2019, …” and “As a member of the OAS, Belize …”."""
    clauses = reading.clauses
    for place in clauses.nouns(1, len(clauses.phrases)):
        opener = clauses.low(place - 1)
        labelled = clauses.labelled() is not None and place == _AFTER_A_LABEL
        if clauses.shape(place - 1) is not Shape.COMMA and opener != "as" and not labelled:
            continue
        if not labelled and (
            clauses.phrases[place].tokens[0].low not in {"a", "an", "the", "itself", "one", "both", "all"}
            and opener != "as"
        ):
            continue
        roles, after = _roles(reading, place)
        things = _of_role(reading, place, after) if len(roles) == 1 else []
        if not things:
            continue
        subjects = _beside(reading, place, after)
        when, as_of = clauses.dated(range(after, min(len(clauses.phrases), after + 5)))
        said = Said(place, Sense.STATED, when=when, as_of=as_of)
        for thing in things:
            act = _ROLES[roles[0][0]](thing.nature)
            for subject in subjects:
                if act is not None and subject.ref != thing.ref:
                    reading.say(act, subject, thing, said)


def _beside(reading: Reading, place: int, after: int) -> tuple[Named, ...]:  # noqa: PLR0911 (a line a rule)
    clauses, naming = reading.clauses, reading.naming
    if clauses.low(place - 1) != "as":
        before = place - 2
        copula = clauses.verb(before - 1)
        if clauses.shape(before) is not Shape.NOUN:
            return ()
        if copula is not None and copula.lemma in {"be", "remain"} and copula.finite and not copula.negated:
            return reading.subjects(before - 1)  # “is a candidate country, a member of the Council since 2003 and …”
        if clauses.phrases[place].lows & {"both", "all"}:
            return naming.parties(clauses.listed_before(before), acting=False)
        return naming.party(before, acting=False)
    passive = clauses.verb(place - 2)
    if passive is not None and passive.passive and passive.lemma in _LISTS:
        return reading.subjects(place - 2)
    lister = clauses.verb(place - 3)
    if lister is not None and lister.lemma in _LISTS:
        return naming.party(place - 2, acting=False)
    acting = next((at for at in (place - 2, place - 3) if _acts(reading, at)), None)
    if acting is not None:
        return reading.subjects(acting)
    if clauses.shape(place - 2) is Shape.COMMA and clauses.shape(place - 3) is Shape.NOUN:
        return naming.party(place - 3, acting=False)
    comma = next((at for at in range(after, len(clauses.phrases)) if clauses.shape(at) is Shape.COMMA), None)
    if place - 1 > 1 or comma is None or clauses.shape(comma + 1) is not Shape.NOUN:
        return ()
    return naming.party(comma + 1)


def _acts(reading: Reading, at: int) -> bool:
    """Tell whether its subject is what comes after “as”: “shared its experience as a member of the Initiative”."""
    verb = reading.clauses.verb(at)
    return verb is not None and verb.finite and not verb.passive and not verb.negated and verb.lemma in _ACTING


def _by_list(reading: Reading, at: int) -> None:
    """Read “Parties to the Convention include Kenya and Ghana.” “These include …” after a list was announced."""
    clauses = reading.clauses
    _counted(reading, at)
    before = at - 1
    role_at = next(
        (
            place
            for place in range(before, -1, -1)
            if clauses.phrases[place].head.low in {"parties", "signatories", "members", "supporters", "participants"}
        ),
        None,
    )
    if role_at is None or role_at > at or clauses.shape(at + 1) is not Shape.NOUN:
        return
    if any(clauses.verb(place) is not None for place in range(role_at, at)):
        return
    agents, _after = reading.parties_from(at + 1)
    things = _of_role(reading, role_at, role_at + 1)
    role = clauses.phrases[role_at].head.low
    for thing in things:
        act = _ROLES[role](thing.nature)
        for agent in agents:
            if act is not None and agent.ref != thing.ref:
                reading.say(act, agent, thing, reading.said(at))


def _comprised(reading: Reading, at: int) -> None:
    """Read “It is comprised of 15 member states, including Barbados and …” and “The Union consists of 27 states: …”."""
    clauses = reading.clauses
    place, between = reading.object_place(at)
    if place is None or between not in {(), ("of",), ("up", "of")} or clauses.verb(at) is None:
        return
    phrase, places = clauses.phrases[place], clauses.subject(at)
    if phrase.head.low not in {"states", "members", "countries", "nations"} or len(places) != 1:
        return
    body = reading.naming.thing(places[0]) or _body_meant(reading, places[0])
    listed = reading.listed(place)
    if body is None or body.nature not in {Nature.BODY, Nature.INITIATIVE} or listed is None:
        return
    for party in reading.parties_from(listed)[0]:
        if party.ref != body.ref:
            reading.say(Act.MEMBER, party, body, reading.said(at))


def _body_meant(reading: Reading, place: int) -> Named | None:
    """Give the body that “it” is: the only one of the last sentence that named any."""
    bodies = [one for one in reading.memory.bodies if one.nature in {Nature.BODY, Nature.INITIATIVE}]
    return bodies[-1] if reading.clauses.low(place) == "it" and len(bodies) == 1 else None


def _counted(reading: Reading, at: int) -> None:
    """Read “The Convention has 76 parties, including Ghana”."""
    clauses, verb = reading.clauses, reading.clauses.verb(at)
    if verb is None or verb.lemma not in {"have", "count"} or clauses.shape(at + 1) is not Shape.NOUN:
        return
    act_for = _ROLES.get(clauses.phrases[at + 1].head.low)
    listed = reading.listed(at + 1)
    if act_for is None or listed is None:
        return
    for thing in patients(reading, at):
        act = act_for(thing.nature)
        for agent in reading.parties_from(listed)[0]:
            if act is not None:
                reading.say(act, agent, thing, reading.said(at))


def continued(reading: Reading, pending: Pending) -> None:
    """Read “These include A and B” as the list that the sentence before announced."""
    clauses = reading.clauses
    if reading.sentence.block.kind is Kind.ITEM:
        _listed_below(reading, pending)
        return
    for at, verb in reading.verbs():
        opening = clauses.phrases[0]
        if verb.lemma not in {"include", "be", "comprise"} or at > _OPENING:
            return
        if not opening.lows & {"these", "they", "those", "among"}:
            return
        if clauses.shape(at + 1) is not Shape.NOUN:
            return
        said = replace(pending.said, at=at)
        act = pending.act_for(pending.thing.nature) if pending.thing is not None else None
        for party in reading.listed_parties(at + 1) if act is not None else ():
            reading.say(act or Act.SIGNED, party, pending.thing, said)
        for thing, *_ in reading.things_from(at + 1) if pending.thing is None else ():
            act = pending.act_for(thing.nature)
            for subject in pending.subjects:
                if act is not None:
                    reading.say(act, subject, thing, said)
        return


def _listed_below(reading: Reading, pending: Pending) -> None:
    """Read an item of a list under “… has signed the following treaties:”."""
    clauses, said = reading.clauses, pending.said
    if clauses.shape(0) is not Shape.NOUN or any(verb.finite for _at, verb in reading.verbs()):
        return
    if pending.thing is not None:
        act = pending.act_for(pending.thing.nature)
        for party in reading.parties_from(0)[0] if act is not None else ():
            mine = Said(0, said.sense, said.negated, said.by, said.when, said.as_of)
            reading.say(act or Act.SIGNED, party, pending.thing, mine)
        return
    for thing, where, after in reading.things_from(0)[:1]:
        act = pending.act_for(thing.nature)
        when, as_of = clauses.dated(range(where, len(clauses.phrases)))
        for subject in pending.subjects if act is not None else ():
            mine = Said(where, said.sense, said.negated, said.by, when or said.when, as_of or said.as_of)
            reading.say(act or Act.SIGNED, subject, thing, mine)
        del after
