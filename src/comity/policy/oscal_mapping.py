"""A crosswalk as an OSCAL 1.2 mapping collection, and such a collection as crosswalks.

OSCAL relates sets to sets. Where a map of others has several sources or targets, only what follows for each single pair
is taken: all sources together being a subset makes each a subset; of anything else only a place to look remains.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from comity.policy.crosswalks import AT, Crosswalk, Pair, Relation
from comity.policy.losses import Losses, Taken, line_of
from comity.policy.name_ids import from_token, tidy, token, uuid5
from comity.policy.oscal_catalog import NS, VERSION, ours, own_props, prop, texts, words_in
from comity.policy.saying import sentence
from comity.policy.tree import Mapping, Node, Problem
from comity.policy.tree_picking import each, keys_of, mapping, pick, sequence, words_at

Json = dict[str, Any]
CALLED: Final = {
    Relation.EQUAL: "equal-to",
    Relation.SUBSET: "subset-of",
    Relation.SUPERSET: "superset-of",
    Relation.INTERSECTS: "intersects-with",
    Relation.NONE: "no-relationship",
}
_RELATIONS: Final = {called: relation for relation, called in CALLED.items()} | {"equivalent-to": Relation.EQUAL}


def write(walk: Crosswalk, modified: datetime) -> Json:
    """Write a crosswalk as a mapping collection."""
    name, own = (walk.id, walk.edition), walk.name[0][0]
    return {"mapping-collection": {
        "uuid": uuid5("mapping-collection", *name),
        "metadata": _filled({
            "title": " ".join(words_in(walk.name, own).split()),
            "last-modified": modified.isoformat(timespec="seconds"),
            "version": " ".join(walk.edition.split()), "oscal-version": VERSION,
            "props": [prop("crosswalk", walk.id), prop("edition", "edition", walk.edition), prop("language", own),
                      prop("owner", "owner", walk.owner), *texts("name", walk.name, own),
                      *texts("about", walk.about, own, own_too=True)],
        }),
        "provenance": {"method": "human", "matching-rationale": "semantic", "status": "complete",
                       "mapping-description": words_in(walk.about, own) or words_in(walk.name, own)},
        "mappings": [{
            "uuid": uuid5("mapping", *name), "source-resource": _resource(walk.source),
            "target-resource": _resource(walk.target),
            "maps": [_map(pair, place, name) for place, pair in enumerate(walk.pairs)],
        }],
    }}  # fmt: skip


def _filled(found: Json) -> Json:
    return {key: value for key, value in found.items() if value not in ("", [], {})}


def _resource(end: tuple[str, str]) -> Json:
    props = [prop("framework", end[0]), prop("edition", "edition", end[1])]
    return {"type": "catalog", "href": f"urn:uuid:{uuid5('catalog', *end)}", "props": props}


def _map(pair: Pair, place: int, name: tuple[str, str]) -> Json:
    return _filled({
        "uuid": uuid5("map", *name, str(place), pair.source, pair.target),
        "relationship": CALLED[pair.relation], "sources": [_item(pair.source)], "targets": [_item(pair.target)],
        "confidence-score": {"category": pair.confidence.value},
        "props": [prop("read-in", "source", pair.read_in)] if pair.read_in else [], "remarks": pair.why,
    })  # fmt: skip


def _item(item: str) -> Json:
    name, _, stage = item.partition(AT)
    return _filled({"type": "control", "id-ref": token(name), "props": [prop("at-stage", stage)] if stage else []})


def read(root: Node) -> list[Taken]:
    """Read a mapping collection’s mappings as trees of crosswalks, each with what could not be taken over."""
    collection = pick(root, "mapping-collection")
    if not isinstance(collection, Mapping):
        there = ", ".join(keys_of(root)) or "nothing"
        what, mend = (
            sentence("this is no OSCAL mapping: its document is {there}", there=there),
            sentence("name a mapping collection"),
        )
        return [Taken(None, problems=(Problem(root.line, root.column, what, mend),))]
    return [_mapping(collection, one) for one in each(collection, "mappings")]


def _mapping(collection: Node, found: Node) -> Taken:
    losses, meta = Losses(), pick(collection, "metadata") or collection
    language = ours(collection, "language") or "en"
    told = {words_at(one, "value"): words_at(one, "remarks") for one in own_props(meta, "name-in")}
    about = {words_at(one, "value"): words_at(one, "remarks") for one in own_props(meta, "about-in")}
    title = words_at(meta, "title")
    owner = _remark(meta, "owner") or next((words_at(one, "name") for one in each(meta, "parties")), "") or "unknown"
    lines = [pair for one in each(found, "maps") for pair in _pairs(one, losses)]
    if not ours(collection, "crosswalk"):
        for key in ("source-gap-summary", "target-gap-summary", "coverage"):
            losses.note(sentence("“{key}” is left out", key=key), count=1 if pick(found, key) else 0)
    return Taken(mapping(
        found, crosswalk=ours(collection, "crosswalk") or tidy(title), name=mapping(meta, **{language: title, **told}),
        edition=_remark(meta, "edition") or words_at(meta, "version"), owner=owner, language=language,
        about=mapping(meta, **about) if about else None, **{"from": _end(found, "source-resource", losses)},
        to=_end(found, "target-resource", losses), pairs=sequence(found, lines),
    ), losses.lines())  # fmt: skip


def _remark(node: Node, name: str) -> str:
    return next((words_at(one, "remarks") for one in own_props(node, name)), "")


def _end(found: Node, key: str, losses: Losses) -> Node:
    resource = pick(found, key) or found
    name = ours(resource, "framework", "")
    if not name:
        losses.note(
            sentence("resources of others stand under their address, with the edition “unknown”"), line_of(resource)
        )
        name = tidy(words_at(resource, "href"))
    return mapping(resource, framework=name, edition=_remark(resource, "edition") or "unknown")


def _pairs(found: Node, losses: Losses) -> Iterator[Node]:
    """Yield what follows of one map for each source and target by itself."""
    said = words_at(found, "relationship")
    if said not in _RELATIONS:
        losses.note(sentence("maps whose relationship is “{said}” are left out", said=said), line_of(found))
        return
    losses.note(sentence("“equivalent-to” stands as equal"), line_of(found), count=1 if said == "equivalent-to" else 0)
    sources, targets = each(found, "sources"), each(found, "targets")
    relation = _single(_RELATIONS[said], len(sources), len(targets))
    if relation is not _RELATIONS[said]:
        losses.note(
            sentence("“{said}” between several items was weakened to what holds of each pair", said=said),
            line_of(found),
        )
    confidence = words_at(found, "confidence-score", "category").lower()
    if confidence not in ("high", "medium", "low"):
        losses.note(sentence("maps without a confidence of high, medium or low stand as low"), line_of(found))
        confidence = "low"
    losses.note(sentence("qualifiers are left out"), line_of(found), count=len(each(found, "qualifiers")))
    why = words_at(found, "remarks") or words_at(found, "matching-rationale") or "not said"
    for source in sources:
        for target in targets:
            yield mapping(found, **{"from": _named(source)}, to=_named(target), relation=relation.value,
                          confidence=confidence, why=why, source=_remark(found, "read-in"))  # fmt: skip


def _single(relation: Relation, sources: int, targets: int) -> Relation:
    if sources == targets == 1 or relation is Relation.NONE:
        return relation
    if relation in (Relation.SUBSET, Relation.EQUAL) and targets == 1:
        return Relation.SUBSET
    if relation in (Relation.SUPERSET, Relation.EQUAL) and sources == 1:
        return Relation.SUPERSET
    return Relation.INTERSECTS


def _named(item: Node) -> str:
    stage = next((words_at(one, "value") for one in own_props(item, "at-stage") if words_at(one, "ns") == NS), "")
    return from_token(words_at(item, "id-ref")) + (f"{AT}{stage}" if stage else "")
