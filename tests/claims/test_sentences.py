"""What single sentences say: who, what, in which sense; and what looks like a claim and is none."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.claims.lines import lines, statements_of

FILE = Path(__file__).parent / "sentences.yaml"
SENTENCES: list[dict[str, Any]] = yaml.load(FILE.read_bytes(), Loader=yaml.CSafeLoader)


@pytest.mark.parametrize("one", SENTENCES, ids=lambda one: one["says"])
def test_a_sentence_says(one: dict[str, Any]) -> None:
    assert lines(one["says"]) == one["means"]


def test_every_statement_stands_where_its_offsets_say() -> None:
    text = "Preamble.\n\nGhana signed the Budapest Convention.   It has not signed the Paris Call.\n"
    found = [(text[one.start : one.end], text[one.at : one.until]) for one in statements_of(text)]
    assert found == [
        ("Ghana signed the Budapest Convention.", "signed"),
        ("It has not signed the Paris Call.", "has not signed"),
    ]
