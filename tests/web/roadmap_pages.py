"""The example plan, taken in and solved, and the address of every page of it."""

from datetime import UTC, datetime

from django.urls import reverse

from comity.acts import best_practices, roadmap_store
from comity.policy.roadmap_draft import Offered

SLUG = "bs-example"


def solved() -> list[str]:
    """Take the example plan in, solve it, take an offer in, solve it again; give its pages."""
    now = datetime.now(UTC)
    best_practices.load_catalogue("catalogue", now)
    roadmap_store.take_in_example(now)
    roadmap_store.solve(SLUG, "officer", now)
    offered = Offered("", "XA", ("data-law", "budapest"), 0, (("law", 50),), None, 2, "a letter (invented)")
    roadmap_store.offer(SLUG, offered, "officer", now)
    roadmap_store.solve(SLUG, "officer", now)
    asked = roadmap_store.ask(SLUG, "budapest", "XA", "Two drafters for six months", "officer", now)
    return [
        reverse("roadmaps"), *(reverse(name, args=[SLUG]) for name in
                               ("roadmap", "roadmap-measures", "roadmap-offers", "roadmap-strategy")),
        reverse("roadmap-strategy", args=[SLUG]) + "?public", reverse("help-letter", args=[SLUG, asked.pk]),
        reverse("best-practices"),
    ]  # fmt: skip
