"""An agreement is amended: the new text decides from its day, the old one goes on answering for its own."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from comity.acts import agreements, explaining
from comity.ledger import entries
from comity.models import AgreementEvent, AgreementText, LedgerEntry
from comity.policy.life_events import EventKind
from comity.policy.release import Moment
from tests.journeys.world import BILATERAL, FILES, SLUGS, World, indicator, stix_id

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

MOU = SLUGS["XA"]
TEXT = (FILES / BILATERAL).read_text(encoding="utf-8")
A, B = stix_id("indicator", "a"), stix_id("indicator", "b")


def narrowed() -> bytes:
    """Give the memorandum with its first clause up to GREEN only, and without examples, which would no longer hold."""
    start = TEXT.index("  A4.1:")
    end = TEXT.index("  A4.2:")
    clause = TEXT[start:end].replace("tlp_up_to: AMBER", "tlp_up_to: GREEN")
    assert clause != TEXT[start:end]
    return (TEXT[:start] + clause + TEXT[end : TEXT.index("\nexamples:")] + "\n").encode()


def amend(world: World, on: date, content: bytes | None = None, supersedes: int | None = None) -> AgreementEvent:
    happened = agreements.Happened(EventKind.AMENDMENT, on, "Protocol of 2026", supersedes=supersedes)
    return agreements.amend(MOU, content or narrowed(), "amended.yaml", happened, "test", world.now)


def shared() -> World:
    world = World()
    world.share(indicator("a", "AMBER"), indicator("b", "GREEN"))
    assert set(world.walk("XA")) == {A, B}
    return world


def test_the_amended_text_decides_from_its_day_by_the_agreements_clock() -> None:
    world = shared()
    first = world.now.date() + timedelta(days=3)
    amend(world, first)
    assert set(world.walk("XA")) == {A, B}
    begins = datetime.combine(first, time(), ZoneInfo("America/Nassau")).astimezone(UTC)
    world.now = begins - timedelta(seconds=1)
    assert set(world.walk("XA")) == {A, B}
    world.now = begins
    assert set(world.walk("XA")) == {B}


def test_the_old_text_goes_on_answering_for_its_days_and_for_what_was_known() -> None:
    world = shared()
    recorded = world.now.date()
    world.now += timedelta(days=5)
    amend(world, recorded + timedelta(days=2))
    answers = {}
    for on, known in ((0, None), (1, None), (2, None), (5, None), (5, 0)):
        asked = recorded + timedelta(days=on)
        then = None if known is None else recorded + timedelta(days=known)
        answers[on, known] = explaining.decide(A, "XA", world.now, on=asked, known=then)[0].released
    assert answers == {(0, None): True, (1, None): True, (2, None): False, (5, None): False, (5, 0): True}


def test_an_amendment_is_retracted_corrected_and_corrected_again() -> None:
    world = shared()
    today = world.now.date()
    wrong = amend(world, today - timedelta(days=1))
    assert set(world.walk("XA")) == {B}
    world.tick()
    taken_back = agreements.Happened(EventKind.RETRACTION, today, "recorded in error", supersedes=wrong.pk)
    retraction = agreements.record_event(MOU, taken_back, "test", world.now)
    assert set(world.walk("XA")) == {A, B}
    world.tick()
    again = agreements.Happened(EventKind.RETRACTION, today, "it was right", supersedes=retraction.pk)
    agreements.record_event(MOU, again, "test", world.now)
    assert set(world.walk("XA")) == {B}
    world.tick()
    later = amend(world, today + timedelta(days=9), supersedes=wrong.pk)
    assert set(world.walk("XA")) == {A, B}
    told = agreements.told(MOU, Moment(world.now, today + timedelta(days=9)))
    assert [(one.event, one.holds, one.counts) for one in told.texts] == [
        (0, False, True), (wrong.pk, False, False), (later.pk, True, True)]  # fmt: skip


def test_it_is_told_to_both_sides_with_the_new_texts_digest() -> None:
    world = shared()
    row = amend(world, world.now.date())
    leaf = LedgerEntry.objects.filter(log__party_id="XA").order_by("index").last()
    assert leaf is not None
    entry = entries.decode(bytes(leaf.leaf))
    assert isinstance(entry, entries.Policy)
    assert (entry.event, entry.document) == ("amendment", AgreementText.objects.get(event=row).digest)


def test_a_text_that_is_none_is_refused_and_nothing_is_stored() -> None:
    world = shared()
    before = AgreementEvent.objects.count()
    for content, said in ((b"agreement: x", "the file lacks `force`"), (TEXT.encode(), "nothing else than the text"),
                          (narrowed().replace(b"agreement: BS-XA", b"agreement: BS-XB"), "keeps the name")):
        with pytest.raises(agreements.Rejected, match=said):
            amend(world, world.now.date(), content)
    row = amend(world, world.now.date())
    without = agreements.Happened(EventKind.AMENDMENT, world.now.date(), "a note", supersedes=row.pk)
    with pytest.raises(agreements.Rejected, match="brought an amended text"):
        agreements.record_event(MOU, without, "test", world.now)
    assert AgreementEvent.objects.count() == before + 1


def test_after_a_retraction_the_same_event_is_corrected_anew_and_never_twice_at_once() -> None:
    world = shared()

    def event(kind: EventKind, over: int | None = None) -> int:
        world.tick()
        happened = agreements.Happened(kind, world.now.date(), "a note", party="BS", supersedes=over)
        return int(agreements.record_event(MOU, happened, "test", world.now).pk)

    first = event(EventKind.SUSPENSION)
    correction = event(EventKind.SUSPENSION, first)
    with pytest.raises(agreements.Rejected, match="is corrected or taken back already"):
        event(EventKind.SUSPENSION, first)
    second = event(EventKind.SUSPENSION, correction)
    event(EventKind.RETRACTION, second)
    event(EventKind.RETRACTION, event(EventKind.SUSPENSION, correction))
    assert AgreementEvent.objects.filter(supersedes=correction).count() == 2
