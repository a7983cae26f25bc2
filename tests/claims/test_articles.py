"""Whole articles with labels that a person wrote. Those called `held-` were labelled before they were first checked."""

from functools import cache
from pathlib import Path

import pytest

from comity.acts import claims
from comity.claims.scoring import Score
from tests.claims.lines import register

LABELS = sorted((Path(__file__).parent / "articles").glob("*.yaml"))


@cache
def scored(labels: Path) -> Score:
    document = next(path for path in labels.parent.glob(f"{labels.stem}.*") if path != labels)
    return claims.score_check(
        claims.check(document.name, document.read_bytes(), register()), claims.read_labels(labels)
    )


@pytest.mark.parametrize("labels", LABELS, ids=lambda path: path.stem)
def test_nothing_is_invented_and_no_verdict_is_wrong(labels: Path) -> None:
    found = scored(labels)
    assert (found.false, found.wrong) == ((), ())


def test_nearly_all_is_found() -> None:
    found = [scored(labels) for labels in LABELS]
    labels = sum(one.labels for one in found)
    assert labels > 1200
    assert sum(len(one.right) for one in found) / labels > 0.88
