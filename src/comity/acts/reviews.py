"""Reviews of capacity: begun, planned anew, moved on; clusters, members, sessions, notes. As known at any moment."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comity.acts import framework_editions, moments, zones
from comity.acts.agreements import Rejected
from comity.models import (
    Engagement,
    Party,
    Review,
    ReviewCluster,
    ReviewClusterVersion,
    ReviewMember,
    ReviewMemberVersion,
    ReviewMove,
    ReviewNote,
    ReviewSession,
    ReviewVersion,
)
from comity.models.undertakings import Written
from comity.policy import review_course
from comity.policy.dates import local_day
from comity.policy.frameworks import Framework
from comity.policy.review_course import ReviewKind, ReviewState

Role = ReviewMemberVersion.Role
NoteKind = ReviewNote.Kind
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Begun:
    """A review as it is begun: `slug` is its lasting name, `party` a code, both days inside."""

    slug: str
    title: str
    framework: str
    edition: str
    party: str
    first_day: date
    last_day: date
    kind: ReviewKind = ReviewKind.FULL
    percent: int = 100
    fictional: bool = False


@dataclass(frozen=True)
class Known:
    """A review as known at a moment. It has no slots: it keeps its framework, once asked for."""

    review: Review
    version: ReviewVersion
    state: ReviewState
    moves: tuple[ReviewMove, ...]

    @property
    def kind(self) -> ReviewKind:
        """Return how much ceremony it has."""
        return ReviewKind(self.review.kind)

    @property
    def ahead(self) -> tuple[ReviewState, ...]:
        """Return where it may go from where it stands."""
        return review_course.moves(self.kind, self.state)

    @cached_property
    def framework(self) -> Framework:
        """Return the framework that it is held against."""
        return framework_editions.compiled(self.review.framework, self.review.edition)


def standing(rows: QuerySet[Row], at: datetime) -> QuerySet[Row]:
    """Narrow append-only rows to those that stand at a moment: recorded by then, and not superseded by then."""
    known = moments.micros(at)
    return rows.filter(recorded_at__lte=known).exclude(superseded_by__recorded_at__lte=known)


def written(taken: moments.Taken, actor: str, source: str = "", supersedes: Written | None = None) -> dict[str, Any]:
    """Give what each row carries that is written at the desk."""
    return {"source": source[:400], "recorded_at": taken.at, "recorded_by": actor, "sequence": taken.sequence,
            "supersedes": supersedes}  # fmt: skip


def begin(begun: Begun, actor: str, now: datetime) -> Review:
    """Begin a review. Raises Rejected with each reason when something is missing or cannot be."""
    with transaction.atomic():
        taken = moments.take(now)
        wrong = list(_objections(begun))
        if wrong:
            raise Rejected(*wrong)
        edition = framework_editions.compiled(begun.framework, begun.edition).edition
        review = Review.objects.create(
            slug=begun.slug, framework=begun.framework, edition=edition, kind=begun.kind.value, party_id=begun.party,
            fictional=begun.fictional, recorded_at=taken.at, recorded_by=actor, sequence=taken.sequence,
        )  # fmt: skip
        ReviewVersion.objects.create(review=review, title=begun.title.strip(), first_day=begun.first_day,
                                     last_day=begun.last_day, percent=begun.percent,
                                     **written(taken, actor))  # fmt: skip
        ReviewMove.objects.create(review=review, state=review_course.FIRST[begun.kind].value,
                                  effective_on=local_day(now, zones.ours()), **written(taken, actor))  # fmt: skip
    return review


def _objections(begun: Begun) -> Iterator[str]:
    if not SLUG.fullmatch(begun.slug):
        yield _("Give the review a short name of small letters, digits and hyphens, such as bs-2026.")
    elif Review.objects.filter(slug=begun.slug).exists():
        yield _("There is a review “%(slug)s” already; give this one another short name.") % {"slug": begun.slug}
    if not Party.objects.filter(pk=begun.party).exists():
        yield _("There is no party “%(code)s” here.") % {"code": begun.party}
    try:
        framework_editions.compiled(begun.framework, begun.edition)
    except framework_editions.EditionUnknown as error:
        yield str(error)
    yield from _plan_objections(begun.title, begun.first_day, begun.last_day, begun.percent)


def _plan_objections(title: str, first_day: date, last_day: date, percent: int) -> Iterator[str]:
    if not title.strip():
        yield _("Give the review a title.")
    if last_day < first_day:
        yield _("It ends on %(end)s, before it begins on %(start)s: turn the two round.") % {
            "end": last_day, "start": first_day}  # fmt: skip
    if not 51 <= percent <= 100:  # noqa: PLR2004 - as the store’s own constraint
        yield _("For a consensus more than half have to agree: write 51 to 100 percent.")


def plan(review: Review, told: ReviewVersion, actor: str, now: datetime) -> ReviewVersion:
    """Plan a review anew: title, days, share for a consensus, as *told* (an unsaved row) has them."""
    with transaction.atomic():
        taken = moments.take(now)
        wrong = list(_plan_objections(told.title, told.first_day, told.last_day, told.percent))
        if wrong:
            raise Rejected(*wrong)
        before = standing(ReviewVersion.objects.filter(review=review), moments.moment(taken.at)).get()
        return ReviewVersion.objects.create(review=review, title=told.title.strip(), first_day=told.first_day,
                                            last_day=told.last_day, percent=told.percent,
                                            **written(taken, actor, "", before))  # fmt: skip


def move(review: Review, to: str, actor: str, now: datetime, says: str = "") -> ReviewMove:
    """Move a review on; Rejected where `policy.review_course` has no such move from where it stands."""
    with transaction.atomic():
        taken = moments.take(now)
        here = known_of(review, moments.moment(taken.at))
        if to not in here.ahead:
            ways = ", ".join(_(one.value) for one in here.ahead)
            raise Rejected(_("From “%(here)s” a review goes to: %(ways)s.") % {"here": _(here.state.value),
                                                                              "ways": ways})  # fmt: skip
        if to == ReviewState.WITHHELD and not says.strip():
            raise Rejected(_("Say why the report is withheld."))
        return ReviewMove.objects.create(review=review, state=to, effective_on=local_day(now, zones.ours()),
                                         says=says.strip(), **written(taken, actor))  # fmt: skip


def known(at: datetime) -> list[Known]:
    """Return every review as known at a moment, the newest first."""
    rows = Review.objects.filter(recorded_at__lte=moments.micros(at)).select_related("party").order_by("-id")
    versions = {one.review_id: one for one in standing(ReviewVersion.objects.all(), at)}
    moved: dict[int, list[ReviewMove]] = {}
    for one in ReviewMove.objects.filter(recorded_at__lte=moments.micros(at)):
        moved.setdefault(one.review_id, []).append(one)
    return [Known(row, versions[row.pk], ReviewState(moved[row.pk][-1].state), tuple(moved[row.pk])) for row in rows]


def known_of(review: Review, at: datetime) -> Known:
    """Return one review as known at a moment."""
    version = standing(ReviewVersion.objects.filter(review=review), at).get()
    moved = tuple(ReviewMove.objects.filter(review=review, recorded_at__lte=moments.micros(at)))
    return Known(review, version, ReviewState(moved[-1].state), moved)


def find(slug: str, at: datetime) -> Known | None:
    """Return the review of a short name as known at a moment."""
    review = Review.objects.filter(slug=slug, recorded_at__lte=moments.micros(at)).select_related("party").first()
    return None if review is None else known_of(review, at)


def open_for(review: Review, states: frozenset[ReviewState], at: datetime) -> Known:
    """Return a review as known at a moment; Rejected where it stands in none of these states."""
    here = known_of(review, at)
    if here.state not in states:
        raise Rejected(_("The review is “%(state)s”: nothing of this is taken there.") % {"state": _(here.state.value)})
    return here


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster as known at a moment: its row, and what it is asked (ids in the framework’s order; none: all)."""

    row: ReviewCluster
    name: str
    aspects: tuple[str, ...]
    version: ReviewClusterVersion


def clusters(review: Review, at: datetime) -> list[Cluster]:
    """Return the clusters of a review, in the order in which they were made."""
    rows = standing(ReviewClusterVersion.objects.filter(cluster__review=review).select_related("cluster"), at)
    return [Cluster(one.cluster, one.name, tuple(one.aspects), one) for one in rows.order_by("cluster_id")]


def set_cluster(
    review: Review, name: str, aspects: Sequence[str], actor: str, now: datetime, number: int | None = None
) -> ReviewCluster:
    """Make a cluster, or (*number*) tell one anew: its name and the aspects assigned to it."""
    with transaction.atomic():
        taken = moments.take(now)
        here = open_for(review, review_course.WRITTEN, moments.moment(taken.at))
        there = {one.row.pk: one for one in clusters(review, moments.moment(taken.at))}
        if not name.strip():
            raise Rejected(_("Give the cluster a name."))
        if any(one.name == name.strip() and pk != number for pk, one in there.items()):
            raise Rejected(_("There is a cluster “%(name)s” already.") % {"name": name.strip()})
        order = [one.id for one in here.framework.aspects()]
        strange = [one for one in aspects if one not in order]
        if strange:
            raise Rejected(_("There is no aspect “%(aspect)s” in this framework.") % {"aspect": strange[0]})
        if number is not None and number not in there:
            raise Rejected(_("There is no such cluster in this review."))
        row = there[number].row if number is not None else ReviewCluster.objects.create(review=review)
        before = there[number].version if number is not None else None
        ReviewClusterVersion.objects.create(cluster=row, name=name.strip(), aspects=sorted(aspects, key=order.index),
                                            **written(taken, actor, "", before))  # fmt: skip
        return row


@dataclass(frozen=True, slots=True)
class Member:
    """A member as known at a moment."""

    row: ReviewMember
    name: str
    role: str
    organisation: str
    cluster: int | None
    left: bool
    version: ReviewMemberVersion

    @property
    def rates(self) -> bool:
        """Tell whether answers are expected of them."""
        return not self.left and self.role in (Role.RATER, Role.CHAIR)


def members(review: Review, at: datetime, only: int | None = None) -> list[Member]:
    """Return the members of a review, those who left too, in the order in which they came; or the one of a number."""
    told = ReviewMemberVersion.objects.filter(member__review=review).select_related("member")
    rows = standing(told if only is None else told.filter(member=only), at)
    return [Member(one.member, one.name, one.role, one.organisation, one.cluster_id, one.left, one)
            for one in rows.order_by("member_id")]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Called:
    """What a member is called, in which cluster (its number), and whether answers are expected of them."""

    name: str
    cluster: int | None
    rates: bool


def called(review: Review, at: datetime) -> dict[int, Called]:
    """Give what each member is called at a moment, those who left too, by number: `members` without their rows."""
    rows = standing(ReviewMemberVersion.objects.filter(member__review=review), at).order_by("member_id")
    told = rows.values_list("member_id", "name", "cluster_id", "left", "role")
    return {number: Called(name, cluster, not left and role in (Role.RATER, Role.CHAIR))
            for number, name, cluster, left, role in told}  # fmt: skip


def raters(review: Review, at: datetime) -> list[tuple[int, int | None]]:
    """Give who answers are expected of at a moment, each as (number, cluster)."""
    rows = standing(ReviewMemberVersion.objects.filter(member__review=review, left=False), at)
    return list(rows.filter(role__in=(Role.RATER, Role.CHAIR)).order_by().values_list("member_id", "cluster_id"))


def names(review: Review, numbers: Collection[int], at: datetime) -> dict[int, str]:
    """Give the names of these members as known at a moment, by number."""
    rows = ReviewMemberVersion.objects.filter(member__review=review, member__in=numbers)
    return dict(standing(rows, at).values_list("member_id", "name"))


@dataclass(frozen=True, slots=True)
class Person:
    """A member as they are written down; `cluster` is the number of one, or None."""

    name: str
    role: str = Role.RATER
    organisation: str = ""
    cluster: int | None = None
    left: bool = False


def set_member(review: Review, person: Person, actor: str, now: datetime, number: int | None = None) -> ReviewMember:
    """Write a member down, or (*number*) tell one anew. A self-review has one."""
    with transaction.atomic():
        taken = moments.take(now)
        at = moments.moment(taken.at)
        here = open_for(review, review_course.WRITTEN, at)
        there = {one.row.pk: one for one in members(review, at)}
        wrong = list(_member_objections(here, person, there, number))
        if wrong:
            raise Rejected(*wrong)
        row = there[number].row if number is not None else ReviewMember.objects.create(review=review)
        before = there[number].version if number is not None else None
        ReviewMemberVersion.objects.create(
            member=row, name=person.name.strip(), role=person.role, organisation=person.organisation.strip(),
            cluster_id=person.cluster, left=person.left, **written(taken, actor, "", before),
        )  # fmt: skip
        return row


def _member_objections(
    here: Known, person: Person, there: dict[int, Member], number: int | None
) -> Iterator[str]:
    if not person.name.strip():
        yield _("Write the name of the person, or of the body that speaks as one.")
    if person.role not in Role.values:
        yield _("“%(word)s” is not known here; write one of: %(words)s.") % {
            "word": person.role, "words": ", ".join(Role.values)}  # fmt: skip
    if person.cluster is not None and not ReviewCluster.objects.filter(pk=person.cluster, review=here.review).exists():
        yield _("There is no such cluster in this review.")
    if number is not None and number not in there:
        yield _("There is no such member in this review.")
    if here.kind is ReviewKind.SELF and number is None and there:
        yield _("A self-review has one rater; begin a full review for several.")


def hold_session(
    review: Review, engagement: int, actor: str, now: datetime, cluster: int | None = None
) -> ReviewSession:
    """Record that an engagement is a session of a review, with one cluster or with all."""
    with transaction.atomic():
        taken = moments.take(now)
        if not Engagement.objects.filter(pk=engagement).exists():
            raise Rejected(_("There is no such engagement here."))
        if cluster is not None and not ReviewCluster.objects.filter(pk=cluster, review=review).exists():
            raise Rejected(_("There is no such cluster in this review."))
        return ReviewSession.objects.create(review=review, engagement_id=engagement, cluster_id=cluster,
                                            **written(taken, actor))  # fmt: skip


def sessions(review: Review, at: datetime) -> list[ReviewSession]:
    """Return the sessions of a review."""
    return list(standing(ReviewSession.objects.filter(review=review).select_related("engagement"), at))


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it is written down; `supersedes` is the number of the one whose place it takes."""

    kind: str
    says: str
    aspect: str = ""
    source: str = ""
    supersedes: int | None = None


def note(review: Review, told: Note, actor: str, now: datetime) -> ReviewNote:
    """Write a note of desk research, a session or follow-up; with no words, take one back."""
    with transaction.atomic():
        taken = moments.take(now)
        here = open_for(review, review_course.WRITTEN, moments.moment(taken.at))
        before = ReviewNote.objects.filter(pk=told.supersedes or 0, review=review).first()
        if told.kind not in NoteKind.values:
            raise Rejected(_("“%(word)s” is not known here; write one of: %(words)s.") % {
                "word": told.kind, "words": ", ".join(NoteKind.values)})  # fmt: skip
        if not told.says.strip() and before is None:
            raise Rejected(_("Write what was read or heard."))
        if told.supersedes and (before is None or hasattr(before, "superseded_by")):
            raise Rejected(_("That note has been changed meanwhile: look again."))
        if told.aspect and told.aspect not in {one.id for one in here.framework.aspects()}:
            raise Rejected(_("There is no aspect “%(aspect)s” in this framework.") % {"aspect": told.aspect})
        return ReviewNote.objects.create(review=review, kind=told.kind, aspect=told.aspect, says=told.says.strip(),
                                         **written(taken, actor, told.source.strip(), before))  # fmt: skip


def notes(review: Review, at: datetime) -> list[ReviewNote]:
    """Return the notes that stand at a moment."""
    return [one for one in standing(ReviewNote.objects.filter(review=review), at) if one.says]
