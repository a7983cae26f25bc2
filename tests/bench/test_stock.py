"""What the benches store without checking is what would be read if it were checked."""

import random

import pytest

from bench import _stock
from comity.stix.objects import read


@pytest.mark.parametrize("tlp", ["CLEAR", "GREEN", "AMBER"])
def test_an_indicator_made_quickly_is_what_reading_it_gives(tlp: str) -> None:
    chance = random.Random(1)
    for _ in range(50):
        made = _stock.quick_indicator(chance, tlp, 800)
        assert read(made.body) == made
        assert len(made.body) == 800
