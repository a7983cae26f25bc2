"""Files of MISP: the events in them, as a server exports them, answers a search, or writes a feed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from comity.policy.misp import INHERIT, is_deleted
from comity.policy.saying import sentence

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_STAMP: Final = re.compile(r"[0-9]{1,12}")
_EXPORT: Final = "export events as MISP JSON (/events/restSearch with returnFormat json)"
_anything: Final = msgspec.json.Decoder(dict[str, msgspec.Raw] | list[msgspec.Raw]).decode
_record: Final = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Found:
    """One event of a file, as its JSON text; or why there is none. `place` names the file, and the place in it."""

    place: str
    text: bytes = b""
    wrong: str = ""


def events(name: str, text: bytes) -> Iterator[Found]:
    """Yield the events of a file: one, a list, a search's `response`, each bare or below `Event`."""
    try:
        whole = _anything(text.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError) as error:
        yield Found(name, wrong=f"this is no JSON object or list ({error}); {_EXPORT}")
        return
    if isinstance(whole, dict) and "response" in whole:
        try:
            whole = _anything(bytes(whole["response"]))
        except msgspec.DecodeError:
            yield Found(name, wrong=f"its “response” holds no events; {_EXPORT}")
            return
    if isinstance(whole, dict):
        yield _one(name, whole, text)
        return
    if not whole:
        yield Found(name, wrong=f"there is no event in it; {_EXPORT}")
    for number, one in enumerate(whole, 1):
        place = f"{name}, event {number}"
        try:
            yield _one(place, msgspec.json.decode(one, type=dict[str, msgspec.Raw]), bytes(one))
        except msgspec.DecodeError:
            yield Found(place, wrong=f"this is no event; {_EXPORT}")


def _one(place: str, members: dict[str, msgspec.Raw], text: bytes) -> Found:
    if "Event" in members:
        return Found(place, bytes(members["Event"]))
    if "info" in members and "uuid" in members:
        return Found(place, text.removeprefix(b"\xef\xbb\xbf"))
    if "Attribute" in members or "Object" in members:
        why = "these are attributes or objects without their event, which says how far they may go"
    elif members and all(_UUID.fullmatch(key) for key in members):
        why = "this is the manifest of a feed; give the files of its events, which lie beside it"
    elif "type" in members and "objects" in members:
        why = "this is STIX already; take it in with comity share"
    else:
        why = "this is no event of MISP"
    return Found(place, wrong=f"{why}; {_EXPORT}" if "give the" not in why and "STIX" not in why else why)


class Unreadable(Exception):
    """An event cannot be taken in; the message names the part and the mend."""


def read(text: bytes) -> tuple[dict[str, Any], list[str]]:
    """Read an event; return it without what is deleted there, and sentences on what was left out.

    Unreadable where it or a part of it lacks what makes the same again of it another day: its UUID or its timestamp.
    """
    try:
        event = _record(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unreadable(sentence("this is no event ({error}); {mend}", error=error, mend=_EXPORT)) from error
    for key in ("uuid", "timestamp"):
        _checked(event, key, "the event")
    left: list[str] = []
    for key, what in (("Attribute", "attribute"), ("Object", "object")):
        event[key] = _standing(event, key, what, left)
    for one in event["Object"]:
        one["Attribute"] = _standing(one, "Attribute", f"object {one['uuid']}: attribute", left)
    for key, what in (("ShadowAttribute", "proposals"), ("RelatedEvent", "related events, which have numbers only")):
        if event.get(key):
            left.append(f"{what}: {len(_records(event[key]))}")
    inner = [one for each in event["Object"] for one in each["Attribute"]]
    for one in (event, *event["Attribute"], *inner):
        _keep_named_clusters(one, left)
    return event, list(dict.fromkeys(left))


def _keep_named_clusters(record: dict[str, Any], left: list[str]) -> None:
    """Leave clusters of galaxies out that have no UUID, as older servers wrote them; their tags stay."""
    if "Galaxy" in record:
        record["Galaxy"] = _records(record["Galaxy"])
    for galaxy in record.get("Galaxy", ()):
        clusters = _records(galaxy.get("GalaxyCluster"))
        galaxy["GalaxyCluster"] = [one for one in clusters if _UUID.fullmatch(str(one.get("uuid") or ""))]
        gone = [one for one in clusters if one not in galaxy["GalaxyCluster"]]
        left += [f"cluster “{one.get('value')}” of a galaxy, which has no UUID; its tag stays" for one in gone]


def _records(value: object) -> list[dict[str, Any]]:
    """Return the records of a list; what is none is passed over."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _standing(record: dict[str, Any], key: str, what: str, left: list[str]) -> list[dict[str, Any]]:
    """Return the records of a list that are not deleted, each with its UUID."""
    listed = record.get(key) or []
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Unreadable(sentence("“{key}” is no list of records; {mend}", key=key, mend=_EXPORT))
    found = [one for one in listed if not is_deleted(one)]
    for number, one in enumerate(found, 1):
        _checked(one, "uuid", f"{what} {number} ({one.get('type') or one.get('name') or 'without a type'})")
        one.setdefault("distribution", str(INHERIT))
    if len(found) < len(listed):
        left.append(f"deleted {what}s: {len(listed) - len(found)}")
    return found


def _checked(record: dict[str, Any], key: str, what: str) -> None:
    form = _UUID if key == "uuid" else _STAMP
    if not form.fullmatch(str(record.get(key) or "")):
        raise Unreadable(sentence("{what} has no {key} that can be read; {mend}", what=what, key=key, mend=_EXPORT))
