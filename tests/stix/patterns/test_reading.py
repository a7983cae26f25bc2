"""Reading patterns: every form, written and read again; what breaks the grammar is told with place and mend."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.stix.patterns import parser, printing, shapes
from comity.stix.patterns.errors import PatternError
from comity.stix.patterns.tree import (
    ALL,
    AllOf,
    AnyOf,
    Between,
    Both,
    Comparison,
    Either,
    Expression,
    Followed,
    Moment,
    Path,
    Repeated,
    Seen,
    Within,
)
from tests.stix.patterns import trees

NAME = Path("file", ("name",))
A, B, C = (Seen(Comparison(NAME, "=", letter)) for letter in "abc")
DAY = Moment("2026-11-23T10:00:00Z")

READ: list[tuple[str, Expression]] = [
    ("[file:name='a']", A),
    (" [ file : name\n= 'a' ] // to the end", A),
    ("/* before */[file:name/**/==/*'*/'a']", A),
    ("(([file:name = 'a']))", A),
    ("[file:name <> 'a']", Seen(Comparison(NAME, "!=", "a"))),
    ("[file:name NOT = 'a']", Seen(Comparison(NAME, "=", "a", negated=True))),
    (r"[file:name = 'it\'s C:\\x']", Seen(Comparison(NAME, "=", "it's C:\\x"))),
    ("[file:size >= -7]", Seen(Comparison(Path("file", ("size",)), ">=", -7))),
    ("[file:size < +.5]", Seen(Comparison(Path("file", ("size",)), "<", 0.5))),
    ("[file:is_x = true]", Seen(Comparison(path=Path("file", ("is_x",)), operator="=", operand=True))),
    ("[file:x_bin = b'AQI=']", Seen(Comparison(Path("file", ("x_bin",)), "=", b"\x01\x02"))),
    ("[file:x_hex = h'0aFF']", Seen(Comparison(Path("file", ("x_hex",)), "=", b"\x0a\xff"))),
    ("[file:mtime > t'2026-11-23T10:00:00Z']", Seen(Comparison(Path("file", ("mtime",)), ">", DAY))),
    ("[file:name IN ('a', 1, true)]", Seen(Comparison(NAME, "IN", ("a", 1, True)))),
    ("[file:name NOT IN ()]", Seen(Comparison(NAME, "IN", (), negated=True))),
    ("[NOT EXISTS file:name]", Seen(Comparison(NAME, "EXISTS", (), negated=True))),
    ("[file:hashes.'SHA-256' = 'a']", Seen(Comparison(Path("file", ("hashes", "SHA-256")), "=", "a"))),
    ("[file:refs[*].a[0].b = 'a']", Seen(Comparison(Path("file", ("refs", ALL, "a", 0, "b")), "=", "a"))),
    (
        "[file:name='a' OR file:name='b' AND file:name='c']",
        Seen(Either((A.condition, Both((B.condition, C.condition))))),
    ),
    (
        "[(file:name='a' OR file:name='b') AND file:name='c']",
        Seen(Both((Either((A.condition, B.condition)), C.condition))),
    ),
    (
        "[file:name='a'] FOLLOWEDBY [file:name='b'] OR [file:name='c'] AND [file:name='a']",
        Followed((A, AnyOf((B, AllOf((C, A)))))),
    ),
    ("[file:name='a'] AND [file:name='b'] REPEATS 2 TIMES WITHIN 1.5 SECONDS",
     AllOf((A, Within(Repeated(B, 2), 1.5)))),
    ("([file:name='a'] AND [file:name='b']) WITHIN 9 SECONDS", Within(AllOf((A, B)), 9)),
    (
        "[file:name='a'] START t'2026-11-23T10:00:00Z' STOP t'2026-11-23T10:00:00Z'",
        Between(A, DAY, DAY),
    ),
]  # fmt: skip

REFUSED = [
    ("", 1, "Here must be ["),
    ("file:name = 'a'", 1, "Here must be ["),
    ("['file':name = 'a']", 2, "Here must be an object’s type"),
    ("[file = 'a']", 7, "Here must be :"),
    ("[file:name = 'a'", 17, "Here must be ], not the end"),
    ("[file:name = 'a']]", 18, "Nothing may stand here"),
    ("([file:name = 'a']", 19, "Here must be )"),
    ("[file:hashes.SHA-256 = 'a']", 14, "A name with a hyphen must be quoted"),
    ('[file:name = "a"]', 14, "Double quotation marks"),
    ("[file:name = 'a]", 14, "never closed"),
    ("[file:name = 'C:\\x']", 17, "This backslash escapes neither"),
    ("[file:name = h'abc']", 14, "This is not hexadecimal"),
    ("[file:name = b'YQ']", 14, "This is not base64"),
    ("[file:name = b'']", 14, "This is not base64"),
    ("[file:name = h'a", 14, "never closed"),
    ("[file:name = t'2026-02-30T00:00:00Z']", 14, "This is not a timestamp"),
    ("[file:size = 007]", 14, "This is no number"),
    ("[file:size = 1e5]", 15, "Here must be ]"),
    ("[file:size > true]", 14, "What is ordered cannot be"),
    ("[file:name LIKE 1]", 17, "Here must be a string"),
    ("[file:name like 'a']", 12, "Here must be a comparison operator"),
    ("[file:name IN ('a',)]", 20, "Here must be a constant"),
    ("[file:name IN 'a']", 15, "Here must be ("),
    ("[file:START = 'a']", 7, "Here must be a property’s name"),
    ("[file:true = 'a']", 7, "Here must be a property’s name"),
    ("[file:x[-1] = 'a']", 9, "Here must be a list position"),
    ("[file:name = 'a' and file:size = 1]", 18, "Here must be ]"),
    ("[EXISTS file:name = 'a']", 19, "Here must be ]"),
    ("[NOT file:name = 'a']", 6, "Here must be EXISTS"),
    ("[file:name = 'a'] WITHIN 0 SECONDS", 26, "WITHIN takes a positive number"),
    ("[file:name = 'a'] WITHIN 5", 27, "Here must be SECONDS"),
    ("[file:name = 'a'] REPEATS 1.5 TIMES", 27, "REPEATS takes a positive whole"),
    ("[file:name = 'a'] REPEATS 2 TIMES REPEATS 2 TIMES", 35, "REPEATS stands here twice"),
    ("[file:name = 'a'] START '2026-11-23T10:00:00Z' STOP '2026-11-24T10:00:00Z'", 25, "Here must be a timestamp"),
    ("[file:name = 'a'] # x", 19, "begins no word"),
    ("[file:size = " + "9" * 5000 + "]", 14, "This number is too long"),
    ("(" * 65 + "[file:name = 'a']" + ")" * 65, 66, "Parentheses are more than 64 deep"),
    ("[" + "(" * 65 + "file:name = 'a'" + ")" * 65 + "]", 67, "Parentheses are more than 64 deep"),
]


@pytest.mark.parametrize(("pattern", "tree"), READ)
def test_every_form_is_read(pattern: str, tree: Expression) -> None:
    assert parser.read(pattern) == tree


@pytest.mark.parametrize(("pattern", "position", "says"), REFUSED)
def test_what_breaks_the_grammar_is_told_with_place_and_mend(pattern: str, position: int, says: str) -> None:
    with pytest.raises(PatternError) as caught:
        parser.read(pattern)
    assert caught.value.position == position
    assert says in caught.value.says
    assert caught.value.mend.endswith(".")


@given(trees.expressions)
def test_what_is_written_is_read_as_the_same_tree(tree: Expression) -> None:
    assert parser.read(printing.text(tree)) == tree


def by_grammar(pattern: str) -> Expression | None:
    try:
        return parser.read_by_grammar(pattern)
    except PatternError:
        return None


@given(trees.conditions, st.data())
def test_the_short_way_reads_as_the_grammar_does_also_what_is_garbled(condition: object, data: st.DataObject) -> None:
    pattern = printing.text(Seen(condition))  # type: ignore[arg-type]
    place = data.draw(st.integers(0, len(pattern)))
    put = data.draw(st.sampled_from(["", " ", "  ", "'", "\\", "[", "]", ")", " AND ", " OR ", "=", "0", ".", "//"]))
    cut = data.draw(st.integers(0, 2))
    for one in (pattern, pattern[:place] + put + pattern[place + cut :]):
        shortly, fully = shapes.read_common(one), by_grammar(one)
        assert shortly is None or shortly == fully, one
        assert shapes.is_common(one) == (shortly is not None), one


ROW = (
    "[ ] ( ) file:name x.y[0] [*] = != <> >= LIKE MATCHES IN 'a' 'b%' , 1 -2 .5 true AND OR NOT EXISTS h'0a' // /* */ "
    "t'2026-11-23T10:00:00Z' true:x x:true"
)


@given(st.lists(st.sampled_from(ROW.split()), max_size=12))
def test_the_short_way_reads_as_the_grammar_does_any_row_of_words(row: list[str]) -> None:
    for joined in (" ".join(row), "".join(row), "[" + " ".join(row) + "]"):
        shortly = shapes.read_common(joined)
        assert shortly is None or shortly == by_grammar(joined), joined
        assert shapes.is_common(joined) == (shortly is not None), joined


@given(st.text(alphabet="[]()'\\:=.,*/ \nfileANDORht0", max_size=60))
def test_any_text_is_read_or_refused(pattern: str) -> None:
    tree = by_grammar(pattern)
    assert tree is None or parser.read(printing.text(tree)) == tree


STARTS = ["[", "(", "[(", "[file:n = '", "[file:n = '\\'", "/*", "[file:a.", "[file:a IN ('a',", "[file:a = 1 AND "]


@pytest.mark.parametrize("start", STARTS)
def test_a_long_pattern_is_refused_in_good_time(start: str) -> None:
    with pytest.raises(PatternError):
        parser.read(start * (400_000 // len(start)))


def test_a_pattern_has_a_greatest_length() -> None:
    with pytest.raises(PatternError, match="longer than 1,000,000"):
        parser.read("[file:name = '" + "a" * parser.LONGEST + "']")


def test_a_thousand_comparisons_are_read() -> None:
    pattern = "[" + " OR ".join(f"(ipv4-addr:value = '203.0.113.{n}')" for n in range(1000)) + "]"
    tree = parser.read(pattern)
    assert isinstance(tree, Seen)
    assert isinstance(tree.condition, Either)
    assert len(tree.condition.parts) == 1000
