"""Nodes that journeys begin with: made once a run, copied for each."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.journeys.calls import poll
from tests.journeys.siege import Account, Fortress, build

Held = tuple[Fortress, list[Account]]


@pytest.fixture(scope="session")
def once_polled(tmp_path_factory: pytest.TempPathFactory, comity: Path) -> Held:
    """Make a node on SQLite that two partners have polled: to be copied, never to be changed."""
    home = tmp_path_factory.mktemp("polled") / "home"
    home.mkdir(mode=0o700)
    fortress, accounts = build(home, None, 2, comity)
    with fortress.served():
        for one in accounts:
            assert len(poll(fortress, one)) > 1
    return fortress, accounts


@pytest.fixture
def polled(once_polled: Held, tmp_path: Path) -> Held:
    """Give a node on SQLite that two partners have polled."""
    made, accounts = once_polled
    return copied(made, tmp_path / "home"), accounts


def copied(made: Fortress, home: Path) -> Fortress:
    """Copy a node that is not served into another home."""
    shutil.copytree(made.home, home)
    return replace(made, home=home, environment={**made.environment, "COMITY_DATA": str(home)})
