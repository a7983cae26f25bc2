"""Reading a located tree as a framework, and as the answers of a review: closed forms, every problem with its place.

A framework file: `framework` (its id), `edition`, `name`, `owner`, `language`, `levels`, `stages` (the first is the
floor), `licence`, `sources`, `about`, `parts`. A part has `id`, `name`, `about` and `parts`; what is staged has `id`,
`name`, `about`, `basis`, `floor` and `indicators`, a map from a stage’s id to its indicators (`id: words`). A text may
be a map of languages, of which the framework’s own (`language`, else English) is one.

An answers file: `framework`, `edition`, `of` (whose review), `on` (its day), `answers`, a map from an indicator’s id to
one word, or to a map of `answer`, `evidence`, `until`, `reason`, `contested`. A piece of evidence is its title, or a
map of `title`, `at` and `until`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from comity.policy import tree
from comity.policy.fields import Fields, Report, day, entries, items, members, text, word, yes_no
from comity.policy.frameworks import Aspect, Framework, Indicator, Part, Stage, Text
from comity.policy.saying import sentence
from comity.policy.staging import Answer, Evidence, Rating
from comity.policy.tree import Node, Problem, Scalar, kind, nearest

KEYS = ("framework", "edition", "name", "owner", "language", "about", "levels", "stages", "licence", "sources", "parts")
PART_KEYS = ("id", "name", "about", "basis", "parts", "floor", "indicators")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
FEWEST_STAGES = 2


@dataclass(frozen=True, slots=True)
class FrameworkReading:
    """What a file was read as: the framework, or the problems that stand against it."""

    framework: Framework | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one review as one file holds them."""

    framework: str
    edition: str
    of: str
    on: date
    ratings: Mapping[str, Rating]


@dataclass(frozen=True, slots=True)
class AnswersReading:
    """What a file was read as: the answers, or the problems that stand against them."""

    answers: Answers | None
    problems: tuple[Problem, ...]


def read_framework(root: Node) -> FrameworkReading:
    """Read a located tree as a framework."""
    report = Report()
    found = _Form(report).framework(root)
    problems = tuple(sorted(report.problems, key=lambda one: (one.line, one.column)))
    return FrameworkReading(None if problems else found, problems)


def texts(language: str) -> Callable[[Report, Node, str], Text | None]:
    """Make a reader of words in a language, or of a map of languages to words of which it is one."""

    def read(report: Report, node: Node, what: str) -> Text | None:
        if not isinstance(node, tree.Mapping):
            said = text(report, node, what)
            return None if said is None else ((language, said),)
        found = {
            key.text: text(report, value, sentence("{what} in “{text}”", what=what, text=key.text))
            for key, value in node.entries
        }
        if language not in found:
            report.add(
                node,
                sentence(
                    "{what} is not told in “{language}”, the framework’s own language", what=what, language=language
                ),
                sentence("add `{language}:`, or name another `language:` at the top", language=language),
            )
            return None
        own_first = sorted(found.items(), key=lambda one: (one[0] != language, one[0]))
        return tuple((code, said) for code, said in own_first if said)

    return read


class _Form:
    """One reading: ids that were met, the stages by id, the language of plain texts."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.seen: dict[str, Node] = {}
        self.stages: dict[str, int] = {}
        self.language = "en"

    def framework(self, root: Node) -> Framework | None:
        fields = Fields(self.report, root, sentence("the framework"), KEYS)
        self.language = fields.take("language", text) or "en"
        name = fields.need("framework", _id, sentence("add `framework:` with a short id, such as cmm"))
        edition = fields.need("edition", text, sentence("add {field}, such as {such}", field="`edition:`", such="2021"))
        title = fields.need("name", self.text, sentence("add `name:` with its title"))
        owner = fields.need("owner", text, sentence("add `owner:` with who keeps it"))
        levels = fields.need(
            "levels",
            members(text),
            sentence("add {field}, such as {such}", field="`levels:`", such="[dimension, factor, aspect]"),
        )
        stages = fields.need("stages", self.all_stages, sentence("add `stages:`, from the floor up"))
        depth = len(levels or ())
        parts = fields.need("parts", lambda report, node, what: self.parts(report, node, what, depth),
                            sentence("add {field}", field="`parts:`"))  # fmt: skip
        if parts == ():
            self.report.add(fields.place("parts"), sentence("nothing in the framework can be assessed"),
                            sentence("write at least one part with indicators"))  # fmt: skip
        if levels == []:
            self.report.add(
                fields.place("levels"), sentence("`levels` is empty"), sentence("name one word for each level of parts")
            )
        if not (name and edition and title and owner and levels and stages and parts):
            return None
        return Framework(name, edition, title, owner, tuple(levels), stages, parts, fields.take("licence", text) or "",
                         tuple(fields.take("sources", members(text)) or ()),
                         fields.take("about", self.text) or ())  # fmt: skip

    def text(self, report: Report, node: Node, what: str) -> Text | None:
        return texts(self.language)(report, node, what)

    def all_stages(self, report: Report, node: Node, what: str) -> tuple[Stage, ...] | None:
        found = []
        for place, item in enumerate(items(report, node, what)):
            fields = Fields(report, item, sentence("a stage"), ("id", "name", "means"))
            key = fields.need("id", _id, sentence("add {field}", field="`id:`"))
            name = fields.need("name", self.text, sentence("add {field}", field="`name:`"))
            if key and name:
                self.stages[key] = place
                found.append(Stage(key, name, fields.take("means", self.text) or ()))
        if len(found) < FEWEST_STAGES:
            report.add(
                node,
                sentence("{what} has fewer than two stages", what=what),
                sentence("write the floor and at least one stage above it"),
            )
            return None
        return tuple(found)

    def parts(self, report: Report, node: Node, what: str, depth: int) -> tuple[Part | Aspect, ...] | None:
        found = [self.part(report, item, depth) for item in items(report, node, what)]
        return tuple(one for one in found if one is not None)

    def part(self, report: Report, node: Node, depth: int) -> Part | Aspect | None:
        fields = Fields(report, node, sentence("a part"), PART_KEYS)
        key = fields.need("id", self.own_id, sentence("add {field}", field="`id:`"))
        name = fields.need("name", self.text, sentence("add {field}", field="`name:`"))
        if fields.has("parts") == fields.has("indicators"):
            report.add(
                node,
                sentence("{part} must have either `parts` or `indicators`", part=key or sentence("a part")),
                sentence("write one of the two"),
            )
            return None
        if fields.has("parts") and depth <= 1:
            report.add(
                fields.place("parts"),
                sentence("{part} lies deeper than `levels` names", part=key or sentence("a part")),
                sentence("name one more level, or take the parts out"),
            )
            return None
        inner = fields.take("parts", lambda report, node, what: self.parts(report, node, what, depth - 1))
        indicators = fields.take("indicators", self.indicators)
        about = fields.take("about", self.text) or ()
        if not (key and name):
            return None
        if inner is not None:
            return Part(key, name, inner, about)
        floor = tuple(fields.take("floor", members(self.text)) or ())
        return Aspect(key, name, indicators or (), floor, fields.take("basis", text) or "", about)

    def indicators(self, report: Report, node: Node, what: str) -> tuple[Indicator, ...]:
        found = []
        for stage, listed in entries(report, node, what):
            if stage.text not in self.stages:
                report.add(
                    stage, sentence("there is no stage “{text}”", text=stage.text), nearest(stage.text, self.stages)
                )
            elif not self.stages[stage.text]:
                report.add(
                    stage,
                    sentence("“{text}” is the floor and has no indicators", text=stage.text),
                    sentence("describe it under `floor`"),
                )
            else:
                found += list(self._of_stage(report, listed, self.stages[stage.text]))
        return tuple(sorted(found, key=lambda one: one.stage))

    def _of_stage(self, report: Report, node: Node, stage: int) -> Iterator[Indicator]:
        for key, said in entries(report, node, sentence("the indicators of a stage")):
            name, found = (
                self.own_id(report, key, sentence("an indicator’s id")),
                self.text(report, said, f"“{key.text}”"),
            )
            if name and found:
                yield Indicator(name, found, stage)

    def own_id(self, report: Report, node: Node, what: str) -> str | None:
        """Read an id that nothing else in the file has."""
        found = _id(report, node, what)
        if found is None:
            return None
        if found in self.seen:
            mend = sentence("give it another id; the first is in line {line}", line=self.seen[found].line)
            report.add(node, sentence("the id “{found}” stands here for the second time", found=found), mend)
            return None
        self.seen[found] = node
        return found


def _id(report: Report, node: Node, what: str) -> str | None:
    if isinstance(node, Scalar) and ID.fullmatch(node.text):
        return node.text
    report.add(
        node,
        sentence("{what} is {kind}, not an id", what=what, kind=kind(node)),
        sentence("write 1 to 80 letters, digits, dots or hyphens"),
    )
    return None


def read_answers(root: Node, framework: Framework) -> AnswersReading:
    """Read a located tree as the answers to a framework."""
    report = Report()
    fields = Fields(report, root, sentence("the file"), ("framework", "edition", "of", "on", "answers"))
    known = {indicator.id for indicator in framework.indicators()}
    name = fields.need("framework", text, sentence("add `framework: {id}`", id=framework.id))
    edition = fields.need("edition", text, sentence("add `edition: {edition}`", edition=framework.edition))
    if name and edition and (name, edition) != (framework.id, framework.edition):
        report.add(
            fields.place("framework"),
            sentence("these answers are to {name}, edition {edition}", name=name, edition=edition),
            sentence("name a file of answers to {id}, edition {edition}", id=framework.id, edition=framework.edition),
        )
    of = fields.need("of", text, sentence("add `of:` with whose review it is"))
    on = fields.need("on", day, sentence("add `on:` with the day of the review"))
    ratings: dict[str, Rating] = {}
    answers = fields.found.get("answers")
    for key, node in () if answers is None else entries(report, answers, "`answers`"):
        if key.text not in known:
            report.add(
                key,
                sentence("{id} has no indicator “{text}”", id=framework.id, text=key.text),
                nearest(key.text, known),
            )
        elif (rating := _rating(report, node, key.text)) is not None:
            ratings[key.text] = rating
    problems = tuple(sorted(report.problems, key=lambda one: (one.line, one.column)))
    if problems or not (name and edition and of and on):
        return AnswersReading(None, problems)
    return AnswersReading(Answers(name, edition, of, on, ratings), ())


def _evidence(until: date | None) -> Callable[[Report, Node, str], Evidence | None]:
    """Make a reader of one piece of evidence: its title, or a map with where it is and how long it counts."""

    def read(report: Report, node: Node, what: str) -> Evidence | None:
        if not isinstance(node, tree.Mapping):
            title = text(report, node, what)
            return None if title is None else Evidence(title, until=until)
        fields = Fields(report, node, what, ("title", "at", "until"))
        title = fields.need("title", text, sentence("add {field}", field="`title:`"))
        at, own = fields.take("at", text) or "", fields.take("until", day) or until
        return None if title is None else Evidence(title, at, own)

    return read


def _rating(report: Report, node: Node, name: str) -> Rating | None:
    """Read one word, or a map with what it rests on."""
    said = word(Answer)
    if not isinstance(node, tree.Mapping):
        found = said(report, node, sentence("the answer to {name}", name=name))
        if found is Answer.NOT_APPLICABLE:
            report.add(
                node,
                sentence("{name} is called not applicable without a reason", name=name),
                sentence("write a map with `reason:`"),
            )
            return None
        return None if found is None else Rating(found)
    fields = Fields(
        report,
        node,
        sentence("the answer to {name}", name=name),
        ("answer", "evidence", "until", "reason", "contested"),
    )
    answer = fields.need("answer", said, sentence("add {field}", field="`answer:`"))
    until, reason = fields.take("until", day), fields.take("reason", text) or ""
    shown = fields.take("evidence", members(_evidence(until))) or []
    contested = fields.take("contested", yes_no) or False
    if answer is Answer.NOT_APPLICABLE and not reason:
        report.add(
            node,
            sentence("{name} is called not applicable without a reason", name=name),
            sentence("add {field}", field="`reason:`"),
        )
        return None
    if answer is None:
        return None
    return Rating(answer, tuple(shown), reason, contested=contested)
