"""The rendition of an object that one recipient may have: parts taken out, still valid, same id and same version.

The standard lets nobody but its creator change an object (STIX 2.1 §3.6). A rendition here changes nothing that it
says: it says less, as granular markings ask (§7.2.3), and what may not be said is withheld whole where less would not
be valid.
"""

from collections.abc import Set as AbstractSet

from comity.stix.canonical import NotCanonicalError, canonical, decode
from comity.stix.faults import Members
from comity.stix.identifiers import contribution, deterministic_id
from comity.stix.kinds import kind_of_object
from comity.stix.markings import TLP_LABELS
from comity.stix.personal import is_a_person, personal_paths
from comity.stix.pruning import pruned
from comity.stix.selectors import Path, path_of


def redact(
    body: bytes,
    drop_ids: AbstractSet[str],
    drop_selectors: AbstractSet[str],
    drop_personal: bool,  # noqa: FBT001 - the fourth fact of a rendition
) -> bytes | None:
    """Return the canonical bytes of an object without what may not be said; None when nothing valid is left.

    `drop_ids`: no trace of these stays: a reference to one goes, and so does any text that contains one.
    `drop_selectors`: what these select (§7.2.3.1) goes, with the granular markings that select only it.
    `drop_personal`: personal data goes (see `comity.stix.personal`).
    None when a property that must stay would go, a marking would be loosened, or the id itself would tell: the
    deterministic id of an observable is a digest of its values, so a value taken out could be guessed from it.
    """
    members = decode(body)
    if not isinstance(members, dict):
        message = "the body is not one JSON object"
        raise NotCanonicalError(message)
    whole = canonical(members)
    present = frozenset(identifier for identifier in drop_ids if identifier.encode() in whole)
    if drop_personal and is_a_person(members):
        return None
    paths: set[Path] = {path_of(selector) for selector in drop_selectors}
    if drop_personal:
        paths |= personal_paths(members)
    if not present and not paths:
        return whole
    return _rendition(members, paths, present, drop_personal)


def selectors_marked(body: bytes, labels: AbstractSet[str]) -> frozenset[str]:
    """Return the selectors of an object's granular markings that set one of these TLP labels (§7.2.3)."""
    members = decode(body)
    granular = members.get("granular_markings", ()) if isinstance(members, dict) else ()
    found: set[str] = set()
    for marking in granular if isinstance(granular, list) else ():
        if TLP_LABELS.get(marking.get("marking_ref", "")) in labels:
            found.update(marking["selectors"])
    return frozenset(found)


def _rendition(
    members: Members,
    paths: set[Path],
    present: frozenset[str],
    drop_personal: bool,  # noqa: FBT001 - as above
) -> bytes | None:
    """Prune, and look at the result again as a stranger would: without its class an identity may be a person."""

    def tells(text: str) -> bool:
        return any(one in text for one in present)

    left = pruned(members, paths, tells if present else None)
    if left is None or _told_by_id(members, left) or (drop_personal and is_a_person(left)):
        return None
    rendition = canonical(left)
    return None if any(identifier.encode() in rendition for identifier in present) else rendition


def _told_by_id(members: Members, left: Members) -> bool:
    """Say whether a deterministic id (§2.9) would still be a digest of a value that was taken out."""
    names = kind_of_object(str(members["type"]), members).contributing
    if not names or contribution(members, names) == contribution(left, names):
        return False
    return deterministic_id(members, names) == members["id"]
