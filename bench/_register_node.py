"""Fills a register with records made up for measuring, asks for its pages, and prints what that took as JSON."""

import json
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - after Django is set up, as the next
from django.test import Client  # noqa: E402 - as above

from comity.acts import catalogues, example_state, moments, nodes, standings  # noqa: E402 - as above
from comity.models import Action, Instrument, Party, Source, Spell, Terms  # noqa: E402 - as above
from comity.policy.participation import Bond, InstrumentKind  # noqa: E402 - as above

SEED, YEARS, STEPS = 20261123, 20, 4
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
    return {"seconds": time.perf_counter() - began, "actions": Action.objects.count(),
            "spells": Spell.objects.count()}  # fmt: skip


def _done(chance: random.Random, codes: list[str], step: int) -> Iterator[tuple[str, str, date]]:
    """Have a quarter of the states take the instrument up in each step, and some of the earlier ones leave."""
    quarter = len(codes) // STEPS
    first = FIRST + timedelta(days=365 * step * YEARS // STEPS)
    for code in codes[step * quarter:(step + 1) * quarter]:
        signed = first + timedelta(days=chance.randrange(900))
        yield code, "signature", signed
        yield code, "ratification", signed + timedelta(days=chance.randrange(1, 900))
    for code in codes[:step * quarter:17]:
        yield code, "denunciation", first + timedelta(days=chance.randrange(900))


def ask(home: Path, rounds: int, instruments: int) -> dict[str, float]:
    """Ask for each page on days and as known on days drawn at random; give the median milliseconds of each."""
    nodes.open_node(home)
    chance, client = random.Random(SEED), Client()
    client.force_login(User.objects.get(username="officer"))
    pages = {"the world, what is shared": "/world/", "the world, one instrument": "/world/?instrument=bench-{number}",
             "instruments": "/instruments/", "one instrument": "/instruments/bench-{number}/",
             "one party": "/parties/{code}/", "norms in practice": "/practice/",
             "one norm set in practice": "/practice/un-norms/", "the survey": "/practice/survey/"}  # fmt: skip
    codes = list(Party.objects.filter(kind="state").values_list("code", flat=True))
    client.get("/world/shapes.svg")
    taken: dict[str, list[float]] = {name: [] for name in pages}
    for _round in range(rounds):
        for name, address in pages.items():
            on = FIRST + timedelta(days=chance.randrange(365 * YEARS))
            known = date(2011 + chance.randrange(15), 12, 31) if _round % 2 else ""
            told = address.format(number=chance.randrange(instruments), code=chance.choice(codes))
            asked = f"{told}{'&' if '?' in told else '?'}on={on}&known={known}"
            began = time.perf_counter()
            answer = client.get(asked)
            taken[name].append(1000 * (time.perf_counter() - began))
            if answer.status_code != 200:  # noqa: PLR2004 - the code for a page
                raise SystemExit(f"{asked} answered {answer.status_code}")
    return {name: median(times) for name, times in taken.items()}


if __name__ == "__main__":
    home_ = Path(sys.argv[1])
    match sys.argv[2]:
        case "make":
            make(home_)
        case "fill":
            print(json.dumps(fill(home_, int(sys.argv[3]), int(sys.argv[4]))))
        case _:
            print(json.dumps(ask(home_, int(sys.argv[3]), int(sys.argv[4]))))
