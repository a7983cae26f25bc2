"""What a party gives us, whichever way it comes: by its own client over TAXII, or asked for by this node.

It is its giver's, under the agreement and the clause under which it came. Our own objects that come back are known for
ours; what somebody else gave first stays under what that one was promised, whoever brings it again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from django.db.models import F

from comity.acts import classes, following, law, ledgers, messages, moments, sharing, stock
from comity.ledger import entries
from comity.models import Collection, Entry, Line, Node, Snag
from comity.policy.clauses import evaluate
from comity.policy.handling import MESSAGE, Handling, Terms
from comity.policy.markings import Tlp
from comity.policy.questions import Question, Verdict
from comity.policy.release import Adopted, Court, Moment
from comity.policy.saying import sentence
from comity.policy.standing import State
from comity.policy.troubles import Trouble
from comity.policy.vocabulary import Action
from comity.stix.objects import VERSIONLESS, Accepted, Refused

_CHUNK = 500
_LIVE = frozenset({State.IN_FORCE, State.PROVISIONAL})
Found = Accepted | Refused


@dataclass(frozen=True, slots=True)
class Gift:
    """Who gives, as whom in the ledger, in answer to or by what request, under which agreement (None: none binds)."""

    party: str
    credential: str
    request: str
    collection: Collection
    under: Adopted | None


@dataclass(slots=True)
class Arrived:
    """What became of each object that came, by its place in what came; sentences where it did not get in."""

    stored: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    conflicts: dict[int, str] = field(default_factory=dict)

    @property
    def failed(self) -> Mapping[int, str]:
        """Say of each object that did not get in why."""
        return self.refused | self.conflicts


def under(party: str, now: datetime, slug: str = "") -> Adopted | None:
    """Return the agreement in force under which a party gives to us: *slug*, or the first adopted that binds both."""
    facts = law.facts()
    court = Court(facts, Moment(now))
    for adopted in map(court.at, facts.adopted):
        if (
            slug in {"", adopted.slug}
            and {party, facts.us} <= {p.code for p in adopted.agreement.parties}
            and all(court.standing(adopted, code).state in _LIVE for code in (party, facts.us))
        ):
            return adopted
    return None


def take_in(gift: Gift, objects: Sequence[Found], now: datetime, line: Line | None = None) -> Arrived:
    """Store what is right of *objects*, inside the caller's transaction, which holds the node's row.

    What is stored is entered in the giver's log. What is not and was asked for by us (*line*) is kept with its reason,
    for somebody to see to; who sent it unasked is told in the answer, and only a clash with what is stored is kept.
    """
    arrived = Arrived()
    good: dict[int, Accepted] = {}
    for index, one in enumerate(objects):
        if isinstance(one, Accepted):
            good[index] = one
        else:
            arrived.refused[index] = " ".join(f"{f.path}: {f.says} {f.mend}" for f in one.faults)
    if good:
        _sort_in(gift, good, arrived, now)
    _keep_snags(gift, objects, arrived, now, line)
    return arrived


def _sort_in(gift: Gift, good: Mapping[int, Accepted], arrived: Arrived, now: datetime) -> None:
    node = Node.objects.get()
    terms = Terms(unmarked_as=Tlp.read(node.unmarked_as), originator=gift.party, purpose=gift.collection.purpose,
                  exercise=gift.collection.exercise,
                  received_under=None if gift.under is None else (gift.under.slug, ""))  # fmt: skip
    met = _Met(gift, node.party_id, _held(good.values()),
               clauses_of(gift.under, gift.party, node.party_id, now))  # fmt: skip
    coming: list[int] = []
    for index, one in good.items():
        if one.exercise and not gift.collection.exercise:  # a message too: it would be heard as if it were real
            arrived.refused[index] = sentence(Trouble.APART, id=one.id)
            continue
        if one.id not in met.held and one.type != MESSAGE:  # the first of its object
            coming.append(index)
            continue
        why = met.clash(one)
        unheard = "" if why or one.type != MESSAGE or met.is_ours(one) else _heard(gift, one, now)
        if why:
            arrived.conflicts[index] = why
        elif unheard:
            arrived.refused[index] = unheard
        elif met.is_ours(one):
            arrived.returned.append(index)
        else:
            coming.append(index)
    given = [good[index] for index in coming]
    here = [(stix_id, row.version, row.digest) for stix_id, rows in met.held.items() for row in rows
            if row.collection == gift.collection.pk]  # fmt: skip
    outcome = sharing.accept(gift.collection, given, terms, gift.credential, now, met.reclass, held=here)
    arrived.stored = [coming[place] for place in outcome.stored]
    arrived.conflicts |= {coming[place]: why for place, why in outcome.refused}
    gone = _taken_back(gift.collection, [given[place] for place in outcome.known])
    for place in outcome.known:
        why = gone.get(id(given[place]), "")
        if why:
            arrived.refused[coming[place]] = why
        else:
            arrived.known.append(coming[place])
    if outcome.stored:
        _record(gift, [given[place] for place in outcome.stored], now)


def _heard(gift: Gift, one: Accepted, now: datetime) -> str:
    """Take in a message and let it have its effect; say why where it cannot be."""
    try:
        following.take(gift.party, one.body, messages.Way(collection=gift.collection), gift.credential, now)
    except messages.Refused as error:
        return str(error)
    return ""


class _Row(NamedTuple):
    """A version that is held already, in whichever collection."""

    version: str
    digest: bytes
    own: Handling
    collection: int


def _held(objects: Iterable[Accepted]) -> Mapping[str, list[_Row]]:
    ids = {one.id for one in objects}
    found: dict[str, list[_Row]] = {}
    known: dict[int, Handling] = {}
    for stix_id, version, digest, own, collection in stock.anywhere(ids):
        if own not in known:
            known[own] = classes.handling_of(own)
        found.setdefault(stix_id, []).append(_Row(version, bytes(digest), known[own], collection))
    return found


@dataclass(frozen=True, slots=True)
class _Met:
    """What comes, against what is held already of the same objects."""

    gift: Gift
    us: str
    held: Mapping[str, list[_Row]]
    clause: Callable[[Handling], str]
    under: dict[int, tuple[Handling, Handling]] = field(default_factory=dict)

    def clash(self, one: Accepted) -> str:
        """Say why an object cannot be what it says it is; "" when nothing speaks against it.

        The same observable may be seen by several; there is no version of it, and nobody's word on it is the last.
        """
        rows = self.held.get(one.id, ())
        if one.version == VERSIONLESS:
            return ""
        if any(row.version == one.version and row.digest != one.digest for row in rows):
            return sentence(Trouble.OTHER_CONTENT, id=one.id, version=one.version)
        ours = [row for row in rows if row.own.originator == self.us]
        if ours and all(row.version != one.version for row in ours):
            return sentence(Trouble.NOT_MADE_HERE, id=one.id, version=one.version)
        return ""

    def is_ours(self, one: Accepted) -> bool:
        """Tell whether this is a version of our own that comes back."""
        rows = self.held.get(one.id, ())
        return one.version != VERSIONLESS and any(row.own.originator == self.us for row in rows)

    def reclass(self, one: Accepted, own: Handling) -> Handling:
        """Give an object its handling by itself: its first giver's where somebody else gave it before."""
        rows = self.held.get(one.id, ())
        if rows and not any(row.own.originator == self.gift.party for row in rows):
            for row in rows:
                if (row.version, row.digest) == (one.version, one.digest):
                    return row.own
            if one.version != VERSIONLESS:
                first = rows[0].own
                return replace(own, originator=first.originator, received_under=first.received_under)
        found = self.under.get(id(own))
        if found is None:  # of each handling once: it is kept, so that no other ever has its identity
            found = self.under[id(own)] = own, self._as_given(own)
        return found[1]

    def _as_given(self, own: Handling) -> Handling:
        if self.gift.under is None:
            return own
        return replace(own, received_under=(self.gift.under.slug, self.clause(own)))


def clauses_of(under: Adopted | None, giver: str, us: str, now: datetime) -> Callable[[Handling], str]:
    """Return what names the clause by which the giver may share a kind of object with us; "" where none says so."""
    court = Court(law.facts(), Moment(now))
    known: dict[Handling, str] = {}

    def clause(own: Handling) -> str:
        if own not in known:
            known[own] = _clause(under, (giver, us), own, court)
        return known[own]

    return clause


def _clause(under: Adopted | None, between: tuple[str, str], own: Handling, court: Court) -> str:
    if under is None:
        return ""
    giver, us = between
    question = Question(Action.SHARE, own.information, own.purpose or None, own.tlp, own.personal_data, giver, us,
                        own.exercise)  # fmt: skip
    theirs, ours = court.standing(under, giver), court.standing(under, us)
    answer = evaluate(under.agreement, theirs, ours, question, court.moment.day(under.agreement.time_zone))
    if answer.verdict is not Verdict.ALLOWED:
        return ""
    return next((ground.clause for ground in answer.grounds if ground.clause), "")


def _taken_back(collection: Collection, known: Sequence[Accepted]) -> dict[int, str]:
    """Return why repetitions of withdrawn versions fail, by object: a version that was taken back stays away.

    One that only went on to another class, or waits for what it refers to, has left an entry as well, and stands.
    """
    ids = sorted({one.id for one in known})
    standing: dict[tuple[str, str], bool] = {}
    for start in range(0, len(ids), _CHUNK):
        rows = Entry.objects.filter(collection=collection, version__stix_id__in=ids[start : start + _CHUNK])
        for row in rows.select_related("version").defer("version__body"):
            named = row.version.stix_id, row.version.version
            standing[named] = standing.get(named, False) or row.deleted_at is None or row.version.waits
    gone = {pair for pair, stands in standing.items() if not stands}
    return {id(one): sentence(Trouble.TAKEN_BACK, id=one.id, version=one.version)
            for one in known if (one.id, one.version) in gone}  # fmt: skip


def _record(gift: Gift, stored: Sequence[Accepted], now: datetime) -> None:
    log = ledgers.log_of(gift.party)
    ledgers.append(log, lambda index: entries.Received(
        v=1, log=log.origin, index=index, at=entries.moment(now), credential=gift.credential, request=gift.request,
        collection=str(gift.collection.uuid), count=len(stored),
        items=entries.items_hash(one.digest for one in stored), grounds=()))  # fmt: skip


def _keep_snags(gift: Gift, objects: Sequence[Found], arrived: Arrived, now: datetime, line: Line | None) -> None:
    for kind, said in ((Snag.Kind.REFUSED, arrived.refused), (Snag.Kind.CONFLICT, arrived.conflicts)):
        if line is None and kind is Snag.Kind.REFUSED:
            continue
        for index, why in said.items():
            one = objects[index]
            body = one.body if isinstance(one, Accepted) else b""
            what = Caught(gift.party, kind, one.id or "unknown", one.version or "", why, body)
            keep_snag(what, now, line)


@dataclass(frozen=True, slots=True)
class Caught:
    """An object that did not go through."""

    party: str
    kind: Snag.Kind
    stix_id: str
    version: str
    why: str
    body: bytes = b""
    outgoing: bool = False


def _as_text(said: str) -> str:
    """Show the one character that PostgreSQL keeps in no text as what stands for it."""
    return said.replace("\0", "\N{SYMBOL FOR NULL}")


def keep_snag(what: Caught, now: datetime, line: Line | None = None) -> None:
    """Keep what did not go through; the same again is counted, not kept twice.

    Of what came unasked (no *line*) one is kept for each object that it clashes with: no more than are stored already,
    however often a partner tries.
    """
    at, version = moments.micros(now), _as_text(what.version)[:60]
    digest = sha256(what.body or what.why.encode()).hexdigest() if line is not None else ""
    by_version = {"version": version} if line is not None else {}
    kept = what.body if what.kind is Snag.Kind.CONFLICT else b""
    snag, made = Snag.objects.get_or_create(
        party_id=what.party, kind=what.kind, outgoing=what.outgoing, stix_id=_as_text(what.stix_id)[:300],
        digest=digest, **by_version,
        defaults={"version": version, "line": line,
                  "why": _as_text(what.why), "body": kept, "first_at": at, "last_at": at})  # fmt: skip
    if not made:
        Snag.objects.filter(pk=snag.pk).update(last_at=at, times=F("times") + 1, line=line or snag.line)
