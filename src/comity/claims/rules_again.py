"""What somebody did as well, without the words: “Jamaica did not”, “So have Japan and Fiji”, “Togo followed in 2021”.

The deed is the last one that was told: in this sentence before the verb, else in an earlier one of the same paragraph.
Only states do it again, and only what states do one by one.
"""

from dataclasses import replace
from typing import Final

from comity.claims.bonds import TREATIES
from comity.claims.memory import Deed
from comity.claims.phrases import Phrase, Shape, Verb
from comity.claims.register import Act, Nature
from comity.claims.rules_bare import ends, nothing_follows
from comity.claims.sayings import Reading, Said
from comity.claims.statements import Named, Sense
from comity.claims.tokens import Tag

_AGAIN: Final = frozenset({Act.SIGNED, Act.RATIFIED, Act.ACCEDED, Act.PARTY, Act.ENDORSED, Act.MEMBER})
_HELPING: Final = frozenset({Tag.DO, Tag.HAVE, Tag.NOT, Tag.ADVERB})
_SAME: Final = frozenset({"the same", "likewise", "this too"})
_DONE: Final = {"sign": Act.SIGNED, "ratify": Act.RATIFIED, "accede": Act.ACCEDED, "endorse": Act.ENDORSED}
_OTHERS: Final = frozenset({"countries", "states", "nations", "others"})
_OF_LAW: Final = frozenset({Act.SIGNED, Act.RATIFIED, Act.ACCEDED})
_SIGNING: Final = {"signatories": Act.SIGNED, "parties": Act.PARTY}


def read(reading: Reading) -> None:
    """Put down what the sentence says of a deed that was told before."""
    _done_after(reading)
    _but_not(reading)
    for at, verb in reading.verbs():
        _gapped(reading, at)
        opener = _opener(reading, at) if verb.lemma in {"do", "have", "be"} else ""
        if opener:
            _so_did(reading, at, opener)
        elif verb.lemma == "do" and verb.infinitive and reading.clauses.low(at + 1) == "so":
            _to_do_so(reading, at)
        elif verb.lemma == "be" and reading.clauses.low(at + 1) == "among":
            _among_them(reading, at)
        elif verb.lemma in {"include", "be", "comprise"} and reading.clauses.shape(at + 1) is Shape.NOUN:
            _those_who_did(reading, at)
        elif verb.lemma in {"do", "have"} and not verb.infinitive:
            _did(reading, at, verb)
        elif verb.lemma == "be" and verb.negated and verb.finite and not verb.modal:
            _is_not(reading, at)
        elif verb.lemma in {"follow", "join"}:
            _after_others(reading, at, verb)


def _after_others(reading: Reading, at: int, verb: Verb) -> None:
    """Read “Togo followed in 2021”, “followed by Japan”, “joined the signatories”, “joined others that had signed”."""
    if verb.lemma == "follow" and reading.clauses.low(at + 1) == "by":
        _followed_by(reading, at)
    elif verb.lemma == "follow" and not verb.passive and (verb.infinitive or verb.form in {"past", "ed"}):
        _followed(reading, at)
    elif verb.lemma == "join" and reading.clauses.shape(at + 1) is Shape.NOUN:
        _joined(reading, at)
        _joined_others(reading, at)


def _did(reading: Reading, at: int, verb: Verb) -> None:
    """Read “Indonesia, the largest of them, did not” and “Fiji did the same”."""
    if any(token.tag not in _HELPING for token in verb.tokens):
        return
    same = verb.lemma == "do" and reading.clauses.low(at + 1) in _SAME | {"so"}
    if not (ends(reading, at + 2) if same else nothing_follows(reading, at)):
        return
    subjects, deed = reading.subjects(at), _deed(reading, at)
    if deed is not None and subjects and reading.are_states(subjects):
        _put_down(reading, subjects, deed, reading.said(at))


def _is_not(reading: Reading, at: int) -> None:
    """Read “While Chile is a party to the Convention, Bolivia is not”."""
    subjects, deed = reading.subjects(at), _deed(reading, at)
    before = reading.clauses.verb(deed.at) if deed is not None and deed.at < at else None
    role = before is not None and before.lemma == "be"  # “are among the signatories; Kenya is not”
    being = deed is not None and (deed.act in {Act.PARTY, Act.MEMBER} or role)
    if deed is None or not being or not nothing_follows(reading, at):
        return
    if subjects and reading.are_states(subjects):
        _put_down(reading, subjects, deed, reading.said(at))


def _opener(reading: Reading, at: int) -> str:
    """Give the “so”, “neither” or “nor” that puts the subject behind the verb: “So, later, have Fiji and …”."""
    if reading.clauses.phrases[at].tokens[0].low in {"neither", "nor"}:
        return reading.clauses.phrases[at].tokens[0].low
    before = at - 1
    between = {Shape.ADVERB, Shape.COMMA, Shape.PREPOSITION}
    while (
        reading.clauses.shape(before) in between
        or reading.clauses.low(before) == "more"
        or (reading.clauses.shape(before - 1) is Shape.PREPOSITION and reading.clauses.shape(before) is Shape.NOUN)
    ):
        if reading.clauses.low(before) == "as" and before == at - 1:
            return "so"  # “Chile is a party, as are Peru and Panama”
        before -= 1
    return reading.clauses.low(before) if reading.clauses.low(before) in {"so", "neither", "nor"} else ""


def _so_did(reading: Reading, at: int, opener: str) -> None:
    """Read “Papua New Guinea signed, and so did Palau”: they did what the last one is said to have done."""
    deed, start = _deed(reading, at), reading.clauses.phrases[at].start
    if deed is None or reading.clauses.shape(at + 1) is not Shape.NOUN:
        return
    told = [one for one in reading.found if one.at < start and one.object is not None and one.partner is None]
    last = told[-1] if told else None
    negated = opener != "so"
    sense = Sense.DENIED if negated else last.sense if last is not None else Sense.STATED
    parties = tuple(one for one, _dates in reading.dated_parties(at + 1))
    if any(reading.are_states((one,)) for one in parties) or deed.act is Act.MEMBER:
        _put_down(reading, parties, deed, Said(at, sense, negated or sense is Sense.DENIED, last.by if last else ""))


def _to_do_so(reading: Reading, at: int) -> None:
    """Read “has not acceded, although it was invited to do so in 2007”, “was the first to do so”."""
    deed, subjects = _deed(reading, at), reading.subjects(at)
    governor = reading.clauses.verb(at - 1)
    if deed is None or not subjects or not reading.are_states(subjects):
        return
    if governor is not None and governor.lemma == "invite" and governor.passive:
        said = replace(reading.said(at - 1), when=reading.said(at).when)
        _put_down(reading, subjects, replace(deed, act=Act.INVITED), said)
    elif deed.act is not Act.INVITED and reading.said(at).sense is not Sense.POSSIBLE:
        told = {one.subject for one in reading.found if one.act is deed.act and one.object == deed.thing}
        _put_down(reading, tuple(one for one in subjects if one not in told), deed, reading.said(at))


def _among_them(reading: Reading, at: int) -> None:
    """Read “Japan was not among them”: among those who did what was told last."""
    deed, subjects = _deed(reading, at), reading.subjects(at)
    if reading.clauses.low(at + 2) not in {"them", "these", "those"} or not ends(reading, at + 3):
        return
    if deed is not None and subjects and reading.are_states(subjects):
        _put_down(reading, subjects, deed, reading.said(at))


def _gapped(reading: Reading, at: int) -> None:
    """Read “Chile and Peru signed it in 2022, Argentina and Brazil in 2023”: the verb is left out."""
    clauses, start, end = reading.clauses, reading.clauses.phrases[at].start, reading.clauses.phrases[at].end
    told = [one for one in reading.found if one.at == start and one.until == end and one.when and one.subject]
    if not told or told[0].object is None or told[0].partner is not None or told[0].act not in _AGAIN:
        return
    place = at + 1
    while place < len(clauses.phrases) and clauses.shape(place) is not Shape.STOP:
        joins = clauses.shape(place) in {Shape.COMMA, Shape.CONJUNCTION}
        parties, after = reading.parties_from(place + 1) if joins else ((), place)
        dated = clauses.low(after) in {"in", "on", "since"} and clauses.low(place + 1) not in {"it", "they"}
        when = clauses.dated(range(after + 1, after + 2)) if dated else (None, None)
        if parties and any(when) and reading.are_states(parties) and clauses.verb(after + 2) is None:
            deed = Deed(at, told[0].act, told[0].object)
            _put_down(reading, parties, deed, replace(reading.said(at), when=when[0], as_of=when[1]))
            place = after + 1
        place += 1


def _followed(reading: Reading, at: int) -> None:
    """Read “Cabo Verde followed in 2018”, “Samoa followed suit”."""
    suit = reading.clauses.low(at + 1) == "suit"
    subjects, deed = reading.subjects(at), _deed(reading, at)
    said = reading.said(at)
    if deed is None or not ends(reading, at + 2 if suit else at + 1):
        return
    if subjects and reading.are_states(subjects) and not said.negated:
        _put_down(reading, subjects, deed, said)


def _followed_by(reading: Reading, at: int) -> None:
    """Read “Serbia was the first to ratify it, followed by Japan in August 2023”."""
    deed = _deed(reading, at)
    told = [one for one in reading.found if deed is not None and one.act is deed.act and one.object == deed.thing]
    for party, (when, as_of) in reading.dated_parties(at + 2) if deed is not None and told else ():
        if deed is not None and reading.are_states((party,)) and party != told[-1].subject:
            _put_down(reading, (party,), deed, Said(at, told[-1].sense, told[-1].negated, told[-1].by, when, as_of))


def _joined(reading: Reading, at: int) -> None:
    """Read “Canada joined the signatories in July”."""
    phrase: Phrase = reading.clauses.phrases[at + 1]
    act = _SIGNING.get(phrase.head.low)
    deed = _deed(reading, at, act)
    if act is None or phrase.inner or deed is None or reading.clauses.low(at + 2) in {"to", "of"}:
        return
    subjects = reading.subjects(at)
    if subjects and reading.are_states(subjects):
        _put_down(reading, subjects, deed, reading.said(at))


def _done_after(reading: Reading) -> None:
    """Read “Hungary ratified it in 2026, after Serbia and Japan”: they did it before."""
    clauses = reading.clauses
    for at, verb in reading.verbs():
        start = clauses.phrases[at].start
        told = [one for one in reading.found if one.at == start and one.object and one.sense is Sense.STATED]
        if not told or verb.negated or told[0].act not in _OF_LAW or told[0].object is None:
            continue
        for place in range(at + 1, clauses.end_of_scope(at)):
            if clauses.low(place) not in {"after", "following"} or clauses.shape(place) is not Shape.PREPOSITION:
                continue
            parties, after = reading.parties_from(place + 1)
            if parties and reading.are_states(parties) and clauses.shape(after) in {None, Shape.STOP, Shape.COMMA}:
                _put_down(reading, parties, Deed(at, told[0].act, told[0].object), Said(at, Sense.STATED))


def _but_not(reading: Reading) -> None:
    """Read “was signed by many countries, though not the United States, China and Russia”."""
    clauses = reading.clauses
    for place in range(1, len(clauses.phrases) - 2):
        if clauses.low(place) not in {"though", "but", "although"} or clauses.low(place + 1) != "not":
            continue
        first = place + (3 if clauses.low(place + 2) == "by" else 2)
        parties, after = reading.parties_from(first)
        deed = _deed(reading, place)
        ended = clauses.shape(after) in {None, Shape.STOP} or clauses.low(after) in {"–", "—"}
        if deed is not None and deed.at < place and parties and reading.are_states(parties) and ended:
            _put_down(reading, parties, deed, Said(deed.at, Sense.DENIED, negated=True))


def _those_who_did(reading: Reading, at: int) -> None:
    """Read “The countries that ratified it before Benin include Angola, Togo and …”."""
    clauses = reading.clauses
    relative = next((place for place in range(at) if clauses.shape(place) is Shape.RELATIVE), 0)
    done = clauses.verb(relative + 1) if relative else None
    who = clauses.phrases[relative - 1].head.low if relative else ""
    act = _DONE.get(done.lemma) if done is not None and who in {"countries", "states", "nations"} else None
    place = reading.object_place(relative + 1)[0] if act is not None else None
    if act is None or place is None or any(clauses.verb(one) is not None for one in range(relative + 2, at)):
        return
    said, how = reading.said(at), reading.said(relative + 1)
    for thing, *_ in reading.things_from(place)[:1]:
        for party in reading.parties_from(at + 1)[0] if thing.nature in TREATIES else ():
            reading.say(act, party, thing, reading.turned(said, denied=how.negated))


def _joined_others(reading: Reading, at: int) -> None:
    """Read “Croatia joined 24 other countries that had signed it”: Croatia signed it too."""
    clauses, first = reading.clauses, at
    if clauses.phrases[at + 1].head.low in {"list", "ranks", "group", "club"} and clauses.low(at + 2) == "of":
        first = at + 2  # “joined the list of countries that have ratified it”
    others = clauses.shape(first + 1) is Shape.NOUN and clauses.phrases[first + 1].head.low in _OTHERS
    done = clauses.verb(first + 3) if others and clauses.shape(first + 2) is Shape.RELATIVE else None
    act = _DONE.get(done.lemma) if done is not None and not done.negated and not done.modal else None
    place = reading.object_place(first + 3)[0] if act is not None else None
    subjects = reading.subjects(at)
    if act is None or place is None or not subjects or not reading.are_states(subjects):
        return
    for thing, *_ in reading.things_from(place)[:1]:
        for subject in subjects if thing.nature in TREATIES or act is Act.ENDORSED else ():
            reading.say(act, subject, thing, reading.said(at))


def _deed(reading: Reading, at: int, act: Act | None = None) -> Deed | None:
    """Give the last deed before a verb; None where it is none that others do too."""
    first = min((place for place in reading.clauses.subject(at) if place < at), default=at)
    beside = reading.clauses.shape(first + 1) is Shape.COMMA  # “Fiji, which joined the one, did not”: not that one
    here = [one for one in reading.deeds if one.at < (first if beside else at)]
    last = here[-1] if here and reading.clauses.goes_straight(here[-1].at, at) else None
    if not here:
        same = [one for one in reading.memory.deeds if one.act is act]
        last = reading.memory.last_deed if act is None else same[-1] if same else None
    if last is None or last.act not in _AGAIN:
        return None
    legal = last.thing.nature in TREATIES or last.act in {Act.ENDORSED, Act.MEMBER}
    return last if legal or last.thing.nature in {Nature.DECLARATION, Nature.PLEDGE} else None


def _put_down(reading: Reading, subjects: tuple[Named, ...], deed: Deed, said: Said) -> None:
    for subject in subjects:
        if subject.ref != deed.thing.ref:
            reading.say(deed.act, subject, replace(deed.thing, negated=False), said)
