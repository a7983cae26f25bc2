"""Signing, ratifying, acceding, being a party or member, endorsing, taking part, hosting.

What the register has on it.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from comity.claims import judging_groups
from comity.claims.findings import Finding, Found, agrees, day_of
from comity.claims.register import (
    Act,
    Action,
    Complete,
    Nature,
    Period,
    Register,
    Status,
    Thing,
)
from comity.claims.statements import Named, Statement
from comity.claims.wording import Ground, Phrase, ground

TREATIES: Final = frozenset({Nature.TREATY, Nature.PROTOCOL, Nature.AGREEMENT})
_POLITICAL: Final = frozenset({Nature.PLEDGE, Nature.DECLARATION})
_NEVER_SIGNED: Final = frozenset(
    {
        Nature.EXPERT_GROUP,
        Nature.PROCESS,
        Nature.MODEL,
        Nature.INDEX,
        Nature.MANUAL,
        Nature.EVENT,
        Nature.NORMS,
        Nature.MEASURES,
        Nature.RESOLUTION,
        Nature.MECHANISM,
        Nature.PLAN,
        Nature.BODY,
    }
)
_LEGAL: Final = frozenset({Act.SIGNED, Act.RATIFIED, Act.ACCEDED, Act.PARTY, Act.INVITED, Act.WITHDREW})
_CONSENT: Final = (Act.RATIFIED, Act.ACCEDED, Act.PARTY)
_ARTICLE: Final = {nature: ("an " if nature.value[0] in "aeio" else "a ") + nature.value for nature in Nature} | {
    Nature.NORMS: "a set of norms",
    Nature.MEASURES: "a set of measures",
    Nature.BODY: "an organisation",
    Nature.PLEDGE: "a political commitment",
    Nature.PROCESS: "a series of meetings",
}
_BEFORE_IN_FORCE: Final = timedelta(days=400)
FRESH: Final = timedelta(days=400)


KINDS: Final = tuple(dict.fromkeys(_ARTICLE.values()))
"""Every kind of thing with its article, as grounds name it."""


def kind_of(nature: Nature) -> str:
    """Give a nature with its article."""
    return _ARTICLE[nature]


def find(statement: Statement, register: Register) -> Found:
    """Find what the register has on a party and a thing."""
    subject, thing = statement.subject, statement.object
    if subject is None or thing is None:
        return Found(Finding.UNKNOWN, (ground(Phrase.NOTHING),))
    if thing.is_party and thing.ref in register.party_by:
        return judging_groups.find(statement, subject, register.party_by[thing.ref], register)
    known = register.thing_by.get(thing.ref) or by_name(thing, register)
    if known is None:
        impossible = _impossible_by_name(statement.act, thing)
        return impossible or Found(Finding.UNKNOWN, (ground(Phrase.NO_SUCH_THING, thing=thing.text),))
    return _impossible(statement.act, known) or _found(statement, subject, known, register)


_ORDINALS: Final = {
    word: str(number)
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        1,
    )
}


def by_name(said: Named, register: Register) -> Thing | None:
    """Find a thing of the register whose name differs only in how an ordinal or a small word is written."""
    wanted = _plain_name(said.text)
    return next(
        (one for one in register.things if wanted in {_plain_name(name) for name in (one.name, *one.names)}), None
    )


def _plain_name(text: str) -> frozenset[str]:
    words = (word.strip(".,’'") for word in text.lower().replace("-", " ").split())
    plain = (re.sub(r"^(\d+)(?:st|nd|rd|th)$", r"\1", _ORDINALS.get(word, word)) for word in words)
    return frozenset(word for word in plain if word not in {"the", "of", "on", "for", "and", "a"})


def _impossible(act: Act, thing: Thing) -> Found | None:
    """Tell what nobody can do with a thing of this kind."""
    if act in _LEGAL and thing.nature in _NEVER_SIGNED:
        return Found(Finding.CANNOT, (_with_note(Phrase.NOT_SIGNABLE, thing),))
    if act in {Act.RATIFIED, Act.ACCEDED} and thing.nature in {*_POLITICAL, Nature.INITIATIVE}:
        return Found(Finding.CANNOT, (_with_note(Phrase.NOT_RATIFIABLE, thing),))
    if act is Act.MEMBER and thing.nature in {Nature.MODEL, Nature.INDEX, Nature.MANUAL}:
        return Found(Finding.CANNOT, (_with_note(Phrase.NO_MEMBERS, thing),))
    return None


def _with_note(key: Phrase, thing: Thing) -> Ground:
    return ground(key, thing.sources, thing=thing.name, kind=_ARTICLE[thing.nature])


def _impossible_by_name(act: Act, thing: Named) -> Found | None:
    """Refuse what cannot be: nobody signs a forum or model, known or not; a body’s name may be a treaty’s."""
    if act in _LEGAL and thing.nature in {Nature.EVENT, Nature.MODEL, Nature.INDEX, Nature.MANUAL}:
        return Found(Finding.CANNOT, (ground(Phrase.NOT_SIGNABLE, thing=thing.text, kind=_ARTICLE[thing.nature]),))
    return None


def _found(statement: Statement, subject: Named, thing: Thing, register: Register) -> Found:
    if thing.open_to and statement.act is not Act.TOOK_PART:
        day = day_of(statement, register)
        if register.is_member(subject.ref, thing.open_to, day) is False:
            group = register.party_by[thing.open_to]
            sources = (*((group.source,) if group.source else ()), *thing.sources)
            return Found(
                Finding.NO,
                (ground(Phrase.NOT_ELIGIBLE, sources, thing=thing.name, group=group.name, party=subject.text),),
            )
    if thing.nature in TREATIES and statement.act in _LEGAL:
        return _legal(statement, subject, thing, register)
    return _political(statement, subject, thing, register)


def _acts(subject: Named, thing: Thing, register: Register, day: date) -> tuple[list[Action], list[Action]]:
    """Give what a party did by a day, and what it did only later."""
    confirmed = [one for one in register.acts_by.get((subject.ref, thing.slug), ()) if one.status is Status.CONFIRMED]
    by_then = [one for one in confirmed if one.on is None or one.on.first <= day]
    return by_then, [one for one in confirmed if one.on is not None and one.on.first > day]


# Treaties


def _legal(statement: Statement, subject: Named, thing: Thing, register: Register) -> Found:
    done, later = _acts(subject, thing, register, day_of(statement, register))
    acts = {one.act: one for one in done}
    same = acts.get(statement.act)
    if same is not None:
        return _dated(statement, same, subject, thing)
    by_other = _by_other(statement, acts, subject, thing)
    if by_other is not None:
        return by_other
    refuted = _refuted(statement, subject, thing, register)
    if refuted is None or refuted.finding is Finding.UNKNOWN:
        claimed = _claimed(statement, subject, thing, register)
        refuted = claimed or refuted
    if refuted is not None:
        return refuted
    ahead = next(
        (one for one in later if one.act is statement.act or (statement.act is Act.PARTY and one.act in _CONSENT)), None
    )
    if ahead is not None:
        return Found(
            Finding.NO,
            (ground(Phrase.NOT_BEFORE, ahead.sources, day=str(day_of(statement, register)), later=str(ahead.on)),),
        )
    return _absent(statement, subject, thing, register)


def _claimed(statement: Statement, subject: Named, thing: Thing, register: Register) -> Found | None:
    """Give what a source says and no register confirms."""
    said = [one for one in register.acts_by.get((subject.ref, thing.slug), ()) if one.status is Status.CLAIMED]
    fitting = next(
        (one for one in said if one.act is statement.act or (statement.act is Act.PARTY and one.act in _CONSENT)), None
    )
    if fitting is None:
        return None
    return Found(Finding.IN_PART, (ground(Phrase.CLAIMED, fitting.sources, words=fitting.note or past(fitting.act)),))


def _dated(statement: Statement, action: Action, subject: Named, thing: Thing) -> Found:
    known = (
        ground(
            Phrase.RECORDED_ON,
            action.sources,
            party=subject.text,
            act=past(action.act),
            thing=thing.name,
            day=str(action.on),
        )
        if action.on
        else ground(Phrase.RECORDED, action.sources, party=subject.text, act=past(action.act), thing=thing.name)
    )
    if agrees(statement.when, action.on) or _counts_from_consent(statement, action):
        return Found(Finding.YES, (known,))
    return Found(Finding.OTHER_DAY, (known, ground(Phrase.OTHER_DAY, day=str(action.on))))


def _counts_from_consent(statement: Statement, action: Action) -> bool:
    """Take a party “since” the year of its deposit, where the register has the day of entry into force."""
    if action.act is not Act.PARTY or action.on is None or statement.when is None:
        return False
    return statement.when.overlaps(Period(action.on.first - _BEFORE_IN_FORCE, action.on.last))


def past(act: Act) -> str:
    """Give an act as a sentence of the past says it, before what it was done to."""
    return {
        Act.PARTY: "is a party to",
        Act.MEMBER: "is a member of",
        Act.TOOK_PART: "took part in",
        Act.ACCEDED: "acceded to",
        Act.INVITED: "was invited to accede to",
        Act.WITHDREW: "withdrew from",
    }.get(act, act.value)


def _by_other(statement: Statement, acts: dict[Act, Action], subject: Named, thing: Thing) -> Found | None:  # noqa: PLR0911 (a line a rule)
    """Judge one act by another: who ratified signed; who acceded did not; a party consented in some way."""
    names = {"party": subject.text, "thing": thing.name}
    consent = next((acts[act] for act in _CONSENT if act in acts), None)
    if consent is None:
        signed = acts.get(Act.SIGNED)
        if signed is not None and statement.act in _CONSENT:
            return Found(Finding.IN_PART, (ground(Phrase.SIGNED_ONLY, signed.sources, **names),))
        return None
    if statement.act is Act.PARTY:
        return _dated_party(statement, consent, names)
    if statement.act is Act.INVITED and Act.ACCEDED in acts:
        return Found(Finding.YES, (ground(Phrase.BY_ACCESSION, acts[Act.ACCEDED].sources, **names),))
    if statement.act is Act.SIGNED:
        if Act.RATIFIED in acts:
            return Found(Finding.YES, (_recorded(acts[Act.RATIFIED], names),))
        key = Phrase.BY_ACCESSION if Act.ACCEDED in acts else Phrase.WAY_UNKNOWN
        return Found(Finding.IN_PART, (ground(key, consent.sources, **names),))
    if statement.act in {Act.RATIFIED, Act.ACCEDED}:
        if consent.act is Act.PARTY:
            return _consented(statement, consent, names)
        return Found(Finding.IN_PART, (_recorded(consent, names),))
    return None


def _recorded(action: Action, names: dict[str, str]) -> Ground:
    if action.on is None:
        return ground(Phrase.RECORDED, action.sources, act=past(action.act), **names)
    return ground(Phrase.RECORDED_ON, action.sources, act=past(action.act), day=str(action.on), **names)


def _consented(statement: Statement, party: Action, names: dict[str, str]) -> Found:
    """Take it that a party ratified or acceded within the year before the convention entered into force for it."""
    known = (
        ground(Phrase.SINCE, party.sources, day=str(party.on), **names)
        if party.on
        else ground(Phrase.IS_PARTY, party.sources, **names)
    )
    if statement.when is None or party.on is None or _counts_from_consent(statement, party):
        return Found(Finding.YES, (known,))
    return Found(Finding.OTHER_DAY, (known,))


def _dated_party(statement: Statement, consent: Action, names: dict[str, str]) -> Found:
    known = _recorded(consent, names)
    on = consent.on
    if statement.when is None or on is None or agrees(statement.when, on):
        return Found(Finding.YES, (known,))
    following = Period(on.first, on.last + _BEFORE_IN_FORCE)  # it enters into force some months after the deposit
    return Found(Finding.YES if agrees(statement.when, following) else Finding.OTHER_DAY, (known,))


def _refuted(statement: Statement, subject: Named, thing: Thing, register: Register) -> Found | None:
    """Find an entry that says it is not so, or that it was looked for and not found."""
    entries = [
        one
        for one in register.acts_by.get((subject.ref, thing.slug), ())
        if one.status in {Status.CONTRADICTED, Status.NOT_FOUND}
    ]
    fitting = [one for one in entries if one.act is statement.act]
    if not fitting and statement.act in {*_CONSENT, Act.SIGNED}:
        fitting = [one for one in entries if one.act in {Act.SIGNED, Act.PARTY} and one.status is Status.CONTRADICTED]
    if not fitting:
        return None
    entry = next((one for one in fitting if one.status is Status.CONTRADICTED), fitting[0])
    finding = Finding.NO if entry.status is Status.CONTRADICTED else Finding.UNKNOWN
    return Found(finding, (ground(Phrase.CHECKED, entry.sources, words=entry.note),))


def _absent(statement: Statement, subject: Named, thing: Thing, register: Register) -> Found:
    """Let a list that was read to its end speak, up to its day."""
    for one in register.complete:
        if (
            one.thing == thing.slug
            and one.reaches(subject.text)
            and (one.act is statement.act or (one.act is Act.PARTY and statement.act in {*_CONSENT, Act.SIGNED}))
        ):
            return _not_listed(one, statement, subject, thing, register)
    return Found(Finding.UNKNOWN, (ground(Phrase.NOTHING, thing.sources),))


def _not_listed(one: Complete, statement: Statement, subject: Named, thing: Thing, register: Register) -> Found:
    names = {"party": subject.text, "act": past(one.act), "thing": thing.name, "day": one.as_of.isoformat()}
    then = statement.when or statement.as_of
    covered = then.last <= one.as_of if then else register.today - one.as_of <= FRESH
    if statement.act is Act.SIGNED and one.act is not Act.SIGNED:
        covered = False  # who signed and did not ratify is not in a list of parties
    if covered:
        return Found(Finding.NO, (ground(Phrase.ABSENT, one.sources, **names),))
    return Found(Finding.UNKNOWN, (ground(Phrase.ABSENT_OLD, one.sources, **names),))


# What binds nobody


def _political(statement: Statement, subject: Named, thing: Thing, register: Register) -> Found:
    done, _later = _acts(subject, thing, register, day_of(statement, register))
    wanted = _standing_for(statement.act, thing)
    matching = [one for one in done if one.act in wanted]
    if matching:
        best = next((one for one in matching if agrees(statement.when, one.on)), matching[0])
        return _dated(statement, best, subject, thing)
    refuted = _refuted(statement, subject, thing, register) or _by_membership(statement, subject, thing, register)
    return refuted or _absent_from(statement, subject, thing, register, wanted)


def _standing_for(act: Act, thing: Thing) -> Sequence[Act]:
    """Give the acts of the register that bear a claim out: a host took part; who signed a pledge endorsed it."""
    if act in {Act.SIGNED, Act.ENDORSED, Act.MEMBER, Act.PARTY} and thing.nature in {
        *_POLITICAL,
        Nature.INITIATIVE,
        Nature.NORMS,
    }:
        return (Act.ENDORSED, Act.SIGNED, Act.MEMBER)
    if act is Act.TOOK_PART:
        return (Act.TOOK_PART, Act.HOSTED, Act.MEMBER)
    return (act,)


def _by_membership(statement: Statement, subject: Named, thing: Thing, register: Register) -> Found | None:
    if not thing.covers or statement.act not in {
        Act.ENDORSED,
        Act.SIGNED,
        Act.MEMBER,
        Act.TOOK_PART,
        Act.PARTY,
        Act.ADOPTED,
    }:
        return None
    group = register.party_by.get(thing.covers)
    day = thing.made_on.first if thing.made_on else register.today
    if group is None or not register.is_member(subject.ref, thing.covers, day):
        return None
    names = {"thing": thing.name, "group": group.name, "party": subject.text}
    if statement.act is Act.TOOK_PART:
        return Found(Finding.IN_PART, (ground(Phrase.SEAT, thing.sources, **names),))
    return Found(Finding.YES, (ground(Phrase.COVERED, thing.sources, **names),))


def _absent_from(
    statement: Statement, subject: Named, thing: Thing, register: Register, wanted: Sequence[Act]
) -> Found:
    for one in register.complete:
        if one.thing == thing.slug and one.reaches(subject.text) and one.act in wanted:
            return _not_listed(one, statement, subject, thing, register)
    return Found(Finding.UNKNOWN, (ground(Phrase.NOTHING, thing.sources),))
