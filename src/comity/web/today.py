"""The first page: what stands, what changes soon, what left lately, and what waits for a word."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from comity.acts import deliveries, law, outlook, previewing, undertakings
from comity.acts.names import called
from comity.models import Party
from comity.policy.release import Moment
from comity.policy.undertaking_words import State
from comity.policy.undertakings import Asked
from comity.web import words
from comity.web.pages import now, partners, show
from comity.web.sentences import say
from comity.web.undertakings import row

AHEAD = 90  # days
FAR = 3_650  # days
BACK = 7  # days
FEW = 20  # lines of what is due; the rest is counted


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show the day at a glance."""
    moment, facts = now(), law.facts()
    asked = Asked(moment.date(), moment)
    everything = undertakings.due(asked, AHEAD)
    late = [one for one in everything if one.item.state is State.OVERDUE]
    soon = [one for one in everything if one.item.state is not State.OVERDUE]
    counts = previewing.counts()
    given = deliveries.traffic(moment - timedelta(days=BACK))
    names = dict(Party.objects.values_list("code", "name"))
    context = {
        "room": "today",
        "on": asked.on,
        "stood": [_card(stood, facts.us) for stood in outlook.stand(facts, Moment(moment))],
        "changes": [
            {"change": change, "party": names.get(change.party, change.party), "before": words.STATES[change.before],
             "after": words.STATES[change.after]}
            for change in outlook.changes(facts, moment, AHEAD)
        ],
        "overdue": [row(one.of, one.item, asked.on) for one in late[:FEW]],
        "overdue_count": len(late),
        "dues": [row(one.of, one.item, asked.on) for one in soon[:FEW]],
        "dues_count": len(soon),
        "few": FEW,
        "traffic": [one for one in given if one.objects],
        "idle": [called(one.party.name) for one in given if not one.objects],
        "next": next(iter(outlook.changes(facts, moment, FAR)), None),
        "doubts": [
            {"doubt": doubt, "short": words.in_short(doubt.handling),
             "says": [say(ground) for ground in doubt.withholding.grounds]}
            for partner in partners()
            for doubt in deliveries.doubts(partner, moment, counts)
        ],
        "objects": sum(counts.values()),
        "ahead": AHEAD,
        "back": BACK,
    }  # fmt: skip
    return show(request, "today.html", context)


def _card(stood: outlook.Stood, us: str) -> dict[str, object]:
    """Lay out one agreement: our own standing, and that of each other party."""
    bonds = [
        {"bond": bond, "state": words.STATES[bond.standing.state], "style": words.state_class(bond.standing.state)}
        for bond in stood.bonds
    ]
    return {
        "adopted": stood.adopted,
        "ours": [one for one, bond in zip(bonds, stood.bonds, strict=True) if bond.code == us],
        "others": [one for one, bond in zip(bonds, stood.bonds, strict=True) if bond.code != us],
    }
