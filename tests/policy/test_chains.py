"""Chains of three states: what the first gave the second reaches the third by clause or consent alone, derived or not.

Each chain is drawn: what the two agreements say, whether they bind on the day, which consents were given and until
when, what was given under which mark, and what the second state made of it. A naive reader of those draws says what may
reach the third. COMITY_CHAINS sets how many are drawn.
"""

import os
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from comity.acts.agreement_files import read_bytes
from comity.policy.handling import Handling
from comity.policy.life_events import EventKind, LifeEvent
from comity.policy.markings import Tlp
from comity.policy.release import Adopted, ConsentGiven, Court, Facts, Moment, Release

CHAINS = int(os.environ.get("COMITY_CHAINS", "1000"))
SEED = int(os.environ.get("COMITY_SEED", "20261127"))
DAY = date(2026, 6, 1)
KNOWN = datetime(2026, 6, 1, 12, tzinfo=UTC)
ONWARD = {
    "nothing said": "",
    "up to GREEN": """
  P2: {says: May pass on., effect: may, action: [pass on], tlp_up_to: GREEN}""",
    "with consent": """
  P2: {says: Not without consent., effect: must not, action: [pass on], except: [{originator_consent: written}]}""",
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


@dataclass(frozen=True)
class Chain:
    """One draw. `consents` are (given, from, until); `made_of` says of each object from which others it derives."""

    first: tuple[str, str, bool]
    second: tuple[str, bool]
    consents: tuple[tuple[bool, date, date | None], ...]
    marks: tuple[str, ...]
    made_of: tuple[tuple[int, ...], ...]


def drawn(chance: random.Random) -> Chain:
    count = chance.randint(1, 5)
    consents = tuple(
        (chance.random() < 0.7, DAY + timedelta(days=chance.randint(-9, 3)),
         DAY + timedelta(days=chance.randint(-2, 5)) if chance.random() < 0.5 else None)
        for _ in range(chance.randint(0, 2))
    )  # fmt: skip
    made_of = tuple(
        tuple(sorted(chance.sample(range(number), chance.randint(0, min(number, 2))))) for number in range(count)
    )
    return Chain((chance.choice(SHARED), chance.choice(sorted(ONWARD)), chance.random() < 0.15),
                 (chance.choice(SHARED), chance.random() < 0.15), consents,
                 tuple(chance.choice(("CLEAR", *SHARED, "RED")) for _ in range(count)), made_of)  # fmt: skip


def naive(chain: Chain) -> set[int]:
    """Read the draw: which objects may reach the third state."""
    scale = ("CLEAR", *SHARED, "RED")
    holding = [given for given, since, until in chain.consents if since <= DAY and (until is None or until >= DAY)]
    consent = bool(holding) and holding[-1]
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
        theirs = not origins  # what derives from nothing came from the first state; the rest the second one made
        allowed = {"nothing said": False, "up to GREEN": mark == "GREEN", "with consent": consent, "never": False}
        if not theirs or (allowed[onward] and not first_rests):
            reaches.add(number)
    return reaches


def judged(chain: Chain) -> set[int]:
    """Have the house judge the same."""
    tlp, onward, first_rests = chain.first
    ab, bc = agreement("ab", "XA", "XB", tlp, onward), agreement("bc", "XB", "XC", chain.second[0], "nothing said")
    adopted = (suspended(ab) if first_rests else ab, suspended(bc) if chain.second[1] else bc)
    consents = tuple(ConsentGiven("XA", "XC", "ab", given, since, until, KNOWN - timedelta(days=30 - place))
                     for place, (given, since, until) in enumerate(chain.consents))  # fmt: skip
    court = Court(Facts("XB", adopted, consents), Moment(KNOWN))
    released: set[int] = set()
    for number, (mark, origins) in enumerate(zip(chain.marks, chain.made_of, strict=True)):
        handling = Handling("indicator", "technical indicators", "prevention", Tlp.read(mark),
                            originator="XB" if origins else "XA", received_under=None if origins else ("ab", "P1"),
                            needs=tuple(frozenset((one,)) for one in origins))  # fmt: skip
        if isinstance(court.judge(handling, "XC", released.__contains__), Release):
            released.add(number)
    return released


def test_nothing_reaches_the_third_state_against_clause_and_consent_derived_or_not() -> None:
    chance = random.Random(SEED)
    reached = withheld = derived = 0
    for _ in range(CHAINS):
        chain = drawn(chance)
        expected, found = naive(chain), judged(chain)
        assert found == expected, chain
        reached += len(found)
        withheld += len(chain.marks) - len(found)
        derived += sum(1 for number in found if chain.made_of[number])
    assert min(reached, withheld, derived) > CHAINS / 20, "the draws try nothing"


@pytest.mark.parametrize("recipient", ["XA", "XB"])
def test_to_its_giver_an_object_is_never_withheld(recipient: str) -> None:
    handling = Handling("indicator", "technical indicators", "", Tlp.RED, originator=recipient)
    assert isinstance(Court(Facts("XB", ()), Moment(KNOWN)).judge(handling, recipient, bool), Release)
