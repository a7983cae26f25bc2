"""What a message that came does: each subject's own effect, in one transaction with taking the message in."""

from datetime import datetime

from django.db import transaction

from comity.acts import blind_matching, consent_questions, exercise_parts, messages, recalls, requests
from comity.acts.messages import Way, Words
from comity.models import Message


def take(party: str, body: bytes, way: Way, actor: str, now: datetime) -> Message | None:
    """Take in a message from a party and let it have its effect; None where it is here already.

    What it has no effect on stays a message to be read. `Refused`, and nothing of it is kept, where it is none, speaks
    for somebody else, or does not come in its turn.
    """
    with transaction.atomic():
        row = messages.take(party, body, way, actor, now)
        if row is not None:
            follow(row, actor, now)
    return row


def write_down(words: Words, way: Way, actor: str, now: datetime) -> Message:
    """Write down what a party said by a letter, a mail or a call, and let it have its effect."""
    with transaction.atomic():
        row = messages.write_down(words, way, actor, now)
        follow(row, actor, now)
    return row


def follow(row: Message, actor: str, now: datetime) -> None:
    """Let a message have its effect, inside the act that took it in."""
    recalls.follow(row, actor, now)
    blind_matching.follow(row, actor, now)
    requests.follow(row, actor, now)
    consent_questions.follow(row, actor, now)
    exercise_parts.follow(row, actor, now)
