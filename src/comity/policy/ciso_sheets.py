"""The workbook from which a CISO Assistant library is made, as the tree of that library: both editions of its layout.

The older has one sheet `library_content` that names the others; the newer has a sheet `…_meta` of keys and values for
each thing, and one `…_content` beside it. Requirements stand one a row; how deep a row stands says below which it is.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from comity.policy.tree import Mapping as Map
from comity.policy.tree import Node, Scalar
from comity.policy.tree import Sequence as Members

Table = Sequence[Sequence[str]]
_OLD: Final = "library_content"
_META: Final = ("_meta", "_content")
_TEXTS: Final[tuple[str, ...]] = ("ref_id", "name", "description", "annotation", "typical_evidence")
_LIBRARY: Final = ("urn", "version", "locale", "ref_id", "name", "description", "copyright", "provider", "packager")


def is_library(sheets: Mapping[str, Table]) -> bool:
    """Tell whether sheets are laid out as a library's."""
    return _OLD in sheets or "library_meta" in sheets


def tree(sheets: Mapping[str, Table]) -> Node:
    """Give the tree of a library; lines are those of the sheet that a thing stands on."""
    return _older(sheets) if _OLD in sheets else _newer(sheets)


def _older(sheets: Mapping[str, Table]) -> Node:
    rows = sheets[_OLD]
    facts = {row[0].strip(): row[1].strip() for row in rows if len(row) > 1 and row[0].strip()}
    tabs = [(row[1].strip(), row[2].strip()) for row in rows if len(row) > 2 and row[0].strip() == "tab"]  # noqa: PLR2004
    kinds: dict[str, Node] = {kind: Scalar("", 1, 1) for _tab, kind in tabs if kind not in ("requirements", "scores")}
    asked = [node for tab, kind in tabs if kind == "requirements" for node in _nodes(sheets.get(tab, ()), tab)]
    framework = {key: facts.get(f"framework_{key}", "") for key in ("urn", "ref_id", "name", "description")}
    return _library({key: facts.get(f"library_{key}", "") for key in _LIBRARY}, framework, asked, kinds)


def _newer(sheets: Mapping[str, Table]) -> Node:
    facts: dict[str, str] = {}
    framework: dict[str, str] = {}
    asked: list[Node] = []
    kinds: dict[str, Node] = {}
    for title, rows in sheets.items():
        if not title.endswith(_META[0]):
            continue
        found = {row[0].strip(): row[1].strip() for row in rows if len(row) > 1 and row[0].strip()}
        kind = found.get("type", "library" if title == "library_meta" else "")
        if kind == "library":
            facts = found
        elif kind == "framework" and not framework:
            framework = found
            asked = _nodes(sheets.get(title.removesuffix(_META[0]) + _META[1], ()), title)
        elif kind not in ("implementation_groups", "scores", ""):
            kinds[kind] = Scalar("", 1, 1)
    return _library(facts, framework, asked, kinds)


def _library(facts: Mapping[str, str], framework: Mapping[str, str], asked: list[Node], kinds: dict[str, Node]) -> Node:
    inside = {key: said for key in ("urn", "ref_id", "name", "description") if (said := framework.get(key, ""))}
    objects = dict(kinds)
    if asked:
        objects["framework"] = _map(1, inside, requirement_nodes=Members(tuple(asked), 1, 1))
    return _map(1, {key: said for key in _LIBRARY if (said := facts.get(key, ""))}, objects=_map(1, {}, **objects))


def _nodes(rows: Table, stem: str) -> list[Node]:
    """Give the requirements of a sheet, whose first row names its columns."""
    if not rows:
        return []
    header = [cell.strip() for cell in rows[0]]
    above: list[tuple[int, str]] = []
    found: list[Node] = []
    for line, row in enumerate(rows[1:], 2):
        cells = {key: cell for key, cell in zip(header, row, strict=False) if key and cell.strip()}
        if not cells:
            continue
        depth = int(cells["depth"]) if cells.get("depth", "").isdigit() else 1
        above = [one for one in above if one[0] < depth]
        urn = f"urn:sheet:{stem}:{line}".lower()
        said = {key: cells[key] for key in _TEXTS if key in cells}
        said |= {"urn": urn, "assessable": "true" if cells.get("assessable") else "false"}
        if above:
            said["parent_urn"] = above[-1][1]
        above.append((depth, urn))
        others = {language: texts for language, texts in _translated(cells).items() if texts}
        more: dict[str, Node] = {"translations": _map(line, {}, **{
            language: _map(line, texts) for language, texts in others.items()})} if others else {}  # fmt: skip
        if "questions" in cells:
            more["questions"] = _map(line, {}, first=_map(line, {"text": cells["questions"]}))
        found.append(_map(line, said, **more))
    return found


def _translated(cells: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Give what stands in columns such as `name[fr]`, by language."""
    found: dict[str, dict[str, str]] = {}
    for key, cell in cells.items():
        name, joint, language = key.removesuffix("]").partition("[")
        if joint and name in _TEXTS[1:4]:
            found.setdefault(language, {})[name] = cell
    return found


def _map(line: int, texts: Mapping[str, str], **nodes: Node) -> Map:
    said: dict[str, Node] = {key: Scalar(text, line, 1) for key, text in texts.items()}
    return Map(tuple((Scalar(key, line, 1), node) for key, node in (said | nodes).items()), line, 1)
