"""An OSCAL profile with the catalogs that it imports, as one catalog: selected, and modified as it says.

By the profile resolution that NIST describes for OSCAL 1.2, in what a framework here needs: controls by id, by pattern
and with their children, exclusions, parameters that are set, parts that are added or removed. Groups stay those of the
catalog; how a profile would arrange them anew is told as lost.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final

from comity.policy.losses import Losses, line_of
from comity.policy.saying import sentence
from comity.policy.tree import Mapping as Map
from comity.policy.tree import Node, Problem, Scalar, Sequence
from comity.policy.tree_picking import each, keys_of, mapping, pick, scalar, sequence, words_at

_ADDED: Final = ("params", "props", "links", "parts")
_BY: Final = {"by-name": "name", "by-class": "class", "by-id": "id", "by-ns": "ns"}
_ITEMS: Final = {"param": "params", "prop": "props", "link": "links", "part": "parts"}
DEEPEST: Final = 6
"""How many profiles may stand between a profile and its catalog."""

Find = Callable[[str], Node | None]
"""Give the document at an address of an import, as a tree; None where there is none at hand."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """The catalog that a profile makes, with what was lost; or the problems against it."""

    catalog: Map | None
    losses: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def resolve(root: Node, find: Find) -> Resolved:
    """Resolve a document whose first key is `profile`."""
    losses = Losses()
    try:
        found = _Profile(pick(root, "profile") or root, find, losses, 0).catalog()
    except _WrongError as error:
        return Resolved(None, losses.lines(), (error.problem,))
    return Resolved(found, losses.lines())


class _WrongError(Exception):
    def __init__(self, place: Node, what: str, mend: str) -> None:
        super().__init__(what)
        self.problem = Problem(place.line, place.column, what, mend)


@dataclass(slots=True)
class _Chosen:
    """Which controls an import takes."""

    every: bool
    ids: set[str] = field(default_factory=set)
    with_children: set[str] = field(default_factory=set)
    patterns: list[tuple[str, bool]] = field(default_factory=list)

    @classmethod
    def read(cls, node: Node, key: str, *, every: bool) -> "_Chosen":
        chosen = cls(every)
        for one in each(node, key):
            deep = words_at(one, "with-child-controls") == "yes"
            names = {name.text for name in each(one, "with-ids") if isinstance(name, Scalar)}
            chosen.ids |= names
            chosen.with_children |= names if deep else set()
            chosen.patterns += [(words_at(name, "pattern"), deep) for name in each(one, "matching")]
        return chosen

    def takes(self, name: str, above: tuple[str, ...]) -> bool:
        if self.every or name in self.ids or self.with_children & set(above):
            return True
        return any(fnmatchcase(name, pattern) or (deep and any(fnmatchcase(one, pattern) for one in above))
                   for pattern, deep in self.patterns)  # fmt: skip


class _Profile:
    def __init__(self, profile: Node, find: Find, losses: Losses, depth: int) -> None:
        self.profile, self.find, self.losses, self.depth = profile, find, losses, depth
        self.seen: set[str] = set()

    def catalog(self) -> Map:
        imports = each(self.profile, "imports")
        if not imports:
            raise _WrongError(
                self.profile, sentence("this profile imports nothing"), sentence("name a profile with `imports`")
            )
        groups: list[Node] = []
        controls: list[Node] = []
        for one in imports:
            catalog = self.imported(one)
            taken = _Chosen.read(one, "include-controls", every=pick(one, "include-controls") is None)
            left = _Chosen.read(one, "exclude-controls", every=False)
            wanted = taken.ids - set(_ids(catalog))
            if wanted:
                few = ", ".join(sorted(wanted)[:5])
                self.losses.note(sentence("controls that are asked for and not in the catalog"), f"{few}", len(wanted))
            groups += self.groups(each(catalog, "groups"), taken, left)
            controls += self.controls(each(catalog, "controls"), taken, left, ())
        if not groups and not controls:
            raise _WrongError(self.profile, sentence("no control of the catalog is chosen by this profile"),
                              sentence("check `include-controls`, and that it is the right catalog"))  # fmt: skip
        self.tell_merge()
        changes = _Changes(pick(self.profile, "modify") or self.profile, self.losses)
        meta = pick(self.profile, "metadata")
        lists = {"groups": changes.of_groups(groups), "controls": [changes.of_control(one) for one in controls]}
        return mapping(self.profile, metadata=meta,
                       **{key: sequence(self.profile, found) for key, found in lists.items() if found})  # fmt: skip

    def imported(self, one: Node) -> Node:
        """Give the catalog of an import: at hand, or made of another profile."""
        address = self.address(words_at(one, "href"))
        found = self.find(address) if address.strip("#") else None
        if not address.strip("#"):
            raise _WrongError(
                one,
                sentence("this import does not say which catalog it takes"),
                sentence("write its address as `href`"),
            )
        if found is None:
            name = address.rpartition("/")[2] or address
            raise _WrongError(
                one,
                sentence("this profile takes its controls from {address}, which is not at hand", address=address),
                sentence("put {name} beside it (as .json, .yaml or .xml), and try again", name=name),
            )
        if pick(found, "profile") is not None:
            if self.depth >= DEEPEST:
                raise _WrongError(
                    one, sentence("profiles import each other without an end"), sentence("name the catalog itself")
                )
            return _Profile(pick(found, "profile") or found, self.find, self.losses, self.depth + 1).catalog()
        catalog = pick(found, "catalog")
        if catalog is None:
            there = ", ".join(keys_of(found)) or "nothing"
            raise _WrongError(
                one,
                sentence("{address} is neither a catalog nor a profile: it has {there}", address=address, there=there),
                sentence("name a catalog"),
            )
        return catalog

    def address(self, href: str) -> str:
        """Give where an import points: itself, or the first address of a resource of the back matter."""
        if not href.startswith("#"):
            return href
        for one in each(self.profile, "back-matter", "resources"):
            if words_at(one, "uuid") == href[1:]:
                return next((words_at(link, "href") for link in each(one, "rlinks")), "") or words_at(one, "title")
        return href

    def groups(self, nodes: Iterable[Node], taken: _Chosen, left: _Chosen) -> list[Node]:
        found: list[Node] = []
        for node in nodes:
            inner = self.groups(each(node, "groups"), taken, left)
            controls = self.controls(each(node, "controls"), taken, left, ())
            if inner or controls:
                found.append(_with(node, groups=inner, controls=controls))
        return found

    def controls(
        self, nodes: Iterable[Node], taken: _Chosen, left: _Chosen, above: tuple[str, ...]
    ) -> list[Node]:  # fmt: skip
        """Give the controls that are chosen; one inside another that is not stands in its place."""
        found: list[Node] = []
        for node in nodes:
            name = words_at(node, "id")
            inner = self.controls(each(node, "controls"), taken, left, (*above, name))
            if not taken.takes(name, above) or left.takes(name, above):
                found += inner
            elif name in self.seen:
                self.losses.note(sentence("controls that several imports give stand once"), name)
            else:
                self.seen.add(name)
                found.append(_with(node, controls=inner))
        return found

    def tell_merge(self) -> None:
        merge = pick(self.profile, "merge")
        for key in ("custom", "flat"):
            self.losses.note(
                sentence("the arrangement “{key}” of the profile is left out; the catalog’s groups stay", key=key),
                count=int(pick(merge, key) is not None),
            )


class _Changes:
    """What a profile changes in the controls that it takes."""

    def __init__(self, modify: Node, losses: Losses) -> None:
        self.losses = losses
        self.params = {words_at(one, "param-id"): one for one in each(modify, "set-parameters")}
        self.alters: dict[str, list[Node]] = {}
        for one in each(modify, "alters"):
            self.alters.setdefault(words_at(one, "control-id"), []).append(one)

    def of_groups(self, nodes: Iterable[Node]) -> list[Node]:
        return [
            self.set_params(_with(node, groups=self.of_groups(each(node, "groups")),
                                  controls=[self.of_control(one) for one in each(node, "controls")]))
            for node in nodes
        ]  # fmt: skip

    def of_control(self, node: Node) -> Node:
        found = _with(node, controls=[self.of_control(one) for one in each(node, "controls")])
        for alter in self.alters.get(words_at(node, "id"), ()):
            for one in each(alter, "removes"):
                found = self.removed(found, one)
            for one in each(alter, "adds"):
                found = self.added(found, one)
        return self.set_params(found)

    def set_params(self, node: Node) -> Node:
        """Let each parameter that is set have what it is set to; the rest of it stays."""
        params = [_over(one, self.params[words_at(one, "id")]) if words_at(one, "id") in self.params else one
                  for one in each(node, "params")]  # fmt: skip
        return _with(node, params=params)

    def added(self, control: Node, add: Node) -> Node:
        what = {key: list(each(add, key)) for key in _ADDED if each(add, key)}
        name, position = words_at(add, "by-id"), words_at(add, "position") or "ending"
        if not name or name == words_at(control, "id"):
            return _put(control, what, first=position in ("starting", "before"))
        found, done = _put_at(control, name, position, what)
        self.losses.note(sentence("additions of the profile whose place is not in the control"), name, int(not done))
        return found

    def removed(self, control: Node, remove: Node) -> Node:
        wanted = {key: words_at(remove, by) for by, key in _BY.items() if words_at(remove, by)}
        lists = [_ITEMS[words_at(remove, "by-item-name")]] if words_at(remove, "by-item-name") in _ITEMS else \
            list(_ADDED)  # fmt: skip
        if not wanted and len(lists) > 1:
            self.losses.note(sentence("removals of the profile that say nothing of what goes"), line_of(remove))
            return control
        return _without(control, wanted, lists)


def _ids(node: Node) -> Iterator[str]:
    """Yield the ids of all controls below a node."""
    for one in each(node, "groups"):
        yield from _ids(one)
    for one in each(node, "controls"):
        yield words_at(one, "id")
        yield from _ids(one)


def _with(node: Node, **lists: list[Node]) -> Node:
    """Give a map with lists in the place of those it has; an empty list is taken out."""
    if not isinstance(node, Map):
        return node
    kept = [(key, value) for key, value in node.entries if key.text not in lists]
    new = [(scalar(key, node), sequence(node, members)) for key, members in lists.items() if members]
    return Map((*kept, *new), node.line, node.column)


def _over(node: Node, new: Node) -> Node:
    """Give a parameter with the values of another over its own."""
    entries = {key.text: (key, value) for key, value in node.entries} if isinstance(node, Map) else {}
    if isinstance(new, Map):
        entries |= {key.text: (key, value) for key, value in new.entries if key.text != "param-id"}
    return Map(tuple(entries.values()), node.line, node.column)


def _put(node: Node, what: Mapping[str, list[Node]], *, first: bool) -> Node:
    """Put members into a node's own lists, before or after what is there."""
    return _with(node, **{key: [*new, *each(node, key)] if first else [*each(node, key), *new]
                          for key, new in what.items()})  # fmt: skip


def _put_at(node: Node, name: str, position: str, what: Mapping[str, list[Node]]) -> tuple[Node, bool]:
    """Put members at the part that is called *name*: inside it, or beside it in its list."""
    parts: list[Node] = []
    done = False
    for part in each(node, "parts"):
        if done:
            parts.append(part)
        elif words_at(part, "id") == name:
            done = True
            beside = list(what.get("parts", ()))
            if position in ("before", "after"):
                parts += [*beside, part] if position == "before" else [part, *beside]
            else:
                parts.append(_put(part, what, first=position == "starting"))
        else:
            inner, done = _put_at(part, name, position, what)
            parts.append(inner)
    return (_with(node, parts=parts), True) if done else (node, False)


def _without(node: Node, wanted: Mapping[str, str], lists: Iterable[str]) -> Node:
    """Take out of a node's lists, and of those of its parts, what bears all that is wanted."""
    found: dict[str, list[Node]] = {}
    for key in {*lists, "parts"}:
        goes = key in lists
        found[key] = [one for one in each(node, key)
                      if not (goes and all(words_at(one, name) == said for name, said in wanted.items()))]  # fmt: skip
    found["parts"] = [_without(one, wanted, lists) for one in found["parts"]]
    return _with(node, **{key: members for key, members in found.items() if isinstance(pick(node, key), Sequence)})
