"""Scenario files: found in the catalogue or named by the user, read with every problem placed; written back."""

from pathlib import Path
from typing import Final

from comity.acts.agreement_files import FileProblemError, read_tree
from comity.acts.frameworks import FrameworkUnknown, framework
from comity.policy.exercise_form import ScenarioReading, named_framework, read_scenario
from comity.policy.exercise_tree import scenario_tree
from comity.policy.exercises import MARK, Scenario, clock
from comity.policy.saying import of_error, sentence
from comity.policy.tree import Node, Problem
from comity.policy.tree_text import write

CATALOGUE: Final = Path(__file__).parents[3] / "catalogues" / "exercises"
LARGEST: Final = 1_000_000  # bytes of a scenario's file


def scenario_file(path: Path) -> ScenarioReading:
    """Read a scenario file; OSError when there is none, UnicodeDecodeError where it is no text."""
    return scenario_text(path.read_text(encoding="utf-8-sig"))


def scenario_text(content: str) -> ScenarioReading:
    """Read the text of a scenario file, its indicators and aspects against the framework that it names."""
    if len(content) > LARGEST:
        return ScenarioReading(
            None, (Problem(1, 1, sentence("the file is larger than 1 MB"), sentence("check that it is a scenario")),)
        )
    try:
        return scenario_of(read_tree(content))
    except FileProblemError as error:
        return ScenarioReading(None, (error.problem,))


def scenario_of(root: Node) -> ScenarioReading:
    """Read a located tree, as above."""
    name = named_framework(root)
    if not name:
        return read_scenario(root)
    try:
        return read_scenario(root, framework(name))
    except FrameworkUnknown as error:
        place = Problem(root.line, root.column, of_error(error), sentence("name one of them, or take `framework:` out"))
        return ScenarioReading(None, (place,))


def catalogue() -> list[Scenario]:
    """Give the scenarios of the catalogue, by id."""
    found = [scenario_file(path).scenario for path in sorted(CATALOGUE.glob("*.yaml"))]
    return [one for one in found if one is not None]


def written(scenario: Scenario) -> str:
    """Write a scenario as its file, marked as exercise in its first line."""
    return f"# {MARK}\n{write(scenario_tree(scenario))}"


def lacks(scenario: Scenario) -> tuple[str, ...]:
    """Say what keeps a scenario from being played over the exchange; nothing keeps it from being played on paper."""
    nameless = [f"the team {one.id} has no `party`" for one in scenario.teams if not one.party]
    twice = {one.party for one in scenario.teams if one.party and
             sum(other.party == one.party for other in scenario.teams) > 1}  # fmt: skip
    late = [f"the inject {one.id} comes at {clock(one.at)}, after the end at {clock(scenario.lasts)}"
            for one in scenario.injects if not one.after and one.at > scenario.lasts]  # fmt: skip
    nothing = [] if scenario.expected else ["nothing is expected of anybody, so nothing can be scored"]
    return (*nameless, *(f"more than one team plays for {party}" for party in sorted(twice)), *late, *nothing)
