"""Rating an aspect: its indicators in a row, each answer saved as it is given; evidence, conflicts, spreadsheets."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.acts import review_answers, review_evidence, review_files, review_returns, review_sheets, reviews
from comity.acts.agreements import Rejected
from comity.acts.review_answers import Did, Told
from comity.acts.review_evidence import Given, Used
from comity.acts.reviews import Known, Member
from comity.models import EvidenceRevision, ReviewAnswer, ReviewEvidence, ReviewMember
from comity.policy import review_course
from comity.policy.frameworks import Aspect, Framework, Indicator, words
from comity.policy.markings import LABELS
from comity.policy.review_course import ReviewKind
from comity.policy.staging import Answer
from comity.web.choosing import DAY, offer
from comity.web.pages import actor, now, officers_only, show
from comity.web.reviews import ROOM, found, refused
from comity.web.sentences import word

PAGE: Final = "page"


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator on the page: what it asks, what this member says of it, what shows it."""

    id: str
    text: str
    stage: str
    first: bool
    """Whether it is the first of its stage."""
    answer: str
    reason: str
    seen: int
    evidence: list[Used]


def aspect_of(framework: Framework, name: str) -> Aspect:
    """Find an aspect; the page is not there otherwise."""
    one = next((aspect for aspect in framework.aspects() if aspect.id == name), None)
    if one is None:
        raise Http404(name)
    return one


def neighbours(framework: Framework, name: str, wanted: list[str]) -> tuple[str, str]:
    """Give the aspects before and after one among those that are asked; empty where there is none."""
    order = [one.id for one in framework.aspects() if one.id in wanted or one.id == name]
    place = order.index(name)
    return (order[place - 1] if place else "", order[place + 1] if place + 1 < len(order) else "")


def member_of(request: HttpRequest, known: Known) -> tuple[Member | None, list[Member]]:
    """Give the member whose answers are shown (`?as=`; a review of one has one), and all who give answers."""
    rating = [one for one in reviews.members(known.review, now()) if one.rates]
    said = request.GET.get("as", "")
    chosen = next((one for one in rating if str(one.row.pk) == said), None)
    return chosen or (rating[0] if len(rating) == 1 or (rating and not said) else None), rating


@require_safe
def rate(request: HttpRequest, slug: str, aspect: str) -> HttpResponse:
    """Show the indicators of an aspect with one member’s answers, to be given there."""
    known, at, language = found(slug), now(), get_language() or "en"
    part = aspect_of(known.framework, aspect)
    member, rating = member_of(request, known)
    wanted = review_answers.asked(member, reviews.clusters(known.review, at), known.framework) if member else []
    before, after = neighbours(known.framework, aspect, wanted)
    told = review_answers.standing(known.review, member.row.pk, [one.id for one in part.indicators]) if member else {}
    evidence = review_evidence.used(known.review, at, aspect)
    context = {
        "room": ROOM, "known": known, "aspect": part, "name": words(part.name, language), "member": member,
        "raters": rating, "is_asked": aspect in wanted or (member is None and known.kind is ReviewKind.SELF),
        "lines": lines(known.framework, part, told, evidence, language), "before": before, "after": after,
        "floor": [words(one, language) for one in part.floor], "answers": [(one.value, word(one)) for one in Answer],
        "takes": known.state in review_course.ANSWERED, "form": EvidenceForm(prefix="e"),
        "number": member.row.pk if member else 0,
        "notes": [one for one in reviews.notes(known.review, at) if one.aspect == aspect],
    }  # fmt: skip
    return show(request, "reviews/rate.html", context)


def lines(
    framework: Framework, aspect: Aspect, told: dict[str, ReviewAnswer], evidence: dict[str, list[Used]], language: str
) -> list[Line]:
    """Give the lines of an aspect, by stage."""
    shown, last = [], 0
    for one in sorted(aspect.indicators, key=lambda one: one.stage):
        was = told.get(one.id)
        shown.append(Line(one.id, words(one.text, language), words(framework.stages[one.stage].name, language),
                          one.stage != last, was.answer if was else "", was.reason if was else "",
                          was.number if was else 0, evidence.get(one.id, [])))  # fmt: skip
        last = one.stage
    return shown


@require_POST
@officers_only
def answer(request: HttpRequest, slug: str, number: int, indicator: str) -> HttpResponse:
    """Save one answer of one member; htmx gets what became of it, a form without script the page again."""
    known, post = found(slug), request.POST
    said, seen = post.get("answer", ""), post.get("seen", "")
    why, did, took = "", "", None
    if said not in set(Answer) or not seen.isdigit():
        why = gettext("Choose an answer.")
    else:
        try:
            who = number or review_files.rater_of(known, actor(request), now())
            told = Told(indicator, Answer(said), post.get("reason", ""), int(seen))
            (took,) = review_answers.record(known.review, who, [told], actor(request), now(), PAGE)
            did = took.did
        except Rejected as error:
            why = str(error)
    standing = took.standing.number if took and took.standing else int(seen) if seen.isdigit() else 0
    context = {"known": known, "id": indicator, "did": did, "why": why, "seen": standing,
               "answer": word(said) if not why else ""}  # fmt: skip
    if getattr(request, "htmx", False):
        return render(request, "reviews/_saved.html", context)
    if why or did == Did.OFFERED:
        messages.error(request, why or gettext("Somebody else answered it meanwhile: both answers are kept."))
    aspect = next((one.id for one in known.framework.aspects() if any(i.id == indicator for i in one.indicators)), "")
    if not aspect:
        raise Http404(indicator)
    back = redirect("rate", slug, aspect)
    back["Location"] += f"?as={number}#i-{indicator}" if number else f"#i-{indicator}"
    return back


class EvidenceForm(forms.Form):
    """Evidence for an indicator: a file or a link."""

    title = forms.CharField(label=_("Title"), max_length=400)
    tlp = forms.ChoiceField(label=_("How far it may go"))
    until = forms.DateField(label=_("Counts until"), widget=DAY, required=False)
    link = forms.CharField(label=_("Link"), max_length=600, required=False)
    file = forms.FileField(label=_("File"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's own form
        """Offer the markings."""
        super().__init__(*args, **kwargs)
        offer(self, "tlp", [(label, f"TLP:{label}") for label in LABELS])
        self.fields["tlp"].initial = review_returns.MARKING


def _indicator(framework: Framework, name: str) -> tuple[Aspect, Indicator]:
    for aspect in framework.aspects():
        for one in aspect.indicators:
            if one.id == name:
                return aspect, one
    raise Http404(name)


@require_http_methods(["GET", "POST"])
@officers_only
def evidence(request: HttpRequest, slug: str, indicator: str) -> HttpResponse:
    """Show what stands for an indicator; add a file or a link, revise what is there (`?revise=`), or take it away."""
    known = found(slug)
    aspect, one = _indicator(known.framework, indicator)
    used = review_evidence.used(known.review, now(), aspect.id).get(indicator, [])
    revised = next((shown for shown in used if str(shown.use) == request.GET.get("revise", "")), None)
    told = {name: getattr(revised.revision, name) for name in ("title", "tlp", "until", "link")} if revised else None
    form = EvidenceForm(request.POST or None, request.FILES or None, initial=told)
    back = request.GET.get("as", "")
    if request.method == "POST":
        try:
            if request.POST.get("stop", "").isdigit():
                review_evidence.stop(known.review, int(request.POST["stop"]), actor(request), now())
                return _back(slug, aspect.id, back, indicator)
            if form.is_valid():
                _keep(request, known, indicator, form, revised)
                messages.success(request, gettext("Recorded."))
                return _back(slug, aspect.id, back, indicator)
        except Rejected as error:
            form.is_valid()
            refused(form, error)
    language = get_language() or "en"
    context = {"room": ROOM, "known": known, "aspect": aspect, "name": words(aspect.name, language), "id": indicator,
               "text": words(one.text, language), "used": used, "form": form, "revised": revised,
               "as": back}  # fmt: skip
    return show(request, "reviews/evidence.html", context, 422 if request.method == "POST" else 200)


def _back(slug: str, aspect: str, member: str, indicator: str) -> HttpResponse:
    answer_ = redirect("rate", slug, aspect)
    answer_["Location"] += (f"?as={member}" if member.isdigit() else "") + f"#i-{indicator}"
    return answer_


def _keep(request: HttpRequest, known: Known, indicator: str, form: EvidenceForm, revised: Used | None) -> None:
    told, file = form.cleaned_data, request.FILES.get("file")
    if file is None and not told["link"] and revised is None and not told["title"].strip():
        raise Rejected(gettext("Give a file, a link, or at least a title."))
    kept = review_evidence.keep(Path(settings.DATA), file.chunks(), file.name or "file") if file else None
    given = Given(told["title"], told["tlp"], told["until"], told["link"], kept)
    if revised is not None:
        of = ReviewEvidence.objects.get(pk=revised.revision.evidence)
        review_evidence.revise(of, given, actor(request), now())
    else:
        review_evidence.add(known.review, given, [indicator], actor(request), now())


@require_safe
def file(request: HttpRequest, slug: str, number: int) -> FileResponse:
    """Give the file of a revision of evidence, to be saved and never shown inside the desk."""
    del request
    known = found(slug)
    row = EvidenceRevision.objects.filter(pk=number, evidence__review=known.review).exclude(digest="").first()
    path = review_evidence.path_of(Path(settings.DATA), row.digest) if row else None
    if row is None or path is None or not path.exists():
        raise Http404(number)
    answer_ = FileResponse(path.open("rb"), content_type="application/octet-stream")
    answer_["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=row.name) or "attachment"
    answer_["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer_


@require_http_methods(["GET", "POST"])
def conflicts(request: HttpRequest, slug: str) -> HttpResponse:
    """Show answers that met another, side by side; settle one."""
    known = found(slug)
    if request.method == "POST":
        return _settle(request, known)
    at, language = now(), get_language() or "en"
    met = review_answers.clashes(known.review, at)
    names = reviews.names(known.review, {one.offer.member_id for one in met}, at)
    said = {one.id: one.text for one in known.framework.indicators()}
    clashes = [{"clash": one, "who": names.get(one.offer.member_id, ""), "aspect": one.offer.aspect,
                "text": words(said[one.offer.indicator], language)} for one in met]  # fmt: skip
    return show(request, "reviews/conflicts.html", {"room": ROOM, "known": known, "clashes": clashes})


@officers_only
def _settle(request: HttpRequest, known: Known) -> HttpResponse:
    number, seen = request.POST.get("offer", ""), request.POST.get("seen", "")
    if not (number.isdigit() and seen.isdigit()):
        raise Http404(number)
    try:
        review_answers.settle(known.review, int(number), int(seen), actor(request), now(),
                              take=request.POST.get("keep") == "offer")  # fmt: skip
        messages.success(request, gettext("Settled. Both versions stay on record."))
    except Rejected as error:
        messages.error(request, str(error))
    return redirect("review-conflicts", known.review.slug)


@require_safe
def sheet(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Give what a member is asked as a spreadsheet, in the reader’s language."""
    del request
    known = found(slug)
    if not ReviewMember.objects.filter(pk=number, review=known.review).exists():
        raise Http404(number)
    given = review_sheets.give(known, number, get_language() or "en", now())
    answer_ = HttpResponse(given.content, content_type=given.media_type)
    answer_["Content-Disposition"] = f'attachment; filename="{given.name}"'
    return answer_


@require_http_methods(["GET", "POST"])
@officers_only
def take_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """Read a spreadsheet of answers; show what each row would do, then take all of it in."""
    known = found(slug)
    rating = [one for one in reviews.members(known.review, now()) if one.rates]
    context: dict[str, Any] = {"room": ROOM, "known": known, "read": None, "reasons": (), "given": "",
                               "members": rating}  # fmt: skip
    given = request.FILES.get("file")
    if request.method != "POST" or given is None:
        return show(request, "reviews/sheet.html", context)
    content, name = given.read(review_returns.LARGEST + 1), given.name or "file"
    try:
        if request.POST.get("step") == "record":
            took = review_returns.take_in(known, content, name, actor(request), now())
            met = sum(1 for _one in review_returns.conflicts(took))
            messages.success(request, ngettext("Taken in: %(count)s answer.", "Taken in: %(count)s answers.",
                                               len(took.lines) - met) % {"count": len(took.lines) - met})  # fmt: skip
            return redirect("review-conflicts" if met else "review", slug)
        read = review_returns.read(known, content, now())
        context |= {"read": read, "reasons": read.problems, "given": name}
    except Rejected as error:
        context["reasons"] = error.reasons
    return show(request, "reviews/sheet.html", context, 422 if context["reasons"] else 200)
