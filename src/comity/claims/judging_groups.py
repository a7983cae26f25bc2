"""Being a member of a group of states, and leaving it: what the register has on it."""

from datetime import timedelta

from comity.claims.findings import Finding, Found, agrees, day_of
from comity.claims.register import Act, Party, PartyKind, Period, Register, Source
from comity.claims.statements import Named, Statement
from comity.claims.wording import Phrase, ground


def find(statement: Statement, subject: Named, group: Party, register: Register) -> Found:
    """Find what the register has on a party and a group that it is said to be in, or to have left."""
    names = {"party": subject.text, "group": group.name}
    sources = (group.source,) if group.source else ()
    if statement.act in {Act.SIGNED, Act.RATIFIED, Act.ACCEDED} and group.kind is not PartyKind.STATE:
        return Found(Finding.CANNOT, (ground(Phrase.NOT_SIGNABLE, sources, thing=group.name, kind="an organisation"),))
    if statement.act is Act.WITHDREW:
        return _left(statement, subject, group, sources)
    is_in = register.is_member(subject.ref, group.code, day_of(statement, register))
    if is_in is None or statement.act not in {Act.MEMBER, Act.PARTY}:
        return Found(Finding.UNKNOWN, (ground(Phrase.NOTHING),))
    if not is_in:
        return Found(Finding.NO, (ground(Phrase.NOT_MEMBER, sources, **names),))
    since = next((one.since for one in group.members if one.member == subject.ref and one.since), None)
    if since is None:
        return Found(Finding.YES, (ground(Phrase.MEMBER, sources, **names),))
    known = ground(Phrase.MEMBER_SINCE, sources, day=str(since), **names)
    return Found(Finding.YES if agrees(statement.when, since) else Finding.OTHER_DAY, (known,))


def _left(statement: Statement, subject: Named, group: Party, sources: tuple[Source, ...]) -> Found:
    """Judge that a state left a group by the days between which it was in it."""
    own = [one for one in group.members if one.member == subject.ref]
    names = {"party": subject.text, "group": group.name}
    if any(one.until is None for one in own):
        return Found(Finding.UNKNOWN, (ground(Phrase.MEMBER, sources, **names),))  # a list tells of joining alone
    last = max((one.until for one in own if one.until), default=None)
    if last is None:
        return Found(Finding.UNKNOWN, (ground(Phrase.NOTHING),))
    known = ground(Phrase.MEMBER_UNTIL, sources, day=last.isoformat(), **names)
    dated = agrees(statement.when, Period(last, last + timedelta(days=1)))
    return Found(Finding.YES if dated else Finding.OTHER_DAY, (known,))
