"""A crosswalk as CISO Assistant’s requirement mapping sets, one each way as they keep them, and back.

Their nodes know no stage: a pair that names an aspect at a stage is written for the whole aspect, weakened to what then
still holds, and the loss is told.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from comity.policy.ciso_library import PACKAGER, framework_urn, last_of, node_urn, slug
from comity.policy.crosswalks import AT, Confidence, Crosswalk, Pair, Relation
from comity.policy.losses import Losses, Taken, line_of
from comity.policy.name_ids import tidy
from comity.policy.saying import sentence
from comity.policy.tree import Node, Problem
from comity.policy.tree_picking import each, keys_of, mapping, pick, sequence, words_at

Json = dict[str, Any]
CALLED: Final = {Relation.INTERSECTS: "intersect", Relation.NONE: "not_related"}
_RELATIONS: Final = {CALLED.get(one, one.value): one for one in Relation}
_NUMBER: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,9})?")
STRENGTH: Final = {Confidence.HIGH: 9, Confidence.MEDIUM: 6, Confidence.LOW: 3}


def write(walk: Crosswalk) -> tuple[Json, tuple[str, ...]]:
    """Write a crosswalk as a library of two mapping sets, there and back; give what is lost."""
    losses, name = Losses(), slug(walk.id, walk.edition)
    pairs = [_weakened(pair, losses) for pair in walk.pairs]
    losses.note(sentence("sources of pairs are left out"), count=sum(bool(pair.read_in) for pair in pairs))
    losses.note(sentence("translations are left out"), count=len(walk.name) + len(walk.about) - 1 - bool(walk.about))
    about = dict(walk.about).get(walk.name[0][0], "")
    back = Crosswalk(walk.id, walk.edition, walk.name, walk.owner, walk.target, walk.source,
                     tuple(pair.turned() for pair in pairs))  # fmt: skip
    there = Crosswalk(walk.id, walk.edition, walk.name, walk.owner, walk.source, walk.target, tuple(pairs))
    return {
        "urn": f"urn:{PACKAGER}:risk:library:{name}", "locale": walk.name[0][0], "ref_id": f"{walk.id} {walk.edition}",
        "name": walk.name[0][1], **({"description": about} if about else {}), "version": 1, "provider": walk.owner,
        "packager": PACKAGER, "dependencies": [f"urn:{PACKAGER}:risk:library:{slug(*end)}"
                                               for end in (walk.source, walk.target)],
        "objects": {"requirement_mapping_sets": [_set(there, name), _set(back, f"{name}-revert")]},
    }, losses.lines()  # fmt: skip


def _set(walk: Crosswalk, name: str) -> Json:
    return {
        "urn": f"urn:{PACKAGER}:risk:req_mapping_set:{name}", "ref_id": f"{walk.id} {walk.edition}",
        "name": walk.name[0][1],
        "source_framework_urn": framework_urn(*walk.source), "target_framework_urn": framework_urn(*walk.target),
        "requirement_mappings": [
            {"source_requirement_urn": node_urn(*walk.source, pair.source),
             "target_requirement_urn": node_urn(*walk.target, pair.target),
             "relationship": CALLED.get(pair.relation, pair.relation.value), "rationale": "semantic",
             "strength_of_relationship": STRENGTH[pair.confidence], "annotation": pair.why}
            for pair in walk.pairs
        ],
    }  # fmt: skip


def _weakened(pair: Pair, losses: Losses) -> Pair:
    """Write a pair for whole aspects: an aspect asks for at least what it asks for at a stage."""
    relation = pair.relation
    if AT in pair.source:
        losses.note(sentence("pairs that name an aspect at a stage were weakened to the whole aspect"), pair.source)
        relation = {Relation.EQUAL: Relation.SUPERSET, Relation.SUBSET: Relation.INTERSECTS}.get(relation, relation)
    if AT in pair.target:
        losses.note(sentence("pairs that name an aspect at a stage were weakened to the whole aspect"), pair.target)
        relation = {Relation.EQUAL: Relation.SUBSET, Relation.SUPERSET: Relation.INTERSECTS}.get(relation, relation)
    if relation is Relation.NONE and AT in pair.source + pair.target:
        relation = Relation.INTERSECTS
    ends = (pair.source.partition(AT)[0], pair.target.partition(AT)[0])
    return Pair(*ends, relation, pair.why, pair.confidence, pair.read_in)


def read(root: Node, frameworks: Iterable[tuple[str, str, Iterable[str]]]) -> list[Taken]:
    """Read the mapping sets of a library, the reverse ones left out, as trees of crosswalks.

    `frameworks` are those that are known: id, edition and the ids of their items, to which small URNs are led back.
    """
    objects = pick(root, "objects")
    single = pick(objects, "requirement_mapping_set")
    sets = [*each(objects, "requirement_mapping_sets"), *([] if single is None else [single])]
    if not sets:
        there = ", ".join(keys_of(objects)) or "no `objects`"
        what = sentence("this library holds no mapping set but {there}", there=there)
        return [
            Taken(
                None, problems=(Problem(root.line, root.column, what, sentence("name a library with a mapping set")),)
            )
        ]
    known = {framework_urn(name, edition): (name, edition, {item.lower(): item for item in items})
             for name, edition, items in frameworks}  # fmt: skip
    found: dict[tuple[str, str], Taken] = {}
    for one in sets:
        ends = words_at(one, "source_framework_urn"), words_at(one, "target_framework_urn")
        if ends[::-1] not in found:
            found[ends] = _taken(root, one, ends, known)
    return list(found.values())


def _taken(root: Node, found: Node, ends: tuple[str, str], known: dict[str, tuple[str, str, dict[str, str]]]) -> Taken:
    losses = Losses()
    framework = [known.get(end, (tidy(end.rpartition(":")[2]), "unknown", {})) for end in ends]
    losses.note(sentence("frameworks that are not here stand under their name, with the edition “unknown”"),
                count=sum(end not in known for end in ends))  # fmt: skip
    lines = []
    for one in each(found, "requirement_mappings"):
        said = words_at(one, "relationship")
        if said not in _RELATIONS:
            losses.note(sentence("mappings whose relationship is “{said}” are left out", said=said), line_of(one))
            continue
        items = [_item(words_at(one, f"{side}_requirement_urn"), of[2])
                 for side, of in zip(("source", "target"), framework, strict=True)]  # fmt: skip
        lines.append(mapping(one, **{"from": items[0]}, to=items[1], relation=_RELATIONS[said].value,
                             confidence=_confidence(one, losses), why=_why(one)))  # fmt: skip
    name, _, edition = words_at(found, "ref_id").partition(" ")
    ours = words_at(root, "packager") == PACKAGER
    ended = [mapping(found, framework=of[0], edition=of[1]) for of in framework]
    return Taken(mapping(
        found, crosswalk=name if ours else tidy(words_at(found, "ref_id") or ends[0].rpartition(":")[2]),
        edition=edition if ours else words_at(root, "version") or "1", name=words_at(found, "name") or name,
        owner=words_at(root, "provider") or words_at(root, "packager") or "unknown",
        about=words_at(root, "description"), language=words_at(root, "locale"), **{"from": ended[0]}, to=ended[1],
        pairs=sequence(found, list(lines)),
    ), losses.lines())  # fmt: skip


def _item(urn: str, items: dict[str, str]) -> str:
    item = last_of(urn)
    return items.get(item.lower(), tidy(item))


def _confidence(found: Node, losses: Losses) -> str:
    said = words_at(found, "strength_of_relationship")
    if not _NUMBER.fullmatch(said):
        losses.note(sentence("mappings without a strength stand with low confidence"), line_of(found))
        return Confidence.LOW.value
    return next((one.value for one, least in STRENGTH.items() if float(said) >= least), Confidence.LOW.value)


def _why(found: Node) -> str:
    return words_at(found, "annotation") or words_at(found, "rationale") or "not said"
