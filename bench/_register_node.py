"""Fills a register with records made up for measuring, asks for its pages, and prints what that took as JSON."""

import json
import random
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - after Django is set up, as the next
from django.test import Client  # noqa: E402 - as above

from comity.acts import catalogues, example_state, moments, nodes, standings, undertakings  # noqa: E402 - as above
from comity.acts.undertakings import Noted  # noqa: E402 - as above
from comity.models import (  # noqa: E402 - as above
    Action,
    Instrument,
    Party,
    Source,
    Spell,
    Terms,
    Undertaking,
    UndertakingEntry,
)  # fmt: skip
from comity.policy.participation import Bond, InstrumentKind  # noqa: E402 - as above
from comity.policy.undertaking_words import EntryKind  # noqa: E402 - as above

SEED, YEARS, STEPS, UNDERTAKINGS = 20261123, 20, 4, 500
CHANGED = "the calendar, right after a change"
ADDING = "a million additions"
FIRST = date(2006, 11, 23)
LAST = FIRST + timedelta(days=365 * YEARS)
TERMS = {"needed": "40", "entry": "90 days", "each": "30 days", "leaving": "1 year"}


def make(home: Path) -> None:
    """Make the example node, with the shipped catalogues."""
    nodes.open_node(home)
    example_state.make(datetime.now(UTC))
    catalogues.refresh(home, datetime.now(UTC))


def fill(home: Path, instruments: int, states: int) -> dict[str, float]:
    """Record *instruments* treaties with what *states* did with them over twenty years, learnt in a few steps."""
    nodes.open_node(home)
    chance = random.Random(SEED)
    source = Source.objects.create(title="Made up for measuring", read_on=LAST)
    codes = ["BS", *[code for code in Party.objects.filter(kind="state").values_list("code", flat=True)
                     if code != "BS"]][:states]  # fmt: skip
    made = [Instrument(slug=f"bench-{number}", kind=InstrumentKind.CONVENTION.value, bond=Bond.TREATY.value,
                       title=f"Convention {number} on what is measured", recorded_at=0)
            for number in range(instruments)]  # fmt: skip
    Instrument.objects.bulk_create(made)
    began = time.perf_counter()
    told = {"status": "confirmed", "source": source, "recorded_by": "bench"}
    Terms.objects.bulk_create(Terms(instrument=one, body=TERMS, recorded_at=1, sequence=0, **told) for one in made)
    for step in range(STEPS):
        at = moments.micros(datetime(2006 + (step + 1) * YEARS // STEPS, 12, 31, tzinfo=UTC))
        rows = [Action(instrument=one, bond=one.bond, party_id=code, kind=kind, effective_on=day, recorded_at=at,
                       sequence=step, **told)
                for one in made for code, kind, day in _done(chance, codes, step)]  # fmt: skip
        Action.objects.bulk_create(rows, batch_size=5_000)
        standings.renew(made, at)
    taken = time.perf_counter() - began
    _undertake(chance, made, source, told)
    return {"seconds": taken, "actions": Action.objects.count(), "spells": Spell.objects.count()}


def _undertake(chance: random.Random, made: list[Instrument], source: Source, told: dict[str, object]) -> None:
    """Have signature of each treaty close on some day, and five hundred things fall due again and again for years."""
    closing = {"party": None, "kind": "close of signature", "bond": Bond.TREATY.value, "sequence": 0, "recorded_at": 1}
    Action.objects.bulk_create(
        Action(instrument=one, effective_on=FIRST + timedelta(days=chance.randrange(365 * YEARS)), **closing, **told)
        for one in made
    )
    rows = Undertaking.objects.bulk_create(_promise(chance, number, source) for number in range(UNDERTAKINGS))
    UndertakingEntry.objects.bulk_create(
        UndertakingEntry(key=str(row.uid), kind=EntryKind.DONE.value, number=number + 1, says="", source="bench",
                         effective_on=FIRST + timedelta(days=1100 + 30 * number), recorded_at=2, recorded_by="bench",
                         sequence=2)
        for row in rows for number in range(chance.randrange(8))
    )  # fmt: skip


def _promise(chance: random.Random, number: int, source: Source) -> Undertaking:
    rule = f"every {chance.choice((3, 6, 12, 24))} months from {FIRST + timedelta(days=chance.randrange(900))}"
    return Undertaking(uid=uuid.UUID(int=chance.getrandbits(128)), origin="pledge", by_id="BS", rule=rule, sequence=1,
                       what=f"Thing {number} to do", zone="America/Nassau", since=LAST - timedelta(days=730),
                       source=source, status="confirmed", recorded_at=1, recorded_by="bench")  # fmt: skip


def _done(chance: random.Random, codes: list[str], step: int) -> Iterator[tuple[str, str, date]]:
    """Have a quarter of the states take the instrument up in each step, and some of the earlier ones leave."""
    quarter = len(codes) // STEPS
    first = FIRST + timedelta(days=365 * step * YEARS // STEPS)
    for code in codes[step * quarter : (step + 1) * quarter]:
        signed = first + timedelta(days=chance.randrange(900))
        yield code, "signature", signed
        yield code, "ratification", signed + timedelta(days=chance.randrange(1, 900))
    for code in codes[: step * quarter : 17]:
        yield code, "denunciation", first + timedelta(days=chance.randrange(900))


def ask(home: Path, rounds: int, instruments: int) -> dict[str, float]:
    """Ask for each page on days, and as known on days, drawn at random; give each median in processor milliseconds."""
    nodes.open_node(home)
    chance, client = random.Random(SEED), Client()
    client.force_login(User.objects.get(username="officer"))
    pages = {"the world, what is shared": "/world/", "the world, one instrument": "/world/?instrument=bench-{number}",
             "instruments": "/instruments/", "one instrument": "/instruments/bench-{number}/",
             "one party": "/parties/{code}/", "norms in practice": "/practice/",
             "one norm set in practice": "/practice/un-norms/", "the survey": "/practice/survey/",
             "the calendar": "/calendar/?month={month}", CHANGED: "/calendar/?month={month}",
             "what is due": "/undertakings/?"}  # fmt: skip
    keys = [str(uid) for uid in Undertaking.objects.values_list("uid", flat=True)]
    codes = list(Party.objects.filter(kind="state").values_list("code", flat=True))
    client.get("/world/shapes.svg")
    taken: dict[str, list[float]] = {name: [] for name in pages}
    for _round in range(rounds):
        for name, address in pages.items():
            on = FIRST + timedelta(days=chance.randrange(365 * YEARS))
            known = date(2011 + chance.randrange(15), 12, 31) if _round % 2 else ""
            told = address.format(number=chance.randrange(instruments), code=chance.choice(codes), month=f"{on:%Y-%m}")
            asked = f"{told}{'&' if '?' in told else '?'}on={on}&known={known}"
            if name == CHANGED:
                noted = Noted(EntryKind.EVIDENCE, LAST, f"seen in round {_round}", number=1)
                undertakings.note(chance.choice(keys), noted, "bench", datetime.now(UTC))
            began = time.process_time()
            answer = client.get(asked)
            taken[name].append(1000 * (time.process_time() - began))
            if answer.status_code != 200:  # noqa: PLR2004 - the code for a page
                raise SystemExit(f"{asked} answered {answer.status_code}")
    return {name: median(times) for name, times in taken.items()} | {ADDING: median(_adding() for _ in range(9))}


def _adding() -> float:
    """Give the milliseconds of processor that a million additions take: a page is as slow as the machine is."""
    began = time.process_time()
    sum(number for number in range(1_000_000))
    return 1000 * (time.process_time() - began)


if __name__ == "__main__":
    home_ = Path(sys.argv[1])
    match sys.argv[2]:
        case "make":
            make(home_)
        case "fill":
            print(json.dumps(fill(home_, int(sys.argv[3]), int(sys.argv[4]))))
        case _:
            print(json.dumps(ask(home_, int(sys.argv[3]), int(sys.argv[4]))))
