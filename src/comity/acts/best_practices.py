"""Best practices: kept from files, shared with partners through the exchange, received, and adopted as measures."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import intake, moments, roadmap_store, segments
from comity.acts.agreement_files import FileProblemError, read_tree
from comity.acts.agreements import Rejected
from comity.acts.frameworks import FrameworkUnknown
from comity.acts.spoken import spoken
from comity.models import Handling, Node, PlanVersion, Practice, StoredVersion, of_types
from comity.policy.markings import Tlp
from comity.policy.practice_file import Described, read_practices
from comity.policy.roadmap_form import named_framework
from comity.policy.saying import of_error, sentence
from comity.policy.tree import Mapping, Problem, Scalar
from comity.policy.tree import Node as Tree
from comity.policy.vocabulary import Purpose
from comity.stix import courses
from comity.stix.courses import Course
from comity.stix.markings import of_label

CATALOGUE: Final = Path(__file__).parents[3] / "catalogues" / "practices"
_OURS: Final = uuid.UUID("5f3f1c52-7d0e-4c35-9a0c-2f1d8f9b6a10")
"""The namespace of ids of practices: each has one id a node, whatever becomes of its words."""


class PracticesRefused(Exception):
    """A file of practices cannot be read; `problems` say where and how to mend it."""

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        """Carry the problems."""
        super().__init__("\n".join(spoken(problem.at(name)) for problem in problems))
        self.problems = problems


def take_in(content: str, name: str, actor: str, now: datetime) -> list[Practice]:
    """Keep the practices of a file; those that say nothing new are passed over. All of them, or nothing.

    Raises PracticesRefused with every problem.
    """
    try:
        root = read_tree(content)
        of = roadmap_store.framework_of(*named_framework(root))
    except FileProblemError as error:
        raise PracticesRefused(name, (error.problem,)) from error
    except FrameworkUnknown as error:
        raise PracticesRefused(name, (Problem(1, 1, of_error(error), sentence("name one of these")),)) from error
    found, problems = read_practices(root, of)
    if problems:
        raise PracticesRefused(name, problems)
    with transaction.atomic():
        made = (_keep(one, of.id, of.edition, name, actor, now) for one in found)
        return [one for one in made if one is not None]


def _keep(one: Described, framework: str, edition: str, source: str, actor: str, now: datetime) -> Practice | None:
    us = Node.objects.values_list("party_id", flat=True).get()
    stix_id = f"course-of-action--{uuid.uuid5(_OURS, f'{us}/{framework}/{one.id}')}"
    before = Practice.objects.filter(stix_id=stix_id).order_by("-sequence").first()
    said = (one.name, one.description, list(one.serves), list(one.sources), edition)
    if before and (before.name, before.description, before.serves, before.sources, before.edition) == said:
        return None
    taken = moments.take(now)
    return Practice.objects.create(
        stix_id=stix_id, version=_stamp(taken.at), name=one.name, description=one.description, framework=framework,
        edition=edition, serves=list(one.serves), sources=list(one.sources), source=source, supersedes=before,
        recorded_at=taken.at, recorded_by=actor, sequence=taken.sequence,
    )  # fmt: skip


def _stamp(at: int) -> str:
    return f"{moments.moment(at).astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at // 1000 % 1000:03}Z"


def ours() -> list[Practice]:
    """Give the practices kept here, each in its newest version, by name."""
    gone = set(Practice.objects.filter(supersedes__isnull=False).values_list("supersedes_id", flat=True))
    return [one for one in Practice.objects.select_related("party").order_by("name") if one.pk not in gone]


def course_of(row: Practice) -> Course:
    """Give a kept practice as a course of action."""
    first = Practice.objects.filter(stix_id=row.stix_id).order_by("sequence").values_list("version", flat=True).first()
    return Course(row.stix_id, first or row.version, row.version, row.name, row.description, row.framework, row.edition,
                  tuple(row.serves), tuple(row.sources))  # fmt: skip


def publish(row: Practice, collection: str, tlp: Tlp, actor: str, now: datetime) -> intake.Report:
    """Share a practice in a collection, with the definition of its extension: who gets it is for agreements to say."""
    objects = [*courses.definitions(of_label(Tlp.CLEAR.label)), courses.written(course_of(row), [of_label(tlp.label)])]
    content = json.dumps({"type": "bundle", "id": f"bundle--{uuid.uuid5(_OURS, row.stix_id + row.version)}",
                          "objects": objects}).encode()  # fmt: skip
    said = intake.Said(tlp=tlp, purpose=Purpose.CAPACITY_BUILDING.value)
    report = intake.share([(row.stix_id, [content])], collection, said, actor, now)
    Practice.objects.filter(pk=row.pk).update(collection=report.collection)
    return report


@dataclass(frozen=True, slots=True)
class Received:
    """A course of action that a partner gave: the practice, from whom, in which collection."""

    course: Course
    party: str
    collection: str


def received() -> list[Received]:
    """Give the practices that partners gave, each in its newest version, by name."""
    us = Node.objects.values_list("party_id", flat=True).first()
    courses_of_action = StoredVersion.objects.filter(of_types("course-of-action"))
    rows = courses_of_action.select_related("collection", "own").order_by("instant")
    newest = {row.stix_id: row for row in rows}
    bodies = segments.bodies([row.pk for row in newest.values()])
    found = [
        Received(courses.read(msgspec.json.decode(bodies[row.pk])), party, row.collection.alias)
        for row in newest.values() if (party := _originator(row.own)) != us
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.course.name, one.course.id))


def _originator(handling: Handling) -> str:
    told: str = msgspec.json.decode(handling.body).get("originator", "")
    return told


def find(stix_id: str) -> tuple[Course, str]:
    """Find a practice, kept or received, by its id, with the code of who gave it. Raises Rejected."""
    for row in ours():
        if row.stix_id == stix_id:
            return course_of(row), row.party_id or ""
    for one in received():
        if one.course.id == stix_id:
            return one.course, one.party
    raise Rejected(_("There is no practice “%(id)s” here.") % {"id": stix_id})


@dataclass(frozen=True, slots=True)
class Adopted:
    """How a practice becomes a measure of a plan: its id there, what it costs and takes."""

    measure: str
    quarters: int = 1
    once: int = 0
    running: int = 0
    owner: str = ""


def adopt(stix_id: str, slug: str, told: Adopted, actor: str, now: datetime) -> PlanVersion:
    """Write a practice into a plan’s file as a measure that names it, and take the file in as a new version.

    Raises Rejected where it cannot be; PlanRefused where the file would have a problem.
    """
    course, party = find(stix_id)
    version = roadmap_store.latest(slug)
    if version is None:
        raise Rejected(_("There is no plan “%(slug)s” here.") % {"slug": slug})
    here = roadmap_store.read(version)
    if told.measure in here.draft.measure():
        raise Rejected(_("The plan has a measure “%(name)s” already: give it another id.") % {"name": told.measure})
    if (course.framework, course.edition) != (here.draft.framework, here.draft.edition):
        raise Rejected(_("The practice serves %(one)s, the plan is of %(other)s: only a crosswalk joins the two.") % {
            "one": f"{course.framework} {course.edition}".strip() or _("no framework"),
            "other": f"{here.draft.framework} {here.draft.edition}"})  # fmt: skip
    known = {one.id for one in here.framework.indicators()}
    fields = {
        "name": json.dumps(course.name, ensure_ascii=False),
        "meets": json.dumps([one for one in course.serves if one in known]),
        "takes": f"{told.quarters} quarters", "once": str(told.once), "running": str(told.running),
        "owner": json.dumps(told.owner, ensure_ascii=False) if told.owner.strip() else "",
        "practice": json.dumps(course.id),
    }  # fmt: skip
    note = _("received from %(party)s") % {"party": party} if party else ""
    content = _with_measure(version.content, told.measure, {key: said for key, said in fields.items() if said}, note)
    return roadmap_store.take_in(content, version.answers, actor, now)


def _with_measure(content: str, name: str, fields: dict[str, str], note: str) -> str:
    """Write a measure before the first one of a plan’s file; all else in the file stays as it is."""
    root = read_tree(content)
    measures = next((value for key, value in _entries(root) if key.text == "measures"), None)
    first = next(iter(_entries(measures)), None) if measures is not None else None
    lines = content.split("\n")
    if first is None or not lines[first[0].line - 1].strip().startswith(first[0].text):
        raise Rejected(_("Write the plan’s first measure by hand, on lines of its own; then practices can be added."))
    pad = " " * (first[0].column - 1)
    new = [f"{pad}{name}:" + (f"  # {note}" if note else "")]
    new += [f"{pad}  {key}: {said}" for key, said in fields.items()]
    return "\n".join([*lines[: first[0].line - 1], *new, *lines[first[0].line - 1 :]])


def _entries(node: Tree) -> Iterator[tuple[Scalar, Tree]]:
    yield from node.entries if isinstance(node, Mapping) else ()


def load_catalogue(actor: str, now: datetime) -> int:
    """Keep the practices of the catalogue that are new; return how many."""
    with transaction.atomic():
        return sum(len(take_in(path.read_text(encoding="utf-8"), path.name, actor, now))
                   for path in sorted(CATALOGUE.glob("*.yaml")))  # fmt: skip
