"""What one agreement answers to a question: its clauses weighed against each other.

1. `must not` beats `may`, unless its own exception applies or the `may` says that it prevails (`notwithstanding`).
2. A fact that is not known answers *ask* and is named, if one of its possible values would change the answer.
3. Two clauses that clash (an obligation to share against a prohibition, or each prevailing over the other) answer
   *refer to counsel* and are both named.
4. Nothing said is *refused*.
5. While the agreement is suspended, or after its end, only the clauses that it says still bind count.
6. A reservation takes its clause away between the party that made it and every other.
7. A prohibition of passing on that has no `when` allows what its own exception names: “not without written consent”
   means that with written consent it may be passed on. For sharing, a clause that allows it is always needed.
8. Silence means what the clause says; where that is for counsel to say and makes a difference, so is the answer.

How facts that are open are treated: every way in which they could turn out is judged. Only if all agree is that the
answer; this is exact, and cheap because clauses tell few values apart.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from comity.policy.agreements import Agreement, Backlog, Clause
from comity.policy.grounds import Duty, Ground, Phrase
from comity.policy.markings import Tlp
from comity.policy.matching import (
    CONSENT_STANDS,
    FACT_VALUES,
    FACT_WORDS,
    Facts,
    condition_words,
    exception_met,
    speaks_of,
    telling_values,
    turns_on,
)
from comity.policy.questions import Answer, Question, Verdict
from comity.policy.standing import Standing, State
from comity.policy.vocabulary import Action, Consent, Effect, Information, Silence

__all__ = ["Answer", "Duty", "Question", "Verdict", "binding", "evaluate"]

BOUND = frozenset({State.IN_FORCE, State.PROVISIONAL})
DOING = {
    Action.SHARE: "sharing",
    Action.PASS_ON: "passing on",
    Action.REQUEST: "requesting",
    Action.DELETE: "deleting",
}
Values = tuple[str | Tlp | bool, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the clauses say when every fact is known."""

    verdict: Verdict
    grounds: tuple[Ground, ...]
    duties: tuple[Duty, ...] = ()
    redact: tuple[str, ...] = ()

    @property
    def outcome(self) -> tuple[Verdict, tuple[Duty, ...], tuple[str, ...]]:
        """Give what a change of a fact could change: the verdict and what must go with it."""
        return (self.verdict, self.duties, self.redact)


def evaluate(agreement: Agreement, sender: Standing, recipient: Standing, question: Question, day: date) -> Answer:
    """Give what `agreement` answers to `question` on `day`, from how both sides stand to it on that day.

    For `pass on`, `sender` is the standing of the party that received the information and `recipient` that of the
    originator (or of the third state, whose standing then does not matter).
    """
    sides = (sender,) if question.action is Action.PASS_ON else (sender, recipient)
    stranger = next((side for side in sides if side.state is State.NOT_IN_FORCE), None)
    if stranger is not None:
        return Answer(Verdict.REFUSED, stranger.grounds)
    asked = replace(question, information=Information.EXERCISE_MATERIAL) if question.exercise else question
    excluded = sender.excluded | recipient.excluded
    speaking = tuple(_speaking(agreement, asked, day))
    live = tuple(c for c in speaking if c.id not in excluded and _binds(agreement, sides, c))
    answer = _weigh_all(_Hearing(agreement, asked, live), sides)
    return _with_surroundings(agreement, answer, (sender, recipient), sides, [c for c in speaking if c.id in excluded])


def _with_surroundings(
    agreement: Agreement, answer: Answer, both: Sequence[Standing], sides: Sequence[Standing], lost: Sequence[Clause]
) -> Answer:
    """Add what lies around the clauses: an end or suspension, reservations, and from when material may be had."""
    if answer.verdict is Verdict.ALLOWED:
        from_joining = agreement.backlog is Backlog.FROM_JOINING and len(sides) > 1
        return replace(answer, backlog_from=both[1].bound_from if from_joining else None)
    if answer.verdict is not Verdict.REFUSED:
        return answer
    unbound = {side.grounds[0].clause: side.grounds[0] for side in reversed(sides) if side.state not in BOUND}
    life = tuple(reversed(unbound.values()))
    said = tuple(g for g in answer.grounds if g.key not in {Phrase.SILENT, Phrase.OUTSIDE, Phrase.ABOVE_TLP})
    grounds = (*said, *life) if life else answer.grounds
    if any(clause.effect is not Effect.MUST_NOT for clause in lost):
        grounds += tuple(g for side in both for g in side.grounds if g.clause == "life.reservation")
    return replace(answer, grounds=tuple(dict.fromkeys(grounds)))


def _speaking(agreement: Agreement, asked: Question, day: date) -> Iterator[Clause]:
    """Give the clauses about this action, between these parties, on this day."""
    for clause in agreement.clauses:
        if asked.action not in clause.actions:
            continue
        if clause.senders is not None and asked.sender not in clause.senders:
            continue
        if clause.recipients is not None and asked.recipient not in clause.recipients:
            continue
        if _valid(clause, day):
            yield clause


def binding(agreement: Agreement, side: Standing, day: date) -> tuple[Clause, ...]:
    """Give the clauses that bind a party that stands so, on a day: all, those that survive, or none.

    To know what is due under them, ask the duties of `replace(agreement, clauses=binding(…))`.
    """
    if side.state is State.NOT_IN_FORCE:
        return ()
    return tuple(
        clause
        for clause in agreement.clauses
        if clause.id not in side.excluded and _survives(agreement, side, clause) and _valid(clause, day)
    )


def _valid(clause: Clause, day: date) -> bool:
    return (clause.valid_from or day) <= day <= (clause.valid_until or day)


def _binds(agreement: Agreement, sides: Sequence[Standing], clause: Clause) -> bool:
    """Tell whether a clause counts: what permits must survive on every side, what restrains on any."""
    kept = [_survives(agreement, side, clause) for side in sides]
    restrains = clause.effect is Effect.MUST_NOT or clause.accompanies
    return any(kept) if restrains else all(kept)


def _survives(agreement: Agreement, side: Standing, clause: Clause) -> bool:
    if side.state in BOUND:
        return True
    life = agreement.life
    return clause.id in (life.survives_suspension if side.state is State.SUSPENDED else life.survives_end)


@dataclass(frozen=True, slots=True)
class _Hearing:
    """One question before the clauses that count."""

    agreement: Agreement
    asked: Question
    clauses: tuple[Clause, ...]

    def ground(self, phrase: Phrase, clause: Clause | None, **params: str) -> Ground:
        return Ground.of(phrase, self.agreement.name, clause.id if clause else None, **params)

    def subject(self) -> dict[str, str]:
        information, purpose = self.asked.information or "information", self.asked.purpose or "any purpose"
        return {"action": DOING[self.asked.action], "information": str(information), "purpose": str(purpose)}


def _weigh_all(hearing: _Hearing, sides: Sequence[Standing]) -> Answer:
    """Judge every way in which the open facts could turn out; agree, or name the facts that make the difference."""
    given = _given(hearing, sides)
    possible = tuple(clause for clause in hearing.clauses if _may_speak(clause, given))
    asked_about = frozenset[str]().union(*(turns_on(clause) for clause in possible))
    open_facts = [fact for fact in FACT_VALUES if given[fact] is None and fact in asked_about]
    settled = {fact: FACT_VALUES[fact][-1] if given[fact] is None else given[fact] for fact in given}
    ways: dict[Values, Judgement] = {}
    for values in product(*(telling_values(fact, possible) for fact in open_facts)):
        facts = Facts(**{**settled, **dict(zip(open_facts, values, strict=True))})  # type: ignore[arg-type]
        ways[values] = _judge(hearing, possible, facts)
    if len({way.outcome for way in ways.values()}) == 1:
        return _agreed(list(ways.values()))
    missing = tuple(fact for axis, fact in enumerate(open_facts) if _matters(ways, axis))
    grounds = (
        hearing.ground(Phrase.ASKS, clause, fact=FACT_WORDS[fact])
        for clause in possible
        for fact in missing
        if fact in turns_on(clause)
    )
    return Answer(Verdict.ASK, tuple(grounds), missing=missing)


def _given(hearing: _Hearing, sides: Sequence[Standing]) -> dict[str, str | Tlp | bool | None]:
    asked, settles = hearing.asked, hearing.agreement.settles
    return {
        "information": asked.information,
        "purpose": asked.purpose,
        "tlp": asked.tlp,
        "personal_data": asked.personal_data,
        "originator_consent": asked.originator_consent,
        "authority_approval": asked.authority_approval,
        CONSENT_STANDS: _consent_stands(asked, sides, survives=settles.consent_survives_suspension),
        "exercise": asked.exercise,
        "emergency": asked.emergency,
        "silence_is_consent": settles.silence_is_consent,
    }


def _consent_stands(asked: Question, sides: Sequence[Standing], *, survives: bool) -> bool | None:
    """Tell whether a consent would still stand; None when that turns on its day, which is not known."""
    stopped = [side.since for side in sides if side.state not in BOUND and side.since is not None]
    if survives or not stopped or asked.originator_consent == Consent.NONE:
        return True
    return None if asked.consent_on is None else asked.consent_on >= min(stopped)


def _may_speak(clause: Clause, given: dict[str, str | Tlp | bool | None]) -> bool:
    """Tell whether the facts that are known leave it open that the clause speaks of the question."""
    information, purpose, tlp = given["information"], given["purpose"], given["tlp"]
    return (
        (clause.information is None or information is None or information in clause.information)
        and (clause.purposes is None or purpose is None or purpose in clause.purposes)
        and (clause.tlp_up_to is None or tlp is None or not isinstance(tlp, Tlp) or tlp <= clause.tlp_up_to)
    )


def _matters(ways: dict[Values, Judgement], axis: int) -> bool:
    """Tell whether two ways that differ in one fact only have different outcomes."""
    seen: dict[Values, set[object]] = {}
    for values, way in ways.items():
        seen.setdefault(values[:axis] + values[axis + 1 :], set()).add(way.outcome)
    return any(len(outcomes) > 1 for outcomes in seen.values())


def _agreed(ways: Sequence[Judgement]) -> Answer:
    """Give the one outcome, with the grounds that all ways share (or all of them, when they share none)."""
    every = dict.fromkeys(ground for way in ways for ground in way.grounds)
    shared = tuple(ground for ground in every if all(ground in way.grounds for way in ways))
    first = ways[0]
    return Answer(first.verdict, shared or tuple(every), first.duties, redact=first.redact)


def _judge(hearing: _Hearing, clauses: Sequence[Clause], facts: Facts) -> Judgement:
    """Weigh the clauses; where one refers silence to counsel and it would make a difference, so does the answer."""
    referring = [one for one in clauses if _leaves_silence_open(one, facts)]
    if not referring:
        return _weigh(hearing, clauses, facts)
    consent, refusal = (
        _weigh(hearing, [replace(one, silence_means=means) if one in referring else one for one in clauses], facts)
        for means in (Silence.CONSENT, Silence.REFUSAL)
    )
    if consent.outcome == refusal.outcome:
        return refusal
    return Judgement(Verdict.REFER, tuple(hearing.ground(Phrase.SILENCE_REFERS, one) for one in referring))


def _leaves_silence_open(clause: Clause, facts: Facts) -> bool:
    silent = facts.originator_consent == Consent.SILENCE and facts.consent_on
    return silent and clause.silence_means is Silence.REFER and "originator_consent" in turns_on(clause)


def _weigh(hearing: _Hearing, clauses: Sequence[Clause], facts: Facts) -> Judgement:
    heard = [clause for clause in clauses if speaks_of(clause, facts)]
    standing = [clause for clause in heard if exception_met(clause, facts) is None]
    permits = [clause for clause in standing if clause.effect is not Effect.MUST_NOT and not clause.accompanies]
    against = [p for p in standing if p.effect is Effect.MUST_NOT and not _overridden(p, permits)]
    plain = [p for p in against if not any(_clash(m, p) for m in permits)]
    if plain:
        return Judgement(Verdict.REFUSED, tuple(_forbids(hearing, clause) for clause in plain))
    if against:
        return Judgement(Verdict.REFER, tuple(_clashes(hearing, permits, against)))
    grounds = (*_permissions(hearing, permits, standing), *_excepted(hearing, heard, facts))
    if not grounds:
        return Judgement(Verdict.REFUSED, tuple(_nothing_said(hearing, facts)))
    with_it = [clause for clause in standing if clause.accompanies]
    duties = tuple(Duty(hearing.agreement.name, clause.id, words) for clause in with_it for words in clause.duties)
    redact = tuple(dict.fromkeys(str(what) for clause in with_it for what in clause.redact))
    redacted = tuple(_redacts(hearing, clause) for clause in with_it if clause.redact)
    return Judgement(Verdict.ALLOWED, grounds + redacted, duties, redact)


def _redacts(hearing: _Hearing, clause: Clause) -> Ground:
    return hearing.ground(Phrase.REDACTS, clause, what=" and ".join(clause.redact))


def _overridden(prohibition: Clause, permits: Iterable[Clause]) -> bool:
    return any(
        prohibition.id in permit.notwithstanding and permit.id not in prohibition.notwithstanding for permit in permits
    )


def _clash(permit: Clause, prohibition: Clause) -> bool:
    """Tell whether neither yields: both prevail over the other, or one obliges what the other forbids."""
    prevails, yields = prohibition.id in permit.notwithstanding, permit.id in prohibition.notwithstanding
    return (prevails and yields) or (permit.effect is Effect.MUST and not prevails and not yields)


def _clashes(hearing: _Hearing, permits: Sequence[Clause], against: Sequence[Clause]) -> Iterator[Ground]:
    for permit, prohibition in product(permits, against):
        if _clash(permit, prohibition):
            yield hearing.ground(Phrase.CLASH, permit, other=prohibition.id)
            yield hearing.ground(Phrase.CLASH, prohibition, other=permit.id)


def _forbids(hearing: _Hearing, clause: Clause) -> Ground:
    if clause.instead is None:
        return hearing.ground(Phrase.FORBIDS, clause, words=clause.says)
    return hearing.ground(Phrase.FORBIDS_INSTEAD, clause, words=clause.says, instead=clause.instead)


def _permissions(hearing: _Hearing, permits: Sequence[Clause], standing: Sequence[Clause]) -> Iterator[Ground]:
    forbidding = {clause.id for clause in standing if clause.effect is Effect.MUST_NOT}
    for clause in permits:
        if clause.effect is Effect.MUST:
            yield hearing.ground(Phrase.OBLIGES, clause, **hearing.subject())
        elif clause.tlp_up_to is None:
            yield hearing.ground(Phrase.ALLOWS_ANY_TLP, clause, **hearing.subject())
        else:
            yield hearing.ground(Phrase.ALLOWS, clause, **hearing.subject(), limit=clause.tlp_up_to.label)
        for other in clause.notwithstanding:
            if other in forbidding:
                yield hearing.ground(Phrase.PREVAILS, clause, other=other)


def _excepted(hearing: _Hearing, heard: Sequence[Clause], facts: Facts) -> Iterator[Ground]:
    """Give the prohibitions of passing on whose own exception allows it; one with a `when` only narrows."""
    if hearing.asked.action is not Action.PASS_ON:
        return
    for clause in heard:
        met = exception_met(clause, facts)
        if clause.effect is Effect.MUST_NOT and clause.when is None and met is not None:
            words, doing = condition_words(met), DOING[hearing.asked.action]
            yield hearing.ground(Phrase.EXCEPTED, clause, action=doing, exception=words)


def _nothing_said(hearing: _Hearing, facts: Facts) -> Iterator[Ground]:
    """Tell that nothing was said: the clauses that miss by their TLP limit alone, else silence and near misses."""
    near = [(c, _misses(c, facts)) for c in hearing.clauses if c.effect is not Effect.MUST_NOT and not c.accompanies]
    above = [clause for clause, misses in near if misses == ["tlp"]]
    for clause in above:
        limit = clause.tlp_up_to or Tlp.CLEAR
        yield hearing.ground(Phrase.ABOVE_TLP, clause, limit=limit.label, tlp=facts.tlp.label)
    if above:
        return
    yield hearing.ground(Phrase.SILENT, None, **hearing.subject())
    for clause, misses in near:
        if len(misses) == 1 and getattr(hearing.asked, misses[0]) is not None:
            value = str(getattr(facts, misses[0]))
            yield hearing.ground(Phrase.OUTSIDE, clause, fact=FACT_WORDS[misses[0]], value=value)


def _misses(clause: Clause, facts: Facts) -> list[str]:
    misses = []
    if clause.information is not None and facts.information not in clause.information:
        misses.append("information")
    if clause.purposes is not None and facts.purpose not in clause.purposes:
        misses.append("purpose")
    if clause.tlp_up_to is not None and facts.tlp > clause.tlp_up_to:
        misses.append("tlp")
    return misses
