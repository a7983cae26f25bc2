"""Entries of the ledger that are recorded in one transaction: what is asked in it, and what is written upon that.

How questions and statements reach the store is the caller's: one by one, or all of each by one turn to a server.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

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


@dataclass(slots=True, eq=False)
class Group:
    """Some entries, the sights and parties that they are of, and those that may be recorded."""

    entries: Sequence[Waiting]
    found: Sequence[Waiting] = ()
    after: dict[Statement, Row] = field(default_factory=dict)
    """What is answered otherwise once this is written: the questions, with their answers from then on."""
    _sights: Sequence[Sight] = field(init=False)
    _parties: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        """Tell apart what is asked once for several entries."""
        self._sights = list({id(one.sight): one.sight for one in self.entries}.values())
        self._parties = sorted({sight.party for sight in self._sights})

    def questions(self, *, locks: bool) -> list[Statement]:
        """Return what is asked first: the marks, which are held from then on, the sights' marks, the logs."""
        return [
            epochs.question(locks=locks),
            *map(sights.question, self._sights),
            *(ledgers.question(party, locks=locks) for party in self._parties),
        ]

    def statements(self, answers: Sequence[Row | None]) -> list[Statement]:
        """Return what is written upon the answers: the entries that may be recorded, log by log.

        `ledgers.NoLog` where one of them goes to a log that is not there yet.
        """
        told = iter(answers)
        epoch = epochs.told(next(told))
        standing = {id(one) for one in self._sights if sights.verified(one, epoch, next(told))}
        self.found = [one for one in self.entries if one.doors == epoch.doors and id(one.sight) in standing]
        written: list[Statement] = []
        for party in self._parties:
            row = next(told)
            leaves = [(one.leaf, one.items) for one in self.found if one.sight.party == party]
            if leaves:
                edge, statements = ledgers.extended(party, row, leaves)
                self.after[ledgers.question(party, locks=False)] = edge
                written += statements
        return written

    def settle(self, error: Exception | None = None) -> None:
        """Tell each entry what became of it; with an *error* no commit is known of, to each of them the same."""
        for one in self.found if error is None else ():
            one.recorded = True
        for one in self.entries:
            one.outcome, one.done = error, True
            if one.told is not None:
                one.told()
