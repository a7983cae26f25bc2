"""Handling classes, interned: the same handling is stored once and goes by its number."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from comity.acts import epochs
from comity.models import Handling as Row
from comity.policy.handling import Handling
from comity.policy.markings import Tlp


def number_of(handling: Handling) -> int:
    """Return the number of *handling*, giving it one when it is new. Run inside the act's transaction."""
    body = _write(handling)
    key = hashlib.sha256(body.encode()).hexdigest()
    found = Row.objects.filter(key=key).values_list("id", flat=True).first()
    return found if found is not None else Row.objects.create(key=key, body=body).pk


def handling_of(number: int) -> Handling:
    """Return the handling that goes by *number*; KeyError when there is none."""
    return _read(Row.objects.values_list("body", flat=True).get(pk=number))


def known() -> Mapping[int, Handling]:
    """Return every class by its number, in the order of numbers: a class only ever refers to earlier ones."""
    return epochs.remembered(_KNOWN, lambda epoch: epoch.classes, _known)


_KNOWN: dict[str, Mapping[int, Handling]] = {}


def _known() -> Mapping[int, Handling]:
    return {number: _read(body) for number, body in Row.objects.order_by("id").values_list("id", "body")}


def newest() -> int:
    """Return the newest class's number, 0 when there is none."""
    return max(known(), default=0)


def _write(handling: Handling) -> str:
    value = {
        "type": handling.type,
        "information": handling.information,
        "purpose": handling.purpose,
        "tlp": handling.tlp.label,
        "personal_data": handling.personal_data,
        "originator": handling.originator,
        "received_under": handling.received_under,
        "recipients": sorted(handling.recipients),
        "exercise": handling.exercise,
        "granular": sorted((tlp.label, removable) for tlp, removable in handling.granular),
        "needs": sorted(sorted(group) for group in handling.needs),
        "unless": sorted(handling.unless),
        **({"addressed": handling.addressed} if handling.addressed else {}),
        **({"apart": handling.apart, "named": sorted(handling.named)} if handling.apart else {}),
        **({} if handling.within is None else {"within": sorted(handling.within)}),
    }
    return msgspec.json.encode(value, order="sorted").decode()


@lru_cache(maxsize=4096)
def _read(body: str) -> Handling:
    value = msgspec.json.decode(body)
    under = value["received_under"]
    return Handling(
        type=value["type"],
        information=value["information"],
        purpose=value["purpose"],
        tlp=Tlp.read(value["tlp"]),
        personal_data=value["personal_data"],
        originator=value["originator"],
        received_under=(under[0], under[1]) if under else None,
        recipients=frozenset(value["recipients"]),
        exercise=value["exercise"],
        granular=tuple((Tlp.read(tlp), removable) for tlp, removable in value["granular"]),
        needs=tuple(frozenset(group) for group in value["needs"]),
        unless=frozenset(value["unless"]),
        addressed=value.get("addressed", ""),
        apart=value.get("apart", ""),
        named=frozenset(value.get("named", ())),
        within=frozenset(value["within"]) if "within" in value else None,
    )
