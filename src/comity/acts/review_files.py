"""Answers of a review as a file: taken in from one, and written as one that `comity capacity stage` reads."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import frameworks, review_answers, review_evidence, reviews
from comity.acts.agreements import Rejected
from comity.acts.review_answers import Took
from comity.acts.review_evidence import Given
from comity.acts.review_results import Result
from comity.acts.review_returns import MARKING
from comity.acts.reviews import Known, Person, Role
from comity.policy.framework_form import Answers
from comity.policy.frameworks import words
from comity.policy.review_course import ReviewKind
from comity.policy.staging import Answer, Rating


def sole_rater(known: Known, at: datetime) -> int | None:
    """Return the number of the one who gives answers; None where there are several, or nobody."""
    rating = [one.row.pk for one in reviews.members(known.review, at) if one.rates]
    return rating[0] if len(rating) == 1 else None


def rater_of(known: Known, actor: str, now: datetime) -> int:
    """Return the one rater of a self-review, made from who acts where there is none yet.

    Raises Rejected in a full review of several: there one says whose answers they are.
    """
    found = sole_rater(known, now)
    if found is not None:
        return found
    if known.kind is ReviewKind.SELF and not reviews.members(known.review, now):
        return reviews.set_member(known.review, Person(actor, Role.RATER), actor, now).pk
    raise Rejected(_("Say whose answers these are: the review has several members."))


def answers_of(known: Known, path: Path) -> Answers:
    """Read a file of answers to the review’s framework; Rejected with each problem and its place. OSError: no file."""
    reading = frameworks.answers_file(path, known.framework)
    if reading.answers is None:
        raise Rejected(*(one.at(str(path)) for one in reading.problems))
    return reading.answers


def take_in(known: Known, answers: Answers, number: int, actor: str, now: datetime, through: str) -> list[Took]:
    """Record the answers of a file as those of one member, with their evidence; all of them, or nothing.

    What is marked as contested cannot be told by one member, and is refused.
    """
    contested = [name for name, one in answers.ratings.items() if one.contested]
    if contested:
        raise Rejected(_("%(id)s is marked as contested: one member’s answer cannot be; leave the mark out.") % {
            "id": contested[0]})  # fmt: skip
    with transaction.atomic():
        told = [review_answers.Told(name, one.answer, one.reason) for name, one in answers.ratings.items()]
        took = review_answers.record(known.review, number, told, actor, now, through)
        there = review_evidence.used(known.review, now)
        for name, one in answers.ratings.items():
            titles = {used.revision.title for used in there.get(name, ())}
            for shown in one.evidence:
                if shown.title not in titles:
                    review_evidence.add(known.review, Given(shown.title, MARKING, shown.until), [name], actor, now)
    return took


def written(result: Result) -> str:
    """Write what a review says as a file of answers: it stages to the same on any day."""
    review, version = result.known.review, result.known.version
    head = [f"framework: {review.framework}", f'edition: "{review.edition}"', f"of: {json.dumps(review.party.short)}",
            f"on: {result.on.isoformat()}", f"# {version.title} ({review.slug})".replace("\n", " "),
            "answers:"]  # fmt: skip
    return "\n".join([*head, *_lines(result)]) + "\n"


def _lines(result: Result) -> Iterator[str]:
    for aspect in result.framework.aspects():
        yield f"  # {aspect.id} {words(aspect.name)}"
        for one in aspect.indicators:
            yield f"  {one.id}: {_rating(result.ratings[one.id])}"


def _rating(one: Rating) -> str:
    if not (one.evidence or one.reason or one.contested):
        return one.answer.value
    parts = [f"answer: {one.answer.value}"]
    if one.evidence:
        parts.append(f"evidence: [{', '.join(json.dumps(shown.title, ensure_ascii=False) for shown in one.evidence)}]")
        until = _until([shown.until for shown in one.evidence])
        parts += [f"until: {until.isoformat()}"] if until else []
    reason = one.reason or (_("not said") if one.answer is Answer.NOT_APPLICABLE else "")
    parts += [f"reason: {json.dumps(reason, ensure_ascii=False)}"] if reason else []
    parts += ["contested: yes"] if one.contested else []
    return "{" + ", ".join(parts) + "}"


def _until(days: list[date | None]) -> date | None:
    """Give the last day on which any of the evidence counts; None where some of it has no end."""
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None
