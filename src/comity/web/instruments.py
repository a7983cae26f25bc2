"""Instruments: all with where we stand, and one with what it says, who did what with it, and what is doubted."""

from collections.abc import Iterable
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.acts import names, readings, standings
from comity.models import Action, Instrument, Party, Provision, Tally, Terms
from comity.policy.entry_terms import NEXT_MONTH, Delay
from comity.policy.entry_terms import Terms as Rules
from comity.policy.entry_terms import read as read_terms
from comity.policy.participation import ActionKind, Bond, InstrumentKind, Status
from comity.web import participation_diagram, register_words, sentences
from comity.web.asking import Asking, asking
from comity.web.pages import show, us
from comity.web.world import line

ROWS: Final = 50


@require_safe
def instruments(request: HttpRequest) -> HttpResponse:
    """List the instruments with our standing to each on a day, and what is claimed of us beside it."""
    ask, here = asking(request), us()
    kind, words, doubt = (request.GET.get(key, "") for key in ("kind", "q", "doubt"))
    found = _found(kind, words)
    if doubt in {one.value for one in Status} and here is not None:
        found = found.filter(pk__in=_doubted(ask, here, doubt))
    page = Paginator(_in_order(found), ROWS).get_page(request.GET.get("page"))
    there = Instrument.objects.in_bulk(page.object_list)
    shown = [there[number] for number in page.object_list]
    cells = readings.cells(ask.asked, shown, [here]) if here else {}
    rows = [line(cells[one.pk, here.code]) if here else {} for one in shown]
    for row, one in zip(rows, shown, strict=True):
        row |= {"one": one, "kind": register_words.KINDS[InstrumentKind(one.kind)],
                "binds": register_words.BINDS[Bond(one.bond)]}  # fmt: skip
    context = {
        "room": "instruments", "ask": ask, "rows": rows, "page": page, "kind": kind, "q": words, "doubt": doubt,
        "kinds": [(one.value, register_words.KINDS[one]) for one in InstrumentKind],
        "doubts": [(one.value, register_words.STATUSES[one]) for one in Status if one is not Status.RETRACTED],
        "carried": _carried(request),
    }  # fmt: skip
    return show(request, "instruments/list.html", context)


def _found(kind: str, words: str) -> QuerySet[Instrument]:
    found = Instrument.objects.order_by()
    if kind in {one.value for one in InstrumentKind}:
        found = found.filter(kind=kind)
    if words:
        found = found.filter(Q(title__icontains=words) | Q(short__icontains=words) | Q(reference__icontains=words)
                             | Q(aliases__icontains=words))  # fmt: skip
    return found


def _doubted(ask: Asking, here: Party, status: str) -> list[int]:
    acts = readings.known(Action.objects.filter(party=here, status=status), ask.asked)
    return [act.instrument_id for act in acts]


def _carried(request: HttpRequest) -> str:
    said = request.GET.copy()
    said.pop("page", None)
    return f"{said.urlencode()}&" if said else ""


def _in_order(found: QuerySet[Instrument]) -> list[int]:
    """Give the numbers of instruments by the names that are shown, which the database does not know."""
    rows = found.values_list("pk", "short", "title")
    return [number for number, _short, _title in names.by_name(rows, lambda one: one[1] or one[2])]


@require_safe
def instrument(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one instrument on a day, as known on a day."""
    one = get_object_or_404(Instrument.objects.select_related("agreement", "depositary", "beside"), slug=slug)
    ask, here = asking(request), us()
    of_all = Q(party=None, status=Status.CONFIRMED.value)
    acts = list(readings.known(_actions(one).filter(of_all | ~Q(status=Status.CONFIRMED.value)), ask.asked))
    stood = _stood(ask, one)
    page = Paginator(stood, ROWS).get_page(request.GET.get("page"))
    cells = readings.cells(ask.asked, [one], page.object_list)
    terms = list(readings.known(Terms.objects.filter(instrument=one).select_related("source"), ask.asked))
    context = {
        "room": "instruments", "ask": ask, "one": one, "page": page, "stood": len(stood),
        "lines": [line(cells[one.pk, party.code]) for party in page.object_list],
        "kind": register_words.KINDS[InstrumentKind(one.kind)], "bond": register_words.BONDS[Bond(one.bond)],
        "ours": line(readings.cells(ask.asked, [one], [here])[one.pk, here.code]) if here else None,
        "whole": [told(act) for act in acts if act.party_id is None and act.status == Status.CONFIRMED.value],
        "doubted": [told(act) for act in acts if act.status != Status.CONFIRMED.value],
        "terms": [(_terms(read_terms(row.body), row.body), row) for row in terms],
        "force": _force(one, ask), "tallies": _tallies(one, ask), "provisions": Provision.objects.filter(
            instrument=one, verified=True).select_related("source"),
        "diagram": participation_diagram.drawn(Bond(one.bond)), "carried": _carried(request),
    }  # fmt: skip
    return show(request, "instruments/one.html", context)


def _actions(one: Instrument) -> QuerySet[Action]:
    return Action.objects.filter(instrument=one).select_related("source", "party").prefetch_related("also")


def told(act: Action) -> dict[str, Any]:
    """Lay out an action as it was recorded."""
    status, style = register_words.status(act.status)
    return {"act": act, "kind": register_words.ACTIONS[ActionKind(act.kind)], "status": status, "style": style}


def _stood(ask: Asking, one: Instrument) -> list[Party]:
    """Give everyone of whom something stands on the day, the strongest bond first."""
    stands = dict(ask.asked.of(one.spells.all()).values_list("party", "stand"))
    rank = {stand.value: place for place, stand in enumerate(register_words.STANDS)}
    parties = Party.objects.filter(code__in=list(stands))
    return sorted(names.by_name(parties), key=lambda party: -rank[stands[party.code]])


def _terms(terms: Rules, body: dict[str, Any]) -> list[str]:
    """Put terms into sentences."""
    said = []
    if terms.threshold is not None and terms.entry is not None:
        said.append(_("Enters into force after %(number)d consents (%(delay)s after the last of them).")
                    % {"number": terms.threshold.needed, "delay": _delay(terms.entry)})  # fmt: skip
        if terms.threshold.group:
            said.append(_("At least %(number)d of them by members of %(group)s.")
                        % {"number": terms.threshold.among, "group": _group(terms.threshold.group)})  # fmt: skip
        if terms.threshold.states_only:
            said.append(_("What an organisation deposits does not count as one more."))
    if terms.each is not None:
        said.append(_("For one who consents later: %(delay)s after its consent.") % {"delay": _delay(terms.each)})
    if terms.leaving is not None:
        said.append(_("A denunciation ends it %(delay)s after its receipt.") % {"delay": _delay(terms.leaving)})
    if terms.invitation_lasts is not None:
        lasts = sentences.period(terms.invitation_lasts)
        said.append(_("An invitation to accede lapses after %(period)s.") % {"period": lasts})
    if terms.covers is not None:
        ways = {True: _("Covers who was a member of %(group)s when it was adopted."),
                False: _("Covers the members of %(group)s for as long as they are members.")}  # fmt: skip
        said.append(ways[terms.covers.at_adoption] % {"group": _group(terms.covers.group)})
    article = body.get("article")
    return [*said, *([_("Article %(number)s.") % {"number": article}] if article else [])]


def _delay(one: Delay) -> str:
    """Say how long after something a term counts."""
    parts = [sentences.period(one.period)] if one.period is not None else []
    return ", ".join([*parts, *([_(NEXT_MONTH)] if one.next_month else [])])


def _group(code: str) -> str:
    found = Party.objects.filter(code=code).first()
    return names.named(found) if found is not None else code


def _force(one: Instrument, ask: Asking) -> dict[str, Any] | None:
    """Tell when the whole enters into force, and whether its terms give the same day."""
    if one.agreement_id is not None or one.bond != Bond.TREATY.value:
        return None
    course = standings.course_of(one, ask.asked.known_at)
    differs = course.computed is not None and course.in_force != course.computed
    return {"on": course.in_force, "computed": course.computed, "differs": differs,
            "needed": course.terms.threshold.needed if course.terms.threshold else None,
            "consents": course.consents}  # fmt: skip


def _tallies(one: Instrument, ask: Asking) -> Iterable[dict[str, Any]]:
    rows = readings.known(Tally.objects.filter(instrument=one).select_related("source"), ask.asked)
    return [{"row": row, "status": register_words.status(row.status)} for row in rows]


@require_safe
def records(request: HttpRequest, slug: str) -> HttpResponse:
    """List what is recorded of an instrument, the newest first; an officer corrects it from here."""
    one, ask = get_object_or_404(Instrument, slug=slug), asking(request)
    rows = readings.known(_actions(one), ask.asked).order_by("-effective_on", "-pk")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"room": "instruments", "ask": ask, "one": one, "page": page, "rows": [told(act) for act in page],
               "carried": _carried(request)}  # fmt: skip
    return show(request, "instruments/records.html", context)
