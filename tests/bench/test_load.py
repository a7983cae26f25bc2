"""The client of the benches reads whole answers, and refuses to measure what is none."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench import _load
from bench._child import NotMeasured


class Counting(BaseHTTPRequestHandler):
    """Sends as many bytes as the path names; `/gone` is a 404, and `/once…` ends the connection after the answer."""

    protocol_version = "HTTP/1.1"
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/gone":
            self.send_error(404)
            return
        body = b"x" * int(self.path.removeprefix("/once").removeprefix("/"))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        if self.path.startswith("/once"):
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def server() -> Iterator[tuple[int, list[str]]]:
    asked: list[str] = []
    handler = type("Handler", (Counting,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as made:
        made.daemon_threads = True
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made.server_address[1], asked
        made.shutdown()


def ask(port: int, *paths: str, clients: int = 1) -> _load.Taken:
    return _load.ask(port, [_load.request(path, {"Accept": "x"}) for path in paths], 0.2, clients)


@pytest.mark.parametrize("paths", [["/0"], ["/3000000", "/7"], ["/once5", "/once3000000"]])
def test_every_question_is_answered_whole_and_noted_once(paths: list[str]) -> None:
    with server() as (port, asked):
        taken = ask(port, *paths)
        assert len(taken.each) == len(asked) > 1
        assert [paths[place % len(paths)] for place in range(len(asked))] == asked


def test_many_clients_begin_at_different_pages() -> None:
    with server() as (port, asked):
        taken = ask(port, "/1", "/2", "/3", "/4", clients=4)
        assert len(taken.each) == len(asked) >= 4
        assert set(asked) == {"/1", "/2", "/3", "/4"}


def test_anything_but_a_page_is_not_measured() -> None:
    with server() as (port, _), pytest.raises(NotMeasured, match="404"):
        ask(port, "/gone")
    with server() as (port, _), pytest.raises(NotMeasured, match="404"):
        _load.once(port, "/gone", {})


def test_rates_and_percentiles_are_told_of_all_that_was_asked() -> None:
    taken = _load.Taken([0.01] * 98 + [0.5, 0.7], 2.0) + _load.Taken([0.01] * 100, 2.0)
    assert taken.rate(1_000) == 50_000
    assert (taken.middle(), taken.percentile(0.99), taken.percentile(1)) == (10, 500, 700)
