"""Recalling an object: withdrawn for all, told to each that was given it and to nobody else, and followed up."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from comity.acts import awaited, classes, deliveries, law, ledgers, messages, moments, sharing
from comity.acts.agreements import Rejected
from comity.acts.deliveries import Had
from comity.acts.messages import Refused, Road, Way, Words
from comity.ledger import entries
from comity.ledger.messages import Kind, Said
from comity.models import Entry, Holder, Message, Node, Party, Recall, StoredVersion, Tombstone
from comity.policy import recalls
from comity.policy.agreements import Agreement
from comity.policy.handling import MESSAGE
from comity.policy.markings import Tlp
from comity.policy.recalls import Reached
from comity.policy.saying import sentence
from comity.stix.timestamps import VERSIONLESS

MOST_INSTANT = 2**62  # later than any version: what has no versions, or is to stay away in every one


@dataclass(frozen=True, slots=True)
class Ordered:
    """What is to be recalled and why. `do` is `correct`, `delete` or `stop use`; `asked_by` the party that wants it."""

    stix_id: str
    do: str
    reason: str
    grounds: str = ""
    asked_by: str = ""


def recall(ordered: Ordered, actor: str, now: datetime) -> Recall:
    """Recall every version of an object, in one transaction: withdrawn for all, and each holder told.

    Nobody gets it from the next request on, nor what cannot do without it. Each party to whom the ledger says that it
    went gets an entry in its log and a notice in the collection that it came from, before all that it has not read.
    `Rejected` where there is no such object, or the order is not whole.
    """
    with transaction.atomic():
        taken = moments.take(now)
        versions = list(StoredVersion.objects.filter(stix_id=ordered.stix_id).select_related("own", "collection"))
        _check(ordered, versions)
        holders = deliveries.holders(versions)
        row = _record(ordered, versions, actor, taken)
        _withdraw(versions, actor, taken)
        for had in holders:
            if had.party.code not in {ordered.asked_by, row.originator}:
                _tell(row, had, actor, now)
        if row.originator != _us():
            _write_tombstone(row, versions, now)
    return row


def _us() -> str:
    return str(Node.objects.values_list("party_id", flat=True).get())


def _check(ordered: Ordered, versions: Sequence[StoredVersion]) -> None:
    reasons = []
    if not versions:
        reasons.append(f"there is no object “{ordered.stix_id}” here; give its whole id")
    if ordered.do not in Recall.Do.values:
        reasons.append(f"what to do is “{ordered.do}”: write one of {', '.join(Recall.Do.values)}")
    if not ordered.reason.strip():
        reasons.append("a recall needs its reason: say what is wrong with the object")
    if versions and versions[0].type == MESSAGE:
        reasons.append("a message is not recalled: answer it, or send another")
    if reasons:
        raise Rejected(*reasons)


def _record(ordered: Ordered, versions: Sequence[StoredVersion], actor: str, taken: moments.Taken) -> Recall:
    newest = max(versions, key=lambda one: one.instant)
    originator = classes.handling_of(newest.own_id).originator
    row = Recall.objects.create(
        uuid=str(uuid.uuid4()), stix_id=ordered.stix_id, do=ordered.do, reason=ordered.reason.strip(),
        grounds=ordered.grounds.strip(), originator=originator, asked_by=ordered.asked_by, at=taken.at, by=actor,
        sequence=taken.sequence,
    )  # fmt: skip
    corrects = ordered.do == Recall.Do.CORRECT and newest.version != VERSIONLESS
    Tombstone.objects.create(recall=row, stix_id=ordered.stix_id, instant=newest.instant if corrects else MOST_INSTANT,
                             corrected_by=originator if corrects else "")  # fmt: skip
    return row


def _withdraw(versions: Sequence[StoredVersion], actor: str, taken: moments.Taken) -> None:
    """Take every place away, collection by collection, and what rests on them."""
    for collection in {one.collection for one in versions}:
        here = [one.pk for one in versions if one.collection_id == collection.pk]
        StoredVersion.objects.filter(pk__in=here, waits=True).update(waits=False)
        rows = Entry.objects.filter(version_id__in=here, collection=collection, deleted_at=None)
        if rows.update(deleted_at=taken.at):
            sharing.let_go(collection, {versions[0].stix_id}, actor, taken)


def _tell(row: Recall, had: Had, actor: str, now: datetime) -> None:
    """Write the recall into one holder's log and send it the notice."""
    agreement = _agreement(had)
    clock = recalls.clock(agreement, moments.moment(row.at), had.party.code, _us())
    says: dict[str, Said] = {
        "recall": row.uuid, "what_to_do": row.do, "reason": row.reason, "versions": list(had.names),
        "acknowledge_by": messages.stamp(clock.by),
    }  # fmt: skip
    if row.grounds:
        says["grounds"] = row.grounds
    words = Words(Kind.RECALL, had.party.code, says, clock.agreement, clock.clause, urgent=True)
    notice = messages.send(words, actor, now, Way(collection=had.collection))
    Holder.objects.create(recall=row, party=had.party, versions=list(had.names), first_at=had.first_at,
                          last_at=had.last_at, under=list(had.under), notice=notice)  # fmt: skip
    what = f"acknowledges the recall of {row.stix_id}"
    awaited.wait_for(notice, awaited.Step("acknowledge", clock.by, f"{clock.clause} {clock.agreement}".strip()),
                     had.party.code, f"{had.party.short} {what}", actor, now)  # fmt: skip
    _step(row, had.party.code, "issued", row.reason, had.digests, now)


def _agreement(had: Had) -> Agreement | None:
    """Return the agreement on which a holder was given it last; None where it went as public material."""
    names = [one.agreement for one in had.grounds if one.agreement]
    found = {one.agreement.name: one.agreement for one in law.facts().adopted}
    return next((found[name] for name in reversed(names) if name in found), None)


def _step(row: Recall, party: str, step: str, reason: str, digests: Iterable[bytes], now: datetime) -> None:
    log, every = ledgers.log_of(party), list(digests)
    ledgers.append(log, lambda index: entries.Recall(
        v=1, log=log.origin, index=index, at=entries.moment(now), recall=row.uuid, step=step,  # type: ignore[arg-type]
        reason=" ".join(reason.split()), count=len(every), items=entries.items_hash(every)))  # fmt: skip


def _write_tombstone(row: Recall, versions: Sequence[StoredVersion], now: datetime) -> None:
    """Tell the giver, in its own log, that what it gave was taken out and does not return."""
    _step(row, row.originator, "tombstone", row.reason, [bytes(one.digest) for one in versions], now)


def answered(holder: Holder, kind: Kind, way: Way, actor: str, now: datetime, says: str = "") -> Message:
    """Write down that a holder acknowledged a recall, or confirmed that it is done, by letter, mail or call."""
    with transaction.atomic():
        told = {"words": says} if says else {}
        words = Words(kind, holder.party_id, told, in_reply_to=holder.notice.uuid)
        row = messages.write_down(words, way, actor, now)
        follow(row, actor, now)
    return row


def confirm(thread: str, kind: Kind, says: str, actor: str, now: datetime, road: str = Road.EXCHANGE) -> Message:
    """Tell a partner that its recall was read (`ACKNOWLEDGEMENT`), or that it is done here (`DELETED`).

    `Refused` where nobody recalled by that message, or where it is said to be done and something of it still stands.
    """
    with transaction.atomic():
        first = Message.objects.filter(uuid=thread, kind=Kind.RECALL.value,
                                       direction=Message.Direction.RECEIVED).first()  # fmt: skip
        if first is None:
            raise Refused(
                sentence(
                    "there is no recall “{thread}” of a partner here; give the whole number of its notice",
                    thread=thread,
                )
            )
        ids = {line.partition(" ")[0] for line in messages.read_row(first).lines("versions")}
        standing = Entry.objects.filter(version__stix_id__in=ids, deleted_at=None)
        if kind is Kind.DELETED and (left := standing.values_list("version__stix_id", flat=True).first()):
            raise Refused(sentence("{left} still stands here: recall it first, then say that it is done", left=left))
        told = {"words": says} if says.strip() else {}
        row = messages.send(Words(kind, first.party_id, told, first.agreement, in_reply_to=thread), actor, now,
                            Way(road=road, collection=first.collection))  # fmt: skip
        awaited.came(thread, "acknowledge", row, actor, now)
    return row


def follow(row: Message, actor: str, now: datetime) -> None:
    """Let a message that came have its effect on recalls, inside the act that took it in."""
    kind = Kind(row.kind)
    if kind is Kind.RECALL:
        _of_partner(row, actor, now)
        _owe_answer(row, actor, now)
    if kind not in {Kind.ACKNOWLEDGEMENT, Kind.DELETED}:
        return
    holder = Holder.objects.filter(notice__thread=row.thread, party_id=row.party_id).select_related("recall").first()
    if holder is not None:
        step = "acknowledged" if kind is Kind.ACKNOWLEDGEMENT else "deleted"
        awaited.came(row.thread, "acknowledge", row, actor, now)
        _step(holder.recall, row.party_id, step, messages.read_row(row).text("words") or row.source or step, (), now)


def _owe_answer(row: Message, actor: str, now: datetime) -> None:
    """Let our acknowledgement be due by the moment that the notice names, where it names one."""
    said = messages.read_row(row)
    try:
        by = datetime.fromisoformat(said.text("acknowledge_by"))
    except ValueError:
        return
    if by.tzinfo is not None:
        clock = f"{said.clause} {said.agreement}".strip()
        us, what = Party.objects.get(pk=_us()), f"acknowledges the recall of {row.party.short}: {said.text('reason')}"
        awaited.wait_for(row, awaited.Step("acknowledge", by, clock), us.code, f"{us.short} {what}", actor, now)


def _of_partner(row: Message, actor: str, now: datetime) -> None:
    """Do what a partner's recall asks: what it gave is withdrawn here at once, and asked back from all who got it.

    What somebody else gave, and what is not here, stays as it is: the message waits for an officer.
    """
    said = messages.read_row(row)
    for stix_id in sorted({line.partition(" ")[0] for line in said.lines("versions")}):
        versions = list(StoredVersion.objects.filter(stix_id=stix_id).select_related("own"))
        givers = {classes.handling_of(one.own_id).originator for one in versions}
        if givers == {row.party_id}:
            do = said.text("what_to_do")
            ordered = Ordered(stix_id, do if do in Recall.Do.values else Recall.Do.DELETE, said.text("reason"),
                              "its originator recalls it", row.party_id)  # fmt: skip
            recall(ordered, actor, now)


def after_withdrawal(party: str, stix_id: str, versions: Sequence[int], actor: str, now: datetime) -> Recall | None:
    """Ask back, from all others who were given it, what *party* has just taken back; None where nobody was."""
    rows = list(StoredVersion.objects.filter(pk__in=versions).select_related("own", "collection"))
    holders = [one for one in deliveries.holders(rows) if one.party.code != party]
    if not holders:
        return None
    taken = moments.take(now)
    row = Recall.objects.create(uuid=str(uuid.uuid4()), stix_id=stix_id, do=Recall.Do.DELETE, originator=party,
                                reason="its originator took it back", asked_by=party, at=taken.at, by=actor,
                                sequence=taken.sequence)  # fmt: skip
    for had in holders:
        _tell(row, had, actor, now)
    return row


@dataclass(frozen=True, slots=True)
class HolderTold:
    """One holder of what was recalled, and where it stands. `answers` are its messages; `late`: its time has passed."""

    holder: Holder
    state: Reached
    answers: tuple[Message, ...]
    acknowledge_by: datetime
    clock: str
    late: bool


@dataclass(frozen=True, slots=True)
class RecallTold:
    """A recall as it stands: each holder, and in words what it cannot do (templates and their parameters)."""

    recall: Recall
    at: datetime
    holders: tuple[HolderTold, ...]
    beyond: tuple[tuple[str, dict[str, str]], ...]

    @property
    def done(self) -> bool:
        """Tell whether every holder has confirmed that it is done."""
        return all(one.state is Reached.DONE for one in self.holders)


def told(row: Recall, now: datetime) -> RecallTold:
    """Return how a recall stands at a moment."""
    rows = row.holders.select_related("party", "notice", "notice__collection")
    holders = tuple(_holder(one, now) for one in rows)
    return RecallTold(row, moments.moment(row.at), holders, _beyond(row, holders))


def _holder(one: Holder, now: datetime) -> HolderTold:
    answers = tuple(Message.objects.filter(thread=one.notice.thread, direction=Message.Direction.RECEIVED))
    laid_out = one.notice.collection_id is not None or one.notice.road != Message.Road.EXCHANGE
    state = recalls.reached([answer.kind for answer in answers], laid_out=laid_out)
    due = one.notice.awaited.get(step="acknowledge")
    by = moments.moment(due.by)
    late = state in {Reached.NOT_LAID_OUT, Reached.NOTIFIED} and by < now
    return HolderTold(one, state, answers, by, due.clock, late)


def _beyond(row: Recall, holders: Sequence[HolderTold]) -> tuple[tuple[str, dict[str, str]], ...]:
    versions = list(StoredVersion.objects.filter(stix_id=row.stix_id).select_related("own"))
    agreements = {one.agreement.name: one.agreement for one in law.facts().adopted}
    onward = [
        (one.holder.party.short, f"{clause} {name}")
        for one in holders
        for name in {line.partition(" ")[2] for line in one.holder.under}
        if name in agreements
        for clause in recalls.may_pass_on(agreements[name])
    ]
    silent = [one.holder.party.short for one in holders if one.state in {Reached.NOTIFIED, Reached.NOT_LAID_OUT}]
    return recalls.beyond(
        public=any(classes.handling_of(one.own_id).tlp is Tlp.CLEAR for one in versions),
        silent=silent, onward=onward, told_only=deliveries.told_only(versions),
        waiting=[one.holder.party.short for one in holders if one.state is Reached.NOT_LAID_OUT],
    )  # fmt: skip


def every() -> list[Recall]:
    """Return all recalls, newest first."""
    return list(Recall.objects.order_by("-sequence"))
