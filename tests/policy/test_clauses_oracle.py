"""The evaluator against a naive reading of the clauses that knows no shortcut."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.policy.agreements import Clause, Condition
from comity.policy.clauses import Answer, Question, Verdict, evaluate
from comity.policy.markings import Tlp
from comity.policy.standing import standing
from comity.policy.vocabulary import (
    Action,
    Approval,
    Consent,
    Effect,
    Information,
    PersonalData,
    Purpose,
    Redaction,
    Silence,
)
from tests.policy.builders import BILATERAL, LATE, SETTLED

DAY = date(2026, 6, 1)
CATEGORIES = (Information.TECHNICAL_INDICATORS, Information.INCIDENT_REPORT, Information.BEST_PRACTICE)
PURPOSES = (Purpose.PREVENTION, Purpose.TRAINING)
DOMAINS: dict[str, tuple[str | Tlp, ...]] = {
    "information": (*Information, "something else"),
    "purpose": (*Purpose, "something else"),
    "tlp": tuple(Tlp),
    "personal_data": tuple(PersonalData),
    "originator_consent": tuple(Consent),
    "authority_approval": tuple(Approval),
}

conditions = st.builds(
    Condition,
    personal_data=st.none() | st.frozensets(st.sampled_from(PersonalData), min_size=1, max_size=2),
    originator_consent=st.none() | st.frozensets(st.sampled_from(Consent), min_size=1, max_size=2),
    authority_approval=st.none() | st.frozensets(st.sampled_from(Approval), min_size=1, max_size=1),
    tlp=st.none() | st.frozensets(st.sampled_from(Tlp), min_size=1, max_size=2),
)


@st.composite
def clauses(draw: st.DrawFn) -> tuple[Clause, ...]:
    """Generate up to five clauses of every kind."""
    found = []
    for place in range(draw(st.integers(1, 5))):
        effect = draw(st.sampled_from((Effect.MAY, Effect.MAY, Effect.MUST, Effect.MUST_NOT, Effect.MUST_NOT)))
        with_it = effect is Effect.MUST and draw(st.integers(0, 3)) > 0
        found.append(
            Clause(
                id=f"A{place}",
                says=f"clause {place}",
                effect=effect,
                actions=draw(st.frozensets(st.sampled_from((Action.SHARE, Action.PASS_ON)), min_size=1)),
                information=draw(st.none() | st.frozensets(st.sampled_from(CATEGORIES), min_size=1)),
                purposes=draw(st.none() | st.frozensets(st.sampled_from(PURPOSES), min_size=1)),
                tlp_up_to=None if effect is Effect.MUST_NOT else draw(st.none() | st.sampled_from(Tlp)),
                when=draw(st.none() | conditions),
                exceptions=tuple(draw(st.lists(conditions, max_size=2))),
                notwithstanding=tuple(
                    draw(st.lists(st.sampled_from([f"A{n}" for n in range(5) if n != place]), max_size=2))
                ),
                duties=("take care",) if with_it else (),
                redact=(Redaction.PERSONAL_DATA,) if with_it and draw(st.booleans()) else (),
                silence_means=draw(st.none() | st.sampled_from(Silence)),
            )
        )
    return tuple(found)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Generate a question with at most two facts that are not known."""
    known: dict[str, str | Tlp | None] = {
        "information": draw(st.sampled_from(CATEGORIES)),
        "purpose": draw(st.sampled_from(PURPOSES)),
        "tlp": draw(st.sampled_from(Tlp)),
        "personal_data": draw(st.sampled_from(PersonalData)),
        "originator_consent": draw(st.sampled_from(Consent)),
        "authority_approval": draw(st.sampled_from(Approval)),
    }
    known |= dict.fromkeys(draw(st.lists(st.sampled_from(list(DOMAINS)), max_size=2)))
    action = draw(st.sampled_from((Action.SHARE, Action.PASS_ON)))
    return Question(action=action, sender="BS", recipient="XA", **known)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Naive:
    """What the naive reading says."""

    verdict: Verdict
    duties: frozenset[str] = frozenset()
    redacts: bool = False


def holds(condition: Condition, asked: Question, silence_is_consent: bool) -> bool:
    if condition.personal_data is not None:
        found = {asked.personal_data} | ({"present"} if asked.personal_data == "sensitive" else set())
        if not found & condition.personal_data:
            return False
    if condition.originator_consent is not None:
        given_ = {asked.originator_consent}
        if asked.originator_consent == "silence" and silence_is_consent:
            given_ |= {"oral", "written"}
        if not given_ & condition.originator_consent:
            return False
    if condition.authority_approval is not None and asked.authority_approval not in condition.authority_approval:
        return False
    return condition.tlp is None or asked.tlp in condition.tlp


def applies(clause: Clause, asked: Question, silence: bool) -> bool:
    means = silence if clause.silence_means is None else clause.silence_means is Silence.CONSENT
    if asked.action not in clause.actions or (clause.when and not holds(clause.when, asked, means)):
        return False
    if clause.information is not None and asked.information not in clause.information:
        return False
    if clause.purposes is not None and asked.purpose not in clause.purposes:
        return False
    return clause.tlp_up_to is None or (asked.tlp is not None and asked.tlp <= clause.tlp_up_to)


def excepted(clause: Clause, asked: Question, silence: bool) -> bool:
    means = silence if clause.silence_means is None else clause.silence_means is Silence.CONSENT
    return any(holds(one, asked, means) for one in clause.exceptions)


def read_naively(every: Sequence[Clause], asked: Question, silence: bool) -> Naive:
    """Read the clauses for a question in which nothing is open; what silence means may be for counsel to say."""
    either = [
        _read_naively([replace(one, silence_means=means) if one.silence_means is Silence.REFER else one
                       for one in every], asked, silence)
        for means in (Silence.CONSENT, Silence.REFUSAL)
    ]  # fmt: skip
    return either[0] if either[0] == either[1] else Naive(Verdict.REFER)


def _read_naively(every: Sequence[Clause], asked: Question, silence: bool) -> Naive:
    speaking = [one for one in every if applies(one, asked, silence)]
    ruling = [one for one in speaking if not excepted(one, asked, silence)]
    extra = [one for one in ruling if one.effect is Effect.MUST and (one.duties or one.redact)]
    yes = [one for one in ruling if one.effect is not Effect.MUST_NOT and one not in extra]
    clash = False
    for no in (one for one in ruling if one.effect is Effect.MUST_NOT):
        beaten = any(no.id in one.notwithstanding and one.id not in no.notwithstanding for one in yes)
        both = any(no.id in one.notwithstanding and one.id in no.notwithstanding for one in yes)
        obliged = any(
            one.effect is Effect.MUST and no.id not in one.notwithstanding and one.id not in no.notwithstanding
            for one in yes
        )
        if beaten:
            continue
        if not both and not obliged:
            return Naive(Verdict.REFUSED)
        clash = True
    if clash:
        return Naive(Verdict.REFER)
    opened = asked.action is Action.PASS_ON and any(
        one.effect is Effect.MUST_NOT and one.when is None and excepted(one, asked, silence) for one in speaking
    )
    if not yes and not opened:
        return Naive(Verdict.REFUSED)
    return Naive(Verdict.ALLOWED, frozenset(one.id for one in extra if one.duties), any(one.redact for one in extra))


def ways(asked: Question) -> Iterator[tuple[tuple[str | Tlp, ...], Question]]:
    """Give every way in which the open facts could turn out, over the whole of their vocabularies."""
    unknown = [fact for fact in DOMAINS if getattr(asked, fact) is None]
    for values in product(*(DOMAINS[fact] for fact in unknown)):
        yield values, replace(asked, **dict(zip(unknown, values, strict=True)))  # type: ignore[arg-type]


def naive_answer(every: Sequence[Clause], asked: Question, silence: bool) -> tuple[Naive, set[str]]:
    unknown = [fact for fact in DOMAINS if getattr(asked, fact) is None]
    found = {values: read_naively(every, way, silence) for values, way in ways(asked)}
    if len(set(found.values())) == 1:
        return next(iter(found.values())), set()
    missing = {
        fact
        for axis, fact in enumerate(unknown)
        for first, second in product(found, found)
        if found[first] != found[second]
        and all((one == two) or place == axis for place, (one, two) in enumerate(zip(first, second, strict=True)))
    }
    return Naive(Verdict.ASK), missing


def answer(every: tuple[Clause, ...], asked: Question, silence: bool) -> Answer:
    agreement = replace(BILATERAL, clauses=every, settles=replace(SETTLED, silence_is_consent=silence))
    sides = [standing(agreement, (), code, DAY, LATE) for code in ("BS", "XA")]
    return evaluate(agreement, sides[0], sides[1], asked, DAY)


@settings(max_examples=150, deadline=None)
@given(clauses(), questions(), st.booleans())
def test_the_evaluator_says_what_a_naive_reading_says(
    every: tuple[Clause, ...], asked: Question, silence: bool
) -> None:
    found = answer(every, asked, silence)
    expected, missing = naive_answer(every, asked, silence)
    assert (found.verdict, set(found.missing)) == (expected.verdict, missing)
    assert {duty.clause for duty in found.duties} == expected.duties
    assert bool(found.redact) is expected.redacts


@settings(max_examples=60, deadline=None)
@given(clauses(), questions(), st.booleans())
def test_every_answer_has_a_ground_in_words_and_every_ask_a_clause(
    every: tuple[Clause, ...], asked: Question, silence: bool
) -> None:
    found = answer(every, asked, silence)
    assert found.grounds
    assert all(ground.says and "{" not in ground.says for ground in found.grounds)
    if found.verdict is Verdict.ASK:
        assert all(ground.clause in {clause.id for clause in every} for ground in found.grounds)
    if found.verdict is Verdict.REFER:
        assert len({ground.clause for ground in found.grounds}) > 1


@settings(max_examples=50, deadline=None)
@given(clauses(), questions(), st.booleans())
def test_learning_the_missing_facts_settles_the_question(
    every: tuple[Clause, ...], asked: Question, silence: bool
) -> None:
    for _, way in ways(asked):
        assert answer(every, way, silence).verdict is not Verdict.ASK
        break


@settings(max_examples=50, deadline=None)
@given(clauses(), questions(), st.booleans())
def test_taking_a_permission_out_never_opens_anything(
    every: tuple[Clause, ...], asked: Question, silence: bool
) -> None:
    permits = [one for one in every if one.effect is Effect.MAY]
    fewer = tuple(one for one in every if one not in permits[:1])
    if fewer and answer(fewer, asked, silence).verdict is Verdict.ALLOWED:
        assert answer(every, asked, silence).verdict in {Verdict.ALLOWED, Verdict.REFER}
