"""May this kind of object go to that recipient: the judgement over all agreements together.

Default deny: what no clause of an agreement in force permits is withheld. TLP:CLEAR is public and needs no agreement;
TLP:RED needs a clause *and* the recipient's name on the object. What its source keeps within a circle leaves it under
no label and no clause.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from comity.policy.agreements import Agreement
from comity.policy.clauses import evaluate
from comity.policy.consent_scopes import NOTHING, ConsentAsked, ConsentGiven, Word, word_on
from comity.policy.course import Course, course
from comity.policy.editions import Edition, beginnings, holding
from comity.policy.grounds import Duty, Ground, Phrase
from comity.policy.handling import Handling
from comity.policy.life_events import LifeEvent, known
from comity.policy.markings import Tlp
from comity.policy.questions import Answer, Question, Verdict
from comity.policy.standing import Standing, standing, standing_in, turning_days
from comity.policy.vocabulary import Action, Beside, Consent


@dataclass(frozen=True, slots=True)
class Adopted:
    """An agreement as adopted at this node, and its life's events as recorded so far."""

    slug: str
    agreement: Agreement
    adopted_at: datetime
    events: tuple[LifeEvent, ...]
    editions: tuple[Edition, ...] = ()

    def at(self, moment: "Moment") -> "Adopted":
        """Return the same with the text that holds at a moment in the place of `agreement`."""
        return self.on(moment.day(self.agreement.time_zone), moment.known_at)

    def on(self, day: date, known_at: datetime) -> "Adopted":
        """Return the same with the text that holds on a day, as known then. All editions keep one time zone."""
        if not self.editions:
            return self
        first = self.first or self.agreement
        return replace(self, agreement=holding(first, self.editions, self.events, day, known_at), first=first)

    def standing(self, party: str, day: date, known_at: datetime) -> Standing:
        """Return a party's standing on a day, by the text that holds on it."""
        return standing(self.on(day, known_at).agreement, self.events, party, day, known_at)

    def turning_days(self, known_at: datetime) -> frozenset[date]:
        """Return the days on which a standing, or the text itself, may change by the calendar alone."""
        begin = beginnings(self.editions, self.events, known_at)
        texts = [self.first or self.agreement, *(one.agreement for one in self.editions if one.event in begin)]
        days = (turning_days(text, self.events, known_at) for text in texts)
        return frozenset(begin.values()).union(*days)

    def names(self, party: str) -> bool:
        """Tell whether any of its texts names a party."""
        texts = [self.agreement, *(one.agreement for one in self.editions)]
        return any(text.party(party) is not None for text in texts)

    first: Agreement | None = None
    """The text as adopted, where `agreement` is an amended one."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All the law that the node knows. `us` is the node's own party."""

    us: str
    adopted: tuple[Adopted, ...]
    consents: tuple[ConsentGiven, ...] = ()
    asked: tuple[ConsentAsked, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """As of which day, and as known when. `on` empty: the day of `known_at` in each agreement's own time zone."""

    known_at: datetime
    on: date | None = None

    def day(self, zone: str) -> date:
        """Return the day that counts for an agreement whose clock stands in *zone*."""
        return self.on if self.on is not None else self.known_at.astimezone(ZoneInfo(zone)).date()


@dataclass(frozen=True, slots=True)
class Release:
    """It may go: on which grounds, with which duties, and what is taken out first."""

    grounds: tuple[Ground, ...]
    duties: tuple[Duty, ...] = ()
    redact_tlp: frozenset[Tlp] = frozenset()
    redact_personal: bool = False
    backlog_from: date | None = None


@dataclass(frozen=True, slots=True)
class Withholding:
    """It may not go, and why; `verdict` tells a refusal from a question to ask or to put to counsel."""

    grounds: tuple[Ground, ...]
    verdict: Verdict = Verdict.REFUSED
    missing: tuple[str, ...] = ()


Judgement = Release | Withholding


PUBLIC = Ground.plain(Phrase.PUBLIC)
OWN = Ground.plain(Phrase.OWN)
NOT_NAMED = Ground.plain(Phrase.NOT_NAMED)
NOT_WITHIN = Ground.plain(Phrase.NOT_WITHIN)
REFERS = Ground.plain(Phrase.REFERS)
ELSEWHERE = Ground.plain(Phrase.ELSEWHERE)
NO_AGREEMENT = Ground.plain(Phrase.NO_AGREEMENT)
NO_ORIGIN = Ground.plain(Phrase.NO_ORIGIN)
ADDRESSED = Ground.plain(Phrase.ADDRESSED)
ADDRESSED_ELSEWHERE = Ground.plain(Phrase.ADDRESSED_ELSEWHERE)
STANDS_APART = Ground.plain(Phrase.APART)


@dataclass(slots=True)
class Court:
    """Judges any class for any recipient at one moment. Courses, standings and answers are worked out once each."""

    facts: Facts
    moment: Moment
    _standings: dict[tuple[str, str], Standing] = field(default_factory=dict)
    _courses: dict[str, Course] = field(default_factory=dict)
    _texts: dict[str, Adopted] = field(default_factory=dict)
    _answers: dict[tuple[str, str, Question], Answer] = field(default_factory=dict)

    def judge(self, handling: Handling, recipient: str, is_open: Callable[[int], bool]) -> Judgement:
        """Judge *handling* for *recipient* (a party's code); *is_open* answers for the classes it depends on."""
        if handling.apart not in {"", recipient}:
            return Withholding((STANDS_APART,))
        if any(is_open(other) for other in handling.unless):
            return Withholding((ELSEWHERE,))
        if not all(any(is_open(other) for other in group) for group in handling.needs):
            return Withholding((REFERS,))
        if handling.addressed and recipient != handling.originator:
            return Release((ADDRESSED,)) if recipient == handling.addressed else Withholding((ADDRESSED_ELSEWHERE,))
        whole = self._whole(handling, recipient, handling.tlp)
        if isinstance(whole, Withholding):
            return whole
        return self._parts(handling, recipient, whole)

    def _parts(self, handling: Handling, recipient: str, whole: Release) -> Judgement:
        """Judge each more strictly marked part by itself: what may not go is taken out, if it can be."""
        barred: set[Tlp] = set()
        for tlp, removable in handling.granular:
            part = self._whole(handling, recipient, max(tlp, handling.tlp))
            if isinstance(part, Withholding):
                if not removable:
                    return part
                barred.add(tlp)
        return Release(whole.grounds, whole.duties, frozenset(barred), whole.redact_personal, whole.backlog_from)

    def _whole(self, handling: Handling, recipient: str, tlp: Tlp) -> Judgement:
        if recipient == handling.originator:
            return Release((OWN,))
        barred = _barred(handling, recipient, tlp)
        if barred is not None:
            return Withholding((barred,))
        if tlp is Tlp.CLEAR:
            return Release((PUBLIC,))
        onward = self._onward(handling, recipient, tlp)
        if isinstance(onward, Withholding):
            return onward
        given = self._share(handling, recipient, tlp)
        if isinstance(given, Withholding):
            return given
        return Release((*onward.grounds, *given.grounds), (*onward.duties, *given.duties), frozenset(),
                       onward.redact_personal or given.redact_personal, given.backlog_from)  # fmt: skip

    def _onward(self, handling: Handling, recipient: str, tlp: Tlp) -> Judgement:
        """Originator control: what was received goes on only as the agreement it came under allows."""
        if handling.originator in {"", self.facts.us}:
            return Release(())
        under = handling.received_under
        adopted = next((a for a in self.facts.adopted if under is not None and a.slug == under[0]), None)
        if adopted is None:
            return Withholding((NO_ORIGIN,))
        adopted = self.at(adopted)
        word = self._word(handling, recipient, tlp, adopted)
        question = self._question(handling, Action.PASS_ON, recipient, tlp, word)
        return _by_word(_judgement(self._ask(adopted, question, handling.originator)), word)

    def _word(self, handling: Handling, recipient: str, tlp: Tlp, adopted: Adopted) -> Word:
        """Return what the originator says, as known at the moment, of passing a class on to *recipient*."""
        about, known_at = (handling.originator, recipient, adopted.slug), self.moment.known_at
        answers = [one for one in self.facts.consents if one.about == about and one.recorded_at <= known_at]
        questions = [one for one in self.facts.asked if one.about == about and one.open_at(known_at)]
        day = self.moment.day(adopted.agreement.time_zone)
        return word_on(adopted.agreement, handling, tlp, day, answers, questions)

    def _share(self, handling: Handling, recipient: str, tlp: Tlp) -> Judgement:
        question = self._question(handling, Action.SHARE, recipient, tlp, NOTHING)
        heard = [
            (adopted, self._ask(adopted, question, recipient))
            for adopted in map(self.at, self.facts.adopted)
            if adopted.adopted_at <= self.moment.known_at and self._concerns(adopted, recipient)
        ]
        return _together(heard)

    def _concerns(self, adopted: Adopted, recipient: str) -> bool:
        codes = {party.code for party in adopted.agreement.parties}
        return self.facts.us in codes and recipient in codes

    def _ask(self, adopted: Adopted, question: Question, other: str) -> Answer:
        """Ask an agreement; many classes differ in what it is not asked about, and put one and the same question."""
        key = (adopted.slug, other, question)
        if key not in self._answers:
            day = self.moment.day(adopted.agreement.time_zone)
            ours, theirs = self.standing(adopted, self.facts.us), self.standing(adopted, other)
            self._answers[key] = evaluate(adopted.agreement, ours, theirs, question, day)
        return self._answers[key]

    def at(self, adopted: Adopted) -> Adopted:
        """Return an agreement by the text that holds at the court's moment."""
        if adopted.slug not in self._texts:
            self._texts[adopted.slug] = adopted.at(self.moment)
        return self._texts[adopted.slug]

    def standing(self, adopted: Adopted, party: str) -> Standing:
        """Return a party's standing under an agreement at the court's moment."""
        key = (adopted.slug, party)
        if key not in self._standings:
            day = self.moment.day(adopted.agreement.time_zone)
            self._standings[key] = standing_in(self._course(adopted), party, day)
        return self._standings[key]

    def _course(self, adopted: Adopted) -> Course:
        """Return the life of an agreement, by the text that holds at the court's moment."""
        if adopted.slug not in self._courses:
            events = known(adopted.events, self.moment.known_at)
            self._courses[adopted.slug] = course(self.at(adopted).agreement, events)
        return self._courses[adopted.slug]

    def _question(
        self, handling: Handling, action: Action, recipient: str, tlp: Tlp, word: Word
    ) -> Question:
        return Question(
            action=action,
            information=handling.information,
            purpose=handling.purpose or None,
            tlp=tlp,
            personal_data=handling.personal_data,
            sender=self.facts.us,
            recipient=recipient,
            exercise=handling.exercise,
            originator_consent=word.said,
            authority_approval="none",
            consent_on=word.since,
        )


def _by_word(judged: Judgement, word: Word) -> Judgement:
    """Add what an originator said where it opened, or stood against it; its conditions go along as duties."""
    if isinstance(judged, Release):
        if word.said is Consent.NONE:
            return judged
        return replace(judged, grounds=(*judged.grounds, *word.grounds), duties=(*judged.duties, *word.duties))
    return replace(judged, grounds=(*judged.grounds, *word.grounds))


def _barred(handling: Handling, recipient: str, tlp: Tlp) -> Ground | None:
    """Say what keeps a recipient out whatever agreements allow; None when nothing does."""
    if handling.within is not None and recipient not in handling.within:
        return NOT_WITHIN
    return NOT_NAMED if tlp is Tlp.RED and recipient not in handling.recipients else None


def _judgement(answer: Answer) -> Judgement:
    if answer.verdict is Verdict.ALLOWED:
        personal = "personal data" in answer.redact
        return Release(answer.grounds, answer.duties, frozenset(), personal, answer.backlog_from)
    return Withholding(answer.grounds, answer.verdict, answer.missing)


def _together(heard: list[tuple[Adopted, Answer]]) -> Judgement:
    """Bring several agreements' answers together.

    One allowance is enough where agreements add. Where an agreement says that it narrows, its refusal stands against
    the allowance of another; where it refers such a case to counsel, so do we.
    """
    if not heard:
        return Withholding((NO_AGREEMENT,))
    allowed = [answer for _, answer in heard if answer.verdict is Verdict.ALLOWED]
    if not allowed:
        order = (Verdict.REFER, Verdict.ASK, Verdict.REFUSED)
        first = min((answer for _, answer in heard), key=lambda answer: order.index(answer.verdict))
        grounds = tuple(ground for _, answer in heard for ground in answer.grounds)
        return Withholding(grounds, first.verdict, first.missing)
    for adopted, answer in heard:
        if answer.verdict is not Verdict.ALLOWED and _stands_against(adopted, answer):
            refers = adopted.agreement.settles.beside_other_agreements is Beside.REFER
            verdict = Verdict.REFER if refers else answer.verdict
            return Withholding((*answer.grounds, *allowed[0].grounds), verdict, answer.missing)
    return _merged(allowed)


_SILENCE = frozenset({str(Phrase.OUTSIDE), str(Phrase.SILENT)})


def _stands_against(adopted: Adopted, answer: Answer) -> bool:
    """Tell whether a refusal is this agreement's word against another's, and not merely its silence or its end.

    A clause that does not cover a kind of information or a purpose is silent on it; a ceiling or a prohibition speaks.
    """
    if adopted.agreement.settles.beside_other_agreements is Beside.ADDS:
        return False
    return any(
        ground.clause is not None and not ground.clause.startswith("life.") and ground.key not in _SILENCE
        for ground in answer.grounds
    )


def _merged(allowed: list[Answer]) -> Release:
    """Join several allowances: the least redaction and the longest backlog, with every duty that goes with them."""
    backlog = None if any(a.backlog_from is None for a in allowed) else min(
        a.backlog_from for a in allowed if a.backlog_from is not None)  # fmt: skip
    duties = {duty: None for answer in allowed for duty in answer.duties}
    return Release(
        tuple(ground for answer in allowed for ground in answer.grounds),
        tuple(duties),
        frozenset(),
        all("personal data" in answer.redact for answer in allowed),
        backlog,
    )
