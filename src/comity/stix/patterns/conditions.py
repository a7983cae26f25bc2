"""A comparison expression as a test of one observed object, and the cheapest sign that it may be true.

The index does not ask each pattern of each object. It asks each value of each object which *signs* it shows: an equal
string, a literal inside, a network, an interval. Of expressions joined by AND the rarest sign of one part is enough; of
those joined by OR every part gives its own. A sign that is not proof is followed by the test of the whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from comity.stix.patterns import regexes
from comity.stix.patterns.comparing import composed, moment, predicate
from comity.stix.patterns.intervals import Interval
from comity.stix.patterns.networks import Network, network
from comity.stix.patterns.paths import Observed, Referred, getter
from comity.stix.patterns.tree import ALL, Both, Comparison, Condition, Either, Literal, Moment, Path

Check = Callable[[Observed, Referred], bool]

_RARE, _NARROW, _WIDE, _OFTEN, _ALWAYS = 1, 5, 30, 200, 1000
"""What a sign costs: how often, roughly, it is seen where the condition is false."""
_ORDERS: Final = frozenset({"<", "<=", ">", ">="})
_TURNED: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_SHORTEST_LITERAL: Final = 3


@dataclass(frozen=True, slots=True)
class Equal:
    """The value is this string or number."""

    value: str | float


@dataclass(frozen=True, slots=True)
class At:
    """The value is this moment."""

    moment: int


@dataclass(frozen=True, slots=True)
class Holds:
    """The value holds this text, in normalization form C; then `test` decides."""

    text: str
    test: Callable[[object], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """The value matches this regular expression, rewritten for RE2."""

    expression: str


@dataclass(frozen=True, slots=True)
class Inside:
    """The value is an address or network inside this network."""

    network: Network


@dataclass(frozen=True, slots=True)
class Around:
    """The value is a network around this one."""

    network: Network


@dataclass(frozen=True, slots=True)
class InBounds:
    """The value is in an interval of numbers, or with `timed` of moments."""

    bounds: Interval
    timed: bool


@dataclass(frozen=True, slots=True)
class Passes:
    """The value passes this test; it is made of every value."""

    test: Callable[[object], bool]


Sign = Equal | At | Holds | Found | Inside | Around | InBounds | Passes


@dataclass(frozen=True, slots=True)
class Trigger:
    """Where to look for a sign, and what it costs; with `proof`, the sign alone makes the condition true."""

    path: Path
    sign: Sign
    cost: int
    proof: bool = True


def check(condition: Condition) -> Check:
    """Return the test of one object; NotMatched where a part cannot be evaluated here."""
    if isinstance(condition, Comparison):
        return _check_one(condition)
    parts = [check(part) for part in condition.parts]
    if isinstance(condition, Both):
        return lambda found, referred: all(part(found, referred) for part in parts)
    return lambda found, referred: any(part(found, referred) for part in parts)


def _check_one(comparison: Comparison) -> Check:
    kind, get, test = comparison.path.type, getter(comparison.path), predicate(comparison)
    if comparison.operator == "EXISTS" and comparison.negated:
        return lambda found, referred: found.get("type") == kind and not get(found, referred)
    return lambda found, referred: found.get("type") == kind and any(test(value) for value in get(found, referred))


def types(condition: Condition) -> frozenset[str]:
    """Return the types of objects that can satisfy a condition: joined by AND, one object must be of all."""
    if isinstance(condition, Comparison):
        return frozenset({condition.path.type})
    sets = [types(part) for part in condition.parts]
    return frozenset.intersection(*sets) if isinstance(condition, Both) else frozenset.union(*sets)


def triggers(condition: Condition) -> list[Trigger]:
    """Return signs of which at least one shows wherever the condition is true."""
    if isinstance(condition, Comparison):
        return _signs(condition)
    if isinstance(condition, Either):
        return [trigger for part in condition.parts for trigger in triggers(part)]
    if not types(condition):
        return []
    choices = [triggers(part) for part in condition.parts]
    merged = _merged(condition)
    if merged is not None:
        choices.append([merged])
    chosen = min(choices, key=lambda signs: (max((sign.cost for sign in signs), default=0), len(signs)))
    return [Trigger(sign.path, sign.sign, sign.cost, proof=False) for sign in chosen]


def _merged(condition: Both) -> Trigger | None:
    """Join comparisons by order of one single value to an interval."""
    found: dict[tuple[Path, bool], Interval] = {}
    for part in condition.parts:
        if isinstance(part, Comparison) and part.operator in _ORDERS and ALL not in part.path.steps:
            bounds = _bounds(part)
            if bounds is not None:
                key = (part.path, isinstance(part.operand, Moment))
                found[key] = bounds if key not in found else found[key].cut(bounds)
    closed = [key for key, bounds in found.items() if bounds.low is not None and bounds.high is not None]
    return Trigger(closed[0][0], InBounds(found[closed[0]], timed=closed[0][1]), _WIDE) if closed else None


def _bounds(comparison: Comparison) -> Interval | None:
    """Return a comparison with a number or timestamp by order as an interval."""
    operand = comparison.operand
    operator = _TURNED[comparison.operator] if comparison.negated else comparison.operator
    end = moment(operand) if isinstance(operand, Moment) else operand
    if not isinstance(end, (int, float)):
        return None
    closed = operator.endswith("=")
    return Interval(low=end, with_low=closed) if operator.startswith(">") else Interval(high=end, with_high=closed)


def _signs(comparison: Comparison) -> list[Trigger]:
    """Return the signs of one comparison."""
    path, operand, operator = comparison.path, comparison.operand, comparison.operator
    if operator == "EXISTS" and comparison.negated:
        return [Trigger(Path(path.type, ()), Passes(lambda _: True), _ALWAYS, proof=False)]
    if operator in _ORDERS:
        bounds = _bounds(comparison)
        if bounds is not None:
            return [Trigger(path, InBounds(bounds, isinstance(operand, Moment)), _OFTEN)]
    if comparison.negated or operator in {"!=", "EXISTS"} or operator in _ORDERS:
        return [Trigger(path, Passes(predicate(comparison)), _ALWAYS)]
    if isinstance(operand, tuple):
        return [_equal(path, one) for one in operand]
    return [_equal(path, operand) if operator == "=" else _of_text(comparison, str(operand))]


def _equal(path: Path, operand: Literal) -> Trigger:
    """Return the sign of equality: by hash where string, number or moment; else the test of each value."""
    last = path.steps[-1]
    binary = isinstance(last, str) and last.endswith(("_bin", "_hex"))
    if isinstance(operand, Moment):
        return Trigger(path, At(moment(operand) or 0), _RARE)
    if isinstance(operand, (bool, bytes)) or binary:
        return Trigger(path, Passes(predicate(Comparison(path, "=", operand))), _NARROW)
    return Trigger(path, Equal(operand), _RARE)


def _of_text(comparison: Comparison, operand: str) -> Trigger:
    """Return the sign of LIKE, MATCHES, ISSUBSET or ISSUPERSET."""
    path, test = comparison.path, predicate(comparison)
    if comparison.operator == "LIKE":
        longest = max(composed(operand).replace("_", "%").split("%"), key=len)
        return _literal_or(Trigger(path, Passes(test), _ALWAYS), longest, test)
    if comparison.operator == "MATCHES":
        expression = composed(operand)
        found = Trigger(path, Found(regexes.rewritten(expression)), _WIDE)
        return _literal_or(found, regexes.literal(expression), test)
    known = network(operand) or Network(0, 0, 0)
    return Trigger(path, Inside(known) if comparison.operator == "ISSUBSET" else Around(known), _NARROW)


def _literal_or(other: Trigger, text: str, test: Callable[[object], bool]) -> Trigger:
    """Prefer the sign that a value holds a text, where the text is long enough to be one."""
    return Trigger(other.path, Holds(text, test), _NARROW) if len(text) >= _SHORTEST_LITERAL else other
