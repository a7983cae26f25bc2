"""STIX 2.1 §9 as it is written, slowly: every comparison of every object, every way to choose observations."""

import ipaddress
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from comity.stix.patterns.observations import Observation
from comity.stix.patterns.tree import (
    ALL,
    AllOf,
    AnyOf,
    Between,
    Both,
    Comparison,
    Condition,
    Either,
    Expression,
    Followed,
    Moment,
    Path,
    Repeated,
    Seen,
    Within,
)

Instance = tuple[int, int]
"""An observation's place, and which of the times that it was made."""


def satisfied(expression: Expression, observations: Sequence[Observation]) -> bool:
    return next(bindings(expression, observations), None) is not None


def bindings(expression: Expression, seen: Sequence[Observation]) -> Iterator[tuple[Instance, ...]]:
    """Yield every choice of different observations that satisfies an expression."""
    if isinstance(expression, Seen):
        return single(expression, seen)
    if isinstance(expression, AnyOf):
        return itertools.chain.from_iterable(bindings(part, seen) for part in expression.parts)
    if isinstance(expression, (AllOf, Followed)):
        choices = [list(bindings(part, seen)) for part in expression.parts]
        return apart(choices) if isinstance(expression, AllOf) else followed(choices, seen)
    inner = bindings(expression.inner, seen)
    if isinstance(expression, Repeated):
        chosen = itertools.combinations(list(inner), expression.times)
        return itertools.chain.from_iterable(apart([[one] for one in some]) for some in chosen)
    if isinstance(expression, Within):
        return (one for one in inner if spread(one, seen) < expression.seconds)
    return (one for one in inner if all(between(expression, seen[place]) for place, _ in one))


def single(expression: Seen, seen: Sequence[Observation]) -> Iterator[tuple[Instance, ...]]:
    for place, one in enumerate(seen):
        if any(holds(expression.condition, found, one) for found in one.objects):
            yield from (((place, time),) for time in range(one.count))


def spread(chosen: tuple[Instance, ...], seen: Sequence[Observation]) -> float:
    """Return the seconds between observations, each placed in its span so that they are closest."""
    return (max(seen[place].first for place, _ in chosen) - min(seen[place].last for place, _ in chosen)) / 1e6


def apart(choices: Sequence[Sequence[tuple[Instance, ...]]]) -> Iterator[tuple[Instance, ...]]:
    for row in itertools.product(*choices):
        every = tuple(itertools.chain.from_iterable(row))
        if len(set(every)) == len(every):
            yield every


def between(expression: Between, one: Observation) -> bool:
    start, stop = microseconds(expression.start.text), microseconds(expression.stop.text)
    return start < stop and one.first < stop and one.last >= start


def followed(
    choices: Sequence[Sequence[tuple[Instance, ...]]], seen: Sequence[Observation]
) -> Iterator[tuple[Instance, ...]]:
    for row in itertools.product(*choices):
        every = list(itertools.chain.from_iterable(row))
        pairs = [(a, b) for i, late in enumerate(row) for early in row[:i] for a, _ in early for b, _ in late]
        if len(set(every)) == len(every) and all(seen[a].first <= seen[b].last for a, b in pairs):
            yield tuple(every)


def holds(condition: Condition, found: Any, within: Observation) -> bool:
    if isinstance(condition, Both):
        return all(holds(part, found, within) for part in condition.parts)
    if isinstance(condition, Either):
        return any(holds(part, found, within) for part in condition.parts)
    if found["type"] != condition.path.type:
        return False
    led_to = list(walk(condition.path, found, within))
    if condition.operator == "EXISTS":
        return bool(led_to) != condition.negated
    return any(compare(condition, value) for value in led_to)


def walk(path: Path, found: Any, within: Observation) -> Iterator[Any]:
    def step(here: Any, steps: tuple[Any, ...], before: Any) -> Iterator[Any]:
        if not steps:
            yield here
            return
        first, rest = steps[0], steps[1:]
        if first == ALL and isinstance(first, int):
            nexts = here if isinstance(here, list) else []
        elif isinstance(first, int):
            nexts = [here[first]] if isinstance(here, list) and first < len(here) else []
        else:
            nexts = [here[first]] if isinstance(here, dict) and first in here else []
        name = before if isinstance(first, int) else first
        refers = rest and isinstance(name, str) and name.endswith("_refs" if isinstance(first, int) else "_ref")
        value: Any
        for one in nexts:
            value = bytes.fromhex(one) if isinstance(first, str) and first.endswith("_hex") else one
            if refers:
                if value in within.referred:
                    yield from step(within.referred[value], rest, first)
            else:
                yield from step(value, rest, first)

    yield from step(found, path.steps, None)


def compare(comparison: Comparison, value: Any) -> bool:
    operand = comparison.operand
    if comparison.operator in {"<", ">", "<=", ">="}:
        sides = comparable(value, operand)
        if sides is None:
            return False
        left, right = sides
        result = {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[comparison.operator]
        return bool(result) != comparison.negated
    result = plainly(comparison.operator, value, operand)
    return result != comparison.negated


def plainly(operator: str, value: Any, operand: Any) -> bool:
    if operator in {"=", "!="}:
        sides = comparable(value, operand)
        return (sides is not None and sides[0] == sides[1]) == (operator == "=")
    if operator == "IN":
        return any(plainly("=", value, one) for one in operand)
    if isinstance(value, bytes) and operator in {"LIKE", "MATCHES"}:
        value = value.decode("latin-1")
    if not isinstance(value, str):
        return False
    return textual(operator, value, operand)


def textual(operator: str, value: str, operand: str) -> bool:
    if operator == "LIKE":
        letters = {"%": ".*", "_": "."}
        form = "".join(letters.get(letter, re.escape(letter)) for letter in unicodedata.normalize("NFC", operand))
        return re.fullmatch(form, unicodedata.normalize("NFC", value), re.DOTALL) is not None
    if operator == "MATCHES":
        return re.search(operand, unicodedata.normalize("NFC", value), re.ASCII) is not None
    return in_network(operator, value, operand)


def in_network(operator: str, value: str, operand: str) -> bool:
    try:
        inner, outer = ipaddress.ip_network(value, strict=False), ipaddress.ip_network(operand, strict=False)
    except ValueError:
        return False
    if inner.version != outer.version:
        return False
    if operator == "ISSUPERSET":
        inner, outer = outer, inner
    return int(outer[0]) <= int(inner[0]) and int(inner[-1]) <= int(outer[-1])


def comparable(value: Any, operand: Any) -> tuple[Any, Any] | None:
    if isinstance(operand, Moment):
        try:
            return microseconds(value), microseconds(operand.text)
        except (ValueError, TypeError, AttributeError):
            return None
    kinds = {type(value), type(operand)}
    if (len(kinds) == 1 and kinds <= {str, bytes, bool}) or kinds <= {int, float}:
        return value, operand
    if kinds == {str, bytes}:
        both = [one.encode("latin-1", "ignore") if isinstance(one, str) else one for one in (value, operand)]
        text = value if isinstance(value, str) else operand
        return (both[0], both[1]) if all(ord(letter) < 256 for letter in text) else None
    return None


def microseconds(text: str) -> int:
    """Read a timestamp of at most six fraction digits."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    at = datetime.strptime(whole + "Z", "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return int(at.timestamp()) * 1_000_000 + int(fraction.ljust(6, "0"))
