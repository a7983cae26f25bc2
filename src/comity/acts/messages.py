"""Messages to and from a partner: signed, laid out for it alone, written into its log, read when they come."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from comity.acts import credentials, keys, ledgers, moments, sharing
from comity.acts.spoken import spoken
from comity.ledger import entries, messages, notes
from comity.ledger.errors import LedgerError
from comity.ledger.messages import Kind, Said
from comity.models import Collection, Message, Node, PartnerKey, Party, Right
from comity.policy.handling import Terms
from comity.policy.markings import Tlp
from comity.policy.saying import sentence
from comity.stix.objects import Accepted, read

Road = Message.Road


class Refused(Exception):
    """A message that cannot be sent or taken; one sentence with its mend. Nothing was stored."""

    def __init__(self, said: str) -> None:
        """Carry the sentence."""
        super().__init__(spoken(said))


@dataclass(frozen=True, slots=True)
class Words:
    """What is to be said: `in_reply_to` is the UUID of the message that it answers; `urgent` does not wait in line."""

    kind: Kind
    party: str
    says: Mapping[str, Said]
    agreement: str = ""
    clause: str = ""
    in_reply_to: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """How a message goes or came. `source` names the letter, mail or call of what did not come over the exchange."""

    road: str = Road.EXCHANGE
    source: str = ""
    collection: Collection | None = None
    at: datetime | None = None


def send(words: Words, actor: str, now: datetime, way: Way | None = None) -> Message:
    """Say something to a party, inside the caller's act: signed, in its log, and laid out where it reads.

    By the road of the exchange it is laid out in `way.collection` if the party can read that, else in the first that it
    can. Where it can read none, the row names no collection: then it is to be carried by hand, and the page says so.
    """
    way = way or Way()
    us = Node.objects.values_list("party_id", flat=True).get()
    taken = moments.take(now)
    at = moments.moment(taken.at)
    signer = keys.open_keys(Path(settings.DATA), now)
    bare = messages.draft(words.kind, str(uuid.uuid4()), stamp(at), us, words.party, words.says, words.agreement,
                          words.clause, words.in_reply_to)  # fmt: skip
    made = messages.sign(bare, signer.active.public, signer.sign)
    body = messages.encode(made)
    where = _where(words.party, way.collection, now) if way.road == Road.EXCHANGE else None
    if where is not None:
        _lay_out(body, words.party, where, actor, now, urgent=words.urgent)
    row = _store(made, body, words.party, Message.Direction.SENT, way, where, actor, taken, Message.Signed.YES)
    _log(row, words, now)
    return row


def stamp(at: datetime) -> str:
    """Write a moment as a STIX timestamp, to the millisecond."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def _where(party: str, wanted: Collection | None, now: datetime) -> Collection | None:
    """Return where a party reads: the collection wanted, or the first one of the same kind of material that it can."""
    rights = Right.objects.filter(credential__party_id=party, can_read=True).select_related("collection", "credential")
    open_ = [right.collection for right in rights if credentials.holds(right.credential, now)]
    exercise = wanted is not None and wanted.exercise
    fitting = sorted((one for one in open_ if one.exercise == exercise), key=lambda one: (one.created_at, one.pk))
    return next((one for one in fitting if wanted is not None and one.pk == wanted.pk), fitting[0] if fitting else None)


def _lay_out(body: bytes, party: str, where: Collection, actor: str, now: datetime, *, urgent: bool) -> None:
    found = read(body)
    assert isinstance(found, Accepted), found  # noqa: S101 - what we write ourselves
    us = Node.objects.values_list("party_id", flat=True).get()
    terms = Terms(Tlp.RED, us, exercise=where.exercise, addressed=party)
    sharing.accept(where, [found], terms, actor, now, urgent=urgent)


def _store(  # noqa: PLR0913, PLR0917 (all that makes a row)
    made: messages.Message, body: bytes, party: str, direction: str, way: Way, where: Collection | None, actor: str,
    taken: moments.Taken, signed: str,
) -> Message:  # fmt: skip
    before = Message.objects.filter(uuid=made.in_reply_to, party_id=party).first() if made.in_reply_to else None
    return Message.objects.create(
        uuid=made.uuid, party_id=party, direction=direction, kind=made.message.value, agreement=made.agreement,
        in_reply_to=made.in_reply_to, thread=before.thread if before else made.uuid, body=body.decode(),
        road=way.road, signed=signed, collection=where, source=way.source,
        at=moments.micros(way.at) if way.at else taken.at, recorded_at=taken.at, recorded_by=actor,
        sequence=taken.sequence,
    )  # fmt: skip


def _log(row: Message, words: Words, now: datetime) -> None:
    log = ledgers.log_of(row.party_id)
    step = "sent" if row.direction == Message.Direction.SENT else "received"
    ledgers.append(log, lambda index: entries.Said(
        v=1, log=log.origin, index=index, at=entries.moment(now), message=row.uuid, about=row.kind, step=step,  # type: ignore[arg-type]
        road=row.road, document=sha256(row.body.encode()).hexdigest(), agreement=words.agreement,  # type: ignore[arg-type]
        in_reply_to=words.in_reply_to))  # fmt: skip


def log_name(sender: str, receiver: str) -> str:
    """Name the log that *sender* keeps of *receiver*."""
    return messages.log_name(sender, receiver)


def missing(kind: Kind, says: Mapping[str, Said]) -> list[str]:
    """Name what a message of a kind has to say and does not."""
    return sorted(name for name in messages.NEEDED.get(kind, ()) if not says.get(name))


def keyring(party: str) -> notes.Keyring:
    """Return the keys that a party handed over, by which its messages and heads are checked."""
    rows = PartnerKey.objects.filter(party_id=party).values_list("line", flat=True)
    return notes.keyring(notes.parse_verifier(line) for line in rows)


def keep_key(party: str, line: str, source: str, actor: str, now: datetime) -> PartnerKey:
    """Put a key that a party handed over on file; *source* says by which road it came."""
    us = Node.objects.values_list("party_id", flat=True).get()
    try:
        found = notes.parse_verifier(line.strip())
    except LedgerError as error:
        raise Refused(gettext("the key line is not whole (%(error)s): copy it as the partner handed it over") % {
            "error": error}) from error  # fmt: skip
    if found.name != messages.log_name(party, us):
        raise Refused(gettext(
            "the key is of “%(name)s”, not of “%(wanted)s”: ask %(party)s for the line of its log for %(us)s") % {
            "name": found.name, "wanted": messages.log_name(party, us), "party": party, "us": us})  # fmt: skip
    if not Party.objects.filter(code=party).exists():
        raise Refused(gettext("there is no party “%(party)s” here") % {"party": party})
    if not source.strip():
        raise Refused(gettext("a key needs its source: say by which letter or at which meeting it was handed over"))
    row, _ = PartnerKey.objects.get_or_create(line=found.text(), defaults={
        "party_id": party, "name": found.name, "source": source, "recorded_at": moments.micros(now),
        "recorded_by": actor})  # fmt: skip
    return row


def take(party: str, body: bytes, way: Way, actor: str, now: datetime) -> Message | None:
    """Take in one message from a party, inside the caller's act; None where it is here already.

    `Refused` where it is none, speaks for somebody else, or claims a key of the party's and does not verify.
    """
    us = Node.objects.values_list("party_id", flat=True).get()
    try:
        made = messages.decode(body)
        signer = messages.signed_by(made, keyring(party), keys.verify_signature)
    except LedgerError as error:
        raise Refused(str(error)) from error
    if (made.sender, made.receiver) != (party, us):
        raise Refused(
            sentence(
                "message {uuid} is from {sender} to {receiver}, and came from {party} to {us}",
                uuid=made.uuid,
                sender=made.sender,
                receiver=made.receiver,
                party=party,
                us=us,
            )
        )
    if Message.objects.filter(uuid=made.uuid).exists():
        return None
    signed = Message.Signed.YES if signer else Message.Signed.UNKNOWN if made.signature else Message.Signed.NO
    return _received(made, party, way, actor, now, signed)


def write_down(words: Words, way: Way, actor: str, now: datetime) -> Message:
    """Write down what a party said by another road: a letter, a mail, a call. `words.party` is who said it."""
    if not way.source.strip():
        raise Refused(gettext("what came by another road needs its source: the letter, mail or call"))
    us = Node.objects.values_list("party_id", flat=True).get()
    try:
        made = messages.draft(words.kind, str(uuid.uuid4()), stamp(way.at or now), words.party, us, words.says,
                              words.agreement, words.clause, words.in_reply_to)  # fmt: skip
        messages.encode(made)
    except LedgerError as error:
        raise Refused(str(error)) from error
    return _received(made, words.party, way, actor, now, Message.Signed.NO)


def _received(made: messages.Message, party: str, way: Way, actor: str, now: datetime, signed: str) -> Message:
    taken = moments.take(now)
    row = _store(made, messages.encode(made), party, Message.Direction.RECEIVED, way, way.collection, actor, taken,
                 signed)  # fmt: skip
    _log(row, Words(made.message, party, {}, made.agreement, made.clause, made.in_reply_to), now)
    return row


def read_row(row: Message) -> messages.Message:
    """Return what a row says."""
    return messages.decode(row.body.encode())


def thread(uuid_: str) -> list[Message]:
    """Return the messages of a thread, in the order in which they were recorded."""
    return list(Message.objects.filter(thread=uuid_).order_by("id"))


def of_kinds(kinds: Iterable[Kind]) -> list[Message]:
    """Return every message of some kinds, newest first."""
    return list(Message.objects.filter(kind__in=[one.value for one in kinds]).order_by("-id"))
