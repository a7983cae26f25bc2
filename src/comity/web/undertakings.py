"""Undertakings: what is due and overdue on any day, and one with all that was recorded of it."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from comity.acts import undertakings, zones
from comity.acts.agreements import Rejected
from comity.acts.undertakings import Followed, Noted, Promised
from comity.models import EngagementLine, Provision
from comity.models import Undertaking as Row
from comity.policy.undertaking_words import EntryKind, Reply, State
from comity.policy.undertakings import Asked, Item, record, repeats
from comity.web.choosing import DAY, offer, parties, people
from comity.web.pages import actor, now, officers_only, show
from comity.web.sentences import word

AHEAD: Final = 366  # days
ORDER: Final = (State.OVERDUE, State.DUE, State.AHEAD, State.WAITS, State.UNDATED, State.DONE, State.CANCELLED,
                State.NOT_BINDING, State.NOT_FOLLOWED)  # fmt: skip
RULES: Final = ("on 2026-12-31", "90 days after ratification", "5 working days before opening",
                "every 6 months from 2027-01-31", "every year on the last Friday from 2027-10-01", "… at 09:00",
                "… or the next working day")  # fmt: skip
RANK: Final = {state: place for place, state in enumerate(ORDER)}
MOST: Final = 100
"""Rows of a list: more are counted, and found by the state or the day."""
AT_FIRST: Final = frozenset({State.OVERDUE, State.DUE, State.AHEAD, State.WAITS, State.UNDATED})


def asked(request: HttpRequest) -> Asked:
    """Read which day a page is asked for, as known when; today as known now where it does not say."""
    moment = now()
    today = moment.date()
    return Asked(_day(request, "on") or today, _end_of(_day(request, "known")) or moment)


def _day(request: HttpRequest, name: str) -> date | None:
    said = request.GET.get(name, "")
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise Http404(said) from error


def _end_of(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.max, ZoneInfo(zones.ours()))


def style(state: State) -> str:
    """Return the style class of a state."""
    return state.value.replace(" ", "-").replace("’", "")


def row(one: Followed, item: Item, on: date) -> dict[str, Any]:
    """Lay out one time of an undertaking for a list."""
    return {
        "item": item,
        "one": one,
        "day": item.by.day if item.by is not None else None,
        "hour": item.by.instant.astimezone(one.zone).time() if item.by is not None and item.by.instant else None,
        "over": item.days_over(on),
        "style": style(item.state),
        "theirs": one.row.by if one.row is not None and not one.ours else None,
    }


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List what is due on a day, as known on a day; of one state where it is chosen."""
    question = asked(request)
    found = undertakings.standing(question, None, question.on + timedelta(days=AHEAD))
    counts = Counter(one.item.state for one in found)
    chosen = request.GET.get("state", "")
    choices = [
        {"slug": style(state), "name": word(state), "style": style(state), "chosen": style(state) == chosen,
         "count": counts[state]}
        for state in ORDER
    ]  # fmt: skip
    shown = [one for one in found if (style(one.item.state) == chosen if chosen else one.item.state in AT_FIRST)]
    shown.sort(key=lambda one: (RANK[one.item.state], one.day or date.max))
    rows = [row(one.of, one.item, question.on) for one in shown[:MOST]]
    context = {
        "room": "undertakings", "rows": rows, "more": max(0, len(shown) - MOST), "choices": choices,
        "asked": question, "chosen": chosen, "open": sum(counts[state] for state in AT_FIRST),
        "known": request.GET.get("known", ""), "on_request": undertakings.on_request(question.known),
    }  # fmt: skip
    return show(request, "undertakings/list.html", context)


class NoteForm(forms.Form):
    """What is recorded of an undertaking."""

    kind = forms.ChoiceField(label=_("What"))
    effective_on = forms.DateField(label=_("With effect on"), widget=DAY)
    number = forms.IntegerField(label=_("Which time, by its number"), required=False, min_value=1)
    says = forms.CharField(label=_("Says: owner, rule, reply, event or evidence"), required=False)
    source = forms.CharField(label=_("Source"), required=False)
    supersedes = forms.ChoiceField(label=_("Corrects an earlier entry"), required=False)

    def __init__(self, one: Followed, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer this undertaking's entries for correction, and people, replies and rules as they are typed."""
        super().__init__(*args, **kwargs)
        offer(self, "kind", [(kind.value, word(kind)) for kind in EntryKind])
        entries = [(str(entry.id), f"{word(entry.kind)} {entry.effective_on} {entry.says}") for entry in one.entries]
        offer(self, "supersedes", [("", gettext("no, it is a new entry")), *entries])
        self.fields["says"].widget.attrs["list"] = "words"
        self.words = [*people(), *(str(reply) for reply in Reply)]

    def noted(self) -> Noted:
        """Return the entry as the act takes it; call it on a valid form."""
        told = self.cleaned_data
        return Noted(EntryKind(told["kind"]), told["effective_on"], told["says"], told["number"], told["source"],
                     int(told["supersedes"]) if told["supersedes"] else None)  # fmt: skip


def _found(key: str, known: datetime) -> Followed:
    one = undertakings.find(key, known)
    if one is None:
        raise Http404(key)
    return one


@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    """Show one undertaking, as it stands on a day as known on a day."""
    question = asked(request)
    return _page(request, _found(key, question.known), question, None)


@require_http_methods(["POST"])
@officers_only
def note(request: HttpRequest, key: str) -> HttpResponse:
    """Record one entry."""
    question = Asked(now().date(), now())
    found = _found(key, question.known)
    form = NoteForm(found, request.POST)
    if not form.is_valid():
        return _page(request, found, question, form, 422)
    try:
        undertakings.note(key, form.noted(), actor(request), now())
    except Rejected as error:
        for reason in error.reasons:
            form.add_error(None, reason)
        return _page(request, found, question, form, 422)
    messages.success(request, gettext("Recorded. It counts from the next question asked."))
    return redirect("undertaking", key)


def _page(
    request: HttpRequest, found: Followed, question: Asked, form: NoteForm | None, status: int = 200
) -> HttpResponse:
    told = record(found.entries, question.known)
    items = found.items(question, question.on + timedelta(days=AHEAD))
    standing = {entry.id for entry in told.entries}
    entries = [
        {"entry": entry, "gone": entry.id not in standing}
        for entry in reversed(found.entries) if entry.recorded_at <= question.known
    ]  # fmt: skip
    context = {
        "room": "undertakings", "one": found, "undertaking": found.undertaking, "asked": question,
        "rows": [row(found, item, question.on) for item in items], "entries": entries,
        "owner": told.owner(question.on), "reply": told.reply(question.on),
        "request_example": "normal 2027-07-09T18:00",
        "repeats": repeats(found.undertaking, told),
        "form": form or NoteForm(found, initial={"effective_on": question.on, "kind": EntryKind.DONE.value}),
        "known": request.GET.get("known", ""),
    }  # fmt: skip
    return show(request, "undertakings/one.html", context, status)


class PromiseForm(forms.Form):
    """What somebody undertook, as an officer writes it down."""

    what = forms.CharField(label=_("What is undertaken, in one sentence"), max_length=300)
    by = forms.ChoiceField(label=_("Who undertakes it"))
    to = forms.ChoiceField(label=_("Towards whom"), required=False)
    rule = forms.CharField(label=_("When it is due, such as “on 2027-03-31”"), required=False)
    report = forms.CharField(label=_("When a report is due, such as “30 days after done”"), required=False)
    owner = forms.CharField(label=_("Owner: a person at the desk, or an agency"), required=False)
    evidence = forms.CharField(label=_("What would show that it is done"), required=False, max_length=300)
    source = forms.CharField(label=_("Source, such as “minutes of 3 May 2026”"), max_length=400)
    origin = forms.ChoiceField(label=_("What it is"), required=False)
    public = forms.BooleanField(label=_("It stands in the public calendar"), required=False)
    provision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    outcome = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer the parties."""
        super().__init__(*args, **kwargs)
        offer(self, "by", parties(gettext("we")))
        self.fields["by"].required = False
        offer(self, "to", parties(gettext("everybody")))
        offer(self, "origin", [(kind, word(kind)) for kind in (Row.Origin.PLEDGE, Row.Origin.RECOMMENDATION)])
        self.fields["owner"].widget.attrs["list"] = "words"
        self.words = people()

    def promised(self) -> Promised:
        """Return it as the act takes it; call it on a valid form."""
        told = dict(self.cleaned_data)
        origin = told.pop("origin") or Row.Origin.PLEDGE
        if told["provision"]:
            origin = Row.Origin.PROVISION
        elif told["outcome"]:
            origin = Row.Origin.OUTCOME
        provision = Provision.objects.filter(pk=told["provision"] or 0).select_related("instrument").first()
        slug = provision.instrument.slug if provision is not None else ""
        return Promised(**told, origin=origin, instrument=slug)


@require_http_methods(["GET", "POST"])
@officers_only
def new(request: HttpRequest) -> HttpResponse:
    """Record an undertaking, of an outcome or a provision where the address names one."""
    if request.method != "POST":
        return _promise(request, PromiseForm(initial=_started(request)))
    form = PromiseForm(request.POST)
    if not form.is_valid():
        return _promise(request, form, 422)
    try:
        made = undertakings.undertake(form.promised(), actor(request), now())
    except Rejected as error:
        for reason in error.reasons:
            form.add_error(None, reason)
        return _promise(request, form, 422)
    messages.success(request, gettext("Recorded: it is followed from today."))
    return redirect("undertaking", str(made.uid))


def _started(request: HttpRequest) -> dict[str, Any]:
    """Fill a form from the outcome or the provision that the address names."""
    number = request.GET.get("outcome", "")
    line = EngagementLine.objects.filter(pk=int(number)).first() if number.isdigit() else None
    if line is not None:
        return {"outcome": line.pk, "what": line.says[:300], "by": line.party_id or "", "source": line.source}
    number = request.GET.get("provision", "")
    provision = Provision.objects.filter(pk=int(number)).first() if number.isdigit() else None
    if provision is not None:
        what = provision.gist[:300] or provision.title
        return {"provision": provision.pk, "what": what, "source": str(provision.source)}
    return {}


def _promise(request: HttpRequest, form: PromiseForm, status: int = 200) -> HttpResponse:
    context = {"room": "undertakings", "form": form, "rules": RULES}
    return show(request, "undertakings/new.html", context, status)
