"""Who made a thing, what two parties concluded, which laws and strategies a state has: what the register has on it."""

from typing import Final

from rapidfuzz import fuzz, utils

from comity.claims.findings import Finding, Found, agrees
from comity.claims.judging_acts import kind_of
from comity.claims.register import Act, Nature, Register, Status, Thing
from comity.claims.statements import Named, Statement
from comity.claims.wording import Phrase, ground

ALIKE: Final = 88
_TITLES: Final = frozenset({"President", "Prime", "Minister", "Mr", "Mrs", "Ms", "Dr", "Chancellor", "King", "Queen"})
_TWO_WORDS: Final = 2
_MATTERS: Final = (
    frozenset({"extradition"}),
    frozenset({"legal", "assistance", "mla", "mlat", "judicial"}),
    frozenset({"cyber", "cybersecurity", "cyber-security", "digital", "ict", "cybercrime", "csirt", "cirt", "cert"}),
    frozenset({"tax"}),
    frozenset({"trade"}),
    frozenset({"data", "privacy"}),
)


def find(statement: Statement, register: Register) -> Found:
    """Find what the register has."""
    if statement.act is Act.MADE:
        return _made(statement, register)
    if statement.act is Act.CONCLUDED:
        return _concluded(statement, register)
    return _adopted(statement, register)


def alike(first: str, second: str) -> bool:
    """Tell whether two names are the same but for order, case and small words."""
    return fuzz.token_sort_ratio(first, second, processor=utils.default_process) >= ALIKE


def _made(statement: Statement, register: Register) -> Found:
    maker, thing = statement.subject, statement.object
    known = register.thing_by.get(thing.ref) if thing else None
    if maker is None or known is None or not (known.makers or known.maker_names):
        return Found(Finding.UNKNOWN, (ground(Phrase.NOTHING),))
    names = ", ".join(
        [
            *(register.party_by[code].name if code in register.party_by else code for code in known.makers),
            *known.maker_names[:1],
        ]
    )
    if maker.ref in known.makers or any(alike(maker.text, name) or _is_surname(maker.text, name)
                                        for name in known.maker_names):  # fmt: skip
        return Found(Finding.YES, (ground(Phrase.MADE_BY, known.sources, thing=known.name, makers=names),))
    if maker.ref in known.near_makers or any(alike(maker.text, name) for name in known.near_makers):
        return Found(
            Finding.IN_PART,
            (ground(Phrase.HAD_A_PART, known.sources, maker=maker.text, thing=known.name, makers=names),),
        )
    return Found(Finding.NO, (ground(Phrase.MADE_BY, known.sources, thing=known.name, makers=names),))


def _is_surname(said: str, name: str) -> bool:
    """Tell whether “President Macron” is the Emmanuel Macron of the register."""
    words, whole = [word for word in said.split() if word not in _TITLES], name.split()
    return len(words) == 1 and len(whole) == _TWO_WORDS and words[0] == whole[-1] and words != said.split()


def kind(statement: Statement, register: Register) -> Found | None:
    """Judge “the CMM is a training programme” by what the register says that it is."""
    known = register.thing_by.get(statement.object.ref) if statement.object else None
    if known is None:
        return None
    return Found(Finding.IN_PART, (ground(Phrase.KIND, known.sources, thing=known.name, kind=kind_of(known.nature)),))


def _matter(text: str) -> frozenset[int]:
    words = set(text.lower().replace("-", " ").split())
    return frozenset(place for place, matter in enumerate(_MATTERS) if matter & words)


def _concluded(statement: Statement, register: Register) -> Found:
    if statement.subject is None or statement.partner is None:
        return Found(Finding.UNKNOWN, (ground(Phrase.NOTHING),))
    pair = {statement.subject.ref, statement.partner.ref}
    between = [one for one in register.things if one.parties and set(one.parties) == pair]
    said = _matter(f"{statement.topic} {statement.object.text if statement.object else ''}")
    for one in between:
        if all(
            done.status is not Status.CONFIRMED for code in pair for done in register.acts_by.get((code, one.slug), ())
        ):
            continue
        matter = _matter(f"{one.name} {one.topic}")
        if not said or said & matter:
            known = ground(Phrase.AGREEMENT, one.sources, thing=one.name)
            dated = agrees(statement.when, one.made_on)
            general = not said
            return Found(Finding.IN_PART if general else Finding.YES if dated else Finding.OTHER_DAY, (known,))
    looked = [
        done
        for one in between
        for code in pair
        for done in register.acts_by.get((code, one.slug), ())
        if done.status is Status.NOT_FOUND and agrees(statement.when, done.on)
    ]
    if looked:
        return Found(Finding.UNKNOWN, (ground(Phrase.CHECKED, looked[0].sources, words=looked[0].note),))
    claimed = [
        done
        for one in between
        for code in pair
        for done in register.acts_by.get((code, one.slug), ())
        if done.status is Status.CLAIMED and said & _matter(f"{one.name} {one.topic}")
    ]
    if claimed:
        names = claimed[0].note or register.thing_by[claimed[0].thing].name
        return Found(Finding.IN_PART, (ground(Phrase.CLAIMED, claimed[0].sources, words=names),))
    others = tuple(ground(Phrase.OTHER_AGREEMENT, one.sources, thing=one.name) for one in between)
    return Found(Finding.UNKNOWN, others or (ground(Phrase.NOTHING),))


def _adopted(statement: Statement, register: Register) -> Found:
    if statement.subject is None or statement.object is None:
        return Found(Finding.UNKNOWN, (ground(Phrase.NOTHING),))
    owned = [one for one in register.things if one.owner == statement.subject.ref and _is_this(statement.object, one)]
    for one in owned:
        known = ground(Phrase.TEXT, one.sources, thing=_dated_name(one))
        if agrees(statement.when, one.made_on):
            return Found(Finding.YES, (known,))
    if owned:
        return Found(Finding.OTHER_DAY, (ground(Phrase.TEXT, owned[0].sources, thing=_dated_name(owned[0])),))
    return Found(Finding.UNKNOWN, (ground(Phrase.NOTHING),))


def _dated_name(thing: Thing) -> str:
    return f"{thing.name} ({thing.made_on})" if thing.made_on else thing.name


def _is_this(said: Named, thing: Thing) -> bool:
    """Compare by name; an unnamed “cybersecurity strategy” is the one that there is."""
    if said.ref:
        return said.ref == thing.slug
    if any(alike(said.text, name) for name in (thing.name, *thing.names)):
        return True
    unnamed = not any(word[:1].isupper() for word in said.text.split())
    return (
        unnamed
        and thing.nature is Nature.STRATEGY
        and said.nature is Nature.STRATEGY
        and bool(_matter(said.text) & _matter(thing.name))
    )
