"""Small agreements made in code, for tests that need no file."""

from dataclasses import replace
from datetime import UTC, date, datetime

from comity.policy.agreements import (
    Agreement,
    Backlog,
    Beside,
    Clause,
    Condition,
    Force,
    Life,
    MonthEnd,
    Party,
    Settlement,
    WhoseHolidays,
)
from comity.policy.clauses import Question
from comity.policy.markings import Tlp
from comity.policy.vocabulary import Action, Approval, Consent, Effect, Information, PersonalData, Purpose

EARLY = datetime(2020, 1, 1, tzinfo=UTC)
LATE = datetime(2040, 1, 1, tzinfo=UTC)

SETTLED = Settlement(
    whose_holidays_count=WhoseHolidays.RECEIVER,
    month_end_rule=MonthEnd.LAST_DAY,
    last_day_inside=True,
    consent_survives_suspension=True,
    silence_is_consent=False,
    beside_other_agreements=Beside.ADDS,
    backlog_for_new_party=Backlog.ALL,
)

SHARING = Clause(
    id="A1",
    says="Indicators may be shared for prevention.",
    effect=Effect.MAY,
    actions=frozenset({Action.SHARE}),
    information=frozenset({Information.TECHNICAL_INDICATORS}),
    purposes=frozenset({Purpose.PREVENTION}),
    tlp_up_to=Tlp.AMBER,
)
ONWARD = Clause(
    id="A2",
    says="Nothing is passed on without the originator’s written consent.",
    effect=Effect.MUST_NOT,
    actions=frozenset({Action.PASS_ON}),
    exceptions=(
        Condition(originator_consent=frozenset({Consent.WRITTEN})),
        Condition(tlp=frozenset({Tlp.CLEAR})),
    ),
)
SENSITIVE = Clause(
    id="A3",
    says="Sensitive personal data needs approval.",
    effect=Effect.MUST_NOT,
    actions=frozenset({Action.SHARE, Action.PASS_ON}),
    when=Condition(personal_data=frozenset({PersonalData.SENSITIVE})),
    exceptions=(Condition(authority_approval=frozenset({Approval.GIVEN})),),
)
CARE = Clause(
    id="A4",
    says="Personal data is kept to the minimum.",
    effect=Effect.MUST,
    actions=frozenset({Action.SHARE, Action.PASS_ON}),
    when=Condition(personal_data=frozenset({PersonalData.PRESENT})),
    duties=("keep to the minimum",),
)

BILATERAL = Agreement(
    name="BS-XA",
    title=None,
    fictional=True,
    force=Force.POLITICAL,
    parties=(Party("BS", "The Bahamas"), Party("XA", "Ardenia")),
    groups=(),
    time_zone="America/Nassau",
    life=Life(in_force=date(2026, 4, 1)),
    settles=SETTLED,
    reservations=(),
    words=(),
    clauses=(SHARING, ONWARD, SENSITIVE, CARE),
    examples=(),
)
CIRCLE = replace(
    BILATERAL,
    name="Circle",
    parties=(
        Party("BS", "The Bahamas"),
        Party("XI", "Isla Verde"),
        Party("XM", "Port Meridian"),
        Party("XS", "Saint Auric", original=False),
    ),
)

QUESTION = Question(
    action=Action.SHARE,
    information="technical indicators",
    purpose="prevention",
    tlp=Tlp.GREEN,
    personal_data="none",
    sender="BS",
    recipient="XA",
)
