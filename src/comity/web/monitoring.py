"""From done measures back: their evidence given to a review, and the undertakings that they serve recorded as done."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from comity.acts import monitoring as acts
from comity.acts import roadmap_store, undertakings
from comity.acts.agreements import Rejected
from comity.acts.roadmap_store import Read, State
from comity.policy.markings import LABELS
from comity.web.pages import actor, now, officers_only


def told(here: Read) -> dict[str, Any]:
    """Give what the page of measures tells of what follows from those that are done."""
    at, entries = now(), roadmap_store.standing(here.version.plan)
    open_ = acts.reviews_for(here, at)
    there = {one.review.slug: acts.proposed(here, one) for one in open_}
    done = [measure for name, measure in here.draft.measure().items()
            if name in entries and entries[name].state == State.DONE and measure.meets]  # fmt: skip
    shows = [{"measure": one, "reviews": [review for review in open_ if one.id not in there[review.review.slug]],
              "given": [review for review in open_ if one.id in there[review.review.slug]]}
             for one in done] if open_ else []  # fmt: skip
    served = list(acts.fulfilled(here, at))
    ours = [one for one in undertakings.followed(at) if one.ours] if served else []
    return {"shows": shows, "labels": LABELS, "served": served, "ours": ours, "today": at.date().isoformat()}


def _back(request: HttpRequest, slug: str, error: Rejected | None) -> HttpResponse:
    if error is None:
        messages.success(request, gettext("Recorded."))
    for reason in () if error is None else error.reasons:
        messages.error(request, reason)
    return redirect("roadmap-measures", slug)


@require_POST
@officers_only
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a review what shows that a measure is done."""
    post = request.POST
    try:
        acts.propose(slug, post.get("measure", ""), post.get("review", ""), post.get("tlp", ""), actor(request), now())
    except Rejected as error:
        return _back(request, slug, error)
    return _back(request, slug, None)


@require_POST
@officers_only
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Record an undertaking as done that done measures serve in full."""
    post = request.POST
    try:
        on = date.fromisoformat(post.get("on", ""))
        acts.close(slug, post.get("served", ""), post.get("key", ""), on, actor(request), now())
    except ValueError:
        return _back(request, slug, Rejected(gettext("Write the day as 2027-03-31.")))
    except Rejected as error:
        return _back(request, slug, error)
    return _back(request, slug, None)
