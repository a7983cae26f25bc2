"""Consensus and report: raters side by side, rounds, rulings and dissent; what a review says, to be printed."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from comity.acts import moments, review_answers, review_files, review_results, review_rounds, reviews
from comity.acts.agreements import Rejected
from comity.acts.review_answers import Told
from comity.acts.review_evidence import Revised
from comity.acts.review_results import Result
from comity.acts.reviews import Called, Known, Role
from comity.models import ReviewDissent, ReviewRuling, RoundOutcome
from comity.policy import concordance, review_course, staging
from comity.policy.concordance import Scale
from comity.policy.consensus import Counts, Ground, Settled
from comity.policy.frameworks import Aspect, words
from comity.policy.review_course import ReviewKind
from comity.policy.staging import Answer
from comity.web.asking import asking
from comity.web.pages import actor, now, officers_only, show
from comity.web.review_answers import aspect_of, neighbours
from comity.web.reviews import ROOM, figures, found, heads, row_of, rows
from comity.web.sentences import word

NAMED: Final = 12
"""With more raters than these, the page counts them by cluster instead of naming each."""


Voices = list[tuple[str, str, str]]
"""Who says what: (rater, answer in words, reason)."""
_RATER: Final = '<option value="{}"></option>'
_COUNTED: Final = '<li><span class="since">{}</span> <strong>{}</strong> × {}</li>'
"""How many of a cluster say what: cluster, answer in words, how many."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One indicator with all that is said of it."""

    id: str
    text: str
    stage: str
    first: bool
    voices: Voices
    tally: str
    stands: Settled
    share: float | None
    outcome: RoundOutcome | None
    ruling: ReviewRuling | None
    dissent: list[tuple[str, ReviewDissent]]

    @property
    def contested(self) -> bool:
        """Tell whether nobody has settled what the raters say."""
        return self.stands.ground in (Ground.CONTESTED, Ground.CONFLICT)


@require_safe
def compare(request: HttpRequest, slug: str, aspect: str) -> HttpResponse:
    """Show what each rater says of the indicators of an aspect, how far they agree, what was ruled, who dissents."""
    known, at, language = found(slug), now(), get_language() or "en"
    part = aspect_of(known.framework, aspect)
    people = reviews.called(known.review, at)
    result = review_results.result(known, at, aspect=part.id)
    before, after = neighbours(known.framework, aspect, [one.id for one in known.framework.aspects()])
    rested = result.round
    context = {
        "room": ROOM, "known": known, "aspect": part, "name": words(part.name, language), "before": before,
        "after": after, "lines": _compared(result, part, people, language), "round": rested,
        "figures": rested.figures.get(part.id, {}).get(Scale.NOMINAL.value) if rested else None,
        "options": format_html_join("", '<option value="{}">{}</option>', ((one.value, word(one)) for one in Answer)),
        "raters": format_html_join("", _RATER, ((one.name,) for one in people.values() if one.rates)),
        "writes": known.state in review_course.WRITTEN,
        "row": row_of(result, part, language),
        "closes": known.state in review_course.ANSWERED and known.kind is ReviewKind.FULL,
    }  # fmt: skip
    return show(request, "reviews/compare.html", context)


def _compared(result: Result, aspect: Aspect, people: dict[int, Called], language: str) -> list[Compared]:
    review, at = result.known.review, now()
    clusters = {one.row.pk: one.name for one in reviews.clusters(review, at)}
    nowhere, voiced = gettext("no cluster"), {answer.value: word(answer) for answer in Answer}
    where = {number: clusters.get(one.cluster or 0, nowhere) for number, one in people.items()}
    said: dict[str, list[tuple[int, str, str]]] = {}
    for indicator, member, answer, reason in review_answers.of_aspect(review, aspect.id, at):
        said.setdefault(indicator, []).append((member, answer, reason))
    outcomes = {} if result.round is None else {
        one.indicator: one for one in RoundOutcome.objects.filter(round=result.round, aspect=aspect.id)}  # fmt: skip
    rulings = review_rounds.rulings(review, at, aspect.id)
    dissent: dict[str, list[tuple[str, ReviewDissent]]] = {}
    for one in review_rounds.dissents(review, at, aspect.id):
        dissent.setdefault(one.indicator, []).append((people[one.member_id].name, one))
    shown, last = [], 0
    for one_ in sorted(aspect.indicators, key=lambda one: one.stage):
        told = said.get(one_.id, [])
        counts = {Answer(answer): n for answer, n in Counter(answer for _who, answer, _why in told).items()}
        shown.append(Compared(
            one_.id, words(one_.text, language), words(result.framework.stages[one_.stage].name, language),
            one_.stage != last, *_voices(told, people, where, voiced), result.settled[one_.id], _share(counts),
            outcomes.get(one_.id), rulings.get(one_.id), dissent.get(one_.id, [])))  # fmt: skip
        last = one_.stage
    return shown


def _share(counts: Counts) -> float | None:
    return concordance.Yardstick([], Scale.NOMINAL).concord(review_rounds.unit(counts, Scale.NOMINAL)).share


def _voices(
    told: list[tuple[int, str, str]], people: dict[int, Called], where: dict[int, str], voiced: dict[str, str]
) -> tuple[Voices, str]:
    """Name each rater with their answer, or, where they are many, count them by cluster and answer."""
    if len(told) <= NAMED:
        return [(people[member].name, voiced[answer], reason) for member, answer, reason in told], ""
    counted = sorted(Counter([(where[member], answer) for member, answer, _why in told]).items())
    return [], format_html_join("", _COUNTED, ((name, voiced[answer], n) for (name, answer), n in counted))


@require_POST
@officers_only
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Close the round that runs."""
    known = found(slug)
    try:
        made = review_rounds.close(known.review, actor(request), now())
        messages.success(request, gettext("Round %(number)s is closed: what it found is frozen.") % {
            "number": made.number})  # fmt: skip
    except Rejected as error:
        messages.error(request, str(error))
    return redirect("review", slug)


@require_POST
@officers_only
def rule(request: HttpRequest, slug: str, indicator: str) -> HttpResponse:
    """Record the chair’s ruling, or a member’s dissent (`what=dissent`), with its reason."""
    known, post = found(slug), request.POST
    said, reason = post.get("answer", ""), post.get("reason", "")
    try:
        if post.get("what") == "dissent":
            named = [one.row.pk for one in reviews.members(known.review, now()) if one.name == post.get("who", "")]
            told = Told(indicator, Answer(said) if said in set(Answer) else Answer.UNKNOWN, reason)
            review_rounds.dissent(known.review, named[0] if len(named) == 1 else 0, told, actor(request), now())
        else:
            review_rounds.rule(known.review, indicator, said, reason, actor(request), now())
        messages.success(request, gettext("Recorded."))
    except Rejected as error:
        messages.error(request, str(error))
    aspect = next((one.id for one in known.framework.aspects() if any(i.id == indicator for i in one.indicators)), "")
    back = redirect("compare", slug, aspect) if aspect else redirect("review", slug)
    back["Location"] += f"#i-{indicator}" if aspect else ""
    return back


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report is about: a review as known at a moment, and for whom; `early`: it was not known then."""

    known: Known
    result: Result
    at: datetime
    early: bool
    public: bool


def reported(request: HttpRequest, slug: str) -> Reported:
    """Say what report is asked for: as of a day (`on`), as known on a day (`known`), for the public (`for`)."""
    known, ask = found(slug), asking(request)
    asked_at = moments.moment(ask.asked.known_at) if request.GET.get("known") else now()
    earlier = reviews.find(slug, asked_at) if request.GET.get("known") else known
    at = asked_at if earlier else now()
    result = review_results.result(earlier or known, at, ask.on if request.GET.get("on") else None)
    return Reported(earlier or known, result, at, earlier is None, request.GET.get("for") == "public")


@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a review says, to be read and printed; evidence by its marking."""
    here, language = reported(request, slug), get_language() or "en"
    result, public = here.result, here.public
    context = {
        "room": ROOM, "known": here.known, "result": result, "rows": _report_rows(result, language), "public": public,
        "figures": figures(result), "name": words(result.framework.name, language), "ask": asking(request),
        "people": "" if public else _people(here.known, here.at),
        "dissent": [] if public else dissent(result, language, here.at),
        "evidence": _evidence(result, public=public),
        "unanswered": sum(one.answer is Answer.UNKNOWN for one in result.settled.values()),
        "asked": len(result.settled), "open": len(result.open), "at": here.at,
        "published": review_results.published(here.known), "early": here.early,
    }  # fmt: skip
    return show(request, "reviews/report.html", context)


def _report_rows(result: Result, language: str) -> list[dict[str, Any]]:
    """Give every part and aspect, each aspect with what keeps its next stage away."""
    listed, told = rows(result, language), []
    for row, head in zip(listed, heads(listed, len(result.framework.stages) - 1), strict=True):
        unmet = result.staged[row.id].unmet if row.is_aspect else ()
        told.append({"row": row, "head": head, "unmet": format_html_join("", _UNMET, (
            (one.indicator.id, words(one.indicator.text, language), because(one)) for one in unmet))})  # fmt: skip
    return told


_UNMET: Final = '<li><span class="code">{}</span> {} <span class="since">({})</span></li>'


def because(one: staging.Held) -> str:
    """Say why an indicator does not hold."""
    if one.expired:
        return gettext("its evidence has expired")
    if one.rating.contested:
        return gettext("those asked do not agree")
    return gettext("nobody has answered") if one.rating.answer is Answer.UNKNOWN else word(one.rating.answer)


def _people(known: Known, at: datetime) -> str:
    """Give who takes part as lines, each with their role in words."""
    roles = {role: word(role) for role in Role.values}
    return format_html_join("", '<li>{} <span class="since">{}</span></li>', (
        (one.name, ", ".join(filter(None, (roles[one.role], one.organisation))))
        for one in reviews.members(known.review, at) if not one.left))  # fmt: skip


def dissent(result: Result, language: str, at: datetime) -> list[dict[str, Any]]:
    """Give what the chair ruled, then who dissents from what, as known at a moment."""
    review, chair = result.known.review, word("chair")
    held = review_rounds.dissents(review, at)
    names = reviews.names(review, {one.member_id for one in held}, at)
    told = [(name, one.answer, chair, one.reason)
            for name, one in result.settled.items() if one.ground is Ground.RULING]  # fmt: skip
    told += [(one.indicator, Answer(one.answer), names.get(one.member_id, ""), one.reason) for one in held]
    said, called = {one.id: one.text for one in result.framework.indicators()}, {one: word(one) for one in Answer}
    return [{"id": name, "text": words(said[name], language), "answer": called[answer], "who": who, "why": why}
            for name, answer, who, why in told]  # fmt: skip


def _evidence(result: Result, *, public: bool) -> dict[str, Any]:
    """Give the evidence as lines, and how many pieces are kept back."""
    shown, kept = evidence_of(result, public=public)
    until = gettext("until %(day)s")
    told = format_html_join("", _PIECE, (
        (format_html('<a href="{}" rel="noreferrer">{}</a>', one.link, one.title) if one.link else one.title,
         one.tlp.lower(), one.tlp, until % {"day": one.until.isoformat()} if one.until else "") for one in shown
    ))  # fmt: skip
    return {"shown": told, "kept": kept}


def evidence_of(result: Result, *, public: bool) -> tuple[list[Revised], int]:
    """Give the evidence by title; for the public, only what may go to everybody; and how many pieces may not."""
    every = {one.revision.pk: one.revision for used in result.evidence.values() for one in used}
    shown = sorted((one for one in every.values() if not public or one.tlp == "CLEAR"), key=lambda one: one.title)
    return shown, len(every) - len(shown)


_PIECE: Final = '<li>{} <span class="tlp tlp-{}">TLP:{}</span> <span class="since">{}</span></li>'


@require_safe
def answers_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Give what a review says as a file of answers that the command line stages."""
    del request
    known = found(slug)
    text = review_files.written(review_results.result(known, now()))
    answer = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slug}.yaml"'
    return answer


