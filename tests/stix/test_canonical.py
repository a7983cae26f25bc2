"""Canonical JSON: the vectors RFC 8785 prints, an independent implementation as oracle, and what is no I-JSON."""

import json
import math
import struct
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.stix.canonical import NotCanonicalError, canonical, decode, number, read

NUMBERS = [  # RFC 8785, appendix B
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


@pytest.mark.parametrize(("bits", "expected"), NUMBERS)
def test_numbers_are_written_as_appendix_b_prints_them(bits: str, expected: str) -> None:
    assert number(struct.unpack(">d", bytes.fromhex(bits))[0]) == expected


def test_the_example_of_section_3_2_2() -> None:
    raw = rb"""{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }"""
    expected = (
        r'{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        r'"string":"€$\u000f\nA' + "'" + r'B\"\\\\\"/"}'
    )
    assert read(raw)[1].decode() == expected


def test_names_are_in_the_order_of_utf_16_code_units() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = json.loads(canonical(dict.fromkeys(names, 0)), object_pairs_hook=lambda pairs: [n for n, _ in pairs])
    assert written == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


_whole = st.integers(-(2**53) + 1, 2**53 - 1)
_double = st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not (2**53 <= abs(x) < 1e21))
_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_value: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | _whole | _double | _text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300)
@given(_value)
def test_any_value_is_written_as_an_independent_implementation_writes_it(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@settings(max_examples=200)
@given(_value, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_however_a_value_is_laid_out_its_bytes_are_the_same(
    value: object, escape: bool, indent: int | str | None
) -> None:
    laid_out = json.dumps(value, ensure_ascii=escape, indent=indent).encode()
    assert read(laid_out)[1] == canonical(value)
    assert read(canonical(value))[1] == canonical(value)


_names = st.lists(st.sampled_from(['"a"', '"b"', '"\\u0061"', '"\\u0022"', '"c\\""', '"\\\\u0022"']), max_size=4)


@given(_names, st.sampled_from(["1", '"x\\u0022"', '"\\""', "{}", '{"a":1}', '{"a":1,"a":2}']))
def test_a_name_given_twice_is_found_however_it_is_written(names: list[str], value: str) -> None:
    text = "{" + ",".join(f"{name}:{value}" for name in names) + "}"
    twice = len({json.loads(name) for name in names}) < len(names) or (names != [] and value.count('"a"') > 1)
    if twice:
        with pytest.raises(NotCanonicalError, match="twice"):
            read(text.encode())
    else:
        read(text.encode())


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b'"\xff"', "UTF-8 at byte 0"),
        (b'"\xed\xa0\x80"', "UTF-8"),
        (b'"\\ud800"', "truncated|surrogate"),
        (b'"\\ud800\\u0041"', "surrogate"),
        (b"NaN", "invalid character"),
        (b"Infinity", "invalid character"),
        (b"1e999", "range"),
        (b"9007199254740992", "2\\*\\*53"),
        (b"-9007199254740993", "2\\*\\*53"),
        (b"1e20", "2\\*\\*53"),
        (b"[" * 101 + b"]" * 101, "nested"),
        (b"[" * 100_000, "nested"),
        (b"{} {}", "trailing"),
        (b"", "truncated"),
    ],
)
def test_what_two_readers_would_read_differently_is_refused(raw: bytes, says: str) -> None:
    with pytest.raises(NotCanonicalError, match=says):
        read(raw)


def test_what_is_just_within_bounds_is_read() -> None:
    assert read(b"9007199254740991")[1] == b"9007199254740991"
    assert decode(b"[" * 100 + b"]" * 100)
    assert read(b"1e21")[1] == b"1e+21"
    assert read(b"1.0")[1] == b"1"


def test_numbers_that_are_not_finite_have_no_form() -> None:
    for value in (math.nan, math.inf, -math.inf):
        with pytest.raises(NotCanonicalError, match="finite"):
            canonical(value)


def test_half_a_surrogate_pair_has_no_form() -> None:
    with pytest.raises(NotCanonicalError, match="surrogate"):
        canonical("\ud800")
    with pytest.raises(NotCanonicalError, match="surrogate"):
        canonical({"\ud800": 1.5})
