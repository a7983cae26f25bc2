"""A wrong file gets one clear line, with the place and the mend."""

import re
from pathlib import Path

import pytest

from comity.acts.agreement_files import LARGEST, read_bytes
from comity.policy.tree import Problem
from tests.policy.wrong_files import WRONG_FILES, Wrong

RIGHT = (Path(__file__).parent / "files" / "ardenia-2027.yaml").read_text(encoding="utf-8")


def only_problem(content: bytes) -> Problem:
    reading = read_bytes(content)
    assert reading.agreement is None
    lines = [problem.at("file.yaml") for problem in reading.problems]
    assert len(lines) == 1, lines
    return reading.problems[0]


def test_there_are_enough_of_them_and_each_has_a_name_of_its_own() -> None:
    assert len({wrong.name for wrong in WRONG_FILES}) == len(WRONG_FILES) >= 40


@pytest.mark.parametrize("wrong", WRONG_FILES, ids=lambda wrong: wrong.name)
def test_one_edit_gives_one_line_with_place_and_mend(wrong: Wrong) -> None:
    edited = RIGHT.replace(wrong.old, wrong.new, 1)
    assert edited != RIGHT
    problem = only_problem(edited.encode())
    lines = edited.splitlines()
    assert wrong.on_line_with in lines[problem.line - 1]
    assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
    told = problem.at("file.yaml")
    assert told.startswith(f"file.yaml:{problem.line}:{problem.column}: ")
    assert ". Mend: " in told
    assert told.endswith(".")
    assert "\n" not in told
    assert [word for word in wrong.words if word not in told] == []


def test_an_empty_file_is_called_empty() -> None:
    for content in (b"", b"\n\n", b"# only a remark\n", b"---\n"):
        assert only_problem(content).what == "the file is empty"


def test_bytes_that_are_not_utf_8_are_found_where_they_stand() -> None:
    problem = only_problem(RIGHT.replace("Ardenia}", "Ard\x00}", 1).encode().replace(b"\x00", b"\xe9"))
    assert (problem.line, problem.what) == (7, "the file is not UTF-8 text from here on")
    assert only_problem(RIGHT.encode("utf-16")).line == 1


def test_a_control_character_is_found_where_it_stands() -> None:
    problem = only_problem(RIGHT.replace("political", "poli\x07tical", 1).encode())
    assert (problem.line, problem.column) == (5, 12)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    right = read_bytes(RIGHT.encode()).agreement
    assert right is not None
    assert read_bytes(b"\xef\xbb\xbf" + RIGHT.encode()).agreement == right
    assert read_bytes(RIGHT.replace("\n", "\r\n").encode()).agreement == right


def test_a_list_or_a_single_word_is_no_agreement() -> None:
    assert "a list, not a map" in only_problem(b"- agreement\n").what
    assert "the text “agreement”, not a map" in only_problem(b"agreement\n").what


def test_what_is_much_too_large_or_too_deep_is_not_read() -> None:
    assert "larger than 1 MB" in only_problem(b"a: " + b"x" * LARGEST).what
    assert "levels of indentation" in only_problem(b"[" * 500 + b"]" * 500).what


def test_norway_is_norway() -> None:
    norway = re.sub(r"\bAR\b", "NO", RIGHT)
    reading = read_bytes(norway.encode())
    assert reading.problems == ()
    assert reading.agreement is not None
    assert [party.code for party in reading.agreement.parties] == ["BS", "NO"]
