"""What one agreement answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from comity.policy.agreements import Agreement, Backlog, Condition
from comity.policy.clauses import Answer, Question, Verdict, binding, evaluate
from comity.policy.markings import Tlp
from comity.policy.standing import EventKind, LifeEvent, standing
from comity.policy.vocabulary import Action, Effect, Information, Purpose, Silence
from tests.policy.builders import BILATERAL, CARE, CIRCLE, LATE, ONWARD, QUESTION, SENSITIVE, SETTLED, SHARING

DAY = date(2026, 6, 1)
PASSING_ON = replace(QUESTION, action=Action.PASS_ON, recipient="XZ")


def ask(
    question: Question, agreement: Agreement = BILATERAL, events: Sequence[LifeEvent] = (), day: date = DAY
) -> Answer:
    sender = standing(agreement, events, question.sender, day, LATE)
    other = "XA" if question.action is Action.PASS_ON else question.recipient
    return evaluate(agreement, sender, standing(agreement, events, other, day, LATE), question, day)


def places(answer: Answer) -> list[str | None]:
    return [ground.clause for ground in answer.grounds]


def test_a_clause_that_speaks_of_it_allows_it_in_words() -> None:
    answer = ask(QUESTION)
    assert answer.verdict is Verdict.ALLOWED
    assert [ground.says for ground in answer.grounds] == [
        "A1 of “BS-XA” allows sharing technical indicators for prevention up to TLP:AMBER"
    ]


def test_a_stricter_label_is_refused_by_the_clause_that_reaches_less_far() -> None:
    answer = ask(replace(QUESTION, tlp=Tlp.RED))
    assert answer.verdict is Verdict.REFUSED
    assert [ground.says for ground in answer.grounds] == ["A1 of “BS-XA” reaches up to TLP:AMBER; this is TLP:RED"]


def test_what_no_clause_speaks_of_is_refused() -> None:
    answer = ask(replace(QUESTION, information="best practice"))
    assert answer.verdict is Verdict.REFUSED
    assert answer.grounds[0].says == "no clause of “BS-XA” speaks of sharing best practice for prevention"


@pytest.mark.parametrize("fact", ["information", "purpose", "tlp"])
def test_a_fact_that_is_not_known_and_matters_is_asked_for(fact: str) -> None:
    unknown = {"information": replace(QUESTION, information=None), "purpose": replace(QUESTION, purpose=None)}
    answer = ask(unknown.get(fact, replace(QUESTION, tlp=None)))
    assert (answer.verdict, answer.missing) == (Verdict.ASK, (fact,))
    assert places(answer) == ["A1"]


def test_a_fact_that_could_change_nothing_is_not_asked_for() -> None:
    assert ask(replace(QUESTION, information="best practice", tlp=None)).verdict is Verdict.REFUSED


def test_unknown_personal_data_is_asked_for_because_duties_would_go_with_it() -> None:
    careful = replace(BILATERAL, clauses=(SHARING, CARE))
    assert ask(replace(QUESTION, personal_data=None), careful).missing == ("personal_data",)
    assert ask(replace(QUESTION, personal_data=None)).missing == ("personal_data", "authority_approval")


def test_duties_go_with_what_is_allowed() -> None:
    answer = ask(replace(QUESTION, personal_data="present"))
    assert [(duty.clause, duty.words) for duty in answer.duties] == [("A4", "keep to the minimum")]


def test_sensitive_personal_data_is_personal_data_too() -> None:
    assert ask(replace(QUESTION, personal_data="sensitive", authority_approval="none")).verdict is Verdict.REFUSED
    answer = ask(replace(QUESTION, personal_data="sensitive", authority_approval="given"))
    assert (answer.verdict, [duty.clause for duty in answer.duties]) == (Verdict.ALLOWED, ["A4"])


def test_passing_on_is_refused_without_consent_and_allowed_with_it_by_the_same_clause() -> None:
    refused = ask(replace(PASSING_ON, originator_consent="none"))
    allowed = ask(replace(PASSING_ON, originator_consent="written"))
    assert (refused.verdict, places(refused)) == (Verdict.REFUSED, ["A2"])
    assert (allowed.verdict, places(allowed)) == (Verdict.ALLOWED, ["A2"])
    assert ask(PASSING_ON).missing == ("originator_consent",)


def test_the_exception_of_a_condition_opens_nothing_by_itself() -> None:
    only_sensitive = replace(BILATERAL, clauses=(SENSITIVE,))
    question = replace(PASSING_ON, personal_data="sensitive", authority_approval="given")
    assert ask(question, only_sensitive).verdict is Verdict.REFUSED


def test_silence_is_consent_only_where_the_file_says_so() -> None:
    silent = replace(PASSING_ON, originator_consent="silence")
    assert ask(silent).verdict is Verdict.REFUSED
    generous = replace(BILATERAL, settles=replace(SETTLED, silence_is_consent=True))
    assert ask(silent, generous).verdict is Verdict.ALLOWED
    strict_clause = replace(ONWARD, silence_means=Silence.REFUSAL)
    assert ask(silent, replace(generous, clauses=(strict_clause,))).verdict is Verdict.REFUSED
    counsels = ask(silent, replace(generous, clauses=(replace(ONWARD, silence_means=Silence.REFER),)))
    assert (counsels.verdict, places(counsels)) == (Verdict.REFER, [ONWARD.id])
    assert "counsel what the originator’s silence means" in counsels.grounds[0].says


def test_an_obligation_against_a_prohibition_is_for_counsel_and_names_both() -> None:
    must = replace(SHARING, id="A8", effect=Effect.MUST)
    never = replace(SHARING, id="A9", effect=Effect.MUST_NOT, tlp_up_to=None)
    answer = ask(QUESTION, replace(BILATERAL, clauses=(must, never)))
    assert (answer.verdict, places(answer)) == (Verdict.REFER, ["A8", "A9"])


def test_a_clause_that_prevails_is_no_clash() -> None:
    never = replace(SHARING, id="A9", effect=Effect.MUST_NOT, tlp_up_to=None)
    stronger = replace(SHARING, notwithstanding=("A9",))
    assert ask(QUESTION, replace(BILATERAL, clauses=(SHARING, never))).verdict is Verdict.REFUSED
    assert ask(QUESTION, replace(BILATERAL, clauses=(stronger, never))).verdict is Verdict.ALLOWED
    both = replace(never, notwithstanding=("A1",))
    assert ask(QUESTION, replace(BILATERAL, clauses=(stronger, both))).verdict is Verdict.REFER


def suspension(on: date) -> LifeEvent:
    return LifeEvent(EventKind.SUSPENSION, on, datetime(2026, 5, 1, tzinfo=UTC), "note verbale 1/2026", party="XA")


def surviving(*, consent_survives: bool) -> Agreement:
    life = replace(BILATERAL.life, survives_suspension=("A2",))
    return replace(BILATERAL, life=life, settles=replace(SETTLED, consent_survives_suspension=consent_survives))


def test_while_suspended_only_what_survives_counts() -> None:
    agreement, events = surviving(consent_survives=True), [suspension(DAY)]
    assert places(ask(QUESTION, agreement, events)) == ["life.suspension"]
    refused = ask(replace(PASSING_ON, originator_consent="none"), agreement, events)
    assert places(refused) == ["A2", "life.suspension"]
    assert ask(replace(PASSING_ON, originator_consent="written"), agreement, events).verdict is Verdict.ALLOWED


def test_a_consent_from_before_the_suspension_counts_only_where_the_file_says_so() -> None:
    agreement, events = surviving(consent_survives=False), [suspension(DAY)]
    consented = replace(PASSING_ON, originator_consent="written")
    assert ask(consented, agreement, events).missing == ("consent_on",)
    before, after = (replace(consented, consent_on=date(2026, 5, 31)), replace(consented, consent_on=DAY))
    assert ask(before, agreement, events).verdict is Verdict.REFUSED
    assert ask(after, agreement, events).verdict is Verdict.ALLOWED


def test_before_entry_into_force_nothing_is_shared() -> None:
    answer = ask(QUESTION, day=date(2026, 3, 31))
    assert (answer.verdict, places(answer)) == (Verdict.REFUSED, ["life.in_force"])


def test_what_binds_a_party_is_all_what_survives_or_nothing() -> None:
    agreement = surviving(consent_survives=True)

    def bound(events: Sequence[LifeEvent], day: date) -> list[str]:
        return [clause.id for clause in binding(agreement, standing(agreement, events, "XA", day, LATE), day)]

    assert bound([], date(2026, 3, 31)) == []
    assert bound([], DAY) == ["A1", "A2", "A3", "A4"]
    assert bound([suspension(DAY)], DAY) == ["A2"]


def test_a_stranger_gets_nothing() -> None:
    answer = ask(replace(QUESTION, recipient="XQ"))
    assert (answer.verdict, places(answer)) == (Verdict.REFUSED, ["life.party"])


def test_a_reservation_takes_the_clause_away_between_its_party_and_the_others_only() -> None:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    events = [LifeEvent(EventKind.RESERVATION, DAY, made, "instrument of ratification", party="XM", clauses=("A1",))]
    toward = replace(QUESTION, recipient="XM")
    assert places(ask(toward, CIRCLE, events)) == [None, "life.reservation"]
    assert ask(replace(QUESTION, recipient="XI"), CIRCLE, events).verdict is Verdict.ALLOWED
    assert ask(toward, CIRCLE, events, day=date(2026, 5, 31)).verdict is Verdict.ALLOWED


def test_exercise_objects_are_exercise_material_whatever_they_look_like() -> None:
    assert ask(replace(QUESTION, exercise=True)).verdict is Verdict.REFUSED
    training = replace(
        SHARING,
        id="A5",
        information=frozenset({Information.EXERCISE_MATERIAL}),
        purposes=frozenset({Purpose.TRAINING}),
    )
    agreement = replace(BILATERAL, clauses=(SHARING, training))
    answer = ask(replace(QUESTION, exercise=True, purpose="training"), agreement)
    assert (answer.verdict, places(answer)) == (Verdict.ALLOWED, ["A5"])


def test_a_new_party_gets_the_backlog_only_where_the_file_says_so() -> None:
    assert ask(QUESTION).backlog_from is None
    narrow = replace(BILATERAL, settles=replace(SETTLED, backlog_for_new_party=Backlog.FROM_JOINING))
    assert ask(QUESTION, narrow).backlog_from == date(2026, 4, 1)


def test_an_amended_clause_counts_on_its_days_only() -> None:
    old = replace(SHARING, valid_until=DAY)
    new = replace(SHARING, id="A1 (2026)", tlp_up_to=Tlp.GREEN, valid_from=date(2026, 6, 2))
    agreement = replace(BILATERAL, clauses=(old, new))
    assert places(ask(QUESTION, agreement)) == ["A1"]
    assert places(ask(QUESTION, agreement, day=date(2026, 6, 2))) == ["A1 (2026)"]


def test_a_clause_may_bind_some_parties_only() -> None:
    to_xi = replace(SHARING, recipients=frozenset({"XI"}))
    to_nobody = replace(SHARING, recipients=frozenset())
    circle = replace(CIRCLE, clauses=(to_xi,))
    assert ask(replace(QUESTION, recipient="XI"), circle).verdict is Verdict.ALLOWED
    assert ask(replace(QUESTION, recipient="XM"), circle).verdict is Verdict.REFUSED
    assert ask(replace(QUESTION, recipient="XI"), replace(CIRCLE, clauses=(to_nobody,))).verdict is Verdict.REFUSED


def test_a_permission_with_an_exception_does_not_permit_what_is_excepted() -> None:
    narrow = replace(SHARING, exceptions=(Condition(tlp=frozenset({Tlp.CLEAR})),))
    agreement = replace(BILATERAL, clauses=(narrow,))
    assert ask(QUESTION, agreement).verdict is Verdict.ALLOWED
    assert ask(replace(QUESTION, tlp=Tlp.CLEAR), agreement).verdict is Verdict.REFUSED
