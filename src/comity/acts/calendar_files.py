"""The calendar as a file (RFC 5545): feeds that calendar programs subscribe to, and invitations read from files."""

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import cast
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Component, Event
from icalendar.error import InvalidCalendar

from comity.acts import engagements, moments, zones
from comity.acts.agreements import Rejected
from comity.acts.calendars import Happening, host
from comity.acts.engagements import Kind, Planned, State
from comity.models import EngagementVersion
from comity.policy.participation import Status

ONE_DAY = timedelta(days=1)
LARGEST, MOST, HIGHEST = 5_000_000, 5_000, 2**31  # bytes, events, of a SEQUENCE
TEXTS = frozenset({"UID", "SUMMARY", "STATUS", "LOCATION", "DESCRIPTION"})


def feed(name: str, found: Iterable[Happening]) -> bytes:
    """Write a calendar. The same facts give the same bytes."""
    calendar = Calendar()
    calendar.add("PRODID", "-//Comity//Calendar//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for one in found:
        calendar.add_component(_event(one))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(one: Happening) -> Event:
    event, changed = Event(), moments.moment(one.modified).replace(microsecond=0)
    event.add("UID", one.uid)
    event.add("SEQUENCE", one.revision)
    event.add("DTSTAMP", changed)
    event.add("LAST-MODIFIED", changed)
    event.add("SUMMARY", _("Done: %(what)s") % {"what": one.title} if one.done else one.title)
    for name, value in _span(one):
        event.add(name, value)
    event.add("STATUS", "CANCELLED" if one.cancelled else "CONFIRMED")
    event.add("TRANSP", "OPAQUE" if one.what == "engagement" and not one.cancelled else "TRANSPARENT")
    event.add("CATEGORIES", [one.what])
    for name, text in (("LOCATION", one.place), ("DESCRIPTION", one.about)):
        if text:
            event.add(name, text)
    if settings.ORIGIN:
        event.add("URL", f"{settings.ORIGIN}{one.path}")
    for days in () if one.cancelled else one.alarms:
        event.add_component(_alarm(one, days))
    return event


def _span(one: Happening) -> Iterator[tuple[str, date | datetime]]:
    """Yield begin and end; of whole days the end is the day after (RFC 5545, 3.6.1)."""
    if one.starts_at is None or one.ends_at is None:
        yield "DTSTART", one.first
        yield "DTEND", one.last + ONE_DAY
        return
    zone = ZoneInfo(one.zone)
    start, end = datetime.combine(one.first, one.starts_at, zone), datetime.combine(one.last, one.ends_at, zone)
    yield "DTSTART", start
    if end > start:
        yield "DTEND", end


def _alarm(one: Happening, days: int) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", one.title)
    alarm.add("TRIGGER", timedelta(days=-days))
    return alarm


class Does(enum.StrEnum):
    """What taking an event in would do."""

    NEW = "new"
    CHANGES = "changes"
    SAME = "as known"
    OLDER = "older than what is known"
    WRONG = "cannot be taken"


@dataclass(frozen=True, slots=True)
class Row:
    """One event of a file: its place among them from 1, what taking it in would do, and why where it cannot be."""

    number: int
    uid: str
    title: str
    does: Does
    why: str = ""
    planned: Planned | None = None


def read(content: bytes, name: str, now: datetime) -> list[Row]:
    """Read a file and say of each event what taking it in would do. Nothing is stored.

    Raises Rejected when it is no calendar at all.
    """
    if len(content) > LARGEST:
        raise Rejected(_("%(name)s: the file is larger than 5 MB: give it in parts.") % {"name": name})
    try:
        calendars = Calendar.from_ical(content, multiple=True)
        events = [event for one in calendars if one.name == "VCALENDAR" for event in one.walk("VEVENT")]
    except (ValueError, InvalidCalendar, KeyError, IndexError) as error:
        raise Rejected(_("%(name)s: it is no calendar file (RFC 5545): %(error)s.") % {
            "name": name, "error": str(error)[:120]}) from error  # fmt: skip
    if not any(one.name == "VCALENDAR" for one in calendars):
        raise Rejected(_("%(name)s: it is no calendar file (RFC 5545): it holds no calendar.") % {"name": name})
    if len(events) > MOST:
        raise Rejected(_("%(name)s: it holds more than %(most)s events: give it in parts.") % {
            "name": name, "most": MOST})  # fmt: skip
    known = {one.engagement.uid: one.version for one in engagements.known(now)}
    return [_row(number, event, name, known) for number, event in enumerate(events, 1)]


def take_in(content: bytes, name: str, actor: str, now: datetime) -> list[Row]:
    """Record every event of a file as an engagement. All of them, or nothing: Rejected names each that cannot be."""
    rows = read(content, name, now)
    wrong = [
        _("%(name)s: event %(number)s “%(title)s”: %(why)s")
        % {"name": name, "number": row.number, "title": row.title, "why": row.why}
        for row in rows
        if row.does is Does.WRONG
    ]
    if wrong:
        raise Rejected(*wrong)
    with transaction.atomic():
        for row in rows:
            if row.planned is not None and row.does in {Does.NEW, Does.CHANGES}:
                engagements.record(row.planned, actor, now, row.uid)
    return rows


def _row(number: int, event: Component, name: str, known: dict[str, EngagementVersion]) -> Row:
    uid, title = "", ""
    try:
        uid, title = _in_a_line(event, "UID"), _in_a_line(event, "SUMMARY")
        planned = _planned(event, title, name)
    except NotTaken as error:
        return Row(number, uid, title, Does.WRONG, str(error))
    except OverflowError:
        return Row(number, uid, title, Does.WRONG, _("Its days are off the calendar."))
    wrong = list(engagements.objections(planned))
    if not uid or len(uid) > 255:  # noqa: PLR2004 - as the column is wide
        wrong.append(_("It has no UID, so it could not be told from another one."))
    if wrong:
        return Row(number, uid, title, Does.WRONG, " ".join(wrong))
    return _beside(Row(number, uid, title, Does.NEW, planned=planned), planned, known.get(uid))


def _beside(row: Row, planned: Planned, before: EngagementVersion | None) -> Row:
    """Say what a sound event does beside what is known under its name."""
    if before is None and row.uid.endswith(f"@{host()}"):
        return replace(row, does=Does.SAME, why=_("It is of this desk’s own calendar."), planned=None)
    if before is None:
        return row
    if (planned.revision or 0) < before.revision:
        return replace(row, does=Does.OLDER, planned=None)
    if engagements.says_the_same(before, planned):
        return replace(row, does=Does.SAME, planned=None)
    return replace(row, does=Does.CHANGES, planned=_kept(planned, before))


def _kept(planned: Planned, before: EngagementVersion) -> Planned:
    """Keep what a calendar file does not say and people wrote down here."""
    there = {field: getattr(before, field) for field in ("kind", "forum", "public")}
    told = engagements.planned_of(before)
    values = {field: getattr(planned, field) for field in
              ("title", "starts_on", "ends_on", "starts_at", "ends_at", "zone", "place", "about", "source", "status",
               "revision", "state")}  # fmt: skip
    return Planned(**{**values, **there, "instrument": told.instrument, "partner": told.partner})


def _planned(event: Component, title: str, name: str) -> Planned:
    for repeating in ("RRULE", "RDATE", "RECURRENCE-ID"):
        if repeating in event:
            raise NotTaken(_("It repeats (%(name)s): give its dates as events of their own.") % {"name": repeating})
    start = _told(event, "DTSTART")
    if not isinstance(start, date):
        raise NotTaken(_("It does not say when it begins (DTSTART)."))
    first, last, hours, zone = _days(start, _end(event, start))
    cancelled = _in_a_line(event, "STATUS").upper() == "CANCELLED"
    kinds = [word for word in _categories(event) if word in Kind.values]
    return Planned(
        title=title[:300], starts_on=first, ends_on=last, source=name, kind=kinds[0] if kinds else Kind.MEETING,
        state=State.CANCELLED if cancelled else State.PLANNED, place=_in_a_line(event, "LOCATION")[:200],
        starts_at=hours[0] if hours else None, ends_at=hours[1] if hours else None, zone=zone,
        about=str(_told(event, "DESCRIPTION") or ""), revision=_sequence(event), status=Status.CLAIMED.value,
    )  # fmt: skip


def _in_a_line(event: Component, name: str) -> str:
    return " ".join(str(_told(event, name) or "").replace("\0", "").split())


class NotTaken(Exception):
    """An event that cannot be taken in; the message says why."""


def _told(event: Component, name: str) -> object:
    """Give what a property says, as the library decodes it; None where it is not there. NotTaken where it is broken."""
    found = event.get(name)
    if isinstance(found, list):
        raise NotTaken(_("%(name)s stands in it more than once.") % {"name": name})
    if found is None or name in TEXTS:
        return found
    try:
        return cast("object", event.decoded(name))
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        raise NotTaken(_("%(name)s cannot be read.") % {"name": name}) from error


def _sequence(event: Component) -> int:
    found = _told(event, "SEQUENCE")
    if found is None:
        return 0
    if not isinstance(found, int) or not 0 <= found < HIGHEST:
        raise NotTaken(_("%(name)s cannot be read.") % {"name": "SEQUENCE"})
    return int(found)


def _categories(event: Component) -> list[str]:
    found = event.get("CATEGORIES")
    several = found if isinstance(found, list) else [found]
    return [str(word).lower() for one in several for word in getattr(one, "cats", [])]


def _end(event: Component, start: date) -> date:
    end, length = _told(event, "DTEND"), _told(event, "DURATION")
    if end is None and isinstance(length, timedelta):
        end = start + length
    if end is None:
        end = start if isinstance(start, datetime) else start + ONE_DAY
    if not isinstance(end, date) or isinstance(end, datetime) != isinstance(start, datetime):
        raise NotTaken(_("Its end (DTEND) is not of the same kind as its beginning: both a day, or both an hour."))
    return end


def _days(start: date, end: date) -> tuple[date, date, tuple[time, time] | None, str]:
    """Give first and last day, both inside, the hours where it has any, and the name of the zone they are told in."""
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return start, max(start, end - ONE_DAY), None, zones.ours()
    zone = _zone(start.tzinfo)
    there = ZoneInfo(zone)
    local, till = (one.astimezone(there) if one.tzinfo else one for one in (start, end))
    return local.date(), till.date(), (local.time(), till.time()), zone


def _zone(zone: tzinfo | None) -> str:
    """Give the zone's name. One that a file defines for itself, under no known name, is told in UTC."""
    if zone is None:
        return zones.ours()
    name = str(getattr(zone, "key", ""))
    return name if name in available_timezones() else zones.UNIVERSAL
