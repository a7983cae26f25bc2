"""What the node knows of the law, gathered for the policy room, and judgements made from it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from comity.acts import classes, epochs, moments
from comity.acts.agreement_files import read_bytes
from comity.models import Agreement as AgreementRow
from comity.models import AgreementEvent, AgreementText, Consent, ConsentQuestion, Node
from comity.models.consents import Scoped
from comity.policy.agreements import Agreement
from comity.policy.consent_scopes import ConsentAsked, ConsentGiven, Reach, Scope, silent_from
from comity.policy.dates import ONE_DAY
from comity.policy.editions import Edition
from comity.policy.handling import Handling
from comity.policy.life_events import EventKind, LifeEvent
from comity.policy.markings import Tlp
from comity.policy.release import Adopted, Court, Facts, Judgement, Moment, Release


def facts() -> Facts:
    """Return all the law recorded so far. Read once for each state of the law."""
    return epochs.remembered(_FACTS, lambda epoch: epoch.law, _facts)


_FACTS: dict[str, Facts] = {}


def _facts() -> Facts:
    us = Node.objects.values_list("party_id", flat=True).get()
    adopted = tuple(adopted_of(row) for row in AgreementRow.objects.order_by("sequence"))
    consents = tuple(
        ConsentGiven(c.originator, c.recipient, c.agreement, c.given, c.effective_on, c.until,
                     moments.moment(c.recorded_at), scope_of(c), label(c.most_tlp), c.words, c.pk)
        for c in Consent.objects.order_by("sequence")
    )  # fmt: skip
    asked = tuple(
        ConsentAsked(q.originator, q.recipient, q.agreement, moments.moment(q.asked_at), scope_of(q),
                     None if q.closed_at is None else moments.moment(q.closed_at))
        for q in ConsentQuestion.objects.order_by("pk")
    )  # fmt: skip
    return Facts(us, adopted, consents, asked)


def scope_of(row: Scoped) -> Scope:
    """Return what a stored question or answer speaks of."""
    return Scope(Reach(row.reach), row.name, row.information, row.purpose, label(row.tlp_up_to))


def label(text: str) -> Tlp | None:
    """Return a stored TLP label; None where none is."""
    return Tlp.read(text) if text else None


def forget() -> None:
    """Drop all remembered law and judgements: for a process whose store was replaced under it."""
    _FACTS.clear()
    _RULINGS.clear()


def adopted_of(row: AgreementRow) -> Adopted:
    """Return one agreement with its events and texts, read anew: for an act that is about to add to them."""
    events = tuple(event_of(event) for event in row.events.order_by("sequence"))
    texts = AgreementText.objects.filter(event__agreement=row).order_by("event__sequence")
    editions = tuple(Edition(str(text.event_id), read_adopted(text.text)) for text in texts)
    return Adopted(row.slug, read_adopted(row.text), moments.moment(row.adopted_at), events, editions)


@lru_cache(maxsize=256)
def read_adopted(text: str) -> Agreement:
    """Return the agreement that an adopted text reads as; it was checked when it was adopted. A text reads as ever."""
    found = read_bytes(text.encode()).agreement
    if found is None:
        raise ValueError("an adopted text no longer reads as an agreement: was the database edited by hand?")
    return found


def event_of(row: AgreementEvent) -> LifeEvent:
    """Return a stored life event as the policy room's value."""
    return LifeEvent(
        kind=EventKind(row.kind),
        effective_on=row.effective_on,
        recorded_at=moments.moment(row.recorded_at),
        source=row.source,
        party=row.party or None,
        clauses=tuple(row.clauses),
        until=row.until,
        received_on=row.received_on,
        supersedes=str(row.supersedes_id) if row.supersedes_id else None,
        id=str(row.pk),
    )


def judge_all(law: Facts, known: Mapping[int, Handling], recipient: str, moment: Moment) -> dict[int, Judgement]:
    """Judge every class in *known* (in the order of numbers) for *recipient* at *moment*."""
    court = Court(law, moment)
    judged: dict[int, Judgement] = {}

    def is_open(number: int) -> bool:
        return isinstance(judged.get(number), Release)

    for number, handling in known.items():
        judged[number] = court.judge(handling, recipient, is_open)
    return judged


def rulings(recipient: str, now: datetime) -> Mapping[int, Judgement]:
    """Return every class's judgement for *recipient* now, remembered while law, calendar and classes stand.

    What was recorded is known, even where the machine's clock went back behind the moment at which it was.
    """
    epoch = epochs.read()
    law = facts()
    moment = max(now, moments.moment(epoch.stamp))
    days = tuple(moment.astimezone(ZoneInfo(a.agreement.time_zone)).date() for a in law.adopted)
    key = (epoch.law, epoch.classes, days)
    found = _RULINGS.get(recipient)
    if found is not None and found[0] == key:
        return found[1]
    judged = judge_all(law, classes.known(), recipient, Moment(moment))
    after = epochs.read()
    if epoch.law and (after.law, after.classes) == (epoch.law, epoch.classes):
        _RULINGS[recipient] = key, judged
    return judged


_RulingKey = tuple[str, str, tuple[date, ...]]
_RULINGS: dict[str, tuple[_RulingKey, dict[int, Judgement]]] = {}


def stood_since(now: datetime) -> int:
    """Return the last moment (µs) at which the calendar may have turned the law for anybody: a midnight somewhere."""
    return max(_midnight(now, zone, timedelta()) for zone in _zones())


def stands_until(now: datetime) -> int:
    """Return the next moment (µs) at which the calendar may turn the law for anybody."""
    return min(_midnight(now, zone, ONE_DAY) for zone in _zones())


def _zones() -> set[str]:
    return {"UTC", *(adopted.agreement.time_zone for adopted in facts().adopted)}


def _midnight(now: datetime, zone: str, later: timedelta) -> int:
    where = ZoneInfo(zone)
    day = now.astimezone(where).date() + later
    return moments.micros(datetime.combine(day, time(), where).astimezone(UTC))


def turns(law: Facts, recipient: str, after: int, until: int) -> list[int]:
    """Return the moments (µs) in (*after*, *until*] at which the calendar alone may change what one may have.

    An agreement turns it for its parties, and for a third party where something that came under it may be passed on.
    """
    found: set[int] = set()
    known_at, onward = moments.moment(until), _onward()
    for adopted in law.adopted:
        days = _consent_days(law, adopted.slug, recipient)
        if adopted.slug in onward or adopted.names(recipient):
            days |= adopted.turning_days(known_at)
        zone = ZoneInfo(adopted.agreement.time_zone)
        found |= {moments.micros(datetime.combine(day, time(), zone).astimezone(UTC)) for day in days}
    return sorted(at for at in found if after < at <= until)


def _onward() -> frozenset[str]:
    """Name the agreements under which something came that is stored here."""
    under = (handling.received_under for handling in classes.known().values())
    return frozenset(one[0] for one in under if one is not None)


def _consent_days(law: Facts, slug: str, recipient: str) -> frozenset[date]:
    """Return the days on which an answer on passing on to *recipient* begins to hold, and holds no longer.

    So too those on which a question without an answer becomes silence.
    """
    answers = [one for one in law.consents if (one.agreement, one.recipient) == (slug, recipient)]
    ends = (one.until + ONE_DAY for one in answers if one.until is not None)
    asked = [one for one in law.asked if (one.agreement, one.recipient) == (slug, recipient)]
    texts = [text for one in law.adopted if one.slug == slug
             for text in (one.agreement, *(edition.agreement for edition in one.editions))]  # fmt: skip
    silent = (silent_from(text, one) for one in asked for text in texts)
    days = {one.effective_on for one in answers} | {day for day in silent if day is not None}
    return frozenset(days) | frozenset(ends)
