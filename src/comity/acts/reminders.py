"""Reminders: written once for each person, in one transaction with the log that says so."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from comity.acts import moments, undertakings, zones
from comity.models import Letter, Mailing, Told
from comity.policy.dates import local_day
from comity.policy.reminders import LADDER, Audience, Reminder, reminders
from comity.policy.undertaking_words import State
from comity.policy.undertakings import Asked

AHEAD = -min(step.days for step in LADDER)  # days
OFFICER, COUNSEL = "officer", "counsel"


@dataclass(frozen=True, slots=True)
class Written:
    """What one round wrote: `letters`, and for how many reminders nobody with an address was found."""

    letters: int
    unreached: int


def write(now: datetime) -> Written:
    """Write the letters of all reminders that are due by *now* and stand in no letter yet.

    The node's row is locked while they are written, so of two rounds at once the second sees what the first one wrote.
    """
    today, people = local_day(now, zones.ours()), _people()
    wanted = _wanted(today, now, people)
    unreached = sum(not any(person.email for person in to) for _one, to in wanted)
    if not any(_new_to(person, wanted) for person in people):
        return Written(0, unreached)
    with transaction.atomic():
        at = moments.take(now).at
        return Written(sum(_write_to(person, _new_to(person, wanted), today, at) for person in people), unreached)


@dataclass(frozen=True, slots=True)
class _Person:
    username: str
    email: str
    roles: frozenset[str]
    mode: str
    language: str


_Wanted = list[tuple[Reminder, list[_Person]]]


def _people() -> list[_Person]:
    """Return everybody at the desk who may be written to, or who would be if there were an address."""
    wishes = {row.user_id: row for row in Mailing.objects.all()}
    users = User.objects.filter(is_active=True).prefetch_related("groups").order_by("username")
    return [
        _Person(user.username, user.email, frozenset(group.name for group in user.groups.all()),
                wish.mode, wish.language)
        for user in users
        for wish in (wishes.get(user.pk) or Mailing(user=user),)
    ]  # fmt: skip


def _wanted(today: date, now: datetime, people: list[_Person]) -> _Wanted:
    due = undertakings.due(Asked(today, now), AHEAD)
    found = reminders((one.item for one in due), today)
    return [(one, list(_hear(one, people))) for one in found]


def _hear(one: Reminder, people: Iterable[_Person]) -> Iterator[_Person]:
    """Yield who hears of a step: the owner; officers where the owner is nobody at the desk, or the step says so."""
    there = list(people)
    owners = [person for person in there if person.username == one.item.owner]
    for person in there:
        officer = OFFICER in person.roles and (one.step.audience >= Audience.OFFICERS or not owners)
        counsel = COUNSEL in person.roles and one.step.audience >= Audience.EVERYONE
        if person in owners or officer or counsel:
            yield person


def _new_to(person: _Person, wanted: _Wanted) -> list[Reminder]:
    """Give the reminders that a person is to hear of, and that stand in no letter to them yet."""
    if not person.email or person.mode == Mailing.Mode.NONE:
        return []
    heard = [one for one, to in wanted if person in to]
    told = Told.objects.filter(recipient=person.username, reminder__in=[one.name for one in heard])
    known = set(told.values_list("reminder", flat=True))
    return [one for one in heard if one.name not in known]


def _write_to(person: _Person, new: list[Reminder], today: date, at: int) -> int:
    if not new:
        return 0
    with translation.override(person.language):
        return _write_in_their_language(person, new, today, at)


def _write_in_their_language(person: _Person, new: list[Reminder], today: date, at: int) -> int:
    if person.mode == Mailing.Mode.DIGEST:
        name = f"digest {today} {person.username}"
        if Letter.objects.filter(name=name).exists():
            return 0  # today's has been written; what is new since then stands in tomorrow's
        _post(name, person, _("What is due: %(count)s") % {"count": len(new)}, new, today, at)
        return 1
    for one in new:
        _post(f"{one.name} {person.username}", person, headline(one, today), [one], today, at)
    return len(new)


def _post(name: str, person: _Person, subject: str, told: list[Reminder], today: date, at: int) -> None:
    letter = Letter.objects.create(
        name=hashlib.sha256(name.encode()).hexdigest(), recipient=person.username, address=person.email,
        subject=" ".join(subject.split())[:300], body="\n\n".join(paragraph(one, today) for one in told),
        message_id=message_id(name), written_at=at,
    )  # fmt: skip
    Told.objects.bulk_create(Told(reminder=one.name, recipient=person.username, letter=letter) for one in told)


def message_id(name: str) -> str:
    """Give the Message-ID of a letter (RFC 5322, 3.6.4): the same whenever it is made from the same name."""
    host = urlsplit(settings.ORIGIN).hostname or "desk.invalid"
    return f"<{hashlib.sha256(name.encode()).hexdigest()[:40]}@{host}>"


def headline(one: Reminder, today: date) -> str:
    """Say in a line what is due when."""
    told = {"what": one.item.what, "days": one.item.days_over(today), "day": one.item.by.day if one.item.by else ""}
    if one.item.state is State.OVERDUE:
        return _("Overdue by %(days)s days: %(what)s") % told
    if one.item.by is not None and one.item.by.day == today:
        return _("Due today: %(what)s") % told
    return _("Due on %(day)s: %(what)s") % told


def paragraph(one: Reminder, today: date) -> str:
    """Say what is due when, who has it and where it stands at the desk."""
    lines = [headline(one, today)]
    if one.item.by is not None:
        lines.append(_("Due: %(day)s") % {"day": one.item.by.day})
    lines.append(_("Owner: %(owner)s") % {"owner": one.item.owner or _("nobody yet")})
    if settings.ORIGIN:
        lines.append(f"{settings.ORIGIN}/undertakings/{quote(one.item.key)}/")
    return "\n".join(lines)
