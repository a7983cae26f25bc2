"""What every test may ask for, and what none may do: reach the network, send mail, or warn."""

import gc
import os
import socket
from collections.abc import Callable, Generator, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.utils import translation
from hypothesis import settings as search
from playwright.sync_api import Browser, Page, sync_playwright
from psycopg import sql

from comity.commands.test import BROWSER_FLAGS, find_browser
from tests import forge
from tests import postgres as server
from tests.barriers import Barriers
from tests.nodes import Made, example

search.register_profile("untimed", deadline=None)  # a busy machine is no fault of what is tested
search.register_profile("the same each time", derandomize=True, deadline=None)
if os.environ.get("CI"):  # a change is judged by the same examples as the last one; by hand new ones are looked for
    search.load_profile("the same each time")
else:
    search.load_profile("untimed")

WIDTHS = (390, 1280)  # pixels: a telephone, a desk
COLLECT = (10_000, 20, 20)
"""How often cycles are looked for while tests run: each look costs more the more is loaded, and all is loaded here."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no cycles while all is loaded, and never again in what was: it stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()
        gc.set_threshold(*COLLECT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes long first: the processes then end together, on short tests that they take from each other.

    What SQLite knows nothing like is left to the run on PostgreSQL.
    """
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    if connection.vendor != "postgresql":
        items[:] = [item for item in items if item.get_closest_marker("postgresql_alone") is None]


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the tests a node's home of their own, one a worker."""
    folder = tmp_path_factory.mktemp("home")
    os.environ["COMITY_DATA"] = str(folder)
    settings.DATA = folder
    return folder


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords at the least price: it is what makes an account dear, and hundreds are made."""
    with override_settings(PASSWORD_HASHERS=["tests.hashing.Quick"]):
        yield


@pytest.fixture(autouse=True)
def english() -> None:
    """Begin each test in English: a page that was asked for in another language leaves that one behind."""
    translation.activate("en")


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """Forbid connections and datagrams to anywhere but this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        yield


def guarded(call: Any) -> Any:
    """Wrap a socket's method, whose last argument is an address, so that it refuses one outside this machine."""

    def refuse_or_call(self: socket.socket, *arguments: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not local(arguments[-1][0]):
            raise AssertionError(f"a test reached for the network: {arguments[-1]}")
        return call(self, *arguments)

    return refuse_or_call


def local(host: str) -> bool:
    """Whether `host` is this machine; a name other than localhost is not looked up, and counts as outside."""
    try:
        return host in ("", "localhost") or ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Keep SQLite's test store in a file, as a node does; on PostgreSQL each worker has a database of its own."""
    del django_db_modify_db_settings_parallel_suffix
    store: dict[str, Any] = settings.DATABASES["default"]
    if store["ENGINE"].endswith("sqlite3"):
        store["TEST"]["NAME"] = str(tmp_path_factory.mktemp("store") / "comity.sqlite3")


@pytest.fixture(scope="session")
def comity(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a program that is `comity` with everything loaded: for verbs that end by themselves, not for `up`."""
    with forge.lit(tmp_path_factory.mktemp("forge") / "lit") as program:
        yield program


@pytest.fixture(scope="session")
def example_node(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Give what the first `comity up` makes, made once for all workers: to be copied, never to be changed."""
    return example(tmp_path_factory.getbasetemp().parent / "example")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Give a real PostgreSQL's address without a database name: the run's own, or one started here."""
    given = os.environ.get("COMITY_DATABASE", "")
    if given.startswith("postgresql://"):
        yield given.rpartition("/")[0]
    else:
        with server.running() as address:
            yield address


@pytest.fixture
def postgres_database(postgres: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the address of an empty database of the test's own."""
    name = f"t{os.getpid()}_{abs(hash(request.node.nodeid))}"
    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as link:
        link.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        yield f"{postgres}/{name}"
        link.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a headless Chromium, which itself may reach this machine alone; one a module.

    While it runs, the driver's event loop counts as running in this thread: Django's store would refuse to be used
    beside it, and `asyncio.run` does refuse, so it must not outlive the tests that need it.
    """
    path = find_browser()
    assert path, "no headless browser is here: start with ./comity test, which brings one"
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        flags = [*BROWSER_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()


AT_BOTH = pytest.mark.parametrize("page", [WIDTHS[-1]], indirect=True, ids=["both widths"])
"""Marks a test that looks at each page at both widths itself (`each_width`): it is then run once, not once a width."""


def each_width(page: Page) -> Iterator[int]:
    """Give a page at each width in turn without loading it anew: its style alone depends on the width, no script."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        yield width


@pytest.fixture(params=WIDTHS, ids=lambda width: f"{width}px")
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open a page at each width in turn; the test fails where the console held an error or a script failed."""
    context = browser.new_context(viewport={"width": request.param, "height": 844}, reduced_motion="reduce")
    opened, complaints = context.new_page(), list[str]()
    opened.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert not complaints


@pytest.fixture(scope="session")
def accessible() -> Callable[..., None]:
    """Give the check that a page has no axe violation (`barriers.py`)."""
    barriers = Barriers()

    def check(page: Page, *, colours: bool = False) -> None:
        narrow = page.viewport_size is not None and page.viewport_size["width"] == WIDTHS[0]
        barriers(page, narrow=narrow, colours=colours)

    return check
