"""What was said of single objects, as marks of their classes: read and inherited while objects find their places."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from comity.models import SingledOut

_CHUNK = 500


def none_at_all() -> bool:
    """Tell whether nothing was ever singled out: then nobody has to look."""
    return not SingledOut.objects.exists()


def tags_of(ids: Iterable[str]) -> dict[str, dict[str, frozenset[str]]]:
    """Return, by id and third party, the scopes that speak of objects."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    every = sorted(ids)
    for start in range(0, len(every), _CHUNK):
        rows = SingledOut.objects.filter(stix_id__in=every[start : start + _CHUNK])
        for stix_id, recipient, tag in rows.values_list("stix_id", "recipient", "tag"):
            of_one = found.setdefault(stix_id, {})
            of_one[recipient] = of_one.get(recipient, frozenset()) | {tag}
    return found


def inherit(derived: Mapping[str, AbstractSet[str]]) -> None:
    """Let objects be spoken of by all that speaks of what they derive from, through one another as well."""
    left = dict(derived)
    while left:
        origins = tags_of({one for targets in left.values() for one in targets})
        made = SingledOut.objects.bulk_create(
            [
                SingledOut(stix_id=source, recipient=recipient, tag=tag)
                for source, targets in left.items()
                for target in targets
                for recipient, tags in origins.get(target, {}).items()
                for tag in tags - tags_of([source]).get(source, {}).get(recipient, frozenset())
            ],
            ignore_conflicts=True,
        )
        changed = {one.stix_id for one in made}
        left = {source: targets for source, targets in derived.items() if not changed.isdisjoint(targets)}
