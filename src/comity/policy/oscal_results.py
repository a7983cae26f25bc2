"""Answers as OSCAL 1.2 assessment results, and back; gaps as an OSCAL plan of action and milestones.

An answer is an observation, the stage of an aspect a finding. The observation’s properties hold what OSCAL has no place
for, so that answers come back as they went.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final

from comity.policy.framework_form import Answers
from comity.policy.frameworks import Framework, words
from comity.policy.losses import Losses, Taken
from comity.policy.name_ids import token, uuid5
from comity.policy.oscal_catalog import VERSION, ours, own_props, prop
from comity.policy.saying import sentence
from comity.policy.staging import Answer, Held, Hold, Rating, Staged, stages
from comity.policy.tree import Mapping as Map
from comity.policy.tree import Node, Problem
from comity.policy.tree_picking import each, keys_of, mapping, pick, scalar, sequence, words_at

Json = dict[str, Any]
_METHODS: Final = {True: "EXAMINE", False: "INTERVIEW"}


def write(framework: Framework, answers: Answers, modified: datetime) -> Json:
    """Write the answers of a review, and the stages that follow on its day, as assessment results."""
    name = (framework.id, framework.edition, answers.of, answers.on.isoformat())
    staged = stages(framework, answers.ratings, answers.on)
    moment = datetime.combine(answers.on, time(), UTC).isoformat(timespec="seconds")
    plan = uuid5("no-plan", *name)
    return {"assessment-results": {
        "uuid": uuid5("assessment-results", *name),
        "metadata": _metadata(framework, answers, modified),
        "import-ap": {"href": f"#{plan}", "remarks": "No assessment plan is kept in OSCAL."},
        "results": [_filled({
            "uuid": uuid5("result", *name), "title": f"{words(framework.name)}: {answers.of}",
            "description": f"Stages by rule from the answers of {answers.on}.", "start": moment,
            "reviewed-controls": {"control-selections": [{"include-all": {}}]},
            "observations": [_observation(key, rating, framework, name, moment)
                             for key, rating in answers.ratings.items()],
            "findings": [_finding(one, framework, name, answers.ratings) for one in staged.values()],
        })],
        "back-matter": {"resources": [{"uuid": plan, "title": "No assessment plan"}]},
    }}  # fmt: skip


def _metadata(framework: Framework, answers: Answers, modified: datetime) -> Json:
    return {"title": f"{words(framework.name)}: {' '.join(answers.of.split())}",
            "last-modified": modified.isoformat(timespec="seconds"), "version": answers.on.isoformat(),
            "oscal-version": VERSION,
            "props": [prop("framework", framework.id), prop("edition", "edition", framework.edition),
                      prop("of", "of", answers.of), prop("on", answers.on.isoformat())]}  # fmt: skip


def _filled(found: Json) -> Json:
    return {key: value for key, value in found.items() if value not in ("", [], {})}


def _observation(key: str, rating: Rating, framework: Framework, name: tuple[str, ...], moment: str) -> Json:
    props = [prop("indicator", token(key)), prop("answer", rating.answer.value.replace(" ", "-"))]
    if rating.contested:
        props.append(prop("contested", "yes"))
    return _filled({
        "uuid": uuid5("observation", *name, key), "title": key,
        "description": f"{rating.answer.value}: {_asked(framework).get(key, key)}",
        "props": props, "methods": [_METHODS[bool(rating.evidence)]], "collected": moment,
        "relevant-evidence": [_evidence(one.title, one.at, one.until) for one in rating.evidence],
        "remarks": rating.reason,
    })  # fmt: skip


def _asked(framework: Framework) -> dict[str, str]:
    return {one.id: words(one.text) for one in framework.indicators()}


def _evidence(title: str, at: str, until: date | None) -> Json:
    props = [] if until is None else [prop("until", until.isoformat())]
    return _filled({"description": title, "remarks": at, "props": props})


def _finding(one: Staged, framework: Framework, name: tuple[str, ...], ratings: Mapping[str, Rating]) -> Json:
    reached = framework.stages[one.stage]
    top = one.next is None
    related = [{"observation-uuid": uuid5("observation", *name, held.indicator.id)}
               for held in one.held if held.indicator.id in ratings]  # fmt: skip
    return _filled({
        "uuid": uuid5("finding", *name, one.aspect.id),
        "title": f"{one.aspect.id} {' '.join(words(one.aspect.name).split())}",
        "description": f"Stage: {words(reached.name)}; at most {words(framework.stages[one.highest].name)}.",
        "props": [prop("stage", reached.id), prop("highest", framework.stages[one.highest].id)],
        "target": {"type": "objective-id", "target-id": token(one.aspect.id),
                   "status": {"state": "satisfied" if top else "not-satisfied"}},
        "related-observations": related,
    })  # fmt: skip


def read(root: Node) -> Taken:
    """Read assessment results that were written here as the tree of an answers file."""
    found = pick(root, "assessment-results")
    if not isinstance(found, Map):
        there = ", ".join(keys_of(root)) or "nothing"
        what, mend = (
            sentence("these are no assessment results: the document is {there}", there=there),
            sentence("name a file of assessment results"),
        )
        return Taken(None, problems=(Problem(root.line, root.column, what, mend),))
    if not ours(found, "framework"):
        what = sentence("these results do not say which framework’s indicators they answer")
        mend = sentence("only results that were exported here can be read; enter others by a form")
        return Taken(None, problems=(Problem(found.line, found.column, what, mend),))
    losses, meta = Losses(), pick(found, "metadata") or found
    seen = [one for result in each(found, "results") for one in each(result, "observations")]
    answers = [(scalar(ours(one, "indicator", "").removeprefix("_"), one), _rating(one)) for one in seen
               if ours(one, "indicator", "")]  # fmt: skip
    others = len(seen) - len(answers)
    losses.note(sentence("observations that answer no indicator are left out"), count=others)
    remark = {name: next((words_at(one, "remarks") for one in own_props(meta, name)), "") for name in ("edition", "of")}
    return Taken(mapping(found, framework=ours(found, "framework"), edition=remark["edition"], of=remark["of"],
                         on=ours(found, "on"), answers=Map(tuple(answers), found.line, found.column)),
                 losses.lines())  # fmt: skip


def _rating(node: Node) -> Node:
    said = ours(node, "answer", "").replace("-", " ")
    evidence: list[Node] = [
        mapping(one, title=words_at(one, "description"), at=words_at(one, "remarks"), until=ours(one, "until", ""))
        for one in each(node, "relevant-evidence")
    ]
    return mapping(node, answer=said, reason=words_at(node, "remarks"), contested=ours(node, "contested", ""),
                   evidence=sequence(node, evidence) if evidence else None)  # fmt: skip


def plan(framework: Framework, whose: str, on: date, gaps: Iterable[Held], modified: datetime) -> Json:
    """Write gaps as a plan of action and milestones: one item for each indicator, none of them dated yet."""
    name = (framework.id, framework.edition, whose, on.isoformat())
    aspects = {one.id: aspect for aspect in framework.aspects() for one in aspect.indicators}
    items = [_filled({
        "uuid": uuid5("poam-item", *name, one.indicator.id), "title": f"{one.indicator.id} {words(one.indicator.text)}",
        "description": _because(one), "props": [
            prop("indicator", token(one.indicator.id)), prop("aspect", token(aspects[one.indicator.id].id)),
            prop("stage", framework.stages[one.indicator.stage].id)],
    }) for one in gaps]  # fmt: skip
    return {"plan-of-action-and-milestones": {
        "uuid": uuid5("poam", *name),
        "metadata": {"title": f"{words(framework.name)}: what is missing, {' '.join(whose.split())}",
                     "last-modified": modified.isoformat(timespec="seconds"), "version": on.isoformat(),
                     "oscal-version": VERSION},
        "system-id": {"identifier-type": "urn:comity:state", "id": whose},
        "poam-items": items or [{"title": "Nothing", "description": "No indicator keeps an aspect from its target."}],
    }}  # fmt: skip


def _because(one: Held) -> str:
    if one.expired:
        return "Its evidence has expired."
    if one.rating.contested:
        return "Those asked do not agree."
    if one.hold is Hold.OPEN or one.rating.answer is Answer.UNKNOWN:
        return "Nobody has answered."
    return f"It is {one.rating.answer.value}."
