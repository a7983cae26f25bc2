"""Who belongs to what, recorded by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import records, standings
from comity.acts.agreements import Rejected
from comity.models import Membership
from comity.policy.participation import Status

CAPACITIES: Final = ("member", "associate member", "observer")
_ABOUT: Final = ("group", "member", "capacity", "effective_on", "precision", "until")


@dataclass(frozen=True, slots=True)
class Belonging:
    """A membership as it is written down; both days are inside, None where they are not known or it has no end."""

    group: str
    member: str
    source: str
    capacity: str = "member"
    status: str = Status.CONFIRMED.value
    effective_on: date | None = None
    precision: str = "day"
    until: date | None = None
    read_on: date | None = None


def record(belonging: Belonging, actor: str, now: datetime, supersedes: int | None = None) -> Membership:
    """Record a membership, or what holds instead of an earlier record. Raises Rejected with each reason."""
    with transaction.atomic():
        wrong = list(objections(belonging))
        if wrong:
            raise Rejected(*wrong)
        before = records.corrected(Membership, supersedes)
        row = Membership.objects.create(
            **records.told(belonging.source, belonging.read_on, actor, now), group_id=belonging.group,
            member_id=belonging.member, capacity=belonging.capacity, status=belonging.status,
            effective_on=belonging.effective_on, precision=belonging.precision, until=belonging.until,
            supersedes=before,
        )  # fmt: skip
        groups = {row.group_id, *([before.group_id] if before is not None else [])}
        standings.renew(standings.touched_by(groups), row.recorded_at)
    return row


def objections(belonging: Belonging) -> Iterator[str]:
    """Say what is missing or cannot be, in sentences with the mend."""
    if not belonging.group or not belonging.member:
        yield _("Name the group and the member.")
    yield from records.party(belonging.group)
    yield from records.party(belonging.member)
    yield from records.source(belonging.source)
    yield from records.among(belonging.capacity, CAPACITIES)
    yield from records.among(belonging.status, records.STATUSES)
    yield from records.days(belonging.effective_on, belonging.precision, belonging.until)
    if belonging.group and belonging.group == belonging.member:
        yield _("Nobody is a member of itself: name another group.")


def take_back(number: int, source: str, actor: str, now: datetime) -> Membership:
    """Record that a membership was recorded by mistake and never was. Raises Rejected where that cannot be."""
    with transaction.atomic():
        wrong = list(records.source(source))
        row = records.corrected(Membership, number)
        if row is None or wrong:
            raise Rejected(*wrong)
        told = records.taken_back(row, _ABOUT)
        made = Membership.objects.create(**records.told(source, None, actor, now), **told)
        standings.renew(standings.touched_by({row.group_id}), made.recorded_at)
    return made


def belonging_of(row: Membership) -> Belonging:
    """Give a membership as it was written down."""
    return Belonging(row.group_id, row.member_id, row.source.address or row.source.title, row.capacity, row.status,
                     row.effective_on, row.precision, row.until, row.source.read_on)  # fmt: skip
