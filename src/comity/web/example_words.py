"""The examples of an agreement as sentences: what is asked, what is expected, and whether the file says so."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from comity.policy.agreements import Agreement
from comity.policy.examples import Result, answer_to
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
from comity.policy.questions import Question


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
        why = tuple(ground.says for ground in answer_to(agreement, result.example).grounds)
    wrong = tuple(
        _("%(field)s: expected %(expected)s, found %(found)s")
        % {"field": one.field, "expected": one.expected, "found": one.found}
        for one in result.differences
    )
    return Told(asked, answer, style, why, result.passed, wrong)


def _words(example: Example) -> tuple[str, str]:
    match example:
        case QuestionExample():
            return _situation(example), str(example.answer)
        case NoticeExample():
            how = _("received") if example.received else _("sent")
            return _("Notice of termination %(how)s on %(day)s: the last day is") % {
                "how": how, "day": example.counted}, example.last_day.isoformat()  # fmt: skip
        case TermExample():
            stop = example.last_day_for_stop_notice
            more = _(" (stop notice by %(day)s)") % {"day": stop} if stop else ""
            return _("Term %(number)s ends on") % {"number": example.term}, f"{example.last_day}{more}"
        case RequestExample():
            steps = [(_("acknowledge"), example.acknowledge), (_("answer"), example.answer_by), (example.step, example.due_by)]
            due = ", ".join(f"{step} {by.isoformat(sep=' ') if hasattr(by, 'hour') else by}" for step, by in steps if by)
            return _("%(trigger)s at %(at)s, %(kind)s, received by %(receiver)s") % {
                "trigger": str(example.trigger).capitalize(), "at": example.request.strftime("%Y-%m-%d %H:%M"),
                "kind": example.kind, "receiver": example.receiver}, due  # fmt: skip
        case DutyExample():
            which = _("time %(number)s") % {"number": example.number} if example.number else _("after %(day)s") % {
                "day": example.after}  # fmt: skip
            return _("The duty of %(clause)s, %(which)s, falls due on") % {
                "clause": example.duty, "which": which}, example.falls_due.isoformat()  # fmt: skip
        case SuspensionExample():
            until = _(" until %(day)s") % {"day": example.until} if example.until else ""
            return _("Notice of suspension received at %(at)s: suspended from") % {
                "at": example.received.strftime("%Y-%m-%d %H:%M")}, f"{example.suspended_from}{until}"  # fmt: skip
        case StandingExample():
            return _("On %(day)s, for %(party)s, it is") % {"day": example.day, "party": example.party}, example.standing


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
        f"{asked.action} {asked.information or unknown}",
        _("from %(sender)s to %(recipient)s") % {"sender": asked.sender, "recipient": asked.recipient},
        _("for %(purpose)s") % {"purpose": asked.purpose or _("a purpose not known")},
        f"TLP:{asked.tlp.label}" if asked.tlp is not None else _("TLP not known"),
        _("personal data: %(what)s") % {"what": asked.personal_data or unknown},
    ]
    if asked.originator_consent is not None:
        parts.append(_("originator’s consent: %(what)s") % {"what": asked.originator_consent})
    if asked.authority_approval is not None:
        parts.append(_("authority’s approval: %(what)s") % {"what": asked.authority_approval})
    if asked.exercise:
        parts.append(_("exercise"))
    return ", ".join(parts)
