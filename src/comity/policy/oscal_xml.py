"""OSCAL's XML as the tree that its JSON would be: names of lists in the plural, marked-up text as Markdown, lines kept.

OSCAL defines both forms from one model. What is needed here of that model is which elements repeat, and which hold
text with marks. A document type, by which XML can be made to grow without end, is refused.
"""

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from comity.policy.json_tree import DEEPEST, JsonProblemError
from comity.policy.saying import sentence
from comity.policy.tree import Mapping, Node, Problem, Scalar, Sequence

NAMESPACE: Final = "http://csrc.nist.gov/ns/oscal/1.0"
_SAME: Final = frozenset({"choice", "matching"})  # lists that are called in JSON as one of their members is
_INS: Final = frozenset({"include-controls", "exclude-controls"})
_PLURAL: Final = frozenset({
    "action", "activity", "actor", "add", "addr-line", "alter", "assessment-asset", "assessment-platform", "capability",
    "characterization", "citation", "component", "constraint", "control", "control-implementation",
    "control-objective-selection", "control-selection", "document-id", "email-address", "entry", "external-id", "facet",
    "finding", "group", "guideline", "hash", "implemented-requirement", "import", "include-control", "exclude-control",
    "insert-controls", "inventory-item", "link", "local-objective", "location", "location-uuid", "log-entry", "map",
    "mapping", "member-of-organization", "method", "mitigating-factor", "observation", "origin", "param", "part",
    "party", "party-uuid", "poam-item", "prop", "qualifier", "relevant-evidence", "related-response", "remove",
    "required-asset",
    "resource", "responsible-party", "responsible-role", "result", "revision", "risk", "rlink", "role", "set-parameter",
    "source", "statement-id", "step", "subject", "target", "task", "telephone-number", "test", "threat-id", "url",
    "value", "with-id",
})  # fmt: skip
_ODD: Final = {
    "party": "parties", "activity": "activities", "capability": "capabilities", "responsible-party":
    "responsible-parties", "response": "remediations", "related-observation": "related-observations",
    "associated-risk": "related-risks", "related-risk": "related-risks", "email-address": "email-addresses",
    "address": "addresses", "relevant-evidence": "relevant-evidence", "insert-controls": "insert-controls", "type":
    "types", "hash": "hashes", "facet": "facets",
}  # fmt: skip
_ALONE: Final = {
    ("observation", "type"), ("import", "source"), ("finding", "target"), ("resource", "citation"), ("source", "type"),
    ("select", "value"),
}  # fmt: skip
_MARKED: Final = frozenset({"description", "remarks", "statement", "rationale", "caveat", "risk-statement"})
_LINE: Final = frozenset({"title", "label", "usage", "choice", "text", "short-name"})
_BLOCKS: Final = frozenset({"p", "ul", "ol", "pre", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "img"})
_PROSE: Final = frozenset({"part", "guideline"})
_QUOTES: Final = {"em": "*", "i": "*", "strong": "**", "b": "**", "code": "`", "q": '"', "sub": "~", "sup": "^"}


@dataclass(slots=True)
class _Element:
    name: str
    attributes: dict[str, str]
    line: int
    column: int
    inside: "list[_Element | str]" = field(default_factory=list)

    def elements(self) -> "list[_Element]":
        return [one for one in self.inside if isinstance(one, _Element)]


def read_xml(content: str) -> Node:
    """Read OSCAL's XML as the tree of its JSON; JsonProblemError names the place."""
    root = _parsed(content)
    return Mapping(((Scalar(root.name, root.line, root.column), _node(root)),), 1, 1)


def _wrong(line: int, column: int, what: str, mend: str) -> JsonProblemError:
    return JsonProblemError(Problem(line, column, what, mend))


def _parsed(content: str) -> _Element:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    top = _Element("", {}, 1, 1)
    stack = [top]

    def place() -> tuple[int, int]:
        return parser.CurrentLineNumber, parser.CurrentColumnNumber + 1

    def begin(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > DEEPEST:
            raise _wrong(
                *place(),
                sentence("its elements stand too deep inside each other"),
                sentence("check that they are closed"),
            )
        space, _, local = name.rpartition(" ")
        if len(stack) == 1 and space != NAMESPACE:
            raise _wrong(*place(), sentence("this is XML, but not OSCAL: its first element is <{local}>", local=local),
                         sentence("name a catalog or profile of OSCAL 1, or another form"))  # fmt: skip
        one = _Element(local, {key: said for key, said in attributes.items() if " " not in key}, *place())
        stack[-1].inside.append(one)
        stack.append(one)

    def end(_name: str) -> None:
        stack.pop()

    def text(said: str) -> None:
        stack[-1].inside.append(said)

    def no_type(*_said: object) -> None:
        raise _wrong(
            *place(), sentence("it has a document type, which OSCAL has not"), sentence("take the <!DOCTYPE …> out")
        )

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = no_type
    try:
        parser.Parse(content.encode(), True)  # noqa: FBT003 takes no keyword
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code)
        raise _wrong(
            error.lineno,
            error.offset + 1,
            sentence("this is not XML ({said})", said=said),
            sentence("fetch the file again"),
        ) from error
    return top.elements()[0]


def _node(one: _Element) -> Node:
    """Give what an element is in JSON."""
    if one.name in _MARKED and not (one.name == "statement" and "uuid" in one.attributes):
        return Scalar(_blocks(one), one.line, one.column)
    inside = one.elements()
    if one.name in _LINE or (not one.attributes and not inside and one.name != "include-all"):
        return Scalar(_inline(one).strip(), one.line, one.column)
    entries: dict[str, Node] = {key: Scalar(said, one.line, one.column) for key, said in one.attributes.items()}
    lists: dict[str, list[Node]] = {}
    prose = _Element(one.name, {}, one.line, one.column)
    for inner in inside:
        if one.name in _PROSE and inner.name in _BLOCKS:
            prose.inside.append(inner)
            continue
        key = _listed(one.name, inner.name)
        if key:
            lists.setdefault(key, []).append(_node(inner))
        else:
            entries[inner.name] = _node(inner)
    if prose.inside:
        entries["prose"] = Scalar(_blocks(prose), prose.elements()[0].line, prose.elements()[0].column)
    text = "" if inside else _inline(one).strip()
    if text:
        entries["value"] = Scalar(text, one.line, one.column)
    entries |= {key: Sequence(tuple(found), one.line, one.column) for key, found in lists.items()}
    return Mapping(tuple((Scalar(key, one.line, one.column), value) for key, value in entries.items()),
                   one.line, one.column)  # fmt: skip


def _listed(above: str, name: str) -> str:
    """Give the name of the list that an element is a member of; empty where it stands by itself."""
    if (above, name) == ("observation", "type"):
        return "types"
    if (above, name) in _ALONE or (name == "type" and above != "observation"):
        return ""
    if name in _SAME or (name in _INS and above == "import"):
        return name
    if name in _ODD:
        return _ODD[name]
    return f"{name}s" if name in _PLURAL else ""


def _blocks(one: _Element) -> str:
    """Give marked-up text as Markdown, a blank line between its blocks."""
    found = [_block(inner, "") for inner in one.elements()] or [_inline(one).strip()]
    return "\n\n".join(text for text in found if text)


def _block(one: _Element, indent: str) -> str:
    if one.name in ("ul", "ol"):
        sign = "*" if one.name == "ul" else "1."
        return "\n".join(f"{indent}{sign} {_item(inner, indent)}" for inner in one.elements())
    if one.name == "table":
        rows = [inner for inner in one.elements() for inner in (inner.elements() if inner.name != "tr" else [inner])]
        return "\n".join("| " + " | ".join(_inline(cell).strip() for cell in row.elements()) + " |" for row in rows)
    head = "#" * int(one.name[1]) + " " if one.name[:1] == "h" and one.name[1:].isdigit() else ""
    return indent + head + " ".join(_inline(one).split())


def _item(one: _Element, indent: str) -> str:
    lists = [inner for inner in one.elements() if inner.name in ("ul", "ol")]
    own = _Element(one.name, {}, one.line, one.column, [inner for inner in one.inside if inner not in lists])
    return "\n".join([" ".join(_inline(own).split()), *(_block(inner, indent + "  ") for inner in lists)])


def _inline(one: _Element) -> str:
    found = []
    for inner in one.inside:
        if isinstance(inner, str):
            found.append(inner)
        elif inner.name == "insert":
            kind, name = inner.attributes.get("type", "param"), inner.attributes.get("id-ref", "")
            found.append(f"{{{{ insert: {kind}, {name} }}}}")
        elif inner.name == "a":
            found.append(f"[{_inline(inner)}]({inner.attributes.get('href', '')})")
        elif inner.name == "br":
            found.append("\n")
        else:
            quote = _QUOTES.get(inner.name, "")
            found.append(f"{quote}{_inline(inner)}{quote}")
    return "".join(found)
