"""Questions to an originator, over the exchange or by letter: may this go on to a third party; and what is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import awaited, classes, consents, law, messages, moments, previewing, recorded_law, requests, singled
from comity.acts.agreements import Rejected, today
from comity.acts.awaited import Step
from comity.acts.consents import Consented, ConsentTold
from comity.acts.messages import Refused, Road, Way, Words
from comity.acts.spoken import spoken
from comity.ledger.messages import Kind, Said
from comity.models import Awaited, Consent, ConsentQuestion, Message, Node, Party, StoredVersion
from comity.policy.agreements import Agreement
from comity.policy.consent_scopes import (
    ConsentAsked,
    ConsentGiven,
    Reach,
    Scope,
    answer_by,
    timed_clauses,
)
from comity.policy.consents import Outcome, of_scope, onward_clauses, outcome
from comity.policy.dates import at_local
from comity.policy.requests import steps
from comity.policy.saying import sentence
from comity.policy.vocabulary import Silence, Urgency

MOST_OBJECTS: Final = 500  # that a question names one by one
YES, NO, WITHDRAWN = "yes", "no", "withdrawn"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of an originator: may what `scope` says, under the agreement `slug`, go on to `third`, and why.

    `objects` are ids that belong to the case, where it is one.
    """

    originator: str
    third: tuple[str, ...]
    slug: str
    scope: Scope
    reason: str
    objects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """What we answer as the originator: yes for `third` (empty: for all that were asked for), on conditions, or no."""

    given: bool
    third: tuple[str, ...] = ()
    until: date | None = None
    tlp_up_to: str = ""
    words: str = ""


def ask(asked: Asked, actor: str, now: datetime, road: str = Road.EXCHANGE) -> Message:
    """Ask an originator; `Refused` with every objection. Where its silence may be consent, time runs from now."""
    with transaction.atomic():
        agreement = requests.binding(asked.slug, asked.originator, now)
        if agreement is None:
            raise Refused(_("name the agreement under which it came"))
        wrong = _objections(asked, agreement)
        if wrong:
            raise Refused("; ".join(wrong))
        words = Words(Kind.QUESTION, asked.originator, _says(asked), agreement.name,
                      ", ".join(onward_clauses(agreement)))  # fmt: skip
        row = messages.send(words, actor, now, Way(road=road))
        for third in asked.third:
            columns = consents.columns(asked.originator, third, asked.slug, asked.scope)
            ConsentQuestion.objects.create(message=row, asked_at=row.at, sequence=row.sequence, **columns)
            if asked.scope.singles_out and _silence_may_open(agreement):
                singled.single_out(asked.scope, consents.things(asked.scope, asked.objects), third, actor, now)
        _wait_for_answer(row, agreement, asked.originator, actor, now)
    return row


def _objections(asked: Asked, agreement: Agreement) -> list[str]:
    us = str(Node.objects.values_list("party_id", flat=True).get())
    found = [spoken(one) for one in of_scope(asked.scope)]
    found += consents.things_objections(asked.originator, asked.slug, asked.scope, asked.objects)
    if asked.scope.singles_out and len(consents.things(asked.scope, asked.objects)) > MOST_OBJECTS:
        found.append(_("a case of more than %(most)s objects is asked for as a kind, or in parts") % {
            "most": MOST_OBJECTS})  # fmt: skip
    if not onward_clauses(agreement):
        found.append(_("no clause of “%(name)s” turns on the originator’s consent: there is nothing to ask for") % {
            "name": agreement.name})  # fmt: skip
    if not asked.third:
        found.append(_("name the third party to whom it would go on"))
    if not asked.reason.strip():
        found.append(_("say why the third party is to have it"))
    known = set(Party.objects.filter(in_exchange=True, code__in=asked.third).values_list("code", flat=True))
    for third in asked.third:
        if third in {us, asked.originator}:
            found.append(_("“%(code)s” is no third party here; name the one to whom it would go on") % {"code": third})
        elif third not in known:
            found.append(_("there is no partner “%(code)s” here") % {"code": third})
    return found


def _says(asked: Asked) -> dict[str, Said]:
    scope = asked.scope
    ids = sorted(consents.things(scope, asked.objects)) if scope.singles_out else []
    versions = [f"{one} {found[-1].version}" for one, found in sorted(singled.stored(ids).items())]
    says: dict[str, Said] = {
        "third_party": list(asked.third), "scope": scope.reach.value, "reason": asked.reason.strip(),
        "case": scope.name if scope.reach is Reach.CASE else "", "information": scope.information,
        "purpose": scope.purpose, "tlp_up_to": "" if scope.tlp_up_to is None else scope.tlp_up_to.label,
        "objects": versions,
    }  # fmt: skip
    return {name: said for name, said in says.items() if said}


def _silence_may_open(agreement: Agreement) -> bool:
    settled = Silence.CONSENT if agreement.settles.silence_is_consent else Silence.REFUSAL
    means = [(agreement.clause(one) or agreement.clauses[0]).silence_means or settled
             for one in timed_clauses(agreement)]  # fmt: skip
    return any(one is not Silence.REFUSAL for one in means)


def _wait_for_answer(row: Message, agreement: Agreement, originator: str, actor: str, now: datetime) -> None:
    """Let the answer be due of the originator: by the clause on consent, else as a request's is."""
    at = moments.moment(row.at)
    us = str(Node.objects.values_list("party_id", flat=True).get())
    asker = us if originator == row.party_id else row.party_id
    clauses = timed_clauses(agreement)
    if clauses:
        asked = ConsentAsked(originator, "", "", at)
        last, clause = max((answer_by(agreement, asked, one), one) for one in clauses)
        by = at_local(datetime.combine(last + timedelta(days=1), datetime.min.time()), agreement.time_zone)
        step = Step("answer", by, f"{clause} {agreement.name}")
    elif agreement.party(originator) is not None:
        found = [one for one in steps(agreement, at, Urgency.NORMAL, originator, asker)
                 if one.name.startswith("answer")]  # fmt: skip
        if not found:
            return
        step = Step("answer", found[0].by, f"{found[0].clause} {agreement.name}")
    else:
        return
    who = Party.objects.get(pk=originator).short
    third = ", ".join(messages.read_row(row).lines("third_party"))
    what = f"{who}: answer the question of {at:%Y-%m-%d %H:%M} UTC for consent to passing on to {third}"
    awaited.wait_for(row, step, originator, what, actor, now)


def answer(thread: str, said: Answered, actor: str, now: datetime, road: str = Road.EXCHANGE) -> Message:
    """Answer a question that we were asked, or answer it anew; `Refused` where it is none of ours to answer."""
    with transaction.atomic():
        first = first_of(thread)
        if first.direction == Message.Direction.SENT:
            raise Refused(_("this question is ours: its originator answers it, and you write that down"))
        told = tell(first, now)
        if told.outcome is Outcome.TAKEN_BACK:
            raise Refused(_("the question was taken back: nobody waits for an answer"))
        strange = sorted(set(said.third) - set(told.third))
        if strange:
            raise Refused(_("nobody asked for %(codes)s; asked for: %(third)s") % {
                "codes": ", ".join(strange), "third": ", ".join(told.third)})  # fmt: skip
        row = messages.send(Words(Kind.ANSWER, first.party_id, answer_says(said, told.third), first.agreement,
                                  in_reply_to=first.uuid), actor, now, Way(road=road))  # fmt: skip
        awaited.came(first.uuid, "answer", row, actor, now)
    return row


def answer_says(said: Answered, third: tuple[str, ...]) -> dict[str, Said]:
    """Return an answer as a message says it."""
    if not said.given:
        if said.until or said.tlp_up_to or said.words.strip():
            raise Refused(_("a “no” has no conditions: leave them out, or answer “yes” on them"))
        return {"answer": NO}
    says: dict[str, Said] = {
        "answer": YES, "third_party": list(said.third or third), "conditions": said.words.strip(),
        "until": said.until.isoformat() if said.until else "", "tlp_up_to": said.tlp_up_to,
    }  # fmt: skip
    return {name: one for name, one in says.items() if one}


def withdraw(thread: str, actor: str, now: datetime, road: str = Road.EXCHANGE) -> Message:
    """Take back what is ours: a question that we asked and that waits, or a yes that we gave."""
    with transaction.atomic():
        first = first_of(thread)
        told = tell(first, now)
        if first.direction == Message.Direction.SENT:
            if told.outcome not in {Outcome.ASKED, Outcome.SILENT}:
                raise Refused(_("the question no longer waits; the originator alone takes its answer back"))
            row = messages.send(Words(Kind.WITHDRAWN, first.party_id, {}, first.agreement, in_reply_to=thread), actor,
                                now, Way(road=road))  # fmt: skip
            taken = moments.take(now, law=True)
            _close(first, taken.at, taken.sequence)
            awaited.cancel(thread, row, actor, now)
            return row
        if told.outcome is not Outcome.YES:
            raise Refused(_("we gave no yes here that could be taken back"))
        return messages.send(Words(Kind.ANSWER, first.party_id, {"answer": WITHDRAWN}, first.agreement,
                                   in_reply_to=thread), actor, now, Way(road=road))  # fmt: skip


def _close(first: Message, at: int, sequence: int) -> None:
    first.consent_questions.filter(closed_at=None).update(closed_at=at, closed_sequence=sequence)


def follow(row: Message, actor: str, now: datetime) -> None:
    """Let a message that came have its effect on questions. `Refused` where it does not come in its turn."""
    if row.kind == Kind.QUESTION.value:
        try:
            tell(row, now)
        except ValueError as error:
            raise Refused(str(error)) from error
        found = {one.agreement.name: one.agreement for one in law.facts().adopted}.get(row.agreement)
        if found is not None:
            us = str(Node.objects.values_list("party_id", flat=True).get())
            _wait_for_answer(row, found, us, actor, now)
        return
    first = Message.objects.filter(uuid=row.thread, kind=Kind.QUESTION.value).first()
    if first is None:
        return
    if row.kind == Kind.WITHDRAWN.value and first.direction == Message.Direction.RECEIVED:
        awaited.cancel(first.uuid, row, actor, now)
    if row.kind == Kind.ANSWER.value:
        if first.direction == Message.Direction.RECEIVED:
            raise Refused(sentence("this question was put to us: it is not for whoever asked to answer it"))
        _take_answer(first, row, actor, now)


def _take_answer(first: Message, row: Message, actor: str, now: datetime) -> None:
    said = messages.read_row(row)
    given = said.text("answer") == YES
    if said.text("answer") not in {YES, NO, WITHDRAWN}:
        raise Refused(sentence("“{text}” is no answer; write yes, no or withdrawn", text=said.text("answer")))
    by_post = row.road not in {Road.EXCHANGE, Road.HAND}
    if given and not by_post and row.signed != Message.Signed.YES:
        raise Refused(
            sentence("a yes has to be signed by a key that was handed over: hand the key over, or write it by letter")
        )
    question = messages.read_row(first)
    objects = tuple(line.partition(" ")[0] for line in question.lines("objects"))
    last: Consent | None = None
    for asked in first.consent_questions.order_by("pk"):
        yes = given and asked.recipient in (said.lines("third_party") or [asked.recipient])
        try:
            last = consents.record_consent(_consented(asked, row, yes, said.says, objects, now), actor, now)
        except (Rejected, ValueError) as error:
            raise Refused(str(error)) from error
    if last is not None:
        _close(first, last.recorded_at, last.sequence)
    awaited.came(first.uuid, "answer", row, actor, now)


def _consented(asked: ConsentQuestion, row: Message, yes: bool, says: Mapping[str, Said],  # noqa: FBT001 - the answer
               objects: tuple[str, ...], now: datetime) -> Consented:  # fmt: skip
    scope = recorded_law.scope_of(asked)
    until = str(says.get("until", "")) if yes else ""
    conditions = says.get("conditions", "")
    words = " ".join(conditions) if isinstance(conditions, list) else str(conditions)
    held = objects if scope.reach is Reach.CASE else ()
    return Consented(
        asked.originator, asked.recipient, asked.agreement, yes, today(asked.agreement, now),
        row.source or f"message {row.uuid}", date.fromisoformat(until) if until else None, scope,
        recorded_law.label(str(says.get("tlp_up_to", ""))) if yes else None, words if yes else "",
        tuple(one for one in held if one in singled.stored(held)), row,
    )  # fmt: skip


def first_of(thread: str) -> Message:
    """Return the question that begins a thread; `Refused` where there is none."""
    row = Message.objects.filter(uuid=thread, kind=Kind.QUESTION.value).select_related("party").first()
    if row is None:
        raise Refused(_("there is no question “%(uuid)s” here; give its whole number") % {"uuid": thread})
    return row


@dataclass(frozen=True, slots=True)
class QuestionTold:
    """A question as it stands: who is asked for whom and of what, what came of it, and what is due."""

    first: Message
    at: datetime
    ours: bool
    third: tuple[str, ...]
    scope: Scope
    objects: tuple[str, ...]
    reason: str
    outcome: Outcome
    due: Awaited | None
    by: datetime | None
    late: bool
    messages: tuple[Message, ...]
    consents: tuple[ConsentTold, ...]


def tell(first: Message, now: datetime) -> QuestionTold:
    """Return how a question stands at a moment."""
    said, rows = messages.read_row(first), messages.thread(first.uuid)
    due = first.awaited.first()
    by = moments.moment(due.by) if due is not None else None
    answers = [(row.kind, messages.read_row(row).text("answer")) for row in rows]
    stands = outcome(answers, late=by is not None and by < now)
    objects = tuple(line.partition(" ")[0] for line in said.lines("objects"))
    scope = _scope_said(said.says, objects)
    third = tuple(said.lines("third_party"))
    recorded = Consent.objects.filter(message__thread=first.uuid).select_related("message").order_by("-sequence")
    return QuestionTold(
        first, moments.moment(first.at), first.direction == Message.Direction.SENT, third, scope, objects,
        said.text("reason"), stands, due, by, stands is Outcome.SILENT, tuple(rows),
        tuple(consents.told(one) for one in recorded),
    )  # fmt: skip


def _scope_said(says: Mapping[str, Said], objects: tuple[str, ...]) -> Scope:
    """Return the scope that a message states; one that cannot be read is of all, for people to see."""
    reach = str(says.get("scope", ""))
    if reach not in set(Reach):
        return Scope()
    name = str(says.get("case", "")) if reach == Reach.CASE else next(iter(objects), "")
    limit = str(says.get("tlp_up_to", ""))
    return Scope(Reach(reach), name if reach in {Reach.OBJECT, Reach.CASE} else "", str(says.get("information", "")),
                 str(says.get("purpose", "")), recorded_law.label(limit))  # fmt: skip


def every(now: datetime, party: str = "") -> list[QuestionTold]:
    """Return all questions, or those with one party, newest first."""
    rows = Message.objects.filter(kind=Kind.QUESTION.value).select_related("party").order_by("-id")
    return [tell(row, now) for row in (rows.filter(party_id=party) if party else rows)]


def open_for(stix_id: str, recipient: str) -> ConsentQuestion | None:
    """Return the question about an object by itself that waits, for a third party; None where none does."""
    return ConsentQuestion.objects.filter(reach=Reach.OBJECT.value, name=stix_id, recipient=recipient,
                                          closed_at=None).select_related("message").first()  # fmt: skip


def would_open(version: StoredVersion, recipient: str, now: datetime) -> bool:
    """Tell whether a yes of its originator for this object alone would open it to a third party today."""
    own = classes.handling_of(version.own_id)
    under = "" if own.received_under is None else own.received_under[0]
    if not under or recipient == own.originator or under not in {one.slug for one in law.facts().adopted}:
        return False
    yes = ConsentGiven(own.originator, recipient, under, given=True, effective_on=today(under, now), until=None,
                       recorded_at=now, scope=Scope(Reach.OBJECT, version.stix_id))  # fmt: skip
    effects = previewing.preview_consent(yes, now, [recipient], [version.stix_id])
    return any(effect.opened for effect in effects)
