"""Entries of the ledger that are recorded in one transaction: what is asked in it, and what is written upon that.

How questions and statements reach the store is the caller's: one by one, or all of each by one turn to a server.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from comity.acts import epochs, ledgers, sights
from comity.acts.links import Row, Statement
from comity.acts.sights import Sight

MOST = 64
"""Entries that one transaction takes."""


@dataclass(slots=True, eq=False)
class Waiting:
    """An entry that waits to be recorded: what was seen, the mark of credentials, what writes its leaf, its items.

    `told` is called once it is settled, by the thread that settled it.
    """

    sight: Sight
    doors: str
    leaf: Callable[[int], bytes]
    items: bytes
    told: Callable[[], object] | None = None
    done: bool = False
    recorded: bool = False
    outcome: Exception | None = None


Memory = dict[Any, Any]
"""What stands at this moment: by a sight's number, the mark of credentials; by a party, its log's edge."""


@dataclass(slots=True, eq=False)
class Group:
    """Some entries, and those of them that may be recorded, with the edges that their logs have then."""

    entries: Sequence[Waiting]
    found: Sequence[Waiting] = ()
    _edges: dict[str, ledgers.Edge] = field(default_factory=dict)
    _stands: dict[int, str] = field(default_factory=dict)

    def upon(self, memory: Memory) -> list[Statement] | None:
        """Return what is written upon what is remembered; None where something has to be asked."""
        edges: dict[str, ledgers.Edge] = {}
        for one in self.entries:
            sight = one.sight
            party = sight.party
            if memory.get(sight.number) != one.doors or party not in memory:
                return None
            edges[party] = memory[party]
        return self._written(self.entries, edges)

    def questions(self, *, locks: bool) -> list[Statement]:
        """Return what is asked first: the marks, which are held from then on, the sights' marks, the logs."""
        return [
            epochs.question(locks=locks),
            *map(sights.question, self._sights()),
            *(ledgers.question(party, locks=locks) for party in self._parties()),
        ]

    def statements(self, answers: Sequence[Row | None]) -> list[Statement]:
        """Return what is written upon the answers: the entries that may be recorded, log by log.

        `ledgers.NoLog` where one of them goes to a log that is not there yet.
        """
        told = iter(answers)
        epoch = epochs.told(next(told))
        self._stands = {one.number: epoch.doors for one in self._sights() if sights.verified(one, epoch, next(told))}
        rows = dict(zip(self._parties(), told, strict=True))
        found = [one for one in self.entries if self._stands.get(one.sight.number) == one.doors]
        parties = {one.sight.party for one in found}
        return self._written(found, {party: ledgers.edge(party, rows[party]) for party in parties})

    def _written(self, found: Sequence[Waiting], edges: dict[str, ledgers.Edge]) -> list[Statement]:
        self.found, self._edges = found, edges
        leaves: dict[str, list[ledgers.Leaf]] = {}
        for one in found:
            leaves.setdefault(one.sight.party, []).append((one.leaf, one.items))
        written: list[Statement] = []
        for party in sorted(leaves):
            edges[party], statements = ledgers.extended(edges[party], leaves[party])
            written += statements
        return written

    def remember(self, memory: Memory) -> None:
        """Keep what stands once this is committed."""
        memory.update(self._stands)
        memory.update(self._edges)

    def _sights(self) -> Sequence[Sight]:
        return list({one.sight.number: one.sight for one in self.entries}.values())

    def _parties(self) -> Sequence[str]:
        return sorted({one.sight.party for one in self.entries})

    def settle(self, error: Exception | None = None) -> None:
        """Tell each entry what became of it; with an *error* no commit is known of, to each of them the same."""
        for one in self.found if error is None else ():
            one.recorded = True
        for one in self.entries:
            one.outcome, one.done = error, True
            if one.told is not None:
                one.told()
