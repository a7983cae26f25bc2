"""What a large store takes: bytes on disk an object, and the memory of the processes that serve it."""

from collections.abc import Iterator

from bench import _large, _watch
from comity.commands.bench import Figure

SIZE, PAGES = 800, 200


def run() -> Iterator[Figure]:
    """Read pages from all over each store, and look at its file and at the serving processes."""
    for count in _large.sizes():
        with _large.served(count) as node:
            file = node.home / "comity.sqlite3"
            yield Figure(f"{count:,}: on disk", file.stat().st_size / count, "bytes each",
                         file.stat().st_size / count / SIZE, "their JSON")  # fmt: skip
            idle = _watch.cost(node.process)
            places = node.places("XA", [number / PAGES for number in range(PAGES)])
            for code in node.accounts:
                node.asked(code, ["limit=1"])
            node.asked("XA", [_large.after(place) for place in places])
            used = _watch.cost(node.process)
            if idle and used:
                yield Figure(f"{count:,}: memory when nothing was asked", idle.memory / 1e6, "MB")
                yield Figure(f"{count:,}: memory after {PAGES} pages from all over", used.memory / 1e6, "MB")
