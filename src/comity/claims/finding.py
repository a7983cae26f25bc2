"""Every statement of a document, in the order of its text."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from comity.claims import (
    rules_adopting,
    rules_again,
    rules_bare,
    rules_joining,
    rules_making,
    rules_meeting,
    rules_nominal,
    rules_roles,
    rules_working,
)
from comity.claims.aliases import aliases, defined, with_aliases
from comity.claims.bonds import TREATIES
from comity.claims.gazetteer import Mention, What, gazetteer
from comity.claims.memory import Memory
from comity.claims.phrases import Shape, phrases
from comity.claims.register import Nature, PartyKind, Register
from comity.claims.rules_table import Tables
from comity.claims.sayings import Pending, Reading
from comity.claims.sentences import Document, Kind, Sentence, sentences
from comity.claims.speaker import speaker
from comity.claims.statements import Named, Statement
from comity.claims.tokens import tokens

_TOPIC_SHARE: Final = 0.6
_TOPIC_LEAST: Final = 2
_TOPIC_OFTEN: Final = 6
_TOPIC_AHEAD: Final = 3
_RULES: Final = (
    rules_joining,
    rules_nominal,
    rules_meeting,
    rules_roles,
    rules_making,
    rules_adopting,
    rules_working,
    rules_bare,
    rules_again,
)
_TREATY_WORDS: Final = frozenset(
    {"protocol", "treaty", "treaties", "convention", "conventions", "instruments", "texts"}
)
_WORDS: Final = re.compile(r"\w")


def statements(document: Document, register: Register) -> tuple[Statement, ...]:
    """Find the statements of a document; what is said twice is found once."""
    named = gazetteer(register).mentions(document.text)
    own = aliases(document.text, named)
    mentions = with_aliases(document.text, named, own)
    topic = _topic(mentions, register)
    voice = speaker(document.text, mentions, register, topic)
    sole = _sole(mentions, register)
    lead = _lead(document, mentions, register)
    memory = Memory(topic=topic, speaker=voice, sole=sole, lead=lead, defined=defined(own, register))
    pending: Pending | None = None
    found: list[Statement] = []
    for sentence in sentences(document):
        reading = _read(document, sentence, mentions, register, memory)
        if pending is not None:
            rules_roles.continued(reading, pending)
        is_item = sentence.block.kind is Kind.ITEM
        pending = reading.pending or (pending if is_item else None)
        found += reading.found
    found += Tables(document, mentions, register, topic).statements()
    return tuple(_once(found))


def _read(
    document: Document, sentence: Sentence, mentions: Sequence[Mention], register: Register, memory: Memory
) -> Reading:
    cut = tokens(document.text, sentence.start, sentence.end, _within(mentions, sentence))
    reading = Reading(sentence, phrases(cut), register, memory)
    memory.begin(sentence.block.start)
    if sentence.block.kind is not Kind.ROW:
        for rules in _RULES:
            rules.read(reading)
    _remember(reading, memory)
    return reading


def _within(mentions: Sequence[Mention], sentence: Sentence) -> list[Mention]:
    return [one for one in mentions if sentence.start <= one.start and one.end <= sentence.end]


def _topic(mentions: Iterable[Mention], register: Register) -> Named | None:
    """Name the state that a document is about: the one of most of its mentions."""
    counted = Counter(
        one.ref for one in mentions if one.what in {What.PARTY, What.ADJECTIVE} and _is_state(one.ref, register)
    )
    if not counted:
        return None
    (code, times), *others = counted.most_common(2)
    stands_out = times >= _TOPIC_OFTEN and all(times >= _TOPIC_AHEAD * second for _other, second in others)
    if times < _TOPIC_LEAST or not (stands_out or times >= _TOPIC_SHARE * counted.total()):
        return None
    known = register.party_by.get(code)
    return Named(code, known.name if known else code, is_party=True)


def _sole(mentions: Iterable[Mention], register: Register) -> Named | None:
    """Name the only treaty of a document: “the Convention” is that one even before it is named."""
    named = {one.ref for one in mentions if one.what is What.THING}
    treaties = [register.thing_by[ref] for ref in named if register.thing_by[ref].nature is Nature.TREATY]
    return Named(treaties[0].slug, treaties[0].name, nature=Nature.TREATY) if len(treaties) == 1 else None


def _lead(document: Document, mentions: Iterable[Mention], register: Register) -> Named | None:
    """Name the treaty that a document opens with, where it names others but once."""
    treaties = [one for one in mentions if one.what is What.THING and register.thing_by[one.ref].nature in TREATIES]
    block = next((one for one in document.blocks for named in treaties if one.start <= named.start < one.end), None)
    first = {one.ref for one in treaties if block is not None and one.end <= block.end}
    counted = Counter(one.ref for one in treaties)
    if len(first) != 1 or counted.total() - counted[min(first)] > 1:
        return None  # “have signed” may be said of the other one
    thing = register.thing_by[min(first)]
    return Named(thing.slug, thing.name, nature=thing.nature)


def _is_state(code: str, register: Register) -> bool:
    known = register.party_by.get(code)
    return known is None or known.kind is PartyKind.STATE


def _remember(reading: Reading, memory: Memory) -> None:
    """Keep what later sentences may stand on: the last subject that was a state, and what was named."""
    subject: tuple[Named, ...] = ()
    for at, verb in reading.verbs():
        named = reading.naming.parties(reading.clauses.subject(at), acting=False) if verb.finite else ()
        if named and all(_is_state(one.ref, reading.register) for one in named):
            subject = named
            break
    if subject:
        memory.parties, memory.parties_block = subject, memory.block
    memory.pair = _pair(reading) or memory.pair
    _remember_things(reading, memory)


def _pair(reading: Reading) -> tuple[Named, ...]:
    """Name the two states that the sentence names together, as “A and B” or as who concluded something."""
    concluded = [(one.subject, one.partner) for one in reading.found if one.subject and one.partner]
    clauses = reading.clauses
    joined = [place for place in range(1, len(clauses.phrases) - 1) if clauses.low(place) == "and"
              and clauses.shape(place - 2) not in {Shape.COMMA, Shape.CONJUNCTION}]  # fmt: skip
    named = [
        (reading.naming.party(place - 1, acting=False), reading.naming.party(place + 1, acting=False))
        for place in joined
        if clauses.shape(place - 1) is Shape.NOUN and clauses.shape(place + 1) is Shape.NOUN
    ]
    pairs = [*(pair for pair in concluded), *((one[0], two[0]) for one, two in named if len(one) == len(two) == 1)]
    states = [pair for pair in pairs if reading.are_states(pair) and pair[0] != pair[1]]
    return states[0] if states else ()


def _remember_things(reading: Reading, memory: Memory) -> None:
    """Keep what was named and what was told of it; “its Protocol” stands behind its treaty."""
    mentioned = [
        (thing, reading.clauses.phrases[at])
        for at in reading.clauses.nouns(0, len(reading.clauses.phrases))
        if (thing := reading.naming.thing(at) or _called_by_its_city(reading, at)) is not None
        and (not thing.is_party or thing.nature is Nature.BODY)
        and not _mistaken(reading, at)
    ]
    owned = {thing for thing, phrase in mentioned
             if thing.nature is Nature.PROTOCOL and phrase.tokens[0].low in {"its", "their"}}  # fmt: skip
    here = [thing for thing, _phrase in mentioned if thing not in owned]
    memory.things = [one for one in memory.things if one not in owned] + list(owned)
    memory.note_things([*here, *reading.things])
    bodies = tuple(one for one in here if one.nature in {Nature.BODY, Nature.INITIATIVE})
    memory.bodies = tuple(dict.fromkeys(bodies)) or memory.bodies
    for thing, phrase in mentioned:
        if phrase.tokens[0].low == "the" and phrase.head.low in _TREATY_WORDS and thing not in owned:
            memory.called[phrase.head.low] = thing
    meant = [one.object for one in reading.found if one.object is not None and one.object not in owned]
    memory.note_last([*here, *reading.things, *(one for one in meant if one.ref)])
    _remember_deeds(reading, memory)
    legal = {one.ref or one.text: one for one in (*here, *reading.things, *meant) if one.nature in TREATIES}
    if legal:
        memory.at_hand = next(iter(legal.values())) if len(legal) == 1 else None


def _called_by_its_city(reading: Reading, at: int) -> Named | None:
    """Name the treaty that “Budapest was written by Europeans” is about, where it was named before."""
    is_place = reading.clauses.low(at - 1) in {"in", "at", "from", "near", "of", "for"}
    return None if is_place else reading.naming.city(at, named=True)


def _mistaken(reading: Reading, at: int) -> bool:
    """Tell whether it is only what another thing is confused with."""
    verbs = [verb for place in range(at) if (verb := reading.clauses.verb(place)) is not None]
    return bool(verbs) and verbs[-1].lemma in {"confuse", "mistake", "conflate"}


def _remember_deeds(reading: Reading, memory: Memory) -> None:
    deeds = sorted(reading.deeds, key=lambda deed: deed.at)
    memory.deeds = deeds or memory.deeds
    straight = bool(deeds) and reading.clauses.goes_straight(deeds[-1].at, len(reading.clauses.phrases))
    memory.last_deed = deeds[-1] if straight else None
    if any(_of_several(phrase.lows) for phrase in reading.clauses.phrases):
        memory.at_hand, memory.deeds, memory.last_deed = None, [], None


def _of_several(lows: frozenset[str]) -> bool:
    """Tell whether a noun phrase speaks of two treaties at once: “neither treaty”, “both conventions”."""
    return bool(lows & {"neither", "both", "two", "either"}) and bool(lows & _TREATY_WORDS)


def _once(found: Iterable[Statement]) -> Iterable[Statement]:
    seen = set()
    for one in sorted(found, key=lambda statement: (statement.start, statement.at)):
        key = (one.act, one.subject, one.object, one.partner, one.sense, one.when)
        loose = (one.act, one.subject, one.object, one.partner, one.sense)
        if key in seen or (one.when is None and loose in seen):
            continue
        seen |= {key, loose}
        yield one
