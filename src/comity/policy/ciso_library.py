"""A framework as a CISO Assistant library, and such a library as frameworks.

A part and an aspect are requirement nodes, an indicator is an assessable node below its aspect, in the implementation
group that stands for its stage. A library that was written here names us as its packager and carries everything; of
others’ libraries, each assessable node is an aspect with one indicator, as they have no wording for each stage.
"""

from collections.abc import Iterator
from typing import Any, Final

from comity.policy.frameworks import Aspect, Framework, Part, Text
from comity.policy.losses import Losses, Taken, line_of
from comity.policy.name_ids import Unique, opening, tidy
from comity.policy.oscal_catalog import ladder
from comity.policy.saying import sentence
from comity.policy.tree import Mapping, Node, Problem, Scalar
from comity.policy.tree_picking import each, keys_of, mapping, pairs, pick, scalar, sequence, words_at

PACKAGER: Final = "comity"
Json = dict[str, Any]


def slug(name: str, edition: str) -> str:
    """Give the piece of an URN that names an edition: in small letters, as CISO Assistant keeps every URN."""
    return tidy(f"{name}-{edition}").lower()


def node_urn(name: str, edition: str, item: str) -> str:
    """Give the URN of a requirement node."""
    return f"urn:{PACKAGER}:risk:req_node:{slug(name, edition)}:{item.lower()}"


def framework_urn(name: str, edition: str) -> str:
    """Give the URN of a framework."""
    return f"urn:{PACKAGER}:risk:framework:{slug(name, edition)}"


def write(framework: Framework) -> Json:
    """Write a framework as a library."""
    return _Writer(framework).library()


class _Writer:
    def __init__(self, framework: Framework) -> None:
        self.of, self.own = framework, framework.language

    def library(self) -> Json:
        of = self.of
        facts = [f"level: {one}" for one in of.levels] + [f"source: {one}" for one in of.sources]
        name = {"ref_id": f"{of.id} {of.edition}", **self.said(name=of.name)}
        return _filled({
            "urn": f"urn:{PACKAGER}:risk:library:{slug(of.id, of.edition)}", "locale": self.own, **name,
            "description": "\n".join(facts), "copyright": of.licence, "version": 1, "provider": of.owner,
            "packager": PACKAGER,
            "objects": {"framework": _filled({
                "urn": framework_urn(of.id, of.edition), **name,
                **self.said(name=of.name, description=of.about),
                "implementation_groups_definition": [
                    {"ref_id": stage.id, **self.said(name=stage.name, description=stage.means)} for stage in of.stages
                ],
                "requirement_nodes": [node for part in of.parts for node in self.nodes(part, "", 1)],
            })},
        })  # fmt: skip

    def said(self, **texts: Text) -> Json:
        """Give texts in the own language, and what they are in others as translations."""
        found = {key: dict(text).get(self.own, "") for key, text in texts.items()}
        others: dict[str, dict[str, str]] = {}
        for key, text in texts.items():
            for language, words in text:
                if language != self.own:
                    others.setdefault(language, {})[key] = words
        return _filled({**found, "translations": others})

    def urn(self, item: str) -> str:
        return node_urn(self.of.id, self.of.edition, item)

    def node(self, key: str, parent: str, depth: int, **more: Any) -> Json:  # noqa: ANN401 - JSON of any kind
        return _filled({"urn": self.urn(key), "assessable": False, "depth": depth,
                        "parent_urn": self.urn(parent) if parent else "", "ref_id": key, **more})  # fmt: skip

    def nodes(self, part: Part | Aspect, parent: str, depth: int) -> Iterator[Json]:
        said = self.said(name=part.name, description=part.about)
        if isinstance(part, Part):
            yield self.node(part.id, parent, depth, **said)
            for inner in part.parts:
                yield from self.nodes(inner, part.id, depth + 1)
            return
        yield self.node(part.id, parent, depth, **said, annotation=part.basis, implementation_groups=self.groups())
        for place, text in enumerate(part.floor):
            yield self.node(f"{part.id}:floor.{place}", part.id, depth + 1, **self.said(description=text),
                            implementation_groups=[self.of.stages[0].id])  # fmt: skip
        for one in part.indicators:
            more = {"assessable": True, "implementation_groups": [self.of.stages[one.stage].id]}
            yield self.node(one.id, part.id, depth + 1, **self.said(description=one.text), **more)

    def groups(self) -> list[str]:
        return [stage.id for stage in self.of.stages]


def _filled(found: Json) -> Json:
    return {key: value for key, value in found.items() if value not in ("", [], {})}


def read(root: Node) -> list[Taken]:
    """Read a library’s frameworks, one or several, as trees, each with what could not be taken over."""
    objects = pick(root, "objects")
    found = [one for one in (pick(objects, "framework"), *each(objects, "frameworks")) if one is not None]
    if not found:
        there = ", ".join(keys_of(objects)) or "no `objects`"
        what = sentence("this library holds no framework but {there}", there=there)
        return [
            Taken(None, problems=(Problem(root.line, root.column, what, sentence("name a library with a framework")),))
        ]
    if words_at(root, "packager") == PACKAGER:
        return [_Ours(root, one).taken() for one in found]
    return [_Theirs(root, one).taken() for one in found]


def _text(node: Node, key: str, own: str, fallback: str = "") -> Node | None:
    """Give a text with its translations."""
    said = words_at(node, key) or fallback
    if not said:
        return None
    found = {own: said}
    for language, inner in pairs(node, "translations"):
        if words_at(inner, key) and language.text != own:
            found[language.text] = words_at(inner, key)
    return mapping(pick(node, key) or node, **found) if len(found) > 1 else scalar(said, pick(node, key) or node)


class _Ours:
    """A library that was written here."""

    def __init__(self, root: Node, framework: Node) -> None:
        self.root, self.framework, self.own = root, framework, words_at(root, "locale") or "en"
        self.inside: dict[str, list[Node]] = {}
        for one in each(framework, "requirement_nodes"):
            self.inside.setdefault(words_at(one, "parent_urn"), []).append(one)

    def taken(self) -> Taken:
        name, _, edition = words_at(self.framework, "ref_id").partition(" ")
        facts = [line.partition(": ") for line in words_at(self.root, "description").split("\n")]
        stages = each(self.framework, "implementation_groups_definition")
        return Taken(mapping(
            self.framework, framework=name, edition=edition, name=_text(self.framework, "name", self.own),
            owner=words_at(self.root, "provider"), language=self.own,
            about=_text(self.framework, "description", self.own), licence=words_at(self.root, "copyright"),
            levels=self.facts(facts, "level"), sources=self.facts(facts, "source"),
            stages=sequence(self.framework, [
                mapping(one, id=words_at(one, "ref_id"), name=_text(one, "name", self.own),
                        means=_text(one, "description", self.own)) for one in stages]),
            parts=sequence(self.framework, [self.part(one) for one in self.inside.get("", ())]),
        ))  # fmt: skip

    def facts(self, found: list[tuple[str, str, str]], kind: str) -> Node:
        return sequence(self.root, [scalar(said, self.root) for key, _, said in found if key == kind])

    def part(self, node: Node) -> Node:
        inner = self.inside.get(words_at(node, "urn"), [])
        said = {"id": words_at(node, "ref_id"), "name": _text(node, "name", self.own),
                "about": _text(node, "description", self.own)}  # fmt: skip
        if pick(node, "implementation_groups") is None:
            return mapping(node, **said, parts=sequence(node, [self.part(one) for one in inner]))
        floor = [_text(one, "description", self.own) or one for one in inner if words_at(one, "assessable") == "false"]
        return mapping(node, **said, basis=words_at(node, "annotation"), floor=sequence(node, floor),
                       indicators=self.indicators(node, inner))  # fmt: skip

    def indicators(self, node: Node, inner: list[Node]) -> Node:
        found: dict[str, list[tuple[Scalar, Node]]] = {}
        for one in inner:
            if words_at(one, "assessable") == "true":
                groups = [group.text for group in each(one, "implementation_groups") if isinstance(group, Scalar)]
                group = groups[0] if groups else ""
                said = _text(one, "description", self.own) or one
                found.setdefault(group, []).append((scalar(words_at(one, "ref_id"), one), said))
        entries = [(scalar(key, node), Mapping(tuple(one), node.line, node.column)) for key, one in found.items()]
        return Mapping(tuple(entries), node.line, node.column)


_NODE: Final = frozenset({"urn", "parent_urn", "ref_id", "depth", "assessable", "name", "description", "annotation",
                          "translations", "implementation_groups"})  # fmt: skip


def last_of(urn: str) -> str:
    """Give what an URN such as `urn:acme:risk:req_node:name:a.1` has after the framework’s name, or all of it."""
    return urn.split(":", _BEFORE)[-1]


_BEFORE: Final = 5


def _questions(node: Node) -> Scalar | None:
    """Give the questions of a requirement one below the other; None where there are none."""
    listed = (*each(node, "question", "questions"), *(one for _urn, one in pairs(node, "questions")))
    found = [words_at(one, "text") for one in listed]
    return scalar("\n".join(text for text in found if text), node) if any(found) else None


class _Theirs:
    """A library of others."""

    def __init__(self, root: Node, framework: Node) -> None:
        self.root, self.framework, self.own = root, framework, words_at(root, "locale") or "en"
        self.losses, self.ids, self.depth = Losses(), Unique(), 1
        self.problems: list[Problem] = []
        self.reached = 0
        self.inside: dict[str, list[Node]] = {}
        self.stem = words_at(framework, "urn").rpartition(":")[2]

    def taken(self) -> Taken:
        nodes = each(self.framework, "requirement_nodes")
        urns = {words_at(one, "urn").lower() for one in nodes}
        for one in nodes:
            parent = words_at(one, "parent_urn").lower()
            if not words_at(one, "urn"):
                self.problems.append(
                    Problem(
                        one.line, one.column, sentence("this node has no `urn`"), sentence("give it one of its own")
                    )
                )
                continue
            if parent and parent not in urns:
                where = pick(one, "parent_urn") or one
                what = sentence("there is no node “{parent}” for this one to stand below", parent=parent)
                self.problems.append(
                    Problem(where.line, where.column, what, sentence("mend `parent_urn`, or add that node"))
                )
            self.inside.setdefault(parent, []).append(one)
        parts = [found for one in self.inside.get("", ()) for found in self.part(one, 1)]
        self.whole_losses(nodes)
        if self.problems:
            return Taken(None, problems=tuple(self.problems))
        name = words_at(self.framework, "ref_id") or self.stem
        levels = [scalar(f"level {one}", self.framework) for one in range(1, self.depth)]
        return Taken(mapping(
            self.framework, framework=tidy(name), edition=words_at(self.root, "version") or "1", language=self.own,
            name=_text(self.framework, "name", self.own, name),
            owner=words_at(self.root, "provider") or words_at(self.root, "packager") or "unknown",
            about=_text(self.framework, "description", self.own), licence=words_at(self.root, "copyright"),
            levels=sequence(self.framework, [*levels, scalar("requirement", self.framework)]),
            stages=ladder(self.framework), parts=sequence(self.framework, parts),
        ), self.losses.lines())  # fmt: skip

    def whole_losses(self, nodes: tuple[Node, ...]) -> None:
        self.losses.note(sentence("ids that were changed to be ids here"), count=self.ids.changed)
        self.losses.note(sentence("nodes that stand in a circle are left out"), count=len(nodes) - self.reached)
        for key in keys_of(self.framework):
            if key in ("scores_definition", "min_score", "max_score"):
                self.losses.note(sentence("one scale for all requirements: here a stage has indicators of its own"),
                                 count=1 if key == "scores_definition" else 0)  # fmt: skip
            elif key not in ("urn", "ref_id", "name", "description", "translations", "requirement_nodes",
                             "implementation_groups_definition"):  # fmt: skip
                self.losses.note(sentence("“{key}” of the framework is left out", key=key), line_of(self.framework))
        self.losses.note(sentence("implementation groups are left out"),
                         count=len(each(self.framework, "implementation_groups_definition")))  # fmt: skip
        for key in keys_of(pick(self.root, "objects")):
            if key not in ("framework", "frameworks"):
                self.losses.note(sentence("“{key}” of the library is left out", key=key), line_of(self.root))

    def part(self, node: Node, depth: int) -> list[Node]:
        """Give a node as a part or an aspect; one that is both, as a part whose first aspect it is.

        A heading below which nothing is asked is left out: nothing could ever be said of it.
        """
        urn = words_at(node, "urn")
        self.reached += 1
        self.extras(node)
        inner = self.inside.get(urn.lower(), ())
        assessable = words_at(node, "assessable").lower() == "true"
        self.depth = max(self.depth, depth + bool(inner)) if assessable else self.depth
        if not inner and assessable:
            return [self.aspect(node, self.key(node))]
        key = self.key(node)
        first = [self.aspect(node, self.ids.give(f"{key}.self"))] if assessable else []
        self.losses.note(sentence("requirements with others below them stand as the first inside a part of their name"),
                         line_of(node), count=len(first))  # fmt: skip
        later = [found for one in inner for found in self.part(one, depth + 1)]
        if not first and not later:
            self.losses.note(sentence("headings and remarks below which nothing is asked are left out"), line_of(node))
            return []
        self.losses.note(sentence("annotations of headings are left out"), line_of(node),
                         count=1 if words_at(node, "annotation") and not assessable else 0)  # fmt: skip
        return [mapping(node, id=key, name=self.name(node), about=self.about(node),
                        parts=sequence(node, [*first, *later]))]  # fmt: skip

    def key(self, node: Node) -> str:
        """Give the id of a node: what its URN has after the framework’s name; a `ref_id` is not always there."""
        urn = words_at(node, "urn")
        return self.ids.give(last_of(urn) or words_at(node, "ref_id"))

    def name(self, node: Node) -> Node:
        ref, said = words_at(node, "ref_id"), words_at(node, "name")
        if said:
            found = _text(node, "name", self.own) or node
            if ref and not said.startswith(ref) and isinstance(found, Scalar):
                return scalar(f"{ref} {said}", found)
            return found
        questions = _questions(node)
        short = opening(words_at(node, "description") or (questions.text if questions else ""))
        self.losses.note(sentence("nodes without a name are called by their reference and the beginning of their "
"description"),
                         line_of(node))  # fmt: skip
        return scalar(" ".join(filter(None, (ref, short))) or words_at(node, "urn"), node)

    def about(self, node: Node) -> Node | None:
        return _text(node, "description", self.own)

    def aspect(self, node: Node, key: str) -> Node:
        """Give an assessable node: what is asked is its description, else its questions; an annotation explains."""
        asked = _text(node, "description", self.own) or _questions(node) or self.name(node)
        indicator = (scalar(self.ids.give(f"{key}.met"), node), asked)
        done = (scalar("done", node), Mapping((indicator,), node.line, node.column))
        return mapping(node, id=key, name=self.name(node), about=_text(node, "annotation", self.own),
                       indicators=Mapping((done,), node.line, node.column))  # fmt: skip

    def extras(self, node: Node) -> None:
        stand_in = not words_at(node, "description") and words_at(node, "assessable").lower() == "true"
        for key in keys_of(node):
            if stand_in and key in ("question", "questions") and _questions(node):
                self.losses.note(sentence("kinds and choices of questions are left out"), line_of(node))
            elif key not in _NODE:
                self.losses.note(sentence("“{key}” of requirements is left out", key=key), line_of(node))
        for _language, inner in pairs(node, "translations"):
            for key in keys_of(inner):
                if key not in ("name", "description", "annotation"):
                    self.losses.note(sentence("translations of “{key}” are left out", key=key), line_of(inner))
