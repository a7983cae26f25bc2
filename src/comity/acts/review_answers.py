"""Answers of the members of a review: recorded version by version, offered where another version stands, settled.

Who answers says which version they had seen. Where another one stands by now and says something else, nothing is
overwritten and nothing is lost: the answer waits as an offer beside the standing one until somebody settles it.
"""

import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from comity.acts import moments, reviews
from comity.acts.agreements import Rejected
from comity.acts.reviews import Known, Member
from comity.models import (
    AnswerCount,
    AnswerOffer,
    MemberProgress,
    OfferSettlement,
    Review,
    ReviewAnswer,
    ReviewRound,
)
from comity.policy import review_course
from comity.policy.consensus import Counts
from comity.policy.frameworks import Framework
from comity.policy.staging import Answer


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as it is given. `seen` is the number of the version that its author had before them; None: any."""

    indicator: str
    answer: Answer
    reason: str = ""
    seen: int | None = None


class Did(enum.StrEnum):
    """What became of an answer."""

    RECORDED = "recorded"
    UNCHANGED = "unchanged"
    OFFERED = "offered"


@dataclass(frozen=True, slots=True)
class Took:
    """What became of one answer; `standing` is what stands now, `offer` what waits beside it."""

    indicator: str
    did: Did
    standing: ReviewAnswer | None
    offer: AnswerOffer | None = None


def asked(member: Member, clusters: Iterable[reviews.Cluster], framework: Framework) -> list[str]:
    """Name the aspects that a member is asked, in the framework’s order."""
    given = next((one.aspects for one in clusters if one.row.pk == member.cluster), ())
    return [one.id for one in framework.aspects() if not given or one.id in given]


def record(
    review: Review, number: int, told: Sequence[Told], actor: str, now: datetime, through: str = ""
) -> list[Took]:
    """Record answers of one member, all of them or nothing; each with what became of it, in the order given.

    Raises Rejected, with each reason, where one of them cannot be taken: the review takes no answers now, the member
    or the indicator is unknown or not asked, a reason is missing.
    """
    with transaction.atomic():
        taken = moments.take(now)
        at = moments.moment(taken.at)
        here = reviews.open_for(review, review_course.ANSWERED, at)
        places = _places(here, number, at)
        wrong = _objections(told, places)
        if wrong:
            raise Rejected(*wrong)
        before = standing(review, number, [one.indicator for one in told])
        took = [_took(one, before.get(one.indicator)) for one in told]
        turn = ReviewRound.objects.filter(review=review).count() + 1
        made = [
            ReviewAnswer(review=review, member_id=number, aspect=places[one.indicator], indicator=one.indicator,
                         answer=one.answer.value, reason=one.reason.strip(), round=turn,
                         number=was.number + 1 if was else 1, **reviews.written(taken, actor, through, was))
            for one, found in zip(told, took, strict=True) if found.did is Did.RECORDED
            for was in (before.get(one.indicator),)
        ]  # fmt: skip
        new = {one.indicator: one for one in ReviewAnswer.objects.bulk_create(made, batch_size=500)}
        _count(review, number, [(one, before.get(one.indicator)) for one in made])
        offers = {
            one.indicator: AnswerOffer.objects.create(
                review=review, member_id=number, aspect=places[one.indicator], indicator=one.indicator,
                answer=one.answer.value, reason=one.reason.strip(), seen=one.seen or 0, through=through,
                recorded_at=taken.at, recorded_by=actor, sequence=taken.sequence)
            for one, found in zip(told, took, strict=True) if found.did is Did.OFFERED
        }  # fmt: skip
    return [Took(one.indicator, one.did, new.get(one.indicator, one.standing), offers.get(one.indicator))
            for one in took]  # fmt: skip


def _places(here: Known, number: int, at: datetime) -> dict[str, str]:
    """Give the aspect of each indicator that a member is asked; Rejected where they are not asked at all."""
    member = next((one for one in reviews.members(here.review, at) if one.row.pk == number), None)
    if member is None or not member.rates:
        raise Rejected(_("Nobody of this number gives answers in this review."))
    wanted = set(asked(member, reviews.clusters(here.review, at), here.framework))
    return {one.id: aspect.id for aspect in here.framework.aspects() if aspect.id in wanted
            for one in aspect.indicators}  # fmt: skip


def _objections(told: Sequence[Told], places: dict[str, str]) -> list[str]:
    wrong = [_("“%(id)s” is not asked of this member.") % {"id": one.indicator}
             for one in told if one.indicator not in places]  # fmt: skip
    wrong += [_("%(id)s is called not applicable: say why.") % {"id": one.indicator}
              for one in told if one.answer is Answer.NOT_APPLICABLE and not one.reason.strip()]  # fmt: skip
    twice = [name for name, n in Counter(one.indicator for one in told).items() if n > 1]
    return wrong + [_("%(id)s is answered twice.") % {"id": name} for name in twice]


def standing(review: Review, number: int, indicators: Sequence[str]) -> dict[str, ReviewAnswer]:
    """Give the answers of a member that stand now, by indicator."""
    rows = ReviewAnswer.objects.filter(member__review=review, member=number, superseded_by__isnull=True)
    few = rows.filter(indicator__in=indicators) if len(indicators) < 100 else rows  # noqa: PLR2004 - a query’s length
    return {row.indicator: row for row in few}


def said_by(review: Review, number: int) -> dict[str, tuple[str, str, int]]:
    """Give what a member says now, by indicator: the answer, its reason, its version’s number."""
    rows = ReviewAnswer.objects.filter(member__review=review, member=number, superseded_by__isnull=True)
    told = rows.values_list("indicator", "answer", "reason", "number")
    return {name: (answer, reason, version) for name, answer, reason, version in told}


def _took(one: Told, before: ReviewAnswer | None) -> Took:
    if before is not None and (before.answer, before.reason) == (one.answer.value, one.reason.strip()):
        return Took(one.indicator, Did.UNCHANGED, before)
    if one.seen is not None and one.seen != (before.number if before else 0):
        return Took(one.indicator, Did.OFFERED, before)
    return Took(one.indicator, Did.RECORDED, before)


_MORE = (
    "INSERT INTO comity_answercount (review_id, aspect, indicator, answer, n) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (review_id, indicator, answer) DO UPDATE SET n = comity_answercount.n + excluded.n"
)
_FEWER = "UPDATE comity_answercount SET n = n - %s WHERE review_id = %s AND indicator = %s AND answer = %s"
_FURTHER = (
    "INSERT INTO comity_memberprogress (member_id, aspect, answered) VALUES (%s, %s, %s)"
    " ON CONFLICT (member_id, aspect) DO UPDATE SET answered = comity_memberprogress.answered + excluded.answered"
)


def _count(review: Review, number: int, pairs: Sequence[tuple[ReviewAnswer, ReviewAnswer | None]]) -> None:
    """Bring counts and progress up to the new versions of answers, each with the one whose place it took."""
    more = Counter((new.aspect, new.indicator, new.answer) for new, _was in pairs)
    more.subtract((was.aspect, was.indicator, was.answer) for _new, was in pairs if was)
    progress = Counter[str]()
    for new, was in pairs:
        progress[new.aspect] += (new.answer != Answer.UNKNOWN) - (was is not None and was.answer != Answer.UNKNOWN)
    with connection.cursor() as cursor:
        cursor.executemany(_MORE, [(review.pk, *key, n) for key, n in more.items() if n > 0])
        cursor.executemany(_FEWER, [(-n, review.pk, indicator, answer)
                                    for (_aspect, indicator, answer), n in more.items() if n < 0])  # fmt: skip
        cursor.executemany(_FURTHER, [(number, aspect, n) for aspect, n in progress.items() if n])


def counts(review: Review, at: datetime, aspect: str = "") -> dict[str, Counts]:
    """Give how many members gave each answer, by indicator, as known at a moment; of one aspect where it is named."""
    later = ReviewAnswer.objects.filter(review=review, recorded_at__gt=moments.micros(at)).exists()
    found: dict[str, dict[Answer, int]] = {}
    only = {"aspect": aspect} if aspect else {}
    rows = _counted_then(review, at, only) if later else AnswerCount.objects.filter(
        review=review, n__gt=0, **only).values_list("indicator", "answer", "n")  # fmt: skip
    for indicator, answer, n in rows:
        found.setdefault(indicator, {})[Answer(answer)] = n
    return dict(found)


def _counted_then(review: Review, at: datetime, only: Mapping[str, str]) -> Iterable[tuple[str, str, int]]:
    rows = reviews.standing(ReviewAnswer.objects.filter(review=review, **only), at).order_by()
    return rows.values_list("indicator", "answer").annotate(n=Count("pk"))


def progress(review: Review) -> dict[tuple[int, str], int]:
    """Give how many indicators of each aspect each member has answered by now, by (member, aspect)."""
    rows = MemberProgress.objects.filter(member__review=review).values_list("member_id", "aspect", "answered")
    return {(member, aspect): n for member, aspect, n in rows}


def answered(review: Review) -> dict[int, int]:
    """Give how many indicators each member has answered by now."""
    rows = MemberProgress.objects.filter(member__review=review).values_list("member_id").annotate(n=Sum("answered"))
    return dict(rows)


def of_aspect(review: Review, aspect: str, at: datetime) -> list[tuple[str, int, str, str]]:
    """Give every answer to an aspect that stands at a moment: (indicator, member, answer, reason).

    All versions are read, by the index of the aspect; what was recorded later or superseded by then is left out here,
    as a store that is asked for the time as well reads the whole review by its times.
    """
    known = moments.micros(at)
    told = ReviewAnswer.objects.filter(review=review, aspect=aspect).order_by("member_id").values_list(
        "recorded_at", "pk", "supersedes_id", "indicator", "member_id", "answer", "reason")  # fmt: skip
    rows = [row for row in told if row[0] <= known]
    gone = {row[2] for row in rows}
    return [row[3:] for row in rows if row[1] not in gone]


@dataclass(frozen=True, slots=True)
class Clash:
    """Two versions of one answer: the one that stands (None: none yet), and the one that waits."""

    offer: AnswerOffer
    standing: ReviewAnswer | None
    seen: ReviewAnswer | None
    """What the author of the offer had before them."""


def clashing(review: Review, at: datetime) -> QuerySet[AnswerOffer]:
    """Return the offers that waited at a moment, in the order in which they met another version."""
    known = moments.micros(at)
    return AnswerOffer.objects.filter(review=review, recorded_at__lte=known).filter(
        Q(settlement__isnull=True) | Q(settlement__recorded_at__gt=known))  # fmt: skip


def clashes(review: Review, at: datetime) -> list[Clash]:
    """Return every pair of versions that waits to be settled, in the order in which they met."""
    versions = ReviewAnswer.objects.filter(member=OuterRef("member"), indicator=OuterRef("indicator"))
    offers = list(clashing(review, at).annotate(
        stands=Subquery(reviews.standing(versions, at).values("pk")[:1]),
        was=Subquery(versions.filter(number=OuterRef("seen")).values("pk")[:1])))  # fmt: skip
    rows = ReviewAnswer.objects.in_bulk({pk for one in offers for pk in (one.stands, one.was) if pk})
    return [Clash(one, rows.get(one.stands), rows.get(one.was)) for one in offers]


def settle(review: Review, number: int, seen: int, actor: str, now: datetime, *, take: bool) -> OfferSettlement:
    """Settle an offer: take it in the place of version *seen*, or keep that one. Both stay on record.

    Raises Rejected where it was settled already, or another version stands by now than the one *seen*.
    """
    with transaction.atomic():
        taken = moments.take(now)
        at = moments.moment(taken.at)
        reviews.open_for(review, review_course.WRITTEN, at)
        offer = AnswerOffer.objects.filter(pk=number, review=review).first()
        if offer is None or OfferSettlement.objects.filter(offer=offer).exists():
            raise Rejected(_("That conflict is settled already."))
        before = standing(review, offer.member_id, [offer.indicator]).get(offer.indicator)
        if (before.number if before else 0) != seen:
            raise Rejected(_("The standing answer has changed meanwhile: look at both again."))
        if take:
            turn = ReviewRound.objects.filter(review=review).count() + 1
            new = ReviewAnswer.objects.create(
                review=review, member_id=offer.member_id, aspect=offer.aspect, indicator=offer.indicator,
                answer=offer.answer, reason=offer.reason, round=turn, number=seen + 1,
                **reviews.written(taken, actor, offer.through, before))  # fmt: skip
            _count(review, offer.member_id, [(new, before)])
        return OfferSettlement.objects.create(offer=offer, taken=take, recorded_at=taken.at, recorded_by=actor,
                                              sequence=taken.sequence)  # fmt: skip


def history(member: int, indicator: str) -> list[ReviewAnswer]:
    """Return every version of one answer, the newest first."""
    return list(ReviewAnswer.objects.filter(member=member, indicator=indicator).order_by("-number"))
