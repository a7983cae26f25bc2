"""Every page in a real browser, at a telephone's and a desk's width: no error, no barrier, nothing sideways."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from comity.acts.example_state import Made
from tests.web.test_pages import every_page

PICTURES = Path(__file__).parents[2] / "docs" / "images"
SHOWN = {
    "today": "/",
    "agreement": "/agreements/bs-xa-cyber-mou/",
    "collection": "/collections/indicators/",
    "as-partner": "/as-partner/?party=XA&on=2027-06-01&agreement=bs-xa-cyber-mou&kind=suspension",
    "ledger": "/logs/XA/",
}


@pytest.fixture
def desk(transactional_db: None, live_server: LiveServer, bahamas: Made, page: Page) -> Iterator[Page]:
    """Sign in as the officer does, by name and password."""
    del transactional_db
    page.set_default_timeout(10_000)
    page.goto(live_server.url)
    page.get_by_label("Username").fill(bahamas.officer.username)
    page.get_by_label("Password").fill(bahamas.officer.password)
    page.get_by_role("button", name="Sign in").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    yield page
    page.goto("about:blank")


def sideways(page: Page) -> int:
    """Tell by how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_every_page_is_sound(desk: Page, live_server: LiveServer, accessible: Callable[[Page], None]) -> None:
    for address in every_page():
        desk.goto(live_server.url + address)
        accessible(desk)
        assert sideways(desk) <= 0, address
    desk.emulate_media(color_scheme="dark")
    for address in (SHOWN["today"], SHOWN["agreement"], SHOWN["as-partner"]):
        desk.goto(live_server.url + address)
        accessible(desk)


def test_sign_in_is_sound(page: Page, live_server: LiveServer, accessible: Callable[[Page], None]) -> None:
    page.goto(live_server.url)
    accessible(page)
    assert sideways(page) <= 0


def test_an_officer_suspends_with_the_keyboard_alone(desk: Page, live_server: LiveServer,
                                                     accessible: Callable[[Page], None]) -> None:  # fmt: skip
    desk.goto(live_server.url + reverse("event", args=["bs-xa-cyber-mou"]))
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="Skip to the content")).to_be_focused()
    desk.get_by_label("Source").focus()
    desk.keyboard.type("note verbale 9/2026")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="What it would do")).to_be_visible()
    accessible(desk)
    assert sideways(desk) <= 0
    desk.get_by_role("button", name="Record it").press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("Recorded: suspension")
    accessible(desk)


def test_the_rows_follow_what_is_typed(desk: Page, live_server: LiveServer) -> None:
    desk.goto(live_server.url + reverse("search"))
    desk.get_by_role("searchbox").press_sequentially("no such thing")
    expect(desk.locator("#found")).to_contain_text("Nothing is found")
    assert desk.url.endswith("?q=no+such+thing") or desk.url.endswith("?q=no%20such%20thing")


def test_a_log_is_verified_by_a_press(desk: Page, live_server: LiveServer, accessible: Callable[[Page], None]) -> None:
    desk.goto(live_server.url + reverse("log", args=["XA"]))
    desk.get_by_role("button", name="Sign its head").click()
    desk.get_by_role("button", name="Verify the log").click()
    expect(desk.get_by_role("heading", name="It verifies.")).to_be_visible()
    accessible(desk)
    assert sideways(desk) <= 0
