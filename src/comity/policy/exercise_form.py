"""Reading a located tree as a scenario: a closed form, every problem with its place.

A scenario's file: `exercise` (its id), `name`, `about`, `lasts`, `begins`, `time_zone`, `framework`, `objectives`,
`teams`, `decisions`, `injects`, `expected`. Times are hours and minutes on the exercise's clock (`1:05`).
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from comity.policy.exercises import (
    Asks,
    Condition,
    Decision,
    Expectation,
    Inject,
    Objective,
    Observe,
    Option,
    Scenario,
    Sign,
    Team,
)
from comity.policy.fields import Fields, Report, entries, items, members, members_or_none, moment, one_of, text, tlp
from comity.policy.frameworks import Framework
from comity.policy.requests import Subject
from comity.policy.saying import sentence
from comity.policy.tree import Mapping as Map
from comity.policy.tree import Node, Problem, Scalar, Sequence, kind, nearest

KEYS: Final = ("exercise", "name", "about", "lasts", "begins", "time_zone", "framework", "objectives", "teams",
               "decisions", "injects", "expected")  # fmt: skip
OBJECTIVE: Final = ("says", "indicators", "aspects", "undertakings")
TEAM: Final = ("name", "party", "parts")
DECISION: Final = ("of", "after", "says", "options")
INJECT: Final = ("at", "after", "to", "from", "by", "tlp", "title", "says", "when", "patterns", "note")
EXPECTED: Final = ("of", "after", "says", "within", "serves", *Observe, "scale")
SIGN: Final = ("with", "type", "tlp_up_to", "subject")
SCALE: Final = ("not done", "done in part", "done")
MOST_MINUTES: Final = 14 * 24 * 60
ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_PARTY: Final = re.compile(r"[A-Za-z0-9-]{2,16}")
_CLOCK: Final = re.compile(r"([0-9]{1,3}):([0-5][0-9])")
_SPAN: Final = re.compile(r"([0-9]{1,5}) (minute|hour|day)s?")
_MINUTES: Final[Mapping[str, int]] = {"minute": 1, "hour": 60, "day": 1440}
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class ScenarioReading:
    """What a file was read as: the scenario, or the problems that stand against it."""

    scenario: Scenario | None
    problems: tuple[Problem, ...]


def read_scenario(root: Node, framework: Framework | None = None) -> ScenarioReading:
    """Read a located tree as a scenario; with a framework its indicators and aspects are looked up there."""
    report = Report()
    found = _Form(report, framework, root).scenario(root)
    problems = tuple(sorted(report.problems, key=lambda one: (one.line, one.column)))
    return ScenarioReading(None if problems else found, problems)


def named_framework(root: Node) -> str:
    """Give the framework that a scenario's file names; empty where it names none."""
    there = {key.text: value for key, value in root.entries} if isinstance(root, Map) else {}
    found = there.get("framework")
    return found.text if isinstance(found, Scalar) else ""


class _Form:
    """One reading."""

    def __init__(self, report: Report, framework: Framework | None, root: Node) -> None:
        self.report = report
        self.indicators = None if framework is None else {one.id for one in framework.indicators()}
        self.aspects = None if framework is None else {one.id for one in framework.aspects()}
        there = {key.text: value for key, value in root.entries} if isinstance(root, Map) else {}
        self.names = {
            name: tuple(key.text for key, _ in found.entries) if isinstance(found := there.get(name), Map) else ()
            for name in ("objectives", "teams", "decisions", "injects", "expected")
        }
        self.places: dict[str, Node] = {}

    def scenario(self, root: Node) -> Scenario | None:
        fields = Fields(self.report, root, sentence("the scenario"), KEYS)
        key = fields.need("exercise", _id, sentence("add `exercise:` with a short id"))
        name = fields.need("name", text, sentence("add `name:` with its title"))
        lasts = fields.need("lasts", _lasts, sentence("add {field}, such as {such}", field="`lasts:`", such="8 hours"))
        begins = fields.need(
            "begins", moment, sentence("add `begins:` with the story's first moment, such as 2027-03-09T09:00")
        )
        zone = fields.need(
            "time_zone", _zone, sentence("add {field}, such as {such}", field="`time_zone:`", such="America/Nassau")
        )
        teams = fields.need("teams", self._each(self.team), sentence("add `teams:` with those who play"))
        injects = fields.need("injects", self._each(self.inject), sentence("add `injects:` with what is put to them"))
        objectives = fields.take("objectives", self._each(self.objective)) or ()
        decisions = fields.take("decisions", self._each(self.decision)) or ()
        expected = fields.take("expected", self._each(self.expectation)) or ()
        self._circles(injects or (), expected, decisions)
        if not (key and name and lasts and begins and zone and teams and injects):
            return None
        about, framework = (fields.take(one, text) or "" for one in ("about", "framework"))
        return Scenario(key, name, about, lasts, begins, zone, framework, objectives, teams, decisions, injects,
                        expected)  # fmt: skip

    def _each(
        self, read_one: Callable[[str, Node], Part | None]
    ) -> Callable[[Report, Node, str], tuple[Part, ...] | None]:
        def read(report: Report, node: Node, what: str) -> tuple[Part, ...] | None:
            found = []
            for key, value in entries(report, node, what):
                if _id(report, key, sentence("a name in {what}", what=what)) is not None:
                    self.places[key.text] = key
                    found.append(read_one(key.text, value))
            return tuple(one for one in found if one is not None)

        return read

    def objective(self, key: str, node: Node) -> Objective | None:
        fields = Fields(self.report, node, sentence("the objective {key}", key=key), OBJECTIVE)
        says = fields.need("says", text, sentence("add {field}", field="`says:`"))
        known = [_texts if names is None else members(one_of(names, noun)) for names, noun in
                 ((self.indicators, sentence("indicator")), (self.aspects, sentence("aspect")))]  # fmt: skip
        indicators, aspects = (tuple(fields.take(name, read) or ()) for name, read in
                               zip(("indicators", "aspects"), known, strict=True))  # fmt: skip
        return Objective(key, says, indicators, aspects, self._texts(fields, "undertakings")) if says else None

    def _texts(self, fields: Fields, name: str) -> tuple[str, ...]:
        return tuple(fields.take(name, _texts) or ())

    def team(self, key: str, node: Node) -> Team | None:
        fields = Fields(self.report, node, sentence("the team {key}", key=key), TEAM)
        name = fields.need("name", text, sentence("add {field}", field="`name:`"))
        party, parts = fields.take("party", _party) or "", self._texts(fields, "parts")
        return Team(key, name, party, parts) if name else None

    def decision(self, key: str, node: Node) -> Decision | None:
        fields = Fields(self.report, node, sentence("the decision {key}", key=key), DECISION)
        of = fields.need("of", self._one("teams", sentence("team")), sentence("add `of:` with the team that decides"))
        after = fields.need(
            "after", self._one("injects", sentence("inject")), sentence("add `after:` with the inject that puts it")
        )
        says = fields.need("says", text, sentence("add {field}", field="`says:`"))
        options = fields.need("options", self.options, sentence("add `options:`, each with a short id and its words"))
        return Decision(key, of, after, says, options) if of and after and says and options else None

    def options(self, report: Report, node: Node, what: str) -> tuple[Option, ...]:
        found = []
        for key, value in entries(report, node, what):
            name, says = (
                _id(report, key, sentence("a name in {what}", what=what)),
                text(report, value, sentence("{text} in {what}", text=key.text, what=what)),
            )
            if name and says:
                found.append(Option(name, says))
        return tuple(found)

    def inject(self, key: str, node: Node) -> Inject | None:
        fields = Fields(self.report, node, sentence("the inject {key}", key=key), INJECT)
        at = fields.need("at", minutes, sentence("add {field}, such as {such}", field="`at:`", such="1:05"))
        to = fields.need(
            "to", members_or_none(self._one("teams", sentence("team"))), sentence("add `to:` with the teams it is for")
        )
        marked = fields.need("tlp", tlp, sentence("add {field}, such as {such}", field="`tlp:`", such="AMBER"))
        title = fields.need("title", text, sentence("add {field}", field="`title:`"))
        says = fields.need("says", text, sentence("add `says:` with the text that is put"))
        starts = (*self.names["injects"], *self.names["decisions"])
        after = (
            fields.take("after", one_of([one for one in starts if one != key], sentence("inject or decision"))) or ""
        )
        when = tuple(fields.take("when", members(self.condition)) or ())
        source, by, note = (fields.take(name, text) or "" for name in ("from", "by", "note"))
        if at is None or not (to and title and says) or marked is None:
            return None
        return Inject(key, title, says, at, tuple(to), marked, after, source, by, when,
                      self._texts(fields, "patterns"), note)  # fmt: skip

    def condition(self, report: Report, node: Node, what: str) -> Condition | None:
        words = node.text.split() if isinstance(node, Scalar) else []
        asks = words[0] if words else ""
        if asks in {Asks.MET, Asks.MISSED} and len(words) == 2:  # noqa: PLR2004 (the word and a name)
            name = self._one("expected", sentence("expectation"))(
                report, Scalar(words[1], node.line, node.column), what
            )
            return None if name is None else Condition(Asks(asks), name)
        if asks == Asks.TOOK and len(words) == 3:  # noqa: PLR2004 (the word, a decision and an option)
            name = self._one("decisions", sentence("decision"))(report, Scalar(words[1], node.line, node.column), what)
            return None if name is None else Condition(Asks.TOOK, name, words[2])
        report.add(node, sentence("{what} has {kind}, which is no condition", what=what, kind=kind(node)),
                   sentence("write “met E1”, “missed E1” or “took DECISION OPTION”"))  # fmt: skip
        return None

    def expectation(self, key: str, node: Node) -> Expectation | None:
        fields = Fields(self.report, node, sentence("the expectation {key}", key=key), EXPECTED)
        of = fields.need(
            "of", self._one("teams", sentence("team")), sentence("add `of:` with the team that is to do it")
        )
        after = fields.need(
            "after", self._one("injects", sentence("inject")), sentence("add `after:` with the inject that it answers")
        )
        says = fields.need("says", text, sentence("add {field}", field="`says:`"))
        within = fields.take("within", minutes)
        serves = tuple(fields.take("serves", members(self._one("objectives", sentence("objective")))) or ())
        signs = [one for one in Observe if fields.has(one)]
        sign = self.sign(fields, signs[0], of or "") if signs else None
        scale = self._texts(fields, "scale") or (() if signs else SCALE)
        if len(signs) + fields.has("scale") > 1:
            ways = ", ".join([*signs, "scale"] if fields.has("scale") else signs)
            what = sentence("the expectation {key} is scored in more than one way", key=key)
            self.report.add(fields.place("scale"), what, sentence("keep one of {ways}", ways=ways))
        if len(scale) == 1:
            self.report.add(
                fields.place("scale"),
                sentence("the scale of {key} has one word", key=key),
                sentence("give two words at least"),
            )
        return Expectation(key, of, after, says, within, serves, sign, scale) if of and after and says else None

    def sign(self, fields: Fields, observe: Observe, of: str) -> Sign | None:
        inner = Fields(
            self.report,
            fields.found[observe],
            sentence("`{observe}` of {what}", observe=observe, what=fields.what),
            SIGN,
        )
        others = [one for one in self.names["teams"] if one != of]
        other = inner.need("with", one_of(others, sentence("other team")), sentence("add `with:` with the other team"))
        subject = inner.take("subject", one_of(list(map(str, Subject)), sentence("subject"))) or ""
        type_, limit = inner.take("type", text) or "", inner.take("tlp_up_to", tlp)
        if observe is Observe.SHARED and fields.found.get("within") is None:
            self.report.add(
                fields.node,
                sentence("{what} lacks `within`", what=fields.what),
                sentence("add {field}, such as {such}", field="`within:`", such="30 minutes"),
            )
        return Sign(observe, other, type_, limit, subject) if other else None

    def _one(self, where: str, noun: str) -> Callable[[Report, Node, str], str | None]:
        return one_of(self.names[where], noun)

    def _circles(self, injects: Collection[Inject], expected: Collection[Expectation],
                 decisions: Collection[Decision]) -> None:  # fmt: skip
        """Report options that are not there, and injects that wait for themselves."""
        known = {one.id: {option.id for option in one.options} for one in decisions}
        starts = {**{one.id: one.after for one in expected}, **{one.id: one.after for one in decisions}}
        waits = {one.id: {starts.get(name, name) for name in (one.after, *(c.name for c in one.when)) if name}
                 for one in injects}  # fmt: skip
        for one in injects:
            for condition in one.when:
                options = known.get(condition.name)
                if condition.asks is Asks.TOOK and options is not None and condition.option not in options:
                    what = sentence(
                        "the inject {id} waits for an option “{option}” that {name} has not",
                        id=one.id,
                        option=condition.option,
                        name=condition.name,
                    )
                    self.report.add(self.places[one.id], what, nearest(condition.option, options))
            if one.id in _before(one.id, waits):
                self.report.add(self.places[one.id], sentence("the inject {id} waits for itself", id=one.id),
                                sentence("take one `after:` or `when:` out of the circle"))  # fmt: skip


def _before(name: str, waits: Mapping[str, Collection[str]]) -> set[str]:
    """Give all that an inject waits for, however many steps before."""
    found: set[str] = set()
    left = list(waits.get(name, ()))
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += waits.get(one, ())
    return found


def minutes(report: Report, node: Node, what: str) -> int | None:
    """Read a time on the exercise's clock, or a length of time: `1:05`, `45 minutes`, `8 hours`."""
    words = node.text if isinstance(node, Scalar) else ""
    clock, span = _CLOCK.fullmatch(words), _SPAN.fullmatch(words)
    found = int(clock[1]) * 60 + int(clock[2]) if clock else int(span[1]) * _MINUTES[span[2]] if span else None
    if found is None:
        report.add(
            node,
            sentence("{what} is {kind}, not a time of the exercise", what=what, kind=kind(node)),
            sentence("write it as 1:05, or as 45 minutes"),
        )
    elif found > MOST_MINUTES:
        report.add(node, sentence("{what} is longer than fourteen days", what=what), sentence("write a shorter time"))
        return None
    return found


def _lasts(report: Report, node: Node, what: str) -> int | None:
    found = minutes(report, node, what)
    if found == 0:
        report.add(
            node, sentence("{what} is no time at all", what=what), sentence("write how long it lasts, such as 8 hours")
        )
        return None
    return found


def _id(report: Report, node: Node, what: str) -> str | None:
    if isinstance(node, Scalar) and ID.fullmatch(node.text):
        return node.text
    report.add(
        node,
        sentence("{what} is {kind}, not an id", what=what, kind=kind(node)),
        sentence("write 1 to 40 letters, digits, hyphens or underscores"),
    )
    return None


def _party(report: Report, node: Node, what: str) -> str | None:
    if isinstance(node, Scalar) and _PARTY.fullmatch(node.text):
        return node.text
    report.add(
        node,
        sentence("{what} is {kind}, not a party's code", what=what, kind=kind(node)),
        sentence("write its code, such as BS"),
    )
    return None


def _zone(report: Report, node: Node, what: str) -> str | None:
    if isinstance(node, Scalar):
        try:
            return ZoneInfo(node.text).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass  # told below
    report.add(
        node,
        sentence("{what} is {kind}, which is no time zone", what=what, kind=kind(node)),
        sentence("write it as America/Nassau"),
    )
    return None


def _texts(report: Report, node: Node, what: str) -> list[str] | None:
    members_ = Sequence((node,), node.line, node.column) if isinstance(node, Scalar) else node
    return list(_members(report, members_, what))


def _members(report: Report, node: Node, what: str) -> Iterator[str]:
    for item in items(report, node, what):
        found = text(report, item, what)
        if found is not None and "\n" in found:
            report.add(
                item, sentence("{what} has a member of several lines", what=what), sentence("write it on one line")
            )
        elif found is not None:
            yield found
