"""Two ways in which TAXII clients read a collection to its end and later go on: by `next`, and by `added_after`."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.journeys.world import PATH, World

Version = tuple[str, str]


@dataclass
class Walker:
    """A client that keeps its place. `by_next` follows cursors within a walk; else each page is asked by date alone."""

    world: World
    party: str
    limit: int
    by_next: bool
    got: list[Version] = field(default_factory=list)
    objects: dict[Version, dict[str, Any]] = field(default_factory=dict)
    after: str = ""
    cursor: str = ""
    walking: str = ""

    def page(self) -> bool:
        """Read one page; tell whether there is more."""
        query = f"limit={self.limit}" + (f"&added_after={self.after}" if self.after else "")
        asked = self.walking if self.cursor else query
        answer = self.world.get(self.party, PATH + "objects/", asked + (f"&next={self.cursor}" if self.cursor else ""))
        assert answer.status == 200, answer.body
        found = json.loads(answer.body)
        for one in found.get("objects", ()):
            version = (one["id"], one["modified"])
            self.got.append(version)
            self.objects[version] = one
        self.walking, self.cursor = asked, found.get("next", "") if self.by_next else ""
        self.after = answer.headers.get("X-TAXII-Date-Added-Last", self.after)
        return bool(found.get("more"))

    def finish(self) -> list[Version]:
        """Read to the end; return what came."""
        before = len(self.got)
        while self.page():
            self.world.tick(0.01)
        return self.got[before:]
