"""Who made a model, body or instrument; who concluded what with whom."""

from typing import Final

from comity.claims.gazetteer import Mention, What
from comity.claims.nations import NATIONS
from comity.claims.periods import period_of
from comity.claims.phrases import Phrase, Shape, Verb
from comity.claims.register import Act, Nature, PartyKind
from comity.claims.sayings import Reading, Said
from comity.claims.statements import Named, Sense
from comity.claims.tokens import Tag
from comity.claims.voices import bearer, is_passive, patients
from comity.claims.words import bag

_MAKE: Final = bag(
    "develop create design devise establish produce publish draft author prepare found make build write compile "
    "launch initiate "
    "spearhead pioneer co-develop codevelop co-author formulate conceive invent adopt draw"
)
_CONCLUDE: Final = bag(
    "have sign conclude enter reach strike agree finalise finalize ink pen seal establish formalise formalize"
)
_MEMORANDUM: Final = bag("memorandum mou memoranda memorandums mous moc mocs")
_BILATERAL: Final = bag("agreement treaty pact accord deal arrangement mou memorandum")
_MAKEABLE: Final = frozenset(Nature) - {Nature.LAW, Nature.STRATEGY, Nature.PLAN, Nature.EVENT}
_MAKING: Final = frozenset({Nature.EXPERT_GROUP, Nature.BODY, Nature.PROCESS, Nature.INITIATIVE, Nature.EVENT})
_ADOPTED_BY_ITS_MAKER: Final = frozenset({Nature.TREATY, Nature.PROTOCOL, Nature.DECLARATION, Nature.RESOLUTION})
_BOTH: Final = 2
_PEOPLE: Final = bag(
    "heads leaders governments government states members ministers nations countries delegates experts"
)
_ORGANS: Final = bag("assembly council committee commission secretariat ministers government parliament conference")
_OFFICES: Final = bag(
    "authority agency ministry centre center commission directorate office department cert csirt cirt"
)
_KEEP: Final = frozenset({"maintain", "run", "operate", "administer"})
_TOPIC: Final = frozenset({"on", "about", "for", "covering", "concerning", "regarding"})


def read(reading: Reading) -> None:
    """Put down what the sentence says of making and concluding."""
    for at, verb in reading.verbs():
        if verb.lemma in _MAKE or (verb.lemma in _KEEP and is_passive(reading, at, verb)):
            _made(reading, at, verb)
        if verb.lemma in {"be", "remain"} and not verb.passive:
            _is_made_by(reading, at)
        if verb.lemma in _CONCLUDE:
            _concluded(reading, at, verb)


# Made by


def _made(reading: Reading, at: int, verb: Verb) -> None:
    if is_passive(reading, at, verb):
        _made_by(reading, at, verb)
        return
    place, between = reading.object_place(at)
    if _relative_made(reading, at, between):
        return
    if place is None or between or (verb.lemma == "make" and reading.clauses.phrases[place].head.tag is Tag.PRONOUN):
        return  # “makes it easier”
    if reading.said(at).sense is Sense.URGED:
        return  # “was requested to establish a group”: who is asked to make it is nobody's maker yet
    helped = reading.clauses.verb(at - 1)
    makers = _makers_before(reading, at) if helped is None or helped.lemma != "help" else ()
    for thing, *_ in reading.things_from(place)[:1]:
        for maker in makers:
            if verb.lemma == "adopt" and (_is_state(reading, maker) or thing.nature not in _ADOPTED_BY_ITS_MAKER):
                continue
            if thing.ref and thing.nature in _MAKEABLE and thing.ref != maker.ref and not thing.is_party:
                reading.say(Act.MADE, maker, thing, reading.said(at))


def _relative_made(reading: Reading, at: int, between: tuple[str, ...]) -> bool:
    """Read “the Index, which the ITU publishes”: what is made stands before the “which”."""
    clauses = reading.clauses
    places = clauses.subject(at)
    opening = min(places) - 1 if places and min(places) < at else -1
    if clauses.low(opening) not in {"which", "that"} or between:
        return False
    nearest = clauses.nearest(opening + 1)
    thing = reading.naming.thing(bearer(reading, nearest)) if nearest is not None else None
    for named in _makers_before(reading, at) if thing is not None else ():
        if thing is not None and thing.ref and thing.nature in _MAKEABLE and thing.ref != named.ref:
            reading.say(Act.MADE, named, thing, reading.said(at))
    return thing is not None


def _is_state(reading: Reading, party: Named) -> bool:
    known = reading.register.party_by.get(party.ref)
    return party.ref in NATIONS if known is None else known.kind is PartyKind.STATE


def _makers_before(reading: Reading, at: int) -> tuple[Named, ...]:
    """Name who acts: organisations by name, states only where the text names them here."""
    found = []
    for place in reading.clauses.subject(at):
        named = maker(reading, place)
        if named is None:
            return ()
        found.append(named)
    return tuple(found)


def maker(reading: Reading, place: int) -> Named | None:
    """Name somebody who can have made a thing: a party, or a body by its capital letters."""
    phrase = reading.clauses.phrases[place]
    mention = phrase.mention
    if mention is not None and mention.what in {What.PARTY, What.THING}:
        return _by_its_name(reading, mention)
    words = [token for token in phrase.tokens if token.tag is not Tag.DETERMINER]
    if phrase.head.low in _PEOPLE:
        return _of_whom(reading, place)
    named = [token for token in words if token.text[:1].isupper()]
    whole = named and len(named) == sum(token.low not in {"of", "for", "and", "’s"} for token in words)
    return _organ(reading, place) or (Named("", _full_name(reading, place, words), is_party=True) if whole else None)


def _by_its_name(reading: Reading, mention: Mention) -> Named | None:
    if mention.what is What.PARTY:
        known = reading.register.party_by.get(mention.ref)
        return Named(mention.ref, known.name if known else mention.text, is_party=True)
    thing = reading.register.thing_by[mention.ref]
    return Named("", thing.name, is_party=True) if thing.nature in _MAKING else None


def _organ(reading: Reading, place: int) -> Named | None:
    """Name the party whose organ or officer acts: “the AU Assembly”, “French president Emmanuel Macron”."""
    phrase = reading.clauses.phrases[place]
    inner = [one for one in phrase.inner if one.what is What.PARTY and one.ref in reading.register.party_by]
    if phrase.head.low in _ORGANS and len(inner) == 1 and not _is_state(reading, reading.naming.of_mention(inner[0])):
        return reading.naming.of_mention(inner[0])
    behind = _of_whom(reading, place) if phrase.head.low in _ORGANS else None
    if behind is not None:
        return behind  # “the Assembly of the African Union”, “the Committee of Ministers of the Council of Europe”
    states = {one.ref for one in phrase.inner if one.what is What.ADJECTIVE}
    acting = len(states) == 1 and phrase.lows & {"president", "government", "minister", "ministry"}
    return reading.naming.of_mention(phrase.inner[0]) if acting else None


def _of_whom(reading: Reading, place: int) -> Named | None:
    """Read “Heads of State and Government of the African Union” by what they are of; alone they are nobody."""
    clauses, at = reading.clauses, place + 1
    while clauses.shape(at) in {Shape.PREPOSITION, Shape.CONJUNCTION} and clauses.shape(at + 1) is Shape.NOUN:
        mention = clauses.phrases[at + 1].mention
        if clauses.low(at) in {"of", "from"} and mention is not None and mention.what is What.PARTY:
            return reading.naming.of_mention(mention)
        at += 2
    return None


def _full_name(reading: Reading, place: int, words: list[object] | list[Phrase] | object) -> str:
    del words
    clauses = reading.clauses
    text = " ".join(token.text for token in clauses.phrases[place].tokens if token.tag is not Tag.DETERMINER).replace(
        " ’s", "’s"
    )
    if clauses.low(place + 1) in {"of", "for"} and clauses.shape(place + 2) is Shape.NOUN:
        following = clauses.phrases[place + 2]
        if all(token.text[:1].isupper() or token.tag is Tag.DETERMINER for token in following.tokens):
            text += f" {clauses.low(place + 1)} " + " ".join(token.text for token in following.tokens)
    return text


def _made_by(reading: Reading, at: int, verb: Verb) -> None:
    clauses = reading.clauses
    agency = {"by", "within"} if verb.lemma in {"draft", "negotiate", "develop", "adopt"} else {"by"}
    near = range(at + 1, min(len(clauses.phrases), at + 7))
    by = next((place for place in near if clauses.low(place) in agency), None)
    if by is None or any(clauses.verb(place) is not None for place in range(at + 1, by)):
        return
    if clauses.low(by - 1) == "not":
        return  # “was made at Oxford and not by the ITU”
    things = [
        thing
        for thing in patients(reading, at)
        if (thing.nature in _MAKEABLE and (thing.ref or thing.nature is Nature.MODEL)) or _has_makers(reading, thing)
    ]
    place: int | None = by + 1
    while place is not None and clauses.shape(place) is Shape.NOUN:
        named = maker(reading, place)
        if named is None:
            break
        for thing in things:
            kept = verb.lemma not in _KEEP or _is_its_maker(reading, thing, named)
            if kept and (not thing.is_party or thing.ref != named.ref):
                reading.say(Act.MADE, named, thing, reading.said(at))
        after = place + 1
        while clauses.low(after) in {"of", "at", "in"} and clauses.shape(after + 1) is Shape.NOUN:
            after += 2
        listed = clauses.low(after - 2) != "in" or clauses.shape(after) is Shape.CONJUNCTION
        place = reading.next_item(after) if listed else None  # “in Malabo, Equatorial Guinea” names no maker


def _is_its_maker(reading: Reading, thing: Named, named: Named) -> bool:
    """Tell whether who keeps a thing also made it: to keep what others made is no claim to have made it."""
    known = reading.register.thing_by.get(thing.ref)
    return known is not None and (named.ref in known.makers or named.text in known.maker_names)


def _has_makers(reading: Reading, thing: Named) -> bool:
    """Tell whether the register knows who made it, as of a plan of several states."""
    known = reading.register.thing_by.get(thing.ref)
    return known is not None and bool(known.makers or known.maker_names)


def _is_made_by(reading: Reading, at: int) -> None:
    """Read “The CMM is a tool of the ITU”, “… is the brainchild of …”."""
    clauses = reading.clauses
    place = at + 1
    words = {"product", "project", "brainchild", "creation", "invention", "work", "initiative"}
    if (
        clauses.shape(place) is not Shape.NOUN
        or clauses.phrases[place].head.low not in words
        or clauses.low(place + 1) != "of"
    ):
        return
    subject = clauses.subject(at)
    thing = reading.naming.thing(subject[0]) if len(subject) == 1 else None
    named = maker(reading, place + 2) if clauses.shape(place + 2) is Shape.NOUN else None
    if thing is not None and named is not None and thing.ref:
        reading.say(Act.MADE, named, thing, reading.said(at))


# Concluded with


def _concluded(reading: Reading, at: int, verb: Verb) -> None:
    titled = verb.form in {"past", "en"} and reading.clauses.low(at + 1) in {"between", "with"}
    if is_passive(reading, at, verb) or verb.passive or titled:
        _concluded_passively(reading, at)
        return
    place, between = reading.object_place(at)
    if place is None or (between and between not in {("into",), ("on",), ("to",)}):
        return
    if verb.lemma == "have" and reading.clauses.low(place + 1) not in {"with", "on", "of"}:
        return
    described = _described(reading, place)
    subjects = _offices(reading, at) or reading.subjects(at)
    if described is None or not subjects:
        return
    thing, after = described
    partners, topic = _partners(reading, after)
    if not reading.subjects(at) and not reading.are_states(partners):
        return  # an office and a body of its own state may agree on what they like
    said = dated_by_its_name(reading, place, reading.said(at))
    _put_down(reading, subjects, thing, partners, said, topic)


def _offices(reading: Reading, at: int) -> tuple[Named, ...]:
    """Read “the Albanian government and the Estonian Information System Authority signed”: an office is its state’s."""
    found = [office(reading, place) for place in reading.clauses.subject(at)]
    named = tuple(one for one in found if one is not None)
    return named if len(named) == len(found) and len(found) in {1, _BOTH} else ()


def office(reading: Reading, place: int) -> Named | None:
    """Name the state whose authority, agency or ministry a noun phrase names; or the state itself."""
    named = reading.naming.party(place)
    if len(named) == 1:
        return named[0]
    phrase = reading.clauses.phrases[place]
    inner = [one for one in phrase.inner if one.what in {What.PARTY, What.ADJECTIVE}]
    last = reading.memory.parties
    if phrase.head.low in _OFFICES and phrase.tokens[0].low == "its" and not inner and len(last) == 1:
        return last[0]
    if phrase.head.low not in _OFFICES or len({one.ref for one in inner}) != 1:
        return None
    return reading.naming.of_mention(inner[0])


def _put_down(
    reading: Reading, subjects: tuple[Named, ...], thing: Named, partners: tuple[Named, ...], said: Said, topic: str
) -> None:
    reading.things.append(thing)
    others = tuple(one for one in partners if one not in subjects)
    if others:
        for subject in subjects:
            for partner in others:
                reading.say(Act.CONCLUDED, subject, thing, said, partner=partner, topic=topic)
    elif len(subjects) == _BOTH:
        reading.say(Act.CONCLUDED, subjects[0], thing, said, partner=subjects[1], topic=topic)


def dated_by_its_name(reading: Reading, place: int, said: Said) -> Said:
    """Give a saying the date that its object’s own words carry, where it has none."""
    clauses = reading.clauses
    token = next((one for one in clauses.phrases[place].tokens if one.tag is Tag.DATE), None)
    when = period_of(token.text) if token else None
    before = clauses.phrases[place - 1].head if clauses.dates_what_follows(place - 1) else None
    own = period_of(before.text) if before is not None else None  # “… and in 2019 the Data Protection Act”
    return Said(said.at, said.sense, said.negated, said.by, own or said.when or when, said.as_of)


def _described(reading: Reading, place: int) -> tuple[Named, int] | None:
    """Read “a memorandum of understanding”, “a bilateral agreement”; give it and the place after."""
    clauses = reading.clauses
    if clauses.shape(place) is not Shape.NOUN:
        return None
    phrase = clauses.phrases[place]
    if phrase.mention is not None or phrase.tokens[0].low in {"the", "this", "that", "no"}:
        return None
    head, after = phrase.head.low, place + 1
    joint = head in {"declaration", "statement"} and "joint" in phrase.lows
    intent = head in {"letter", "declaration"} and clauses.low(after) == "of" and clauses.low(after + 1) == "intent"
    if head not in _BILATERAL | _MEMORANDUM and not joint and not intent:
        return None
    nature = Nature.TREATY if head == "treaty" else Nature.AGREEMENT
    name = " ".join(token.text for token in phrase.tokens if token.tag not in {Tag.DETERMINER, Tag.DATE})
    if clauses.low(after) == "of" and clauses.low(after + 1) in {
        "understanding",
        "cooperation",
        "co-operation",
        "agreement",
        "intent",
    }:
        name += f" of {clauses.low(after + 1)}"
        after += 2
    return Named("", name, nature=nature), after


def _partners(reading: Reading, after: int) -> tuple[tuple[Named, ...], str]:
    """Read “with X and Y on Z” in any order, up to the next clause."""
    clauses, partners, topic = reading.clauses, tuple[Named, ...](), ""
    place = after
    while place < len(clauses.phrases):
        low, shape = clauses.low(place), clauses.shape(place)
        verb = clauses.verb(place)
        if shape in {Shape.STOP, Shape.RELATIVE, Shape.SUBORDINATOR} or (verb is not None and verb.finite):
            break
        if shape is Shape.CONJUNCTION and _described(reading, place + 1) is not None:
            break  # “signed an agreement, and a memorandum between Moldova and Estonia was announced”
        if low in {"with", "between"} and shape is Shape.PREPOSITION and not partners:
            partners, place = _several(reading, place + 1, between=low == "between")
            continue
        if (low in _TOPIC or (verb is not None and verb.infinitive)) and not topic:
            topic = _topic(reading, place)
        place += 1
    return partners, topic


def _several(reading: Reading, place: int, *, between: bool) -> tuple[tuple[Named, ...], int]:
    """Name parties, or bodies by their capital letters."""
    found, after = reading.parties_from(place, between=between)
    if found:
        return found, after
    if reading.clauses.shape(place) is Shape.NOUN:
        named = maker(reading, place)
        if named is not None:
            return (named,), place + 1
    return (), place + 1


def _topic(reading: Reading, place: int) -> str:
    clauses, end = reading.clauses, place + 1
    while end < len(clauses.phrases) and clauses.shape(end) not in {
        Shape.STOP,
        Shape.RELATIVE,
        Shape.SUBORDINATOR,
        Shape.COMMA,
    }:
        verb = clauses.verb(end)
        if (verb is not None and verb.finite) or clauses.low(end) in {"with", "between", "in", "since"}:
            break
        end += 1
    first = place + 1 if clauses.shape(place) is Shape.PREPOSITION else place
    return reading.text(first, end)


def _concluded_passively(reading: Reading, at: int) -> None:
    """Read “An MoU between Kenya and Estonia was signed in 2019”, “an agreement was concluded with Japan”."""
    clauses = reading.clauses
    for place in clauses.nouns(0, at):
        described = _described(reading, place)
        if described is None or any(clauses.verb(one) is not None for one in range(place, at)):
            continue
        thing, after = described
        between, topic = _partners(reading, after)
        later, later_topic = _partners(reading, at + 1)
        by = reading.parties_from(at + 2)[0] if clauses.low(at + 1) == "by" else ()
        parties = between or later or by
        said = dated_by_its_name(reading, place, reading.said(at))
        if len(parties) == _BOTH:
            reading.things.append(thing)
            reading.say(Act.CONCLUDED, parties[0], thing, said, partner=parties[1], topic=topic or later_topic)
        elif len(parties) == 1 and len(reading.memory.parties) == 1 and parties != reading.memory.parties:
            _put_down(reading, reading.memory.parties, thing, parties, said, topic or later_topic)
        return
