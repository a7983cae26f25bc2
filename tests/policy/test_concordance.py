"""Agreement of raters: equal to Krippendorff’s worked example, and to an independent library on random data."""

import warnings
from itertools import permutations

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.policy.concordance import Scale, Unit, Yardstick, alpha, concord, reliability, unit

_: int | None = None
PUBLISHED: tuple[tuple[int | None, ...], ...] = (  # Krippendorff 2011, section C: four observers, twelve units
    (1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3),
    (_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _),
)
EXAMPLE = [unit(column) for column in zip(*PUBLISHED, strict=True)]
units = st.lists(st.lists(st.none() | st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("scale", "published"), [(Scale.NOMINAL, 0.743), (Scale.ORDINAL, 0.815), (Scale.INTERVAL, 0.849)]
)
def test_the_published_example(scale: Scale, published: float) -> None:
    found = reliability(EXAMPLE, scale)
    assert found.alpha == pytest.approx(published, abs=0.0005)
    assert (found.units, found.values) == (11, 40)
    assert found.low is not None
    assert found.high is not None
    assert found.low < published < found.high <= 1


def library(rows: list[list[int | None]], scale: Scale) -> float | None:
    """Ask the independent library; None where it, too, finds nothing to compare."""
    table = np.array([[np.nan if value is None else value for value in row] for row in rows], dtype=float).T
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = float(krippendorff.alpha(reliability_data=table, level_of_measurement=scale.value))
    except ValueError:
        return None
    return None if np.isnan(found) else found


@given(units, st.sampled_from(Scale))
def test_an_independent_library_finds_the_same(rows: list[list[int | None]], scale: Scale) -> None:
    pairable = [row for row in rows if sum(value is not None for value in row) > 1]
    if len({value for row in pairable for value in row if value is not None}) < 2:
        assert alpha(map(unit, rows), scale) is None
        return
    assert alpha(map(unit, rows), scale) == pytest.approx(library(rows, scale), abs=1e-9)


def naive(rows: list[list[int | None]]) -> float | None:
    """Compare every pair of raters of every unit, and every pair of all values, as the definition is read."""
    told = [[value for value in row if value is not None] for row in rows]
    told = [row for row in told if len(row) > 1]
    pool = [value for row in told for value in row]
    if len(set(pool)) < 2:
        return None
    observed = sum(sum(a != b for a, b in permutations(row, 2)) / (len(row) - 1) for row in told) / len(pool)
    expected = sum(a != b for a, b in permutations(pool, 2)) / (len(pool) * (len(pool) - 1))
    return 1 - observed / expected


@given(units)
def test_the_definition_read_word_by_word(rows: list[list[int | None]]) -> None:
    found, read = alpha(map(unit, rows), Scale.NOMINAL), naive(rows)
    assert found == (None if read is None else pytest.approx(read, abs=1e-9))


@given(units, st.sampled_from(Scale))
def test_the_parts_of_the_units_make_up_the_alpha_of_the_whole(rows: list[list[int | None]], scale: Scale) -> None:
    whole = [unit(row) for row in rows]
    yardstick = Yardstick(whole, scale)
    parts = [(yardstick.concord(one), sum(one.values())) for one in whole if sum(one.values()) > 1]
    found = alpha(whole, scale)
    if found is None:
        assert all(part.alpha is None for part, _weight in parts)
        return
    weighted = sum((part.alpha or 0.0) * weight for part, weight in parts) / sum(weight for _part, weight in parts)
    assert weighted == pytest.approx(found, abs=1e-9)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=6))
def test_one_unit_alone_has_no_alpha_of_its_own(values: list[int]) -> None:
    found = alpha([unit(values)], Scale.NOMINAL)
    assert found == (None if len(set(values)) == 1 else pytest.approx(0))


def test_one_unit_beside_others_says_how_far_its_raters_agree() -> None:
    whole: list[Unit] = [{0: 4}, {0: 2, 2: 2}, {2: 3, 0: 1}, {1: 4}]
    agreed, split = concord(whole[0], whole, Scale.NOMINAL), concord(whole[1], whole, Scale.NOMINAL)
    assert (agreed.share, agreed.alpha, agreed.low) == (1, 1, None)
    assert split.share == pytest.approx(1 / 3)
    assert split.alpha is not None
    assert split.alpha < 0.2
    assert split.low is not None
    assert split.high is not None
    assert split.low < split.alpha < split.high
    assert concord({0: 1}, whole, Scale.NOMINAL).share is None


@given(units, st.randoms(use_true_random=False))
def test_the_interval_is_the_same_each_time_in_whatever_order(rows: list[list[int | None]], chance: object) -> None:
    whole = [unit(row) for row in rows]
    shuffled = list(whole)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    found, again = reliability(whole, Scale.ORDINAL, 40), reliability(shuffled, Scale.ORDINAL, 40)
    assert found == again
    if found.low is not None and found.high is not None:
        assert found.low <= found.high <= 1


def test_the_interval_covers_what_is_true_about_as_often_as_it_says() -> None:
    chance = np.random.default_rng(20261127)
    inside = 0
    for _trial in range(60):
        truth = chance.integers(0, 3, 60)
        told = np.where(chance.random((60, 4)) < 0.7, truth[:, None], chance.integers(0, 3, (60, 4)))
        found = reliability([unit(map(int, row)) for row in told], Scale.NOMINAL, 200)
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= 0.49 <= found.high  # two raters both know the truth in 0.7 × 0.7 of the cases
    assert inside >= 50
