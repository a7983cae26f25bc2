"""What stands in each table of the register, read anew for every question."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from django.db.models import Q

from comity.acts import desk_rows, readings
from comity.acts.record_cells import Rows, of_question, read_of, recorded_of
from comity.acts.tables import COLUMNS, Question, Table
from comity.models import (
    Action,
    Fact,
    Implementation,
    Instrument,
    Membership,
    Node,
    Party,
    Provision,
    Source,
    Spell,
    Tally,
    Terms,
)
from comity.policy.participation import Stand


def _listed(question: Question) -> list[Instrument]:
    known = Instrument.objects.filter(recorded_at__lte=question.as_of.known_at).select_related("beside")
    return list(known.filter(slug=question.instrument) if question.instrument else known)


def _instruments(question: Question) -> Rows:
    """Give the instruments with the standing of the party asked for, else our own."""
    code = question.party or Node.objects.values_list("party_id", flat=True).first() or ""
    party, listed = Party.objects.filter(code=code).first(), _listed(question)
    cells = readings.cells(question.as_of, listed, [party]) if party else {}
    makers: dict[int, list[str]] = {}
    for number, maker in Instrument.makers.through.objects.order_by("party").values_list("instrument", "party"):
        makers.setdefault(number, []).append(maker)
    for one in listed:
        cell = cells.get((one.pk, code))
        stood = (None,) * 5 if cell is None else (code, cell.stand.value, cell.since, *read_of(cell.source))
        yield (one.slug, one.kind, one.bond, one.title, one.short, one.reference, one.made_by, one.depositary_id,
               one.fictional, *stood, tuple(one.aliases), tuple(one.topics), one.about,
               one.beside.slug if one.beside is not None else None, tuple(makers.get(one.pk, ())))  # fmt: skip


def _standings(question: Question) -> Rows:
    """Give every standing that something stands for; who has none is left out, which is not no."""
    for one in _listed(question):
        codes = question.as_of.of(Spell.objects.filter(instrument=one)).values_list("party", flat=True)
        parties = Party.objects.filter(code__in=list(codes)).order_by("code")
        shown = parties.filter(code=question.party) if question.party else parties
        for cell in readings.cells(question.as_of, [one], shown).values():
            if cell.stand is not Stand.NOTHING:
                yield (one.slug, cell.party.code, cell.party.short, cell.stand.value, cell.since, cell.until,
                       cell.ground, *read_of(cell.source))  # fmt: skip


def _actions(question: Question) -> Rows:
    rows = Action.objects.filter(of_question(question)).select_related("source", "instrument").order_by("pk")
    for row in readings.known(rows, question.as_of):
        yield (row.instrument.slug, row.party_id, row.kind, row.status, row.effective_on, row.precision, row.until,
               row.says, row.holds, *read_of(row.source), *recorded_of(row), tuple(row.provisions), row.pk)  # fmt: skip


def _terms(question: Question) -> Rows:
    """Give each term of an instrument's final clauses, as data has it."""
    rows = Terms.objects.filter(_instrument(question)).select_related("source", "instrument").order_by("pk")
    for row in readings.known(rows, question.as_of):
        for term, says in row.body.items():
            yield (row.instrument.slug, term, _in_words(says), row.status, *read_of(row.source), *recorded_of(row),
                   row.pk)  # fmt: skip


def _in_words(says: object) -> str:
    if isinstance(says, dict):
        return "; ".join(f"{key}: {_in_words(value)}" for key, value in says.items())
    return ", ".join(map(_in_words, says)) if isinstance(says, list) else str(says)


def _instrument(question: Question) -> Q:
    return Q(instrument__slug=question.instrument) if question.instrument else Q()


def _tallies(question: Question) -> Rows:
    rows = Tally.objects.filter(_instrument(question)).select_related("source", "instrument").order_by("pk")
    for row in readings.known(rows, question.as_of):
        yield (row.instrument.slug, row.what, row.number, row.as_of, row.precision, row.status, *read_of(row.source),
               *recorded_of(row), row.pk)  # fmt: skip


def _provisions(question: Question) -> Rows:
    """Give the provisions that were read in a source; what stands here from memory is no fact."""
    rows = Provision.objects.filter(_instrument(question), verified=True).select_related("source", "instrument")
    for row in rows.order_by("instrument__slug", "place"):
        yield (row.instrument.slug, row.ref, row.title, row.section, row.kind, row.gist, tuple(row.tests),
               tuple(row.aspects), row.deliverable, row.every, *read_of(row.source))  # fmt: skip


def _practice(question: Question) -> Rows:
    asked = of_question(question, instrument="provision__instrument__slug")
    rows = Implementation.objects.filter(asked).select_related("source", "provision__instrument").order_by("pk")
    for row in readings.known(rows.prefetch_related("evidence"), question.as_of):
        shown = tuple(str(one.address or one.title) for one in row.evidence.all())
        yield (row.provision.instrument.slug, row.provision.ref, row.party_id, row.state, row.effective_on, row.says,
               row.gap, row.helped_by_id, row.help, shown, *read_of(row.source), *recorded_of(row))  # fmt: skip


def _sources(question: Question) -> Rows:
    del question
    for row in Source.objects.order_by("pk"):
        yield row.pk, row.address, row.title, row.publisher, row.kind, row.read_on, row.as_of


def _parties(question: Question) -> Rows:
    rows = Party.objects.filter(code=question.party) if question.party else Party.objects.all()
    for row in rows.order_by("code"):
        yield (row.code, row.alpha3, row.name, row.common_name, row.kind, row.of_id, row.fictional,
               tuple(row.aliases))  # fmt: skip


def _memberships(question: Question) -> Rows:
    either = Q(member=question.party) | Q(group=question.party) if question.party else Q()
    rows = Membership.objects.filter(either).select_related("source").order_by("pk")
    for row in readings.known(rows, question.as_of):
        yield (row.group_id, row.member_id, row.capacity, row.status, row.effective_on, row.precision, row.until,
               *read_of(row.source), *recorded_of(row), row.pk)  # fmt: skip


def _facts(question: Question) -> Rows:
    rows = Fact.objects.filter(of_question(question)).select_related("source", "instrument").order_by("pk")
    for row in readings.known(rows, question.as_of):
        slug = row.instrument.slug if row.instrument is not None else None
        yield (row.party_id, row.kind, row.topic, row.title, row.says, row.role, row.counterpart_id, slug, row.status,
               row.effective_on, row.precision, row.until, *read_of(row.source), *recorded_of(row), row.pk)  # fmt: skip


_ROWS: Final[Mapping[str, Callable[[Question], Rows]]] = MappingProxyType({
    "instruments": _instruments, "standings": _standings, "actions": _actions, "terms": _terms, "tallies": _tallies,
    "provisions": _provisions, "practice": _practice, "parties": _parties, "memberships": _memberships,
    "facts": _facts, "sources": _sources, "claims": desk_rows.claims_found,
    "agreements": desk_rows.agreements_adopted, "events": desk_rows.events_recorded,
    "undertakings": desk_rows.undertakings_due, "promises": desk_rows.promises_made,
    "entries": desk_rows.entries_written, "contacts": desk_rows.contacts_known, "checks": desk_rows.checks_made,
    "engagements": desk_rows.engagements_known, "papers": desk_rows.papers_written,
    "calendar": desk_rows.calendar_entries,
})  # fmt: skip
TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {key: Table(key, title, columns, asks, _ROWS[key]) for key, (title, asks, columns) in COLUMNS.items()}
)
"""Every table by its key."""
