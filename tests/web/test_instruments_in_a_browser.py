"""The instruments in a real browser, at a telephone's and a desk's width: no error, no barrier, nothing sideways."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.web.conftest import make


@pytest.mark.usefixtures("transactional_db")
def test_the_page_is_sound_in_a_browser(
    home: Path, page: Page, live_server: LiveServer, accessible: Callable[[Page], None]
) -> None:
    client = Client()
    client.force_login(User.objects.get(username=make(home).officer.username))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.goto(live_server.url + reverse("instruments"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        accessible(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{wide} px wider than its window"
    page.get_by_role("link", name="not found (").press("Enter")
    expect(page.get_by_role("row", name="Memorandum")).to_contain_text("not found")
    expect(page.get_by_role("row", name="Budapest")).to_have_count(0)
    accessible(page)
    page.goto("about:blank")
