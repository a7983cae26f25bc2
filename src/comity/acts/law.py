"""What the node knows of the law, gathered for the policy room, and judgements made from it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q

from comity.acts import classes, epochs, moments
from comity.acts.agreement_files import read_bytes
from comity.models import Agreement as AgreementRow
from comity.models import AgreementEvent, AgreementText, Consent, ConsentQuestion, Node
from comity.models.consents import Scoped
from comity.policy.agreements import Agreement
from comity.policy.concerns import Basis, basis
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
    adopted = tuple(_adopted(AgreementRow.objects.order_by("sequence")))
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
    return next(_adopted([row]))


def _adopted(rows: Iterable[AgreementRow]) -> Iterator[Adopted]:
    """Yield agreements with their events and texts, read by one statement each."""
    listed = list(rows)
    asked = Q(agreement__in=[row.pk for row in listed])
    events, editions = defaultdict[int, list[LifeEvent]](list), defaultdict[int, list[Edition]](list)
    for agreement, *event in AgreementEvent.objects.filter(asked).order_by("sequence").values_list(*_EVENT):
        events[agreement].append(_event(event))
    texts = AgreementText.objects.filter(event__agreement__in=[row.pk for row in listed]).order_by("event__sequence")
    for agreement, event, text in texts.values_list("event__agreement", "event", "text"):
        editions[agreement].append(Edition(str(event), read_adopted(text)))
    for row in listed:
        yield Adopted(row.slug, read_adopted(row.text), moments.moment(row.adopted_at), tuple(events[row.pk]),
                      tuple(editions[row.pk]))  # fmt: skip


@lru_cache(maxsize=256)
def read_adopted(text: str) -> Agreement:
    """Return the agreement that an adopted text reads as; it was checked when it was adopted. A text reads as ever."""
    found = read_bytes(text.encode()).agreement
    if found is None:
        raise ValueError("an adopted text no longer reads as an agreement: was the database edited by hand?")
    return found


_EVENT = ("agreement", "kind", "effective_on", "recorded_at", "source", "party", "clauses", "until", "received_on",
          "supersedes", "id")  # fmt: skip


def _event(row: Sequence[Any]) -> LifeEvent:
    """Return a stored life event, of which a row holds what `_EVENT` names, as the policy room's value."""
    kind, effective_on, recorded_at, source, party, clauses, until, received_on, supersedes, pk = row
    return LifeEvent(EventKind(kind), effective_on, moments.moment(recorded_at), source, party or None, tuple(clauses),
                     until, received_on, str(supersedes) if supersedes else None, str(pk))  # fmt: skip


def judge_all(law: Facts, known: Mapping[int, Handling], recipient: str, moment: Moment) -> dict[int, Judgement]:
    """Judge every class in *known* (in the order of numbers) for *recipient* at *moment*."""
    court = Court(law, moment)
    judged: dict[int, Judgement] = {}

    def is_open(number: int) -> bool:
        return isinstance(judged.get(number), Release)

    for number, handling in known.items():
        judged[number] = court.judge(handling, recipient, is_open)
    return judged


def rulings(recipient: str, now: datetime, *, exercise: bool | None = None) -> Mapping[int, Judgement]:
    """Return every class's judgement for *recipient* now; with *exercise* those of exercise, or of real, material.

    What was recorded is known, even where the machine's clock went back behind the moment at which it was.
    """
    moment = max(now, moments.moment(epochs.read().stamp))
    return judged(facts(), recipient, Moment(moment), exercise=exercise)


def judged(law: Facts, recipient: str, moment: Moment, *, exercise: bool | None = None) -> Mapping[int, Judgement]:
    """Judge as `judge_all`, with *exercise* the classes of one kind; remembered while what they turn on stands."""
    known = classes.known()
    wanted = basis(law, recipient, _onward(known), moment)
    kept = _RULINGS.get((recipient, exercise), ())
    for found in kept:
        if found.known is known and found.basis == wanted:
            return found.judged
    those = known if exercise is None else {n: one for n, one in known.items() if one.exercise is exercise}
    made = _Ruled(known, wanted, judge_all(wanted.law, those, recipient, moment))
    _RULINGS[recipient, exercise] = (made, *kept[: _REMEMBERED - 1])
    return made.judged


class _Ruled(NamedTuple):
    """Judgements, the classes that were known, and what they turn on."""

    known: Mapping[int, Handling]
    basis: Basis
    judged: Mapping[int, Judgement]


_REMEMBERED = 2  # states of the law for each recipient: one agreement suspended and resumed needs no more
_RULINGS: dict[tuple[str, bool | None], tuple[_Ruled, ...]] = {}


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
    known_at, onward = moments.moment(until), _onward(classes.known())
    for adopted in law.adopted:
        days = _consent_days(law, adopted.slug, recipient)
        if adopted.slug in onward or adopted.names(recipient):
            days |= adopted.turning_days(known_at)
        zone = ZoneInfo(adopted.agreement.time_zone)
        found |= {moments.micros(datetime.combine(day, time(), zone).astimezone(UTC)) for day in days}
    return sorted(at for at in found if after < at <= until)


def _onward(known: Mapping[int, Handling]) -> frozenset[str]:
    """Name the agreements under which something came that is stored here."""
    under = (handling.received_under for handling in known.values())
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
