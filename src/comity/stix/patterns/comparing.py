"""One comparison against one value: when it is true (STIX 2.1 §9.6).

Values of types that cannot be compared are unequal, and neither smaller nor greater. Whole and other numbers compare as
numbers; a truth value is no number. A timestamp constant compares with a string that is a timestamp, as moments. A
string compares with bytes where each of its characters is below 256, as those bytes (§9.6.3). Strings compare by code
point; for LIKE and MATCHES both sides are brought into normalization form C (§9.6.2).
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final
from unicodedata import is_normalized, normalize

from comity.stix.patterns import regexes
from comity.stix.patterns.errors import NotMatched
from comity.stix.patterns.networks import network
from comity.stix.patterns.tree import Comparison, Literal, Moment
from comity.stix.timestamps import instant, timestamp

Predicate = Callable[[object], bool]

_ORDERS: Final[dict[str, Callable[[int], bool]]] = {
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
}
_MICRO_DIGITS: Final = 6
_ATTO_DIGITS: Final = 18
_LONGEST_PART: Final = 256
"""With `_`, what is searched for is tried at each place anew: a bound keeps that cheap."""


def predicate(comparison: Comparison) -> Predicate:
    """Return a comparison's test of one value; NotMatched where it cannot be evaluated here.

    EXISTS is true of every value: what it asks is whether there is one.
    """
    operand = comparison.operand
    if comparison.operator == "EXISTS":
        return lambda _: True
    if isinstance(operand, tuple):
        plain = _is_in(operand)
    elif comparison.operator in _ORDERS:
        return _ordered(operand, _ORDERS[comparison.operator], negated=comparison.negated)
    elif comparison.operator in {"=", "!="}:
        plain = _equals(operand)
    else:
        plain = _of_text(comparison.operator, str(operand))
    if comparison.negated == (comparison.operator == "!="):
        return plain
    return lambda value: not plain(value)


def moment(value: object) -> int | None:
    """Return a timestamp as it compares, in attoseconds since 1970 UTC; None for what is none.

    A timestamp has any number of fraction digits (§2.16.1); what is past the eighteenth is cut off.
    """
    if isinstance(value, Moment):
        return _attoseconds(value.text)
    return _attoseconds(value) if isinstance(value, str) and not timestamp(value) else None


@lru_cache(maxsize=4_096)
def _attoseconds(text: str) -> int:
    finer = text.partition(".")[2].removesuffix("Z")[_MICRO_DIGITS:_ATTO_DIGITS]
    rest = _ATTO_DIGITS - _MICRO_DIGITS
    return int(instant(text) * 10**rest + int(finer.ljust(rest, "0")))


def as_bytes(text: str) -> bytes | None:
    """Return the bytes of a string whose characters are all below 256."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return None


def pair(value: object, operand: Literal) -> tuple[object, object] | None:
    """Return both sides in a form in which they compare, or None where their types do not."""
    if isinstance(operand, Moment):
        at = moment(value)
        return None if at is None else (at, moment(operand))
    if isinstance(value, bool) or isinstance(operand, bool):
        return (value, operand) if isinstance(value, bool) and isinstance(operand, bool) else None
    if isinstance(value, (int, float)) and isinstance(operand, (int, float)):
        return value, operand
    if type(value) is type(operand) and isinstance(value, (str, bytes)):
        return value, operand
    if isinstance(value, (str, bytes)) and isinstance(operand, (str, bytes)):
        sides = [as_bytes(side) if isinstance(side, str) else side for side in (value, operand)]
        return None if None in sides else (sides[0], sides[1])
    return None


def _equals(operand: Literal) -> Predicate:
    def test(value: object) -> bool:
        sides = pair(value, operand)
        return sides is not None and sides[0] == sides[1]

    return test


def _is_in(operands: tuple[Literal, ...]) -> Predicate:
    tests = [_equals(operand) for operand in operands]
    return lambda value: any(test(value) for test in tests)


def _ordered(operand: Literal, holds: Callable[[int], bool], *, negated: bool) -> Predicate:
    def test(value: object) -> bool:
        sides = pair(value, operand)
        if sides is None or isinstance(sides[0], bool):
            return False
        left, right = sides
        return holds((left > right) - (left < right)) != negated  # type: ignore[operator]

    return test


def _of_text(operator: str, operand: str) -> Predicate:
    """Return the test of LIKE, MATCHES, ISSUBSET or ISSUPERSET."""
    if operator == "LIKE":
        return like(operand)
    if operator == "MATCHES":
        return matches(operand)
    outer = network(operand)
    if outer is None:
        raise NotMatched(f"{operator} compares with {operand[:60]!r}, which is neither an IP address nor a network")
    known = outer

    def test(value: object) -> bool:
        found = network(value) if isinstance(value, str) else None
        if found is None:
            return False
        return known.holds(found) if operator == "ISSUBSET" else found.holds(known)

    return test


def composed(text: str) -> str:
    """Return text in normalization form C."""
    return text if text.isascii() or is_normalized("NFC", text) else normalize("NFC", text)


def _as_text(value: object) -> str | None:
    """Return a value as the text that LIKE and MATCHES look at; bytes as characters below 256."""
    if isinstance(value, str):
        return composed(value)
    return value.decode("latin-1") if isinstance(value, bytes) else None


def like(form: str) -> Predicate:
    """Return the test of LIKE: `%` is any run of characters, `_` any one, the rest itself, from end to end.

    The parts between `%` are searched from left to right, each from where the last one ended.
    """
    first, *more = [_Part(part) for part in composed(form).split("%")]

    def test(value: object) -> bool:
        text = _as_text(value)
        if text is None or not first.stands_at(text, 0):
            return False
        if not more:
            return len(text) == first.length
        place = first.length
        for part in more[:-1]:
            place = part.end_of_next(text, place)
            if place < 0:
                return False
        start = len(text) - more[-1].length
        return start >= place and more[-1].stands_at(text, start)

    return test


class _Part:
    """What stands between two `%` of a LIKE form: text, or text with `_` for any one character."""

    def __init__(self, form: str) -> None:
        self.form, self.length = form, len(form)
        self.expression: re.Pattern[str] | None = None
        if "_" in form:
            if len(form) > _LONGEST_PART:
                raise NotMatched(f"LIKE has _ in a part of more than {_LONGEST_PART} characters between two %")
            letters = ("." if letter == "_" else re.escape(letter) for letter in form)
            self.expression = re.compile("".join(letters), re.DOTALL)

    def stands_at(self, text: str, place: int) -> bool:
        """Say whether the part stands at a place of a text."""
        if self.expression is None:
            return text.startswith(self.form, place)
        return self.expression.match(text, place) is not None

    def end_of_next(self, text: str, place: int) -> int:
        """Return where the part ends when it is found from a place on; -1 where it is not."""
        if self.expression is None:
            found = text.find(self.form, place)
            return found if found < 0 else found + self.length
        match = self.expression.search(text, place)
        return -1 if match is None else match.end()


def matches(expression: str) -> Predicate:
    """Return the test of MATCHES: the expression is found somewhere in the value."""
    search = regexes.compiled(composed(expression)).search

    def test(value: object) -> bool:
        text = _as_text(value)
        return text is not None and search(regexes.encodable(text)) is not None

    return test
