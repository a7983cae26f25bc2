"""Recording what happened in an agreement's life: a form, what it would open and close for partners, and the act."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from comity.acts.agreements import Happened, Rejected, record_event
from comity.acts.names import called
from comity.acts.previewing import Effect, Turned, objections_to, preview
from comity.models import Party
from comity.policy.life_events import EventKind, LifeEvent
from comity.policy.release import Adopted
from comity.web import words
from comity.web.agreements import found
from comity.web.pages import actor, now, officers_only, partners, show
from comity.web.sentences import say, word

if TYPE_CHECKING:
    from comity.policy.markings import Tlp

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
FIRST = (
    EventKind.SUSPENSION,
    EventKind.END_OF_SUSPENSION,
    EventKind.NOTICE_OF_TERMINATION,
    EventKind.TERMINATION,
    EventKind.ENTRY_INTO_FORCE,
    EventKind.RATIFICATION,
)


class EventForm(forms.Form):
    """What happened, as an officer writes it down."""

    kind = forms.ChoiceField(label=_("What happened"))
    effective_on = forms.DateField(label=_("Takes effect on"), widget=DAY)
    party = forms.ChoiceField(label=_("Whose act"), required=False)
    until = forms.DateField(label=_("Last day, if it ends by itself"), widget=DAY, required=False)
    received_on = forms.DateField(label=_("Received on (for a notice)"), widget=DAY, required=False)
    clauses = forms.CharField(label=_("Clauses (for a reservation), with commas"), required=False)
    source = forms.CharField(label=_("Source, such as “note verbale 12/2026”"))
    supersedes = forms.ChoiceField(label=_("Corrects an earlier entry"), required=False)

    def __init__(self, adopted: Adopted, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer this agreement's parties and events."""
        super().__init__(*args, **kwargs)
        self.adopted = adopted
        kinds = [*FIRST, *(kind for kind in EventKind if kind not in FIRST)]
        self._choose("kind", [(kind.value, word(kind.value).replace("-", " ")) for kind in kinds])
        everyone = [("", gettext("all parties together"))]
        self._choose("party", everyone + [(p.code, f"{called(p.name)} ({p.code})") for p in adopted.agreement.parties])
        recorded = [(one.id, f"{word(one.kind)} {one.effective_on}: {one.source}") for one in adopted.events]
        self._choose("supersedes", [("", gettext("no, it is a new event")), *recorded])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker what stands above
        field.choices = choices

    def happened(self) -> Happened:
        """Return the event as the act takes it; call it on a valid form."""
        told = self.cleaned_data
        clauses = tuple(part.strip() for part in told["clauses"].split(",") if part.strip())
        corrects = int(told["supersedes"]) if told["supersedes"] else None
        return Happened(EventKind(told["kind"]), told["effective_on"], told["source"], told["party"], told["until"],
                        told["received_on"], clauses, corrects)  # fmt: skip

    def supposed(self) -> LifeEvent:
        """Return the event as the preview takes it: as though recorded now."""
        one = self.happened()
        corrects = str(one.supersedes) if one.supersedes else None
        return LifeEvent(one.kind, one.effective_on, now(), one.source, one.party or None, one.clauses, one.until,
                         one.received_on, corrects)  # fmt: skip


@require_http_methods(["GET", "POST"])
@officers_only
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form; then what the event would do; then record it."""
    adopted = found(slug)
    if request.method != "POST":
        given = {"effective_on": now().date(), "kind": request.GET.get("kind", EventKind.SUSPENSION.value)}
        return _page(request, adopted, EventForm(adopted, initial=given), None)
    form = EventForm(adopted, request.POST)
    if not form.is_valid():
        return _page(request, adopted, form, None, 422)
    if request.POST.get("step") == "record":
        return _record(request, adopted, form)
    wrong = objections_to(slug, form.supposed())
    if wrong:
        return _refused(request, adopted, form, wrong)
    return _page(request, adopted, form, preview(slug, form.supposed(), now(), [p.code for p in partners()]))


def _record(request: HttpRequest, adopted: Adopted, form: EventForm) -> HttpResponse:
    try:
        row = record_event(adopted.slug, form.happened(), actor(request), now())
    except Rejected as error:
        return _refused(request, adopted, form, error.reasons)
    said = gettext("Recorded: %(kind)s of “%(name)s” with effect on %(day)s. It counts from the next question asked.")
    messages.success(request, said % {"kind": row.kind, "name": adopted.agreement.name, "day": row.effective_on})
    return redirect("agreement", adopted.slug)


def _refused(request: HttpRequest, adopted: Adopted, form: EventForm, reasons: tuple[str, ...]) -> HttpResponse:
    for reason in reasons:
        form.add_error(None, reason)
    return _page(request, adopted, form, None, 422)


def _page(
    request: HttpRequest, adopted: Adopted, form: EventForm, effects: tuple[Effect, ...] | None, status: int = 200
) -> HttpResponse:
    context = {"room": "agreements", "adopted": adopted, "agreement": adopted.agreement, "form": form, "effects": None}
    if effects is not None:
        context["effects"] = lay_out(effects)
        context["event"] = form.happened()
    return show(request, "agreements/event.html", context, status)


def lay_out(effects: tuple[Effect, ...]) -> list[dict[str, Any]]:
    """Lay out a preview for a page: day by day, and in each day by partner, turn and reason."""
    names = dict(Party.objects.values_list("code", "name"))
    return [
        {
            "day": effect.day,
            "opened": effect.opened,
            "closed": effect.closed,
            "turned": [
                {"name": names.get(party, party), "opens": opens, "says": says, "kinds": _kinds(together),
                 "objects": sum(one.objects for one in together)}
                for (party, opens, says), together in _together(effect.turned).items()
            ],
        }
        for effect in effects
    ]  # fmt: skip


def _together(turned: Iterable[Turned]) -> dict[tuple[str, bool, tuple[str, ...]], list[Turned]]:
    """Put what turns for one partner, one way and for one reason together."""
    found: dict[tuple[str, bool, tuple[str, ...]], list[Turned]] = {}
    for one in turned:
        found.setdefault((one.party, one.opens, tuple(say(ground) for ground in one.after.grounds)), []).append(one)
    return found


def _kinds(together: Iterable[Turned]) -> list[dict[str, Any]]:
    """Count objects by what they are and how they are marked."""
    counts: dict[tuple[Tlp, str, str], int] = {}
    for one in together:
        key = (one.handling.tlp, one.handling.type, words.in_short(one.handling))
        counts[key] = counts.get(key, 0) + one.objects
    return [
        {"tlp": tlp, "type": kind, "short": short, "objects": count}
        for (tlp, kind, short), count in sorted(counts.items())
    ]
