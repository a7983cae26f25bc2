"""Chains of three states: what the first gave the second reaches the third by clause or consent alone, derived or not.

Each chain is drawn: what the two agreements say, whether they bind on the day, which consents were asked and given, of
what (an object, a case, a kind, all), up to which mark and until when, what was given under which mark, and what either
state made of it. A naive reader of those draws says what may reach the third. COMITY_CHAINS sets how many are drawn.
"""

import os
import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from comity.acts.agreement_files import read_bytes
from comity.policy.concerns import Basis, basis, speaking
from comity.policy.consent_scopes import ConsentAsked, ConsentGiven, Reach, Scope
from comity.policy.handling import Handling
from comity.policy.life_events import EventKind, LifeEvent
from comity.policy.markings import Tlp
from comity.policy.release import Adopted, Court, Facts, Moment, Release, Withholding

CHAINS = int(os.environ.get("COMITY_CHAINS", "1000"))
SEED = int(os.environ.get("COMITY_SEED", "20261127"))
DAY = date(2026, 6, 1)
KNOWN = datetime(2026, 6, 1, 12, tzinfo=UTC)
UNDER = {"ab": {"XA"}}
ONWARD = {
    "nothing said": "",
    "up to GREEN": """
  P2: {says: May pass on., effect: may, action: [pass on], tlp_up_to: GREEN}""",
    "with consent": """
  P2: {says: Not without consent., effect: must not, action: [pass on], except: [{originator_consent: written}]}""",
    "silence consents": """
  P2: {says: Not without consent., effect: must not, action: [pass on], except: [{originator_consent: written}],
       silence_means: consent, silence_after: 5 days}""",
    "silence is for counsel": """
  P2: {says: Not without consent., effect: must not, action: [pass on], except: [{originator_consent: written}],
       silence_means: refer to counsel, silence_after: 5 days}""",
    "never": """
  P2: {says: Never., effect: must not, action: [pass on]}""",
}
TEXT = """
agreement: {name}
title: {name}
fictional: yes
force: binding
text_prevails: yes
parties: {{{one}: One, {other}: Other}}
clock: {{time_zone: Etc/UTC, holidays: {{{one}: [], {other}: []}}}}
life: {{in_force: "2026-01-01", suspension: {{by: either, notice: 1 day, longest: 900 days, form: note}}}}
settles:
  whose_holidays_count: both
  month_end_rule: last day of the month
  last_day_inside: yes
  consent_survives_suspension: no
  silence_is_consent: no
  beside_other_agreements: adds
  backlog_for_new_party: all
clauses:
  P1: {{says: Share., effect: may, action: [share], information: [technical indicators], tlp_up_to: {tlp}}}{onward}
examples:
  - {{day: "2026-02-01", from: {one}, to: {other}, share: technical indicators, purpose: prevention, tlp: GREEN,
     personal_data: none, answer: allowed, by: P1}}
"""
SHARED = ("GREEN", "AMBER", "AMBER+STRICT")


@cache
def agreement(name: str, one: str, other: str, tlp: str, onward: str) -> Adopted:
    text = TEXT.format(name=name, one=one, other=other, tlp=tlp, onward=ONWARD[onward])
    found = read_bytes(text.encode())
    assert found.agreement is not None, found
    return Adopted(name, found.agreement, datetime(2026, 1, 1, tzinfo=UTC), ())


def suspended(one: Adopted) -> Adopted:
    event = LifeEvent(EventKind.SUSPENSION, date(2026, 5, 1), KNOWN - timedelta(days=40), "a note", party="XB", id="1")
    return Adopted(one.slug, one.agreement, one.adopted_at, (event,))


About = tuple[str, int | str]  # ("object", which), ("case", which), ("kind", up to which mark), ("all", 0)
SCALE = ("CLEAR", *SHARED, "RED")


@dataclass(frozen=True)
class Chain:
    """One draw.

    `consents` are (of what, given, from, until, up to which mark); `asked` are (of what, how many days ago, closed).
    `made_of` says of each object from which others it derives, `ours` whether the second state made it. `cases` says of
    each object to which of two cases it was counted.
    """

    first: tuple[str, str, bool]
    second: tuple[str, bool]
    consents: tuple[tuple[About, bool, date, date | None, str], ...]
    asked: tuple[tuple[About, int, bool], ...]
    marks: tuple[str, ...]
    made_of: tuple[tuple[int, ...], ...]
    ours: tuple[bool, ...]
    cases: tuple[frozenset[int], ...]


def about(chance: random.Random, count: int) -> About:
    drawn_: list[About] = [("object", chance.randrange(count)), ("object", chance.randrange(count)),
                           ("case", chance.randrange(2)), ("kind", chance.choice(SHARED)), ("all", 0)]  # fmt: skip
    return chance.choice(drawn_)


def drawn(chance: random.Random) -> Chain:
    count = chance.randint(1, 5)
    consents = tuple(
        (about(chance, count), chance.random() < 0.7, DAY + timedelta(days=chance.randint(-9, 3)),
         DAY + timedelta(days=chance.randint(-2, 5)) if chance.random() < 0.5 else None,
         chance.choice((*SCALE, "RED", "RED", "RED")))
        for _ in range(chance.randint(0, 4))
    )  # fmt: skip
    asked = tuple((about(chance, count), chance.randint(1, 9), chance.random() < 0.3)
                  for _ in range(chance.randint(0, 2)))  # fmt: skip
    made_of = tuple(
        tuple(sorted(chance.sample(range(number), chance.randint(0, min(number, 2))))) for number in range(count)
    )
    return Chain((chance.choice(SHARED), chance.choice(sorted(ONWARD)), chance.random() < 0.15),
                 (chance.choice(SHARED), chance.random() < 0.15), consents, asked,
                 tuple(chance.choice(("CLEAR", *SHARED, "RED")) for _ in range(count)), made_of,
                 tuple(bool(origins) and chance.random() < 0.6 for origins in made_of),
                 tuple(frozenset(n for n in range(2) if chance.random() < 0.3) for _ in range(count)))  # fmt: skip


def line(chain: Chain, number: int) -> set[int]:
    """Return an object and all that it derives from."""
    return {number}.union(*(line(chain, origin) for origin in chain.made_of[number]))


def speaks(chain: Chain, of: About, number: int) -> bool:
    what, which = of
    if what == "object":
        return which in line(chain, number)
    if what == "case":
        return any(which in chain.cases[one] for one in line(chain, number))
    return what == "all" or SCALE.index(chain.marks[number]) <= SCALE.index(str(which))


def consented(chain: Chain, number: int) -> bool | None:
    """Read what the first state says of one object; None: it was asked and is silent."""
    for narrowest in ("object", "case", "kind", "all"):
        last: dict[About, bool] = {}
        for of, given, since, until, most in chain.consents:
            holds = since <= DAY and (until is None or until >= DAY)
            if of[0] == narrowest and holds and speaks(chain, of, number):
                last[of] = given and SCALE.index(chain.marks[number]) <= SCALE.index(most)
        if last:
            return all(last.values())
    silent = any(days > 5 and not closed and speaks(chain, of, number) for of, days, closed in chain.asked)
    return None if silent else False


def naive(chain: Chain) -> set[int]:
    """Read the draw: which objects may reach the third state."""
    scale = SCALE
    _, onward, first_rests = chain.first
    shared, second_rests = chain.second
    reaches: set[int] = set()
    for number, (mark, origins) in enumerate(zip(chain.marks, chain.made_of, strict=True)):
        if not set(origins) <= reaches:
            continue
        if mark == "CLEAR":
            reaches.add(number)
            continue
        if mark == "RED" or second_rests or scale.index(mark) > scale.index(shared):
            continue
        consent = consented(chain, number)
        allowed = {"nothing said": False, "up to GREEN": mark == "GREEN", "with consent": consent is True,
                   "silence consents": consent is not False, "silence is for counsel": consent is True,
                   "never": False}  # fmt: skip
        if chain.ours[number] or (allowed[onward] and not first_rests):
            reaches.add(number)
    return reaches


def scope(of: About) -> Scope:
    what, which = of
    if what == "kind":
        return Scope(Reach.KIND, tlp_up_to=Tlp.read(str(which)))
    return Scope() if what == "all" else Scope(Reach(what), str(which))


def law_of(chain: Chain) -> Facts:
    """Write down the drawn law as the house has it."""
    tlp, onward, first_rests = chain.first
    ab, bc = agreement("ab", "XA", "XB", tlp, onward), agreement("bc", "XB", "XC", chain.second[0], "nothing said")
    adopted = (suspended(ab) if first_rests else ab, suspended(bc) if chain.second[1] else bc)
    consents = tuple(
        ConsentGiven("XA", "XC", "ab", given, since, until, KNOWN - timedelta(days=30 - place), scope(of),
                     Tlp.read(most) if given and most != "RED" else None)
        for place, (of, given, since, until, most) in enumerate(chain.consents)
    )  # fmt: skip
    asked = tuple(ConsentAsked("XA", "XC", "ab", KNOWN - timedelta(days=days), scope(of), KNOWN if closed else None)
                  for of, days, closed in chain.asked)  # fmt: skip
    return Facts("XB", adopted, consents, asked)


def judged(chain: Chain, court: Court) -> set[int]:
    """Have the house judge the same."""
    spoken_of = {one[0] for one in chain.consents} | {one[0] for one in chain.asked}
    named = [scope(of) for of in spoken_of if of[0] in {"object", "case"}]
    released: set[int] = set()
    for number, (mark, origins, ours) in enumerate(zip(chain.marks, chain.made_of, chain.ours, strict=True)):
        tags = frozenset(one.tag for one in named if speaks(chain, (one.reach, int(one.name)), number))
        handling = Handling("indicator", "technical indicators", "prevention", Tlp.read(mark),
                            originator="XB" if ours else "XA", received_under=None if ours else ("ab", "P1"),
                            needs=tuple(frozenset((one,)) for one in origins), apart="XC" if tags else "",
                            named=tags)  # fmt: skip
        assert not tags or isinstance(court.judge(handling, "XD", released.__contains__), Withholding)
        if isinstance(court.judge(handling, "XC", released.__contains__), Release):
            released.add(number)
    return released


def test_nothing_reaches_the_third_state_against_clause_and_consent_derived_or_not() -> None:
    chance = random.Random(SEED)
    reached = withheld = derived = 0
    for _ in range(CHAINS):
        chain = drawn(chance)
        expected, found = naive(chain), judged(chain, Court(law_of(chain), Moment(KNOWN)))
        assert found == expected, chain
        reached += len(found)
        withheld += len(chain.marks) - len(found)
        derived += sum(1 for number in found if chain.made_of[number])
    assert min(reached, withheld, derived) > CHAINS / 20, "the draws try nothing"


def beside(law: Facts) -> Facts:
    """Add law that is none of the third state's business."""
    stray = agreement("bd", "XB", "XD", "RED", "with consent")
    others = tuple(replace(one, recipient="XD") for one in law.consents)
    asked = tuple(replace(one, recipient="XD") for one in law.asked)
    return replace(law, adopted=(*law.adopted, suspended(stray)), consents=(*others, *law.consents),
                   asked=(*law.asked, *asked))  # fmt: skip


def basis_of(law: Facts, moment: Moment) -> Basis:
    return basis(Court(speaking(law, "XC", UNDER), moment), "XC", UNDER)


def test_judgements_stand_while_what_they_turn_on_does() -> None:
    chance = random.Random(SEED + 1)
    same = other = 0
    for _ in range(CHAINS // 10):
        chain = drawn(chance)
        law = law_of(chain)
        before: list[tuple[Basis, set[int]]] = []
        for days in sorted(chance.sample(range(40), 4), reverse=True):
            moment = Moment(KNOWN - timedelta(days=days), KNOWN.date())
            found = basis_of(law, moment)
            assert basis_of(beside(law), moment) == found
            reached = judged(chain, Court(law, moment))
            narrow = Court(speaking(beside(law), "XC", UNDER), moment)
            assert judged(chain, Court(beside(law), moment)) == judged(chain, narrow) == reached
            for earlier, then in before:
                assert earlier != found or then == reached
                same += earlier == found
                other += then != reached
            before.append((found, reached))
    assert min(same, other) > CHAINS / 100, "the draws try nothing"


def test_what_is_suspended_and_resumed_turns_on_what_it_did_before() -> None:
    before = agreement("ab", "XA", "XB", "RED", "with consent")
    rests = suspended(before)
    resumed = LifeEvent(EventKind.END_OF_SUSPENSION, date(2026, 5, 1), KNOWN - timedelta(days=39), "a note", id="2")
    again = replace(rests, events=(*rests.events, resumed, replace(rests.events[0], id="3", recorded_at=KNOWN)))
    turns = [timedelta(days=41), timedelta(days=40), timedelta(days=39), timedelta()]
    first, second, third, last = (basis_of(Facts("XB", (again,)), Moment(KNOWN - ago, KNOWN.date())) for ago in turns)
    assert first == third == basis_of(Facts("XB", (before,)), Moment(KNOWN, KNOWN.date()))
    assert second == last != first


@pytest.mark.parametrize("recipient", ["XA", "XB"])
def test_to_its_giver_an_object_is_never_withheld(recipient: str) -> None:
    handling = Handling("indicator", "technical indicators", "", Tlp.RED, originator=recipient)
    assert isinstance(Court(Facts("XB", ()), Moment(KNOWN)).judge(handling, recipient, bool), Release)
