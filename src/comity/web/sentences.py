"""Sentences that the pure rooms give as templates, said in the reader’s language, and the words of closed vocabularies.

A template and its parameters travel apart (`policy.grounds`), so that a translation may put them in another order.
"""

import enum
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext, ngettext

from comity.acts.calendar_files import Does
from comity.acts.review_returns import Does as RowDoes
from comity.ledger import entries, messages, witness
from comity.models import (
    AccessChange,
    BlindMatch,
    ContactCheck,
    ContactVersion,
    EngagementLine,
    EngagementVersion,
    MeasureEntry,
    Message,
    Party,
    ReviewMemberVersion,
    ReviewNote,
    Undertaking,
)
from comity.policy import (
    clauses,
    consensus,
    consent_scopes,
    consents,
    contacts,
    crosswalks,
    exercise_clock,
    exercise_course,
    exercises,
    life_events,
    matching,
    questions,
    recalls,
    requests,
    review_course,
    staging,
    standing,
    undertakings,
    vocabulary,
)
from comity.policy.agreements import Condition
from comity.policy.consent_scopes import Reach, Scope
from comity.policy.dates import Period, Unit
from comity.policy.grounds import Duty, Ground
from comity.policy.matching import CONDITION_FIELDS, condition_pairs


def _closed(*modules: object) -> Iterator[str]:
    """Yield every word of the closed vocabularies in *modules*."""
    for module in modules:
        for found in vars(module).values():
            if isinstance(found, type) and issubclass(found, enum.StrEnum):
                yield from (member.value for member in found)


WORDS: Final = frozenset((
    "released", "withheld", "acknowledge", "answer", "information", "any purpose",
    *messages.Kind, *(kind.value for kind in entries.Kind),
    *Message.Direction.values, *Message.Road.values, *witness.CONTRADICTS, *recalls.Reached,
    *requests.Subject, *requests.Stage, *consents.Outcome, *consent_scopes.Reach,
    *BlindMatch.Mode.values, *BlindMatch.State.values,
    *_closed(vocabulary, questions, standing, life_events, undertakings, contacts, review_course, consensus, staging),
    *_closed(exercise_clock, exercise_course, exercises),
    *ReviewMemberVersion.Role.values, *ReviewNote.Kind.values, *RowDoes,
    *Undertaking.Origin.values, *AccessChange.What.values, "officer", "counsel", "auditor",
    *Party.Kind.values, "member", "associate member", "observer",
    "parties", "members", "states", "signatories", "ratifications", "measures", "invited", "signed only",
    *ContactVersion.Kind.values, *ContactCheck.Kind.values,
    *EngagementVersion.Kind.values, *EngagementVersion.State.values, *EngagementLine.Kind.values, *Does,
    *MeasureEntry.State.values, *crosswalks.Relation, *crosswalks.Confidence,
    "chapter", "section", "article", "dimension", "factor", "aspect", "pillar", "group", "area", "indicator", "measure",
    "norm", "split", "recalled", "private CA", "pinned key", "client certificate",
    *clauses.DOING.values(),
    *matching.FACT_WORDS.values(),
    *(name.replace("_", " ") for name in CONDITION_FIELDS),
))  # fmt: skip
"""What a clause, an event or an answer can be called: these are translated, all else stays as it was written."""


def word(value: object) -> str:
    """Say a word of a closed vocabulary in the reader’s language; anything else is given as it is."""
    text = str(value)
    return gettext(text) if text in WORDS else text


def say(ground: Ground) -> str:
    """Say a ground in the reader’s language."""
    params = {name: word(value) for name, value in ground.params}
    return gettext(ground.key).format(**{"agreement": ground.agreement, "clause": ground.clause, **params})


def scope(one: Scope) -> str:
    """Say what a question or an answer on passing on speaks of."""
    if one.reach is Reach.OBJECT:
        return one.name
    if one.reach is Reach.CASE:
        return gettext("case “%(name)s”") % {"name": one.name}
    if one.reach is Reach.AGREEMENT:
        return gettext("all that came under the agreement")
    parts = [word(one.information) if one.information else gettext("any information")]
    if one.purpose:
        parts.append(gettext("for %(purpose)s") % {"purpose": word(one.purpose)})
    if one.tlp_up_to is not None:
        parts.append(gettext("up to TLP:%(label)s") % {"label": one.tlp_up_to.label})
    return " ".join(parts)


def duty(one: Duty) -> str:
    """Say a duty: its own words, and where they stand."""
    return gettext("%(words)s (%(clause)s of “%(agreement)s”)") % {
        "words": one.words, "clause": one.clause, "agreement": one.agreement,
    }  # fmt: skip


def period(length: Period) -> str:
    """Say a length of time: `6 months`."""
    n = length.count
    said = {
        Unit.HOURS: ngettext("%(n)s hour", "%(n)s hours", n),
        Unit.DAYS: ngettext("%(n)s day", "%(n)s days", n),
        Unit.WORKING_DAYS: ngettext("%(n)s working day", "%(n)s working days", n),
        Unit.WEEKS: ngettext("%(n)s week", "%(n)s weeks", n),
        Unit.MONTHS: ngettext("%(n)s month", "%(n)s months", n),
        Unit.YEARS: ngettext("%(n)s year", "%(n)s years", n),
    }
    return said[length.unit] % {"n": n}


def condition(one: Condition) -> str:
    """Say a condition: `originator consent: written`."""
    either = gettext(" or ")
    return "; ".join(
        f"{word(name.replace('_', ' '))}: {either.join(word(part) for part in value.split(' or '))}"
        for name, value in condition_pairs(one)
    )
