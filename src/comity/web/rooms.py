"""The desk’s rooms, in the order in which its head shows them: a few groups, and the rooms of the group one is in."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Room:
    """One room: the key that its pages give as `room`, what it is called, and the name of its first page’s address."""

    key: str
    label: Promise
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """Rooms that belong together; a group of one is that room."""

    label: Promise
    rooms: tuple[Room, ...]


GROUPS: Final = (
    Group(_("Today"), (Room("today", _("Today"), "today"),)),
    Group(_("Register"), (
        Room("world", _("The world"), "world"),
        Room("agreements", _("Agreements"), "agreements"),
        Room("instruments", _("Instruments"), "instruments"),
        Room("claims", _("Claims"), "claims"),
        Room("practice", _("In practice"), "practices"),
    )),
    Group(_("Capacity"), (
        Room("capacity", _("What we can do"), "capacity"),
        Room("reviews", _("Reviews"), "reviews"),
        Room("capacity-states", _("States compared"), "capacity-states"),
        Room("frameworks", _("Frameworks"), "frameworks"),
        Room("roadmaps", _("Roadmaps"), "roadmaps"),
        Room("best-practices", _("Best practices"), "best-practices"),
    )),
    Group(_("Calendar"), (
        Room("calendar", _("Calendar"), "calendar"),
        Room("undertakings", _("Undertakings"), "undertakings"),
        Room("engagements", _("Engagements"), "engagements"),
        Room("contacts", _("Contacts"), "contacts"),
    )),
    Group(_("Partners"), (Room("partners", _("Partners"), "partners"),)),
    Group(_("Exchange"), (
        Room("exchange", _("Collections"), "exchange"),
        Room("correspondence", _("Correspondence"), "correspondence"),
        Room("consents", _("Consents"), "consents"),
        Room("blind", _("Blind match"), "blind-matches"),
        Room("exercises", _("Exercises"), "exercises"),
        Room("recalls", _("Recalls"), "recalls"),
        Room("as-partner", _("As a partner"), "as-partner"),
        Room("ledger", _("Ledger"), "ledger"),
        Room("peers", _("Peers"), "peers"),
    )),
)  # fmt: skip


def around(key: str) -> Group | None:
    """Find the group in which a room is."""
    return next((group for group in GROUPS if any(room.key == key for room in group.rooms)), None)
