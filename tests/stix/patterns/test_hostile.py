"""Patterns of a partner who means ill: refused with the reason, or given up, while all others go on."""

import pytest

from comity.stix.patterns import regexes
from comity.stix.patterns.comparing import predicate
from comity.stix.patterns.errors import NotMatched
from comity.stix.patterns.matcher import KEPT, Matcher
from comity.stix.patterns.observations import Observation
from comity.stix.patterns.parser import read
from comity.stix.patterns.tree import Comparison, Path

GOOD = "[file:name = 'a']"
NAME = Path("file", ("name",))


def seen(name: str, second: int = 0) -> Observation:
    found = {"type": "file", "name": name}
    return Observation([found], {}, second * 1_000_000, second * 1_000_000, 1, second)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"[file:name MATCHES '(a)\\1']", "invalid escape sequence"),
        ("[file:name MATCHES '(?=a)b']", "invalid perl operator"),
        ("[file:name MATCHES '(?<!a)b']", "is not run here"),
        ("[file:name MATCHES 'a++']", "bad repetition operator"),
        ("[file:name MATCHES '(((a{100}){100}){100})']", "is not run here"),
        ("[file:name MATCHES '(']", "missing"),
        (f"[file:name MATCHES '{'a' * 10_001}']", "longer than 10,000"),
        ("[ipv4-addr:value ISSUBSET 'everything']", "neither an IP address nor a network"),
        (f"[file:name LIKE '%{'_' * 257}%']", "more than 256"),
        ("[file:name = 'a'] REPEATS 10001 TIMES", "more than 10,000 observations"),
        ("([file:name = 'a'] WITHIN 5 SECONDS) REPEATS 101 TIMES", "more than 100 parts"),
        (" AND ".join([GOOD] * 101), "more than 100 parts"),
        (" FOLLOWEDBY ".join([GOOD] * 101), "more than 100 parts"),
    ],
)
def test_what_is_not_matched_is_told_and_the_others_are(pattern: str, why: str) -> None:
    matcher = Matcher([read(pattern), read(GOOD)])
    assert why in matcher.refused[0]
    assert matcher.see_alone(seen("a")) == [1]


@pytest.mark.parametrize("expression", ["(a+)+$", "(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)*x", "(a?){9}a{9}b"])
def test_an_expression_that_makes_others_backtrack_is_searched_at_once(expression: str) -> None:
    test = predicate(Comparison(NAME, "MATCHES", expression))
    assert not test("a" * 50_000 + "!")


@pytest.mark.parametrize("form", ["%a" * 2_000 + "b", "%" + "_" * 250 + "x%", "a" * 2_000 + "%b", "%" * 4_000])
def test_a_form_of_like_is_searched_at_once(form: str) -> None:
    test = predicate(Comparison(NAME, "LIKE", form))
    assert test("a" * 20_000) == (set(form) == {"%"})


def test_a_pattern_that_leaves_too_many_ways_is_given_up_and_the_others_go_on() -> None:
    part = "(([file:name = 'a'] FOLLOWEDBY [file:name = 'a']) WITHIN 0.5 SECONDS)"
    matcher = Matcher([read(f"{part} FOLLOWEDBY {part} FOLLOWEDBY {part}"), read(GOOD)])
    for second in range(200):
        assert [match.pattern for match in matcher.see(seen("a", second))] == [1]
    assert "too many ways" in matcher.refused[0]


def test_what_is_kept_has_a_bound() -> None:
    matcher = Matcher([read("[file:name = 'a'] AND [file:name = 'b']")])
    for second in range(3 * KEPT):
        matcher.see(seen("a", second))
    joined = next(leaf.joined for looked in matcher.by_type["file"] for leaf in looked.find("a"))
    assert joined is not None
    assert sum(map(len, joined.kept.values())) == KEPT
    (match,) = matcher.see(seen("b", 3 * KEPT))
    assert [one.place for one in match.observations] == [2 * KEPT, 3 * KEPT]
    assert joined.kept == {}


def test_a_lone_half_of_a_surrogate_pair_stops_nothing() -> None:
    tests = ("MATCHES 'abc'", "LIKE '%abc%'", "MATCHES '^.$'", "= '\ud800'")
    matcher = Matcher([read(f"[file:name {test}]") for test in tests])
    assert matcher.see_alone(seen("\ud800abc")) == [0, 1]
    assert matcher.see_alone(seen("\ud800")) == [2, 3]


@pytest.mark.parametrize(
    ("expression", "literal"),
    [("abc", "abc"), (r"^ab\.cd$", "ab.cd"), ("ab?cde", "cde"), ("abc+d", "ab"), ("a[bc]defg", "defg"), ("ab|cd", ""),
     ("(abc)", ""), (r"\d+", ""), ("ab{2}cde", "cde"), ("(?i)abc", ""), (r"ab\scd*", "ab")],
)  # fmt: skip
def test_the_literal_of_an_expression_is_in_all_that_it_matches(expression: str, literal: str) -> None:
    assert regexes.literal(expression) == literal


@pytest.mark.parametrize(
    ("expression", "text", "matches"),
    [("a$", "a\n", True), ("a$", "a\nb", False), (r"a\Z", "a\n", True), (r"a\z", "a\n", False), (r"\hb", "a\tb", True),
     (r"a\Rb", "a\r\nb", True), ("a.b", "a\nb", False), ("(?s)a.b", "a\nb", True), (r"[$]", "$", True),
     (r"\$", "$", True), (r"\d", "٣", False), (r"\Qa.b\E", "a.b", True), ("[[:digit:]]", "7", True),
     ("(?<n>a)b", "ab", True)],
)  # fmt: skip
def test_expressions_mean_what_they_mean_in_pcre(expression: str, text: str, matches: bool) -> None:
    assert predicate(Comparison(NAME, "MATCHES", expression))(text) == matches


def test_what_cannot_be_run_is_refused_where_it_is_compiled() -> None:
    with pytest.raises(NotMatched):
        regexes.compiled("(?>a)")
