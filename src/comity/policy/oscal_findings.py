"""What others found, as OSCAL assessment results or a plan of action, read as answers to a framework that is here.

A finding says of a statement or an objective of a control whether it is satisfied. Satisfied as a whole, all that it
covers is met; not satisfied, the one thing that it covers is not met, and of several nobody knows which, so they stay
unknown with the finding as their reason. An objective that is a piece of a statement's item (`…_obj.a-1`) can deny the
item, and alone cannot show it. Each finding goes along as evidence, with what was observed and until when it counts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from comity.policy.frameworks import Aspect, Framework
from comity.policy.losses import Losses, Taken
from comity.policy.saying import sentence
from comity.policy.staging import Answer
from comity.policy.tree import Mapping, Node, Problem
from comity.policy.tree_picking import each, mapping, pick, scalar, sequence, words_at

KEYS: Final = ("assessment-results", "plan-of-action-and-milestones")
_PIECE: Final = re.compile(r"-[0-9]+$")
_FEW: Final = 4
_ORDER: Final = (Answer.NOT_MET, Answer.UNKNOWN, Answer.MET)
"""Which answer counts where several findings speak of one indicator: the first of these."""


@dataclass(slots=True)
class _Finding:
    node: Node
    target: str
    satisfied: bool
    evidence: list[Node]

    @property
    def control(self) -> str:
        return self.target.partition("_")[0]


@dataclass(slots=True)
class _Rated:
    answers: set[Answer] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)
    evidence: list[Node] = field(default_factory=list)
    place: Node | None = None


def read(root: Node, known: Sequence[Framework]) -> Taken:
    """Read the findings of others as the tree of an answers file, to the one of the frameworks that they speak of."""
    key = next(one for one in KEYS if pick(root, one) is not None)
    document = pick(root, key) or root
    results = each(document, "results") or (document,)
    findings = [one for result in results for one in _findings(result, words_at(document, "metadata", "title"))]
    if not findings:
        return _refused(
            document, _nothing(document, key), sentence("enter what it says by a form, or its items as measures")
        )
    fits = {(one.id, one.edition): sum(_aspect(one, each_.control) is not None for each_ in findings)
            for one in known}  # fmt: skip
    best = max(fits.values(), default=0)
    named = [one for one in known if fits[one.id, one.edition] == best]
    controls = ", ".join(dict.fromkeys(one.control for one in findings).keys())
    if best == 0:
        what = sentence(
            "no framework that is at hand has the controls that these findings name: {controls}", controls=controls[:80]
        )
        return _refused(
            document, what, sentence("take in the catalog that they speak of first, or name it by --framework")
        )
    if len(named) > 1:
        several = ", ".join(f"{one.id} {one.edition}" for one in named[:_FEW])
        return _refused(
            document,
            sentence("these findings fit several frameworks alike: {several}", several=several),
            sentence("name one by --framework"),
        )
    return _Reader(document, named[0]).taken(findings, results[-1])


def _refused(place: Node, what: str, mend: str) -> Taken:
    return Taken(None, problems=(Problem(place.line, place.column, what, mend),))


def _nothing(document: Node, key: str) -> str:
    """Say what is there where no finding names a control."""
    seen = [one for result in (*each(document, "results"), document) for one in each(result, "observations")]
    risks = [one for result in (*each(document, "results"), document) for one in each(result, "risks")]
    items = len(each(document, "poam-items"))
    what = sentence("{seen} observations and {risks} risks", seen=len(seen), risks=len(risks))
    if items:
        what = sentence("{what}, and {items} items", what=what, items=items)
    return sentence("this OSCAL {key} has {what}, but no finding that names a control, so no answer follows from it",
                    key=key, what=what)  # fmt: skip


def _findings(result: Node, title: str) -> Iterator[_Finding]:
    """Yield the findings that say whether something of a control is satisfied."""
    seen = {words_at(one, "uuid"): one for one in each(result, "observations")}
    for one in each(result, "findings"):
        state = words_at(one, "target", "status", "state") or words_at(one, "target", "status")
        target = words_at(one, "target", "target-id")
        if target and state in ("satisfied", "not-satisfied"):
            related = [seen[name] for link in each(one, "related-observations")
                       if (name := words_at(link, "observation-uuid")) in seen]  # fmt: skip
            yield _Finding(one, target, state == "satisfied", list(_evidence(one, related, title)))


def _evidence(finding: Node, related: Sequence[Node], source: str) -> Iterator[Node]:
    """Yield evidence for a finding: each observation that it rests on, or itself where it names none."""
    for one in related or (finding,):
        said = words_at(one, "title") or words_at(one, "description") or words_at(finding, "title")
        at = next((words_at(link, "href") for link in each(one, "relevant-evidence")), "")
        title = " ".join(f"{said} ({source})".split())
        yield mapping(one, title=title, at=at, until=words_at(one, "expires")[:10])


def _aspect(framework: Framework, control: str) -> Aspect | None:
    return next((one for one in framework.aspects() if one.id.lower() == control.lower()), None)


class _Reader:
    def __init__(self, document: Node, framework: Framework) -> None:
        self.document, self.framework, self.losses = document, framework, Losses()
        self.rated: dict[str, _Rated] = {}

    def taken(self, findings: Sequence[_Finding], last: Node) -> Taken:
        for one in findings:
            self.rate(one)
        for result in (*each(self.document, "results"), self.document):
            self.losses.note(
                sentence("risks, and what is done about them, are left out"), count=len(each(result, "risks"))
            )
        self.losses.note(sentence("items of the plan are left out; enter them as measures"),
                         count=len(each(self.document, "poam-items")))  # fmt: skip
        day = words_at(last, "end") or words_at(last, "start") or words_at(self.document, "metadata", "last-modified")
        order = [one.id for one in self.framework.indicators() if one.id in self.rated]
        answers = [(scalar(name, self.rated[name].place or self.document), self.answer(self.rated[name]))
                   for name in order]  # fmt: skip
        return Taken(mapping(
            self.document, framework=self.framework.id, edition=self.framework.edition,
            of=words_at(self.document, "metadata", "title"), on=day[:10],
            answers=Mapping(tuple(answers), self.document.line, self.document.column),
        ), self.losses.lines())  # fmt: skip

    def answer(self, one: _Rated) -> Node:
        place = one.place or self.document
        said = next(answer for answer in _ORDER if answer in one.answers)
        return mapping(place, answer=said.value, reason="; ".join(dict.fromkeys(one.reasons)),
                       evidence=sequence(place, one.evidence))  # fmt: skip

    def rate(self, one: _Finding) -> None:
        aspect = _aspect(self.framework, one.control)
        if aspect is None:
            self.losses.note(sentence("findings on controls that the framework has not are left out"), one.target)
            return
        covered, whole = _covered(aspect, one.target)
        if not covered:
            self.losses.note(
                sentence("findings whose statement or objective is not in the control are left out"), one.target
            )
            return
        if one.satisfied:
            said = Answer.MET if whole else Answer.UNKNOWN
        else:
            said = Answer.NOT_MET if len(covered) == 1 else Answer.UNKNOWN
        if said is Answer.UNKNOWN:
            self.losses.note(
                sentence("findings that do not decide each indicator of theirs leave it unknown"), one.target
            )
        state = "satisfied" if one.satisfied else "not satisfied"
        for name in covered:
            rated = self.rated.setdefault(name, _Rated(place=one.node))
            rated.answers.add(said)
            rated.reasons.append(f"{one.target}: {state}")
            rated.evidence += one.evidence


def _covered(aspect: Aspect, target: str) -> tuple[list[str], bool]:
    """Give the indicators that a target speaks of, and whether it speaks of the whole of each."""
    names = [one.id for one in aspect.indicators]
    _control, _, rest = target.partition("_")
    kind, _, place = rest.partition(".")
    if not place:
        return names, True
    bare = _PIECE.sub("", place)
    wanted = f"{aspect.id}_smt.{bare}".lower()
    found = [name for name in names if name.lower() in (target.lower(), wanted)
             or name.lower().startswith((f"{wanted}.", f"{target.lower()}."))]  # fmt: skip
    return found, kind != "obj" or bare == place
