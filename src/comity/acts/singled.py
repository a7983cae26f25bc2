"""Objects singled out for one third party by what their originator said, or is asked, of them or of their case.

For that party, and for it alone, their versions stand in classes apart, judged by what was said of them. The classes in
which they stand for everybody else stay as they are, so that no other partner's view changes by it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from comity.acts import making, moments, segments, stock
from comity.acts.reentry import Reentry
from comity.acts.tags import inherit, tags_of
from comity.models import Collection, SingledOut, StoredVersion, of_types
from comity.policy.consent_scopes import Scope
from comity.policy.handling import MESSAGE
from comity.stix.objects import Accepted, read

REPORTS = frozenset({"grouping", "incident", "note", "report"})


def single_out(scope: Scope, ids: Iterable[str], recipient: str, actor: str, now: datetime) -> None:
    """Let objects, and what is stored and derives from them, stand apart for a party, inside the caller's act.

    Law stays as it is: until an answer is recorded they are judged for that party as before.
    """
    wanted = set(ids)
    for one in wanted:
        SingledOut.objects.get_or_create(stix_id=one, recipient=recipient, tag=scope.tag)
    everywhere = StoredVersion.objects.filter(stix_id__in=wanted).exclude(of_types(MESSAGE))
    for collection in Collection.objects.filter(pk__in=everywhere.values("collection_id")).order_by("pk"):
        here = wanted | _derived(collection, wanted)
        with making.begun(collection, moments.take(now), actor) as begun:
            Reentry(begun).set_apart(here)


def _derived(collection: Collection, ids: set[str]) -> set[str]:
    """Let what is stored and derives from *ids*, as its own giver says, inherit what was said of them."""
    reached, again = set(ids), set(ids)
    while again:
        found: dict[str, set[str]] = {}
        for version in _needing(collection, again):
            for source, target in _derivations(version):
                if target in again and source not in reached:
                    found.setdefault(source, set()).add(target)
        inherit(found)
        again = set(found)
        reached |= again
    return reached - ids


def _needing(collection: Collection, ids: set[str]) -> list[Accepted]:
    pks = sorted(stock.dependents(collection.pk, ids, None))
    found = [read(body) for body in segments.bodies(pks).values()]
    return [one for one in found if isinstance(one, Accepted)]


def _derivations(version: Accepted) -> Iterable[tuple[str, str]]:
    """Yield (what derives, what from) as a version says it: of itself, or as a relationship of two others."""
    yield from ((version.id, target) for target in version.derived_from)
    if version.derives is not None:
        yield version.derives


def members(name: str) -> set[str]:
    """Return the objects of a case: a report's or a grouping's own id names it and all that it refers to.

    Else those that were counted to the case before.
    """
    found = set(SingledOut.objects.filter(tag=f"case:{name}").values_list("stix_id", flat=True))
    versions = list(StoredVersion.objects.filter(of_types(*REPORTS), stix_id=name).values_list("pk", flat=True))
    for body in segments.bodies(versions).values():
        one = read(body)
        if isinstance(one, Accepted):
            found |= {name, *one.mentions, *(ref for group in one.requires for ref in group)}
    return found


def stored(ids: Iterable[str]) -> Mapping[str, list[StoredVersion]]:
    """Return the stored versions of objects by their ids, each object's oldest first."""
    found: dict[str, list[StoredVersion]] = {}
    for version in StoredVersion.objects.filter(stix_id__in=list(ids)).select_related("own").order_by("instant"):
        found.setdefault(version.stix_id, []).append(version)
    return found


__all__ = ["members", "single_out", "stored", "tags_of"]
