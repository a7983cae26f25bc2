"""What a review says: the answer that stands for each indicator, and the stages that follow, on any day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from comity.acts import moments, review_answers, review_evidence, review_rounds, reviews
from comity.acts.review_evidence import Used
from comity.acts.reviews import Known
from comity.models import Review, ReviewAnswer, ReviewRound
from comity.policy import consensus, staging
from comity.policy.consensus import Outcome, Ruled, Settled
from comity.policy.frameworks import Framework
from comity.policy.review_course import ReviewKind
from comity.policy.staging import Answer, Rating, Staged


@dataclass(frozen=True, slots=True)
class Result:
    """What a review says. `round` is the closed round that it rests on; None where the answers count as they stand."""

    known: Known
    framework: Framework
    on: date
    round: ReviewRound | None
    settled: Mapping[str, Settled]
    ratings: Mapping[str, Rating]
    staged: Mapping[str, Staged]
    evidence: Mapping[str, list[Used]]

    @property
    def provisional(self) -> bool:
        """Tell whether a full review has closed no round yet."""
        return self.round is None and self.known.kind is ReviewKind.FULL

    @property
    def open(self) -> list[str]:
        """Name the indicators that nobody has settled."""
        return [name for name, one in self.settled.items() if one.open]


def result(known: Known, at: datetime, on: date | None = None, aspect: str = "") -> Result:
    """Give what a review says as known at a moment, its evidence as of a day (None: the review’s last).

    Where an aspect is named, of that one alone: answers, evidence and stages of others are not read.
    """
    review, framework, day = known.review, known.framework, on or known.version.last_day
    aspects = [one for one in framework.aspects() if aspect in ("", one.id)]
    rested = None if known.kind is ReviewKind.SELF else review_rounds.last(review, at)
    outcomes = _frozen(rested, aspect) if rested is not None else _as_they_stand(known, at, aspect)
    rulings = review_rounds.rulings(review, at, aspect)
    clash = set(review_answers.clashing(review, at).values_list("indicator", flat=True))
    alone, place = known.kind is ReviewKind.SELF, rested.sequence if rested is not None else 0
    settled, nobody = {}, consensus.outcome({})
    for one in (indicator for part in aspects for indicator in part.indicators):
        row = rulings.get(one.id)
        ruled = None if row is None else Ruled(Answer(row.answer), row.reason, row.sequence)
        settled[one.id] = consensus.settled(outcomes.get(one.id, nobody), place, ruled, alone=alone,
                                            clash=one.id in clash)  # fmt: skip
    settled |= _reasons(review, settled, at) if alone else {}
    evidence = review_evidence.used(review, at, aspect)
    ratings = {name: consensus.rating(one, (used.shows for used in evidence.get(name, ())))
               for name, one in settled.items()}  # fmt: skip
    staged = {part.id: staging.stage_of(part, ratings, day) for part in aspects}
    return Result(known, framework, day, rested, settled, ratings, staged, evidence)


def _frozen(rested: ReviewRound, aspect: str) -> dict[str, Outcome]:
    narrowed = rested.outcomes.filter(aspect=aspect) if aspect else rested.outcomes.all()
    rows = narrowed.values_list("indicator", "answer", "contested", "known")
    return {name: Outcome(Answer(answer), contested, known) for name, answer, contested, known in rows}


def _as_they_stand(known: Known, at: datetime, aspect: str) -> dict[str, Outcome]:
    found = review_answers.counts(known.review, at, aspect)
    return {name: consensus.outcome(told, known.version.percent) for name, told in found.items()}


def _reasons(review: Review, settled: Mapping[str, Settled], at: datetime) -> dict[str, Settled]:
    """Put beside the answers of a single rater the reasons that they gave."""
    rows = reviews.standing(ReviewAnswer.objects.filter(review=review).exclude(reason=""), at)
    return {name: Settled(settled[name].answer, settled[name].ground, reason)
            for name, reason in rows.values_list("indicator", "reason") if name in settled}  # fmt: skip


def published(known: Known) -> datetime | None:
    """Return the moment at which a review was last published, as which its report is given; None where it was not."""
    moved = [one for one in known.moves if one.state == "published"]
    return moments.moment(moved[-1].recorded_at) if moved else None
