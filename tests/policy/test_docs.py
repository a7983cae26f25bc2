"""The page on agreement files says what the form does."""

import enum
import re
from pathlib import Path

import pytest

from comity.acts.agreement_files import read_bytes
from comity.policy import vocabulary
from comity.policy.agreement_form import KEYS, QUESTIONS
from comity.policy.clause_form import CLAUSE_KEYS
from comity.policy.examples import run, untouched
from comity.policy.life_events import EventKind
from comity.policy.life_form import LIFE_KEYS
from comity.policy.markings import LABELS

PAGE = (Path(__file__).parents[2] / "docs" / "agreements.md").read_text(encoding="utf-8")
READ_ELSEWHERE = {"Weekday", "CountedFrom", "RenewalKind", "NoticeBy"}
VOCABULARIES = [
    one
    for name, one in vars(vocabulary).items()
    if isinstance(one, type)
    and issubclass(one, enum.StrEnum)
    and one is not enum.StrEnum
    and name not in READ_ELSEWHERE
]


def test_the_file_on_the_page_is_right_and_every_clause_has_an_example() -> None:
    (block,) = re.findall(r"```yaml\n(agreement:.*?)```", PAGE, re.DOTALL)
    reading = read_bytes(block.encode())
    assert reading.problems == ()
    assert reading.agreement is not None
    assert all(result.passed for result in run(reading.agreement))
    assert untouched(reading.agreement) == ()


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda one: str(one.__name__))
def test_every_word_of_every_vocabulary_is_on_the_page(vocabulary: type[enum.StrEnum]) -> None:
    assert [str(word) for word in vocabulary if f"`{word}`" not in PAGE] == []


def test_every_key_every_question_and_every_event_is_on_the_page() -> None:
    words = {*KEYS, *CLAUSE_KEYS, *LIFE_KEYS, *QUESTIONS, *EventKind, *LABELS}
    assert (
        sorted(word for word in words if not re.search(rf"`[^`]*(?<![\w-]){re.escape(word)}(?![\w-])[^`]*`", PAGE))
        == []
    )
