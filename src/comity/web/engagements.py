"""Engagements: what is ahead and what was, by forum; one with delegation, agenda, positions and outcomes."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from comity.acts import calendar_files, engagements, zones
from comity.acts.agreements import Rejected
from comity.acts.engagements import Held, Kind, Line, LineKind, Planned, State
from comity.models import Undertaking
from comity.web.choosing import DAY, HOUR, LONG, nobody, offer, parties
from comity.web.pages import actor, now, officers_only, show
from comity.web.sentences import word

ROOM: Final = "engagements"


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List what is ahead, and what was, the newest first; of one forum where it is chosen."""
    moment = now()
    today, forum = moment.date(), request.GET.get("forum", "")
    everything = engagements.known(moment)
    shown = [one for one in everything if not forum or one.version.forum == forum]
    context = {
        "room": ROOM,
        "forum": forum,
        "forums": sorted({one.version.forum for one in everything if one.version.forum}),
        "ahead": [one for one in shown if one.version.ends_on >= today],
        "past": [one for one in reversed(shown) if one.version.ends_on < today],
    }
    return show(request, "engagements/list.html", context)


class LineForm(forms.Form):
    """One line of an engagement's papers."""

    kind = forms.ChoiceField(label=_("What"))
    says = forms.CharField(label=_("Name, item, position or outcome"), widget=LONG)
    party = forms.ChoiceField(label=_("Whose"), required=False)
    role = forms.CharField(label=_("Role, or agenda item"), required=False, max_length=200)
    source = forms.CharField(label=_("Source"), required=False, max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer kinds and parties."""
        super().__init__(*args, **kwargs)
        offer(self, "kind", [(kind, word(kind)) for kind in LineKind.values])
        offer(self, "party", parties(nobody()))


def _found(number: int) -> Held:
    found = engagements.find(number, now())
    if found is None:
        raise Http404(number)
    return found


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show one engagement; write a line of its papers."""
    found = _found(number)
    if request.method != "POST":
        return _page(request, found, LineForm())
    return write(request, found)


@officers_only
def write(request: HttpRequest, found: Held) -> HttpResponse:
    """Write a line, or take one back."""
    number, taken_back = found.engagement.pk, request.POST.get("take_back", "")
    form = LineForm(request.POST)
    try:
        if taken_back.isdigit():
            line = next((row for row in engagements.lines(number, now()) if row.pk == int(taken_back)), None)
            kind = line.kind if line is not None else ""
            engagements.write(number, Line(kind, "", supersedes=int(taken_back)), actor(request), now())
        elif form.is_valid():
            engagements.write(number, Line(**form.cleaned_data), actor(request), now())
        else:
            return _page(request, found, form, 422)
    except Rejected as error:
        for reason in error.reasons:
            form.add_error(None, reason)
        return _page(request, found, form, 422)
    messages.success(request, gettext("Recorded."))
    return redirect("engagement", number)


def _page(request: HttpRequest, found: Held, form: LineForm, status: int = 200) -> HttpResponse:
    lines = engagements.lines(found.engagement.pk, now())
    owed: dict[int, list[Undertaking]] = {}
    for row in Undertaking.objects.filter(outcome__in=lines):
        owed.setdefault(row.outcome_id or 0, []).append(row)
    papers = [
        {"kind": kind, "lines": [{"line": line, "owed": owed.get(line.pk, [])} for line in lines if line.kind == kind]}
        for kind in LineKind.values
    ]
    context = {
        "room": ROOM, "held": found, "version": found.version, "papers": papers, "form": form,
        "history": [other for other in engagements.history(found.version.forum, now())
                    if other.engagement.pk != found.engagement.pk],
        "outcome": LineKind.OUTCOME.value,
    }  # fmt: skip
    return show(request, "engagements/one.html", context, status)


class EngagementForm(forms.Form):
    """An engagement, as an officer writes it down."""

    title = forms.CharField(label=_("Title"), max_length=300)
    kind = forms.ChoiceField(label=_("Kind"))
    state = forms.ChoiceField(label=_("State"))
    starts_on = forms.DateField(label=_("First day"), widget=DAY)
    ends_on = forms.DateField(label=_("Last day"), widget=DAY)
    starts_at = forms.TimeField(label=_("From what hour"), widget=HOUR, required=False)
    ends_at = forms.TimeField(label=_("To what hour"), widget=HOUR, required=False)
    zone = forms.CharField(label=_("Time zone"), max_length=60)
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    forum = forms.CharField(label=_("Forum: the body or series it belongs to"), required=False, max_length=200)
    partner = forms.ChoiceField(label=_("With whom, or whose invitation"), required=False)
    about = forms.CharField(label=_("About"), required=False, widget=LONG)
    source = forms.CharField(label=_("Source"), max_length=400)
    public = forms.BooleanField(label=_("It stands in the public calendar"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer kinds, states, parties and the forums known."""
        super().__init__(*args, **kwargs)
        offer(self, "kind", [(kind, word(kind)) for kind in Kind.values])
        offer(self, "state", [(state, word(state)) for state in State.values])
        offer(self, "partner", parties(nobody()))
        self.fields["forum"].widget.attrs["list"] = "words"
        self.words = sorted({one.version.forum for one in engagements.known(now()) if one.version.forum})


@require_http_methods(["GET", "POST"])
@officers_only
def new(request: HttpRequest) -> HttpResponse:
    """Record an engagement."""
    today = now().date()
    if request.method != "POST":
        started = {"starts_on": today, "ends_on": today, "zone": zones.ours(), "kind": Kind.MEETING}
        return _form(request, EngagementForm(initial=started), None)
    return _record(request, EngagementForm(request.POST), None)


@require_http_methods(["GET", "POST"])
@officers_only
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Move, cancel or describe an engagement anew; what was known before stays on record."""
    found = _found(number)
    if request.method != "POST":
        told = engagements.planned_of(found.version)
        started = {name: getattr(told, name) for name in EngagementForm.base_fields}
        return _form(request, EngagementForm(initial=started), found)
    return _record(request, EngagementForm(request.POST), found)


def _record(request: HttpRequest, form: EngagementForm, found: Held | None) -> HttpResponse:
    if not form.is_valid():
        return _form(request, form, found, 422)
    slug = found.version.instrument.slug if found and found.version.instrument else ""
    try:
        made = engagements.record(Planned(**form.cleaned_data, instrument=slug), actor(request), now(),
                                  found.engagement.uid if found else "")  # fmt: skip
    except Rejected as error:
        for reason in error.reasons:
            form.add_error(None, reason)
        return _form(request, form, found, 422)
    messages.success(request, gettext("Recorded."))
    return redirect("engagement", made.engagement.pk)


def _form(request: HttpRequest, form: EngagementForm, found: Held | None, status: int = 200) -> HttpResponse:
    return show(request, "engagements/form.html", {"room": ROOM, "form": form, "held": found}, status)


@require_http_methods(["GET", "POST"])
@officers_only
def take_in(request: HttpRequest) -> HttpResponse:
    """Read a calendar file; show what each event would do, then take all of them in."""
    context: dict[str, Any] = {"room": ROOM, "rows": None, "reasons": ()}
    file = request.FILES.get("file")
    if request.method != "POST" or file is None:
        return show(request, "engagements/import.html", context)
    content, name = file.read(calendar_files.LARGEST + 1), file.name or "file"
    try:
        if request.POST.get("step") == "record":
            rows = calendar_files.take_in(content, name, actor(request), now())
            taken = sum(row.planned is not None for row in rows)
            messages.success(request, gettext("Taken in: %(count)s events.") % {"count": taken})
            return redirect("engagements")
        context |= {"rows": calendar_files.read(content, name, now()), "name": name}
    except Rejected as error:
        return show(request, "engagements/import.html", {**context, "reasons": error.reasons}, 422)
    return show(request, "engagements/import.html", context)
