"""A version is kept as its instant, and as it is written only where that does not tell."""

from hypothesis import given
from hypothesis import strategies as st

from comity.stix.timestamps import VERSIONLESS, instant, spelled, version_at

days = st.datetimes().map(lambda one: one.isoformat(timespec="seconds"))
fractions = st.text("0123456789", min_size=0, max_size=9)


@given(days, fractions)
def test_a_version_comes_back_as_it_was_written(day: str, digits: str) -> None:
    version = f"{day}.{digits}Z" if digits else f"{day}Z"
    assert version_at(instant(version), spelled(version)) == version
    assert (spelled(version) == "") is (len(digits) == 3)


@given(st.datetimes(), st.datetimes())
def test_no_two_versions_are_kept_alike(one: object, other: object) -> None:
    texts = {f"{day:%H:%M:%S}.{day:%f}"[:12] for day in (one, other)}
    versions = [f"2026-01-02T{text}Z" for text in texts]
    assert len({(instant(version), spelled(version)) for version in versions}) == len(versions)


def test_a_sixtieth_second_stays_one() -> None:
    leap, next_ = "2016-12-31T23:59:60.000Z", "2017-01-01T00:00:00.000Z"
    assert instant(leap) == instant(next_)
    assert [version_at(instant(one), spelled(one)) for one in (leap, next_, VERSIONLESS)] == [leap, next_, VERSIONLESS]
