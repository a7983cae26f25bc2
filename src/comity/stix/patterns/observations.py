"""An observation as patterns see it: objects, what their references lead to, and when they were seen how often."""

from collections.abc import Mapping, Sequence

import msgspec

from comity.stix.patterns.paths import Observed, Referred
from comity.stix.timestamps import instant


class Observation(msgspec.Struct, frozen=True):
    """What was observed together (STIX 2.1 §4.14): `count` times between `first` and `last`, microseconds UTC."""

    objects: Sequence[Observed]
    referred: Referred
    first: int
    last: int
    count: int = 1
    place: int = 0
    """Where it was read, such as the line of a log."""


def is_object(value: object) -> bool:
    """Say whether a value is an object with a type."""
    return isinstance(value, dict) and isinstance(value.get("type"), str)


class NoObservation(ValueError):
    """Observed data that cannot be matched, and why, in one sentence."""


def observation(data: Mapping[str, object], known: Referred, place: int = 0) -> Observation:
    """Return the observation of an observed-data object.

    *known* has the objects that `object_refs` may name, by id. What is named and not known is left out. The
    deprecated container `objects` stands for itself (§4.14, §2.13).
    """
    first, last, count = data.get("first_observed"), data.get("last_observed"), data.get("number_observed")
    if type(count) is not int or count < 1:
        raise NoObservation("number_observed must be a whole number from 1")
    try:
        since = instant(str(first))
        until = since if last == first else instant(str(last))
    except ValueError as error:
        raise NoObservation("first_observed and last_observed must be timestamps") from error
    if until < since:
        raise NoObservation("last_observed is before first_observed")
    refs, inside = data.get("object_refs"), data.get("objects")
    referred: dict[str, Observed]
    if isinstance(inside, dict):
        referred = {key: one for key, one in inside.items() if is_object(one)}
    elif isinstance(refs, list):
        referred = {ref: known[ref] for ref in refs if isinstance(ref, str) and ref in known}
    else:
        raise NoObservation("there is neither object_refs nor objects")
    return Observation(list(referred.values()), referred, since, until, count, place)
