"""Framework files and files of answers: found in the catalogue or named by the user, read with every problem placed."""

import functools
from pathlib import Path

from comity.acts.agreement_files import FileProblemError, read_tree
from comity.policy.framework_form import AnswersReading, FrameworkReading, read_answers, read_framework
from comity.policy.frameworks import Framework
from comity.policy.saying import of_error, sentence
from comity.policy.staging import Answer
from comity.policy.tree import Mapping, Problem, Scalar

CATALOGUE = Path(__file__).parents[3] / "catalogues" / "frameworks"


class FrameworkUnknown(LookupError):
    """No framework of this id and edition is in the catalogue; the message names those that are."""


def framework_file(path: Path) -> FrameworkReading:
    """Read a framework file; OSError when there is none."""
    try:
        return read_framework(read_tree(_text(path)))
    except FileProblemError as error:
        return FrameworkReading(None, (error.problem,))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FileProblemError(
            Problem(1, 1, sentence("the file is not UTF-8 text"), sentence("save it as UTF-8"))
        ) from error


def catalogue() -> list[Framework]:
    """Give every framework of the catalogue, by id and edition."""
    found = [_as_of(path, path.stat().st_mtime_ns) for path in sorted(CATALOGUE.glob("*.yaml"))]
    return sorted((one for one in found if one is not None), key=lambda one: (one.id, one.edition))


@functools.lru_cache(maxsize=64)
def _as_of(path: Path, changed_at: int) -> Framework | None:  # noqa: ARG001 - a changed file is read anew
    return framework_file(path).framework


def framework(name: str, edition: str = "") -> Framework:
    """Find a framework; of several editions the latest. FrameworkUnknown when there is none."""
    there = catalogue()
    found = [one for one in there if one.id == name and edition in ("", one.edition)]
    if not found:
        known = ", ".join(f"{one.id} {one.edition}" for one in there)
        raise FrameworkUnknown(
            sentence(
                "there is no framework “{name}” here; there are {known}", name=f"{name} {edition}".strip(), known=known
            )
        )
    return found[-1]


def answers_file(path: Path, of: Framework | None = None) -> AnswersReading:
    """Read a file of answers, to *of* or to the framework that the file names; OSError when there is no file."""
    try:
        root = read_tree(_text(path))
    except FileProblemError as error:
        return AnswersReading(None, (error.problem,))
    if of is None:
        named = {key.text: value for key, value in root.entries} if isinstance(root, Mapping) else {}
        name, edition = named.get("framework", Scalar("")), named.get("edition", Scalar(""))
        try:
            of = framework(*(part.text if isinstance(part, Scalar) else "" for part in (name, edition)))
        except FrameworkUnknown as error:
            place = name if "framework" in named else root
            return AnswersReading(
                None, (Problem(place.line, place.column, of_error(error), sentence("name one of these")),)
            )
    return read_answers(root, of)


def blank(of: Framework, whose: str, on: str) -> str:
    """Write an empty file of answers, each indicator with its words beside it."""
    lines = [f"framework: {of.id}", f'edition: "{of.edition}"', f"of: {whose}", f"on: {on}",
             f"# Each answer is one of: {', '.join(Answer)}. Or a map: {{answer: met, evidence: [title], until: day}}.",
             "answers:"]  # fmt: skip
    for aspect in of.aspects():
        lines.append(f"  # {aspect.id} {aspect.name[0][1]}")
        lines += [
            f"  {one.id}: unknown  # {of.stages[one.stage].name[0][1]}: {one.text[0][1]}" for one in aspect.indicators
        ]
    return "\n".join(lines) + "\n"
