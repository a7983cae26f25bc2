"""Patterns of every form, made by hypothesis."""

from hypothesis import strategies as st

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

types = st.sampled_from(["file", "ipv4-addr", "network-traffic", "x-any", "true-x", "_x", "Upper", "in"])
names = st.sampled_from(["name", "value", "hashes", "src_ref", "true_x", "x9", "_a", "IN", "and", "Name"])
keys = st.one_of(names, st.text(max_size=6), st.just("SHA-256"))
steps = st.lists(st.one_of(keys, st.just(ALL), st.integers(0, 10**6)), max_size=3)
paths = st.builds(lambda kind, first, more: Path(kind, (first, *more)), types, keys, steps)
moments = st.datetimes().map(lambda at: Moment(f"{at.isoformat()}Z"))
texts = st.one_of(st.text(max_size=8), st.sampled_from(["a'b", "a\\b", "\\'", "'", "%", "]", " AND ", "//", "/*"]))
ordered = st.one_of(
    texts,
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.binary(max_size=5),
    moments,
)
literals = st.one_of(ordered, st.booleans())
comparisons = st.one_of(
    st.builds(Comparison, paths, st.sampled_from(["=", "!="]), literals, st.booleans()),
    st.builds(Comparison, paths, st.sampled_from([">", "<", ">=", "<="]), ordered, st.booleans()),
    st.builds(Comparison, paths, st.sampled_from(["LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET"]), texts, st.booleans()),
    st.builds(Comparison, paths, st.just("IN"), st.lists(literals, max_size=3).map(tuple), st.booleans()),
    st.builds(Comparison, paths, st.just("EXISTS"), st.just(()), st.booleans()),
)


def _joined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(parts.map(Both), parts.map(Either))


conditions: st.SearchStrategy[Condition] = st.recursive(comparisons, _joined, max_leaves=5)


def _wider(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    seconds = st.one_of(st.integers(1, 10**6), st.floats(0.001, 10**6))
    return st.one_of(
        parts.map(AllOf),
        parts.map(AnyOf),
        parts.map(Followed),
        st.builds(Within, inner, seconds),
        st.builds(Repeated, inner, st.integers(1, 50)),
        st.builds(Between, inner, moments, moments),
    )


expressions: st.SearchStrategy[Expression] = st.recursive(st.builds(Seen, conditions), _wider, max_leaves=6)
