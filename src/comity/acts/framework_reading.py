"""Frameworks, crosswalks and answers read from the forms of others: losses told and errors placed.

Which form a file is in is told by what it holds: our own YAML, a workbook, OSCAL (catalog, profile, mapping, assessment
results), a library of CISO Assistant.
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import openpyxl
import yaml
from openpyxl.utils.exceptions import InvalidFileException

from comity.acts import crosswalks, frameworks
from comity.acts.agreement_files import FileProblemError, read_tree
from comity.policy import (
    ciso_library,
    ciso_mapping,
    ciso_sheets,
    crosswalk_form,
    framework_sheets,
    oscal_catalog,
    oscal_findings,
    oscal_mapping,
    oscal_profile,
    oscal_results,
    oscal_xml,
)
from comity.policy.crosswalks import Crosswalk, Items
from comity.policy.framework_form import Answers, read_answers, read_framework
from comity.policy.frameworks import Framework
from comity.policy.json_tree import JsonProblemError, read_json
from comity.policy.losses import Taken
from comity.policy.saying import of_error, sentence
from comity.policy.tree import Mapping, Node, Problem, Scalar
from comity.policy.tree import Sequence as Members
from comity.policy.tree_picking import mapping, pick

LARGEST: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Read:
    """One thing that a file holds: a framework, a crosswalk or answers; or the problems against it, as lines."""

    found: Framework | Crosswalk | Answers | None
    losses: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


Beside = Callable[[str], bytes | None]
"""Give the content of a file that stands beside the one that is read, by its name; None where there is none."""


def alone(_name: str) -> bytes | None:
    """Find nothing beside a file that came by itself."""
    return None


def read(path: Path, known: Sequence[Framework] | None = None) -> list[Read]:
    """Read whatever a file holds, its form told by what is in it; OSError when there is no such file.

    Answers are to one of *known*; None: of the catalogue's frameworks.
    """

    def beside(name: str) -> bytes | None:
        there = path.parent / name
        return there.read_bytes() if there.is_file() and there.stat().st_size <= LARGEST else None

    with path.open("rb") as file:
        return read_bytes(file.read(LARGEST + 1), path.name, beside, known)


def read_bytes(
    content: bytes, name: str, beside: Beside = alone, known: Sequence[Framework] | None = None
) -> list[Read]:
    """Read the bytes of a file; problems name it by *name*. What a profile imports is looked for *beside* it."""
    if len(content) > LARGEST:
        line = sentence(
            "{name}: the file is larger than {most} MiB. Mend: name another.", name=name, most=LARGEST >> 20
        )
        return [Read(None, problems=(line,))]
    if content[:4] == b"PK\x03\x04":
        return _workbook(content, name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [
            Read(
                None,
                problems=(
                    Problem(1, 1, sentence("the file is not UTF-8 text"), sentence("save it as UTF-8")).at(name),
                ),
            )
        ]
    try:
        root = _root(text)
    except (JsonProblemError, FileProblemError) as error:
        return [Read(None, problems=(error.problem.at(name),))]
    if isinstance(root, Mapping) and any(key.text == "profile" for key, _value in root.entries):
        return [_profile(root, name, beside)]
    return _read_tree(root, text, name, frameworks.catalogue() if known is None else known)


def _root(text: str) -> Node:
    """Read text as XML, JSON or YAML, by how it begins."""
    if text.lstrip()[:1] == "<":
        return oscal_xml.read_xml(text)
    return read_json(text) if text.lstrip()[:1] == "{" else _others_yaml(text)


def _profile(root: Node, name: str, beside: Beside) -> Read:
    """Read an OSCAL profile as the framework that it makes of the catalog beside it."""

    def find(address: str) -> Node | None:
        file = address.rpartition("/")[2]
        stem = file.rpartition(".")[0] or file
        for one in dict.fromkeys((file, *(f"{stem}{end}" for end in (".json", ".yaml", ".yml", ".xml")))):
            content = None if one == name else beside(one)
            if content is not None:
                try:
                    return _root(content.decode("utf-8-sig"))
                except (UnicodeDecodeError, JsonProblemError, FileProblemError):
                    continue  # another form of it may be whole
        return None

    made = oscal_profile.resolve(root, find)
    if made.catalog is None:
        return Read(None, made.losses, tuple(problem.at(name) for problem in made.problems))
    found = _framework(oscal_catalog.read(mapping(root, catalog=made.catalog)), name)
    return replace(found, losses=(*made.losses, *found.losses))


def _read_tree(root: Node, text: str, name: str, known: Sequence[Framework]) -> list[Read]:
    keys = {key.text for key, _value in root.entries} if isinstance(root, Mapping) else set()
    place = (root.line or 1, root.column or 1)
    others: dict[str, Callable[[], list[Read]]] = {
        "catalog": lambda: [_framework(oscal_catalog.read(root), name)],
        "mapping-collection": lambda: [_crosswalk(one, name) for one in oscal_mapping.read(root)],
        "assessment-results": lambda: [_answers(_results(root, known), name, known)],
        "plan-of-action-and-milestones": lambda: [_answers(oscal_findings.read(root, known), name, known)],
        "objects": lambda: _library(root, name),
    }
    for key, read_it in others.items():
        if key in keys:
            return read_it()
    if keys & {"crosswalk", "levels", "parts", "framework"}:
        return [_own(text, keys, name, known)]
    for key, mend in _NOT_READ.items():
        if key in keys:
            what = sentence("this is an OSCAL {key}, which is not read", key=key)
            return [Read(None, problems=(Problem(*place, what, mend).at(name),))]
    there = ", ".join(sorted(keys)[:6]) or "no keys"
    what = sentence("the file is of none of the forms that can be read: it has {there}", there=there)
    mend = sentence(
        "name a framework, crosswalk or answers of ours, an OSCAL catalog, mapping or results, or a CISO library"
    )
    return [Read(None, problems=(Problem(*place, what, mend).at(name),))]


_SYSTEMS: Final = sentence("it speaks of a system’s controls; name the catalog that they come from")
_NOT_READ: Final = {
    "assessment-plan": _SYSTEMS,
    "system-security-plan": _SYSTEMS,
    "component-definition": _SYSTEMS,
}


def _results(root: Node, known: Sequence[Framework]) -> Taken:
    """Read assessment results: ours, which name their framework, or the findings of others."""
    whose = oscal_results if oscal_catalog.ours(pick(root, "assessment-results") or root, "framework") else None
    return oscal_findings.read(root, known) if whose is None else whose.read(root)


def _own(text: str, keys: set[str], name: str, known: Sequence[Framework]) -> Read:
    """Read a file of our own form, in which neither anchors nor tags have a place."""
    try:
        own = read_tree(text)
    except FileProblemError as error:
        return Read(None, problems=(error.problem.at(name),))
    if "answers" in keys:
        return _answers(Taken(own), name, known)
    return (_crosswalk if "crosswalk" in keys else _framework)(Taken(own), name)


def _library(root: Node, name: str) -> list[Read]:
    """Read all that a CISO Assistant library holds that can be used here."""
    objects = next(value for key, value in root.entries if key.text == "objects") if isinstance(root, Mapping) else root
    keys = {key.text for key, _value in objects.entries} if isinstance(objects, Mapping) else set()
    found: list[Read] = []
    if keys & {"framework", "frameworks"} or not keys & {"requirement_mapping_sets", "requirement_mapping_set"}:
        found += [_framework(one, name) for one in ciso_library.read(root)]
    if keys & {"requirement_mapping_sets", "requirement_mapping_set"}:
        known = [(one.id, one.edition, list(Items(one).found)) for one in frameworks.catalogue()]
        found += [_crosswalk(one, name) for one in ciso_mapping.read(root, known)]
    return found


def _framework(taken: Taken, name: str, *, cells: bool = False) -> Read:
    def placed(problem: Problem) -> str:
        if not cells:
            return problem.at(name)
        cell = framework_sheets.cell_of(problem.line, problem.column)
        return sentence("{place}: {what}. Mend: {mend}.", place=f"{name}:{cell}", what=problem.what, mend=problem.mend)

    return _taken(taken, lambda tree: _either(read_framework(tree)), placed)


def _crosswalk(taken: Taken, name: str) -> Read:
    """Read a crosswalk; items are looked up where both its frameworks are here."""

    def form(tree: Node) -> tuple[Crosswalk | None, tuple[Problem, ...]]:
        first = crosswalk_form.read_crosswalk(tree)
        if first.crosswalk is None:
            return None, first.problems
        there = {(one.id, one.edition) for one in frameworks.catalogue()}
        if {first.crosswalk.source, first.crosswalk.target} <= there:
            first = crosswalks.checked(tree)
        return first.crosswalk, first.problems

    return _taken(taken, form, lambda problem: problem.at(name))


def _answers(taken: Taken, name: str, known: Sequence[Framework]) -> Read:
    def form(tree: Node) -> tuple[Answers | None, tuple[Problem, ...]]:
        named = {key.text: value.text for key, value in tree.entries if isinstance(value, Scalar)} \
            if isinstance(tree, Mapping) else {}  # fmt: skip
        wanted = (named.get("framework", ""), named.get("edition", ""))
        try:
            of = next((one for one in known if (one.id, one.edition) == wanted), None) or frameworks.framework(*wanted)
        except frameworks.FrameworkUnknown as error:
            return None, (Problem(tree.line, tree.column, of_error(error), sentence("name one of these")),)
        reading = read_answers(tree, of)
        return reading.answers, reading.problems

    return _taken(taken, form, lambda problem: problem.at(name))


def _either(reading: Any) -> tuple[Framework | None, tuple[Problem, ...]]:  # noqa: ANN401
    return reading.framework, reading.problems


def _taken(
    taken: Taken,
    form: Callable[[Node], tuple[Framework | Crosswalk | Answers | None, tuple[Problem, ...]]],
    placed: Callable[[Problem], str],
) -> Read:
    if taken.tree is None:
        return Read(None, taken.losses, tuple(placed(one) for one in taken.problems))
    found, problems = form(taken.tree)
    return Read(found, taken.losses, tuple(placed(one) for one in problems))


def _workbook(content: bytes, name: str) -> list[Read]:
    """Read a workbook: of a framework of ours, or of a CISO Assistant library."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError):
        return [
            Read(
                None,
                problems=(
                    sentence("{name}: the file is no workbook that can be opened. Mend: save it as .xlsx.", name=name),
                ),
            )
        ]
    sheets = {sheet.title: [_row(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}
    if ciso_sheets.is_library(sheets):
        return _library(ciso_sheets.tree(sheets), name)
    return [_framework(framework_sheets.read(sheets), name, cells=True)]


def _row(cells: Sequence[object]) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in cells]


def _others_yaml(text: str) -> Node:
    """Read YAML of others: anchors are followed and tags passed over, each node with its place."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return read_tree(text)  # which says what is wrong
    return Scalar("", 1, 1) if root is None else _Composed().node(root, 0)


DEEPEST: Final = 40


class _Composed:
    """Nodes that PyYAML composed, as a located tree; what an anchor names is made once."""

    def __init__(self) -> None:
        self.made: dict[int, Node] = {}
        self.open: set[int] = set()

    def node(self, node: yaml.Node, depth: int) -> Node:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        if isinstance(node, yaml.ScalarNode):
            return Scalar("" if node.tag == "tag:yaml.org,2002:null" else node.value, line, column)
        if id(node) in self.made:
            return self.made[id(node)]
        if id(node) in self.open or depth > DEEPEST:
            raise FileProblemError(
                Problem(line, column, sentence("it stands inside itself, or too deep"), sentence("write it out flat"))
            )
        self.open.add(id(node))
        made: Node
        if isinstance(node, yaml.SequenceNode):
            made = Members(tuple(self.node(one, depth + 1) for one in node.value), line, column)
        else:
            made = self.mapping(node, line, column, depth)
        self.open.discard(id(node))
        self.made[id(node)] = made
        return made

    def mapping(self, node: yaml.Node, line: int, column: int, depth: int) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in node.value:
            name = self.node(key, depth + 1)
            if not isinstance(name, Scalar) or name.text in entries:
                what = sentence("a key is not text, or stands here for the second time")
                raise FileProblemError(Problem(name.line, name.column, what, sentence("keep one, as `key: value`")))
            entries[name.text] = (name, self.node(value, depth + 1))
        return Mapping(tuple(entries.values()), line, column)
