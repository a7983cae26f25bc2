"""Recording in the register by hand: a form, then whose standing it would change; only then is it recorded."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from comity.acts import actions, facts, instruments, memberships, names, parties, records
from comity.acts.agreements import Rejected
from comity.models import Action, Fact, Instrument, Membership, Party
from comity.policy.participation import Bond, Stand
from comity.policy.stands import FIRST_DAY, NO_END
from comity.web import register_words
from comity.web.pages import actor, now, officers_only, show
from comity.web.record_forms import (
    ActionForm,
    FactForm,
    InstrumentForm,
    MembershipForm,
    PartyForm,
    Written,
    started,
)

MOST_TURNS = 40  # standings that a preview shows; more are counted
Act = Callable[[Any, str, datetime], object]


@dataclass(frozen=True, slots=True)
class Frame:
    """One page on which something is recorded: its heading, where it belongs, what records it, where one goes then.

    `corrects` is the number of the record that is corrected.
    """

    room: str
    heading: Promise | str
    record: Act
    back: tuple[str, ...]
    above: str
    corrects: int | None = None
    take_back: Callable[[int, str, str, datetime], object] | None = None


def _flow(request: HttpRequest, frame: Frame, form: Written) -> HttpResponse:
    """Show the form; then what it would change; then record it."""
    if request.method != "POST":
        return _page(request, frame, form)
    if request.POST.get("step") == "take-back" and frame.corrects is not None and frame.take_back is not None:
        return _take_back(request, frame, form)
    if not form.is_valid():
        return _page(request, frame, form, status=422)
    value, by, moment = form.value(), actor(request), now()
    try:
        if request.POST.get("step") != "record":
            turns = records.preview(lambda: frame.record(value, by, moment))
            return _page(request, frame, form, turns=turns)
        frame.record(value, by, moment)
    except Rejected as error:
        return _refused(request, frame, form, error)
    messages.success(request, gettext("Recorded. It counts from the next question asked."))
    return redirect(*frame.back)


def _take_back(request: HttpRequest, frame: Frame, form: Written) -> HttpResponse:
    assert frame.corrects is not None  # noqa: S101 - looked at above
    assert frame.take_back is not None  # noqa: S101 - as above
    try:
        frame.take_back(frame.corrects, request.POST.get("why", ""), actor(request), now())
    except Rejected as error:
        return _refused(request, frame, form, error)
    messages.success(request, gettext("Taken back: it never was, and stays on record as that."))
    return redirect(*frame.back)


def _refused(request: HttpRequest, frame: Frame, form: Written, error: Rejected) -> HttpResponse:
    form.is_valid()
    for reason in error.reasons:
        form.add_error(None, reason)
    return _page(request, frame, form, status=422)


def _page(request: HttpRequest, frame: Frame, form: Written, turns: tuple[records.Turn, ...] | None = None,
          status: int = 200) -> HttpResponse:  # fmt: skip
    context = {
        "room": frame.room, "frame": frame, "form": form, "previewed": turns is not None,
        "turns": [lay_out(turn) for turn in (turns or ())[:MOST_TURNS]], "more": max(0, len(turns or ()) - MOST_TURNS),
    }  # fmt: skip
    return show(request, "instruments/record.html", context, status)


def lay_out(turn: records.Turn) -> dict[str, Any]:
    """Lay out how a party's standing would be told."""
    return {"instrument": turn.instrument, "party": names.named(turn.party), "before": _told(turn.before),
            "after": _told(turn.after)}  # fmt: skip


def _told(stretches: tuple[records.Stretch, ...]) -> list[dict[str, Any]]:
    return [
        {"words": register_words.STANDS[Stand(one.stand)], "style": register_words.style(Stand(one.stand)),
         "since": None if one.begins == FIRST_DAY else one.begins, "until": None if one.ends == NO_END else one.ends}
        for one in stretches
    ]  # fmt: skip


def _number(request: HttpRequest) -> int | None:
    said = request.GET.get("corrects", "")
    if said and not (said.isdigit() and len(said) < 18):  # noqa: PLR2004 - what fits into the store
        raise Http404(said)
    return int(said) if said else None


@require_http_methods(["GET", "POST"])
@officers_only
def action(request: HttpRequest, slug: str) -> HttpResponse:
    """Record what a party did with an instrument, or correct what was recorded (`?corrects=`)."""
    one, number = get_object_or_404(Instrument, slug=slug), _number(request)
    if one.agreement_id is not None:
        return redirect("event", slug)
    initial = {"read_on": now().date()}
    if number is not None:
        row = get_object_or_404(Action.objects.select_related("source", "instrument"), pk=number, instrument=one)
        initial = started(actions.done_of(row))
    heading = _("Correct what was recorded") if number else _("Record what was done")
    above = f"{one}: {register_words.BONDS[Bond(one.bond)]}"
    frame = Frame("instruments", heading, lambda done, by, at: actions.record(done, by, at, number),
                  ("instrument", slug), above, number, actions.take_back)  # fmt: skip
    return _flow(request, frame, ActionForm(one, request.POST or None, initial=initial))


@require_http_methods(["GET", "POST"])
@officers_only
def membership(request: HttpRequest, code: str) -> HttpResponse:
    """Record that a party belongs to a group, or correct what was recorded."""
    one, number = get_object_or_404(Party, code=code), _number(request)
    initial: dict[str, Any] = {"member": code, "read_on": now().date()}
    if number is not None:
        initial = started(memberships.belonging_of(get_object_or_404(Membership, pk=number, member=one)))
    heading = _("Correct what was recorded") if number else _("Record a membership")
    frame = Frame("world", heading, lambda told, by, at: memberships.record(told, by, at, number), ("party", code),
                  names.named(one), number, memberships.take_back)  # fmt: skip
    return _flow(request, frame, MembershipForm(request.POST or None, initial=initial))


@require_http_methods(["GET", "POST"])
@officers_only
def fact(request: HttpRequest, code: str) -> HttpResponse:
    """Record what is known of a party, or correct what was recorded."""
    one, number = get_object_or_404(Party, code=code), _number(request)
    initial: dict[str, Any] = {"party": code, "read_on": now().date()}
    if number is not None:
        initial = started(facts.known_of(get_object_or_404(Fact, pk=number, party=one)))
    heading = _("Correct what was recorded") if number else _("Record a fact")
    frame = Frame("world", heading, lambda told, by, at: facts.record(told, by, at, number), ("party", code),
                  names.named(one), number, facts.take_back)  # fmt: skip
    return _flow(request, frame, FactForm(request.POST or None, initial=initial))


@require_http_methods(["GET", "POST"])
@officers_only
def new_instrument(request: HttpRequest) -> HttpResponse:
    """Enter an instrument."""
    frame = Frame("instruments", _("Enter an instrument"), _enter_instrument, ("instruments",), "")
    return _flow(request, frame, InstrumentForm(request.POST or None))


def _enter_instrument(told: instruments.Described, by: str, at: datetime) -> object:
    if Instrument.objects.filter(slug=told.slug).exists():
        raise Rejected(gettext("There is an instrument “%(slug)s” already: describe it anew on its own page.")
                       % {"slug": told.slug})  # fmt: skip
    return instruments.record(told, by, at)


@require_http_methods(["GET", "POST"])
@officers_only
def describe(request: HttpRequest, slug: str) -> HttpResponse:
    """Bring an instrument's names and description up to date."""
    one = get_object_or_404(Instrument.objects.select_related("beside"), slug=slug)
    frame = Frame("instruments", _("Describe it anew"), instruments.record, ("instrument", slug), names.named(one))
    return _flow(request, frame, InstrumentForm(request.POST or None, initial=started(instruments.described_of(one))))


@require_http_methods(["GET", "POST"])
@officers_only
def new_party(request: HttpRequest) -> HttpResponse:
    """Enter a party."""
    frame = Frame("world", _("Enter a party"), _enter_party, ("world",), "")
    return _flow(request, frame, PartyForm(request.POST or None))


def _enter_party(told: parties.Entered, by: str, at: datetime) -> object:
    if Party.objects.filter(code=told.code).exists():
        raise Rejected(gettext("There is a party “%(code)s” already: name it anew on its own page.")
                       % {"code": told.code})  # fmt: skip
    return parties.record(told, by, at)


@require_http_methods(["GET", "POST"])
@officers_only
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Bring a party's names up to date."""
    one = get_object_or_404(Party, code=code)
    frame = Frame("world", _("Name it anew"), parties.record, ("party", code), names.named(one))
    return _flow(request, frame, PartyForm(request.POST or None, initial=started(parties.entered_of(one))))
