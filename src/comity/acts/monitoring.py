"""From a measure that is done back to what it was for: evidence for a review to rate anew, undertakings that it serves.

Nothing is rated and nothing closes by itself. What a done measure shows goes to a review as evidence of the indicators
that it was to meet, and those wait until somebody has answered them after it. An undertaking that all its measures
serve is recorded as done by an officer’s word. A review that is published is a result, by which plans are judged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import capacity_results, review_evidence, review_results, reviews, undertakings
from comity.acts import roadmap_store as plans
from comity.acts.agreements import Rejected
from comity.acts.review_evidence import Given
from comity.acts.reviews import Known
from comity.acts.roadmap_store import Read, State
from comity.acts.undertakings import Followed, Noted
from comity.models import EvidenceUse, MeasureEntry, ReviewAnswer, ReviewEvidence
from comity.policy import review_course
from comity.policy.framework_form import Answers
from comity.policy.review_course import ReviewState
from comity.policy.roadmap_draft import Served
from comity.policy.undertaking_words import EntryKind

THROUGH: Final = "roadmap "
"""What the source of evidence begins with that a measure gave; the plan and the measure follow."""


def source(here: Read, measure: str) -> str:
    """Name a measure of a plan as the source of evidence."""
    return f"{THROUGH}{here.version.plan.slug} {measure}"


def reviews_for(here: Read, at: datetime) -> list[Known]:
    """Give the reviews by a plan’s framework that take evidence at a moment, the newest first."""
    end = (here.draft.framework, here.draft.edition)
    return [one for one in reviews.known(at)
            if (one.review.framework, one.review.edition) == end and one.state in review_course.WRITTEN]  # fmt: skip


def proposed(here: Read, known: Known) -> frozenset[str]:
    """Name the measures of a plan whose evidence a review has."""
    begins = f"{THROUGH}{here.version.plan.slug} "
    rows = EvidenceUse.objects.filter(review=known.review, source__startswith=begins)
    return frozenset(one.removeprefix(begins) for one in rows.values_list("source", flat=True))


def propose(slug: str, measure: str, review: str, tlp: str, actor: str, now: datetime) -> ReviewEvidence:
    """Give a review what shows that a measure is done, as evidence of the indicators that it was to meet.

    Raises Rejected where the measure is not done, would meet nothing, or was proposed there before.
    """
    with transaction.atomic():
        version, known = plans.latest(slug), reviews.find(review, now)
        if version is None or known is None:
            raise Rejected(_("There is no such plan or review here."))
        here = plans.read(version)
        entry, found = plans.standing(version.plan).get(measure), here.draft.measure().get(measure)
        if entry is None or found is None or entry.state != State.DONE:
            raise Rejected(_("Record first that the measure is done, and what shows it."))
        if not found.meets:
            raise Rejected(_("The plan names no indicator that this measure would meet."))
        if measure in proposed(here, known):
            raise Rejected(_("That review has this evidence already."))
        if known.review not in [one.review for one in reviews_for(here, now)]:
            raise Rejected(_("That review takes no evidence of this plan’s framework now."))
        title = f"{found.name}: {entry.evidence}"
        link = entry.evidence if entry.evidence.startswith(("https://", "http://")) else ""
        return review_evidence.add(known.review, Given(title[:300], tlp, None, link), found.meets, actor, now,
                                   source(here, measure))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Awaited:
    """An indicator of a review that a done measure was to meet, and that nobody has answered since it gave evidence."""

    indicator: str
    aspect: str
    measure: str


def awaited(known: Known, at: datetime) -> list[Awaited]:
    """Give what is to be rated anew in a review, in the order in which the evidence came."""
    uses = reviews.standing(EvidenceUse.objects.filter(review=known.review, source__startswith=THROUGH, ends=False), at)
    told = list(uses.values_list("indicator", "aspect", "source", "sequence"))
    rows = ReviewAnswer.objects.filter(review=known.review, aspect__in={aspect for _name, aspect, *_rest in told})
    newest = dict(rows.order_by("sequence").values_list("indicator", "sequence")) if told else {}
    return [Awaited(name, aspect, where.split(" ")[-1])
            for name, aspect, where, sequence in told if newest.get(name, 0) < sequence]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """An undertaking of a plan all of whose indicators are met by measures that are done.

    `followed` is the undertaking at the desk of that key, where there is one.
    """

    served: Served
    measures: tuple[str, ...]
    followed: Followed | None


def fulfilled(here: Read, at: datetime) -> Iterator[Fulfilled]:
    """Yield the undertakings that done measures serve in full."""
    entries = plans.standing(here.version.plan)
    ways: dict[str, list[str]] = {}
    for name, measure in here.draft.measure().items():
        entry = entries.get(name)
        if entry is not None and entry.state == State.DONE:
            for indicator in measure.meets:
                ways.setdefault(indicator, []).append(name)
    for one in here.draft.served:
        if one.needs and all(need in ways for need in one.needs):
            through = tuple(dict.fromkeys(ways[need][0] for need in one.needs))
            yield Fulfilled(one, through, undertakings.find(one.key, at))


def close(slug: str, served: str, key: str, on: date, actor: str, now: datetime) -> None:
    """Record an undertaking as done, by what the done measures of a plan show; Rejected where it cannot be."""
    with transaction.atomic():
        version = plans.latest(slug)
        here = None if version is None else plans.read(version)
        found = None if here is None else next((one for one in fulfilled(here, now) if one.served.key == served), None)
        if here is None or found is None:
            raise Rejected(_("Not all that this undertaking needs is done."))
        entries: dict[str, MeasureEntry] = plans.standing(here.version.plan)
        shows = "; ".join(f"{here.draft.measure()[name].name}: {entries[name].evidence}" for name in found.measures)
        undertakings.note(key, Noted(EntryKind.EVIDENCE, on, shows[:400], source=f"{THROUGH}{slug}"), actor, now)
        undertakings.note(key, Noted(EntryKind.DONE, on, source=f"{THROUGH}{slug}"), actor, now)


def move(known: Known, to: str, actor: str, now: datetime, says: str = "") -> None:
    """Move a review on; what a published one says is kept as a result, beside those taken in as files.

    One whose answers are made up is not: results are of states as they are.
    """
    with transaction.atomic():
        reviews.move(known.review, to, actor, now, says)
        if to == ReviewState.PUBLISHED and not known.review.fictional:
            found, review = review_results.result(known, now), known.review
            told = Answers(review.framework, review.edition, review.party_id, found.on, found.ratings)
            capacity_results.keep(told, actor, now)
