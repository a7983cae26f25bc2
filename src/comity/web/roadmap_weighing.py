"""What more or less money and staff would change in a roadmap: asked for by its page once it is there, and laid out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from comity.acts import roadmap_weighing
from comity.acts.agreements import Rejected
from comity.acts.roadmaps import Roadmap
from comity.models import RoadmapRun
from comity.web import roadmap_pictures
from comity.web.pages import officers_only


@require_http_methods(["POST"])
@officers_only
def weigh(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Work out what more or less would change in a roadmap."""
    rows = RoadmapRun.objects.select_related("version__plan")
    run = get_object_or_404(rows, pk=number, version__plan__slug=slug)
    try:
        roadmap_weighing.weigh(run)
    except Rejected as error:
        for reason in error.reasons:
            messages.error(request, reason)
    return redirect(reverse("roadmap", args=[slug]) + f"?run={run.pk}")


def told(run: RoadmapRun, made: Roadmap) -> dict[str, Any]:
    """Lay out what was worked out for a roadmap, or whether it can be."""
    done, dots = roadmap_weighing.weighed(run), roadmap_pictures.curve(run.told.get("curve", ()))
    return {
        "weighed": done, "can_weigh": not done and roadmap_weighing.can(run), "few": roadmap_weighing.FEW,
        "sure": run.told.get("needed", ()),
        "prices": roadmap_weighing.prices(run, made.asked.telling), "staff": _staff(run, made), "curve": dots,
        "line": " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in dots),
    }  # fmt: skip


def _staff(run: RoadmapRun, made: Roadmap) -> list[dict[str, Any]]:
    """Lay out what a tenth less and more of each role would make of the first aim, beside what it is."""
    found: dict[str, dict[str, Any]] = {}
    for role, percent, value, *bound in run.told.get("staff", ()):
        row = found.setdefault(role, {"role": role, "is": made.solved.aims[0].value})
        row["less" if percent < 100 else "more"] = roadmap_weighing.reached(value, *bound)  # noqa: PLR2004 - per cent
    return list(found.values())
