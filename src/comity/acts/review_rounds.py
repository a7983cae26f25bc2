"""Rounds to consensus: closed with what they found and how far the raters agree; the chair’s rulings; dissent."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import moments, review_answers, reviews
from comity.acts.agreements import Rejected
from comity.acts.reviews import Known, Role
from comity.models import Review, ReviewAnswer, ReviewDissent, ReviewMember, ReviewRound, ReviewRuling, RoundOutcome
from comity.policy import concordance, consensus, review_course
from comity.policy.concordance import Scale, Unit, Yardstick
from comity.policy.consensus import Counts
from comity.policy.frameworks import Framework, Part
from comity.policy.review_course import ReviewKind
from comity.policy.staging import Answer

DRAWS, DRAWS_OF_ASPECT = 1_000, 200
RANKED: Final = (Answer.NOT_MET, Answer.PARTLY, Answer.MET)


def unit(counts: Counts, scale: Scale) -> Unit:
    """Give the answers to one indicator as values; an order leaves out who says that it does not apply."""
    return {consensus.VALUES[answer]: n for answer, n in counts.items()
            if answer in consensus.VALUES and (scale is Scale.NOMINAL or answer in RANKED)}  # fmt: skip


def close(review: Review, actor: str, now: datetime) -> ReviewRound:
    """Close the round that runs: freeze what it found of each indicator, and how far the raters agree.

    Raises Rejected where nothing was answered since the last one, or two versions of one answer wait to be settled.
    """
    with transaction.atomic():
        taken = moments.take(now)
        at = moments.moment(taken.at)
        here = reviews.open_for(review, review_course.ANSWERED, at)
        if here.kind is ReviewKind.SELF:
            raise Rejected(_("A self-review has no rounds: its answers are the result."))
        number = ReviewRound.objects.filter(review=review).count() + 1
        if review_answers.clashing(review, at).exists():
            raise Rejected(_("Two versions of one answer wait to be settled: settle the conflicts first."))
        if not ReviewAnswer.objects.filter(review=review, round=number).exists():
            raise Rejected(_("Nothing was answered in this round yet."))
        counts = review_answers.counts(review, at)
        made = ReviewRound.objects.create(
            review=review, number=number, percent=here.version.percent, figures=figures(here.framework, counts),
            recorded_at=taken.at, recorded_by=actor, sequence=taken.sequence)  # fmt: skip
        RoundOutcome.objects.bulk_create(_outcomes(made, here, counts), batch_size=500)
    return made


def _outcomes(made: ReviewRound, here: Known, counts: Mapping[str, Counts]) -> Iterator[RoundOutcome]:
    yardstick = Yardstick([unit(one, Scale.NOMINAL) for one in counts.values()], Scale.NOMINAL)
    for aspect in here.framework.aspects():
        for indicator in aspect.indicators:
            told = counts.get(indicator.id, {})
            found = consensus.outcome(told, made.percent)
            agree = yardstick.concord(unit(told, Scale.NOMINAL))
            yield RoundOutcome(
                round=made, aspect=aspect.id, indicator=indicator.id, answer=found.answer.value,
                contested=found.contested, known=found.known,
                counts={answer.value: n for answer, n in told.items()}, share=agree.share, alpha=agree.alpha,
                low=agree.low, high=agree.high)  # fmt: skip


def figures(framework: Framework, counts: Mapping[str, Counts]) -> dict[str, Any]:
    """Give alpha with its interval of the whole (by an empty id), of each outermost part and of each aspect, by id."""

    def of(part: Part, scale: Scale, draws: int) -> dict[str, Any]:
        told = [unit(counts[one.id], scale) for aspect in part.aspects() for one in aspect.indicators
                if one.id in counts]  # fmt: skip
        return asdict(concordance.reliability(told, scale, draws))

    whole = Part("", (), framework.parts)
    wide = [whole, *(part for part in framework.depth(0) if isinstance(part, Part))]
    found = {part.id: {scale.value: of(part, scale, DRAWS) for scale in (Scale.NOMINAL, Scale.ORDINAL)}
             for part in wide}  # fmt: skip
    return found | {
        aspect.id: {Scale.NOMINAL.value: of(Part(aspect.id, (), (aspect,)), Scale.NOMINAL, DRAWS_OF_ASPECT)}
        for aspect in framework.aspects()
    }


def last(review: Review, at: datetime) -> ReviewRound | None:
    """Return the last round that was closed by a moment."""
    return ReviewRound.objects.filter(review=review, recorded_at__lte=moments.micros(at)).last()


def _place(here: Known, indicator: str) -> str:
    found = next((aspect.id for aspect in here.framework.aspects()
                  if any(one.id == indicator for one in aspect.indicators)), None)  # fmt: skip
    if found is None:
        raise Rejected(_("There is no indicator “%(id)s” in this framework.") % {"id": indicator})
    return found


def rule(review: Review, indicator: str, answer: str, reason: str, actor: str, now: datetime) -> ReviewRuling:
    """Record the chair’s ruling on an indicator, with its reason; an empty answer takes the one that stands back."""
    with transaction.atomic():
        taken = moments.take(now)
        at = moments.moment(taken.at)
        here = reviews.open_for(review, review_course.WRITTEN, at)
        aspect = _place(here, indicator)
        before = reviews.standing(ReviewRuling.objects.filter(review=review, indicator=indicator), at).first()
        if here.kind is ReviewKind.SELF or not any(
            one.role == Role.CHAIR and not one.left for one in reviews.members(review, at)
        ):
            raise Rejected(_("This review has no chair: name one among its members first."))
        if answer and answer not in set(Answer):
            raise Rejected(_("“%(word)s” is not known here; write one of: %(words)s.") % {
                "word": answer, "words": ", ".join(Answer)})  # fmt: skip
        if answer and not reason.strip():
            raise Rejected(_("A ruling needs its reason."))
        if not answer and (before is None or not before.answer):
            raise Rejected(_("There is no ruling on this indicator to take back."))
        return ReviewRuling.objects.create(
            review=review, aspect=aspect, indicator=indicator, answer=answer, reason=reason.strip(),
            **reviews.written(taken, actor, "", before))  # fmt: skip


def rulings(review: Review, at: datetime, aspect: str = "") -> dict[str, ReviewRuling]:
    """Return the rulings that stand at a moment, by indicator; of one aspect where it is named."""
    rows = ReviewRuling.objects.filter(review=review, **({"aspect": aspect} if aspect else {}))
    return {row.indicator: row for row in reviews.standing(rows, at) if row.answer}


def dissent(review: Review, member: int, told: review_answers.Told, actor: str, now: datetime) -> ReviewDissent:
    """Record that a member holds to another answer than what stands, and why; without a reason, take it back."""
    with transaction.atomic():
        taken = moments.take(now)
        at = moments.moment(taken.at)
        here = reviews.open_for(review, review_course.WRITTEN, at)
        aspect = _place(here, told.indicator)
        if not ReviewMember.objects.filter(pk=member, review=review).exists():
            raise Rejected(_("There is no such member in this review."))
        rows = ReviewDissent.objects.filter(review=review, member=member, indicator=told.indicator)
        before = reviews.standing(rows, at).first()
        if not told.reason.strip() and (before is None or not before.reason):
            raise Rejected(_("Say why: dissent is recorded with its reason."))
        return ReviewDissent.objects.create(
            review=review, member_id=member, aspect=aspect, indicator=told.indicator, answer=told.answer.value,
            reason=told.reason.strip(), **reviews.written(taken, actor, "", before))  # fmt: skip


def dissents(review: Review, at: datetime, aspect: str = "") -> list[ReviewDissent]:
    """Return the dissent that stands at a moment, in the order of recording; of one aspect where it is named."""
    rows = ReviewDissent.objects.filter(review=review, **({"aspect": aspect} if aspect else {}))
    return [one for one in reviews.standing(rows, at) if one.reason]
