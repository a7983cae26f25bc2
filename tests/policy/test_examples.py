"""The examples inside agreement files, run as the tests that counsel signs."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from comity.acts.agreement_files import read_file
from comity.policy.agreements import Agreement
from comity.policy.example_lines import Example, QuestionExample, TermExample
from comity.policy.examples import Difference, run, run_one, untouched
from comity.policy.questions import Verdict

HERE = Path(__file__).parent
CATALOGUE = sorted((HERE.parents[1] / "catalogues" / "agreements").glob("*.yaml"))
WORKED = HERE / "files" / "ardenia-2027.yaml"


def read(path: Path) -> Agreement:
    reading = read_file(path)
    assert [problem.at(path.name) for problem in reading.problems] == []
    assert reading.agreement is not None
    return reading.agreement


def cases() -> list[tuple[Agreement, Example]]:
    return [(agreement, example) for agreement in map(read, [WORKED, *CATALOGUE]) for example in agreement.examples]


@pytest.mark.parametrize(
    ("agreement", "example"), [pytest.param(a, e, id=f"{a.name}-line-{e.line}") for a, e in cases()]
)
def test_every_example_of_every_file_passes(agreement: Agreement, example: Example) -> None:
    assert run_one(agreement, example).differences == ()


def test_the_worked_file_has_fourteen_examples() -> None:
    assert len(read(WORKED).examples) == 14


def test_the_catalogue_has_three_agreements_all_marked_fictional_and_every_clause_has_an_example() -> None:
    agreements = [read(path) for path in CATALOGUE]
    assert [agreement.name for agreement in agreements] == [
        "BS-XA cyber MoU",
        "BS-XN exchange",
        "Caribbean CERT circle",
    ]
    assert all(agreement.fictional for agreement in agreements)
    assert [untouched(agreement) for agreement in agreements] == [(), (), ()]


def test_the_clauses_that_no_example_touches_are_named() -> None:
    assert untouched(read(WORKED)) == ("A4.2", "A4.6", "A6", "A7")


def test_an_example_that_fails_names_the_field_that_differs() -> None:
    agreement = read(WORKED)
    first = agreement.examples[0]
    assert isinstance(first, QuestionExample)
    wrong = replace(first, answer=Verdict.REFUSED, by=("A4.3",))
    assert run_one(agreement, wrong).differences == (
        Difference("answer", "refused", "allowed"),
        Difference("by", "A4.3", "A4.1"),
    )
    results = run(replace(agreement, examples=(wrong, first)))
    assert [result.passed for result in results] == [False, True]


def test_an_example_beyond_the_calendar_fails_and_says_so() -> None:
    agreement = read(WORKED)
    found = run_one(agreement, TermExample(100_000, date(2030, 1, 1)))
    assert [difference.field for difference in found.differences] == ["calendar"]


def test_a_term_that_cannot_be_computed_fails_instead_of_passing() -> None:
    agreement = read(CATALOGUE[-1])
    term = TermExample(1, date(2030, 1, 1))
    assert [difference.field for difference in run_one(agreement, term).differences] == ["term"]
