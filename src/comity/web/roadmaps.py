"""Roadmaps: a plan as it was solved last, with why and what if; its measures, offers, requests and strategy."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from comity.acts import roadmap_store, roadmap_words
from comity.acts.agreements import Rejected
from comity.acts.roadmap_store import Became, Read
from comity.acts.roadmaps import Roadmap
from comity.models import CapacityPlan, HelpRequest, RoadmapRun
from comity.policy.roadmap import MONEY, Aim
from comity.policy.roadmap_draft import Offered
from comity.policy.roadmap_reasons import overlaps
from comity.web import monitoring, roadmap_pictures, roadmap_weighing
from comity.web.choosing import DAY, LONG, offer, parties
from comity.web.pages import actor, now, officers_only, show
from comity.web.sentences import word

ROOM: Final = "roadmaps"
AIMS: Final = {
    Aim.ASPECTS: _("aspects at their target"), Aim.UNDERTAKINGS: _("undertakings served"),
    Aim.EARLIEST: _("quarters for which goals hold"), Aim.CHEAPEST: _("our own cost"),
}  # fmt: skip
LARGEST: Final = 2_000_000  # bytes of a plan’s file


class PlanForm(forms.Form):
    """A plan’s file, and the answers that say what is met."""

    plan = forms.FileField(label=_("The plan’s file"))
    answers = forms.FileField(label=_("Answers to the framework"), required=False)


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """List the plans; take one in."""
    if request.method == "POST":
        return _take_in(request)
    return _list(request, PlanForm())


def _list(request: HttpRequest, form: PlanForm, status: int = 200, problems: tuple[str, ...] = ()) -> HttpResponse:
    rows = []
    for plan in CapacityPlan.objects.all():
        version = roadmap_store.latest(plan.slug)
        if version is not None:
            rows.append({"plan": plan, "draft": roadmap_store.read(version).draft,
                         "run": roadmap_store.last_run(plan.slug)})  # fmt: skip
    context = {"room": ROOM, "rows": rows, "form": form, "problems": problems}
    return show(request, "roadmaps/list.html", context, status)


@officers_only
def _take_in(request: HttpRequest) -> HttpResponse:
    form = PlanForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, 422)
    try:
        content, answers = (_text(form.cleaned_data[name]) for name in ("plan", "answers"))
        version = roadmap_store.take_in(content, answers, actor(request), now())
    except UnicodeDecodeError:
        return _list(request, form, 422, (gettext("The file is not UTF-8 text."),))
    except roadmap_store.PlanRefused as error:
        return _list(request, form, 422, tuple(str(error).splitlines()))
    messages.success(request, gettext("Taken in. Solve it to see the roadmap."))
    return redirect("roadmap", version.plan.slug)


def _text(file: Any) -> str:  # noqa: ANN401 - a file of Django’s forms, or none
    return "" if file is None else file.read(LARGEST).decode("utf-8")


def _found(slug: str) -> Read:
    version = roadmap_store.latest(slug)
    if version is None:
        raise Http404(slug)
    return roadmap_store.read(version)


@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the newest roadmap of a plan, or the one that the address names."""
    here, run = run_of(request, slug)
    rows = RoadmapRun.objects.filter(version__plan=here.version.plan)
    context: dict[str, Any] = {"draft": here.draft, "run": run, "runs": rows.order_by("-sequence")[:8],
                               "adopted": roadmap_store.adopted(slug)}  # fmt: skip
    if run is not None:
        context |= told(run)
    return _show(request, "roadmaps/one.html", "roadmap", context)


def run_of(request: HttpRequest, slug: str) -> tuple[Read, RoadmapRun | None]:
    """Give a plan and the roadmap that the address names (`run`), or its newest."""
    here, number = _found(slug), request.GET.get("run", "")
    rows = RoadmapRun.objects.filter(version__plan=here.version.plan).select_related("version__plan", "before__version")
    return here, get_object_or_404(rows, pk=int(number)) if number.isdigit() else roadmap_store.last_run(slug)


def _show(request: HttpRequest, template: str, part: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return show(request, template, {"room": ROOM, "part": part, **context}, status)


def told(run: RoadmapRun) -> dict[str, Any]:
    """Give what a page or a paper tells of a roadmap."""
    made, telling = roadmap_store.roadmap_of(run), roadmap_store.telling_of(run)
    changed = roadmap_store.changed(run)
    draft, steps = made.asked.draft, made.programme.step()
    measures, weighed = draft.measure(), roadmap_weighing.told(run, made)
    return {
        "draft": draft, "made": made, "telling": telling, "years": roadmap_pictures.years(draft),
        "steps": [{"measure": measures[why.step], "why": roadmap_words.why(telling, why),
                   "bar": roadmap_pictures.bar(draft, why.start, steps[why.step].quarters),
                   "sure": why.step in weighed["sure"]} for why in made.reasons],
        "left": [measure for measure in draft.measures if measure.id in steps and measure.id not in made.plan.starts],
        "goals": list(roadmap_words.reached_by(telling, made.programme, made.reached)),
        "aims": [{"name": AIMS[one.aim], "bound": abs(one.bound), "proven": one.bound <= one.value,
                  "value": telling.amount(MONEY, -one.value) if one.aim is Aim.CHEAPEST else one.value}
                 for one in made.solved.aims],
        "gap": round(100 * made.solved.gap, 1), "resources": _resources(made),
        "changed": None if changed is None else list(roadmap_words.difference(telling, changed)),
        "clash": run.told["clash"], **weighed,
    }  # fmt: skip


def _grouped(amount: int) -> str:
    return f"{amount:,}".replace(",", "\N{NO-BREAK SPACE}")


def _resources(made: Roadmap) -> list[dict[str, Any]]:
    """Lay out what is used and what there is, by limit, money first."""
    used, draft = made.used, made.asked.draft
    rows = [
        {"resource": gettext("Money") if one.resource == MONEY else one.resource, "money": one.resource == MONEY,
         "span": made.asked.telling.span(one.first, one.last),
         "used": _grouped(sum(used[one.resource][one.first : one.last + 1])),
         "there": _grouped(one.amount), "unit": draft.currency if one.resource == MONEY else gettext("days")}
        for one in made.programme.limits
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (not row["money"], row["resource"], row["span"]))


@require_http_methods(["POST"])
@officers_only
def solve(request: HttpRequest, slug: str) -> HttpResponse:
    """Solve a plan as it stands now."""
    _found(slug)
    try:
        roadmap_store.solve(slug, actor(request), now())
    except Rejected as error:
        for reason in error.reasons:
            messages.error(request, reason)
    return redirect("roadmap", slug)


@require_http_methods(["POST"])
@officers_only
def adopt(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Adopt a roadmap."""
    run = get_object_or_404(RoadmapRun, pk=number, version__plan__slug=slug)
    try:
        roadmap_store.adopt(run, actor(request), now())
        messages.success(request, gettext("Adopted: this is the roadmap that is followed."))
    except Rejected as error:
        for reason in error.reasons:
            messages.error(request, reason)
    return redirect("roadmap", slug)


class ProgressForm(forms.Form):
    """What became of a measure."""

    measure = forms.ChoiceField(label=_("Measure"))
    state = forms.ChoiceField(label=_("What became of it"))
    on = forms.DateField(label=_("With effect on"), widget=DAY)
    evidence = forms.CharField(label=_("What shows it"), required=False, max_length=400)

    def __init__(self, here: Read, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer the plan’s measures."""
        super().__init__(*args, **kwargs)
        offer(self, "measure", [(one.id, one.name) for one in here.draft.measures])
        offer(self, "state", [(state, word(state)) for state in roadmap_store.State.values])


@require_http_methods(["GET", "POST"])
def measures(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the measures would meet and what became of them; record it."""
    here = _found(slug)
    if request.method == "POST":
        return _note(request, here)
    return _measures(request, here, ProgressForm(here, initial={"on": now().date(), "state": "started"}))


@officers_only
def _note(request: HttpRequest, here: Read) -> HttpResponse:
    form = ProgressForm(here, request.POST)
    if not form.is_valid():
        return _measures(request, here, form, 422)
    told = form.cleaned_data
    became = Became(told["measure"], told["state"], told["on"], told["evidence"])
    try:
        roadmap_store.note(here.version.plan.slug, became, actor(request), now())
    except Rejected as error:
        return _measures(request, here, _with(form, error), 422)
    messages.success(request, gettext("Recorded. Solve the plan anew to see what it changes."))
    return redirect("roadmap-measures", here.version.plan.slug)


def _with(form: Any, error: Rejected) -> Any:  # noqa: ANN401 - any form of this page
    for reason in error.reasons:
        form.add_error(None, reason)
    return form


def _measures(request: HttpRequest, here: Read, form: ProgressForm, status: int = 200) -> HttpResponse:
    context = {"draft": here.draft, "rows": _measure_rows(here), "form": form, **monitoring.told(here)}
    return _show(request, "roadmaps/measures.html", "measures", context, status)


def _measure_rows(here: Read) -> list[dict[str, Any]]:
    said = {one.id: dict(one.text).get("en", one.text[0][1]) for one in here.framework.indicators()}
    entries, run = roadmap_store.standing(here.version.plan), roadmap_store.last_run(here.version.plan.slug)
    starts = {} if run is None else roadmap_store.plan_of(run).starts
    return [
        {"measure": one, "entry": entries.get(one.id), "meets": [(name, said[name]) for name in one.meets],
         "starts": here.draft.label(starts[one.id]) if one.id in starts else ""}
        for one in here.draft.measures
    ]  # fmt: skip


class OfferForm(forms.Form):
    """What a partner offers."""

    party = forms.ChoiceField(label=_("Who offers"))
    measures = forms.MultipleChoiceField(label=_("For which measures"))
    money = forms.IntegerField(label=_("Money towards the one-off cost of each"), required=False, min_value=0)
    role = forms.ChoiceField(label=_("Staff lent: role"), required=False)
    days = forms.IntegerField(label=_("Days in all"), required=False, min_value=0)
    until = forms.DateField(label=_("For what starts by"), required=False, widget=DAY)
    source = forms.CharField(label=_("Source"), required=False, max_length=400)

    def __init__(self, here: Read, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer parties, measures and roles."""
        super().__init__(*args, **kwargs)
        offer(self, "party", parties())
        offer(self, "measures", [(one.id, one.name) for one in here.draft.measures])
        roles = sorted({one.resource for one in here.draft.amounts} - {MONEY})
        offer(self, "role", [("", gettext("none")), *((role, role) for role in roles)])

    def offered(self) -> Offered:
        """Return it as the act takes it; call it on a valid form."""
        told = self.cleaned_data
        staff = ((told["role"], told["days"]),) if told["role"] and told["days"] else ()
        return Offered("", told["party"], tuple(told["measures"]), told["money"] or 0, staff, told["until"],
                       len(told["measures"]), told["source"])  # fmt: skip


class RequestForm(forms.Form):
    """What a partner is asked for."""

    party = forms.ChoiceField(label=_("Who is asked"))
    measure = forms.ChoiceField(label=_("For which measure"))
    says = forms.CharField(label=_("What is asked for"), widget=LONG)

    def __init__(self, here: Read, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer parties and measures."""
        super().__init__(*args, **kwargs)
        offer(self, "party", parties())
        offer(self, "measure", [(one.id, one.name) for one in here.draft.measures])


@require_http_methods(["GET", "POST"])
def offers(request: HttpRequest, slug: str) -> HttpResponse:
    """Show offers, overlaps and requests; record one."""
    here = _found(slug)
    if request.method == "POST":
        return _record(request, here)
    return _offers(request, here, OfferForm(here), RequestForm(here))


@officers_only
def _record(request: HttpRequest, here: Read) -> HttpResponse:
    slug, asks, back = here.version.plan.slug, "says" in request.POST, request.POST.get("take_back", "")
    given, wanted = OfferForm(here, None if asks else request.POST), RequestForm(here, request.POST if asks else None)
    try:
        if back.isdigit():
            row = next((one for one in roadmap_store.offers(here.version.plan) if one.pk == int(back)), None)
            party = row.party_id if row is not None else ""
            roadmap_store.offer(slug, Offered("", party, ()), actor(request), now(), int(back))
        elif asks and wanted.is_valid():
            told = wanted.cleaned_data
            roadmap_store.ask(slug, told["measure"], told["party"], told["says"], actor(request), now())
        elif not asks and given.is_valid():
            roadmap_store.offer(slug, given.offered(), actor(request), now())
        else:
            return _offers(request, here, given, wanted, 422)
    except Rejected as error:
        _with(wanted if asks else given, error)
        return _offers(request, here, given, wanted, 422)
    messages.success(request, gettext("Recorded.") if asks else
                     gettext("Recorded. Solve the plan anew to see what it changes."))  # fmt: skip
    return redirect("roadmap-offers", slug)


def _offers(request: HttpRequest, here: Read, given: OfferForm, wanted: RequestForm, status: int = 200) -> HttpResponse:
    asked, plan = roadmap_store.asked_now(here), here.version.plan
    every = (*here.draft.offers, *asked.offers)
    asking = list(HelpRequest.objects.filter(plan=plan).select_related("party").order_by("-sequence"))
    context = {
        "draft": here.draft, "given": given, "wanted": wanted,
        "rows": [{"offer": one, "says": asked.telling.offer(one.id), "number": one.id.removeprefix("offer-"),
                  "ours": one not in here.draft.offers,
                  "for": [asked.telling.measure(name) for name in one.measures]} for one in every],
        "overlaps": [roadmap_words.overlap(asked.telling, one) for one in overlaps(asked.programme)],
        "requests": [{"row": row, "measure": asked.telling.measure(row.measure),
                      "met": [asked.telling.offer(one.id) for one in every
                              if one.party == row.party_id and row.measure in one.measures]} for row in asking],
    }  # fmt: skip
    return _show(request, "roadmaps/offers.html", "offers", context, status)


@require_safe
def letter(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a request as a paper to print."""
    here = _found(slug)
    row = get_object_or_404(HelpRequest.objects.select_related("party"), pk=number, plan=here.version.plan)
    found = next((one for one in _measure_rows(here) if one["measure"].id == row.measure), None)
    context = {"draft": here.draft, "row": row, "about": found}
    return _show(request, "roadmaps/letter.html", "offers", context)


@require_safe
def strategy(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the strategy: objectives, their measures, what those meet, and who answers; all of it, or what is public."""
    here, public = _found(slug), "public" in request.GET
    rows = {row["measure"].id: row for row in _measure_rows(here)}
    objectives = [
        {"objective": one, "measures": [rows[name] for name in one.measures if name in rows],
         "done": sum(1 for name in one.measures if rows[name]["entry"] and rows[name]["entry"].state == "done")}
        for one in here.draft.objectives if one.public or not public
    ]  # fmt: skip
    context = {"draft": here.draft, "objectives": objectives, "public": public}
    return _show(request, "roadmaps/strategy.html", "strategy", context)
