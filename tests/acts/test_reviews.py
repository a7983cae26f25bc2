"""Reviews: answers stand in versions, two at one answer lose nothing, rounds freeze, results follow by rule."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.acts import (
    example_state,
    framework_editions,
    frameworks,
    review_answers,
    review_evidence,
    review_files,
    review_results,
    review_rounds,
    reviews,
)
from comity.acts.agreement_files import read_tree
from comity.acts.agreements import Rejected
from comity.acts.review_answers import Did, Told
from comity.acts.review_evidence import Given
from comity.acts.reviews import Begun, Person, Role
from comity.models import AnswerCount, AnswerOffer, MemberProgress, Review, ReviewAnswer
from comity.policy import staging
from comity.policy.consensus import Ground
from comity.policy.framework_form import read_answers
from comity.policy.frameworks import Aspect, Framework, Indicator, Part, Stage
from comity.policy.review_course import ReviewKind, ReviewState
from comity.policy.staging import Answer

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
DAY = date(2026, 11, 24)


def said(words: str) -> tuple[tuple[str, str], ...]:
    return (("en", words),)


def small() -> Framework:
    """Write a framework of two aspects with two stages of two indicators each."""
    def aspect(name: str) -> Aspect:
        return Aspect(name, said(f"aspect {name}"), tuple(
            Indicator(f"{name}.{stage}{letter}", said(f"what {name} shows"), stage)
            for stage in (1, 2) for letter in "ab"))

    stages = tuple(Stage(name, said(name)) for name in ("none", "some", "all"))
    parts = (Part("P", said("a part"), (aspect("A"), aspect("B"))),)
    return Framework("small", "1", said("A small model"), "nobody", ("part", "aspect"), stages, parts)


INDICATORS = [one.id for one in small().indicators()]


@pytest.fixture
def node(db: None) -> Iterator[None]:
    """Make a node with the small model; what is refused is told in English, whatever was asked for before."""
    del db
    example_state.make_empty("BS", "The Bahamas", NOW)
    framework_editions.take(small(), "test", NOW)
    with translation.override("en"):
        yield


def begun(kind: ReviewKind = ReviewKind.FULL, percent: int = 100, slug: str = "bs-2026") -> Review:
    review = reviews.begin(Begun(slug, "A review", "small", "1", "BS", DAY, DAY, kind, percent), "officer", NOW)
    if kind is ReviewKind.FULL:
        reviews.move(review, ReviewState.SESSIONS, "officer", NOW)
    return review


def rater(review: Review, name: str = "Ana", role: str = Role.RATER, cluster: int | None = None) -> int:
    return reviews.set_member(review, Person(name, role, cluster=cluster), "officer", NOW).pk


def result(review: Review, at: datetime | None = None) -> review_results.Result:
    moment = at or datetime.now(UTC) + timedelta(days=3650)
    return review_results.result(reviews.known_of(review, moment), moment)


def tell(review: Review, member: int, name: str, answer: Answer, seen: int | None = None, reason: str = "") -> Did:
    told = Told(name, answer, reason or ("so it is" if answer is Answer.NOT_APPLICABLE else ""), seen)
    return review_answers.record(review, member, [told], "officer", NOW)[0].did


@pytest.mark.usefixtures("node")
def test_a_review_of_one_is_its_answers_without_ceremony() -> None:
    review = begun(ReviewKind.SELF)
    me = rater(review, "officer")
    for name in ("A.1a", "A.1b", "A.2a"):
        assert tell(review, me, name, Answer.MET) is Did.RECORDED
    found = result(review)
    assert (found.staged["A"].stage, found.staged["A"].highest, found.staged["B"].stage) == (1, 2, 0)
    assert found.settled["A.1a"].ground is Ground.ONE
    assert found.settled["A.2b"].ground is Ground.NOBODY
    assert not found.provisional
    with pytest.raises(Rejected, match="no rounds"):
        review_rounds.close(review, "officer", NOW)
    with pytest.raises(Rejected, match="one rater"):
        rater(review, "another")
    reviews.move(review, ReviewState.PUBLISHED, "officer", NOW)
    with pytest.raises(Rejected, match="published"):
        tell(review, me, "A.2b", Answer.MET)


@pytest.mark.both_stores
@pytest.mark.usefixtures("node")
def test_two_at_one_answer_lose_nothing_and_see_both() -> None:
    review, at = begun(), NOW + timedelta(hours=1)
    ana = rater(review)
    assert tell(review, ana, "A.1a", Answer.PARTLY, seen=0) is Did.RECORDED
    assert tell(review, ana, "A.1a", Answer.MET, seen=1, reason="first") is Did.RECORDED
    assert tell(review, ana, "A.1a", Answer.NOT_MET, seen=1, reason="second") is Did.OFFERED
    assert tell(review, ana, "A.1a", Answer.MET, seen=1, reason="first") is Did.UNCHANGED
    (clash,) = review_answers.clashes(review, at)
    assert clash.standing is not None
    assert (clash.standing.reason, clash.offer.reason) == ("first", "second")
    assert clash.seen is not None
    assert clash.seen.answer == Answer.PARTLY
    assert result(review).settled["A.1a"].ground is Ground.CONFLICT
    with pytest.raises(Rejected, match="settle the conflicts"):
        review_rounds.close(review, "officer", NOW)
    with pytest.raises(Rejected, match="changed meanwhile"):
        review_answers.settle(review, clash.offer.pk, 1, "officer", NOW, take=True)
    review_answers.settle(review, clash.offer.pk, 2, "officer", NOW, take=True)
    assert [row.answer for row in review_answers.history(ana, "A.1a")] == ["not met", "met", "partly"]
    assert result(review).settled["A.1a"].answer is Answer.NOT_MET
    with pytest.raises(Rejected, match="settled already"):
        review_answers.settle(review, clash.offer.pk, 3, "officer", NOW, take=False)
    assert not review_answers.clashes(review, at)


@pytest.mark.both_stores
@pytest.mark.usefixtures("node")
def test_no_version_of_an_answer_can_have_two_successors() -> None:
    review = begun()
    ana = rater(review)
    tell(review, ana, "A.1a", Answer.MET)
    row = ReviewAnswer.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.both_stores
@pytest.mark.usefixtures("node")
def test_what_cannot_be_taken_is_told_and_nothing_of_it_is_stored() -> None:
    review = begun()
    cluster = reviews.set_cluster(review, "Banks", ["B"], "officer", NOW).pk
    ana, watching = rater(review, cluster=cluster), rater(review, "Eve", Role.OBSERVER)
    told = [Told("B.1a", Answer.MET), Told("A.1a", Answer.MET), Told("B.1b", Answer.NOT_APPLICABLE)]
    with pytest.raises(Rejected) as refused:
        review_answers.record(review, ana, told, "officer", NOW)
    assert len(refused.value.reasons) == 2
    with pytest.raises(Rejected, match="Nobody of this number"):
        tell(review, watching, "B.1a", Answer.MET)
    assert not ReviewAnswer.objects.exists()
    assert not AnswerCount.objects.exists()


@pytest.mark.both_stores
@pytest.mark.usefixtures("node")
def test_a_round_freezes_what_it_found_and_the_chair_rules_on_the_rest() -> None:
    review = begun()
    ana, ben = rater(review), rater(review, "Ben")
    tell(review, ana, "A.1a", Answer.MET)
    tell(review, ben, "A.1a", Answer.MET)
    tell(review, ana, "A.1b", Answer.MET)
    tell(review, ben, "A.1b", Answer.NOT_MET)
    assert result(review).provisional
    closed = review_rounds.close(review, "officer", NOW)
    assert closed.figures[""]["nominal"]["units"] == 2
    tell(review, ana, "A.1a", Answer.NOT_MET)
    found = result(review)
    assert found.settled["A.1a"].ground is Ground.CONSENSUS
    assert found.settled["A.1b"].ground is Ground.CONTESTED
    assert (found.staged["A"].stage, found.staged["A"].highest) == (1, 2) or found.staged["A"].open
    with pytest.raises(Rejected, match="no chair"):
        review_rounds.rule(review, "A.1b", "met", "seen at the visit", "officer", NOW)
    rater(review, "Chair", Role.CHAIR)
    with pytest.raises(Rejected, match="its reason"):
        review_rounds.rule(review, "A.1b", "met", " ", "officer", NOW)
    review_rounds.rule(review, "A.1b", "met", "seen at the visit", "officer", NOW)
    assert result(review).settled["A.1b"].reason == "seen at the visit"
    review_rounds.dissent(review, ben, Told("A.1b", Answer.NOT_MET, "it was staged for the visit"), "officer", NOW)
    assert [one.reason for one in review_rounds.dissents(review, NOW + timedelta(1))] == ["it was staged for the visit"]
    review_rounds.rule(review, "A.1b", "", "", "officer", NOW)
    assert result(review).settled["A.1b"].ground is Ground.CONTESTED
    tell(review, ben, "A.1b", Answer.MET)
    review_rounds.close(review, "officer", NOW)
    assert result(review).settled["A.1b"].ground is Ground.CONSENSUS
    assert result(review).settled["A.1a"].ground is Ground.CONTESTED


@pytest.mark.both_stores
@pytest.mark.usefixtures("node")
def test_what_was_known_before_is_still_answered() -> None:
    review = begun(ReviewKind.SELF)
    me = rater(review)
    tell(review, me, "A.1a", Answer.MET)
    then = ReviewAnswer.objects.get().recorded_at
    review_answers.record(review, me, [Told("A.1a", Answer.NOT_MET)], "officer", NOW + timedelta(days=2))
    earlier = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=then)
    assert result(review, earlier).settled["A.1a"].answer is Answer.MET
    assert result(review).settled["A.1a"].answer is Answer.NOT_MET


@pytest.mark.both_stores
@pytest.mark.usefixtures("node")
def test_evidence_is_kept_by_its_digest_revised_and_expires(tmp_path: Path) -> None:
    review = begun(ReviewKind.SELF)
    me = rater(review)
    tell(review, me, "A.1a", Answer.MET)
    tell(review, me, "A.1b", Answer.MET)
    kept = review_evidence.keep(tmp_path, [b"an ", b"audit"], "audit.pdf")
    assert review_evidence.path_of(tmp_path, kept.digest).read_bytes() == b"an audit"
    made = review_evidence.add(review, Given("Audit", "AMBER", date(2099, 1, 1), file=kept), ["A.1a"], "officer", NOW)
    assert result(review).staged["A"].stage == 1
    late = review_results.result(reviews.known_of(review, NOW + timedelta(1)), NOW + timedelta(1), date(2100, 1, 1))
    assert (late.staged["A"].stage, late.staged["A"].held[0].expired) == (0, True)
    review_evidence.revise(made, Given("Audit, renewed", "GREEN", None, "", None), "officer", NOW)
    (shown,) = review_evidence.used(review, NOW + timedelta(1))["A.1a"]
    assert (shown.revision.title, shown.revision.digest) == ("Audit, renewed", kept.digest)
    review_evidence.stop(review, shown.use, "officer", NOW)
    assert not review_evidence.used(review, NOW + timedelta(1))
    for wrong in (Given("", "AMBER"), Given("x", "SECRET"), Given("x", "RED", date(2020, 1, 1)),
                  Given("x", "RED", None, "javascript:x")):  # fmt: skip
        with pytest.raises(Rejected):
            review_evidence.add(review, wrong, ["A.1a"], "officer", NOW)
    with pytest.raises(Rejected, match="25 MiB"):
        review_evidence.keep(tmp_path, (b"x" * 1024 * 1024 for _ in range(26)), "large")
    assert [path.name for path in (tmp_path / "evidence").iterdir() if path.suffix == ".part"] == []


@pytest.mark.usefixtures("node")
def test_a_review_moves_only_as_its_table_says() -> None:
    review = reviews.begin(Begun("bs", "R", "small", "1", "BS", DAY, DAY), "officer", NOW)
    with pytest.raises(Rejected, match="desk research, sessions"):
        reviews.move(review, "published", "officer", NOW)
    for state in ("desk research", "sessions", "follow-up", "draft report", "with government"):
        reviews.move(review, state, "officer", NOW)
    with pytest.raises(Rejected, match="Say why"):
        reviews.move(review, "withheld", "officer", NOW)
    reviews.move(review, "published", "officer", NOW)
    with pytest.raises(Rejected) as refused:
        reviews.begin(Begun("BS!", "", "none", "1", "ZZZ", DAY, DAY - timedelta(1), percent=50), "officer", NOW)
    assert len(refused.value.reasons) == 6


answers = st.sampled_from(Answer)
acts = st.lists(st.one_of(
    st.tuples(st.just("tell"), st.integers(0, 2), st.sampled_from(INDICATORS), answers, st.sampled_from([None, 0, 1])),
    st.tuples(st.just("close"), st.booleans()),
    st.tuples(st.just("rule"), st.sampled_from(INDICATORS), answers),
    st.tuples(st.just("settle"), st.booleans()),
    st.tuples(st.just("evidence"), st.sampled_from(INDICATORS), st.integers(-3, 3)),
), max_size=14)  # fmt: skip


class Oracle:
    """Keep what was done as plain lists, and work out each answer from all of it anew."""

    def __init__(self, percent: int) -> None:
        self.percent, self.said = percent, dict[tuple[int, str], list[Answer]]()
        self.waiting, self.ruled = list[tuple[int, str, Answer]](), dict[str, tuple[Answer, int]]()
        self.shown = dict[str, list[date]]()
        self.frozen: tuple[dict[str, Counter[Answer]], int] | None = None
        self.time = 0

    def now(self) -> dict[str, Counter[Answer]]:
        found: dict[str, Counter[Answer]] = {}
        for (_who, name), versions in self.said.items():
            found.setdefault(name, Counter())[versions[-1]] += 1
        return found

    def holds(self, name: str, *, kindly: bool) -> bool | None:
        if any(waiting == name for _who, waiting, _answer in self.waiting):
            return kindly
        counts, at = self.frozen or (self.now(), 0)
        told = [answer for answer, n in counts.get(name, {}).items() for _ in range(n) if answer is not Answer.UNKNOWN]
        agreed = [one for one in set(told) if told.count(one) * 100 >= self.percent * len(told)]
        answer: Answer | None = agreed[0] if agreed else None
        if name in self.ruled and (answer is None or self.ruled[name][1] > at):
            answer = self.ruled[name][0]
        if answer in (None, Answer.UNKNOWN):
            return kindly
        if answer is Answer.NOT_APPLICABLE:
            return None
        if answer is not Answer.MET:
            return False
        days = self.shown.get(name, [])
        return kindly or not days or any(day >= DAY for day in days)

    def stage(self, aspect: Aspect, *, kindly: bool) -> int:
        for stage in (2, 1):
            below = [self.holds(one.id, kindly=kindly) for one in aspect.indicators if one.stage <= stage]
            here = [self.holds(one.id, kindly=kindly) for one in aspect.indicators if one.stage == stage]
            if False not in below and True in here:
                return stage
        return 0


def do(review: Review, people: list[int], oracle: Oracle, act: tuple[object, ...]) -> None:  # noqa: C901 - one a case
    """Do one act in the store and in the oracle; what the store refuses, the oracle does not do either."""
    oracle.time += 1
    match act:
        case ("tell", int(who), str(name), Answer() as answer, seen):
            did = tell(review, people[who], name, answer, seen)  # type: ignore[arg-type]
            if did is Did.RECORDED:
                oracle.said.setdefault((who, name), []).append(answer)
            elif did is Did.OFFERED:
                oracle.waiting.append((who, name, answer))
        case ("close", _):
            try:
                review_rounds.close(review, "officer", NOW)
            except Rejected:
                return
            oracle.frozen = (oracle.now(), oracle.time)
        case ("rule", str(name), Answer() as answer):
            review_rounds.rule(review, name, answer, "so ruled", "officer", NOW)
            oracle.ruled[name] = (answer, oracle.time)
        case ("settle", bool(take)) if oracle.waiting:
            who, name, answer = oracle.waiting.pop(0)
            offer = AnswerOffer.objects.filter(settlement__isnull=True)[0]
            review_answers.settle(review, offer.pk, len(oracle.said.get((who, name), [])), "officer", NOW, take=take)
            if take:
                oracle.said.setdefault((who, name), []).append(answer)
        case ("evidence", str(name), int(days)):
            day = DAY + timedelta(days)
            if days >= 0:
                review_evidence.add(review, Given("seen", "RED", day), [name], "officer", NOW)
                oracle.shown.setdefault(name, []).append(day)


@pytest.fixture
def review_of_three(node: None) -> Iterator[None]:
    """Keep the review’s setting for every example of one test."""
    del node
    with transaction.atomic():
        yield


@pytest.mark.both_stores
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=acts, percent=st.sampled_from([60, 100]), more=st.sampled_from(INDICATORS))
def test_the_result_is_what_an_oracle_works_out_from_all_that_was_done(
    review_of_three: None, done: list[tuple[object, ...]], percent: int, more: str
) -> None:
    del review_of_three
    with transaction.atomic():
        review = begun(percent=percent, slug="bs-drawn")
        people = [rater(review, "Ana"), rater(review, "Ben"), rater(review, "Chair", Role.CHAIR)]
        oracle = Oracle(percent)
        for act in done:
            do(review, people, oracle, act)
        before = result(review)
        for name, staged in before.staged.items():
            assert (staged.stage, staged.highest) == (
                oracle.stage(staged.aspect, kindly=False), oracle.stage(staged.aspect, kindly=True)), name  # fmt: skip
        recounted(review)
        shown_more(review, before, more)
        opened(review, people, before, more)
        transaction.set_rollback(True)


def recounted(review: Review) -> None:
    """Hold the counts that are kept to a count of all standing answers."""
    rows = ReviewAnswer.objects.filter(review=review, superseded_by__isnull=True)
    kept = {(one.indicator, one.answer): one.n for one in AnswerCount.objects.filter(review=review, n__gt=0)}
    assert kept == Counter(rows.values_list("indicator", "answer"))
    known = Counter(rows.exclude(answer="unknown").values_list("member_id", "aspect"))
    told = {(one.member_id, one.aspect): one.answered for one in MemberProgress.objects.filter(member__review=review)}
    assert {key: n for key, n in told.items() if n} == known


def shown_more(review: Review, before: review_results.Result, name: str) -> None:
    """Add evidence that counts: it never lowers a stage, and moves nothing elsewhere."""
    review_evidence.add(review, Given("more", "RED"), [name], "officer", NOW)
    after = result(review)
    for aspect, staged in after.staged.items():
        assert staged.stage >= before.staged[aspect].stage
        assert staged.highest >= before.staged[aspect].highest
        if not name.startswith(aspect):
            assert staged == before.staged[aspect]


def opened(review: Review, people: list[int], before: review_results.Result, name: str) -> None:
    """Let two answers meet: that only widens what is possible, and moves exactly the aspect of that indicator."""
    if before.settled[name].answer is Answer.NOT_APPLICABLE or before.settled[name].ground is Ground.CONFLICT:
        return
    before = result(review)
    tell(review, people[0], name, Answer.MET, reason="one")
    middle = result(review)
    changed = {one for one, stands in middle.settled.items() if stands != before.settled[one]}
    assert changed <= {name}
    if middle.settled[name].answer is Answer.NOT_APPLICABLE:
        return
    assert tell(review, people[0], name, Answer.NOT_MET, seen=-1, reason="two") is Did.OFFERED
    after = result(review)
    for aspect, staged in after.staged.items():
        assert staged.stage <= middle.staged[aspect].stage
        assert staged.highest >= middle.staged[aspect].highest
        assert name.startswith(aspect) or staged == middle.staged[aspect]


@pytest.mark.usefixtures("node")
def test_a_file_of_answers_comes_in_and_goes_out_as_the_same_result(tmp_path: Path) -> None:
    review = begun(ReviewKind.SELF)
    me = rater(review)
    path = tmp_path / "answers.yaml"
    path.write_text('framework: small\nedition: "1"\nof: The Bahamas\non: 2026-11-24\nanswers:\n'
                    "  A.1a: {answer: met, evidence: [an audit], until: 2026-12-31}\n  A.1b: met\n"
                    "  B.1a: {answer: not applicable, reason: no such courts}\n  B.1b: partly\n",
                    encoding="utf-8")  # fmt: skip
    known = reviews.known_of(review, NOW + timedelta(1))
    read = review_files.answers_of(known, path)
    review_files.take_in(known, read, me, "officer", NOW, "answers.yaml")
    took = review_files.take_in(known, read, me, "officer", NOW, "answers.yaml")
    assert {one.did for one in took} == {Did.UNCHANGED}
    found = result(review)
    again = read_answers(read_tree(review_files.written(found)), small()).answers
    assert again is not None
    for day in (DAY, date(2027, 1, 1)):
        was, now = (staging.stages(small(), ratings, day) for ratings in (read.ratings, again.ratings))
        assert {name: (one.stage, one.highest) for name, one in was.items()} == {
            name: (one.stage, one.highest) for name, one in now.items()}  # fmt: skip
    assert frameworks.CATALOGUE.exists()
