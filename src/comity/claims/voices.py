"""Active and passive: what a verb is done to when the sentence is turned round."""

from comity.claims.phrases import Shape, Verb
from comity.claims.sayings import Reading
from comity.claims.statements import Named
from comity.claims.tokens import Tag


def is_passive(reading: Reading, at: int, verb: Verb) -> bool:
    """Tell whether the subject of a verb is what it is done to: “was signed”, “signed by”."""
    reduced = verb.form in {"past", "en"} and verb.tokens[0].tag in {Tag.PAST, Tag.PARTICIPLE, Tag.ADVERB}
    if verb.passive or (reduced and reading.clauses.low(at + 1) == "by"):
        return True
    # “was drafted by a committee and adopted without a vote by the Assembly”
    first = reading.clauses.chained(at) if reduced else None
    opening = reading.clauses.verb(first) if first is not None else None
    bare = verb.tokens[0].tag in {Tag.PAST, Tag.PARTICIPLE} and reading.clauses.shape(at + 1) is Shape.PREPOSITION
    return bare and opening is not None and opening.passive


def patients(reading: Reading, at: int) -> list[Named]:
    """Name what a passive verb is done to."""
    clauses = reading.clauses
    places = clauses.subject(at)
    verb = clauses.verb(at)
    if verb is not None and not verb.passive and is_passive(reading, at, verb):
        before = at - 1
        while clauses.shape(before) in {Shape.COMMA, Shape.ADVERB}:
            before -= 1
        first = clauses.chained(at)
        opening = clauses.verb(first) if first is not None else None
        if opening is not None and opening.passive:
            places = clauses.subject(at)  # “was proposed by Russia and adopted by the General Assembly”
        else:
            places = (bearer(reading, before),) if clauses.shape(before) is Shape.NOUN else _fronted(reading, at)
    nearest = clauses.nearest(at)
    if nearest is not None and not any(reading.naming.thing(place) is not None for place in places):
        places = (bearer(reading, nearest),)  # “is a party to the Convention, which was adopted by …”
    found = []
    for place in places:
        if clauses.low(place) == "it":
            here = reading.things_before(place)
            last = here[-1:] or reading.things[-1:] or reading.memory.things[-1:]
            found += last
            continue
        named = reading.naming.thing(place)
        if named is not None:
            found.append(named)
    return found


def _fronted(reading: Reading, at: int) -> tuple[int, ...]:
    """Read “Adopted by the General Assembly in 2024, the Convention …”: what it is done to comes behind the comma."""
    clauses = reading.clauses
    if at > 0 and clauses.shape(at - 1) is not Shape.STOP:
        return ()
    comma = next((place for place in range(at, len(clauses.phrases)) if clauses.shape(place) is Shape.COMMA), None)
    following = comma is not None and clauses.shape(comma + 1) is Shape.NOUN
    return (comma + 1,) if comma is not None and following else ()


def bearer(reading: Reading, at: int) -> int:
    """Step back from “Convention on Cybercrime” to its first noun phrase where that one is the name."""
    while reading.clauses.low(at - 1) in {"on", "for", "of", "against"} and reading.clauses.shape(at - 2) is Shape.NOUN:
        if reading.naming.thing(at) is not None:
            return at
        at -= 2
    return at
