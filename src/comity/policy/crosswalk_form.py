"""Reading a located tree as a crosswalk, and writing one: a closed form, every problem with its place.

A crosswalk file: `crosswalk` (its id), `edition`, `name`, `owner`, `language`, `about`, `from` and `to` (each a map of
`framework` and `edition`), `pairs`. A pair has `from`, `to`, `relation` (equal, subset, superset, intersects, none),
`confidence` (high, medium, low), `why`, and `source` where it was read elsewhere.
"""

from dataclasses import dataclass

from comity.policy.crosswalks import Confidence, Crosswalk, Items, Pair, Relation
from comity.policy.fields import Fields, Report, items, text, word
from comity.policy.framework_document import Plain, plain_text, write
from comity.policy.framework_form import ID, texts
from comity.policy.saying import sentence
from comity.policy.tree import Node, Problem, Scalar, kind, nearest

KEYS = ("crosswalk", "edition", "name", "owner", "language", "about", "from", "to", "pairs")
PAIR_KEYS = ("from", "to", "relation", "confidence", "why", "source")


@dataclass(frozen=True, slots=True)
class CrosswalkReading:
    """What a file was read as: the crosswalk, or the problems that stand against it."""

    crosswalk: Crosswalk | None
    problems: tuple[Problem, ...]


def read_crosswalk(root: Node, source: Items | None = None, target: Items | None = None) -> CrosswalkReading:
    """Read a located tree as a crosswalk; items are looked up where their framework is given."""
    report = Report()
    fields = Fields(report, root, sentence("the crosswalk"), KEYS)
    told = texts(fields.take("language", text) or "en")
    name = fields.need("crosswalk", _id, sentence("add `crosswalk:` with a short id, such as cmm-un-norms"))
    edition = fields.need("edition", text, sentence("add {field}, such as {such}", field="`edition:`", such="1"))
    title = fields.need("name", told, sentence("add `name:` with its title"))
    owner = fields.need("owner", text, sentence("add `owner:` with who drew it"))
    ends = [
        fields.need(key, _end, sentence("add `{key}: {{framework: …, edition: …}}`", key=key)) for key in ("from", "to")
    ]
    listed = fields.need("pairs", items, sentence("add {field}", field="`pairs:`"))
    found = [_pair(report, node, source, target) for node in listed or ()]
    about = fields.take("about", told) or ()
    problems = tuple(sorted(report.problems, key=lambda one: (one.line, one.column)))
    if problems or not (name and edition and title and owner and ends[0] and ends[1]):
        return CrosswalkReading(None, problems)
    pairs = tuple(pair for pair in found if pair is not None)
    return CrosswalkReading(Crosswalk(name, edition, title, owner, ends[0], ends[1], pairs, about), ())


def _id(report: Report, node: Node, what: str) -> str | None:
    if isinstance(node, Scalar) and ID.fullmatch(node.text):
        return node.text
    report.add(
        node,
        sentence("{what} is {kind}, not an id", what=what, kind=kind(node)),
        sentence("write 1 to 80 letters, digits, dots or hyphens"),
    )
    return None


def _end(report: Report, node: Node, what: str) -> tuple[str, str] | None:
    fields = Fields(report, node, what, ("framework", "edition"))
    framework = fields.need("framework", text, sentence("add {field}", field="`framework:`"))
    edition = fields.need("edition", text, sentence("add {field}", field="`edition:`"))
    return (framework, edition) if framework and edition else None


def _pair(report: Report, node: Node, source: Items | None, target: Items | None) -> Pair | None:
    fields = Fields(report, node, sentence("a pair"), PAIR_KEYS)
    first = fields.need("from", _item(source), sentence("add {field}", field="`from:`"))
    second = fields.need("to", _item(target), sentence("add {field}", field="`to:`"))
    relation = fields.need("relation", word(Relation), sentence("add {field}", field="`relation:`"))
    confidence = fields.need("confidence", word(Confidence), sentence("add {field}", field="`confidence:`"))
    why = fields.need("why", text, sentence("add `why:` in a few words"))
    read_in = fields.take("source", text) or ""
    if not (first and second and relation and confidence and why):
        return None
    return Pair(first, second, relation, why, confidence, read_in)


def _item(known: Items | None) -> "_ItemReader":
    return _ItemReader(known)


@dataclass(frozen=True, slots=True)
class _ItemReader:
    known: Items | None

    def __call__(self, report: Report, node: Node, what: str) -> str | None:
        found = text(report, node, what)
        if found is None or self.known is None or found in self.known:
            return found
        of = self.known.framework
        report.add(
            node,
            sentence("{id} {edition} has nothing called “{found}”", id=of.id, edition=of.edition, found=found),
            nearest(found, self.known.found),
        )
        return None


def plain(walk: Crosswalk) -> dict[str, Plain]:
    """Give a crosswalk as the maps, lists and texts of its file."""
    own = walk.name[0][0]
    found: dict[str, Plain] = {
        "crosswalk": walk.id, "edition": walk.edition, "name": plain_text(walk.name, own), "owner": walk.owner,
        "language": own, "about": plain_text(walk.about, own),
        "from": {"framework": walk.source[0], "edition": walk.source[1]},
        "to": {"framework": walk.target[0], "edition": walk.target[1]},
    }  # fmt: skip
    pairs: list[Plain] = [_plain_pair(pair) for pair in walk.pairs]
    return {key: value for key, value in found.items() if value} | {"pairs": pairs}


def _plain_pair(pair: Pair) -> dict[str, Plain]:
    found: dict[str, Plain] = {
        "from": pair.source, "to": pair.target, "relation": pair.relation.value,
        "confidence": pair.confidence.value, "why": pair.why, "source": pair.read_in,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}


def yaml(walk: Crosswalk) -> str:
    """Write a crosswalk as a YAML file."""
    return write(plain(walk))
