"""What of the law one recipient's judgements turn on: while that stands, so do they.

A judgement asks the agreements between us and the recipient, those under which something came that might be passed on,
and what originators said of passing on to that recipient. Of a moment it asks which of that was recorded by then, and
which day it is by each agreement's clock. So two bases that are equal give equal judgements, whatever else was
recorded meanwhile, and whatever else it changed for whom.
"""

from collections.abc import Container, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from comity.policy.release import Facts, Moment


class Basis(NamedTuple):
    """The law that speaks of a recipient, how many of its records were known, the days by its agreements’ clocks."""

    law: Facts
    known: int
    days: tuple[date, ...]


def basis(law: Facts, recipient: str, under: Container[str], moment: Moment) -> Basis:
    """Return what judgements for *recipient* at *moment* turn on; *under* names agreements by which something came."""
    adopted = tuple(
        one for one in law.adopted if one.slug in under or (one.names(recipient) and one.names(law.us))
    )  # fmt: skip
    consents = tuple(one for one in law.consents if one.recipient == recipient)
    asked = tuple(one for one in law.asked if one.recipient == recipient)
    speaking = replace(law, adopted=adopted, consents=consents, asked=asked)
    known = sum(at <= moment.known_at for at in _recorded(speaking))
    return Basis(speaking, known, tuple(moment.day(one.agreement.time_zone) for one in adopted))


def _recorded(law: Facts) -> Iterator[datetime]:
    """Yield the moments at which what is known of the law changed."""
    for adopted in law.adopted:
        yield adopted.adopted_at
        yield from (event.recorded_at for event in adopted.events)
    yield from (one.recorded_at for one in law.consents)
    for asked in law.asked:
        yield asked.asked_at
        if asked.closed_at is not None:
            yield asked.closed_at
