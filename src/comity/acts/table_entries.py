"""What each table takes in: the columns that people write, how a row is recognised, and the act that records it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from django.utils.translation import gettext as _

from comity.acts import (
    actions,
    agreements,
    claim_inbox,
    contacts,
    engagements,
    facts,
    instruments,
    memberships,
    parties,
    practice,
    records,
    undertakings,
)
from comity.acts.agreements import Rejected
from comity.acts.tables import Value
from comity.models import Contact, ContactCheck, Engagement, FoundClaim, Provision
from comity.policy.life_events import EventKind
from comity.policy.undertaking_words import EntryKind

Cells = Mapping[str, Value]
Enter = Callable[[Cells, int | None, str, datetime], object]


@dataclass(frozen=True, slots=True)
class Entry:
    """How a table is taken in. `keys` recognise a row; `given` are the columns that people write.

    `grows`: a row is only ever added, so one that differs from all that stand is a new one.
    """

    keys: tuple[str, ...]
    given: tuple[str, ...]
    enter: Enter
    grows: bool = False


def value_of(value: type, cells: Cells, **more: Any) -> Any:  # noqa: ANN401 - each act’s own value
    """Give an act its value out of a row’s cells; what a cell leaves empty is as the act has it by itself."""
    told = {field.name: cells[field.name] for field in fields(value)
            if cells.get(field.name) not in {None, ""} and field.name not in more}  # fmt: skip
    needed = [field.name for field in fields(value) if repr(field.default).startswith("<dataclasses._MISSING")]
    for name in needed:
        if name not in told and name not in more:
            raise Rejected(_("“%(column)s” is empty: fill it in.") % {"column": name})
    return value(**told, **more)


def _known(word: object, kinds: type[EventKind] | type[EntryKind]) -> Any:  # noqa: ANN401 - one of the two
    try:
        return kinds(str(word or ""))
    except ValueError as error:
        raise Rejected(*records.among(str(word or ""), [one.value for one in kinds])) from error


def _contact(cells: Cells, record: int | None, by: str, at: datetime) -> object:
    del record
    uid = str(cells.get("uid") or "")
    if uid and not any(str(one) == uid for one in Contact.objects.values_list("uid", flat=True)):
        raise Rejected(_("There is no contact “%(uid)s” here: leave its key empty to record it as a new one.") % {
            "uid": uid})  # fmt: skip
    return contacts.record(str(cells.get("party") or ""), value_of(contacts.Named, cells), by, at, uid)


def _engagement(cells: Cells, record: int | None, by: str, at: datetime) -> object:
    del record
    wrong = list(records.instrument(str(cells.get("instrument") or "")))
    if wrong:
        raise Rejected(*wrong)
    return engagements.record(value_of(engagements.Planned, cells), by, at, str(cells.get("uid") or ""))


def _promise(cells: Cells, record: int | None, by: str, at: datetime) -> object:
    del record
    if cells.get("key"):
        raise Rejected(_("What was undertaken stays as it was recorded: what changes is an entry on it."))
    return undertakings.undertake(value_of(undertakings.Promised, cells), by, at)


def _entry(cells: Cells, record: int | None, by: str, at: datetime) -> object:
    del record
    noted = value_of(undertakings.Noted, cells, kind=_known(cells.get("kind"), EntryKind))
    return undertakings.note(str(cells.get("key") or ""), noted, by, at)


def _event(cells: Cells, record: int | None, by: str, at: datetime) -> object:
    del record
    happened = value_of(agreements.Happened, cells, kind=_known(cells.get("kind"), EventKind))
    return agreements.record_event(str(cells.get("agreement") or ""), happened, by, at)


def _paper(cells: Cells, record: int | None, by: str, at: datetime) -> object:
    number = Engagement.objects.filter(uid=cells.get("engagement") or "").values_list("pk", flat=True).first() or 0
    return engagements.write(number, value_of(engagements.Line, cells, supersedes=record), by, at)


def _check(cells: Cells, record: int | None, by: str, at: datetime) -> object:
    del record
    uid = str(cells.get("contact") or "")
    if not any(str(one) == uid for one in Contact.objects.values_list("uid", flat=True)):
        raise Rejected(_("There is no contact “%(uid)s” here: leave its key empty to record it as a new one.") % {
            "uid": uid})  # fmt: skip
    wrong = list(records.among(str(cells.get("kind") or ""), ContactCheck.Kind.values))
    if wrong:
        raise Rejected(*wrong)
    return contacts.check(uid, value_of(contacts.Tried, cells), by, at)


def _practice(cells: Cells, record: int | None, by: str, at: datetime) -> object:
    del record
    slug, ref = cells.get("instrument") or "", cells.get("ref") or ""
    provision = Provision.objects.filter(instrument__slug=slug, ref=ref, verified=True).first()
    if provision is None:
        raise Rejected(_("There is no provision “%(ref)s” of “%(slug)s” here.") % {"ref": ref, "slug": slug})
    done = value_of(practice.Done, cells, on=cells.get("effective_on") or at.date())
    return practice.record(provision, done, by, at)


def _decision(cells: Cells, record: int | None, by: str, at: datetime) -> object:
    claim = FoundClaim.objects.select_related("document__source").filter(pk=record or 0).first()
    said = cells.get("decision")
    if claim is None or said not in {"accepted", "set aside"}:
        raise Rejected(_("Of a claim only the decision is taken in: accepted, or set aside, for one that is here."))
    return (claim_inbox.accept if said == "accepted" else claim_inbox.set_aside)(claim, by, at)


def _words(said: str) -> tuple[str, ...]:
    return tuple(said.split())


_DATED: Final = " effective_on precision until status source read_on"
ENTRIES: Final[Mapping[str, Entry]] = MappingProxyType({
    "instruments": Entry(
        ("slug",), _words("slug kind bond title short reference made_by depositary fictional aliases topics about "
                          "beside makers"),
        lambda cells, _n, by, at: instruments.record(value_of(instruments.Described, cells), by, at)),
    "parties": Entry(
        ("code",), _words("code alpha3 name common_name kind of fictional aliases"),
        lambda cells, _n, by, at: parties.record(value_of(parties.Entered, cells), by, at)),
    "memberships": Entry(
        _words("group member capacity"), _words("group member capacity" + _DATED),
        lambda cells, n, by, at: memberships.record(value_of(memberships.Belonging, cells), by, at, n)),
    "actions": Entry(
        _words("instrument party kind"), _words("instrument party kind says holds provisions" + _DATED),
        lambda cells, n, by, at: actions.record(value_of(actions.Done, cells), by, at, n)),
    "facts": Entry(
        _words("party kind topic title"), _words("party kind topic title says role counterpart instrument" + _DATED),
        lambda cells, n, by, at: facts.record(value_of(facts.Known, cells), by, at, n)),
    "practice": Entry(
        _words("instrument ref party"), _words("instrument ref state effective_on says gap helped_by help evidence"),
        _practice),
    "claims": Entry(_words("document place"), ("decision",), _decision),
    "events": Entry(
        _words("agreement kind party effective_on"),
        _words("agreement party kind effective_on until received_on clauses source supersedes"), _event, grows=True),
    "promises": Entry(
        ("key",), _words("key origin what by to instrument rule report zone evidence since public source"), _promise),
    "entries": Entry(
        _words("key kind effective_on"), _words("key kind effective_on number says source supersedes"), _entry,
        grows=True),
    "contacts": Entry(
        ("uid",), _words("uid party kind institution position name email telephone hours languages directories "
                         "ended_on source"), _contact),
    "checks": Entry(_words("contact kind asked_at"), _words("contact kind holds means note"), _check, grows=True),
    "engagements": Entry(
        ("uid",), _words("uid title kind state forum partner instrument place starts_on ends_on starts_at ends_at zone "
                         "about public source read_on"), _engagement),
    "papers": Entry(_words("engagement kind says"), _words("engagement kind party says role source"), _paper),
})  # fmt: skip
"""The tables that take rows in. The others are worked out or come by files of their own: they are only compared."""
