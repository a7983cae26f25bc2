"""The claims inbox in a real browser, by keyboard, at a telephone's and a desk's width."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from comity.environment import ROOT
from tests.web.conftest import make

ARTICLE = ROOT / "catalogues" / "example" / "article.txt"


def is_sound(page: Page, accessible: Callable[..., None], *, dark: bool = True) -> None:
    for scheme in ("light", "dark") if dark else ("light",):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        accessible(page, colours=scheme == "dark")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than its window"


@pytest.mark.usefixtures("transactional_db")
def test_a_document_is_checked_and_a_claim_accepted_by_keyboard(
    home: Path, page: Page, live_server: LiveServer, accessible: Callable[..., None]
) -> None:
    client = Client()
    client.force_login(User.objects.get(username=make(home).officer.username))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.goto(live_server.url + "/claims/")
    is_sound(page, accessible)
    page.get_by_role("button", name="File").set_input_files(ARTICLE)
    page.get_by_role("button", name="Check it").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("article.txt")
    is_sound(page, accessible)
    page.get_by_role("button", name="Accept claim 1", exact=True).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("It stands in the register as a claim")
    expect(page.locator("#claim-1")).to_contain_text("accepted as a claim")
    is_sound(page, accessible)
    page.goto("about:blank")
