"""What a message makes due, kept among the undertakings, so that lists, calendar and reminders know of it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from comity.acts import moments, undertakings, zones
from comity.acts.undertakings import Noted, Promised
from comity.models import Awaited, Message, Node
from comity.policy.dates import local_day
from comity.policy.undertaking_words import EntryKind


@dataclass(frozen=True, slots=True)
class Step:
    """What is due: the step's name, its last moment, and the clause that sets it (empty: our own rule)."""

    name: str
    by: datetime
    clock: str = ""


def wait_for(message: Message, step: Step, by: str, what: str, actor: str, now: datetime) -> Awaited:
    """Let a step be due of the party *by*; `what` is the whole sentence that lists and letters show."""
    us = str(Node.objects.values_list("party_id", flat=True).get())
    zone = zones.ours()
    wall = step.by.astimezone(ZoneInfo(zone))
    to = message.party_id if by == us else us
    promised = Promised(what=what[:300], source=f"message {message.uuid}", by=by, to=to,
                        rule=f"on {wall:%Y-%m-%d} at {wall:%H:%M}", zone=zone)  # fmt: skip
    row = undertakings.undertake(promised, actor, now)
    return Awaited.objects.create(message=message, step=step.name, by=moments.micros(step.by), clock=step.clock,
                                  key=str(row.uid))  # fmt: skip


def came(thread: str, step: str, answer: Message, actor: str, now: datetime) -> None:
    """Let a step of a thread be done by a message, where it is still waited for."""
    for one in Awaited.objects.filter(message__thread=thread, step=step):
        found = undertakings.find(one.key, now)
        if found is None or any(entry.kind in {EntryKind.DONE, EntryKind.CANCELLED} for entry in found.entries):
            continue
        day = max(local_day(moments.moment(answer.at), zones.ours()), found.undertaking.since)
        undertakings.note(one.key, Noted(EntryKind.DONE, day, source=answer.source or f"message {answer.uuid}"), actor,
                          now)  # fmt: skip


def cancel(thread: str, why: Message, actor: str, now: datetime) -> None:
    """Let nothing more of a thread be due."""
    for one in Awaited.objects.filter(message__thread=thread):
        found = undertakings.find(one.key, now)
        if found is not None and not any(
            entry.kind in {EntryKind.DONE, EntryKind.CANCELLED} for entry in found.entries
        ):  # fmt: skip
            day = max(local_day(now, zones.ours()), found.undertaking.since)
            undertakings.note(one.key, Noted(EntryKind.CANCELLED, day, source=f"message {why.uuid}"), actor, now)
