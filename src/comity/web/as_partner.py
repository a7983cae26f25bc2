"""The exchange as one partner has it on one day, and what an event in an agreement's life would open or close."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from comity.acts import law, previewing
from comity.models import Collection, Party
from comity.policy.life_events import EventKind, LifeEvent
from comity.web import words
from comity.web.events import lay_out
from comity.web.pages import now, partners, show
from comity.web.sentences import say, word

SUPPOSED = (EventKind.SUSPENSION, EventKind.END_OF_SUSPENSION, EventKind.ENTRY_INTO_FORCE, EventKind.TERMINATION)


@require_safe
def as_partner(request: HttpRequest) -> HttpResponse:
    """Show what a partner would see on a day."""
    moment, everyone = now(), partners()
    party = next((p for p in everyone if p.code == request.GET.get("party")), everyone[0] if everyone else None)
    on = _day(request.GET.get("on", "")) or moment.date()
    facts = law.facts()
    context: dict[str, Any] = {
        "room": "as-partner",
        "partners": everyone,
        "party": party,
        "on": on,
        "is_today": on == moment.date(),
        "slug": request.GET.get("agreement", ""),
        "kind": request.GET.get("kind", SUPPOSED[0].value),
        "kinds": [(kind.value, word(kind.value).replace("-", " ")) for kind in SUPPOSED],
        "agreements": [(one.slug, one.agreement.name) for one in facts.adopted],
        "effects": None,
    }
    if party is not None:
        context["collections"] = _collections(previewing.seen(party.code, moment, on))
        context["effects"] = _effects(context["slug"], context["kind"], on, moment, party)
    return show(request, "partners/as_partner.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _collections(seen: tuple[previewing.Seen, ...]) -> list[dict[str, Any]]:
    """Lay out what is seen and what is not, collection by collection."""
    grouped: dict[Collection, list[previewing.Seen]] = defaultdict(list)
    for one in seen:
        grouped[one.collection].append(one)
    return [
        {
            "row": collection,
            "open": sum(one.open for one in found),
            "objects": sum(one.objects for one in found),
            "lines": _lines(found),
        }
        for collection, found in grouped.items()
    ]


def _lines(found: list[previewing.Seen]) -> list[dict[str, Any]]:
    """Add up classes that look alike to a reader and are judged alike; what they see comes first."""
    lines: dict[tuple[object, ...], dict[str, Any]] = {}
    for one in sorted(found, key=lambda one: (not one.released, one.handling.type, one.handling.tlp)):
        says, short = tuple(say(ground) for ground in one.judgement.grounds), words.in_short(one.handling)
        key = (one.released, one.handling.type, one.handling.tlp, short, says)
        line = lines.setdefault(key, {"released": one.released, "type": one.handling.type, "tlp": one.handling.tlp,
                                      "short": short, "says": says, "open": 0, "objects": 0})  # fmt: skip
        line["open"] += one.open
        line["objects"] += one.objects
    return list(lines.values())


def _effects(slug: str, kind: str, on: date, moment: datetime, party: Party) -> list[dict[str, Any]] | None:
    known = {one.slug for one in law.facts().adopted}
    if slug not in known or kind not in {one.value for one in SUPPOSED}:
        return None
    event = LifeEvent(EventKind(kind), on, moment, "supposed")
    return lay_out(previewing.preview(slug, event, moment, [party.code]))
