"""What stands in the tables of the desk's own work: what is due, whom to call, where one meets, what was checked."""

from datetime import timedelta
from typing import Final

from comity.acts import calendars, contacts, engagements, law, moments, undertakings
from comity.acts.record_cells import Rows, of_question, read_of, recorded_of
from comity.acts.tables import Question, Value
from comity.models import (
    Agreement,
    AgreementEvent,
    ContactCheck,
    FoundClaim,
    Undertaking,
    UndertakingEntry,
)
from comity.models.undertakings import Written
from comity.policy.release import Court, Moment
from comity.policy.undertakings import Asked

AHEAD: Final = timedelta(days=366)
"""How far beyond the day undertakings are told."""


def undertakings_due(question: Question) -> Rows:
    """Give each time that is due, up to a year beyond the day."""
    asked = Asked(question.on, question.known)
    for due in undertakings.standing(asked, None, question.on + AHEAD):
        row, item = due.of.row, due.item
        by, to = (row.by_id, row.to_id) if row is not None else (None, None)
        slug = row.instrument.slug if row is not None and row.instrument is not None else due.of.slug or None
        whose = question.party in {"", by, to} and question.instrument in {"", slug}
        if whose:
            hour = item.by.instant if item.by is not None else None
            yield (item.key, item.what, item.part.value, item.number, due.day, hour, item.state.value,
                   item.days_over(question.on), item.owner, by, to, due.of.ours, slug, due.of.undertaking.evidence,
                   *read_of(row.source if row is not None else None))  # fmt: skip


def contacts_known(question: Question) -> Rows:
    """Give the contacts that are contacts on the day."""
    for one in contacts.standing(contacts.known(question.known, question.party), question.on):
        row = one.version
        yield (str(one.contact.uid), one.contact.party_id, row.kind, row.institution, row.position, row.name, row.email,
               row.telephone, row.hours, row.languages, row.directories, row.ended_on, one.reliance.freshness.value,
               one.reliance.last_word, *read_of(row.source), *recorded_of(row))  # fmt: skip


def engagements_known(question: Question) -> Rows:
    """Give every engagement as known."""
    for one in engagements.known(question.known):
        row = one.version
        slug = row.instrument.slug if row.instrument is not None else None
        if question.party in {"", row.partner_id} and question.instrument in {"", slug}:
            yield (one.engagement.uid, row.title, row.kind, row.state, row.forum, row.partner_id, slug, row.place,
                   row.starts_on, row.ends_on, row.starts_at, row.ends_at, row.zone, row.about, row.public,
                   *read_of(row.source), *recorded_of(row))  # fmt: skip


def claims_found(question: Question) -> Rows:
    """Give what checked documents say, and what became of it."""
    at = question.as_of.known_at
    rows = FoundClaim.objects.filter(of_question(question, "subject_ref", "object_ref"), document__recorded_at__lte=at)
    for row in rows.select_related("document__source", "decision").order_by("document_id", "place"):
        decision, document = getattr(row, "decision", None), row.document
        decided = decision.kind if decision is not None and decision.recorded_at <= at else None
        yield (document.name, row.place, document.text[row.start : row.end], row.act, row.sense, row.denied,
               row.subject, row.subject_ref, row.object, row.object_ref, row.first_day, row.last_day, row.verdict,
               row.settles, decided, *read_of(document.source), moments.moment(document.recorded_at),
               document.recorded_by, row.partner, row.said_by,
               tuple(each["key"].format(**each["params"]) for each in row.grounds), row.pk)  # fmt: skip


def agreements_adopted(question: Question) -> Rows:
    """Give each adopted agreement with the standing of each of its parties."""
    adopted_by = {row.slug: row for row in Agreement.objects.filter(adopted_at__lte=question.as_of.known_at)}
    facts = law.facts()
    court = Court(facts, Moment(question.known, question.on))
    for adopted in (court.at(one) for one in facts.adopted if one.slug in adopted_by):
        row, text = adopted_by[adopted.slug], adopted.agreement
        for party in text.parties:
            if question.party in {"", party.code}:
                found = court.standing(adopted, party.code)
                says = found.grounds[0].says if found.grounds else ""
                yield (row.slug, text.name, text.force.value, text.fictional, party.code, found.state.value, says,
                       row.digest, moments.moment(row.adopted_at), row.adopted_by)  # fmt: skip


def events_recorded(question: Question) -> Rows:
    """Give what happened in the lives of adopted agreements, corrected and corrections alike."""
    rows = AgreementEvent.objects.filter(recorded_at__lte=question.as_of.known_at).select_related("agreement")
    for row in rows.order_by("sequence"):
        if question.party in {"", row.party}:
            yield (row.agreement.slug, row.party or None, row.kind, row.effective_on, row.until, row.received_on,
                   tuple(row.clauses), row.source, moments.moment(row.recorded_at), row.recorded_by, row.pk,
                   row.supersedes_id)  # fmt: skip


def promises_made(question: Question) -> Rows:
    """Give what was undertaken outside the clauses of adopted agreements, each once."""
    rows = Undertaking.objects.filter(recorded_at__lte=question.as_of.known_at).select_related("instrument", "source")
    for row in rows.order_by("pk"):
        slug = row.instrument.slug if row.instrument is not None else None
        if question.party in {"", row.by_id, row.to_id} and question.instrument in {"", slug}:
            yield (str(row.uid), row.origin, row.what, row.by_id, row.to_id, slug, row.rule, row.report, row.zone,
                   row.evidence, row.since, row.public, *read_of(row.source), *recorded_of(row))  # fmt: skip


def entries_written(question: Question) -> Rows:
    """Give what was recorded of undertakings, corrected and corrections alike."""
    for row in UndertakingEntry.objects.filter(recorded_at__lte=question.as_of.known_at).order_by("sequence", "pk"):
        yield (row.key, row.kind, row.effective_on, row.number, row.says, row.source, *_written(row), row.pk,
               row.supersedes_id)  # fmt: skip


def _written(row: Written) -> tuple[Value, Value]:
    return moments.moment(row.recorded_at), row.recorded_by


def checks_made(question: Question) -> Rows:
    """Give each try to reach a contact; an answer that came after the moment asked of is not there yet."""
    at = question.as_of.known_at
    for row in ContactCheck.objects.filter(asked_at__lte=at).select_related("contact").order_by("pk"):
        came = row.answered_at if row.answered_at is not None and row.answered_at <= at else None
        yield (str(row.contact.uid), row.kind, moments.moment(row.asked_at),
               None if came is None else moments.moment(came), row.holds, row.means, row.note, row.recorded_by,
               row.pk)  # fmt: skip


def papers_written(question: Question) -> Rows:
    """Give the lines of engagements' papers that stand."""
    for held in engagements.known(question.known):
        for row in engagements.lines(held.engagement.pk, question.known):
            if question.party in {"", row.party_id}:
                yield (held.engagement.uid, row.kind, row.party_id, row.says, row.role, row.source, *_written(row),
                       row.pk)  # fmt: skip


def calendar_entries(question: Question) -> Rows:
    """Give the calendar from a year before the day to two years after it."""
    asked = Asked(question.on, question.known)
    for one in calendars.happenings(asked, question.on - calendars.BACK, question.on + calendars.AHEAD):
        yield (one.uid, one.what, one.title, one.first, one.last, one.starts_at, one.ends_at, one.zone, one.state,
               one.place, one.owner, one.about, one.cancelled, one.done, one.public, one.revision)  # fmt: skip
