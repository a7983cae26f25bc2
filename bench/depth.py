"""What a page of 1,000 costs as the store grows, at its beginning, its middle and its end, and by share of it.

Each page is asked for once, so that no answer is at hand; then one page again and again, which is at hand.
"""

from collections.abc import Iterator

from bench import _large
from bench._large import Large, Timed
from comity.commands.bench import Figure

PAGES = 25
BEGIN, MIDDLE, END = "first", "middle", "last"


def run() -> Iterator[Figure]:
    """Serve each size in turn; compare every figure with the least of its kind."""
    anew: list[tuple[str, float, float]] = []
    again: list[tuple[str, float, float]] = []
    for count in _large.sizes():
        with _large.served(count) as node:
            _warm(node)
            for where, start in ((BEGIN, 0.0), (MIDDLE, 0.5), (END, 1.0)):
                found, repeated = _pages(node, "XA", start)
                anew.append((f"{count:,}: {where} pages, anew", found.middle, found.processor))
                again.append((f"{count:,}: {where} page, again", repeated.middle, repeated.processor))
    yield from _compared(anew, "ms")
    yield from _compared(again, "ms")
    with _large.served(_large.sizes()[-1]) as node:
        _warm(node)
        yield from _compared([_share(node, code) for code in node.accounts], "µs an object")


def _warm(node: Large) -> None:
    """Have each partner's view drawn up, and pages read from all over, since a process is slow with its first ones."""
    for code in node.accounts:
        node.asked(code, ["limit=1"] * 5)
    places = node.places("XA", [(number + 0.5) / PAGES for number in range(PAGES)])
    node.asked("XA", [_large.after(place, _large.PAGE - 1) for place in places])  # by questions that nobody asks later


def _pages(node: Large, code: str, start: float) -> tuple[Timed, Timed]:
    """Ask for some pages about a part of the whole, each once, and then for one of them again and again."""
    whole = int(node.count * node.accounts[code].share)
    step = _large.PAGE / whole
    spread = min(PAGES, whole // _large.PAGE)
    base = min(max(start - step * spread / 2, 0.0), 1.0 - step * spread)
    places = node.places(code, [base + step * number for number in range(spread)])
    queries = [_large.after(place) for place in places]
    found = node.asked(code, queries)
    return found, node.asked(code, [queries[-1]] * PAGES)


def _share(node: Large, code: str) -> tuple[str, float, float]:
    """Give the microseconds an object that pages cost a partner, anew."""
    whole = int(node.count * node.accounts[code].share)
    pages = min(PAGES, max(whole // _large.PAGE, 1))
    size = min(whole, _large.PAGE)
    places = node.places(code, [number * size / whole for number in range(pages)])
    many = [_large.after(place, size) for place in places]
    if pages == 1:  # the only page, each time by another question, so that none is at hand
        many = [f"match[type]=indicator,x-{number}" for number in range(PAGES)]
    found = node.asked(code, many)
    return f"{node.count:,}: {code}, {node.accounts[code].share:.2%} of it", 1000 * found.middle / size, (
        1000 * found.processor / size)  # fmt: skip


def _compared(rows: list[tuple[str, float, float]], unit: str) -> Iterator[Figure]:
    least = min((middle for _, middle, _ in rows), default=1.0)
    least_cost = min((cost for _, _, cost in rows), default=1.0) or 1.0
    for what, middle, cost in rows:
        yield Figure(what, middle, unit, middle / least, "the least")
        yield Figure(f"{what}: processor", cost, unit, cost / least_cost, "the least")
