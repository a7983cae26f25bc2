"""Fills a review with answers made up for measuring, asks for its pages, and prints what that took as JSON."""

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - after Django is set up, as the next
from django.http import HttpResponseBase  # noqa: E402 - as above
from django.test import Client  # noqa: E402 - as above

from comity.acts import (  # noqa: E402 - as above
    capacity_results,
    example_state,
    framework_editions,
    frameworks,
    nodes,
    review_answers,
    review_evidence,
    review_rounds,
    reviews,
)
from comity.acts.review_answers import Told  # noqa: E402 - as above
from comity.acts.review_evidence import Given  # noqa: E402 - as above
from comity.acts.reviews import Begun, Person, Role  # noqa: E402 - as above
from comity.models import ReviewAnswer  # noqa: E402 - as above
from comity.policy.framework_form import Answers  # noqa: E402 - as above
from comity.policy.frameworks import Aspect, Framework, Indicator, Part, Stage, Text  # noqa: E402 - as above
from comity.policy.review_course import ReviewState  # noqa: E402 - as above
from comity.policy.staging import Answer, Rating  # noqa: E402 - as above

SEED, SLUG, OK = 20261127, "bench", 200
DAY = date(2026, 11, 27)


def said(words: str) -> Text:
    """Say it in one language."""
    return (("en", words),)


def model(aspects: int, stages: int, items: int) -> Framework:
    """Make a model of so many aspects, each with so many stages above the floor, of so many indicators each."""
    made = tuple(
        Aspect(f"A{number}", said(f"Aspect {number} of what is measured"), tuple(
            Indicator(f"A{number}.{stage}.{item}", said(f"What shows stage {stage} of aspect {number}, {item}"), stage)
            for stage in range(1, stages + 1) for item in range(items)))
        for number in range(aspects)
    )  # fmt: skip
    parts = tuple(Part(f"D{number}", said(f"Dimension {number}"), made[number::5]) for number in range(5))
    steps = tuple(Stage(f"s{number}", said(f"Stage {number}")) for number in range(stages + 1))
    return Framework("bench", "1", said("Made for measuring"), "nobody", ("dimension", "aspect"), steps, parts)


def fill(home: Path, raters: int, clusters: int, *size: int) -> dict[str, float]:
    """Record every rater’s answers, close a round, and begin the next one with some changes and conflicts."""
    nodes.open_node(home)
    now, chance, framework = datetime.now(UTC), random.Random(SEED), model(*size)
    example_state.make(now)
    framework_editions.take(framework, "bench", now)
    _results(chance, now)
    review = reviews.begin(Begun(SLUG, "Review", "bench", "1", "BS", DAY, DAY, percent=60), "bench", now)
    reviews.move(review, ReviewState.SESSIONS, "bench", now)
    groups = [reviews.set_cluster(review, f"Cluster {number}", (), "bench", now).pk for number in range(clusters)]
    indicators = list(framework.indicators())
    truth = {one.id: chance.random() < 1.1 - one.stage * 0.2 for one in indicators}
    began, people = time.perf_counter(), []
    for number in range(raters):
        role = Role.CHAIR if not number else Role.RATER
        people.append(reviews.set_member(review, Person(f"Rater {number}", role, "Body", groups[number % clusters]),
                                         "bench", now).pk)  # fmt: skip
        told = [Told(one.id, _answer(chance, holds=truth[one.id])) for one in indicators]
        review_answers.record(review, people[-1], told, "bench", now)
    taken = time.perf_counter() - began
    for one in chance.sample(indicators, len(indicators) // 4):
        review_evidence.add(review, Given(f"Evidence of {one.id}", "GREEN", date(2030, 1, 1)), [one.id], "bench", now)
    closing = time.perf_counter()
    review_rounds.close(review, "bench", now)
    closing = time.perf_counter() - closing
    for one in chance.sample(indicators, 100):
        review_rounds.rule(review, one.id, "met", "so ruled", "bench", now)
        review_answers.record(review, people[1], [Told(one.id, Answer.PARTLY, "on reflection", 1)], "bench", now)
    for one in indicators[:20]:
        review_answers.record(review, people[2], [Told(one.id, Answer.PARTLY, "late", 0)], "bench", now)
    return {"answers": ReviewAnswer.objects.count(), "seconds": taken, "closing": closing}


def _results(chance: random.Random, now: datetime) -> None:
    """Keep three results of ours by the CMM, for the overview."""
    cmm = frameworks.framework("cmm")
    framework_editions.take(cmm, "bench", now)
    for year in (2020, 2023, 2026):
        ratings = {one.id: Rating(_answer(chance, holds=bool(chance.randrange(4)))) for one in cmm.indicators()}
        capacity_results.keep(Answers(cmm.id, cmm.edition, "BS", date(year, 6, 1), ratings), "bench", now)


def _answer(chance: random.Random, *, holds: bool) -> Answer:
    drawn = chance.random()
    if drawn < 0.75:  # noqa: PLR2004 - three of four know
        return Answer.MET if holds else Answer.NOT_MET
    return chance.choice([Answer.PARTLY, Answer.MET, Answer.NOT_MET, Answer.UNKNOWN])


def ask(home: Path, rounds: int) -> dict[str, float]:
    """Ask for each page, and save answers, some of which meet another; give the median milliseconds of each."""
    nodes.open_node(home)
    chance, client = random.Random(SEED), Client()
    client.force_login(User.objects.get(username="officer"))
    review = next(one.review for one in reviews.known(datetime.now(UTC)))
    people = [one.row.pk for one in reviews.members(review, datetime.now(UTC))]

    def page(address: str) -> Callable[[], HttpResponseBase]:
        return lambda: client.get(address.format(slug=SLUG, aspect=f"A{chance.randrange(62)}",
                                                 member=chance.choice(people)))  # fmt: skip

    def save(seen: str) -> HttpResponseBase:
        name = f"A{chance.randrange(62)}.1.0"
        return client.post(f"/reviews/{SLUG}/answers/{chance.choice(people)}/{name}/",
                           {"answer": "partly", "reason": str(chance.random()), "seen": seen},
                           headers={"HX-Request": "true"})  # fmt: skip

    asked: dict[str, Callable[[], HttpResponseBase]] = {
        "reviews": page("/reviews/"), "one review": page("/reviews/{slug}/"),
        "clusters and members": page("/reviews/{slug}/people/"), "notes and sessions": page("/reviews/{slug}/notes/"),
        "rating an aspect": page("/reviews/{slug}/rate/{aspect}/?as={member}"),
        "comparing an aspect": page("/reviews/{slug}/compare/{aspect}/"),
        "evidence of an indicator": page("/reviews/{slug}/evidence/{aspect}.1.0/"),
        "conflicts": page("/reviews/{slug}/conflicts/"), "spreadsheets": page("/reviews/{slug}/sheets/"),
        "report": page("/reviews/{slug}/report/"), "report, for the public": page("/reviews/{slug}/report/?for=public"),
        "capacity, three results": page("/capacity/"),
        "an answer saved": lambda: save("1"), "an answer that meets another": lambda: save("9"),
        "a rater’s spreadsheet, as a file": page("/reviews/{slug}/sheets/{member}.xlsx"),
    }  # fmt: skip
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for _round in range(rounds):
        for name, get in asked.items():
            began = time.process_time()
            answer = get()
            taken[name].append(1000 * (time.process_time() - began))
            if answer.status_code != OK:
                raise SystemExit(f"{name} answered {answer.status_code}")
    return {name: median(times) for name, times in taken.items()}


if __name__ == "__main__":
    home_, numbers = Path(sys.argv[1]), [int(one) for one in sys.argv[3:]]
    print(json.dumps(fill(home_, *numbers) if sys.argv[2] == "fill" else ask(home_, *numbers)))
