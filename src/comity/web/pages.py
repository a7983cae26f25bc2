"""What every page of the desk has in common: whose desk it is, the moment it speaks of, and who may act."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from comity.acts import names, zones
from comity.models import Node, Party
from comity.web import rooms

OFFICER = "officer"
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def now() -> datetime:
    """Return the present moment by the desk’s clock, whose days are those of its own zone; passed on to every act."""
    return datetime.now(ZoneInfo(zones.ours()))


def may_act(request: HttpRequest) -> bool:
    """Tell whether the reader is an officer; counsel and auditors read."""
    return request.user.is_authenticated and request.user.groups.filter(name=OFFICER).exists()


def officers_only(view: View[P]) -> View[P]:
    """Refuse everyone else than an officer, in words."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not may_act(request):
            said = _("Only an officer may do this. Counsel and auditors read everything and change nothing.")
            raise PermissionDenied(said)
        return view(request, *args, **kwargs)

    return guarded


def actor(request: HttpRequest) -> str:
    """Return the name under which the reader's acts are recorded."""
    return request.user.get_username()


def show(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """Render a page with what all pages have in common."""
    here = rooms.around(context.get("room", ""))
    common = {"us": us(), "may_act": may_act(request), "moment": now(), "groups": rooms.GROUPS, "here": here}
    return render(request, template, {**common, **context}, status=status)


def us() -> Party | None:
    """Return whose desk this is; None before the node is made."""
    node = Node.objects.select_related("party").first()
    return None if node is None else node.party


def partners() -> list[Party]:
    """Return every party that something may be shared with, our own apart."""
    here = us()
    others = Party.objects.filter(in_exchange=True).exclude(pk=here.pk if here else "")
    return names.by_name(others, lambda party: party.name)
