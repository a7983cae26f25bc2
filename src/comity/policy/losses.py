"""What is lost on the way from one form into another: counted by kind, told in one line each."""

from collections import Counter
from dataclasses import dataclass, field

from comity.policy.saying import sentence
from comity.policy.tree import Node, Problem


@dataclass(slots=True)
class Losses:
    """The kinds of loss, each with how often it was met and the first place where it was."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def note(self, what: str, where: str = "", count: int = 1) -> None:
        """Note that something is not carried over."""
        if count:
            self.counts[what] += count
            self.first.setdefault(what, where)

    def lines(self) -> tuple[str, ...]:
        """Tell every kind in a line, in the order in which they were met."""
        return tuple(
            sentence("{what}: {count}, the first at {first}", what=what, count=count, first=self.first[what])
            if self.first[what] else sentence("{what}: {count}", what=what, count=count)
            for what, count in self.counts.items()
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file of another form was read as: a tree of our form, what was lost, or the problems against it."""

    tree: Node | None
    losses: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def line_of(node: Node) -> str:
    """Say where a node stands."""
    return sentence("line {line}", line=node.line)
