"""Every statement of a document, in the order of its text."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from comity.claims import rules_bare, rules_joining, rules_making, rules_roles, rules_working
from comity.claims.bonds import TREATIES
from comity.claims.gazetteer import Gazetteer, Mention, What
from comity.claims.naming import Memory
from comity.claims.phrases import phrases
from comity.claims.register import Nature, PartyKind, Register
from comity.claims.sayings import Pending, Reading
from comity.claims.sentences import Document, Kind, Sentence, sentences
from comity.claims.statements import Named, Statement
from comity.claims.tokens import tokens

_TOPIC_SHARE: Final = 0.6
_TOPIC_LEAST: Final = 2
_WORDS: Final = re.compile(r"\w")


def statements(document: Document, register: Register) -> tuple[Statement, ...]:
    """Find the statements of a document; what is said twice is found once."""
    mentions = Gazetteer(register).mentions(document.text)
    memory = Memory(topic=_topic(mentions, register))
    pending: Pending | None = None
    found: list[Statement] = []
    for sentence in sentences(document):
        reading = _read(document, sentence, mentions, register, memory)
        if pending is not None:
            rules_roles.continued(reading, pending)
        is_item = sentence.block.kind is Kind.ITEM
        pending = reading.pending or (pending if is_item else None)
        found += reading.found
    return tuple(_once(found))


def _read(
    document: Document, sentence: Sentence, mentions: Sequence[Mention], register: Register, memory: Memory
) -> Reading:
    cut = tokens(document.text, sentence.start, sentence.end, _within(mentions, sentence))
    reading = Reading(sentence, phrases(cut), register, memory)
    if memory.block != sentence.block.start:
        memory.block, memory.at_hand = sentence.block.start, None
    if sentence.block.kind is not Kind.ROW:
        for rules in (rules_joining, rules_roles, rules_making, rules_working, rules_bare):
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
    code, times = counted.most_common(1)[0]
    if times < _TOPIC_LEAST or times < _TOPIC_SHARE * counted.total():
        return None
    known = register.party_by.get(code)
    return Named(code, known.name if known else code, is_party=True)


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
        memory.parties = subject
    named_here = [
        thing
        for at in reading.clauses.nouns(0, len(reading.clauses.phrases))
        if (thing := reading.naming.thing(at)) is not None and (not thing.is_party or thing.nature is Nature.BODY)
    ]
    memory.note_things([*named_here, *reading.things])
    meant = [one.object for one in reading.found if one.object is not None]
    legal = {one.ref or one.text: one for one in (*named_here, *reading.things, *meant) if one.nature in TREATIES}
    if legal:
        memory.at_hand = next(iter(legal.values())) if len(legal) == 1 else None


def _once(found: Iterable[Statement]) -> Iterable[Statement]:
    seen = set()
    for one in sorted(found, key=lambda statement: (statement.start, statement.at)):
        key = (one.act, one.subject, one.object, one.partner, one.sense, one.when)
        loose = (one.act, one.subject, one.object, one.partner, one.sense)
        if key in seen or (one.when is None and loose in seen):
            continue
        seen |= {key, loose}
        yield one
