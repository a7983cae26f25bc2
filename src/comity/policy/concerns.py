"""What of the law one recipient's judgements turn on: while that stands, so do they.

A judgement asks the agreements between us and the recipient, those under which something came that might be passed on,
and what originators said of passing on to that recipient. Of an agreement it asks the text that holds at the moment,
which day it is by that text's clock, and how the sides stand to it then; of what was said, what was known and open. So
two bases that are equal give equal judgements, whatever else was recorded meanwhile, and whatever it changed for whom.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from comity.policy.agreements import Agreement
from comity.policy.consent_scopes import ConsentAsked, ConsentGiven
from comity.policy.release import Adopted, Court, Facts
from comity.policy.standing import Standing

Under = Mapping[str, AbstractSet[str]]
"""The agreements under which something came, by their slugs, with those that it came from."""


class Heard(NamedTuple):
    """An agreement as it is heard at a moment: its text, whether it was adopted by then, the day, the standings."""

    slug: str
    text: Agreement
    adopted: bool
    day: date
    standings: tuple[tuple[str, Standing], ...]


class Basis(NamedTuple):
    """What judgements turn on: the agreements as they are heard, and what was said and asked of passing on."""

    us: str
    agreements: tuple[Heard, ...]
    consents: tuple[ConsentGiven, ...]
    asked: tuple[ConsentAsked, ...]


def speaking(law: Facts, recipient: str, under: Under) -> Facts:
    """Return of the law what speaks of a recipient: a court over that judges as one over all of it."""
    adopted = tuple(
        one for one in law.adopted if one.slug in under or (one.names(recipient) and one.names(law.us))
    )  # fmt: skip
    consents = tuple(one for one in law.consents if one.recipient == recipient)
    asked = tuple(one for one in law.asked if one.recipient == recipient)
    return replace(law, adopted=adopted, consents=consents, asked=asked)


def basis(court: Court, recipient: str, under: Under) -> Basis:
    """Return what the judgements of a court for *recipient* turn on."""
    law, known_at = court.facts, court.moment.known_at
    return Basis(
        law.us,
        tuple(_heard(court, one, {law.us, recipient, *under.get(one.slug, ())}) for one in law.adopted),
        tuple(one for one in law.consents if one.recorded_at <= known_at),
        tuple(one for one in law.asked if one.open_at(known_at)),
    )


def _heard(court: Court, adopted: Adopted, sides: AbstractSet[str]) -> Heard:
    moment, text = court.moment, court.at(adopted)
    standings = tuple((side, court.standing(text, side)) for side in sorted(sides))
    return Heard(adopted.slug, text.agreement, adopted.adopted_at <= moment.known_at,
                 moment.day(text.agreement.time_zone), standings)  # fmt: skip
