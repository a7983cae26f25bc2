"""How the file reads a clause and a life: short notes to stand beside the signed words."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from comity.policy.agreements import Agreement, Clause, Recurrence, Renewal
from comity.web.sentences import condition, period, word

Note = tuple[str, str]


def _list(values: Iterable[object] | None) -> str:
    """Join words; None in a scope means any, an empty set nobody."""
    if values is None:
        return _("any")
    return ", ".join(sorted(word(value) for value in values)) or _("nobody")


def notes(clause: Clause) -> list[Note]:
    """Give the annotation of a clause as pairs of a word and what it says."""
    return [*_scope(clause), *_limits(clause), *_duties(clause)]


def _scope(clause: Clause) -> Iterator[Note]:
    if clause.actions:
        yield _("reads as"), f"{word(clause.effect)} {_list(clause.actions)}"
    else:
        yield _("reads as"), _("a duty")
    if clause.information is not None:
        yield _("information"), _list(clause.information)
    if clause.purposes is not None:
        yield _("for"), _list(clause.purposes)
    if clause.tlp_up_to is not None:
        yield _("up to"), f"TLP:{clause.tlp_up_to.label}"
    if clause.senders is not None:
        yield _("from"), _list(clause.senders)
    if clause.recipients is not None:
        yield _("to"), _list(clause.recipients)


def _limits(clause: Clause) -> Iterator[Note]:
    if clause.when is not None:
        yield _("when"), condition(clause.when)
    for exception in clause.exceptions:
        yield _("except"), condition(exception)
    if clause.notwithstanding:
        yield _("prevails over"), ", ".join(clause.notwithstanding)
    if clause.silence_means is not None:
        yield _("silence means"), word(clause.silence_means)
    if clause.silence_after is not None:
        yield _("silence counts after"), period(clause.silence_after)
    if clause.instead is not None:
        yield _("instead"), clause.instead
    if clause.valid_from is not None:
        yield _("valid from"), clause.valid_from.isoformat()
    if clause.valid_until is not None:
        yield _("valid until"), clause.valid_until.isoformat()


def _duties(clause: Clause) -> Iterator[Note]:
    if clause.duties:
        yield _("duties"), "; ".join(clause.duties)
    if clause.redact:
        yield _("taken out"), _list(clause.redact)
    if clause.trigger is not None:
        yield _("on"), word(clause.trigger)
    for step in clause.due:
        yield word(step.urgency), f"{word(step.step)}: {period(step.within)}"
    if clause.repeats is not None:
        yield _("comes back"), recurrence(clause.repeats)
    for what, within in clause.then:
        yield _("then"), f"{what}: {period(within)}"
    for what, amount in clause.amount:
        yield _("amount"), f"{what}: {amount}"
    if clause.evidence is not None:
        yield _("shown by"), clause.evidence
    if clause.if_missed is not None:
        yield _("if missed"), clause.if_missed


def recurrence(repeats: Recurrence) -> str:
    """Say how a duty comes back."""
    if repeats.by_month is not None and repeats.by_day is not None:
        return _("yearly by %(day)s") % {"day": f"{repeats.by_month:02}-{repeats.by_day:02}"}
    anchor = repeats.anchor.isoformat() if repeats.anchor else _("entry into force")
    return _("every %(period)s from %(anchor)s") % {"period": period(repeats.every), "anchor": anchor}


def life_terms(agreement: Agreement) -> list[Note]:
    """Give the terms of an agreement's life as the file reads them."""
    return list(_life_terms(agreement))


def _renewal(renewal: Renewal) -> str:
    told = {"kind": word(renewal.kind), "each": period(renewal.each)}
    if renewal.stop_notice is None:
        return _("%(kind)s, %(each)s each") % told
    return _("%(kind)s, %(each)s each, stopped by notice of %(stop)s") % {**told, "stop": period(renewal.stop_notice)}


def _life_terms(agreement: Agreement) -> Iterator[Note]:
    life = agreement.life
    if life.in_force is not None:
        yield _("In force from"), life.in_force.isoformat()
    if life.in_force_when is not None:
        yield _("In force when"), life.in_force_when
    if life.first_term is not None:
        yield _("First term"), period(life.first_term)
    if life.renewal is not None:
        yield _("Renewal"), _renewal(life.renewal)
    if life.termination is not None:
        end = life.termination
        yield _("Termination"), _("%(by)s, %(notice)s, counted from %(start)s") % {
            "by": word(end.by), "notice": period(end.notice), "start": word(end.counted_from),
        }  # fmt: skip
    if life.suspension is not None:
        parts = [word(life.suspension.by)]
        parts += [_("notice %(period)s") % {"period": period(life.suspension.notice)}] if life.suspension.notice else []
        parts += (
            [_("at most %(period)s") % {"period": period(life.suspension.longest)}] if life.suspension.longest else []
        )
        yield _("Suspension"), ", ".join(parts)
    if life.accession is not None:
        yield _("Accession"), life.accession
    if life.survives_suspension:
        yield _("Binds while suspended"), ", ".join(life.survives_suspension)
    if life.survives_end:
        yield _("Binds after its end"), ", ".join(life.survives_end)


def settled(agreement: Agreement) -> list[Note]:
    """Give what counsel settled."""
    settles = agreement.settles
    return [
        (_("Whose holidays count"), word(settles.whose_holidays_count)),
        (_("Month ends"), word(settles.month_end_rule)),
        (_("Last day"), _("inside") if settles.last_day_inside else _("outside")),
        (_("Consent given before a suspension"), _("survives") if settles.consent_survives_suspension else _("lapses")),
        (_("Silence"), _("is consent") if settles.silence_is_consent else _("is no consent")),
        (_("Beside other agreements"), word(settles.beside_other_agreements)),
        (_("A new party gets"), word(settles.backlog_for_new_party)),
    ]
