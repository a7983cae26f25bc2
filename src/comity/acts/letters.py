"""Handing letters over to the mail, each one once.

A letter is claimed and that is committed; then it is handed over; then that it was sent is committed. One sender works
at a time, under a lock that ends with its process. So a letter that is found claimed and not sent was in the hands of a
sender that is no more, and is handed over again under the same Message-ID. Into the folder of `spool` it comes once all
the same. A mail server that had taken it just before the crash gets it a second time, and can tell by its Message-ID.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException

from django.core.mail import EmailMessage, get_connection
from django.db.models import F

from comity.acts import alone, moments
from comity.models import Letter

MOST_TRIES = 20


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round did. `again` are letters that an earlier sender had claimed and not finished."""

    sent: int = 0
    again: int = 0
    failed: int = 0
    busy: bool = False


def send(clock: Callable[[], datetime]) -> Sent:
    """Hand over every letter that is not sent yet. Where another sender is at work, leave all to it."""
    with alone.only_one(alone.MAIL) as only:
        if not only:
            return Sent(busy=True)
        waiting = Letter.objects.filter(sent_at=None, tries__lt=MOST_TRIES).order_by("id")
        results = [_hand_over(letter, clock) for letter in list(waiting)]
    return Sent(results.count("sent"), results.count("again"), results.count("failed"))


def _hand_over(letter: Letter, clock: Callable[[], datetime]) -> str:
    again = letter.claimed_at is not None
    _claim(letter, clock())
    message = EmailMessage(letter.subject, letter.body, to=[letter.address],
                           headers={"Message-ID": letter.message_id})  # fmt: skip
    try:
        get_connection().send_messages([message])
    except (SMTPException, OSError) as error:
        Letter.objects.filter(pk=letter.pk).update(claimed_at=None, trouble=str(error)[:300])
        return "failed"
    Letter.objects.filter(pk=letter.pk).update(sent_at=moments.micros(clock()), trouble="")
    return "again" if again else "sent"


def _claim(letter: Letter, now: datetime) -> None:
    Letter.objects.filter(pk=letter.pk).update(claimed_at=moments.micros(now), tries=F("tries") + 1)
