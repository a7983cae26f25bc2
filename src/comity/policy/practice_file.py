"""Reading a located tree as best practices: a list, each with `practice`, `name`, `serves` and `sources`.

A file: `framework`, `edition`, `practices`, a map from a short id to `name`, `description`, `serves` (indicators of
that edition) and `sources` (addresses or titles, at least one: a practice is what somebody has done).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from comity.policy.fields import Fields, Report, entries, members, one_of, text
from comity.policy.frameworks import Framework
from comity.policy.saying import sentence
from comity.policy.tree import Node, Problem

KEYS: Final = ("framework", "edition", "practices")


@dataclass(frozen=True, slots=True)
class Described:
    """One practice as a file describes it."""

    id: str
    name: str
    description: str
    serves: tuple[str, ...]
    sources: tuple[str, ...]


def read_practices(root: Node, framework: Framework) -> tuple[tuple[Described, ...], tuple[Problem, ...]]:
    """Read a located tree as practices against a framework; with any problem there are none."""
    report = Report()
    fields = Fields(report, root, "the file", KEYS)
    listed = fields.need("practices", lambda report, node, what: tuple(_all(report, node, what, framework)),
                         "add `practices:`")  # fmt: skip
    problems = tuple(sorted(report.problems, key=lambda one: (one.line, one.column)))
    return () if problems else listed or (), problems


def _all(report: Report, node: Node, what: str, framework: Framework) -> Iterator[Described]:
    known = {one.id for one in framework.indicators()}
    for key, value in entries(report, node, what):
        fields = Fields(report, value, f"the practice {key.text}", ("name", "description", "serves", "sources"))
        name = fields.need("name", text, "add `name:`")
        serves = fields.need("serves", members(one_of(known, sentence("indicator"))), "add `serves:` with indicators")
        sources = fields.need("sources", members(text), "add `sources:` with at least one address")
        if name and serves and sources:
            yield Described(key.text, name, fields.take("description", text) or "", tuple(serves), tuple(sources))
