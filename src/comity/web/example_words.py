"""The examples of an agreement as sentences: what is asked, what is expected, and whether the file says so."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from comity.policy.agreements import Agreement
from comity.policy.example_lines import (
    DutyExample,
    Example,
    NoticeExample,
    QuestionExample,
    RequestExample,
    StandingExample,
    SuspensionExample,
    TermExample,
)
from comity.policy.examples import Result, answer_to
from comity.policy.questions import Question
from comity.web.sentences import say, word


@dataclass(frozen=True, slots=True)
class Told:
    """One example in words; `why` are the grounds of an answer, `wrong` where the file says something else."""

    asked: str
    answer: str
    style: str
    why: tuple[str, ...]
    passed: bool
    wrong: tuple[str, ...]


def tell(agreement: Agreement, result: Result) -> Told:
    """Put an example and what came of it into words."""
    asked, answer = _words(result.example)
    style, why = "", tuple[str, ...]()
    if isinstance(result.example, QuestionExample):
        style = str(result.example.answer).replace(" ", "-")
        why = tuple(say(ground) for ground in answer_to(agreement, result.example).grounds)
    wrong = tuple(
        _("%(field)s: expected %(expected)s, found %(found)s")
        % {"field": one.field, "expected": one.expected, "found": one.found}
        for one in result.differences
    )
    return Told(asked, answer, style, why, result.passed, wrong)


def _words(example: Example) -> tuple[str, str]:
    """Give what is asked, and what is expected."""
    match example:
        case QuestionExample():
            told = _situation(example), word(example.answer)
        case NoticeExample():
            how = _("received") if example.received else _("sent")
            asked = _("Notice of termination %(how)s on %(day)s: the last day is")
            told = asked % {"how": how, "day": example.counted}, example.last_day.isoformat()
        case TermExample():
            stop = example.last_day_for_stop_notice
            more = _(" (stop notice by %(day)s)") % {"day": stop} if stop else ""
            told = _("Term %(number)s ends on") % {"number": example.term}, f"{example.last_day}{more}"
        case RequestExample():
            told = _request(example)
        case DutyExample():
            told = _duty(example)
        case SuspensionExample():
            until = _(" until %(day)s") % {"day": example.until} if example.until else ""
            asked = _("Notice of suspension received at %(at)s: suspended from") % {"at": _at(example.received)}
            told = asked, f"{example.suspended_from}{until}"
        case StandingExample():
            asked = _("On %(day)s, for %(party)s, it is") % {"day": example.day, "party": example.party}
            told = asked, word(example.standing)
    return told


def _at(when: date) -> str:
    """Write a day, or a wall-clock time to the minute."""
    return when.strftime("%Y-%m-%d %H:%M") if isinstance(when, datetime) else when.isoformat()


def _request(example: RequestExample) -> tuple[str, str]:
    asked = _("%(trigger)s at %(at)s, %(kind)s, received by %(receiver)s") % {
        "trigger": word(example.trigger).capitalize(),
        "at": _at(example.request),
        "kind": word(example.kind),
        "receiver": example.receiver,
    }
    steps = ((_("acknowledge"), example.acknowledge), (_("answer"), example.answer_by), (example.step, example.due_by))
    return asked, ", ".join(f"{step} {_at(by)}" for step, by in steps if by)


def _duty(example: DutyExample) -> tuple[str, str]:
    which = _("after %(day)s") % {"day": example.after}
    if example.number is not None:
        which = _("time %(number)s") % {"number": example.number}
    asked = _("The duty of %(clause)s, %(which)s, falls due on") % {"clause": example.duty, "which": which}
    return asked, example.falls_due.isoformat()


def _situation(example: QuestionExample) -> str:
    parts = [f"{example.day}: {_question(example.question)}"]
    if example.suspended is not None:
        first, last = example.suspended
        parts.append(_("while suspended from %(first)s to %(last)s") % {"first": first, "last": last})
    if example.ended_on is not None:
        parts.append(_("after its end on %(day)s") % {"day": example.ended_on})
    return ", ".join(parts)


def _question(asked: Question) -> str:
    unknown = _("not known")
    parts = [
        f"{word(asked.action)} {word(asked.information or unknown)}",
        _("from %(sender)s to %(recipient)s") % {"sender": asked.sender, "recipient": asked.recipient},
        _("for %(purpose)s") % {"purpose": word(asked.purpose or _("a purpose not known"))},
        f"TLP:{asked.tlp.label}" if asked.tlp is not None else _("TLP not known"),
        _("personal data: %(what)s") % {"what": word(asked.personal_data or unknown)},
    ]
    if asked.originator_consent is not None:
        parts.append(_("originator’s consent: %(what)s") % {"what": word(asked.originator_consent)})
    if asked.authority_approval is not None:
        parts.append(_("authority’s approval: %(what)s") % {"what": word(asked.authority_approval)})
    if asked.exercise:
        parts.append(_("exercise"))
    return ", ".join(parts)
