"""What is kept when a desk has worked: results of reviews, a recall, a request; and the addresses of their pages."""

from datetime import UTC, date, datetime

from django.urls import reverse

from comity.acts import capacity_results, framework_editions, frameworks, recalls, requests
from comity.acts.example_state import Made
from comity.models import FrameworkEdition
from tests.web.test_capacity import answers
from tests.web.test_pages import given_to

FRAMEWORKS = ("cmm", "un-norms")


def capacity() -> dict[str, str]:
    """Keep two results of our own by a model; give the pages of capacity, each by what it is called."""
    now = datetime.now(UTC)
    for name in FRAMEWORKS:
        if not FrameworkEdition.objects.filter(framework=name).exists():
            framework_editions.take(frameworks.framework(name), "test", now)
    for year, upto in ((2024, 0), (2026, 1)):
        capacity_results.keep(answers("BS", date(year, 5, 1), upto), "officer", now)
    return {
        "capacity": reverse("capacity"), "frameworks": reverse("frameworks"),
        "framework": reverse("framework", args=["un-norms", "2015"]),
        "crosswalk": reverse("crosswalk", args=["cmm-un-norms"]), "states": reverse("capacity-states"),
    }  # fmt: skip


def correspondence(made: Made) -> dict[str, str]:
    """Recall what Ardenia was given, and ask it for help; give the pages of both."""
    now = datetime.now(UTC)
    why = "The address belongs to a hospital: the sighting was mistaken."
    row = recalls.recall(recalls.Ordered(given_to(made, "XA").stix_id, "delete", why), "officer", now)
    asked = requests.Asked("XA", "advice", "How do you count incidents?", agreement="bs-xa-cyber-mou")
    first = requests.ask(asked, "officer", now)
    return {"recall": reverse("recall", args=[row.uuid]), "recalls": reverse("recalls"),
            "correspondence": reverse("correspondence"), "thread": reverse("thread", args=[first.uuid])}  # fmt: skip
