"""The worked example of a review, its answers invented; and, apart from it, what others have published of capacity."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from comity.acts import review_answers, review_evidence, review_rounds, reviews
from comity.acts.agreement_files import read_tree
from comity.acts.review_answers import Told
from comity.acts.review_evidence import Given
from comity.acts.reviews import Begun, Person
from comity.models import FrameworkEdition, Review
from comity.policy.review_course import ReviewState
from comity.policy.staging import Answer
from comity.policy.tree import Mapping, Node, Scalar

CATALOGUE: Final = Path(__file__).parents[3] / "catalogues" / "reviews"
ACTOR: Final = "example"


@dataclass(frozen=True, slots=True)
class Published:
    """What somebody has published of a state’s capacity: `by` names the page that was read where it is another one."""

    of: str
    year: str
    says: str
    source: str
    by: str
    read: date


@cache
def published() -> tuple[Published, ...]:
    """Give what others have published, in the order of the catalogue."""
    rows = _values(read_tree((CATALOGUE / "published.yaml").read_text(encoding="utf-8")))
    return tuple(Published(one["of"], one["year"], one["says"], one["source"], one.get("by", ""),
                           date.fromisoformat(one["read"])) for one in rows)  # fmt: skip


def _values(node: Node) -> Any:  # noqa: ANN401 - maps, lists and texts of our own file
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {key.text: _values(value) for key, value in node.entries}
    return [_values(one) for one in node.items]


def load(now: datetime) -> bool:
    """Keep the worked example in the store, once, where its framework is; tell whether it was new. Whole or not."""
    told = _values(read_tree((CATALOGUE / "bahamas-example.yaml").read_text(encoding="utf-8")))
    there = FrameworkEdition.objects.filter(framework=told["framework"], edition=told["edition"]).exists()
    if not there or Review.objects.filter(slug=told["review"]).exists():
        return False
    with transaction.atomic():
        review = reviews.begin(
            Begun(told["review"], told["title"], told["framework"], told["edition"], told["of"],
                  date.fromisoformat(told["from"]), date.fromisoformat(told["to"]), percent=int(told["percent"]),
                  fictional=True), ACTOR, now)  # fmt: skip
        for state in (ReviewState.DESK_RESEARCH, ReviewState.SESSIONS):
            reviews.move(review, state, ACTOR, now)
        people = [pk for cluster in told["clusters"] for pk in _cluster(review, cluster, now)]
        _after(review, people[0], now)
    return True


def _cluster(review: Review, told: dict[str, Any], now: datetime) -> list[int]:
    row = reviews.set_cluster(review, told["name"], told["aspects"], ACTOR, now)
    people = []
    for one in told["members"]:
        person = Person(one["name"], one["role"], one["organisation"], row.pk)
        people.append(reviews.set_member(review, person, ACTOR, now).pk)
        answers = [Told(name, Answer(answer)) for name, answer in one["answers"].items()]
        review_answers.record(review, people[-1], answers, ACTOR, now, "worked example")
    return people


def _after(review: Review, member: int, now: datetime) -> None:
    """Close a round, have the chair rule on one indicator, record dissent, and let one answer meet another."""
    evidence = Given("Minutes of the consultation (invented)", "GREEN")
    review_evidence.add(review, evidence, ["D1.1.1.f1", "D1.1.1.f2"], ACTOR, now)
    review_rounds.close(review, ACTOR, now)
    ruled = Told("D1.1.1.e1", Answer.MET, "The draft was tabled, not published (invented)")
    review_rounds.rule(review, ruled.indicator, Answer.NOT_MET, "No gazette holds it (invented)", ACTOR, now)
    review_rounds.dissent(review, member, ruled, ACTOR, now)
    reviews.move(review, ReviewState.FOLLOW_UP, ACTOR, now)
    for answer, seen in ((Answer.PARTLY, None), (Answer.NOT_MET, 1)):
        told = Told("D1.1.1.e3", answer, "So it was said in the session (invented)", seen)
        review_answers.record(review, member, [told], ACTOR, now, "worked example")


