"""What a preview says is what comes to pass when the event is recorded."""

from datetime import UTC, datetime, timedelta

import pytest

from comity.acts import agreements, classes, law, previewing
from comity.models import Party
from comity.policy.life_events import EventKind, LifeEvent
from comity.policy.release import Moment, Release

EVENTS = [
    ("bs-xa-cyber-mou", EventKind.SUSPENSION, ""),
    ("bs-xa-cyber-mou", EventKind.TERMINATION, ""),
    ("bs-xn-exchange", EventKind.END_OF_SUSPENSION, ""),
    ("caribbean-cert-circle", EventKind.WITHDRAWAL, "XI"),
    ("caribbean-cert-circle", EventKind.SUSPENSION, "BS"),
    ("bs-xa-cyber-mou", EventKind.SIGNATURE, "XA"),
]


def open_to(party: str, moment: Moment) -> set[int]:
    """Give the classes that are open to a party, by the law as it is recorded."""
    judged = law.judge_all(law.facts(), classes.known(), party, moment)
    return {number for number, found in judged.items() if isinstance(found, Release)}


@pytest.mark.usefixtures("bahamas")
@pytest.mark.parametrize(("slug", "kind", "party"), EVENTS)
@pytest.mark.parametrize("days", [-3, 40])
def test_the_preview_comes_to_pass(slug: str, kind: EventKind, party: str, days: int) -> None:
    now = datetime.now(UTC)
    day = now.date() + timedelta(days=days)
    parties = list(Party.objects.exclude(pk="BS").values_list("code", flat=True))
    told = previewing.preview(slug, LifeEvent(kind, day, now, "a note", party or None), now, parties)
    before = {(p, effect.day): open_to(p, Moment(now, effect.day)) for p in parties for effect in told}
    agreements.record_event(slug, agreements.Happened(kind, day, "a note", party), "officer", now)
    later = datetime.now(UTC)
    for effect in told:
        for p in parties:
            after = open_to(p, Moment(later, effect.day))
            turned = {one.number: one.opens for one in effect.turned if one.party == p}
            stocked = set(previewing.counts())
            assert {n for n, opens in turned.items() if opens} == (after - before[p, effect.day]) & stocked
            assert {n for n, opens in turned.items() if not opens} == (before[p, effect.day] - after) & stocked


@pytest.mark.usefixtures("bahamas")
def test_what_is_seen_adds_up_to_the_stock() -> None:
    now = datetime.now(UTC)
    for party in Party.objects.exclude(pk="BS"):
        seen = previewing.seen(party.code, now)
        assert sum(one.objects for one in seen) == sum(previewing.counts().values())
        assert all((one.open > 0) <= one.released for one in seen)
