"""Patterns and observations of few words, so that they meet often, made by a seeded chance."""

from random import Random
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
    Literal,
    Moment,
    Path,
    Repeated,
    Seen,
    Step,
    Within,
)
from comity.stix.timestamps import instant

TEXTS = ("abc", "abcd", "ab", "a", "", "xabcx", "é", "e\u0301", "ab\ncd", "10.1.2.3", "%", "a_c", "ünï", "\U0001f600",
         "1")  # fmt: skip
FORMS = ("abc", "abc%", "%abc", "%abc%", "a_c", "a%c%", "%", "_", "é", "", "%ab%cd", "x_bc%", "%%b", "__", "%é%",
         "a_c%d")  # fmt: skip
EXPRESSIONS = ("abc", "^a", "c$", "^abc$", "a.c", "[b-d]+c?", "b|x", "(ab)+c", r"\d+", r"a\.c", "é", "^$", "abc?d",
               "x*abc")  # fmt: skip
NETS = ("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "10.1.2.3/32", "10.1.2.9/28", "0.0.0.0/0", "::1", "fe80::/10", "::/0",
        "192.0.2.0/24", "fe80::1/64", "10.1.2.0/24")  # fmt: skip
VALUES_LIKE_NETS = (*NETS, "10.01.2.3", "10.1.2", "10.1.2.3/33", "x", "fe80::1")
NUMBERS = (0, 1, 2, 5, -3, 1.0, 1.5, 5.0, 10**20)
TIMES = tuple(f"2026-11-23T10:00:{second:02}.{part}Z" for second in (0, 1, 2, 5) for part in ("0", "5", "000001"))
BYTES = (b"abc", b"", b"\xe9", b"1")
ANYTHING: tuple[Literal, ...] = (*TEXTS, *NUMBERS, True, False, *TIMES, *VALUES_LIKE_NETS)
PATHS: tuple[tuple[str, tuple[Step, ...]], ...] = (
    ("file", ("name",)), ("file", ("size",)), ("file", ("hashes", "SHA-256")), ("file", ("parent_ref", "path")),
    ("file", ("names", ALL)), ("file", ("names", 0)), ("file", ("names", 2)), ("file", ("magic_hex",)),
    ("file", ("parent_ref",)), ("file", ("names",)), ("file", ("contains_refs", ALL, "name")),
    ("file", ("contains_refs", 0, "size")), ("file", ("ctime",)), ("dir", ("path",)), ("dir", ("ip",)),
    ("dir", ("contains_refs", ALL, "parent_ref", "path")),
)  # fmt: skip


class SmallWorld:
    """With `easy`, half of the comparisons ask for little, so that observations are found for most brackets."""

    def __init__(self, seed: int, *, easy: bool = False) -> None:
        self.chance = Random(seed)
        self.easy = easy

    def literal(self) -> Literal:
        choices: list[Literal] = [*ANYTHING, *BYTES, Moment(self.chance.choice(TIMES))]
        return self.chance.choice(choices)

    def comparison(self) -> Comparison:
        pick = self.chance.choice
        path = Path(*pick(PATHS))
        if self.easy and self.chance.random() < 0.7:
            return Comparison(Path(pick(("file", "dir")), ("number",)), pick(("=", ">=", "<=")), pick((0, 1)))
        negated = self.chance.random() < 0.2
        ends = (*NUMBERS, Moment(pick(TIMES)), *TEXTS, *BYTES)
        makes = (
            lambda: Comparison(path, pick(("=", "!=")), self.literal(), negated),
            lambda: Comparison(path, "=", pick(TEXTS), negated),
            lambda: Comparison(path, pick(("<", ">", "<=", ">=")), pick(ends), negated),
            lambda: Comparison(path, "IN", tuple(self.literal() for _ in range(self.chance.randrange(4))), negated),
            lambda: Comparison(path, "LIKE", pick(FORMS), negated),
            lambda: Comparison(path, "MATCHES", pick(EXPRESSIONS), negated),
            lambda: Comparison(path, pick(("ISSUBSET", "ISSUPERSET")), pick(NETS), negated),
            lambda: Comparison(path, "EXISTS", (), negated),
        )
        return pick(makes)()

    def condition(self, depth: int = 2) -> Condition:
        if depth == 0 or self.chance.random() < 0.55:
            return self.comparison()
        parts = tuple(self.condition(depth - 1) for _ in range(self.chance.randrange(2, 4)))
        return self.chance.choice((Both, Either))(parts)

    def expression(self, depth: int = 3) -> Expression:
        if depth == 0 or self.chance.random() < 0.3:
            return Seen(self.condition(1))
        make = self.chance.choice((AllOf, AnyOf, Followed, Within, Repeated, Between))
        if make is Within:
            return Within(self.expression(depth - 1), self.chance.choice((1, 0.5, 2, 5, 0.000001)))
        if make is Repeated:
            return Repeated(self.expression(depth - 1), self.chance.choice((1, 2, 2, 3)))
        if make is Between:
            start, stop = self.chance.choice(TIMES), self.chance.choice(TIMES)
            return Between(self.expression(depth - 1), Moment(start), Moment(stop))
        parts = tuple(self.expression(depth - 1) for _ in range(2))
        return (AllOf if make is AllOf else AnyOf if make is AnyOf else Followed)(parts)

    def observation(self, place: int = 0) -> Observation:
        objects = {f"{place}-{n}": self.observed(place, n) for n in range(self.chance.randrange(1, 4))}
        first, last = sorted(instant(self.chance.choice(TIMES)) for _ in range(2))
        if self.chance.random() < 0.6:
            last = first
        return Observation(list(objects.values()), objects, first, last, self.chance.choice((1, 1, 1, 2)), place)

    def observed(self, place: int, number: int) -> dict[str, Any]:
        pick = self.chance.choice
        refs = [f"{place}-{n}" for n in range(3)]
        made: dict[str, Any] = {
            "type": pick(("file", "file", "dir")),
            "name": pick(ANYTHING),
            "size": pick((*NUMBERS, True)),
            "hashes": {"SHA-256": pick(TEXTS)},
            "parent_ref": pick(refs),
            "path": pick(ANYTHING),
            "ip": pick(VALUES_LIKE_NETS),
            "names": [pick(ANYTHING) for _ in range(self.chance.randrange(3))],
            "magic_hex": pick(BYTES).hex(),
            "contains_refs": [pick(refs) for _ in range(self.chance.randrange(3))],
            "ctime": pick((*TIMES, "not a time", 7)),
            "number": number,
        }
        return {name: value for name, value in made.items() if name == "type" or self.chance.random() < 0.7}
