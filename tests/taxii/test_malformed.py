"""Malformed requests over all endpoints: none is a fault of the server, none is stored. COMITY_MALFORMED: how many."""

import asyncio
import os

import pytest

from comity.models import (
    Batch,
    Collection,
    Entry,
    Handling,
    LedgerEntry,
    Need,
    Right,
    Snag,
    StoredVersion,
    Submission,
)
from tests.taxii.conftest import World
from tests.taxii.malformed import messages
from tests.taxii.partner import TAXII, Answer, Message, exchange

pytestmark = pytest.mark.django_db
NUMBER = int(os.environ.get("COMITY_MALFORMED", "3000"))
SHARE = 1000
REFUSALS = {400, 401, 403, 404, 405, 406, 415, 422}


def stored() -> dict[str, int]:
    """Count all that a partner could have changed, but for statuses and the ledger."""
    return {
        "versions": StoredVersion.objects.count(), "needs": Need.objects.count(),
        "classes": Handling.objects.count(), "batches": Batch.objects.count(),
        "collections": Collection.objects.count(), "rights": Right.objects.count(),
        "places": Entry.objects.filter(deleted_at=None).count(), "snags": Snag.objects.count(),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(-(-NUMBER // SHARE)))
def test_malformed_requests_are_refused_and_not_stored(world: World, seed: int) -> None:
    sent = list(messages(seed, SHARE, (world.reader, world.writer, world.drop_box, world.nobody, world.other)))
    before, statuses, given = stored(), Submission.objects.count(), LedgerEntry.objects.count()
    answers = asyncio.run(all_of(world, sent))
    for message, answer in zip(sent, answers, strict=True):
        assert well_formed(answer), (message, answer)
    assert {answer.status for answer in answers} >= REFUSALS
    assert stored() == before
    assert Submission.objects.count() - statuses == sum(answer.status == 202 for answer in answers)
    dated = [answer for answer in answers if "x-taxii-date-added-first" in answer.headers]
    assert LedgerEntry.objects.count() - given == len(dated)


async def all_of(world: World, sent: list[Message]) -> list[Answer]:
    """Send one request after the other."""
    return [await exchange(world.server, message) for message in sent]


def well_formed(answer: Answer) -> bool:
    """Tell whether an answer is one that TAXII knows: its type, its length where it has a body, its error resource."""
    if answer.status >= 500 or answer.headers["content-type"] != TAXII:
        return False
    if not answer.body:
        return True
    right_length = int(answer.headers["content-length"]) == len(answer.body)
    return right_length and (answer.status < 400 or answer.json["http_status"] == str(answer.status))
