"""What stands in each table of the register, read anew for every question."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from django.db.models import Q

from comity.acts import contacts, engagements, moments, readings, undertakings
from comity.acts.tables import COLUMNS, Question, Table, Value
from comity.models import Action, Fact, FoundClaim, Instrument, Membership, Node, Party, Source, Spell
from comity.models.sources import Recorded
from comity.policy.participation import Stand
from comity.policy.undertakings import Asked

AHEAD: Final = timedelta(days=366)
"""How far beyond the day undertakings are told."""
Rows = Iterator[tuple[Value, ...]]


def _read(source: Source | None) -> tuple[Value, Value]:
    """Give where a fact was read, an address where there is one, and when."""
    return (None, None) if source is None else (source.address or source.title, source.read_on)


def _recorded(row: Recorded) -> tuple[Value, Value]:
    return moments.moment(row.recorded_at), row.recorded_by


def _listed(question: Question) -> list[Instrument]:
    known = Instrument.objects.filter(recorded_at__lte=question.as_of.known_at).select_related("depositary")
    return list(known.filter(slug=question.instrument) if question.instrument else known)


def _instruments(question: Question) -> Rows:
    """Give the instruments with the standing of the party asked for, else our own."""
    code = question.party or Node.objects.values_list("party_id", flat=True).first() or ""
    party, listed = Party.objects.filter(code=code).first(), _listed(question)
    cells = readings.cells(question.as_of, listed, [party]) if party else {}
    for one in listed:
        cell = cells.get((one.pk, code))
        stood = (None,) * 5 if cell is None else (code, cell.stand.value, cell.since, *_read(cell.source))
        yield (one.slug, one.kind, one.bond, one.title, one.short, one.reference, one.made_by, one.depositary_id,
               one.fictional, *stood)  # fmt: skip


def _standings(question: Question) -> Rows:
    """Give every standing that something stands for; who has none is left out, which is not no."""
    for one in _listed(question):
        codes = question.as_of.of(Spell.objects.filter(instrument=one)).values_list("party", flat=True)
        parties = Party.objects.filter(code__in=list(codes)).order_by("code")
        shown = parties.filter(code=question.party) if question.party else parties
        for cell in readings.cells(question.as_of, [one], shown).values():
            if cell.stand is not Stand.NOTHING:
                yield (one.slug, cell.party.code, cell.party.short, cell.stand.value, cell.since, cell.until,
                       cell.ground, *_read(cell.source))  # fmt: skip


def _of(question: Question, party: str = "party", instrument: str = "instrument__slug") -> Q:
    """Narrow records to whom and what is asked for, by the columns that name them."""
    asked = Q(**{party: question.party}) if question.party else Q()
    return asked & Q(**{instrument: question.instrument}) if question.instrument else asked


def _actions(question: Question) -> Rows:
    rows = Action.objects.filter(_of(question)).select_related("source", "instrument").order_by("pk")
    for row in readings.known(rows, question.as_of):
        yield (row.instrument.slug, row.party_id, row.kind, row.status, row.effective_on, row.precision, row.until,
               row.says, row.holds, *_read(row.source), *_recorded(row))  # fmt: skip


def _parties(question: Question) -> Rows:
    rows = Party.objects.filter(code=question.party) if question.party else Party.objects.all()
    for row in rows.order_by("code"):
        yield row.code, row.alpha3, row.name, row.common_name, row.kind, row.of_id, row.fictional


def _memberships(question: Question) -> Rows:
    either = Q(member=question.party) | Q(group=question.party) if question.party else Q()
    rows = Membership.objects.filter(either).select_related("source").order_by("pk")
    for row in readings.known(rows, question.as_of):
        yield (row.group_id, row.member_id, row.capacity, row.status, row.effective_on, row.precision, row.until,
               *_read(row.source), *_recorded(row))  # fmt: skip


def _undertakings(question: Question) -> Rows:
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
                   *_read(row.source if row is not None else None))  # fmt: skip


def _contacts(question: Question) -> Rows:
    for one in contacts.standing(contacts.known(question.known, question.party), question.on):
        row = one.version
        yield (str(one.contact.uid), one.contact.party_id, row.kind, row.institution, row.position, row.name, row.email,
               row.telephone, row.hours, row.languages, row.directories, row.ended_on, one.reliance.freshness.value,
               one.reliance.last_word, *_read(row.source), *_recorded(row))  # fmt: skip


def _engagements(question: Question) -> Rows:
    for one in engagements.known(question.known):
        row = one.version
        slug = row.instrument.slug if row.instrument is not None else None
        if question.party in {"", row.partner_id} and question.instrument in {"", slug}:
            yield (one.engagement.uid, row.title, row.kind, row.state, row.forum, row.partner_id, slug, row.place,
                   row.starts_on, row.ends_on, row.starts_at, row.ends_at, row.zone, row.about, row.public,
                   *_read(row.source), *_recorded(row))  # fmt: skip


def _facts(question: Question) -> Rows:
    rows = Fact.objects.filter(_of(question)).select_related("source", "instrument").order_by("pk")
    for row in readings.known(rows, question.as_of):
        slug = row.instrument.slug if row.instrument is not None else None
        yield (row.party_id, row.kind, row.topic, row.title, row.says, row.role, row.counterpart_id, slug, row.status,
               row.effective_on, row.precision, row.until, *_read(row.source), *_recorded(row))  # fmt: skip


def _claims(question: Question) -> Rows:
    at = question.as_of.known_at
    rows = FoundClaim.objects.filter(_of(question, "subject_ref", "object_ref"), document__recorded_at__lte=at)
    for row in rows.select_related("document__source", "decision").order_by("document_id", "place"):
        decision, document = getattr(row, "decision", None), row.document
        decided = decision.kind if decision is not None and decision.recorded_at <= at else None
        yield (document.name, row.place, document.text[row.start : row.end], row.act, row.sense, row.denied,
               row.subject, row.subject_ref, row.object, row.object_ref, row.first_day, row.last_day, row.verdict,
               row.settles, decided, *_read(document.source), moments.moment(document.recorded_at),
               document.recorded_by)  # fmt: skip


_ROWS: Final[Mapping[str, Callable[[Question], Rows]]] = MappingProxyType({
    "instruments": _instruments, "standings": _standings, "actions": _actions, "parties": _parties,
    "memberships": _memberships, "undertakings": _undertakings, "contacts": _contacts, "engagements": _engagements,
    "facts": _facts, "claims": _claims,
})  # fmt: skip
TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {key: Table(key, title, columns, asks, _ROWS[key]) for key, (title, asks, columns) in COLUMNS.items()}
)
"""Every table by its key."""
