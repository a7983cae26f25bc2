"""Framework files and files of answers: the catalogue is whole, and each slip is told with its place and its mend."""

import pytest

from comity.acts import frameworks
from comity.acts.agreement_files import read_tree
from comity.policy.framework_form import read_answers, read_framework

SMALL = """framework: port
edition: "1"
name: {en: Ports, es: Puertos}
owner: Port authority
levels: [area, aspect]
stages: [{id: none, name: None}, {id: basic, name: Basic}, {id: good, name: Good}]
parts:
  - id: P1
    name: Gates
    parts:
      - id: P1.1
        name: Guards
        floor: [Nobody stands there]
        indicators:
          basic: {P1.1.b1: A guard stands there}
          good: {P1.1.g1: The guard is trained}
"""
ANSWERS = "framework: port\nedition: '1'\nof: NO\non: 2026-11-24\nanswers:\n  P1.1.b1: met\n"


def test_the_cmm_of_2021_is_whole() -> None:
    cmm = frameworks.framework("cmm", "2021")
    assert [sum(1 for _ in cmm.depth(depth)) for depth in range(3)] == [5, 23, 62]
    assert [one.id for one in cmm.stages] == ["start-up", "formative", "established", "strategic", "dynamic"]
    for aspect in cmm.aspects():
        assert aspect.floor, aspect.id
        assert {one.stage for one in aspect.indicators} == {1, 2, 3, 4}, aspect.id
        assert aspect.basis in {"direct", "split"}


def test_a_ministry_can_write_its_own() -> None:
    found = read_framework(read_tree(SMALL)).framework
    assert found is not None
    assert found.name == (("en", "Ports"), ("es", "Puertos"))
    answers = read_answers(read_tree(ANSWERS), found).answers
    assert answers is not None
    assert answers.of == "NO"


WRONG = [
    ("levels: [area, aspect]", "levels: [area]", "10:5", "lies deeper than `levels` names"),
    ("id: P1.1", "id: P1", "11:13", "stands here for the second time"),
    ("good: {", "god: {", "16:11", "there is no stage “god”"),
    ("basic: {", "none: {", "15:11", "is the floor and has no indicators"),
    ("P1.1.g1", "P1.1.b1", "16:18", "stands here for the second time"),
    ("owner: Port authority\n", "", "1:1", "lacks `owner`"),
    ("        floor:", "        flor:", "13:9", "has no field “flor”"),
    (", {id: basic, name: Basic}, {id: good, name: Good}", "", "6:9", "fewer than two stages"),
]


@pytest.mark.parametrize(("old", "new", "place", "said"), WRONG)
def test_a_slip_in_a_framework_is_told_with_its_place(old: str, new: str, place: str, said: str) -> None:
    assert old in SMALL
    reading = read_framework(read_tree(SMALL.replace(old, new)))
    assert reading.framework is None
    told = [one.at("f") for one in reading.problems]
    assert any(line.startswith(f"f:{place}: ") and said in line for line in told), told


@pytest.mark.parametrize(("old", "new", "place", "said"), [
    ("P1.1.b1: met", "P1.1.b2: met", "6:3", "has no indicator “P1.1.b2”"),
    ("b1: met", "b1: Met", "6:12", "is not one of its words"),
    ("b1: met", "b1: not applicable", "6:12", "without a reason"),
    ("b1: met", "b1: {answer: met, until: 2026-02-30}", "6:33", "the calendar does not have"),
    ("edition: '1'", "edition: '2'", "1:1", "these answers are to port, edition 2"),
    ("of: NO\n", "", "1:1", "lacks `of`"),
])  # fmt: skip
def test_a_slip_in_answers_is_told_with_its_place(old: str, new: str, place: str, said: str) -> None:
    framework = read_framework(read_tree(SMALL)).framework
    assert framework is not None
    assert old in ANSWERS
    told = [one.at("f") for one in read_answers(read_tree(ANSWERS.replace(old, new)), framework).problems]
    assert any(line.startswith(f"f:{place}: ") and said in line for line in told), told
