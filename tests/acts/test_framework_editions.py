"""An edition that is here is never changed: not by taking it in again, and not by another program."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import Error, transaction

from comity.acts import example_state, framework_editions, frameworks
from comity.models import FrameworkEdition

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


@pytest.fixture(autouse=True)
def _node() -> None:
    example_state.make_empty("BS", "The Bahamas", NOW)


def test_an_edition_is_taken_in_once_and_stays_as_it_was() -> None:
    cmm = frameworks.framework("cmm", "2021")
    assert framework_editions.take(cmm, "officer", NOW)
    assert not framework_editions.take(cmm, "another", NOW)
    with pytest.raises(framework_editions.EditionFixed, match="an edition of its own"):
        framework_editions.take(replace(cmm, owner="another owner"), "officer", NOW)
    assert framework_editions.compiled("cmm") == framework_editions.compiled("cmm", "2021") == cmm
    assert framework_editions.compiled("cmm") is framework_editions.compiled("cmm")
    (row,) = framework_editions.kept()
    assert (str(row), row.recorded_by) == ("cmm 2021", "officer")


def test_no_program_changes_an_edition() -> None:
    framework_editions.take(frameworks.framework("cmm", "2021"), "officer", NOW)
    for column in ("framework", "edition", "content", "digest"):
        with pytest.raises(Error, match="an edition of a framework is fixed"), transaction.atomic():
            FrameworkEdition.objects.update(**{column: "x"})


def test_two_editions_stand_side_by_side() -> None:
    cmm = frameworks.framework("cmm", "2021")
    later = replace(cmm, edition="2027", owner="another owner")
    framework_editions.take(cmm, "officer", NOW)
    framework_editions.take(later, "officer", NOW)
    assert framework_editions.compiled("cmm") == later
    assert framework_editions.compiled("cmm", "2021") == cmm
    with pytest.raises(framework_editions.EditionUnknown, match="there are cmm 2021, cmm 2027"):
        framework_editions.compiled("cmm", "2016")


def test_the_catalogue_is_taken_in_when_it_has_changed(tmp_path: Path) -> None:
    assert framework_editions.load(tmp_path, NOW) == []
    there = {(one.id, one.edition) for one in frameworks.catalogue()}
    assert {(row.framework, row.edition) for row in framework_editions.kept()} == there
    FrameworkEdition.objects.all().delete()
    framework_editions.load(tmp_path, NOW)
    assert framework_editions.kept() == []
    (tmp_path / framework_editions.STAMP).unlink()
    other = replace(frameworks.framework("cmm", "2021"), owner="somebody else")
    framework_editions.take(other, "officer", NOW)
    (refusal,) = framework_editions.load(tmp_path, NOW)
    assert "cmm, edition 2021, is here with other content" in refusal
