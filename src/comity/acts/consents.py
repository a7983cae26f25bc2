"""Originators' answers on passing on what they gave: recorded here and in the originator's own log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from comity.acts import classes, ledgers, moments, recorded_law, singled
from comity.acts.agreements import Rejected, row_of
from comity.acts.spoken import spoken
from comity.ledger import entries
from comity.models import Consent, Message, Node, Party
from comity.policy import consents
from comity.policy.consent_scopes import ConsentGiven, Reach, Scope
from comity.policy.markings import Tlp

Step = Literal["given", "refused", "withdrawn"]
ALL = Scope()


@dataclass(frozen=True, slots=True)
class Consented:
    """An originator's answer: may what it gave under an agreement (`slug`) go on to one third party.

    `scope` says of what it speaks, `objects` of a case which belong to it beside what does already. A yes may hold up
    to a label (`most_tlp`) and on conditions in `words`. `message` is the answer, where there is one.
    """

    originator: str
    recipient: str
    slug: str
    given: bool
    effective_on: date
    source: str
    until: date | None = None
    scope: Scope = ALL
    most_tlp: Tlp | None = None
    words: str = ""
    objects: tuple[str, ...] = ()
    message: Message | None = None


def consent_objections(answer: Consented, now: datetime) -> tuple[str, ...]:
    """Give what is wrong with recording an originator's answer, as sentences with their mend; empty when it is right.

    Rejected when the agreement is not adopted here.
    """
    agreement = recorded_law.adopted_of(row_of(answer.slug)).on(answer.effective_on, now).agreement
    us = Node.objects.values_list("party_id", flat=True).get()
    found = tuple(spoken(one) for one in consents.objections(agreement, us, supposed_consent(answer, now)))
    if not answer.source.strip():
        found += (_("a consent needs its source: the note, letter or message in which it was given"),)
    if not Party.objects.filter(code=answer.recipient).exists():
        known = ", ".join(Party.objects.values_list("code", flat=True))
        found += (_("there is no party “%(code)s” here; the parties are %(known)s") % {
            "code": answer.recipient, "known": known},)  # fmt: skip
    return found + tuple(things_objections(answer.originator, answer.slug, answer.scope, answer.objects))


def things_objections(originator: str, slug: str, scope: Scope, objects: Iterable[str]) -> Iterable[str]:
    """Yield what is wrong with the objects that a scope speaks of: each is here, and came from the originator."""
    if not scope.singles_out or not scope.name.strip():
        return
    ids = things(scope, objects)
    if not ids:
        yield _("case “%(name)s” has no object yet: name those that belong to it") % {"name": scope.name}
    stored = singled.stored(ids)
    named = {scope.name} if scope.reach is Reach.OBJECT else set(objects)
    for one in sorted(named - stored.keys()):
        yield _("there is no object “%(id)s” here; give its whole id") % {"id": one}
    for one in sorted(named & stored.keys()):
        own = {(found.originator, (found.received_under or ("", ""))[0])
               for found in (classes.handling_of(version.own_id) for version in stored[one])}  # fmt: skip
        if (originator, slug) not in own:
            yield _("%(id)s did not come from %(who)s under %(slug)s") % {"id": one, "who": originator, "slug": slug}


def things(scope: Scope, objects: Iterable[str] = ()) -> set[str]:
    """Return the ids of which an object's or a case's scope speaks."""
    return {scope.name} if scope.reach is Reach.OBJECT else {*objects, *singled.members(scope.name)}


def supposed_consent(answer: Consented, now: datetime) -> ConsentGiven:
    """Return an answer as the policy room's value, as though it were recorded at *now*."""
    return ConsentGiven(answer.originator, answer.recipient, answer.slug, answer.given, answer.effective_on,
                        answer.until, now, answer.scope, answer.most_tlp, answer.words)  # fmt: skip


def record_consent(answer: Consented, actor: str, now: datetime) -> Consent:
    """Record an originator's written answer, here and in that originator's log; it counts from the next question.

    Rejected, with every objection, when it names nobody's material, no third party, no source or impossible days.
    """
    with transaction.atomic():
        found = consent_objections(answer, now)
        if found:
            raise Rejected(*found)
        if answer.scope.singles_out:
            singled.single_out(answer.scope, things(answer.scope, answer.objects), answer.recipient, actor, now)
        taken = moments.take(now, law=True)
        row = Consent.objects.create(
            given=answer.given, effective_on=answer.effective_on, until=answer.until, source=answer.source,
            most_tlp="" if answer.most_tlp is None else answer.most_tlp.label, words=answer.words.strip(),
            message=answer.message, recorded_at=taken.at, recorded_by=actor, sequence=taken.sequence,
            **columns(answer.originator, answer.recipient, answer.slug, answer.scope),
        )  # fmt: skip
        _tell_consent(row, now)
    return row


def columns(originator: str, recipient: str, slug: str, scope: Scope) -> dict[str, str]:
    """Return the columns that say what a question or an answer speaks of."""
    return {"originator": originator, "recipient": recipient, "agreement": slug, "reach": scope.reach.value,
            "name": scope.name, "information": scope.information, "purpose": scope.purpose,
            "tlp_up_to": "" if scope.tlp_up_to is None else scope.tlp_up_to.label}  # fmt: skip


def _tell_consent(row: Consent, now: datetime) -> None:
    """Write an originator's answer into its own log; the third party's log says nothing of it."""
    agreement = recorded_law.adopted_of(row_of(row.agreement)).on(row.effective_on, now).agreement
    before = Consent.objects.filter(originator=row.originator, recipient=row.recipient, agreement=row.agreement,
                                    reach=row.reach, name=row.name, information=row.information, purpose=row.purpose,
                                    tlp_up_to=row.tlp_up_to)  # fmt: skip
    last = before.exclude(pk=row.pk).order_by("sequence").last()
    refusal: Step = "withdrawn" if last is not None and last.given else "refused"
    log, scope, clauses = ledgers.log_of(row.originator), recorded_law.scope_of(row), consents.onward_clauses(agreement)
    of = "" if scope.reach is Reach.AGREEMENT else f": {in_short(scope)}"
    ledgers.append(log, lambda index: entries.Consent(
        v=1, log=log.origin, index=index, at=entries.moment(now), consent=str(row.pk),
        step="given" if row.given else refusal, agreement=agreement.name,
        clause=", ".join(clauses), subject=f"passing on to {row.recipient}{of}"))  # fmt: skip


def in_short(scope: Scope) -> str:
    """Say in English what a scope speaks of, for logs and the command line."""
    if scope.reach is Reach.OBJECT:
        return scope.name
    if scope.reach is Reach.CASE:
        return f"case {scope.name}"
    if scope.reach is Reach.AGREEMENT:
        return "all that came under the agreement"
    parts = (scope.information or "any information", scope.purpose and f"for {scope.purpose}",
             "" if scope.tlp_up_to is None else f"up to TLP:{scope.tlp_up_to.label}")  # fmt: skip
    return " ".join(part for part in parts if part)


def conditions(one: "ConsentTold") -> str:
    """Say in English on which conditions a yes holds; empty where on none."""
    parts = (one.most_tlp and f"up to TLP:{one.most_tlp}", one.words)
    said = "; ".join(part for part in parts if part)
    return f" ({said})" if said else ""


@dataclass(frozen=True, slots=True)
class ConsentTold:
    """An originator's recorded answer, in full; `number` is its own."""

    number: int
    originator: str
    recipient: str
    slug: str
    given: bool
    effective_on: date
    until: date | None
    source: str
    recorded_at: datetime
    recorded_by: str
    scope: Scope = ALL
    most_tlp: str = ""
    words: str = ""
    thread: str = ""


def consents_told(slug: str = "", party: str = "") -> list[ConsentTold]:
    """Return the recorded answers, newest first: all, or an agreement's, or those that name a party."""
    rows = Consent.objects.select_related("message").order_by("-sequence")
    rows = rows.filter(agreement=slug) if slug else rows
    rows = rows.filter(Q(originator=party) | Q(recipient=party)) if party else rows
    return [told(row) for row in rows]


def told(row: Consent) -> ConsentTold:
    """Return one recorded answer in full."""
    return ConsentTold(row.pk, row.originator, row.recipient, row.agreement, row.given, row.effective_on, row.until,
                       row.source, moments.moment(row.recorded_at), row.recorded_by, recorded_law.scope_of(row),
                       row.most_tlp, row.words, row.message.thread if row.message else "")  # fmt: skip

