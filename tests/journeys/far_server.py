"""A foreign TAXII 2.1 server with known faults: batches under one date, forgotten cursors, lines that go dead."""

import json
import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

BATCH = 7  # objects under one date
_BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
_TAXII = "application/taxii+json;version=2.1"


@dataclass
class Faulty:
    """What it holds, in order, and the chance by which it fails."""

    stock: Sequence[dict[str, Any]]
    chance: random.Random
    faults: list[str] = field(default_factory=list)

    def date(self, place: int) -> str:
        return (_BEGIN + timedelta(seconds=place // BATCH)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def answer(self, query: dict[str, list[str]]) -> tuple[int, dict[str, str], bytes]:
        """Answer a question, or fail."""
        if "next" in query and self.chance.random() < 0.2:
            self.faults.append("a cursor was forgotten")
            return 400, {}, b'{"title": "next is not known"}'
        after = query.get("added_after", [""])[0]
        begin = bisect_right(range(len(self.stock)), after, key=self.date)
        done, most = begin + int(query.get("next", ["0"])[0]), int(query["limit"][0])
        page = [(self.date(place), self.stock[place]) for place in range(done, min(done + most, len(self.stock)))]
        more = len(self.stock) > done + most
        body: dict[str, Any] = {"more": more, "objects": [one for _, one in page]}
        if more and self.chance.random() < 0.8:
            body["next"] = str(done + most - begin)
        dates = {"X-TAXII-Date-Added-First": page[0][0], "X-TAXII-Date-Added-Last": page[-1][0]} if page else {}
        return 200, dates, json.dumps(body).encode()


@contextmanager
def served(far: Faulty) -> Iterator[str]:
    """Serve it on loopback; give its API root."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name is the standard library's
            parts = urlsplit(self.path)
            status, headers, body = far.answer(parse_qs(parts.query))
            dead = far.chance.random() < 0.1
            self.send_response(status)
            for name, value in {**headers, "Content-Type": _TAXII, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if dead:
                far.faults.append("the line went dead")
            self.wfile.write(body[: len(body) // 2] if dead else body)
            self.close_connection = dead

        def log_message(self, *_words: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/root/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
