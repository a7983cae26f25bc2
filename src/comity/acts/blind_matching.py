"""The blind match as an exchange of three messages: an offer, an answer, and a last word; each side learns the same.

    offer    what we have, under our secret: H(x)·a, in an order that says nothing
    answer   the same under both secrets, and what they have under theirs: H(x)·a·b and H(y)·b
    closing  theirs under both secrets: H(y)·b·a

Where a count is agreed on, all under both secrets is sorted, so that nobody can tell which of theirs is which; where
which is agreed on, it stands in the order in which it came.
"""

import secrets
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from comity.acts import blind, classes, law, matching, messages, moments
from comity.acts.messages import Refused, Words
from comity.acts.spoken import spoken
from comity.ledger.messages import Kind, Said
from comity.ledger.messages import Message as Object
from comity.models import BlindMatch, Message, StoredVersion, of_types
from comity.policy import blind as rules
from comity.policy.blind import Terms, ValueKind
from comity.policy.release import Court, Moment
from comity.policy.saying import of_error, sentence
from comity.policy.standing import State as Standing
from comity.stix.patterns import values as of_patterns

_ENDED = (BlindMatch.State.DONE, BlindMatch.State.REFUSED)


def values(kinds: Iterable[ValueKind]) -> list[str]:
    """Return what our own indicators of real material look for, of some kinds, as `kind value`, each once.

    What another party gave is not among it: that we hold it is its secret as well.
    """
    us, wanted = law.facts().us, set(kinds)
    own = {number for number, one in classes.known().items() if one.originator == us and not one.exercise}
    indicators = StoredVersion.objects.filter(of_types("indicator"))
    rows = indicators.filter(own_id__in=own, entries__deleted_at=None).distinct()
    found: set[str] = set()
    for path, operand in of_patterns.equals(matching.bodies(list(rows.values_list("pk", flat=True)))):
        one = rules.value_of(path, operand)
        if one is not None and one[0] in wanted:
            found.add(f"{one[0]} {one[1]}")
    return sorted(found)


def offer(party: str, terms: Terms, actor: str, now: datetime) -> BlindMatch:
    """Offer a party a match of what we have; it answers when it agrees. `Refused` with every objection."""
    with transaction.atomic():
        agreement, slug = _agreement(party, now)
        ours = values(terms.kinds)
        _allowed(party, terms, len(ours), now)
        secrets.SystemRandom().shuffle(ours)
        key = blind.secret()
        points = blind.blinded(map(blind.point, ours), key)
        says: dict[str, Said] = {"mode": terms.mode, "kinds": [kind.value for kind in terms.kinds],
                                 "points": _written(points)}  # fmt: skip
        row = messages.send(Words(Kind.MATCH_OFFER, party, says, agreement), actor, now)
        return BlindMatch.objects.create(
            thread=row.uuid, party_id=party, ours=True, agreement=slug, mode=terms.mode, kinds=list(terms.kinds),
            state=BlindMatch.State.OFFERED, secret=key, values=ours, our_size=len(ours), at=moments.micros(now),
            by=actor,
        )  # fmt: skip


def _agreement(party: str, now: datetime) -> tuple[str, str]:
    """Return name and slug of the agreement in force that binds both; `Refused` where there is none."""
    facts = law.facts()
    court, live = Court(facts, Moment(now)), {Standing.IN_FORCE, Standing.PROVISIONAL}
    for adopted in map(court.at, facts.adopted):
        codes = {one.code for one in adopted.agreement.parties}
        if {party, facts.us} <= codes and all(court.standing(adopted, one).state in live for one in (party, facts.us)):
            return adopted.agreement.name, adopted.slug
    raise Refused(gettext("no agreement in force binds us and “%(party)s”, so nothing is matched") % {"party": party})


def _allowed(party: str, terms: Terms, size: int, now: datetime) -> None:
    if terms.mode not in BlindMatch.Mode.values:
        raise Refused(gettext("“%(mode)s” is no mode: write one of %(modes)s") % {
            "mode": terms.mode, "modes": ", ".join(BlindMatch.Mode.values)})  # fmt: skip
    rows = BlindMatch.objects.filter(party_id=party).exclude(state=BlindMatch.State.REFUSED, ours=False)
    before = [moments.moment(at) for at in rows.exclude(our_size=None).values_list("at", flat=True)]
    wrong = rules.objections(terms, size, before, now)
    if wrong:
        raise Refused("; ".join(map(spoken, wrong)))


def accept(match: BlindMatch, actor: str, now: datetime) -> BlindMatch:
    """Answer a party's offer with what we have. `Refused` with every objection, as when we offer."""
    with transaction.atomic():
        _agreement(match.party_id, now)
        terms = Terms(match.mode, tuple(ValueKind(kind) for kind in match.kinds))
        if match.ours or match.state != BlindMatch.State.OFFERED:
            raise Refused(gettext("this match waits for no answer of ours"))
        ours = values(terms.kinds)
        _allowed(match.party_id, terms, len(ours), now)
        theirs = _points(_said(match, Kind.MATCH_OFFER), "points")
        secrets.SystemRandom().shuffle(ours)
        key = blind.secret()
        says: dict[str, Said] = {
            "both": _written(_ordered(blind.blinded(theirs, key), match.mode)),
            "points": _written(blind.blinded(map(blind.point, ours), key)),
        }
        messages.send(Words(Kind.MATCH_ANSWER, match.party_id, says, in_reply_to=match.thread), actor, now)
        match.state, match.secret, match.values = BlindMatch.State.ANSWERED, key, ours
        match.our_size, match.their_size = len(ours), len(theirs)
        match.save()
    return match


def refuse(match: BlindMatch, reason: str, actor: str, now: datetime) -> BlindMatch:
    """Say no to a party's offer, or take our own back."""
    with transaction.atomic():
        if match.state in _ENDED:
            raise Refused(gettext("this match has ended"))
        says = {"reason": reason.strip() or "no reason is given"}
        messages.send(Words(Kind.MATCH_REFUSED, match.party_id, says, in_reply_to=match.thread), actor, now)
        _end(match, BlindMatch.State.REFUSED, now)
    return match


def follow(row: Message, actor: str, now: datetime) -> None:
    """Let a message of a blind match have its effect; `Refused` where it cannot have any, and nothing is kept."""
    said, kind = messages.read_row(row), Kind(row.kind)
    if kind is Kind.MATCH_OFFER:
        _offered(row, said, now)
        return
    if kind not in {Kind.MATCH_ANSWER, Kind.MATCH_CLOSING, Kind.MATCH_REFUSED}:
        return
    match = BlindMatch.objects.filter(thread=row.thread, party_id=row.party_id).first()
    if match is None or match.state in _ENDED:
        raise Refused(sentence("it answers no match that runs here"))
    if kind is Kind.MATCH_REFUSED:
        _end(match, BlindMatch.State.REFUSED, now)
    elif kind is Kind.MATCH_ANSWER and match.ours and match.state == BlindMatch.State.OFFERED:
        _close(match, said, actor, now)
    elif kind is Kind.MATCH_CLOSING and not match.ours and match.state == BlindMatch.State.ANSWERED:
        both = _points(said, "both")
        _done(match, both, _points(_answer_of(match), "both"), now)
    else:
        raise Refused(sentence("it does not come in its turn"))


def _offered(row: Message, said: Object, now: datetime) -> None:
    """Keep an offer for an officer to answer; its terms and points are judged at once."""
    theirs = _points(said, "points")
    kinds = said.lines("kinds")
    if said.text("mode") not in BlindMatch.Mode.values or not set(kinds) <= set(ValueKind) or not kinds:
        raise Refused(sentence("an offer names its mode (count or which) and kinds of values that are known here"))
    if not rules.FEWEST_VALUES <= len(theirs) <= rules.MOST_VALUES:
        raise Refused(
            sentence("an offer has {fewest} to {most} values", fewest=rules.FEWEST_VALUES, most=rules.MOST_VALUES)
        )
    _, slug = _agreement(row.party_id, now)
    BlindMatch.objects.create(thread=row.uuid, party_id=row.party_id, ours=False, agreement=slug,
                              mode=said.text("mode"), kinds=kinds, state=BlindMatch.State.OFFERED,
                              their_size=len(theirs), at=moments.micros(now), by=row.recorded_by)  # fmt: skip


def _close(match: BlindMatch, said: Object, actor: str, now: datetime) -> None:
    """Read an answer: learn what coincides, and let the other side learn the same."""
    both, theirs = _points(said, "both"), _points(said, "points")
    if len(both) != match.our_size:
        raise Refused(sentence("the answer holds {count} of our {size} points", count=len(both), size=match.our_size))
    of_theirs = _ordered(blind.blinded(theirs, bytes(match.secret)), match.mode)
    says: dict[str, Said] = {"both": _written(of_theirs)}
    messages.send(Words(Kind.MATCH_CLOSING, match.party_id, says, in_reply_to=match.thread), actor, now)
    match.their_size = len(theirs)
    _done(match, both, of_theirs, now)


def _done(match: BlindMatch, ours: Sequence[bytes], theirs: Sequence[bytes], now: datetime) -> None:
    """Count what coincides; say which of ours where that was agreed on: *ours* stand in the order of our values."""
    if len(ours) != match.our_size:
        raise Refused(
            sentence("the last word holds {count} of our {size} points", count=len(ours), size=match.our_size)
        )
    there = set(theirs)
    match.common = len(set(ours) & there)
    if match.mode == BlindMatch.Mode.WHICH:
        match.which = sorted(value for value, one in zip(match.values, ours, strict=True) if one in there)
    _end(match, BlindMatch.State.DONE, now)


def _end(match: BlindMatch, state: str, now: datetime) -> None:
    """End a match: its secret number and the values that took part are erased."""
    match.state, match.secret, match.values, match.ended_at = state, b"", [], moments.micros(now)
    match.save()


def _ordered(points: list[bytes], mode: str) -> list[bytes]:
    return sorted(points) if mode == BlindMatch.Mode.COUNT else points


def _said(match: BlindMatch, kind: Kind) -> Object:
    return messages.read_row(Message.objects.filter(thread=match.thread, kind=kind.value).latest("id"))


def _answer_of(match: BlindMatch) -> Object:
    return _said(match, Kind.MATCH_ANSWER)


def _written(points: Iterable[bytes]) -> list[str]:
    return [b64encode(one).decode() for one in points]


def _points(said: Object, name: str) -> Sequence[bytes]:
    """Read points that came; `Refused` where they are none of the group."""
    try:
        return blind.checked([b64decode(line, validate=True) for line in said.lines(name)])
    except (NotBase64, blind.BadPoint) as error:
        raise Refused(sentence("the points are not right: {error}", error=of_error(error))) from error


def every() -> list[BlindMatch]:
    """Return all matches, newest first."""
    return list(BlindMatch.objects.select_related("party"))
