"""What a verification found: every check by its name, whether it passed, and what it says."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: a stable name, the outcome, and a sentence for a person."""

    name: str
    passed: bool
    says: str


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of one verification; `ok` when each passed and there was at least one."""

    ok: bool
    checks: tuple[Check, ...]

    @classmethod
    def of(cls, checks: Iterable[Check]) -> "Report":
        """Gather checks; a verification that looked at nothing proves nothing, and is not ok."""
        found = tuple(checks)
        return cls(bool(found) and all(check.passed for check in found), found)

    @property
    def failed(self) -> tuple[Check, ...]:
        """Give the checks that did not pass."""
        return tuple(check for check in self.checks if not check.passed)

    def in_words(self) -> str:
        """Write one line a check."""
        return "\n".join(
            f"{'passed' if check.passed else 'FAILED'}  {check.name}: {check.says}" for check in self.checks
        )


def passed(name: str, says: str) -> Check:
    """Record a check that passed."""
    return Check(name, passed=True, says=says)


def failed(name: str, says: object) -> Check:
    """Record a check that failed, with a sentence or with the error that says it."""
    return Check(name, passed=False, says=str(says))


def judged(name: str, holds: bool, says: str, otherwise: str) -> Check:  # noqa: FBT001 - the outcome itself
    """Record a check either way."""
    return Check(name, holds, says if holds else otherwise)
