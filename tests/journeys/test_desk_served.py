"""The desk as `comity up` serves it: forms are heard whole, short and long, and whoever signs in is in."""

import http.cookiejar
import json
import re
import urllib.parse
import urllib.request

from tests.journeys.conftest import Held


def test_one_signs_in_at_a_served_desk(polled: Held) -> None:
    fortress, _ = polled
    dana = json.loads(fortress.run("officer", "add", "dana", "--json"))
    desk = f"http://127.0.0.1:{fortress.port}"
    with fortress.served():
        for padding in ("", "x" * 1_500_000):
            browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
            page = browser.open(f"{desk}/sign-in/", timeout=60).read().decode()
            found = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
            assert found
            told = {"csrfmiddlewaretoken": found.group(1), "login": "dana", "password": dana["password"]}
            form = urllib.parse.urlencode({**told, "nothing": padding}).encode()
            with browser.open(f"{desk}/sign-in/", data=form, timeout=60) as answer:
                assert answer.url == f"{desk}/"
                assert "Signed in as dana" in answer.read().decode()
