"""The frame that the other tests stand in: the network is shut, the stores and the browser are real."""

import re
import socket
import subprocess
import sys
from collections.abc import Callable

import psycopg
import pytest
from django.core import mail
from django.db import connection
from playwright.sync_api import Page

from tests.conftest import WIDTHS


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0), ("example.org", 443)])
def test_no_test_reaches_the_network(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    for kind, send in ((socket.SOCK_STREAM, "connect"), (socket.SOCK_DGRAM, "sendto")):
        with socket.socket(family, kind) as link, pytest.raises(AssertionError, match="reached for the network"):
            getattr(link, send)(*([b""] if send == "sendto" else []), address)


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as link:
        link.sendall(b"hello")
        with server.accept()[0] as accepted:
            assert accepted.recv(5) == b"hello"


def test_mail_stays_in_the_house() -> None:
    mail.send_mail("Note", "A note verbale.", "desk@example.org", ["partner@example.org"])
    assert [letter.subject for letter in mail.outbox] == ["Note"]


@pytest.mark.both_stores
@pytest.mark.django_db
def test_the_store_is_the_one_that_was_asked_for() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode" if connection.vendor == "sqlite" else "SHOW server_encoding")
        assert cursor.fetchone() == ("wal" if connection.vendor == "sqlite" else "UTF8",)


def test_each_test_has_a_postgresql_database_of_its_own(postgres_database: str) -> None:
    with psycopg.connect(postgres_database) as link:
        assert link.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_page_is_shown_and_checked(page: Page, accessible: Callable[[Page], None]) -> None:
    page.set_content("<html lang=en><title>Desk</title><main><h1>Today</h1></main></html>")
    assert page.get_by_role("heading").inner_text() == "Today"
    accessible(page)


def test_a_page_with_a_picture_without_words_is_found(page: Page, accessible: Callable[[Page], None]) -> None:
    page.set_content("<html lang=en><title>Desk</title><main><h1>Today</h1><img src='data:,'></main></html>")
    with pytest.raises(AssertionError, match=re.escape("image-alt: <img")):
        accessible(page)


ROWS = "<tr><td><a href='/one/'>One</a></td></tr>" * 4
PALE = {
    "td": "color: #bbb",
    "table": "background: #ddd; color: #888",
    "tr": "opacity: 0.3",
    "a": "color: #00c; background: #333",
}
"""What makes a row too pale to read: its colour, its table's ground, that it is seen through, its link's ground."""


@pytest.mark.parametrize("page", WIDTHS[:1], indirect=True)
def test_a_row_too_pale_to_read_is_found_though_many_that_are_alike_were_looked_at(
    page: Page, accessible: Callable[[Page], None]
) -> None:
    row, style = "<tr><td>Two, <a href='/two/'>three</a></td></tr>", "body { background: #fff } a { color: #00c }"
    for part, pale in {"none": "", **PALE}.items():
        table = f"<table>{ROWS}{row}</table><table class='pale'>{row}</table>"
        styles = f"<style>{style} .pale {part}, {part}.pale {{ {pale} }}</style>"
        page.set_content(f"<html lang=en><title>Desk</title>{styles}<main><h1>Today</h1>{table}</main></html>")
        if part == "none":
            accessible(page)
            continue
        with pytest.raises(AssertionError, match=r"color-contrast: <(td|a)"):
            accessible(page)


@pytest.mark.parametrize("page", WIDTHS[:1], indirect=True)
def test_what_the_wide_page_alone_shows_is_looked_at_there(page: Page, accessible: Callable[[Page], None]) -> None:
    style = "<style>@media (max-width: 400px) { img { display: none } }</style>"
    page.set_content(f"<html lang=en><title>Desk</title>{style}<main><h1>Today</h1><img src='data:,'></main></html>")
    accessible(page)
    page.set_viewport_size({"width": WIDTHS[1], "height": 844})
    with pytest.raises(AssertionError, match="image-alt: <img"):
        accessible(page)


def test_help_loads_neither_a_verb_nor_the_desk() -> None:
    script = (
        "import sys\n"
        "from comity.commands import VERBS, main\n"
        "main(['--help'], standalone_mode=False)\n"
        "print([name for name in ('django.db', 'msgspec', 'rich', 'cryptography') if name in sys.modules])\n"
        "print([name for name in sys.modules if name.startswith('comity.commands.') and name.split('.')[2] in VERBS])\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-2:] == ["[]", "[]"]
