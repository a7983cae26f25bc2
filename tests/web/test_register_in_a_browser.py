"""The register in a real browser, at a telephone's and a desk's width: no error, no barrier, nothing sideways."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from comity.acts import catalogues, register
from tests.web.conftest import make
from tests.web.test_in_a_browser import picture


@pytest.mark.usefixtures("transactional_db")
def test_the_pages_are_sound_in_a_browser(
    home: Path, page: Page, live_server: LiveServer, accessible: Callable[[Page], None]
) -> None:
    client = Client()
    client.force_login(User.objects.get(username=make(home).officer.username))
    catalogues.load(catalogues.files(), register.ACTOR, datetime.now(UTC))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    for name, *places in (("world",), ("instruments",), ("instrument", "budapest"), ("party", "JM"), ("practices",),
                          ("practice", "un-norms"), ("record-practice", "un-norms", "13h"), ("survey",)):  # fmt: skip
        page.goto(live_server.url + reverse(name, args=places))
        if name in ("world", "party"):
            picture(page, name)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            accessible(page)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name}: {wide} px wider than its window"
    page.goto(live_server.url + reverse("world") + "?instrument=budapest")
    slider = page.get_by_label("Year")
    slider.focus()
    slider.press("Home")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("output")).to_have_text("1985")
    assert "year=1985" in page.url
    expect(page.locator('use[href$="#ar"]').first).to_have_class("not-in-force")
    page.goto("about:blank")
