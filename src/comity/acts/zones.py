"""The time zone of the desk: by whose clock a day begins."""

import os
from functools import cache
from zoneinfo import available_timezones

from babel.core import get_global

from comity.models import Node

UNIVERSAL = "Etc/UTC"


@cache
def of_party(code: str) -> str:
    """Give the zone of a state that has one zone only; UTC for all others."""
    zones = [zone for zone, territory in get_global("zone_territories").items() if territory == code]
    named = [zone for zone in zones if zone in available_timezones()]
    return named[0] if len(named) == 1 else UNIVERSAL


def ours() -> str:
    """Give the desk's zone: as `COMITY_ZONE` says, else that of the state whose desk it is."""
    asked = os.environ.get("COMITY_ZONE", "")
    if asked and asked in available_timezones():
        return asked
    return of_party(Node.objects.values_list("party_id", flat=True).first() or "")
