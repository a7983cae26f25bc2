"""The register in a real browser, at a telephone's and a desk's width: no error, no barrier, nothing sideways."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from comity.acts import catalogues, register
from comity.web import rooms
from tests.conftest import AT_BOTH, each_width
from tests.web.conftest import make
from tests.web.test_claims_in_a_browser import is_sound
from tests.web.test_in_a_browser import picture

READ = (("world",), ("instruments",), ("instrument", "budapest"), ("party", "JM"), ("practices",),
        ("practice", "un-norms"), ("record-practice", "un-norms", "13h"), ("survey",))  # fmt: skip
RECORDED = (("record-action", "budapest"), ("describe-instrument", "budapest"), ("instrument-records", "budapest"),
            ("rename-party", "JM"), ("import-table",))  # fmt: skip


@pytest.mark.long
@AT_BOTH
@pytest.mark.usefixtures("transactional_db")
def test_the_pages_are_sound_in_a_browser(
    home: Path, page: Page, live_server: LiveServer, accessible: Callable[..., None]
) -> None:
    client = Client()
    client.force_login(User.objects.get(username=make(home).officer.username))
    catalogues.load(catalogues.files(), register.ACTOR, datetime.now(UTC))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    for name, *places in (*READ, *RECORDED):
        page.goto(live_server.url + reverse(name, args=places))
        for _ in each_width(page):
            if name in ("world", "party"):
                picture(page, name)
            is_sound(page, accessible, dark=(name, *places) in READ)
    page.goto(live_server.url + reverse("world") + "?instrument=budapest")
    slider = page.get_by_label("Year")
    slider.focus()
    slider.press("Home")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("output")).to_have_text("1985")
    assert "year=1985" in page.url
    expect(page.locator('use[href$="#ar"]').first).to_have_class("not-in-force")
    page.goto("about:blank")


FOCUSABLE = """() => {
  const all = [...document.querySelectorAll('#content :is(a[href], button, input, select, textarea, summary)')]
    .filter(one => one.type !== 'hidden' && one.checkVisibility());
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
  const seen = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  return {at: all.indexOf(here), all: all.length, seen, shown: box.bottom > 0 && box.top < innerHeight,
          what: here.outerHTML.slice(0, 120),
          jumps: document.querySelectorAll('[tabindex]:not([tabindex="0"], [tabindex="-1"])').length,
          parts: ['date', 'time', 'radio', 'range'].includes(here.type)};
}"""
SLOW = 30_000  # milliseconds that a busy machine may take
TABS = int(os.environ.get("COMITY_TABS", "8"))
"""How many stops are tried on each page, of those that its content has."""


def walked(page: Page, address: str) -> int:
    """Go through a page's content by Tab alone, from the skip link on: in its order, each stop in sight and marked."""
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused(timeout=SLOW)
    page.keyboard.press("Enter")
    reached = -1
    while True:
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUSABLE)
        assert now["jumps"] == 0, f"{address}: something is out of the order of the page"
        if now["at"] == -1 or reached + 1 >= min(TABS, now["all"]):
            break
        assert reached <= now["at"] <= reached + 1 or now["parts"], f"{address}: {now['what']} comes at the wrong time"
        assert now["seen"], f"{address}: {now['what']} does not show that it has the focus"
        assert now["shown"], f"{address}: {now['what']} has the focus out of sight"
        reached = now["at"]
    return reached + 1


SUBMITTED: tuple[tuple[str, dict[str, str], str], ...] = (
    ("/contacts/new/", {"Institution": "Ministry", "E-mail": "desk@example.org", "Source": "note 1"}, "Recorded"),
    ("/undertakings/new/", {"What is undertaken": "Name a contact", "Source, such as": "minutes"}, "Recorded"),
    ("/engagements/new/", {"Title": "Dialogue", "Source": "invitation"}, "Recorded"),
    ("/parties/JM/fact/", {"Title": "Cybercrimes Act", "Source: an": "Gazette"}, "Recorded"),
    ("/instruments/new/", {"Slug": "harbour-pledge", "Title": "Harbour Pledge", "Source": "minutes"}, "Recorded"),
    ("/people/", {"Username": "dana"}, "The new password"),
    ("/people/", {"What it is for": "a report"}, "The new token"),
)
"""Forms: what is typed where, and what is said then; those with a preview are recorded from it."""


def submitted(page: Page, fields: dict[str, str], said: str) -> None:
    """Fill a form and send it with the keyboard alone."""
    for label, words in fields.items():
        page.get_by_label(label).first.focus()
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    record = page.locator(".preview").get_by_role("button", name="Record it")
    told = page.get_by_role("status").filter(has_text=said)
    expect(record.or_(told).first).to_be_visible(timeout=SLOW)
    if record.count():
        record.press("Enter")
    expect(told).to_be_visible(timeout=SLOW)


@pytest.mark.long
@pytest.mark.usefixtures("transactional_db")
def test_the_keyboard_alone_reaches_opens_and_sends_everything(
    home: Path, browser: Browser, live_server: LiveServer
) -> None:
    made = make(home)
    catalogues.load(catalogues.files(), register.ACTOR, datetime.now(UTC))
    page = browser.new_page(viewport={"width": 1280, "height": 844}, reduced_motion="reduce")
    page.set_default_timeout(SLOW)
    page.goto(live_server.url)
    page.get_by_label("Username").focus()
    page.keyboard.type(made.officer.username)
    page.keyboard.press("Tab")
    page.keyboard.type(made.officer.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today", timeout=SLOW)
    rooms_of_all = [reverse(room.address) for group in rooms.GROUPS for room in group.rooms]
    more = ("/instruments/budapest/", "/instruments/budapest/records/", "/instruments/budapest/record/", "/parties/JM/",
            "/parties/JM/membership/", "/tables/", "/practice/un-norms/13h/", "/practice/survey/", "/undertakings/new/",
            "/engagements/new/", "/engagements/import/", "/calendar/subscriptions/", "/agreements/bs-xa-cyber-mou/",
            "/agreements/bs-xa-cyber-mou/event/", "/partners/XA/", "/collections/indicators/", "/logs/XA/", "/search/",
            "/people/", "/api/")  # fmt: skip
    stops = 0
    for address in (*rooms_of_all, *more):
        page.goto(live_server.url + address)
        stops += walked(page, address)
    assert stops > 6 * len(more)
    for address, fields, said in SUBMITTED:
        page.goto(live_server.url + address)
        submitted(page, fields, said)
    page.goto(f"{live_server.url}/instruments/budapest/record/")
    for label, words in (("What was done", "accession"), ("By whom", "The Bahamas"), ("With effect on", "2026-05-04"),
                         ("Source: an", "chart of today")):  # fmt: skip
        page.get_by_label(label).first.focus()
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What it would change")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Record it").press("Enter")
    expect(page.locator(".notice.success")).to_contain_text("Recorded", timeout=SLOW)
    page.close()
