"""Every page in a real browser, at a telephone's and a desk's width: no error, no barrier, nothing sideways."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from comity.acts import example_review
from comity.acts.example_state import Made
from tests.conftest import AT_BOTH, each_width
from tests.web import a_peer, exercise_pages, kept_pages, roadmap_pages
from tests.web.conftest import make
from tests.web.test_pages import every_page

PICTURES = Path(__file__).parents[2] / "docs" / "images"
SHOWN = {
    "agreement": "/agreements/bs-xa-cyber-mou/",
    "collection": "/collections/indicators/",
    "as-partner": "/as-partner/?party=XA&on=2027-06-01&agreement=bs-xa-cyber-mou&kind=suspension",
    "log": "/logs/XA/",
    "roadmap": f"/roadmaps/{roadmap_pages.SLUG}/",
    "peer": f"/peers/{a_peer.NAME}/",
}
PICTURED = {*SHOWN, "calendar", "capacity", "review", "rate", "recall", "undertakings"}
BROKEN_DATES = """() => {
  const found = [], range = document.createRange();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = texts.nextNode());)
    for (const date of node.data.matchAll(/[0-9]{4}-[0-9]{2}-[0-9]{2}/g)) {
      range.setStart(node, date.index); range.setEnd(node, date.index + 10);
      if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1)
        found.push(node.data.trim().slice(0, 80));
    }
  return found;
}"""
REVIEW_PAGES = (
    ("reviews",), ("new-review",), ("review", "bs-example"), ("rate", "bs-example", "D1.1.1"),
    ("compare", "bs-example", "D1.1.1"), ("evidence", "bs-example", "D1.1.1.f1"), ("review-people", "bs-example"),
    ("review-notes", "bs-example"), ("review-conflicts", "bs-example"), ("take-sheet", "bs-example"),
    ("review-report", "bs-example"),
)  # fmt: skip


@pytest.fixture
def node(transactional_db: None, home: Path) -> Made:
    """Make the example state where the server's threads see it."""
    del transactional_db
    return make(home)


@pytest.fixture
def desk(node: Made, live_server: LiveServer, page: Page) -> Iterator[Page]:
    """Sign in as the officer does, by name and password."""
    page.set_default_timeout(15_000)
    page.goto(live_server.url)
    page.get_by_label("Username").fill(node.officer.username)
    page.get_by_label("Password").fill(node.officer.password)
    page.get_by_role("button", name="Sign in").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    yield page
    page.goto("about:blank")


Check = Callable[[Page], None]


@pytest.fixture
def sound(accessible: Check) -> Check:
    """Give the check that a page has no barrier and is no wider than its window."""

    def check(page: Page) -> None:
        accessible(page)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{page.url} is {over} px wider than its window"
        assert page.evaluate(BROKEN_DATES) == [], f"{page.url} has dates that break in two"

    return check


def picture(page: Page, name: str) -> None:
    """Keep a picture for the documentation, when it is asked for (COMITY_PICTURES)."""
    if os.environ.get("COMITY_PICTURES"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}-{width}.png")


def at_both_widths(page: Page, sound: Check, name: str = "") -> None:
    """Look at a page at a telephone's width and at a desk's; picture it where its name is one of those shown."""
    for _ in each_width(page):
        sound(page)
        if name in PICTURED:
            picture(page, name)


@pytest.mark.long
@AT_BOTH
def test_every_page_is_sound(desk: Page, node: Made, live_server: LiveServer, sound: Check) -> None:
    for _ in each_width(desk):
        picture(desk, "today")
    walked = [*every_page(), *roadmap_pages.solved(), *exercise_pages.running()[2:5], reverse("api")]
    named = SHOWN | kept_pages.capacity() | kept_pages.correspondence(node)
    for address in dict.fromkeys(walked):
        if address not in named.values():
            desk.goto(live_server.url + address)
            at_both_widths(desk, sound)
    for name, address in named.items():
        desk.goto(live_server.url + address)
        if name == "roadmap":  # what more or less would change comes by itself, after the page
            expect(desk.locator("#weighed table").first).to_be_visible()
        at_both_widths(desk, sound, name)
    reviewed(desk, live_server, sound)
    desk.emulate_media(color_scheme="dark")
    for name in ("agreement", "as-partner"):
        desk.goto(live_server.url + SHOWN[name])
        at_both_widths(desk, sound)


def reviewed(desk: Page, live_server: LiveServer, sound: Check) -> None:
    """Go through a review’s pages, and answer with the keyboard: what is chosen is saved without a further key."""
    example_review.load(datetime.now(UTC))
    for name, *places in REVIEW_PAGES:
        desk.goto(live_server.url + reverse(name, args=places))
        at_both_widths(desk, sound, name)
    desk.goto(live_server.url + reverse("rate", args=["bs-example", "D1.1.2"]))
    desk.get_by_role("group", name="D1.1.2.f1").get_by_role("radio", checked=True).focus()
    desk.keyboard.press("ArrowRight")
    saved = desk.locator("#i-D1\\.1\\.2\\.f1 .saved")
    expect(saved).to_contain_text("saved")
    seen = desk.locator("#seen-D1\\.1\\.2\\.f1")
    expect(seen).to_have_value("2")
    desk.keyboard.press("ArrowRight")
    expect(seen).to_have_value("3")
    at_both_widths(desk, sound)


def test_sign_in_is_sound(page: Page, live_server: LiveServer, sound: Check) -> None:
    page.goto(live_server.url)
    sound(page)
    picture(page, "sign-in")


def test_a_passkey_is_set_up_and_opens_the_desk(desk: Page, node: Made, live_server: LiveServer, sound: Check) -> None:
    """Add a passkey as a telephone or a key would make it, sign out, and come in by it alone."""
    cache.clear()
    link = desk.context.new_cdp_session(desk)
    link.send("WebAuthn.enable")
    made = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True}  # fmt: skip
    link.send("WebAuthn.addVirtualAuthenticator", {"options": made})
    for name in ("mfa_index", "mfa_activate_totp"):
        desk.goto(live_server.url + reverse(name))
        sound(desk)
    desk.get_by_label("Password").fill(node.officer.password)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Activate Authenticator App")
    sound(desk)
    desk.goto(live_server.url + reverse("mfa_add_webauthn"))
    sound(desk)
    desk.get_by_label("Passwordless").check()
    desk.get_by_role("button", name="Add").press("Enter")
    expect(desk.get_by_role("heading", level=1)).not_to_have_text("Add Security Key")
    for name in ("mfa_list_webauthn", "mfa_view_recovery_codes"):
        desk.goto(live_server.url + reverse(name))
        sound(desk)
    desk.get_by_role("button", name="Sign out").press("Enter")
    desk.goto(live_server.url + reverse("account_login"))
    desk.get_by_role("button", name="Use a passkey").press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Today")


def test_an_officers_round_with_the_keyboard_alone(desk: Page, live_server: LiveServer, sound: Check) -> None:
    """Find an object as one types, suspend an agreement after its preview, see the matrix change, verify the log."""
    desk.goto(live_server.url + reverse("search"))
    desk.get_by_role("searchbox").press_sequentially("HarbourLock command server, sec")
    expect(desk.locator("#found")).to_contain_text("1 version")
    desk.get_by_role("link", name="HarbourLock command server, second").press("Enter")
    expect(desk.get_by_role("row", name="Republic of Ardenia")).to_contain_text("released")
    matrix = desk.url
    picture(desk, "object")

    desk.goto(live_server.url + reverse("event", args=["bs-xa-cyber-mou"]))
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="Skip to the content")).to_be_focused()
    desk.get_by_label("Source").focus()
    desk.keyboard.type("note verbale 9/2026")
    desk.get_by_label("Takes effect on").fill("2026-10-01")
    desk.get_by_label("Takes effect on").press("Enter")
    expect(desk.get_by_role("heading", name="What it would do")).to_be_visible()
    sound(desk)
    picture(desk, "preview")
    desk.get_by_role("button", name="Record it").press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("Recorded: suspension")
    sound(desk)
    desk.goto(matrix)
    expect(desk.get_by_role("row", name="Republic of Ardenia")).to_contain_text("withheld")

    desk.goto(live_server.url + reverse("log", args=["XA"]))
    desk.get_by_role("button", name="Sign its head").press("Enter")
    desk.get_by_role("button", name="Verify the log").press("Enter")
    expect(desk.get_by_role("heading", name="It verifies.")).to_be_visible()
    sound(desk)
    picture(desk, "verified")
