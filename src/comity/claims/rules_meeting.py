"""Meetings without a name, reviews under a model, and events by their place: who hosted and who took part."""

from typing import Final

from comity.claims.bonds import host
from comity.claims.gazetteer import What
from comity.claims.phrases import Shape, Verb
from comity.claims.register import Act, Nature
from comity.claims.sayings import Reading
from comity.claims.statements import Named
from comity.claims.tokens import Tag
from comity.claims.voices import patients
from comity.claims.words import bag

_MEETINGS: Final = bag(
    "conference summit symposium workshop exercise drill forum meeting ceremony seminar session dialogue congress "
    "roundtable consultation consultations hackathon bootcamp"
)
_SITTINGS: Final = bag("session sessions meeting meetings round rounds summit summits edition editions")
_WHICH: Final = bag("first second third last next previous new same other one two regular annual several")
_ASSESS: Final = frozenset({"assess", "review", "evaluate"})
_REVIEWS: Final = frozenset({"review", "assessment", "reviews"})
_UNDERGONE: Final = frozenset({"complete", "conduct", "undertake", "commission", "request", "receive", "carry"})
_CARRIED_OUT: Final = frozenset({"carry", "conduct", "complete", "undertake", "apply", "use", "deploy", "repeat"})


def read(reading: Reading) -> None:
    """Put down what the sentence says of reviews, and of events by their place."""
    for at, verb in reading.verbs():
        if verb.lemma in _UNDERGONE:
            _review(reading, at)
        if verb.passive and verb.lemma in _CARRIED_OUT:
            _reviewed(reading, at)
        if verb.lemma in _ASSESS and verb.passive and _under(reading, at):
            _assessed(reading, at)
        if verb.lemma in _ASSESS and not verb.passive:
            _assessing(reading, at)
        if verb.lemma in {"hold", "host", "convene", "stage"} or (
            verb.lemma == "take" and reading.clauses.low(at + 1) == "place"
        ):
            _held(reading, at, verb)


def meeting(reading: Reading, place: int) -> list[tuple[Named, int, int]]:
    """Name a meeting that has no name by what is said of it: “the first simulation exercise of the directory”.

    Sessions and rounds of what the register knows are that itself.
    """
    clauses, phrase = reading.clauses, reading.clauses.phrases[place]
    after = reading.past_its_tail(place)
    if phrase.head.low in _SITTINGS and clauses.low(place + 1) == "of" and clauses.shape(place + 2) is Shape.NOUN:
        thing = reading.naming.thing(place + 2)
        if thing is not None and thing.ref and not thing.is_party:
            return [(thing, place, after)]
    if phrase.head.low in _REVIEWS and _under(reading, place):
        models = [one for one in clauses.phrases[place + 2].inner if _is_model(reading, one.ref)]
        return [(reading.naming.of_thing(models[0]), place, after)] if len(models) == 1 else []
    said = [token for token in phrase.tokens if token.tag is not Tag.DETERMINER and token.low not in _WHICH]
    told = len(said) > 1 or clauses.low(place + 1) in {"of", "on", "for"}
    if phrase.head.low not in _MEETINGS or phrase.tokens[0].low in {"no", "any", "this", "that", "its"} or not told:
        return []
    tailed = clauses.low(place + 1) in {"of", "on", "for"} and clauses.shape(place + 2) is Shape.NOUN
    until = place + (3 if tailed else 1)
    return [(Named("", reading.text(place, until), nature=Nature.EVENT), place, after)]


def _review(reading: Reading, at: int) -> None:
    """Read “completed a CMM review”: who undergoes it takes part."""
    verb = reading.clauses.verb(at)
    place, between = reading.object_place(at)
    if place is None or between or verb is None or verb.passive:
        return
    phrase = reading.clauses.phrases[place]
    behind = reading.clauses.phrases[place + 2].inner if _under(reading, place) else ()
    model = next(
        (
            one
            for one in (*phrase.inner, *behind)
            if one.what is What.THING
            and one.ref in reading.register.thing_by
            and reading.register.thing_by[one.ref].nature is Nature.MODEL
        ),
        None,
    )
    if model is None or phrase.head.low not in _REVIEWS:
        return
    for subject in reading.subjects(at):
        known = reading.register.party_by.get(subject.ref)
        if known is not None and known.kind.value == "state":
            reading.say(Act.TOOK_PART, subject, reading.naming.of_thing(model), reading.said(at))


def _reviewed(reading: Reading, at: int) -> None:
    """Read “A CMM review of Kenya was carried out in 2020”, “The CMM was applied in Kenya”: Kenya took part."""
    clauses = reading.clauses
    places = clauses.subject(at)
    phrase = clauses.phrases[places[0]] if len(places) == 1 else None
    if phrase is None:
        return
    models = [one for one in phrase.inner if one.what is What.THING and _is_model(reading, one.ref)]
    if not models and phrase.head.low in _REVIEWS and _under(reading, places[0]):
        models = [one for one in clauses.phrases[places[0] + 2].inner if _is_model(reading, one.ref)]
    where = [place for place in range(places[0] + 1, min(clauses.end_of_scope(at), len(clauses.phrases) - 1))
             if clauses.low(place) in {"of", "in", "for"} and clauses.shape(place) is Shape.PREPOSITION]  # fmt: skip
    for place in where if len(models) == 1 else ():
        parties = reading.parties_from(place + 1)[0]
        if parties and reading.are_states(parties):
            for party in parties:
                reading.say(Act.TOOK_PART, party, reading.naming.of_thing(models[0]), reading.said(at))
            return


def _assessed(reading: Reading, at: int) -> None:
    """Read “the country was assessed under the CMM”."""
    models = [one for one in reading.clauses.phrases[at + 2].inner if _is_model(reading, one.ref)]
    subjects = reading.subjects(at)
    for subject in subjects if len(models) == 1 and reading.are_states(subjects) else ():
        reading.say(Act.TOOK_PART, subject, reading.naming.of_thing(models[0]), reading.said(at))


def _assessing(reading: Reading, at: int) -> None:
    """Read “The OAS assessed Chile in 2016 with the CMM”: Chile took part."""
    clauses = reading.clauses
    parties, after = reading.parties_from(at + 1)
    if not parties or not reading.are_states(parties):
        return
    for place in range(after, min(clauses.end_of_scope(at), len(clauses.phrases) - 1)):
        if clauses.low(place) in {"with", "under", "using", "through"} and clauses.shape(place + 1) is Shape.NOUN:
            models = [one for one in clauses.phrases[place + 1].inner if _is_model(reading, one.ref)]
            for party in parties if len(models) == 1 else ():
                reading.say(Act.TOOK_PART, party, reading.naming.of_thing(models[0]), reading.said(at))
            return


def _is_model(reading: Reading, slug: str) -> bool:
    known = reading.register.thing_by.get(slug)
    return known is not None and known.nature is Nature.MODEL


def _under(reading: Reading, place: int) -> bool:
    """Tell whether a review’s model stands behind it: “a review under the CMM”."""
    behind = reading.clauses.shape(place + 2) is Shape.NOUN
    return behind and reading.clauses.low(place + 1) in {"under", "using", "with", "of", "through"}


def _held(reading: Reading, at: int, verb: Verb) -> None:
    """Read “The symposium was held in Nassau”: the state whose capital it is was its host."""
    clauses = reading.clauses
    if verb.lemma != "take" and not verb.passive:
        return
    where = at + (2 if verb.lemma == "take" else 1)
    if clauses.low(where) != "in" or clauses.shape(where + 1) is not Shape.NOUN:
        return
    mention = clauses.phrases[where + 1].mention
    if mention is None or mention.what not in {What.PARTY, What.CAPITAL}:
        return
    known = reading.register.party_by.get(mention.ref)
    where_held = Named(mention.ref, known.name if known else mention.text, is_party=True)
    for thing in patients(reading, at):
        if host(thing.nature) is not None:
            reading.say(Act.HOSTED, where_held, thing, reading.said(at))
