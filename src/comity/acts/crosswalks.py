"""Crosswalk files: found in the catalogue or named by the user, every item looked up in its framework."""

import functools
from pathlib import Path

from comity.acts import frameworks
from comity.acts.agreement_files import FileProblemError, read_tree
from comity.acts.frameworks import FrameworkUnknown
from comity.policy.crosswalk_form import CrosswalkReading, read_crosswalk
from comity.policy.crosswalks import Crosswalk, Items
from comity.policy.saying import of_error, sentence
from comity.policy.tree import Node, Problem

CATALOGUE = Path(__file__).parents[3] / "catalogues" / "crosswalks"


def crosswalk_file(path: Path) -> CrosswalkReading:
    """Read a crosswalk file between frameworks of the catalogue; OSError when there is none."""
    try:
        return checked(read_tree(path.read_text(encoding="utf-8")))
    except FileProblemError as error:
        return CrosswalkReading(None, (error.problem,))


def checked(root: Node) -> CrosswalkReading:
    """Read a located tree as a crosswalk, and look every item up in the frameworks that it names."""
    reading = read_crosswalk(root)
    if reading.crosswalk is None:
        return reading
    try:
        ends = reading.crosswalk.source, reading.crosswalk.target
        source, target = (Items(frameworks.framework(*end)) for end in ends)
    except FrameworkUnknown as error:
        return CrosswalkReading(
            None, (Problem(root.line, root.column, of_error(error), sentence("name one of these")),)
        )
    return read_crosswalk(root, source, target)


def catalogue() -> list[Crosswalk]:
    """Give every crosswalk of the catalogue, by id."""
    found = [_as_of(path, path.stat().st_mtime_ns) for path in sorted(CATALOGUE.glob("*.yaml"))]
    return [one for one in found if one is not None]


@functools.lru_cache(maxsize=64)
def _as_of(path: Path, changed_at: int) -> Crosswalk | None:  # noqa: ARG001 - a changed file is read anew
    return crosswalk_file(path).crosswalk
