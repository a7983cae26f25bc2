"""Reading a located tree as a plan’s file: a closed form, every problem with its place.

A plan’s file: `plan` (its id), `name`, `framework`, `edition`, `currency`, `begins`, `quarters`, `aims`, `budget`,
`staff`, `targets`, `undertakings`, `measures`, `offers`, `ceilings`, `strategy`, `fictional`. A limit’s key is a year
(2027) or a quarter (2027-Q1).
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from comity.policy.fields import Fields, Report, day, entries, items, members, number, one_of, text, word, yes_no
from comity.policy.framework_form import ID
from comity.policy.frameworks import Framework
from comity.policy.roadmap import MONEY, Aim
from comity.policy.roadmap_draft import Amount, Draft, Measure, Objective, Offered, Served, Target
from comity.policy.saying import sentence
from comity.policy.tree import Mapping, Node, Problem, Scalar, kind, nearest

KEYS: Final = ("plan", "name", "framework", "edition", "currency", "begins", "quarters", "aims", "budget", "staff",
               "targets", "undertakings", "measures", "offers", "ceilings", "strategy", "fictional")  # fmt: skip
MEASURE: Final = ("name", "meets", "takes", "once", "running", "staff", "after", "from", "by", "owner", "risk",
                  "practice")  # fmt: skip
MOST_QUARTERS: Final = 40
_PERIOD: Final = re.compile(r"([0-9]{4})(?:-Q([1-4]))?")
_AMOUNT: Final = re.compile(r"[0-9]{1,12}")
_QUARTERS: Final = re.compile(r"([1-9][0-9]?)(?: quarters?)?")


@dataclass(frozen=True, slots=True)
class DraftReading:
    """What a file was read as: the plan, or the problems that stand against it."""

    draft: Draft | None
    problems: tuple[Problem, ...]


def read_draft(root: Node, framework: Framework) -> DraftReading:
    """Read a located tree as a plan against a framework."""
    report = Report()
    found = _Form(report, framework).draft(root)
    problems = tuple(sorted(report.problems, key=lambda one: (one.line, one.column)))
    return DraftReading(None if problems else found, problems)


def named_framework(root: Node) -> tuple[str, str]:
    """Give the framework and the edition that a plan’s file names; empty where it does not."""
    there = {key.text: value for key, value in root.entries} if isinstance(root, Mapping) else {}
    found = (there.get("framework"), there.get("edition"))
    name, edition = (node.text if isinstance(node, Scalar) else "" for node in found)
    return name, edition


class _Form:
    """One reading."""

    def __init__(self, report: Report, framework: Framework) -> None:
        self.report, self.framework = report, framework
        self.indicators = {one.id for one in framework.indicators()}
        self.names: frozenset[str] = frozenset()
        self.roles: frozenset[str] = frozenset()

    def draft(self, root: Node) -> Draft | None:
        fields = Fields(self.report, root, sentence("the plan"), KEYS)
        self.names = self._ids(fields.found.get("measures"))
        self.roles = self._ids(fields.found.get("staff"))
        key = fields.need("plan", _id, sentence("add `plan:` with a short id"))
        name = fields.need("name", text, sentence("add `name:` with its title"))
        fields.need("framework", text, sentence("add `framework: {id}`", id=self.framework.id))
        currency = fields.need(
            "currency", text, sentence("add {field}, such as {such}", field="`currency:`", such="BSD")
        )
        begins = fields.need("begins", _begins, sentence("add `begins:` with the first day of a quarter"))
        quarters = fields.need(
            "quarters", _most, sentence("add {field}, such as {such}", field="`quarters:`", such="12")
        )
        measures = fields.need("measures", self.measures, sentence("add {field}", field="`measures:`"))
        targets = fields.need("targets", self.targets, sentence("add {field}", field="`targets:`"))
        aims = fields.take("aims", members(word(Aim)))
        if not (key and name and currency and begins and quarters and measures is not None and targets is not None):
            return None
        return Draft(
            key, name, self.framework.id, self.framework.edition, currency, begins, quarters, measures, targets,
            (*(fields.take("budget", self.budget) or ()), *(fields.take("staff", self.staff) or ())),
            fields.take("undertakings", self.undertakings) or (), fields.take("offers", self.offers) or (),
            fields.take("ceilings", self.ceilings) or (), fields.take("strategy", self.strategy) or (),
            tuple(aims) if aims else (Aim.ASPECTS, Aim.EARLIEST), fields.take("fictional", yes_no) or False,
        )  # fmt: skip

    @staticmethod
    def _ids(node: Node | None) -> frozenset[str]:
        return frozenset(key.text for key, _ in node.entries) if isinstance(node, Mapping) else frozenset()

    def measures(self, report: Report, node: Node, what: str) -> tuple[Measure, ...]:
        found = (
            self.measure(key, value)
            for key, value in entries(report, node, what)
            if _id(report, key, sentence("an id"))
        )
        return tuple(one for one in found if one is not None)

    def measure(self, key: Scalar, node: Node) -> Measure | None:
        fields = Fields(self.report, node, sentence("the measure {text}", text=key.text), MEASURE)
        name = fields.need("name", text, sentence("add {field}", field="`name:`"))
        takes = fields.need(
            "takes", _takes, sentence("add {field}, such as {such}", field="`takes:`", such="2 quarters")
        )
        others = self.names - {key.text}
        if not (name and takes):
            return None
        return Measure(
            key.text, name, self._many(fields, "meets", self.indicators, sentence("indicator")), takes,
            fields.take("once", _amount) or 0, fields.take("running", _amount) or 0,
            fields.take("staff", self.days) or (), self._many(fields, "after", others, sentence("measure")),
            fields.take("from", day), fields.take("by", day), fields.take("owner", text) or "",
            fields.take("risk", text) or "", fields.take("practice", text) or "",
        )  # fmt: skip

    def _many(self, fields: Fields, name: str, known: Collection[str], noun: str) -> tuple[str, ...]:
        return tuple(fields.take(name, members(one_of(known, noun))) or ())

    def days(self, report: Report, node: Node, what: str) -> tuple[tuple[str, int], ...]:
        return tuple(self._amounts(report, node, what, self.roles, sentence("role under `staff`")))

    def _amounts(
        self, report: Report, node: Node, what: str, known: Collection[str], noun: str
    ) -> Iterator[tuple[str, int]]:
        for key, value in entries(report, node, what):
            name, amount = (
                one_of(known, noun)(report, key, what),
                _amount(report, value, sentence("{text} in {what}", text=key.text, what=what)),
            )
            if name and amount is not None:
                yield name, amount

    def targets(self, report: Report, node: Node, what: str) -> tuple[Target, ...]:
        aspects, stages = {one.id for one in self.framework.aspects()}, [one.id for one in self.framework.stages[1:]]
        found = []
        for key, value in entries(report, node, what):
            aspect = one_of(aspects, sentence("aspect"))(report, key, what)
            if isinstance(value, Scalar):
                stage, by = (
                    one_of(stages, sentence("stage"))(report, value, sentence("the target of {text}", text=key.text)),
                    None,
                )
            else:
                fields = Fields(report, value, sentence("the target of {text}", text=key.text), ("stage", "by"))
                stage = fields.need(
                    "stage", one_of(stages, sentence("stage")), sentence("add {field}", field="`stage:`")
                )
                by = fields.take("by", day)
            if aspect and stage:
                found.append(Target(aspect, stage, by))
        return tuple(found)

    def budget(self, report: Report, node: Node, what: str) -> tuple[Amount, ...]:
        return tuple(self._periods(report, node, what, MONEY))

    def staff(self, report: Report, node: Node, what: str) -> tuple[Amount, ...]:
        return tuple(
            one
            for key, value in entries(report, node, what)
            for one in self._periods(report, value, sentence("`{text}` in {what}", text=key.text, what=what), key.text)
        )

    def _periods(self, report: Report, node: Node, what: str, resource: str) -> Iterator[Amount]:
        for key, value in entries(report, node, what):
            found, amount = (
                _PERIOD.fullmatch(key.text),
                _amount(report, value, sentence("{text} in {what}", text=key.text, what=what)),
            )
            if found is None:
                report.add(
                    key,
                    sentence("{kind} is neither a year nor a quarter", kind=kind(key)),
                    sentence("write 2027, or 2027-Q1"),
                )
            elif amount is not None:
                yield Amount(resource, int(found[1]), int(found[2]) if found[2] else None, amount)

    def undertakings(self, report: Report, node: Node, what: str) -> tuple[Served, ...]:
        found = []
        for key, value in entries(report, node, what):
            fields = Fields(report, value, sentence("the undertaking {text}", text=key.text), ("name", "needs"))
            name = fields.need("name", text, sentence("add {field}", field="`name:`"))
            needs = self._many(fields, "needs", self.indicators, sentence("indicator"))
            if name:
                found.append(Served(key.text, name, needs))
        return tuple(found)

    def offers(self, report: Report, node: Node, what: str) -> tuple[Offered, ...]:
        found = []
        for key, value in entries(report, node, what):
            fields = Fields(report, value, sentence("the offer {text}", text=key.text),
                            ("party", "for", "money", "staff", "until", "times", "source"))  # fmt: skip
            party = fields.need("party", text, sentence("add `party:` with the code of who offers"))
            measures = fields.need(
                "for", members(one_of(self.names, sentence("measure"))), sentence("add `for:` with measures")
            )
            if party and measures:
                found.append(Offered(key.text, party, tuple(measures), fields.take("money", _amount) or 0,
                                     fields.take("staff", self.days) or (), fields.take("until", day),
                                     fields.take("times", number) or 1, fields.take("source", text) or ""))  # fmt: skip
        return tuple(found)

    def ceilings(self, report: Report, node: Node, what: str) -> tuple[tuple[str, int], ...]:
        there = entries(report, node, what)
        found = (
            (key.text, _amount(report, value, sentence("{text} in {what}", text=key.text, what=what)))
            for key, value in there
        )
        return tuple((name, amount) for name, amount in found if amount is not None)

    def strategy(self, report: Report, node: Node, what: str) -> tuple[Objective, ...]:
        found = []
        for item in items(report, node, what):
            fields = Fields(report, item, sentence("an objective"), ("objective", "owner", "measures", "public"))
            name = fields.need("objective", text, sentence("add {field}", field="`objective:`"))
            measures = self._many(fields, "measures", self.names, "measure")
            if name:
                owner, public = fields.take("owner", text) or "", fields.take("public", yes_no) or False
                found.append(Objective(name, owner, measures, public))
        return tuple(found)


def _id(report: Report, node: Node, what: str) -> str | None:
    if isinstance(node, Scalar) and ID.fullmatch(node.text):
        return node.text
    report.add(
        node,
        sentence("{what} is {kind}, not an id", what=what, kind=kind(node)),
        sentence("write 1 to 40 letters, digits, dots or hyphens"),
    )
    return None


def _amount(report: Report, node: Node, what: str) -> int | None:
    if isinstance(node, Scalar) and _AMOUNT.fullmatch(node.text.replace("_", "")):
        return int(node.text.replace("_", ""))
    report.add(
        node,
        sentence("{what} is {kind}, not a whole amount", what=what, kind=kind(node)),
        sentence("write it in digits, such as 40000"),
    )
    return None


def _begins(report: Report, node: Node, what: str) -> date | None:
    found = day(report, node, what)
    if found is None or (found.day == 1 and found.month % 3 == 1):
        return found
    mend = sentence("write {year}-01-01, or the first of April, July or October", year=found.year)
    report.add(node, sentence("{what} is {found}, not the first day of a quarter", what=what, found=found), mend)
    return None


def _most(report: Report, node: Node, what: str) -> int | None:
    found = number(report, node, what)
    if found is None or found <= MOST_QUARTERS:
        return found
    report.add(
        node,
        sentence("{what} is {found}, more than {most}", what=what, found=found, most=MOST_QUARTERS),
        sentence("plan ten years at most"),
    )
    return None


def _takes(report: Report, node: Node, what: str) -> int | None:
    found = _QUARTERS.fullmatch(node.text) if isinstance(node, Scalar) else None
    if found:
        return int(found[1])
    report.add(
        node,
        sentence("{what} is {kind}, not a number of quarters", what=what, kind=kind(node)),
        nearest("", ["1 quarter", "2 quarters"]),
    )
    return None
