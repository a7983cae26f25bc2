"""The example state: The Bahamas with three fictional partners, as a newcomer finds it after the first start."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from comity.acts import agreements, credentials, moments, officers, sharing
from comity.models import Node, Party
from comity.policy.handling import Terms
from comity.policy.life_events import EventKind
from comity.policy.markings import Tlp
from comity.stix.objects import Accepted, read
from comity.stix.streams import objects

CATALOGUES: Final = Path(__file__).parents[3] / "catalogues"
ACTOR: Final = "example"
_AGREEMENTS: Final = ("bs-ar-cyber-mou.yaml", "caribbean-cert-circle.yaml", "bs-nr-exchange.yaml")
_COLLECTIONS: Final = (
    ("indicators", "Indicators and analysis", "What partners use to find and stop attacks.", "prevention", False),
    ("incidents", "Incident reports", "Incidents, for those who respond to them.", "incident response", False),
    ("exercise", "Exercise material", "Material of joint exercises. Nothing in here is real.", "training", True),
)


class CatalogueDamaged(Exception):
    """A catalogue file holds what is no valid object: fetch the file again."""


@dataclass(frozen=True, slots=True)
class Made:
    """What the first start hands over, each secret once: the officer's sign-in and a token for each partner."""

    officer: officers.SignIn
    tokens: dict[str, credentials.Token]


def make_empty(us: str, name: str, now: datetime) -> officers.SignIn:
    """Make an empty node for the party *us*, with one officer."""
    with transaction.atomic():
        Party.objects.get_or_create(code=us, defaults={"name": name, "in_exchange": True})
        Node.objects.create(party_id=us, stamp=moments.micros(now))
        return officers.make("officer", "officer")


def make(now: datetime) -> Made:
    """Make the example state. All of it, or nothing."""
    with transaction.atomic():
        officer = make_empty("BS", "Commonwealth of The Bahamas", now)
        for name in _AGREEMENTS:
            path = CATALOGUES / "agreements" / name
            agreements.adopt(path.read_bytes(), path.name, ACTOR, now)
        suspended = agreements.Happened(EventKind.SUSPENSION, date(2026, 10, 1), "Diplomatic note 14/2026 (invented)",
                                        party="BS")  # fmt: skip
        agreements.record_event("bs-xn-exchange", suspended, ACTOR, now)
        for alias, title, description, purpose, exercise in _COLLECTIONS:
            made = sharing.make_collection(alias, title, now, description=description, purpose=purpose,
                                           exercise=exercise)  # fmt: skip
            found = list(_objects(CATALOGUES / "example" / f"{alias}.json"))
            terms = Terms(Tlp.RED, "BS", purpose, exercise=exercise)
            sharing.accept(made, found, terms, ACTOR, now)
        tokens = {
            code: credentials.make(Party.objects.get(code=code), ACTOR, now)
            for code in ("XA", "XI", "XN")
        }
    return Made(officer, tokens)


def _objects(path: Path) -> Iterator[Accepted]:
    for raw in objects(path.name, path.read_bytes()):
        found = read(raw) if isinstance(raw, bytes) else None
        if not isinstance(found, Accepted):
            raise CatalogueDamaged(f"{path}: {found or raw!r}")
        yield found
