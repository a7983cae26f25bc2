"""The law as it is recorded: agreements with their events and texts, consents and questions, as the policy room has it.

All of it is read anew as soon as some of it has changed, on the way of the next page: by statements of our own.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from comity.acts import lookups, moments
from comity.acts.agreement_files import read_bytes
from comity.models import Agreement as AgreementRow
from comity.models.consents import Scoped
from comity.policy.agreements import Agreement
from comity.policy.consent_scopes import ConsentAsked, ConsentGiven, Reach, Scope
from comity.policy.editions import Edition
from comity.policy.life_events import EventKind, LifeEvent
from comity.policy.markings import Tlp
from comity.policy.release import Adopted, Facts

_US = "SELECT party_id FROM comity_node"
_AGREEMENTS = "SELECT id, slug, text, adopted_at FROM comity_agreement ORDER BY sequence"
_EVENTS = ("SELECT agreement_id, kind, effective_on, recorded_at, source, party, CAST(clauses AS text), until,"
           " received_on, supersedes_id, id FROM comity_agreementevent {} ORDER BY sequence")  # fmt: skip
_TEXTS = ("SELECT e.agreement_id, e.id, t.text FROM comity_agreementtext t"
          " JOIN comity_agreementevent e ON e.id = t.event_id {} ORDER BY e.sequence")  # fmt: skip
_CONSENTS = ("SELECT originator, recipient, agreement, given, effective_on, until, recorded_at, most_tlp, words, id,"
             " reach, name, information, purpose, tlp_up_to FROM comity_consent ORDER BY sequence")  # fmt: skip
_ASKED = ("SELECT originator, recipient, agreement, asked_at, closed_at, reach, name, information, purpose, tlp_up_to"
          " FROM comity_consentquestion ORDER BY id")  # fmt: skip


def facts() -> Facts:
    """Return all the law recorded so far."""
    ((us,),) = lookups.rows(_US)
    return Facts(us, tuple(_adopted(lookups.rows(_AGREEMENTS), "", ())), tuple(_consents()), tuple(_asked()))


def adopted_of(row: AgreementRow) -> Adopted:
    """Return one agreement with its events and texts: for an act that is about to add to them."""
    one = (row.pk, row.slug, row.text, row.adopted_at)
    return next(_adopted([one], "WHERE agreement_id = %s", [row.pk]))


def _adopted(agreements: Sequence[Sequence[Any]], which: str, values: Sequence[int]) -> Iterator[Adopted]:
    """Yield agreements, as rows of (number, slug, text, moment), with those events and texts that *which* selects."""
    events, editions = defaultdict[int, list[LifeEvent]](list), defaultdict[int, list[Edition]](list)
    for agreement, *event in lookups.rows(_EVENTS.format(which), values):
        events[agreement].append(_event(event))
    for agreement, number, text in lookups.rows(_TEXTS.format(which), values):
        editions[agreement].append(Edition(str(number), read_adopted(text)))
    for pk, slug, text, at in agreements:
        yield Adopted(slug, read_adopted(text), moments.moment(at), tuple(events[pk]), tuple(editions[pk]))


def _event(row: Sequence[Any]) -> LifeEvent:
    kind, effective_on, recorded_at, source, party, clauses, until, received_on, supersedes, pk = row
    return LifeEvent(EventKind(kind), lookups.day(effective_on), moments.moment(recorded_at), source, party or None,
                     tuple(json.loads(clauses)), until and lookups.day(until), received_on and lookups.day(received_on),
                     str(supersedes) if supersedes else None, str(pk))  # fmt: skip


@lru_cache(maxsize=256)
def read_adopted(text: str) -> Agreement:
    """Return the agreement that an adopted text reads as; it was checked when it was adopted. A text reads as ever."""
    found = read_bytes(text.encode()).agreement
    if found is None:
        raise ValueError("an adopted text no longer reads as an agreement: was the database edited by hand?")
    return found


def _consents() -> Iterator[ConsentGiven]:
    for originator, recipient, agreement, given, since, until, at, most, words, pk, *scope in lookups.rows(_CONSENTS):
        yield ConsentGiven(originator, recipient, agreement, bool(given), lookups.day(since),
                           until and lookups.day(until), moments.moment(at), _scope(*scope), label(most), words,
                           pk)  # fmt: skip


def _asked() -> Iterator[ConsentAsked]:
    for originator, recipient, agreement, at, closed_at, *scope in lookups.rows(_ASKED):
        yield ConsentAsked(originator, recipient, agreement, moments.moment(at), _scope(*scope),
                           None if closed_at is None else moments.moment(closed_at))  # fmt: skip


def scope_of(row: Scoped) -> Scope:
    """Return what a stored question or answer speaks of."""
    return _scope(row.reach, row.name, row.information, row.purpose, row.tlp_up_to)


def _scope(reach: str, name: str, information: str, purpose: str, tlp: str) -> Scope:
    return Scope(Reach(reach), name, information, purpose, label(tlp))


def label(text: str) -> Tlp | None:
    """Return a stored TLP label; None where none is."""
    return Tlp.read(text) if text else None
