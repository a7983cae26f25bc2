"""Roadmaps: a plan’s file read against its framework, solved, and told with its reasons, prices and clashes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from comity.acts.agreement_files import FileProblemError, read_tree
from comity.acts.frameworks import FrameworkUnknown, framework
from comity.acts.roadmap_words import Telling
from comity.policy import roadmap_reasons
from comity.policy.frameworks import Framework
from comity.policy.roadmap import MONEY, Plan, Programme, reached, used
from comity.policy.roadmap_draft import NOTHING_YET, Draft, Offered, Progress, programme
from comity.policy.roadmap_form import DraftReading, named_framework, read_draft
from comity.policy.roadmap_windows import Circle
from comity.policy.saying import of_error, sentence
from comity.policy.staging import Ratings
from comity.policy.tree import Problem
from comity.solving import conflicts, whatifs
from comity.solving.roadmaps import SECONDS, Solved, solve


@dataclass(frozen=True, slots=True)
class Asked:
    """What a roadmap is solved from: the file, its framework, ratings as of a day, progress, and offers made since."""

    draft: Draft
    framework: Framework
    ratings: Ratings
    on: date
    progress: Progress = NOTHING_YET
    offers: tuple[Offered, ...] = ()

    @property
    def programme(self) -> Programme:
        """Give the programme that follows from it."""
        return programme(self.draft, self.framework, self.ratings, self.on, self.progress, self.offers)

    @property
    def telling(self) -> Telling:
        """Give what it is told by."""
        return Telling(self.draft, self.framework, self.offers)


@dataclass(frozen=True, slots=True)
class Roadmap:
    """A solved plan with all that is told of it; `conflict` where there is none."""

    asked: Asked
    programme: Programme
    solved: Solved
    conflict: conflicts.Conflict | None = None

    @property
    def plan(self) -> Plan:
        """Give the plan; an empty one where there is none."""
        return self.solved.plan or Plan({})

    @property
    def reached(self) -> dict[str, int]:
        """Give when goals are reached, in quarters passed."""
        return reached(self.programme, self.plan)

    @property
    def reasons(self) -> tuple[roadmap_reasons.Why, ...]:
        """Explain every step."""
        return roadmap_reasons.why(self.programme, self.plan)

    @property
    def used(self) -> dict[str, list[int]]:
        """Count what it uses, by resource and quarter."""
        return used(self.programme, self.plan)


def plan_text(content: str, find: Callable[[str, str], Framework] = framework) -> DraftReading:
    """Read the text of a plan’s file against the framework that it names, found by *find*."""
    try:
        root = read_tree(content)
    except FileProblemError as error:
        return DraftReading(None, (error.problem,))
    try:
        of = find(*named_framework(root))
    except FrameworkUnknown as error:
        return DraftReading(None, (Problem(root.line, root.column, of_error(error), sentence("name one of these")),))
    return read_draft(root, of)


def plan_file(path: Path) -> DraftReading:
    """Read a plan’s file; OSError when there is none."""
    return plan_text(path.read_text(encoding="utf-8"))


def make(asked: Asked, *, start: Plan | None = None, seconds: float = SECONDS) -> Roadmap:
    """Solve a roadmap; where there is none, say what clashes. Raises Circle where measures wait for each other."""
    of = asked.programme
    solved = solve(of, start=start, seconds=seconds)
    found = conflicts.conflict(of) if solved.empty else None
    return Roadmap(asked, of, solved, found)


def prices(roadmap: Roadmap, most: int = 6) -> tuple[whatifs.Price, ...]:
    """Price what the plan does not reach, or reaches late."""
    return whatifs.prices(roadmap.programme, roadmap.plan, most)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What more or less would change: prices, the cost curve, each role by a tenth, and the measures of no regret."""

    prices: tuple[whatifs.Price, ...]
    curve: tuple[whatifs.Turn, ...]
    staff: tuple[whatifs.Turn, ...]
    regretless: frozenset[str]


def weigh(roadmap: Roadmap) -> Weighed:
    """Work out what more or less of each resource would change; the roadmap must have a plan."""
    of, solved = roadmap.programme, roadmap.solved
    roles = sorted({limit.resource for limit in of.limits} - {MONEY})
    curve = whatifs.turns(of, solved, MONEY)
    staff = tuple(turn for role in roles for turn in whatifs.turns(of, solved, role, (90, 110)))
    return Weighed(prices(roadmap), curve, staff, whatifs.no_regret(of, solved, (*curve, *staff)))


__all__ = ["Asked", "Circle", "Roadmap", "Weighed", "make", "plan_file", "plan_text", "prices", "weigh"]
