"""The calendar's pages in a real browser: no barrier, nothing sideways, and a round with the keyboard alone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from comity.acts import contacts, undertakings
from comity.acts.contacts import Named, Tried
from comity.acts.undertakings import Promised
from comity.models import ContactCheck, Engagement
from tests.conftest import AT_BOTH
from tests.web.test_in_a_browser import at_both_widths, desk, node, sound

__all__ = ["desk", "node", "sound"]

Check = Callable[[Page], None]


def furnish() -> tuple[str, str]:
    """Put something overdue, something due and contacts on the desk; give an undertaking's key and a contact's uid."""
    now = datetime.now(UTC)
    today = now.date()
    late = Promised("Answer the national survey of implementation", "note of 12 May 2026 (invented)",
                    rule=f"every year from {today - timedelta(days=12)}", owner="officer",
                    since=today - timedelta(days=100))  # fmt: skip
    key = str(undertakings.undertake(late, "officer", now).uid)
    soon = Promised("Name a point of contact", "minutes of 3 June 2026 (invented)", by="XA", to="BS",
                    rule=f"on {today + timedelta(days=3)} at 09:00")  # fmt: skip
    undertakings.undertake(soon, "officer", now)
    named = Named("policy", "Ministry of Foreign Affairs", "letter 7 (invented)", name="A. Rolle",
                  position="Under-Secretary", email="rolle@example.org", directories="OAS, UN")  # fmt: skip
    uid = str(contacts.record("BS", named, "officer", now).contact.uid)
    ping = contacts.check(uid, Tried(means="e-mail"), "officer", now - timedelta(hours=3))
    ContactCheck.objects.filter(pk=ping.pk).update(answered_at=ping.asked_at + 9_000_000_000)
    contacts.record("XA", Named("24/7", "CERT-AR", "their note (invented)", telephone="+99 1 555 0100",
                                hours="24 hours"), "officer", now)  # fmt: skip
    return key, uid


@pytest.mark.long
@AT_BOTH
def test_every_page_of_the_calendar_is_sound(desk: Page, live_server: LiveServer, sound: Check) -> None:
    key, uid = furnish()
    number = Engagement.objects.order_by("pk")[0].pk
    shown = {
        "overdue": reverse("today"),
        "calendar": reverse("calendar"),
        "subscriptions": reverse("subscriptions"),
        "undertakings": reverse("undertakings"),
        "undertaking": reverse("undertaking", args=[key]),
        "new-undertaking": reverse("new-undertaking"),
        "engagements": reverse("engagements"),
        "engagement": reverse("engagement", args=[number]),
        "engagement-form": reverse("change-engagement", args=[number]),
        "import": reverse("import-engagements"),
        "contacts": reverse("contacts"),
        "contact": reverse("contact", args=[uid]),
        "letter": reverse("nomination", args=[uid, "oas"]),
    }
    for name, address in shown.items():
        desk.goto(live_server.url + address)
        at_both_widths(desk, sound, name)
    desk.emulate_media(color_scheme="dark")
    for name in ("overdue", "calendar", "undertakings", "contacts"):
        desk.goto(live_server.url + shown[name])
        at_both_widths(desk, sound)


def test_an_undertaking_is_done_with_the_keyboard_alone(desk: Page, live_server: LiveServer, sound: Check) -> None:
    key, _uid = furnish()
    desk.goto(live_server.url)
    expect(desk.get_by_role("heading", name="1 undertaking is overdue")).to_be_visible()
    desk.get_by_role("link", name="Answer the national survey of implementation").first.press("Enter")
    desk.get_by_label("Which time, by its number").focus()
    desk.keyboard.type("1")
    desk.get_by_label("Source").focus()
    desk.keyboard.type("e-mail of today")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("Recorded")
    assert key in desk.url
    sound(desk)
    desk.goto(live_server.url)
    expect(desk.get_by_role("heading", name="overdue")).to_have_count(0)
