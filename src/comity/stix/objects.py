"""Reading one STIX 2.1 object: its JSON in, a value out that says what it is and what it refers to, or why not."""

from collections.abc import Sequence
from hashlib import sha256

from comity.stix.at_once import at_once
from comity.stix.canonical import NotCanonicalError
from comity.stix.canonical import read as read_json
from comity.stix.exercises import is_marked
from comity.stix.faults import Fault, Members, kind_of
from comity.stix.identifiers import deterministic_id
from comity.stix.judging import custom_marks, judge
from comity.stix.markings import strictest
from comity.stix.properties import Group, Kind
from comity.stix.pruning import removable
from comity.stix.references import derivation, derived_pair, mentions, requirements
from comity.stix.timestamps import VERSIONLESS, instant_of_checked
from comity.stix.verdicts import Accepted, Granular, Refused

__all__ = ["VERSIONLESS", "Accepted", "Fault", "Granular", "Refused", "read", "read_all", "version_of"]


def read(raw: bytes) -> Accepted | Refused:
    """Read one object's JSON text by every MUST of STIX 2.1 that can be judged from the object alone."""
    try:
        value, body = read_json(raw)
    except NotCanonicalError as error:
        mend = "Write one JSON object in UTF-8, each name once."
        fault = Fault("", "STIX 2.1 §1.2.10", f"This is not I-JSON (RFC 7493): {error}.", mend)
        return Refused(None, None, None, (fault,))
    if not isinstance(value, dict):
        fault = Fault("", "STIX 2.1 §1.2.10", f"This is {kind_of(value)}, not an object.", "Write an object in braces.")
        return Refused(None, None, None, (fault,))
    return _judged(value, body)


def read_all(texts: Sequence[bytes]) -> list[Accepted | Refused]:
    """Read objects' JSON texts, each as `read` does; many take a fraction of the time together, one takes more."""
    return [found or read(raw) for raw, found in zip(texts, at_once(texts), strict=True)]


def _judged(members: Members, body: bytes) -> Accepted | Refused:
    """Judge one object's members and draw out what the house needs to know of them."""
    faults, kind, beyond = judge(members)
    if faults or kind is None:
        return Refused(_text(members, "id"), _text(members, "type"), _written_version(members), faults)
    identifier = str(members["id"])
    marks = members.get("object_marking_refs")
    markings = tuple(marks) if isinstance(marks, list) else ()
    requires = requirements(members)
    return Accepted(
        id=identifier,
        type=kind.type,
        version=version_of(members),
        created=_text(members, "created"),
        body=body,
        digest=sha256(body).digest(),
        revoked=members.get("revoked") is True,
        tlp=strictest(markings) if markings else None,
        markings=markings,
        granular=_granular(members) if "granular_markings" in members else (),
        requires=requires,
        mentions=mentions(members, identifier, requires),
        derived_from=derivation(members),
        derives=derived_pair(members),
        custom=custom_marks(members, kind, beyond),
        deterministic=_is_deterministic(members, identifier, kind),
        instant=instant_of_checked(version_of(members)),
        exercise=is_marked(members),
    )


def version_of(members: Members) -> str:
    """Return an object's version: `modified`, else `created`, else `VERSIONLESS`."""
    return _written_version(members) or VERSIONLESS


def _written_version(members: Members) -> str | None:
    """Return the version an object writes, if any."""
    return _text(members, "modified") or _text(members, "created")


def _text(members: Members, name: str) -> str | None:
    """Return a property's value when it is a string."""
    value = members.get(name)
    return value if isinstance(value, str) else None


def _granular(members: Members) -> tuple[Granular, ...]:
    """Draw out the granular markings of a judged object."""
    entries = members["granular_markings"]
    drawn = []
    for entry in entries if isinstance(entries, list) else ():
        marking, selectors = entry.get("marking_ref", ""), tuple(entry["selectors"])
        drawn.append(Granular(marking, strictest((marking,)), selectors, removable(members, selectors)))
    return tuple(drawn)


def _is_deterministic(members: Members, identifier: str, kind: Kind) -> bool | None:
    """Compare an observable's UUIDv5 with the one the standard computes (§2.9, §3.4)."""
    if kind.group is not Group.OBSERVABLE or not kind.contributing or identifier[-22] != "5":
        return None
    return deterministic_id(members, kind.contributing) == identifier
