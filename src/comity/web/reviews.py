"""Reviews of capacity: the list, one with its progress and result, its plan, its people, its notes and sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.acts import example_review, framework_editions, monitoring, review_answers, review_results, reviews
from comity.acts.agreements import Rejected
from comity.acts.review_results import Result
from comity.acts.reviews import Begun, Cluster, Known
from comity.models import ReviewVersion
from comity.policy import review_course, staging
from comity.policy.frameworks import Aspect, Part, words
from comity.policy.review_course import ReviewKind
from comity.policy.staging import Answer
from comity.web.choosing import DAY, offer, parties
from comity.web.pages import actor, now, officers_only, show, us
from comity.web.sentences import word

ROOM: Final = "reviews"


def found(slug: str) -> Known:
    """Find a review as known now; the page is not there otherwise."""
    one = reviews.find(slug, now())
    if one is None:
        raise Http404(slug)
    return one


def refused(form: forms.Form, error: Rejected) -> None:
    """Put the reasons of a refusal on a form."""
    for reason in error.reasons:
        form.add_error(None, reason)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List every review, the newest first."""
    here = us()
    told = [one for one in example_review.published() if here and one.of == here.code]
    return show(request, "reviews/list.html", {"room": ROOM, "reviews": reviews.known(now()), "published": told})


class ReviewForm(forms.Form):
    """A review as it is begun."""

    title = forms.CharField(label=_("Title"), max_length=300)
    slug = forms.CharField(label=_("Short name, for addresses and files"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"))
    framework = forms.ChoiceField(label=_("Framework"))
    party = forms.ChoiceField(label=_("Whose capacity"))
    first_day = forms.DateField(label=_("First day"), widget=DAY)
    last_day = forms.DateField(label=_("Last day"), widget=DAY)
    percent = forms.IntegerField(label=_("For a consensus, percent of those who know"), min_value=51, max_value=100)
    fictional = forms.BooleanField(label=_("Its answers are made up: an example or an exercise"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer kinds, frameworks and parties."""
        super().__init__(*args, **kwargs)
        offer(self, "kind", [(kind.value, word(kind)) for kind in ReviewKind])
        offer(self, "framework", [(f"{one.framework} {one.edition}", f"{one.name} ({one.edition})")
                                  for one in framework_editions.kept()])  # fmt: skip
        offer(self, "party", parties())


@require_http_methods(["GET", "POST"])
@officers_only
def new(request: HttpRequest) -> HttpResponse:
    """Begin a review."""
    today, here = now().date(), us()
    if request.method != "POST":
        started = {"first_day": today, "last_day": today, "percent": 100, "party": here.code if here else ""}
        return show(request, "reviews/new.html", {"room": ROOM, "form": ReviewForm(initial=started)})
    form = ReviewForm(request.POST)
    if form.is_valid():
        told = dict(form.cleaned_data)
        framework, _blank, edition = told.pop("framework").partition(" ")
        try:
            told["kind"] = ReviewKind(told["kind"])
            made = reviews.begin(Begun(framework=framework, edition=edition, **told), actor(request), now())
            return redirect("review", made.slug)
        except Rejected as error:
            refused(form, error)
    return show(request, "reviews/new.html", {"room": ROOM, "form": form}, 422)


@dataclass(frozen=True, slots=True)
class Row:
    """One part or aspect as the page shows it, `depth` from 0; `staged` is an aspect’s, `range` a part’s."""

    id: str
    name: str
    depth: int
    lowest: str
    highest: str
    utmost: str
    open: int
    level: int
    top: int
    met: int = 0
    needed: int = 0
    next: str = ""
    contested: int = 0
    is_aspect: bool = False


def rows(result: Result, language: str) -> list[Row]:
    """Give every part and aspect of a result in the framework’s order, with names in a language."""
    names = [words(one.name, language) for one in result.framework.stages]

    def walk(parts: tuple[Part | Aspect, ...], depth: int) -> list[Row]:
        told = []
        for part in parts:
            if isinstance(part, Part):
                around = staging.range_of(part, result.staged)
                told.append(Row(part.id, words(part.name, language), depth, names[around.lowest],
                                names[around.highest], names[around.utmost], around.open, around.lowest,
                                around.utmost))  # fmt: skip
                told += walk(part.parts, depth + 1)
            else:
                told.append(row_of(result, part, language, depth))
        return told

    return walk(result.framework.parts, 0)


def row_of(result: Result, aspect: Aspect, language: str, depth: int = 0) -> Row:
    """Give one aspect of a result, its name in a language."""
    names = [words(one.name, language) for one in result.framework.stages]
    staged = result.staged[aspect.id]
    met, needed = staged.share
    contested = sum(one.rating.contested for one in staged.held)
    return Row(aspect.id, words(aspect.name, language), depth, names[staged.stage], names[staged.stage],
               names[staged.highest], len(staged.open), staged.stage, staged.highest, met, needed,
               names[staged.next] if staged.next else "", contested, is_aspect=True)  # fmt: skip


_HEAD: Final = (
    '<th scope="row"><span class="code">{}</span> {}</th><td data-label="{}"><svg class="ladder" viewBox="0 0 {} 1"'
    ' preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="bed" width="{}" height="1"/>'
    '<rect class="may" width="{}" height="1"/><rect class="is" width="{}" height="1"/></svg>{}{}</td>'
)


def heads(listed: Sequence[Row], top: int) -> list[str]:
    """Write the first two cells of each row: what it is, and its stage on a ladder that ends at *top*."""
    label, most = gettext("Stage"), gettext("at most %(stage)s")
    return [
        format_html(_HEAD, row.id, row.name, label, top, top, row.top, row.level,
                    row.lowest if row.highest == row.lowest else f"{row.lowest} – {row.highest}",
                    "" if row.utmost == row.highest else
                    format_html(' <span class="since">{}</span>', most % {"stage": row.utmost}))
        for row in listed
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a cluster has answered."""

    name: str
    number: int
    people: int
    answered: int
    asked: int


def progress(known: Known, clusters: list[Cluster], at: datetime) -> tuple[list[Progress], dict[int, tuple[int, int]]]:
    """Give how far each cluster has answered, and each rater by number: (answered, of what is asked)."""
    sizes = {one.id: len(one.indicators) for one in known.framework.aspects()}
    told, everything = review_answers.answered(known.review), sum(sizes.values())
    wanted = {one.row.pk: sum(sizes[name] for name in one.aspects or sizes) for one in clusters}
    rating = reviews.raters(known.review, at)
    each = {number: (told.get(number, 0), wanted.get(cluster or 0, everything)) for number, cluster in rating}
    grouped = []
    for cluster in clusters:
        inside = [each[number] for number, where in rating if where == cluster.row.pk]
        grouped.append(Progress(cluster.name, cluster.row.pk, len(inside), sum(one for one, _asked in inside),
                                sum(asked for _one, asked in inside)))  # fmt: skip
    return grouped, each


@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one review: where it stands, how far it has come, what is contested and unanswered, what it says so far."""
    known, at, language = found(slug), now(), get_language() or "en"
    result = review_results.result(known, at)
    listed = rows(result, language)
    ladders = heads(listed, len(result.framework.stages) - 1)
    grouped, _each = progress(known, reviews.clusters(known.review, at), at)
    unanswered = sum(one.answer is Answer.UNKNOWN for one in result.settled.values())
    context = {
        "room": ROOM, "known": known, "result": result, "rows": list(zip(listed, ladders, strict=True)),
        "clusters": grouped,
        "full": known.kind is ReviewKind.FULL,
        "asked": len(result.settled), "unanswered": unanswered, "open": len(result.open),
        "contested": sum(one.rating.contested for staged in result.staged.values() for one in staged.held),
        "expired": sum(one.expired for staged in result.staged.values() for one in staged.held),
        "conflicts": review_answers.clashing(known.review, at).count(),
        "sessions": len(reviews.sessions(known.review, at)),
        "notes": reviews.notes(known.review, at), "name": words(known.framework.name, language),
        "awaited": monitoring.awaited(known, at),
        "answered_here": known.state in review_course.ANSWERED, "figures": figures(result),
    }  # fmt: skip
    return show(request, "reviews/one.html", context)


def figures(result: Result) -> dict[str, Any]:
    """Give how far the raters of the last closed round agree, of the whole."""
    return {} if result.round is None else result.round.figures.get("", {})


@require_POST
@officers_only
def move(request: HttpRequest, slug: str) -> HttpResponse:
    """Move a review on."""
    known = found(slug)
    try:
        monitoring.move(known, request.POST.get("to", ""), actor(request), now(), request.POST.get("says", ""))
        messages.success(request, gettext("Recorded."))
    except Rejected as error:
        messages.error(request, str(error))
    return redirect("review", slug)


class PlanForm(forms.Form):
    """What can change of a review."""

    title = forms.CharField(label=_("Title"), max_length=300)
    first_day = forms.DateField(label=_("First day"), widget=DAY)
    last_day = forms.DateField(label=_("Last day"), widget=DAY)
    percent = forms.IntegerField(label=_("For a consensus, percent of those who know"), min_value=51, max_value=100)


@require_http_methods(["GET", "POST"])
@officers_only
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Plan a review anew."""
    known = found(slug)
    told = {name: getattr(known.version, name) for name in PlanForm.base_fields}
    form = PlanForm(request.POST if request.method == "POST" else None, initial=told)
    if request.method == "POST" and form.is_valid():
        try:
            reviews.plan(known.review, ReviewVersion(**form.cleaned_data), actor(request), now())
            return redirect("review", slug)
        except Rejected as error:
            refused(form, error)
    status = 422 if request.method == "POST" else 200
    return show(request, "reviews/plan.html", {"room": ROOM, "known": known, "form": form}, status)
