"""A framework as an OSCAL 1.2 catalog, and an OSCAL catalog as a framework.

A part is a group, an aspect a control, the indicators of a stage the items of a statement whose class is the stage.
What OSCAL has no place for stands in properties under our name space (`NS`), so that nothing is lost there and back.
Texts in further languages are such properties, with the words as their remarks.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from comity.policy.frameworks import Aspect, Framework, Part, Text
from comity.policy.losses import Losses, Taken, line_of
from comity.policy.name_ids import Unique, from_token, opening, tidy, token, uuid5
from comity.policy.saying import sentence
from comity.policy.tree import Mapping, Node, Problem, Scalar
from comity.policy.tree_picking import each, keys_of, mapping, pick, scalar, sequence, words_at

VERSION: Final = "1.2.1"
NS: Final = "urn:comity:oscal"
WRAPPER: Final = "wrapper"
Json = dict[str, Any]


def write(framework: Framework, modified: datetime) -> Json:
    """Write a framework as an OSCAL catalog. `modified`, an aware moment, alone is not the framework’s."""
    name = (framework.id, framework.edition)
    own = framework.language
    kinds = {isinstance(part, Part) for part in framework.parts}
    key, inside = ("controls", "control") if kinds == {False} else ("groups", "group")
    return {"catalog": {
        "uuid": uuid5("catalog", *name),
        "metadata": metadata(framework, modified, uuid5("owner", framework.owner)),
        key: [_entry(part, framework, 0, wrap=inside == "group") for part in framework.parts],
        "back-matter": {"resources": [
            _filled({"uuid": uuid5("stage", *name, stage.id), "title": _line(words_in(stage.name, own)),
                     "description": words_in(stage.means, own),
                     "props": [prop("stage", stage.id), *texts("name", stage.name, own),
                               *texts("means", stage.means, own)]})
            for stage in framework.stages
        ]},
    }}  # fmt: skip


def metadata(framework: Framework, modified: datetime, owner: str) -> Json:
    """Write the metadata of a document about a framework."""
    own = framework.language
    addresses = [one for one in framework.sources if re.fullmatch(r"https?://\S+", one)]
    return _filled({
        "title": _line(words_in(framework.name, own)), "last-modified": modified.isoformat(timespec="seconds"),
        "version": _line(framework.edition), "oscal-version": VERSION,
        "props": [prop("framework", framework.id), prop("edition", "edition", framework.edition),
                  prop("language", own), *(prop("level", "level", one) for one in framework.levels),
                  *(prop("source", "source", one) for one in framework.sources),
                  *texts("name", framework.name, own), *texts("about", framework.about, own, own_too=True),
                  prop("owner", "owner", framework.owner)],
        "links": [{"href": one, "rel": "reference"} for one in addresses],
        "roles": [{"id": "creator", "title": "Creator"}],
        "parties": [{"uuid": owner, "type": "organization", "name": _line(framework.owner)}],
        "responsible-parties": [{"role-id": "creator", "party-uuids": [owner]}],
        "remarks": framework.licence,
    })  # fmt: skip


def prop(name: str, value: str, remarks: str = "") -> Json:
    """Write one property of ours."""
    return _filled({"name": name, "ns": NS, "value": value, "remarks": remarks})


def texts(name: str, said: Text, own: str, *, own_too: bool = False) -> Iterator[Json]:
    """Write the translations of a text as properties; its own words too where they cannot stand as they are."""
    for language, found in said:
        if language != own or own_too or _line(found) != found:
            yield prop(f"{name}-in", language, found)


def words_in(said: Text, language: str) -> str:
    """Give a text in one language, empty where there is none."""
    return dict(said).get(language, "")


def _line(found: str) -> str:
    """Give words on one line."""
    return " ".join(found.split())


def _filled(found: Json) -> Json:
    return {key: value for key, value in found.items() if value not in ("", [], {})}


def _entry(part: Part | Aspect, of: Framework, depth: int, *, wrap: bool) -> Json:
    if isinstance(part, Aspect):
        control = _control(part, of)
        level = {"id": f"{token(part.id)}_{WRAPPER}", "class": WRAPPER, "title": control["title"]}
        return level | {"controls": [control]} if wrap else control
    kinds = {isinstance(inner, Part) for inner in part.parts}
    key, inside = ("controls", False) if kinds == {False} else ("groups", True)
    own = of.language
    return _filled({
        "id": token(part.id), "class": f"l-{tidy(of.levels[min(depth, len(of.levels) - 1)])}",
        "title": _line(words_in(part.name, own)),
        "props": [*texts("name", part.name, own), *texts("about", part.about, own)],
        "parts": [{"name": "overview", "prose": words_in(part.about, own)}] if part.about else [],
        key: [_entry(inner, of, depth + 1, wrap=inside) for inner in part.parts],
    })  # fmt: skip


def _control(aspect: Aspect, of: Framework) -> Json:
    own, name = of.language, token(aspect.id)
    overview = [{"name": "overview", "prose": words_in(aspect.about, own)}] if aspect.about else []
    floor = [{"id": f"{name}_floor.{place}", "name": "floor", "ns": NS, "prose": words_in(said, own),
              "props": list(texts("text", said, own))} for place, said in enumerate(aspect.floor)]  # fmt: skip
    return _filled({
        "id": name, "class": "aspect", "title": _line(words_in(aspect.name, own)),
        "props": [*([prop("basis", "basis", aspect.basis)] if aspect.basis else []),
                  *texts("name", aspect.name, own), *texts("about", aspect.about, own)],
        "parts": [*overview, *map(_filled, floor), *_statements(aspect, of)],
    })  # fmt: skip


def _statements(aspect: Aspect, of: Framework) -> Iterator[Json]:
    for place, stage in enumerate(of.stages):
        inside = [one for one in aspect.indicators if one.stage == place]
        if inside:
            yield {"id": f"{token(aspect.id)}_smt.{place}", "name": "statement", "class": f"s-{tidy(stage.id)}",
                   "title": _line(words_in(stage.name, of.language)), "props": [prop("stage", stage.id)],
                   "parts": [_filled({"id": token(one.id), "name": "item", "prose": words_in(one.text, of.language),
                                      "props": list(texts("text", one.text, of.language))})
                             for one in inside]}  # fmt: skip


def read(root: Node) -> Taken:
    """Read an OSCAL catalog as the tree of a framework, with what could not be taken over."""
    catalog = pick(root, "catalog")
    if not isinstance(catalog, Mapping):
        there = ", ".join(keys_of(root)) or "nothing"
        what, mend = (
            sentence("this is no OSCAL catalog: its document is {there}", there=there),
            sentence("name a file whose first key is `catalog`"),
        )
        return Taken(None, problems=(Problem(root.line, root.column, what, mend),))
    return (_Ours if ours(catalog, "framework") else _Theirs)(catalog).taken()


def ours(node: Node, name: str, under: str = "metadata") -> str:
    """Give the value of a property of ours, empty where there is none."""
    return next((words_at(one, "value") for one in own_props(pick(node, under) if under else node, name)), "")


def own_props(node: Node | None, name: str) -> Iterator[Node]:
    """Yield the properties of ours that have a name."""
    for one in each(node, "props"):
        if words_at(one, "ns") == NS and words_at(one, "name") == name:
            yield one


class _Ours:
    """A catalog that was written here: everything is taken from where `write` put it."""

    def __init__(self, catalog: Mapping) -> None:
        self.catalog = catalog
        self.meta = pick(catalog, "metadata") or catalog
        self.own = ours(catalog, "language") or "en"

    def taken(self) -> Taken:
        meta, stages = self.meta, each(self.catalog, "back-matter", "resources")
        top = (*each(self.catalog, "groups"), *each(self.catalog, "controls"))
        return Taken(mapping(
            self.catalog, framework=ours(self.catalog, "framework"), edition=self.remark("edition"),
            name=self.text(meta, "name", words_at(meta, "title")), owner=self.remark("owner"), language=self.own,
            about=self.text(meta, "about", ""),
            levels=sequence(meta, [scalar(words_at(one, "remarks"), one) for one in own_props(meta, "level")]),
            licence=words_at(meta, "remarks"),
            sources=sequence(meta, [scalar(words_at(one, "remarks"), one) for one in own_props(meta, "source")]),
            stages=sequence(meta, [self.stage(one) for one in stages]),
            parts=sequence(self.catalog, [self.part(one) for one in top]),
        ))  # fmt: skip

    def remark(self, name: str) -> str:
        return next((words_at(one, "remarks") for one in own_props(self.meta, name)), "")

    def text(self, node: Node, name: str, own: str) -> Node | None:
        said = {words_at(one, "value"): words_at(one, "remarks") for one in own_props(node, f"{name}-in")}
        said = {self.own: said.get(self.own, own), **said}
        if not said[self.own]:
            return None
        return mapping(node, **said)

    def stage(self, node: Node) -> Node:
        return mapping(node, id=ours(node, "stage", ""), name=self.text(node, "name", words_at(node, "title")),
                       means=self.text(node, "means", words_at(node, "description")))  # fmt: skip

    def part(self, node: Node) -> Node:
        inner = (*each(node, "groups"), *each(node, "controls"))
        if words_at(node, "class") == WRAPPER:
            return self.part(inner[0]) if inner else node
        name = self.text(node, "name", words_at(node, "title"))
        prose = next((words_at(one, "prose") for one in each(node, "parts") if words_at(one, "name") == "overview"), "")
        about, key = self.text(node, "about", prose), from_token(words_at(node, "id"))
        if words_at(node, "class") != "aspect":
            parts = sequence(node, [self.part(one) for one in inner])
            return mapping(node, id=key, name=name, about=about, parts=parts)
        floor: list[Node] = [self.text(one, "text", words_at(one, "prose")) or one for one in each(node, "parts")
                             if words_at(one, "name") == "floor"]  # fmt: skip
        basis = next((words_at(one, "remarks") for one in own_props(node, "basis")), "")
        return mapping(node, id=key, name=name, about=about, basis=basis, floor=sequence(node, floor),
                       indicators=self.indicators(node))  # fmt: skip

    def indicators(self, node: Node) -> Node:
        found = [
            (scalar(ours(one, "stage", ""), one), self.items(one))
            for one in each(node, "parts")
            if words_at(one, "name") == "statement"
        ]
        return Mapping(tuple(found), node.line, node.column)

    def items(self, node: Node) -> Node:
        found = [(scalar(from_token(words_at(one, "id")), one), self.text(one, "text", words_at(one, "prose")) or one)
                 for one in each(node, "parts")]  # fmt: skip
        return Mapping(tuple(found), node.line, node.column)


LADDER: Final = (("open", "Not shown"), ("done", "In place"))
"""The two stages of what others only call done or not: the floor, and where every indicator is met."""
_INSERT: Final = re.compile(r"\{\{\s*(?:insert:\s*param,|param_id:)?\s*([^\s}]+)\s*\}\}")
_OBJECTIVES: Final = frozenset({"assessment-objective", "assessment-method", "assessment-objects", "objective",
                                "assessment", "objects"})  # fmt: skip
_CARRIED: Final = frozenset({"id", "class", "title", "parts", "params", "controls", "groups", "props", "links"})


class _Theirs:
    """A catalog of others: groups as parts, controls as aspects, statements’ items as indicators of one stage."""

    def __init__(self, catalog: Mapping) -> None:
        self.catalog = catalog
        self.losses, self.ids, self.depth = Losses(), Unique(), 1
        self.params: dict[str, str] = {}

    def taken(self) -> Taken:
        meta = pick(self.catalog, "metadata") or self.catalog
        top = (*each(self.catalog, "groups"), *each(self.catalog, "controls"))
        self.gather_params(self.catalog)
        found = self.parts(top, 1)
        self.losses.note(sentence("groups and controls that stood beside each other in two lists stand in one"),
                         count=1 if pick(self.catalog, "groups") and pick(self.catalog, "controls") else 0)  # fmt: skip
        self.losses.note(sentence("ids that were changed to be ids here"), count=self.ids.changed)
        self.losses.note(sentence("resources of the back matter are left out"),
                         count=len(each(self.catalog, "back-matter", "resources")))  # fmt: skip
        owner = next((words_at(one, "name") for one in each(meta, "parties") if words_at(one, "name")), "unknown")
        levels = [scalar(f"group {one}" if self.depth > 2 else "group", meta) for one in range(1, self.depth)]  # noqa: PLR2004
        remarks = words_at(meta, "remarks")
        return Taken(mapping(
            self.catalog, framework=tidy(words_at(meta, "title"))[:60], edition=words_at(meta, "version"),
            name=words_at(meta, "title"), owner=owner, about=remarks,
            levels=sequence(meta, [*levels, scalar("control", meta)]), stages=ladder(meta),
            parts=sequence(self.catalog, found),
        ), self.losses.lines())  # fmt: skip

    def gather_params(self, node: Node) -> None:
        """Remember what each parameter is called, for the texts that it is inserted into."""
        for one in each(node, "params"):
            choices = " or ".join(item.text for item in each(one, "select", "choice") if isinstance(item, Scalar))
            values = ", ".join(item.text for item in each(one, "values") if isinstance(item, Scalar))
            said = values or words_at(one, "label") or choices or "a value to be set"
            bounds = "; ".join(words_at(bound, "description") for bound in each(one, "constraints"))
            self.params[words_at(one, "id")] = f"{said}: {bounds}" if bounds else said
        for key in ("groups", "controls"):
            for one in each(node, key):
                self.gather_params(one)

    def parts(self, nodes: Iterable[Node], depth: int) -> list[Node]:
        self.depth = max(self.depth, depth)
        found: list[Node] = []
        for node in nodes:
            is_group = pick(node, "groups") is not None or (
                pick(node, "controls") is not None and self.statement(node) is None
            )
            found += self.group(node, depth) if is_group else self.control(node, depth)
        return found

    def group(self, node: Node, depth: int) -> list[Node]:
        self.extras(node)
        key = self.ids.give(words_at(node, "id") or words_at(node, "title"))
        inside = self.parts((*each(node, "groups"), *each(node, "controls")), depth + 1)
        about = self.told(each(node, "parts"))
        if not inside:
            self.losses.note(sentence("groups in which nothing is asked are left out"), line_of(node))
            return []
        return [mapping(node, id=key, name=self.title(node), about=about, parts=sequence(node, inside))]

    def control(self, node: Node, depth: int) -> list[Node]:
        """Give a control, and after it those that stand inside it."""
        inner = each(node, "controls")
        self.losses.note(sentence("controls that stood inside another stand after it"), count=len(inner))
        later = self.parts(inner, depth)
        statement = self.statement(node)
        if statement is None:
            self.losses.note(sentence("controls without a statement (withdrawn ones) are left out"), line_of(node))
            return later
        self.extras(node)
        key = self.ids.give(words_at(node, "id"))
        items = list(self.items(statement, ""))
        guidance = self.told(one for one in each(node, "parts") if words_at(one, "name") in ("guidance", "overview"))
        indicators = Mapping(((scalar("done", node), Mapping(tuple(items), node.line, node.column)),), node.line)
        return [mapping(node, id=key, name=self.called(node, items), about=guidance, indicators=indicators), *later]

    def title(self, node: Node) -> str:
        """Give the title with the label that people cite."""
        label = next((words_at(one, "value") for one in each(node, "props") if words_at(one, "name") == "label"
                      and words_at(one, "class") in ("", "sp800-53", "sp800-171")), "")  # fmt: skip
        said = words_at(node, "title") or words_at(node, "id")
        if said in label:
            return label
        return f"{label} {said}" if label and not said.startswith(label) else said

    def told(self, parts: Iterable[Node]) -> str:
        """Give all prose of parts and of the parts inside them, a paragraph each."""
        found = []
        for part in parts:
            found += [self.prose(part)] if words_at(part, "prose") else []
            inside = self.told(each(part, "parts"))
            found += [inside] if inside else []
        return "\n\n".join(found)

    def called(self, node: Node, items: list[tuple[Scalar, Node]]) -> str:
        """Give the title; where it only repeats the id, with the beginning of what is asked."""
        said, first = self.title(node), items[0][1] if items else None
        if said != words_at(node, "id") or not isinstance(first, Scalar):
            return said
        return f"{said} {opening(first.text)}"

    def statement(self, node: Node) -> Node | None:
        return next((one for one in each(node, "parts") if words_at(one, "name") == "statement"
                     and (words_at(one, "prose") or each(one, "parts"))), None)  # fmt: skip

    def items(self, part: Node, before: str) -> Iterator[tuple[Scalar, Node]]:
        """Yield the innermost items of a statement, each with the words that lead in to it."""
        said = " ".join(filter(None, (before, self.prose(part))))
        inner = [one for one in each(part, "parts") if words_at(one, "name") in ("item", "statement")]
        left = len(each(part, "parts")) - len(inner)
        self.losses.note(sentence("parts of a statement that are no items are left out"), count=left)
        told = sum(len(each(part, key)) for key in ("props", "links")) + bool(words_at(part, "title"))
        self.losses.note(
            sentence("labels, titles and links of statements and their items are left out"), line_of(part), told
        )
        if not inner:
            key = self.ids.give(words_at(part, "id") or "item")
            yield scalar(key, part), scalar(said or key, part)
            return
        self.losses.note(sentence("lead-ins of lists stand in each of their items"), count=1 if self.prose(part) else 0)
        for one in inner:
            yield from self.items(one, said)

    def prose(self, part: Node) -> str:
        """Give the prose of a part with the names of parameters in their places."""
        found, count = _INSERT.subn(self.param, words_at(part, "prose"))
        self.losses.note(
            sentence("parameters stand as their label, and what bounds them, between brackets"), count=count
        )
        return found

    def param(self, found: re.Match[str]) -> str:
        said = self.params.get(found.group(1), found.group(1))
        return f"[{_INSERT.sub(lambda inner: self.params.get(inner.group(1), inner.group(1)), said)}]"

    def extras(self, node: Node) -> None:
        """Count what a group or control has that a framework here has not."""
        labels = [one for one in each(node, "props") if words_at(one, "name") == "label"]
        self.losses.note(sentence("properties (sort order, status…) are left out"),
                         count=len(each(node, "props")) - len(labels[:1]))  # fmt: skip
        self.losses.note(sentence("links are left out"), count=len(each(node, "links")))
        self.losses.note(sentence("parameters’ guidelines and properties are left out"),
                         count=sum(any(key in ("guidelines", "props") for key in keys_of(one))
                                   for one in each(node, "params")))  # fmt: skip
        self.losses.note(sentence("assessment objectives and methods are left out"),
                         count=sum(words_at(one, "name") in _OBJECTIVES for one in each(node, "parts")))  # fmt: skip
        known = {"statement", "guidance", "overview", *_OBJECTIVES}
        for one in each(node, "parts"):
            if words_at(one, "name") not in known and not pick(node, "groups"):
                self.losses.note(
                    sentence("parts named “{name}” are left out", name=words_at(one, "name")), line_of(one)
                )
        for key in keys_of(node):
            if key not in _CARRIED:
                self.losses.note(sentence("“{key}” is left out", key=key), line_of(node))


def ladder(place: Node) -> Node:
    """Give the two stages of a form that only knows done or not."""
    return sequence(place, [mapping(place, id=key, name=said) for key, said in LADDER])
