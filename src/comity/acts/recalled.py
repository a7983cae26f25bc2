"""Tombstones: what was recalled does not come back, whoever brings it."""

from collections.abc import Iterable
from dataclasses import dataclass

from comity.models import Tombstone
from comity.policy.saying import sentence
from comity.policy.troubles import Trouble
from comity.stix.timestamps import VERSIONLESS, instant_of_checked

_CHUNK = 400


@dataclass(frozen=True, slots=True)
class Stone:
    """What is barred of one object: every version up to `instant` (µs), and later ones but for a correction.

    A correction is a later version by the party that gave what was recalled, where the recall asked for one.
    """

    instant: int
    corrected_by: str
    reason: str

    def lets(self, version: str, originator: str) -> bool:
        """Tell whether a version may come in from *originator*."""
        correction = bool(self.corrected_by) and originator == self.corrected_by
        return correction and version != VERSIONLESS and instant_of_checked(version) > self.instant

    def why(self, stix_id: str, version: str) -> str:
        """Say why a version is refused."""
        said = Trouble.RECALLED_TO_MEND if self.corrected_by else Trouble.RECALLED
        return sentence(said, id=stix_id, version=version)


def any_at_all() -> bool:
    """Tell whether anything was ever recalled: if not, nobody has to look."""
    return Tombstone.objects.exists()


def barred(ids: Iterable[str]) -> dict[str, Stone]:
    """Return, of *ids*, those that were recalled; of several recalls the last one counts."""
    if not any_at_all():
        return {}
    every = sorted(ids)
    found: dict[str, Stone] = {}
    for start in range(0, len(every), _CHUNK):
        rows = Tombstone.objects.filter(stix_id__in=every[start : start + _CHUNK]).order_by("id")
        for row in rows.select_related("recall"):
            found[row.stix_id] = Stone(row.instant, row.corrected_by, row.recall.reason)
    return found
