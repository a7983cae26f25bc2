"""An agreement written as a file reads back as the same agreement."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.acts.agreement_files import read_bytes, read_file, read_tree
from comity.policy.agreement_tree import agreement_text
from comity.policy.agreements import (
    Agreement,
    Backlog,
    Beside,
    Clause,
    Condition,
    DueStep,
    Life,
    Party,
    Provisional,
    Recurrence,
    Renewal,
    Reservation,
    Settlement,
    Suspension,
    Termination,
)
from comity.policy.clause_form import asks_for_consent
from comity.policy.dates import Period, Unit, WorkCalendar
from comity.policy.example_form import THIRD_PARTY
from comity.policy.example_lines import (
    DutyExample,
    NoticeExample,
    QuestionExample,
    RequestExample,
    StandingExample,
    SuspensionExample,
    TermExample,
)
from comity.policy.markings import Tlp
from comity.policy.questions import Question, Verdict
from comity.policy.standing import State
from comity.policy.tree import Mapping, Node, Scalar, Sequence
from comity.policy.tree_text import write
from comity.policy.vocabulary import (
    Action,
    Approval,
    Consent,
    CountedFrom,
    Effect,
    Force,
    Information,
    MonthEnd,
    NoticeBy,
    PersonalData,
    Purpose,
    Redaction,
    RenewalKind,
    Silence,
    Trigger,
    Urgency,
    WhoseHolidays,
    YesNo,
)

HERE = Path(__file__).parent
OURS = (HERE.parents[1] / "catalogues" / "agreements").glob("*.yaml")
FILES = [*sorted(OURS), HERE / "files" / "ardenia-2027.yaml"]


def back(agreement: Agreement) -> Agreement | None:
    reading = read_bytes(agreement_text(agreement).encode())
    assert [problem.at("file") for problem in reading.problems] == []
    return reading.agreement


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_of_ours_goes_there_and_back(path: Path) -> None:
    agreement = read_file(path).agreement
    assert agreement is not None
    assert back(agreement) == agreement
    again = read_bytes(agreement_text(agreement).encode()).agreement
    assert again is not None
    assert agreement_text(again) == agreement_text(agreement)


AWKWARD = [
    "NO",
    "on",
    "yes",
    "null",
    "~",
    "22:00",
    "1.10",
    "0x1F",
    "- a",
    "# b",
    "a: b",
    "{x}",
    "[y]",
    "'",
    '"',
    "é\u2028\x85",
    " x ",
    "a\nb",
    "\\n",
    "&a",
    "*a",
    "!a",
    "%",
    "@",
    "`",
    "<<",
    "\U0001f3dd",
    "\ufeff",
    "a" * 300,
]
texts = st.sampled_from(AWKWARD) | st.text(
    st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20
).filter(str.strip)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
moments = st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2100-01-01")).map(
    lambda when: when.replace(second=0, microsecond=0)
)
terms = st.builds(
    Period, st.integers(1, 9999), st.sampled_from((Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS))
).filter(lambda term: term.within_reach)
periods = terms | st.builds(Period, st.integers(1, 9999), st.sampled_from((Unit.HOURS, Unit.WORKING_DAYS)))
CODES = ("BS", "NO", "XA-1")
CLAUSES = ("A1", "A.2", "3: über")


def some(one: st.SearchStrategy[object], most: int = 3) -> st.SearchStrategy[object]:
    return st.lists(one, min_size=1, max_size=most, unique=True).map(tuple)


def chosen(words: object) -> st.SearchStrategy[object]:
    return st.none() | st.frozensets(st.sampled_from(words), min_size=1, max_size=3)  # type: ignore[call-overload]


conditions = st.builds(
    Condition,
    personal_data=chosen(PersonalData),
    originator_consent=chosen(Consent),
    authority_approval=chosen(Approval),
    purpose=chosen(Purpose),
    information=chosen(Information),
    tlp=chosen(Tlp),
    tlp_up_to=st.none() | st.sampled_from(Tlp),
    exercise=st.none() | st.sampled_from(YesNo),
    emergency=st.none() | st.sampled_from(YesNo),
).filter(lambda condition: condition != Condition())

scopes = {
    "says": texts,
    "actions": st.frozensets(st.sampled_from(Action), min_size=1),
    "information": chosen(Information),
    "purposes": chosen(Purpose),
    "senders": st.none() | st.frozensets(st.sampled_from(CODES)),
    "recipients": st.none() | st.frozensets(st.sampled_from(CODES)),
    "when": st.none() | conditions,
    "exceptions": st.lists(conditions, max_size=2).map(lambda found: tuple(dict.fromkeys(found))),
    "instead": st.none() | texts,
    "silence_means": st.none() | st.sampled_from(Silence),
    "silence_after": st.none() | periods,
    "valid_from": st.none() | days,
}
recurrences = (
    st.builds(Recurrence, terms, st.none() | days)
    | st.tuples(st.integers(1, 12), st.integers(1, 28)).map(
        lambda pair: Recurrence(Period(1, Unit.YEARS), by_month=pair[0], by_day=pair[1])
    )
    | st.just(Recurrence(Period(1, Unit.YEARS), by_month=2, by_day=29))
)
named_periods = st.dictionaries(texts, terms, min_size=1, max_size=2).map(lambda found: tuple(found.items()))
steps = st.dictionaries(texts, periods, min_size=1, max_size=2).map(
    lambda found: tuple(DueStep(Urgency.NORMAL, step, within) for step, within in found.items())
)
clause_kinds = (
    st.builds(Clause, st.just(""), effect=st.just(Effect.MAY), tlp_up_to=st.none() | st.sampled_from(Tlp), **scopes),
    st.builds(
        Clause,
        st.just(""),
        effect=st.just(Effect.MUST),
        duties=some(texts),
        redact=st.sampled_from([(), (Redaction.PERSONAL_DATA,)]),
        **scopes,
    ),
    st.builds(
        Clause,
        st.just(""),
        texts,
        st.just(Effect.MUST),
        trigger=st.sampled_from(Trigger),
        clock_party=st.none() | st.sampled_from(WhoseHolidays),
        due=steps,
        if_missed=st.none() | texts,
    ),
    st.builds(
        Clause,
        st.just(""),
        texts,
        st.just(Effect.MUST),
        repeats=recurrences,
        then=st.just(()) | named_periods,
        amount=st.dictionaries(texts, st.integers(1, 999_999), max_size=2).map(lambda found: tuple(found.items())),
        evidence=st.none() | texts,
    ),
)
questions = st.builds(
    Question,
    action=st.just(Action.SHARE),
    information=st.none() | st.sampled_from(Information),
    purpose=st.none() | st.sampled_from(Purpose),
    tlp=st.none() | st.sampled_from(Tlp),
    personal_data=st.none() | st.sampled_from(PersonalData),
    sender=st.sampled_from(CODES),
    recipient=st.sampled_from(CODES),
    exercise=st.booleans(),
    originator_consent=st.none() | st.sampled_from(Consent),
    authority_approval=st.none() | st.sampled_from(Approval),
    emergency=st.booleans(),
    consent_on=st.none() | days,
)
onward = st.builds(replace, questions, action=st.just(Action.PASS_ON), recipient=texts | st.just(THIRD_PARTY))
examples = (
    st.builds(
        QuestionExample,
        days,
        questions | onward,
        st.sampled_from(Verdict),
        by=st.just(()) | some(st.sampled_from((*CLAUSES, "life.suspension", "no clause"))),
        with_=st.just(()) | some(st.sampled_from(CLAUSES)),
        missing=st.just(()) | some(st.sampled_from(("purpose", "tlp"))),
        redact=st.sampled_from([(), ("personal data",)]),
        suspended=st.none() | st.tuples(days, days).map(lambda two: (min(two), max(two))),
        ended_on=st.none() | days,
        backlog_from=st.none() | days,
    ),
    st.builds(NoticeExample, days, days, st.booleans()),
    st.builds(TermExample, st.integers(1, 99), days, st.none() | days),
    st.builds(
        RequestExample,
        moments,
        st.sampled_from(Urgency),
        st.sampled_from(CODES),
        st.none() | st.sampled_from(CODES),
        st.none() | days | moments,
        st.none() | days | moments,
        st.sampled_from((Trigger.REQUEST, Trigger.INCIDENT, Trigger.BREACH)),
    ),
    st.builds(DutyExample, st.sampled_from(CLAUSES), days, st.integers(1, 9), st.none()),
    st.builds(SuspensionExample, moments, days, st.none() | days),
    st.builds(StandingExample, days, st.sampled_from(CODES), st.sampled_from(State).map(str)),
)
lives = st.builds(
    Life,
    in_force=days,
    first_term=st.just(Period(100, Unit.YEARS)),
    renewal=st.none()
    | st.builds(
        Renewal,
        st.sampled_from(RenewalKind),
        st.just(Period(5200, Unit.WEEKS)),
        st.none() | st.builds(Period, st.integers(1, 9000), st.just(Unit.DAYS)),
        st.sampled_from(CountedFrom),
    ),
    termination=st.none()
    | st.builds(Termination, st.sampled_from(NoticeBy), terms, st.sampled_from(CountedFrom), st.none() | texts),
    suspension=st.none()
    | st.builds(Suspension, st.sampled_from(NoticeBy), st.none() | periods, st.none() | terms, st.none() | texts),
    accession=st.none() | texts,
    survives_suspension=st.just(()) | some(st.sampled_from(CLAUSES)),
    survives_end=st.just(()) | some(st.sampled_from(CLAUSES)),
)
conditional_lives = st.builds(
    Life,
    in_force_when=texts,
    provisional=st.none() | st.builds(Provisional, days, st.none() | some(st.sampled_from(CLAUSES))),
)
calendars = st.builds(
    WorkCalendar, st.frozensets(days, max_size=3), st.frozensets(st.integers(0, 6), min_size=1, max_size=3)
)


def asking(clause: Clause) -> Clause:
    """Leave a time for an answer out where nobody is asked for one."""
    return clause if asks_for_consent(clause) else replace(clause, silence_after=None)


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    """Generate an agreement out of everything that a file can say."""
    parties = [Party(code, draw(texts), calendar=draw(calendars)) for code in CODES]
    joins = draw(st.none() | st.dates(date(2101, 1, 1), date(2102, 1, 1)))
    lead, contact = draw(st.none() | texts), draw(st.none() | texts)
    parties[2] = replace(parties[2], original=False, joins=joins, lead=lead, contact=contact)
    return Agreement(
        name=draw(texts),
        title=draw(st.none() | texts),
        language=draw(st.sampled_from(("en", "es", "pt-BR"))),
        fictional=draw(st.booleans()),
        force=draw(st.sampled_from(Force)),
        parties=tuple(parties),
        groups=draw(st.sampled_from([(), (("all of us", CODES), ("nobody", ()))])),
        time_zone=draw(st.sampled_from(("America/Nassau", "Etc/UTC"))),
        life=draw(lives | conditional_lives),
        settles=Settlement(
            draw(st.sampled_from(WhoseHolidays)),
            draw(st.sampled_from(MonthEnd)),
            draw(st.booleans()),
            draw(st.booleans()),
            draw(st.booleans()),
            draw(st.sampled_from(Beside)),
            draw(st.sampled_from(Backlog)),
        ),
        reservations=tuple(
            draw(
                st.lists(
                    st.builds(
                        Reservation,
                        st.sampled_from(CODES),
                        some(st.sampled_from(CLAUSES)),
                        st.none() | days,
                        st.none() | texts,
                    ),
                    max_size=2,
                )
            )
        ),
        words=tuple(draw(st.dictionaries(texts, texts, max_size=2)).items()),
        clauses=tuple(asking(replace(draw(st.one_of(clause_kinds)), id=number)) for number in CLAUSES),
        examples=tuple(draw(st.lists(st.one_of(examples), max_size=3))),
    )


@settings(max_examples=50, deadline=None)
@given(agreements())
def test_every_agreement_goes_there_and_back(agreement: Agreement) -> None:
    assert back(agreement) == agreement


trees = st.recursive(
    texts.map(Scalar),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: Sequence(tuple(items)))
        | st.dictionaries(texts, inner, max_size=3).map(
            lambda found: Mapping(tuple((Scalar(key), value) for key, value in found.items()))
        )
    ),
    max_leaves=12,
)


def bare(node: Node) -> Node:
    """Take the places out of a tree."""
    match node:
        case Scalar(text=text):
            return Scalar(text)
        case Sequence(items=items):
            return Sequence(tuple(map(bare, items)))
        case Mapping(entries=entries):
            return Mapping(tuple((Scalar(key.text), bare(value)) for key, value in entries))


@settings(max_examples=50, deadline=None)
@given(trees)
def test_every_tree_goes_there_and_back_as_text(tree: Node) -> None:
    assert bare(read_tree(write(tree))) == tree
