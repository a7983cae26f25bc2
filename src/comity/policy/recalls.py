"""Recalls: by when a holder is to answer, where it stands, and what cannot be fetched back."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from comity.policy.agreements import Agreement
from comity.policy.dates import at_local
from comity.policy.duties import Due, due_on_trigger
from comity.policy.vocabulary import Action, Effect, Trigger, Urgency

OWN_RULE = timedelta(hours=72)
"""Within which an acknowledgement is looked for where no clause speaks of it."""


class Reached(enum.StrEnum):
    """Where one holder stands: each word is the strongest that its messages carry."""

    NOT_LAID_OUT = "to be told by another road"
    NOTIFIED = "told, not acknowledged"
    ACKNOWLEDGED = "acknowledged"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Clock:
    """By when an acknowledgement is due, and what says so: a clause of an agreement, or (empty) our own rule."""

    by: datetime
    agreement: str = ""
    clause: str = ""


def clock(agreement: Agreement | None, at: datetime, holder: str, us: str) -> Clock:
    """Give by when *holder* acknowledges a recall told at an instant.

    By the clause on recalls; where there is none, by the one on requests for help, as in an emergency; else our own
    rule, 72 hours. Working days count by the holder's side as the receiver.
    """
    if agreement is not None and agreement.party(holder) is not None:
        for trigger, urgency in ((Trigger.RECALL, Urgency.NORMAL), (Trigger.REQUEST, Urgency.EMERGENCY)):
            found = due_on_trigger(agreement, trigger, at, urgency, holder, us)
            step = next((one for one in found if one.what.startswith("acknowledge")), found[0] if found else None)
            if step is not None:
                return Clock(moment_of(step, agreement.time_zone), agreement.name, step.clause)
    return Clock(at + OWN_RULE)


def moment_of(step: Due, zone: str) -> datetime:
    """Give the last moment of something due: its hour, or the end of its day by the agreement's clock."""
    if step.by.instant is not None:
        return step.by.instant
    return at_local(datetime.combine(step.by.day + timedelta(days=1), datetime.min.time()), zone)


def reached(steps: Iterable[str], *, laid_out: bool) -> Reached:
    """Give where a holder stands by the kinds of its answers (`acknowledgement`, `deleted`)."""
    said = set(steps)
    if "deleted" in said:
        return Reached.DONE
    if "acknowledgement" in said:
        return Reached.ACKNOWLEDGED
    return Reached.NOTIFIED if laid_out else Reached.NOT_LAID_OUT


def may_pass_on(agreement: Agreement) -> tuple[str, ...]:
    """Name the clauses by which a party may have passed on what it got: those that allow it, and exceptions from no."""
    return tuple(
        clause.id for clause in agreement.clauses
        if Action.PASS_ON in clause.actions
        and (clause.effect is Effect.MAY or (clause.effect is Effect.MUST_NOT and clause.exceptions))
    )  # fmt: skip


def beyond(*, public: bool, silent: Sequence[str], onward: Sequence[tuple[str, str]], told_only: Sequence[str],
           waiting: Sequence[str]) -> tuple[tuple[str, dict[str, str]], ...]:  # fmt: skip
    """Give what a recall cannot do, as sentences (a template and its parameters).

    *silent* are parties without an answer, *onward* pairs of a party and the clause by which it may have passed it on,
    *told_only* those that were told the id and never given the object, *waiting* those that no notice can reach here.
    """
    said: list[tuple[str, dict[str, str]]] = []
    if public:
        said.append((PUBLIC, {}))
    said += [(ONWARD, {"party": party, "clause": clause}) for party, clause in onward]
    if silent:
        said.append((SILENT, {"parties": ", ".join(silent)}))
    if waiting:
        said.append((WAITING, {"parties": ", ".join(waiting)}))
    if told_only:
        said.append((TOLD_ONLY, {"parties": ", ".join(told_only)}))
    return (*said, (ELSEWHERE, {}))


PUBLIC = "It was TLP:CLEAR, which is public: whoever has it from elsewhere cannot be told."
ONWARD = "{party} may have passed it on under {clause}, to whom only it can say."
SILENT = "Of {parties} there is no answer: whether the copy there is gone is not known."
WAITING = "{parties} can read no collection here now: carry the notice by another road."
TOLD_ONLY = "{parties} learned the id of it and was never given the object: no notice goes there."
ELSEWHERE = "What left by other roads than this exchange stands in no log and is not recalled."
