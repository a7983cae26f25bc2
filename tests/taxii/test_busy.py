"""The exchange while its store is held by somebody else for longer than a request can wait."""

from typing import Any

import pytest
from django.db import connections, transaction

from tests.taxii.conftest import World
from tests.taxii.partner import TAXII, YARD

pytestmark = pytest.mark.django_db


def test_a_busy_store_is_said_and_nothing_leaves(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    store: dict[str, Any] = connections.settings["default"]
    monkeypatch.setitem(store["OPTIONS"], "timeout", 0.05)  # seconds
    world.server.pool.submit(connections.close_all).result()  # so that it is opened anew, and as patient as is said
    before = world.counts()
    with transaction.atomic():
        answer = world.reader.get(f"{YARD}objects/")
    assert (answer.status, answer.headers["content-type"]) == (503, TAXII)
    assert answer.headers["retry-after"] == "5"
    assert "objects" not in answer.json
    assert world.counts() == before
    assert world.reader.get(f"{YARD}objects/").status == 200
